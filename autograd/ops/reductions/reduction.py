"""What reductions share: axes, the shape that a gradient is spread back to, dtypes."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, check_tensors
from autograd.arrays.dialect import everywhere
from autograd.engine.elementwise import Elementwise, cast
from autograd.engine.function import Function
from autograd.engine.graph import unwrap

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType


class Reduction(Function):
    """An op over some axes of one floating-point input."""

    shapes: Any
    axis: Any = None
    opened: Any = None  # the index that puts the reduced axes back; None where they are still there

    def over(self, x, axis, keepdims):
        """Note the axes, for the gradient."""
        self.axis = axis
        if axis is not None and not keepdims:
            index: list[Any] = [slice(None)] * x.ndim
            for i in axis if type(axis) is tuple else (axis,):
                index[i] = None
            self.opened = tuple(index)

    def count(self, x):
        """How many elements each result is made of; NaN for none, which makes means NaN quietly."""
        shape, axis = x.shape, self.axis
        if axis is None:
            return math.prod(shape) or math.nan
        several = axis if type(axis) is tuple else (axis,)
        return math.prod([shape[i] for i in several]) or math.nan

    def open(self, value):
        """``value`` (the gradient, the result) with the reduced axes put back."""
        return value if self.opened is None else value[self.opened]


# -- NumPy's names --------------------------------------------------------------------------------


def numpys(name: str, op: Any) -> Any:
    """A function with the arguments that NumPy's reductions share."""

    def reduction(a, axis=None, keepdims=False):
        return op.apply(a, axis=axes(name, a, axis, empty=()), keepdims=keepdims)

    return reduction


# -- PyTorch's names ------------------------------------------------------------------------------


def summable(input: Any, dtype: DType) -> tuple[Any, Any]:
    """``input`` and the dtype to add up in: PyTorch sums booleans and integers as int64."""
    if dtype is not None:
        dtype = dtypes.as_dtype(dtype)
        return cast(input, dtype), dtype
    if not hasattr(input, "dtype"):
        check_tensors("sum", input=input)
    return input, None if dtypes.differentiable(input.dtype) else dtypes.int64


def floating(call: str, input: Any, dtype: DType = None) -> Any:
    """``input`` in ``dtype``; raises RuntimeError where that is no floating-point dtype."""
    check_tensors(call, input=input)
    if dtype is not None:
        input = cast(input, dtypes.as_dtype(dtype))
    if not dtypes.differentiable(input.dtype):
        raise RuntimeError(
            f"{call}: input must have a floating-point dtype; got {input.dtype}. "
            f"Convert it first: x.float(), or x.to(autograd.float64)."
        )
    return input


def widely(op: Any, input: Any, **options: Any) -> Any:
    """The op over ``input``; float16 goes through float32, which holds the sums on the way."""
    if unwrap(input).dtype is not dtypes.float16:
        return op.apply(input, **options)
    if options.get("dtype") is dtypes.float16:
        options = {**options, "dtype": None}
    return cast(op.apply(cast(input, dtypes.float32), **options), dtypes.float16)


@cache
def _range_of_squares(dtype):
    """Sizes between which a square is a normal number, and those that count beside it are."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps) ** 0.5, float(info.max)


def in_range(root, x, axis, keepdims):
    """``root(x)``, a root of a sum of powers, which grows as x does.

    Where the powers of very large or small numbers leave the dtype's range, x is first divided by
    the largest of those that are summed.
    """
    with np.errstate(over="ignore"):
        out = root(x)
        low, high = _range_of_squares(out.dtype)
        if everywhere((out > low) & (out < high)):
            return out
        largest = np.maximum.reduce(np.absolute(x), axis=axis, keepdims=True, initial=0)
        scale = np.where((largest > 0) & (largest < math.inf), largest, 1)
        out = root(x / scale)
        return out * (scale if keepdims else np.reshape(scale, out.shape))


class Ratio(Elementwise):
    """g / d, and 0 where d = 0: where a root has no slope, PyTorch's gradient is zero."""

    def forward(self, g, d):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.equal(d, 0), 0, g / d)

    def grad_g(self, h, d):
        return ratio(h, d)

    def grad_d(self, h, d, out):
        return -ratio(h * out, d)


def ratio(g: Any, d: Any) -> Any:
    """g / d, and 0 where d = 0."""
    return Ratio.apply(g, d)
