"""A slice replaced: select, and the out-of-place forms of assigning to a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import ALL, axis_of, check_tensors, distinct_axes, integer_of
from autograd.engine.elementwise import cast
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.getitem import GetSlice, SetSlice
from autograd.ops.pointwise.where import where
from autograd.ops.shape.diagonal import Diagonal, OnDiagonal

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["diagonal_scatter", "select", "select_scatter", "slice_scatter"]


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
    wanted = np.shape(unwrap(GetSlice.apply(unwrap(x), index=index)))
    if tuple(src.shape) != wanted:
        raise ShapeError(
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
    start = None if start is None else integer_of("slice_scatter", "start", start)
    end = None if end is None else integer_of("slice_scatter", "end", end)
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
    x, offset = unwrap(input), integer_of("diagonal_scatter", "offset", offset)
    wanted: Any = Diagonal.apply(x, offset, *axes)
    if tuple(src.shape) != wanted.shape:
        raise ShapeError(
            f"diagonal_scatter: src must have the shape of what it replaces, {wanted.shape}; got "
            f"{tuple(src.shape)}. Expand or reshape it."
        )
    mask = OnDiagonal.apply(np.ones(wanted.shape, bool, like=x), x.shape, offset, *axes)
    return where(mask, OnDiagonal.apply(cast(src, x.dtype), x.shape, offset, *axes), input)
