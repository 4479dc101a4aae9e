"""A part of an axis, and its adjoint, padding: narrow and pad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import ALL, axis_of, check_tensors, integer_of
from autograd.arrays.errors import PlaceError
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.kernels.scatter import placed
from autograd.ops.shape.reshape import Clone

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["narrow", "narrow_copy"]


class Narrow(Function):
    """Without ``widths`` (before, after) at the ends of each axis."""

    view = True
    takes_complex = True

    def forward(self, x, widths):
        self.widths = widths
        return x[_inner(x.shape, widths)]

    def grad_x(self, g):
        return Pad.apply(g, self.widths)


class Pad(Function):
    """With ``widths`` (before, after) of a constant value at the ends of each axis."""

    takes_complex = True

    def forward(self, x, widths, value=0):
        self.widths = widths
        shape = tuple([n + before + after for n, (before, after) in zip(x.shape, widths)])
        return placed(x, index=_inner(shape, widths), shape=shape, fill=value)

    def grad_x(self, g):
        return Narrow.apply(g, self.widths)


def splittable(call: str, x: Any, dim: int) -> tuple[int, int]:
    """The axis and its size."""
    try:
        n = x.ndim
    except AttributeError:
        check_tensors(call, input=x)
        raise
    if n == 0:
        raise PlaceError(f"{call}: expected at least 1 axis; got a 0-d tensor.")
    axis = axis_of(call, x, dim)
    return axis, x.shape[axis]


def _inner(shape: Sequence[int], widths: Sequence[tuple[int, int]]) -> tuple[slice, ...]:
    return tuple([slice(before, n - after) for n, (before, after) in zip(shape, widths)])


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A view of ``length`` elements along ``dim``, from ``start`` (negative: from the end).

    Raises RuntimeError where they are not all there.

    >>> import autograd
    >>> autograd.narrow(autograd.tensor([1.0, 2.0, 3.0]), 0, 1, 2)
    tensor([2., 3.])
    """
    axis, n = splittable("narrow", input, dim)
    start, length = integer_of("narrow", "start", start), integer_of("narrow", "length", length)
    first = start + (n if start < 0 else 0)
    if length < 0 or not 0 <= first <= n - length:
        raise PlaceError(
            f"narrow: start and length must lie within the axis; dim {dim} has {n}, got "
            f"start {start}, length {length}."
        )
    widths = [(0, 0)] * input.ndim
    widths[axis] = (first, n - first - length)
    return Narrow.apply(input, widths)


@implements(np.pad)
def _pad(array: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    """Padding as in np.pad; modes that take their values from the array are indexed from it."""
    widths = np.broadcast_to(pad_width, (array.ndim, 2)).tolist()
    if min([0, *[n for pair in widths for n in pair]]) < 0:
        raise ValueError(f"pad: widths must not be negative; got {pad_width}.")
    if mode == "constant":
        if np.ndim(constant_values):
            raise TypeError("pad: constant_values must be one number; got several.")
        return Pad.apply(array, widths, constant_values)
    if mode not in ("edge", "reflect", "symmetric", "wrap"):
        raise ValueError(f"pad: mode {mode!r} has no gradient here. Use constant, edge or reflect.")
    for axis, width in enumerate(widths):
        if any(width):
            index = np.pad(np.arange(array.shape[axis]), width, mode)  # type: ignore[call-overload]
            array = array[(ALL,) * axis + (index,)]
    return array


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """:func:`narrow` as a copy.

    >>> import autograd
    >>> autograd.narrow_copy(autograd.tensor([1.0, 2.0, 3.0]), 0, 1, 2)
    tensor([2., 3.])
    """
    return Clone.apply(narrow(input, dim, start, length), "C")
