"""Running totals, done well.

NumPy adds one by one. Here each total is kept in a wider dtype, and rounded once, at the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.recurrence import running
from autograd.kernels.sums import FEW, wider


def _running_sum(x: Any, *, axis: int, dtype: Any = None) -> Any:
    return np.cumsum(x, axis=axis, dtype=dtype)


@kernel(plain=_running_sum)
def running_sum(x: Any, *, axis: int, dtype: Any = None) -> Any:
    """np.add.accumulate, whose results are right however many terms they have.

    >>> bool(abs(running_sum(np.full(10**6, 0.1, np.float32), axis=0)[-1] - 1e5) < 0.1)
    True
    """
    return _running(np.add, x, axis, dtype)


def _running_product(x: Any, *, axis: int, dtype: Any = None) -> Any:
    return np.cumprod(x, axis=axis, dtype=dtype)


@kernel(plain=_running_product)
def running_product(x: Any, *, axis: int, dtype: Any = None) -> Any:
    """np.multiply.accumulate; one product beyond the dtype does not spoil those after it.

    >>> with np.errstate(over="ignore"):
    ...     running_product(np.array([1e30, 1e30, 1e-30], np.float32), axis=0)
    array([1.e+30,    inf, 1.e+30], dtype=float32)
    """
    kept = x.dtype if dtype is None else np.dtype(dtype)
    if wider(kept) == kept:
        return np.multiply.accumulate(x, axis, kept)
    wide = x.astype(wider(kept))
    return np.multiply.accumulate(wide, axis, None, wide).astype(kept)


def _running_logarithm(x: Any, *, axis: int) -> Any:
    return running(x, ufunc=np.logaddexp, axis=axis)


@kernel(plain=_running_logarithm)
def running_logarithm(x: Any, *, axis: int) -> Any:
    """np.logaddexp.accumulate; in float32, log n + 1 / n is log n again after 10⁶ terms.

    >>> bool(abs(running_logarithm(np.zeros(3 * 10**6, np.float32), axis=0)[-1] - 14.914123) < 1e-5)
    True
    """
    return _running(np.logaddexp, x, axis, None)


def _running(ufunc, x, axis, dtype):
    few, kept = x.shape[axis] <= FEW and x.itemsize > 2, wider(x.dtype)
    if few or kept == x.dtype or dtype not in (None, x.dtype):
        return ufunc.accumulate(x, axis, dtype)
    wide = x.astype(kept)
    return ufunc.accumulate(wide, axis, None, wide).astype(x.dtype)
