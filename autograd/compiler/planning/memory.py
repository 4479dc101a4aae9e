"""Whose memory an array looks at, and which buffer holds what is in it now.

An array that the step has made owns its memory or looks at another one's: a :class:`Room`. What is
written over all of a room is a new value, in a buffer of its own, so nobody who reads the old one
is in its way; what is written to a part of it changes the buffer. A buffer has the layout of the
memory that it stands for: offset and strides of a view are those of the array, counted in elements.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.planning.layouts import dense, reach
from autograd.compiler.planning.plan import Access, Buffer, View
from autograd.engine.versions import owner_of


class Unplanned(Exception):
    """There is no plan for a step, and why."""


class Room:
    """Memory of ``size`` elements; ``buffer`` holds what is in it. ``home`` is what was given."""

    __slots__ = ("buffer", "home", "size")

    def __init__(self, buffer: Buffer, size: int, home: Buffer | None = None) -> None:
        self.buffer, self.size, self.home = buffer, size, home


_ALL = (0, 1 << 62)


class _Region(NamedTuple):
    """Memory from address ``low`` to ``high`` is a room, whose element 0 is at ``first``."""

    room: Room
    first: int
    low: int
    high: int


class Memory:
    """The rooms of a step, by the arrays that own them."""

    def __init__(self) -> None:
        self.rooms: dict[int, list[_Region]] = {}  # by owner
        self.held: list[Any] = []  # so that no id is another's
        self._layouts: dict[int, tuple[Any, int, tuple[int, ...]]] = {}
        self.versions: dict[Buffer, int] = {}  # how often a part was written to
        self.sharing: dict[Buffer, list[Room]] = {}

    def knows(self, array: Any) -> bool:
        """Whether it is known whose memory an array looks at."""
        return id(owner_of(array)) in self.rooms

    def settle(
        self, array: Any, room: Room, first: int | None = None, within: tuple[int, int] = _ALL
    ) -> None:
        """``array``, whose owner is met for the first time, looks at ``room``.

        :param first: the address of the room's first element; None for that of the array.
        :param within: from where to where the memory of the owner is this room.
        """
        self.held.append(array)
        first = address(array) if first is None else first
        self.rooms.setdefault(id(owner_of(array)), []).append(_Region(room, first, *within))
        self.sharing.setdefault(room.buffer, []).append(room)

    def fill(self, room: Room, buffer: Buffer) -> None:
        """From now on ``buffer`` holds what is in the room."""
        room.buffer = buffer
        self.sharing.setdefault(buffer, []).append(room)

    def fresh(self, array: Any) -> Room:
        """A room for an array that has just been made."""
        owner = owner_of(array)
        size = owner.size if owner.dtype == array.dtype else array.size
        room = Room(Buffer("planned", size, array.dtype), size)
        first = address(array)
        if type(array) is np.ndarray and array.size:
            first = np.lib.array_utils.byte_bounds(owner)[0]
        self.settle(array, room, first)
        return room

    def outside(self, array: Any, kind: str, name: str = "", alone: bool = False) -> Buffer:
        """A buffer for an array that the step has not made, whose first element is its own.

        :param alone: no other such array looks at its memory, so it is a room by itself.
        """
        shape, strides = array.shape, elements(array)
        bare = Buffer(kind, array.size, array.dtype)
        size = array.size and reach(shape, Access(bare, 0, strides))[1] + 1
        buffer = Buffer(kind, size, array.dtype, name, array if kind == "constant" else None)
        home = buffer if kind == "given" else None
        if alone and array.size and type(array) is np.ndarray:
            room = Room(buffer, size if dense(shape, strides, array.size) else -1, home)
            self.settle(array, room, None, np.lib.array_utils.byte_bounds(array))
        elif not self.knows(array):
            self.settle(array, Room(buffer, -1, home))
        return buffer

    def place(self, array: Any) -> tuple[Room, int]:
        """The room that an array looks at, and the address of its first element.

        Raises Unplanned where nobody knows.
        """
        begin, _ = self.layout(array)
        for room, first, low, high in self.rooms.get(id(owner_of(array)), ()):
            if low <= begin < high or not array.size:
                if high < _ALL[1] and np.lib.array_utils.byte_bounds(array)[1] > high:
                    raise Unplanned("an array looks at several that were given")
                return room, first
        raise Unplanned("an array was computed past the recorder")

    def room(self, array: Any) -> Room:
        """The room that an array looks at."""
        return self.place(array)[0]

    def view(self, array: Any) -> View:
        """An array, as what it sees of the buffer that is in its room now."""
        room, first = self.place(array)
        if array.dtype != room.buffer.dtype:
            raise Unplanned("memory is looked at as another dtype")
        begin, steps = self.layout(array)
        offset, rest = divmod(begin - first, array.dtype.itemsize)
        if rest or (array.size and type(array) is not np.ndarray and offset):
            raise Unplanned("memory is looked at between its elements")
        return View(array.shape, Access(room.buffer, offset, steps))

    def covers(self, array: Any) -> bool:
        """Whether an array is all of the memory that it looks at."""
        return dense(array.shape, self.layout(array)[1], self.room(array).size)

    def layout(self, array: Any) -> tuple[int, tuple[int, ...]]:
        """The address of an array's first element, and its strides in elements."""
        found = self._layouts.get(id(array))
        if found is None:
            found = self._layouts[id(array)] = array, address(array), elements(array)
        return found[1:]

    def given(self) -> list[Room]:
        """The rooms that were given."""
        found = [region.room for regions in self.rooms.values() for region in regions]
        return [*{id(room): room for room in found if room.home is not None}.values()]

    def others(self, room: Room) -> list[Room]:
        """The rooms that hold the same as this one, in the same buffer."""
        buffer = room.buffer
        found = {id(one): one for one in self.sharing[buffer] if one.buffer is buffer}
        found.pop(id(room), None)
        return [*found.values()]


def looked_at(flat: Any, dtype: Any, shape: Any, offset: int, strides: Any) -> Any:
    """A copy of memory as an array of another dtype, which begins at some byte of it.

    >>> looked_at(np.array([1 + 2j, 3 + 4j]), np.dtype(float), (2,), 8, (16,))
    array([2., 4.])
    """
    return np.ndarray(shape, dtype, flat.copy(), offset, strides)


def address(array: Any) -> int:
    """Where the first element of an array lies; 0 for a scalar, which lies nowhere."""
    return array.__array_interface__["data"][0] if type(array) is np.ndarray else 0


def disjoint(a: Any, b: Any) -> bool:
    """Whether two arrays look at different memory, as far as their ends tell."""
    if owner_of(a) is not owner_of(b) or type(a) is not np.ndarray:
        return True
    (first, last), (begin, end) = map(np.lib.array_utils.byte_bounds, (a, b))
    return last <= begin or end <= first


def elements(array: Any) -> tuple[int, ...]:
    """The strides of an array, in elements; 0 along an axis of one. Raises Unplanned."""
    steps = []
    for n, step in zip(array.shape, array.strides):
        if n < 2:
            step = 0
        if step % array.dtype.itemsize:
            raise Unplanned("elements lie apart by less than their size")
        steps.append(step // array.dtype.itemsize)
    return tuple(steps)
