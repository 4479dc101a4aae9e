"""Rounding and signs: functions that are constant between jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.kernels.layout import dense_copy, gapless
from autograd.ops.pointwise.arithmetic import Subtract

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["ceil", "fix", "floor", "frac", "round", "sgn", "sign", "trunc"]


class Piecewise(Elementwise):
    """Constant between jumps: the gradient is zero wherever it exists."""

    def grad_x(self, g):
        return g * 0


@implements(np.sign)
class Sign(Piecewise):
    def forward(self, x):
        return np.sign(x) if not dtypes.boolean(x.dtype) else dense_copy(x)


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
    """-1, 0 or 1; the gradient is zero.

    >>> import autograd
    >>> autograd.sign(autograd.tensor([-2.0, 0.0, 3.0]))
    tensor([-1., 0., 1.])
    """
    return Sign.apply(input)


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

sgn = sign
