"""What elementwise ops give at arguments of any size, by mpmath. Data only.

``ORACLES`` has an entry for each elementwise row of the op tables: the value as a function of the
arguments, and one slope per argument, written so that nothing cancels. Where the true value is
complex or not defined nothing is expected. An infinite argument stands for the limit.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import mp, mpf

import autograd
import nn.functional as F


class Oracle(NamedTuple):
    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]  # by each argument
    terms: Callable[..., Any] = lambda *x: 0  # the value is the difference of terms of this size
    slope_terms: Callable[..., Any] = lambda *x: 0  # and so are the slopes
    infinite: bool = True  # False: it has no limit at infinity, or not one that is met before


def bounded(function):
    """``function``, which has long left every dtype's range, or come to rest, at e to the 20,000.

    mpmath would take the power of e for whole arguments, and no end.
    """
    most = mpf(20000) + mpf(1) / 2
    return lambda x: function(min(max(x, -most), most))


exp, expm1, sinh, cosh, tanh = map(bounded, (mp.exp, mp.expm1, mp.sinh, mp.cosh, mp.tanh))
sech, erf, erfc = map(bounded, (mp.sech, mp.erf, mp.erfc))


def same(x):
    return x


def zero(*x):
    return mpf(0)


def one(*x):
    return mpf(1)


def two(*x):
    return mpf(2)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def bell(x):
    return sigmoid(x) * sigmoid(-x)


def odd(function):
    """``function``, which is odd and good for x >= 0, for every x."""
    return lambda x: mp.sign(x) * function(abs(x))


def log1p(x):
    return mp.log1p(x) if x > -1 else mp.log(1 + x)


def no_pole(function):
    """``function`` where x is not 0 or a whole number below; not at a thousand bits."""

    def of(x):
        with mp.workprec(200):
            return None if x <= 0 and x == mp.floor(x) else function(x)

    return of


@no_pole
def log_gamma(x):
    if x > 0:
        return mp.loggamma(x)
    return mp.log(mp.pi / abs(x * mp.sinpi(x))) - mp.loggamma(-x)


@no_pole
def digamma(x):
    return mp.digamma(x) if x > 0 else mp.digamma(1 - x) - mp.pi * mp.cot(mp.pi * x)


@no_pole
def trigamma(x):
    if x > 0:
        return mp.zeta(2, x) if x < 1e9 else 1 / x + 1 / (2 * x * x)
    return (mp.pi / mp.sinpi(x)) ** 2 - mp.zeta(2, 1 - x)


def tangent_of_pi(x):
    """The size of the terms of digamma: its logarithm, and below 0 π / tan πx, which x rounds."""
    return 4 + (abs(x) * (mp.pi / mp.sinpi(x)) ** 2 if x < 0 and x != mp.floor(x) else 0)


def softplus(x):
    return max(x, 0) + mp.log1p(exp(-abs(x)))


def normal(x):
    """The normal distribution's Φ."""
    return erfc(-x / mp.sqrt(2)) / 2


def density(x):
    return exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def rounded_square(x):
    """The error of e to the -x² where x² has been rounded, in units."""
    return x * x * exp(-x * x)


def softplus_until(limit, x):
    return x if x > limit else softplus(x)


def tanh_argument(x):
    return mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)


def gelu_tanh_slope(x):
    # x/2 · (1 + tanh u) is x · sigmoid(2u)
    u = 2 * tanh_argument(x)
    return sigmoid(u) + x * bell(u) * 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mpf(0.044715) * x * x)


def mish_slope(x):
    return tanh(softplus(x)) + x * sech(softplus(x)) ** 2 * sigmoid(x)


def truncated(x):
    return mp.sign(x) * mp.floor(abs(x))


def sinc_slope(x):
    if abs(x) < mpf(10) ** -30:
        return -(mp.pi**2) * x / 3
    return (mp.cospi(x) - mp.sincpi(x)) / x


def tanhshrink(x):
    return x**3 / 3 if abs(x) < mpf(10) ** -60 else x - tanh(x)


