"""Functions that work element by element but are no ufuncs, and those that make arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.batched import (
    Batched,
    aligned,
    by_samples,
    check_target,
    elementwise,
    levels_of,
    refused,
    rule,
    sizes_of,
)

_function: Any
for _function in (np.around, np.round, np.clip, np.sinc, np.isclose, np.nan_to_num, np.i0, np.fix):
    rule(_function)(partial(elementwise, _function))
for _function in (np.real, np.imag, np.angle, np.isneginf, np.isposinf, np.iscomplex, np.isreal):
    rule(_function)(partial(elementwise, _function))


@rule(np.where)
def where(condition: Any, *choices: Any) -> Any:
    if not choices:
        raise refused("where", "has an entry for each True")
    return elementwise(np.where, condition, *choices)


# -- fresh arrays ---------------------------------------------------------------------------------

for _function in (np.zeros, np.ones, np.empty, np.arange, np.eye, np.tri):
    rule(_function)(_function)  # with like=: one for all samples does


@rule(np.full)
def full(shape: Any, value: Any, dtype: Any = None, *args: Any, **options: Any) -> Any:
    if type(value) is not Batched:
        return np.full(shape, value, dtype, *args, **options)
    shape = shape if isinstance(shape, tuple) else (shape,)
    out = np.empty((*sizes_of(value.levels), *shape), value.dtype if dtype is None else dtype)
    out[...] = aligned(value, value.levels, len(shape))
    return Batched(out, value.levels)


def _like(function: Callable[..., Any]) -> Any:
    def made(x: Any, *args: Any, **options: Any) -> Any:
        shape = options.get("shape")
        if shape is not None:
            shape = (shape,) if np.ndim(shape) == 0 else shape
            options["shape"] = (*sizes_of(x.levels), *shape)
        return Batched(function(x.data, *args, **options), x.levels)

    return made


for _function in (np.zeros_like, np.ones_like, np.empty_like, np.copy):
    rule(_function)(_like(_function))


@rule(np.full_like)
def full_like(x: Any, value: Any, dtype: Any = None, *args: Any, **options: Any) -> Any:
    levels = levels_of(x, value)
    out = np.zeros((*sizes_of(levels), *np.shape(x)), x.dtype if dtype is None else dtype)
    out[...] = aligned(value, levels, np.ndim(x))
    return Batched(out, levels)


@rule(np.array, np.asarray)
def array(x: Any, *args: Any, **options: Any) -> Any:
    return np.array(x, *args, **options)  # with like=


@rule(np.copyto)
def copyto(target: Any, source: Any, casting: str = "same_kind", where: Any = True) -> None:
    levels = levels_of(target, source, where)
    check_target(target, levels)
    values = aligned(source, levels, target.ndim)
    chosen = where if where is True else aligned(where, levels, target.ndim)
    np.copyto(target.data, values, casting, where=chosen)  # type: ignore[arg-type]


# -- facts ----------------------------------------------------------------------------------------


@rule(np.shape)
def shape(x: Any) -> Any:
    return x.shape


@rule(np.ndim)
def ndim(x: Any) -> Any:
    return x.ndim


@rule(np.size)
def size(x: Any, axis: Any = None) -> Any:
    return x.size if axis is None else x.shape[axis]


@rule(np.result_type)
def result_type(*values: Any) -> Any:
    return np.result_type(*[one.dtype if type(one) is Batched else one for one in values])


@rule(np.shares_memory, np.may_share_memory)
def shares_memory(x: Any, y: Any, max_work: Any = None) -> Any:
    x, y = (one.data if type(one) is Batched else one for one in (x, y))
    return np.shares_memory(x, y, max_work) if x.size and y.size else False


@rule(np.iscomplexobj)
def iscomplexobj(x: Any) -> Any:
    return np.iscomplexobj(x.data)


# -- what depends on values -----------------------------------------------------------------------


def _depends(function: Any, fact: str) -> None:
    def refuse(*args: Any, **options: Any) -> Any:
        raise refused(function.__name__, fact)

    rule(function)(refuse)


for _function in (np.nonzero, np.argwhere, np.flatnonzero):
    _depends(_function, "has an entry for each element that is not zero")
for _function in (np.unique, np.unique_counts, np.unique_inverse, np.unique_values):
    _depends(_function, "has an entry for each value that occurs")
for _function in (np.extract, np.compress, np.trim_zeros, np.intersect1d, np.setdiff1d, np.union1d):
    _depends(_function, "has as many entries as its values say")
for _function in (np.array_equal, np.array_equiv, np.allclose):
    _depends(_function, "is one truth for a sample each")
_depends(np.bincount, "has an entry for each number up to the greatest")


@rule(np.histogram)
def histogram(x: Any, bins: Any = 10, *args: Any, **options: Any) -> Any:
    return by_samples(np.histogram, (x, bins, *args), options)
