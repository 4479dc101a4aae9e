"""Two loops over one space: axes that are cut in two, and rows of which one loop has a number each.

A loop over 6 elements that lie side by side is one over (2, 3) just as well, and one over 2 numbers
one over (2, 3), in which nothing changes along the second axis.
"""

from __future__ import annotations

import math
from typing import Any

from autograd.compiler.planning.axes import changed
from autograd.compiler.planning.plan import Loop


def reduces(loop: Loop) -> bool:
    """Whether the last axis of a loop must stay as it is."""
    return any([line.name == "reduce" for line in loop.body])


def in_place(loop: Loop) -> bool:
    """Whether a loop writes where it reads, which it can do once for each element only."""
    read = {line.args[0].buffer for line in loop.body if line.name in ("load", "take")}
    return any([store.access.buffer in read for store in loop.stores])


def as_one(a: Loop, b: Loop) -> tuple[Loop, Loop] | None:
    """Both loops over one space; None where there is none."""
    if a.space == b.space:
        return a, b
    sizes = math.prod(a.space), math.prod(b.space)
    if sizes[0] == sizes[1]:
        space = refined(a.space, b.space)
        if space is None:
            return None
        parts = cut(a, space), cut(b, space)
        return parts if None not in parts else None  # type: ignore[return-value]
    small, large = (a, b) if sizes[0] < sizes[1] else (b, a)
    if reduces(small) or small.space == (1,) or in_place(small):
        return None
    rows = by_rows(small, large)
    if rows is None:
        return None
    return rows if small is a else rows[::-1]


def refined(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The axes that both spaces, of one size, can be cut into.

    >>> refined((6, 4), (2, 12)), refined((4, 6), (6, 4))
    ((2, 3, 4), None)
    """
    found, rest = [], [[*reversed(a)], [*reversed(b)]]
    n, m = rest[0].pop(), rest[1].pop()
    while True:
        less, more = min(n, m), max(n, m)
        if more % less:
            return None
        found.append(less)
        n, m = n // less, m // less
        if n == 1 and rest[0]:
            n = rest[0].pop()
        if m == 1 and rest[1]:
            m = rest[1].pop()
        if n == m == 1 and not any(rest):
            return tuple(found)


def cut(loop: Loop, space: tuple[int, ...]) -> Loop | None:
    """The loop over finer axes; None where it goes by one that would be cut."""
    if loop.space == space:
        return loop
    pieces, places = [], iter(range(len(space)))
    for n in loop.space:
        piece: list[int] = []
        while math.prod([space[i] for i in piece]) < n or not piece:
            piece.append(next(places))
        pieces.append(piece)
    uncut = [len(piece) == 1 for piece in pieces]
    for line in loop.body:
        if line.name == "position" and not uncut[line.args[0]]:
            return None
    if reduces(loop) and not uncut[-1]:
        return None

    def steps(strides: Any) -> list[int]:
        found = []
        for stride, piece in zip(strides, pieces):
            for i in range(len(piece)):
                found.append(stride * math.prod([space[one] for one in piece[i + 1 :]]))
        return found

    axes = [tuple([axis for i in store.axes for axis in pieces[i]]) for store in loop.stores]
    bare = loop._replace(stores=tuple([store._replace(axes=()) for store in loop.stores]))
    loop = changed(bare, space, steps, lambda axis: pieces[axis][0])
    stores = [store._replace(axes=some) for store, some in zip(loop.stores, axes)]
    return loop._replace(stores=tuple(stores))


def by_rows(small: Loop, large: Loop) -> tuple[Loop, Loop] | None:
    """``small`` over the space of ``large``, of which it has the first axes."""
    size, count = 1, 0
    while size < math.prod(small.space) and count < len(large.space):
        size *= large.space[count]
        count += 1
    if size != math.prod(small.space):
        return None
    front = refined(small.space, large.space[:count])
    if front is None:
        return None
    space = (*front, *large.space[count:])
    first, second = cut(small, front), cut(large, space)
    if first is None or second is None:
        return None
    more = [0] * (len(space) - len(front))
    return changed(first, space, lambda steps: [*steps, *more], lambda axis: axis), second
