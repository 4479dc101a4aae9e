"""Which buffers were changed in place, and when: what keeps in-place operations honest.

Recording an operation costs nothing here. Every in-place change notes its buffer with the time on
the graph's clock; the sweep compares a node's kept arrays with these notes only where the latest
change of all is younger than the node.

Time counts downwards: younger is smaller.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dialect import inside

tick = bare_tick = itertools.count(-1, -1).__next__

_scopes: list[dict[str, Any]] = [globals()]  # where the clock is known as ``tick``


def known_in(scope: dict[str, Any]) -> None:
    """Let the clock be known in ``scope``, too."""
    _scopes.append(scope)
    scope["tick"] = tick


def go_by(clock: Callable[[], int]) -> None:
    """Let ``clock`` tell the time: the bare one, or one that writes down more (lines.py)."""
    for scope in _scopes:
        scope["tick"] = clock


class _Note:
    """The latest change of one buffer; it goes when the buffer goes.

    ``moments`` is None, or tells for each place in memory when it was changed alone.
    """

    __slots__ = ("moments", "owner", "time")

    def __init__(self, owner: Any, time: int) -> None:
        key = id(owner)
        self.owner = weakref.ref(owner, lambda _: _notes.pop(key, None))
        self.time = time
        self.moments: Any = None

    def under(self, array: Any) -> Any:
        """The moments of the places that ``array`` looks at; None where they cannot be told."""
        owner: Any = self.owner()
        if not isinstance(array, np.ndarray):
            return None
        step = array.itemsize
        if self.moments is None:
            dense = isinstance(owner, np.ndarray) and owner.flags.forc
            self.moments = np.zeros(owner.size, np.int64) if dense else ()
        if len(self.moments) == 0 or owner.itemsize != step:
            return None
        if array is owner and owner.flags.c_contiguous:
            return self.moments.reshape(owner.shape)
        start = (address(array) - address(owner)) // step * 8
        strides = [stride // step * 8 for stride in array.strides]
        return np.ndarray(array.shape, np.int64, self.moments, start, strides)


def address(array: Any) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


_notes: dict[int, _Note] = {}

latest = 0


def owner_of(array: Any) -> Any:
    """The array that owns the memory which ``array`` looks at."""
    base = getattr(array, "base", None)
    while base is not None:  # what is no array on the way (a memoryview's helper) is passed by
        if hasattr(base, "dtype"):
            array = base
        base = getattr(base, "base", None)
    return inside(array)


def note_of(array: Any) -> _Note:
    """The note about the memory under ``array``: of no change, where there was none."""
    owner = owner_of(array)
    note = _notes.get(id(owner))
    if note is None:
        note = _notes[id(owner)] = _Note(owner, 0)
    return note


def note_change(array: Any) -> None:
    """Note that the memory under ``array`` has been changed now."""
    note_all([note_of(array)])


def note_all(notes: list[_Note]) -> None:
    """Note that the memory of which ``notes`` tell has been changed now."""
    global latest
    latest = now = tick()
    for note in notes:
        note.time = now


def note_part(array: Any, index: Any) -> None:
    """Note that ``array[index]`` has been changed now, and nothing else of the memory under it.

    Whoever kept another part of it has kept what is still there: in a loop that fills an array,
    ``path[i + 1]`` may be computed from ``path[i]``.
    """
    global latest
    array = inside(array)
    if not isinstance(array, np.ndarray):
        return note_change(array)  # as samples lie in memory, the index is none of it
    note = note_of(array)
    moments = note.under(array)
    if moments is None:
        return note_all([note])
    latest = moments[index] = tick()


def by_parts(array: Any) -> bool:
    """Whether parts of the memory under ``array`` were changed alone, as those of an Array are."""
    return type(array) is not tuple and note_of(array).moments is not None


def was_changed(array: Any) -> bool:
    """Whether the memory under ``array``, or a part of it, was ever changed."""
    note = _notes.get(id(owner_of(array)))
    return note is not None and (note.time != 0 or note.moments is not None)


def changed_at(array: Any) -> int:
    """When the memory under ``array`` (or under one of a tuple) was changed last; 0: never."""
    if type(array) is tuple:
        return min([changed_at(one) for one in array], default=0)
    note = _notes.get(id(owner_of(array)))
    if note is None:
        return 0
    if note.moments is None:
        return note.time
    moments = note.under(inside(array))
    return min(note.time, int(np.min(note.moments if moments is None else moments, initial=0)))


def changed_since(array: Any, time: int) -> bool:
    """Whether the memory under ``array`` (or an array in a tuple) was changed after ``time``."""
    return changed_at(array) < time
