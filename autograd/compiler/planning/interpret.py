"""A plan in plain NumPy, one whole array after another: what planner and kernels are held to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.planning.plan import (
    Access,
    Buffer,
    Instruction,
    Loop,
    Plan,
    PlannedCall,
    Product,
    View,
)
from autograd.kernels.erf import erf


def interpreted(plan: Plan, arrays: dict[str, Any], numbers: list[Any]) -> list[Any]:
    """What the plan gives for these arrays and numbers; given arrays are written to as it says.

    Its own memory begins as NaN, or as the greatest integers.

    >>> from autograd.compiler.planning.plan import Store
    >>> x, y = Buffer("given", 3, "f4", "x"), Buffer("result", 3, "f4")
    >>> twice = Loop(
    ...     (3,),
    ...     (
    ...         Instruction("load", (Access(x, 0, (1,)),), x.dtype),
    ...         Instruction("add", (0, 0), x.dtype),
    ...     ),
    ...     (Store(1, Access(y, 0, (1,))),),
    ... )
    >>> plan = Plan([twice], {"x": x}, [], [View((3,), Access(y, 0, (1,)))], 0)
    >>> interpreted(plan, {"x": np.array([1, 2, 3], "f4")}, [])
    [array([2., 4., 6.], dtype=float32)]
    """
    memory = {plan.given[name]: np.asarray(array) for name, array in arrays.items()}
    raw = poisoned(np.empty(plan.memory, np.uint8)) if plan.memory else np.empty(0, np.uint8)
    for step in plan.steps:
        if isinstance(step, PlannedCall):
            called(step, memory, raw, dict(zip(map(id, plan.numbers), numbers)))
        else:
            done(step, memory, raw, numbers)
    return [viewed(one, memory, raw) for one in plan.results]


def done(step: Loop | Product, memory: dict[Buffer, Any], raw: Any, numbers: list[Any]) -> None:
    """Do a loop or a product."""
    if isinstance(step, Loop):
        return _loop(step, memory, raw, numbers)
    batch, m, n, k, *operands = step
    shapes = ((m, k), (k, n), (m, n))
    x, y, out = [
        viewed(View((*batch, *shape), one), memory, raw) for shape, one in zip(shapes, operands)
    ]
    out[...] = x @ y
    return None


def interpreting(
    segments: list[list[Loop | Product]], slots: dict[Buffer, int]
) -> list[Callable[[int, int], None]]:
    """What a compiler makes of loops and products, without a compiler: for tests, and to look on.

    Each function is given the addresses of the buffers' pointers, by slot, and of the numbers.
    """

    def of(segment: list[Loop | Product]) -> Callable[[int, int], None]:
        def run(table: int, numbers: int) -> None:
            pointers = _at_address(table, len(slots), np.dtype(np.uintp))
            known = [(one, int(pointers[i])) for one, i in slots.items()]
            memory = {one: _at_address(there, 1, one.dtype) for one, there in known if there}
            many = max(_numbers_in(segment), default=-1) + 1
            values = [*_at_address(numbers, many, np.dtype(np.float64))]
            for step in segment:
                done(step, memory, None, values)

        return run

    return [of(segment) for segment in segments]


def _numbers_in(steps: list[Loop | Product]) -> list[int]:
    bodies = [step.body for step in steps if isinstance(step, Loop)]
    return [one.args[0] for body in bodies for one in body if one.name == "number"]


def _at_address(address: int, size: int, dtype: np.dtype[Any]) -> Any:
    interface = {"data": (address, False), "shape": (size,), "typestr": dtype.str, "version": 3}
    return np.asarray(_Memory(interface, None))


def poisoned(array: Any) -> Any:
    """``array`` full of bits that are NaN in every floating dtype: what nobody should read."""
    array.view(np.uint8)[...] = 0xFF
    return array


def viewed(view: View, memory: dict[Buffer, Any], raw: Any) -> Any:
    """The array that a view means; its buffer comes into ``memory`` when it is needed first."""
    buffer, offset, strides = view.access
    if buffer not in memory:
        if buffer.kind == "constant":
            memory[buffer] = buffer.array
        elif buffer.kind == "planned" and buffer.place >= 0:
            memory[buffer] = raw[buffer.place :][: buffer.size * buffer.dtype.itemsize]
            memory[buffer] = memory[buffer].view(buffer.dtype)
        else:
            memory[buffer] = poisoned(np.empty(buffer.size, buffer.dtype))
    step = buffer.dtype.itemsize
    return at(memory[buffer], offset * step, view.shape, [one * step for one in strides])


_NAMED = {"erf": erf}


class _Memory:
    def __init__(self, interface: dict[str, Any], owner: Any) -> None:
        self.__array_interface__, self.owner = interface, owner


def at(array: Any, offset: int, shape: tuple[int, ...], strides: Any) -> Any:
    """An array in the memory of another one, ``offset`` bytes from its first element."""
    interface = dict(array.__array_interface__)
    interface["data"] = interface["data"][0] + offset, not array.flags.writeable
    interface.update(shape=tuple(shape), strides=tuple(strides))
    return np.asarray(_Memory(interface, array))


def called(call: PlannedCall, memory: dict[Buffer, Any], raw: Any, numbers: dict[int, Any]) -> None:
    """Do a call; what it makes comes into ``memory``. ``numbers`` are known by their ``id``."""

    def opened(value: Any) -> Any:
        if isinstance(value, View):
            return viewed(value, memory, raw)[() if value.scalar else ...]
        if id(value) in numbers:
            return numbers[id(value)]
        if type(value) in (tuple, list):
            return type(value)([opened(one) for one in value])
        if type(value) is dict:
            return {name: opened(one) for name, one in value.items()}
        return value

    def keep(form: Any, result: Any) -> None:
        if isinstance(form, View):
            memory[form.access.buffer] = np.asarray(result)
        elif isinstance(form, (tuple, list)):
            for pair in zip(form, result):
                keep(*pair)

    keep(call.result, call.function(*opened(call.args), **opened(call.options)))


def _loop(loop: Loop, memory: dict[Buffer, Any], raw: Any, numbers: list[Any]) -> None:
    values: list[Any] = []
    for one in loop.body:
        values.append(_value(one, loop.space, values, memory, raw, numbers))
    for store in loop.stores:
        value = np.broadcast_to(values[store.value], loop.space)
        if store.over:
            value = getattr(np, store.over).reduce(
                value, axis=store.axes, keepdims=True, dtype=value.dtype
            )
        # along an axis where the access stands still there is one element to store
        index = tuple([slice(None if stride else 1) for stride in store.access.strides])
        viewed(View(loop.space, store.access), memory, raw)[index] = value[index]


def _value(
    one: Instruction,
    space: tuple[int, ...],
    values: list[Any],
    memory: dict[Buffer, Any],
    raw: Any,
    numbers: list[Any],
) -> Any:
    """What an instruction gives, for all points at once."""
    name, args, dtype = one
    if name == "load":
        return np.array(viewed(View(space, args[0]), memory, raw))
    if name == "take":
        buffer, offset, strides = args[0]
        places = sum([values[i].astype(np.int64) * stride for i, stride in args[1]])
        for axis, stride in enumerate(strides):
            places = places + _position(space, axis) * stride
        flat = viewed(View((buffer.size,), Access(buffer, 0, (1,))), memory, raw)
        return flat[np.broadcast_to(places + offset, space)]
    if name == "number":
        return dtype.type(numbers[args[0]])
    if name == "literal":
        return dtype.type(args[0])
    if name == "position":
        return _position(space, args[0]).astype(dtype)
    if name == "reduce":
        whole = np.broadcast_to(values[args[1]], space)
        return getattr(np, args[0]).reduce(whole, axis=-1, keepdims=True, dtype=dtype)
    if name == "astype":
        return values[args[0]].astype(dtype)
    if name == "where":
        return np.where(*[values[i] for i in args])
    function = _NAMED.get(name) or getattr(np, name)
    return function(*[values[i] for i in args])


def _position(space: tuple[int, ...], axis: int) -> Any:
    shape = [1] * len(space)
    shape[axis] = space[axis]
    return np.arange(space[axis]).reshape(shape)
