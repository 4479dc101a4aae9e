"""A loop of a plan as a function in LLVM's language, its innermost axis in vectors.

Rows are gone through in the phases that ``phases.py`` finds. Values that are the same all along a
row are single numbers; those that never change are computed first of all. What remains of a row
after whole vectors is one narrower vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from autograd.compiler.machine import arithmetic
from autograd.compiler.machine.phases import FEW, Added, Form, Phases
from autograd.compiler.machine.reductions import BLOCK, ROWS, Reduced, two_sum
from autograd.compiler.machine.target import register_bytes
from autograd.compiler.machine.writer import F4, F8, I8, Value, Writer
from autograd.compiler.planning.plan import Instruction, Store


class Kernel(Phases):
    """The function of a form: ``text`` defines ``@name(pointers, numbers, rows, begin, end)``.

    ``rows`` has a dtype for each row that it keeps. ``begin`` and ``end`` are a part of the
    outermost axis; where there is but one, of its columns. This adds two arrays of four columns,
    as text that LLVM has still to better (variables and branches go)::

    >>> import pytest
    >>> _ = pytest.importorskip("llvmlite")
    >>> from autograd.compiler.planning.plan import Access
    >>> loads = [Instruction("load", (Access(i, 0, (4, 1)),), F4) for i in range(2)]
    >>> body = *loads, Instruction("add", (0, 1), F4)
    >>> stores = (Store(2, Access(0, 0, (4, 1))),)
    >>> form = Form((9, 4), body, stores, ((F4, 0), (F4, 1)), 0)
    >>> lines = Kernel(form, "sum").text.splitlines()
    >>> lines[0]
    'define internal void @sum(ptr %p0, ptr %p1, i64 %begin, i64 %end) {'
    >>> print(*[line for line in lines if "<4 x float>" in line], sep="\\n")
      %v7 = load <4 x float>, ptr %v6, align 4
      %v10 = load <4 x float>, ptr %v9, align 4
      %v11 = fadd contract <4 x float> %v7, %v10
      store <4 x float> %v11, ptr %v6, align 4
    """

    def __init__(self, form: Form, name: str) -> None:
        super().__init__(form)
        self.name, self.writer = name, Writer()
        self.text = self._write()

    # -- the function --------------------------------------------------------------------------

    def _write(self) -> str:
        writer, form = self.writer, self.form
        names = [f"ptr %p{i}" for i in range(len(form.parameters))]
        names += [f"double %n{i}" for i in range(form.numbers)]
        names += [f"ptr noalias %r{i}" for i in range(len(self.rows))] + ["i64 %begin", "i64 %end"]
        self.index: list[Value] = []
        self.fixed: dict[int, Value] = {}
        self.pointers: dict[Any, str] = {}
        self.single = self.fixed
        for value, fixed in enumerate(self.is_fixed):
            if fixed:
                self.fixed[value] = self._one(value)
        in_blocks = [s for s in form.stores if isinstance(s, Added) and s.partial]
        if in_blocks:
            with writer.loop("%begin", "%end", ROWS) as block:
                end, stop = block + ROWS, Value(writer, "%end", I8, 0)
                self._nest(block.text, end.less(stop).select(end, stop).text)
                for one in in_blocks:
                    self._flush(one)
        else:
            self._nest("%begin", "%end")
        return writer.function(f"internal {{}} @{self.name}", ", ".join(names))

    def _nest(self, begin: Any, end: Any) -> None:
        axis = len(self.index)
        if axis == self.last:
            return self._row(begin, end)
        with self.writer.loop(begin, end) as i:
            self.index.append(i)
            self._nest(0, self.form.space[axis + 1])
            self.index.pop()

    def _row(self, begin: Any, end: Any) -> None:
        self.single, self.pointers = dict(self.fixed), {}
        self.splats: dict[tuple[int, int], Value] = {}
        for phase in range(self.count):
            self._singles(phase)
            self._columns(phase, begin, end)
        self._singles(len(self.form.body))
        for store in self.by_row:
            value = self.single[store.value]
            if isinstance(store, Added):
                self._add(store, value, None)
            else:
                self._store(store, value, None)

    def _singles(self, level: int) -> None:
        """The values of the row of which all that is reduced is known."""
        for value, column in enumerate(self.is_column):
            if not column and self.level[value] <= level and value not in self.single:
                self.single[value] = self._one(value)

    def _one(self, value: int) -> Value:
        one = self.form.body[value]
        if one.name == "reduce":  # of a row of one column
            return arithmetic.converted(self.single[one.args[1]], one.dtype)
        return self._instruction(one, self.single.__getitem__, 0, None)

    # -- a phase -------------------------------------------------------------------------------

    def _columns(self, phase: int, begin: Any, end: Any) -> None:
        """The loop over the columns of one phase."""
        writer = self.writer
        self.before: list[str] = []
        lines, writer.lines = writer.lines, []
        sums = {
            i: Reduced(writer, self.form.body[i], self.width, self.columns)
            for i in self.reduced
            if self.level[i] - 1 == phase
        }
        opening, writer.lines = writer.lines, []
        piece = partial(self._piece, phase, sums)
        rest = self.columns % self.width
        whole = self.columns - rest
        if begin == "%begin":  # a part of the columns
            stop = Value(writer, "%end", I8, 0)
            whole_stop = stop.less(whole).select(stop, whole)
            self._whole(piece, sums, begin, whole_stop.text)
            if rest:
                with writer.only_if(stop.equals(self.columns)):
                    piece(rest, writer.literal(whole, I8, 0))
        else:
            if whole:
                self._whole(piece, sums, 0, whole)
            if rest:
                piece(rest, writer.literal(whole, I8, 0))
        for i, one in sums.items():
            self.single[i] = one.result()
        writer.lines = [*lines, *opening, *self.before, *writer.lines]

    def _piece(self, phase: int, sums: dict[int, Reduced], width: int, column: Value) -> None:
        """What a phase does with ``width`` columns, from ``column`` on."""
        writer, body = self.writer, self.form.body
        memo: dict[int, Value] = {}

        def value(i: int) -> Value:
            if not self.is_column[i]:
                return self._splat(i, width)
            if i not in memo:
                if i in self.kept and self.level[i] < phase:
                    memo[i] = writer.load(kept(i), body[i].dtype, width)
                else:
                    memo[i] = self._instruction(body[i], value, width, column)
            return memo[i]

        def kept(i: int) -> str:
            return writer.place(f"%r{self.kept[i]}", body[i].dtype, column.text)

        for i, one in sums.items():
            one.take(arithmetic.converted(value(body[i].args[1]), body[i].dtype))
        for i in self.kept:
            if self.level[i] == phase:
                writer.store(value(i), kept(i))
        stores = [(one, value(one.value)) for one, when in self.phase.items() if when == phase]
        for store, what in stores:  # after all loads
            if isinstance(store, Added):
                self._add(store, what, column)
            else:
                self._store(store, what, column)

    def _whole(self, piece: Any, sums: dict[int, Reduced], begin: Any, end: Any) -> None:
        """Whole vectors; where sums are long, in blocks."""
        writer, width = self.writer, self.width
        if begin == 0 and end == width:
            return piece(width, writer.literal(0, I8, 0))
        if not any([one.total for one in sums.values()]):
            with writer.loop(begin, end, width) as column:
                piece(width, column)
            return
        with writer.loop(begin, end, BLOCK // width * width) as block:
            most, stop = block + BLOCK // width * width, Value(writer, str(end), I8, 0)
            with writer.loop(block.text, most.less(stop).select(most, stop).text, width) as column:
                piece(width, column)
            for one in sums.values():
                one.flush()

    @contextmanager
    def _ahead(self) -> Iterator[None]:
        """Lines within come before the loop over the columns."""
        lines, self.writer.lines = self.writer.lines, self.before
        yield
        self.writer.lines = lines

    def _splat(self, value: int, width: int) -> Value:
        """A value of the row as a vector."""
        single = self.single[value]
        if single.number is not None:
            return self.writer.literal(single.number, single.dtype, width)
        if (value, width) not in self.splats:
            with self._ahead():
                self.splats[value, width] = single.splat(width)
        return self.splats[value, width]

    # -- memory --------------------------------------------------------------------------------

    def _pointer(self, access: Any, ahead: bool) -> str:
        """Where an access begins in this row."""
        key = access.buffer, access.strides[:-1]
        if key not in self.pointers:
            if ahead:
                with self._ahead():
                    self.pointers[key] = self._pointer_here(access)
            else:
                self.pointers[key] = self._pointer_here(access)
        return self.pointers[key]

    def _pointer_here(self, access: Any) -> str:
        place = self.writer.literal(0, I8, 0)
        for i, stride in zip(self.index, access.strides):
            if stride:
                place = i * stride if place.number == 0 else place + i * stride
        dtype = self.form.parameters[access.buffer][0]
        return self.writer.place(f"%p{access.buffer}", dtype, place.text)

    def _address(self, access: Any, column: Value | None) -> str:
        pointer = self._pointer(access, column is not None)
        if column is None or not access.strides[-1]:
            return pointer
        steps = column if access.strides[-1] == 1 else column * access.strides[-1]
        return self.writer.place(pointer, self.form.parameters[access.buffer][0], steps.text)

    def _store(self, store: Store, value: Value, column: Value | None) -> None:
        access: Any = store.access
        dtype = self.form.parameters[access.buffer][0]
        stride = access.strides[-1]
        value = arithmetic.converted(value, dtype)
        self.writer.store(value, self._address(access, column), stride if column else 1)

    def _add(self, one: Added, value: Value, column: Value | None) -> None:
        """To what was added up before: to the partial sum, else to the total."""
        where: Any = one.partial or one.total
        dtype = self.form.parameters[where.buffer][0]
        address = self._address(where, column)
        value = arithmetic.converted(value, dtype)
        before = self.writer.load(address, dtype, value.width)
        if where is one.total and one.carry:
            at = self._address(one.carry, column)
            carry = self.writer.load(at, dtype, value.width)
            value, lost = two_sum(before, value)
            self.writer.store(carry + lost, at)
        else:
            value = arithmetic.FUNCTIONS[one.over](before, value)
        self.writer.store(value, address)

    def _flush(self, one: Added) -> None:
        """From the partial sums to the totals."""
        writer, partial, carry = self.writer, one.partial, one.carry

        def piece(width: int, column: Value) -> None:
            def place(access: Any) -> str:
                dtype = self.form.parameters[access.buffer][0]
                return writer.place(f"%p{access.buffer}", dtype, column.text)

            dtype = self.form.parameters[partial.buffer][0]
            new = writer.load(place(partial), dtype, width)
            writer.store(new.like(0.0), place(partial))
            before = writer.load(place(one.total), F8, width)
            total, lost = two_sum(before, arithmetic.converted(new, F8))
            writer.store(total, place(one.total))
            if carry:
                writer.store(writer.load(place(carry), F8, width) + lost, place(carry))

        width = min(register_bytes() // 4, self.columns)
        rest = self.columns % width
        with writer.loop(0, self.columns - rest, width) as column:
            piece(width, column)
        if rest:
            piece(rest, writer.literal(self.columns - rest, I8, 0))

    # -- instructions --------------------------------------------------------------------------

    def _instruction(
        self, one: Instruction, value: Callable[[int], Value], width: int, column: Value | None
    ) -> Value:
        """An instruction's value: of the row (``width`` 0), or of ``width`` columns."""
        name, args, dtype = one
        writer = self.writer
        if name == "literal":
            return writer.literal(args[0], dtype, width)
        if name == "number":
            return arithmetic.converted(Value(writer, f"%n{args[0]}", F8, 0), dtype)
        if name == "position":
            if column is None:
                alone = self.index[args[0]] if args[0] < self.last else writer.literal(0, I8, 0)
                return arithmetic.converted(alone, dtype)
            return arithmetic.converted(column.splat(width) + writer.steps(width), dtype)
        if name == "load":
            stride = args[0].strides[-1] if width else 1
            return writer.load(self._address(args[0], column), dtype, width, stride)
        if name == "take":
            return self._take(one, value, width, column)
        if name == "astype":
            return arithmetic.converted(value(args[0]), dtype)
        if name == "where":
            condition, yes, no = [value(i) for i in args]
            return arithmetic.converted(condition, bool).select(yes, no)
        if name in ("divide", "true_divide") and dtype == F4 and width:
            if not self.is_column[args[1]]:
                return self._divided(value(args[0]), args[1], width)
        function = arithmetic.FUNCTIONS[name]
        if name in arithmetic.POLYNOMIALS and self.polynomials > FEW:
            return writer.apart(name, function, value(args[0]))
        return function(*[value(i) for i in args])

    def _divided(self, x: Value, divisor: int, width: int) -> Value:
        """By the same number all along the row: times its reciprocal, which no division has to
        wait for. Numbers whose reciprocal is too small or too large are brought nearer to 1."""
        writer = self.writer
        with self._ahead():
            d = self.single[divisor]
            size = writer.intrinsic("fabs", d)
            small, large = size.less(2.0**-64), d.like(2.0**64).less(size)
            scale = small.select(d.like(2.0**64), large.select(d.like(2.0**-64), d.like(1.0)))
            factor, scale = (d.like(1.0) / (d * scale)).splat(width), scale.splat(width)
        return x * scale * factor

    def _take(
        self, one: Instruction, value: Callable[[int], Value], width: int, column: Value | None
    ) -> Value:
        access, by = one.args
        writer = self.writer
        row = [(i, stride) for i, stride in by if not self.is_column[i]]
        along = [(i, stride) for i, stride in by if self.is_column[i]]
        pointer = self._address(access, column)
        for i, stride in row:
            place = arithmetic.converted(self.single[i], I8) * stride
            pointer = writer.place(pointer, one.dtype, place.text)
        if not along:
            return writer.load(pointer, one.dtype, width, access.strides[-1] if width else 1)
        index = writer.steps(width, access.strides[-1])
        for i, stride in along:
            index = index + arithmetic.converted(value(i), I8) * stride
        return writer.gather(pointer, one.dtype, index)
