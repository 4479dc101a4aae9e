"""Reductions: sums, means, truth and counts along axes.

Each op takes NumPy's ``axis`` and ``keepdims``; the public functions take PyTorch's ``dim`` and
``keepdim`` (and NumPy's two names as well). An axis that was reduced away is put back by indexing
with None, and the gradient is spread along it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, check_tensors
from autograd.arrays.dialect import SCALARS, everywhere
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap
from autograd.kernels.layout import in_rows
from autograd.kernels.sums import product_over, sum_over
from autograd.ops.reductions.cumulative import Later
from autograd.ops.reductions.reduction import Reduction, floating, numpys, summable, widely

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, DType
    from autograd.tensors.tensor import Tensor

__all__ = ["all", "any", "count_nonzero", "mean", "nansum", "prod", "sum"]


# -- sums -----------------------------------------------------------------------------------------


# Up to this size, filling an array is cheaper than NumPy's broadcast_to (4 µs); above, the view is.
_SMALL = 4096


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` broadcast to ``shape``: the adjoint of a sum."""
    if g.shape == shape:
        return g
    if math.prod(shape) > _SMALL or isinstance(g, TensorBase):
        return np.broadcast_to(g, shape)
    if isinstance(g, SCALARS):  # NumPy's are refused by like=
        if isinstance(g, np.generic):
            return np.full(shape, g)
        like: Any = g
        return np.full(shape, g, like=like)
    return np.zeros(shape, g.dtype, like=g) + g


class Sum(Reduction):
    takes_complex = True

    def forward(self, x, *, axis=None, dtype=None, keepdims=False):
        if axis is not None:
            self.over(x, axis, keepdims)
        out = sum_over(x, axis=axis, dtype=dtype, keepdims=keepdims)
        return out if out.ndim < 2 else in_rows(out)

    def grad_x(self, g):
        return spread(g if self.opened is None else self.open(g), self.shapes[0])


class Mean(Reduction):
    takes_complex = True

    def forward(self, x, *, axis=None, keepdims=False):
        if axis is not None:
            self.over(x, axis, keepdims)
        self.n = self.count(x)
        out = sum_over(x, axis=axis, keepdims=keepdims) / self.n
        return out if out.ndim < 2 else in_rows(out)

    def grad_x(self, g):
        return spread(self.open(g / self.n), self.shapes[0])


# -- truth and counts -----------------------------------------------------------------------------


