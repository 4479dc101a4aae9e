"""Trees as vectors: ``flatten``, ``flatten_func``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.engine.graph import TensorBase, unwrap

__all__ = ["flatten", "flatten_func"]


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The numbers of a tree as one vector, and the function that makes the tree of a vector.

    Tuples and lists are walked in order, dictionaries by sorted key.

    >>> from autograd.misc import flatten
    >>> vector, unflatten = flatten({"b": [3.0], "a": (1.0, 2.0)})
    >>> vector.tolist()
    [1.0, 2.0, 3.0]
    """
    leaves: list[Any] = []
    _walk(value, leaves)
    shapes = [np.shape(unwrap(leaf)) for leaf in leaves]

    def unflatten(vector: Any) -> Any:
        return _rebuilt(value, vector, iter(shapes), [0])

    if any([isinstance(leaf, TensorBase) for leaf in leaves]):
        return anp.concatenate([anp.reshape(leaf, (-1,)) for leaf in leaves]), unflatten
    return np.concatenate([np.ravel(leaf) for leaf in leaves] or [np.zeros(0)]), unflatten


def flatten_func(fun: Callable[..., Any], example: Any) -> tuple[Any, Any, Any]:
    """``fun`` as a function from vectors to vectors, the way back, and the example as a vector."""
    vector, unflatten = flatten(example)

    def of_vectors(x: Any, *args: Any) -> Any:
        return flatten(fun(unflatten(x), *args))[0]

    return of_vectors, unflatten, vector


def _walk(value: Any, leaves: list[Any]) -> None:
    if isinstance(value, (tuple, list)):
        for one in value:
            _walk(one, leaves)
    elif isinstance(value, dict):
        for key in sorted(value):
            _walk(value[key], leaves)
    else:
        leaves.append(value)


def _rebuilt(like: Any, vector: Any, shapes: Any, at: list[int]) -> Any:
    if isinstance(like, (tuple, list)):
        parts = [_rebuilt(one, vector, shapes, at) for one in like]
        return type(like)(parts)
    if isinstance(like, dict):
        found = {key: _rebuilt(like[key], vector, shapes, at) for key in sorted(like)}
        return {key: found[key] for key in like}
    shape = next(shapes)
    begin = at[0]
    at[0] += int(np.prod(shape))
    if not shape:
        return vector[begin]
    part = vector[begin : at[0]]
    if isinstance(part, TensorBase):
        return anp.reshape(part, shape)
    return part.reshape(shape)
