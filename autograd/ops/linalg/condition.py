"""Condition numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.ops.linalg.inverse import inv_ex
from autograd.ops.linalg.matrices import check_matrices, check_square
from autograd.ops.linalg.norms import matrix_norm
from autograd.ops.linalg.svd import svdvals

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


def cond(A: Tensor, p: float | str | None = None) -> Tensor:
    r"""The condition number, :math:`\|A\|_p \|A^{-1}\|_p`: how errors grow as a system is solved.

    Shapes: (*, m, n), square unless p is 2, -2 or None -> (*). p is None (as 2: the largest
    singular value over the least), 2, -2, 1, -1, inf, -inf, "fro" or "nuc". It is inf where A
    cannot be inverted, 0 for matrices without elements, of any shape where p is a number or None.
    Raises RuntimeError for another p, for other shapes, and for what does not hold floats.

    >>> import autograd
    >>> autograd.linalg.cond(autograd.tensor([[4.0, 0.0], [0.0, 2.0]]))
    tensor(2.)
    """
    known = isinstance(p, str) and p in ("fro", "nuc")
    known = known or p is None or (not isinstance(p, str) and abs(p) in (1, 2, math.inf))
    if not known:
        raise RuntimeError(
            f"linalg.cond: p must be None, 1, -1, 2, -2, inf, -inf, 'fro' or 'nuc'; got {p!r:.60}."
        )
    check_matrices("linalg.cond", A=A)
    found: Any
    if 0 in A.shape and not isinstance(p, str):
        found = np.add.reduce(np.absolute(A), axis=(-2, -1))  # 0, with its place in the graph
        return found
    if p is None or p in (2, -2):
        values: Any = svdvals(A)
        first, last = values[..., 0], values[..., -1]
        with np.errstate(divide="ignore", invalid="ignore"):
            return last / first if p == -2 else first / last
    check_square("linalg.cond", A=A)
    inverse, info = inv_ex(A)
    found = matrix_norm(A, p) * matrix_norm(inverse, p)
    found = np.where(info == 0, found, math.inf)
    return found
