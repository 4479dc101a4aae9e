"""The Poisson distribution, as scipy.stats.poisson: differentiated by mu."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.numpy.scipys import floats
from autograd.ops.pointwise.exponential import xlogy
from autograd.ops.pointwise.gamma import Lgamma
from autograd.ops.pointwise.zeta import Igamma, Igammac
from autograd.scipy.stats.densities import exponential_of, logarithm_of, plain, published, standard


def _logpmf(k: Any, mu: Any, loc: Any = 0) -> Any:
    k, (mu,) = standard(k, loc, 1), floats(mu)
    values = plain(k)
    inside = (values >= 0) & (values == np.floor(values))
    k = k if np.all(inside) else np.where(inside, k, 0.0)
    out = xlogy(k, mu) - Lgamma.apply(k + 1) - mu
    return out if np.all(inside) else np.where(inside, out, -np.inf)


def _cdf(k: Any, mu: Any, loc: Any = 0) -> Any:
    k, (mu,) = np.floor(plain(standard(k, loc, 1))), floats(mu)
    out = Igammac.apply(*floats(np.maximum(k, 0) + 1, mu))
    return out if np.all(k >= 0) else np.where(k >= 0, out, 0.0)


def _sf(k: Any, mu: Any, loc: Any = 0) -> Any:
    k, (mu,) = np.floor(plain(standard(k, loc, 1))), floats(mu)
    out = Igamma.apply(*floats(np.maximum(k, 0) + 1, mu))
    return out if np.all(k >= 0) else np.where(k >= 0, out, 1.0)


published(
    "poisson", globals(), logpmf=_logpmf, pmf=exponential_of(_logpmf), cdf=_cdf, sf=_sf,
    logcdf=logarithm_of(_cdf), logsf=logarithm_of(_sf),
)  # fmt: skip
