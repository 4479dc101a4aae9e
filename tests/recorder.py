"""An array that writes down what is done with it, so that the same can be done again.

Whoever captures a step (to replay it, to compile it) sees NumPy's calls, and nothing else. What an
op computes past them, between plain arrays or in Python's numbers, would be a constant to him: lost
without an error. So a tape is played again on other inputs, and must give what those inputs give.
"""

import operator

import numpy as np

from autograd.arrays import dialect
from tests.foreign_array import ForeignArray, _wrapped


class Tape:
    """Calls in the order in which they were made.

    ``reads`` counts looks at values that Python took over; ``checks`` those of the dialect, which
    choose no result: a replay makes sure that they come out as before.
    """

    def __init__(self):
        self.calls, self.reads, self.checks = [], 0, 0

    def lift(self, array):
        """A recorder over ``array``, or over the ndarray in a foreign one."""
        return Recorded(array, self)

    def number(self, value):
        """A number that a replay may change."""
        return Number(value, self)

    def note(self, function, args, options, result):
        self.calls.append((function, args, options, result))
        return result

    def replay(self, given):
        """What the calls give on ``given``, pairs (recorder or number, other value): a lookup."""
        values = {id(recorded): value for recorded, value in given}

        def now(value):
            if isinstance(value, (Recorded, Number)):
                return values[id(value)]
            if type(value) in (tuple, list):
                return type(value)(now(one) for one in value)
            if type(value) is dict:
                return {name: now(one) for name, one in value.items()}
            return value

        for function, args, options, result in self.calls:
            again = function(*now(args), **now(options))
            for one, value in zip(_parts(result), _parts(again), strict=True):
                if isinstance(one, Number):
                    values[id(one)] = value
                elif not isinstance(one, Recorded):
                    assert one == value, f"{function.__name__}: a check gave {value}, then {one}"
                else:
                    values[id(one)] = np.asarray(value)
        return now


def _parts(result):
    if type(result) in (tuple, list) or hasattr(result, "_fields"):
        return [one for part in result for one in _parts(part)]
    return [result]


class Recorded(ForeignArray):
    """Runs each call on the ndarray inside, and notes it; becomes none, and mixes with none."""

    __slots__ = ("tape",)

    def __init__(self, array, tape, base=None):
        super().__init__(array._hidden if isinstance(array, ForeignArray) else array, base)
        self.tape = tape

    def _noted(self, function, args, options, result):
        return self.tape.note(function, args, options, self._lifted(result))

    def _lifted(self, result):
        if isinstance(result, Recorded):  # written to: the very array
            return result
        if isinstance(result, ForeignArray):
            return Recorded(result, self.tape, result.base)
        if isinstance(result, list):
            return [self._lifted(one) for one in result]
        if isinstance(result, tuple):
            made = [self._lifted(one) for one in result]
            return type(result)(*made) if hasattr(result, "_fields") else tuple(made)
        return result

    # -- the protocols -------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        call = ufunc if method == "__call__" else getattr(ufunc, method)
        plain = [one.value if isinstance(one, Number) else one for one in inputs]
        result = super().__array_ufunc__(ufunc, method, *plain, **options)
        return self._noted(call, inputs, options, result)

    def __array_function__(self, function, types, args, options):
        result = super().__array_function__(function, types, args, options)
        return result if result is NotImplemented else self._noted(function, args, options, result)

    def __autograd_kernel__(self, kernel, args, options):
        """One call, whatever the kernel does inside."""
        if kernel is dialect.writable and type(args[0]) is np.ndarray:
            kernel = dialect.written  # a constant stays what it is
        result = kernel.tuned(*_opened(args), **options)
        for given in args:
            if isinstance(given, Recorded) and given._hidden is result:
                return self._noted(kernel, args, options, given)
        if kernel in (dialect.everywhere, dialect.anywhere, dialect.ends):
            self.tape.checks += 1
        return self._noted(kernel, args, options, _wrapped(result, args))

    # -- methods, brackets ---------------------------------------------------------------------

    def astype(self, dtype, copy=True):
        result = super().astype(dtype, copy)
        return (
            result if result is self else self._noted(np.ndarray.astype, (self, dtype), {}, result)
        )

    def copy(self):
        return self._noted(np.ndarray.copy, (self,), {}, super().copy())

    def __getitem__(self, index):
        return self._noted(operator.getitem, (self, index), {}, super().__getitem__(index))

    def __setitem__(self, index, value):
        super().__setitem__(index, value)
        self.tape.note(operator.setitem, (self, index, value), {}, None)

    def item(self):
        self.tape.reads += 1
        return super().item()

    def _read(convert):
        def read(self):
            self.tape.reads += 1
            return convert(self)

        return read

    __float__, __int__ = _read(ForeignArray.__float__), _read(ForeignArray.__int__)
    __index__, __complex__ = _read(ForeignArray.__index__), _read(ForeignArray.__complex__)
    __bool__ = _read(ForeignArray.__bool__)
    __hash__ = None
    del _read


class Number:
    """A number of a step (a rate, a counter): arithmetic on it is noted, and it stays a number."""

    def __init__(self, value, tape):
        self.value, self.tape = value, tape

    def __float__(self):
        raise TypeError("Number: a number of a step must stay one; it became a float of Python's.")

    __bool__ = __int__ = __index__ = __float__


def _arithmetic(function, reflected):
    def method(self, other):
        args = (other, self) if reflected else (self, other)
        plain = [one.value if isinstance(one, Number) else one for one in args]
        if not isinstance(other, (int, float, Number)):
            return NotImplemented
        return self.tape.note(function, args, {}, Number(function(*plain), self.tape))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    _function = getattr(operator, _name)
    setattr(Number, f"__{_name}__", _arithmetic(_function, False))
    setattr(Number, f"__r{_name}__", _arithmetic(_function, True))


def _opened(value):
    """``value`` with every recorder in it opened; constants may stand beside them in a kernel."""
    if isinstance(value, ForeignArray):
        return value._hidden
    if type(value) in (tuple, list):
        return type(value)(_opened(one) for one in value)
    return value
