"""The gamma distribution, as scipy.stats.gamma: densities by all parameters, the cdf not by a."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.numpy.scipys import floats
from autograd.ops.pointwise.gamma import Lgamma
from autograd.ops.pointwise.zeta import Igamma, Igammac
from autograd.scipy.stats.densities import (
    exponential_of,
    logarithm_of,
    on_support,
    plain,
    published,
    scaled,
    standard,
)


def _logpdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z, (a,) = standard(x, loc, scale), floats(a)
    return scaled(
        on_support(lambda z: np.log(z) * (a - 1) - z - Lgamma.apply(a), z, plain(z) > 0, 1.0), scale
    )


def _cdf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Igamma.apply(*floats(a, _positive(standard(x, loc, scale))))


def _sf(x: Any, a: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Igammac.apply(*floats(a, _positive(standard(x, loc, scale))))


def _positive(z: Any) -> Any:
    return z if np.all(plain(z) >= 0) else np.where(plain(z) < 0, 0.0, z)


published(
    "gamma", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf), cdf=_cdf, sf=_sf,
    logcdf=logarithm_of(_cdf), logsf=logarithm_of(_sf),
)  # fmt: skip
