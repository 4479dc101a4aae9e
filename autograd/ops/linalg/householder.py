"""Orthogonal matrices as products of reflections, H = I - τ v vᴴ.

k reflections at once are I - V T Vᴴ, where T = (I + D U)⁻¹ D, with D the diagonal of τ and U the
part of Vᴴ V above its diagonal (Puglisi 1992, doi:10.1137/0913042): so that products are matrix
products, and gradients theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.ops.linalg.matrices import adjoint, check_matrices, check_one_dtype
from autograd.ops.linalg.return_types import GeqrfResult
from autograd.ops.linalg.triangular import SolveTriangular

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["geqrf", "orgqr", "ormqr"]


class Geqrf(Function):
    takes_complex = True

    def forward(self, a):
        transposed, tau = np.linalg.qr(a, mode="raw")
        return np.swapaxes(transposed, -1, -2), tau

    def grad_a(self, g):
        raise NotImplementedError(
            "geqrf: it has no gradient. linalg.qr has one, and gives Q and R themselves."
        )


def geqrf(input: Tensor) -> GeqrfResult:
    """R, and below its diagonal the vectors of the reflections whose product Q is; and their τ.

    Shapes: (*, m, n) -> (*, m, n) and (*, min(m, n)). It has no gradient. Raises RuntimeError for
    what is no matrix of floats.

    >>> import autograd
    >>> a, tau = autograd.geqrf(autograd.tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> autograd.allclose(autograd.linalg.householder_product(a, tau) @ a.triu(),
    ...                   autograd.tensor([[3.0, 1.0], [4.0, 2.0]]))
    True
    """
    check_matrices("geqrf", input=input)
    return GeqrfResult(*Geqrf.apply(input))


def _vectors(a: Any, k: int) -> Any:
    """The vectors of the first k reflections: 1 on the diagonal, zeros above."""
    m = a.shape[-2]
    one = np.eye(m, dtype=a.dtype, like=a)[:, :k]
    return np.tril(a[..., :k], -1) + one


def _inverse_of_t(v: Any, tau: Any) -> Any:
    """I + D U, an upper triangle with ones on its diagonal."""
    k = v.shape[-1]
    above = np.triu(np.matmul(adjoint(v), v), 1)
    return np.expand_dims(tau, -1) * above + np.eye(k, dtype=v.dtype, like=v)


def _check_reflections(call: str, a: Any, tau: Any) -> None:
    check_matrices(call, input=a)
    check_tensors(call, tau=tau)
    check_one_dtype(call, input=a, tau=tau)
    if tuple(tau.shape[:-1]) != tuple(a.shape[:-2]) or tau.ndim != a.ndim - 1:
        raise ShapeError(
            f"{call}: tau must have shape (*, k) for input (*, m, n); got {tuple(tau.shape)} and "
            f"{tuple(a.shape)}."
        )
    if tau.shape[-1] > min(a.shape[-2:]):
        raise ShapeError(
            f"{call}: there is a reflection for each column at most; got {tau.shape[-1]} for input "
            f"of shape {tuple(a.shape)}."
        )


def householder_product(input: Tensor, tau: Tensor) -> Tensor:
    """The first n columns of the product of reflections, which :func:`geqrf` gives.

    Shapes: input (*, m, n), m ≥ n, tau (*, k), k ≤ n -> (*, m, n). Only what is below input's
    diagonal is read. Raises RuntimeError for other shapes, and for several dtypes.

    >>> import autograd
    >>> autograd.linalg.householder_product(autograd.zeros(2, 1), autograd.tensor([2.0]))
    tensor([[-1.],
            [ 0.]])
    """
    _check_reflections("householder_product", input, tau)
    m, n = input.shape[-2:]
    if m < n:
        raise ShapeError(
            "householder_product: input must not have more columns than rows; got "
            f"{tuple(input.shape)}."
        )
    v = _vectors(input, tau.shape[-1])
    one = np.eye(m, dtype=input.dtype, like=input)[:, :n]
    first = np.expand_dims(tau, -1) * adjoint(v)[..., :n]
    return one - np.matmul(v, SolveTriangular.apply(_inverse_of_t(v, tau), first, upper=True))


orgqr = householder_product


def ormqr(
    input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: bool = False
) -> Tensor:
    """Q C, with Q (m, m) the product of reflections and C = ``other``; without ``left``, C Q.

    With ``transpose`` it is Qᴴ. Shapes: input (*, m, k), tau (*, k), other (*, m, n), without left
    (*, n, m) -> as other. Raises RuntimeError for other shapes, and for several dtypes.

    >>> import autograd
    >>> c = autograd.tensor([[3.0], [4.0]])
    >>> autograd.ormqr(autograd.zeros(2, 1), autograd.tensor([2.0]), c)
    tensor([[-3.],
            [ 4.]])
    """
    _check_reflections("ormqr", input, tau)
    check_tensors("ormqr", other=other)
    check_one_dtype("ormqr", input=input, other=other)
    m, end = input.shape[-2], -2 if left else -1
    batch = tuple(other.shape[:-2]) == tuple(input.shape[:-2])
    if other.ndim != input.ndim or not batch or other.shape[end] != m:
        raise ShapeError(
            f"ormqr: Q has shape ({m}, {m}), and other must fit it; got {tuple(other.shape)} for "
            f"input of shape {tuple(input.shape)}, left={left}."
        )
    if tau.shape[-1] != min(m, input.shape[-1]):
        raise ShapeError(
            f"ormqr: tau must be as many as there are reflections, {min(m, input.shape[-1])}; got "
            f"{tau.shape[-1]}."
        )
    if not left:  # C Q = (Qᴴ Cᴴ)ᴴ
        return adjoint(ormqr(input, tau, adjoint(other), True, not transpose))
    v = _vectors(input, tau.shape[-1])
    inverse, seen = _inverse_of_t(v, tau), np.matmul(adjoint(v), other)
    if transpose:
        seen = SolveTriangular.apply(adjoint(inverse), seen, upper=False)
        return other - np.matmul(v, np.conjugate(np.expand_dims(tau, -1)) * seen)
    seen = np.expand_dims(tau, -1) * seen
    return other - np.matmul(v, SolveTriangular.apply(inverse, seen, upper=True))