def pick(x, y, first):
    """The slope of a choice: 1 or 0, unknown for ties."""
    return None if x == y else mpf(first)


def step(x, below, above, where=0):
    """A slope that jumps, unknown at the kink."""
    return None if x == where else mpf(1) * (above if x > where else below)


def remainder(x, y):
    with mp.workprec(2400):
        return x - y * mp.floor(x / y)


def fmod(x, y):
    with mp.workprec(2400):
        return x - y * truncated(x / y)


def share(x, y):
    return 1 / (1 + exp(y - x))


def logaddexp(x, y):
    return max(x, y) + mp.log1p(exp(-abs(x - y)))


def xlogy(x, y):
    return mpf(0) if x == 0 else x * mp.log(y)


def power(x, y):
    if x == 0:
        return mpf(y == 0) if y >= 0 else None
    if x < 0 and (y != mp.floor(y) or abs(y) > 2**24):  # float32 does not know if y - 1 is odd
        return None
    return exp(y * mp.log(abs(x))) * (-1 if x < 0 and y % 2 else 1)


def above_subnormal(x):
    return x if x > mpf(2) ** -126 else None


def clamped_logit(x, eps):
    """Nothing is expected where 1 - eps rounds to 1: that value is infinite."""
    return None if x > 1 - eps else mp.log(max(x, eps) / (1 - max(x, eps)))


SCALE, ALPHA = mpf(1.0507009873554805), mpf(1.6732632423543772)  # of selu


def fitting(x):
    """A factor of the formula, which must be in range as well."""
    return x if abs(x) < mpf(2) ** 127 else None


def larger(x, y):
    return max(abs(x), abs(y))


def oracle(value, *slopes, **options):
    return Oracle(value, slopes, **options)


# fmt: off
IDENTITY = oracle(same, one)
ABS = oracle(abs, mp.sign)
NEGATIVE = oracle(lambda x: -x, lambda x: mpf(-1))
ADD = oracle(lambda x, y: x + y, one, one)
SUBTRACT = oracle(lambda x, y: x - y, one, lambda x, y: mpf(-1))
MULTIPLY = oracle(lambda x, y: x * y, lambda x, y: y, lambda x, y: x)
DIVIDE = oracle(lambda x, y: x / y, lambda x, y: 1 / y,
                lambda x, y: -x / y**2 if x else 0 * fitting(1 / y))  # 0 times what is too large
ASIN = oracle(mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x)))
ACOS = oracle(mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x)))
ATAN = oracle(mp.atan, lambda x: 1 / (1 + x * x))
ASINH = oracle(odd(lambda x: log1p(x + x * x / (1 + mp.sqrt(1 + x * x)))),
               lambda x: 1 / mp.sqrt(1 + x * x))
ACOSH = oracle(lambda x: mp.acosh(x) if x >= 1 else None,
               lambda x: 1 / mp.sqrt((x - 1) * (x + 1)))
ATANH = oracle(lambda x: odd(lambda a: log1p(2 * a / (1 - a)) / 2)(x) if abs(x) < 1 else None,
               lambda x: 1 / ((1 - x) * (1 + x)))
ATAN2 = oracle(lambda y, x: mp.atan2(y, x) if x or y else None,
               lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y),
               infinite=False)
SIGMOID = oracle(sigmoid, bell, slope_terms=one)  # made from the value: σ(1 - σ)
TANH = oracle(tanh, lambda x: sech(x) ** 2, slope_terms=one)  # 1 - tanh²
RELU = oracle(lambda x: max(x, mpf(0)), lambda x: step(x, 0, 1))
POWER = oracle(power, lambda x, y: y * fitting(power(x, y - 1)) if y else mpf(0),
               lambda x, y: power(x, y) * mp.log(x) if x > 0 else None, infinite=False)
SIGN = oracle(mp.sign, zero)
TRUNC = oracle(truncated, zero)
MAXIMUM = oracle(max, lambda x, y: pick(x, y, x > y), lambda x, y: pick(x, y, y > x))
MINIMUM = oracle(min, lambda x, y: pick(x, y, x < y), lambda x, y: pick(x, y, y < x))

