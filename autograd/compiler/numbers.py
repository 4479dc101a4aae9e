"""Numbers of a step: rates, counters and what is reckoned from them, read anew by each replay."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


class Number:
    """A number that a replay may find changed: arithmetic on it is noted, and it stays a number.

    A comparison, and its truth, are noted as checks, which a replay looks at before all else. What
    makes a number of Python's of it (``float``, ``math.sqrt``) gives the value, and is among the
    tape's refusals.
    """

    __slots__ = ("looked", "source", "tape", "value")

    def __init__(
        self,
        value: Any,
        tape: Any,
        source: Callable[[], Any] | None = None,
        looked: bool = False,
    ) -> None:
        self.value, self.tape, self.source = value, tape, source
        self.looked = looked  # it comes from a look at an array

    def __repr__(self) -> str:
        return f"Number({self.value!r})"

    def __bool__(self) -> bool:
        truth: bool = self.tape.note(bool, (self,), {}, bool(self.value))
        return truth

    def _became(convert: Any) -> Any:
        def method(self: Any) -> Any:
            self.tape.refuse(f"a number of the step became one of Python's, {self.value!r}")
            return convert(self.value)

        return method

    __float__, __int__, __index__ = _became(float), _became(int), _became(operator.index)
    __hash__ = None  # type: ignore[assignment]
    del _became


def _arithmetic(function: Any, reflected: bool = False) -> Any:
    def method(self: Any, *other: Any) -> Any:
        if other and not isinstance(other[0], (int, float, Number)):
            return NotImplemented
        args = (*other, self) if reflected else (self, *other)
        numbers = [one for one in args if type(one) is Number]
        result = function(*[one.value if type(one) is Number else one for one in args])
        looked = any([one.looked for one in numbers])
        made = result if type(result) is bool else Number(result, self.tape, None, looked)
        self.tape.note(function, args, {}, made)
        return made if self.tape.live else result

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Number, f"__{_name}__", _arithmetic(getattr(operator, _name)))
    setattr(Number, f"__r{_name}__", _arithmetic(getattr(operator, _name), reflected=True))
for _name in ("neg", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Number, f"__{_name}__", _arithmetic(getattr(operator, _name)))
