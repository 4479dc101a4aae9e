"""Pooling: one number for each window, its greatest or its mean, and the way back."""

from nn.functional.pooling.adaptive import *
from nn.functional.pooling.average import *
from nn.functional.pooling.fractional import *
from nn.functional.pooling.max import *
