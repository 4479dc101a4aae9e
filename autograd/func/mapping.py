"""``vmap``: a function of one sample becomes one of all samples, computed together."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.arrays.batched import Batched, batched, levels_of, sizes_of, whole
from autograd.arrays.dialect import asarray
from autograd.engine import views
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.levels import Enter, Leave, Level, opened, stack
from autograd.func.arguments import is_plain, plain, traced
from autograd.ops.shape.join import cat
from autograd.ops.shape.narrow import narrow
from autograd.random import generator
from autograd.tensors.array import Array

__all__ = ["vmap"]

_RANDOMNESS = ("error", "same", "different")


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """``func`` of one sample, mapped over an axis of its arguments: all samples at once.

    Shapes: an argument (B, *n) is (*n) inside, and a result (*m) of ``func`` (B, *m) outside, where
    the axes are 0.

    Inside, a tensor shows the shape of one sample; its other axis is hidden (Batched arrays). What
    ``func`` closes over, and keyword arguments, are the same for all samples. May be nested, and
    composed with gradients in either order.

    :param func: takes tensors, or tuples, lists and dicts of them, and returns such.
    :param in_dims: the axis that is mapped, of each argument; None for what is the same for all. An
        int, or a tuple with an entry for each argument, nested as the arguments are.
    :param out_dims: where the results have the axis; nested as the results are. None for a result
        that is the same for all samples.
    :param randomness: what random numbers do inside: 'error' refuses them, 'same' draws one for all
        samples, 'different' one for each. They are PyTorch's.
    :param chunk_size: compute so many samples at a time, for the memory's sake.
    :raises ValueError: there is nothing to map, axes do not fit the arguments or are not of one
        length, or a result is no tensor.
    :raises RuntimeError: inside, for what would need the value of one sample (``item``, ``bool``,
        ``numpy``), for results whose shape depends on values, for ``backward``, and for values of
        samples that are written into a tensor which is the same for all.

    Mapping by hidden axes: Frostig, Johnson & Leary 2018, "Compiling machine learning programs via
    high-level tracing" (SysML).

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> vmap(autograd.dot)(x, x)
    tensor([ 5., 25.])
    >>> vmap(autograd.dot, in_dims=(0, None))(x, autograd.tensor([1.0, 0.0]))
    tensor([1., 3.])
    """
    if randomness not in _RANDOMNESS:
        raise ValueError(
            f"vmap: randomness must be 'error', 'different' or 'same'; got {randomness!r:.60}."
        )
    check_chunk("vmap", chunk_size)

    @wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        name = getattr(func, "__name__", type(func).__name__)
        leaves, spec = trees.flatten(args)
        arrays, _ = traced(leaves)
        axes = _axes_of(name, in_dims, arrays, spec, args)
        given = [x if axis is None else one for x, one, axis in zip(leaves, arrays, axes)]
        numpys = any([x is not one for x, one in zip(given, leaves)])
        over_arrays = any([type(x) is Array for x in given])
        leaves = given
        size = _size_of(name, leaves, axes)
        made = []
        for start in range(0, max(size, 1), chunk_size or max(size, 1)):
            given, count = leaves, size
            if chunk_size is not None and size > chunk_size:
                count = min(chunk_size, size - start)
                given = [
                    x if axis is None else narrow(x, axis, start, count)
                    for x, axis in zip(leaves, axes)
                ]
            with opened(count, randomness) as level:
                inside = [
                    x if axis is None else entered(x, level, axis) for x, axis in zip(given, axes)
                ]
                result = func(*trees.unflatten(inside, spec), **kwargs)
            results, form = trees.flatten(result)
            results = [_as_tensor(one, over_arrays) for one in results]
            places = _places_of(name, out_dims, results, form)
            made.append([_shown(name, x, axis, level) for x, axis in zip(results, places)])
        joined = made[0]
        if len(made) > 1:
            joined = [
                parts[0] if axis is None else cat(list(parts), axis)
                for parts, axis in zip(zip(*made), places)
            ]
        return plain(trees.unflatten(joined, form), numpys)

    return mapped


def _as_tensor(x: Any, over_arrays: bool) -> Any:
    """A plain result of NumPy's functions: of each sample or, over Arrays, the same for all."""
    if type(x) is Batched:
        return wrap(x, None, Array if over_arrays else TensorBase)
    if over_arrays and (isinstance(x, (float, int)) or is_plain(x)):
        return wrap(asarray(x), None, Array)
    return x


