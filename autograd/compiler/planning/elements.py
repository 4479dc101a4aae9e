"""Which of NumPy's functions become loops, in which dtypes they work, and the lines of a loop."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.compiler.planning.plan import Access, Instruction
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded

# What a machine does to one element after the other
_NAMES = """
    absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_or
    bitwise_xor ceil copysign cos cosh divide equal exp exp2 expm1 floor floor_divide fmax fmin fmod
    greater greater_equal hypot invert isfinite isinf isnan less less_equal log log10 log1p log2
    logaddexp logical_and logical_not logical_or logical_xor maximum minimum multiply negative
    not_equal power reciprocal remainder rint sign signbit sin sinh sqrt square subtract tan tanh
    trunc
""".split()
UFUNCS = {getattr(np, name): name for name in _NAMES}

_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "mod": "remainder",
    "floordiv": "floor_divide", "pow": "power", "and_": "bitwise_and", "or_": "bitwise_or",
    "xor": "bitwise_xor", "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
    "eq": "equal", "ne": "not_equal", "neg": "negative", "pos": "positive", "abs": "absolute",
    "invert": "invert", "lshift": "left_shift", "rshift": "right_shift", "matmul": "matmul",
}  # fmt: skip
AS_UFUNC = {getattr(operator, name): getattr(np, to) for name, to in _OPERATORS.items()}
AS_UFUNC |= {
    getattr(operator, f"i{name.strip('_')}"): getattr(np, to)
    for name, to in _OPERATORS.items()
    if hasattr(operator, f"i{name.strip('_')}") and name != "invert"
}

LOGICAL = {"logical_and", "logical_or", "logical_xor", "logical_not"}

# Integers that one must not divide by, or take powers of, without a look at them
_OF_FLOATS = {"divide", "floor_divide", "remainder", "fmod", "power", "reciprocal"}

# An operand that leaves the other one as it is: a number, and on which sides it may stand
_NEUTRAL = {"multiply": (1, "both"), "divide": (1, "right"), "subtract": (0, "right")}


def plain(dtype: Any) -> bool:
    """Whether a loop knows the dtype: Booleans, integers, real numbers of up to 64 bits.

    >>> plain(np.dtype("f4")), plain(np.dtype("c8"))
    (True, False)
    """
    return dtype.kind in "biuf" and dtype.itemsize <= 8 and dtype.isbuiltin == 1


def loop_dtypes(ufunc: Any, operands: Any) -> tuple[Any, Any] | None:
    """The one dtype of the operands, and that of the result, in which a ufunc works on them.

    None where there is no loop for it. Python's numbers take the arrays' dtype, as in NumPy.

    >>> loop_dtypes(np.add, [np.ones(2, "f4"), 1.5])
    (dtype('float32'), dtype('float32'))
    """
    kinds: list[Any] = []
    for one in operands:
        value = one.value if type(one) is Number else one
        if type(value) in (int, float):
            kinds.append(type(value))
        elif hasattr(value, "dtype"):
            kinds.append(value.dtype)
        elif type(value) is bool:
            kinds.append(np.dtype(bool))
        else:
            return None
    name = UFUNCS.get(ufunc)
    if name is None or len(kinds) != ufunc.nin:
        return None
    try:
        *given, result = ufunc.resolve_dtypes((*kinds, None))
    except TypeError:
        return None
    if name in LOGICAL:
        given = [np.dtype(bool)] * len(given)
    if len({*given}) != 1 or not plain(given[0]) or not plain(result):
        return None
    if name in _OF_FLOATS and given[0].kind != "f":
        return None
    return given[0], result


def bits(line: Instruction) -> Any:
    """What is equal for equal lines: 0 is not -0, and NaN is NaN."""
    return (line[0], line[1][0].tobytes(), line[2]) if line[0] == "literal" else line


def is_array(value: Any) -> bool:
    """Whether a value is a recorder, or an array or a scalar of NumPy's."""
    return isinstance(value, (Recorded, np.ndarray, np.generic))


