"""What special functions give at arguments of any size, by mpmath. Data only; see wide.py.

Far out, where mpmath would add terms without end, the first terms of the asymptotic series stand
for it: from 10⁴ on what is left out of them is less than a unit of float64. Nothing is expected of
a Bessel function there. Those of the second kind, which take mpmath minutes at these arguments, are
held to it in tests/autograd/kernels/test_special.py alone.
"""

from mpmath import mp, mpf

from tests.rows.wide import density, exp, normal, oracle, rounded_square

FAR = 10_000


def entropy(x):
    if x < 0:
        return None
    return -x * mp.log(x) if x else mpf(0)


def scaled_erfc(x):
    if x > FAR:
        return (1 - 1 / (2 * x**2) + 3 / (4 * x**4)) / (x * mp.sqrt(mp.pi))
    return mp.exp(x * x) * mp.erfc(x) if x > -FAR else mpf(10) ** 400


def scaled_erfc_slope(x):
    if x > FAR:
        return -(1 - 3 / (2 * x**2) + 15 / (4 * x**4)) / (x**2 * mp.sqrt(mp.pi))
    return 2 * x * scaled_erfc(x) - 2 / mp.sqrt(mp.pi)


def log_normal(x):
    if x < -FAR:
        return -x * x / 2 - mp.log(-x * mp.sqrt(2 * mp.pi)) - 1 / x**2
    return mp.log(normal(x)) if x < 0 else mp.log1p(-normal(-x))


def hazard(x):
    """φ / Φ."""
    return -x - 1 / x + 2 / x**3 if x < -FAR else density(x) / normal(x)


def squared(x):
    """The error of the density where x² / 2 has been rounded, in units."""
    return rounded_square(x / mp.sqrt(2))


def i_scaled(n, x):
    """e to the -|x| times I, of order 0 or 1."""
    sign, x = (mp.sign(x) if n else 1), abs(x)
    if x <= FAR:
        return sign * exp(-x) * mp.besseli(n, x)
    series = (1, mpf(1) / 8, mpf(9) / 128, mpf(75) / 1024)
    if n:
        series = (1, -mpf(3) / 8, -mpf(15) / 128, -mpf(105) / 1024)
    return sign * sum(a / x**k for k, a in enumerate(series)) / mp.sqrt(2 * mp.pi * x)


def i0_scaled_slope(x):
    far = abs(x)
    if far <= FAR:
        return i_scaled(1, x) - mp.sign(x) * i_scaled(0, x)
    series = (mpf(1) / 2, mpf(3) / 16, mpf(45) / 256)
    rest = sum(a / far ** (k + 1) for k, a in enumerate(series))
    return -mp.sign(x) * rest / mp.sqrt(2 * mp.pi * far)


def i1_scaled_slope(x):
    if x == 0:
        return mpf(1) / 2
    if abs(x) <= mpf(10) ** -30:
        return mpf(1) / 2 - abs(x) / 2
    far = abs(x)
    if far <= FAR:
        return i_scaled(0, x) - i_scaled(1, x) / x - mp.sign(x) * i_scaled(1, x)
    series = (-mpf(1) / 2, mpf(9) / 16, mpf(75) / 256)
    return sum(a / far ** (k + 1) for k, a in enumerate(series)) / mp.sqrt(2 * mp.pi * far)


def i_of(n):
    def of(x):
        return mp.besseli(n, x) if abs(x) <= 800 else mpf(10) ** 400

    return of


def i1_slope(x):
    if abs(x) > 800:
        return mpf(10) ** 400
    return mp.besseli(0, x) - (mp.besseli(1, x) / x if x else mpf(1) / 2)


def near(function):
    """``function`` up to 10⁴."""
    return lambda x: function(x) if abs(x) <= FAR else None


def wave(x):
    """How high a Bessel function's waves are at x: near its zeros it knows no more."""
    return min(mpf(1), mp.sqrt(2 / (mp.pi * abs(x)))) if x else mpf(1)


def j_of(n):
    return near(lambda x: mp.besselj(n, x))


def j1_slope(x):
    return mp.besselj(0, x) - (mp.besselj(1, x) / x if x else mpf(1) / 2)


def quantile(p):
    """Φ⁻¹; nothing is expected where 2p - 1 has no digits of p left."""
    return mp.sqrt(2) * mp.erfinv(2 * p - 1) if mpf(10) ** -30 < p < 1 else None


def xlog1py(x, y):
    if y <= -1:
        return None
    return x * mp.log1p(y) if x else mpf(0)


ORACLES = {
    "special.entr": oracle(entropy, lambda x: -mp.log(x) - 1 if x > 0 else None,
                           terms=abs, slope_terms=lambda x: mpf(2), infinite=False),
    "special.erfcx": oracle(scaled_erfc, scaled_erfc_slope,
                            terms=lambda x: 2 * x * x * mp.exp(x * x) if -FAR < x < 0 else 0,
                            slope_terms=lambda x: 2 * abs(x * scaled_erfc(x)) if abs(x) < 5 else 0,
                            infinite=False),
    "special.ndtr": oracle(normal, density, slope_terms=squared),
    "special.log_ndtr": oracle(log_normal, hazard, infinite=False),
    # slopes are differences of I₁ and I₀, which come together far out
    "special.i0e": oracle(lambda x: i_scaled(0, x), i0_scaled_slope,
                          slope_terms=lambda x: i_scaled(0, x), infinite=False),
    "special.i1e": oracle(lambda x: i_scaled(1, x), i1_scaled_slope,
                          slope_terms=lambda x: i_scaled(0, x), infinite=False),
    "special.i0": oracle(i_of(0), i_of(1), infinite=False),
    "special.i1": oracle(i_of(1), i1_slope, infinite=False),
    "special.bessel_j0": oracle(j_of(0), near(lambda x: -mp.besselj(1, x)),
                                terms=wave, slope_terms=wave, infinite=False),
    "special.bessel_j1": oracle(j_of(1), near(j1_slope),
                                terms=wave, slope_terms=wave, infinite=False),
    "special.spherical_bessel_j0": oracle(
        near(mp.sinc), near(lambda x: (mp.cos(x) - mp.sinc(x)) / x if abs(x) > mpf(10) ** -60
                              else -x / 3),
        terms=lambda x: 1 / max(abs(x), 1), slope_terms=lambda x: 1 / max(abs(x), 1),
        infinite=False),
    "special.ndtri": oracle(quantile, lambda p: 1 / density(quantile(p)),
                            terms=lambda p: 1 if abs(p - mpf(1) / 2) < mpf(1) / 4 else 0,
                            slope_terms=lambda p: quantile(p) ** 2 / density(quantile(p)),
                            infinite=False),
    "special.xlog1py": oracle(xlog1py, lambda x, y: mp.log1p(y) if y > -1 else None,
                              lambda x, y: x / (1 + y) if y > -1 else None, infinite=False),
}  # fmt: skip
