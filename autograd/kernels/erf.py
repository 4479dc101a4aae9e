"""The error function, its complement and its inverse on arrays.

The tuned forms compute each element by the one approximation that is made for it, in blocks; the
plain ones compute all of them everywhere and choose.
"""

from __future__ import annotations

import math

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.kernels.layout import slowest_first

# Cody's coefficients, highest power first: |x| ≤ 0.46875 in x², up to 4 in |x|, beyond in 1/x².
_A = (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2,
      3.77485237685302021e2, 3.20937758913846947e3)  # fmt: skip

_B = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
      2.84423683343917062e3)  # fmt: skip

_C = (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
      2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3,
      2.05107837782607147e3, 1.23033935479799725e3)  # fmt: skip

_D = (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
      1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
      3.43936767414372164e3, 1.23033935480374942e3)  # fmt: skip

_P = (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
      1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4)  # fmt: skip

_Q = (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1,
      6.05183413124413191e-2, 2.33520497626869185e-3)  # fmt: skip

# h of the float32 form; its leading coefficient is positive, so that tanh saturates beyond the fit.
_H = tuple(map(np.float32, (
    5.42099295e-9, 2.75908778e-8, -4.79473527e-6, 8.45971078e-5, -6.14839248e-4, -1.95287296e-4,
    0.102769864, 1.12837925)))  # fmt: skip

# M. Giles, "Approximating the erfinv function", GPU Computing Gems (2010): the first guess.
_GUESS = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
          -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip

_BLOCK = 16384  # elements whose intermediate results stay in cache


def polynomial(coefficients, x):
    """Horner's rule, highest power first."""
    value = x * coefficients[0]
    for c in coefficients[1:-1]:
        value += c
        value *= x
    value += coefficients[-1]
    return value


def erf_near(x):
    """erf of |x| <= 0.46875."""
    s = x * x
    return x * polynomial(_A, s) / polynomial(_B, s)


def up_to_four(y):
    """exp(y²) erfc(y) for y from 0.46875 to 4."""
    return polynomial(_C, y) / polynomial(_D, y)


def beyond_four(y):
    """exp(y²) erfc(y) for y from 4 on."""
    s = 1 / (y * y)
    return (1 / math.sqrt(math.pi) - s * polynomial(_P, s) / polynomial(_Q, s)) / y


def _beyond(y):
    """erfc of y > 0.46875."""
    y = np.minimum(y, 30.0)  # erfc is 0 in float64 there, and ∞ - ∞ is not met
    ratio = np.empty_like(y)
    far = y > 4
    near = ~far
    ratio[near] = up_to_four(y[near])
    ratio[far] = beyond_four(y[far])
    head = np.trunc(y * 16) / 16  # its square is exact, so that exp(-y²) keeps its digits
    return np.exp(-head * head) * np.exp((head - y) * (head + y)) * ratio


def erf64(x):
    size = np.absolute(x)
    small = size <= 0.46875
    large = ~small
    out = np.empty_like(x)
    out[small] = erf_near(x[small])
    t = np.minimum(size[large], 6.0)  # 1 - erf is below half a unit there
    tail = np.exp(-t * t) * polynomial(_C, t) / polynomial(_D, t)
    out[large] = np.copysign(1 - tail, x[large])
    return out


def erfc64(x):
    size = np.absolute(x)
    small = size <= 0.46875
    large = ~small
    out = np.empty_like(x)
    out[small] = 1 - erf64(x[small])
    tail = _beyond(size[large])
    out[large] = np.where(x[large] < 0, 2 - tail, tail)
    return out


def erf32(x):
    u = x * x
    value = polynomial(_H, u)
    value *= x
    return np.tanh(value)


def erfinv64(x):
    return _inverse(x, erf64, erfc64)


