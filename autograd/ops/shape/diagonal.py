"""Diagonals: taken out, and put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, distinct_axes, integer_of
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import wrap
from autograd.engine.places import ShapeError
from autograd.kernels import windows
from autograd.ops.shape.join import cat
from autograd.ops.shape.narrow import Pad
from autograd.ops.shape.reshape import Clone, Reshape, at_least, unsqueeze

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["block_diag", "diag", "diag_embed", "diagflat", "diagonal"]


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All elements, in row order, on a diagonal of a square matrix of zeros.

    >>> import autograd
    >>> autograd.diagflat(autograd.tensor([[1.0], [2.0]]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    check_tensors("diagflat", input=input)
    return diag_embed(Reshape.apply(input, (-1,)), offset)


@implements(np.diagflat)
def _np_diagflat(v: Any, k: int = 0) -> Any:
    return diagflat(v, k)


def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices along the diagonal of one of zeros; vectors are rows, numbers 1 × 1.

    Shapes: (m₁, n₁), (m₂, n₂), … -> (Σ m, Σ n). Raises RuntimeError for more than two axes.

    >>> import autograd
    >>> autograd.block_diag(autograd.ones(1, 2), autograd.tensor(3.0))
    tensor([[1., 1., 0.],
            [0., 0., 3.]])
    """
    for one in tensors:
        check_tensors("block_diag", tensors=one)
        if one.ndim > 2:
            raise ShapeError(
                f"block_diag: expected matrices, vectors or numbers; got {tuple(one.shape)}."
            )
    if not tensors:
        return wrap(np.zeros((1, 0), dtypes.get_default_dtype()), None)
    dtype = dtypes.result_type(*tensors)
    blocks: list[Any] = [cast(at_least(2, one), dtype) for one in tensors]
    left, right = 0, sum([one.shape[1] for one in blocks])
    rows = []
    for one in blocks:
        right -= one.shape[1]
        rows.append(Pad.apply(one, [(0, 0), (left, right)]))
        left += one.shape[1]
    return cat(rows)


@implements(np.diagonal)
class Diagonal(Function):
    view = True
    takes_complex = True

    def forward(self, a, offset=0, axis1=0, axis2=1):
        self.source, self.place = a.shape, (offset, axis1, axis2)
        return windows.diagonal(a, offset=offset, axis1=axis1, axis2=axis2)

    def grad_a(self, g):
        return OnDiagonal.apply(g, self.source, *self.place)


class OnDiagonal(Function):
    """``d`` on the diagonal of zeros of the given shape: the adjoint of Diagonal."""

    takes_complex = True

    def forward(self, d, shape, offset, axis1, axis2):
        self.place = offset, axis1, axis2
        return windows.on_diagonal(d, shape=shape, offset=offset, axis1=axis1, axis2=axis2)

    def grad_d(self, g):
        return Diagonal.apply(g, *self.place)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A view of the diagonals of the matrices in ``dim1`` and ``dim2``, as the last axis.

    >>> import autograd
    >>> diagonal(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([1., 4.])
    """
    axes = distinct_axes("diagonal", input, (dim1, dim2))
    offset = integer_of("diagonal", "offset", offset)
    return Diagonal.apply(input, offset, *axes)


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Square matrices in ``dim1`` and ``dim2`` of the result, with the last axis as diagonal.

    Shapes: (*, n) -> (*, m, m), m = n + ``offset`` in magnitude.

    >>> import autograd
    >>> autograd.diag_embed(autograd.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    axes = distinct_axes("diag_embed", unsqueeze(input, 0), (dim1, dim2))
    offset = integer_of("diag_embed", "offset", offset)
    shape = list(input.shape[:-1])
    for axis in sorted(axes):
        shape.insert(axis, input.shape[-1] + abs(offset))
    return OnDiagonal.apply(input, tuple(shape), offset, *axes)


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A vector as a diagonal matrix, or a copy of the diagonal of a matrix.

    Shapes: (n) -> (n + k, n + k) for the k-th diagonal, or (m, n) -> (its length). Raises
    ValueError for more axes.

    >>> import autograd
    >>> diag(autograd.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    check_tensors("diag", input=input)
    if input.ndim not in (1, 2):
        raise ShapeError(f"diag: expected 1 or 2 axes; got {tuple(input.shape)}. Use diagonal.")
    diagonal = integer_of("diag", "diagonal", diagonal)
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    return Clone.apply(Diagonal.apply(input, diagonal, 0, 1))


@implements(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    return diag(v, k)
