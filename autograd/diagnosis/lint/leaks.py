"""Graphs that somebody keeps, pass after pass: ``total += loss``, ``losses.append(loss)``.

After a backward pass nobody needs its graph. So the oldest node that a pass came to, which
whatever is kept of the graph leads to, is soon gone. A weak reference to that node is noted for
each pass (a third of a microsecond); where those of the last passes are all alive, the variable
that leads to them is searched for, and named. With ``retain_graph=True`` a state that is carried
from step to step makes each graph longer than the one before; these are counted at a few passes.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any
from weakref import ref

from autograd.diagnosis.lint.said import say
from autograd.engine import versions, watches
from autograd.engine.graph import Leaf, TensorBase, node_of
from autograd.engine.variables import Held, variables

PASSES = 16  # that many graphs are kept by nobody for a reason
FEW = 6  # nor that many again and again, let go at once: of an epoch of few steps
_COUNTED = (4, 8, 16)  # the passes whose graphs are counted, of those that keep theirs
_LARGEST = 200_000  # nodes that are walked over
_TRIES = 3  # searches for who holds them


def _nothing() -> None:
    return None


class Leaks:
    """The latest passes, by the oldest node of each."""

    def __init__(self) -> None:
        self._latest: Callable[[], Any] = _nothing  # the oldest node of the latest pass
        # of the passes since one was gone when the next ended: the node, and when the pass began
        self._run: deque[tuple[Callable[[], Any], int]] = deque(maxlen=PASSES)
        self._length = 0  # of that run
        self._lengths: list[int] = []  # of the runs before that are no accident
        self._tries = 0
        self._kept = 0  # passes that kept their graph on purpose
        self._first: Callable[[], Any] = _nothing  # the oldest node of the first of them
        self._sizes: list[int] = []
        self._counted = 0  # when the last of them that was counted began

    def sweep_ends(self, seed: Any, oldest: Any, retain: bool, create: bool) -> None:
        """For ``watches.sweep_ends``."""
        if retain:
            if not create:
                self._grows(seed, oldest)
            return
        if self._latest() is None:
            if self._length >= FEW:
                self._lengths.append(self._length)
            self._length = 0
            self._run.clear()
        self._latest = latest = ref(oldest)
        self._run.append((latest, seed.age))
        self._length = length = self._length + 1
        if length >= FEW and (length % PASSES == 0 or self._lengths[1:] and self._recurs(length)):
            self._look(oldest.age)

    def _recurs(self, length: int) -> bool:
        """Whether so many are held for the third time: an epoch's, before it ends."""
        return length == self._lengths[-1]

    def _look(self, age: int) -> None:
        """Say what holds the graphs of the run, if all are held and were made between passes."""
        _, middle = self._run[len(self._run) // 2]
        if self._tries >= _TRIES or age > middle:  # older: all were made first, and then swept
            return
        if self._all_held():
            self._tries += 1
            if not _told(self._alive(), self._length):
                gc.collect()  # perhaps they only wait for it
                if self._all_held():
                    _say_nothing_holds(self._alive(), self._length)

    def _alive(self) -> dict[int, Any]:
        found = [node() for node, _ in self._run]
        return {id(node): node for node in found if node is not None}

    def _all_held(self) -> bool:
        return len(self._alive()) == len(self._run)

    def _grows(self, seed: Any, oldest: Any) -> None:
        """Say it where graphs that are kept reach back to the first of them, longer each time."""
        self._kept += 1
        if self._first() is not oldest:  # another graph, from here on
            self._kept, self._first, self._sizes = 1, ref(oldest), []
        if self._kept not in _COUNTED:
            return
        newest, before = node_of(seed.edges[0]), self._counted
        self._counted = seed.age
        if self._sizes and newest.age > before:
            return  # as old as the last that was counted: passes over a graph that is there
        self._sizes.append(len(nodes_below(seed.edges)))
        if len(self._sizes) == len(_COUNTED):
            one, two, three = self._sizes
            if two > one and three - two >= 1.5 * (two - one):
                _say_carried(seed, oldest, self._sizes)

    def begin(self) -> None:
        """Watch from now on."""
        watches.sweep_ends.append(self.sweep_ends)

    def end(self) -> None:
        """Watch no longer."""
        watches.sweep_ends.remove(self.sweep_ends)


def _told(alive: dict[int, Any], passes: int) -> bool:
    """Name what leads to most of these nodes; whether anything does."""
    from autograd.diagnosis.lint.stores import stored  # which reads programs, seldom

    for held in variables():
        below = nodes_below([tensor._edge for tensor in _tensors(held)])
        if len(below.keys() & alive.keys()) > len(alive) // 2:
            one = isinstance(held.value, TensorBase) and held.value._data.size != 1
            found = stored(held.code, held.path, "detach" if one else "item")
            say(
                ("leak", held.path),
                "memory: a graph must be let go after its backward pass; "
                f"`{held.path}`{found.place} holds those of the last {passes} passes, and one "
                f"more each step: {_amount(below)} by now. Store the number instead: "
                f"{found.instead}.",
                found.line,
            )
            return True
    return False


def _say_nothing_holds(alive: dict[int, Any], passes: int) -> None:
    say(
        "leak",
        "memory: a graph must be let go after its backward pass; those of the last "
        f"{passes} passes are all held ({_amount(nodes_below(alive.values()))}), by no variable "
        "that could be found. Look for a loss or an output that is added up or stored in each "
        "step, and store loss.item(), or output.detach().",
    )


def _say_carried(seed: Any, oldest: Any, sizes: list[int]) -> None:
    """Name the variable that carries a graph from step to step."""
    from autograd.diagnosis.lint.stores import NOWHERE, stored

    found = []
    for held in variables():
        edges = [tensor._edge for tensor in _tensors(held)]
        if not any([edge in seed.edges for edge in edges]) and id(oldest) in nodes_below(edges):
            found.append((held.path, stored(held.code, held.path, "detach", carried=True)))
    found.sort(key=lambda one: one[1].line is None)  # what is made of itself comes first
    path, at = found[0] if found else ("state", NOWHERE)
    say(
        "carried",
        f"backward: a step's graph must end where the step began; `{path}`{at.place} carries it "
        f"on from step to step: with retain_graph=True it grew to {', '.join(map(str, sizes))} "
        f"nodes at passes {', '.join(map(str, _COUNTED))}. Write {path} = {path}.detach() before "
        "the next step, and leave out retain_graph=True.",
        at.line,
    )


def nodes_below(roots: Iterable[Any]) -> dict[int, Any]:
    """The nodes that lead to ``roots``, these included, by id."""
    found: dict[int, Any] = {}
    waiting = [node_of(root) for root in roots]
    while waiting and len(found) < _LARGEST:
        node = waiting.pop()
        if node is None or type(node) is Leaf or id(node) in found:
            continue
        found[id(node)] = node
        waiting += [node_of(edge) for edge in node.edges]
    return found


def _tensors(held: Held) -> list[Any]:
    """The tensors that a thing is, or that are right in it."""
    value = held.value
    if isinstance(value, TensorBase):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple, set)) and type(value).__name__ != "deque":
        return []
    return [one for one in list(value)[: 16 * PASSES] if isinstance(one, TensorBase)]


def _amount(below: dict[int, Any]) -> str:
    return f"{len(below)} nodes, {_bytes(below) / 1e6:.2g} MB"


_OF_A_NODE = 600  # bytes: the object, its edges and shapes


def _bytes(below: dict[int, Any]) -> int:
    """About what nodes hold in memory: themselves and the arrays that they keep."""
    arrays = {}
    for node in below.values():
        for _, _, kept in node.plan or ():
            for one in kept:
                if hasattr(one, "nbytes"):
                    owner = versions.owner_of(one)
                    arrays[id(owner)] = owner.nbytes
    return len(below) * _OF_A_NODE + sum(arrays.values())
