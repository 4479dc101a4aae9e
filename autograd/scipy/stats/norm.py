"""The normal distribution, as scipy.stats.norm: differentiated by x, loc and scale.

>>> import numpy as np
>>> from autograd.core import make_vjp
>>> from autograd.scipy.stats import norm
>>> vjp, value = make_vjp(lambda x: norm.logpdf(x, 0.0, 1.0), 2.0)
>>> float(vjp(1.0))
-2.0
"""

from __future__ import annotations

import math
from typing import Any

from autograd.ops.pointwise.normal import LogNdtr, Ndtr
from autograd.scipy.stats.densities import exponential_of, published, scaled, standard


def _logpdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z = standard(x, loc, scale)
    return scaled(z * z * -0.5 - 0.5 * math.log(2 * math.pi), scale)


def _cdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Ndtr.apply(standard(x, loc, scale))


def _logcdf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return LogNdtr.apply(standard(x, loc, scale))


def _sf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Ndtr.apply(-standard(x, loc, scale))


def _logsf(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return LogNdtr.apply(-standard(x, loc, scale))


published(
    "norm", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf), cdf=_cdf, logcdf=_logcdf,
    sf=_sf, logsf=_logsf,
)  # fmt: skip
