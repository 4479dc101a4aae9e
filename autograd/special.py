"""``torch.special``; each function that ``autograd`` has, too, is ``autograd``'s own.

In float64 to a few units in the last place, beside mpmath; float32 is computed in float64 and
rounded once. SciPy is not needed.
"""

import typing as _typing

from autograd import (  # noqa: F401
    digamma as digamma,
    digamma as psi,
    erf as erf,
    erfc as erfc,
    erfinv as erfinv,
    exp2 as exp2,
    expm1 as expm1,
    lgamma as gammaln,
    log1p as log1p,
    log_softmax as log_softmax,
    logit as logit,
    logsumexp as logsumexp,
    mvlgamma as multigammaln,
    polygamma as polygamma,
    round as round,
    sigmoid as expit,
    sinc as sinc,
    softmax as softmax,
    xlogy as xlogy,
)
from autograd.ops.pointwise.bessel import (
    airy_ai as airy_ai,
    bessel_j0 as bessel_j0,
    bessel_j1 as bessel_j1,
    bessel_y0 as bessel_y0,
    bessel_y1 as bessel_y1,
    i0 as i0,
    i0e as i0e,
    i1 as i1,
    i1e as i1e,
    modified_bessel_k0 as modified_bessel_k0,
    modified_bessel_k1 as modified_bessel_k1,
    scaled_modified_bessel_k0 as scaled_modified_bessel_k0,
    scaled_modified_bessel_k1 as scaled_modified_bessel_k1,
    spherical_bessel_j0 as spherical_bessel_j0,
)
from autograd.ops.pointwise.normal import (
    entr as entr,
    erfcx as erfcx,
    log_ndtr as log_ndtr,
    ndtr as ndtr,
    ndtri as ndtri,
    xlog1py as xlog1py,
)
from autograd.ops.pointwise.orthogonal import (
    chebyshev_polynomial_t as chebyshev_polynomial_t,
    chebyshev_polynomial_u as chebyshev_polynomial_u,
    chebyshev_polynomial_v as chebyshev_polynomial_v,
    chebyshev_polynomial_w as chebyshev_polynomial_w,
    hermite_polynomial_h as hermite_polynomial_h,
    hermite_polynomial_he as hermite_polynomial_he,
    laguerre_polynomial_l as laguerre_polynomial_l,
    legendre_polynomial_p as legendre_polynomial_p,
    shifted_chebyshev_polynomial_t as shifted_chebyshev_polynomial_t,
    shifted_chebyshev_polynomial_u as shifted_chebyshev_polynomial_u,
    shifted_chebyshev_polynomial_v as shifted_chebyshev_polynomial_v,
    shifted_chebyshev_polynomial_w as shifted_chebyshev_polynomial_w,
)
from autograd.ops.pointwise.zeta import igamma as igamma, igammac as igammac, zeta as zeta
from autograd.tensors.out import with_out as _with_out

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

_with_out(
    globals(),
    """
    airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t chebyshev_polynomial_u
    chebyshev_polynomial_v chebyshev_polynomial_w entr erfcx hermite_polynomial_h
    hermite_polynomial_he i0 i0e i1 i1e igamma igammac laguerre_polynomial_l legendre_polynomial_p
    log_ndtr modified_bessel_k0 modified_bessel_k1 ndtr ndtri scaled_modified_bessel_k0
    scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u
    shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w spherical_bessel_j0 xlog1py zeta
    """,
    "autograd.special",
)

gammainc, gammaincc = igamma, igammac
modified_bessel_i0, modified_bessel_i1 = i0, i1
