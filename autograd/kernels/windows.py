"""Diagonals and windows: looked at, and what was there put back."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel, room


@kernel
def diagonal(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    """The diagonals as a view, in a last axis, that can be written to (np.diagonal's cannot).

    >>> diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]), offset=0, axis1=0, axis2=1)
    array([1., 4.])
    """
    axis1, axis2 = axis1 % x.ndim, axis2 % x.ndim
    rest = [axis for axis in range(x.ndim) if axis != axis1 and axis != axis2]
    x = np.transpose(x, (*rest, axis1, axis2))[..., max(-offset, 0) :, max(offset, 0) :]
    n = min(x.shape[-2:])
    return np.einsum("...ii->...i", x[..., :n, :n])


@kernel
def on_diagonal(d: Any, *, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of ``shape`` with ``d`` on the diagonals: the adjoint of :func:`diagonal`.

    >>> on_diagonal(np.array([1.0, 4.0]), shape=(2, 2), offset=0, axis1=0, axis2=1)
    array([[1., 0.],
           [0., 4.]])
    """
    out = room(shape, d.dtype, d)
    diagonal(out, offset=offset, axis1=axis1, axis2=axis2)[...] = d
    return out


@kernel
def windows(x: Any, *, axis: int, size: int, step: int) -> Any:
    """A view of the windows along an axis, each ``step`` after the one before, in a last axis.

    >>> windows(np.array([1.0, 2.0, 3.0]), axis=0, size=2, step=1)
    array([[1., 2.],
           [2., 3.]])
    """
    every = np.lib.stride_tricks.sliding_window_view(x, size, axis)
    return every[(ALL,) * axis + (slice(None, None, step),)]


@kernel
def folded(x: Any, *, n: int, axis: int, size: int, step: int) -> Any:
    """Windows added back to the ``n`` places they look at: the adjoint of :func:`windows`.

    >>> folded(np.ones((2, 2)), n=3, axis=0, size=2, step=1)
    array([1., 2., 1.])
    """
    out = room((*x.shape[:axis], n, *x.shape[axis + 1 : -1]), x.dtype, x)
    last = (x.shape[axis] - 1) * step + 1
    for i in range(size):
        out[(ALL,) * axis + (slice(i, i + last, step),)] += x[..., i]
    return out
