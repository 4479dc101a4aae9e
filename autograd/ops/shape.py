"""Shapes: the same elements in another shape, order or triangle.

Where NumPy can look at the same memory through other strides, so do the results here: reshape,
transpose, expand, diagonal and their kin are views, and writing to one writes to its base.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import check_tensors
from autograd.dispatch import implements
from autograd.elementwise import sum_to
from autograd.function import Function
from autograd.graph import unwrap
from autograd.ops.reduction import axis_of

if TYPE_CHECKING:
    from autograd.annotations import Tensor

_ALL = slice(None)


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
            raise RuntimeError(
                f"view: the new shape must be possible without a copy; {x.shape} with these "
                f"strides cannot be seen as {out.shape}. Call reshape instead, or contiguous first."
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
            return x[(_ALL,) * axis + (None,)]
        return np.expand_dims(x, axis)


@implements(np.broadcast_to)
class Expand(Function):
    """Copies along new and 1-sized axes, without copying; its adjoint is the sum over them."""

    view = True

    def forward(self, x, shape):
        self.source = x.shape
        return np.broadcast_to(x, shape)

    def grad_x(self, g):
        return sum_to(g, self.source)


@implements(np.copy)
class Clone(Function):
    def forward(self, x, order="K"):
        return np.copy(x, order)

    def grad_x(self, g):
        return g


# -- other orders of the axes ---------------------------------------------------------------------


@implements(np.transpose)
class Permute(Function):
    view = True

    def forward(self, x, axes=None):
        self.axes = axes
        return np.transpose(x, axes)

    def grad_x(self, g):
        if self.axes is None:
            return np.transpose(g)
        came_from = sorted(range(g.ndim), key=[axis % g.ndim for axis in self.axes].__getitem__)
        return np.transpose(g, came_from)


@implements(np.swapaxes)
class Transpose(Function):
    view = True

    def forward(self, x, axis1, axis2):
        self.pair = axis1, axis2
        return np.swapaxes(x, axis1, axis2)

    def grad_x(self, g):
        return np.swapaxes(g, *self.pair)


class ConjugateTranspose(Function):
    def forward(self, x):
        return np.conjugate(np.swapaxes(x, -2, -1))

    def grad_x(self, g):
        return ConjugateTranspose.apply(g)


# -- public: shapes -------------------------------------------------------------------------------


def listed(values: Sequence[Any], named: Any = None) -> tuple[Any, ...]:
    """Sizes or dims given one by one, as one sequence, or by name.

    >>> listed((2, 3)), listed(((2, 3),)), listed((), [2, 3])
    ((2, 3), (2, 3), (2, 3))
    """
    if named is not None:
        return (named,) if hasattr(named, "__index__") else tuple(named)
    if len(values) == 1 and type(values[0]) is not int and hasattr(values[0], "__iter__"):
        return tuple(values[0])
    return tuple(values)


def reshape(input: Tensor, *sizes: Any, shape: Sequence[int] | None = None) -> Tensor:
    """The same elements, in the same order, in another shape; one size may be -1.

    A view where that is possible, else a copy. Raises RuntimeError where the sizes do not multiply
    to the number of elements.

    >>> import autograd
    >>> autograd.reshape(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), (-1,))
    tensor([1., 2., 3., 4.])
    """
    return _reshaped("reshape", Reshape, input, listed(sizes, shape))


def view(input: Tensor, *sizes: Any, size: Sequence[int] | None = None) -> Tensor:
    """:func:`reshape` that never copies.

    Raises RuntimeError where the strides do not allow the shape, TypeError for a dtype.

    >>> import autograd
    >>> view(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 2, 2).shape
    autograd.Size([2, 2])
    """
    if len(sizes) == 1 and isinstance(sizes[0], (np.dtype, type, str)):
        raise TypeError(
            f"view: sizes must be integers; got the dtype {sizes[0]}. Convert with to(dtype)."
        )
    return _reshaped("view", View, input, listed(sizes, size))


def check_sizes(call: str, sizes: tuple[Any, ...]) -> None:
    """Raise TypeError where a size is no integer."""
    if not all([hasattr(size, "__index__") for size in sizes]):
        raise TypeError(f"{call}: sizes must be integers; got {sizes}. Write 2, 3 or (2, 3).")


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
    raise RuntimeError(f"{call}: the new shape must hold as many elements; {fact}.")


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` in the shape of ``other``; see :func:`reshape`."""
    check_tensors("reshape_as", other=other)
    return reshape(input, other.shape)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` viewed in the shape of ``other``; see :func:`view`."""
    check_tensors("view_as", other=other)
    return view(input, other.shape)


def ravel(input: Tensor) -> Tensor:
    """All elements along one axis."""
    check_tensors("ravel", input=input)
    return Reshape.apply(input, (-1,))


@implements(np.ravel)
def _ravel(a: Any, order: str = "C") -> Any:
    return Reshape.apply(a if order in "CAK" else Permute.apply(a), (-1,))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from ``start_dim`` to ``end_dim`` as one; a 0-d tensor becomes 1-d.

    One axis is one already: then it is ``input`` itself that comes back.

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
        raise RuntimeError(
            f"unflatten: sizes must multiply to the size of the axis; dim {dim} has {n}, "
            f"got sizes {sizes}."
        )
    return Reshape.apply(input, (*input.shape[:axis], *inferred, *input.shape[axis + 1 :]))


def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Without the axes of size 1: all, or those in ``dim``; other axes in ``dim`` stay.

    >>> import autograd
    >>> squeeze(autograd.zeros(1, 2, 1), 0).shape
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
    >>> unsqueeze(autograd.zeros(2, 3), -1).shape
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


def expand(input: Tensor, *sizes: Any, size: Sequence[int] | None = None) -> Tensor:
    """Axes of size 1 stretched, new axes in front; -1 keeps a size. No memory is copied.

    Raises RuntimeError where a size is neither kept nor stretched from 1.

    >>> import autograd
    >>> expand(autograd.tensor([[1.0], [2.0]]), -1, 3)
    tensor([[1., 1., 1.],
            [2., 2., 2.]])
    """
    wanted = listed(sizes, size)
    if -1 in wanted:
        shape = unwrap(input).shape
        kept = (-1,) * (len(wanted) - len(shape)) + shape
        wanted = tuple([k if n == -1 else n for n, k in zip(wanted, kept)])
    try:
        return Expand.apply(input, wanted)
    except (ValueError, TypeError):
        check_tensors("expand", input=input)
        check_sizes("expand", wanted)
        raise RuntimeError(
            f"expand: each size must be the tensor's, or stretch a 1, counted from the last; "
            f"{tuple(input.shape)} cannot become {listed(sizes, size)}."
        ) from None


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` expanded to the shape of ``other``; see :func:`expand`."""
    check_tensors("expand_as", other=other)
    return expand(input, *other.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """:func:`expand` with the sizes as one sequence."""
    return expand(input, *listed((size,)))


def broadcast_shapes(*shapes: int | Sequence[int]) -> tuple[int, ...]:
    """The shape that ``shapes`` broadcast to; RuntimeError where they do not.

    >>> broadcast_shapes((2, 1), (3,))
    (2, 3)
    """
    try:
        return np.broadcast_shapes(*[listed((shape,)) for shape in shapes])
    except TypeError:
        raise TypeError(
            "broadcast_shapes: expected tuples of integers; got "
            f"{', '.join(f'{shape!r:.60}' for shape in shapes)}. Pass tensor.shape."
        ) from None
    except ValueError:
        raise RuntimeError(
            "broadcast_shapes: sizes must be equal or 1 along each axis, counted from the last; "
            f"got {', '.join(map(str, shapes))}."
        ) from None


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Views of all tensors in their common shape."""
    for one in tensors:
        check_tensors("broadcast_tensors", tensor=one)
    shape = broadcast_shapes(*[tuple(tensor.shape) for tensor in tensors])
    return tuple([Expand.apply(tensor, shape) for tensor in tensors])


