"""NumPy's functions of single elements in LLVM's language: a table, one line a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.machine import periodic, polynomials
from autograd.compiler.machine.target import has_function
from autograd.compiler.machine.writer import BOOL, F4, F8, I4, I8, Value

DTYPES = {np.dtype(one) for one in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "?")}


def converted(x: Value, dtype: Any) -> Value:
    """``x`` as ``dtype``, as NumPy's astype; beyond an integer's range it is what it may be."""
    writer, dtype = x.writer, np.dtype(dtype)
    old, new = x.dtype, dtype
    if old == new:
        return x
    if new == BOOL:
        return x.differs(0)
    if old.kind == "f" and new.kind == "f":
        return writer.cast("fpext" if new == F8 else "fptrunc", x, new)
    if old.kind == "f":
        wide = I8 if new == I8 else I4
        return converted(writer.cast("fptosi", x, wide), new)
    if new.kind == "f":
        return writer.cast("sitofp" if old.kind == "i" else "uitofp", x, new)
    if old != BOOL and new.itemsize == old.itemsize:
        return Value(writer, x.text, new, x.width)
    if new.itemsize > old.itemsize or old == BOOL:
        return writer.cast("sext" if old.kind == "i" else "zext", x, new)
    return writer.cast("trunc", x, new)


# -- arithmetic ------------------------------------------------------------------------------------


def _arithmetic(code: str) -> Callable[[Value, Value], Value]:
    """One operation; of float32 a product and a sum may be rounded together."""

    def function(x: Value, y: Value) -> Value:
        if x.dtype == BOOL:
            return x | y if code == "add" else x & y
        if x.floating:
            return x.writer.op(f"f{code} contract" if x.dtype == F4 else f"f{code}", x, y)
        return x.writer.op(code, x, y)

    return function


add, subtract, multiply = _arithmetic("add"), _arithmetic("sub"), _arithmetic("mul")


def _maximum(x: Value, y: Value) -> Value:
    return x.writer.intrinsic("maximum", x, y) if x.floating else y.less(x).select(x, y)


def _minimum(x: Value, y: Value) -> Value:
    return x.writer.intrinsic("minimum", x, y) if x.floating else x.less(y).select(x, y)


def _fmax(x: Value, y: Value) -> Value:
    return y.differs(y).select(x, x.differs(x).select(y, _maximum(x, y)))


def _fmin(x: Value, y: Value) -> Value:
    return y.differs(y).select(x, x.differs(x).select(y, _minimum(x, y)))


def _absolute(x: Value) -> Value:
    if x.floating:
        return x.writer.intrinsic("fabs", x)
    return x if x.dtype.kind in "ub" else x.less(0).select(-x, x)


def _sign(x: Value) -> Value:
    if not x.floating:
        positive = x.like(0).less(x).select(x.like(1), x.like(0))
        return positive if x.dtype.kind == "u" else x.less(0).select(x.like(-1), positive)
    one = x.writer.intrinsic("copysign", x.like(1.0), x)
    return x.equals(0.0).select(x.like(0.0), x.differs(x).select(x, one))


def _floor_divide(x: Value, y: Value) -> Value:
    if x.floating:
        return _divmod(x, y)[0]
    safe, special = _divisor(x, y)
    q, r = x // safe, x % safe
    if x.dtype.kind == "i":
        q = (r.differs(0) & (r ^ y).less(0)).select(q - 1, q)
        q = special.select(-x, q)  # by -1: the least integer stays what it is
    return y.equals(0).select(x.like(0), q)


def _remainder(x: Value, y: Value) -> Value:
    if x.floating:
        return _divmod(x, y)[1]
    safe, special = _divisor(x, y)
    r = x % safe
    if x.dtype.kind == "i":
        r = (r.differs(0) & (r ^ y).less(0)).select(r + y, r)
        r = special.select(x.like(0), r)
    return y.equals(0).select(x.like(0), r)


def _divisor(x: Value, y: Value) -> tuple[Value, Value]:
    """``y`` where the processor can divide by it, else 1; and where it is -1."""
    special = y.equals(-1 if x.dtype.kind == "i" else 0)
    return (special | y.equals(0)).select(y.like(1), y), special


def _divmod(x: Value, y: Value) -> tuple[Value, Value]:
    """Python's // and % of floats, as NumPy has them."""
    writer, zero = x.writer, x.like(0.0)
    rest = x.writer.each("@fmod" if x.dtype == F8 else "@fmodf", x, y)
    q = (x - rest) / y
    other = rest.differs(0.0) & (y.less(zero) ^ rest.less(zero))
    shifted = other.select(rest + y, rest)
    q = other.select(q - 1.0, q)
    shifted = shifted.equals(0.0).select(writer.intrinsic("copysign", zero, y), shifted)
    down = writer.intrinsic("floor", q)
    whole = x.like(0.5).less(q - down).select(down + 1.0, down)
    whole = q.equals(0.0).select(writer.intrinsic("copysign", zero, x / y), whole)
    by_zero = y.equals(0.0)
    return by_zero.select(x / y, whole), by_zero.select(rest, shifted)


