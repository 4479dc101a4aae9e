"""Reductions: sums, means, truth and counts along axes.

Each op takes NumPy's ``axis`` and ``keepdims``; the public functions take PyTorch's ``dim`` and
``keepdim`` (and NumPy's two names as well). An axis that was reduced away is put back by indexing
with None, and the gradient is spread along it.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.arguments import check_tensors
from autograd.dispatch import implements
from autograd.elementwise import cast
from autograd.function import Function
from autograd.graph import TensorBase

if TYPE_CHECKING:
    from autograd.annotations import Dims, DType, Tensor

# Up to this size, filling an array is cheaper than NumPy's broadcast_to (4 µs); above, the view is.
_SMALL = 4096


# -- axes -----------------------------------------------------------------------------------------


def axis_of(call: str, x: Any, dim: Any) -> int:
    """``dim`` counted from the first axis of ``x``; a 0-d ``x`` counts as one of one axis.

    Raises IndexError out of range, TypeError for what is no integer.

    >>> import numpy as np
    >>> axis_of("sum", np.ones((2, 3)), -1)
    1
    """
    try:
        if dim is True or dim is False:  # x.sum(True) would silently be x.sum(1)
            raise TypeError
        dim = operator.index(dim)
        n = x.ndim or 1
    except TypeError:
        raise TypeError(f"{call}: dim must be an integer; got {dim!r}.") from None
    except AttributeError:
        check_tensors(call, input=x)
        raise
    if not -n <= dim < n:
        raise IndexError(f"{call}: dim must be between {-n} and {n - 1}; got {dim}.")
    return dim % n


def axes(call: str, x: Any, dim: Any, empty: tuple[()] | None = None) -> Any:
    """``dim`` (None, an integer, several) as NumPy's axis: None, an integer, a tuple.

    No axes at all, ``()``, are as good as None unless ``empty`` says otherwise. Raises IndexError
    out of range, RuntimeError where an axis is named twice.

    >>> import numpy as np
    >>> axes("sum", np.ones((2, 3, 4)), [0, -1])
    (0, 2)
    """
    if dim is None:
        return None
    if not isinstance(dim, (tuple, list)):
        axis = axis_of(call, x, dim)
        return axis if x.ndim else None
    found = tuple(axis_of(call, x, one) for one in dim)
    if len({*found}) < len(found):
        raise RuntimeError(f"{call}: each axis may be named once in dim; got {tuple(dim)}.")
    return (found if x.ndim else None) if found else empty


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """``g`` broadcast to ``shape``: the adjoint of a sum."""
    if g.shape == shape:
        return g
    if math.prod(shape) > _SMALL or isinstance(g, TensorBase):
        return np.broadcast_to(g, shape)
    if isinstance(g, np.generic):  # like= refuses NumPy's scalars
        return np.full(shape, g)
    return np.zeros(shape, g.dtype, like=g) + g


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


# -- sums -----------------------------------------------------------------------------------------


class Sum(Reduction):
    def forward(self, x, *, axis=None, dtype=None, keepdims=False):
        if axis is not None:
            self.over(x, axis, keepdims)
        return np.add.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims)

    def grad_x(self, g):
        return spread(self.open(g), self.shapes[0])


class Mean(Reduction):
    def forward(self, x, *, axis=None, keepdims=False):
        if axis is not None:
            self.over(x, axis, keepdims)
        self.n = self.count(x)
        return np.add.reduce(x, axis=axis, keepdims=keepdims) / self.n

    def grad_x(self, g):
        return spread(self.open(g / self.n), self.shapes[0])


class LogSumExp(Reduction):
    """m + log Σ exp(x - m), m the maximum: no exponential overflows."""

    def forward(self, x, *, axis=None, keepdims=False):
        self.over(x, axis, keepdims)
        self.lowest = float(np.finfo(x.dtype).min)
        m = np.maximum.reduce(x, axis=axis, keepdims=True, initial=self.lowest)
        m = np.minimum(m, -self.lowest)  # x - m is a number where x is infinite, too
        with np.errstate(divide="ignore", over="ignore"):
            out = np.log(np.add.reduce(np.exp(x - m), axis=axis, keepdims=True)) + m
        if keepdims:
            return out
        gone = range(x.ndim) if axis is None else axis if type(axis) is tuple else (axis,)
        index: list[Any] = [slice(None)] * x.ndim
        for i in gone:
            index[i] = 0
        return out[tuple(index)]

    def grad_x(self, g, x, out):
        return self.open(g) * np.exp(x - self.open(np.maximum(out, self.lowest)))


# -- truth and counts -----------------------------------------------------------------------------


class AllOf(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return np.logical_and.reduce(x, axis=axis, keepdims=keepdims)


class AnyOf(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return np.logical_or.reduce(x, axis=axis, keepdims=keepdims)


class CountNonzero(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return np.add.reduce(np.not_equal(x, 0), axis=axis, dtype=np.int64, keepdims=keepdims)


# -- NumPy's names --------------------------------------------------------------------------------


def numpys(name: str, op: Any) -> Any:
    """A function with the arguments that NumPy's reductions share."""

    def reduction(a, axis=None, keepdims=False):
        return op.apply(a, axis=axes(name, a, axis, empty=()), keepdims=keepdims)

    return reduction


