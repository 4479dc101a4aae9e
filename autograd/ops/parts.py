"""Parts of a tensor: one slice or one diagonal of it, taken out or put in; pieces side by side.

What ends in ``_scatter`` is the tensor with a part replaced; the gradient of the part goes to what
replaced it, the rest to the tensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import memory
from autograd.arguments import check_tensors, integer_of
from autograd.dispatch import implements
from autograd.elementwise import cast
from autograd.function import Function
from autograd.graph import TensorBase, unwrap
from autograd.ops.indexing import GetSlice, PutItem, SetSlice
from autograd.ops.indices import ALL
from autograd.ops.joining import narrow, split, tensor_split
from autograd.ops.rearranging import Diagonal, OnDiagonal
from autograd.ops.reduction import axis_of
from autograd.ops.selection import where
from autograd.ops.shape import clone, distinct_axes, listed

if TYPE_CHECKING:
    from autograd.annotations import Tensor


# -- one slice ------------------------------------------------------------------------------------


def _slice(call: str, x: Any, dim: Any, index: Any) -> tuple[Any, ...]:
    """The basic index that takes one slice along an axis, checked."""
    if not x.ndim:
        raise IndexError(f"{call}: expected at least 1 axis; got a 0-d tensor.")
    axis, place = axis_of(call, x, dim), integer_of(call, "index", index)
    n = x.shape[axis]
    if not -n <= place < n:
        raise IndexError(f"{call}: index must be between {-n} and {n - 1}; got {place}.")
    return (*[ALL] * axis, place, Ellipsis)


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """A view of the slice at ``index`` along ``dim``, without that axis: x.select(1, i) is x[:, i].

    Raises IndexError where there is no such axis or slice.

    >>> import autograd
    >>> autograd.select(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 1, 0)
    tensor([1., 3.])
    """
    check_tensors("select", input=input)
    return GetSlice.apply(input, index=_slice("select", input, dim, index))


def _replaced(call: str, x: Any, src: Any, index: Any) -> Any:
    """``x`` with ``src`` at a basic index, which must have the shape of the part there."""
    wanted = unwrap(x)[index].shape
    if tuple(src.shape) != wanted:
        raise RuntimeError(
            f"{call}: src must have the shape of what it replaces, {wanted}; got "
            f"{tuple(src.shape)}. Expand or reshape it."
        )
    return SetSlice.apply(x, src, index=index)


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy of ``input`` with the slice at ``index`` along ``dim`` replaced by ``src``.

    Raises RuntimeError where ``src`` has not the slice's shape, IndexError as :func:`select`.

    >>> import autograd
    >>> autograd.select_scatter(autograd.zeros(2, 2), autograd.ones(2), 1, 0)
    tensor([[1., 0.],
            [1., 0.]])
    """
    check_tensors("select_scatter", input=input, src=src)
    index_of_slice = _slice("select_scatter", input, dim, index)
    return _replaced("select_scatter", input, src, index_of_slice)