class AllOf(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return in_rows(np.logical_and.reduce(x, axis=axis, keepdims=keepdims))


class AnyOf(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return in_rows(np.logical_or.reduce(x, axis=axis, keepdims=keepdims))


class CountNonzero(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        nonzero = np.not_equal(x, 0)
        return in_rows(np.add.reduce(nonzero, axis=axis, dtype=np.int64, keepdims=keepdims))


for _op, *_functions in (
    (AllOf, np.all, (np.logical_and, "reduce")),
    (AnyOf, np.any, (np.logical_or, "reduce")),
    (CountNonzero, np.count_nonzero),
):
    implements(*_functions)(numpys(f"np.{_op.__name__.lower()}", _op))


@implements(np.sum, (np.add, "reduce"))
def _np_sum(a, axis=None, dtype=None, keepdims=False):
    a, dtype = summable(a, dtype)
    axis = axis if axis is None else axes("np.sum", a, axis, empty=())
    return Sum.apply(a, axis=axis, dtype=dtype, keepdims=keepdims)


@implements(np.mean)
def _np_mean(a, axis=None, dtype=None, keepdims=False):
    if dtype is None and not dtypes.differentiable(a.dtype):
        dtype = dtypes.get_default_dtype()
    a = a if dtype is None else cast(a, dtypes.as_dtype(dtype))
    over = axes("np.mean", a, axis, empty=())
    return widely(Mean, a, axis=over, keepdims=keepdims)


def sum(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Σ x over the axes ``dim`` (all of them by default); booleans and integers give int64.

    Raises IndexError where an axis is out of range.

    >>> import autograd
    >>> autograd.sum(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 0)
    tensor([4., 6.])
    """
    try:
        kind = getattr(input, "_data", input).dtype
        if dtype is not None or kind is not dtypes.float32:
            if dtype is not None or not dtypes.differentiable(kind):
                input, dtype = summable(input, dtype)
    except AttributeError:
        check_tensors("sum", input=input)
        raise
    over = dim if axis is None else axis
    if over is not None:
        over = axes("sum", input, over)
    return Sum.apply(input, axis=over, dtype=dtype, keepdims=keepdim or keepdims)


def nansum(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Σ x over the axes ``dim``, a NaN counting as zero.

    >>> import autograd
    >>> autograd.nansum(autograd.tensor([1.0, float("nan"), 2.0]))
    tensor(3.)
    """
    check_tensors("nansum", input=input)
    known: Any = (
        np.where(np.isnan(input), 0, input) if dtypes.differentiable(input.dtype) else input
    )
    return sum(known, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)


def mean(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Σ x / n over the axes ``dim`` (all of them by default); NaN where n = 0.

    Raises RuntimeError for booleans and integers, IndexError where an axis is out of range.

    >>> import autograd
    >>> autograd.mean(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1, keepdim=True)
    tensor([[1.5000],
            [3.5000]])
    """
    try:
        if dtype is not None or not dtypes.differentiable(getattr(input, "_data", input).dtype):
            input = floating("mean", input, dtype)
    except AttributeError:
        check_tensors("mean", input=input)
        raise
    over = axes("mean", input, dim if axis is None else axis)
    if unwrap(input).dtype is dtypes.float16:
        return widely(Mean, input, axis=over, keepdims=keepdim or keepdims)
    return Mean.apply(input, axis=over, keepdims=keepdim or keepdims)


def all(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Whether every element along the axes ``dim`` is nonzero; bool. True where there are none.

    >>> import autograd
    >>> autograd.all(autograd.tensor([[True, False], [True, True]]), 1)
    tensor([False,  True])
    """
    over = axes("all", input, dim if axis is None else axis, empty=())
    return AllOf.apply(input, axis=over, keepdims=keepdim or keepdims)


def any(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Whether some element along the axes ``dim`` is nonzero; bool. False where there are none.

    >>> import autograd
    >>> autograd.any(autograd.tensor([[0.0, 2.0], [0.0, 0.0]]), 1)
    tensor([ True, False])
    """
    over = axes("any", input, dim if axis is None else axis, empty=())
    return AnyOf.apply(input, axis=over, keepdims=keepdim or keepdims)


def count_nonzero(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """How many elements along the axes ``dim`` are not zero; int64.

    >>> import autograd
    >>> autograd.count_nonzero(autograd.tensor([[0.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([1, 2])
    """
    over = axes("count_nonzero", input, dim if axis is None else axis)
    return CountNonzero.apply(input, axis=over, keepdims=keepdim or keepdims)


class Prod(Reduction):
    takes_complex = True

    def forward(self, x, *, axis=None, dtype=None, keepdims=False):
        self.over(x, axis, keepdims)
        return in_rows(product_over(x, axis=axis, dtype=dtype, keepdims=keepdims))

    def grad_x(self, g, x, out):
        g = self.open(g)
        if everywhere(unwrap(np.logical_and(out, np.isfinite(out)))):
            return g * self.open(out) / x
        return g * self._others(x)

    def _others(self, x):
        """∏_{j≠i} x_j over the reduced axes: what is left of i times what is right of it."""
        if not x.ndim:
            return x**0
        whole = range(x.ndim) if self.axis is None else self.axis
        reduced = (whole,) if isinstance(whole, int) else tuple(whole)
        last = tuple(range(-len(reduced), 0))
        moved = np.moveaxis(x, reduced, last)
        flat = np.reshape(moved, (*moved.shape[: x.ndim - len(reduced)], -1))
        left = Later.apply(np.cumprod(flat, axis=-1), first=1)
        back = np.cumprod(np.flip(flat, -1), axis=-1)
        others = left * np.flip(Later.apply(back, first=1), -1)
        return np.moveaxis(np.reshape(others, moved.shape), last, reduced)


# -- NumPy's names --------------------------------------------------------------------------------


@implements(np.prod, (np.multiply, "reduce"))
def _np_prod(a, axis=None, dtype=None, keepdims=False):
    a, dtype = summable(a, dtype)
    over = axes("np.prod", a, axis, empty=())
    return widely(Prod, a, axis=over, dtype=dtype, keepdims=keepdims)


# -- PyTorch's names ------------------------------------------------------------------------------


def prod(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DType = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """∏ x over the axes ``dim`` (all of them by default); booleans and integers give int64.

    The gradient is right where elements are zero, however many, to every order.

    >>> import autograd
    >>> x = autograd.tensor([2.0, 0.0, 3.0], requires_grad=True)
    >>> autograd.prod(x).backward()
    >>> x.grad
    tensor([0., 6., 0.])
    """
    input, dtype = summable(input, dtype)
    over = axes("prod", input, dim if axis is None else axis)
    return widely(Prod, input, axis=over, dtype=dtype, keepdims=keepdim or keepdims)
