"""Memory order: how the elements of fresh results lie in memory, as PyTorch lays them out.

Two rules cover nearly all of it. What works element by element keeps the order of its input's axes,
as NumPy's own functions do with order="K". What moves, joins, picks or adds up elements comes out
in rows, the last axis fastest, so that ``view`` works on it; NumPy often keeps an order there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import handed_over, kernel, pick
from autograd.arrays.threads import run_all

_TAKEN = 2**18  # elements that a thread takes at a time

_SOON = 2**18  # bytes that are written sooner than a place for them is found

_MANY = 2**13  # elements from which on it pays to look whether an index stays in range


def _as_it_is(x: Any) -> Any:
    return x


def _copied(x: Any) -> Any:
    return x.copy()


@kernel(plain=_as_it_is, looks=True)
def in_rows(x: Any) -> Any:
    """``x`` itself where its elements lie in rows (C order), else a copy in which they do.

    >>> in_rows(np.ones((2, 3)).T).strides
    (16, 8)
    """
    if type(x) is not np.ndarray:
        return handed_over(in_rows, (x,), {})
    return x if x.flags.c_contiguous else np.copy(x, order="C")


@kernel(plain=_copied, looks=True)
def dense_copy(x: Any) -> Any:
    """A copy without gaps or repeats, its axes in memory in the order of x's.

    >>> dense_copy(np.ones((3, 2)).T).strides
    (8, 16)
    """
    if type(x) is not np.ndarray:
        return handed_over(dense_copy, (x,), {})
    dense = unexpanded(x)
    return np.copy(x, order="K") if dense is x else dense


@kernel(plain=_as_it_is, looks=True)
def gapless(x: Any) -> Any:
    """``x`` itself where its elements lie in rows, else a :func:`dense_copy`.

    >>> gapless(np.ones((2, 4))[:, ::2]).strides
    (16, 8)
    """
    if type(x) is not np.ndarray:
        return handed_over(gapless, (x,), {})
    return x if x.flags.c_contiguous else dense_copy(x)


@kernel(plain=_as_it_is, looks=True)
def unexpanded(x: Any) -> Any:
    """``x`` itself, or a copy of it where an axis is expanded.

    An expanded axis has no order of its own, and stays where the shape has it. NumPy's copies put
    it last, so that the copy of an expanded row could not be viewed as a row again.

    >>> unexpanded(np.broadcast_to(np.ones(3), (2, 3))).strides
    (24, 8)
    """
    if type(x) is not np.ndarray:
        return handed_over(unexpanded, (x,), {})
    if x.flags.c_contiguous or 0 not in x.strides:
        return x
    return in_order(x, slowest_first(x))


def in_order(x: Any, order: list[int]) -> Any:
    """``x`` itself where its axes lie densely in this order, the slowest first, else a copy.

    >>> in_order(np.ones((2, 3)), [1, 0]).strides
    (8, 16)
    """
    return np.transpose(in_rows(np.transpose(x, order)), np.argsort(order))


def memory_like(x: Any, shape: tuple[int, ...]) -> Any:
    """Fresh memory of another shape, its axes in the order of x's.

    >>> memory_like(np.ones((2, 3)).T, (5, 2)).strides
    (8, 40)
    """
    order = slowest_first(x)
    return np.transpose(np.empty([shape[i] for i in order], x.dtype), np.argsort(order))


def aligned(shape: tuple[int, ...], dtype: Any) -> Any:
    """A fresh array that begins at a cache line, if it is large: what is written to it costs half.

    NumPy's begin 16 bytes after one, so that every second store of 32 bytes meets the next.

    >>> aligned((300, 300), np.float32).__array_interface__["data"][0] % 64
    0
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size < _SOON:
        return np.empty(shape, dtype)
    memory = np.empty(size + 64, np.uint8)
    begin = -memory.__array_interface__["data"][0] % 64
    return memory[begin : begin + size].view(dtype).reshape(shape)


def slowest_first(x: Any) -> list[int]:
    """The axes of ``x`` in the order in which they lie in memory.

    >>> slowest_first(np.ones((2, 3)).T)
    [1, 0]
    """
    return _sorted(x.ndim, [getattr(x, "strides", range(x.ndim)[::-1])])


def _sorted(ndim: int, operands: Any) -> list[int]:
    """The axes by falling stride in the first of ``operands`` in which neither's is 0.

    Axes that no operand tells apart stay as they are. PyTorch's TensorIterator::reorder_dimensions:
    an insertion sort, which goes on past axes that cannot be compared.
    """
    order = list(range(ndim))
    for first in reversed(range(ndim - 1)):
        moving = first
        for other in range(first + 1, ndim):
            for strides in operands:
                slow, fast = abs(strides[order[moving]]), abs(strides[order[other]])
                if slow and fast and slow != fast:
                    break
            else:
                continue
            if slow > fast:
                break
            order[moving], order[other] = order[other], order[moving]
            moving = other
    return order


