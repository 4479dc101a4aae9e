"""Rows added up where an index says: what a table of vectors gets as its gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room
from autograd.kernels.sums import FEW, wider


def _rows_added(rows: Any, index: Any, *, n: int) -> Any:
    out = room((n, rows.shape[-1]), rows.dtype, rows, index)
    np.add.at(out, np.reshape(index, (-1,)), np.reshape(rows, (-1, rows.shape[-1])))
    return out


@kernel(plain=_rows_added)
def rows_added(rows: Any, index: Any, *, n: int) -> Any:
    """(n, d) zeros with ``rows``, (*, d), added at the rows that ``index``, (*), names.

    Rows that go to one place are added in runs, of which none is long: sums stay right however
    often a place is named.

    >>> rows_added(np.ones((3, 2)), np.array([1, 1, 0]), n=3)
    array([[1., 1.],
           [2., 2.],
           [0., 0.]])
    """
    out = np.zeros((n, rows.shape[-1]), rows.dtype)
    if index.size and out.size:
        places, total = sums_by_place(rows.reshape(index.size, -1), index, n)
        out[places] = total
    return out


def sums_by_place(rows: Any, index: Any, n: int) -> tuple[Any, Any]:
    """The places in [0, n) that ``index`` names, each once, and the sums of the rows for each.

    >>> sums_by_place(np.ones((3, 1)), np.array([2, 0, 2]), 3)
    (array([2, 0]), array([[2.],
           [1.]]))
    """
    dtype = rows.dtype
    if dtype.itemsize == 2:
        rows = rows.astype(wider(dtype))
    index = index.reshape(-1)
    if n <= 2**16:
        index = index.astype(np.uint16)  # which NumPy sorts by its digits
    places, total, several = _in_runs(rows, index)
    if several:
        return sums_by_place(total.astype(wider(dtype)), places, n)
    return places, total.astype(dtype, copy=False)


def _in_runs(rows: Any, index: Any) -> tuple[Any, Any, bool]:
    """Places, the sums of runs of rows that go there, and whether a place has several.

    The longest come first.
    """
    order = np.argsort(index, kind="stable")
    place = index[order]
    first = np.ones(place.shape, bool)
    np.not_equal(place[1:], place[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    after = np.arange(place.size) - np.repeat(starts, np.diff(starts, append=place.size))
    runs = np.flatnonzero(after % FEW == 0)
    lengths = np.diff(runs, append=place.size)
    by_length = np.argsort(-lengths, kind="stable")
    runs, lengths = runs[by_length], lengths[by_length]
    total = rows.take(order[runs], axis=0)
    for step in range(1, int(lengths[0])):
        longer = np.searchsorted(-lengths, -step)
        total[:longer] += rows.take(order[runs[:longer] + step], axis=0)
    return place[runs], total, len(runs) != len(starts)


def _plainly_shorten_rows(table: Any, index: Any, *, limit: float, p: float) -> None:
    rows = np.unique(np.reshape(index, (-1,)))
    sizes = np.absolute(table[rows])
    if p == math.inf:
        norms = np.maximum.reduce(sizes, axis=1)
    else:
        norms = np.add.reduce(sizes**p, axis=1) ** (1 / p)
    factors = np.where(norms > limit, limit / (norms + 1e-7), 1)
    table[rows] = table[rows] * factors[:, None].astype(table.dtype)


@kernel(plain=_plainly_shorten_rows)
def shorten_rows(table: Any, index: Any, *, limit: float, p: float) -> None:
    """Shorten the rows of ``table`` that ``index`` names to the p-norm ``limit``, in place.

    >>> table = np.array([[3.0, 4.0], [3.0, 4.0]])
    >>> shorten_rows(table, np.array([1, 1]), limit=1.0, p=2)
    >>> table.round(4)
    array([[3. , 4. ],
           [0.6, 0.8]])
    """
    _plainly_shorten_rows(table, index, limit=limit, p=p)
