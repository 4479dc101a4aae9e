"""Factors of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.linalg import LinAlgError

from autograd.arrays.arguments import check_tensors
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.ops.linalg.solve import SolveTriangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["cholesky"]


class Cholesky(Function):
    """Reads the lower triangle; the gradient is symmetric (Murray 2016, arXiv:1602.07527)."""

    def forward(self, a):
        return np.linalg.cholesky(a)

    def grad_a(self, g, out):
        n = out.shape[-1]
        weight = np.tri(n, dtype=out.dtype, like=out) - 0.5 * np.eye(n, dtype=out.dtype, like=out)
        lower = np.matmul(np.swapaxes(out, -1, -2), g)
        lower = lower * weight
        upper = np.swapaxes(out, -1, -2)
        half = SolveTriangular.apply(upper, lower, upper=True)
        half = SolveTriangular.apply(upper, np.swapaxes(half, -1, -2), upper=True)
        return 0.5 * (half + np.swapaxes(half, -1, -2))


@in_float32
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    r"""The lower triangular L, with a positive diagonal, of :math:`A = L L^\top`.

    Shapes: A (*, n, n), symmetric and positive-definite -> (*, n, n). With ``upper`` it is
    :math:`L^\top`. Only the lower triangle of A is read; its gradient is symmetric. Raises
    ValueError for other shapes, RuntimeError where A is not positive-definite.

    >>> import autograd
    >>> autograd.cholesky(autograd.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    check_tensors("cholesky", input=input)
    if input.ndim < 2 or input.shape[-1] != input.shape[-2]:
        raise ShapeError(
            f"cholesky: input must be square matrices (*, n, n); got shape {tuple(input.shape)}."
        )
    try:
        factor = Cholesky.apply(input)
    except LinAlgError:
        raise RuntimeError(
            "cholesky: input must be positive-definite; a matrix is not. Add a small multiple of "
            "the identity."
        ) from None
    return np.swapaxes(factor, -1, -2) if upper else factor
