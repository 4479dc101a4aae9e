"""A loop as forms: what it computes, apart from the memory it does it in; equal forms are one
function. A sum over rows is three loops: zeros, the sums, and what they are in the end."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.machine import arithmetic
from autograd.compiler.machine.phases import Added, Form, width
from autograd.compiler.machine.reductions import ROWS
from autograd.compiler.machine.spaces import has_rows
from autograd.compiler.machine.writer import F8
from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Store

ANY = 1 << 40  # loops over whole vectors are one form, as if over this many columns


class Work(NamedTuple):
    """A form to run: on these buffers from these elements on, with these numbers of the step, over
    this many points of the outermost axis.

    Of a parameter in ``apart`` each part of the work has its own: this many elements further on.
    """

    form: Form
    pointers: tuple[tuple[Buffer, int], ...]
    numbers: tuple[int, ...]
    points: int
    apart: tuple[int, ...] = ()


def worked(loop: Loop, parts: int) -> list[Work]:
    """The forms of a simplest loop that is done in ``parts``; the one in parts has ``apart``."""
    stores: list[Any] = []
    sums: list[_Sum | _Row] = []
    for store in loop.stores:
        if store.over:
            sums.append(_Sum(loop, store, parts))
        elif parts > 1 and len(loop.space) == 1 and loop.body[store.value].name == "reduce":
            sums.append(_Row(loop, store, parts))
        else:
            stores.append(store)
            continue
        stores.append(sums[-1].added())
    main = formed(loop._replace(stores=tuple(stores)))
    sizes = {buffer: one.size for one in sums for buffer in one.memory}
    main = main._replace(apart=tuple([sizes.get(buffer, 0) for buffer, _ in main.pointers]))
    before = [formed(zeros) for one in sums for zeros in one.before()]
    return [*before, main, *[formed(one.after()) for one in sums]]


class _Sum:
    """What a store with ``over`` needs: a total for each element and part of the work.

    Sums of many floats are kept in float64; of float64, with what its roundings have lost.
    """

    def __init__(self, loop: Loop, store: Store, parts: int) -> None:
        self.store, self.parts = store, parts
        self.dtype = loop.body[store.value].dtype
        axes = [axis for axis, stride in enumerate(store.access.strides) if stride]
        self.space = tuple([loop.space[axis] for axis in axes])
        self.size = math.prod(self.space)
        self.strides = tuple([math.prod(self.space[i + 1 :]) for i in range(len(axes))])
        self.where = tuple([store.access.strides[axis] for axis in axes])
        self.along = [0] * len(loop.space)
        for axis, stride in zip(axes, self.strides):
            self.along[axis] = stride
        self.memory: list[Buffer] = []
        self.carry = self.partial = None
        rows = math.prod([loop.space[axis] for axis in store.axes])
        few = rows <= ROWS and store.access.strides[-1]
        if store.over != "add" or self.dtype.kind != "f" or few:
            self.total = self._memory(self.dtype)
            return
        self.total = self._memory(F8)
        if self.dtype == F8:
            self.carry = self._memory(F8)
        if len(loop.space) == 2 and store.axes == (0,) and store.access.strides[-1]:
            self.partial = self._memory(self.dtype)

    def _memory(self, dtype: Any) -> Access:
        self.memory.append(Buffer("scratch", self.size * self.parts, dtype))
        return Access(self.memory[-1], 0, tuple(self.along))

    def added(self) -> Added:
        store = self.store
        return Added(store.value, self.total, store.over, self.carry, self.partial)

    def before(self) -> list[Loop]:
        """The loops that put into the memory what changes nothing."""
        return [_filled(one, self.store.over) for one in self.memory]

    def after(self) -> Loop:
        """The loop that puts the parts' totals together, and stores them."""
        body: list[Instruction] = []

        def do(name: str, *args: Any, dtype: Any = self.total.buffer.dtype) -> int:
            body.append(Instruction(name, args, np.dtype(dtype)))
            return len(body) - 1

        strides, value = self.strides or (0,), -1
        for part in range(self.parts):
            one = do("load", Access(self.total.buffer, part * self.size, strides))
            if self.carry:  # of an infinite total it is NaN
                lost = do("load", Access(self.carry.buffer, part * self.size, strides))
                finite = do("isfinite", one, dtype=bool)
                one = do("where", finite, do("add", one, lost), one)
            value = one if part == 0 else do(self.store.over, value, one)
        value = do("astype", value, dtype=self.dtype)
        where = self.store.access._replace(strides=self.where or (0,))
        return Loop(self.space or (1,), tuple(body), (Store(value, where),))