@implements(np.broadcast_arrays)
def _broadcast_arrays(*args: Any, subok: bool = False) -> Any:
    given: list[Any] = [one if hasattr(one, "ndim") else np.array(one) for one in args]
    return broadcast_tensors(*given)


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Coordinates of a grid: 1-d tensors (or one sequence of them), each along an axis of its own.

    ``indexing="xy"`` exchanges the first two axes. Raises RuntimeError for tensors of two or more
    axes, ValueError for another ``indexing``.

    >>> import autograd
    >>> meshgrid(autograd.tensor([1.0, 2.0]), autograd.tensor([3.0]))[0]
    tensor([[1.],
            [2.]])
    """
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing must be 'ij' or 'xy'; got {indexing!r}.")
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    for one in tensors:
        check_tensors("meshgrid", tensor=one)
        if one.ndim > 1:
            raise RuntimeError(f"meshgrid: expected 0-d or 1-d tensors; got {tuple(one.shape)}.")
    places = list(range(len(tensors)))
    if indexing == "xy":
        places[:2] = places[:2][::-1]
    lined = [
        Reshape.apply(one, tuple([-1 if place == i else 1 for i in range(len(tensors))]))
        for one, place in zip(tensors, places)
    ]
    return broadcast_tensors(*lined)


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy inside the graph: gradients flow back, memory is not shared."""
    return Clone.apply(input)


