"""Student's t distribution, as scipy.stats.t: by x, df, loc, scale; the cdf not by df."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.numpy.orders import StudentCdf
from autograd.numpy.scipys import floats
from autograd.ops.pointwise.gamma import Lgamma
from autograd.scipy.stats.densities import (
    exponential_of,
    logarithm_of,
    published,
    scaled,
    standard,
)


def _logpdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z, (df,) = standard(x, loc, scale), floats(df)
    half = (df + 1) * 0.5
    norm = Lgamma.apply(half) - Lgamma.apply(df * 0.5) - np.log(df * math.pi) * 0.5
    return scaled(norm - half * np.log1p(z * z / df), scale)


def _cdf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return StudentCdf.apply(*floats(df, standard(x, loc, scale)))


def _sf(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return StudentCdf.apply(*floats(df, -standard(x, loc, scale)))


published(
    "t", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf), cdf=_cdf, sf=_sf,
    logcdf=logarithm_of(_cdf), logsf=logarithm_of(_sf),
)  # fmt: skip
