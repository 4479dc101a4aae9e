"""The factors L and D of symmetric and Hermitian matrices, and what is solved with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, check_tensors
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.ldl import ldl_factored, orders_of, turned
from autograd.ops.linalg.lu import rows_of
from autograd.ops.linalg.matrices import (
    check_matrices,
    check_square,
    of_one_batch,
    refuse_zeros,
)
from autograd.ops.linalg.return_types import LinalgLdlFactorExResult, LinalgLdlFactorResult
from autograd.ops.linalg.triangular import SolveTriangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class LDLFactor(Function):
    takes_complex = True

    def forward(self, a, *, hermitian):
        return ldl_factored(a, hermitian=hermitian)

    def grad_a(self, g):
        raise NotImplementedError(
            "ldl_factor: it has no gradient. linalg.solve and linalg.eigh have one, and ldl_solve "
            "that of its right side."
        )


def ldl_factor_ex(
    A: Tensor, *, hermitian: bool = False, check_errors: bool = False
) -> LinalgLdlFactorExResult:
    """:func:`ldl_factor`, and ``info`` for each matrix, int32: 0, or the place of the first 0 on
    D's diagonal, by which :func:`ldl_solve` would divide.

    Shapes: A (*, n, n) -> LD (*, n, n), pivots (*, n), info (*). Raises RuntimeError for what is no
    square matrix of floats; with ``check_errors`` LinAlgError for such a 0.

    >>> import autograd
    >>> autograd.linalg.ldl_factor_ex(autograd.zeros(2, 2)).info
    tensor(1, dtype=autograd.int32)
    """
    return _factored("linalg.ldl_factor_ex", A, hermitian, check_errors)


def _factored(call: str, A: Tensor, hermitian: bool, check: bool) -> LinalgLdlFactorExResult:
    check_square(call, A=A)
    check_flags(call, hermitian=hermitian)
    found = LinalgLdlFactorExResult(*LDLFactor.apply(A, hermitian=bool(hermitian)))
    if check:
        refuse_zeros(call, "D", unwrap(found.info), "linalg.ldl_factor_ex takes")
    return found


def ldl_factor(A: Tensor, *, hermitian: bool = False) -> LinalgLdlFactorResult:
    r"""The factors of :math:`P A P^\top = L D L^\top`, symmetric A, in one array: D from the
    diagonal on, the lower triangular L below it. With ``hermitian`` it is :math:`L D L^H`.

    Shapes: A (*, n, n), of which only the lower triangle is read -> LD (*, n, n) and pivots int32
    (*, n), in the form of LAPACK's sytrf: D has blocks of one row and of two, whose pivots are
    negative (Bunch & Kaufman 1977, doi:10.2307/2005787). :func:`ldl_solve` takes both. There is no
    gradient. Raises RuntimeError for what is no square matrix of floats, LinAlgError for a block of
    one that is 0.

    >>> import autograd
    >>> autograd.linalg.ldl_factor(autograd.tensor([[0.0, 2.0], [2.0, 0.0]]))
    torch.return_types.linalg_ldl_factor(
    LD=tensor([[0., 0.],
            [2., 0.]]),
    pivots=tensor([-2, -2], dtype=autograd.int32))
    """
    return LinalgLdlFactorResult(*_factored("linalg.ldl_factor", A, hermitian, True)[:2])


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False) -> Tensor:
    r"""The X of :math:`A X = B`, from the factors of A that :func:`ldl_factor` gives.

    Shapes: LD (*, n, n), pivots (*, n), B (*, n, k) -> as B; batches broadcast. ``hermitian`` as
    for the factors. Gradients are those of B and of LD, at constant pivots. Raises ShapeError for
    shapes that do not fit, RuntimeError for several dtypes and for pivots that are no integers.

    >>> import autograd
    >>> factors = autograd.linalg.ldl_factor(autograd.tensor([[0.0, 2.0], [2.0, 0.0]]))
    >>> autograd.linalg.ldl_solve(*factors, autograd.tensor([[2.0], [4.0]]))
    tensor([[2.],
            [1.]])
    """
    call = "linalg.ldl_solve"
    check_square(call, LD=LD)
    check_tensors(call, pivots=pivots)
    check_matrices(call, LD=LD, B=B)
    check_flags(call, hermitian=hermitian)
    if not dtypes.integral(pivots.dtype):
        raise placed(
            RuntimeError(
                f"{call}: pivots must be integers, as ldl_factor gives them; got {pivots.dtype}. "
                "Convert them: pivots.int()."
            )
        )
    if B.shape[-2] != LD.shape[-1] or pivots.shape != LD.shape[:-1]:
        raise ShapeError(
            f"{call}: expected LD (*, n, n), pivots (*, n) and B (*, n, k); got shapes "
            f"{tuple(LD.shape)}, {tuple(pivots.shape)} and {tuple(B.shape)}."
        )
    orders, mates = orders_of(unwrap(pivots))
    ld, b = of_one_batch(call, LD, B)
    orders = np.broadcast_to(orders, (*ld.shape[:-1], orders.shape[-1]))
    mates = np.broadcast_to(mates, ld.shape[:-1])
    return _solved(ld, orders, mates, b, bool(hermitian) and dtypes.complex_valued(LD.dtype))


def _solved(ld: Any, orders: Any, mates: Any, b: Any, hermitian: bool) -> Any:
    order, places = orders[..., 0], np.arange(ld.shape[-1], like=orders)
    inside = np.equal(np.expand_dims(places, -1), np.expand_dims(np.maximum(mates, places), -2))
    inside = np.logical_and(inside, np.expand_dims(mates > places, -2))  # elements of D, below it
    lower = np.where(inside, 0.0, np.take_along_axis(ld, orders[..., 1:], axis=-2))
    x = SolveTriangular.apply(lower, rows_of(b, order), upper=False, unit=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # a D with 0 divides by it
        x = _by_blocks(ld, inside, mates, x, hermitian)
    lower = turned(np.swapaxes(lower, -1, -2), hermitian)
    x = SolveTriangular.apply(lower, x, upper=True, unit=True)
    return rows_of(x, np.argsort(order, axis=-1))


def _by_blocks(ld: Any, inside: Any, mates: Any, z: Any, hermitian: bool) -> Any:
    """The y of D y = z, row by row; of a block of two from its row's mate, too."""
    d = np.diagonal(ld, 0, -2, -1)
    d = np.real(d) + 0 * d if hermitian else d
    e = np.where(inside, ld, 0.0)
    e = np.add.reduce(e, axis=-1) + turned(np.add.reduce(e, axis=-2), hermitian)
    d, e = np.expand_dims(d, -1), np.expand_dims(e, -1)
    paired = np.expand_dims(np.not_equal(mates, np.arange(mates.shape[-1], like=mates)), -1)
    e = np.where(paired, e, 1.0)
    d_there, z_there, across = rows_of(d, mates), rows_of(z, mates), turned(e, hermitian)
    t = d / e * (d_there / across) - 1.0
    both = (d_there / across * (z / e) - z_there / across) / np.where(paired, t, 1.0)
    return np.where(paired, both, z / np.where(paired, 1.0, d))
