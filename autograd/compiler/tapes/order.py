"""In which order the calls of a tape are done again: what may go wrong comes before what changes.

A replay that finds a number or a value other than it was leaves the step to the engine, which then
begins anew. So nothing may have been changed by then that is seen outside: no parameter, no buffer,
no stream of random numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Call, Recorded, RecordedScalar
from autograd.engine.versions import owner_of
from autograd.random.generator import Generator, default_generator

IN_PLACE = {
    getattr(operator, f"i{name}"): sign
    for name, sign in {
        "add": "+=", "sub": "-=", "mul": "*=", "truediv": "/=", "floordiv": "//=", "mod": "%=",
        "pow": "**=", "matmul": "@=", "and": "&=", "or": "|=", "xor": "^=", "lshift": "<<=",
        "rshift": ">>=",
    }.items()
}  # fmt: skip


def recorders(values: Any) -> list[Any]:
    """The recorders and numbers in nested values.

    >>> x = Recorded(np.ones(2), None)
    >>> len(recorders(((x, 1), {"axis": None}, [slice(0, x)])))
    2
    """
    found: list[Any] = []
    _gather((values,), found)
    return found


_WANTED = {Recorded, RecordedScalar, Number}
_OTHERS = {int, float, bool, str, type(None), np.ndarray}


def _gather(values: Any, found: list[Any]) -> None:
    for one in values:
        kind = type(one)
        if kind in _WANTED:
            found.append(one)
        elif kind in _OTHERS:
            continue
        elif isinstance(one, (tuple, list)):
            _gather(one, found)
        elif kind is dict:
            _gather(one.values(), found)
        elif kind is slice:
            _gather((one.start, one.stop, one.step), found)


class Ordered(NamedTuple):
    """Calls as they are done again."""

    calls: list[Call]
    checked: int  # so many of them come first, and change nothing
    late: list[Call]  # looks at values after a change that is seen outside
    written: set[int]  # the ids of what owns the memory that is written to
    drawn: list[Generator]  # streams that what comes first draws from: to be put back, if need be


def ordered(calls: list[Call], given: Iterable[Any]) -> Ordered:
    """The calls with numbers first, then looks and what they are of, then all else."""
    outside = {id(owner_of(one)) for one in given if isinstance(one, Recorded)}
    known = {id(one) for one in given}
    numbers = [call for call in calls if _of_numbers(call)]
    rest = [call for call in calls if not _of_numbers(call)]
    maker: dict[int, int] = {}  # by a result, the call that made it
    written: set[int] = set()  # owners of memory that has been written to
    first, late = set[int](), []
    seen = False  # what is outside has changed
    for i, call in enumerate(rest):
        made = [*recorders(call.result)]
        if _looks(call):
            slice_ = _slice(i, rest, maker, known, written)
            if slice_ is not None:
                first |= slice_
            elif seen:
                late.append(call)
            else:  # it sees what the step has changed within itself: so far nobody else has
                first.update(range(i + 1))
        targets = _targets(call, maker, known)
        owners = {id(owner_of(one)) for one in targets}
        written |= owners
        seen = seen or bool(owners & outside) or tells(call)  # streams can be put back
        for one in made:
            maker.setdefault(id(one), i)
    looks = [rest[i] for i in sorted(first)]
    others = [call for i, call in enumerate(rest) if i not in first]
    checked = len(numbers) + len(looks)
    return Ordered(numbers + looks + others, checked, late, written, streams(looks))


def _of_numbers(call: Call) -> bool:
    """Whether a call reckons with numbers alone, and changes nothing."""
    if call.result is None:
        return False
    found = [*recorders((call.args, call.options, call.result))]
    return bool(found) and all([type(one) is Number and not one.looked for one in found])


def _looks(call: Call) -> bool:
    """Whether a call gives what a replay compares: no array and no number."""
    return call.result is not None and not [*recorders(call.result)] and not tells(call)


def draws(call: Call) -> bool:
    """Whether a call draws random numbers."""
    return (getattr(call.function, "__module__", None) or "").startswith("autograd.random")


def tells(call: Call) -> bool:
    """Whether a call hands numbers to somebody, and gives nothing."""
    found = [*recorders((call.args, call.options))]
    return call.result is None and all([type(one) is Number for one in found])


def _targets(call: Call, maker: dict[int, int], known: set[int]) -> list[Any]:
    """The arrays that a call writes to."""
    arrays = [one for one in recorders((call.args, call.options)) if isinstance(one, Recorded)]
    if call.function in IN_PLACE or call.function is operator.setitem:
        return arrays[:1]
    if call.result is None:
        return arrays  # any of them
    written = [one for one in recorders(call.result) if id(one) in maker or id(one) in known]
    return [one for one in written if isinstance(one, Recorded)]


def _slice(
    i: int, calls: list[Call], maker: dict[int, int], known: set[int], written: set[int]
) -> set[int] | None:
    """The calls that the look ``i`` needs; None where one changes something, or sees a change."""
    found, waiting = {i}, [i]
    while waiting:
        this = waiting.pop()
        call, made = calls[this], [*recorders(calls[this].result)]
        if call.result is None or draws(call) or call.function in IN_PLACE:
            return None
        if any([id(one) in known or maker.get(id(one), this) != this for one in made]):
            return None
        for one in recorders((call.args, call.options)):
            if isinstance(one, Recorded) and id(owner_of(one)) in written:
                return None
            made_by = maker.get(id(one))
            if made_by is not None and made_by not in found:
                found.add(made_by)
                waiting.append(made_by)
    return found


def streams(calls: list[Any]) -> list[Generator]:
    """The streams of numbers that calls draw from."""
    found: dict[int, Generator] = {}
    for call in calls:
        if draws(call):
            given = [one for one in call.args if isinstance(one, Generator)]
            given += [one for one in call.options.values() if isinstance(one, Generator)]
            found |= {id(one): one for one in given or [default_generator]}
    return [*found.values()]
