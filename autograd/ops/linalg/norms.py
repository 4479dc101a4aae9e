"""Norms of vectors and of matrices, as ``torch.linalg`` has them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd.arrays.dtypes import as_dtype
from autograd.engine.elementwise import cast
from autograd.ops.linalg.svd import singular_norm
from autograd.ops.reductions import norm as whole

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


def vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    r""":math:`(\sum |x|^{ord})^{1/ord}` over the axes ``dim``, all elements as one vector.

    Shapes: x (*) -> () or, with ``dim``, x's without those axes. ``ord`` as :func:`autograd.norm`
    has it.

    >>> import autograd
    >>> autograd.linalg.vector_norm(autograd.tensor([[3.0, 4.0], [5.0, 12.0]]), dim=1)
    tensor([ 5., 13.])
    """
    return whole.norm(x, ord, dim, keepdim, dtype)


def matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: tuple[int, int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Tensor:
    """The norm of matrices: 'fro', or 1 and inf (and -1, -inf), the largest (smallest) absolute
    sum of a column or of a row, or 2 (-2), the largest (smallest) singular value, or 'nuc', their
    sum.

    Shapes: A (*, m, n) -> (*). Raises ValueError for another norm.

    >>> import autograd
    >>> a = autograd.tensor([[1.0, -2.0], [3.0, 4.0]])
    >>> autograd.linalg.matrix_norm(a, 1), autograd.linalg.matrix_norm(a, float("inf"))
    (tensor(6.), tensor(7.))
    """
    if ord == "fro":
        return whole.norm(A, 2, dim, keepdim, dtype)
    rows, columns = (one % A.ndim for one in dim)
    if ord in (2, -2, "nuc"):
        given = A if dtype is None else cast(A, as_dtype(dtype))
        return singular_norm(given, ord, rows, columns, keepdim)
    if isinstance(ord, str) or abs(ord) not in (1, math.inf):
        raise ValueError(
            f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf; got {ord!r:.60}."
        )
    added, chosen = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = whole.norm(A, 1, added, True, dtype)
    found = sums.amax(chosen, keepdim=True) if ord > 0 else sums.amin(chosen, keepdim=True)
    return found if keepdim else found.squeeze((rows, columns))


def norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
) -> Tensor:
    """The norm of vectors; of matrices where ``dim`` names two axes, or ``ord`` comes without it.

    Without ``ord``, the root of the sum of squares. Raises what :func:`matrix_norm` raises.

    >>> import autograd
    >>> autograd.linalg.norm(autograd.tensor([3.0, 4.0]))
    tensor(5.)
    """
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    pair = tuple(dim) if isinstance(dim, tuple | list) else ()
    if len(pair) == 2:
        return matrix_norm(A, ord, (pair[0], pair[1]), keepdim, dtype=dtype)
    if dim is None and A.ndim == 2:
        return matrix_norm(A, ord, (0, 1), keepdim, dtype=dtype)
    if isinstance(ord, str):
        raise ValueError(f"norm: ord must be a number for vectors; got {ord!r:.60}.")
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)
