"""From calls to steps over buffers: one loop, product or call for each, in the order of the tape.

Here memory disappears. A view is read through, as an access; what is written over all of an array
is a new value in a buffer of its own; a copy is the value that is there. So the steps that come out
say what is computed from what, and what is not needed, or was computed before, can be left out.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.compiler.planning import plan
from autograd.compiler.planning.axes import arranged
from autograd.compiler.planning.elements import Body, bits, plain
from autograd.compiler.planning.expand import expanded
from autograd.compiler.planning.functions import planner_of
from autograd.compiler.planning.layouts import broadcast, dense, rows
from autograd.compiler.planning.memory import Memory, Room, Unplanned, address, elements, looked_at
from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Store, View
from autograd.compiler.planning.ranges import Ranges
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import IN_PLACE, recorders
from autograd.compiler.tapes.recorder import Call, Recorded, RecordedScalar


class Values:
    """The steps that calls come to; see the top of the file. ``known`` are buffers of one number,
    or of numbers at equal distances."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.steps: list[Any] = []
        self.numbers: list[Number] = []
        self.known: dict[Buffer, tuple[Any, int]] = {}  # the first number, and the distance
        self.common: dict[Any, tuple[Buffer, int]] = {}  # what holds a result, in which version
        self.bare = False  # whether calls must not stay calls
        self.trusted = False  # whether integers are known to be in range
        self.ranges = Ranges()
        self.stand_ins: dict[int, Number] = {}  # numbers of a plain form: those of the step

    # -- what a loop reads -----------------------------------------------------------------------

    def operand(self, body: Body, value: Any, shape: tuple[int, ...], dtype: Any = None) -> int:
        """The line of ``body`` that has ``value``, an array or a number, broadcast to ``shape``."""
        if type(value) is Number:
            i = body.put("number", (self.number(value),), dtype)
        elif isinstance(value, (int, float, np.generic)):
            i = body.literal(value, value.dtype if isinstance(value, np.generic) else dtype)
        else:
            i = self.read(body, self.view(value), shape)
        return i if dtype is None else body.cast(i, dtype)

    def read(self, body: Body, view: View, shape: tuple[int, ...]) -> int:
        """The line of ``body`` that has what a view shows, broadcast to ``shape``."""
        access = broadcast(view, shape)
        first, distance = self.known.get(access.buffer, (None, None))
        if first is None:
            return body.load(access)
        moving = [axis for axis, step in enumerate(access.strides) if step]
        if not distance:
            return body.literal(first, access.buffer.dtype)
        if not moving:
            return body.literal(first + distance * access.offset, access.buffer.dtype)
        if len(moving) > 1 or access.buffer.dtype.kind not in "iu":
            return body.load(access)
        dtype = access.buffer.dtype
        i = body.put("position", (moving[0],), dtype)
        factor = body.literal(distance * access.strides[moving[0]], dtype)
        if body.lines[factor].args[0] != 1:
            i = body.element("multiply", [i, factor], dtype)
        start = body.literal(first + distance * access.offset, dtype)
        return i if body.lines[start].args[0] == 0 else body.element("add", [i, start], dtype)

    def view(self, value: Any) -> View:
        """What an array sees; one from elsewhere is a constant."""
        array = value.inside if isinstance(value, Recorded) else value
        if not isinstance(value, Recorded) and not self.memory.knows(array):
            buffer = self.memory.outside(array, "constant")
            if array.ndim == 1 and array.size > 1 and array.dtype.kind in "iu":
                if (np.diff(array) == array[1] - array[0]).all():
                    self.known[buffer] = int(array[0]), int(array[1]) - int(array[0])
        if array.dtype != self.memory.room(array).buffer.dtype:
            return self.as_other_dtype(array)
        return self.memory.view(array)

    def as_other_dtype(self, array: Any) -> View:
        """What an array sees that looks at memory as another dtype: a copy, by a call."""
        room, first = self.memory.place(array)
        flat = View((room.buffer.size,), Access(room.buffer, 0, (1,)))
        offset = address(array) - first
        end = offset + np.lib.array_utils.byte_bounds(array)[1] - address(array)
        if self.bare or offset < 0 or end > room.buffer.size * room.buffer.dtype.itemsize:
            raise Unplanned("memory is looked at as another dtype")
        made = Buffer("made", array.size, array.dtype)
        view = View(array.shape, Access(made, 0, elements(array)))
        args = flat, array.dtype, array.shape, offset, array.strides
        self.steps.append(plan.PlannedCall(looked_at, args, {}, view))
        return view

    def within(self, index: Any, n: int) -> bool:
        """Whether integers are known to be from 0 to ``n`` - 1."""
        view = self.view(index)
        known = self.known.get(view.access.buffer, (None, None))
        return self.trusted or self.ranges.within(view, known, n, self.memory)

    def counted(self, target: Any, first: int, second: int) -> None:
        """``target``, new, holds integers at equal distances."""
        room = self.memory.fresh(target.inside)
        self.known[room.buffer] = first, second - first
        body, shape = Body(), target.shape
        value = self.read(body, self.view(target), shape)
        self.step(shape, body, [Store(value, Access(room.buffer, 0, (1,)))])

    def part(self, of: Any, array: Any) -> Recorded:
        """A part of a recorder's array, to be written to."""
        if not self.memory.knows(of.inside):
            self.memory.fresh(of.inside)
        return Recorded(array, of.tape)

    def number(self, number: Number) -> int:
        """The place of a number among those of the plan."""
        number = self.stand_ins.get(id(number), number)
        for i, one in enumerate(self.numbers):
            if one is number:
                return i
        self.numbers.append(number)
        return len(self.numbers) - 1

    # -- what it writes --------------------------------------------------------------------------

    def define(self, target: Any, body: Body, value: int) -> None:
        """``target``, new or written to, holds line ``value`` for each of its elements."""
        array, shape = target.inside, target.shape
        value = body.cast(value, array.dtype)
        room, whole = self.opened(array)
        if not array.size:
            return
        access = self.memory.view(array).access
        if not whole:
            self.own(array)
            access = access._replace(buffer=room.buffer)
            if any([_elsewhere(line, access) for line in body.lines]):
                return self.detour(target, body, value)
            self.step(shape, body, [Store(value, access)])
            return self.written(room)
        line = body.lines[value]
        source = line.args[0] if line.name == "load" else None
        if source is not None and source[1:] == access[1:] and source.buffer.size == room.size:
            return self.memory.fill(room, source.buffer)
        key = self.key(shape, access[1:], body, value)
        made = self.computed(key)
        if made is not None:
            return self.memory.fill(room, made)
        made = self.computes(key, room.size, array.dtype)
        self.memory.fill(room, made)
        if line.name == "literal":
            self.known[made] = line.args[0], 0
        self.step(shape, body, [Store(value, access._replace(buffer=made))])

    def key(self, shape: Any, layout: Any, body: Body, value: Any) -> Any:
        """What two steps have in common that compute the same."""
        read = [one.args[0].buffer for one in body.lines if one.name in ("load", "take")]
        versions = tuple([self.memory.versions.get(one, 0) for one in read])
        return shape, layout, tuple(map(bits, body.lines)), value, versions

    def computed(self, key: Any) -> Buffer | None:
        """The buffer that holds what a step with this key computes, if there is one."""
        buffer, version = self.common.get(key, (None, 0))
        if buffer is not None and self.memory.versions.get(buffer, 0) != version:
            del self.common[key]
            return None
        return buffer

    def computes(self, key: Any, size: int, dtype: Any) -> Buffer:
        """A new buffer, for what a step with this key computes."""
        made = Buffer("planned", size, dtype)
        self.common[key] = made, 0
        return made

    def opened(self, array: Any) -> tuple[Room, bool]:
        """The room of an array that is about to be written, and whether all of it will be."""
        if not self.memory.knows(array):
            room = self.memory.fresh(array)
        else:
            room = self.memory.room(array)
            self.memory.view(array)  # which may complain
        return room, self.memory.covers(array) or not array.size

    def written(self, room: Room) -> None:
        """A part of the room's buffer has been changed, or will be by the next step."""
        buffer = room.buffer
        self.memory.versions[buffer] = self.memory.versions.get(buffer, 0) + 1
        self.known.pop(buffer, None)

    def own(self, array: Any) -> None:
        """See to it that a room is the only one with its buffer, before a part is written to."""
        room = self.memory.room(array)
        others = self.memory.others(room)
        buffer = room.buffer
        if room.home is buffer:
            for one in others:
                self.memory.fill(one, self.copied(buffer))
        elif others or buffer.kind in ("given", "constant"):
            self.memory.fill(room, self.copied(buffer))

    def copied(self, buffer: Buffer) -> Buffer:
        """A buffer with the same elements as this one has now."""
        made = Buffer("planned", buffer.size, buffer.dtype)
        self.refill(made, buffer)
        return made

    def refill(self, made: Buffer, buffer: Buffer) -> None:
        """Write the elements of a buffer over those of another one."""
        if not plain(buffer.dtype):
            raise Unplanned(f"an array of {buffer.dtype} is copied")
        body, shape = Body(), (buffer.size,)
        value = self.read(body, View(shape, Access(buffer, 0, (1,))), shape)
        self.step(shape, body, [Store(value, Access(made, 0, (1,)))])

    def detour(self, target: Any, body: Body, value: int) -> None:
        """Compute all, and then write it over what was read."""
        made = Buffer("planned", target.size, target.dtype)
        access = Access(made, 0, rows(target.shape))
        self.step(target.shape, body, [Store(value, access)])
        self.copy(View(target.shape, access), target)

    def hold(self, target: Any, view: View) -> bool:
        """As :meth:`copy`; False where loops do not know a dtype."""
        if not plain(view.access.buffer.dtype) or not plain(target.dtype):
            return False
        self.copy(view, target)
        return True

    def copy(self, view: View, target: Any) -> None:
        """``target`` holds what a view shows, broadcast."""
        body = Body()
        self.define(target, body, self.read(body, view, target.shape))

    def step(self, shape: tuple[int, ...], body: Body, stores: list[Store]) -> None:
        if 0 not in shape:
            self.steps.append(arranged(Loop(shape, tuple(body.lines), tuple(stores))))

    # -- calls -----------------------------------------------------------------------------------

    def do(self, call: Call) -> None:
        """What a call of the tape comes to."""
        made = [*recorders(call.result)]
        if call.result is not None and not any([isinstance(one, Recorded) for one in made]):
            if self.bare:
                raise Unplanned("a number is looked at")
            return  # it came before
        planner = planner_of(self, call)
        if planner is not None and planner():
            return
        if hasattr(call.function, "plain") and expanded(self, call):
            return
        if self.bare:
            raise Unplanned(f"{call.function.__name__} is a call of its own")
        self.call(call)

    def call(self, call: Call) -> None:
        """A call that stays one."""
        targets = [one.inside for one in targets_of(call, self.memory)]
        for one in targets:
            self.memory.view(one)  # which may complain
            self.own(one)
        args, options = self.nested(call.args), self.nested(call.options)
        writes = tuple([self.memory.room(one).buffer for one in targets])
        result = self.made(call.result)
        self.steps.append(plan.PlannedCall(call.function, args, options, result, writes))
        for one in targets:
            self.written(self.memory.room(one))

    def nested(self, value: Any) -> Any:
        if type(value) is Number:
            self.number(value)
            return value
        if isinstance(value, Recorded):
            return self.view(value)._replace(scalar=type(value) is RecordedScalar)
        if type(value) in (tuple, list):
            return type(value)([self.nested(one) for one in value])
        if type(value) is dict:
            return {name: self.nested(one) for name, one in value.items()}
        return value

    def made(self, value: Any) -> Any:
        """Views of what a call makes; None for what was there before."""
        if isinstance(value, (tuple, list)):
            return [self.made(one) for one in value]
        if not isinstance(value, Recorded) or self.memory.knows(value.inside):
            return None
        array = value.inside
        buffer = Buffer("made", array.size, array.dtype)
        size = array.size if dense(array.shape, elements(array), array.size) else -1
        self.memory.settle(array, Room(buffer, size))
        return self.memory.view(array)


def _elsewhere(line: Instruction, access: Access) -> bool:
    """Whether a line reads, or may read, other elements of a buffer that is being written to."""
    if line.name not in ("load", "take") or line.args[0].buffer is not access.buffer:
        return False
    return line.name == "take" or line.args[0] != access


def targets_of(call: Call, memory: Memory) -> list[Any]:
    """The arrays that a call may write to."""
    arrays = [one for one in recorders((call.args, call.options)) if isinstance(one, Recorded)]
    if call.function in IN_PLACE or call.function is operator.setitem:
        return arrays[:1]
    if call.result is None:
        return arrays
    made = [one for one in recorders(call.result) if isinstance(one, Recorded)]
    return [one for one in made if memory.knows(one.inside)]
