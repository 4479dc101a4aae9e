"""Reductions, running sums, orders: along axes that show."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.batched import (
    Batched,
    aligned,
    batched,
    by_samples,
    levels_of,
    rule,
    sizes_of,
    whole,
)
from autograd.arrays.batching.shapes import along, ravel


@rule("reduce")
def reduce(ufunc: Any, x: Any, axis: Any = 0, *args: Any, **options: Any) -> Any:
    """``ufunc.reduce``; what has no axis is reduced over none."""
    if options.get("out") is not None or len(args) > 2 and args[1] is not None:
        return by_samples(ufunc.reduce, (x, axis, *args), options)
    where = options.get("where", True)
    levels = levels_of(x) if where is True else levels_of(x, where)
    x = Batched(whole(x, levels), levels)
    if where is not True:
        options["where"] = aligned(where, levels, x.ndim)
    axis = () if not x.ndim and axis in (0, -1) else along(axis, x)
    return Batched(ufunc.reduce(x.data, axis, *args, **options), levels)


@rule("accumulate")
def accumulate(ufunc: Any, x: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
    return Batched(ufunc.accumulate(x.data, along(axis, x), dtype), x.levels)


@rule("reduceat")
def reduceat(ufunc: Any, x: Any, indices: Any, axis: Any = 0, dtype: Any = None) -> Any:
    if type(indices) is Batched:
        return by_samples(ufunc.reduceat, (x, indices, axis, dtype), {})
    return Batched(ufunc.reduceat(x.data, indices, along(axis, x), dtype), x.levels)


def _by_axis(function: Any, place: int, default: Any) -> None:
    """A rule for a function that takes ``axis``, ``default`` without, as its argument ``place``."""

    def found(x: Any, *args: Any, **options: Any) -> Any:
        if levels_of(*args, *options.values()):
            return by_samples(function, (x, *args), options)
        before, after = args[: place - 1], args[place:]
        axis = args[place - 1] if len(args) >= place else options.pop("axis", default)
        kept, ndim = options.pop("keepdims", False), x.ndim
        if axis is None:
            x, axis = ravel(x), 0
            made = function(x.data, *before, along(axis, x), *after, **options)
            if kept:
                made = np.reshape(made, (*sizes_of(x.levels), *(1,) * ndim))
            return batched(made, x.levels)
        if kept:
            options["keepdims"] = True
        if not ndim:
            x, axis = ravel(x), 0
            made = function(x.data, *before, along(axis, x), *after, **options)
            return batched(made.reshape(sizes_of(x.levels)), x.levels)
        return batched(function(x.data, *before, along(axis, x), *after, **options), x.levels)

    rule(function)(found)


_function: Any
for _function in (np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.cumsum, np.cumprod,
                  np.sum, np.prod, np.mean, np.var, np.std, np.max, np.min, np.any, np.all,
                  np.count_nonzero, np.median, np.nansum, np.nanmax, np.nanmin, np.nanmean,
                  np.nanmedian, np.ptp):  # fmt: skip
    _by_axis(_function, 1, None)
for _function in (np.sort, np.argsort):
    _by_axis(_function, 1, -1)
for _function in (np.partition, np.argpartition):
    _by_axis(_function, 2, -1)


@rule(np.quantile)
def quantile(x: Any, *args: Any, **options: Any) -> Any:
    return by_samples(np.quantile, (x, *args), options)


@rule(np.diff)
def diff(x: Any, n: int = 1, axis: int = -1, **ends: Any) -> Any:
    if levels_of(*ends.values()):
        return by_samples(np.diff, (x, n, axis), ends)
    given = {name: end for name, end in ends.items() if np.ndim(end)}
    for name, end in given.items():
        ends[name] = whole(end, x.levels)
    return Batched(np.diff(x.data, n, along(axis, x), **ends), x.levels)


@rule(np.take_along_axis)
def take_along_axis(x: Any, indices: Any, axis: Any = -1) -> Any:
    levels = levels_of(x, indices)
    if axis is None:
        x, indices, axis = np.reshape(x, (-1,)), indices, 0
    ndim = np.ndim(x)
    axis = axis % ndim + len(levels)
    made = np.take_along_axis(_shown(x, levels, ndim), _shown(indices, levels, ndim), axis)
    return Batched(made, levels)


def _shown(x: Any, levels: Any, ndim: int) -> Any:
    """The data of ``x`` with all hidden axes there, 1 long where they are not its own."""
    if type(x) is Batched:
        return aligned(x, levels, ndim)
    return np.reshape(x, (*(1,) * len(levels), *x.shape))