def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A copy of ``input`` with ``start:end:step`` along ``dim`` replaced by ``src``.

    Raises RuntimeError where ``src`` has not the shape of that part, ValueError for step < 1.

    >>> import autograd
    >>> autograd.slice_scatter(autograd.zeros(4), autograd.ones(2), 0, 1, 3)
    tensor([0., 1., 1., 0.])
    """
    check_tensors("slice_scatter", input=input, src=src)
    axis = axis_of("slice_scatter", input, dim)
    if integer_of("slice_scatter", "step", step) < 1:
        raise ValueError(f"slice_scatter: step must be at least 1; got {step}.")
    index = (*[ALL] * axis, slice(start, end, step), Ellipsis)
    return _replaced("slice_scatter", input, src, index)


def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """A copy of ``input`` with the diagonal that :func:`diagonal` shows replaced by ``src``.

    Raises RuntimeError where ``src`` has not the diagonal's shape.

    >>> import autograd
    >>> autograd.diagonal_scatter(autograd.zeros(2, 2), autograd.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_tensors("diagonal_scatter", input=input, src=src)
    axes = distinct_axes("diagonal_scatter", input, (dim1, dim2))
    x: Any = unwrap(input)
    wanted = Diagonal.apply(x, offset, *axes)
    if tuple(src.shape) != wanted.shape:
        raise RuntimeError(
            f"diagonal_scatter: src must have the shape of what it replaces, {wanted.shape}; got "
            f"{tuple(src.shape)}. Expand or reshape it."
        )
    mask = OnDiagonal.apply(np.ones(wanted.shape, bool, like=x), x.shape, offset, *axes)
    return where(mask, OnDiagonal.apply(cast(src, x.dtype), x.shape, offset, *axes), input)


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """:func:`narrow` as a copy.

    >>> import autograd
    >>> autograd.narrow_copy(autograd.tensor([1.0, 2.0, 3.0]), 0, 1, 2)
    tensor([2., 3.])
    """
    return clone(narrow(input, dim, start, length))


# -- pieces side by side --------------------------------------------------------------------------


def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """:func:`split` into pieces of the given sizes.

    >>> import autograd
    >>> autograd.split_with_sizes(autograd.tensor([1.0, 2.0, 3.0]), [1, 2])
    (tensor([1.]), tensor([2., 3.]))
    """
    return split(input, list(split_sizes), dim)


def _split_along(call: str, x: Any, sections: Any, axis: int, least: int) -> tuple[Any, ...]:
    check_tensors(call, input=x)
    if x.ndim < least:
        raise RuntimeError(f"{call}: expected at least {least} axes; got {tuple(x.shape)}.")
    sections = unwrap(sections)
    if np.ndim(sections) == 0 and (sections < 1 or x.shape[axis] % sections):
        raise RuntimeError(
            f"{call}: sections must divide the size of the axis; axis {axis} has "
            f"{x.shape[axis]}, got {sections}. Use tensor_split for unequal pieces."
        )
    return tensor_split(x, sections, axis)


def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of equal pieces along the second axis (the only one of a vector), or between indices.

    Raises RuntimeError where the number of pieces does not divide the size.

    >>> import autograd
    >>> autograd.hsplit(autograd.tensor([1.0, 2.0, 3.0, 4.0]), 2)
    (tensor([1., 2.]), tensor([3., 4.]))
    """
    axis = 0 if getattr(input, "ndim", 1) == 1 else 1
    return _split_along("hsplit", input, indices_or_sections, axis, 1)


def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """As :func:`hsplit`, along the first axis of two or more.

    >>> import autograd
    >>> autograd.vsplit(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), 2)
    (tensor([[1., 2.]]), tensor([[3., 4.]]))
    """
    return _split_along("vsplit", input, indices_or_sections, 0, 2)


def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """As :func:`hsplit`, along the third axis of three or more.

    >>> import autograd
    >>> [piece.shape for piece in autograd.dsplit(autograd.zeros(2, 3, 4), 2)]
    [autograd.Size([2, 3, 2]), autograd.Size([2, 3, 2])]
    """
    return _split_along("dsplit", input, indices_or_sections, 2, 3)


def _as_list(splitter: Any) -> Any:
    """NumPy's functions return lists."""
    return lambda ary, indices_or_sections: list(splitter(ary, indices_or_sections))


implements(np.hsplit)(_as_list(hsplit))
implements(np.vsplit)(_as_list(vsplit))
implements(np.dsplit)(_as_list(dsplit))


# -- by strides -----------------------------------------------------------------------------------


class Strided(Function):
    """Elements of a vector at offset + Σ i · stride, a view that may name an element many times."""

    view = True

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
        size, stride, offset = self.facts
        like = unwrap(g)
        like = None if isinstance(like, np.generic) else like
        places = np.full((1,) * len(size), offset, like=like)
        for axis, (n, step) in enumerate(zip(size, stride)):
            steps = np.arange(n, like=like) * step
            places = places + np.reshape(steps, (n, *[1] * (len(size) - axis - 1)))
        return PutItem.apply(g, places, shape=self.shapes[0])


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
    sizes, steps = listed((size,)), listed((stride,))
    if len(sizes) != len(steps) or min((*sizes, *steps), default=0) < 0:
        raise RuntimeError(
            "as_strided: size and stride must be as many, none of them negative; got "
            f"{tuple(sizes)} and {tuple(steps)}."
        )
    x: Any = input._array() if isinstance(input, TensorBase) else input
    order = list(range(x.ndim))
    if not x.flags.c_contiguous:
        order.sort(key=lambda axis: -x.strides[axis])
    if not np.transpose(x, order).flags.c_contiguous:
        raise RuntimeError(
            "as_strided: the tensor must fill its memory without gaps; this one has shape "
            f"{tuple(x.shape)} and steps of {x.strides} bytes. Call contiguous() first."
        )
    start = 0
    if storage_offset is not None:
        start = integer_of("as_strided", "storage_offset", storage_offset) - offset_of(x)
    last = start + sum([(n - 1) * step for n, step in zip(sizes, steps)])
    if 0 not in sizes and not 0 <= start <= last < x.size:
        raise RuntimeError(
            f"as_strided: the view must lie within the tensor, {x.size} elements from "
            f"storage_offset {offset_of(x)}; got elements {start} to {last} of them."
        )
    flat = np.reshape(np.transpose(input, order), (-1,))
    return Strided.apply(flat, sizes, steps, start)


def offset_of(array: Any) -> int:
    """How many elements into the memory that it is part of an array begins.

    >>> offset_of(np.arange(6)[2:])
    2
    """
    owner = memory.owner_of(array)
    if owner is array:
        return 0
    ends = np.lib.array_utils.byte_bounds
    return (ends(array)[0] - ends(owner)[0]) // int(array.itemsize)
