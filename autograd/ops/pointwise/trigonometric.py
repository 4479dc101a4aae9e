"""Trigonometric and hyperbolic functions, their inverses, and angles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.kernels import pointwise
from autograd.ops.pointwise.arithmetic import quotient

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh",
    "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "deg2rad", "hypot", "rad2deg",
    "sin", "sinc", "sinh", "tan", "tanh",
]  # fmt: skip


@implements(np.sin)
class Sin(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.sin(x)

    def grad_x(self, g, x):
        return g * pointwise.cos(x)


@implements(np.cos)
class Cos(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.cos(x)

    def grad_x(self, g, x):
        return -(g * pointwise.sin(x))


@implements(np.tan)
class Tan(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.tan(x)

    def grad_x(self, g, out):
        return g * (out * out + 1)


@implements(np.arcsin)
class Asin(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arcsin(x)

    def grad_x(self, g, x):
        with np.errstate(invalid="ignore"):  # outside the domain the value was NaN already
            return quotient(g, np.sqrt((1 - x) * (1 + x)))


@implements(np.arccos)
class Acos(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arccos(x)

    def grad_x(self, g, x):
        with np.errstate(invalid="ignore"):
            return -quotient(g, np.sqrt((1 - x) * (1 + x)))


@implements(np.arctan)
class Atan(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arctan(x)

    def grad_x(self, g, x):
        with np.errstate(over="ignore"):  # the slope is 0 where x² is infinite
            return g / (x * x + 1)


@implements(np.sinh)
class Sinh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.sinh(x)

    def grad_x(self, g, x):
        return g * np.cosh(x)


@implements(np.cosh)
class Cosh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.cosh(x)

    def grad_x(self, g, x):
        return g * np.sinh(x)


@implements(np.tanh)
class Tanh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.tanh(x)

    def grad_x(self, g, out):
        if pointwise.large(out):
            return pointwise.tanh_slope(g, out)
        return g * (1 - out * out)


@implements(np.arcsinh)
class Asinh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arcsinh(x)

    def grad_x(self, g, x):
        complex_valued = dtypes.complex_valued(x.dtype)
        return g / (np.sqrt(x * x + 1) if complex_valued else np.hypot(x, 1))


@implements(np.arccosh)
class Acosh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arccosh(x)

    def grad_x(self, g, x):
        with np.errstate(invalid="ignore"):
            return quotient(g, np.sqrt(x - 1) * np.sqrt(x + 1))


@implements(np.arctanh)
class Atanh(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.arctanh(x)

    def grad_x(self, g, x):
        return quotient(g, (1 - x) * (1 + x))


@implements(np.arctan2)
class Atan2(Elementwise):
    floating = True

    def forward(self, y, x):
        return np.arctan2(y, x)

    def grad_y(self, g, y, x):
        with np.errstate(over="ignore"):  # of the radius; its square would leave the range early
            radius = np.hypot(x, y)
            return quotient(g * quotient(x, radius), radius)

    def grad_x(self, g, y, x):
        with np.errstate(over="ignore"):
            radius = np.hypot(x, y)
            return -quotient(g * quotient(y, radius), radius)


@implements(np.hypot)
class Hypot(Elementwise):
    floating = True

    def forward(self, x, y):
        return np.hypot(x, y)

    def grad_x(self, g, x, out):
        return quotient(g * x, out)

    def grad_y(self, g, y, out):
        return quotient(g * y, out)


@implements(np.deg2rad, np.radians)
class Deg2Rad(Elementwise):
    floating = True

    def forward(self, x):
        return x * (math.pi / 180)

    def grad_x(self, g):
        return g * (math.pi / 180)


@implements(np.rad2deg, np.degrees)
class Rad2Deg(Elementwise):
    floating = True

    def forward(self, x):
        return x * (180 / math.pi)

    def grad_x(self, g):
        return g * (180 / math.pi)


@implements(np.sinc)
class Sinc(Elementwise):
    """sin(πx) / (πx), 1 at 0."""

    floating = True
    takes_complex = True

    def forward(self, x):
        t = _less_turns(x) * math.pi
        zero = x == 0
        return np.where(zero, 1, np.sin(t) / math.pi / np.where(zero, 1, x))

    def grad_x(self, g, x):
        # (cos t - sin t / t) / x cancels near 0, and the next derivative is not 0 there: a series
        near = np.absolute(x) < 0.16
        far, small = np.where(near, 1, x), np.where(near, x, 0) * math.pi
        t = _less_turns(far) * math.pi
        slope = (np.cos(t) - np.sin(t) / math.pi / far) / far
        square, series = small * small, 0.0
        for n in range(7, 0, -1):  # Σ (-1)ⁿ 2n t²ⁿ⁻¹ / (2n + 1)!
            series = series * square + (-1) ** n * 2 * n / math.factorial(2 * n + 1)
        return g * np.where(near, series * small * math.pi, slope)


def _less_turns(x):
    """``x``, in half turns, with whole turns taken off: π·x may overflow."""
    return x - np.rint(np.real(x) * 0.5) * 2


def sin(input: Tensor) -> Tensor:
    """The sine of an angle in radians.

    >>> import autograd
    >>> autograd.sin(autograd.tensor(0.0))
    tensor(0.)
    """
    return Sin.apply(input)


def cos(input: Tensor) -> Tensor:
    """The cosine of an angle in radians.

    >>> import autograd
    >>> autograd.cos(autograd.tensor(0.0))
    tensor(1.)
    """
    return Cos.apply(input)


def tan(input: Tensor) -> Tensor:
    """The tangent of an angle in radians.

    >>> import autograd
    >>> autograd.tan(autograd.tensor(0.0))
    tensor(0.)
    """
    return Tan.apply(input)


def asin(input: Tensor) -> Tensor:
    """The angle in [-π/2, π/2] whose sine is x; NaN outside [-1, 1].

    >>> import autograd
    >>> autograd.asin(autograd.tensor(1.0))
    tensor(1.5708)
    """
    return Asin.apply(input)


def acos(input: Tensor) -> Tensor:
    """The angle in [0, π] whose cosine is x; NaN outside [-1, 1].

    >>> import autograd
    >>> autograd.acos(autograd.tensor(1.0))
    tensor(0.)
    """
    return Acos.apply(input)


def atan(input: Tensor) -> Tensor:
    """The angle in (-π/2, π/2) whose tangent is x.

    >>> import autograd
    >>> autograd.atan(autograd.tensor(1.0))
    tensor(0.7854)
    """
    return Atan.apply(input)


def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine, (eˣ - e⁻ˣ) / 2.

    >>> import autograd
    >>> autograd.sinh(autograd.tensor(0.0))
    tensor(0.)
    """
    return Sinh.apply(input)


