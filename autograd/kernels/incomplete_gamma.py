"""The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P.

By regions, as in W. Gautschi, "A computational procedure for incomplete gamma functions", ACM
TOMS 5 (1979), doi:10.1145/355972.355977: a series for P where x is below a, a continued fraction
for Q above; for small a and x a series for Q in which nothing cancels. For a of 20 and more with x
near a, N. M. Temme's uniform expansion, SIAM J. Math. Anal. 10 (1979), doi:10.1137/0510071, in the
form of DLMF 8.12.3 to 8.12.12, its coefficients from their recurrence.

To some 20 units of float64, of the smaller one more where the power x^a e^-x is very small.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from autograd.arrays.dialect import anywhere, kernel
from autograd.kernels.erf import erfc
from autograd.kernels.gamma import lgamma, log_gamma_of_one_and

_LARGE = 20.0  # from this a on: Stirling's series, and Temme's near x = a

# log Γ*(a), times a, in 1/a²: Stirling's series, lowest power last
_STIRLING = (
    -0.0019175269175269176, 0.0008417508417508417, -0.0005952380952380953, 0.0007936507936507937,
    -0.002777777777777778, 0.08333333333333333,
)  # fmt: skip

_TERMS, _POWERS = 12, 20  # of Temme's expansion: powers of 1/a, and of η


@cache
def _temme() -> tuple[tuple[float, ...], ...]:
    """The coefficients of η in each c_k, highest power first (DLMF 8.12.11 to 8.12.13)."""
    size = _POWERS + 2 * _TERMS + 3
    alpha = [Fraction(0), Fraction(1)]
    for n in range(2, size + 1):
        total = sum((j * alpha[j] * alpha[n - j + 1] for j in range(2, n)), Fraction(0))
        alpha.append((alpha[n - 1] - total) / (n + 1))
    stirling = _gamma_star(_TERMS)
    first = [Fraction(-1, 3)] + [(n + 2) * alpha[n + 2] for n in range(1, size - 2)]
    rows = [first]
    for k in range(1, _TERMS):
        last, sign = rows[-1], Fraction((-1) ** k)
        length = len(last) - 2
        rows.append([
            sign * stirling[k] * first[n] + (n + 2) * last[n + 2] for n in range(length)
        ])  # fmt: skip
    return tuple(tuple(float(c) for c in reversed(row[: _POWERS + 1])) for row in rows)


def _gamma_star(count: int) -> list[Fraction]:
    """g_k of Γ*(a) ~ Σ g_k a^-k: the exponential of Stirling's series."""
    numbers = [Fraction(1)]  # Bernoulli's
    for m in range(1, 2 * count + 2):
        total = sum((math.comb(m + 1, k) * numbers[k] for k in range(m)), Fraction(0))
        numbers.append(-total / (m + 1))
    logarithm = [Fraction(0)] * (count + 1)
    for k in range(1, count // 2 + 2):
        if 2 * k - 1 <= count:
            logarithm[2 * k - 1] = numbers[2 * k] / (2 * k * (2 * k - 1))
    found = [Fraction(1)]
    for n in range(1, count + 1):
        total = sum((j * logarithm[j] * found[n - j] for j in range(1, n + 1)), Fraction(0))
        found.append(total / n)
    return found


def _horner(coefficients: Any, x: Any) -> Any:
    value = x * 0 + coefficients[0]
    for c in coefficients[1:]:
        value = value * x + c
    return value


def _phi(a: Any, x: Any) -> Any:
    """μ - log(1 + μ) of μ = x/a - 1, to the last digits for small μ, too."""
    mu = (x - a) / a
    near = np.absolute(mu) < 0.3
    small = np.where(near, mu, 0)
    r = small / (small + 2)
    series, square = r * 0, r * r
    for k in range(15, 0, -1):
        series = series * square + 1 / (2 * k + 1)
    return np.where(near, small * r - 2 * r * square * series, mu - np.log(x / a))


def _power(a: Any, x: Any) -> Any:
    """x^a e^-x / Γ(a + 1)."""
    large = a >= _LARGE
    big = np.where(large, a, _LARGE)
    square = 1 / (big * big)
    stirling = _horner(_STIRLING, square) / big
    above = np.exp(-big * _phi(big, x) - stirling) / np.sqrt(2 * math.pi * big)
    small = np.where(large, 1.0, a)
    whole = np.floor(small)
    gamma = np.exp(lgamma(small - whole + 1))
    for i in range(1, int(_LARGE)):
        gamma = gamma * np.where(i <= whole, small - whole + i, 1)
    short = np.minimum(x, 2000.0)
    half = short ** (small * 0.5) * np.exp(short * -0.5)
    return np.where(large, above, half * half / gamma)


def _series(a: Any, x: Any, power: Any, wanted: Any) -> Any:
    """P for x below a: the power times Σ xⁿ / ((a + 1) … (a + n))."""
    x = np.where(wanted, x, 0)
    term = total = a * 0 + 1
    n = 0
    while n < 2000 and anywhere(wanted & (term > total * 1e-17)):
        n += 1
        term = term * x / (a + n)
        total = total + term
    return power * total


def _fraction(a: Any, x: Any, power: Any, wanted: Any) -> Any:
    """Q for x above a: the power times a / (x + 1 - a - 1(1 - a) / (x + 3 - a - …)), as Lentz."""
    a, x = np.where(wanted, a, 1), np.where(wanted, x, 2)
    b = x + 1 - a
    c, d = a * 0 + 1e300, 1 / b
    h = d
    n, change = 0, d * 0 + 1
    while n < 2000 and anywhere(np.absolute(change) > 4e-16):
        n += 1
        numerator = n * (a - n)
        b = b + 2
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        change = c * d - 1
        h = h * (c * d)
    return power * a * h


def _complement(a: Any, x: Any, wanted: Any) -> Any:
    """Q for small a and x: 1 - x^a / Γ(a + 1) and -a x^a / Γ(a + 1) Σ (-x)ⁿ / (n! (a + n))."""
    a, x = np.where(wanted, a, 0.5), np.where(wanted, x, 0.5)
    near = np.where(a < 0.5, a, 0)
    exponent = a * np.log(x) - np.where(a < 0.5, log_gamma_of_one_and(near), lgamma(a + 1))
    term, total = a * 0 + 1, a * 0
    for n in range(1, 25):
        term = term * -x / n
        total = total + term / (a + n)
    return -np.expm1(exponent) - np.exp(exponent) * a * total


def _uniform(a: Any, x: Any, sign: int) -> Any:
    """P (sign -1) or Q (1) for large a and x near it: ½ erfc(±η √(a/2)) ± R."""
    phi = _phi(a, x)
    eta = np.copysign(np.sqrt(2 * phi), x - a)
    total = eta * 0
    for row in reversed(_temme()):
        total = total / a + _horner(row, eta)
    rest = np.exp(-a * phi) / np.sqrt(2 * math.pi * a) * total
    return erfc(eta * np.sqrt(a * 0.5) * sign) * 0.5 + rest * sign


@kernel
def incomplete_gamma(a: Any, x: Any, *, upper: bool) -> Any:
    """P(a, x), or Q(a, x) with ``upper``, float64, of one shape.

    NaN where a or x is negative, and at a = x = 0, a = x = ∞.

    >>> incomplete_gamma(np.array([1.0]), np.array([1.0]), upper=False)
    array([0.63212056])
    """
    with np.errstate(all="ignore"):
        inner = (a > 0) & (x > 0) & (a < math.inf) & (x < math.inf)
        a1, x1 = np.where(inner, a, 1), np.where(inner, x, 1)
        uniform = (a1 >= _LARGE) & (np.absolute(x1 - a1) < 0.3 * a1)
        rest = inner & ~uniform
        above = rest & (x1 >= 1.1) & (x1 > a1)
        little = rest & (x1 < 1.1) & (a1 < 1.1) & upper
        below = rest & ~above & ~little
        power = _power(a1, x1)
        p = _series(a1, x1, power, below) if anywhere(below) else power
        q = _fraction(a1, x1, power, above) if anywhere(above) else power
        if upper:
            found = np.where(above, q, 1 - p)
            if anywhere(little):
                found = np.where(little, _complement(a1, x1, little), found)
        else:
            found = np.where(above, 1 - q, p)
        if anywhere(uniform):
            near = np.where(uniform, a1, _LARGE), np.where(uniform, x1, _LARGE)
            found = np.where(uniform, _uniform(*near, 1 if upper else -1), found)
        none = (x == 0) | np.isinf(a)  # where P is 0; 1 where a is 0, or x infinite
        odd = (a < 0) | (x < 0) | ((a == 0) & (x == 0)) | (np.isinf(a) & np.isinf(x))
        edge = np.where(none, 1.0 if upper else 0.0, 0.0 if upper else 1.0)
        edge = np.where(odd | np.isnan(a) | np.isnan(x), math.nan, edge)
        return np.where(inner, found, edge)
