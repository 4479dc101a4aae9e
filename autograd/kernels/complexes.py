"""Complex numbers in memory: pairs of real ones, seen as they lie or put together."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel


def _plain_joined(x: Any, y: Any) -> Any:
    return x + y * 1j


@kernel(plain=_plain_joined)
def joined(x: Any, y: Any) -> Any:
    """x + iy, broadcast, of real arrays of one dtype; infinities and NaN stay in their part.

    >>> joined(np.array([1.0, np.inf]), np.float64(2))
    array([ 1.+2.j, inf+2.j])
    """
    room = np.empty((*np.broadcast_shapes(np.shape(x), np.shape(y)), 2), x.dtype)
    room[..., 0] = x
    room[..., 1] = y
    return of_pairs(room)[()]


def _plain_pairs(z: Any) -> Any:
    parts = np.expand_dims(np.real(z), -1), np.expand_dims(np.imag(z), -1)
    return np.concatenate(parts, -1)


@kernel(plain=_plain_pairs)
def pairs(z: Any) -> Any:
    """Complex numbers as real ones, the parts along a new last axis: a view.

    >>> pairs(np.array([1 + 2j, 3j]))
    array([[1., 2.],
           [0., 3.]])
    """
    return np.asarray(z)[..., None].view(np.real(z).dtype)


def _plain_of_pairs(x: Any) -> Any:
    return _plain_joined(x[..., 0], x[..., 1])


@kernel(plain=_plain_of_pairs)
def of_pairs(x: Any) -> Any:
    """Pairs along the last axis as complex numbers: a view where each pair lies side by side.

    >>> of_pairs(np.array([[1.0, 2.0], [0.0, 3.0]]))
    array([1.+2.j, 0.+3.j])
    """
    if x.strides[-1] != x.dtype.itemsize:
        x = np.copy(x, order="C")
    return x.view(np.result_type(x.dtype, np.complex64))[..., 0]
