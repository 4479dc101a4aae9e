"""Sums that keep their digits: along a row, block by block, and what is lost in a rounding."""

from __future__ import annotations

from autograd.compiler.machine import arithmetic
from autograd.compiler.machine.writer import F8, Value, Writer
from autograd.compiler.planning.plan import Instruction

BLOCK = 2048  # columns, and
ROWS = 32  # rows, of which sums are added in their own dtype before they go to greater precision


def two_sum(x: Value, y: Value) -> tuple[Value, Value]:
    """x + y, and what its rounding has lost (Knuth, *The Art of Computer Programming* 2, 4.2.2)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


class Reduced:
    """What is reduced along a row: vectors, in the end one number. Long sums go, block by block,
    to greater precision: float64, and there what was lost in rounding is kept."""

    def __init__(self, writer: Writer, one: Instruction, width: int, columns: int) -> None:
        self.over, dtype = one.args[0], one.dtype
        self.combine = arithmetic.FUNCTIONS[self.over]
        self.first = writer.literal(arithmetic.identity(self.over, dtype), dtype, width)
        self.now = writer.variable(self.first)
        alone = writer.literal(self.first.number, dtype, 0)
        self.rest = writer.variable(alone)
        self.total = self.carry = None
        if self.over == "add" and dtype.kind == "f" and columns > BLOCK:
            zero = writer.literal(0, F8, width)
            self.total, self.carry = writer.variable(zero), writer.variable(zero)

    def take(self, value: Value) -> None:
        if value.width == self.first.width:
            self.now(self.combine(self.now(), value))
        else:
            self.rest(self.combine(self.rest(), self._across(value)))

    def flush(self) -> None:
        if self.total and self.carry:
            new = arithmetic.converted(self.now(), F8)
            total, lost = two_sum(self.total(), new)
            self.total(total)
            if self.first.dtype == F8:
                self.carry(self.carry() + lost)
            self.now(self.first)

    def result(self) -> Value:
        if not self.total or not self.carry:
            return self.combine(self._across(self.now()), self.rest())
        total = arithmetic.add(self._across(self.total()), arithmetic.converted(self.rest(), F8))
        if self.first.dtype == F8:
            lost = self._across(self.carry())
            total = (total - total).equals(0.0).select(total + lost, total)
        return arithmetic.converted(total, self.first.dtype)

    def _across(self, value: Value) -> Value:
        """A vector's numbers as one: half with half, until one is left."""
        left = None
        while value.width > 1:
            half = value.width // 2
            if value.width % 2:
                odd = value.lane(value.width - 1)
                left = self.combine(left, odd) if left else odd
            value = self.combine(value.lanes(0, half), value.lanes(half, half))
        value = value.lane(0)
        return self.combine(value, left) if left else value
