"""Loss layers: each is its function in :mod:`nn.functional`, with the options kept."""

from nn.modules.loss.base import _Loss as _Loss, _WeightedLoss as _WeightedLoss
from nn.modules.loss.classification import *
from nn.modules.loss.ctc import *
from nn.modules.loss.divergence import *
from nn.modules.loss.margin import *
from nn.modules.loss.ranking import *
from nn.modules.loss.regression import *
