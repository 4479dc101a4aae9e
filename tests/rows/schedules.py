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
    closed: bool = True  # step(epoch) goes there from anywhere

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
    Row(
        lr_scheduler.MultiplicativeLR,
        {"lr_lambda": lambda t: 1 - 0.05 * t},
        lambda t: np.prod([1 - 0.05 * i for i in range(1, t + 1)]),
        goes_on=True,
        closed=False,
    ),
    Row(
        lr_scheduler.ConstantLR,
        {"factor": 0.25, "total_iters": 3},
        lambda t: 0.25 if t < 3 else 1.0,
    ),
    Row(
        lr_scheduler.LinearLR,
        {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 4},
        lambda t: 0.25 + 0.125 * min(t, 4),
        goes_on=True,
    ),
    Row(
        lr_scheduler.PolynomialLR,
        {"total_iters": 8, "power": 2.0},
        lambda t: (1 - min(t, 8) / 8) ** 2,
        goes_on=True,
    ),
    Row(
        lr_scheduler.CosineAnnealingWarmRestarts,
        {"T_0": 2, "T_mult": 2},
        lambda t: (
            (1 + np.cos(np.pi * (t / 2 if t < 2 else (t - 2) / 4 if t < 6 else (t - 6) / 8))) / 2
        ),
    ),
]


# -- of phases, of measures, of other schedules ----------------------------------------------------


@dataclass
class Scenario:
    """A schedule of phases: how it is built from either library's names, and stepped."""

    name: str
    make: Callable[[Any, Any], Any]  # of an optimiser and the module of schedules
    rule: str = "SGD"
    arguments: Callable[[int], tuple[Any, ...]] = lambda t: ()

    def __str__(self) -> str:
        return f"{self.name}-{self.rule}"


def warm_up(optimizer, of):
    return of.SequentialLR(
        optimizer, [of.ConstantLR(optimizer, 0.1, 2), of.ExponentialLR(optimizer, 0.9)], [2]
    )


def measure(t):
    return (3.0 + np.sin(t) + 1 / (1 + t),)


ONE_CYCLE = {"max_lr": [3.0, 5.0], "total_steps": 16}
CYCLE = {"base_lr": 0.1, "max_lr": [2.0, 3.0], "step_size_up": 3}
SCENARIOS = [
    *[
        Scenario("OneCycleLR", lambda o, of, kw=kw: of.OneCycleLR(o, **ONE_CYCLE, **kw), rule)
        for rule in ("SGD", "Adam")
        for kw in (
            {},
            {"three_phase": True, "max_momentum": [0.9, 0.8]},
            {"anneal_strategy": "linear", "pct_start": 0.5, "div_factor": 5.0},
            {"cycle_momentum": False, "final_div_factor": 7.0},
        )
    ],
    *[
        Scenario("CyclicLR", lambda o, of, kw=kw: of.CyclicLR(o, **CYCLE, **kw), rule)
        for rule in ("SGD", "Adam")
        for kw in (
            {},
            {"mode": "triangular2", "step_size_down": 2},
            {"mode": "exp_range", "gamma": 0.9},
            {"scale_fn": lambda x: 0.5**x, "scale_mode": "iterations", "cycle_momentum": False},
        )
    ],
    *[
        Scenario(
            "ReduceLROnPlateau",
            lambda o, of, kw=kw: of.ReduceLROnPlateau(o, **kw),
            arguments=measure,
        )
        for kw in (
            {"patience": 2},
            {"mode": "max", "patience": 1, "cooldown": 2},
            {"patience": 0, "threshold_mode": "abs", "threshold": 0.1, "min_lr": [0.01, 0.1]},
            {"mode": "max", "threshold_mode": "abs", "patience": 1, "eps": 0.1},
        )
    ],
    Scenario("SequentialLR", warm_up),
    Scenario(
        "SequentialLR",
        lambda o, of: of.SequentialLR(
            o,
            [of.LinearLR(o, 0.1, 1.0, 4), of.CosineAnnealingWarmRestarts(o, 3), of.StepLR(o, 2)],
            milestones=[4, 10],
        ),
    ),
    Scenario(
        "SequentialLR",
        lambda o, of: of.SequentialLR(o, [warm_up(o, of), of.PolynomialLR(o, 5)], [8]),
    ),
    Scenario(
        "ChainedScheduler",
        lambda o, of: of.ChainedScheduler([of.ConstantLR(o, 0.1, 2), of.ExponentialLR(o, 0.9)], o),
    ),
    Scenario(
        "CosineAnnealingWarmRestarts",
        lambda o, of: of.CosineAnnealingWarmRestarts(o, 3, 2, 0.05),
        arguments=lambda t: (1.3 * t,),
    ),
]
