"""Determinants, and their logarithms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import implements
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.kernels.cofactors import cofactors, second_cofactors
from autograd.ops.linalg.inverse import Inverse
from autograd.ops.linalg.matrices import check_square
from autograd.ops.linalg.return_types import LinalgSlogdetResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["det", "logdet", "slogdet"]


def _spread(value):
    """One number a matrix, as a factor of the matrices."""
    return np.reshape(value, (*value.shape, 1, 1))


def _total(value):
    return np.add.reduce(value, axis=(-2, -1))


@implements(np.linalg.det)
class Det(Function):
    takes_complex = True

    def forward(self, a):
        return np.linalg.det(a)

    def grad_a(self, g, a):
        return _spread(g) * Cofactors.apply(a)


class Cofactors(Function):
    """The gradient of det, also of singular matrices: 0 below rank n - 1."""

    takes_complex = True

    def forward(self, a):
        return cofactors(a)

    def grad_a(self, g, a):
        return SecondCofactors.apply(a, g)


class SecondCofactors(Function):
    """The second derivative of det along h, also of singular matrices; linear in h."""

    takes_complex = True

    def forward(self, a, h):
        return second_cofactors(a, h)

    def grad_a(self, g, a, h, out):  # of (Σ hC C - C hᵀ C) / det: the matrix must be invertible
        c, d = Cofactors.apply(a), _spread(Det.apply(a))
        product = np.matmul(np.matmul(h, np.swapaxes(c, -1, -2)), g)
        product = product + np.matmul(np.matmul(g, np.swapaxes(c, -1, -2)), h)
        inner = h * _spread(_total(g * c)) + g * _spread(_total(h * c)) - product
        return SecondCofactors.apply(a, inner / d) - _spread(_total(g * out)) / d * c

    def grad_h(self, g, a):
        return SecondCofactors.apply(a, g)


class Slogdet(Function):
    """The sign of det (of modulus 1 where it is complex), and log |det|."""

    takes_complex = True

    def forward(self, a):
        sign, logabsdet = np.linalg.slogdet(a)
        return sign, logabsdet

    def grad_a(self, g, a, out):
        along_sign, along_log = g
        if type(a) is np.ndarray and a.ndim == 2 and along_sign is None and out[0] != 0:
            return np.swapaxes(Inverse.apply(a), -1, -2) * along_log  # as it nearly always is
        slope = 0.0 if along_log is None else _spread(along_log)
        if along_sign is not None and dtypes.complex_valued(a.dtype):
            slope = slope + _spread(np.imag(along_sign * out[0])) * 1j
        singular = np.equal(_spread(unwrap(out[0])), 0)
        undefined = np.logical_and(singular, np.not_equal(unwrap(slope), 0))
        kept = np.logical_not(singular).astype(a.dtype)
        regular = a * kept + (1 - kept) * np.eye(a.shape[-1], dtype=a.dtype, like=unwrap(a))
        turned = np.swapaxes(Inverse.apply(regular), -1, -2)
        return slope * (turned * (kept + np.where(undefined, math.nan, 0.0).astype(a.dtype)))


def det(A: Tensor) -> Tensor:
    r"""The determinant; its gradient is the matrix of cofactors, :math:`\det(A) A^{-\top}`.

    Shapes: A (*, n, n) -> (*); of 0 by 0 matrices it is 1. First and second derivative hold for
    singular matrices, too, the third for invertible ones. Raises ShapeError for other shapes,
    RuntimeError for what does not hold floats.

    >>> import autograd
    >>> autograd.linalg.det(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    check_square("linalg.det", A=A)
    return Det.apply(A)


def slogdet(A: Tensor) -> LinalgSlogdetResult:
    r"""The sign of the determinant, and :math:`\log |\det A|`, where det itself may overflow.

    Shapes: A (*, n, n) -> two of (*). Of singular matrices they are 0 and -∞, whose gradient is NaN
    where a loss depends on them, and 0 elsewhere. Raises ShapeError for other shapes, RuntimeError
    for what does not hold floats.

    >>> import autograd
    >>> autograd.linalg.slogdet(-autograd.eye(3))
    torch.return_types.linalg_slogdet(
    sign=tensor(-1.),
    logabsdet=tensor(0.))
    """
    check_square("linalg.slogdet", A=A)
    return LinalgSlogdetResult(*Slogdet.apply(A))


def logdet(input: Tensor) -> Tensor:
    r""":math:`\log \det A`: NaN where the determinant is negative, -∞ where it is 0.

    Shapes: A (*, n, n) -> (*). The gradient of singular matrices is as in
    :func:`autograd.linalg.slogdet`. Raises ShapeError for other shapes, RuntimeError for what does
    not hold floats.

    >>> import autograd
    >>> autograd.logdet(autograd.eye(2))
    tensor(0.)
    """
    check_square("logdet", input=input)
    sign, logabsdet = Slogdet.apply(input)
    if dtypes.complex_valued(input.dtype):
        return np.log(sign) + logabsdet
    found: Any = np.where(np.less(sign, 0), math.nan, logabsdet)
    return found


@implements(np.linalg.slogdet)
def _numpys(a: Any) -> Any:
    return Slogdet.apply(a)
