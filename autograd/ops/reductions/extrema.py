"""Extremes: the greatest and the least, and where they stand.

PyTorch's two rules for the gradient: over whole tensors or several axes, elements that tie share it
evenly; where an index is returned beside the value, the element at that index has all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, axis_of, check_ordered, check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.layout import in_rows
from autograd.kernels.sums import count_over
from autograd.ops.pointwise.minmax import maximum, minimum
from autograd.ops.reductions.reduction import Reduction, numpys
from autograd.ops.return_types import AminmaxResult, MaxResult, MinResult

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims
    from autograd.tensors.tensor import Tensor

__all__ = ["amax", "amin", "aminmax", "argmax", "argmin", "max", "min"]


class Amax(Reduction):
    """The greatest element; those that tie share its gradient evenly."""

    pick: Any = np.maximum

    def forward(self, x, *, axis=None, keepdims=False):
        self.over(x, axis, keepdims)
        return in_rows(self.pick.reduce(x, axis=axis, keepdims=keepdims))

    def grad_x(self, g, x, out):
        ties = np.equal(x, self.open(out)) | np.isnan(x)  # where there is a NaN, it is the result
        wide = dtypes.float32 if dtypes.narrow(g.dtype) else g.dtype
        count = count_over(ties, axis=self.axis, dtype=wide, keepdims=True)
        return ties * cast(self.open(g) / count, g.dtype)


class Amin(Amax):
    """The least element; those that tie share its gradient evenly."""

    pick = np.minimum


class Max(Reduction):
    """The greatest element along one axis, at a known index: that one has the whole gradient."""

    pick: Any = np.maximum

    def forward(self, x, index, *, axis, keepdims):  # index: with the axis kept
        self.over(x, axis, keepdims)
        return in_rows(self.pick.reduce(x, axis=axis, keepdims=keepdims))

    def grad_x(self, g, index):
        shape = self.shapes[0]
        if not shape:
            return g
        along = [-1 if i == self.axis else 1 for i in range(len(shape))]
        places = np.reshape(np.arange(shape[self.axis], like=index), along)
        return self.open(g) * np.equal(places, index)


class Min(Max):
    """The least element along one axis, at a known index: that one has the whole gradient."""

    pick = np.minimum


class Argmax(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return in_rows(np.argmax(x, axis=axis, keepdims=keepdims))


class Argmin(Function):
    def forward(self, x, *, axis=None, keepdims=False):
        return in_rows(np.argmin(x, axis=axis, keepdims=keepdims))


for _op, *_functions in (
    (Amax, np.max, np.amax, (np.maximum, "reduce")),
    (Amin, np.min, np.amin, (np.minimum, "reduce")),
    (Argmax, np.argmax),
    (Argmin, np.argmin),
):
    implements(*_functions)(numpys(f"np.{_op.__name__.lower()}", _op))


# -- what is returned in pairs --------------------------------------------------------------------


# -- PyTorch's names ------------------------------------------------------------------------------


def some(call: str, input: Any, axis: Any) -> Any:
    """``axis``, checked: along it ``input`` must have elements, for there to be an extreme one."""
    try:
        shape = input.shape
    except AttributeError:
        check_tensors(call, input=input)
        raise
    check_ordered(call, input)
    if 0 in shape:
        several = range(len(shape)) if axis is None else axis if type(axis) is tuple else (axis,)
        if 0 in [shape[i] for i in several]:
            error = RuntimeError if axis is None else IndexError
            raise error(
                f"{call}: there must be elements to choose from; got shape {tuple(shape)}"
                + ("." if axis is None else f" and dim {axis}.")
                + " Reduce along axes that are not empty."
            )
    return axis


def amax(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """The greatest element along the axes ``dim``; elements that tie share the gradient evenly.

    Raises RuntimeError (IndexError with ``dim``) where there are no elements.

    >>> import autograd
    >>> autograd.amax(autograd.tensor([[1.0, 5.0], [3.0, 4.0]]), (0, 1))
    tensor(5.)
    """
    over = some("amax", input, axes("amax", input, dim if axis is None else axis))
    return Amax.apply(input, axis=over, keepdims=keepdim or keepdims)


def amin(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """The least element along the axes ``dim``; elements that tie share the gradient evenly.

    Raises RuntimeError (IndexError with ``dim``) where there are no elements.

    >>> import autograd
    >>> autograd.amin(autograd.tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1)
    tensor([1., 3.])
    """
    over = some("amin", input, axes("amin", input, dim if axis is None else axis))
    return Amin.apply(input, axis=over, keepdims=keepdim or keepdims)


def aminmax(
    input: Tensor,
    *,
    dim: int | None = None,
    keepdim: bool = False,
    axis: int | None = None,
    keepdims: bool = False,
) -> AminmaxResult:
    """The least and the greatest element, of all or along ``dim``, as (min, max).

    >>> import autograd
    >>> autograd.aminmax(autograd.tensor([3.0, 1.0, 2.0])).min
    tensor(1.)
    """
    dim, keepdim = dim if axis is None else axis, keepdim or keepdims
    return AminmaxResult(amin(input, dim, keepdim), amax(input, dim, keepdim))


def at_index(call: str, input: Any, dim: Any, keepdims: bool, op: Any, search: Any) -> Any:
    """The extreme values along ``dim`` and their indices."""
    axis = some(call, input, axis_of(call, input, dim))
    x = unwrap(input)
    index = search(x, axis=axis, keepdims=True)
    values = op.apply(input, index, axis=axis if x.ndim else None, keepdims=keepdims)
    if not keepdims and x.ndim:
        index = index[(*[slice(None)] * axis, 0)]
    return values, wrap(index, None) if isinstance(input, TensorBase) else index


@overload
def max(input: Tensor) -> Tensor: ...


@overload
def max(input: Tensor, dim: Tensor) -> Tensor: ...


@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> MaxResult: ...


@overload
def max(input: Tensor, *, axis: int, keepdims: bool = False) -> MaxResult: ...


def max(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    *,
    other: Any = None,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The greatest element; along ``dim``, (values, indices); with a tensor, ``maximum``.

    Gradient: over the whole tensor, elements that tie share it evenly; along ``dim``, the element
    at the returned index (the first of those that tie) has all of it. Indices are int64. Raises
    RuntimeError (IndexError with ``dim``) where there are no elements.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 5.0], [4.0, 3.0]])
    >>> autograd.max(x)
    tensor(5.)
    >>> values, indices = autograd.max(x, dim=1)
    >>> indices
    tensor([1, 0])
    """
    other = dim if isinstance(dim, TensorBase) else other
    if other is not None:
        return maximum(input, other)
    dim = dim if axis is None else axis
    if dim is None:
        return Amax.apply(input, axis=some("max", input, None), keepdims=False)
    return MaxResult(*at_index("max", input, dim, keepdim or keepdims, Max, np.argmax))


