"""Shapes: the same elements in another shape.

Where NumPy can look at the same memory through other strides, so do the results here, and in the
files beside this one: reshape, squeeze, transpose, expand, diagonal and their kin are views, and
writing to one writes to its base.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL, axis_of, check_tensors, distinct_axes, listed
from autograd.arrays.devices import has_channels_last, order_of
from autograd.arrays.remedies import reshaped
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.layout import dense_copy
from autograd.ops.shape.permute import Permute

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "clone", "flatten", "ravel", "reshape", "squeeze",
    "unflatten", "unsqueeze",
]  # fmt: skip

# -- what NumPy asks ------------------------------------------------------------------------------


@implements(np.shape)
def _np_shape(a):
    return a.shape


@implements(np.ndim)
def _np_ndim(a):
    return a.ndim


@implements(np.size)
def _np_size(a, axis=None):
    return math.prod(a.shape) if axis is None else a.shape[axis]


# -- one order, other shapes ----------------------------------------------------------------------


@implements(np.reshape)
class Reshape(Function):
    view = True
    takes_complex = True

    def forward(self, x, shape):
        self.source = x.shape
        return np.reshape(x, shape)

    def grad_x(self, g):
        return np.reshape(g, self.source)


class View(Reshape):
    """A reshape that must not copy."""

    def forward(self, x, shape):
        out = super().forward(x, shape)
        if x.ndim and 0 not in x.shape and not np.may_share_memory(x, out):
            raise placed(
                RuntimeError(
                    f"view: the new shape must be possible without a copy; {x.shape} with these "
                    f"strides cannot be seen as {out.shape}. Call reshape instead, or contiguous "
                    "first."
                )
            )
        return out


@implements(np.squeeze)
class Squeeze(Reshape):
    def forward(self, x, axis=None):
        self.source = x.shape
        return np.squeeze(x, axis)[...]  # a view even where NumPy returns x itself


@implements(np.expand_dims)
class Unsqueeze(Reshape):
    def forward(self, x, axis):
        self.source = x.shape
        if type(axis) is int and 0 <= axis <= x.ndim:  # a seventh of the time of expand_dims
            return x[(ALL,) * axis + (None,)]
        return np.expand_dims(x, axis)


@implements(np.copy)
class Clone(Function):
    takes_complex = True

    def forward(self, x, order="K"):
        if order == "channels last":
            return np.moveaxis(np.copy(np.moveaxis(x, 1, -1), "C"), -1, 1)
        return dense_copy(x) if order == "K" else np.copy(x, order)

    def grad_x(self, g):
        return g


def reshape(input: Tensor, *sizes: Any, shape: Sequence[int] | None = None) -> Tensor:
    """The same elements, in the same order, in another shape; one size may be -1.

    A view where that is possible, else a copy. Raises RuntimeError where the sizes do not multiply
    to the number of elements.

    >>> import autograd
    >>> autograd.reshape(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), (-1,))
    tensor([1., 2., 3., 4.])
    """
    return _reshaped("reshape", Reshape, input, listed(sizes, shape))


def view(
    input: Tensor, *sizes: Any, size: Sequence[int] | None = None, dtype: DType = None
) -> Tensor:
    """:func:`reshape` that never copies; given a dtype, the same bytes read as that dtype.

    Elements of another size change the length of the last axis. What is read as another dtype has
    no gradient.

    Raises RuntimeError where the strides do not allow the shape, or the last axis the dtype.

    >>> import autograd
    >>> view(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 2, 2).shape
    autograd.Size([2, 2])
    >>> view(autograd.tensor([1.0, -2.0]), autograd.int32)
    tensor([ 1065353216, -1073741824], dtype=autograd.int32)
    """
    if dtype is None and len(sizes) == 1 and isinstance(sizes[0], _DTYPES):
        dtype, sizes = sizes[0], ()
    if dtype is None:
        return _reshaped("view", View, input, listed(sizes, size))
    if sizes or size is not None:
        raise TypeError("view: takes a size or a dtype; got both. Call it twice.")
    check_tensors("view", input=input)
    found = dtypes.as_dtype(dtype)
    if input.dtype == found:
        return View.apply(input, tuple(input.shape))
    array = input._array() if isinstance(input, TensorBase) else input
    try:
        return wrap(array.view(found), None)
    except ValueError:
        raise ShapeError(
            f"view: the last axis must lie in one piece that elements of {found} divide; got shape "
            f"{tuple(array.shape)} of {array.dtype}, strides {tuple(input.stride())}. Call "
            "contiguous() first, or convert the values by to(dtype)."
        ) from None


_DTYPES = (dtypes.Named, np.dtype, type, str)


def check_sizes(call: str, sizes: tuple[Any, ...]) -> None:
    """Raise TypeError where a size is no integer."""
    try:
        for size in sizes:
            operator.index(size)
    except TypeError:
        raise TypeError(
            f"{call}: sizes must be integers; got {sizes}. Write 2, 3 or (2, 3)."
        ) from None


def _reshaped(call: str, op: type[Reshape], x: Any, shape: tuple[int, ...]) -> Any:
    try:
        if min(shape, default=0) >= -1:  # NumPy infers any negative size
            return op.apply(x, shape)
    except (ValueError, TypeError):
        check_tensors(call, input=x)
    check_sizes(call, shape)
    sizes, source = list(map(int, shape)), tuple(x.shape)
    n = math.prod(source)
    known = math.prod(size for size in sizes if size >= 0)
    if sizes.count(-1) > 1 or min(sizes, default=0) < -1:
        fact = "only one size may be negative, and only -1 is inferred"
    elif -1 in sizes:
        fact = f"{source} has {n}, shape '{sizes}' a multiple of {known}"
    else:
        fact = f"{source} has {n}, shape '{sizes}' has {known}"
    raise ShapeError(
        f"{call}: the new shape must hold as many elements; {fact}. {reshaped(call, source, sizes)}"
    )


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` in the shape of ``other``; see :func:`reshape`.

    >>> import autograd
    >>> autograd.arange(4).reshape_as(autograd.ones(2, 2))
    tensor([[0, 1],
            [2, 3]])
    """
    check_tensors("reshape_as", other=other)
    return reshape(input, other.shape)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` viewed in the shape of ``other``; see :func:`view`.

    >>> import autograd
    >>> autograd.arange(4).view_as(autograd.ones(2, 2))
    tensor([[0, 1],
            [2, 3]])
    """
    check_tensors("view_as", other=other)
    return view(input, other.shape)


def ravel(input: Tensor) -> Tensor:
    """All elements along one axis.

    Shapes: (*) -> (n), n the product of all sizes.

    >>> import autograd
    >>> autograd.ravel(autograd.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    check_tensors("ravel", input=input)
    return Reshape.apply(contiguous(input), (-1,))


@implements(np.ravel)
def _ravel(a: Any, order: str = "C") -> Any:
    return Reshape.apply(a if order in "CAK" else Permute.apply(a), (-1,))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from ``start_dim`` to ``end_dim`` as one; a 0-d tensor becomes 1-d.

    One axis is one already: then it is ``input`` itself that comes back.

    Raises RuntimeError where ``start_dim`` comes after ``end_dim``, IndexError for no axis.

    >>> import autograd
    >>> flatten(autograd.zeros(2, 3, 4), 1).shape
    autograd.Size([2, 12])
    """
    start, end = axis_of("flatten", input, start_dim), axis_of("flatten", input, end_dim)
    shape = unwrap(input).shape
    if start > end:
        raise RuntimeError(
            f"flatten: start_dim must not come after end_dim; got {start_dim} and {end_dim}."
        )
    if start == end and shape:
        return input
    merged = math.prod(shape[start : end + 1])
    return Reshape.apply(input, (*shape[:start], merged, *shape[end + 1 :]))


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """One axis as several; one of ``sizes`` may be -1. Raises RuntimeError where they do not fit.

    >>> import autograd
    >>> unflatten(autograd.zeros(2, 12), 1, (3, -1)).shape
    autograd.Size([2, 3, 4])
    """
    axis, sizes = axis_of("unflatten", input, dim), list(listed((sizes,)))
    check_sizes("unflatten", tuple(sizes))
    n, known = math.prod(input.shape[axis : axis + 1]), math.prod(s for s in sizes if s != -1)
    inferred = [n // known if s == -1 and known else s for s in sizes]
    if math.prod(inferred) != n or sizes.count(-1) > 1:
        raise ShapeError(
            f"unflatten: sizes must multiply to the size of the axis; dim {dim} has {n}, "
            f"got sizes {sizes}."
        )
    return Reshape.apply(input, (*input.shape[:axis], *inferred, *input.shape[axis + 1 :]))


def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Without the axes of size 1: all, or those in ``dim``; other axes in ``dim`` stay.

    >>> import autograd
    >>> autograd.squeeze(autograd.zeros(1, 2, 1), 0).shape
    autograd.Size([2, 1])
    """
    if dim is None:
        return Squeeze.apply(input)
    check_tensors("squeeze", input=input)
    shape = unwrap(input).shape
    axes = distinct_axes("squeeze", input, listed((dim,))) if shape else ()
    return Squeeze.apply(input, tuple(axis for axis in axes if shape[axis] == 1))


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new axis of size 1 at ``dim``; IndexError out of [-ndim - 1, ndim].

    >>> import autograd
    >>> autograd.unsqueeze(autograd.zeros(2, 3), -1).shape
    autograd.Size([2, 3, 1])
    """
    try:
        n = unwrap(input).ndim + 1
    except AttributeError:
        check_tensors("unsqueeze", input=input)
        raise
    if not hasattr(dim, "__index__"):
        raise TypeError(f"unsqueeze: dim must be an integer; got {dim!r}.")
    if not -n <= dim < n:
        raise IndexError(f"unsqueeze: dim must be between {-n} and {n - 1}; got {dim}.")
    return Unsqueeze.apply(input, dim if dim >= 0 else dim + n)


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy inside the graph: gradients flow back, memory is not shared.

    Its axes lie in memory as those of ``input``, in rows with ``contiguous_format``, axis 1 last
    with ``channels_last``.

    >>> import autograd
    >>> x = autograd.ones(2, requires_grad=True)
    >>> autograd.clone(x)
    tensor([1., 1.], grad_fn=<CloneBackward0>)
    """
    if memory_format is not None:
        check_tensors("clone", input=input)
        if has_channels_last("clone", memory_format, input.ndim):
            return Clone.apply(input, "channels last")
    return Clone.apply(input, order_of(memory_format))


def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """``input`` itself where its memory is in C order, or channels last if so asked; else a copy.

    >>> import autograd
    >>> autograd.ones(1, 2, 3, 4).contiguous(memory_format=autograd.channels_last).stride()
    (24, 1, 8, 2)
    """
    x = unwrap(input)
    if has_channels_last("contiguous", memory_format, x.ndim):
        there = np.moveaxis(x, 1, -1).flags.c_contiguous
        return input if there else Clone.apply(input, "channels last")
    return input if x.flags.c_contiguous else Clone.apply(input, "C")


def at_least(n: int, x: Any) -> Any:
    """``x`` with axes of size 1 up to ``n``: in front, but the third one last."""
    check_tensors(f"atleast_{n}d", tensor=x)
    if x.ndim >= n:
        return x
    if n < 3:
        return Reshape.apply(x, (1,) * (n - x.ndim) + tuple(x.shape))
    return Reshape.apply(x, ((1, 1, 1), (1, *x.shape, 1), (*x.shape, 1))[x.ndim])


def sequence_of(call: str, tensors: Any) -> list[Any]:
    """A sequence of tensors, checked."""
    if not hasattr(tensors, "__iter__"):
        raise TypeError(
            f"{call}: expected a sequence of tensors; got {type(tensors).__name__}. Pass a list."
        )
    found = list(tensors)
    for one in found:
        check_tensors(call, tensor=one)
    return found


def _each_at_least(n: int, tensors: tuple[Any, ...]) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return tuple([at_least(n, one) for one in tensors[0]])
    found = tuple([at_least(n, one) for one in tensors])
    return found[0] if len(found) == 1 else found


@implements(np.atleast_1d)
def atleast_1d(*tensors: Any) -> Tensor | Any:
    """0-d tensors as vectors; one tensor, or a tuple for several.

    Shapes: () -> (1); (*) -> (*).

    >>> import autograd
    >>> autograd.atleast_1d(autograd.tensor(3.0))
    tensor([3.])
    """
    return _each_at_least(1, tensors)


@implements(np.atleast_2d)
def atleast_2d(*tensors: Any) -> Tensor | Any:
    """Vectors as one row; one tensor, or a tuple for several.

    Shapes: () -> (1, 1); (n) -> (1, n); others as they are.

    >>> import autograd
    >>> autograd.atleast_2d(autograd.tensor([1.0, 2.0]))
    tensor([[1., 2.]])
    """
    return _each_at_least(2, tensors)


@implements(np.atleast_3d)
def atleast_3d(*tensors: Any) -> Tensor | Any:
    """Vectors as (1, n, 1), matrices as (n, m, 1); one tensor, or a tuple for several.

    Shapes: () -> (1, 1, 1); (n) -> (1, n, 1); (n, m) -> (n, m, 1); others as they are.

    >>> import autograd
    >>> autograd.atleast_3d(autograd.zeros(2, 4)).shape
    autograd.Size([2, 4, 1])
    """
    return _each_at_least(3, tensors)
