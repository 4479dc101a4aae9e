"""Least squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.dialect import everywhere
from autograd.engine.function import Function
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError, placed
from autograd.kernels.least_squares import least_squares
from autograd.ops.linalg.matrices import (
    LinAlgError,
    check_matrices,
    conjugated,
    of_one_batch,
)
from autograd.ops.linalg.return_types import LinalgLstsqResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


class LeastSquares(Function):
    """x = A⁺ b, and the rank of A: among matrices of that rank it is smooth (Golub & Pereyra 1973,
    doi:10.1137/0710036)."""

    takes_complex = True

    def forward(self, a, b, *, rcond):
        self.rcond = rcond
        return least_squares(a, b, rcond=rcond)

    def grad_b(self, g, a):
        return self._solution(np.swapaxes(a, -1, -2), g[0])

    def grad_a(self, g, a, b, out):
        x, turned = out[0], np.swapaxes(a, -1, -2)
        w = self._solution(turned, g[0])
        residual = conjugated(b - np.matmul(a, x))
        free = conjugated(g[0] - np.matmul(turned, w))  # what g has of directions that A takes to 0
        d = np.matmul(residual, np.swapaxes(conjugated(self._solution(conjugated(a), w)), -1, -2))
        d = d + np.matmul(self._solution(turned, conjugated(x)), np.swapaxes(free, -1, -2))
        return d - np.matmul(w, np.swapaxes(x, -1, -2))

    def _solution(self, a, b):
        return LeastSquares.apply(a, b, rcond=self.rcond)[0]


_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None
) -> LinalgLstsqResult:
    r"""The X for which :math:`\|A X - B\|` is least, and the shortest of several.

    Shapes: A (*, m, n), B (*, m, k) or (*, m) -> ``solution`` (*, n, k) or (*, n); batches
    broadcast, where B has not more axes than A. Singular values up to ``rcond`` times the largest
    count as 0; by default ``rcond`` is the dtype's eps times max(m, n).

    :param driver: one of LAPACK's, which says what else there is, as in PyTorch: ``residuals``,
        :math:`\|A X - B\|^2` (*, k) where m > n and all matrices have rank n, empty otherwise and
        for "gelsy", the default; ``rank`` (*), empty for "gels"; ``singular_values`` (*, min(m, n))
        for "gelsd" and "gelss", else empty. The solution is found in one way for all of them.
    :raises LinAlgError: a matrix without full rank, for "gels".

    The gradient is that of the solution, at a constant rank.

    >>> import autograd
    >>> a = autograd.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> autograd.linalg.lstsq(a, autograd.tensor([1.0, 3.0, 5.0])).solution
    tensor([1., 2.])
    """
    call = "linalg.lstsq"
    check_matrices(call, A=A)
    check_tensors(call, B=B)
    if driver is not None and driver not in _DRIVERS:
        raise placed(
            RuntimeError(
                f"{call}: driver must be one of {', '.join(_DRIVERS)}; got {driver!r:.60}."
            )
        )
    vector = B.ndim == 1 or A.ndim - 1 == B.ndim and tuple(B.shape) == tuple(A.shape[:-1])
    b: Any = np.expand_dims(B, -1) if vector else B
    if not A.ndim - 1 <= B.ndim <= A.ndim:
        raise ShapeError(
            f"{call}: B must have as many axes as A, or one less; got shapes {tuple(A.shape)} and "
            f"{tuple(B.shape)}."
        )
    check_matrices(call, A=A, B=b)
    m, n = A.shape[-2:]
    if b.shape[-2] != m:
        raise ShapeError(
            f"{call}: A (*, m, n) needs B of m rows; got shapes {tuple(A.shape)} and "
            f"{tuple(B.shape)}."
        )
    a, b = of_one_batch(call, A, b)
    eps = dtypes.finfo(A.dtype).eps * max(m, n)
    rcond = eps if rcond is None else number_of(call, "rcond", rcond)
    x, rank = LeastSquares.apply(a, b, rcond=rcond)
    rank = rank[tuple([slice(0, size) for size in A.shape[:-2]])]  # A's, before it was expanded
    complete = everywhere(np.equal(unwrap(rank), min(m, n)))
    if driver == "gels" and not complete:
        raise placed(
            LinAlgError(
                f"{call}: the driver gels needs matrices of full rank; got one that is not. The "
                "others take it."
            )
        )
    residuals: Any = np.reshape(np.real(x), (-1,))[:0]
    values = wrap(np.real(unwrap(residuals)), None)
    if m > n and driver not in (None, "gelsy") and complete:
        left = np.matmul(a, x) - b
        residuals = np.add.reduce(np.real(left * conjugated(left)), axis=-2)
    if driver in ("gelsd", "gelss"):
        values = wrap(np.linalg.svd(unwrap(A), compute_uv=False), None)
    if driver == "gels":
        rank = np.reshape(rank, (-1,))[:0]
    return LinalgLstsqResult(np.squeeze(x, -1) if vector else x, residuals, rank, values)
