"""exp, log, tanh and their kin as polynomials, so that one vector computes what one number does.

Each is brought to a small interval around a point where a polynomial holds: exp by whole powers of
2, log by the exponent of its argument, tanh by expm1. The polynomials are of least greatest
relative error (found by Remez's exchange in 60 digits); their error is below a tenth of a unit in
the last place. What remains is rounding: at most 1.2 units for exp, log and their kin, 1.6 for
tanh, 2 for erf, over all exponents. ``tests/autograd/compiler/test_machine_elements.py`` measures.

The reductions: J.-M. Muller, *Elementary Functions* (3rd edition, 2016), chapter 11.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.compiler.machine.target import register_bytes
from autograd.compiler.machine.writer import F4, I4, I8, Value

# exp(r) = 1 + r + r² P(r) for |r| ≤ log(2) / 2: within 3.1e-9 and 3.7e-18
_EXP = {
    4: (0.4999999403953552, 0.1666651964187622, 0.04166838899254799, 0.008368773385882378,
        0.0013814695412293077),
    8: (0.5000000000000011, 0.1666666666666641, 0.041666666666529836, 0.008333333333496453,
        0.0013888888943780612, 0.00019841269502897662, 2.4801492888822037e-05,
        2.755758899124547e-06, 2.763033931522694e-07, 2.4999458806244468e-08),
}  # fmt: skip
# log(1 + f) = f - f²/2 + f³ P(f) for √½ ≤ 1 + f ≤ √2: within 5.9e-9
_LOG4 = (0.3333333134651184, -0.2500081956386566, 0.20001231133937836, -0.16623403131961823,
         0.14201708137989044, -0.13159742951393127, 0.12761670351028442,
         -0.07635632157325745)  # fmt: skip
# log(1 + f) = 2 s + s³ P(s²) with s = f / (2 + f): within 1.3e-18
_LOG8 = (0.6666666666666726, 0.3999999999945705, 0.2857142873445608, 0.22222199282402808,
         0.1818353150554993, 0.15314809270276247, 0.14789018624686923)  # fmt: skip
# erf(x) = x P(x²) for |x| ≤ 0.94, and 1 - exp(-P(|x|)) up to 4: within 6.2e-10
_ERF_NEAR = (1.128379225730896, -0.37612631916999817, 0.11283664405345917, -0.026857705786824226,
             0.005196954123675823, -0.0008097711252048612, 8.185089245671406e-05)  # fmt: skip
_ERF_FAR = (-9.294177289120853e-05, 1.1291323900222778, 0.6340935826301575, 0.10749386996030807,
            -0.024638095870614052, 0.004000114742666483, -0.0004019227344542742,
            1.8539656593929976e-05)  # fmt: skip
# log(2) and log10(2) in two parts, of which the first times an exponent is exact; log2(e), log10(e)
_LN2 = {
    4: (0.693145751953125, 1.4286068203094173e-06),
    8: (0.6931471803691238, 1.9082149292705877e-10),
}
_LG2 = {4: (0.301025390625, 4.605038981195214e-06), 8: (0.301029995663157, 8.241712586023572e-13)}
_LG_E = {4: (1.4423828125, 0.00031222838896340733), 8: (1.4426950365304947, 4.3584687174185184e-09)}
_LG10_E = {
    4: (0.43408203125, 0.00021245065325182765),
    8: (0.4342944771051407, 4.798111141615973e-09),
}


def polynomial(x: Value, coefficients: tuple[float, ...]) -> Value:
    """Horner's rule; the coefficient of 1 stands first."""
    value = x.like(coefficients[-1])
    for c in coefficients[-2::-1]:
        value = value.fused(x, c)
    return value


def _integers(x: Value) -> Value:
    """Whole floats as integers of the same size."""
    return x.writer.cast("fptosi", x, I4 if x.dtype == F4 else I8)


def _floats(n: Value) -> Value:
    return n.writer.cast("sitofp", n, np.dtype(f"f{n.dtype.itemsize}"))


def _mantissa_bits(dtype: Any) -> int:
    return int(np.finfo(dtype).nmant)


def _power_of_two(n: Value) -> Value:
    """2 to integers that are exponents of normal numbers."""
    bits = _mantissa_bits(f"f{n.dtype.itemsize}")
    bias = (1 << (n.dtype.itemsize * 8 - bits - 2)) - 1
    return ((n + bias) << bits).as_float()


def _bounded(x: Value, least: float, most: float) -> Value:
    """``x`` within bounds; NaN stays."""
    x = x.less(least).select(x.like(least), x)
    return x.like(most).less(x).select(x.like(most), x)


def _reduced(x: Value) -> tuple[Value, Value, Value]:
    """n, r and what r's rounding has lost, where exp(x) = 2ⁿ exp(r)."""
    high, low = _LN2[x.dtype.itemsize]
    n = x.writer.intrinsic("rint", x * math.log2(math.e))
    near = n.fused(-high, x)
    r = n.fused(-low, near)
    return n, r, n.fused(-low, near - r)


def _beyond(r: Value, lost: Value) -> Value:
    """exp(r) - 1 - r, and what r has lost."""
    return polynomial(r, _EXP[r.dtype.itemsize]).fused(r * r, lost)


def _scaled(x: Value, n: Value) -> Value:
    """x 2ⁿ: one instruction, where registers have 512 bits. Else in two steps, each by a normal
    number, of which the second rounds what is subnormal."""
    if register_bytes() == 64:
        return x.writer.scaled(x, n)
    half = n >> 1
    return x * _power_of_two(half) * _power_of_two(n - half)


def exp(x: Value) -> Value:
    x = _bounded(x, *((-104.0, 89.0) if x.dtype == F4 else (-746.0, 710.0)))
    n, r, _ = _reduced(x)
    return _scaled(_beyond(r, r) + 1.0, _integers(n))