for _op, *_functions in (
    (AllOf, np.all, (np.logical_and, "reduce")),
    (AnyOf, np.any, (np.logical_or, "reduce")),
    (CountNonzero, np.count_nonzero),
):
    implements(*_functions)(numpys(f"np.{_op.__name__.lower()}", _op))


@implements(np.sum, (np.add, "reduce"))
def _np_sum(a, axis=None, dtype=None, keepdims=False):
    a, dtype = summable(a, dtype)
    return Sum.apply(a, axis=axes("np.sum", a, axis, empty=()), dtype=dtype, keepdims=keepdims)


@implements(np.mean)
def _np_mean(a, axis=None, dtype=None, keepdims=False):
    if dtype is None and a.dtype.kind not in "fc":
        dtype = dtypes.get_default_dtype()
    a = a if dtype is None else cast(a, dtypes.as_dtype(dtype))
    return Mean.apply(a, axis=axes("np.mean", a, axis, empty=()), keepdims=keepdims)


# -- PyTorch's names ------------------------------------------------------------------------------


def summable(input: Any, dtype: DType) -> tuple[Any, Any]:
    """``input`` and the dtype to add up in: PyTorch sums booleans and integers as int64."""
    if dtype is not None:
        return cast(input, dtypes.as_dtype(dtype)), None
    check_tensors("sum", input=input)
    return input, None if input.dtype.kind in "fc" else dtypes.int64


def floating(call: str, input: Any, dtype: DType = None) -> Any:
    """``input`` in ``dtype``; raises RuntimeError where that is no floating-point dtype."""
    check_tensors(call, input=input)
    if dtype is not None:
        input = cast(input, dtypes.as_dtype(dtype))
    if input.dtype.kind not in "fc":
        raise RuntimeError(
            f"{call}: input must have a floating-point dtype; got {input.dtype}. "
            f"Convert it first: x.float(), or x.to(autograd.float64)."
        )
    return input


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
        if dtype is not None or input.dtype.kind not in "fc":
            input, dtype = summable(input, dtype)
    except AttributeError:
        check_tensors("sum", input=input)
        raise
    over = axes("sum", input, dim if axis is None else axis)
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
    known: Any = np.where(np.isnan(input), 0, input) if input.dtype.kind in "fc" else input
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
        if dtype is not None or input.dtype.kind not in "fc":
            input = floating("mean", input, dtype)
    except AttributeError:
        check_tensors("mean", input=input)
        raise
    if input.dtype is dtypes.float16:  # whose sums overflow
        wide = mean(cast(input, dtypes.float32), dim, keepdim, axis=axis, keepdims=keepdims)
        return cast(wide, dtypes.float16)
    over = axes("mean", input, dim if axis is None else axis)
    return Mean.apply(input, axis=over, keepdims=keepdim or keepdims)


def logsumexp(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """log Σ exp x over the axes ``dim``, without overflow; -inf where every x is -inf.

    The gradient is softmax(x), and 0 (PyTorch: NaN) where the result is -inf. Integers count as
    the default dtype.

    >>> import autograd
    >>> autograd.logsumexp(autograd.tensor([100.0, 100.0]), 0)
    tensor(100.6931)
    """
    check_tensors("logsumexp", input=input)
    if input.dtype.kind not in "fc":
        input = cast(input, dtypes.get_default_dtype())
    over = axes("logsumexp", input, dim if axis is None else axis)
    return LogSumExp.apply(input, axis=over, keepdims=keepdim or keepdims)


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
