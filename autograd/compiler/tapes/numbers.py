"""Numbers of a step: rates, counters and what is reckoned from them, read anew by each replay."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.tapes.methods import asked_by_user


class Number:
    """A number that a replay may find changed: arithmetic on it is noted, and it stays a number.

    What it is compared with, and its truth, are noted as checks, which a replay looks at before all
    else. What makes a number of Python's of it (``float``, ``math.sqrt``) gives the value, and is
    among the tape's refusals.

    ``source`` is where it is read: a dict and the keys that lead to it. ``looked`` says that it
    comes from a look at an array. ``origin`` are the arguments that it is reckoned from, by number.
    """

    __slots__ = ("looked", "origin", "source", "tape", "value")
    __array_priority__ = 500.0

    def __init__(
        self,
        value: Any,
        tape: Any,
        source: tuple[Any, ...] = (),
        looked: bool = False,
        origin: frozenset[int] = frozenset(),
    ) -> None:
        self.value, self.tape, self.source, self.looked = value, tape, source, looked
        self.origin = origin

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Python's class, to the user's code."""
        return type(self.value) if asked_by_user() else type(self)

    def __repr__(self) -> str:
        if self.origin and asked_by_user():
            return str(self)
        return f"Number({self.value!r})"

    def __str__(self) -> str:
        return self.__format__("")

    def __format__(self, form: str) -> str:
        self.refused("was written into a text")
        return format(self.value, form)

    def refused(self, what: str) -> Any:
        """The value, which the tape loses sight of: an argument must have it each time, then."""
        self.tape.refuse(f"a number of the step {what}, {self.value!r}")
        if self.tape.live:
            self.tape.asked |= self.origin
        return self.value

    def told(self, function: Callable[[Any], Any], numbers: dict[str, Any]) -> None:
        """Call ``function`` with the values of ``numbers``, now and at this place in a replay."""
        with self.tape.changing(numbers):
            function(self.tape.opened(numbers))
        self.tape.note(function, (numbers,), {}, None)

    def _became(convert: Any) -> Any:
        def method(self: Any, *args: Any) -> Any:
            return convert(self.refused("became one of Python's"), *args)

        return method

    __float__, __int__, __index__ = _became(float), _became(int), _became(operator.index)
    __complex__, __hash__, __round__ = _became(complex), _became(hash), _became(round)
    __trunc__, __floor__, __ceil__ = _became(math.trunc), _became(math.floor), _became(math.ceil)
    __reduce_ex__ = _became(lambda value, protocol: value.__reduce_ex__(protocol))
    del _became

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(self.value, name):
            raise AttributeError(name)
        return getattr(self.refused("became one of Python's"), name)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    # -- among arrays --------------------------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.refused("became an array"), dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        traced = [one for one in inputs if hasattr(one, "_edge")]
        if traced:
            inputs = tuple([self.among(one, traced) for one in inputs])
            return getattr(ufunc, method)(*inputs, **options)
        tape = self.tape
        call = ufunc if method == "__call__" else getattr(ufunc, method)
        result = call(*tape.opened(inputs, False), **tape.opened(options, False))
        return tape.note(call, inputs, options, result)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        tape = self.tape
        args, options = tape.whole(args), tape.whole(options)
        result = function(*tape.opened(args, False), **tape.opened(options, False))
        if not isinstance(result, (np.ndarray, np.generic)):
            self.refused("was given to a function of NumPy's")
            return result
        return tape.note(function, args, options, result)

    def __autograd_scalar__(self, dtype: Any = np.float64) -> Any:
        """A scalar of NumPy's, of the dtype that the number has among arrays of ``dtype``."""
        kind: Any = np.result_type(dtype, self.value).type
        return self.tape.note(kind, (self,), {}, kind(self.value))

    def __autograd_decided__(self) -> Any:
        """The value: what is done by it stands for it alone."""
        return self.refused("decides what is done")

    @staticmethod
    def among(value: Any, traced: list[Any]) -> Any:
        """``value``, as a scalar where it is a number, for an op on these traced values."""
        if type(value) is not Number:
            return value
        if not all([one._numpys for one in traced]):
            return value.refused("met a tensor")
        return value.__autograd_scalar__(np.result_type(*[one.dtype for one in traced]))


def _noted(function: Any, reflected: bool = False) -> Any:
    """A method that does ``function``, whose result is a number again, or a truth that is checked.

    The same of the same numbers is reckoned once.
    """

    def method(self: Any, *other: Any) -> Any:
        if other and not isinstance(other[0], (int, float, Number)):
            if not self.origin or hasattr(other[0], "__array_ufunc__"):
                return NotImplemented
            value = self.refused("met what is no number")
            return function(other[0], value) if reflected else function(value, other[0])
        tape, args = self.tape, (*other, self) if reflected else (self, *other)
        key = (function, *[(type(one), id(one) if type(one) is Number else one) for one in args])
        if tape.live and key in tape.reckoned:
            return tape.reckoned[key]
        result = function(*[one.value if type(one) is Number else one for one in args])
        if not tape.live:
            return result
        if isinstance(result, np.generic):  # a scalar of NumPy's was among them
            return tape.note(function, args, {}, result)
        if type(result) is not bool:
            numbers = [one for one in args if type(one) is Number]
            looked = any([one.looked for one in numbers])
            origin = frozenset().union(*[one.origin for one in numbers])
            result = Number(result, tape, (), looked, origin)
        tape.reckoned[key] = tape.note(function, args, {}, result)
        return result

    return method


for _name in ("add", "sub", "mul", "truediv", "pow", "mod", "floordiv"):
    setattr(Number, f"__{_name}__", _noted(getattr(operator, _name)))
    setattr(Number, f"__r{_name}__", _noted(getattr(operator, _name), reflected=True))
for _name in ("neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Number, f"__{_name}__", _noted(getattr(operator, _name)))
Number.__bool__ = _noted(bool)  # type: ignore[attr-defined]
