"""Kernels, which are one call on the tape, opened: their plain forms, recorded and planned.

What a kernel does by parts, by threads and in memory that it has made, a plan does by loops of its
own, and better, as they go on into what comes before and after. So its plain form is planned in its
place, if all of that becomes loops and products. Kernels whose plain form is another algorithm, of
windows, of sorting, of attention in one piece, stay what they are.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from autograd.compiler.planning.elements import Body
from autograd.compiler.planning.memory import Unplanned, address
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import recorders
from autograd.compiler.tapes.recorder import Call, Recorded, Tape
from autograd.kernels.softmax import class_exponentials

_OPENED = {"autograd.arrays.dialect"} | {
    f"autograd.kernels.{name}"
    for name in "activation erf layout masked pointwise products scatter softmax standardize sums"
    .split()
}  # fmt: skip

_MOST = 64  # calls of a plain form


def expanded(values: Any, call: Call) -> bool:
    """Plan a kernel's plain form in its place; False, and nothing done, where that cannot be."""
    kernel: Any = call.function
    if kernel.__module__ not in _OPENED:
        return False
    steps, common = len(values.steps), len(values.common)
    rooms = []
    for one in recorders((call.args, call.options)):
        if isinstance(one, Recorded):
            room = values.memory.room(one.inside)
            rooms.append((room, room.buffer))
    before = values.bare, values.trusted
    values.bare, values.trusted = True, values.trusted or kernel is class_exponentials
    try:
        _open(values, call)
        return True
    except Unplanned:
        del values.steps[steps:]
        while len(values.common) > common:
            values.common.popitem()
        for room, buffer in rooms:
            values.memory.fill(room, buffer)
        return False
    finally:
        values.bare, values.trusted = before


def _open(values: Any, call: Call) -> None:
    tape, kernel = Tape(), cast(Any, call.function)
    stand_ins: dict[int, Any] = {}

    def stand_in(value: Any) -> Any:
        if type(value) in (tuple, list):
            return type(value)([stand_in(one) for one in value])
        if not isinstance(value, (Recorded, Number, np.ndarray)):
            return value
        if id(value) not in stand_ins:
            stand_ins[id(value)] = _stand_in(values, value, tape)
        return stand_ins[id(value)]

    values.memory.held.append((tape, stand_ins))
    try:
        with np.errstate(all="ignore"):
            result = kernel.plain(*stand_in(call.args), **call.options)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unplanned(f"a plain form takes no recorders: {error}") from None
    if tape.refusals or len(tape.calls) > _MOST:
        raise Unplanned("a kernel's plain form looks at values, or takes too long")
    for one in tape.calls:
        values.do(one)
    _agree(values, call.result, result)


def _stand_in(values: Any, value: Any, tape: Tape) -> Any:
    """What a plain form is given for a value: it may write to it, and see nobody else's tape."""
    if type(value) is Number:
        found = Number(value.value, tape)
        values.stand_ins[id(found)] = values.stand_ins.get(id(value), value)
        return found
    values.view(value)  # which makes a constant of what is one
    array = value.inside if isinstance(value, Recorded) else value
    if type(array) is not np.ndarray:
        return tape.lift(array)
    low, high = np.lib.array_utils.byte_bounds(array)
    raw = np.empty(max(high - low, 1), np.uint8)
    first = address(array) - low if array.size else 0
    other = np.ndarray(array.shape, array.dtype, raw, first, array.strides)
    other[...] = array
    room, origin = values.memory.place(array)
    values.memory.settle(other, room, address(other) - (address(array) - origin))
    return tape.lift(other)


def _agree(values: Any, result: Any, found: Any) -> None:
    """What the kernel has given holds what its plain form gives."""
    if isinstance(result, (tuple, list)):
        if not isinstance(found, (tuple, list)) or len(found) != len(result):
            raise Unplanned("a plain form gives something else")
        for pair in zip(result, found):
            _agree(values, *pair)
    elif isinstance(result, Recorded):
        shape = np.shape(found.inside if isinstance(found, Recorded) else found)
        if shape != result.shape:
            raise Unplanned("a plain form gives something else")
        if isinstance(found, Recorded) and values.memory.knows(result.inside):
            if values.view(found)[:2] == values.view(result)[:2]:
                return
        body = Body()
        values.define(result, body, values.operand(body, found, shape, result.dtype))
    elif result is not None:
        raise Unplanned("a kernel gives a number")
