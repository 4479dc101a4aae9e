"""Windows: sliding ones, and any that strides describe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors, integer_of, listed
from autograd.arrays.dialect import inside
from autograd.engine import versions
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.windows import folded, windows
from autograd.ops.indexing.getitem import PutItem, SetItem
from autograd.ops.shape.expand import Expand
from autograd.ops.shape.reshape import check_sizes, contiguous

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["as_strided", "as_strided_scatter"]


# -- by strides -----------------------------------------------------------------------------------


class Strided(Function):
    """Elements of a vector at offset + Σ i · stride, a view that may name an element many times."""

    view = True
    takes_complex = True

    def forward(self, x, size, stride, offset):
        self.facts = size, stride, offset
        span = [(n - 1) * step + 1 for n, step in zip(size, stride)]
        if 0 in size:
            return np.reshape(x[:0], size)
        out = x[offset : offset + sum(span) - len(span) + 1]
        for n, step, reach in reversed(list(zip(size, stride, span))):
            # one more axis before those that are there; axis 0 is still to be walked along
            out = np.lib.stride_tricks.sliding_window_view(out, reach, 0)
            out = np.moveaxis(out[..., :: step or 1], -1, 1)
            if not step:
                out = np.broadcast_to(out, (out.shape[0], n, *out.shape[2:]))
        return out[0, ...]

    def grad_x(self, g):
        return PutItem.apply(g, _places(*self.facts, unwrap(g)), shape=self.shapes[0])


def _places(size: Any, stride: Any, offset: int, like: Any) -> Any:
    """The place in the vector of each element that strides describe."""
    like = None if isinstance(like, np.generic) else like
    places = np.full((1,) * len(size), offset, like=like)
    for axis, (n, step) in enumerate(zip(size, stride)):
        steps = np.arange(n, like=like) * step
        places = places + np.reshape(steps, (n, *[1] * (len(size) - axis - 1)))
    return places


def as_strided(
    input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Tensor:
    """A view that steps through the memory of ``input``, ``stride`` elements along each axis.

    Element (i, j, …) is that at ``storage_offset`` + i · stride₀ + j · stride₁ + …, counted in the
    memory that the tensor is part of; without an offset, from the tensor's first element. Elements
    may be named more than once: their gradients add up. The view can be read, not written to.

    Raises RuntimeError where it would leave the memory of ``input``, where ``input`` does not
    fill its memory without gaps, or for negative strides.

    >>> import autograd
    >>> autograd.as_strided(autograd.tensor([1.0, 2.0, 3.0, 4.0]), (3, 2), (1, 1))
    tensor([[1., 2.],
            [2., 3.],
            [3., 4.]])
    """
    check_tensors("as_strided", input=input)
    order, facts = _strides("as_strided", input, size, stride, storage_offset)
    return Strided.apply(np.reshape(np.transpose(input, order), (-1,)), *facts)


def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
) -> Tensor:
    """A copy of ``input`` with the elements that :func:`as_strided` shows replaced by ``src``.

    Raises RuntimeError where ``src`` has not the shape ``size``, and as :func:`as_strided` does.

    >>> import autograd
    >>> autograd.as_strided_scatter(autograd.zeros(4), autograd.ones(2), (2,), (3,))
    tensor([1., 0., 0., 1.])
    """
    check_tensors("as_strided_scatter", input=input, src=src)
    order, facts = _strides("as_strided_scatter", input, size, stride, storage_offset)
    sizes, steps, start = facts
    if tuple(src.shape) != tuple(sizes):
        raise ShapeError(
            f"as_strided_scatter: src must have the shape of what it replaces, {tuple(sizes)}; "
            f"got {tuple(src.shape)}. Expand or reshape it."
        )
    turned: Any = np.transpose(input, order)
    flat: Any = np.reshape(turned, (-1,))
    flat = SetItem.apply(contiguous(flat), src, _places(sizes, steps, start, unwrap(src)))
    back: Any = np.transpose(np.reshape(flat, turned.shape), [*np.argsort(order)])
    return contiguous(back)


def _strides(call: str, input: Any, size: Any, stride: Any, storage_offset: Any) -> tuple[Any, Any]:
    """The order of the axes in memory, and (size, stride, offset) counted from the tensor."""
    sizes, steps = listed((size,)), listed((stride,))
    check_sizes(call, (*sizes, *steps))
    if len(sizes) != len(steps) or min((*sizes, *steps), default=0) < 0:
        raise RuntimeError(
            f"{call}: size and stride must be as many, none of them negative; got "
            f"{tuple(sizes)} and {tuple(steps)}."
        )
    x: Any = input._array() if hasattr(input, "_array") else input
    order = list(range(x.ndim))
    if not x.flags.c_contiguous:
        order.sort(key=lambda axis: -x.strides[axis])
    if not np.transpose(x, order).flags.c_contiguous:
        raise ShapeError(
            f"{call}: the tensor must fill its memory without gaps; this one has shape "
            f"{tuple(x.shape)} and steps of {x.strides} bytes. Call contiguous() first."
        )
    start = 0
    if storage_offset is not None:
        start = integer_of(call, "storage_offset", storage_offset) - offset_of(x)
    last = start + sum([(n - 1) * step for n, step in zip(sizes, steps)])
    if 0 not in sizes and not 0 <= start <= last < x.size:
        raise RuntimeError(
            f"{call}: the view must lie within the tensor, {x.size} elements from "
            f"storage_offset {offset_of(x)}; got elements {start} to {last} of them."
        )
    return order, (sizes, steps, start)


def offset_of(array: Any) -> int:
    """How many elements into the memory that it is part of an array begins.

    >>> offset_of(np.arange(6)[2:])
    2
    """
    array = inside(getattr(array, "first", array))  # of many samples, which look alike
    owner = versions.owner_of(array)
    if owner is array:
        return 0
    ends = np.lib.array_utils.byte_bounds
    return (ends(array)[0] - ends(owner)[0]) // int(array.itemsize)


# -- windows --------------------------------------------------------------------------------------


class Unfold(Function):
    """Windows along an axis, each ``step`` after the one before; elements in a last axis."""

    view = True
    takes_complex = True

    def forward(self, x, axis, size, step):
        self.facts = x.shape[axis], axis, size, step
        return windows(x, axis=axis, size=size, step=step)

    def grad_x(self, g):
        return Fold.apply(g, *self.facts)


class Fold(Function):
    """Windows added back to where they were looked at: the adjoint of Unfold."""

    takes_complex = True

    def forward(self, x, n, axis, size, step):
        self.facts = axis, size, step
        return folded(x, n=n, axis=axis, size=size, step=step)

    def grad_x(self, g):
        return Unfold.apply(g, *self.facts)


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
    size, step = integer_of("unfold", "size", size), integer_of("unfold", "step", step)
    if not 0 <= size <= n or step <= 0:
        raise ShapeError(
            f"unfold: size must be between 0 and {n}, the size of dimension {dimension}, and step "
            f"positive; got size {size}, step {step}."
        )
    if input.ndim == 0:  # as PyTorch has it: one window, without an axis for windows
        return Expand.apply(input, (size,))
    return Unfold.apply(input, axis, size, step)
