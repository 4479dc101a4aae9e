"""Bessel functions of the orders 0 and 1, and the series that their derivatives are made of.

Up to x = 5 the ascending series, with the first zero of J as a factor (Abramowitz & Stegun 1964,
9.1.10 to 9.1.13); beyond, Hankel's asymptotic form, whose two slow functions are rational in 1/x²
(9.2.5, 9.2.6, 9.2.9, 9.2.10). Coefficients: interpolation at Chebyshev's points in 50 digits, in
(2/25) x² - 1 below 5, in (5/x)² above. Errors are in units of the last place of float64: of the
value, or of √(2/πx), its envelope, near the zeros of Y and those of J beyond the first; the largest
on some hundred points up to 1e6.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.erf import polynomial
from autograd.kernels.modified_bessel import i0e, i1e
from autograd.kernels.piecewise import piecewise, ratio

# the first zeros, each in two parts; J0 / (x² - z²), J1 / x / (x² - z²)
_ZERO_0 = (2.404825557695773, -1.176691651530894e-16)

_ZERO_1 = (3.8317059702075125, -1.5269184090088067e-16)

_J0_NEAR = (
    -4.5083190128242885e-15, 2.3996022403365534e-13, -1.0840781824695533e-11,
    4.105688303742839e-10, -1.2795360167965494e-08, 3.2115623534330415e-07, -6.31931861832307e-06,
    9.414473580694953e-05, -0.0010134053469850017, 0.0073758943041960226, -0.03277786210789048,
    0.07436630462755323, -0.05728080421634534,
)  # fmt: skip

_J1_NEAR = (
    9.268080204743411e-15, -4.5448929602915886e-13, 1.877381214599579e-11, -6.443125533715618e-10,
    1.799515992374399e-08, -3.991381172349697e-07, 6.814683895177347e-06, -8.592956232067133e-05,
    0.0007552540432951285, -0.004240225993395723, 0.013090777521810029, -0.01587595431164548,
)  # fmt: skip

# Y0 - 2/π log(x) J0, and (Y1 - 2/π (log(x) J1 - 1/x)) / x
_Y0_NEAR = (
    -6.0494543140061334e-12, 2.657788970384047e-10, -9.720956655939652e-09, 2.914215949682796e-07,
    -6.985504372448188e-06, 0.00012994629120517665, -0.0018028096665512298, 0.017635345389255822,
    -0.11151682184328636, 0.38851639956571976, -0.4705763655297288, -0.4326558222855129,
    0.4837248578102995,
)  # fmt: skip

_Y1_NEAR = (
    -2.3976176456813544e-13, 1.146284698246022e-11, -4.601301568633834e-10, 1.528888444688957e-08,
    -4.113778078975399e-07, 8.733098315276023e-06, -0.00014141835794487096, 0.001668803132860553,
    -0.01343343374081816, 0.06634695354779145, -0.16312020358118715, 0.09108650838448443,
    0.13974939033568806,
)  # fmt: skip

# P and x Q of Hankel's form
_P0_P = (
    0.005736684531856183, 0.2439134196078968, 2.370569208034916, 7.991275821291997,
    10.750336558771398, 5.769368924314193, 1.0,
)  # fmt: skip

_P0_Q = (
    4.258628693092217e-06, 0.0061884029978971754, 0.24951596041793628, 2.391391011574699,
    8.020557157486381, 10.766391375668386, 5.772181424314187, 1.0,
)  # fmt: skip

_Q0_P = (
    -0.0016416023398895772, -0.06831186895998173, -0.6929734161211064, -2.6229472563093794,
    -4.336783118370114, -3.2854953448663826, -1.090066329864063, -0.125,
)  # fmt: skip

_Q0_Q = (
    7.216754026905142e-05, 0.02031470582067501, 0.6445669302774577, 5.970266826488846,
    21.740940317896357, 35.29049643160563, 26.48599252976678, 8.743968138912484, 1.0,
)  # fmt: skip

_P1_P = (
    0.004578037107369077, 0.20828606043958614, 2.1323890125577587, 7.466885017871328,
    10.334982850907174, 5.669706073963472, 1.0,
)  # fmt: skip

_P1_Q = (
    -4.9033097466176875e-06, 0.00392926395781743, 0.199796289523742, 2.0997592308775137,
    7.419826870698601, 10.308658789231805, 5.665018573963479, 1.0,
)  # fmt: skip

_Q1_P = (
    0.0003487781355386074, 0.037557073195340025, 0.6353195926871101, 3.43044156601445,
    7.44565980692358, 7.025444354222479, 2.798669484965388, 0.375,
)  # fmt: skip

_Q1_Q = (
    0.001388257776621077, 0.1128669832516491, 1.7778484705762725, 9.34724067050529,
    20.05237128076597, 18.815081440641595, 7.474056126574339, 1.0,
)  # fmt: skip


def _centred(x: Any) -> Any:
    return x * x * 0.08 - 1


def _less(x: Any, zero: tuple[float, float]) -> Any:
    """x² - zero², to the last digit near the zero."""
    return (x - zero[0] - zero[1]) * (x + zero[0])


def _j0_near(x: Any) -> Any:
    return polynomial(_J0_NEAR, _centred(x)) * _less(x, _ZERO_0)


def _j1_near(x: Any) -> Any:
    return polynomial(_J1_NEAR, _centred(x)) * _less(x, _ZERO_1) * x


def _y0_near(x: Any) -> Any:
    logarithm = np.log(np.absolute(x)) * (2 / math.pi)
    return polynomial(_Y0_NEAR, _centred(x)) + logarithm * _j0_near(x)


def _y1_near(x: Any) -> Any:
    size = np.absolute(x)
    logarithm = np.log(np.maximum(size, 1e-300)) * (2 / math.pi)
    regular = polynomial(_Y1_NEAR, _centred(x)) * x + logarithm * _j1_near(x)
    return regular - (2 / math.pi) / size


def _wave_0(x: Any) -> Any:
    """P and Q of order 0, and cos and sin of x - π/4 times √(2 / πx)."""
    s = (5 / x) ** 2
    c, d = np.cos(x), np.sin(x)
    scale = 1 / (np.sqrt(x) * math.sqrt(math.pi))
    return ratio(_P0_P, _P0_Q, s), ratio(_Q0_P, _Q0_Q, s) / x, (c + d) * scale, (d - c) * scale


def _wave_1(x: Any) -> Any:
    """P and Q of order 1, and cos and sin of x - 3π/4 times √(2 / πx)."""
    s = (5 / x) ** 2
    c, d = np.cos(x), np.sin(x)
    scale = 1 / (np.sqrt(x) * math.sqrt(math.pi))
    return ratio(_P1_P, _P1_Q, s), ratio(_Q1_P, _Q1_Q, s) / x, (d - c) * scale, -(c + d) * scale


def _first_kind(wave: Any) -> Any:
    p, q, cosine, sine = wave
    return p * cosine - q * sine


def _second_kind(wave: Any) -> Any:
    p, q, cosine, sine = wave
    return p * sine + q * cosine


_J0 = [(0, 5, _j0_near), (5, math.inf, lambda x: _first_kind(_wave_0(x)))]
_J1 = [(0, 5, _j1_near), (5, math.inf, lambda x: _first_kind(_wave_1(x)))]
_Y0 = [(0, 5, _y0_near), (5, math.inf, lambda x: _second_kind(_wave_0(x)))]
_Y1 = [(0, 5, _y1_near), (5, math.inf, lambda x: _second_kind(_wave_1(x)))]


@kernel
def j0(x: Any) -> Any:
    """J0(x), to 6 units; NaN at ±∞, as in PyTorch.

    >>> j0(np.array([0.0, 1.0]))
    array([1.        , 0.76519769])
    """
    return piecewise(_J0, x, 1)


@kernel
def j1(x: Any) -> Any:
    """J1(x), to 5 units; NaN at ±∞, as in PyTorch.

    >>> j1(np.array([0.0, 1.0]))
    array([0.        , 0.44005059])
    """
    return piecewise(_J1, x, -1)


@kernel
def y0(x: Any) -> Any:
    """Y0(x), to 6 units; -∞ at 0, NaN below and at ∞.

    >>> y0(np.array([0.0, 1.0]))
    array([      -inf, 0.08825696])
    """
    return piecewise(_Y0, x)


@kernel
def y1(x: Any) -> Any:
    """Y1(x), to 5 units; -∞ at 0, NaN below and at ∞.

    >>> y1(np.array([0.0, 1.0]))
    array([       -inf, -0.78121282])
    """
    return piecewise(_Y1, x)


@kernel
def confluent_limit(y: Any, *, b: float) -> Any:
    r"""The confluent limit :math:`{}_0F_1(; b; y) = \sum y^k / (k!\,(b)_k)`, float64.

    For a whole ``b`` of 2 or more, and b = n + 3/2 with y <= 0: J, I and the spherical functions of
    integer order divided by their leading power (Abramowitz & Stegun 1964, 9.1.69, 9.6.47, 10.1.2).
    Its derivative is that of b + 1, divided by b. The series near 0; else by the recurrence in the
    order from the two lowest (9.1.27, 9.6.26, 10.1.19).

    >>> confluent_limit(np.array([0.0, 1.0]), b=2)
    array([1.        , 1.59063685])
    """
    with np.errstate(all="ignore"):
        reach = max(5.0, 2 * b)
        x = np.minimum(2 * np.sqrt(np.absolute(y)), 1e300)
        near = x < reach
        small = np.where(near, y, 0)
        term = small * 0 + 1
        series = term
        for k in range(1, 30 + 2 * int(b)):
            term = term * small / (k * (b + k - 1))
            series = series + term
        x = np.where(near, reach, x)
        if b == int(b):
            falling = _upwards(j0(x), j1(x), x, b, -1)
            rising = _upwards(i0e(x), i1e(x), x, b, 1)
            power = int(b) - 1
            grown = np.exp(np.where(y < 0, 0, x) * 0.5)
            far = np.where(y < 0, falling, rising) * math.factorial(power) * grown
        else:
            order = round(b - 1.5)
            before, now = np.cos(x) / x, np.sin(x) / x
            for n in range(order):
                before, now = now, (2 * n + 1) / x * now - before
            far = now * math.prod(range(1, 2 * order + 2, 2))
            power, grown = 0, None
            for _ in range(order):
                far = far / x
        for _ in range(power):
            far = far / (x * 0.5)
        return np.where(near, series, far if grown is None else far * grown)


def _upwards(zeroth: Any, first: Any, x: Any, b: float, sign: int) -> Any:
    """J or I of the order b - 1."""
    for n in range(1, int(b) - 1):
        zeroth, first = first, (zeroth - first * (2 * n / x)) * sign
    return first


@kernel
def inverse_powers(x: Any, *, coefficients: Any, power: float) -> Any:
    """Σ c_k x^(-k-p), float64: an asymptotic series, by Horner's rule.

    >>> inverse_powers(np.array([1.0, 2.0]), coefficients=(1.0, 3.0), power=2)
    array([4.   , 0.625])
    """
    total = coefficients[-1]
    for one in reversed(coefficients[:-1]):
        total = total / x + one
    with np.errstate(under="ignore"):
        return total * x**-power