@overload
def min(input: Tensor) -> Tensor: ...


@overload
def min(input: Tensor, dim: Tensor) -> Tensor: ...


@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> MinResult: ...


@overload
def min(input: Tensor, *, axis: int, keepdims: bool = False) -> MinResult: ...


def min(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    *,
    other: Any = None,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The least element; along ``dim``, (values, indices); with a tensor, ``minimum``.

    Gradients and errors are those of :func:`max`.

    >>> import autograd
    >>> autograd.min(autograd.tensor([[1.0, 5.0], [4.0, 3.0]]), dim=1).values
    tensor([1., 3.])
    """
    other = dim if isinstance(dim, TensorBase) else other
    if other is not None:
        return minimum(input, other)
    dim = dim if axis is None else axis
    if dim is None:
        return Amin.apply(input, axis=some("min", input, None), keepdims=False)
    return MinResult(*at_index("min", input, dim, keepdim or keepdims, Min, np.argmin))


def _arg(call: str, op: Any, input: Any, dim: Any, keepdims: bool) -> Any:
    axis = some(call, input, None if dim is None else axis_of(call, input, dim))
    return op.apply(input, axis=axis, keepdims=keepdims)


def argmax(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Tensor:
    """The index (int64) of the greatest element along ``dim``, or in the flattened tensor.

    The first of those that tie; a NaN is greater than anything.

    >>> import autograd
    >>> autograd.argmax(autograd.tensor([[1.0, 5.0], [4.0, 3.0]]), dim=1)
    tensor([1, 0])
    """
    return _arg("argmax", Argmax, input, dim if axis is None else axis, keepdim or keepdims)


def argmin(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Tensor:
    """The index (int64) of the least element along ``dim``, or in the flattened tensor.

    The first of those that tie; a NaN is less than anything.

    >>> import autograd
    >>> autograd.argmin(autograd.tensor([[1.0, 5.0], [4.0, 3.0]]))
    tensor(0)
    """
    return _arg("argmin", Argmin, input, dim if axis is None else axis, keepdim or keepdims)


def scalar_of(x: Any) -> Any:
    """The one element of ``x``, as a 0-d tensor."""
    return np.reshape(x, ())
