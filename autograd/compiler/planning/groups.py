"""Loops that become one: what is computed is handed on in a register instead of through memory.

Steps are taken one by one, in their order. A loop goes to an earlier one that it has something in
common with, or that one comes down to it, if no step between the two is in the way, both can go
over one space, and each reads of what the other writes the very element of the same point. What
is then read by nobody else need not be stored.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.compiler.planning.axes import flattened
from autograd.compiler.planning.elements import Body
from autograd.compiler.planning.layouts import apart
from autograd.compiler.planning.meeting import as_one
from autograd.compiler.planning.memory import looked_at
from autograd.compiler.planning.plan import (
    Access,
    Buffer,
    Instruction,
    Loop,
    Product,
    Store,
    accesses,
)

_FAR = 256  # steps further apart are not looked at
_STREAMS = 48  # loads and stores of a loop over much
_MUCH = 1 << 14  # elements that do not stay in the cache next to the processor
_LINES = 512  # of a loop: a compiler takes more than twice as long over twice as many
_FEW = 16  # lines that may be computed again for one element of a row


class Draft:
    """A loop that others may still join: its lines, and by buffer what it reads and writes."""

    def __init__(self, loop: Loop) -> None:
        self.space, self.body = loop.space, Body(loop.body)
        self.loads: dict[Buffer, list[Instruction]] = defaultdict(list)
        self.stores: dict[Buffer, list[Store]] = defaultdict(list)
        self.reading(loop.body)
        for store in loop.stores:
            self.stores[store.access.buffer].append(store)

    def reading(self, lines: Iterable[Instruction]) -> None:
        """Note what some lines of the body read."""
        for line in lines:
            if line.name in ("load", "take"):
                self.loads[line.args[0].buffer].append(line)

    def loop(self) -> Loop:
        """The loop as it stands."""
        stores = [store for several in self.stores.values() for store in several]
        return Loop(self.space, tuple(self.body.lines), tuple(stores))

    def streams(self) -> int:
        """How many accesses there are."""
        return sum(map(len, self.loads.values())) + sum(map(len, self.stores.values()))

    def follow(self, other: Draft) -> bool:
        """Do what ``other`` does afterwards, over the same space; False where that cannot be."""
        space, handed = self.space, {}
        for buffer in other.loads.keys() & self.stores.keys():
            for line in other.loads[buffer]:
                if line.name == "take":
                    if not self.taken_from(line, other):
                        return False
                    handed[line] = self.stores[buffer][0].value
                    continue
                found = _handed_on(space, line.args[0], self.stores[buffer])
                if found is None:
                    return False
                if found >= 0:
                    handed[line] = found
        kept = {}
        for buffer, stores in other.stores.items():
            for line in self.loads.get(buffer, ()):
                if not all([_in_place(space, line, store) for store in stores]):
                    return False
            if buffer in self.stores:
                found_stores = _kept(space, self.stores[buffer], stores)
                if found_stores is None:
                    return False
                kept[buffer] = found_stores
        places: list[int] = []  # of the other's values
        before = len(self.body.lines)
        for line in other.body.lines:
            if line in handed and line.name == "take":
                places.append(self.elsewhere(handed[line], places[line.args[1][0][0]]))
            elif line in handed:
                places.append(handed[line])
            else:
                places.append(self.body.put(line.name, renumbered(line, places), line.dtype))
        self.reading(self.body.lines[before:])
        self.stores.update(kept)
        for buffer, stores in other.stores.items():
            self.stores[buffer] += [s._replace(value=places[s.value]) for s in stores]
        return True

    def taken_from(self, line: Instruction, other: Draft) -> bool:
        """Whether a ``take`` finds in its own row what can be computed there from its like."""
        access, moving = line.args
        store, *more = self.stores[access.buffer]
        last = store.access.strides[-1]
        there = access._replace(strides=(*access.strides[:-1], last))
        if more or store.over or not last or store.access != there or access.strides[-1]:
            return False
        if len(moving) != 1 or moving[0][1] != last:
            return False
        written = self.stores.keys() | other.stores.keys()
        needed, waiting = set[int](), [store.value]
        while waiting:
            i = waiting.pop()
            one = self.body.lines[i]
            if i in needed or one.name == "reduce":
                continue
            needed.add(i)
            waiting += operands(one)
            if one.name == "take":
                return False
            if one.name == "load" and one.args[0].buffer in written:
                return False
        return len(needed) <= _FEW

    def elsewhere(self, i: int, column: int) -> int:
        """Value i as it is in another column of the row."""
        line, last = self.body.lines[i], len(self.space) - 1
        if line.name == "load":
            access = line.args[0]
            if not access.strides[last]:
                return i
            still = access._replace(strides=(*access.strides[:last], 0))
            return self.body.put("take", (still, ((column, access.strides[last]),)), line.dtype)
        if line.name == "position" and line.args[0] == last:
            return self.body.cast(column, line.dtype)
        if line.name in ("number", "literal", "position", "reduce"):
            return i
        args = tuple([self.elsewhere(one, column) for one in line.args])
        return self.body.put(line.name, args, line.dtype)


class Group:
    """A step: its place in the order, the buffers that it touches, who has taken it over."""

    def __init__(self, step: Any, place: int) -> None:
        self.step, self.place = step, place
        self.draft = Draft(step) if isinstance(step, Loop) else None
        self.into: Group | None = None
        self.writes = {access.buffer for access, written in accesses(step) if written}
        read = [access.buffer for access, written in accesses(step) if not written]
        self.reads = dict.fromkeys(read, 1)  # and how many of the steps in it do so

    def meets(self, other: Group) -> bool:
        """Whether the order of two steps matters."""
        reads = self.reads.keys()
        return not (
            self.writes.isdisjoint(other.writes)
            and self.writes.isdisjoint(other.reads)
            and reads.isdisjoint(other.writes)
        )


def grouped(steps: list[Any], kept: set[Buffer]) -> list[Any]:
    """The steps with loops taken together; ``kept`` are buffers that are read afterwards."""
    return _Groups(steps, kept).steps()


class _Groups:
    def __init__(self, steps: list[Any], kept: set[Buffer]) -> None:
        self.groups: list[Group | None] = []
        self.writer: dict[Buffer, Group] = {}
        self.readers: dict[Buffer, list[Group]] = defaultdict(list)
        self.left: dict[Buffer, int] = defaultdict(int)  # steps that will read a buffer
        self.kept = kept
        for step in steps:
            for buffer in {access.buffer for access, written in accesses(step) if not written}:
                self.left[buffer] += 1
        for step in steps:
            self.take(step)

    def steps(self) -> list[Any]:
        found = []
        for group in self.groups:
            if group is not None:
                draft = group.draft
                found.append(group.step if draft is None else flattened(cleaned(draft.loop())))
        return found

    def take(self, step: Any) -> None:
        """Put a step behind the others, or into them."""
        group = Group(flattened(step) if isinstance(step, Loop) else step, len(self.groups))
        self.groups.append(group)
        if group.draft is not None:
            for other in self.related(group):
                group = self.joined(other, group)
        for buffer in group.writes:
            self.writer[buffer] = group
        for buffer in group.reads:
            self.readers[buffer].append(group)

    def related(self, group: Group) -> list[Group]:
        """Loops that have something in common with one, the last first."""
        found = {}
        for buffer in [*group.reads, *group.writes]:
            for one in (self.writer.get(buffer), *self.readers.get(buffer, ())[-4:]):
                one = _last(one)
                if one is not None and one.draft is not None and group.place - one.place < _FAR:
                    found[id(one)] = one
        return sorted(found.values(), key=lambda one: -one.place)

    def joined(self, other: Group, group: Group) -> Group:
        """The one group that holds both, or ``group`` as it is."""
        found = _last(other)
        if found is group or found is None:
            return group
        first, second = sorted([found, group], key=lambda one: one.place)
        between = [one for one in self.groups[first.place + 1 : second.place] if one is not None]
        needed: list[Group] = []
        up = not any([one.meets(second) for one in between])
        if not up and any([one.meets(first) for one in between]):  # neither alone
            needed, up = _before(second, between), True
            if any([one.meets(first) or one.draft is None for one in needed]):
                return group
        draft = _one_after_the_other(first, second)
        if draft is None:
            return group
        if needed:
            self.order(first.place, [*needed, first, *[b for b in between if b not in needed]])
        target, taken = (first, second) if up else (second, first)
        reads, writes = first.reads, first.writes | second.writes
        for buffer, count in second.reads.items():
            if buffer in draft.loads:
                reads[buffer] = reads.get(buffer, 0) + count
                continue
            self.left[buffer] -= count  # it was handed on
            if not self.needed(buffer):
                draft.stores.pop(buffer, None)
                writes.discard(buffer)
        target.draft, target.reads, target.writes = draft, reads, writes
        self.groups[taken.place] = None
        taken.into = target
        while self.groups[-1] is None:
            self.groups.pop()
        return target

    def order(self, place: int, groups: list[Group]) -> None:
        """Put groups in this order, from a place on where there is room for them."""
        for group in groups:
            while self.groups[place] is None:
                place += 1
            self.groups[place], group.place = group, place
            place += 1

    def needed(self, buffer: Buffer) -> bool:
        """Whether somebody will read a buffer."""
        return buffer.kind != "planned" or buffer in self.kept or self.left[buffer] > 0


def _last(group: Group | None) -> Group | None:
    """The group that has taken over this one."""
    while group is not None and group.into is not None:
        group = group.into
    return group


# -- two loops ---------------------------------------------------------------------------------


def _before(group: Group, others: list[Group]) -> list[Group]:
    """Those of ``others``, which come before ``group``, that must do so, in their order."""
    found = []
    reads, writes = set(group.reads), set(group.writes)
    for one in reversed(others):
        if writes.isdisjoint(one.reads) and one.writes.isdisjoint(reads | writes):
            continue
        found.append(one)
        reads |= one.reads.keys()
        writes |= one.writes
    return found[::-1]


def _one_after_the_other(first: Group, second: Group) -> Draft | None:
    """One loop that does what both do; None where there is none."""
    a, b = first.draft, second.draft
    if a is None or b is None or len(a.body.lines) + len(b.body.lines) > _LINES:
        return None
    if math.prod(max(a.space, b.space, key=math.prod)) > _MUCH:
        if a.streams() + b.streams() > _STREAMS:
            return None
    if a.space != b.space:
        both = as_one(a.loop(), b.loop())
        if both is None:
            return None
        a, b = map(Draft, both)
    return a if a.follow(b) else None


def renumbered(line: Instruction, places: list[int]) -> tuple[Any, ...]:
    """The arguments of a line whose values have other numbers."""
    if line.name in ("load", "number", "literal", "position"):
        return line.args
    if line.name == "take":
        return line.args[0], tuple([(places[i], stride) for i, stride in line.args[1]])
    if line.name == "reduce":
        return line.args[0], places[line.args[1]]
    return tuple([places[i] for i in line.args])


def _handed_on(space: Any, access: Access, stores: list[Store]) -> int | None:
    """The value that an access finds after some stores to its buffer; -1 for what was there before,
    None for what is not known point by point."""
    found = -1
    for store in stores:
        if store.access == access and not store.over:
            found = store.value
        elif not apart(space, store.access, access):
            return None
    return found


def _kept(space: Any, stores: list[Store], others: list[Store]) -> list[Store] | None:
    """The stores that later ones to the same buffer leave as they are; None for a muddle."""
    kept = []
    for store in stores:
        same = [one for one in others if one.access == store.access]
        if any([one not in same and not apart(space, one.access, store.access) for one in others]):
            return None
        if same and (store.over or same[0].over):
            return None
        if not same:
            kept.append(store)
    return kept


def _in_place(space: Any, line: Instruction, store: Store) -> bool:
    """Whether what a line reads, where something is stored, is the very element."""
    if line.name == "take":
        return False
    access = store.access
    if apart(space, access, line.args[0]):
        return True
    still = any([n > 1 and not step for n, step in zip(space, access.strides)])
    return access == line.args[0] and not store.over and not still


def cleaned(loop: Loop) -> Loop:
    """The loop without lines that nothing is made of."""
    used = {store.value for store in loop.stores}
    for i in reversed(range(len(loop.body))):
        if i in used:
            line = loop.body[i]
            used.update(operands(line))
    body: list[Instruction] = []
    places: list[int] = []
    for i, line in enumerate(loop.body):
        places.append(len(body))
        if i in used:
            body.append(line._replace(args=renumbered(line, places)))
    stores = [store._replace(value=places[store.value]) for store in loop.stores]
    return loop._replace(body=tuple(body), stores=tuple(stores))


def operands(line: Instruction) -> list[int]:
    """The numbers of the values that a line is made of."""
    if line.name in ("load", "number", "literal", "position"):
        return []
    if line.name == "take":
        return [i for i, _ in line.args[1]]
    return [line.args[1]] if line.name == "reduce" else list(line.args)


# -- what nobody needs -------------------------------------------------------------------------


def needed(steps: list[Any], kept: set[Buffer]) -> list[Any]:
    """The steps without those whose results nobody reads."""
    live, found = set(kept), []
    for step in reversed(steps):
        if isinstance(step, Loop):
            stores = [one for one in step.stores if _lives(one.access.buffer, live)]
            if not stores:
                continue
            step = cleaned(step._replace(stores=tuple(stores)))
        elif isinstance(step, Product):
            if not _lives(step.out.buffer, live):
                continue
        elif _pure(step.function):
            written = [access.buffer for access, is_written in accesses(step) if is_written]
            if not any([_lives(one, live) for one in written]):
                continue
        live |= {access.buffer for access, is_written in accesses(step) if not is_written}
        found.append(step)
    return found[::-1]


def _pure(function: Any) -> bool:
    """Whether a function does nothing but what it gives, or writes to arrays."""
    module = getattr(function, "__module__", None) or ""
    if function is looked_at:
        return True
    own = hasattr(function, "plain") or isinstance(function, np.ufunc)
    return own or module.split(".")[0] in ("numpy", "_operator")


def _lives(buffer: Buffer, live: set[Buffer]) -> bool:
    return buffer in live or buffer.kind in ("given", "result")
