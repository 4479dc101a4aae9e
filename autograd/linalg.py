"""``torch.linalg``: matrices solved, inverted and taken apart; their norms and products."""

from __future__ import annotations

import typing as _typing

from autograd.ops.linalg import products as _products
from autograd.ops.linalg.decompositions import cholesky as cholesky
from autograd.ops.linalg.matmul import matmul as matmul
from autograd.ops.linalg.matrices import LinAlgError as LinAlgError
from autograd.ops.linalg.norms import (
    matrix_norm as matrix_norm,
    norm as norm,
    vector_norm as vector_norm,
)
from autograd.ops.linalg.products import (
    matrix_power as matrix_power,
    multi_dot as multi_dot,
    vecdot as vecdot,
)
from autograd.ops.linalg.solve import solve_triangular as solve_triangular
from autograd.ops.shape import diagonal as _diagonal
from autograd.tensors.out import with_out as _with_out
from autograd.tensors.tensor import Tensor


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The cross product of vectors with 3 elements along ``dim``, by default the last axis.

    Shapes: both (*, 3) -> (*, 3), broadcast.

    >>> import autograd
    >>> cross(autograd.tensor([1.0, 0.0, 0.0]), autograd.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    return _products.cross(input, other, dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, by default of the last two axes.

    Shapes: (*, m, n) -> (*, min(m, n)), a view.

    >>> import autograd
    >>> diagonal(autograd.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    return _diagonal.diagonal(A, offset, dim1, dim2)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers of x from 0 on, a column each.

    >>> import autograd
    >>> vander(autograd.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    return _products.vander(x, N, True)


_TAKES_OUT = """
    cholesky cross matmul matrix_norm matrix_power multi_dot norm solve_triangular vecdot
    vector_norm
"""
_with_out(globals(), _TAKES_OUT, __name__)

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