def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine, (eˣ + e⁻ˣ) / 2.

    >>> import autograd
    >>> autograd.cosh(autograd.tensor(0.0))
    tensor(1.)
    """
    return Cosh.apply(input)


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, sinh x / cosh x.

    >>> import autograd
    >>> autograd.tanh(autograd.tensor(1.0))
    tensor(0.7616)
    """
    return Tanh.apply(input)


def asinh(input: Tensor) -> Tensor:
    """The number whose hyperbolic sine is x.

    >>> import autograd
    >>> autograd.asinh(autograd.tensor(0.0))
    tensor(0.)
    """
    return Asinh.apply(input)


def acosh(input: Tensor) -> Tensor:
    """The number ≥ 0 whose hyperbolic cosine is x; NaN below 1.

    >>> import autograd
    >>> autograd.acosh(autograd.tensor(1.0))
    tensor(0.)
    """
    return Acosh.apply(input)


def atanh(input: Tensor) -> Tensor:
    """The number whose hyperbolic tangent is x; NaN outside [-1, 1].

    >>> import autograd
    >>> autograd.atanh(autograd.tensor(0.0))
    tensor(0.)
    """
    return Atanh.apply(input)


def atan2(input: TensorLike, other: TensorLike) -> Tensor:
    """The angle in [-π, π] of the point with ordinate ``input`` and abscissa ``other``.

    >>> import autograd
    >>> autograd.atan2(autograd.tensor(1.0), autograd.tensor(-1.0))
    tensor(2.3562)
    """
    return Atan2.apply(input, other)


def hypot(input: TensorLike, other: TensorLike) -> Tensor:
    """√(x² + y²) without overflow; its gradient at (0, 0) is 0.

    >>> import autograd
    >>> autograd.hypot(autograd.tensor(3.0), autograd.tensor(4.0))
    tensor(5.)
    """
    return Hypot.apply(input, other)


def sinc(input: Tensor) -> Tensor:
    """sin(πx) / (πx), and 1 at 0; its derivatives are right there, too.

    3 units of float64, near its zeros of 1 / πx.

    >>> import autograd
    >>> autograd.sinc(autograd.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """
    return Sinc.apply(input)


def deg2rad(input: Tensor) -> Tensor:
    """Degrees to radians, x · π / 180.

    >>> import autograd
    >>> autograd.deg2rad(autograd.tensor(180.0))
    tensor(3.1416)
    """
    return Deg2Rad.apply(input)


def rad2deg(input: Tensor) -> Tensor:
    """Radians to degrees, x · 180 / π.

    >>> import autograd
    >>> autograd.rad2deg(autograd.tensor(0.0))
    tensor(0.)
    """
    return Rad2Deg.apply(input)


arcsin = asin

arccos = acos

arctan = atan

arctan2 = atan2

arcsinh = asinh

arccosh = acosh

arctanh = atanh