def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """``input`` itself where its memory is in C order, else a copy that is."""
    return input if unwrap(input).flags.c_contiguous else Clone.apply(input, "C")


# -- public: orders of the axes -------------------------------------------------------------------


def distinct_axes(call: str, x: Any, dims: Sequence[int]) -> tuple[int, ...]:
    """``dims`` counted from the first axis, each named once."""
    axes = tuple([axis_of(call, x, dim) for dim in dims])
    if len({*axes}) < len(axes):
        raise RuntimeError(f"{call}: each dim may be named once; got {tuple(dims)}.")
    return axes


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """A view with two axes exchanged.

    >>> import autograd
    >>> transpose(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 0, 1)
    tensor([[1., 3.],
            [2., 4.]])
    """
    try:
        n = unwrap(input).ndim
    except AttributeError:
        check_tensors("transpose", input=input)
        raise
    try:
        if -n <= dim0 < n and -n <= dim1 < n:
            return Transpose.apply(input, dim0, dim1)
    except TypeError:
        pass  # dims that are no integers are told below
    axis_of("transpose", input, dim0), axis_of("transpose", input, dim1)  # raise, but for 0-d
    return Permute.apply(input)


swapdims = transpose


def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """:func:`transpose` in NumPy's words."""
    return transpose(input, axis0, axis1)


def permute(input: Tensor, *axes: Any, dims: Sequence[int] | None = None) -> Tensor:
    """A view with the axes in the order ``dims``, each named once.

    >>> import autograd
    >>> permute(autograd.zeros(2, 3, 4), 2, 0, 1).shape
    autograd.Size([4, 2, 3])
    """
    given = listed(axes, dims)
    try:
        return Permute.apply(input, given)
    except (ValueError, TypeError):
        check_tensors("permute", input=input)
        distinct_axes("permute", input, given)
        raise RuntimeError(
            f"permute: every axis must be named once; shape {tuple(input.shape)} has {input.ndim}, "
            f"got {given}."
        ) from None


@implements(np.moveaxis)
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """A view with the axes ``source`` moved to ``destination``; the others keep their order.

    >>> import autograd
    >>> movedim(autograd.zeros(2, 3, 4), 0, -1).shape
    autograd.Size([3, 4, 2])
    """
    come = distinct_axes("movedim", input, listed((source,)))
    go = distinct_axes("movedim", input, listed((destination,)))
    if len(come) != len(go):
        raise RuntimeError(
            "movedim: source and destination must name as many axes; "
            f"got {source} and {destination}."
        )
    order = [axis for axis in range(input.ndim) if axis not in come]
    for to, axis in sorted(zip(go, come)):
        order.insert(to, axis)
    return Permute.apply(input, tuple(order[: input.ndim]))


moveaxis = movedim


def t(input: Tensor) -> Tensor:
    """A matrix transposed; 0-d and 1-d tensors as they are. RuntimeError above two axes."""
    check_tensors("t", input=input)
    if input.ndim > 2:
        raise RuntimeError(f"t: expected at most 2 axes; got shape {tuple(input.shape)}. Use mT.")
    return Permute.apply(input)


def T(input: Tensor) -> Tensor:
    """A view with all axes in reverse order."""
    return Permute.apply(input)


@implements(np.matrix_transpose)
def mT(x: Tensor) -> Tensor:
    """A view with the last two axes exchanged. RuntimeError below two axes."""
    if x.ndim < 2:
        raise RuntimeError(f"mT: expected at least 2 axes; got shape {tuple(x.shape)}.")
    return Transpose.apply(x, -2, -1)


def mH(input: Tensor) -> Tensor:
    """Matrices, transposed and conjugated. RuntimeError below two axes."""
    return ConjugateTranspose.apply(input) if input.dtype.kind == "c" else mT(input)


adjoint = mH


def H(input: Tensor) -> Tensor:
    """A matrix, transposed and conjugated. RuntimeError unless there are 0 or 2 axes."""
    if input.ndim not in (0, 2):
        raise RuntimeError(f"H: expected a matrix; got shape {tuple(input.shape)}. Use mH.")
    return mH(input) if input.ndim else Permute.apply(input)
