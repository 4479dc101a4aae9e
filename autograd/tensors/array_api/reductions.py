"""The standard's statistical and searching functions."""

from __future__ import annotations

from typing import Any

import autograd
from autograd.arrays import dtypes


def _axes(x: Any, axis: Any) -> Any:
    return tuple(range(x.ndim)) if axis is None else axis


def _summed(x: Any, dtype: Any) -> Any:
    """Unsigned integers add up in the widest of their kind; the rest is as in PyTorch."""
    if dtype is None and dtypes.unsigned(x._data.dtype):
        return autograd.uint64
    return dtype


def sum(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The sum along axes."""
    axes = _axes(x, axis)
    if axes == ():
        dtype = _summed(x, dtype)
        if dtype is None and (dtypes.boolean(x._data.dtype) or dtypes.integral(x._data.dtype)):
            dtype = autograd.int64
        return x.clone() if dtype is None else x.to(dtype, copy=True)
    return autograd.sum(x, axes, keepdims, dtype=_summed(x, dtype))


def prod(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """The product along axes."""
    dtype = _summed(x, dtype)
    if axis is None:
        found = autograd.prod(x, dtype=dtype)
        return found.reshape((1,) * x.ndim) if keepdims else found
    for one in sorted([a % x.ndim for a in ((axis,) if isinstance(axis, int) else axis)])[::-1]:
        x = autograd.prod(x, one, keepdims, dtype=dtype)
    return x


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean along axes."""
    axes = _axes(x, axis)
    return x.clone() if axes == () else autograd.mean(x, axes, keepdims)


def var(x: Any, /, *, axis: Any = None, correction: Any = 0.0, keepdims: bool = False) -> Any:
    """The variance along axes."""
    return autograd.var(x, _axes(x, axis), correction=correction, keepdim=keepdims)


def std(x: Any, /, *, axis: Any = None, correction: Any = 0.0, keepdims: bool = False) -> Any:
    """The standard deviation along axes."""
    return autograd.std(x, _axes(x, axis), correction=correction, keepdim=keepdims)


def max(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The greatest value along axes."""
    return autograd.amax(x, _axes(x, axis), keepdims)


def min(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The least value along axes."""
    return autograd.amin(x, _axes(x, axis), keepdims)


def all(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether all hold along axes."""
    return autograd.all(x.to(autograd.bool), _axes(x, axis), keepdims)


def any(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether one holds along axes."""
    return autograd.any(x.to(autograd.bool), _axes(x, axis), keepdims)


def argmax(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The place of the greatest value."""
    return autograd.argmax(x, axis, keepdims)


def argmin(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The place of the least value."""
    return autograd.argmin(x, axis, keepdims)


def count_nonzero(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """How many are not zero along axes."""
    return sum((x != 0).to(autograd.int64), axis=axis, keepdims=keepdims)


def _running(name: str, start: int) -> Any:
    function = getattr(autograd, name)

    def call(
        x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: bool = False
    ) -> Any:
        axis = 0 if axis is None and x.ndim == 1 else axis
        found = function(x, axis, dtype=_summed(x, dtype))
        if not include_initial:
            return found
        shape = list(found.shape)
        shape[axis] = 1
        return autograd.cat([autograd.full(tuple(shape), start, dtype=found.dtype), found], axis)

    call.__doc__ = f"autograd.{name} along an axis, from the start of it where it is asked for."
    return call


cumulative_sum = _running("cumsum", 0)
cumulative_prod = _running("cumprod", 1)

STANDARD = (
    "all any argmax argmin count_nonzero cumulative_prod cumulative_sum max mean min "
    "prod std sum var "
).split()
