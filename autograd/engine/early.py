"""Gradients of leaves as soon as they are whole, while the sweep goes on.

A sweep comes to younger nodes first. So a leaf's gradient is whole when it has passed the oldest
node that uses the leaf: a walk over the graph, before the sweep, finds that node for each leaf that
somebody awaits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from sys import getrefcount
from threading import local
from typing import Any
from weakref import WeakSet

from autograd.engine.graph import Edge, Leaf, node_of, nodes_behind

#: leaves whose gradients are added to ``.grad``, and their hooks called, as soon as they are whole
awaited: WeakSet[Leaf] = WeakSet()


class _Passes(local):
    """The passes of one thread: a formula may begin another, whose end is not that of the first."""

    def __init__(self) -> None:
        self.under_way = 0
        self.at_the_end: list[Callable[[], None]] = []


_mine = _Passes()


@contextmanager
def one_pass() -> Iterator[None]:
    """A pass that somebody awaits gradients of; at its end those are told who asked for it."""
    _mine.under_way += 1
    try:
        yield
    except BaseException:
        _mine.at_the_end.clear()
        raise
    finally:
        _mine.under_way -= 1
    if not _mine.under_way:
        told, _mine.at_the_end = _mine.at_the_end, []
        for call in told:
            call()


def at_the_end(call: Callable[[], None]) -> None:
    """Call ``call`` when the pass under way is over, and the one that it is part of."""
    _mine.at_the_end.append(call)


class Early:
    """The leaves that are still to come in one sweep.

    :param roots: the edges where the sweep starts.
    :param deliver: ``deliver(leaf, g)`` is called with the gradient of an awaited leaf.
    """

    horizon: float  # the sweep calls ``passed`` before a node older than this

    def __init__(self, roots: Iterable[Edge], deliver: Callable[[Leaf, Any], None]) -> None:
        self.deliver = deliver
        oldest: dict[Leaf, int] = {}
        for node in nodes_behind(roots):
            for edge in node.edges:
                leaf = node_of(edge)
                if leaf is not None and leaf.age == 0 and leaf in awaited:
                    oldest[leaf] = max(node.age, oldest.get(leaf, node.age))
        self.leaves = sorted(oldest, key=lambda leaf: oldest[leaf], reverse=True)  # next one last
        self.ages = [oldest[leaf] for leaf in self.leaves]
        self.horizon = self.ages[-1] if self.ages else 1

    def passed(self, age: int, grads: dict[Edge, Any], through: Callable[[Leaf, Any], Any]) -> None:
        """Deliver what is whole, ``through`` the leaf's hooks: a node of this age is next."""
        while self.ages and self.ages[-1] < age:
            self.ages.pop()
            leaf = self.leaves.pop()
            if leaf in grads:
                ours = getrefcount(grads[leaf]) == 2  # else the sweep reads it again, elsewhere
                g = grads.pop(leaf)
                self.deliver(leaf, through(leaf, g if ours else g.copy()))
        self.horizon = self.ages[-1] if self.ages else 1
