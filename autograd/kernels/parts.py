"""Where work is cut: parts of arrays that stay in a core's cache, and that threads share.

A part is of a size that stays in the cache while several functions go over it one after the other,
each writing into what the one before has made: of an expression with three temporary arrays only
the operands are read from memory, and only the result is written to it. Smaller ones would do so
better; but a thread waits for the interpreter at each call, and calls of less than some 20 µs wait
longer than they work.

Where parts are cut depends on sizes alone: any number of threads gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.threads import run_all
from autograd.kernels.layout import aligned, unexpanded

PAYS = 2**18  # elements from which on it pays to share the work

PART = 2**17  # elements; half a megabyte of float32

_LONG_ROW = 256  # elements: a loop over fewer costs more to begin than a copy of its number

_BUFFER = 8192  # elements; NumPy's own

_MANY = 2**14  # elements over which it pays to set the size of a buffer


def of_parts(work: Callable[[Any], Any], parts: list[Any], size: int) -> list[Any]:
    """What ``work`` returns for each of the parts, in their order, of an array of that ``size``.

    >>> of_parts(lambda part: part.stop, [slice(0, 2), slice(2, 4)], 4)
    [2, 4]
    """
    if size < PAYS:
        return [work(part) for part in parts]
    found: dict[int, Any] = {}
    run_all([partial(_put, found, i, work, part) for i, part in enumerate(parts)])
    return [found[i] for i in range(len(parts))]


def _put(found: dict[int, Any], i: int, work: Callable[[Any], Any], part: Any) -> None:
    found[i] = work(part)


def rows_of(rows: int, length: int, size: int = PART) -> list[slice]:
    """Slices of so many rows of that ``length``, each of one ``size``; where there are many
    elements an even number of them, so that two threads have the same to do.

    >>> rows_of(3, 2, size=4)
    [slice(0, 2, None), slice(2, 4, None)]
    """
    count = -(-rows * length // size)
    if rows * length >= PAYS:
        count += count % 2
    step = max(-(-rows // max(count, 1)), 1)
    return [slice(start, start + step) for start in range(0, rows, step)]


class Rooms:
    """Memory that the tasks of a call lend to each other: the next finds it in its core's cache.

    There are as many rooms as threads work at once. A fresh array in each task would mostly lie
    elsewhere, because smaller ones are put where the last one was.

    >>> x = np.ones((4, 3))
    >>> rooms = Rooms(x, rows_of(4, 3, size=6))
    >>> room = rooms.taken()
    >>> room.shape
    (2, 3)
    >>> rooms.give(room)
    """

    def __init__(self, x: Any, parts: list[Any]) -> None:
        self.x, self.parts = x, parts
        self.free: list[Any] = []
        self.give = self.free.append

    def taken(self) -> Any:
        """One for the largest part of ``x``; nobody else writes to it until it is given back."""
        try:
            return self.free.pop()
        except IndexError:
            part = self.x[self.parts[0]]
            return aligned(part.shape, part.dtype)


def by_rows(work: Callable[[slice], None], rows: int, length: int, size: int = PART) -> None:
    """``work`` on each of :func:`rows_of`, in any order.

    >>> out = np.zeros(3)
    >>> by_rows(lambda part: out.__setitem__(part, 1), 3, 2)
    >>> out
    array([1., 1., 1.])
    """
    of_parts(work, rows_of(rows, length, size), rows * length)


def by_elements(work: Callable[..., None], *arrays: Any) -> None:
    """``work(*parts)`` on the same part of each array: some elements, in the order of memory.

    ``arrays`` have one shape, but for those of shape (), which each part gets. Few elements are one
    part, and so are arrays that lie in different orders, or with gaps.

    >>> x, out = np.arange(3.0), np.empty(3)
    >>> by_elements(np.multiply, x, np.float64(2), out)
    >>> out
    array([0., 2., 4.])
    """
    whole = [x for x in arrays if x.shape]
    rows = all([x.flags.c_contiguous for x in whole])
    if not whole:
        work(*[np.reshape(x, 1) for x in arrays])
        return
    if whole[0].size < PAYS or not (rows or _columns(whole)):
        work(*arrays)
        return
    flat = [np.reshape(x if rows else np.transpose(x), -1) for x in arrays]
    cut = [bool(x.shape) for x in arrays]

    def task(part: slice) -> None:
        work(*[x[part] if c else x[0] for x, c in zip(flat, cut)])

    by_rows(task, whole[0].size, 1)


def _columns(arrays: list[Any]) -> bool:
    return all([x.flags.f_contiguous for x in arrays])


def met(ufunc: Any, x: Any, numbers: Any, out: Any) -> Any:
    """``ufunc(x, numbers, out)``: a matrix (m, n) and a number for each row, (m, 1), of its dtype.

    NumPy copies what is broadcast into a buffer of 8,192 elements, and goes on from there. Where a
    buffer holds no more than a row it copies nothing, which takes less than half the time.

    >>> x = np.ones((2, 3))
    >>> met(np.multiply, x, np.array([[2.0], [3.0]]), x)
    array([[2., 2., 2.],
           [3., 3., 3.]])
    """
    n = x.shape[1]
    if not _LONG_ROW <= n < _BUFFER or x.size < _MANY:
        return ufunc(x, numbers, out)
    with np.errstate():  # whose end brings the size before back
        np.setbufsize(n // 16 * 16)
        return ufunc(x, numbers, out)


def in_parts(into: Callable[..., Any], *arrays: Any, dtype: Any = None) -> Any:
    """A fresh array, which ``into(*parts, out)`` writes :func:`by_elements` of ``arrays``.

    It has ``dtype``, or that of the first.

    >>> in_parts(np.multiply, np.arange(3.0), np.float64(2))
    array([0., 2., 4.])
    """
    first = next((x for x in arrays if x.shape), arrays[0])
    alone = len([x for x in arrays if x.shape]) == 1
    if alone or all([x.flags.f_contiguous for x in arrays if x.shape]):
        out = like(first, dtype)
    else:
        out = np.empty(first.shape, dtype or first.dtype)
    by_elements(into, *arrays, out)
    return out if out.shape else out[()]


def like(x: Any, dtype: Any = None) -> Any:
    """A fresh array without gaps, its axes in memory in the order of x's.

    >>> like(np.ones((3, 2)).T).strides
    (8, 16)
    """
    return np.empty_like(unexpanded(x), dtype)
