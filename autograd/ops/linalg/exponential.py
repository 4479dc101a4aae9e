"""The exponential of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.kernels.exponential import matrix_exponential
from autograd.ops.linalg.matrices import check_square

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["matrix_exp"]


class MatrixExp(Function):
    """The gradient is a block of exp([[Aᵀ, g], [0, Aᵀ]]).

    Mathias 1996, doi:10.1137/S0895479895283409.
    """

    takes_complex = True

    def forward(self, a):
        return matrix_exponential(a)

    def grad_a(self, g, a):
        n, turned = a.shape[-1], np.swapaxes(a, -1, -2)
        top = np.concatenate([turned, g], -1)
        bottom = np.concatenate([turned * 0, turned], -1)
        return MatrixExp.apply(np.concatenate([top, bottom], -2))[..., :n, n:]


@in_float32
def matrix_exp(input: Tensor) -> Tensor:
    r""":math:`\sum_k A^k / k!` of square matrices.

    Shapes: (*, n, n) -> (*, n, n). By scaling and squaring with Padé approximants (Higham 2005,
    doi:10.1137/04061101X). Raises RuntimeError for what is no square matrix of floats.

    >>> import autograd
    >>> autograd.matrix_exp(autograd.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    check_square("matrix_exp", input=input)
    return MatrixExp.apply(input)
