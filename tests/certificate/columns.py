"""The columns of the table: each takes an op and says how many cases there are and how they end.

A case is a call that PyTorch answers. It agrees where ours has the same structure, shapes and
dtypes and is within LIMIT of it; it is refused where ours raises; else it is wrong.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.certificate import batched, variants
from tests.certificate.adapter import NotThere, Sample, Unsuitable, find
from tests.certificate.cell import Cell
from tests.certificate.comparison import (
    Case,
    answer,
    compare,
    compared,
    hardness,
    same_dtypes,
    without_numbers,
)
from tests.certificate.ops import Op
from tests.certificate.sides import OURS, Found, Ours, call
from tests.certificate.ulps import Differs
from tests.foreign_array import ForeignArray

# Samples that a column looks at, spread over all that there are.
MOST = {"value": 60, "0-d": 8, "empty": 8, "wide": 8, "complex": 12}
OTHERS = 16
LARGEST = 10**6  # elements of a sample that others than value and gradient look at
LIMIT = 1024.0  # ulps; 2e-13 of the largest element in float64
# What they hold is not said: only shape and dtype are compared.
UNDEFINED = {"empty", "empty_like", "empty_permuted", "empty_strided", "new_empty"}
UNDEFINED |= {"new_empty_strided", "resize_", "resize_as_"}
# PyTorch, and its process with it.
CRASHES = {("nn.functional.pdist", "empty"), ("native_batch_norm", "empty")}


def spread(whole: list[Any], most: int) -> list[Any]:
    """At most so many, evenly taken."""
    step = max(len(whole) / most, 1.0)
    return [whole[int(i * step)] for i in range(min(most, len(whole)))]


class Column:
    """One column: which samples it looks at, and how a case of it is judged."""

    dtype = "f8"
    active = True  # tensors require grad
    orders = 1
    our_side: Any = OURS

    def __init__(self, name: str, words: str) -> None:
        self.name, self.words = name, words

    def applies(self, op: Op) -> bool:
        return not self.orders or op.differentiable

    def cases(self, op: Op) -> list[Case]:
        found = op.calls(self.dtype, self.active)
        if self.name != "gradient":
            found = [case for case in found if variants.elements(case[2]) <= LARGEST]
        return spread(found, MOST.get(self.name, OTHERS))

    def judge(self, op: Op, case: Case) -> float | None:
        """The error in ulps; None where PyTorch does not answer."""
        theirs, ours, sample = case
        expected = answer(theirs, sample, self.orders)
        if expected is None or self.orders and not expected.first:
            return None
        found = call(self.our_side, ours, sample, self.orders)
        return self.error(op, found, expected, case)

    def error(self, op: Op, found: Found, expected: Found, case: Case) -> float:
        if op.name in UNDEFINED:
            found, expected = without_numbers(found), without_numbers(expected)
        same_dtypes(found, expected)
        error = compared(self.parts(found, expected))
        return self.held(error, case)

    def held(self, error: float, case: Case) -> float:
        """``error``, if it is small, or the problem as hard: PyTorch's float32 as many ulps off."""
        if error > LIMIT and error > 16 * min(hardness(case, self.orders), 2.0**23):
            raise Differs(f"{error:.0f} ulps")
        return error

    def parts(self, found: Found, expected: Found) -> list[tuple[Any, Any]]:
        """What the column compares: all, or the last derivative asked for."""
        return list(zip(found, expected))

    def __call__(self, op: Op) -> Cell:
        cell = Cell()
        if not self.applies(op):
            return cell
        try:
            cases = self.cases(op)
        except NotThere as error:
            cell.absent = f"no {error}"
            return cell
        for case in cases:
            self.add(cell, op, case)
        return cell

    def add(self, cell: Cell, op: Op, case: Case) -> None:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                error = self.judge(op, case)
        except Differs as fault:
            cell.wrong(str(fault), case[2])
        except Unsuitable:
            pass
        except NotThere as fault:
            cell.absent = f"no {fault}"
        except AttributeError as fault:
            if "'Tensor' object has no attribute" in str(fault):
                cell.absent = f"no torch.Tensor.{op.name}"
            else:
                cell.refuse(fault, case[2])
        except Exception as fault:
            cell.refuse(fault, case[2])
        else:
            if error is not None:
                cell.agree(error)


class Value(Column):
    orders = 0
    active = False

    def cases(self, op: Op) -> list[Case]:
        for dtype in ("f8", "f4", "i8"):
            found = spread(op.calls(dtype, self.active), MOST.get(self.name, OTHERS))
            if found:
                return found
        return spread(op.calls("c16", self.active), OTHERS)


class Derivative(Column):
    def parts(self, found: Found, expected: Found) -> list[tuple[Any, Any]]:
        return [(found[self.orders], expected[self.orders])]


class Second(Derivative):
    orders = 2


class Single(Column):
    """Ours in float32 beside PyTorch's float64 of the same numbers."""

    def judge(self, op: Op, case: Case) -> float | None:
        theirs, ours, sample = case
        narrow = variants.in_dtype(sample, "f4")
        orders = int(op.differentiable)
        dtypes, expected = (answer(theirs, s, orders) for s in (narrow, variants.widened(narrow)))
        if dtypes is None or expected is None:
            return None
        found = call(self.our_side, ours, narrow, orders)
        if op.name in UNDEFINED:
            found, dtypes = without_numbers(found), without_numbers(dtypes)
            expected = dtypes
        same_dtypes(found, dtypes)
        try:
            error = compared(list(zip(found, expected)), np.float32)
            if error <= 64:
                return error
            own = compared(list(zip(dtypes, expected)), np.float32)
            if error <= 4 * own < 1e5:
                return error
            fault = Differs(f"{error:.0f} ulps; PyTorch's float32 {own:.0f}")
        except Differs as difference:
            fault = difference
        try:  # a mark that is passed in float32 alone, other numbers drawn: as PyTorch's float32
            error = compared(list(zip(found, dtypes)))
        except Differs:
            raise fault from None
        if error > 64:
            raise fault
        return error

    def applies(self, op: Op) -> bool:
        return True


