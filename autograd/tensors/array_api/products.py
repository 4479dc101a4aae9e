"""The standard's products, and its ``linalg``: ours, by the standard's names."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import autograd
from autograd.arrays import dtypes
from autograd.tensors.array_api import reductions
from autograd.tensors.array_api.elementwise import one_dtype

# what is there by the same name and signature
for _name in "cholesky det eig eigh eigvals eigvalsh inv matrix_power pinv svdvals".split():
    globals()[_name] = getattr(autograd.linalg, _name)

_Slogdet = namedtuple("_Slogdet", "sign logabsdet")


def _as_long(name: str, x1: Any, x2: Any, axis: int) -> None:
    """Raises ValueError where an axis would broadcast that the standard wants equally long."""
    if x1.shape[axis] != x2.shape[axis]:
        raise ValueError(
            f"{name}: axis {axis} must be as long in both; got shapes {tuple(x1.shape)} and "
            f"{tuple(x2.shape)}. Broadcast them first: broadcast_arrays(x1, x2)."
        )


def matmul(x1: Any, x2: Any, /) -> Any:
    """The product of matrices, or of stacks of them."""
    return autograd.matmul(*one_dtype(x1, x2))


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """The sums of products over pairs of axes."""
    x1, x2 = one_dtype(x1, x2)
    return autograd.tensordot(x1, x2, axes)


def matrix_transpose(x: Any, /) -> Any:
    """The last two axes exchanged."""
    return x.mT


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The sums of products along an axis, the first conjugated."""
    x1, x2 = one_dtype(x1, x2)
    _as_long("vecdot", x1, x2, axis)
    if dtypes.differentiable(x1._data.dtype):
        return autograd.linalg.vecdot(x1, x2, dim=axis)
    return autograd.sum(x1 * x2, axis, dtype=x1.dtype)


def outer(x1: Any, x2: Any, /) -> Any:
    """All products of the elements of two vectors."""
    return autograd.outer(*one_dtype(x1, x2))


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The cross product along an axis of length 3."""
    _as_long("cross", x1, x2, axis)
    return autograd.linalg.cross(*autograd.broadcast_tensors(*one_dtype(x1, x2)), dim=axis)


def solve(x1: Any, x2: Any, /) -> Any:
    """What ``x1`` takes to ``x2``: a vector where that has one axis, else stacks of columns."""
    x1, x2 = one_dtype(x1, x2)
    columns = x2[:, None] if x2.ndim == 1 else x2
    columns = columns[(None,) * (x1.ndim - columns.ndim)]  # as many axes: never stacks of vectors
    found = autograd.linalg.solve(x1, columns)
    return found[..., 0] if x2.ndim == 1 else found


def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The diagonals of the last two axes."""
    return autograd.diagonal(x, offset, -2, -1)


def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sums of the diagonals of the last two axes."""
    return reductions.sum(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
    """The norm of the last two axes."""
    return autograd.linalg.matrix_norm(x, ord, keepdim=keepdims)


def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
    """The norm along axes."""
    return autograd.linalg.vector_norm(x, ord, axis, keepdims)


def matrix_rank(x: Any, /, *, rtol: Any = None) -> Any:
    """The number of singular values above ``rtol`` times the largest."""
    return autograd.linalg.matrix_rank(x, rtol=rtol)


def qr(x: Any, /, *, mode: str = "reduced") -> Any:
    """Orthonormal columns, and the triangle that makes ``x`` of them."""
    return autograd.linalg.qr(x, mode)


def slogdet(x: Any, /) -> Any:
    """The sign and the logarithm of the determinant."""
    return _Slogdet(*autograd.linalg.slogdet(x))


def svd(x: Any, /, *, full_matrices: bool = True) -> Any:
    """Singular vectors, values, and vectors."""
    return autograd.linalg.svd(x, full_matrices)


STANDARD = ["matmul", "matrix_transpose", "tensordot", "vecdot"]  # in the main namespace, too