def check_chunk(call: str, chunk_size: int | None) -> None:
    """Raise ValueError where there is nothing in a chunk, TypeError for no whole number."""
    if chunk_size is not None and operator.index(chunk_size) < 1:
        raise ValueError(f"{call}: chunk_size must be at least 1, or None; got {chunk_size}.")


def entered(x: Any, level: Level, axis: int) -> Any:
    """The tensor ``x`` with an axis hidden, as that of ``level``.

    What is written to it inside is in the memory of ``x``, as a view's would be.
    """
    made = Enter.apply(x, level=level, axis=axis % x.ndim)
    views.link(made, x)
    return made


# -- axes -----------------------------------------------------------------------------------------


def _axes_of(name: str, in_dims: Any, leaves: list[Any], spec: trees.Spec, args: Any) -> list[Any]:
    """The axis that is mapped, of each leaf of the arguments; None for what is not mapped."""
    if not args:
        raise ValueError(
            f"vmap: a mapped function needs an argument to map over; {name} was called without "
            "one. Pass a tensor."
        )
    if not isinstance(in_dims, (int, tuple)) or isinstance(in_dims, bool):
        raise ValueError(
            "vmap: in_dims must be an int, or a tuple with an entry for each argument; got "
            f"{in_dims!r:.60}. Write in_dims=(0, None), for instance."
        )
    axes = trees.spread(in_dims, spec)
    if axes is None:
        raise ValueError(
            f"vmap: in_dims must be nested as the arguments of {name} are; got {in_dims!r:.60} for "
            f"{spec}. Give an axis, or None, for each."
        )
    for x, axis in zip(leaves, axes):
        if axis is None:
            continue
        if not isinstance(x, TensorBase):
            raise ValueError(
                f"vmap: only tensors can be mapped over; {name} got {type(x).__name__} with "
                f"in_dim={axis}. Pass in_dims with None in its place."
            )
        ndim = x._data.ndim
        if not isinstance(axis, int) or not -ndim <= axis < ndim:
            raise ValueError(
                f"vmap: an in_dim must be an axis of its tensor, or None; got {axis!r} for shape "
                f"{tuple(x._data.shape)}."
            )
    return axes


def _size_of(name: str, leaves: list[Any], axes: list[Any]) -> int:
    """How many samples there are."""
    sizes = sorted({x._data.shape[axis] for x, axis in zip(leaves, axes) if axis is not None})
    if not sizes:
        raise ValueError(
            f"vmap: something must be mapped; all in_dims of {name} are None. Call it as it is."
        )
    if len(sizes) > 1:
        raise ValueError(
            f"vmap: mapped axes must have one length; those of {name} have {sizes}. Check in_dims."
        )
    size: int = sizes[0]
    return size


def _places_of(name: str, out_dims: Any, results: list[Any], form: trees.Spec) -> list[Any]:
    """Where each leaf of the results has the samples' axis; None: it has none."""
    places = trees.spread(out_dims, form)
    if places is None and form == trees.LEAF and isinstance(out_dims, tuple):
        places = list(out_dims) if len(out_dims) == 1 else None
    if places is None:
        raise ValueError(
            f"vmap: out_dims must be nested as the results of {name} are; got {out_dims!r:.60} for "
            f"{form}. Give an axis, or None, for each."
        )
    return [
        axis % (x._data.ndim + 1)
        if isinstance(x, TensorBase) and isinstance(axis, int) and _is_axis(axis, x)
        else axis
        for x, axis in zip(results, places)
    ]


