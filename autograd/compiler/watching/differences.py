"""Whether two recordings are of one program: the same calls, of the same arrays and facts."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded, Tape
from autograd.compiler.watching.places import same


def differences(first: Tape, second: Tape) -> str:
    """Where two tapes part; empty where they are one program.

    Arrays that come in may have other values, and numbers that are read anew as well. What a
    program holds must be the same: functions, numbers, shapes, the user's own arrays.

    >>> def taped(x, k):
    ...     tape = Tape()
    ...     y = tape.lift(np.ones(x)) * k
    ...     y + y
    ...     return tape
    >>> differences(taped(2, 3.0), taped(2, 3.0))
    ''
    >>> differences(taped(2, 3.0), taped(2, 4.0)), differences(taped(2, 3.0), taped(3, 3.0))
    ('call 1, mul: 3.0 and 4.0', 'call 1, mul: arrays of shapes (2,) and (3,)')
    """
    comparison = _Comparison()
    for i, (one, other) in enumerate(zip(first.calls, second.calls), 1):
        name = getattr(one.function, "__name__", str(one.function))
        if one.function != other.function:
            return f"call {i}: {name} and {getattr(other.function, '__name__', other.function)}"
        parts = ((one.args, other.args), (one.options, other.options), (one.result, other.result))
        for a, b in parts:
            if why := comparison.of(a, b):
                return f"call {i}, {name}: {why}"
    if len(first.calls) != len(second.calls):
        return f"{len(first.calls)} and {len(second.calls)} calls"
    return ""


class _Comparison:
    """Compares values; which recorder of one tape stands for which of the other is remembered."""

    def __init__(self) -> None:
        self.partner: dict[int, Any] = {}

    def of(self, one: Any, other: Any) -> str:
        """Why two values are not the same; empty where they are."""
        kind: Any = type(one)
        if kind is not type(other):
            return f"{one!r} and {other!r}"
        if kind is Number and one.source and other.source:
            ways = (one.source, other.source)
            there = ways[0][0] is ways[1][0] and ways[0][1:] == ways[1][1:]
            return "" if there else f"numbers {ways[0][1:]} and {ways[1][1:]}"
        if issubclass(kind, (Recorded, Number)):
            return self._partners(one, other)
        if issubclass(kind, (tuple, list)) and len(one) == len(other):
            return next(filter(None, map(self.of, one, other)), "")
        if kind is dict and [*one] == [*other]:
            return next(filter(None, map(self.of, one.values(), other.values())), "")
        if kind is slice:
            parts = [(each.start, each.stop, each.step) for each in (one, other)]
            return self.of(*parts)
        if kind is np.ndarray:
            facts = [(each.dtype, each.shape, each.tobytes()) for each in (one, other)]
            return "" if facts[0] == facts[1] else "arrays of the user's with other values"
        return "" if same(one, other) or _equal(one, other) else f"{one!r} and {other!r}"

    def _partners(self, one: Any, other: Any) -> str:
        known = (self.partner.get(id(one)), self.partner.get(id(other)))
        if known[0] is other and known[1] is one:
            return ""
        if known[0] is not None or known[1] is not None:
            return "other arrays, or in other places"
        if isinstance(one, Recorded):
            if one.shape != other.shape:
                return f"arrays of shapes {one.shape} and {other.shape}"
            if one.dtype != other.dtype:
                return f"arrays of {one.dtype} and {other.dtype}"
        self.partner[id(one)], self.partner[id(other)] = other, one
        return ""


def _equal(one: Any, other: Any) -> bool:
    """Whether two functions are one, though bound anew."""
    return callable(one) and bool(one == other)
