"""What NumPy's functions mean for traced values: the table that all of the face looks into.

Most are there already, for tensors, with NumPy's signatures. So an elementwise op is applied to
the Array as it is, and any other function goes by the tensor of the same node. What has no
gradient gives plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.trees import flatten, map_leaves, unflatten
from autograd.engine.dispatch import numpys, table
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import TensorBase
from autograd.tensors.array import Array, as_array, as_tensor

# Piecewise constant, or of shapes and orders: there is no gradient to lose.
CONSTANT = """
    all allclose any argmax argmin argpartition argsort argwhere array_equal around ceil
    count_nonzero equal fix flatnonzero floor floor_divide greater greater_equal invert isclose
    iscomplex iscomplexobj isfinite isin isinf isnan isneginf isposinf isreal isrealobj isscalar
    less less_equal logical_and logical_not logical_or logical_xor lexsort nanargmax nanargmin ndim
    nonzero not_equal result_type rint round searchsorted shape sign signbit size trunc digitize
    may_share_memory shares_memory min_scalar_type can_cast common_type array_repr array_str
    array2string broadcast_shapes histogram bincount
""".split()


def plain(value: Any) -> Any:
    """``value`` without its graph, and so for what lists, tuples and dicts hold."""
    return map_leaves(lambda leaf: leaf._data if isinstance(leaf, TensorBase) else leaf, value)


def faced(value: Any) -> Any:
    """A result for tensors as the face has it: an Array, or plain where it has no gradient."""
    if isinstance(value, TensorBase):
        if not dtypes.differentiable(value._data.dtype):
            return np.asarray(value._data)[()]
        return as_array(value)
    if isinstance(value, (list, tuple)):
        found = [faced(one) for one in value]
        return type(value)(*found) if hasattr(value, "_fields") else type(value)(found)
    return value


def alike(found: Any, *given: Any) -> Any:
    """A result for tensors as the face has it, where an Array was among what was given."""
    return faced(found) if any([type(one) is Array for one in given]) else found


def on_plain_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` of the values alone."""

    @wraps(function)
    def way(*args: Any, **options: Any) -> Any:
        return function(*plain(args), **plain(options))

    return way


def by_tensors(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` of tensors as one of Arrays, in lists and tuples too."""

    @wraps(function)
    def way(*args: Any, **options: Any) -> Any:
        leaves, form = flatten((args, options))
        given, named = unflatten(map(as_tensor, leaves), form)
        found = function(*given, **named)
        return alike(found, *leaves)

    return way


for _function, _target in [*table.items()]:
    if type(_function) is tuple:
        continue
    if isinstance(_target, type) and issubclass(_target, Elementwise):
        numpys.setdefault(_function, _target.apply)
    else:
        numpys.setdefault(_function, by_tensors(_function))
for _name in CONSTANT:
    if hasattr(np, _name):
        numpys[getattr(np, _name)] = on_plain_values(getattr(np, _name))


def entered(*functions: Any) -> Callable[[Any], Any]:
    """Decorator: what these NumPy functions mean for traced values."""

    def enter(way: Any) -> Any:
        for function in functions:
            numpys[function] = way
        return way

    return enter


def is_traced(value: Any) -> bool:
    """Whether a traced value is in ``value``: itself, or in a list or tuple."""
    if type(value) in (list, tuple):
        return any(map(is_traced, value))
    return isinstance(value, TensorBase)


def public(function: Any) -> Any:
    """``function`` of NumPy as ``autograd.numpy`` has it: NumPy's own where nothing is traced."""

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        if args and type(args[0]) is Array or any(map(is_traced, (*args, *options.values()))):
            return numpys[function](*args, **options)
        return function(*args, **options)

    return call


def names_of(module: Any) -> dict[str, Any]:
    """The names of a module of NumPy's; those of its functions that the table knows are ours."""
    found = {}
    for name in dir(module):
        if not name.startswith("_") and name != "test":
            value = getattr(module, name)
            known = callable(value) and value.__hash__ is not None and value in numpys
            found[name] = public(value) if known else value
    return found