ORACLES = {
    "abs": ABS,
    "absolute": ABS,
    "acos": ACOS,
    "acosh": ACOSH,
    "add": ADD,
    "angle": oracle(lambda x: mp.pi if x < 0 else mpf(0), zero),
    "arccos": ACOS,
    "arccosh": ACOSH,
    "arcsin": ASIN,
    "arcsinh": ASINH,
    "arctan": ATAN,
    "arctan2": ATAN2,
    "arctanh": ATANH,
    "asin": ASIN,
    "asinh": ASINH,
    "atan": ATAN,
    "atan2": ATAN2,
    "atanh": ATANH,
    "ceil": oracle(mp.ceil, zero),
    "clone": IDENTITY,
    "conj": IDENTITY,
    "conj_physical": IDENTITY,
    "copysign": oracle(lambda x, y: abs(x) * mp.sign(y) if y else None,
                       lambda x, y: mp.sign(x) * mp.sign(y), zero),
    "cos": oracle(mp.cos, lambda x: -mp.sin(x), infinite=False),
    "cosh": oracle(cosh, sinh),
    "deg2rad": oracle(lambda x: x * mp.pi / 180, lambda x: mp.pi / 180),
    "div": DIVIDE,
    "divide": DIVIDE,
    "erf": oracle(erf, lambda x: 2 / mp.sqrt(mp.pi) * exp(-x * x), slope_terms=rounded_square),
    "erfc": oracle(erfc, lambda x: -2 / mp.sqrt(mp.pi) * exp(-x * x), slope_terms=rounded_square),
    "erfinv": oracle(lambda x: mp.erfinv(x) if abs(x) < 1 else None,
                     lambda x: mp.sqrt(mp.pi) / 2 * exp(mp.erfinv(x) ** 2),
                     slope_terms=lambda x: mp.erfinv(x) ** 2 * exp(mp.erfinv(x) ** 2)),
    "exp": oracle(exp, exp),
    "exp2": oracle(lambda x: power(mpf(2), x), lambda x: power(mpf(2), x) * mp.log(2)),
    "expm1": oracle(expm1, exp, slope_terms=one),
    "fix": TRUNC,
    "float_power": POWER,
    "floor": oracle(mp.floor, zero),
    "floor_divide": oracle(lambda x, y: mp.floor(x / y), zero, zero),
    "fmax": MAXIMUM,
    "fmin": MINIMUM,
    "fmod": oracle(fmod, one, lambda x, y: -truncated(x / y), infinite=False),
    "frac": oracle(lambda x: x - truncated(x), one, infinite=False),
    "frexp": oracle(lambda x: mp.frexp(x)[0], lambda x: mpf(2) ** -mp.frexp(x)[1], infinite=False),
    "heaviside": oracle(lambda x, y: y if x == 0 else mpf(x > 0), zero, lambda x, y: mpf(x == 0)),
    # a subnormal radius has few digits, and so has what is divided by it
    "hypot": oracle(mp.hypot, lambda x, y: x / above_subnormal(mp.hypot(x, y)),
                    lambda x, y: y / above_subnormal(mp.hypot(x, y))),
    "ldexp": oracle(lambda x, y: x * fitting(power(mpf(2), y)), lambda x, y: power(mpf(2), y),
                    lambda x, y: x * power(mpf(2), y) * mp.log(2), infinite=False),
    "lgamma": oracle(log_gamma, digamma, slope_terms=tangent_of_pi,
                     terms=lambda x: 4 if x < 0 else 0, infinite=False),
    "digamma": oracle(digamma, trigamma,
                      terms=tangent_of_pi, slope_terms=lambda x: 0, infinite=False),
    "log": oracle(mp.log, lambda x: 1 / x),
    "log10": oracle(mp.log10, lambda x: 1 / (x * mp.log(10))),
    "log1p": oracle(log1p, lambda x: 1 / (1 + x)),
    "log2": oracle(lambda x: mp.log(x) / mp.log(2), lambda x: 1 / (x * mp.log(2))),
    "logaddexp": oracle(logaddexp, share, lambda x, y: share(y, x), terms=larger),
    "logaddexp2": oracle(lambda x, y: logaddexp(x * mp.log(2), y * mp.log(2)) / mp.log(2),
                         lambda x, y: share(x * mp.log(2), y * mp.log(2)),
                         lambda x, y: share(y * mp.log(2), x * mp.log(2)),
                         terms=larger, slope_terms=one),
    "logit": oracle(lambda x: mp.log(x / (1 - x)), lambda x: 1 / (x * (1 - x))),
    "maximum": MAXIMUM,
    "minimum": MINIMUM,
    "mul": MULTIPLY,
    "multiply": MULTIPLY,
    "nan_to_num": IDENTITY._replace(infinite=False),
    "neg": NEGATIVE,
    "negative": NEGATIVE,
    "nextafter": oracle(lambda x, y: x, lambda x, y: mpf(x != y), lambda x, y: mpf(x == y)),
    "nn.functional.celu": oracle(lambda x: max(x, 0) + expm1(min(x, 0)), lambda x: exp(min(x, 0))),
    "nn.functional.elu": oracle(lambda x: max(x, 0) + expm1(min(x, 0)), lambda x: exp(min(x, 0))),
    # x times what goes to 0: at -∞ it is NaN, as PyTorch's is
    "nn.functional.gelu": oracle(lambda x: x * normal(x), lambda x: normal(x) + x * density(x),
                                 terms=one, slope_terms=one, infinite=False),
    "nn.functional.hardshrink": oracle(lambda x: x if abs(x) > 0.5 else mpf(0),
                                       lambda x: step(abs(x), 0, 1, 0.5)),
    "nn.functional.hardsigmoid": oracle(lambda x: min(max(x / 6 + mpf(1) / 2, 0), 1),
                                        lambda x: step(abs(x), mpf(1) / 6, 0, 3), terms=one),
    "nn.functional.hardswish": oracle(
        lambda x: x * min(max(x / 6 + mpf(1) / 2, 0), 1),
        lambda x: x / 3 + mpf(1) / 2 if abs(x) < 3 else step(x, 0, 1), terms=one, infinite=False),
    "nn.functional.hardtanh": oracle(lambda x: min(max(x, -1), 1),
                                     lambda x: step(abs(x), 1, 0, 1)),
    "nn.functional.leaky_relu": oracle(lambda x: x if x > 0 else x * mpf(0.01),
                                       lambda x: step(x, mpf(0.01), 1)),
    "nn.functional.rrelu": oracle(lambda x: x if x > 0 else x * mpf(11) / 48,
                                  lambda x: step(x, mpf(11) / 48, 1)),
    "nn.functional.logsigmoid": oracle(lambda x: -softplus(-x), lambda x: sigmoid(-x)),
    "nn.functional.mish": oracle(lambda x: x * tanh(softplus(x)), mish_slope,
                                 terms=one, slope_terms=two, infinite=False),
    "nn.functional.relu": RELU,
    "nn.functional.relu6": oracle(lambda x: min(max(x, 0), 6),
                                  lambda x: step(x, 0, 1) if x < 6 else step(x, 0, 0, 6)),
    "nn.functional.selu": oracle(lambda x: SCALE * (x if x > 0 else ALPHA * expm1(x)),
                                 lambda x: step(x, SCALE * ALPHA * exp(min(x, 0)), SCALE)),
    "nn.functional.sigmoid": SIGMOID,
    "nn.functional.silu": oracle(lambda x: x * sigmoid(x), lambda x: sigmoid(x) + x * bell(x),
                                 terms=one, slope_terms=two, infinite=False),
    "nn.functional.softplus": oracle(lambda x: softplus_until(20, x),
                                     lambda x: sigmoid(x) if x <= 20 else mpf(1)),
    "nn.functional.softshrink": oracle(lambda x: mp.sign(x) * max(abs(x) - mpf(0.5), 0),
                                       lambda x: step(abs(x), 0, 1, 0.5)),
    "nn.functional.softsign": oracle(lambda x: x / (1 + abs(x)), lambda x: (1 + abs(x)) ** -2,
                                     infinite=False),
    "nn.functional.tanh": TANH,
    "nn.functional.tanhshrink": oracle(tanhshrink, lambda x: tanh(x) ** 2,
                                       terms=abs, slope_terms=one),
    "ops.pointwise.arithmetic.Quotient": DIVIDE,
    "ops.reductions.reduction.Ratio": DIVIDE,
    "positive": IDENTITY,
    "pow": POWER,
    "rad2deg": oracle(lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi),
    "real": IDENTITY,
    "reciprocal": oracle(lambda x: 1 / x, lambda x: -1 / x**2),
    "relu": RELU,
    "remainder": oracle(remainder, one, lambda x, y: -mp.floor(x / y), infinite=False),
    "resolve_conj": IDENTITY,
    "resolve_neg": IDENTITY,
    "round": oracle(mp.nint, zero),
    "rsqrt": oracle(lambda x: 1 / mp.sqrt(x), lambda x: x ** mpf(-1.5) / -2),
    "rsub": oracle(lambda x, y: y - x, lambda x, y: mpf(-1), one),
    "sgn": SIGN,
    "sigmoid": SIGMOID,
    "sign": SIGN,
    "sin": oracle(mp.sin, mp.cos, infinite=False),
    "sinc": oracle(mp.sincpi, sinc_slope, terms=one, slope_terms=one, infinite=False),
    "sinh": oracle(sinh, cosh),
    "sqrt": oracle(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x))),
    "square": oracle(lambda x: x * x, lambda x: 2 * x),
    "sub": SUBTRACT,
    "subtract": SUBTRACT,
    "tan": oracle(mp.tan, lambda x: mp.sec(x) ** 2, infinite=False),
    "tanh": TANH,
    "true_divide": DIVIDE,
    "trunc": TRUNC,
    "xlogy": oracle(xlogy, lambda x, y: mp.log(y), lambda x, y: x / y, infinite=False),
}