def _power(x: Value, y: Value) -> Value:
    exponent = y.number
    if exponent == 1:
        return x
    if exponent == 2:
        return multiply(x, x)
    if exponent == -1 and x.floating:
        return x.like(1.0) / x
    if exponent == 0.5 and x.floating:  # NumPy takes the root, too
        return x.writer.intrinsic("sqrt", x)
    if x.floating:
        return periodic.power(x, y)
    result = x.like(1)
    for _ in range(int(exponent)):
        result = result * x
    return result


def _left_shift(x: Value, y: Value) -> Value:
    wide = x.dtype.itemsize * 8
    inside = y.less(wide) if y.dtype.kind == "u" else y.less(wide) & y.like(-1).less(y)
    return inside.select(x << inside.select(y, 0), 0)


def _right_shift(x: Value, y: Value) -> Value:
    wide = x.dtype.itemsize * 8
    inside = y.less(wide) if y.dtype.kind == "u" else y.less(wide) & y.like(-1).less(y)
    beyond = x.like(0) if x.dtype.kind == "u" else x >> (wide - 1)
    return inside.select(x >> inside.select(y, 0), beyond)


def _invert(x: Value) -> Value:
    return x ^ (1 if x.dtype == BOOL else -1)


def _signbit(x: Value) -> Value:
    return x.bits().less(0) if x.floating else x.less(0)


def _size_is(x: Value, compare: str) -> Value:
    size = x.writer.intrinsic("fabs", x)
    return size.equals(np.inf) if compare == "inf" else size.less(np.inf)


def _truth(x: Value) -> Value:
    return converted(x, BOOL)


def _intrinsic(name: str) -> Callable[[Value], Value]:
    return lambda x: x.writer.intrinsic(name, x) if x.floating else x


