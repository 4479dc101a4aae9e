"""Losses: how far predictions are from targets, as one number."""

from nn.functional.loss.classification import *
from nn.functional.loss.ctc import *
from nn.functional.loss.divergence import *
from nn.functional.loss.margin import *
from nn.functional.loss.ranking import *
from nn.functional.loss.reduction import *
from nn.functional.loss.regression import *
