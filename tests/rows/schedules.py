"""Schedules: the options that each is tested with, and its formula: a factor of the first rate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from optim import lr_scheduler


@dataclass
class Row:
    """One schedule with one set of options."""

    schedule: type
    options: dict[str, Any]
    factor: Callable[[int], float]
    goes_on: bool = False  # built with last_epoch, it finds the rate as it is to be

    def __str__(self) -> str:
        return self.schedule.__name__


ROWS = [
    Row(lr_scheduler.StepLR, {"step_size": 3, "gamma": 0.5}, lambda t: 0.5 ** (t // 3)),
    Row(
        lr_scheduler.MultiStepLR,
        {"milestones": [2, 5, 5], "gamma": 0.5},
        lambda t: 0.5 ** ((t >= 2) + 2 * (t >= 5)),
    ),
    Row(lr_scheduler.ExponentialLR, {"gamma": 0.9}, lambda t: 0.9**t, goes_on=True),
    Row(lr_scheduler.LambdaLR, {"lr_lambda": lambda t: 1 / (1 + t)}, lambda t: 1 / (1 + t)),
    Row(
        lr_scheduler.CosineAnnealingLR,
        {"T_max": 4, "eta_min": 0.0},
        lambda t: (1 + np.cos(np.pi * t / 4)) / 2,
        goes_on=True,
    ),
]
