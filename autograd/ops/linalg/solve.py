"""Systems of linear equations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.lu import no_pivot
from autograd.ops.linalg.matrices import (
    check_matrices,
    check_one_dtype,
    check_square,
    examined,
    of_one_batch,
    singular,
)
from autograd.ops.linalg.return_types import LinalgSolveExResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class Solve(Function):
    """a x = b for stacks of matrices of one batch."""

    takes_complex = True

    def forward(self, a, b):
        try:
            return np.linalg.solve(a, b)
        except np.linalg.LinAlgError:
            raise singular("linalg.solve", a) from None

    def grad_a(self, g, a, out):
        return -np.matmul(self.grad_b(g, a), np.swapaxes(out, -1, -2))

    def grad_b(self, g, a):
        return Solve.apply(np.swapaxes(a, -1, -2), g)


def _solved(call: str, A: Any, B: Any, left: bool) -> Any:
    """A and B as they go together, and how the solution goes back to B's form."""
    check_square(call, A=A)
    check_tensors(call, B=B)
    check_one_dtype(call, A=A, B=B)
    shape = tuple(B.shape)
    vector = B.ndim == 1 or (A.ndim - 1 == B.ndim and shape == tuple(A.shape[:-1]))
    if vector:
        B = np.expand_dims(B, -1)
    elif not left:
        A, B = np.swapaxes(A, -1, -2), np.swapaxes(B, -1, -2)
    check_matrices(call, B=B)
    if A.shape[-1] != B.shape[-2]:
        raise ShapeError(
            f"{call}: A (*, n, n) needs B of shape {'(*, n, k)' if left else '(*, k, n)'}, or "
            f"(*, n) with A's batch; got shapes {tuple(A.shape)} and {shape}."
        )
    if vector and not left:
        raise ShapeError(
            f"{call}: a vector stands on the right, so left must be True; got B of shape {shape}."
        )
    return (*of_one_batch(call, A, B), vector)


def _put_back(x: Any, vector: bool, left: bool) -> Any:
    if vector:
        return np.squeeze(x, -1)
    return x if left else np.swapaxes(x, -1, -2)


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    r"""The X of :math:`A X = B`; without ``left`` that of :math:`X A = B`.

    Shapes: A (*, n, n), B (*, n, k), without ``left`` (*, k, n) -> as B; batches broadcast. A B of
    one axis is a vector, and so is one of A's shape without its last axis. Raises ShapeError for
    shapes that do not fit, LinAlgError where a matrix is singular, with the batch element.

    >>> import autograd
    >>> a = autograd.tensor([[2.0, 0.0], [0.0, 4.0]])
    >>> autograd.linalg.solve(a, autograd.tensor([1.0, 1.0]))
    tensor([0.5000, 0.2500])
    """
    a, b, vector = _solved("linalg.solve", A, B, left)
    return _put_back(Solve.apply(a, b), vector, left)


def solve_ex(
    A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False
) -> LinalgSolveExResult:
    """:func:`solve`, and ``info`` for each matrix, int32: 0, or where it is singular, and the
    solution is NaN, the place of the first 0 on U's diagonal.

    Shapes: as :func:`solve`, and info (*). Raises ShapeError for shapes that do not fit; with
    ``check_errors`` LinAlgError for a singular matrix.

    >>> import autograd
    >>> a = autograd.tensor([[1.0, 2.0], [2.0, 4.0]])
    >>> autograd.linalg.solve_ex(a, autograd.ones(2)).info
    tensor(2, dtype=autograd.int32)
    """
    a, b, vector = _solved("linalg.solve_ex", A, B, left)
    x, info = examined(Solve.apply, no_pivot, check_errors, a, b)
    return LinalgSolveExResult(_put_back(x, vector, left), info)


def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None) -> Tensor:
    """The X of tensordot(A, X, X.ndim) = B, for A as a matrix of B's axes by the rest.

    Shapes: A (*b, *x), where prod(b) = prod(x), B (*b) -> (*x). Before all else the axes ``dims``
    of A are moved to its end. Raises ShapeError where the sizes do not agree.

    >>> import autograd
    >>> autograd.linalg.tensorsolve(2 * autograd.eye(4).reshape(2, 2, 4), autograd.ones(2, 2))
    tensor([0.5000, 0.5000, 0.5000, 0.5000])
    """
    check_tensors("linalg.tensorsolve", A=A, B=B)
    moved: Any = A
    if dims is not None:
        moving = [axis_of("linalg.tensorsolve", A, dim) for dim in dims]
        rest = [axis for axis in range(A.ndim) if axis not in moving]
        moved = np.transpose(A, (*rest, *moving))
    shape = tuple(moved.shape[B.ndim :])
    n = math.prod(shape)
    if math.prod(moved.shape) != n * n or math.prod(B.shape) != n:
        raise ShapeError(
            "linalg.tensorsolve: B must have as many elements as A's axes after B.ndim, and A as "
            f"many squared; got shapes {tuple(A.shape)} and {tuple(B.shape)}."
        )
    matrix: Any = np.reshape(moved, (n, n))
    vector: Any = np.reshape(B, (n,))
    solution: Any = np.reshape(solve(matrix, vector), shape)
    return solution


@implements(np.linalg.solve)
def _numpys(a: Any, b: Any) -> Any:
    vector = b.ndim == 1
    a, b = of_one_batch("np.linalg.solve", a, np.expand_dims(b, -1) if vector else b)
    return _put_back(Solve.apply(a, b), vector, True)
