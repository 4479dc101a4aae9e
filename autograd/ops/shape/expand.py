"""Broadcasting, which repeats elements without copying them, and its adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, listed
from autograd.arrays.remedies import to_broadcast
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import sum_to
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.shape.reshape import Reshape, check_sizes, clone

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["broadcast_shapes", "broadcast_tensors", "broadcast_to", "meshgrid"]


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """The sums over the axes along which ``size`` would be broadcast to the tensor's shape.

    Raises RuntimeError where it would not.

    >>> import autograd
    >>> autograd.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    check_tensors("sum_to_size", input=input)
    wanted, shape = listed(size), tuple(input.shape)
    fits = len(wanted) <= len(shape) and all(
        [n in (1, m) for n, m in zip(reversed(wanted), reversed(shape))]
    )
    if not fits:
        raise ShapeError(
            f"sum_to_size: the size must broadcast to the tensor's shape; got {wanted} for {shape}."
        )
    return sum_to(input, wanted) if shape else clone(input)


@implements(np.broadcast_to)
class Expand(Function):
    """Copies along new and 1-sized axes, without copying; its adjoint is the sum over them."""

    view = True
    takes_complex = True

    def forward(self, x, shape):
        self.source = x.shape
        return np.broadcast_to(x, shape)

    def grad_x(self, g):
        return sum_to(g, self.source)


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
        raise ShapeError(
            f"expand: each size must be the tensor's, or stretch a 1, counted from the last; "
            f"{tuple(input.shape)} cannot become {listed(sizes, size)}. "
            f"{to_broadcast([listed(sizes, size), input.shape], ('', 'x'))}"
        ) from None


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """``input`` expanded to the shape of ``other``; see :func:`expand`.

    >>> import autograd
    >>> autograd.tensor([1, 2]).expand_as(autograd.zeros(2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    check_tensors("expand_as", other=other)
    return expand(input, *other.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """:func:`expand` with the sizes as one sequence.

    >>> import autograd
    >>> autograd.broadcast_to(autograd.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
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
        raise ShapeError(
            "broadcast_shapes: sizes must be equal or 1 along each axis, counted from the last; "
            f"got {', '.join(map(str, shapes))}."
        ) from None


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Views of all tensors in their common shape.

    >>> import autograd
    >>> x, y = autograd.broadcast_tensors(autograd.zeros(3, 1), autograd.zeros(2))
    >>> x.shape, y.shape
    (autograd.Size([3, 2]), autograd.Size([3, 2]))
    """
    for one in tensors:
        check_tensors("broadcast_tensors", tensor=one)
    shape = broadcast_shapes(*[tuple(tensor.shape) for tensor in tensors])
    return tuple(
        [one if tuple(one.shape) == shape else Expand.apply(one, shape) for one in tensors]
    )


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
            raise ShapeError(f"meshgrid: expected 0-d or 1-d tensors; got {tuple(one.shape)}.")
    places = list(range(len(tensors)))
    if indexing == "xy":
        places[:2] = places[:2][::-1]
    lined = [
        Reshape.apply(one, tuple([-1 if place == i else 1 for i in range(len(tensors))]))
        for one, place in zip(tensors, places)
    ]
    return broadcast_tensors(*lined)
