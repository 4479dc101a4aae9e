"""What NumPy's functions mean for traced values: the table that all of the face looks into.

Most are there already, for tensors, with NumPy's signatures. So an elementwise op is applied to
the Array as it is, and any other function goes by the tensor of the same node. What has no
gradient gives plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import is_not
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import asarray
from autograd.arrays.trees import LEAVES, flatten, map_leaves
from autograd.engine.dispatch import call_function, numpys, table
from autograd.engine.duals import values_of
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import TensorBase
from autograd.numpy.noting import concerns, noted, open_traces
from autograd.tensors.array import Array, as_array, as_tensor, at_first, of_ufunc
from autograd.tensors.array_methods import written_to

# Piecewise constant, or of shapes and orders: there is no gradient to lose.
CONSTANT = """
    all allclose any argmax argmin argpartition argsort argwhere array_equal around ceil
    count_nonzero equal fix flatnonzero floor floor_divide greater greater_equal invert isclose
    iscomplex iscomplexobj isfinite isin isinf isnan isneginf isposinf isreal isrealobj isscalar
    less less_equal logical_and logical_not logical_or logical_xor lexsort nanargmax nanargmin ndim
    nonzero not_equal result_type rint round searchsorted shape sign signbit size trunc digitize
    may_share_memory shares_memory min_scalar_type can_cast common_type array_repr array_str
    array2string array_equiv spacing tril_indices_from triu_indices_from diag_indices_from
    broadcast_shapes isfortran
""".split()


def plain(value: Any) -> Any:
    """``value`` without its graph, and so for what lists, tuples and dicts hold."""
    if isinstance(value, TensorBase):
        return values_of(value._data)
    if isinstance(value, (list, tuple, dict)):
        return map_leaves(plain, value)
    return value


def faced(value: Any) -> Any:
    """A result for tensors as the face has it: an Array, or plain where it has no gradient."""
    if isinstance(value, TensorBase):
        if not dtypes.differentiable(value._data.dtype):
            return asarray(value._data)[()]
        return as_array(value)
    if isinstance(value, (list, tuple)):
        found = [faced(one) for one in value]
        return type(value)(*found) if hasattr(value, "_fields") else type(value)(found)
    return value


def constant(call: str, **named: Any) -> Any:
    """The plain value of an argument by which ``call`` has no derivative.

    Raises NotImplementedError where it is traced.
    """
    ((name, value),) = named.items()
    if is_traced(value):
        raise NotImplementedError(
            f"{call}: has no derivative by {name}, which is differentiated here. Keep it constant."
        )
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


def by_tensors(function: Callable[..., Any], known: Any = None) -> Callable[..., Any]:
    """``function`` of tensors as one of Arrays, in lists and tuples too.

    :param known: what it means for tensors, where that is at hand.
    """

    known = known or function

    @wraps(function)
    def way(*args: Any, **options: Any) -> Any:
        given = [*map(_tensors_of, args)]
        if options:
            named = dict(zip(options, map(_tensors_of, options.values())))
            changed = any(map(is_not, (*given, *named.values()), (*args, *options.values())))
        else:
            named, changed = options, any(map(is_not, given, args))
        return faced(known(*given, **named)) if changed else function(*args, **options)

    return way


def _tensors_of(value: Any) -> Any:
    """``value`` with tensors for Arrays; itself where none is in it."""
    kind = type(value)
    if kind is Array:
        return as_tensor(value)
    if issubclass(kind, (list, tuple, dict)):
        if any([type(one) is Array for one in flatten(value)[0]]):
            return map_leaves(as_tensor, value)
    return value


def _by_the_op(op: Any, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """An op on an Array as it is; with options, or where the first argument is none, the other."""

    def way(*args: Any, **options: Any) -> Any:
        if options or not args or type(args[0]) is not Array:
            return otherwise(*args, **options)
        return op.apply(*args)

    return way


def of_tensors(function: Any) -> Callable[..., Any]:
    """What a function of NumPy's means for tensors, without asking NumPy for it."""
    if function not in table:
        known: Callable[..., Any] = function
        return known
    return lambda *args, **options: call_function(function, args, options)


for _function, _target in [*table.items()]:
    if type(_function) is tuple or _function in numpys:
        continue
    if isinstance(_target, type) and issubclass(_target, Elementwise):
        numpys[_function] = at_first(_function, _target)
    else:
        numpys[_function] = by_tensors(_function, of_tensors(_function))
        if isinstance(_target, type):
            numpys[_function] = _by_the_op(_target, numpys[_function])
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


# They take a list for what it is, not for an array.
SEQUENCES = {
    np.array, np.asarray, np.asanyarray, np.concatenate, np.stack, np.vstack, np.hstack, np.dstack,
    np.column_stack, np.block, np.select, np.choose, np.piecewise, np.einsum, np.linalg.multi_dot,
}  # fmt: skip


def public(function: Any) -> Any:
    """``function`` of NumPy as ``autograd.numpy`` has it: NumPy's own where nothing is traced.

    A list with traced values in it is an array to it, as one of numbers is.
    """
    takes_lists = function in SEQUENCES
    inputs = function.nin if isinstance(function, np.ufunc) else None

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        if open_traces and concerns(args, options):
            return noted(call, args, options)
        if len(args) == 1 and type(args[0]) is Array and not options:
            return numpys[function](*args)
        traced = lists = False
        for one in args:
            kind = type(one)
            if kind is Array:
                traced = True
            elif kind not in LEAVES:
                lists = lists or kind is list or kind is tuple
                traced = traced or is_traced(one)
        if not traced and not (options and any(map(is_traced, options.values()))):
            return function(*args, **options)
        if lists and not takes_lists:
            args = tuple([_array(one) if type(one) in (list, tuple) else one for one in args])
        if not options and (inputs is None or len(args) <= inputs):
            return numpys[function](*args)
        if inputs is not None:
            return of_ufunc(function, args, options)
        if "out" in options:
            return written_to(options.pop("out"), numpys[function], args, options)
        return numpys[function](*args, **options)

    if inputs is not None:
        for name in ("reduce", "accumulate", "reduceat", "outer", "at", "nin", "nout", "identity"):
            setattr(call, name, getattr(function, name))
    return call


def _array(values: Any) -> Any:
    return numpys[np.array](values) if is_traced(values) else values


def names_of(module: Any) -> dict[str, Any]:
    """The names of a module of NumPy's; those of its functions that the table knows are ours."""
    found = {}
    for name in dir(module):
        if not name.startswith("_") and name != "test":
            value = getattr(module, name)
            known = callable(value) and value.__hash__ is not None and value in numpys
            found[name] = public(value) if known else value
    return found
