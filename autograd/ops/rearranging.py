"""Rearranging: elements in another order, in triangles, diagonals and windows, and repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import check_tensors, integer_of
from autograd.dispatch import implements
from autograd.function import Function
from autograd.graph import unwrap, wrap
from autograd.ops.reduction import axis_of
from autograd.ops.shape import (
    Clone,
    Expand,
    Reshape,
    check_sizes,
    distinct_axes,
    listed,
    unsqueeze,
)

if TYPE_CHECKING:
    from autograd.annotations import Tensor

_ALL = slice(None)


# -- other orders of the elements -----------------------------------------------------------------


@implements(np.flip)
class Flip(Function):
    """A copy, as in PyTorch: writing to the result leaves the input alone."""

    def forward(self, m, axis=None):
        self.axis = axis
        return np.copy(np.flip(m, axis), "C")

    def grad_m(self, g):
        return np.flip(g, self.axis)


@implements(np.roll)
class Roll(Function):
    def forward(self, x, shift, axis=None):
        self.shift, self.axis = shift, axis
        return np.roll(x, shift, axis)

    def grad_x(self, g):
        s = self.shift
        return np.roll(g, -s if isinstance(s, int) else tuple(-one for one in s), self.axis)


# -- triangles and diagonals ----------------------------------------------------------------------


def _below(m, k):
    """True on and below the k-th diagonal."""
    rows, columns = m.shape[-2:]
    return np.tri(rows, columns, k, dtype=bool, like=m)


@implements(np.tril)
class Tril(Function):
    def forward(self, m, k=0):
        self.k = k
        out = np.zeros(m.shape, m.dtype, like=m)  # np.tril does the same in twice the time
        np.copyto(out, m, where=_below(m, k))
        return out

    def grad_m(self, g):
        return np.tril(g, self.k)


@implements(np.triu)
class Triu(Function):
    def forward(self, m, k=0):
        self.k = k
        out = np.zeros(m.shape, m.dtype, like=m)
        np.copyto(out, m, where=~_below(m, k - 1))
        return out

    def grad_m(self, g):
        return np.triu(g, self.k)


def _diagonal(x, offset, axis1, axis2):
    """The diagonal as a view that can be written to (np.diagonal's cannot)."""
    axis1, axis2 = axis1 % x.ndim, axis2 % x.ndim
    rest = [axis for axis in range(x.ndim) if axis != axis1 and axis != axis2]
    x = np.transpose(x, (*rest, axis1, axis2))[..., max(-offset, 0) :, max(offset, 0) :]
    n = min(x.shape[-2:])
    return np.einsum("...ii->...i", x[..., :n, :n])


@implements(np.diagonal)
class Diagonal(Function):
    view = True

    def forward(self, a, offset=0, axis1=0, axis2=1):
        self.source, self.place = a.shape, (offset, axis1, axis2)
        return _diagonal(a, offset, axis1, axis2)

    def grad_a(self, g):
        return OnDiagonal.apply(g, self.source, *self.place)


class OnDiagonal(Function):
    """``d`` on the diagonal of zeros of the given shape: the adjoint of Diagonal."""

    def forward(self, d, shape, offset, axis1, axis2):
        self.place = offset, axis1, axis2
        out = np.zeros(shape, d.dtype, like=d)
        _diagonal(out, offset, axis1, axis2)[...] = d
        return out

    def grad_d(self, g):
        return Diagonal.apply(g, *self.place)


# -- windows --------------------------------------------------------------------------------------


class Unfold(Function):
    """Windows along an axis, each ``step`` after the one before; elements in a last axis."""

    view = True

    def forward(self, x, axis, size, step):
        self.facts = x.shape[axis], axis, size, step
        windows = np.lib.stride_tricks.sliding_window_view(x, size, axis)
        return windows[(_ALL,) * axis + (slice(None, None, step),)]

    def grad_x(self, g):
        return Fold.apply(g, *self.facts)


class Fold(Function):
    """Windows added back to where they were looked at: the adjoint of Unfold."""

    def forward(self, x, n, axis, size, step):
        self.facts = axis, size, step
        out = np.zeros((*x.shape[:axis], n, *x.shape[axis + 1 : -1]), x.dtype, like=x)
        last = (x.shape[axis] - 1) * step + 1
        for i in range(size):
            out[(_ALL,) * axis + (slice(i, i + last, step),)] += x[..., i]
        return out

    def grad_x(self, g):
        return Unfold.apply(g, *self.facts)


# -- repeating ------------------------------------------------------------------------------------


class Tile(Function):
    """Copies side by side: ``reps`` of them along each axis, new axes in front."""

    def forward(self, x, reps):
        self.source = x.shape
        shape = (1,) * (len(reps) - x.ndim) + tuple(x.shape)
        self.split = [n for pair in zip(reps, shape) for n in pair]  # (copies, size) of each axis
        alone = [n for size in shape for n in (1, size)]
        tiled = np.copy(np.broadcast_to(np.reshape(x, alone), self.split), "C")
        return np.reshape(tiled, tuple([r * n for r, n in zip(reps, shape)]))

    def grad_x(self, g):
        copies = tuple(range(0, len(self.split), 2))
        return np.reshape(np.add.reduce(np.reshape(g, self.split), axis=copies), self.source)


class Repeat(Function):
    """Each element along an axis as often as ``repeats`` (one number, or one each) says."""

    def forward(self, x, repeats, axis):
        self.n, self.axis = x.shape[axis], axis
        return np.repeat(x, repeats, axis)

    def grad_x(self, g, repeats):
        return SumOfRepeats.apply(g, self.n, repeats, self.axis)


class SumOfRepeats(Function):
    """The sums of ``n`` runs along an axis, run i ``repeats[i]`` long: the adjoint of Repeat."""

    def forward(self, x, n, repeats, axis):
        self.axis = axis
        lead, rest = x.shape[:axis], x.shape[axis + 1 :]
        if isinstance(repeats, int):
            return np.add.reduce(np.reshape(x, (*lead, n, repeats, *rest)), axis=axis + 1)
        out = np.zeros((*lead, n, *rest), x.dtype, like=x)
        (filled,) = np.nonzero(repeats)  # reduceat takes an empty run for a run of one
        if len(filled):
            starts = (np.cumsum(repeats) - repeats)[filled]
            out[(_ALL,) * axis + (filled,)] = np.add.reduceat(x, starts, axis)
        return out

    def grad_x(self, g, repeats):
        return Repeat.apply(g, repeats, self.axis)


# -- public: orders of the elements, triangles, diagonals, windows --------------------------------


def flip(input: Tensor, *axes: Any, dims: Sequence[int] | None = None) -> Tensor:
    """A copy with the elements along ``dims`` in reverse order.

    >>> import autograd
    >>> flip(autograd.tensor([1.0, 2.0, 3.0]), 0)
    tensor([3., 2., 1.])
    """
    check_tensors("flip", input=input)
    found = distinct_axes("flip", input, listed(axes, dims))
    return Flip.apply(input, found if input.ndim else ())


@implements(np.fliplr)
def fliplr(input: Tensor) -> Tensor:
    """A copy with the columns in reverse order. IndexError below two axes."""
    return Flip.apply(input, (axis_of("fliplr", input, 1),))


@implements(np.flipud)
def flipud(input: Tensor) -> Tensor:
    """A copy with the rows in reverse order. IndexError for 0-d tensors."""
    check_tensors("flipud", input=input)
    if input.ndim == 0:
        raise IndexError("flipud: expected at least 1 axis; got a 0-d tensor.")
    return Flip.apply(input, (0,))


def roll(
    input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None
) -> Tensor:
    """Elements moved by ``shifts`` along ``dims``; what leaves at one end comes in at the other.

    Without ``dims`` the elements are moved in the order of their memory, whatever the shape.
    Raises RuntimeError where there are not as many shifts as dims.

    >>> import autograd
    >>> roll(autograd.tensor([1.0, 2.0, 3.0]), 1)
    tensor([3., 1., 2.])
    """
    moves = listed((shifts,))
    check_sizes("roll", moves)
    if dims is None and len(moves) == 1:
        return Roll.apply(input, int(moves[0]))
    axes = () if dims is None else tuple(axis_of("roll", input, dim) for dim in listed((dims,)))
    if len(moves) != len(axes):
        raise RuntimeError(f"roll: each dim needs one shift; got shifts {shifts}, dims {dims}.")
    return Roll.apply(input, moves, axes) if input.ndim else Clone.apply(input)


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros above a diagonal: 0 the main one, positive ones above it.

    >>> import autograd
    >>> tril(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[1., 0.],
            [3., 4.]])
    """
    _matrices("tril", input, diagonal)
    return Tril.apply(input, diagonal)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros below a diagonal: 0 the main one, positive ones above it."""
    _matrices("triu", input, diagonal)
    return Triu.apply(input, diagonal)