class Complex(Column):
    dtype = "c16"

    def applies(self, op: Op) -> bool:
        return op.takes_complex()

    def judge(self, op: Op, case: Case) -> float | None:
        theirs, ours, sample = case
        orders = int(op.differentiable)
        expected = answer(theirs, sample, orders) or answer(theirs, sample, 0)
        if expected is None:
            return None
        found = call(self.our_side, ours, sample, int(expected.first is not None))
        return self.error(op, found, expected, case)


class Varied(Column):
    """Samples made otherwise, in value and gradient."""

    def __init__(self, name: str, words: str, vary: Callable[[Sample], Iterator[Sample]]) -> None:
        super().__init__(name, words)
        self.vary = vary

    def applies(self, op: Op) -> bool:
        return (op.name, self.name) not in CRASHES

    def cases(self, op: Op) -> list[Case]:
        whole = super().cases(op)
        return [(t, o, one) for t, o, s in whole for one in self.vary(s)]

    def judge(self, op: Op, case: Case) -> float | None:
        theirs, ours, sample = case
        orders = int(op.differentiable)
        expected = answer(theirs, sample, orders)
        if expected is None:
            return None
        return self.error(op, call(self.our_side, ours, sample, orders), expected, case)


class LaidOut(Varied):
    """The same numbers in arrays of another make."""

    def __init__(self, name: str, words: str, make: Callable[[np.ndarray], Any]) -> None:
        super().__init__(name, words, lambda one: iter([] if variants.sparse(one) else [one]))
        self.our_side = Ours(make)

    def applies(self, op: Op) -> bool:
        return not op.name.startswith(("as_strided", "view"))  # which ask how it is laid out


class Wide(Varied):
    """Extreme float32 numbers beside PyTorch's float64; where its float32 fails, too, no case."""

    def applies(self, op: Op) -> bool:
        return op.name not in UNDEFINED

    def judge(self, op: Op, case: Case) -> float | None:
        theirs, ours, sample = case
        expected = answer(theirs, variants.widened(sample), 0)
        if expected is None:
            return None
        theirs_off = self.off(answer(theirs, sample, 0), expected)
        try:
            found = call(self.our_side, ours, sample, 0)
        except Exception:
            if theirs_off == math.inf:
                return None
            raise
        error = self.off(found, expected)
        if error <= 64:
            return error
        if error > 4 * max(theirs_off, 16):
            if error == math.inf:
                compare(found.values, expected.values, np.float32, only="fitting")
            raise Differs(f"{error:.0f} ulps; PyTorch's float32 {theirs_off:.0f}")
        return None

    def off(self, found: Found | None, expected: Found) -> float:
        """An error in ulps; infinite where hardly a digit is right, or there is no answer."""
        if found is None:
            return math.inf
        try:
            error = compare(found.values, expected.values, np.float32, only="fitting")
        except Differs:
            return math.inf
        return error if error < 2.0**20 else math.inf


class Batched(Column):
    """``autograd.func.vmap`` beside a loop over its three members, with gradients."""

    def applies(self, op: Op) -> bool:
        return op.name not in UNDEFINED

    def cases(self, op: Op) -> list[Case]:
        find("func.vmap")
        return super().cases(op)

    def judge(self, op: Op, case: Case) -> float | None:
        error = batched.judge(case, op.differentiable)
        return None if error is None else self.held(error, case)


class Refused(Column):
    """Inputs that the op database says must be refused."""

    def applies(self, op: Op) -> bool:
        return any(one.error_inputs_func is not None for one in op.variants)

    def cases(self, op: Op) -> list[Case]:
        return [(t, o, (s, words)) for t, o, s, words in op.refusals()]  # type: ignore[misc]

    def add(self, cell: Cell, op: Op, case: Case) -> None:
        theirs, ours, (sample, words) = case
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if answer(theirs, sample, 0) is not None:
                return
            try:
                call(OURS, ours, sample, 0)
            except Unsuitable:
                return
            except Exception:
                cell.agree(0.0)
            else:
                cell.accept(words)


COLUMNS = [
    Value("value", "the value, float64 (all dtypes, shapes and structure, too)"),
    Derivative("gradient", "the gradient by every input, for random weights of the result"),
    Second("second", "the second derivative: the gradient of the gradient, by inputs and weights"),
    Single("float32", "value and gradient in float32, beside PyTorch's float64"),
    Complex("complex", "value and gradient of complex128 inputs, by PyTorch's convention"),
    Batched("vmap", "value and gradient under `vmap`, beside a loop"),
    Varied("0-d", "value and gradient of 0-d tensors", variants.scalars),
    Varied("empty", "value and gradient of tensors without elements", variants.empty),
    LaidOut("strided", "inputs with gaps, laid out backwards", variants.strided),
    LaidOut("foreign", "arrays that speak NumPy's protocols and are not NumPy's", ForeignArray),
    Wide("wide", "float32 numbers from 2^-100 to 2^100 times as large", variants.scaled),
    Refused(
        "refused",
        "inputs that must be refused",
    ),
]


def examined(op: Op) -> Iterator[tuple[str, Any]]:
    """The cells of an op, to be sent."""
    for column in COLUMNS:
        try:
            cell = column(op)
        except Exception as error:
            cell = Cell()
            cell.absent = f"{type(error).__name__}: {str(error)[:200]}"
        yield column.name, vars(cell)
