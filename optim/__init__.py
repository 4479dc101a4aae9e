"""Optimisers, in the names of ``torch.optim``."""

from optim import lr_scheduler as lr_scheduler
from optim.adagrad import Adagrad as Adagrad
from optim.adam import Adam as Adam
from optim.adamw import AdamW as AdamW
from optim.optimizer import Optimizer as Optimizer
from optim.rmsprop import RMSprop as RMSprop
from optim.sgd import SGD as SGD

__all__ = ["Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "SGD", "lr_scheduler"]
