"""How the losses of elements become one number."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from autograd.arrays.arguments import not_a_flag
from autograd.arrays.remedies import one_shape
from autograd.engine.places import ShapeError

__all__ = ["reduction_of"]

REDUCTIONS = ("mean", "sum", "none")


def reduced(losses: Any, reduction: str) -> Any:
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def reduction_of(
    call: str, reduction: str, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """The reduction, checked; the two old arguments win where they are given.

    >>> reduction_of("mse_loss", "mean"), reduction_of("mse_loss", "mean", size_average=False)
    ('mean', 'sum')
    """
    if size_average is not None or reduce is not None:
        for name, value in (("size_average", size_average), ("reduce", reduce)):
            if hasattr(value, "shape"):
                raise not_a_flag(call, name, value)
            if isinstance(value, str):
                raise TypeError(
                    f"{call}: {name} must be True or False; got {value!r}. Write "
                    f"reduction={value!r}."
                )
        return "none" if reduce is False else "sum" if size_average is False else "mean"
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"{call}: reduction must be 'mean', 'sum' or 'none'; got {reduction!r}. The default "
            "is 'mean'."
        )
    return reduction


def check_one_shape(call: str, input: Any, target: Any) -> None:
    """Raise ShapeError where targets are not shaped like the predictions.

    (N, 1) against (N) would broadcast to (N, N), and lead each prediction to all targets. One
    number for all is taken, with a warning.
    """
    if input.shape == target.shape:
        return
    x, y = tuple(input.shape), tuple(target.shape)
    if 1 not in (math.prod(x), math.prod(y)):
        raise refusal(call, x, y)
    if math.prod(x) != math.prod(y):
        warnings.warn(
            f"{call}: targets should have the shape of the predictions; got {y} for {x}, so one is "
            "compared with all. Write that out: y.expand_as(x).",
            stacklevel=5,
        )


def check_broadcast(call: str, input: Any, target: Any) -> None:
    """Raise ShapeError where neither argument has the shape that both broadcast to."""
    if input.shape == target.shape:
        return
    x, y = tuple(input.shape), tuple(target.shape)
    try:
        fits = np.broadcast_shapes(x, y) in (x, y)
    except ValueError:
        fits = False
    if not fits:
        raise refusal(call, x, y)


def refusal(call: str, x: tuple[int, ...], y: tuple[int, ...]) -> ShapeError:
    """What to raise of predictions of shape ``x`` and targets of shape ``y``."""
    try:
        fact = f", which would broadcast to {np.broadcast_shapes(x, y)}"
    except ValueError:
        fact = ""
    remedy = one_shape(("input", "target"), (x, y))
    if x[:-1] == y and x[-1] > 1:
        remedy = "Give the model one output for each target; classes go into cross_entropy."
    return ShapeError(
        f"{call}: targets must have the shape of the predictions; got target of shape {y} for "
        f"input of shape {x}{fact}. {remedy}"
    )
