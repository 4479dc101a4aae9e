"""Optimisers, in the names of ``torch.optim``."""

import typing as _typing

import autograd as _autograd

if not hasattr(_autograd, "Tensor"):
    raise ImportError(
        "optim: gradloom's autograd is needed; another package of that name (HIPS's) was installed "
        "over it. Run: pip uninstall -y autograd gradloom && pip install gradloom"
    )

from optim import lr_scheduler as lr_scheduler
from optim.adagrad import Adagrad as Adagrad
from optim.adam import Adam as Adam
from optim.adamw import AdamW as AdamW
from optim.optimizer import Optimizer as Optimizer
from optim.rmsprop import RMSprop as RMSprop
from optim.sgd import SGD as SGD

__all__ = ["Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "SGD", "lr_scheduler"]


if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)