def _inverse(x, erf, erfc):
    """A first guess, and steps of Halley's method, each of which triples the digits."""
    size = np.absolute(x)
    inside = size < 1
    a = np.where(inside, size, 0)
    w = -np.log((1 - a) * (1 + a))
    v = np.where(w < 5, 5, w)
    far = np.sqrt(v + math.log(2) - 0.5 * np.log(math.pi * v))  # erfc y ~ exp(-y²) / (y √π)
    y = np.where(w < 5, a * polynomial(_GUESS, w - 2.5), far)
    for _ in range(2):
        # near 1 the complement holds the digits: 1 - a is exact there
        residual = np.where(a > 0.5, (1 - a) - erfc(y), erf(y) - a)
        step = residual * (math.sqrt(math.pi) / 2) * np.exp(y * y)
        y = y - step / (1 + y * step)
    outside = np.where(size == 1, math.inf, math.nan)
    return np.copysign(np.where(inside, y, outside), x)


def by_blocks(function, x, dtype):
    """``function``, which works in ``dtype``, over ``x`` in pieces that fit the cache.

    Raises TypeError for complex numbers.
    """
    if dtypes.complex_valued(x.dtype):
        raise TypeError
    order = None if x.flags.c_contiguous else slowest_first(x)
    rows = x if order is None else np.transpose(x, order)
    flat = np.reshape(rows, -1)
    out = np.empty_like(flat)
    with np.errstate(over="ignore"):
        for i in range(0, flat.shape[0], _BLOCK):
            out[i : i + _BLOCK] = function(flat[i : i + _BLOCK].astype(dtype, copy=False))
    out = np.reshape(out, rows.shape)
    return out if order is None else np.transpose(out, np.argsort(order))


# -- the kernels, and their plain forms -----------------------------------------------------------


def _plain_erf(x):
    y = x.astype(np.float64)
    size = np.absolute(y)
    s = np.where(size <= 0.46875, y, 0) ** 2
    t = np.clip(size, 0.46875, 6.0)
    tail = np.exp(-t * t) * polynomial(_C, t) / polynomial(_D, t)
    small = y * polynomial(_A, s) / polynomial(_B, s)
    return np.where(size <= 0.46875, small, np.copysign(1 - tail, y)).astype(x.dtype)


@kernel(plain=_plain_erf)
def erf(x):
    """erf x, in x's dtype.

    >>> erf(np.array([0.0, 1.0]))
    array([0.        , 0.84270079])
    """
    if isinstance(x, np.floating):
        return x.dtype.type(math.erf(x))
    if x.dtype == np.float64:
        return by_blocks(erf64, x, np.float64)
    return by_blocks(erf32, x, np.float32)


def _plain_beyond(y):
    """:func:`_beyond` by all of its approximations."""
    y = np.minimum(y, 30.0)
    near, far = up_to_four(np.minimum(y, 4.0)), beyond_four(np.maximum(y, 4.0))
    head = np.trunc(y * 16) / 16
    scale = np.exp(-head * head) * np.exp((head - y) * (head + y))
    return scale * np.where(y > 4, far, near)


def _plain_erfc(x):
    y = x.astype(np.float64)
    size = np.absolute(y)
    tail = _plain_beyond(np.maximum(size, 0.46875))
    tail = np.where(y < 0, 2 - tail, tail)
    return np.where(size <= 0.46875, 1 - _plain_erf(y), tail).astype(x.dtype)


@kernel(plain=_plain_erfc)
def erfc(x):
    """1 - erf x, in x's dtype, to the last digits.

    >>> erfc(np.array([0.0, 1.0]))
    array([1.        , 0.15729921])
    """
    if isinstance(x, np.floating):
        return x.dtype.type(math.erfc(x))
    return by_blocks(erfc64, x, np.float64)


def _plain_erfinv(x):
    with np.errstate(over="ignore"):
        return _inverse(x.astype(np.float64), _plain_erf, _plain_erfc).astype(x.dtype)


@kernel(plain=_plain_erfinv)
def erfinv(x):
    """The inverse of erf, in x's dtype: ±∞ at ±1, NaN outside.

    >>> erfinv(np.array([0.0, 0.5]))
    array([0.        , 0.47693628])
    """
    return by_blocks(erfinv64, x, np.float64)
