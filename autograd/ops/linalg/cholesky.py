"""The factor of a positive-definite matrix, and what is solved with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import check_flags, check_tensors
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.kernels.lu import not_positive
from autograd.ops.linalg.matrices import (
    adjoint,
    check_square,
    examined,
    first_zero,
    indefinite,
    refuse_zeros,
)
from autograd.ops.linalg.return_types import LinalgCholeskyExResult
from autograd.ops.linalg.triangular import SolveTriangular, solve_triangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["cholesky", "cholesky_inverse", "cholesky_solve"]


class Cholesky(Function):
    """Reads one triangle; the gradient is symmetric (Murray 2016, arXiv:1602.07527)."""

    takes_complex = True

    def forward(self, a, *, upper=False):
        self.upper = upper
        try:
            return adjoint(np.linalg.cholesky(adjoint(a))) if upper else np.linalg.cholesky(a)
        except np.linalg.LinAlgError:
            raise indefinite("cholesky", a) from None

    def grad_a(self, g, out):
        if self.upper:
            g, out = adjoint(g), adjoint(out)
        turned = np.swapaxes(out, -1, -2)
        lower = np.tril(np.matmul(turned, g))
        both = lower + adjoint(np.tril(lower, -1))
        half = SolveTriangular.apply(turned, both, upper=True)
        half = SolveTriangular.apply(adjoint(out), np.swapaxes(half, -1, -2), upper=True)
        return 0.5 * np.swapaxes(half, -1, -2)


@in_float32
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    r"""The lower triangular L, with a positive diagonal, of :math:`A = L L^H`.

    Shapes: A (*, n, n), symmetric (Hermitian) and positive-definite -> (*, n, n). With ``upper`` it
    is :math:`L^H`. Only the lower triangle of A is read, with ``upper`` the upper one; the gradient
    is symmetric. Raises ShapeError for other shapes, LinAlgError where A is not positive-definite.

    >>> import autograd
    >>> autograd.cholesky(autograd.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    check_square("cholesky", input=input)
    check_flags("cholesky", upper=upper)
    return Cholesky.apply(input, upper=bool(upper))


def cholesky_ex(
    A: Tensor, *, upper: bool = False, check_errors: bool = False
) -> LinalgCholeskyExResult:
    """:func:`cholesky`, and ``info`` for each matrix, int32: 0, or where it is not
    positive-definite, and L is NaN, the order of the first leading minor that is not positive.

    Shapes: A (*, n, n) -> L (*, n, n), info (*). Raises RuntimeError for what is no square matrix
    of floats; with ``check_errors`` LinAlgError for a matrix that is not positive-definite.

    >>> import autograd
    >>> autograd.linalg.cholesky_ex(autograd.tensor([[1.0, 2.0], [2.0, 1.0]])).info
    tensor(2, dtype=autograd.int32)
    """
    check_square("cholesky_ex", A=A)
    factor, info = examined(lambda a: cholesky(a, upper), not_positive, check_errors, A)
    return LinalgCholeskyExResult(factor, info)


@in_float32
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    r"""The X of :math:`L L^H X = B`, from the factor that :func:`cholesky` gives.

    Shapes: B (*, n, k), L (*, n, n), upper triangular with ``upper`` -> (*, n, k). Raises as
    :func:`solve_triangular` does.

    >>> import autograd
    >>> factor = autograd.tensor([[2.0, 0.0], [1.0, 2.0]])
    >>> autograd.cholesky_solve(autograd.tensor([[6.0], [7.0]]), factor)
    tensor([[1.],
            [1.]])
    """
    check_tensors("cholesky_solve", B=B, L=L)
    check_square("cholesky_solve", L=L)
    lower, other = (adjoint(L), L) if upper else (L, adjoint(L))
    return solve_triangular(other, solve_triangular(lower, B, upper=False), upper=True)


def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    r"""The inverse of :math:`L L^H`, from the factor that :func:`cholesky` gives.

    Shapes: L (*, n, n), upper triangular with ``upper`` -> (*, n, n). Raises RuntimeError for what
    is no square matrix of floats, LinAlgError for a 0 on L's diagonal.

    >>> import autograd
    >>> autograd.cholesky_inverse(autograd.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([[0.2500, 0.0000],
            [0.0000, 1.0000]])
    """
    check_square("cholesky_inverse", L=L)
    refuse_zeros("cholesky_inverse", "L", first_zero(unwrap(L)), "linalg.pinv takes")
    eye = wrap(np.eye(L.shape[-1], dtype=L.dtype, like=unwrap(L)), None)
    inverse = solve_triangular(L, eye, upper=upper)
    one, other = (inverse, adjoint(inverse)) if upper else (adjoint(inverse), inverse)
    return np.matmul(one, other)
