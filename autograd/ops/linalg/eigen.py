"""Eigenvalues and eigenvectors.

Giles 2008, "An extended collection of matrix derivative results", section 3.1; the complex case as
in Boeddeker et al. 2017, arXiv:1701.00392.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.function import Function
from autograd.engine.grad_mode import mode
from autograd.ops.linalg.factoring import check_phases, converged, on_diagonal
from autograd.ops.linalg.matrices import adjoint, check_square, conjugated
from autograd.ops.linalg.qr import QR
from autograd.ops.linalg.return_types import LinalgEighResult, LinalgEigResult
from autograd.ops.linalg.triangular import SolveTriangular
from autograd.ops.pointwise.arithmetic import quotient

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


# -- symmetric and Hermitian matrices -------------------------------------------------------------


class Eigh(Function):
    takes_complex = True

    def forward(self, a, triangle):
        values, vectors = np.linalg.eigh(a, UPLO=triangle)
        return values, vectors

    def grad_a(self, g, out):
        (values, v), (gvalues, gv) = out, conjugated(g)
        n = values.shape[-1]
        if gv is None:
            return conjugated(np.matmul(v * np.expand_dims(gvalues, -2), adjoint(v)))
        turn = np.matmul(adjoint(v), gv)
        check_phases("eigh", np.diagonal(turn, 0, -2, -1), "eigenvectors")
        inner = quotient(*_apart(0.5 * (turn - adjoint(turn)), values))
        if gvalues is not None:
            inner = inner + on_diagonal(gvalues, n)
        return conjugated(np.matmul(v, np.matmul(inner, adjoint(v))))


class EigenvaluesOfHermitian(Function):
    takes_complex = True

    def forward(self, a, triangle):
        self.triangle = triangle
        return np.linalg.eigvalsh(a, UPLO=triangle)

    def grad_a(self, g, a):
        _, v = Eigh.apply(a, self.triangle)
        return conjugated(np.matmul(v * np.expand_dims(g, -2), adjoint(v)))


def _apart(x: Any, values: Any) -> tuple[Any, Any]:
    """``x`` beside its diagonal, and λⱼ - λᵢ there."""
    one = on_diagonal(np.ones(values.shape, np.real(values).dtype, like=values), values.shape[-1])
    return x * (1 - one), np.expand_dims(values, -2) - np.expand_dims(values, -1) + one


def _triangle(call: str, UPLO: Any) -> str:
    if not isinstance(UPLO, str) or UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"{call}: UPLO must be 'L' or 'U'; got {UPLO!r:.60}.")
    return UPLO.upper()


def eigh(A: Tensor, UPLO: str = "L") -> LinalgEighResult:
    r""":math:`A = V\, \mathrm{diag}(L)\, V^H` of symmetric or Hermitian A: real L, orthonormal V.

    Shapes: A (*, n, n) -> eigenvalues (*, n), which ascend, and eigenvectors (*, n, n), in columns.
    Only the lower triangle of A is read, with ``UPLO="U"`` the upper; the gradient is that of all
    elements of a symmetric matrix.

    The gradient of V is finite where the eigenvalues differ; elsewhere only for a loss that does
    not depend on which basis was chosen for the vectors of one value. That of L always is. Complex
    vectors are determined but for their phases: the backward pass of a loss that depends on them is
    a RuntimeError. Raises RuntimeError for what is no square matrix of floats.

    >>> import autograd
    >>> autograd.linalg.eigh(autograd.tensor([[2.0, 1.0], [1.0, 2.0]])).eigenvalues
    tensor([1., 3.])
    """
    check_square("linalg.eigh", A=A)
    triangle = _triangle("linalg.eigh", UPLO)
    return LinalgEighResult(*converged("linalg.eigh", Eigh, A, triangle))


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of symmetric or Hermitian matrices, without vectors; see :func:`eigh`.

    Shapes: (*, n, n) -> (*, n), which ascend. The gradient is finite everywhere. Raises what
    :func:`eigh` raises.

    >>> import autograd
    >>> autograd.linalg.eigvalsh(autograd.tensor([[2.0, 1.0], [1.0, 2.0]]))
    tensor([1., 3.])
    """
    check_square("linalg.eigvalsh", A=A)
    triangle = _triangle("linalg.eigvalsh", UPLO)
    return converged("linalg.eigvalsh", EigenvaluesOfHermitian, A, triangle)


# -- any square matrices --------------------------------------------------------------------------


class Eig(Function):
    """Complex, whether A is or not; vectors have the norm 1."""

    takes_complex = True

    def forward(self, a):
        self.real = not dtypes.complex_valued(a.dtype)
        values, vectors = np.linalg.eig(a)
        double = a.dtype == np.float64 or a.dtype == dtypes.complex128
        dtype = dtypes.complex128 if double else dtypes.complex64
        return values.astype(dtype), vectors.astype(dtype)

    def grad_a(self, g, out):
        (values, v), (gvalues, gv) = out, conjugated(g)
        n = values.shape[-1]
        inner: Any = 0 if gvalues is None else on_diagonal(gvalues, n)
        if gv is not None:
            turn = np.matmul(adjoint(v), gv)
            along = np.diagonal(turn, 0, -2, -1)
            check_phases("eig", along, "eigenvectors")
            turn = turn - np.matmul(adjoint(v), v * np.expand_dims(np.real(along), -2))
            inner = inner + quotient(*_apart(turn, np.conjugate(values)))
        q, r = QR.apply(adjoint(v))  # Vᴴ X = inner Vᴴ
        right = np.matmul(adjoint(q), np.matmul(inner, adjoint(v)))
        d = conjugated(SolveTriangular.apply(r, right, upper=True))
        return np.real(d) if self.real else d


class Eigenvalues(Function):
    """For matrices that do not require grad: the values alone, which may come in another order."""

    takes_complex = True

    def forward(self, a):
        double = a.dtype == np.float64 or a.dtype == dtypes.complex128
        return np.linalg.eigvals(a).astype(dtypes.complex128 if double else dtypes.complex64)


def eig(A: Tensor) -> LinalgEigResult:
    r""":math:`A = V\, \mathrm{diag}(L)\, V^{-1}`: complex eigenvalues, and vectors of norm 1.

    Shapes: A (*, n, n) -> eigenvalues (*, n), in no order, and eigenvectors (*, n, n), in columns.

    The gradient is finite where the eigenvalues differ. Vectors are determined but for their
    phases: the backward pass of a loss that depends on them is a RuntimeError. Raises LinAlgError
    for what is not finite, RuntimeError for what is no square matrix of floats.

    >>> import autograd
    >>> autograd.linalg.eig(autograd.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    check_square("linalg.eig", A=A)
    return LinalgEigResult(*converged("linalg.eig", Eig, A))


def eigvals(A: Tensor) -> Tensor:
    """The eigenvalues of square matrices, complex, in no order; see :func:`eig`.

    Shapes: (*, n, n) -> (*, n). Raises LinAlgError for what is not finite, RuntimeError for what is
    no square matrix of floats.

    >>> import autograd
    >>> autograd.linalg.eigvals(autograd.tensor([[0.0, -1.0], [1.0, 0.0]]))
    tensor([0.+1.j, 0.-1.j])
    """
    check_square("linalg.eigvals", A=A)
    if mode.grad and getattr(A, "_edge", None) is not None:
        return converged("linalg.eigvals", Eig, A)[0]
    return converged("linalg.eigvals", Eigenvalues, A)
