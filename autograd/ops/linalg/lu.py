"""The factors P, L and U of matrices, and what is solved with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.lu import lu_factored, order_of
from autograd.ops.linalg.matrices import (
    check_matrices,
    check_square,
    conjugated,
    first_zero,
    of_one_batch,
    refuse_zeros,
)
from autograd.ops.linalg.return_types import (
    LinalgLuFactorExResult,
    LinalgLuFactorResult,
    LinalgLuResult,
    LuUnpackResult,
)
from autograd.ops.linalg.triangular import SolveTriangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["lu_unpack"]

_TAKE = "linalg.lu and lu_factor_ex take"


class LUFactor(Function):
    """L (without its diagonal) and U in one array, and the pivots."""

    takes_complex = True

    def forward(self, a):
        return lu_factored(a)

    def grad_a(self, g, out):
        packed, pivots = out
        g, (m, n) = g[0], packed.shape[-2:]
        k = min(m, n)
        square, slope = packed[..., :k, :k], g[..., :k, :k]
        lower, upper = np.swapaxes(np.tril(square, -1), -1, -2), np.triu(square)
        of_l, of_u = np.tril(slope, -1), np.triu(slope)
        of_l = of_l + np.matmul(lower, of_l)
        of_u = np.matmul(of_u, np.swapaxes(upper, -1, -2))
        right, below = g[..., :k, k:], g[..., k:, :k]
        if n > m:
            of_l = of_l - np.matmul(right, np.swapaxes(packed[..., :k, k:], -1, -2))
        if m > n:
            of_u = of_u - np.matmul(np.swapaxes(packed[..., k:, :k], -1, -2), below)
        inner = np.tril(of_l, -1) + np.triu(of_u)
        if n > m:
            inner = np.concatenate((_over_upper(inner, square), right), axis=-1)
            inner = _under_lower(inner, square)
        else:
            inner = _over_upper(_under_lower(inner, square), square)
        if m > n:
            inner = np.concatenate((inner, _over_upper(below, square)), axis=-2)
        return rows_of(inner, np.argsort(order_of(pivots, rows=m), axis=-1))


def _under_lower(x, packed):
    """L⁻ᵀ x."""
    return SolveTriangular.apply(np.swapaxes(packed, -1, -2), x, upper=True, unit=True)


def _over_upper(x, packed):
    """x U⁻ᵀ."""
    turned = SolveTriangular.apply(packed, np.swapaxes(x, -1, -2), upper=True)
    return np.swapaxes(turned, -1, -2)


def rows_of(x: Any, order: Any) -> Any:
    """The rows of matrices in that order, int64 (*, m)."""
    index = np.broadcast_to(np.expand_dims(order, -1), (*order.shape, x.shape[-1]))
    return np.take_along_axis(x, index, axis=-2)


# -- factors ---------------------------------------------------------------------------------------


def _factored(call: str, A: Any, pivot: bool) -> Any:
    check_matrices(call, A=A)
    if not pivot:
        raise placed(
            RuntimeError(
                f"{call}: pivot must be True, since factors without pivoting need not exist; got "
                "False."
            )
        )
    return LUFactor.apply(A)


def lu_factor_ex(
    A: Tensor, *, pivot: bool = True, check_errors: bool = False
) -> LinalgLuFactorExResult:
    """:func:`lu_factor`, and ``info`` for each matrix, int32: 0, or the place of the first 0 on U's
    diagonal, with which :func:`lu_solve` would divide by 0.

    Shapes: A (*, m, n) -> LU (*, m, n), pivots (*, min(m, n)), info (*). Raises ShapeError for
    other shapes; with ``check_errors`` LinAlgError for such a matrix.

    >>> import autograd
    >>> autograd.linalg.lu_factor_ex(autograd.tensor([[1.0, 2.0], [2.0, 4.0]])).info
    tensor(2, dtype=autograd.int32)
    """
    packed, pivots = _factored("linalg.lu_factor_ex", A, pivot)
    info = first_zero(unwrap(packed))
    if check_errors:
        refuse_zeros("linalg.lu_factor_ex", "U", info, _TAKE)
    return LinalgLuFactorExResult(packed, pivots, wrap(info, None))


def lu_factor(A: Tensor, *, pivot: bool = True) -> LinalgLuFactorResult:
    r"""The factors of :math:`A = P L U` in one array: U from the diagonal on, L below it.

    Shapes: A (*, m, n) -> LU (*, m, n), pivots int32 (*, min(m, n)): row i was exchanged with row
    pivots[i], counted from 1. :func:`lu_solve` and :func:`autograd.lu_unpack` take them. Raises
    ShapeError for other shapes, LinAlgError for a 0 on U's diagonal.

    >>> import autograd
    >>> autograd.linalg.lu_factor(autograd.tensor([[1.0, 2.0], [4.0, 4.0]]))
    torch.return_types.linalg_lu_factor(
    LU=tensor([[4.0000, 4.0000],
            [0.2500, 1.0000]]),
    pivots=tensor([2, 2], dtype=autograd.int32))
    """
    packed, pivots, info = lu_factor_ex(A, pivot=pivot)
    refuse_zeros("linalg.lu_factor", "U", unwrap(info), _TAKE)
    return LinalgLuFactorResult(packed, pivots)


def lu(A: Tensor, *, pivot: bool = True) -> LinalgLuResult:
    r"""The factors of :math:`A = P L U`: a permutation, lower triangular with ones on the diagonal,
    upper triangular.

    Shapes: A (*, m, n) -> P (*, m, m), L (*, m, k), U (*, k, n), where k = min(m, n). Raises
    ShapeError for other shapes.

    >>> import autograd
    >>> autograd.linalg.lu(autograd.tensor([[1.0, 2.0], [4.0, 4.0]])).L
    tensor([[1.0000, 0.0000],
            [0.2500, 1.0000]])
    """
    packed, pivots = _factored("linalg.lu", A, pivot)
    return LinalgLuResult(_permutation(packed, pivots), *_factors(packed))


def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True
) -> LuUnpackResult:
    """P, L and U from what :func:`autograd.linalg.lu_factor` gives; empty what is not unpacked.

    Shapes: LU_data (*, m, n), LU_pivots int32 (*, min(m, n)) -> as :func:`autograd.linalg.lu`.
    Raises RuntimeError for what is no matrix of floats, and for pivots that are not int32.

    Raises RuntimeError for pivots of another dtype.

    >>> import autograd
    >>> packed = autograd.linalg.lu_factor(autograd.tensor([[1.0, 2.0], [4.0, 4.0]]))
    >>> autograd.lu_unpack(*packed).U
    tensor([[4., 4.],
            [0., 1.]])
    """
    check_matrices("lu_unpack", LU_data=LU_data)
    check_tensors("lu_unpack", LU_pivots=LU_pivots)
    if LU_pivots.dtype != dtypes.int32:
        raise placed(
            RuntimeError(
                f"lu_unpack: LU_pivots must be int32, as lu_factor gives them; got "
                f"{LU_pivots.dtype}. Convert them: LU_pivots.int()."
            )
        )
    none = wrap(np.zeros((0,), LU_data.dtype, like=unwrap(LU_data)), None)
    lower, upper = _factors(LU_data) if unpack_data else (none, none)
    permutation = _permutation(LU_data, LU_pivots) if unpack_pivots else none
    return LuUnpackResult(permutation, lower, upper)


def _permutation(packed: Any, pivots: Any) -> Any:
    rows = packed.shape[-2]
    order = np.expand_dims(order_of(unwrap(pivots), rows=rows), -2)
    places = np.reshape(np.arange(rows, like=order), (rows, 1))
    return wrap(np.equal(order, places).astype(unwrap(packed).dtype), None)


def _factors(packed: Any) -> tuple[Any, Any]:
    m, n = packed.shape[-2:]
    k = min(m, n)
    eye = np.eye(m, k, dtype=packed.dtype, like=unwrap(packed))
    return np.tril(packed[..., :, :k], -1) + wrap(eye, None), np.triu(packed[..., :k, :])


# -- systems ---------------------------------------------------------------------------------------


def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False
) -> Tensor:
    r"""The X of :math:`A X = B`, from the factors of A that :func:`lu_factor` gives.

    Without ``left`` it is that of :math:`X A = B`; with ``adjoint``, :math:`A^H` stands for A.
    Shapes: LU (*, n, n), pivots (*, n), B (*, n, k), without ``left`` (*, k, n) -> as B; batches
    broadcast. Raises ShapeError for shapes that do not fit.

    >>> import autograd
    >>> factors = autograd.linalg.lu_factor(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> autograd.linalg.lu_solve(*factors, autograd.ones(2, 1))
    tensor([[0.5000],
            [0.2500]])
    """
    check_square("linalg.lu_solve", LU=LU)
    check_tensors("linalg.lu_solve", pivots=pivots)
    check_matrices("linalg.lu_solve", LU=LU, B=B)
    if B.shape[-2 if left else -1] != LU.shape[-1] or pivots.shape != LU.shape[:-1]:
        raise ShapeError(
            "linalg.lu_solve: expected LU (*, n, n), pivots (*, n) and B "
            f"{'(*, n, k)' if left else '(*, k, n)'}; got shapes {tuple(LU.shape)}, "
            f"{tuple(pivots.shape)} and {tuple(B.shape)}."
        )
    order = order_of(unwrap(pivots), rows=LU.shape[-1])
    b: Any = B if left else np.swapaxes(B, -1, -2)
    turned = bool(adjoint) == bool(left)
    x = _solved(LU, order, conjugated(b) if adjoint else b, turned)
    x = conjugated(x) if adjoint else x
    return x if left else np.swapaxes(x, -1, -2)


def _solved(packed: Any, order: Any, b: Any, turned: bool) -> Any:
    """The x of P L U x = b, ``turned`` of (P L U)ᵀ x = b."""
    packed, b = of_one_batch("linalg.lu_solve", packed, b)
    order = np.broadcast_to(order, packed.shape[:-1])
    if not turned:
        x = SolveTriangular.apply(packed, rows_of(b, order), upper=False, unit=True)
        return SolveTriangular.apply(packed, x, upper=True)
    packed = np.swapaxes(packed, -1, -2)
    x = SolveTriangular.apply(packed, b, upper=False)
    x = SolveTriangular.apply(packed, x, upper=True, unit=True)
    return rows_of(x, np.argsort(order, axis=-1))
