"""Singular values and vectors, and the norms that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.function import Function
from autograd.ops.linalg.factoring import check_phases, converged, on_diagonal
from autograd.ops.linalg.matrices import adjoint, check_matrices, conjugated
from autograd.ops.linalg.return_types import LinalgSvdResult
from autograd.ops.pointwise.arithmetic import quotient

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class SVD(Function):
    """U (*, m, k), S (*, k), Vᴴ (*, k, n), k = min(m, n) (Wan & Zhang 2019, arXiv:1909.02659).

    Where two singular values are equal, their vectors are determined but for a rotation. A loss
    that does not change with it asks for nothing there, and has a gradient; another has none.
    """

    takes_complex = True

    def forward(self, a, full):
        u, s, vh = np.linalg.svd(a, full_matrices=full)
        return u, s, vh

    def grad_a(self, g, out):
        k = out[1].shape[-1]
        u, s, vh = out[0][..., :k], out[1], out[2][..., :k, :]
        gu, gs, gvh = conjugated(g)
        if gu is None and gvh is None:
            return conjugated(np.matmul(u * np.expand_dims(gs, -2), vh))
        row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
        one = on_diagonal(np.ones(s.shape, s.dtype, like=s), k)
        apart = row * row - column * column + one
        inner: Any = 0 if gs is None else on_diagonal(gs, k)
        size: Any = 0.0
        if gu is not None:
            gu = gu[..., :k]
            turn = _skew(np.matmul(adjoint(u), gu))
        if gvh is not None:
            gvh = gvh[..., :k, :]
            other = _skew(np.matmul(vh, adjoint(gvh)))
        if gu is not None and gvh is not None:
            phases, size = np.diagonal(turn + other, 0, -2, -1), np.diagonal(other, 0, -2, -1)
            inner = inner + quotient(turn * row + column * other, apart)
            inner = (
                inner + quotient(turn * one, 2 * row)
                if dtypes.complex_valued(turn.dtype)
                else inner
            )
        elif gu is not None:
            phases = np.diagonal(turn, 0, -2, -1)
            inner = inner + quotient(turn, apart) * row
        else:
            phases = np.diagonal(other, 0, -2, -1)
            inner = inner + column * quotient(other, apart)
        check_phases("svd", phases, "singular vectors", size)
        m, n = u.shape[-2], vh.shape[-1]
        if m > n and gu is not None:
            outside = quotient(gu, row)
            outside = outside - np.matmul(u, np.matmul(adjoint(u), outside))
            return conjugated(np.matmul(np.matmul(u, inner) + outside, vh))
        if m < n and gvh is not None:
            outside = quotient(gvh, column)
            outside = outside - np.matmul(np.matmul(outside, adjoint(vh)), vh)
            return conjugated(np.matmul(u, np.matmul(inner, vh) + outside))
        return conjugated(np.matmul(u, np.matmul(inner, vh)))


class SingularValues(Function):
    takes_complex = True

    def forward(self, a):
        return np.linalg.svd(a, compute_uv=False)

    def grad_a(self, g, a):
        u, _, vh = SVD.apply(a, False)
        return conjugated(np.matmul(u * np.expand_dims(g, -2), vh))


def _skew(x: Any) -> Any:
    return x - adjoint(x)


def svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> LinalgSvdResult:
    r""":math:`A = U\, \mathrm{diag}(S)\, V^H`: orthonormal columns, and numbers ≥ 0 that descend.

    Shapes: A (*, m, n), k = min(m, n) -> U (*, m, m), S (*, k) and Vh (*, n, n); without
    ``full_matrices`` U (*, m, k) and Vh (*, k, n). The columns beyond k have no gradient.

    The gradient of U and Vh is finite where the singular values differ from each other, and in
    matrices that are not square from 0; elsewhere only for a loss that does not depend on which
    basis was chosen for the vectors of one value. That of S always is. Complex vectors are
    determined but for their phases: the backward pass of a loss that depends on them is a
    RuntimeError.

    Raises LinAlgError for what is not finite, RuntimeError for what is no matrix of floats, and for
    a ``driver``, which GPUs have.

    >>> import autograd
    >>> autograd.linalg.svd(autograd.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    check_matrices("linalg.svd", A=A)
    if driver is not None:
        raise RuntimeError(
            f"linalg.svd: driver is for GPUs, and tensors live on the CPU; got {driver!r:.60}."
        )
    return LinalgSvdResult(*converged("linalg.svd", SVD, A, bool(full_matrices)))


def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values, without the vectors; :func:`svd` says more.

    Shapes: (*, m, n) -> (*, min(m, n)). The gradient is finite everywhere. Raises what
    :func:`svd` raises.

    Raises RuntimeError for a ``driver``, which is for GPUs, LinAlgError where the iteration ends
    nowhere.

    >>> import autograd
    >>> autograd.linalg.svdvals(autograd.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor([4., 3.])
    """
    check_matrices("linalg.svdvals", A=A)
    if driver is not None:
        raise RuntimeError(
            f"linalg.svdvals: driver is for GPUs, and tensors live on the CPU; got {driver!r:.60}."
        )
    return converged("linalg.svdvals", SingularValues, A)


def singular_norm(A: Tensor, ord: float | str, rows: int, columns: int, keepdim: bool) -> Tensor:
    """The norm 2, the largest singular value, -2, the least, or "nuc", their sum.

    >>> import autograd
    >>> singular_norm(autograd.tensor([[3.0, 0.0], [0.0, 4.0]]), "nuc", 0, 1, False)
    tensor(7.)
    """
    given: Any = A
    values: Any = svdvals(np.moveaxis(given, (rows, columns), (-2, -1)))
    if ord == "nuc" or (ord == 2 and values.shape[-1] == 0):
        found = np.add.reduce(values, axis=-1)
    else:
        found = values.amax(-1) if ord == 2 else values.amin(-1)
    if keepdim:
        for axis in sorted((rows, columns)):
            found = np.expand_dims(found, axis)
    return found
