"""The order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors, distinct_axes, listed
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["adjoint", "moveaxis", "movedim", "permute", "swapaxes", "swapdims", "t", "transpose"]


# -- other orders of the axes ---------------------------------------------------------------------


@implements(np.transpose)
class Permute(Function):
    view = True
    takes_complex = True

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
    takes_complex = True

    def forward(self, x, axis1, axis2):
        self.pair = axis1, axis2
        return np.swapaxes(x, axis1, axis2)

    def grad_x(self, g):
        return np.swapaxes(g, *self.pair)


class ConjugateTranspose(Function):
    takes_complex = True

    def forward(self, x):
        return np.conjugate(np.swapaxes(x, -2, -1))

    def grad_x(self, g):
        return ConjugateTranspose.apply(g)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """A view with two axes exchanged.

    >>> import autograd
    >>> autograd.transpose(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 0, 1)
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
    """:func:`transpose` in NumPy's words.

    >>> import autograd
    >>> autograd.swapaxes(autograd.zeros(2, 3, 4), 0, 2).shape
    autograd.Size([4, 3, 2])
    """
    return transpose(input, axis0, axis1)


def permute(input: Tensor, *axes: Any, dims: Sequence[int] | None = None) -> Tensor:
    """A view with the axes in the order ``dims``, each named once.

    Raises ValueError where an axis is named twice or not at all.

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
        raise ShapeError(
            f"permute: every axis must be named once; shape {tuple(input.shape)} has {input.ndim}, "
            f"got {given}."
        ) from None


@implements(np.moveaxis)
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """A view with the axes ``source`` moved to ``destination``; the others keep their order.

    Raises ValueError where they name unlike numbers of axes.

    >>> import autograd
    >>> movedim(autograd.zeros(2, 3, 4), 0, -1).shape
    autograd.Size([3, 4, 2])
    """
    come = distinct_axes("movedim", input, listed((source,)))
    go = distinct_axes("movedim", input, listed((destination,)))
    if len(come) != len(go):
        raise ShapeError(
            "movedim: source and destination must name as many axes; "
            f"got {source} and {destination}."
        )
    order = [axis for axis in range(input.ndim) if axis not in come]
    for to, axis in sorted(zip(go, come)):
        order.insert(to, axis)
    return Permute.apply(input, tuple(order[: input.ndim]))


moveaxis = movedim


def t(input: Tensor) -> Tensor:
    """A matrix transposed; 0-d and 1-d tensors as they are. RuntimeError above two axes.

    Shapes: (n, m) -> (m, n).

    >>> import autograd
    >>> autograd.t(autograd.tensor([[1, 2], [3, 4]]))
    tensor([[1, 3],
            [2, 4]])
    """
    check_tensors("t", input=input)
    if input.ndim > 2:
        raise ShapeError(f"t: expected at most 2 axes; got shape {tuple(input.shape)}. Use mT.")
    return Permute.apply(input)


def T(input: Tensor) -> Tensor:
    """A view with all axes in reverse order."""
    return Permute.apply(input)


@implements(np.matrix_transpose)
def mT(x: Tensor) -> Tensor:
    """A view with the last two axes exchanged. RuntimeError below two axes."""
    if x.ndim < 2:
        raise ShapeError(f"mT: expected at least 2 axes; got shape {tuple(x.shape)}.")
    return Transpose.apply(x, -2, -1)


def mH(input: Tensor) -> Tensor:
    """Matrices, transposed and conjugated. RuntimeError below two axes.

    >>> import autograd
    >>> autograd.adjoint(autograd.ones(2, 3)).shape
    autograd.Size([3, 2])
    """
    check_tensors("mH", input=input)
    return ConjugateTranspose.apply(input) if dtypes.complex_valued(input.dtype) else mT(input)


adjoint = mH


def H(input: Tensor) -> Tensor:
    """A matrix, transposed and conjugated. RuntimeError unless there are 0 or 2 axes."""
    if input.ndim not in (0, 2):
        raise ShapeError(f"H: expected a matrix; got shape {tuple(input.shape)}. Use mH.")
    return mH(input) if input.ndim else Permute.apply(input)
