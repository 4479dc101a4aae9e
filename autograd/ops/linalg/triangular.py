"""Systems of linear equations with triangular matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.triangular import triangular_solved
from autograd.ops.linalg.matrices import check_square, of_one_batch
from autograd.ops.linalg.return_types import TriangularSolveResult
from autograd.ops.shape.reshape import Clone

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["solve_triangular", "triangular_solve"]


class SolveTriangular(Function):
    """The other triangle of a is not read, nor, with ``unit``, its diagonal."""

    takes_complex = True

    def forward(self, a, b, *, upper, unit=False):
        self.upper, self.unit = upper, unit
        return triangular_solved(a, b, upper=upper, unit=unit)

    def grad_a(self, g, a, out):
        product = np.matmul(self.grad_b(g, a), np.swapaxes(out, -1, -2))
        edge = int(self.unit)
        return -(np.triu(product, edge) if self.upper else np.tril(product, -edge))

    def grad_b(self, g, a):
        turned = np.swapaxes(a, -1, -2)
        return SolveTriangular.apply(turned, g, upper=not self.upper, unit=self.unit)


@in_float32
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    r"""The X of :math:`A X = B` for triangular A; without ``left`` that of :math:`X A = B`.

    Shapes: A (*, n, n), B (*, n, k), without ``left`` (*, k, n) -> as B; batches broadcast. The
    other triangle of A is not read; with ``unitriangular`` neither is the diagonal, which counts as
    1. A zero on the diagonal gives infinities and NaN. Raises ShapeError for shapes that do not
    fit, RuntimeError for several dtypes and for what does not hold floats.

    >>> import autograd
    >>> a = autograd.tensor([[2.0, 0.0], [1.0, 1.0]])
    >>> autograd.solve_triangular(a, autograd.tensor([[2.0], [3.0]]), upper=False)
    tensor([[1.],
            [2.]])
    """
    call = "solve_triangular"
    check_tensors(call, A=A, B=B)
    if min(A.ndim, B.ndim) < 2 or A.shape[-2] != A.shape[-1] != B.shape[-2 if left else -1]:
        raise ShapeError(
            f"{call}: needs square matrices (*, n, n) and right sides "
            f"{'(*, n, k)' if left else '(*, k, n)'}; got shapes {tuple(A.shape)} and "
            f"{tuple(B.shape)}."
        )
    check_square(call, A=A)
    A, B = of_one_batch(call, A, B)
    upper, unit = bool(upper), bool(unitriangular)
    if left:
        return SolveTriangular.apply(A, B, upper=upper, unit=unit)
    flipped = np.swapaxes(A, -1, -2), np.swapaxes(B, -1, -2)
    return np.swapaxes(SolveTriangular.apply(*flipped, upper=not upper, unit=unit), -1, -2)


def triangular_solve(
    b: Tensor,
    A: Tensor,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
) -> TriangularSolveResult:
    r"""The X of :math:`A X = b`, with ``transpose`` of :math:`A^\top X = b`, and a copy of A.

    Shapes: b (*, n, k), A (*, n, n) -> as b, and as A; batches broadcast.
    :func:`autograd.linalg.solve_triangular` has replaced it, and raises what it raises.

    >>> import autograd
    >>> a = autograd.tensor([[1.0, 1.0], [0.0, 2.0]])
    >>> autograd.triangular_solve(autograd.tensor([[3.0], [4.0]]), a).solution
    tensor([[1.],
            [2.]])
    """
    check_tensors("triangular_solve", b=b, A=A)
    turned: Any = np.swapaxes(A, -1, -2) if transpose else A
    solution = solve_triangular(
        turned, b, upper=bool(upper) != bool(transpose), unitriangular=unitriangular
    )
    return TriangularSolveResult(solution, Clone.apply(of_one_batch("", A, b)[0], "C"))
