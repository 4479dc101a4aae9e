"""Rounding and signs: functions that are constant between jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.kernels.layout import dense_copy, gapless
from autograd.ops.pointwise.arithmetic import Subtract, quotient

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["ceil", "fix", "floor", "frac", "round", "sgn", "sign", "trunc"]


class Piecewise(Elementwise):
    """Constant between jumps: the gradient is zero wherever it exists."""

    def grad_x(self, g):
        return g * 0


class Sign(Piecewise):
    def forward(self, x):
        return np.sign(x) if not dtypes.boolean(x.dtype) else dense_copy(x)


class SignOfComplex(Elementwise):
    """z / |z|, and 0 at 0, where the gradient is 0, too."""

    takes_complex = True

    def forward(self, z):
        return np.sign(z)

    def grad_z(self, g, z, out):
        turning = g - np.conjugate(out) * np.real(g * out)  # what changes the direction
        return quotient(np.where(z == 0, 0, turning), np.absolute(z))


@implements(np.floor)
class Floor(Piecewise):
    def forward(self, x):
        return np.floor(x) if dtypes.floating(x.dtype) else dense_copy(x)


@implements(np.ceil)
class Ceil(Piecewise):
    def forward(self, x):
        return np.ceil(x) if dtypes.floating(x.dtype) else dense_copy(x)


@implements(np.trunc, getattr(np, "fix", np.trunc))  # NumPy 2.5 deprecates fix
class Trunc(Piecewise):
    def forward(self, x):
        return np.trunc(x) if dtypes.floating(x.dtype) else dense_copy(x)


@implements(np.rint)
class Round(Piecewise):
    def forward(self, x):
        return np.rint(x) if dtypes.floating(x.dtype) else dense_copy(x)


class RoundToDecimals(Piecewise):
    def forward(self, x, *, decimals):
        return np.round(gapless(x), decimals)


def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1; the gradient is zero. Raises TypeError for complex numbers.

    >>> import autograd
    >>> autograd.sign(autograd.tensor([-2.0, 0.0, 3.0]))
    tensor([-1., 0., 1.])
    """
    if hasattr(input, "dtype") and dtypes.complex_valued(input.dtype):
        raise TypeError(
            f"sign: only real numbers have a sign; got {input.dtype}. Use sgn(z), which is z/|z|."
        )
    return Sign.apply(input)


@implements(np.sign)
def sgn(input: Tensor) -> Tensor:
    """z / |z|, and 0 at 0; of real numbers :func:`sign`.

    >>> import autograd
    >>> autograd.sgn(autograd.tensor([3 + 4j, 0j]))
    tensor([0.6000+0.8000j, 0.0000+0.0000j])
    """
    complex_valued = hasattr(input, "dtype") and dtypes.complex_valued(input.dtype)
    return (SignOfComplex if complex_valued else Sign).apply(input)


def floor(input: Tensor) -> Tensor:
    """The largest whole number ≤ x; the gradient is zero.

    >>> import autograd
    >>> autograd.floor(autograd.tensor([-0.5, 1.5]))
    tensor([-1., 1.])
    """
    return Floor.apply(input)


def ceil(input: Tensor) -> Tensor:
    """The smallest whole number ≥ x; the gradient is zero.

    >>> import autograd
    >>> autograd.ceil(autograd.tensor([0.5, 1.5]))
    tensor([1., 2.])
    """
    return Ceil.apply(input)


def trunc(input: Tensor) -> Tensor:
    """x without its fraction; the gradient is zero.

    >>> import autograd
    >>> autograd.trunc(autograd.tensor([-1.5, 1.5]))
    tensor([-1., 1.])
    """
    return Trunc.apply(input)


def frac(input: Tensor) -> Tensor:
    """x - trunc(x), with the sign of x; the gradient is 1.

    >>> import autograd
    >>> autograd.frac(autograd.tensor([-1.5, 1.25]))
    tensor([-0.5000, 0.2500])
    """
    return Subtract.apply(input, Trunc.apply(input))


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest number with so many decimals, halves to the even one; the gradient is zero.

    >>> import autograd
    >>> autograd.round(autograd.tensor([0.5, 1.5]))
    tensor([0., 2.])
    """
    if decimals == 0:
        return Round.apply(input)
    decimals = integer_of("round", "decimals", decimals)
    return RoundToDecimals.apply(input, decimals=decimals)


@implements(np.round, np.around)
def _round(a, decimals=0, out=None):
    return round(a, decimals=decimals)


fix = trunc
