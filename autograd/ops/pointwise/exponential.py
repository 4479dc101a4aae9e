"""Exponentials and logarithms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.kernels import pointwise
from autograd.ops.pointwise.arithmetic import quotient
from autograd.ops.pointwise.sigmoid import Sigmoid

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "xlogy",
]  # fmt: skip


@implements(np.exp)
class Exp(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.exp(x)

    def grad_x(self, g, out):
        return g * out


@implements(np.exp2)
class Exp2(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.exp2(x)

    def grad_x(self, g, out):
        return g * (out * math.log(2))


@implements(np.expm1)
class Expm1(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.expm1(x)

    def grad_x(self, g, out):
        return g * (out + 1)


@implements(np.log)
class Log(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.log(x)

    def grad_x(self, g, x):
        return quotient(g, x)


@implements(np.log2)
class Log2(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.log2(x)

    def grad_x(self, g, x):
        return quotient(g * (1 / math.log(2)), x)


@implements(np.log10)
class Log10(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.log10(x)

    def grad_x(self, g, x):
        return quotient(g * (1 / math.log(10)), x)


@implements(np.log1p)
class Log1p(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.log1p(x)

    def grad_x(self, g, x):
        return quotient(g, x + 1)


@implements(np.logaddexp)
class LogAddExp(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x, y):
        if dtypes.complex_valued(x.dtype):
            return pointwise.complex_logaddexp(x, y)
        with np.errstate(over="ignore"):  # of x - y, which is then as good as infinite
            return pointwise.logaddexp(x, y)

    def grad_x(self, g, x, y):
        return g * _share(x, y)

    def grad_y(self, g, x, y):
        return g * _share(y, x)


@implements(np.logaddexp2)
class LogAddExp2(Elementwise):
    floating = True

    def forward(self, x, y):
        with np.errstate(over="ignore"):
            return np.logaddexp2(x, y)

    def grad_x(self, g, x, y):
        return g * _share(x * math.log(2), y * math.log(2))

    def grad_y(self, g, x, y):
        return g * _share(y * math.log(2), x * math.log(2))


def _share(x, y):
    """eˣ / (eˣ + eʸ); a half each for two equal infinities."""
    if type(x) in _PLAIN and type(y) in _PLAIN and dtypes.floating(x.dtype):
        with np.errstate(over="ignore", invalid="ignore"):
            other = np.exp(y - x)
            if type(other) is np.ndarray and not pointwise.large(other):
                share = 1 / (other + 1)
                if math.isfinite(np.vdot(share, share)):
                    return share
    same = (x == y) & np.isinf(x)
    with np.errstate(over="ignore"):
        difference = np.where(same, 0, x) - np.where(same, 0, y)
        if not dtypes.complex_valued(difference.dtype):
            return Sigmoid.apply(difference)
        # a complex e⁻ᶻ that overflows is not a number; e⁻⁵⁰ is nothing beside 1
        far = np.less(np.real(difference), -50)
        near = Sigmoid.apply(np.where(far, 0, difference))
        return np.where(far, np.exp(np.where(far, difference, 0)), near)


_PLAIN = frozenset({np.ndarray, np.float32, np.float64})


class XLogY(Elementwise):
    """x · log y, and 0 where x = 0: a probability of zero weighs nothing."""

    floating = True

    def forward(self, x, y):
        return x * np.log(np.where((x == 0) & (y == y), 1, y))

    def grad_x(self, g, x, y):
        return g * np.log(np.where((x == 0) & (y <= 0), 1, y))

    def grad_y(self, g, x, y):
        return quotient(g * x, y)


def exp(input: Tensor) -> Tensor:
    """eˣ; integers give the default floating dtype.

    >>> import autograd
    >>> autograd.exp(autograd.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    return Exp.apply(input)


def exp2(input: Tensor) -> Tensor:
    """2ˣ.

    1 unit of float64.

    >>> import autograd
    >>> autograd.exp2(autograd.tensor([0.0, 3.0]))
    tensor([1., 8.])
    """
    return Exp2.apply(input)


def expm1(input: Tensor) -> Tensor:
    """eˣ - 1, exact to the last digits for small x.

    >>> import autograd
    >>> autograd.expm1(autograd.tensor(0.0))
    tensor(0.)
    """
    return Expm1.apply(input)


def log(input: Tensor) -> Tensor:
    """The natural logarithm.

    >>> import autograd
    >>> autograd.log(autograd.tensor([1.0, 2.0]))
    tensor([0.0000, 0.6931])
    """
    return Log.apply(input)


def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2.

    >>> import autograd
    >>> autograd.log2(autograd.tensor([1.0, 8.0]))
    tensor([0., 3.])
    """
    return Log2.apply(input)


def log10(input: Tensor) -> Tensor:
    """The logarithm to base 10.

    >>> import autograd
    >>> autograd.log10(autograd.tensor([0.1, 10.0]))
    tensor([-1.,  1.])
    """
    return Log10.apply(input)


def log1p(input: Tensor) -> Tensor:
    """log(1 + x), exact to the last digits for small x.

    >>> import autograd
    >>> autograd.log1p(autograd.tensor(0.0))
    tensor(0.)
    """
    return Log1p.apply(input)


def logaddexp(input: TensorLike, other: TensorLike) -> Tensor:
    """log(eˣ + eʸ) without overflow; -∞ and -∞ give -∞.

    Of complex numbers, that of which the logarithm of 1 + eʸ⁻ˣ is the principal one, where x has
    the greater real part.

    >>> import autograd
    >>> autograd.logaddexp(autograd.tensor(1000.0), autograd.tensor(1000.0))
    tensor(1000.6932)
    """
    return LogAddExp.apply(input, other)


def logaddexp2(input: TensorLike, other: TensorLike) -> Tensor:
    """log₂(2ˣ + 2ʸ) without overflow; -∞ and -∞ give -∞.

    >>> import autograd
    >>> autograd.logaddexp2(autograd.tensor(1000.0), autograd.tensor(1000.0))
    tensor(1001.)
    """
    return LogAddExp2.apply(input, other)


def xlogy(input: TensorLike, other: TensorLike) -> Tensor:
    """x · log y, and 0 where x = 0 whatever y is (but NaN).

    1 unit of float64.

    >>> import autograd
    >>> autograd.xlogy(autograd.tensor([0.0, 2.0]), autograd.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    return XLogY.apply(input, other)
