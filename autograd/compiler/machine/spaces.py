"""Loops brought to their simplest form: few axes, in the best order, each store in one way.

(32, 1, 64) over whole arrays is (2048,); a sum over all of (32, 64) is a sum along each row that is
added up over the rows. What comes out computes what went in, and ``interpret.py`` can tell.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

from autograd.compiler.planning.plan import Access, Instruction, Loop, Store


def simplest(loop: Loop) -> list[Loop]:
    """Loops that do, one after the other, what ``loop`` does.

    >>> from autograd.compiler.planning.plan import Buffer
    >>> x, y = Buffer("given", 2048, "f4", "x"), Buffer("result", 2048, "f4")
    >>> load = Instruction("load", (Access(x, 0, (64, 0, 1)),), x.dtype)
    >>> [flat] = simplest(Loop((32, 1, 64), (load,), (Store(0, Access(y, 0, (64, 0, 1))),)))
    >>> flat.space, flat.stores[0].access.strides
    ((2048,), (1,))
    """
    return [_reduced(_merged(_ordered(one))) for one in _split(_without_ones(loop))]


def has_rows(loop: Loop) -> bool:
    """Whether the last axis must stay what it is, as something is reduced along it."""
    return any([one.name == "reduce" for one in loop.body])


def is_cut(loop: Loop) -> bool:
    """Whether parts of the outermost axis can be done apart: nothing but stores looks at what is
    reduced along it."""
    if len(loop.space) > 1:
        return True
    rows = {i for i, one in enumerate(loop.body) if one.name == "reduce"}
    return not any([rows.intersection(operands(one)) for one in loop.body])


def varies(loop: Loop) -> list[set[int]]:
    """For each value the axes along which it changes."""
    found: list[set[int]] = []
    last = len(loop.space) - 1
    for name, args, _ in loop.body:
        axes: set[int] = set()
        if name in ("load", "take"):
            axes = {axis for axis, stride in enumerate(args[0].strides) if stride}
        if name == "take":
            axes = axes.union(*[found[i] for i, _ in args[1]])
        elif name == "position":
            axes = {args[0]}
        elif name == "reduce":
            axes = found[args[1]] - {last}
        elif name not in ("load", "number", "literal"):
            axes = set().union(*[found[i] for i in args])
        found.append(axes)
    return found


def _along(loop: Loop, axes: list[int], space: Any = None, strides: Any = None) -> Loop:
    """``loop`` over some of its axes, in this order; along the others there is one point."""
    places = {axis: i for i, axis in enumerate(axes)}

    def access(old: Access) -> Access:
        new = [old.strides[axis] for axis in axes]
        return old._replace(strides=tuple(new))

    def instruction(old: Instruction) -> Instruction:
        name, args, dtype = old
        if name in ("load", "take"):
            return old._replace(args=(access(args[0]), *args[1:]))
        if name == "position":
            if args[0] not in places:
                return Instruction("literal", (0,), dtype)
            return old._replace(args=(places[args[0]],))
        return old

    stores = []
    for value, place, over, reduced in loop.stores:
        left = tuple([places[axis] for axis in reduced if axis in places])
        stores.append(Store(value, access(place), over if left else "", left))
    space = tuple([loop.space[axis] for axis in axes])
    return Loop(space, tuple(map(instruction, loop.body)), tuple(stores))


def _without_ones(loop: Loop) -> Loop:
    last = len(loop.space) - 1
    kept = [axis for axis, n in enumerate(loop.space) if n != 1]
    if not kept or (has_rows(loop) and last not in kept):
        kept.append(last)
    return _along(loop, kept)


def _split(loop: Loop) -> list[Loop]:
    """What is the same along an axis, and stored where it is the same, is stored once: in a loop
    that has not this axis. Raises ValueError where each of the loops would have to be the first."""
    changing, last = varies(loop), len(loop.space) - 1
    groups: dict[tuple[int, ...], list[Store]] = {}
    for store in loop.stores:
        rows = has_rows(_needed(loop._replace(stores=(store,))))
        same = [
            axis
            for axis in range(last + (not rows))
            if not store.access.strides[axis]
            and axis not in store.axes
            and axis not in changing[store.value]
        ]
        groups.setdefault(tuple(same), []).append(store)
    loops = []
    for alike, stores in groups.items():
        axes = [axis for axis in range(last + 1) if axis not in alike] or [last]
        one = loop._replace(stores=tuple(stores))
        if axes == [last] and last in alike:  # one point is left
            one = one._replace(space=(*loop.space[:last], 1))
        loops.append(_needed(_along(one, axes)))
    for order in permutations(loops):
        if not any([_spoils(*two) for two in combinations(order, 2)]):
            return [*order]
    raise ValueError("simplest: the loop reads what it stores once for many points.")


def _spoils(first: Loop, second: Loop) -> bool:
    """Whether the first loop writes to what the second one reads."""
    written = {store.access.buffer for store in first.stores}
    return any([one.args[0].buffer in written for one in second.body if _reads(one)])


def _reads(one: Instruction) -> bool:
    return one.name in ("load", "take")


def _needed(loop: Loop) -> Loop:
    """``loop`` without the values that nothing needs."""
    wanted, body = set(), loop.body
    waiting = [store.value for store in loop.stores]
    while waiting:
        i = waiting.pop()
        if i not in wanted:
            wanted.add(i)
            waiting += operands(body[i])
    new = {old: i for i, old in enumerate(sorted(wanted))}
    kept = [renumbered(body[i], new) for i in sorted(wanted)]
    return loop._replace(
        body=tuple(kept), stores=tuple([s._replace(value=new[s.value]) for s in loop.stores])
    )


def operands(one: Instruction) -> list[int]:
    """The values that an instruction is computed from."""
    name, args, _ = one
    if name in ("load", "number", "literal", "position"):
        return []
    if name == "take":
        return [i for i, _ in args[1]]
    return [args[1]] if name == "reduce" else [*args]


def renumbered(one: Instruction, new: Any) -> Instruction:
    """An instruction whose operands have new numbers."""
    name, args, _ = one
    if name == "take":
        return one._replace(args=(args[0], tuple([(new[i], stride) for i, stride in args[1]])))
    if name == "reduce":
        return one._replace(args=(args[0], new[args[1]]))
    return one if not operands(one) else one._replace(args=tuple([new[i] for i in args]))


def _accesses(loop: Loop) -> list[Access]:
    loads = [one.args[0] for one in loop.body if _reads(one)]
    return loads + [store.access for store in loop.stores]


def _ordered(loop: Loop) -> Loop:
    """The axes so that the innermost one runs along memory, those further out in great steps."""
    found = _accesses(loop)

    def steps(axis: int) -> tuple[Any, ...]:
        strides = [abs(access.strides[axis]) for access in found]
        smooth = sum([stride <= 1 for stride in strides])
        some = any([stride == 1 for stride in strides])
        return (some and loop.space[axis] >= 4, smooth, -sum(strides), loop.space[axis])

    axes = [*range(len(loop.space))]
    fixed = [axes.pop()] if has_rows(loop) else []
    return _along(loop, sorted(axes, key=steps) + fixed)


def _merged(loop: Loop) -> Loop:
    """Neighbouring axes as one wherever every access goes through them in equal steps."""
    space, found = loop.space, _accesses(loop)
    named = {one.args[0] for one in loop.body if one.name == "position"}
    for axis in range(len(space) - 1 - has_rows(loop)):
        one = all([a.strides[axis] == space[axis + 1] * a.strides[axis + 1] for a in found])
        alike = all([(axis in s.axes) == (axis + 1 in s.axes) for s in loop.stores])
        if one and alike and not named & {axis, axis + 1}:
            size = space[axis] * space[axis + 1]
            loop = loop._replace(space=(*space[: axis + 1], size, *space[axis + 2 :]))
            return _merged(_along(loop, [i for i in range(len(space)) if i != axis]))
    return loop


def _reduced(loop: Loop) -> Loop:
    """What is reduced along the last axis as a value of the row, that is reduced over the rows."""
    last, body, stores = len(loop.space) - 1, [*loop.body], []
    for store in loop.stores:
        if last in store.axes:
            dtype = body[store.value].dtype
            body.append(Instruction("reduce", (store.over, store.value), dtype))
            axes = tuple([axis for axis in store.axes if axis != last])
            store = store._replace(value=len(body) - 1, over=store.over if axes else "", axes=axes)
        stores.append(store)
    return loop._replace(body=tuple(body), stores=tuple(stores))
