"""``vmap``: a function of one sample becomes one of all samples, computed together."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any

import numpy as np

from autograd.arrays.batched import Batched, batched, levels_of, sizes_of, whole
from autograd.engine import views, watches
from autograd.engine.graph import TensorBase
from autograd.engine.levels import Enter, Leave, Level
from autograd.func.levels import opened, stack
from autograd.ops.shape.join import cat
from autograd.ops.shape.narrow import narrow
from autograd.random import generator

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
    if chunk_size is not None and not operator.index(chunk_size) > 0:
        raise ValueError(f"vmap: chunk_size must be at least 1, or None; got {chunk_size}.")

    @wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        name = getattr(func, "__name__", type(func).__name__)
        axes = list(_axes_of(name, in_dims, args))
        size = _size_of(name, axes)
        once = partial(_mapped, func, name, in_dims, out_dims, randomness, kwargs)
        if chunk_size is None or size <= chunk_size:
            return once(args, size)
        made = []
        for start in range(0, size, chunk_size):
            count = min(chunk_size, size - start)
            some = _paired(lambda x, axis: narrow(x, axis, start, count), args, in_dims)  # noqa: B023
            made.append(once(some, count))
        return _joined(made, out_dims)

    return mapped


def _mapped(
    func: Any, name: str, in_dims: Any, out_dims: Any, randomness: str, kwargs: Any, args: Any,
    size: int,
) -> Any:  # fmt: skip
    with opened("batch", size, randomness=randomness) as level:
        given = _paired(lambda x, axis: entered(x, level, axis), args, in_dims)
        made = func(*given, **kwargs)
    return _shown(name, made, out_dims, level)


def entered(x: Any, level: Level, axis: int) -> Any:
    """The tensor ``x`` with an axis hidden, as that of ``level``.

    What is written to it inside is in the memory of ``x``, as a view's would be.
    """
    made = Enter.apply(x, level=level, axis=axis % x.ndim)
    views.link(made, x, opaque=True)
    return made


# -- arguments and their axes ---------------------------------------------------------------------


def _paired(function: Callable[[Any, int], Any], value: Any, axes: Any) -> Any:
    """``value`` with ``function(tensor, axis)`` in the place of each tensor that is mapped."""
    if isinstance(value, TensorBase):
        return value if axes is None else function(value, axes)
    if isinstance(value, (tuple, list)):
        each = axes if isinstance(axes, (tuple, list)) else [axes] * len(value)
        parts = [_paired(function, one, axis) for one, axis in zip(value, each, strict=True)]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        of = axes if isinstance(axes, dict) else dict.fromkeys(value, axes)
        return type(value)({key: _paired(function, one, of[key]) for key, one in value.items()})
    return value


def _axes_of(name: str, axes: Any, value: Any) -> Iterator[tuple[Any, int]]:
    """The tensors in ``value`` that are mapped, and their axes; raises ValueError for misfits."""
    if value == () and isinstance(value, tuple):
        raise ValueError(
            f"vmap: a mapped function needs an argument to map over; {name} was called without "
            "one. Pass a tensor."
        )
    if not isinstance(axes, (int, tuple)) or isinstance(axes, bool):
        raise ValueError(
            "vmap: in_dims must be an int, or a tuple with an entry for each argument; got "
            f"{axes!r:.60}. Write in_dims=(0, None), for instance."
        )
    yield from _matched(name, axes, value)


def _matched(name: str, axes: Any, value: Any) -> Iterator[tuple[Any, int]]:
    several = isinstance(value, (tuple, list, dict))
    if isinstance(axes, (tuple, list, dict)):
        fits = several and isinstance(value, dict) == isinstance(axes, dict)
        fits = fits and len(axes) == len(value)
        if not fits or isinstance(axes, dict) and axes.keys() != value.keys():
            raise ValueError(
                f"vmap: in_dims must be nested as the arguments of {name} are; got {axes!r:.60} "
                f"for {type(value).__name__} of length {len(value) if several else 1}."
            )
        keys = axes.keys() if isinstance(axes, dict) else range(len(axes))
        for key in keys:
            yield from _matched(name, axes[key], value[key])
    elif several:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _matched(name, axes, one)
    elif axes is None:
        return
    elif not isinstance(value, TensorBase):
        raise ValueError(
            f"vmap: only tensors can be mapped over; {name} got {type(value).__name__} with "
            f"in_dim={axes}. Pass in_dims with None in its place."
        )
    elif not isinstance(axes, int) or not -value._data.ndim <= axes < value._data.ndim:
        raise ValueError(
            f"vmap: an in_dim must be an axis of its tensor, or None; got {axes!r} for shape "
            f"{tuple(value._data.shape)}."
        )
    else:
        yield value, axes


def _size_of(name: str, found: list[tuple[Any, int]]) -> int:
    sizes = sorted({x._data.shape[axis] for x, axis in found})
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


# -- results --------------------------------------------------------------------------------------


def _shown(name: str, made: Any, axes: Any, level: Level) -> Any:
    """The results of the function with their axis where ``axes`` say."""
    if isinstance(made, TensorBase):
        if axes is None:
            if level in levels_of(made._data):
                raise ValueError(
                    f"vmap: a result with out_dim None must be the same for all samples; {name} "
                    "returned one that differs. Give it an axis."
                )
            return made
        ndim = made._data.ndim + 1
        if not isinstance(axes, int) or not -ndim <= axes < ndim:
            raise (IndexError if isinstance(axes, int) else ValueError)(
                f"vmap: an out_dim must be one of the {ndim} axes of a result, from {-ndim} to "
                f"{ndim - 1}; got {axes!r}."
            )
        return Leave.apply(made, level=level, axis=axes % ndim)
    if isinstance(made, (tuple, list)):
        if isinstance(axes, (tuple, list)) and len(axes) != len(made):
            raise ValueError(
                f"vmap: out_dims must be nested as the results of {name} are; got {axes!r:.60} for "
                f"{len(made)} results."
            )
        each = axes if isinstance(axes, (tuple, list)) else [axes] * len(made)
        parts = [_shown(name, one, axis, level) for one, axis in zip(made, each, strict=True)]
        return type(made)(*parts) if hasattr(made, "_fields") else type(made)(parts)
    if isinstance(made, dict):
        of = axes if isinstance(axes, dict) else dict.fromkeys(made, axes)
        return type(made)({key: _shown(name, one, of[key], level) for key, one in made.items()})
    if axes is None:
        return made
    raise ValueError(
        f"vmap: a mapped function returns tensors; {name} returned {type(made).__name__}. Pass "
        "out_dims with None in its place."
    )


def _joined(made: list[Any], axes: Any) -> Any:
    """The results of chunks as one."""
    first = made[0]
    if isinstance(first, TensorBase) and axes is not None:
        return cat(made, axes)
    if isinstance(first, (tuple, list)):
        each = axes if isinstance(axes, (tuple, list)) else [axes] * len(first)
        parts = [_joined(list(one), axis) for one, axis in zip(zip(*made), each, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if isinstance(first, dict):
        of = axes if isinstance(axes, dict) else dict.fromkeys(first, axes)
        return type(first)({key: _joined([one[key] for one in made], of[key]) for key in first})
    return first


# -- random numbers -------------------------------------------------------------------------------


def _drawn(draw: Any, place: int | None, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A draw inside vmap: one for all samples, or one for each.

    :param place: where among the arguments the shape stands; None where arrays tell it.
    """
    levels = tuple([level for level in stack.levels if level.kind == "batch"])
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
        shape = tuple(shape) if hasattr(shape, "__iter__") else (operator.index(shape),)  # type: ignore[arg-type]
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


# -- what is refused inside -----------------------------------------------------------------------


def _refuse_backward(outputs: list[Any]) -> None:
    for one in outputs:
        if type(getattr(one, "_data", None)) is Batched:
            raise RuntimeError(
                "backward: a gradient is put into .grad for one value; this loss has one for each "
                "sample of a vmap. Use autograd.grad, or func.grad, inside, or call backward() on "
                "what vmap returns."
            )


generator.draws_inside = _drawn
watches.backward_begins.append(_refuse_backward)