def exp2(x: Value) -> Value:
    x = _bounded(x, *((-151.0, 129.0) if x.dtype == F4 else (-1076.0, 1025.0)))
    n = x.writer.intrinsic("rint", x)
    r = (x - n) * math.log(2)
    return _scaled(_beyond(r, r) + 1.0, _integers(n))


def _minus_one(r: Value, lost: Value, power: Value, less: Any) -> tuple[Value, Value]:
    """power exp(r) - less, for a power of 2: rounded, and what that has lost."""
    base = power - less
    large = power.fused(r, base)
    small = power.fused(_beyond(r, lost), power.fused(r, base - large))
    whole = large + small
    return whole, small - (whole - large)


def expm1(x: Value) -> Value:
    n, r, lost = _reduced(_bounded(x, *((-20.0, 89.0) if x.dtype == F4 else (-40.0, 710.0))))
    half = _power_of_two(_integers(n - 1.0))  # 2ⁿ itself may be too large
    result = _minus_one(r, lost, half, 0.5)[0] * 2.0
    return _is_tiny(x).select(x, result)


def _is_tiny(x: Value) -> Value:
    return x.writer.intrinsic("fabs", x).less(float(np.finfo(x.dtype).eps) / 4)


def tanh(x: Value) -> Value:
    size = x.writer.intrinsic("fabs", x)
    n, r, lost = _reduced(_bounded(size + size, 0.0, 22.0 if x.dtype == F4 else 44.0))
    e, more = _minus_one(r, lost, _power_of_two(_integers(n)), 1.0)  # exp(2 |x|) - 1
    d = e + 2.0
    y = e / d
    # what roundings have lost, over d, which is (1 - y) / 2; where y is near 1 that is nothing
    lost = y.fused(-((e - (d - 2.0)) + more), (-y).fused(d, e) + more)
    y = size.less(1.0).select(lost.fused((-y).fused(0.5, 0.5), y), y)
    return x.writer.intrinsic("copysign", y, x)


def _split(x: Value) -> tuple[Value, Value]:
    """f and e where x = 2ᵉ (1 + f), √½ ≤ 1 + f < √2; of x > 0."""
    info = np.finfo(x.dtype)
    tiny = x.less(float(info.smallest_normal))
    shift = _mantissa_bits(x.dtype) + 1
    bits = tiny.select(x * 2.0**shift, x).bits()
    root = int(np.array(math.sqrt(0.5), x.dtype).view(f"i{x.dtype.itemsize}"))
    e = (bits - root) >> _mantissa_bits(x.dtype)
    f = (bits - (e << _mantissa_bits(x.dtype))).as_float() - 1.0
    e = _floats(e)
    return f, e + tiny.select(e.like(-float(shift)), e.like(0.0))


def _log_of(f: Value) -> tuple[Value, Value]:
    """log(1 + f) in two parts: f, and what is smaller."""
    half = f * f * 0.5
    if f.dtype == F4:
        return f, (polynomial(f, _LOG4) * f).fused(f * f, -half)
    s = f / (f + 2.0)
    z = s * s
    return f, s.fused(polynomial(z, _LOG8).fused(z, half), -half)


def _log_ends(x: Value, result: Value) -> Value:
    """What a logarithm is where its argument is no positive number."""
    ends = x.equals(0.0).select(x.like(-math.inf), x.like(math.nan))
    result = x.like(0.0).less(x).select(result, ends)
    return x.equals(math.inf).select(x, result)


def log(x: Value) -> Value:
    high, low = _LN2[x.dtype.itemsize]
    f, e = _split(x)
    large, small = _log_of(f)
    return _log_ends(x, e.fused(high, large + e.fused(low, small)))


def log1p(x: Value) -> Value:
    high, low = _LN2[x.dtype.itemsize]
    u = x + 1.0
    lost = x.less(1.0).select(x - (u - 1.0), -(u - x) + 1.0)  # of x, when 1 was added
    f, e = _split(u)
    large, small = _log_of(f)
    result = e.fused(high, large + (e.fused(low, small) + lost / u))
    return _is_tiny(x).select(x, _log_ends(u, result))


def log2(x: Value) -> Value:
    f, e = _split(x)
    large, small = _log_of(f)
    return _log_ends(x, e + _times(large, small, *_LG_E[x.dtype.itemsize]))


def log10(x: Value) -> Value:
    high, low = _LG2[x.dtype.itemsize]
    f, e = _split(x)
    large, small = _log_of(f)
    result = _times(large, small, *_LG10_E[x.dtype.itemsize])
    return _log_ends(x, e.fused(high, e.fused(low, result)))


def _times(large: Value, small: Value, high: float, low: float) -> Value:
    """(large + small) (high + low), where ``high`` has half the bits of a number."""
    whole = large + small
    keep = -(1 << (_mantissa_bits(whole.dtype) + 1) // 2)
    head = (whole.bits() & keep).as_float()  # its product with ``high`` is exact
    return head.fused(high, ((large - head) + small).fused(high, whole * low))


def erf(x: Value) -> Value:
    if x.dtype != F4:
        return x.writer.each("@erf", x)
    size = x.writer.intrinsic("fabs", x)
    near = polynomial(x * x, (_ERF_NEAR[0] - 1, *_ERF_NEAR[1:])).fused(size, size)
    n, r, _ = _reduced(-polynomial(_bounded(size, 0.0, 4.0), _ERF_FAR))
    power = _power_of_two(_integers(n))
    far = -power.fused(_beyond(r, r), power) + 1.0
    return x.writer.intrinsic("copysign", size.less(0.94).select(near, far), x)
