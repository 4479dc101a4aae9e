"""sin, cos and tan, and powers: what is computed in float64, for either dtype.

A multiple of π/2 is taken off in three parts of 33 bits, times which a multiple is exact. Beyond
2²⁰ the mathematical library is asked, for all of a vector in which one number is so large.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from autograd.compiler.machine import polynomials
from autograd.compiler.machine.polynomials import polynomial
from autograd.compiler.machine.writer import F4, F8, I8, Value

# sin(r) = r + r³ P(r²) and cos(r) = 1 - r²/2 + r⁴ P(r²) for |r| ≤ π/4: within 3.5e-18, and for
# float32 within 4.9e-12
_SIN = {
    8: (-0.16666666666666632, 0.008333333333322398, -0.00019841269829789617, 2.755731368396967e-06,
        -2.5050756653742423e-08, 1.589670018579176e-10),
    4: (-0.16666666641565045, 0.008333329376947635, -0.00019839331605481404, 2.718278522358689e-06),
}  # fmt: skip
_COS = {
    8: (0.0416666666666666, -0.001388888888887419, 2.480158728951015e-05, -2.755731435759133e-07,
        2.0875723684979484e-09, -1.1359656291495824e-11),
    4: (0.04166666662279221, -0.001388888374777113, 2.4799518054300034e-05,
        -2.7210047692925453e-07),
}  # fmt: skip
_RIGHT = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # π/2
_FAR = 2.0**20


def _wide(x: Value) -> Value:
    return x if x.dtype == F8 else x.writer.cast("fpext", x, F8)


def _narrow(x: Value, dtype: np.dtype) -> Value:
    return x if dtype == F8 else x.writer.cast("fptrunc", x, dtype)


def _turned(x: Value) -> tuple[Value, Value, Value]:
    """The quarter turns in ``x``, and sine and cosine of what is left."""
    size, x = x.dtype.itemsize, _wide(x)
    n = x.writer.intrinsic("rint", x * (2 / math.pi))
    left = n.fused(-_RIGHT[0], x)
    r = n.fused(-_RIGHT[1], left)
    lost = n.fused(-_RIGHT[2], n.fused(-_RIGHT[1], left - r))
    z = r * r
    sine = r + polynomial(z, _SIN[size]).fused(z * r, lost)
    half = z * 0.5
    one = -half + 1.0
    rest = (-one + 1.0) - half
    cosine = one + polynomial(z, _COS[size]).fused(z * z, rest - r * lost)
    return x.writer.cast("fptosi", n, I8), sine, cosine


def _near(x: Value, of: Callable[[Value], Value], name: str) -> Value:
    """``of`` numbers of moderate size; else what the mathematical library says."""
    writer = x.writer
    far = (x.writer.intrinsic("fabs", x).less(_FAR)) ^ True
    result = writer.variable(of(far.select(x.like(0.0), x)))
    with writer.only_if(writer.any(far)):
        result(writer.each(f"@{name}" if x.dtype == F8 else f"@{name}f", x))
    return result()


def _sine(x: Value, quarter: int) -> Value:
    turns, sine, cosine = _turned(x)
    turns = turns + quarter
    value = (turns & 1).equals(0).select(sine, cosine)
    return _narrow((turns & 2).equals(0).select(value, -value), x.dtype)


def sin(x: Value) -> Value:
    result = _near(x, lambda one: _sine(one, 0), "sin")
    return x.equals(0.0).select(x, result)


def cos(x: Value) -> Value:
    return _near(x, lambda one: _sine(one, 1), "cos")


def _tangent(x: Value) -> Value:
    turns, sine, cosine = _turned(x)
    even = (turns & 1).equals(0)
    return _narrow(even.select(sine, -cosine) / even.select(cosine, sine), x.dtype)


def tan(x: Value) -> Value:
    result = _near(x, _tangent, "tan")
    return x.equals(0.0).select(x, result)


def power(x: Value, y: Value) -> Value:
    """2 to y log2 |x|, for float32 in float64; with a sign where ``y`` is odd."""
    writer = x.writer
    if x.dtype == F8:
        return writer.each("@pow", x, y)
    size = writer.intrinsic("fabs", x)
    value = polynomials.exp2(_wide(y) * polynomials.log2(_wide(size)))
    value = _narrow(value, F4)
    value = (y.equals(0.0) | size.equals(1.0)).select(x.like(1.0), value)
    whole = writer.intrinsic("trunc", y).equals(y)
    half = y * 0.5
    odd = whole & (writer.intrinsic("trunc", half).differs(half))
    value = odd.select(writer.intrinsic("copysign", value, x), value)
    below = x.less(0.0) & size.less(math.inf) & (whole ^ True)
    value = (below & y.equals(y)).select(x.like(math.nan), value)
    # 1 to whatever is 1, and so is whatever to 0; else NaN stays
    unknown = (x.differs(x) & y.differs(0.0)) | (y.differs(y) & x.differs(1.0))
    return unknown.select(x.like(math.nan), value)