def to_the(n):
    """x to a constant power."""
    return oracle(lambda x: power(x, mpf(n)), lambda x: n * power(x, mpf(n) - 1) if n else mpf(0),
                  infinite=False)


# What options make of an op: a name, a function of tensors, its oracle.
VARIANTS = [
    *[(f"pow {n}", lambda x, n=n: x**n, to_the(n))
      for n in (0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 1.75)],
    ("gelu tanh", lambda x: F.gelu(x, approximate="tanh"),
     oracle(lambda x: x * sigmoid(2 * tanh_argument(x)), gelu_tanh_slope,
            terms=one, slope_terms=one, infinite=False)),
    ("softplus beta 3", lambda x: F.softplus(x, 3.0),
     oracle(lambda x: softplus_until(20, 3 * x) / 3,
            lambda x: sigmoid(3 * x) if 3 * x <= 20 else mpf(1), terms=one, slope_terms=one)),
    ("celu 0.25", lambda x: F.celu(x, 0.25),
     oracle(lambda x: max(x, 0) + expm1(min(x, 0) * 4) / 4, lambda x: exp(min(x, 0) * 4))),
    ("logit eps", lambda x: autograd.logit(x, 1e-20),
     oracle(lambda x: clamped_logit(x, mpf(1e-20)),
            lambda x: 1 / (x * (1 - x)) if 1e-20 < x < 1 - 1e-20 else mpf(0), infinite=False)),
    ("number / x", lambda x: 3.0 / x, oracle(lambda x: 3 / x, lambda x: -3 / x**2)),
    ("x / number", lambda x: x / 3.0, oracle(lambda x: x / 3, lambda x: mpf(1) / 3)),
    ("clamp", lambda x: autograd.clamp(x, -1.5, 2.5),
     oracle(lambda x: min(max(x, mpf(-1.5)), mpf(2.5)),
            lambda x: None if x in (-1.5, 2.5) else mpf(-1.5 < x < 2.5))),
]
