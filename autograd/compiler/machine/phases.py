"""What a loop computes in which phase of a row, before a line of it is written.

Each row (one point of the outer axes) is gone through in *phases*: a phase is a loop over the
columns, and what is reduced along the row parts one phase from the next. Softmax has three::

    phase 0    load x; maximum
    phase 1    load x again, subtract, exp -> kept in a buffer of one row; sum
    phase 2    the kept value times 1 / sum; store

A value that a later phase needs is computed again where that is cheap, else kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.machine import arithmetic
from autograd.compiler.machine.spaces import operands, varies
from autograd.compiler.machine.target import register_bytes
from autograd.compiler.planning.plan import Instruction, Loop, Store

CHEAP = 4  # the cost up to which a value is computed again
FEW = 4  # polynomials up to which each is written where it is used

_COSTS = {"load": 1, "take": 4, "divide": 4, "true_divide": 4, "sqrt": 4, "reciprocal": 4}
_COSTS |= {name: 12 for name in arithmetic.POLYNOMIALS}
_COSTS |= {name: 50 for name in (*arithmetic.LIBRARY, "power", "floor_divide", "remainder")}


class Added(NamedTuple):
    """A store that is added up over rows: into ``total``; by way of ``partial``, to which ``ROWS``
    rows are added before it goes there; ``carry`` is what the total's roundings have lost."""

    value: int
    total: Any
    over: str
    carry: Any
    partial: Any


class Form(NamedTuple):
    """A loop whose accesses are of parameters, by number: equal forms are one function.

    ``parameters`` has each one's dtype, and a number that is the same for those in one buffer.
    """

    space: tuple[int, ...]
    body: tuple[Instruction, ...]
    stores: tuple[Store | Added, ...]
    parameters: tuple[tuple[np.dtype[Any], int], ...]
    numbers: int


class Phases:
    """Of a form: which values belong to a row as a whole (all but ``is_column``), or are the same
    for the whole loop (``is_fixed``); the phase in which each store is done; what is ``kept``."""

    def __init__(self, form: Form) -> None:
        self.form, self.width = form, width(form)
        self.polynomials = polynomials(form)
        self.columns, self.last = form.space[-1], len(form.space) - 1
        self._study()
        self._phases()

    def _study(self) -> None:
        body = self.form.body
        along = varies(Loop(self.form.space, body, ()))
        self.is_column = [self.last in axes and self.columns > 1 for axes in along]
        self.level: list[int] = []
        self.cost: list[int] = []
        self.is_fixed: list[bool] = []  # the same for the whole loop
        for i, one in enumerate(body):
            of = operands(one)
            level = max([self.level[k] for k in of], default=0)
            self.level.append(level + (one.name == "reduce" and self.columns > 1))
            own = _COSTS.get(one.name, 0 if one.name in ("literal", "number") else 1)
            self.cost.append(own + sum([self.cost[k] for k in of if self.is_column[k]]))
            self.is_column[i] = self.is_column[i] and one.name != "reduce"
            still = not along[i] and not self.level[i]
            self.is_fixed.append(still and all([self.is_fixed[k] for k in of]))

    def _phases(self) -> None:
        """For each phase what it stores, adds up, reduces and keeps."""
        body = self.form.body
        self.kept: dict[int, int] = {}  # value: which row keeps it
        self.reduced = [i for i, one in enumerate(body) if one.name == "reduce"]
        self.reduced = [i for i in self.reduced if self.columns > 1]
        self.by_column = [s for s in self.form.stores if self._along_columns(s)]
        self.by_row = [s for s in self.form.stores if not self._along_columns(s)]
        self.phase = {s: self.level[s.value] for s in self.by_column}
        while True:
            found = len(self.kept), dict(self.phase)
            read: dict[int, int] = {}  # the last phase in which a buffer is read
            roots = [(body[i].args[1], self.level[i] - 1) for i in self.reduced]
            roots += [(store.value, phase) for store, phase in self.phase.items()]
            roots += [(value, self.level[value]) for value in self.kept]
            seen = set[tuple[int, int]]()
            for value, phase in roots:
                self._walk(value, phase, read, seen)
            for store in self.by_column:
                if isinstance(store, Store):
                    where: Any = store.access
                    buffer = self.form.parameters[where.buffer][1]
                    self.phase[store] = max(self.phase[store], read.get(buffer, 0))
            if found == (len(self.kept), self.phase):
                break
        self.rows = [body[value].dtype for value in self.kept]
        phases = [phase for _, phase in roots]
        self.count = max(phases, default=-1) + 1

    def _along_columns(self, store: Any) -> bool:
        access = store.access if isinstance(store, Store) else store.total
        return self.columns > 1 and bool(access.strides[-1])

    def _walk(self, value: int, phase: int, read: dict[int, int], seen: set[Any]) -> None:
        """What ``phase`` must compute to have a value; what it had better find kept."""
        if not self.is_column[value] or (value, phase) in seen:
            return
        seen.add((value, phase))
        if self.level[value] < phase and self.cost[value] > CHEAP:
            self.kept.setdefault(value, len(self.kept))
            return
        one = self.form.body[value]
        if one.name in ("load", "take"):
            buffer = self.form.parameters[one.args[0].buffer][1]
            read[buffer] = max(read.get(buffer, 0), phase)
        for i in operands(one):
            self._walk(i, phase, read, seen)


def width(form: Form) -> int:
    """How many columns a vector has: two registers, so that no operation waits for the one before;
    four for functions of polynomials, each of which waits for the whole of the one before."""
    dtypes = [one.dtype for one in form.body if one.name not in ("literal", "number")]
    dtypes += [dtype for dtype, _ in form.parameters]
    sizes = {dtype.itemsize for dtype in dtypes if dtype.kind != "b"}
    size = 4 if 4 in sizes else 8 if 8 in sizes else min(sizes, default=1)
    lanes, columns = register_bytes() // size, form.space[-1]
    registers = 4 if polynomials(form) > FEW else 2
    while registers > 1 and lanes * registers > columns:
        registers //= 2
    return max(1, min(lanes * registers, columns))


def polynomials(form: Form) -> int:
    """How often the body computes one."""
    return sum([one.name in arithmetic.POLYNOMIALS for one in form.body])
