"""The standard's statistical and searching functions."""

from __future__ import annotations

from typing import Any

import autograd
from autograd.arrays import dtypes


def _over(x: Any, axis: Any, keepdims: bool = False) -> Any:
    """The arguments of a reduction: axis None is all axes, and () a new one of length 1."""
    axes = tuple(range(x.ndim)) if axis is None else axis
    return (x[..., None], (-1,), False) if axes == () else (x, axes, keepdims)


def _summed(x: Any, dtype: Any) -> Any:
    """Unsigned integers add up in the widest of their kind; the rest is as in PyTorch."""
    if dtype is None and dtypes.unsigned(x._data.dtype):
        return autograd.uint64
    return dtype


def sum(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The sum along axes."""
    return autograd.sum(*_over(x, axis, keepdims), dtype=_summed(x, dtype))


def prod(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """The product along axes."""
    dtype = _summed(x, dtype)
    x, axes, keepdims = _over(x, axis, keepdims)
    for one in sorted([a % x.ndim for a in ((axes,) if isinstance(axes, int) else axes)])[::-1]:
        x = autograd.prod(x, one, keepdims, dtype=dtype)
    return x


def mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean along axes."""
    return autograd.mean(*_over(x, axis, keepdims))


def _free(found: Any) -> Any:
    """A result that its node keeps, in other memory: libraries write into what they reduced."""
    return found.clone() if found._edge is not None else found


def var(x: Any, /, *, axis: Any = None, correction: Any = 0.0, keepdims: bool = False) -> Any:
    """The variance along axes."""
    x, axes, keepdims = _over(x, axis, keepdims)
    return autograd.var(x, axes, correction=correction, keepdim=keepdims)


def std(x: Any, /, *, axis: Any = None, correction: Any = 0.0, keepdims: bool = False) -> Any:
    """The standard deviation along axes."""
    x, axes, keepdims = _over(x, axis, keepdims)
    return _free(autograd.std(x, axes, correction=correction, keepdim=keepdims))


def max(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The greatest value along axes."""
    return _free(autograd.amax(*_over(x, axis, keepdims)))


def min(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The least value along axes."""
    return _free(autograd.amin(*_over(x, axis, keepdims)))


def all(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether all hold along axes."""
    return autograd.all(*_over(x.to(autograd.bool), axis, keepdims))


def any(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether one holds along axes."""
    return autograd.any(*_over(x.to(autograd.bool), axis, keepdims))


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