def _rows_taken(x: Any, index: Any, *, axis: int) -> Any:
    return pick(x, (ALL,) * axis + (index,))


@kernel(plain=_rows_taken)
def rows_taken(x: Any, index: Any, *, axis: int) -> Any:
    """x[:, ..., index]: what lies after ``axis`` at each of the integers of an index, as rows.

    NumPy's brackets copy element by element; ``take`` copies whole rows, if it need not ask for
    each integer whether it is in range.

    >>> rows_taken(np.array([[1, 2], [3, 4]]), np.array([1, 1]), axis=0)
    array([[3, 4],
           [3, 4]])
    """
    n, row = x.shape[axis], math.prod(x.shape[axis + 1 :])
    if index.size * row < _MANY or not x.flags.c_contiguous:
        return _rows_taken(x, index, axis=axis)
    if index.min() < 0 or index.max() >= n:  # from the end, or an error
        return _rows_taken(x, index, axis=axis)
    if axis:
        return x.take(index, axis, None, "clip")
    return taken(x.reshape(n, row), index.reshape(-1)).reshape(*index.shape, *x.shape[1:])


def taken(x: Any, index: Any) -> Any:
    """The rows of a matrix at integers (m), all in range; threads share them where they are many.

    >>> taken(np.array([[1, 2], [3, 4]]), np.array([1, 0, 1]))
    array([[3, 4],
           [1, 2],
           [3, 4]])
    """
    row = x.shape[1]
    if index.size * row <= _TAKEN:
        return x.take(index, 0, None, "clip")
    out, step = np.empty((index.size, row), x.dtype), max(1, _TAKEN // row)

    def task(begin: int) -> Callable[[], Any]:
        return lambda: x.take(index[begin : begin + step], 0, out[begin : begin + step], "clip")

    run_all([task(begin) for begin in range(0, index.size, step)])
    return out


def is_integers(item: Any) -> bool:
    """Whether a part of an index is an array of integers."""
    return hasattr(item, "dtype") and dtypes.integral(item.dtype)


def _picked(x: Any, index: Any) -> Any:
    return pick(x, index)


@kernel(plain=_picked)
def picked(x: Any, index: Any) -> Any:
    """x[index] for an advanced index: axes that stay keep their order, as do those of the index.

    >>> picked(np.ones((2, 3, 4)), (slice(None), np.array([0, 0]))).strides
    (64, 32, 8)
    """
    items = index if type(index) is tuple else (index,)
    if is_integers(items[-1]) and all([type(i) is slice and i == ALL for i in items[:-1]]):
        out = rows_taken(x, items[-1], axis=len(items) - 1)
    else:
        out = x[index]
    if x.flags.c_contiguous and hasattr(index, "flags") and index.flags.c_contiguous:
        return in_rows(out)  # as nearly always: one array, of rows
    arrays = [item for item in items if hasattr(item, "dtype")]
    if x.flags.c_contiguous and all([item.flags.c_contiguous for item in arrays]):
        return in_rows(out)
    if not out.size or isinstance(out, np.generic) or bool in map(type, items):
        return in_rows(out)
    return in_order(out, _sorted(out.ndim, _steps(x, items, arrays, out.ndim)))


def _steps(x: Any, items: Any, arrays: Any, ndim: int) -> list[tuple[int, ...]]:
    """The strides of x and of each array of its index, along the axes of the result.

    The axes of the arrays form one block: x has stride 0 there, and they have stride 0 elsewhere.
    """
    basic: list[Any] = []
    for item in items:
        if hasattr(item, "dtype"):
            basic += [0] * (item.ndim if dtypes.boolean(item.dtype) else 1)
        else:
            basic.append(item)
    kept = x[tuple(basic)].strides
    block = ndim - len(kept)
    at = [i for i, item in enumerate(items) if hasattr(item, "dtype")]
    before = at[0] if at[-1] - at[0] < len(at) else 0  # apart, they stand in front
    if before and any([item is Ellipsis for item in items[:before]]):
        before = len(kept) - (len(items) - at[-1] - 1)
    steps = [(*kept[:before], *(0,) * block, *kept[before:])]
    for item in arrays:
        own = [0 if n == 1 else step for n, step in zip(item.shape, item.strides)]
        own = [1] if dtypes.boolean(item.dtype) else own
        front = before + block - len(own)
        steps.append((*(0,) * front, *own, *(0,) * (ndim - front - len(own))))
    return steps
