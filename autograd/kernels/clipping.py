"""The norm of many arrays as of one vector, and arrays made smaller by it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.kernels.sums import dot_product


@kernel
def norm_of_all(*arrays: Any, p: float) -> Any:
    """‖x‖ₚ of all elements of all arrays, in float64.

    >>> norm_of_all(np.array([3.0]), np.array([[4.0]]), p=2)
    np.float64(5.0)
    """
    return np.float64(_norm(np.array([_norm(np.reshape(one, (-1,)), p) for one in arrays]), p))


def _norm(x: Any, p: float) -> float:
    """‖x‖ₚ, summed in float32 or wider; of parts of the largest where powers leave the range."""
    if dtypes.narrow(x.dtype):
        x = x.astype(dtypes.float32)
    if dtypes.complex_valued(x.dtype):
        x = np.absolute(x)
    with np.errstate(over="ignore", under="ignore"):
        norm = _root(x, p)
    largest = float(np.maximum.reduce(np.absolute(x), initial=0))
    if (math.isinf(norm) or norm < 1e-15) and 0 < largest < math.inf and p != 0:
        norm = largest * _root(x / x.dtype.type(largest), p)
    return norm


def _root(x: Any, p: float) -> float:
    return math.sqrt(dot_product(x, x)) if p == 2 else float(np.linalg.norm(x, p))


@kernel
def scale_down(array: Any, norm: Any, *, limit: float) -> None:
    """Multiply ``array`` in place by limit / (norm + 10⁻⁶), where that is less than 1, or NaN.

    >>> g = np.array([3.0, 4.0])
    >>> scale_down(g, np.float64(5.0), limit=1.0)
    >>> g.round(3)
    array([0.6, 0.8])
    """
    factor = limit / (float(norm) + 1e-6)
    if factor >= 1:
        return
    with np.errstate(invalid="ignore"):  # what is infinite, times 0, is NaN: the norm says so
        if dtypes.narrow(array.dtype):  # which has no such small factors
            array[...] = array * np.float32(factor)
        else:
            array *= factor
