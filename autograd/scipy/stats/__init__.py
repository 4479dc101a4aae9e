"""scipy.stats over traced values: the distributions' densities and distribution functions.

``norm``, ``t``, ``beta``, ``gamma``, ``chi2``, ``poisson``, ``dirichlet`` and
``multivariate_normal`` are here, each with the parameters that SciPy's has; everything else,
sampling and quantiles say, is SciPy's own.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autograd.numpy.scipys import needed

_HERE = ("beta", "chi2", "dirichlet", "gamma", "multivariate_normal", "norm", "poisson", "t")


def __getattr__(name: str) -> Any:
    if name in _HERE:
        return import_module(f"{__name__}.{name}")
    return getattr(needed("stats", f"stats.{name}"), name)
