"""Running sums, products and extremes along an axis.

The gradient of a product needs "the product of all others", which division gives unless an element
is zero. Everything here rests on one pair of linear recurrences instead, which never divide and
whose gradients are each other, so zeros are right to every order:

    forward in the axis     s_i = b_i + a_i s_{i-1}
    backward in the axis    h_i = b_i + a_{i+1} h_{i+1}
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_ordered, check_tensors
from autograd.arrays.dialect import everywhere
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.layout import in_rows
from autograd.kernels.pointwise import complex_logaddexp
from autograd.kernels.recurrence import (
    earlier,
    later,
    recurrence,
    reverse_recurrence,
    running,
    running_logarithm,
    running_product,
    running_sum,
)
from autograd.kernels.sums import wider
from autograd.ops.reductions.extrema import scalar_of
from autograd.ops.reductions.reduction import summable, widely
from autograd.ops.return_types import CummaxResult, CumminResult

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = ["cummax", "cummin", "cumprod", "cumsum", "logcumsumexp"]


class Recurrence(Function):
    """s_i = b_i + a_i s_{i-1} along the last axis, s_{-1} = 0."""

    takes_complex = True

    def forward(self, a, b):
        return recurrence(a, b)

    def grad_a(self, g, a, out):
        return ReverseRecurrence.apply(a, g) * Later.apply(out)

    def grad_b(self, g, a):
        return ReverseRecurrence.apply(a, g)


class ReverseRecurrence(Function):
    """h_i = b_i + a_{i+1} h_{i+1} along the last axis, h_n = 0."""

    takes_complex = True

    def forward(self, a, b):
        return reverse_recurrence(a, b)

    def grad_a(self, g, a, out):
        return Later.apply(Recurrence.apply(a, g)) * out

    def grad_b(self, g, a):
        return Recurrence.apply(a, g)


class Later(Function):
    """x_{i-1} along the last axis, and ``first`` where there is none."""

    takes_complex = True

    def forward(self, x, *, first=0):
        return later(x, first=first)

    def grad_x(self, g):
        return Earlier.apply(g)


class Earlier(Function):
    """x_{i+1} along the last axis, and 0 where there is none."""

    takes_complex = True

    def forward(self, x):
        return earlier(x)

    def grad_x(self, g):
        return Later.apply(g)


class Cumprod(Function):
    takes_complex = True

    def forward(self, x, *, axis, dtype=None):
        self.axis = axis
        return running_product(in_rows(x), axis=axis, dtype=dtype)

    def grad_x(self, g, x):
        # Σ_{k≥i} g_k ∏_{j≤k, j≠i} x_j, wider than float32, as the products of forward are
        kept, wide, axis = g.dtype, wider(x.dtype), self.axis
        g, x = cast(g, wide), cast(x, wide)
        out = Cumprod.apply(x, axis=axis)
        size = np.absolute(unwrap(out))
        if everywhere((size > 1e-280) & (size < 1e280)):
            return cast(_backwards(g * out, axis) / x, kept)
        g, x, out = (np.swapaxes(one, axis, -1) for one in (g, x, out))
        # the recurrence is the part right of i, times what is left of it
        d = ReverseRecurrence.apply(x, g) * Later.apply(out, first=1)
        return cast(np.swapaxes(d, axis, -1), kept)


class Cumsum(Function):
    takes_complex = True

    def forward(self, x, *, axis, dtype=None):
        self.axis = axis
        return running_sum(in_rows(x), axis=axis, dtype=dtype)

    def grad_x(self, g):
        return _backwards(g, self.axis)


def _backwards(g: Any, axis: int) -> Any:
    """Σ_{k≥i} g_k along an axis."""
    return np.flip(running_sum(np.flip(g, axis), axis=axis), axis)


class LogCumsumExp(Function):
    """log Σ_{j≤i} exp x_j: s_i = logaddexp(s_{i-1}, x_i)."""

    takes_complex = True

    def forward(self, x, *, axis):
        self.axis = axis
        if dtypes.complex_valued(x.dtype):
            return _complex_logarithms(x, axis)
        return running_logarithm(in_rows(x), axis=axis)

    def grad_x(self, g, x, out):
        # h_i = Σ_{k≥i} g_k exp(out_i - out_k), whose factors are at most 1; times exp(x_i - out_i)
        lowest = float(np.finfo(out.dtype).min)  # -inf less -inf is no number
        out = np.where(np.less(np.real(out), lowest), lowest, out)
        g, x, out = (np.swapaxes(one, self.axis, -1) for one in (g, x, out))
        h = ReverseRecurrence.apply(np.exp(Later.apply(out, first=-math.inf) - out), g)
        return np.swapaxes(h * np.exp(x - out), self.axis, -1)


def _complex_logarithms(x: Any, axis: int) -> Any:
    """Running logarithms of sums of complex exponentials, slice by slice."""
    if 0 in x.shape:
        return np.copy(x)
    slices = np.moveaxis(x, axis, 0)
    found = [slices[0]]
    for i in range(1, slices.shape[0]):
        found.append(complex_logaddexp(slices[i], found[-1]))
    return in_rows(np.moveaxis(np.stack(found), 0, axis))


def _numpys(name: str, op: Any, default: int | None) -> Any:
    """NumPy's running function; by default over the flattened array, a ufunc's over axis 0."""

    def running(a, axis=default, dtype=None):
        a, dtype = summable(a, dtype)
        if axis is None or not a.ndim:
            a, axis = np.reshape(a, (-1,)), 0
        return widely(op, a, axis=axis_of(name, a, axis), dtype=dtype)

    return running


implements(np.cumsum)(_numpys("np.cumsum", Cumsum, None))

implements(np.cumprod)(_numpys("np.cumprod", Cumprod, None))

implements((np.add, "accumulate"))(_numpys("np.add.accumulate", Cumsum, 0))

implements((np.multiply, "accumulate"))(_numpys("np.multiply.accumulate", Cumprod, 0))


def _along(call: str, op: Any, input: Any, dim: Any, **options: Any) -> Any:
    """A running op along ``dim``; a 0-d tensor counts as one element."""
    axis = axis_of(call, input, dim)
    if input.ndim:
        return widely(op, input, axis=axis, **options)
    return np.reshape(widely(op, np.reshape(input, (1,)), axis=0, **options), ())


def cumsum(
    input: Tensor, dim: int | None = None, *, dtype: DType = None, axis: int | None = None
) -> Tensor:
    """s_i = Σ_{j≤i} x_j along ``dim``; booleans and integers give int64.

    >>> import autograd
    >>> autograd.cumsum(autograd.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    input, dtype = summable(input, dtype)
    return _along("cumsum", Cumsum, input, dim if axis is None else axis, dtype=dtype)


def cumprod(
    input: Tensor, dim: int | None = None, *, dtype: DType = None, axis: int | None = None
) -> Tensor:
    """p_i = ∏_{j≤i} x_j along ``dim``; booleans and integers give int64.

    >>> import autograd
    >>> autograd.cumprod(autograd.tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    input, dtype = summable(input, dtype)
    return _along("cumprod", Cumprod, input, dim if axis is None else axis, dtype=dtype)


def logcumsumexp(input: Tensor, dim: int | None = None, *, axis: int | None = None) -> Tensor:
    """log Σ_{j≤i} exp x_j along ``dim``, without overflow. Integers count as the default dtype.

    Of complex numbers by :func:`logaddexp`, one element after the other.

    >>> import autograd
    >>> autograd.logcumsumexp(autograd.tensor([0.0, 0.0]), dim=0)
    tensor([0.0000, 0.6931])
    """
    check_tensors("logcumsumexp", input=input)
    if not dtypes.differentiable(input.dtype):
        input = cast(input, dtypes.get_default_dtype())
    return _along("logcumsumexp", LogCumsumExp, input, dim if axis is None else axis)


def _running(call: str, input: Any, dim: Any, ufunc: Any) -> Any:
    """The running extremes along ``dim`` and their indices, the latest of those that tie."""
    axis = axis_of(call, input, dim)
    check_ordered(call, input)
    if not input.ndim:
        return [scalar_of(one) for one in _running(call, np.reshape(input, (1,)), 0, ufunc)]
    x = in_rows(unwrap(input))
    along = [-1 if i == axis else 1 for i in range(x.ndim)]
    places = np.reshape(np.arange(x.shape[axis], like=x), along)
    reached = np.equal(x, running(x, ufunc=ufunc, axis=axis)) | np.not_equal(x, x)
    index = running(np.where(reached, places, 0), ufunc=np.maximum, axis=axis)
    indices = wrap(index, None) if isinstance(input, TensorBase) else index
    return np.take_along_axis(input, indices, axis), indices


def cummax(input: Tensor, dim: int) -> CummaxResult:
    """The greatest element so far along ``dim``, and its index (the latest of those that tie).

    >>> import autograd
    >>> autograd.cummax(autograd.tensor([1.0, 3.0, 2.0]), 0).values
    tensor([1., 3., 3.])
    """
    return CummaxResult(*_running("cummax", input, dim, np.maximum))


def cummin(input: Tensor, dim: int) -> CumminResult:
    """The least element so far along ``dim``, and its index (the latest of those that tie).

    >>> import autograd
    >>> autograd.cummin(autograd.tensor([2.0, 3.0, 1.0]), 0).values
    tensor([2., 2., 1.])
    """
    return CumminResult(*_running("cummin", input, dim, np.minimum))
