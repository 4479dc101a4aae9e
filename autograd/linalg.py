"""``torch.linalg``: matrices solved, inverted and taken apart; their norms and products."""

from __future__ import annotations

import typing as _typing

from autograd.ops.linalg import products as _products
from autograd.ops.linalg.cholesky import cholesky as cholesky, cholesky_ex as cholesky_ex
from autograd.ops.linalg.condition import cond as cond
from autograd.ops.linalg.determinant import det as det, slogdet as slogdet
from autograd.ops.linalg.eigen import (
    eig as eig,
    eigh as eigh,
    eigvals as eigvals,
    eigvalsh as eigvalsh,
)
from autograd.ops.linalg.exponential import matrix_exp as matrix_exp
from autograd.ops.linalg.householder import householder_product as householder_product
from autograd.ops.linalg.inverse import inv as inv, inv_ex as inv_ex, tensorinv as tensorinv
from autograd.ops.linalg.ldl import (
    ldl_factor as ldl_factor,
    ldl_factor_ex as ldl_factor_ex,
    ldl_solve as ldl_solve,
)
from autograd.ops.linalg.lstsq import lstsq as lstsq
from autograd.ops.linalg.lu import (
    lu as lu,
    lu_factor as lu_factor,
    lu_factor_ex as lu_factor_ex,
    lu_solve as lu_solve,
)
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
from autograd.ops.linalg.pseudoinverse import matrix_rank as matrix_rank, pinv as pinv
from autograd.ops.linalg.qr import qr as qr
from autograd.ops.linalg.solve import (
    solve as solve,
    solve_ex as solve_ex,
    tensorsolve as tensorsolve,
)
from autograd.ops.linalg.svd import svd as svd, svdvals as svdvals
from autograd.ops.linalg.triangular import solve_triangular as solve_triangular
from autograd.ops.shape import diagonal as _diagonal
from autograd.tensors.out import with_out as _with_out
from autograd.tensors.tensor import Tensor


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The cross product of vectors with 3 elements along ``dim``, by default the last axis.

    Shapes: both (*, 3) -> (*, 3), broadcast. Raises RuntimeError where there are not 3 elements
    along ``dim``, and for different numbers of axes.

    >>> import autograd
    >>> cross(autograd.tensor([1.0, 0.0, 0.0]), autograd.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    return _products.cross(input, other, dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, by default of the last two axes.

    Shapes: (*, m, n) -> (*, min(m, n)), a view. Raises IndexError for axes that are not there.

    >>> import autograd
    >>> diagonal(autograd.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    return _diagonal.diagonal(A, offset, dim1, dim2)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers of x from 0 on, a column each.

    Shapes: x (*, n) -> (*, n, N), by default N = n. Raises RuntimeError for N below 2, and for
    booleans.

    >>> import autograd
    >>> vander(autograd.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    return _products.vandermonde(x, N)


_TAKES_OUT = """
    cholesky cholesky_ex cond cross det eig eigh eigvals eigvalsh householder_product inv inv_ex
    ldl_factor ldl_factor_ex ldl_solve lu lu_factor lu_factor_ex lu_solve matmul matrix_norm
    matrix_power matrix_rank multi_dot norm pinv qr slogdet solve solve_ex solve_triangular svd
    svdvals tensorinv tensorsolve vecdot vector_norm
"""
_with_out(globals(), _TAKES_OUT, __name__)

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
