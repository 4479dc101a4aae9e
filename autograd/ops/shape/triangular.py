"""The lower and the upper triangle of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, integer_of
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.places import ShapeError
from autograd.kernels.masked import kept

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["tril", "triu"]


# -- triangles and diagonals ----------------------------------------------------------------------


def _below(m, k):
    """True on and below the k-th diagonal."""
    rows, columns = m.shape[-2:]
    return np.tri(rows, columns, k, dtype=bool, like=m)


@implements(np.tril)
class Tril(Function):
    takes_complex = True

    def forward(self, m, k=0):
        self.k = k
        return kept(m, _below(m, k))  # np.tril does the same in twice the time

    def grad_m(self, g):
        return np.tril(g, self.k)


@implements(np.triu)
class Triu(Function):
    takes_complex = True

    def forward(self, m, k=0):
        self.k = k
        return kept(m, ~_below(m, k - 1))

    def grad_m(self, g):
        return np.triu(g, self.k)


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros above a diagonal: 0 the main one, positive ones above it.

    >>> import autograd
    >>> autograd.tril(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[1., 0.],
            [3., 4.]])
    """
    _matrices("tril", input, diagonal)
    return Tril.apply(input, diagonal)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Matrices with zeros below a diagonal: 0 the main one, positive ones above it.

    Shapes: (*, n, m) -> the same.

    >>> import autograd
    >>> autograd.triu(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[1., 2.],
            [0., 4.]])
    """
    _matrices("triu", input, diagonal)
    return Triu.apply(input, diagonal)


def _matrices(call: str, x: Any, diagonal: Any) -> None:
    if type(diagonal) is not int:
        integer_of(call, "diagonal", diagonal)
    check_tensors(call, input=x)
    if x.ndim < 2:
        raise ShapeError(f"{call}: expected at least 2 axes; got shape {tuple(x.shape)}.")
