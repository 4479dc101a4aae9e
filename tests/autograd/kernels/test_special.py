"""Special functions beside mpmath: no further off than their docstrings say."""

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd.kernels import airy, bessel, gamma, incomplete_gamma, modified_bessel, normal

random = np.random.default_rng(5)


def spread(low, high, count=120):
    return np.exp(random.uniform(np.log(low), np.log(high), count))


POSITIVE = np.concatenate([spread(1e-300, 1e-5, 20), random.uniform(0, 12, 200), spread(1, 700)])
WAVE = np.concatenate([spread(1e-300, 1e-5, 20), random.uniform(0, 12, 200), spread(1, 1e6)])
AIRY = np.concatenate([random.uniform(-8, 4, 200), random.uniform(-1000, 100, 60)])
NORMAL = np.concatenate([random.uniform(-6, 6, 200), random.uniform(-26, 10, 60)])
NONE = lambda x: 0  # noqa: E731


def envelope(x):
    return mp.sqrt(2 / (mp.pi * x)) if x > 1 else 0


# kernel, truth, points, the size of what oscillates, the units that its docstring allows
CASES = {
    "i0": (modified_bessel.i0, lambda x: mp.besseli(0, x), POSITIVE, NONE, 3),
    "i1": (modified_bessel.i1, lambda x: mp.besseli(1, x), POSITIVE, NONE, 4),
    "i0e": (modified_bessel.i0e, lambda x: mp.besseli(0, x) * mp.exp(-x), POSITIVE, NONE, 3),
    "i1e": (modified_bessel.i1e, lambda x: mp.besseli(1, x) * mp.exp(-x), POSITIVE, NONE, 3),
    "k0": (modified_bessel.k0, lambda x: mp.besselk(0, x), POSITIVE, NONE, 7),
    "k1": (modified_bessel.k1, lambda x: mp.besselk(1, x), POSITIVE, NONE, 5),
    "k0e": (modified_bessel.k0e, lambda x: mp.besselk(0, x) * mp.exp(x), POSITIVE, NONE, 5),
    "k1e": (modified_bessel.k1e, lambda x: mp.besselk(1, x) * mp.exp(x), POSITIVE, NONE, 5),
    "j0": (bessel.j0, lambda x: mp.besselj(0, x), WAVE, envelope, 6),
    "j1": (bessel.j1, lambda x: mp.besselj(1, x), WAVE, envelope, 5),
    "y0": (bessel.y0, lambda x: mp.bessely(0, x), WAVE, lambda x: envelope(x + 0.5), 6),
    "y1": (bessel.y1, lambda x: mp.bessely(1, x), WAVE, envelope, 5),
    "airy_ai": (airy.airy_ai, mp.airyai, AIRY,
                lambda x: abs(x) ** mpf(-0.25) / mp.sqrt(mp.pi) if x < -1 else 0, 6),
    "airy_ai_slope": (airy.airy_ai_slope, lambda x: mp.airyai(x, derivative=1), AIRY,
                      lambda x: abs(x) ** mpf(0.25) / mp.sqrt(mp.pi) if x < -0.5 else 0, 6),
    "erfcx": (normal.erfcx, lambda x: mp.exp(x * x) * mp.erfc(x), NORMAL, NONE, 5),
    "ndtr": (normal.ndtr, mp.ncdf, NORMAL, NONE, 5),
    "log_ndtr": (normal.log_ndtr, lambda x: mp.log(mp.ncdf(x)), NORMAL, NONE, 6),
    "hazard": (normal.hazard, lambda x: mp.npdf(x) / mp.ncdf(x), NORMAL, NONE, 4),
    "excess": (lambda x: normal.excess(x, n=1), lambda x: mp.npdf(x) / mp.ncdf(x) + x,
               NORMAL, NONE, 24),
    "ndtri": (normal.ndtri, lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1),
              random.uniform(0.001, 0.999, 200), NONE, 5),
    "zeta": (lambda q: gamma.zeta(2.5, q), lambda q: mp.zeta(2.5, q), spread(1e-3, 1e6), NONE, 4),
    "igamma": (lambda x: incomplete_gamma.incomplete_gamma(x * 0 + 50, x, upper=False),
               lambda x: mp.gammainc(50, b=x, regularized=True),
               random.uniform(30, 80, 80), NONE, 12),
    "igammac": (lambda x: incomplete_gamma.incomplete_gamma(x * 0 + 0.3, x, upper=True),
                lambda x: mp.gammainc(mpf(0.3), a=x, regularized=True), spread(1e-3, 50), NONE, 12),
}  # fmt: skip


