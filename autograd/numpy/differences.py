"""Differences of neighbours, and slopes made of them: of traced values, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.dispatch import numpys
from autograd.numpy.functions import array
from autograd.numpy.table import entered, plain

_diff = numpys[np.diff]


@entered(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Differences of neighbours along an axis, at whose ends a number or an array may be added."""
    a = array(a)
    ends = [None if one is None else _spread(one, a.shape, axis) for one in (prepend, append)]
    parts = [one for one in (ends[0], a, ends[1]) if one is not None]
    return _diff(np.concatenate(parts, axis) if len(parts) > 1 else a, n, axis)


def _spread(end: Any, shape: Any, axis: int) -> Any:
    """A number as long as an array's other axes."""
    end, (axis,) = array(end), normalize_axis_tuple(axis, len(shape))
    return end if end.ndim else np.broadcast_to(end, (*shape[:axis], 1, *shape[axis + 1 :]))


@entered(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Slopes by central differences inside, by one-sided ones at the ends.

    ``varargs`` are the steps, one for all axes or one each, or the places of the values.
    """
    f = array(f)
    axes = range(f.ndim) if axis is None else normalize_axis_tuple(axis, f.ndim)
    steps = [array(one) for one in varargs] or [1.0]
    if len(steps) == 1 and not np.ndim(plain(steps[0])):
        steps = steps * len(axes)
    if len(steps) != len(axes):
        raise TypeError(
            f"gradient: steps must be one, or one for each of {len(axes)} axes; got {len(steps)}. "
            "Leave some out."
        )
    if min([f.shape[i] for i in axes]) <= edge_order:
        raise ValueError(
            f"gradient: edge_order={edge_order} needs more than {edge_order} values along an axis; "
            f"got shape {f.shape}. Lower it."
        )
    found = []
    for one, h in zip(axes, steps):
        x = np.moveaxis(f, one, 0)
        slopes = _even if not np.ndim(plain(h)) else _uneven
        h = h if slopes is _even else np.reshape(np.diff(h), (-1, *[1] * (x.ndim - 1)))
        found.append(np.moveaxis(np.concatenate(slopes(x, h, edge_order == 2)), 0, one))
    return found[0] if len(found) == 1 else tuple(found)


def _even(x: Any, h: Any, second: bool) -> list[Any]:
    """The slope at the first value, at those inside, and at the last."""
    if second:
        first = -1.5 * x[:1] + 2 * x[1:2] - 0.5 * x[2:3]
        last = 1.5 * x[-1:] - 2 * x[-2:-1] + 0.5 * x[-3:-2]
    else:
        first, last = x[1:2] - x[:1], x[-1:] - x[-2:-1]
    return [first / h, (x[2:] - x[:-2]) / (2 * h), last / h]


def _uneven(x: Any, h: Any, second: bool) -> list[Any]:
    """:func:`_even` where each step ``h`` is another: parabolas through three values."""
    d = (x[1:] - x[:-1]) / h
    low, high = h[:-1], h[1:]
    inside = (d[:-1] * high + d[1:] * low) / (low + high)
    if not second:
        return [d[:1], inside, d[-1:]]
    bend = (d[1:] - d[:-1]) / (low + high)
    return [d[:1] - h[:1] * bend[:1], inside, d[-1:] + h[-1:] * bend[-1:]]
