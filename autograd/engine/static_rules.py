"""What an op in PyTorch's form says itself of vmap and forward mode: static ``vmap`` and ``jvp``.

Without them it is done as all else is: ``forward`` runs on tensors with a hidden axis, and its
tangents are the gradients of its gradients.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.batched import levels_of
from autograd.engine import duals
from autograd.engine.grad_mode import no_grad
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.levels import Enter, Leave, Level, outside_of


class VmapInfo(NamedTuple):
    """What a static ``vmap`` is told of the batch, as in PyTorch."""

    batch_size: int
    randomness: str


def innermost(cls: Any, args: tuple[Any, ...]) -> Level | None:
    """The level whose samples the static ``vmap`` of ``cls`` is to map over; None: nothing.

    :raises RuntimeError: the op says two things, or has no ``setup_context``.
    """
    levels = levels_of([unwrap(one) for one in args])
    if not levels:
        return None
    if getattr(cls, "generate_vmap_rule", False):
        raise RuntimeError(
            f"{cls.__name__}: inside vmap an op must say once what it does; it has both a static "
            "vmap and generate_vmap_rule=True. Leave one of them out."
        )
    if not hasattr(cls, "setup_context"):
        raise RuntimeError(
            f"{cls.__name__}: an op with a static vmap must define setup_context(ctx, inputs, "
            "output), where its forward knows no ctx; it has none. Move what forward keeps there."
        )
    found: Level = levels[-1]
    return found


def mapped(cls: Any, level: Level, args: tuple[Any, ...]) -> Any:
    """What ``vmap(info, in_dims, *args)`` gives, the axis of ``level`` shown first, and hidden."""
    in_dims = tuple([0 if level in levels_of(unwrap(one)) else None for one in args])
    with no_grad():
        shown = [
            one if axis is None else Leave.apply(one, level=level, axis=axis)
            for one, axis in zip(args, in_dims)
        ]
        with outside_of(level):
            made = cls.vmap(VmapInfo(level.size, level.randomness), in_dims, *shown)
        if not (type(made) is tuple and len(made) == 2):
            raise RuntimeError(
                f"{cls.__name__}: a static vmap must return (output, out_dims); it returned "
                f"{type(made).__name__}. Add the axis of the samples, or None for each output."
            )
        result, out_dims = made
        if not isinstance(result, tuple):
            return _hidden(cls, level, result, out_dims)
        if not isinstance(out_dims, tuple):
            out_dims = (out_dims,) * len(result)
        pairs = zip(result, out_dims, strict=True)
        return tuple([_hidden(cls, level, one, axis) for one, axis in pairs])


def _hidden(cls: Any, level: Level, result: Any, axis: Any) -> Any:
    if axis is None or not isinstance(result, TensorBase):
        return result
    shape = tuple(result._data.shape)
    if not (-len(shape) <= axis < len(shape)) or shape[axis] != level.size:
        raise RuntimeError(
            f"{cls.__name__}: out_dims of a static vmap must name the axis of the {level.size} "
            f"samples; got {axis} for an output of shape {shape}."
        )
    return Enter.apply(result, level=level, axis=axis % len(shape))


def pushed(cls: Any, primals: list[Any], tangents: list[Any]) -> tuple[Any, list[Any]]:
    """The outputs of the op, and what its static ``jvp(ctx, *tangents)`` gives for each.

    :raises RuntimeError: jvp returned something else.
    """
    ctx = cls()
    ctx.needs_input_grad = tuple([_edge(one) is not None for one in primals])
    result = cls.apply(*primals)
    outputs = result if isinstance(result, tuple) else (result,)
    kept = {}
    with no_grad():
        if hasattr(cls, "setup_context"):
            cls.setup_context(ctx, tuple(primals), result)
        else:
            again = cls.forward(ctx, *primals)
            kept = {id(one): i for i, one in enumerate(again if type(again) is tuple else (again,))}
    if ctx._dirty:
        raise RuntimeError(
            f"{cls.__name__}: an op with a static jvp must leave its inputs as they are; it marks "
            "one as dirty. Return a new tensor."
        )
    saved = ctx._for_forward or ctx._to_save
    ctx._held = tuple([outputs[kept[id(one)]] if id(one) in kept else one for one in saved])
    found = cls.jvp(ctx, *[_seen(ctx, t, x) for x, t in zip(primals, tangents)])
    moved = list(found) if isinstance(found, tuple) else [found]
    if len(moved) != len(outputs):
        raise RuntimeError(
            f"{cls.__name__}: jvp must return a tangent for each of {len(outputs)} outputs; it "
            f"returned {len(moved)}. Return None for outputs without one."
        )
    for t, y in zip(moved, outputs):
        if t is not None and (not isinstance(t, TensorBase) or t._data.shape != y._data.shape):
            raise RuntimeError(
                f"{cls.__name__}: a tangent must be a tensor of its output's shape "
                f"{tuple(y._data.shape)}; got {tuple(getattr(t, 'shape', ()))}."
            )
    return result, moved


def _seen(ctx: Any, tangent: Any, x: Any) -> Any:
    """A tangent as ``jvp`` gets it: zeros for None, unless ``set_materialize_grads(False)``."""
    wanted = ctx.materialize and isinstance(x, TensorBase)
    if tangent is not None or not wanted or not dtypes.differentiable(x._data.dtype):
        return tangent
    return wrap(np.zeros_like(duals.values_of(x._data)), None, x)


def _edge(value: Any) -> Any:
    return value._edge if isinstance(value, TensorBase) else None
