"""Numbers between two, evenly spaced or in one ratio: of traced values, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.numpy.functions import array
from autograd.numpy.table import entered, plain


def _without_gradient(function: Any, dtype: Any, *given: Any, **options: Any) -> Any:
    """What NumPy's function gives in a dtype that has no gradients; None for any other."""
    if dtype is None or dtypes.differentiable(np.dtype(dtype)):
        return None
    return function(*plain(given), dtype=dtype, **options)


@entered(np.linspace)
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False,
    dtype: Any = None, axis: int = 0,
) -> Any:  # fmt: skip
    """Evenly spaced numbers between two, that may be arrays."""
    found = _without_gradient(np.linspace, dtype, start, stop, num, endpoint, retstep, axis=axis)
    if found is not None:
        return found
    start, stop = array(start), array(stop)
    spread = np.broadcast_shapes(start.shape, stop.shape)
    t = np.linspace(0, 1, num, endpoint).reshape((-1,) + (1,) * len(spread))
    found = start * (1 - t) + stop * t
    found = array(np.moveaxis(found, 0, axis) if axis else found, dtype)
    return (found, (stop - start) / (num - endpoint or np.nan)) if retstep else found


@entered(np.logspace)
def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0,
    dtype: Any = None, *, axis: int = 0,
) -> Any:  # fmt: skip
    """Powers of ``base`` with even steps between their exponents."""
    found = _without_gradient(np.logspace, dtype, start, stop, num, endpoint, base, axis=axis)
    if found is not None:
        return found
    return array(array(base) ** np.linspace(start, stop, num, endpoint, axis=axis), dtype)


@entered(np.geomspace)
def geomspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    """Numbers with one ratio between neighbours."""
    found = _without_gradient(np.geomspace, dtype, start, stop, num, endpoint, axis=axis)
    if found is not None:
        return found
    start, stop = array(start), array(stop)
    sign = np.sign(plain(start))
    logs = np.linspace(np.log(start * sign), np.log(stop * sign), num, endpoint, axis=axis)
    return array(np.exp(logs) * sign, dtype)
