"""The order of elements along an axis: flip, roll, quarter turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors, distinct_axes, integer_of, listed
from autograd.arrays.errors import PlaceError
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.layout import dense_copy, in_rows
from autograd.ops.shape.permute import transpose
from autograd.ops.shape.reshape import Clone, check_sizes

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["flip", "fliplr", "flipud", "roll", "rot90"]


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A copy turned by ``k`` quarter turns, from the first of ``dims`` to the second.

    Raises RuntimeError for fewer than two axes, or where ``dims`` are not two.

    >>> import autograd
    >>> autograd.rot90(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[2., 4.],
            [1., 3.]])
    """
    check_tensors("rot90", input=input)
    dims = listed((), dims)
    if len(dims) != 2 or input.ndim < 2:
        raise ShapeError(
            f"rot90: expected two dims of a tensor of two axes or more; got dims {tuple(dims)} for "
            f"shape {tuple(input.shape)}."
        )
    first, second = distinct_axes("rot90", input, tuple(dims))
    turns = integer_of("rot90", "k", k) % 4
    if turns == 0:
        return Clone.apply(input, "C")
    if turns == 2:
        return Flip.apply(input, (first, second))
    return transpose(Flip.apply(input, (second if turns == 1 else first,)), first, second)


@implements(np.rot90)
def _np_rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    return rot90(m, k, axes)


# -- other orders of the elements -----------------------------------------------------------------


@implements(np.flip)
class Flip(Function):
    """A copy, as in PyTorch: writing to the result leaves the input alone."""

    takes_complex = True

    def forward(self, m, axis=None):
        self.axis = axis
        return dense_copy(np.flip(m, axis))

    def grad_m(self, g):
        return np.flip(g, self.axis)


@implements(np.roll)
class Roll(Function):
    takes_complex = True

    def forward(self, x, shift, axis=None):
        self.shift, self.axis = shift, axis
        return in_rows(np.roll(x, shift, axis))

    def grad_x(self, g):
        s = self.shift
        return np.roll(g, -s if isinstance(s, int) else tuple(-one for one in s), self.axis)


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
    """A copy with the columns in reverse order. IndexError below two axes.

    >>> import autograd
    >>> autograd.fliplr(autograd.tensor([[1, 2], [3, 4]]))
    tensor([[2, 1],
            [4, 3]])
    """
    check_tensors("fliplr", input=input)
    if input.ndim < 2:
        raise PlaceError(f"fliplr: expected at least 2 axes; got shape {tuple(input.shape)}.")
    return Flip.apply(input, (1,))


@implements(np.flipud)
def flipud(input: Tensor) -> Tensor:
    """A copy with the rows in reverse order. IndexError for 0-d tensors.

    >>> import autograd
    >>> autograd.flipud(autograd.tensor([[1, 2], [3, 4]]))
    tensor([[3, 4],
            [1, 2]])
    """
    check_tensors("flipud", input=input)
    if input.ndim == 0:
        raise PlaceError("flipud: expected at least 1 axis; got a 0-d tensor.")
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
    if axes and not input.ndim:
        raise PlaceError("roll: dims need a tensor with axes; got a 0-d tensor. Leave them out.")
    if not moves or len(moves) != len(axes):
        raise RuntimeError(f"roll: each dim needs one shift; got shifts {shifts}, dims {dims}.")
    return Roll.apply(input, moves, axes) if input.ndim else Clone.apply(input)
