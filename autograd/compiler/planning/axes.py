"""Loops: the order of their axes, what of them can be one axis, and the rows that they go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiler.planning.plan import Access, Instruction, Loop, Store

_ACCESSING = ("load", "take")


def changed(
    loop: Loop, space: tuple[int, ...], steps: Callable[[Any], Any], axis: Callable[[int], int]
) -> Loop:
    """The loop over another space: ``steps`` gives strides there, ``axis`` an axis."""
    body = []
    for one in loop.body:
        args = one.args
        if one.name in _ACCESSING:
            args = (args[0]._replace(strides=tuple(steps(args[0].strides))), *args[1:])
        elif one.name == "position":
            args = (axis(args[0]),)
        body.append(one._replace(args=args))
    stores = [
        store._replace(
            access=store.access._replace(strides=tuple(steps(store.access.strides))),
            axes=tuple(sorted([axis(i) for i in store.axes])),
        )
        for store in loop.stores
    ]
    return Loop(space, tuple(body), tuple(stores))


def accesses(loop: Loop) -> list[Access]:
    """All that a loop reads and writes."""
    read = [one.args[0] for one in loop.body if one.name in _ACCESSING]
    return [*read, *[store.access for store in loop.stores]]


def arranged(loop: Loop) -> Loop:
    """The loop without axes of one, the others in the order in which its main array lies.

    A reduction along what is then the innermost axis becomes a line of the body.
    """
    kept = [i for i, n in enumerate(loop.space) if n > 1]
    loop = _without_units(loop, kept)
    main = loop.stores[0].access.strides
    if loop.stores[0].over:
        read = [one.args[0].strides for one in loop.body if one.name in _ACCESSING]
        main = max(read, key=lambda steps: sum(map(bool, steps)), default=main)
    order = sorted(range(len(main)), key=lambda i: -abs(main[i]))
    loop = permuted(loop, order)
    return _by_rows(loop) if loop.stores[0].over else loop


def permuted(loop: Loop, order: list[int]) -> Loop:
    """The loop with its axes in this order."""
    if order == sorted(order):
        return loop
    space = tuple([loop.space[i] for i in order])
    return changed(loop, space, lambda steps: [steps[i] for i in order], order.index)


def _without_units(loop: Loop, kept: list[int]) -> Loop:
    if len(kept) == len(loop.space) and kept:
        return loop
    body = [
        Instruction("literal", (one.dtype.type(0),), one.dtype)
        if one.name == "position" and one.args[0] not in kept
        else one
        for one in loop.body
    ]
    stores = []
    for store in loop.stores:
        axes = tuple([i for i in store.axes if i in kept])
        stores.append(store._replace(axes=axes, over=store.over if axes else ""))
    loop = Loop(loop.space, tuple(body), tuple(stores))
    space = tuple([loop.space[i] for i in kept]) or (1,)
    return changed(loop, space, lambda steps: [steps[i] for i in kept] or [0], kept.index)


def _by_rows(loop: Loop) -> Loop:
    """A reduction along the innermost axes of several as a line of the body."""
    store, last = loop.stores[0], len(loop.space) - 1
    first = last + 1 - len(store.axes)
    if not first or store.axes != tuple(range(first, last + 1)):
        return loop
    while last > first:
        if not joinable(loop, last - 1):
            return loop
        loop, last = joined(loop, last - 1), last - 1
    line = Instruction("reduce", (store.over, store.value), loop.body[store.value].dtype)
    return Loop(loop.space, (*loop.body, line), (Store(len(loop.body), loop.stores[0].access),))


# -- axes that are one ---------------------------------------------------------------------------


def joinable(loop: Loop, i: int) -> bool:
    """Whether an axis and the one after it can be gone through as one."""
    n = loop.space[i + 1]
    for one in loop.body:
        if one.name == "position" and one.args[0] in (i, i + 1):
            return False
        if one.name == "reduce" and i + 2 == len(loop.space):
            return False
    if any([(i in store.axes) != (i + 1 in store.axes) for store in loop.stores]):
        return False
    return all([one.strides[i] == one.strides[i + 1] * n for one in accesses(loop)])


def joined(loop: Loop, i: int) -> Loop:
    """The loop with an axis and the one after it as one."""
    space = (*loop.space[:i], loop.space[i] * loop.space[i + 1], *loop.space[i + 2 :])
    stores = [s._replace(axes=tuple([a for a in s.axes if a != i + 1])) for s in loop.stores]
    loop = loop._replace(stores=tuple(stores))
    steps: Any = lambda steps: (*steps[:i], *steps[i + 1 :])  # noqa: E731
    return changed(loop, space, steps, lambda axis: axis - (axis > i))


def flattened(loop: Loop) -> Loop:
    """The loop over as few axes as it can be."""
    for i in reversed(range(len(loop.space) - 1)):
        if joinable(loop, i):
            loop = joined(loop, i)
    return loop
