"""Powers and roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise, cast
from autograd.ops.pointwise.arithmetic import quotient

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = ["float_power", "pow", "reciprocal", "rsqrt", "sqrt", "square"]


class Power(Elementwise):
    takes_complex = True

    def forward(self, x, y):
        try:
            return x**y
        except ValueError:  # NumPy refuses integers to a negative power
            if not (hasattr(y, "dtype") and dtypes.integral(y.dtype)):
                raise
        with_sign = np.where(np.equal(x, -1), 1 - 2 * (y & 1), np.equal(x, 1))  # else a fraction: 0
        return np.where(y < 0, with_sign, x ** np.maximum(y, 0)).astype(y.dtype)

    def grad_x(self, g, x, y):
        # where it would be 0 · ∞, as 1 / x is of the smallest numbers, too
        small = np.absolute(x) < np.finfo(x.dtype).tiny
        at_zero = small & ((y == 0) | ((x == 0) & (g == 0) & (np.real(y) < 1)))
        return g * y * np.where(at_zero, 1, x) ** (y - 1)

    def grad_y(self, g, x, y, out):
        return g * out * np.log(np.where((x == 0) & (np.real(y) >= 0), 1, x))


class PowerOfNumber(Elementwise):
    """x to a constant power, which needs no logarithm and, for cubes, no general power."""

    takes_complex = True

    def forward(self, x, *, exponent):
        self.exponent = exponent
        if exponent == 3:
            return x * x * x
        if exponent == 4:
            square = x * x
            return square * square
        return x**exponent

    def grad_x(self, g, x):
        n = self.exponent
        if n == 0:
            return g * 0
        if n < 0:  # one power: the higher derivatives stay in range as long as they fit
            return g * (pow(np.where(g == 0, 1, x), n - 1) * n)
        if n < 1:
            return quotient(g * n, pow(x, 1 - n))
        return g * (pow(x, n - 1) * n)


@implements(np.square)
class Square(Elementwise):
    takes_complex = True

    def forward(self, x):
        return x * x

    def grad_x(self, g, x):
        return g * (x + x)


@implements(np.sqrt)
class Sqrt(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return np.sqrt(x)

    def grad_x(self, g, out):
        return quotient(g, out + out)


class Rsqrt(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return 1 / np.sqrt(x)

    def grad_x(self, g, x):
        return quotient(quotient(g * -0.5, x), np.sqrt(x))


@implements(np.reciprocal)
class Reciprocal(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return 1 / x

    def grad_x(self, g, x):
        return -quotient(quotient(g, x), x)


@implements(np.power)
def pow(input: TensorLike, exponent: TensorLike) -> Tensor:
    """``input`` to the power ``exponent``, broadcast; either may be a number.

    0⁰ is 1, and its derivative by the base 0. Integers to a floating power give the default
    floating dtype. Integers to a negative power in a tensor are rounded to zero: 2⁻¹ is 0. Raises
    ValueError for integers to a negative number.

    >>> import autograd
    >>> autograd.pow(autograd.tensor([1.0, 2.0]), 3)
    tensor([1., 8.])
    >>> autograd.pow(2, autograd.tensor([1.0, 3.0]))
    tensor([2., 8.])
    """
    if isinstance(exponent, np.generic):
        exponent = exponent.item()
    if not isinstance(exponent, (int, float)):
        return Power.apply(input, exponent)
    if not hasattr(input, "dtype"):
        check_numeric("pow", input=input)
        return Power.apply(input, exponent)
    if not dtypes.differentiable(input.dtype):
        if isinstance(exponent, float):
            input = cast(input, dtypes.get_default_dtype())
        elif exponent < 0:
            raise ValueError(
                f"pow: integers to negative integer powers are not integers; got dtype "
                f"{input.dtype} to the power {exponent}. Use a float base or exponent."
            )
        elif dtypes.boolean(input.dtype):
            if isinstance(exponent, bool):  # bool ** bool is bool: 1, or 0 where 0 meets True
                return input | (not exponent)  # type: ignore[operator, return-value]
            input = cast(input, dtypes.int64)
    if exponent == 2:
        return Square.apply(input)
    return PowerOfNumber.apply(input, exponent=exponent)


def float_power(input: TensorLike, exponent: TensorLike) -> Tensor:
    """``input`` to the power ``exponent``, computed in float64, or complex128.

    >>> import autograd
    >>> autograd.float_power(autograd.tensor([2, 3]), 2).dtype
    autograd.float64
    """
    wide = []
    for value in (input, exponent):
        if hasattr(value, "dtype"):
            real = not dtypes.complex_valued(value.dtype)
            value = cast(value, dtypes.float64 if real else dtypes.complex128)
        wide.append(value)
    return pow(*wide)


def square(input: Tensor) -> Tensor:
    """x².

    >>> import autograd
    >>> autograd.square(autograd.tensor([1.0, -2.0]))
    tensor([1., 4.])
    """
    return pow(input, 2)


def sqrt(input: Tensor) -> Tensor:
    """The square root; NaN below 0.

    >>> import autograd
    >>> autograd.sqrt(autograd.tensor([1.0, 4.0]))
    tensor([1., 2.])
    """
    return Sqrt.apply(input)


def rsqrt(input: Tensor) -> Tensor:
    """1 / √x.

    >>> import autograd
    >>> autograd.rsqrt(autograd.tensor([1.0, 4.0]))
    tensor([1.0000, 0.5000])
    """
    return Rsqrt.apply(input)


def reciprocal(input: Tensor) -> Tensor:
    """1 / x.

    >>> import autograd
    >>> autograd.reciprocal(autograd.tensor([1.0, 4.0]))
    tensor([1.0000, 0.2500])
    """
    return Reciprocal.apply(input)
