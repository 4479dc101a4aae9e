"""Optimisers, in the names of ``torch.optim``."""

import typing as _typing

import autograd as _autograd

if not hasattr(_autograd, "Tensor"):
    raise ImportError(
        "optim: gradloom's autograd is needed; another package of that name (HIPS's) was installed "
        "over it. Run: pip uninstall -y autograd gradloom && pip install gradloom"
    )

from autograd.arrays.process import without_collection as _without_collection

with _without_collection():
    from optim.adadelta import Adadelta as Adadelta
    from optim.adafactor import Adafactor as Adafactor
    from optim.adagrad import Adagrad as Adagrad
    from optim.adam import Adam as Adam
    from optim.adamax import Adamax as Adamax
    from optim.adamw import AdamW as AdamW
    from optim.asgd import ASGD as ASGD
    from optim.lbfgs import LBFGS as LBFGS
    from optim.muon import Muon as Muon
    from optim.nadam import NAdam as NAdam
    from optim.optimizer import Optimizer as Optimizer
    from optim.radam import RAdam as RAdam
    from optim.rmsprop import RMSprop as RMSprop
    from optim.rprop import Rprop as Rprop
    from optim.sgd import SGD as SGD
    from optim.sparse_adam import SparseAdam as SparseAdam

__all__ = [
    "ASGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "LBFGS",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SGD",
    "SparseAdam",
    "lr_scheduler",
    "swa_utils",
]


if _typing.TYPE_CHECKING:  # a checker reports what is missing by itself
    from optim import lr_scheduler as lr_scheduler, swa_utils as swa_utils
else:

    def __getattr__(name):
        """The schedules and averages, imported when first asked for; any other name is missing."""
        if name in ("lr_scheduler", "swa_utils"):
            from importlib import import_module

            return import_module(f"optim.{name}")
        from autograd.script.absent import absent

        return absent(__name__, name)
