"""Rates that change from epoch to epoch.

A scheduler writes ``group["lr"]``; call its ``step()`` after ``optimizer.step()``, once per epoch
(or per batch: it counts its own calls). Formulas multiply the rate they find: schedulers can be
chained, and a rate set by hand is respected.
"""

import typing as _typing

from optim.lr_scheduler.compose import (
    ChainedScheduler as ChainedScheduler,
    SequentialLR as SequentialLR,
)
from optim.lr_scheduler.cosine import (
    CosineAnnealingLR as CosineAnnealingLR,
    CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts,
)
from optim.lr_scheduler.cyclic import CyclicLR as CyclicLR, OneCycleLR as OneCycleLR
from optim.lr_scheduler.plateau import ReduceLROnPlateau as ReduceLROnPlateau
from optim.lr_scheduler.scheduler import LRScheduler as LRScheduler
from optim.lr_scheduler.steps import (
    ConstantLR as ConstantLR,
    ExponentialLR as ExponentialLR,
    LambdaLR as LambdaLR,
    LinearLR as LinearLR,
    MultiplicativeLR as MultiplicativeLR,
    MultiStepLR as MultiStepLR,
    PolynomialLR as PolynomialLR,
    StepLR as StepLR,
)

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]


class _LRScheduler(LRScheduler):
    """The base's old name, which older schedules of one's own derive from."""


if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)
