"""What torch.special has. Rows of the table of ops: data only, as row.py says."""

import numpy as np
from mpmath import mp

from tests.op_references import each
from tests.rows.row import BINARY, Row, call, n, x


def of(function):
    """mpmath's function on arrays."""
    return each(lambda *v: float(function(*v)))


def polynomial(function):
    return lambda a, n: np.vectorize(lambda v, k: float(function(int(k), v)), [float])(a, n)


def bounded_gamma(**bounds):
    def of(a, x):
        return np.vectorize(
            lambda s, v: float(mp.gammainc(s, **{k: v for k in bounds}, regularized=True)), [float]
        )(a, x)

    return of


def hurwitz(s, q):
    return np.vectorize(lambda s, v: float(mp.zeta(s, v)), [float])(s, q)


# fmt: off
# at any size they are held to mpmath by tests/autograd/kernels/test_special.py, not by wide.py
SOME = [call(x(2, 3)), call(x()), call(x(0))]
GAMMA = [call(x(3, 4, fixed=True), x(3, 4)), call(x(2, 1, fixed=True), x(3)),
         call(x(fixed=True), x()),
         call(x(2, fixed=True, domain=(20.0, 40.0)), x(2, domain=(21.0, 39.0))),
         call(x(0, 2, fixed=True), x(2))]
DEGREES = [call(x(3, 4), n(4, below=6)), call(x(2, 1), 3), call(x(), n(3, below=9)),
           call(x(0), n(0))]

