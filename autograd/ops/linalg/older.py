"""Functions that linalg has replaced by others of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.ops.linalg import lu as newer

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["lu", "lu_solve"]


def lu(A: Tensor, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """The packed factors and the pivots, with ``get_infos`` the info, too.

    :func:`autograd.linalg.lu_factor` and lu_factor_ex have replaced it.

    >>> import autograd
    >>> packed, pivots = autograd.lu(autograd.tensor([[1.0, 2.0], [4.0, 4.0]]))
    >>> packed
    tensor([[4.0000, 4.0000],
            [0.2500, 1.0000]])
    """
    if get_infos:
        return tuple(newer.lu_factor_ex(A, pivot=pivot))
    return tuple(newer.lu_factor(A, pivot=pivot))


def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """The x of A x = b, from the factors of A; :func:`autograd.linalg.lu_solve` has replaced it.

    >>> import autograd
    >>> factors = autograd.linalg.lu_factor(autograd.tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> autograd.lu_solve(autograd.ones(2, 1), *factors)
    tensor([[0.5000],
            [0.2500]])
    """
    return newer.lu_solve(LU_data, LU_pivots, b)
