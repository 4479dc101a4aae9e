"""The plan of a tape: what its calls compute, in loops over memory of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.compiler.planning.constants import settled
from autograd.compiler.planning.groups import grouped, needed
from autograd.compiler.planning.memory import Unplanned, disjoint
from autograd.compiler.planning.places import place
from autograd.compiler.planning.plan import Buffer, Plan, PlannedCall, View, accesses
from autograd.compiler.planning.values import Values
from autograd.compiler.tapes.recorder import Call, Recorded

__all__ = ["Unplanned", "planned"]


def planned(
    calls: Iterable[Call],
    given: dict[str, Any],
    wanted: Iterable[Any],
    looks: Iterable[Call] = (),
) -> Plan:
    """The plan of ``calls``, which are ordered, and without those that reckon with numbers alone.

    :param given: by name, recorders of arrays from outside, and numbers.
    :param wanted: recorders whose arrays are the results.
    :param looks: calls that have been done before, and whose outcome was that of the tape.
    :raises Unplanned: there is none.
    """
    values = Values()
    buffers: dict[str, Buffer] = {}
    arrays = {name: one.inside for name, one in given.items() if isinstance(one, Recorded)}
    for name, array in arrays.items():
        alone = all([array is one or disjoint(array, one) for one in arrays.values()])
        buffers[name] = values.memory.outside(array, "given", name, alone)
    for call in looks:
        values.ranges.learn(call, values.memory)
    for call in calls:
        values.do(call)
    results = _results(values, list(wanted))
    _bring_home(values)
    kept = {view.access.buffer for view in results}
    steps = _told_later(grouped(settled(needed(values.steps, kept)), kept))
    return Plan(steps, buffers, values.numbers, results, place(steps))


def _told_later(steps: Iterable[Any]) -> list[Any]:
    """The steps, calls on numbers alone behind the loops and products that follow: these are then
    done at one go."""
    found: list[Any] = []
    waiting: list[Any] = []
    for step in steps:
        if isinstance(step, PlannedCall) and not [*accesses(step)]:
            waiting.append(step)
            continue
        if isinstance(step, PlannedCall):
            found += waiting
            waiting.clear()
        found.append(step)
    return found + waiting


def _results(values: Values, wanted: list[Any]) -> list[View]:
    """What is returned: memory of its own, unless it was given."""
    found: list[View] = []
    taken: dict[int, Buffer] = {}
    for one in wanted:
        view, room = values.view(one), values.memory.room(one.inside)
        if view.access.buffer.dtype != room.buffer.dtype:
            found.append(view)  # a copy as it is
            continue
        buffer = room.buffer
        if room.home is None and id(room) not in taken:
            if buffer.kind not in ("planned", "made") or buffer in taken.values():
                buffer = values.copied(buffer)
            taken[id(room)] = buffer
        if room.home is None:
            buffer = taken[id(room)]
            buffer.kind = "result" if buffer.kind == "planned" else buffer.kind
        else:
            buffer = room.home
        view = values.memory.view(one.inside)
        found.append(view._replace(access=view.access._replace(buffer=buffer)))
    return found


def _bring_home(values: Values) -> None:
    """What was given, and is all written to, holds its last value."""
    rooms = [room for room in values.memory.given() if room.buffer is not room.home]
    homes = {room.home for room in rooms}
    for room in rooms:
        if room.buffer in homes:  # which will hold something else soon
            values.memory.fill(room, values.copied(room.buffer))
    for room in rooms:
        if room.home is not None:
            values.refill(room.home, room.buffer)
