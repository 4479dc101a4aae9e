"""The largest singular values of large matrices, from products with random vectors.

Halko, Martinsson & Tropp 2011, "Finding structure with randomness", doi:10.1137/090771806:
algorithms 4.4 and 5.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import integer_of
from autograd.ops.linalg.matrices import adjoint, check_matrices
from autograd.ops.linalg.qr import qr
from autograd.ops.linalg.svd import svd
from autograd.ops.reductions.sums import mean
from autograd.random.continuous import normal

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["pca_lowrank", "svd_lowrank"]


def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """U, S and V of about the q largest singular values of A, or of A - M.

    Shapes: A (*, m, n), M one that broadcasts to it -> (*, m, q), (*, q), (*, n, q). ``niter`` more
    rounds make them more exact, which matters where the values descend slowly. Random numbers are
    drawn. Raises ValueError where q is more than the values there are, niter more than 1000, or one
    of them negative.

    >>> import autograd
    >>> u, s, v = autograd.svd_lowrank(autograd.ones(5, 4), q=1)
    >>> autograd.allclose(u * s @ v.mT, autograd.ones(5, 4))
    True
    """
    check_matrices("svd_lowrank", A=A)
    m, n = A.shape[-2:]
    q = 6 if q is None else integer_of("svd_lowrank", "q", q)
    rounds = 2 if niter is None else integer_of("svd_lowrank", "niter", niter)
    if M is not None:
        A = A - M
    if not (0 <= q <= min(m, n) and 0 <= rounds <= 1000):
        raise ValueError(
            f"svd_lowrank: q must be between 0 and {min(m, n)}, and niter between 0 and 1000; got "
            f"q={q}, niter={rounds}."
        )
    tall: Any = adjoint(A) if m < n else A
    drawn = normal((tall.shape[-1], q), A.dtype)
    random = np.array(drawn.tolist(), dtype=A.dtype, like=tall)  # of the kind that A is
    basis = qr(np.matmul(tall, random)).Q
    for _ in range(rounds):
        basis = qr(np.matmul(adjoint(tall), basis)).Q
        basis = qr(np.matmul(tall, basis)).Q
    u, s, vh = svd(np.matmul(adjoint(basis), tall), full_matrices=False)
    u, v = np.matmul(basis, u), adjoint(vh)
    return (v, s, u) if m < n else (u, s, v)


def pca_lowrank(
    A: Tensor, q: int | None = None, center: bool = True, niter: int = 2
) -> tuple[Tensor, Tensor, Tensor]:
    """Principal components: U, S and V of about the q largest, of rows whose mean is taken off.

    Shapes: A (*, m, n), m observations of n quantities -> (*, m, q), (*, q), (*, n, q); q is
    min(6, m, n) by default. The components are V's columns, their variances S² / (m - 1). Raises
    what :func:`svd_lowrank` raises.

    >>> import autograd
    >>> u, s, v = autograd.pca_lowrank(autograd.tensor([[1.0, 1.0], [3.0, 3.0]]), q=1)
    >>> s
    tensor([2.])
    """
    check_matrices("pca_lowrank", A=A)
    q = min(6, *A.shape[-2:]) if q is None else q
    return svd_lowrank(A, q, niter, mean(A, -2, keepdim=True) if center else None)
