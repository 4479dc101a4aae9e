"""The normal distribution's Φ, its logarithm and its inverse, and the scaled error function.

The tails are Cody's (kernels/erf.py), with e^(-x²) from x in two parts, as x² would lose what it is
rounded by. The inverse: rational functions of (p - ½)² between 0.075 and 0.925, of √(-2 log p) in
the tails, the regions of M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
distribution", Applied Statistics 37 (1988), doi:10.2307/2347330; the coefficients are interpolated
at Chebyshev's points in 50 digits. Errors are in units of the last place of float64, the largest
met on some hundred points of the whole range.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.erf import beyond_four, erf_near, up_to_four
from autograd.kernels.piecewise import piecewise, ratio

# Φ⁻¹(½ + y) / y in 0.425² - y²
_CENTRE_P = (
    38462.51027284433, 271151.9112832134, 502300.8844897418, 380464.6299429345,
    141132.03996306384, 27788.942203518465, 2949.414126448142, 158.71989458301735,
    3.387132872796367,
)  # fmt: skip

_CENTRE_Q = (
    1823.0428297747362, 55160.476994103075, 220826.5857298588, 299669.3339730967,
    184420.1155999731, 58811.689496789906, 10313.597347012383, 998.5690423624634,
    49.864917147076575, 1.0,
)  # fmt: skip

# -Φ⁻¹(p) in r - 2.25 of r = √(-2 log p), and from r = 7 on in r - 7
_TAIL_P = (
    4.547612053217209e-06, 0.00025914436646131377, 0.0054547765282579475, 0.059007936245903655,
    0.3694778281831853, 1.376602406035669, 2.9529882149037388, 3.2815611707121346,
    1.4080407040990757,
)  # fmt: skip

_TAIL_Q = (
    2.3786943600838732e-12, 4.547212065823732e-06, 0.00024896922202316746, 0.004920326051743041,
    0.04896663602479659, 0.2749455180057154, 0.8775413782682825, 1.4718486037790381, 1.0,
)  # fmt: skip

_FAR_P = (
    4.696235576170503e-13, 2.0152738514520092e-10, 3.005123036904365e-08, 2.15987577862154e-06,
    8.619342247380918e-05, 0.0020584331999253446, 0.030530199826581655, 0.28303856630355867,
    1.5929467930835801, 4.970099464092713, 6.584003294399971,
)  # fmt: skip

_FAR_Q = (
    4.797767819484085e-22, 4.696229203080022e-13, 1.9824074666264458e-10, 2.8667178572245167e-08,
    1.960441212015738e-06, 7.262037849137665e-05, 0.0015586923257301483, 0.019881138202233407,
    0.14831798517120323, 0.5968883225198929, 1.0,
)  # fmt: skip

_NEAR = 0.46875  # where Cody's first region ends
_ROOT = math.sqrt(2)


def _squared(x: Any, sign: float) -> Any:
    """e to the power of sign · x²: of the square of x's first digits, which is exact, and the rest.

    x is not far beyond what e^(x²) fits in.
    """
    head = np.trunc(x * 16) / 16
    return np.exp(head * head * sign) * np.exp((x - head) * (x + head) * sign)


def _bell(x: Any) -> Any:
    return _squared(np.minimum(x, 40), -0.5)


def _upper(tail: Any) -> Any:
    """1 - Φ(x), x > 0, from e^(x²/2) (1 - Φ(x)) · 2 as a function of x/√2."""
    return lambda x: _bell(x) * tail(x / _ROOT) * 0.5


_near_tail, _far_tail = _upper(up_to_four), _upper(beyond_four)


def _reflected(function: Any, whole: float) -> Any:
    return lambda x: whole - function(-x)


def _middle(x: Any) -> Any:
    return 0.5 + 0.5 * erf_near(x / _ROOT)


_ERFCX = [
    (-math.inf, -_NEAR, lambda x: 2 * _squared(np.maximum(x, -30), 1) - _erfcx_above(-x)),
    (-_NEAR, _NEAR, lambda x: np.exp(x * x) * (1 - erf_near(x))),
    (_NEAR, 4, up_to_four),
    (4, math.inf, beyond_four),
]


def _erfcx_above(x: Any) -> Any:
    return piecewise(_ERFCX[1:], x)


def _excess_left(n: int, x: Any) -> Any:
    """n / (t + (n + 1) / (t + (n + 2) / (t + ...))), t = -x (Abramowitz & Stegun 1964, 26.2.14)."""
    deeper = 0.0
    for k in range(n + 60, n, -1):
        deeper = k / (deeper - x)
    return n / (deeper - x)


def _excess_right(n: int, x: Any) -> Any:
    out = piecewise(_HAZARD, x) + x
    for k in range(1, n):
        out = k / out + x
    return out


_NDTR = [
    (-math.inf, -4 * _ROOT, lambda x: _far_tail(-x)),
    (-4 * _ROOT, -_NEAR * _ROOT, lambda x: _near_tail(-x)),
    (-_NEAR * _ROOT, _NEAR * _ROOT, _middle),
    (_NEAR * _ROOT, 4 * _ROOT, lambda x: 1 - _near_tail(x)),
    (4 * _ROOT, math.inf, lambda x: 1 - _far_tail(x)),
]


def _log_tail(tail: Any) -> Any:
    return lambda x: np.log(tail(x / -_ROOT) * 0.5) - x * (x * 0.5)


_LOG_NDTR = [
    (-math.inf, -4 * _ROOT, _log_tail(beyond_four)),
    (-4 * _ROOT, -_NEAR * _ROOT, _log_tail(up_to_four)),
    (-_NEAR * _ROOT, _NEAR * _ROOT, lambda x: np.log(_middle(x))),
    (_NEAR * _ROOT, 4 * _ROOT, lambda x: np.log1p(-_near_tail(x))),
    (4 * _ROOT, math.inf, lambda x: np.log1p(-_far_tail(x))),
]


_HAZARD = [
    (-math.inf, 0, lambda x: math.sqrt(2 / math.pi) / _erfcx_above(x / -_ROOT)),
    (0, math.inf, lambda x: _bell(x) / (math.sqrt(2 * math.pi) * piecewise(_NDTR[2:], x))),
]


def _inverse_centre(p: Any) -> Any:
    y = p - 0.5
    return y * ratio(_CENTRE_P, _CENTRE_Q, (0.425 - y) * (0.425 + y))


def _inverse_tail(p: Any) -> Any:
    return ratio(_TAIL_P, _TAIL_Q, np.sqrt(-2 * np.log(p)) - 2.25)


def _inverse_far(p: Any) -> Any:
    return np.where(p > 0, ratio(_FAR_P, _FAR_Q, np.sqrt(-2 * np.log(p)) - 7), math.inf)


_SPLIT = math.exp(-24.5)  # r is 7
_NDTRI = [
    (0, _SPLIT, lambda p: -_inverse_far(p)),
    (_SPLIT, 0.075, lambda p: -_inverse_tail(p)),
    (0.075, 0.925, _inverse_centre),
    (0.925, 1 - _SPLIT, lambda p: _inverse_tail(1 - p)),
    (1 - _SPLIT, math.nextafter(1, 2), lambda p: _inverse_far(1 - p)),
]


@kernel
def erfcx(x: Any) -> Any:
    """e^(x²) erfc(x), to 5 units; ∞ below -26.6.

    >>> erfcx(np.array([0.0, 1.0, 100.0]))
    array([1.        , 0.42758358, 0.00564161])
    """
    return piecewise(_ERFCX, x)


@kernel
def ndtr(x: Any) -> Any:
    """Φ(x), to 5 units.

    >>> ndtr(np.array([-1.0, 0.0]))
    array([0.15865525, 0.5       ])
    """
    return piecewise(_NDTR, x)


@kernel
def log_ndtr(x: Any) -> Any:
    """log Φ(x), to 6 units.

    >>> log_ndtr(np.array([-10.0, 0.0]))
    array([-53.23128515,  -0.69314718])
    """
    return piecewise(_LOG_NDTR, x)


@kernel
def hazard(x: Any) -> Any:
    """φ(x) / Φ(x), the derivative of log Φ, to 4 units; it is 0 beyond 38.

    >>> hazard(np.array([-100.0, 0.0]))
    array([100.009998  ,   0.79788456])
    """
    return piecewise(_HAZARD, x)


@kernel
def excess(x: Any, *, n: int) -> Any:
    """The nth tail of φ/Φ's continued fraction; the first, φ(x) / Φ(x) + x, to 24 units.

    It stays what it is at 40 beyond 40, where φ(x) / Φ(x) is 0. Its derivative is the next one less
    itself, times itself, in which little cancels, however far below 0 x is.

    >>> excess(np.array([-100.0, 0.0]), n=1)
    array([0.009998  , 0.79788456])
    """
    left, right = partial(_excess_left, n), partial(_excess_right, n)
    return piecewise([(-math.inf, -3, left), (-3, 41, right)], np.minimum(x, 40))


@kernel
def ndtri(p: Any) -> Any:
    """The inverse of Φ, to 5 units; ∓∞ at 0 and 1, NaN outside.

    >>> ndtri(np.array([0.5, 0.975]))
    array([0.        , 1.95996398])
    """
    return piecewise(_NDTRI, p)
