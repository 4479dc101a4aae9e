"""Activations: the nonlinear steps between layers."""

from nn.functional.activation.elu import *
from nn.functional.activation.gelu import *
from nn.functional.activation.hardtanh import *
from nn.functional.activation.relu import *
from nn.functional.activation.rrelu import *
from nn.functional.activation.shrink import *
from nn.functional.activation.sigmoid import *