def _matrices(call: str, x: Any, diagonal: Any) -> None:
    if not hasattr(diagonal, "__index__"):
        raise TypeError(f"{call}: diagonal must be an integer; got {diagonal!r}.")
    check_tensors(call, input=x)
    if x.ndim < 2:
        raise RuntimeError(f"{call}: expected at least 2 axes; got shape {tuple(x.shape)}.")


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A view of the diagonals of the matrices in ``dim1`` and ``dim2``, as the last axis.

    >>> import autograd
    >>> diagonal(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([1., 4.])
    """
    axes = distinct_axes("diagonal", input, (dim1, dim2))
    offset = integer_of("diagonal", "offset", offset)
    return Diagonal.apply(input, offset, *axes)


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Square matrices in ``dim1`` and ``dim2`` of the result, with the last axis as diagonal."""
    axes = distinct_axes("diag_embed", unsqueeze(input, 0), (dim1, dim2))
    offset = integer_of("diag_embed", "offset", offset)
    shape = list(input.shape[:-1])
    for axis in sorted(axes):
        shape.insert(axis, input.shape[-1] + abs(offset))
    return OnDiagonal.apply(input, tuple(shape), offset, *axes)


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A vector as a diagonal matrix, or a copy of the diagonal of a matrix.

    >>> import autograd
    >>> diag(autograd.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    check_tensors("diag", input=input)
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag: expected 1 or 2 axes; got {tuple(input.shape)}. Use diagonal.")
    diagonal = integer_of("diag", "diagonal", diagonal)
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    return Clone.apply(Diagonal.apply(input, diagonal, 0, 1))


@implements(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    return diag(v, k)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """A view of the windows of ``size`` along a dimension, ``step`` apart.

    (..., n, ...) -> (..., (n - size) // step + 1, ..., size).

    Raises RuntimeError where a window does not fit, or ``step`` is not positive.

    >>> import autograd
    >>> unfold(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 0, 2, 1)
    tensor([[1., 2.],
            [2., 3.],
            [3., 4.]])
    """
    axis = axis_of("unfold", input, dimension)
    n = input.shape[axis] if input.ndim else 1
    if not 0 <= size <= n or step <= 0:
        raise RuntimeError(
            f"unfold: size must be between 0 and {n}, the size of dimension {dimension}, and step "
            f"positive; got size {size}, step {step}."
        )
    if input.ndim == 0:  # as PyTorch has it: one window, without an axis for windows
        return Expand.apply(input, (size,))
    return Unfold.apply(input, axis, size, step)


# -- public: repeating ----------------------------------------------------------------------------


def repeat(input: Tensor, *sizes: Any, repeats: Sequence[int] | None = None) -> Tensor:
    """A copy with so many copies of the tensor along each axis, new axes in front.

    Raises RuntimeError where there are fewer numbers than axes, or a negative one.

    >>> import autograd
    >>> repeat(autograd.tensor([1.0, 2.0]), 2, 2)
    tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    reps = listed(sizes, repeats)
    check_sizes("repeat", reps)
    if len(reps) < input.ndim or min(reps, default=0) < 0:
        raise RuntimeError(
            f"repeat: each axis needs a number of copies, 0 or more; {tuple(input.shape)} has "
            f"{input.ndim} axes, got {reps}. Use tile to repeat the last axes only."
        )
    return Tile.apply(input, reps)


def tile(input: Tensor, *sizes: Any, dims: Sequence[int] | None = None) -> Tensor:
    """:func:`repeat`, where numbers may be left out in front.

    >>> import autograd
    >>> autograd.tile(autograd.tensor([[1.0], [2.0]]), (2,))
    tensor([[1., 1.],
            [2., 2.]])
    """
    check_tensors("tile", input=input)
    reps = listed(sizes, dims)
    return repeat(input, (1,) * (input.ndim - len(reps)) + reps)


@implements(np.tile)
def _np_tile(A: Any, reps: Any) -> Any:
    return tile(A, *listed((reps,)))


def repeat_interleave(
    input: Tensor,
    repeats: int | Tensor | None = None,
    dim: int | None = None,
    *,
    output_size: int | None = None,
) -> Tensor:
    """Each element along ``dim`` repeated: equally often, or as ``repeats`` (1-d, integer) says.

    Without ``dim`` the tensor is flattened. Without ``repeats``, ``input`` is what they are and
    their positions are repeated. Raises RuntimeError for a negative or a wrong number of repeats.

    >>> import autograd
    >>> autograd.repeat_interleave(autograd.tensor([1.0, 2.0]), autograd.tensor([1, 2]))
    tensor([1., 2., 2.])
    """
    check_tensors("repeat_interleave", input=input)
    if repeats is None:
        counts = unwrap(input)
        return Repeat.apply(wrap(np.arange(len(counts), like=counts), None), counts, 0)
    if dim is None:
        input, dim = Reshape.apply(input, (-1,)), 0
    axis = axis_of("repeat_interleave", input, dim)
    if input.ndim == 0:
        input = Reshape.apply(input, (1,))
    counts = unwrap(repeats)
    counts = counts if hasattr(counts, "dtype") else np.array(counts)
    if counts.dtype.kind not in "iu":
        raise TypeError(
            f"repeat_interleave: repeats must be integers; got {repeats!r:.60}. Pass an int, or a "
            "tensor of dtype int64."
        )
    if np.size(counts) == 1:
        counts = int(np.reshape(counts, ()))
    if np.size(counts) not in (1, input.shape[axis]) or np.any(np.less(counts, 0)):
        raise RuntimeError(
            "repeat_interleave: each element needs a number of repeats, 0 or more; dim "
            f"{dim} has {input.shape[axis]}, got {repeats}."
        )
    return Repeat.apply(input, counts, axis)


@implements(np.repeat)
def _repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    return repeat_interleave(a, repeats, axis)
