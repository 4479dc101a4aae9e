"""The normal distribution of vectors, as scipy.stats.multivariate_normal.

Differentiated by x, mean and cov; a singular cov, too, where it is allowed.

Shapes: x (*, n), mean (n,), cov (n, n), (n,) for a diagonal, or a number -> (*).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.graph import TensorBase, wrap
from autograd.numpy.scipys import floats
from autograd.ops.linalg.determinant import Slogdet
from autograd.ops.linalg.eigen import EigenvaluesOfHermitian
from autograd.ops.linalg.matrices import LinAlgError
from autograd.ops.linalg.pseudoinverse import PseudoInverse
from autograd.ops.linalg.solve import Solve
from autograd.scipy.stats.densities import exponential_of, plain, published


def _logpdf(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    n = _dimension(mean, cov)
    x, mean, cov = floats(x, 0.0 if mean is None else mean, cov)
    matrix = _matrix(cov, n)
    d = x - mean
    d = np.reshape(d, (*np.shape(plain(d)), 1)) if n == 1 and d.ndim == 0 else d
    if n == 1 and plain(d).shape[-1] != 1:
        d = np.expand_dims(d, -1)
    rows = np.reshape(d, (-1, n))
    values = plain(matrix)
    spectrum = np.linalg.eigvalsh(values)
    small = _negligible(spectrum)
    if not allow_singular and spectrum.min() <= small:
        raise LinAlgError(
            "multivariate_normal: cov must be positive definite; the least of its eigenvalues is "
            f"{spectrum.min():.3g}. Set allow_singular=True for a distribution on a subspace."
        )
    if spectrum.min() < -small:
        raise ValueError(
            "multivariate_normal: cov must have no negative eigenvalue; the least is "
            f"{spectrum.min():.3g}. Make it a covariance."
        )
    kept = spectrum > small
    if kept.all():
        solved = np.swapaxes(Solve.apply(matrix, np.swapaxes(rows, 0, 1)), 0, 1)
        log_det: Any = Slogdet.apply(matrix)[1]
    else:
        solved = np.matmul(rows, PseudoInverse.apply(matrix, small, 0.0, True))
        eigenvalues = EigenvaluesOfHermitian.apply(matrix, "L")
        log_det = np.sum(np.log(np.where(kept, eigenvalues, 1.0)))
    rank = int(kept.sum())
    out = (np.sum(rows * solved, axis=-1) + log_det + rank * math.log(2 * math.pi)) * -0.5
    if rank < n:
        beside = np.linalg.norm(plain(rows) @ np.linalg.eigh(values)[1][:, ~kept], axis=-1)
        outside = beside > math.sqrt(small)
        out = np.where(outside, -np.inf, out) if outside.any() else out
    return np.reshape(out, plain(d).shape[:-1])


def _entropy(mean: Any = None, cov: Any = 1) -> Any:
    n = _dimension(mean, cov)
    mean, cov = floats(0.0 if mean is None else mean, cov)
    log_det: Any = Slogdet.apply(_matrix(cov, n))[1]
    out = (log_det + n * (1 + math.log(2 * math.pi))) * 0.5
    return out + np.sum(mean * 0.0)  # it does not depend on the mean, which may be traced


def _dimension(mean: Any, cov: Any) -> int:
    """Of the vectors: x does not say it, for (n,) may be n numbers."""
    for value in (cov, mean):
        if np.ndim(plain(value)):
            return int(plain(value).shape[-1])
    return 1


def _matrix(cov: Any, n: int) -> Any:
    """cov as a tensor (n, n)."""
    if not isinstance(cov, TensorBase):
        cov = wrap(np.asarray(cov), None)
    if cov.ndim == 2:
        return cov
    return cov * np.eye(n, dtype=cov._data.dtype)


def _negligible(spectrum: Any) -> float:
    """What eigenvalues up to this size are 0: 10⁶ units of the largest in float64."""
    factor = 1e6 if spectrum.dtype == np.float64 else 1e3
    return float(factor * np.finfo(spectrum.dtype).eps * np.abs(spectrum).max())


published(
    "multivariate_normal", globals(), logpdf=_logpdf, pdf=exponential_of(_logpdf), entropy=_entropy
)
