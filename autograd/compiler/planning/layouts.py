"""How arrays lie in memory, in elements: what all planners of functions reckon with."""

from __future__ import annotations

from typing import Any

from autograd.compiler.planning.plan import Access, View


def dense(shape: tuple[int, ...], strides: tuple[int, ...], size: int) -> bool:
    """Whether an array's elements are all of ``size`` places, each once.

    >>> dense((2, 3), (1, 2), 6), dense((2, 3), (3, 0), 6)
    (True, False)
    """
    expected = 1
    for step, n in sorted([pair for pair in zip(strides, shape) if pair[1] != 1]):
        if step != expected:
            return False
        expected *= n
    return expected == size


def rows(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of an array that lies in rows.

    >>> rows((2, 3, 4))
    (12, 4, 1)
    """
    steps, step = [], 1
    for n in reversed(shape):
        steps.append(step)
        step *= n
    return tuple(reversed(steps))


def reach(shape: tuple[int, ...], access: Access) -> tuple[int, int]:
    """The first and the last element of its buffer that an access touches.

    >>> from autograd.compiler.planning.plan import Buffer
    >>> reach((2, 3), Access(Buffer("planned", 9, "f4"), 4, (-3, 1)))
    (1, 6)
    """
    ends = [(n - 1) * step for n, step in zip(shape, access.strides)]
    first, last = (sum([limit(end, 0) for end in ends]) for limit in (min, max))
    return access.offset + first, access.offset + last


def apart(space: tuple[int, ...], a: Access, b: Access) -> bool:
    """Whether two accesses of one buffer surely touch different elements.

    >>> from autograd.compiler.planning.plan import Buffer
    >>> x = Buffer("planned", 16, "f4")
    >>> left, right, both = [Access(x, at, (8, 1)) for at in (0, 4, 2)]
    >>> apart((2, 4), left, right), apart((2, 4), left, both)
    (True, False)
    """
    (first, last), (begin, end) = reach(space, a), reach(space, b)
    if last < begin or end < first:
        return True
    if a.strides != b.strides:
        return False
    moves = sorted([(abs(step), n - 1) for step, n in zip(a.strides, space)], reverse=True)
    return not _comes_to(b.offset - a.offset, moves)


def _comes_to(distance: int, moves: list[tuple[int, int]]) -> bool:
    """Whether some steps, each at most so often in either direction, lead so far."""
    if not moves or not moves[0][0]:
        return distance == 0
    (step, most), rest = moves[0], moves[1:]
    slack = sum([one * count for one, count in rest])
    low, high = -((slack - distance) // step), (distance + slack) // step
    often = range(max(low, -most), min(high, most) + 1)
    return any([_comes_to(distance - i * step, rest) for i in often])


def broadcast(view: View, shape: tuple[int, ...]) -> Access:
    """The access of a view that is broadcast to ``shape``."""
    steps = [0] * (len(shape) - len(view.shape))
    steps += [0 if n == 1 else step for n, step in zip(view.shape, view.access.strides)]
    return view.access._replace(strides=tuple(steps))


def turned(view: View, order: Any) -> View:
    """A view with its axes in another order."""
    strides = tuple([view.access.strides[i] for i in order])
    return View(tuple([view.shape[i] for i in order]), view.access._replace(strides=strides))


def with_axis(view: View, at: int) -> View:
    """A view with an axis of one more, before the axis ``at``."""
    strides = (*view.access.strides[:at], 0, *view.access.strides[at:])
    shape = (*view.shape[:at], 1, *view.shape[at:])
    return View(shape, view.access._replace(strides=strides))


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that an argument ``axis`` names, none of them negative.

    >>> axes_of(-1, 3), axes_of(None, 2)
    ((2,), (0, 1))
    """
    several = range(ndim) if axis is None else axis if type(axis) is tuple else (axis,)
    return tuple(sorted([i % ndim for i in several]))