class _Row:
    """What a store of the only row's sum needs, where the row is cut: a place for each part's."""

    size = 1

    def __init__(self, loop: Loop, store: Store, parts: int) -> None:
        (self.over, _), self.dtype = loop.body[store.value].args, loop.body[store.value].dtype
        self.store, self.parts = store, parts
        self.memory = [Buffer("scratch", parts, self.dtype)]

    def added(self) -> Store:
        return Store(self.store.value, Access(self.memory[0], 0, (0,)))

    def before(self) -> list[Loop]:
        """The loop that puts into the memory what changes nothing."""
        return [_filled(self.memory[0], self.over)]

    def after(self) -> Loop:
        """The loop that puts the parts' sums together, and stores them."""
        wide = F8 if self.over == "add" and self.dtype.kind == "f" else self.dtype
        body: list[Instruction] = []
        for part in range(self.parts):
            load = Instruction("load", (Access(self.memory[0], part, (0,)),), self.dtype)
            body += [load, Instruction("astype", (len(body),), wide)]
            if part:
                body.append(Instruction(self.over, (len(body) - 3, len(body) - 1), wide))
        body.append(Instruction("astype", (len(body) - 1,), self.dtype))
        where = self.store.access._replace(strides=(0,))
        return Loop((1,), tuple(body), (Store(len(body) - 1, where),))


def _filled(buffer: Buffer, over: str) -> Loop:
    """The loop that fills a buffer with what changes nothing."""
    first = arithmetic.identity(over, buffer.dtype)
    body = (Instruction("literal", (first,), buffer.dtype),)
    return Loop((buffer.size,), body, (Store(0, Access(buffer, 0, (1,))),))


def formed(loop: Any) -> Work:
    """The form of a loop, and what it is run on."""
    pointers: dict[tuple[Buffer, int], int] = {}
    numbers: dict[int, int] = {}

    def access(one: Access | None) -> Any:
        if one is None:
            return None
        key = one.buffer, one.offset
        return Access(pointers.setdefault(key, len(pointers)), 0, one.strides)  # type: ignore[arg-type]

    def instruction(one: Instruction) -> Instruction:
        name, args, _ = one
        if name in ("load", "take"):
            return one._replace(args=(access(args[0]), *args[1:]))
        if name == "number":
            return one._replace(args=(numbers.setdefault(args[0], len(numbers)),))
        return one

    body = tuple([instruction(one) for one in loop.body])
    stores: list[Any] = []
    for store in loop.stores:
        if isinstance(store, Added):
            places = [access(one) for one in (store.total, store.carry, store.partial)]
            stores.append(Added(store.value, places[0], store.over, *places[1:]))
        else:
            stores.append(store._replace(access=access(store.access)))
    buffers: dict[Buffer, int] = {}
    parameters = [(b.dtype, buffers.setdefault(b, len(buffers))) for b, _ in pointers]
    form = Form(loop.space, body, tuple(stores), tuple(parameters), len(numbers))
    if len(loop.space) == 1 and not has_rows(loop):
        alike = form._replace(space=(ANY,))
        if loop.space[0] % width(alike) == 0:
            form = alike
    return Work(form, tuple(pointers), tuple(numbers), loop.space[0])


def key(form: Form) -> Any:
    """Equal for forms that are one function. Of literals it tells 0 from -0, and True from 1."""
    body = [
        (name, repr(args) if name == "literal" else args, dtype) for name, args, dtype in form.body
    ]
    return form.space, tuple(body), form.stores, form.parameters, form.numbers
