"""Whole rows added up where an index says: what a table of vectors gets as its gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, room
from autograd.kernels.layout import taken
from autograd.kernels.sums import FEW, wider

# -- added ----------------------------------------------------------------------------------------


def _rows_added(rows: Any, index: Any, *, n: int) -> Any:
    out = room((n, rows.shape[-1]), rows.dtype, rows, index)
    np.add.at(out, np.reshape(index, (-1,)), np.reshape(rows, (-1, rows.shape[-1])))
    return out


@kernel(plain=_rows_added)
def rows_added(rows: Any, index: Any, *, n: int) -> Any:
    """(n, d) zeros with ``rows``, (*, d), added at the rows that ``index``, (*), names.

    >>> rows_added(np.ones((3, 2)), np.array([1, 1, 0]), n=3)
    array([[1., 1.],
           [2., 2.],
           [0., 0.]])
    """
    out = np.zeros((n, rows.shape[-1]), rows.dtype)
    if index.size and out.size:
        add_rows(out, rows.reshape(index.size, -1), index.reshape(-1), fresh=True)
    return out


def add_rows(out: Any, rows: Any, places: Any, fresh: bool = False) -> None:
    """Add ``rows`` (m, d) to those of ``out`` (n, d) at ``places``, m integers from 0 to n - 1.

    Of a ``fresh`` one, which holds zeros, nothing needs to be read.

    Rows of one place are added up in runs, of which none is long: sums stay right however often a
    place is named.

    >>> out = np.zeros((3, 1))
    >>> add_rows(out, np.array([[1.0], [2.0], [4.0]]), np.array([2, 0, 2]))
    >>> out[:, 0]
    array([2., 0., 5.])
    """
    rows = rows.astype(wider(rows.dtype)) if rows.itemsize == 2 else rows
    order = ordered(places, len(out))
    place = places[order]
    first = np.ones(place.size + 1, bool)  # and one after the last
    np.not_equal(place[1:], place[:-1], out=first[1:-1])
    starts, counts = _runs(first)
    several = counts.max() > FEW
    if several:  # runs that go to one place
        after = np.arange(place.size) - np.repeat(starts, counts)
        first[:-1] = after % FEW == 0
        starts, counts = _runs(first)
    by_count = ordered(counts.max() - counts, FEW)  # the longest come first
    starts, counts = starts[by_count], counts[by_count]
    sums = taken(rows, order[starts])
    longer = np.searchsorted(-counts, -np.arange(1, counts[0]))  # than so many
    for step, m in enumerate(longer.tolist(), 1):
        sums[:m] += taken(rows, order[starts[:m] + step])
    places = place[starts]
    if several:
        add_rows(out, sums.astype(wider(rows.dtype)), places, fresh)
    else:
        out[places] = sums if fresh else np.add(sums, taken(out, places), out=sums)


def _runs(first: Any) -> tuple[Any, Any]:
    """Where runs begin, and how long each is, of flags that are true there and after the last."""
    bounds = np.flatnonzero(first)
    return bounds[:-1], bounds[1:] - bounds[:-1]


def ordered(numbers: Any, n: int) -> Any:
    """The stable order of integers from 0 to n - 1.

    Of 16 bits NumPy sorts by counting, ten times as fast as otherwise: so go the lower 16 bits,
    then the upper ones.

    >>> ordered(np.array([70_000, 5, 70_000, 1]), 100_000)
    array([3, 1, 0, 2])
    """
    if n > 2**32:
        return np.argsort(numbers, kind="stable")
    order = np.argsort(numbers.astype(np.uint16), kind="stable")  # its lower bits
    if n > 2**16:
        order = order[np.argsort((numbers[order] >> 16).astype(np.uint16), kind="stable")]
    return order


# -- shortened ------------------------------------------------------------------------------------


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
