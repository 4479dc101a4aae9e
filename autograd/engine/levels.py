"""Levels: where a function of all samples (vmap) begins and ends, for the graph.

While a level is open, what is computed inside belongs to all its samples, each on its own. Once it
is closed, a gradient that comes from inside to what is older than the level belongs to one tensor,
which all samples have read: it is summed over their hidden axis. That is the one rule in the sweep.

    x ──► Enter ──► f, for each sample ──► Leave ──► y
    w ──────────────┘        w.grad ◄── Σ over the samples ◄──

:class:`Enter` and :class:`Leave` are each other's gradient, and so are :class:`AddUp` and
:class:`HandOut`.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd.arrays.batched import Batched, added_up, entered, handed_out, left
from autograd.engine import sweep, versions
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase

_numbers = itertools.count(1)


class Level:
    """A batch of ``size`` samples under way: its number, and since when.

    Levels are told apart by identity, and sorted by number: inner ones have the larger.
    """

    __slots__ = ("number", "open", "randomness", "size", "start")

    def __init__(self, size: int, randomness: str = "error") -> None:
        self.size, self.randomness = size, randomness
        self.number = next(_numbers)
        self.start = versions.tick()
        self.open = True
        sweep.leaving = leaving

    def is_left_by(self, edge: Any) -> bool:
        """Whether a gradient that arrives at ``edge`` has come out of the level.

        So it has where the level is closed and the edge older; of leaves, all are outside but those
        whose own values belong to the level.
        """
        if self.open:
            return False
        node = edge[0] if type(edge) is tuple else edge
        if node.age:
            older: bool = node.age > self.start  # the clock counts downwards
            return older
        tensor = node.tensor()
        return tensor is None or self not in getattr(tensor._data, "levels", ())

    def __repr__(self) -> str:
        return f"<Level {self.number}, batch{'' if self.open else ', closed'}>"


class _Stack(threading.local):
    """The levels that are open, innermost last: a stack for each thread."""

    levels: tuple[Level, ...] = ()


stack = _Stack()


@contextmanager
def opened(size: int, randomness: str = "error") -> Iterator[Level]:
    """A level that is open inside the ``with`` statement.

    >>> with opened(3) as level:  # doctest: +ELLIPSIS
    ...     stack.levels, level.open
    ((<Level ..., batch>,), True)
    >>> stack.levels, level.open
    ((), False)
    """
    level = Level(size, randomness)
    before, stack.levels = stack.levels, (*stack.levels, level)
    try:
        yield level
    finally:
        stack.levels, level.open = before, False


@contextmanager
def outside_of(level: Level) -> Iterator[None]:
    """Random numbers are drawn as if ``level`` were not open, inside the ``with`` statement."""
    before = stack.levels
    stack.levels = tuple([one for one in before if one is not level])
    try:
        yield
    finally:
        stack.levels = before


def leaving(edge: Any, d: Any) -> Any:
    """The gradient ``d``, an array or a Tensor, as ``edge`` gets it."""
    array = d._data if isinstance(d, TensorBase) else d
    for level in array.levels if type(array) is Batched else ():
        if level.is_left_by(edge):
            d = AddUp.apply(d, level=level)
    return d


class Enter(Function):
    """An axis of x becomes the hidden one of a level."""

    takes_complex = True
    view = True

    def forward(self, x: Any, *, level: Any, axis: int) -> Any:
        self.level, self.axis = level, axis
        return entered(x, level=level, axis=axis)

    def grad_x(self, g: Any) -> Any:
        return Leave.apply(g, level=self.level, axis=self.axis)


class Leave(Function):
    """The hidden axis of a level becomes one of x; what has none is the same for all samples."""

    takes_complex = True

    def forward(self, x: Any, *, level: Any, axis: int) -> Any:
        self.level, self.axis = level, axis
        return left(x, level=level, axis=axis)

    def grad_x(self, g: Any) -> Any:
        return Enter.apply(g, level=self.level, axis=self.axis)


class AddUp(Function):
    """The sum over the samples of a level."""

    takes_complex = True

    def forward(self, x: Any, *, level: Any) -> Any:
        self.level = level
        return added_up(x, level=level)

    def grad_x(self, g: Any) -> Any:
        return HandOut.apply(g, level=self.level)


class HandOut(Function):
    """x for each sample of a level."""

    takes_complex = True

    def forward(self, x: Any, *, level: Any) -> Any:
        self.level = level
        return handed_out(x, level=level)

    def grad_x(self, g: Any) -> Any:
        return AddUp.apply(g, level=self.level)
