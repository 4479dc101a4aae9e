"""The standard's elementwise functions: ours, with operands brought to one dtype first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

import autograd
from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase


def one_dtype(*values: Any) -> tuple[Any, ...]:
    """Tensors in the dtype that all promote to by the standard; Python's numbers are weak."""
    kinds = {x._data.dtype for x in values if isinstance(x, TensorBase)}
    if len(kinds) > 1:
        dtype = np.result_type(*kinds)
        return tuple(
            [autograd.asarray(x, dtype=dtype) if isinstance(x, TensorBase) else x for x in values]
        )
    return values


def _pair(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(x1: Any, x2: Any, /) -> Any:
        x1, x2 = one_dtype(x1, x2)
        like: Any = x1 if isinstance(x1, TensorBase) else x2
        if not isinstance(x1, TensorBase):
            x1 = autograd.full_like(like, x1) if fits(x1, x2) else autograd.tensor(x1)
        elif not isinstance(x2, TensorBase):
            x2 = autograd.full_like(like, x2) if fits(x2, x1) else autograd.tensor(x2)
        return function(x1, x2)

    return call


def fits(number: Any, x: Any) -> bool:
    """Whether a Python number takes on the dtype of ``x`` (weak) rather than widen its kind."""
    dtype = x._data.dtype
    if type(number) is bool:
        return True
    if type(number) is complex:
        return dtypes.complex_valued(dtype)
    return dtypes.differentiable(dtype) or (type(number) is int and dtypes.integral(dtype))


def _one(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(x: Any, /) -> Any:
        return function(x)

    return call


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """Rounding of integers: they are what they were."""

    @wraps(function)
    def call(x: Any, /) -> Any:
        return function(x) if dtypes.differentiable(x._data.dtype) else x.clone()

    return call


def round(x: Any, /) -> Any:  # noqa: A001
    """The nearest whole numbers, the even one of two; of complex numbers both parts."""
    dtype = x._data.dtype
    if dtypes.complex_valued(dtype):
        return autograd.complex(autograd.round(x.real), autograd.round(x.imag))
    return autograd.round(x) if dtypes.floating(dtype) else x.clone()


def sign(x: Any, /) -> Any:
    """-1, 0 or 1; of complex numbers x / abs(x)."""
    return autograd.sgn(x) if dtypes.complex_valued(x._data.dtype) else autograd.sign(x)


_ONE = (
    "abs acos acosh asin asinh atan atanh bitwise_not conj cos cosh exp expm1 imag isfinite isinf "
    "isnan log log10 log1p log2 logical_not negative positive real reciprocal signbit sin "
    "sinh sqrt square tan tanh"
).split()
_TWO = (
    "add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign "
    "divide eq floor_divide ge gt hypot le logaddexp logical_and logical_or logical_xor lt maximum "
    "minimum multiply ne nextafter pow remainder subtract"
).split()
_OURS = {
    "bitwise_invert": "bitwise_not",
    "equal": "eq",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "not_equal": "ne",
}
_STANDARD = {ours: name for name, ours in _OURS.items()}

for _name in _ONE:
    globals()[_STANDARD.get(_name, _name)] = _one(getattr(autograd, _name))
for _name in _TWO:
    globals()[_STANDARD.get(_name, _name)] = _pair(getattr(autograd, _name))
for _name in ("ceil", "floor", "trunc"):
    globals()[_name] = _kept(getattr(autograd, _name))


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:  # noqa: A002
    """``x`` kept between two bounds, in the dtype of ``x``."""
    if min is None and max is None:
        return x.clone()
    return autograd.clamp(x, min, max).to(x.dtype)


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    """``x1`` where the condition holds, ``x2`` elsewhere."""
    return autograd.where(condition, *one_dtype(x1, x2))


STANDARD = "ceil clip floor round sign trunc where".split()
STANDARD += [_STANDARD.get(_name, _name) for _name in (*_ONE, *_TWO)]
