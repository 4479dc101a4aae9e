"""Inverses of matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, count_of
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.lu import no_pivot
from autograd.ops.linalg.matrices import check_square, examined, singular
from autograd.ops.linalg.return_types import LinalgInvExResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["inverse"]


@implements(np.linalg.inv)
class Inverse(Function):
    takes_complex = True

    def forward(self, a):
        try:
            return np.linalg.inv(a)
        except np.linalg.LinAlgError:
            raise singular("linalg.inv", a) from None

    def grad_a(self, g, out):
        turned = np.swapaxes(out, -1, -2)
        return -np.matmul(np.matmul(turned, g), turned)


def inv(A: Tensor) -> Tensor:
    r"""The inverse of square matrices; :math:`dA^{-1} = -A^{-1}\, dA\, A^{-1}`.

    Shapes: A (*, n, n) -> the same. Raises ShapeError for other shapes, LinAlgError where a matrix
    is singular, with the batch element. To solve equations, :func:`solve` is faster and more exact.

    >>> import autograd
    >>> autograd.linalg.inv(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check_square("linalg.inv", A=A)
    return Inverse.apply(A)


def inverse(input: Tensor) -> Tensor:
    """:func:`autograd.linalg.inv`, with its shapes and what it raises: A (*, n, n) -> the same.

    >>> import autograd
    >>> autograd.inverse(autograd.tensor([[0.0, 2.0], [1.0, 0.0]]))
    tensor([[0.0000, 1.0000],
            [0.5000, 0.0000]])
    """
    return inv(input)


def inv_ex(A: Tensor, *, check_errors: bool = False) -> LinalgInvExResult:
    """:func:`inv`, and ``info`` for each matrix, int32: 0, or where it is singular, and the inverse
    is NaN, the place of the first 0 on U's diagonal.

    Shapes: A (*, n, n) -> the same, and info (*). Raises ShapeError for other shapes; with
    ``check_errors`` LinAlgError for a singular matrix.

    >>> import autograd
    >>> autograd.linalg.inv_ex(autograd.tensor([[1.0, 2.0], [2.0, 4.0]])).info
    tensor(2, dtype=autograd.int32)
    """
    check_square("linalg.inv_ex", A=A)
    return LinalgInvExResult(*examined(Inverse.apply, no_pivot, check_errors, A))


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse for tensordot: of A as a matrix of its first ``ind`` axes by the rest.

    Shapes: A (*a, *b), prod(a) = prod(b) -> (*b, *a). Raises ShapeError where that is not so,
    ValueError for ``ind`` below 1.

    >>> import autograd
    >>> autograd.linalg.tensorinv(autograd.eye(4).reshape(2, 2, 4), ind=2).shape
    autograd.Size([4, 2, 2])
    """
    check_tensors("linalg.tensorinv", A=A)
    ind = count_of("linalg.tensorinv", "ind", ind, 1)
    first, rest = tuple(A.shape[:ind]), tuple(A.shape[ind:])
    if math.prod(first) != math.prod(rest):
        raise ShapeError(
            "linalg.tensorinv: the axes up to ind and those after it must have equally many "
            f"elements; got shape {tuple(A.shape)} and ind {ind}."
        )
    matrix: Any = np.reshape(A, (math.prod(first), math.prod(rest)))
    inverted: Any = np.reshape(inv(matrix), (*rest, *first))
    return inverted