ROWS = [
    Row("i0", SOME, reference=of(lambda v: mp.besseli(0, v))),
    Row("special.modified_bessel_i0", [call(x(2))], reference=of(lambda v: mp.besseli(0, v))),
    Row("special.i0e", SOME, domain=(0.2, 12.0),
        reference=of(lambda v: mp.besseli(0, v) * mp.exp(-abs(v)))),
    Row("special.i1", SOME, reference=of(lambda v: mp.besseli(1, v))),
    Row("special.modified_bessel_i1", [call(x(2))], reference=of(lambda v: mp.besseli(1, v))),
    Row("special.i1e", SOME, domain=(0.2, 12.0),
        reference=of(lambda v: mp.besseli(1, v) * mp.exp(-abs(v)))),
    Row("ops.pointwise.bessel.ConfluentLimit", [call(x(3), b=1.0)],
        reference=lambda y, b: of(lambda v: mp.hyp0f1(b, v))(y), torch=None, method=False),
    Row("ops.pointwise.bessel.FarOut", [call(x(3), coefficients=(2.0, -1.0, 3.0), power=0.5)],
        domain=(0.5, 3.0), torch=None, method=False,
        reference=lambda v, coefficients, power: v**-0.5 * (2 - 1 / v + 3 / v**2)),
    Row("ops.pointwise.bessel.AiryAiSlope", [call(x(3))], torch=None, method=False,
        reference=of(lambda v: mp.airyai(v, derivative=1))),
    Row("ops.pointwise.zeta.GammaDensity", [call(x(3, fixed=True), x(3))], domain=(0.5, 3.0),
        torch=None, method=False,
        reference=np.vectorize(lambda a, v: float(v ** (a - 1) * mp.exp(-v) / mp.gamma(a)))),
    Row("ops.pointwise.erf.Bell", [call(x(3), a=0.5)], torch=None, method=False,
        reference=lambda v, a: np.exp(-a * v * v)),
    Row("ops.pointwise.normal.Hazard", [call(x(3), x(3))], torch=None, method=False,
        reference=np.vectorize(lambda g, v: float(g * mp.npdf(v) / mp.ncdf(v)))),
    Row("ops.pointwise.normal.Excess", [call(x(3), n=1)], torch=None, method=False,
        reference=lambda v, n: of(lambda v: mp.npdf(v) / mp.ncdf(v) + v)(v)),
    Row("special.modified_bessel_k0", SOME, domain=(0.3, 3.0),
        reference=of(lambda v: mp.besselk(0, v))),
    Row("special.modified_bessel_k1", SOME, domain=(0.3, 3.0),
        reference=of(lambda v: mp.besselk(1, v))),
    Row("special.scaled_modified_bessel_k0", SOME, domain=(0.3, 3.0),
        reference=of(lambda v: mp.besselk(0, v) * mp.exp(v))),
    Row("special.scaled_modified_bessel_k1", SOME, domain=(0.3, 3.0),
        reference=of(lambda v: mp.besselk(1, v) * mp.exp(v))),
    Row("special.bessel_j0", SOME, domain=(-9.0, 9.0), reference=of(lambda v: mp.besselj(0, v))),
    Row("special.bessel_j1", SOME, domain=(-9.0, 9.0), reference=of(lambda v: mp.besselj(1, v))),
    Row("special.bessel_y0", SOME, domain=(0.4, 9.0), reference=of(lambda v: mp.bessely(0, v))),
    Row("special.bessel_y1", SOME, domain=(0.4, 9.0), reference=of(lambda v: mp.bessely(1, v))),
    Row("special.spherical_bessel_j0", SOME, domain=(-9.0, 9.0), reference=of(mp.sinc)),
    Row("special.airy_ai", SOME, domain=(-6.0, 3.0), reference=of(mp.airyai)),
    Row("special.ndtr", SOME, domain=(-7.0, 7.0), reference=of(mp.ncdf)),
    Row("special.log_ndtr", SOME, domain=(-9.0, 5.0), reference=of(lambda v: mp.log(mp.ncdf(v)))),
    Row("special.ndtri", SOME, domain=(0.02, 0.98),
        reference=of(lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1))),
    Row("special.erfcx", SOME, domain=(-3.0, 6.0),
        reference=of(lambda v: mp.exp(v * v) * mp.erfc(v))),
    Row("special.entr", SOME, domain=(0.2, 3.0), reference=lambda v: -v * np.log(v)),
    Row("special.xlog1py", BINARY[1:4], domain=(0.2, 2.0), reference=lambda v, w: v * np.log1p(w)),
    Row("special.zeta", [call(x(3, fixed=True), x(2, 3)), call(2, x(3)), call(x(fixed=True), x())],
        domain=(1.3, 6.0), reference=hurwitz),
    Row("igamma", GAMMA, domain=(0.3, 5.0), reference=bounded_gamma(b=1)),
    Row("igammac", GAMMA, domain=(0.3, 5.0), reference=bounded_gamma(a=1)),
    Row("special.chebyshev_polynomial_t", DEGREES, reference=polynomial(mp.chebyt)),
    Row("special.chebyshev_polynomial_u", DEGREES, reference=polynomial(mp.chebyu)),
    Row("special.chebyshev_polynomial_v", DEGREES[:2],
        reference=polynomial(lambda k, v: mp.chebyu(k, v) - (mp.chebyu(k - 1, v) if k else 0))),
    Row("special.chebyshev_polynomial_w", DEGREES[:2],
        reference=polynomial(lambda k, v: mp.chebyu(k, v) + (mp.chebyu(k - 1, v) if k else 0))),
    Row("special.shifted_chebyshev_polynomial_t", DEGREES[:2], domain=(0.0, 1.0),
        reference=polynomial(lambda k, v: mp.chebyt(k, 2 * v - 1))),
    Row("special.shifted_chebyshev_polynomial_u", DEGREES[:2], domain=(0.0, 1.0),
        reference=polynomial(lambda k, v: mp.chebyu(k, 2 * v - 1))),
    Row("special.shifted_chebyshev_polynomial_v", DEGREES[:2], domain=(0.0, 1.0),
        reference=polynomial(lambda k, v: mp.chebyu(k, 2 * v - 1)
                             - (mp.chebyu(k - 1, 2 * v - 1) if k else 0))),
    Row("special.shifted_chebyshev_polynomial_w", DEGREES[:2], domain=(0.0, 1.0),
        reference=polynomial(lambda k, v: mp.chebyu(k, 2 * v - 1)
                             + (mp.chebyu(k - 1, 2 * v - 1) if k else 0))),
    Row("special.hermite_polynomial_h", DEGREES, reference=polynomial(mp.hermite)),
    Row("special.hermite_polynomial_he", DEGREES[:2],
        reference=polynomial(lambda k, v: mp.hermite(k, v / mp.sqrt(2)) / mp.sqrt(2) ** k)),
    Row("special.laguerre_polynomial_l", DEGREES,
        reference=polynomial(lambda k, v: mp.laguerre(k, 0, v))),
    Row("special.legendre_polynomial_p", DEGREES, reference=polynomial(mp.legendre)),
    Row("polygamma", [call(2, x(3)), call(3, x())], domain=(-1.9, -1.1), method=False,
        reference=lambda n, a: of(lambda v: mp.polygamma(n, v))(a)),
]
