"""The Dirichlet distribution, as scipy.stats.dirichlet: differentiated by x and alpha.

Shapes: x (k,) or (k, n), or without its last row, which is what is missing to 1; alpha (k,).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.numpy.scipys import floats
from autograd.ops.pointwise.exponential import xlogy
from autograd.ops.pointwise.gamma import Lgamma
from autograd.scipy.stats.densities import exponential_of, published


def _logpdf(x: Any, alpha: Any) -> Any:
    x, alpha = floats(x, alpha)
    if x.shape[0] + 1 == alpha.shape[0]:
        x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)], 0)
    norm = Lgamma.apply(np.sum(alpha, axis=0)) - np.sum(Lgamma.apply(alpha), axis=0)
    powers = np.reshape(alpha - 1, (-1,) + (1,) * (x.ndim - 1))
    return np.sum(xlogy(powers, x), axis=0) + norm


published("dirichlet", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf))
