"""Least squares: the x that makes |a x - b| least, and of several the shortest."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.triangular import triangular_solved


def _adjoint(x: Any) -> Any:
    return np.conjugate(np.swapaxes(x, -1, -2))


def _by_singular_values(a: Any, b: Any, *, rcond: float) -> Any:
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    kept = s > rcond * np.maximum.reduce(s, axis=-1, keepdims=True, initial=0)
    inverse = np.where(kept, 1 / np.where(kept, s, 1), 0).astype(s.dtype)
    x = np.matmul(_adjoint(vh), np.expand_dims(inverse, -1) * np.matmul(_adjoint(u), b))
    return x, np.add.reduce(kept.astype(np.int64), axis=-1)


@kernel(plain=_by_singular_values)
def least_squares(a: Any, b: Any, *, rcond: float) -> Any:
    """The solution (*, n, k) for stacks a (*, m, n), b (*, m, k), and each a's rank, int64.

    Singular values up to ``rcond`` of the largest count as 0. Where factors Q R show that there are
    none, by |R| |R⁻¹| < 1 / rcond in the norms of Frobenius, they give the solution sooner.

    >>> least_squares(np.array([[1.0], [1]]), np.array([[1.0], [2]]), rcond=1e-15)
    (array([[1.5]]), array(1))
    """
    m, n = a.shape[-2:]
    tall = m >= n
    if min(m, n):
        q, r = np.linalg.qr(a if tall else _adjoint(a))
        with np.errstate(all="ignore"):
            eye = np.broadcast_to(np.eye(min(m, n), dtype=a.dtype), r.shape)
            inverse = triangular_solved(r, eye, upper=True, unit=False)
            sizes = [np.sqrt(np.sum(np.abs(one) ** 2, axis=(-2, -1))) for one in (r, inverse)]
            full = np.all(sizes[0] * sizes[1] * rcond < 1)
        if full:
            if tall:
                x = triangular_solved(r, np.matmul(_adjoint(q), b), upper=True, unit=False)
            else:
                x = np.matmul(q, triangular_solved(_adjoint(r), b, upper=False, unit=False))
            return x, np.full(a.shape[:-2], min(m, n), np.int64)
    return _by_singular_values(a, b, rcond=rcond)
