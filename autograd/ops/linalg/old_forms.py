"""Factorisations under the names, and in the forms, that they had before ``linalg``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.ops.linalg import lu as triangles, pseudoinverse, qr as factors, svd as singular
from autograd.ops.linalg.matrices import adjoint
from autograd.ops.linalg.return_types import QrResult, SvdResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["lu", "lu_solve", "pinverse", "qr", "svd"]


def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> SvdResult:
    """U, S and V, itself and not its adjoint, as :func:`autograd.linalg.svd` has them.

    Shapes: (*, m, n), k = min(m, n) -> (*, m, k), (*, k) and (*, n, k). Without ``some`` U and V
    are square; without ``compute_uv`` they are square zeros. Raises what linalg.svd raises.

    >>> import autograd
    >>> autograd.svd(autograd.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    if not compute_uv:
        s = singular.svdvals(input)
        m, n = input.shape[-2:]
        lead = tuple(input.shape[:-2])
        zeros = [np.zeros((*lead, k, k), input.dtype, like=input) for k in (m, n)]
        return SvdResult(zeros[0], s, zeros[1])
    u, s, vh = singular.svd(input, full_matrices=not some)
    return SvdResult(u, s, adjoint(vh))


def qr(input: Tensor, some: bool = True) -> QrResult:
    """Q and R as :func:`autograd.linalg.qr` has them; without ``some``, "complete".

    Shapes: (*, m, n), k = min(m, n) -> (*, m, k) and (*, k, n). Raises what linalg.qr raises.

    >>> import autograd
    >>> autograd.qr(autograd.ones(3, 2)).Q.shape
    autograd.Size([3, 2])
    """
    return QrResult(*factors.qr(input, "reduced" if some else "complete"))


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """:func:`autograd.linalg.pinv`, with a tolerance for float64.

    Shapes: (*, m, n) -> (*, n, m). Raises what linalg.pinv raises.

    >>> import autograd
    >>> autograd.pinverse(autograd.tensor([[2.0]]))
    tensor([[0.5000]])
    """
    return pseudoinverse.pinv(input, rcond)


def lu(A: Tensor, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """The packed factors and the pivots, with ``get_infos`` the info, too.

    Shapes: A (*, m, n) -> (*, m, n), int32 (*, min(m, n)), and info (*).
    :func:`autograd.linalg.lu_factor` and lu_factor_ex have replaced it, and raise what it raises.

    >>> import autograd
    >>> packed, pivots = autograd.lu(autograd.tensor([[1.0, 2.0], [4.0, 4.0]]))
    >>> packed
    tensor([[4.0000, 4.0000],
            [0.2500, 1.0000]])
    """
    if get_infos:
        return tuple(triangles.lu_factor_ex(A, pivot=pivot))
    return tuple(triangles.lu_factor(A, pivot=pivot))


def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """The x of A x = b, from the factors of A; :func:`autograd.linalg.lu_solve` has replaced it.

    Shapes: b (*, n, k), LU_data (*, n, n), LU_pivots (*, n) -> as b. Raises what that one raises.

    >>> import autograd
    >>> factors = autograd.linalg.lu_factor(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> autograd.lu_solve(autograd.ones(2, 1), *factors)
    tensor([[0.5000],
            [0.2500]])
    """
    return triangles.lu_solve(LU_data, LU_pivots, b)