class Body:
    """The lines of a loop, as they are written; the same line is written once.

    >>> body = Body()
    >>> one = body.literal(1, np.dtype("f4"))
    >>> body.element("add", [one, body.literal(2, np.dtype("f4"))], np.dtype("f4"))
    2
    >>> body.lines[2]
    Instruction(name='literal', args=(np.float32(3.0),), dtype=dtype('float32'))
    """

    def __init__(self, lines: Iterable[Instruction] = ()) -> None:
        self.lines: list[Instruction] = [*lines]
        self._known: dict[Any, int] = {bits(line): i for i, line in enumerate(self.lines)}

    def put(self, name: str, args: tuple[Any, ...], dtype: Any) -> int:
        """The number of the value of this line."""
        line = Instruction(name, args, dtype)
        key = bits(line)
        if key not in self._known:
            self._known[key] = len(self.lines)
            self.lines.append(line)
        return self._known[key]

    def literal(self, value: Any, dtype: Any) -> int:
        """A number, as ``dtype``."""
        with np.errstate(all="ignore"):
            return self.put("literal", (np.asarray(value).astype(dtype)[()],), dtype)

    def load(self, access: Access) -> int:
        """The elements of a buffer."""
        return self.put("load", (access,), access.buffer.dtype)

    def cast(self, i: int, dtype: Any) -> int:
        """Value i as ``dtype``."""
        line = self.lines[i]
        if line.dtype == dtype:
            return i
        if line.name == "literal":
            return self.literal(line.args[0], dtype)
        if dtype.kind == "b":  # True of NaN, too
            return self.put("not_equal", (i, self.literal(0, line.dtype)), dtype)
        return self.put("astype", (i,), dtype)

    def element(self, name: str, args: list[int], dtype: Any) -> int:
        """A ufunc of values of one dtype; what is known of it already is not computed."""
        lines = [self.lines[i] for i in args]
        given = lines[0].dtype
        if all([one.name == "literal" for one in lines]):
            with np.errstate(all="ignore"):
                return self.literal(getattr(np, name)(*[one.args[0] for one in lines]), dtype)
        if name in LOGICAL:
            name = name.replace("logical_not", "invert").replace("logical", "bitwise")
        if name == "square":
            return self.put("multiply", (args[0], args[0]), dtype)
        if name == "reciprocal":
            return self.put("divide", (self.literal(1, given), args[0]), dtype)
        if name == "power" and lines[1].name == "literal":
            found = self._power(args[0], float(lines[1].args[0]), dtype)
            if found is not None:
                return found
        if name == "logaddexp":
            return self._logaddexp(args[0], args[1], dtype)
        neutral, sides = _NEUTRAL.get(name, (None, ""))
        if neutral is not None and given.kind == "f":
            if lines[-1].name == "literal" and lines[-1].args[0] == neutral:
                if neutral or not np.signbit(lines[-1].args[0]):  # x - 0 is x, x - -0 may not be
                    return args[0]
            if sides == "both" and lines[0].name == "literal" and lines[0].args[0] == neutral:
                return args[1]
        return self.put(name, tuple(args), dtype)

    def _logaddexp(self, x: int, y: int, dtype: Any) -> int:
        """max(x, y) + log(1 + exp(-|x - y|)); x + log 2 where both are equal, infinite ones too."""
        apart = self.put("absolute", (self.put("subtract", (x, y), dtype),), dtype)
        rest = self.put("exp", (self.put("negative", (apart,), dtype),), dtype)
        larger = self.put("maximum", (x, y), dtype)
        found = self.put("add", (larger, self.put("log1p", (rest,), dtype)), dtype)
        twice = self.put("add", (x, self.literal(math.log(2), dtype)), dtype)
        equal = self.put("equal", (x, y), np.dtype(bool))
        return self.put("where", (equal, twice, found), dtype)

    def _power(self, i: int, exponent: float, dtype: Any) -> int | None:
        """What NumPy's operator makes of these exponents."""
        if exponent == 1:
            return i
        if exponent == 2:
            return self.put("multiply", (i, i), dtype)
        if exponent == 0.5:
            return self.put("sqrt", (i,), dtype)
        if exponent == -1:
            return self.put("divide", (self.literal(1, dtype), i), dtype)
        return None
