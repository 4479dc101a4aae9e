"""The logarithm of the gamma function, and its derivatives, which NumPy does not have.

All in float64. Where an asymptotic series has not converged the argument is shifted up by the
recurrence Γ(x + 1) = x Γ(x); below 0 there is the reflection Γ(x) Γ(-x) = -π / (x sin πx).
Abramowitz & Stegun 1964, sections 6.1.33, 6.1.40, 6.3.18, 6.4.7; for the Hurwitz zeta function the
Euler-Maclaurin formula, F. Johansson 2015, arXiv:1309.2877.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import anywhere, kernel

# Highest power first: log Γ(2 + w) = w (1 - γ) + Σ (-1)^k (ζ(k) - 1) w^k / k
_NEAR_TWO = (
    1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10,
    -1.1921401405860912e-09, 2.4836745438024785e-09, -5.183475041970047e-09,
    1.0838659214896955e-08, -2.2711094608943164e-08, 4.7698101693639804e-08,
    -1.0043224823968099e-07, 2.1207184805554665e-07, -4.492469198764566e-07,
    9.55141213040742e-07, -2.039215753801366e-06, 4.374866789907488e-06, -9.439488275268397e-06,
    2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05,
    -0.00022315475845357939, 0.0005096695247430425, -0.001192753911703261,
    0.0028905103307415234, -0.007385551028673986, 0.020580808427784546, -0.0673523010531981,
    0.3224670334241132,
)  # fmt: skip

# log Γ(x) - (x - 1/2) log x + x - log(2π)/2, times x, in 1/x²
_STIRLING = (
    -0.029550653594771242, 0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417,
    -0.0005952380952380953, 0.0007936507936507937, -0.002777777777777778, 0.08333333333333333,
)  # fmt: skip

# log x - 1/2x - ψ(x), times x², in 1/x²
_DIGAMMA = (
    -0.4432598039215686, 0.08333333333333333, -0.021092796092796094, 0.007575757575757576,
    -0.004166666666666667, 0.003968253968253968, -0.008333333333333333, 0.08333333333333333,
)  # fmt: skip

# B_2k / (2k)!, lowest first
_EULER_MACLAURIN = (
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
    2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11,
    -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16,
)  # fmt: skip

_EULER = 0.5772156649015329
_LARGE = 10.0  # from here on the asymptotic series are exact to the last digits


def _polynomial(coefficients: tuple[float, ...], x: Any) -> Any:
    value = x * 0 + coefficients[0]
    for c in coefficients[1:]:
        value = value * x + c
    return value


def _from_whole(x: Any) -> Any:
    """x less the nearest whole number."""
    return x - np.rint(x)


def _log_gamma_near_two(w: Any) -> Any:
    """log Γ(2 + w) for |w| up to a half."""
    return w * (1 - _EULER) + _polynomial(_NEAR_TWO, w) * w * w


def log_gamma_of_one_and(w: Any) -> Any:
    """log Γ(1 + w) for |w| up to a half, to the last digits for small w.

    >>> log_gamma_of_one_and(np.array([1e-20, 0.5]))
    array([-5.77215665e-21, -1.20782238e-01])
    """
    return _log_gamma_near_two(w) - np.log1p(w)


@kernel
def lgamma(x: Any) -> Any:
    """log |Γ(x)|, float64 for float64; ∞ at 0 and the whole numbers below.

    Off by 4e-16 of the value, or of 1 near the zeros that lie below 0.

    >>> lgamma(np.array([0.5, 3.0]))
    array([0.57236494, 0.69314718])
    """
    with np.errstate(all="ignore"):
        y = np.absolute(x)
        whole = np.clip(np.rint(y), 2, _LARGE)
        near = np.where(y < 1.5, np.where(y < 0.5, y, y - 1), y - whole)
        near = np.clip(near, -0.5, 0.5)
        series = _log_gamma_near_two(near)
        product = x * 0 + 1.0
        for i in range(2, int(_LARGE)):
            product = product * np.where(i < whole, near + i, 1)
        small = series - np.log1p(near) - np.where(y < 0.5, np.log(y), 0)
        middle = series + np.log(product)
        big = np.maximum(y, _LARGE)
        tail = _polynomial(_STIRLING, 1 / (big * big)) / big
        large = (big - 0.5) * np.log(big) - big + (0.5 * math.log(2 * math.pi) + tail)
        large = np.where(np.isinf(big), math.inf, large)
        positive = np.where(y < 1.5, small, np.where(y < _LARGE, middle, large))
        sine = np.absolute(np.sin(math.pi * _from_whole(y))) / math.pi
        sine = np.where(y < 1e-9, y, sine)  # pi times the least numbers is not exact
        reflected = -np.log(y) - np.log(sine) - positive
        poles = np.logical_or(np.equal(_from_whole(y), 0), np.isinf(y))
        below = np.where(poles, math.inf, reflected)
        return np.where(np.isnan(x), x, np.where(x < 0, below, positive))


@kernel
def digamma(x: Any) -> Any:
    """d log Γ(x) / dx; NaN at the whole numbers below 0, -∞ at 0 (∞ at -0.0).

    Off by 4e-16 of the value, or of 1 near its zeros.

    >>> digamma(np.array([1.0]))
    array([-0.57721566])
    """
    with np.errstate(all="ignore"):
        y = np.absolute(x)
        total, big = x * 0, y
        for _ in range(int(_LARGE)):
            shift = big < _LARGE
            total = total + np.where(shift, 1 / np.where(shift, big, 1), 0)
            big = np.where(shift, big + 1, big)
        square = 1 / (big * big)
        found = np.log(big) - 0.5 / big - _polynomial(_DIGAMMA, square) * square - total
        at = _from_whole(y)
        below = found + 1 / y + math.pi / np.where(np.equal(at, 0), math.nan, np.tan(math.pi * at))
        zero = np.copysign(math.inf, -x)
        found = np.where(np.isinf(y), y, found)
        return np.where(np.equal(x, 0), zero, np.where(x < 0, below, found))


def _hurwitz(s: Any, q: Any) -> Any:
    """Σ (q + i)^-s for s > 1 and q > 0."""
    total, a = q * 0, q
    for _ in range(int(_LARGE)):
        total = total + a**-s
        a = a + 1
    term = a**-s
    tail, power = 0.5 * term, term * s / a
    for k, b in enumerate(_EULER_MACLAURIN):
        tail = tail + b * power
        power = power * ((s + (2 * k + 1)) * (s + (2 * k + 2))) / (a * a)
    return total + np.where(term == 0, 0, tail) + a ** (1 - s) / (s - 1)


@kernel
def zeta(s: Any, q: Any) -> Any:
    """The Hurwitz zeta function Σ (q + i)^-s: NaN for s < 1, ∞ for s = 1, and at q = 0, -1, ….

    For q < 0 and a whole s, from the sum over all whole i, which depends on q's fraction alone, to
    4 units of the largest term; NaN for q < 0 and another s.

    >>> zeta(2.0, np.array([1.0, -0.5]))
    array([1.64493407, 8.9348022 ])
    """
    with np.errstate(all="ignore"):
        positive, s = q > 0, np.zeros_like(q) + s
        found = _hurwitz(s, np.where(positive, q, 1))
        found = np.where(positive, np.where(np.isinf(q), 0, found), math.inf)
        if anywhere(q < 0):
            at, beyond = _from_whole(q), np.where(positive, 1, 1 - q)
            sign = np.where(np.equal(np.remainder(s, 2), 0), 1, -1)
            pair = _hurwitz(s, 1 - at) - _hurwitz(s, beyond)
            below = at**-s + _hurwitz(s, 1 + at) + sign * pair
            below = np.where(np.equal(_from_whole(s), 0), below, math.nan)
            below = np.where(np.equal(at, 0), math.inf, below)
            found = np.where(q < 0, below, found)
        found = np.where(s > 1, found, np.where(np.equal(s, 1), math.inf, math.nan))
        return np.where(np.isnan(q), q, found)
