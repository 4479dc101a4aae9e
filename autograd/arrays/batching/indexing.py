"""Brackets: what is read, written and added at places, where arrays or indices have hidden axes.

Basic indices follow one for all samples. Of the others, the axes that arrays index are moved to the
front of those that show; where an index has hidden axes, an arange for each hidden axis of the
array stands beside it, so that each sample looks into its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dialect
from autograd.arrays.arguments import ALL
from autograd.arrays.batched import (
    Batched,
    aligned,
    by_samples,
    check_target,
    levels_of,
    refused,
    rule,
    sizes_of,
    tuned,
    whole,
)
from autograd.kernels import layout, rows, scatter

_BASIC = (int, slice, type(None), type(...), np.integer)


def _items(index: Any) -> tuple[Any, ...]:
    items = index if type(index) is tuple else (index,)
    return tuple([np.asarray(one) if isinstance(one, (list, range)) else one for one in items])


def _is_basic(items: tuple[Any, ...]) -> bool:
    return all([isinstance(one, _BASIC) and not isinstance(one, bool) for one in items])


def _is_mask(item: Any) -> bool:
    return isinstance(item, (bool, np.bool_)) or getattr(item, "dtype", None) == np.bool_


def _taken(item: Any) -> int:
    """How many axes one part of an index takes."""
    if item is None or item is Ellipsis:
        return 0
    return np.ndim(item) if _is_mask(item) else 1


class _Places:
    """An advanced index of an array of ``ndim`` axes: the basic index that comes first, then arrays
    at ``axes`` of what that gives."""

    def __init__(self, items: tuple[Any, ...], ndim: int) -> None:
        dots = sum([_taken(one) for one in items])
        if dots > ndim:
            raise IndexError(f"too many indices for array: array is {ndim}-dimensional")
        basic: list[Any] = []
        self.arrays: list[Any] = []
        self.axes: list[int] = []
        at = 0  # the axis of the result of the basic index
        for item in items:
            if item is Ellipsis:
                basic += [ALL] * (ndim - dots)
                at += ndim - dots
            elif item is None or isinstance(item, slice):
                basic.append(item)
                at += 1
            else:
                for one in self._integers(item):
                    basic.append(None if _is_mask(item) and not np.ndim(item) else ALL)
                    self.arrays.append(one)
                    self.axes.append(at)
                    at += 1
        self.basic = tuple(basic)
        self.ndim = max([np.ndim(one) for one in self.arrays])
        first = self.axes[0]
        side_by_side = self.axes == [*range(first, first + len(self.axes))]
        self.start = first if side_by_side else 0  # of the index's own axes in the result

    @staticmethod
    def _integers(item: Any) -> list[Any]:
        if not _is_mask(item):
            return [item if hasattr(item, "ndim") else np.asarray(item)]
        if type(item) is Batched:
            raise refused("x[mask]", "has as many elements as the mask has True")
        if not np.ndim(item):
            return [np.zeros(int(item), np.int64)]
        return list(np.nonzero(item))

    def moved(self, data: Any, hidden: int) -> Any:
        """A view of ``data`` whose indexed axes come first of those that show."""
        data = data[(ALL,) * hidden + self.basic]
        if self.axes == [*range(len(self.axes))]:
            return data
        front = range(hidden, hidden + len(self.axes))
        return np.moveaxis(data, [hidden + axis for axis in self.axes], front)

    def of(self, levels: Any, own: Any) -> tuple[Any, ...]:
        """The index of :meth:`moved` of an array with the levels ``own``, for all ``levels``."""
        if not levels_of(*self.arrays):
            return (ALL,) * len(own) + tuple(self.arrays)
        hidden = len(levels)
        counters = []
        for i, level in enumerate(levels):
            if level in own:
                shape = (1,) * i + (level.size,) + (1,) * (hidden - i - 1 + self.ndim)
                counters.append(np.reshape(np.arange(level.size), shape))
        return (*counters, *[aligned(one, levels, self.ndim) for one in self.arrays])


@rule("get", dialect.picked, layout.picked)
def get(x: Any, index: Any) -> Any:
    items = _items(index)
    if _is_basic(items):
        return Batched(x.data[(ALL,) * len(x.levels) + items], x.levels)
    places = _Places(items, np.ndim(x))
    own = x.levels if type(x) is Batched else ()
    levels = levels_of(x, tuple(places.arrays))
    data = places.moved(x.data if own else x, len(own))
    made = data[places.of(levels, own)]
    if places.start:
        hidden = len(levels)
        front = range(hidden, hidden + places.ndim)
        made = np.moveaxis(made, front, [i + places.start for i in front])
        made = np.ascontiguousarray(made)
    return Batched(made, levels)


def _fitted(value: Any, levels: Any, places: _Places, ndim: int) -> Any:
    """``value`` as it is written to the axes of :meth:`_Places.moved`, of which ``ndim`` show."""
    if not np.ndim(value):
        return aligned(value, levels, ndim)
    value = _of_rank(value, ndim)
    if type(value) is not Batched:
        value = Batched(np.reshape(value, (*(1,) * len(levels), *value.shape)), levels)
    data, hidden = aligned(value, levels, ndim), len(levels)
    if places.start:
        front = range(hidden, hidden + places.ndim)
        data = np.moveaxis(data, [i + places.start for i in front], front)
    return data


def _of_rank(value: Any, ndim: int) -> Any:
    """``value`` with as many axes: ones are put in front, or left out there."""
    shape = np.shape(value)
    if len(shape) > ndim and {*shape[: len(shape) - ndim]} <= {1}:
        return np.reshape(value, shape[len(shape) - ndim :])
    if len(shape) < ndim:
        return np.reshape(value, (*(1,) * (ndim - len(shape)), *shape))
    return value


@rule("set")
def put(x: Any, index: Any, value: Any) -> None:
    items = _items(index)
    levels = levels_of(x, items, value)
    check_target(x, levels)
    hidden = len(levels)
    value = np.asarray(value) if isinstance(value, (list, tuple)) else value
    if _is_basic(items):
        at = (ALL,) * hidden + items
        value = _of_rank(value, max(x.data[at].ndim - hidden, 0)) if np.ndim(value) else value
        x.data[at] = aligned(value, levels, max(x.data[at].ndim - hidden, np.ndim(value)))
    elif len(items) == 1 and type(items[0]) is Batched and _is_mask(items[0]):
        _put_masked(x, items[0], value)
    else:
        places = _Places(items, x.ndim)
        moved = places.moved(x.data, hidden)
        shown = moved.ndim - hidden - len(places.axes) + places.ndim
        moved[places.of(levels, levels)] = _fitted(value, levels, places, shown)


def _put_masked(x: Any, mask: Any, value: Any) -> None:
    if mask.shape != x.shape[: mask.ndim]:
        raise IndexError(f"boolean index of shape {mask.shape} for an array of shape {x.shape}")
    if np.ndim(value) > x.ndim - mask.ndim and np.size(value) != 1:
        raise refused("x[mask] = values", "takes as many values as the mask has True")
    shown = Batched(
        np.reshape(mask.data, (*mask.data.shape, *(1,) * (x.ndim - mask.ndim))), mask.levels
    )
    where = np.broadcast_to(aligned(shown, x.levels, x.ndim), x.data.shape)
    np.copyto(x.data, aligned(_of_rank(value, x.ndim), x.levels, x.ndim), "unsafe", where=where)


@rule("at")
def at(ufunc: Any, x: Any, index: Any, value: Any = None) -> None:
    _at(x, index, value, ufunc.at)


@rule(scatter.add_at)
def add_at(x: Any, index: Any, value: Any) -> None:
    _at(x, index, value, tuned(scatter.add_at))


@rule(scatter.reduce_at)
def reduce_at(x: Any, index: Any, value: Any, *, ufunc: Any) -> None:
    _at(x, index, value, ufunc.at)


def _at(x: Any, index: Any, value: Any, function: Any) -> None:
    items = _items(index)
    levels = levels_of(x, items, value)
    check_target(x, levels)
    if len(items) == 1 and type(items[0]) is Batched and _is_mask(items[0]):
        raise refused("x[mask] += values", "takes as many values as the mask has True")
    places = _Places(items, x.ndim)
    moved = places.moved(x.data, len(levels))
    shown = moved.ndim - len(levels) - len(places.axes) + places.ndim
    function(moved, places.of(levels, levels), _fitted(value, levels, places, shown))


@rule(scatter.scattered)
def scattered(x: Any, index: Any, *, shape: Any, distinct: bool = False) -> Any:
    levels = levels_of(x, _items(index))
    out = Batched(np.zeros((*sizes_of(levels), *shape), x.dtype), levels)
    if distinct or not scatter.may_repeat(index):
        put(out, index, x)
    elif np.size(x):
        add_at(out, index, x)
    return out


@rule(layout.rows_taken)
def rows_taken(x: Any, index: Any, *, axis: int) -> Any:
    if type(x) is not Batched and not axis:
        return Batched(tuned(layout.rows_taken)(x, index.data, axis=0), index.levels)
    return get(x, (ALL,) * axis + (index,))


@rule(rows.rows_added)
def rows_added(given: Any, index: Any, *, n: int) -> Any:
    """Sums of rows, for each sample into a table of its own: one table, with the samples' below."""
    levels = levels_of(given, index)
    sizes = sizes_of(levels)
    count = int(np.prod(sizes, dtype=np.int64))
    width = given.shape[-1]
    places = np.reshape(whole(index, levels), (count, np.size(index)))
    places = np.where(places < 0, places + n, places) + n * np.arange(count)[:, None]
    every = np.reshape(whole(given, levels), (count * np.size(index), width))
    out = tuned(rows.rows_added)(every, np.reshape(places, -1), n=count * n)
    return Batched(np.reshape(out, (*sizes, n, width)), levels)


@rule(rows.shorten_rows)
def shorten_rows(table: Any, index: Any, **options: Any) -> None:
    check_target(table, levels_of(table, index))
    by_samples(tuned(rows.shorten_rows), (table, index), options)


@rule(np.take)
def take(x: Any, indices: Any, axis: Any = None, **options: Any) -> Any:
    return by_samples(np.take, (x, indices, axis), options)
