"""Places at which a step found something: what stood there, and whether it still does."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from itertools import chain
from operator import is_
from typing import Any, NamedTuple

import numpy as np

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "nothing"})()


def same(one: Any, other: Any) -> bool:
    """Whether two values are one, or numbers, texts and tuples of these that nothing tells apart.

    >>> same(0.5, 1 / 2), same(0.0, -0.0), same(1, True), same((1, "a"), (1, "a")), same([], [])
    (True, False, False, True, False)
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if issubclass(kind, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if kind in (float, complex):
        return repr(one) == repr(other)  # nan is itself, 0.0 is not -0.0
    if issubclass(kind, np.generic):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return kind in _COMPARED and bool(one == other)


_COMPARED = {int, bool, str, bytes, range, slice, type(None), np.dtype}


class Item(NamedTuple):
    """``get(key, MISSING)`` was ``value``, of what ``holder`` holds."""

    name: str
    holder: Any
    get: Callable[[Any, Any], Any]
    key: Any
    value: Any

    def changed(self) -> bool:
        return not same(self.get(self.key, MISSING), self.value)


class Whole(NamedTuple):
    """What came of iterating, over ``holder`` or a view of it, was ``values``."""

    name: str
    holder: Any
    iterable: Any
    values: tuple[Any, ...]

    def changed(self) -> bool:
        now = tuple(self.iterable)
        return len(now) != len(self.values) or not all(map(same, now, self.values))


class Bytes(NamedTuple):
    """An array of the user's had these."""

    name: str
    holder: Any
    facts: tuple[Any, ...]

    def changed(self) -> bool:
        return bytes_of(self.holder) != self.facts


class Facts(NamedTuple):
    """An object's class, a function's code and defaults."""

    name: str
    holder: Any
    facts: tuple[Any, ...]

    def changed(self) -> bool:
        return not all(map(is_, facts_of(self.holder), self.facts))


def facts_of(value: Any) -> tuple[Any, ...]:
    """What makes a function what it is, or an object."""
    if type(value) is types.FunctionType:
        return value.__code__, value.__defaults__, value.__kwdefaults__
    return (type(value),)


class Size(NamedTuple):
    """A class had so many attributes of its own: one more may hide another's."""

    name: str
    holder: Any
    size: int

    def changed(self) -> bool:
        return len(vars(self.holder)) != self.size


Place = Item | Whole | Bytes | Facts | Size


def bytes_of(array: Any) -> tuple[Any, ...]:
    """All that tells an array from another."""
    return array.dtype, array.shape, array.strides, array.tobytes()


class Still:
    """Looks fast whether all places hold what they did: the very objects, or equal numbers.

    >>> box = {"a": 1, "b": [2]}
    >>> still = Still([Item("a", box, box.get, "a", 1), Whole("b", box["b"], box["b"], (2,))])
    >>> still.changed()
    ''
    >>> box["b"].append(3)
    >>> still.changed()
    'b is another'
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = [*places]
        self._settle()

    def changed(self) -> str:
        """What stands where something else stood; empty where nothing does."""
        if self._same_objects():
            return ""
        for one in self.places:
            if one.changed():
                return f"{one.name} is another"
        self._settle()
        return ""

    def _settle(self) -> None:
        """Take what stands there now, which is equal, as what must stand there."""
        items = [one for one in self.places if type(one) is Item]
        cells = [one for one in items if type(one.holder) is types.CellType]
        self._cells = [(one.holder, one.get(one.key, MISSING)) for one in cells]
        self._items = [
            (one.get, one.key, one.get(one.key, MISSING))
            for one in items
            if type(one.holder) is not types.CellType
        ]
        wholes = [one.iterable for one in self.places if type(one) is Whole]
        self._filled = [one for one in wholes if one]
        self._empty = [one for one in wholes if not one]
        self._lengths = [*map(len, self._filled)]
        self._values = [*chain.from_iterable(self._filled)]
        self._arrays = [one for one in self.places if type(one) is Bytes]
        self._classes = [vars(one.holder) for one in self.places if type(one) is Size]
        self._sizes = [*map(len, self._classes)]
        facts = [(one.holder, *one.facts) for one in self.places if type(one) is Facts]
        self._functions: list[Any] = [one for one in facts if len(one) > 2]
        self._objects = [one[0] for one in facts if len(one) == 2]
        self._kinds = [one[1] for one in facts if len(one) == 2]

    def _same_objects(self) -> bool:
        for get, key, value in self._items:
            if get(key, MISSING) is not value:
                return False
        for cell, value in self._cells:
            if cell.cell_contents is not value:
                return False
        for function, code, defaults, options in self._functions:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                return False
            if function.__kwdefaults__ is not options:
                return False
        return (
            all(map(is_, map(type, self._objects), self._kinds))
            and [*map(len, self._classes)] == self._sizes
            and not any(self._empty)
            and [*map(len, self._filled)] == self._lengths
            and all(map(is_, chain.from_iterable(self._filled), self._values))
            and not any([one.changed() for one in self._arrays])
        )
