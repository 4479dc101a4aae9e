"""The chi-squared distribution, as scipy.stats.chi2: the gamma distribution of df/2, twice as wide.

Densities are differentiated by x, df, loc and scale, distribution functions not by df.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.numpy.scipys import floats
from autograd.scipy.stats import gamma
from autograd.scipy.stats.densities import published


def _of_gamma(function: Callable[..., Any]) -> Callable[..., Any]:
    def way(x: Any, df: Any, loc: Any = 0, scale: Any = 1) -> Any:
        df, scale = floats(df, scale)
        return function(x, df * 0.5, loc, scale * 2)

    return way


published(
    "chi2", globals(),
    **{name: _of_gamma(getattr(gamma, name))
       for name in ("logpdf", "pdf", "cdf", "logcdf", "sf", "logsf")},
)  # fmt: skip
