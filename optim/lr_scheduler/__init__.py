"""Rates that change from epoch to epoch.

A scheduler writes ``group["lr"]``; call its ``step()`` after ``optimizer.step()``, once per epoch
(or per batch: it counts its own calls). Formulas multiply the rate they find: schedulers can be
chained, and a rate set by hand is respected.
"""

import typing as _typing

from optim.lr_scheduler.cosine import CosineAnnealingLR as CosineAnnealingLR
from optim.lr_scheduler.scheduler import LRScheduler as LRScheduler
from optim.lr_scheduler.steps import (
    ExponentialLR as ExponentialLR,
    LambdaLR as LambdaLR,
    MultiStepLR as MultiStepLR,
    StepLR as StepLR,
)

__all__ = [
    "CosineAnnealingLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "MultiStepLR",
    "StepLR",
]


if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)
