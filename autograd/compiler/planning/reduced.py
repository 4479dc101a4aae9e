"""Reductions, and sums of products, as loops that store what they reduce."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiler.planning.elements import Body, is_array, plain
from autograd.compiler.planning.layouts import axes_of, rows, turned
from autograd.compiler.planning.memory import elements
from autograd.compiler.planning.plan import Access, Store, View
from autograd.compiler.tapes.numbers import Number

_REDUCED = {
    "add": 0, "multiply": 1, "maximum": -np.inf, "minimum": np.inf, "logical_and": True,
    "logical_or": False, "bitwise_or": 0, "bitwise_and": -1,
}  # fmt: skip


def reducible(dtype: Any) -> bool:
    """Whether loops reduce to the dtype: 16 bits are too few to add up in.

    >>> reducible(np.dtype("f4")), reducible(np.dtype("f2"))
    (True, False)
    """
    return plain(dtype) and not (dtype.kind == "f" and dtype.itemsize == 2)


def reduce(
    values: Any, ufunc: Any, result: Any, x: Any, axis: Any = 0, dtype: Any = None,
    out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True,
) -> bool:  # fmt: skip
    """A ufunc's reduction."""
    name = getattr(ufunc, "__name__", "")
    if name not in _REDUCED or not reducible(result.dtype) or not plain(x.dtype):
        return False
    if where is not True or type(initial) is Number:
        return False
    if initial is not None and initial != _REDUCED[name]:
        return False
    body, shape, axes = Body(), x.shape, axes_of(axis, x.ndim)
    if 0 in [shape[i] for i in axes]:
        start = ufunc.identity if initial is None else initial
        values.define(result, body, body.literal(start, result.dtype))
    else:
        value = values.operand(body, x, shape, result.dtype)
        _store(values, name, shape, body, value, axes, result)
    return True


def summed(values: Any, result: Any, arrays: Any, letters: list[str], out: str) -> bool:
    """The sum of products of arrays whose axes have letters, over those that are not in ``out``."""
    dtype = result.dtype
    if not reducible(dtype) or not all([plain(one.dtype) for one in arrays]):
        return False
    order = out + "".join([one for one in letters[0] if one not in out])
    body, value = Body(), -1
    for one, names in zip(arrays, letters):
        view = turned(values.view(one), [names.index(letter) for letter in order])
        i = body.cast(values.read(body, view, view.shape), dtype)
        value = i if value < 0 else body.element("multiply", [value, i], dtype)
    shape = view.shape
    axes = tuple(range(len(out), len(order)))
    if 0 in [shape[i] for i in axes]:
        values.define(result, body, body.literal(0, dtype))
    else:
        _store(values, "add", shape, body, value, axes, result)
    return True


def einsum(values: Any, result: Any, equation: Any, *arrays: Any, **options: Any) -> bool:
    """Products that are summed, of which every index is in all operands."""
    if options or not isinstance(equation, str) or "->" not in equation or "." in equation:
        return False
    given, out = equation.replace(" ", "").split("->")
    letters = given.split(",")
    if len(letters) != len(arrays) or len({frozenset(one) for one in letters}) != 1:
        return False
    if any([len({*one}) != len(one) for one in letters]) or result.dtype.kind != "f":
        return False
    return all(map(is_array, arrays)) and summed(values, result, arrays, letters, out)


def _store(
    values: Any, name: str, shape: Any, body: Body, value: int, axes: tuple[int, ...], target: Any
) -> None:
    """``target`` holds line ``value``, reduced along axes, none of which has length 0."""
    room, whole = values.opened(target.inside)
    if not target.size:
        return
    offset = values.memory.view(target.inside).access.offset if whole else 0
    steps = elements(target.inside) if whole else rows(target.shape)
    if target.ndim < len(shape):
        kept = iter(steps)
        steps = tuple([0 if i in axes else next(kept) for i in range(len(shape))])
    steps = tuple([0 if i in axes else step for i, step in enumerate(steps)])
    key = values.key(shape, (name, axes, offset, steps), body, value)
    made = values.computed(key)
    if made is None:
        made = values.computes(key, room.size if whole else target.size, target.dtype)
        store = Store(value, Access(made, offset, steps), name if axes else "", axes)
        values.step(shape, body, [store])
    if whole:
        values.memory.fill(room, made)
    else:
        values.copy(View(target.shape, Access(made, 0, rows(target.shape))), target)
