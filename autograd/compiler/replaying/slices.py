"""Calls over large arrays of one shape, done on a slice of all before the next slice is begun.

What goes element by element may go in any order. A slice stays in the cache from one call to the
next, what is made on the way needs no more memory than a slice, and threads share the slices:

    def slice1(p1, x2, v3):
        r1, r2 = room(p1.size, "float32", "float32")
        v1 = np.multiply(p1, x2, out=r1)
        v2 = np.tanh(v1, out=r1)
        v3 = np.add(v2, x2, out=v3)
    def replay(p1, x2):
        v3 = np.empty((1000, 1000), "float32")
        by_elements(slice1, p1, x2, v3)

Slices are cut where the engine's own kernels cut (kernels/parts.py): the bits are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.replaying.buffers import LINE, address, aligned, last_uses
from autograd.compiler.replaying.ufuncs import IN_PLACE, into_of, is_array, reckoned_in
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import recorders
from autograd.compiler.tapes.recorder import Call, Recorded
from autograd.engine.versions import owner_of
from autograd.kernels.parts import PAYS


class Run(NamedTuple):
    """Calls from ``start`` to before ``stop``, and the room for each result that ends among them.

    ``rooms`` are numbered from 0, by the id of a result; ``dtypes`` are theirs.
    """

    start: int
    stop: int
    rooms: dict[int, int]
    dtypes: list[str]

    def moved(self, by: int) -> Run:
        """The same among calls of which there are so many more before it."""
        return self._replace(start=self.start + by, stop=self.stop + by)


def runs(calls: list[Call], kept: Iterable[Any], checked: int) -> list[Run]:
    """The runs of two calls or more; none goes on across the call ``checked``.

    >>> from autograd.compiler.tapes.recorder import Tape
    >>> tape = Tape()
    >>> x = tape.lift(np.ones(1 << 20))
    >>> y = x * 2 + 1 - x
    >>> runs(tape.calls, [x, y], 0)[0][:2]
    (0, 3)
    """
    held = {id(owner_of(one.inside)) for one in recorders([*kept]) if is_array(one)}
    last = last_uses(calls)
    found, start = [], 0
    while start < len(calls):
        stop = _end(calls, start)
        if start < checked < stop:
            stop = checked
        if stop - start > 1:
            found.append(Run(start, stop, *_rooms(calls, start, stop, last, held)))
        start = max(stop, start + 1)
    return found


def _end(calls: list[Call], start: int) -> int:
    """Where a run that begins at ``start`` ends: at a call of another kind or shape."""
    shape = getattr(calls[start].result, "shape", None)
    begins: dict[int, int] = {}  # of arrays, by the id of what owns their memory
    for i in range(start, len(calls)):
        arrays = _arrays(calls[i])
        if arrays is None or arrays[0].shape != shape:
            return i
        for one in arrays:
            begin = address(one.inside)
            if begins.setdefault(id(owner_of(one.inside)), begin) != begin:
                return i  # elements of which another slice has to do with
    return len(calls)


def _arrays(call: Call) -> list[Recorded] | None:
    """The arrays of a call that may be in a run: large, of one shape, in rows; else None."""
    if call.function not in IN_PLACE and into_of(call) is None:
        return None
    if call.options or type(call.result) is not Recorded or call.result.size < PAYS:
        return None
    if reckoned_in(call) is None and any([type(one) is Number for one in call.args]):
        return None
    arrays = [call.result, *filter(is_array, call.args)]
    shape = call.result.shape
    alike = all([one.shape == shape and one.flags.c_contiguous for one in arrays])
    return arrays if alike else None


def _rooms(
    calls: list[Call], start: int, stop: int, last: dict[int, int], held: set[int]
) -> tuple[dict[int, int], list[str]]:
    """Which room each result has that ends within the run; rooms are used again."""
    rooms: dict[int, int] = {}  # by the result
    by_owner: dict[int, int] = {}  # by the array in it
    dtypes: list[str] = []
    free: list[int] = []
    for i in range(start, stop):
        call = calls[i]
        owner = id(call.result.inside)
        operands = {id(owner_of(one.inside)) for one in call.args if is_array(one)}
        ending = [by_owner[one] for one in operands if one in by_owner and last[one] == i]
        over = isinstance(into_of(call), np.ufunc)  # which may write over its operands
        free += ending if over else []
        if call.function not in IN_PLACE and owner not in held and last[owner] < stop:
            dtype = str(call.result.dtype)
            room = next((one for one in reversed(free) if dtypes[one] == dtype), len(dtypes))
            if room == len(dtypes):
                dtypes.append(dtype)
            else:
                free.remove(room)
            rooms[id(call.result)] = by_owner[owner] = room
        free += [] if over else ending
    return rooms, dtypes


def room(size: int, *dtypes: str) -> list[Any]:
    """Arrays of ``size`` elements, side by side in fresh memory.

    >>> [one.shape for one in room(3, "float32", "bool")]
    [(3,), (3,)]
    """
    places, total = [], 0
    for dtype in dtypes:
        places.append(total)
        total += size * np.dtype(dtype).itemsize // LINE * LINE + 2 * LINE
    memory = aligned(total)
    return [np.ndarray(size, dtype, memory, place) for dtype, place in zip(dtypes, places)]
