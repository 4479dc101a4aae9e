"""Shapes: the rules add the number of hidden axes to an axis, or put their lengths in front."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.arrays.arguments import ALL
from autograd.arrays.batched import Batched, aligned, by_samples, levels_of, rule, sizes_of, whole


def along(axis: Any, x: Any) -> Any:
    """An axis of ``x``, or a tuple of them, as one of its data; None stands for all that show."""
    hidden = len(x.levels)
    if axis is None:
        return tuple(range(hidden, hidden + x.ndim))
    if isinstance(axis, (tuple, list)):
        return tuple([normalize_axis_index(one, x.ndim) + hidden for one in axis])
    return normalize_axis_index(operator.index(axis), x.ndim) + hidden


def _shape_of(shape: Any) -> tuple[int, ...]:
    return tuple(map(operator.index, shape)) if hasattr(shape, "__iter__") else (int(shape),)


@rule(np.reshape)
def reshape(x: Any, shape: Any, order: Any = "C", copy: Any = None) -> Any:
    shape = _shape_of(shape)
    if -1 in shape:
        known = math.prod([n for n in shape if n != -1])
        if shape.count(-1) > 1 or not known or x.size % known:
            raise ValueError(f"cannot reshape array of size {x.size} into shape {shape}")
        shape = tuple([x.size // known if n == -1 else n for n in shape])
    if math.prod(shape) != x.size:
        raise ValueError(f"cannot reshape array of size {x.size} into shape {shape}")
    return Batched(np.reshape(x.data, (*sizes_of(x.levels), *shape)), x.levels)


@rule(np.ravel)
def ravel(x: Any, order: Any = "C") -> Any:
    return reshape(x, (x.size,))


@rule(np.squeeze)
def squeeze(x: Any, axis: Any = None) -> Any:
    if axis is None:
        axis = tuple([i for i, n in enumerate(x.shape) if n == 1])
    return Batched(np.squeeze(x.data, along(axis, x)), x.levels)


@rule(np.expand_dims)
def expand_dims(x: Any, axis: Any) -> Any:
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    total = x.ndim + len(axes)
    fresh = {normalize_axis_index(one, total) for one in axes}
    sizes = iter(x.shape)
    return reshape_view(x, tuple([1 if i in fresh else next(sizes) for i in range(total)]))


def reshape_view(x: Any, shape: tuple[int, ...]) -> Any:
    return Batched(np.reshape(x.data, (*sizes_of(x.levels), *shape)), x.levels)


@rule(np.transpose, np.permute_dims)
def transpose(x: Any, axes: Any = None) -> Any:
    hidden = len(x.levels)
    axes = (
        along(range(x.ndim)[::-1] if axes is None else tuple(axes), x)
        if axes is not None
        else (tuple(range(hidden, hidden + x.ndim))[::-1])
    )
    return Batched(np.transpose(x.data, (*range(hidden), *axes)), x.levels)


@rule(np.swapaxes)
def swapaxes(x: Any, axis1: Any, axis2: Any) -> Any:
    return Batched(np.swapaxes(x.data, along(axis1, x), along(axis2, x)), x.levels)


@rule(np.moveaxis)
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    return Batched(np.moveaxis(x.data, along(source, x), along(destination, x)), x.levels)


@rule(np.broadcast_to)
def broadcast_to(x: Any, shape: Any) -> Any:
    shape = _shape_of(shape)
    if len(shape) < x.ndim:
        raise ValueError(f"shape {x.shape} cannot be broadcast to {shape}")
    hidden = sizes_of(x.levels)
    return Batched(np.broadcast_to(aligned(x, x.levels, len(shape)), (*hidden, *shape)), x.levels)


@rule(np.flip)
def flip(x: Any, axis: Any = None) -> Any:
    return Batched(np.flip(x.data, along(axis, x)), x.levels)


@rule(np.roll)
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        return reshape(roll(ravel(x), shift, 0), x.shape)
    return Batched(np.roll(x.data, shift, along(axis, x)), x.levels)


@rule(np.repeat)
def repeat(x: Any, repeats: Any, axis: Any = None) -> Any:
    if type(x) is not Batched or type(repeats) is Batched:
        return by_samples(np.repeat, (x, repeats, axis), {})
    if axis is None:
        x, axis = ravel(x), 0
    return Batched(np.repeat(x.data, repeats, along(axis, x)), x.levels)


@rule(np.pad)
def pad(x: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    widths = np.broadcast_to(pad_width, (x.ndim, 2)).tolist()
    if type(options.get("constant_values")) is Batched:
        return by_samples(np.pad, (x, pad_width, mode), options)
    return Batched(np.pad(x.data, [(0, 0)] * len(x.levels) + widths, mode, **options), x.levels)


@rule(np.tile)
def tile(x: Any, reps: Any) -> Any:
    reps = _shape_of(reps)
    ndim = max(len(reps), x.ndim)
    data = aligned(x, x.levels, ndim)
    return Batched(np.tile(data, (1,) * (data.ndim - len(reps)) + reps), x.levels)


@rule(np.diagonal)
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return Batched(np.diagonal(x.data, offset, along(axis1, x), along(axis2, x)), x.levels)


@rule(np.atleast_1d)
def atleast_1d(*arrays: Any) -> Any:
    made = [x if np.ndim(x) else np.reshape(x, (1,)) for x in arrays]
    return made[0] if len(made) == 1 else tuple(made)


@rule(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x: Any, window: Any, axis: Any = None, **options: Any) -> Any:
    look = np.lib.stride_tricks.sliding_window_view
    return Batched(look(x.data, window, along(axis, x), **options), x.levels)


def _of_matrices(function: Callable[..., Any]) -> Any:
    def made(x: Any, k: Any = 0) -> Any:
        if x.ndim < 2:  # a row stands for a matrix of equal ones
            x = broadcast_to(x, (x.shape[-1], x.shape[-1]))
        return Batched(function(x.data, k), x.levels)

    return made


_function: Any
for _function in (np.tril, np.triu):
    rule(_function)(_of_matrices(_function))


# -- several arrays -------------------------------------------------------------------------------


@rule(np.concatenate)
def concatenate(arrays: Any, axis: Any = 0, out: Any = None, **options: Any) -> Any:
    levels = levels_of(*arrays)
    hidden = len(levels)
    if axis is None:
        arrays, axis = [np.reshape(x, (-1,)) for x in arrays], 0
    axis = normalize_axis_index(axis, np.ndim(arrays[0])) + hidden
    return Batched(np.concatenate([whole(x, levels) for x in arrays], axis, **options), levels)


@rule(np.stack)
def stack(arrays: Any, axis: Any = 0, **options: Any) -> Any:
    levels = levels_of(*arrays)
    axis = normalize_axis_index(axis, np.ndim(arrays[0]) + 1) + len(levels)
    return Batched(np.stack([whole(x, levels) for x in arrays], axis, **options), levels)


@rule(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> Any:
    shape = np.broadcast_shapes(*[np.shape(x) for x in arrays])
    return tuple([np.broadcast_to(x, shape) for x in arrays])


@rule(np.split, np.array_split)
def split(x: Any, sections: Any, axis: Any = 0) -> Any:
    parts = np.array_split(x.data, sections, along(axis, x))
    return [Batched(one, x.levels) for one in parts]


def every(x: Any) -> tuple[Any, ...]:
    """The index of all samples, to be followed by one of a sample."""
    return (ALL,) * len(x.levels)
