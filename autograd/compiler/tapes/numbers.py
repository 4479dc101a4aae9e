"""Numbers of a step: rates, counters and what is reckoned from them, read anew by each replay."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


class Number:
    """A number that a replay may find changed: arithmetic on it is noted, and it stays a number.

    What it is compared with, and its truth, are noted as checks, which a replay looks at before all
    else. What makes a number of Python's of it (``float``, ``math.sqrt``) gives the value, and is
    among the tape's refusals.

    ``source`` is where it is read: a dict and the keys that lead to it. ``looked`` says that it
    comes from a look at an array.
    """

    __slots__ = ("looked", "source", "tape", "value")

    def __init__(
        self, value: Any, tape: Any, source: tuple[Any, ...] = (), looked: bool = False
    ) -> None:
        self.value, self.tape, self.source, self.looked = value, tape, source, looked

    def __repr__(self) -> str:
        return f"Number({self.value!r})"

    def __format__(self, form: str) -> str:
        self.tape.refuse(f"a number of the step was written into a text, {self.value!r}")
        return format(self.value, form)

    def told(self, function: Callable[[Any], Any], numbers: dict[str, Any]) -> None:
        """Call ``function`` with the values of ``numbers``, now and at this place in a replay."""
        with self.tape.changing(numbers):
            function(self.tape.opened(numbers))
        self.tape.note(function, (numbers,), {}, None)

    def _became(convert: Any) -> Any:
        def method(self: Any) -> Any:
            self.tape.refuse(f"a number of the step became one of Python's, {self.value!r}")
            return convert(self.value)

        return method

    __float__, __int__, __index__ = _became(float), _became(int), _became(operator.index)
    __hash__ = None  # type: ignore[assignment]
    del _became


def _noted(function: Any, reflected: bool = False) -> Any:
    """A method that does ``function``, whose result is a number again, or a truth that is checked.

    The same of the same numbers is reckoned once.
    """

    def method(self: Any, *other: Any) -> Any:
        if other and not isinstance(other[0], (int, float, Number)):
            return NotImplemented
        tape, args = self.tape, (*other, self) if reflected else (self, *other)
        key = (function, *[(type(one), id(one) if type(one) is Number else one) for one in args])
        if tape.live and key in tape.reckoned:
            return tape.reckoned[key]
        result = function(*[one.value if type(one) is Number else one for one in args])
        if not tape.live:
            return result
        if type(result) is not bool:
            looked = any([type(one) is Number and one.looked for one in args])
            result = Number(result, tape, (), looked)
        tape.reckoned[key] = tape.note(function, args, {}, result)
        return result

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Number, f"__{_name}__", _noted(getattr(operator, _name)))
    setattr(Number, f"__r{_name}__", _noted(getattr(operator, _name), reflected=True))
for _name in ("neg", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Number, f"__{_name}__", _noted(getattr(operator, _name)))
Number.__bool__ = _noted(bool)  # type: ignore[attr-defined]
