"""Orthogonal times triangular."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.function import Function
from autograd.ops.linalg.matrices import adjoint, check_matrices, conjugated
from autograd.ops.linalg.return_types import LinalgQrResult
from autograd.ops.linalg.triangular import SolveTriangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class QR(Function):
    """Of (*, m, n), m ≥ n, to Q (*, m, n) and R (*, n, n) (Walter & Lehmann 2010, arXiv:1001.1654).

    The gradient is [gQ + Q (T + Tᴴ)] R⁻ᴴ, with T the upper triangle of gR Rᴴ - Qᴴ gQ and half its
    diagonal.
    """

    takes_complex = True

    def forward(self, a):
        q, r = np.linalg.qr(a)
        return q, r

    def grad_a(self, g, out):
        q, r = out
        gq, gr = conjugated(g)
        n = r.shape[-1]
        inner = 0 if gr is None else np.matmul(gr, adjoint(r))
        if gq is not None:
            inner = inner - np.matmul(adjoint(q), gq)
        real = np.real(r).dtype
        half = 0.5 * np.eye(n, dtype=real, like=r)
        inner = inner * (np.swapaxes(np.tri(n, dtype=real, like=r), 0, 1) - half)
        d = np.matmul(q, inner + adjoint(inner))
        d = d if gq is None else d + gq
        # X Rᴴ = D is R̄ Xᵀ = Dᵀ
        solved = SolveTriangular.apply(conjugated(r), np.swapaxes(d, -1, -2), upper=True)
        return conjugated(np.swapaxes(solved, -1, -2))


class CompleteQR(Function):
    """Q with all m columns, more than A has."""

    takes_complex = True

    def forward(self, a):
        q, r = np.linalg.qr(a, mode="complete")
        return q, r

    def grad_a(self, g):
        raise RuntimeError(
            "qr: with mode='complete', more rows than columns have no gradient, since the added "
            "columns of Q are not determined. Use mode='reduced'."
        )


class Triangle(Function):
    """R alone, which Q's gradient would need."""

    takes_complex = True

    def forward(self, a):
        return np.linalg.qr(a, mode="r")

    def grad_a(self, g):
        raise RuntimeError(
            "qr: with mode='r' there is no gradient, which needs Q. Use mode='reduced'."
        )


def qr(A: Tensor, mode: str = "reduced") -> LinalgQrResult:
    r""":math:`A = Q R`: orthonormal columns, and an upper triangle.

    Shapes: A (*, m, n), k = min(m, n) -> Q (*, m, k) and R (*, k, n) where ``mode`` is "reduced",
    (*, m, m) and (*, m, n) where it is "complete"; with "r", Q is an empty tensor. R's diagonal is
    real, and may be negative.

    The gradient needs the first k columns of A to be linearly independent; where they are not, it
    is not finite, or an error. Of "complete" it is there for m ≤ n, of "r" never. Raises
    RuntimeError for another mode, and for what is no matrix of floats.

    >>> import autograd
    >>> q, r = autograd.linalg.qr(autograd.tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> autograd.allclose(q @ r, autograd.tensor([[3.0, 1.0], [4.0, 2.0]]))
    True
    """
    check_matrices("linalg.qr", A=A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"linalg.qr: mode must be 'reduced', 'complete' or 'r'; got {mode!r:.60}."
        )
    m, n = A.shape[-2:]
    if mode == "r":
        r = Triangle.apply(A)
        return LinalgQrResult(np.zeros((0,), r.dtype, like=r), r)
    if mode == "complete" and m > n:
        return LinalgQrResult(*CompleteQR.apply(A))
    if m >= n:
        return LinalgQrResult(*QR.apply(A))
    q, left = QR.apply(A[..., :m])  # the other columns are Q times the rest of R
    rest = np.matmul(adjoint(q), A[..., m:])
    return LinalgQrResult(q, np.concatenate([left, rest], -1))
