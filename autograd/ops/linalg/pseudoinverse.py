"""Pseudo-inverses, and the rank that they are taken of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import number_of
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.ops.linalg.eigen import eigvalsh
from autograd.ops.linalg.factoring import converged
from autograd.ops.linalg.matrices import adjoint, check_matrices, check_square, conjugated
from autograd.ops.linalg.svd import svdvals

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class PseudoInverse(Function):
    """Golub & Pereyra 1973, doi:10.1137/0710036, for matrices near A of the same rank."""

    takes_complex = True

    def forward(self, a, atol, rtol, hermitian):
        if hermitian:
            s, u = np.linalg.eigh(a)
            vh = adjoint(u)
        else:
            u, s, vh = np.linalg.svd(a, full_matrices=False)
        size = np.absolute(s)
        kept = size > _cutoff(size, atol, rtol)
        inverse = np.where(kept, 1.0, 0.0).astype(s.dtype) / np.where(kept, s, 1).astype(s.dtype)
        return np.matmul(adjoint(vh) * np.expand_dims(inverse, -2), adjoint(u))

    def grad_a(self, g, a, out):
        p, h = out, np.swapaxes(g, -1, -2)
        left = h - np.matmul(np.matmul(a, p), h)
        right = h - np.matmul(h, np.matmul(p, a))
        d = np.matmul(np.matmul(left, p), adjoint(p)) + np.matmul(adjoint(p), np.matmul(p, right))
        return conjugated(d) - np.swapaxes(np.matmul(np.matmul(p, h), p), -1, -2)


def _cutoff(size: Any, atol: Any, rtol: Any) -> Any:
    """What is not larger counts as 0: atol, or rtol of the largest, whichever is more."""
    if size.shape[-1] == 0:
        return np.zeros(size.shape, size.dtype, like=size)
    largest = np.maximum.reduce(size, axis=-1, keepdims=True)
    return np.maximum(largest * rtol, atol).astype(size.dtype)


def _tolerances(call: str, A: Any, atol: Any, rtol: Any) -> tuple[Any, Any]:
    """atol and rtol, numbers or arrays with a last axis of 1.

    By default atol is 0, and rtol max(m, n) ε; where atol alone is given, and is not 0, rtol is 0.
    """
    least = dtypes.finfo(A.dtype).eps * max(A.shape[-2:])
    found = []
    for name, value in (("atol", atol), ("rtol", rtol)):
        if hasattr(value, "dtype") and hasattr(value, "shape"):
            if dtypes.complex_valued(value.dtype):
                raise RuntimeError(f"{call}: {name} must be real; got {value.dtype}.")
            value = np.expand_dims(unwrap(value), -1)
        elif value is not None:
            value = number_of(call, name, value)
        found.append(value)
    absolute, relative = found
    if relative is None:
        relative = least if absolute is None else np.where(absolute > 0, 0.0, least)
    return 0.0 if absolute is None else absolute, relative


def pinv(
    A: Tensor,
    rcond: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
) -> Tensor:
    r"""The pseudo-inverse (Moore and Penrose's): :math:`V\, \mathrm{diag}(1/s)\, U^H`, 1/0 being 0.

    Shapes: (*, m, n) -> (*, n, m). A singular value counts as 0 up to max(atol, rtol · the
    largest).

    :param atol: by default 0.
    :param rtol: by default max(m, n) ε, or 0 where atol is given; ``rcond`` is its older name.
    :param hermitian: whether A may be taken as Hermitian: eigenvalues stand for singular ones.
    :raises RuntimeError: what is no matrix of floats.

    The gradient is that among matrices of A's rank: where the rank changes nearby, there is none.

    >>> import autograd
    >>> autograd.linalg.pinv(autograd.tensor([[2.0, 0.0], [0.0, 0.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.0000]])
    """
    (check_square if hermitian else check_matrices)("linalg.pinv", A=A)
    limits = _tolerances("linalg.pinv", A, atol, rcond if rtol is None else rtol)
    return converged("linalg.pinv", PseudoInverse, A, *limits, bool(hermitian))


def matrix_rank(
    A: Tensor,
    tol: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
) -> Tensor:
    """How many singular values are larger than max(atol, rtol · the largest), int64.

    Shapes: (*, m, n) -> (*). The tolerances, whose older name is ``tol``, are as in :func:`pinv`;
    ``tol`` is absolute. It has no gradient. Raises RuntimeError for what is no matrix of floats,
    and for a tolerance that is complex.

    >>> import autograd
    >>> autograd.linalg.matrix_rank(autograd.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    (check_square if hermitian else check_matrices)("linalg.matrix_rank", A=A)
    absolute, relative = _tolerances("linalg.matrix_rank", A, atol, rtol)
    if tol is not None:
        absolute, relative = _tolerances("linalg.matrix_rank", A, tol, 0.0)
    A = A.detach() if hasattr(A, "detach") else A
    size = np.absolute(eigvalsh(A) if hermitian else svdvals(A))
    cutoff = _cutoff(unwrap(size), absolute, relative)
    return np.add.reduce(size > cutoff, axis=-1, dtype=np.int64)