def units(kernel, truth, points, size):
    found = kernel(points)
    for x, value in zip(points.tolist(), found.tolist(), strict=True):
        with mp.workdps(45):
            true = truth(mpf(x))
            scale = float(max(abs(true), size(mpf(x))))
            if 1e-300 < scale < 1e300:
                yield float(abs(mpf(value) - true)) / float(np.spacing(scale)), x


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_no_further_off_than_said(name):
    kernel, truth, points, size, allowed = CASES[name]
    worst, at = max(units(kernel, truth, points, size))
    assert worst <= allowed, f"{worst:.1f} units at {at!r}"
    single = points.astype(np.float32)
    with np.errstate(over="ignore"):  # beyond the dtype it is infinite
        found = kernel(single.astype(np.float64)).astype(np.float32)
    if name not in ("zeta", "igamma", "igammac"):
        np.testing.assert_array_equal(kernel(single), found)  # rounded once


@pytest.mark.parametrize("name", CASES)
def test_a_few_points(name):
    kernel, truth, points, size, allowed = CASES[name]
    assert max(units(kernel, truth, points[23::60], size))[0] <= allowed


def test_edges():
    inf, nan = np.inf, np.nan
    for kernel, at, expected in [
        (modified_bessel.i0e, [-inf, inf, nan], [0, 0, nan]),
        (modified_bessel.k0, [-1, -0.0, 0, inf], [nan, inf, inf, 0]),
        (modified_bessel.k1, [-1, -0.0, 0, inf], [nan, inf, inf, 0]),
        (bessel.y0, [-1, -0.0, 0], [nan, -inf, -inf]),
        (bessel.y1, [-1, -0.0, 0], [nan, -inf, -inf]),
        (bessel.j1, [0, inf], [0, nan]),
        (airy.airy_ai, [inf, -inf, 1e300], [nan, nan, 0]),
        (normal.erfcx, [-inf, -1e300, inf], [inf, inf, 0]),
        (normal.ndtr, [-inf, -1e300, inf], [0, 0, 1]),
        (normal.log_ndtr, [-inf, -1e300, inf], [-inf, -inf, 0]),
        (normal.ndtri, [-0.1, 0, 0.5, 1, 1.1], [nan, -inf, 0, inf, nan]),
    ]:
        np.testing.assert_array_equal(kernel(np.array(at, float)), expected)


def test_incomplete_gamma_at_edges():
    inf, nan = np.inf, np.nan
    a = np.array([-1, 0, 0, 1, 1, 1, inf, 2, inf])
    x = np.array([1, 0, 1, 0, inf, -1, inf, nan, 1])
    lower = [nan, nan, 1, 0, 1, nan, nan, nan, 0]
    found = incomplete_gamma.incomplete_gamma(a, x, upper=False)
    np.testing.assert_array_equal(found, lower)
    upper = incomplete_gamma.incomplete_gamma(a, x, upper=True)
    np.testing.assert_array_equal(upper, 1 - np.array(lower))


@pytest.mark.parametrize("s", [2, 3, 5])
@pytest.mark.parametrize("q", [-0.3, -2.75, -40.25, -40.5])
def test_zeta_below_zero_is_the_sum(s, q):
    with mp.workdps(40):
        terms = [(mpf(q) + k) ** -s for k in range(100)]
        off = abs(gamma.zeta(float(s), np.array([q]))[0] - mp.fsum(terms) - mp.zeta(s, q + 100))
        assert off < 1e-15 * max(map(abs, terms))  # which may cancel
