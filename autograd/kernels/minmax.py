"""The larger, and the smaller, of an array's elements and a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import handed_over, kernel

ROW = 1024
PAYS = 32 * ROW  # elements from which on rows are faster

_Array = np.ndarray


def _by_rows(ufunc: Any, x: Any, number: Any) -> Any:
    """``ufunc(x, number)`` row by row.

    NumPy has vector instructions for two arrays there, but not for an array and a number: over
    10⁶ float32 this takes half the time.
    """
    flat = np.reshape(x, -1)
    whole = x.size - x.size % ROW
    out = np.empty_like(flat)
    row = np.full(ROW, number, x.dtype)
    ufunc(np.reshape(flat[:whole], (-1, ROW)), row, out=np.reshape(out[:whole], (-1, ROW)))
    ufunc(flat[whole:], number, out=out[whole:])
    return np.reshape(out, x.shape)


def _maximum(x: Any, number: Any) -> Any:
    return np.maximum(x, number)


@kernel(plain=_maximum, looks=True)
def maximum_with(x: Any, number: Any) -> Any:
    """max(x, number), a NumPy scalar of x's dtype.

    >>> maximum_with(np.array([-1.0, 2.0]), np.float64(0))
    array([0., 2.])
    """
    if type(x) is not _Array or not isinstance(number, np.generic):
        return handed_over(maximum_with, (x, number), {})
    return _by_rows(np.maximum, x, number) if x.size >= PAYS else np.maximum(x, number)


def _minimum(x: Any, number: Any) -> Any:
    return np.minimum(x, number)


@kernel(plain=_minimum, looks=True)
def minimum_with(x: Any, number: Any) -> Any:
    """min(x, number), a NumPy scalar of x's dtype.

    >>> minimum_with(np.array([-1.0, 2.0]), np.float64(0))
    array([-1.,  0.])
    """
    if type(x) is not _Array or not isinstance(number, np.generic):
        return handed_over(minimum_with, (x, number), {})
    return _by_rows(np.minimum, x, number) if x.size >= PAYS else np.minimum(x, number)