def _library(name: str) -> Callable[..., Value]:
    def function(*values: Value) -> Value:
        first = values[0]
        return first.writer.each(f"@{name}" if first.dtype == F8 else f"@{name}f", *values)

    return function


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": lambda x, y: x / y,
    "true_divide": lambda x, y: x / y,
    "floor_divide": _floor_divide,
    "remainder": _remainder,
    "power": _power,
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "absolute": _absolute,
    "fabs": _absolute,
    "sign": _sign,
    "square": lambda x: multiply(x, x),
    "reciprocal": lambda x: x.like(1.0) / x,
    "maximum": _maximum,
    "minimum": _minimum,
    "fmax": _fmax,
    "fmin": _fmin,
    "clip": lambda x, least, most: _minimum(_maximum(x, least), most),
    "sqrt": _intrinsic("sqrt"),
    "floor": _intrinsic("floor"),
    "ceil": _intrinsic("ceil"),
    "trunc": _intrinsic("trunc"),
    "rint": _intrinsic("rint"),
    "copysign": lambda x, y: x.writer.intrinsic("copysign", x, y),
    "equal": lambda x, y: x.equals(y),
    "not_equal": lambda x, y: x.differs(y),
    "less": lambda x, y: x.less(y),
    "less_equal": lambda x, y: x.at_most(y),
    "greater": lambda x, y: y.less(x),
    "greater_equal": lambda x, y: y.at_most(x),
    "logical_and": lambda x, y: _truth(x) & _truth(y),
    "logical_or": lambda x, y: _truth(x) | _truth(y),
    "logical_xor": lambda x, y: _truth(x) ^ _truth(y),
    "logical_not": lambda x: _truth(x) ^ True,
    "bitwise_and": lambda x, y: x & y,
    "bitwise_or": lambda x, y: x | y,
    "bitwise_xor": lambda x, y: x ^ y,
    "invert": _invert,
    "bitwise_invert": _invert,
    "left_shift": _left_shift,
    "right_shift": _right_shift,
    "isnan": lambda x: x.differs(x),
    "isinf": lambda x: _size_is(x, "inf"),
    "isfinite": lambda x: _size_is(x, "finite"),
    "signbit": _signbit,
}
_OURS = ("exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "tanh", "erf")
POLYNOMIALS = (*_OURS, "sin", "cos", "tan")
FUNCTIONS |= {name: getattr(polynomials, name) for name in _OURS}
FUNCTIONS |= {name: getattr(periodic, name) for name in ("sin", "cos", "tan")}
# The mathematical library's, called number by number: its names, and theirs.
LIBRARY = {"sinh": "sinh", "cosh": "cosh", "cbrt": "cbrt"}
LIBRARY |= {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh"}
LIBRARY |= {"arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2", "hypot": "hypot"}
LIBRARY |= {"fmod": "fmod", "nextafter": "nextafter"}
FUNCTIONS |= {ours: _library(theirs) for ours, theirs in LIBRARY.items()}

# Of integers and truths, what is left out is not a function of them, or not one of ours.
_FLOATS_ONLY = {"divide", "true_divide", "fabs", "sqrt", "reciprocal", "copysign"}
_FLOATS_ONLY |= {*POLYNOMIALS, *LIBRARY}
_FLOATS_ONLY |= {"isnan", "isinf", "isfinite", "signbit", "floor", "ceil", "trunc", "rint"}
_NOT_TRUTHS = {"subtract", "negative", "positive", "sign", "square", "power", "floor_divide"}
_NOT_TRUTHS |= {"remainder", "left_shift", "right_shift"}
_NOT_FLOATS = {"bitwise_and", "bitwise_or", "bitwise_xor", "invert", "bitwise_invert"}
_NOT_FLOATS |= {"left_shift", "right_shift"}

# What is called of that library besides.
_NEEDS = {**LIBRARY, "power": "pow", "floor_divide": "fmod"}
_NEEDS |= {"remainder": "fmod", "erf": "erf", "sin": "sin", "cos": "cos", "tan": "tan"}

# What these give is truth; what all others give is of their operands' dtype.
ASKED = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "signbit"}
ASKED |= {"isnan", "isinf", "isfinite", "logical_and", "logical_or", "logical_xor", "logical_not"}


def known(name: str, dtypes: list[np.dtype[Any]], exponent: Any = None) -> bool:
    """Whether there is a function ``name`` of operands of these dtypes.

    >>> known("add", [np.dtype("f4")] * 2), known("add", [np.dtype("f2")] * 2)
    (True, False)
    """
    kind = dtypes[0].kind
    if name not in FUNCTIONS or any([one not in DTYPES for one in dtypes]):
        return False
    if any([one != dtypes[0] for one in dtypes]):
        return False
    if kind == "f":
        needed = _NEEDS.get(name)
        there = not needed or has_function(needed if dtypes[0] == F8 else needed + "f")
        return name not in _NOT_FLOATS and there
    if name in _FLOATS_ONLY or (kind == "b" and name in _NOT_TRUTHS):
        return False
    return name != "power" or exponent in (0, 1, 2, 3, 4)


def identity(name: str, dtype: Any) -> Any:
    """What changes nothing under a reduction.

    >>> identity("maximum", np.int32), identity("add", np.float32)
    (-2147483648, 0)
    """
    dtype = np.dtype(dtype)
    if name in ("maximum", "fmax", "minimum", "fmin"):
        least = name in ("maximum", "fmax")
        if dtype.kind == "f":
            return np.nan if name[0] == "f" else -np.inf if least else np.inf
        if dtype.kind == "b":
            return not least
        return int(np.iinfo(dtype).min if least else np.iinfo(dtype).max)
    if name == "bitwise_and":
        return -1 if dtype.kind == "i" else int(np.iinfo(dtype).max) if dtype.kind == "u" else 1
    return 1 if name in ("multiply", "logical_and") else 0


REDUCTIONS = {"add", "multiply", "maximum", "minimum", "fmax", "fmin", "logical_and", "logical_or"}
REDUCTIONS |= {"bitwise_and", "bitwise_or", "bitwise_xor"}
