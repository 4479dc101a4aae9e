"""Systems of linear equations with triangular matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.arrays.arguments import check_tensors
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.shape.expand import Expand

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["cholesky_solve", "solve_triangular"]


class SolveTriangular(Function):
    def forward(self, a, b, *, upper):
        self.upper = upper
        return np.linalg.solve(np.triu(a) if upper else np.tril(a), b)

    def grad_a(self, g, a, out):
        product = np.matmul(self.grad_b(g, a), np.swapaxes(out, -1, -2))
        return -(np.triu(product) if self.upper else np.tril(product))

    def grad_b(self, g, a):
        return SolveTriangular.apply(np.swapaxes(a, -1, -2), g, upper=not self.upper)


def _fitted(call: str, a: Tensor, b: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """The matrices of one batch shape."""
    ends = (tuple(a.shape[-2:]), tuple(b.shape[-2:]))
    if a.ndim < 2 or b.ndim < 2 or ends[0][0] != ends[0][1] or ends[1][side] != ends[0][0]:
        raise ShapeError(
            f"{call}: needs square matrices (*, n, n) and right sides (*, n, k); got shapes "
            f"{tuple(a.shape)} and {tuple(b.shape)}."
        )
    try:
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise ShapeError(
            f"{call}: batches must broadcast; got shapes {tuple(a.shape)} and {tuple(b.shape)}."
        ) from None
    return Expand.apply(a, batch + ends[0]), Expand.apply(b, batch + ends[1])


@in_float32
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    r"""The X of :math:`A X = B` for triangular A; without ``left`` that of :math:`X A = B`.

    Shapes: A (*, n, n), B (*, n, k), without ``left`` (*, k, n) -> as B. The other triangle of A is
    not read; with ``unitriangular`` neither is the diagonal, which counts as 1. Raises ValueError
    for shapes that do not fit, RuntimeError for a zero on the diagonal.

    >>> import autograd
    >>> a = autograd.tensor([[2.0, 0.0], [1.0, 1.0]])
    >>> autograd.solve_triangular(a, autograd.tensor([[2.0], [3.0]]), upper=False)
    tensor([[1.],
            [2.]])
    """
    check_tensors("solve_triangular", A=A, B=B)
    A, B = _fitted("solve_triangular", A, B, -2 if left else -1)
    if unitriangular:
        own = wrap(np.eye(A.shape[-1], dtype=A.dtype, like=unwrap(A)), None)
        A = A * (1 - own) + own
    try:
        if left:
            return SolveTriangular.apply(A, B, upper=bool(upper))
        flipped = np.swapaxes(A, -1, -2), np.swapaxes(B, -1, -2)
        return np.swapaxes(SolveTriangular.apply(*flipped, upper=not upper), -1, -2)
    except LinAlgError:
        raise RuntimeError("solve_triangular: A's diagonal must not hold 0; it does.") from None


@in_float32
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    r"""The X of :math:`L L^\top X = B`, from the factor that :func:`cholesky` gives.

    Shapes: B (*, n, k), L (*, n, n), upper triangular with ``upper`` -> (*, n, k). Raises as
    :func:`solve_triangular` does.

    >>> import autograd
    >>> factor = autograd.tensor([[2.0, 0.0], [1.0, 2.0]])
    >>> autograd.cholesky_solve(autograd.tensor([[6.0], [7.0]]), factor)
    tensor([[1.],
            [1.]])
    """
    check_tensors("cholesky_solve", B=B, L=L)
    other: Any = np.swapaxes(L, -1, -2)
    lower, upper_one = (other, L) if upper else (L, other)
    return solve_triangular(upper_one, solve_triangular(lower, B, upper=False), upper=True)
