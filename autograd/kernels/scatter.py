"""Values written or added at places: the adjoints of looking there, and their forms in place.

An index is given by position, as it may hold arrays; it is NumPy's, as `ops/indexing/index` makes
it. What ends in ``_at`` changes its first argument, and returns nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import foreign, kernel, room
from autograd.arrays.dtypes import float32
from autograd.kernels.layout import is_integers
from autograd.kernels.rows import add_rows
from autograd.kernels.sums import FEW, SMALL, wider

_LONG = 8  # elements of a row from which on rows are added up before they are added

# -- into zeros -----------------------------------------------------------------------------------


@kernel
def placed(x: Any, *, index: Any, shape: tuple[int, ...], fill: Any = 0) -> Any:
    """An array of ``shape`` with ``x`` at a basic index, which holds no array, else ``fill``.

    >>> placed(np.ones(2), index=slice(1, 3), shape=(4,))
    array([0., 1., 1., 0.])
    """
    out = room(shape, x.dtype, x)
    if fill:
        out[...] = fill
    out[index] = x
    return out


def _scattered(x: Any, index: Any, *, shape: tuple[int, ...], distinct: bool = False) -> Any:
    out = room(shape, x.dtype, x, index)
    if distinct:
        out[index] = x
    else:
        np.add.at(out, index, x)
    return out


@kernel(plain=_scattered)
def scattered(x: Any, index: Any, *, shape: tuple[int, ...], distinct: bool = False) -> Any:
    """Zeros of ``shape`` with ``x`` added at an index, again for every time it names an element.

    ``distinct`` promises that it names none twice; else the last stays.

    >>> scattered(np.ones(3), np.array([0, 0, 2]), shape=(4,))
    array([2., 0., 1., 0.])
    """
    out = np.zeros(shape, x.dtype)
    if distinct or not may_repeat(index):
        out[index] = x
    else:
        _add_at(out, index, x, fresh=True)
    return out


# -- in place -------------------------------------------------------------------------------------


def _plainly_add_at(out: Any, index: Any, value: Any) -> None:
    np.add.at(out, index, value)


@kernel(plain=_plainly_add_at)
def add_at(out: Any, index: Any, value: Any) -> None:
    """Add ``value`` to ``out[index]``, again for every time that an element is named."""
    _add_at(out, index, value)


@kernel
def reduce_at(out: Any, index: Any, value: Any, *, ufunc: Any) -> None:
    """Take ``ufunc`` of ``out[index]`` and each value in turn."""
    ufunc.at(out, index, value)


def _add_at(out: Any, index: Any, value: Any, fresh: bool = False) -> None:
    """np.add.at is fast along one axis only, and of one dtype; rows that are long are added up
    before."""
    value = value if np.ndim(value) else np.asarray(value).astype(out.dtype)
    found = rows_of(index, out.shape) if out.flags.c_contiguous else None
    if found is None:
        np.add.at(out, index, value)
        return
    places, rest = found
    row = math.prod(rest)
    value = np.broadcast_to(value, (*places.shape, *rest))
    if row >= _LONG and value.size > SMALL:
        of_rows = np.reshape(value, (-1, row))
        add_rows(np.reshape(out, (-1, row)), of_rows, np.reshape(places, -1), fresh)
        return
    often = value.size > SMALL and _often(places, out.size // max(row, 1))
    if row != 1:
        places = np.reshape(places, (*places.shape, 1)) * row + np.arange(row)
    flat, at, value = np.reshape(out, -1), np.reshape(places, -1), np.reshape(value, -1)
    if wider(out.dtype) is not out.dtype:
        if often:
            return _add_wide(flat, at, value.astype(wider(out.dtype)))
        if out.dtype.itemsize == 2:
            return _add_wide(flat, at, value.astype(float32))
    np.add.at(flat, at, value)


def _add_wide(out, at, value):
    """np.add.at, where what is added to an element is of a wider dtype, and summed in it."""
    places: Any = slice(None)
    if out.size > 4 * at.size:
        places, at = np.unique(at, return_inverse=True)
    total = np.zeros(out[places].shape, value.dtype)
    np.add.at(total, at, value)
    out[places] = out[places] + total


def _often(places: Any, n: int) -> bool:
    """Whether one of ``n`` places is named so often that sums in its own dtype would drift."""
    if places.size <= FEW:
        return False
    if n <= 4 * places.size:
        return bool(np.bincount(places.reshape(-1)).max() > FEW)
    sorted_places = np.sort(places, axis=None)
    return bool((sorted_places[FEW:] == sorted_places[:-FEW]).any())


def rows_of(index: Any, shape: tuple[int, ...]) -> tuple[Any, tuple[int, ...]] | None:
    """Which rows ``index`` names, rows being what lies along the axes after it; their shape.

    None unless the index is arrays of integers, side by side, after whole axes.

    >>> rows_of((slice(None), np.array([2, -1])), (2, 3, 4))
    (array([[2, 2],
           [5, 5]]), (4,))
    """
    items = index if type(index) is tuple else (index,)
    first = 0
    while first < len(items) and type(items[first]) is slice and items[first] == ALL:
        first += 1
    last = len(items)
    if first == last or any(type(i) is not int and not is_integers(i) for i in items[first:]):
        return None
    before, along, rest = shape[:first], shape[first:last], shape[last:]
    places = _in_range(items[first], along[0]) if last - first == 1 else None
    try:
        if places is None:
            places = np.ravel_multi_index(items[first:], along)
    except ValueError:  # negative, out of range, or of shapes that do not broadcast
        try:
            counted = [np.where(np.less(i, 0), i + n, i) for i, n in zip(items[first:], along)]
            places = np.ravel_multi_index(counted, along)
        except ValueError:
            return None
    places = np.asarray(places)
    if first:
        starts = np.arange(math.prod(before)) * math.prod(along)
        places = np.reshape(starts, (*before, *[1] * places.ndim)) + places
    return places, rest


def _in_range(item: Any, n: int) -> Any:
    """A large array of integers from 0 to n - 1 as it is; None for anything else."""
    large = type(item) is np.ndarray and item.size > SMALL
    if large and item.min() >= 0 and item.max() < n:
        return item.astype(np.intp, copy=False)
    return None


def may_repeat(index: Any) -> bool:
    """Whether an advanced index may name an element twice; a mask does not."""
    return any(is_integers(item) for item in (index if type(index) is tuple else (index,)))


# -- by runs --------------------------------------------------------------------------------------


def _sum_of_runs(x: Any, repeats: Any, *, n: int, axis: int) -> Any:
    runs = np.repeat(np.arange(n, like=foreign(repeats)), repeats)
    return _scattered(x, (ALL,) * axis + (runs,), shape=(*x.shape[:axis], n, *x.shape[axis + 1 :]))


@kernel(plain=_sum_of_runs)
def sum_of_runs(x: Any, repeats: Any, *, n: int, axis: int) -> Any:
    """The sums of ``n`` runs along an axis, run i ``repeats[i]`` long: the adjoint of np.repeat.

    >>> sum_of_runs(np.array([1.0, 2.0, 3.0]), np.array([2, 0, 1]), n=3, axis=0)
    array([3., 0., 3.])
    """
    lead, rest = x.shape[:axis], x.shape[axis + 1 :]
    out = np.zeros((*lead, n, *rest), x.dtype)
    (filled,) = np.nonzero(repeats)  # reduceat takes an empty run for a run of one
    if len(filled):
        starts = (np.cumsum(repeats) - repeats)[filled]
        out[(ALL,) * axis + (filled,)] = np.add.reduceat(x, starts, axis, wider(x.dtype))
    return out
