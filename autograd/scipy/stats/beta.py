"""The beta distribution, as scipy.stats.beta: densities by all parameters, the cdf by x alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.numpy.orders import Betainc, Betaln
from autograd.numpy.scipys import floats
from autograd.ops.pointwise.normal import XLog1PY
from autograd.scipy.stats.densities import (
    exponential_of,
    logarithm_of,
    on_support,
    plain,
    published,
    scaled,
    standard,
)


def _logpdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z, (a, b) = standard(x, loc, scale), floats(a, b)
    inside = (plain(z) > 0) & (plain(z) < 1)

    def density(z: Any) -> Any:
        return np.log(z) * (a - 1) + XLog1PY.apply(*floats(b - 1, -z)) - Betaln.apply(a, b)

    return scaled(on_support(density, z, inside, 0.5), scale)


def _cdf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Betainc.apply(*floats(a, b, _within(standard(x, loc, scale))))


def _sf(x: Any, a: Any, b: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return Betainc.apply(*floats(b, a, 1 - _within(standard(x, loc, scale))))


def _within(z: Any) -> Any:
    values = plain(z)
    inside = (values >= 0) & (values <= 1)
    return z if np.all(inside) else np.where(inside, z, np.clip(values, 0, 1))


published(
    "beta", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf), cdf=_cdf, sf=_sf,
    logcdf=logarithm_of(_cdf), logsf=logarithm_of(_sf),
)  # fmt: skip