def _is_axis(axis: int, x: Any) -> bool:
    ndim = x._data.ndim + 1
    return -ndim <= axis < ndim


def _shown(name: str, x: Any, axis: Any, level: Level) -> Any:
    """A result with the samples' axis in its place."""
    if axis is None:
        if isinstance(x, TensorBase) and level in levels_of(x._data):
            raise ValueError(
                f"vmap: a result with out_dim None must be the same for all samples; {name} "
                "returned one that differs. Give it an axis."
            )
        return x
    if not isinstance(x, TensorBase):
        raise ValueError(
            f"vmap: a mapped function returns tensors; {name} returned {type(x).__name__}. Pass "
            "out_dims with None in its place."
        )
    if not isinstance(axis, int) or not _is_axis(axis, x):
        ndim = x._data.ndim + 1
        raise (IndexError if isinstance(axis, int) else ValueError)(
            f"vmap: an out_dim must be one of the {ndim} axes of a result, from {-ndim} to "
            f"{ndim - 1}; got {axis!r}."
        )
    return Leave.apply(x, level=level, axis=axis)


# -- random numbers -------------------------------------------------------------------------------


def _drawn(draw: Any, place: int | None, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A draw inside vmap: one for all samples, or one for each.

    :param place: where among the arguments the shape stands; None where arrays tell it.
    """
    levels = stack.levels
    if not levels:
        return draw(*args, **options)
    if any([level.randomness == "error" for level in levels]):
        raise RuntimeError(
            f"vmap: a mapped function may draw random numbers only where it is told how; "
            f"{draw.__name__} was called. Pass randomness='different' for numbers of its own for "
            "each sample, or 'same', or draw outside."
        )
    different = tuple([level for level in levels if level.randomness == "different"])
    before, stack.levels = stack.levels, ()
    try:
        if place is None:
            return _drawn_from(draw, different, args, options)
        if not different:
            return draw(*args, **options)
        shape = options.pop("shape", None) if place >= len(args) else args[place]
        shape = tuple(shape) if hasattr(shape, "__iter__") else (operator.index(shape),)
        if draw.__name__ == "permutation":
            rows = [draw(*args, **options) for _ in np.ndindex(sizes_of(different))]
            made = np.array(rows, np.int64).reshape(*sizes_of(different), *shape)
            return Batched(made, different)
        shape = (*sizes_of(different), *shape)
        if place < len(args):
            args = (*args[:place], shape, *args[place + 1 :])
        else:
            options["shape"] = shape
        return Batched(draw(*args, **options), different)
    finally:
        stack.levels = before


def _drawn_from(draw: Any, different: Any, args: Any, options: Any) -> Any:
    """A draw whose shape is that of arrays among its arguments."""
    own = levels_of(*args)
    if not set(own) <= set(different):
        raise RuntimeError(
            f"vmap: with randomness='same' a draw cannot depend on the sample; {draw.__name__} "
            "got parameters that do. Pass randomness='different'."
        )
    if not different:
        return draw(*args, **options)
    # the levels whose numbers differ, each with its own part of the parameters
    arrays = [hasattr(one, "dtype") for one in args]
    ndim = max([np.ndim(one) for one in args])
    given = [
        _padded(one, different, ndim) if is_array else one for one, is_array in zip(args, arrays)
    ]
    if draw.__name__ != "multinomial":
        return batched(draw(*given, **options), different)
    weights = given[0]
    made = draw(weights.reshape(-1, weights.shape[-1]), *given[1:], **options)
    return Batched(made.reshape(*weights.shape[:-1], made.shape[-1]), different)


def _padded(x: Any, levels: Any, ndim: int) -> Any:
    data = whole(x, levels)
    ones = (1,) * (ndim - np.ndim(x))
    return np.ascontiguousarray(data.reshape(*sizes_of(levels), *ones, *np.shape(x)))


generator.draws_inside = _drawn
