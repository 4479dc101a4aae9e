"""Norms of vectors and of matrices, as ``torch.linalg`` has them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, check_tensors
from autograd.engine.elementwise import cast
from autograd.engine.places import ShapeError, placed
from autograd.ops.linalg.svd import singular_norm
from autograd.ops.reductions import norm as whole

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


def _check_numbers(call: str, A: Any, dtype: Any) -> None:
    """Raise for what has no norm, and for a dtype that is not of A's kind, or is narrower."""
    check_tensors(call, A=A)
    if not dtypes.differentiable(A.dtype):
        raise placed(
            RuntimeError(
                f"{call}: the tensor must have a floating-point or complex dtype; got {A.dtype}. "
                "Convert it: x.float()."
            )
        )
    if dtype is None:
        return
    wanted = dtypes.as_dtype(dtype)
    same_kind = dtypes.complex_valued(wanted) == dtypes.complex_valued(A.dtype)
    if (
        not dtypes.differentiable(wanted)
        or not same_kind
        or dtypes.wider(A.dtype, wanted) != wanted
    ):
        raise placed(
            RuntimeError(
                f"{call}: dtype must be of the tensor's kind, real or complex, and not narrower; "
                f"got {wanted} for {A.dtype}. Convert the result."
            )
        )


def vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    r""":math:`(\sum |x|^{ord})^{1/ord}` over the axes ``dim``, all elements as one vector.

    Shapes: x (*) -> () or, with ``dim``, x's without those axes. ``ord`` as :func:`autograd.norm`
    has it. Raises RuntimeError for integers, for a ``dtype`` that is narrower or of another kind,
    and for a negative ``ord`` of no elements; TypeError for an ``ord`` that is no number.

    >>> import autograd
    >>> autograd.linalg.vector_norm(autograd.tensor([[3.0, 4.0], [5.0, 12.0]]), dim=1)
    tensor([ 5., 13.])
    """
    call = "linalg.vector_norm"
    _check_numbers(call, x, dtype)
    if isinstance(ord, str):
        raise TypeError(f"{call}: ord must be a number; got {ord!r:.60}. matrix_norm has words.")
    if ord is not None and ord < 0:
        over = axes(call, x, dim)
        every = range(x.ndim) if over is None else over if isinstance(over, tuple) else (over,)
        if any([x.shape[one] == 0 for one in every]):
            raise ShapeError(
                f"{call}: ord {ord} needs an element; got shape {tuple(x.shape)} and dim {dim}."
            )
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

    Shapes: A (*, m, n) -> (*). Raises ValueError for another norm, ShapeError where ``dim`` does
    not name two axes, RuntimeError for integers and for a ``dtype`` as in :func:`vector_norm`.

    >>> import autograd
    >>> a = autograd.tensor([[1.0, -2.0], [3.0, 4.0]])
    >>> autograd.linalg.matrix_norm(a, 1), autograd.linalg.matrix_norm(a, float("inf"))
    (tensor(6.), tensor(7.))
    """
    call = "linalg.matrix_norm"
    _check_numbers(call, A, dtype)
    if A.ndim < 2:
        raise ShapeError(f"{call}: A must have at least 2 dimensions; got {tuple(A.shape)}.")
    pair = axes(call, A, dim)
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise ShapeError(f"{call}: dim must name two axes; got {dim!r:.60}.")
    if ord == "fro":
        return whole.norm(A, 2, pair, keepdim, dtype)
    rows, columns = pair
    if ord in (2, -2, "nuc"):
        given = A if dtype is None else cast(A, dtypes.as_dtype(dtype))
        return singular_norm(given, ord, rows, columns, keepdim)
    if isinstance(ord, str) or abs(ord) not in (1, math.inf):
        raise ValueError(
            f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf; got {ord!r:.60}."
        )
    added, chosen = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = whole.norm(A, 1, added, True, dtype)
    if ord > 0 and sums.shape[chosen] == 0:  # the largest of no sums
        found = sums.sum(chosen, keepdim=True)
        return found if keepdim else found.squeeze((rows, columns))
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

    Without ``ord``, the root of the sum of squares. Shapes: A (*) -> (), or A's without the axes
    ``dim``, which ``keepdim`` keeps with length 1. Raises what :func:`vector_norm` and
    :func:`matrix_norm` raise, and ShapeError for a ``dim`` of more than two axes, or of none, and
    for an ``ord`` without ``dim`` where A is neither a vector nor a matrix.

    >>> import autograd
    >>> autograd.linalg.norm(autograd.tensor([3.0, 4.0]))
    tensor(5.)
    """
    check_tensors("linalg.norm", A=A)
    pair = tuple(dim) if isinstance(dim, tuple | list) else () if dim is None else (dim,)
    if dim is not None and len(pair) not in (1, 2):
        raise ShapeError(f"linalg.norm: dim must name one axis or two; got {dim!r:.60}.")
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if dim is None and A.ndim not in (1, 2):
        raise ShapeError(
            "linalg.norm: without dim, ord needs a vector or a matrix; got shape "
            f"{tuple(A.shape)}. Say which axes: dim=(-2, -1)."
        )
    if len(pair) == 2:
        return matrix_norm(A, ord, (pair[0], pair[1]), keepdim, dtype=dtype)
    if dim is None and A.ndim == 2:
        return matrix_norm(A, ord, (0, 1), keepdim, dtype=dtype)
    if isinstance(ord, str):
        raise ValueError(f"linalg.norm: ord must be a number for vectors; got {ord!r:.60}.")
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)
