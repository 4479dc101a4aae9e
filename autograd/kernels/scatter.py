"""Values written or added at places: the adjoints of looking there, and their forms in place.

An index is given by position, as it may hold arrays; it is NumPy's, as `ops/indexing/index` makes
it. What ends in ``_at`` changes its first argument, and returns nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import foreign, kernel, room
from autograd.arrays.dtypes import float32
from autograd.kernels.embedding import sums_by_place
from autograd.kernels.sums import FEW, SMALL, wider

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
    np.add.at(out, index, x)
    return out


@kernel(plain=_scattered)
def scattered(x: Any, index: Any, *, shape: tuple[int, ...], distinct: bool = False) -> Any:
    """Zeros of ``shape`` with ``x`` added at an index, again for every time it names an element.

    ``distinct`` promises that it names none twice.

    >>> scattered(np.ones(3), np.array([0, 0, 2]), shape=(4,))
    array([2., 0., 1., 0.])
    """
    out = np.zeros(shape, x.dtype)
    if distinct or not may_repeat(index):
        out[index] = x
    else:
        _add_at(out, index, x)
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


def _add_at(out: Any, index: Any, value: Any) -> None:
    """np.add.at is fast along one axis only; rows that go to one place are added by runs."""
    if is_rows(index, out, value):
        n = len(out)
        at = np.where(index < 0, index + n, index) if index.min() < 0 else index
        at, total = sums_by_place(np.reshape(value, (index.size, -1)), at, n)
        flat = np.reshape(out, (n, -1))
        flat[at] += total
        return
    places = places_of(index, out.shape) if out.flags.c_contiguous else None
    if places is None:
        np.add.at(out, index, value)
        return
    value = np.broadcast_to(value, places.shape)
    flat, at, value = np.reshape(out, -1), np.reshape(places, -1), np.reshape(value, -1)
    if type(out) is np.ndarray and wider(out.dtype) is not out.dtype:
        if _often(places, index, out):
            return _add_wide(flat, at, value.astype(wider(out.dtype)))
        if out.dtype.itemsize == 2:
            return _add_wide(flat, at, value.astype(float32))
    np.add.at(flat, at, value)


def is_rows(index: Any, out: Any, value: Any) -> bool:
    """Whether an index names whole rows of ``out``, long enough to be added up one by one."""
    return (
        is_integers(index)
        and index.size > 0 != out.size
        and out.flags.c_contiguous
        and math.prod(out.shape[1:]) >= 16
        and dtypes.floating(out.dtype)
        and getattr(value, "dtype", None) == out.dtype
        and value.shape == index.shape + out.shape[1:]
        and -len(out) <= index.min() <= index.max() < len(out)
    )


def _add_wide(out, at, value):
    """np.add.at, where what is added to an element is of a wider dtype, and summed in it."""
    places: Any = slice(None)
    if out.size > 4 * at.size:
        places, at = np.unique(at, return_inverse=True)
    total = np.zeros(out[places].shape, value.dtype)
    np.add.at(total, at, value)
    out[places] = out[places] + total


def _often(places, index, out):
    """Whether an element is named so often that sums in its own dtype would drift."""
    if places.size <= SMALL:
        return False
    items = index if type(index) is tuple else (index,)
    first, end = sum([type(item) is slice for item in items]), len(items)
    row, n = math.prod(out.shape[end:]), math.prod(out.shape[first:end])
    named = places[(0,) * first + (..., *(0,) * (out.ndim - end))].reshape(-1)
    if named.size <= FEW:
        return False
    if row > 1:
        named = named // row
    if np.bincount(named & 0xFFFF).max() <= FEW:  # several elements together, not so often
        return False
    if n <= 4 * named.size:
        return bool(np.bincount(named).max() > FEW)
    ordered = np.sort(named)
    return bool((ordered[FEW:] == ordered[:-FEW]).any())


def places_of(index: Any, shape: tuple[int, ...]) -> Any:
    """Where in the flat array ``index`` points to, of the shape of x[index].

    None unless the index is arrays of integers, side by side, after whole axes.
    """
    items = index if type(index) is tuple else (index,)
    first = 0
    while first < len(items) and type(items[first]) is slice and items[first] == ALL:
        first += 1
    last = len(items)
    if first == last or any(type(i) is not int and not is_integers(i) for i in items[first:]):
        return None
    before, along, after = shape[:first], shape[first:last], shape[last:]
    places: Any = np.zeros((), np.int64)
    try:
        for item, n, step in zip(items[first:], along, _steps(along), strict=True):
            at = np.asarray(item, np.int64)
            if at.size and not -n <= (least := at.min()) <= at.max() < n:
                return None
            if at.size and least < 0:
                at = np.where(at < 0, at + n, at)
            places = places + at * step
    except ValueError:  # more than there are axes, or of shapes that do not broadcast
        return None
    picked, row = places.shape, math.prod(after)
    if row != 1:
        places = np.reshape(places, (*picked, 1)) * row + np.arange(row)
    if first:
        block = math.prod(along) * row
        starts = np.arange(math.prod(before)) * block
        places = np.reshape(places, (1, -1)) + starts[:, None]
    return np.reshape(places, before + picked + after)


def _steps(shape: tuple[int, ...]) -> list[int]:
    """How far apart neighbours along each axis lie, in elements."""
    return [math.prod(shape[i + 1 :]) for i in range(len(shape))]


def is_integers(item: Any) -> bool:
    return hasattr(item, "dtype") and dtypes.integral(item.dtype)


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
