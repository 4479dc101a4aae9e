"""Arithmetic: + - * / // %, negation, absolute value, lerp, gcd and lcm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors
from autograd.arrays.old_forms import reordered
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise, in_float32
from autograd.kernels import pointwise
from autograd.kernels.masked import chosen

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number, TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "abs", "absolute", "add", "addcdiv", "addcmul", "div", "divide", "floor_divide", "fmod",
    "gcd", "lcm", "lerp", "mul", "multiply", "neg", "negative", "positive", "remainder", "rsub",
    "sub", "subtract", "true_divide",
]  # fmt: skip


@implements(np.add)
class Add(Elementwise):
    wraps = True
    takes_complex = True

    def forward(self, x, y):
        return x + y

    def grad_x(self, g):
        return g

    def grad_y(self, g):
        return g


@implements(np.subtract)
class Subtract(Elementwise):
    wraps = True
    takes_complex = True

    def forward(self, x, y):
        return x - y

    def grad_x(self, g):
        return g

    def grad_y(self, g):
        return -g


@implements(np.multiply)
class Multiply(Elementwise):
    wraps = True
    takes_complex = True

    def forward(self, x, y):
        return x * y

    def grad_x(self, g, y):
        return g * y

    def grad_y(self, g, x):
        return g * x


@implements(np.divide)
class Divide(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x, y):
        return x / y

    def grad_x(self, g, y):
        return quotient(g, y)

    def grad_y(self, g, x, y):
        if pointwise.large(g):
            return pointwise.quotient_slope(g, x, y)
        return -quotient(quotient(g, y) * x, y)


class Quotient(Elementwise):
    """g / d, and 0 where g = 0: a gradient of zero means "no gradient", whatever it meets.

    Formulas with a singular point divide by it through here; ``where(x > 0, sqrt(x), 0)`` then
    has the gradient 0 at 0, not 0/0.
    """

    takes_complex = True

    def forward(self, g, d):
        if isinstance(g, np.floating) and isinstance(d, np.floating) and (g == 0 or d != 0):
            return g / d if g else g
        return pointwise.quotient(g, d)

    def grad_g(self, h, d):
        return quotient(h, d)

    def grad_d(self, h, d, out):
        return -quotient(h * out, d)


def quotient(g: Any, d: Any) -> Any:
    """g / d, and 0 where g is 0, also where d is: for gradient formulas with a singular point.

    A gradient of zero means that nothing was asked for there. So ``where(x > 0, sqrt(x), 0)`` has
    the gradient 0 at 0, and not 0/0.

    :param g: the incoming gradient; arrays or Tensors, which broadcast, as for ``/``.

    >>> import numpy as np
    >>> quotient(np.array([1.0, 0.0]), np.array([4.0, 0.0]))
    array([0.25, 0.  ])
    """
    if type(g) is np.ndarray and (type(d) is np.ndarray or isinstance(d, np.floating)):
        return pointwise.quotient(g, d)  # what the op comes to
    if isinstance(g, np.floating) and isinstance(d, np.floating) and (g == 0 or d != 0):
        return g / d if g else g
    return Quotient.apply(g, d)


@implements(np.negative)
class Negative(Elementwise):
    takes_complex = True

    def forward(self, x):
        return -x

    def grad_x(self, g):
        return -g


@implements(np.absolute, np.fabs)
class Absolute(Elementwise):
    takes_complex = True

    def forward(self, x):
        return np.absolute(x)

    def grad_x(self, g, x):
        return g * (np.conjugate(np.sign(x)) if dtypes.complex_valued(x.dtype) else np.sign(x))


@implements(np.remainder, np.mod)
class Remainder(Elementwise):
    """x - y·⌊x/y⌋: the sign of y, as Python's %."""

    wraps = True

    def forward(self, x, y):
        _check_divisor("remainder", x, y)
        return np.remainder(x, y)

    def grad_x(self, g):
        return g

    def grad_y(self, g, x, y):
        return -(g * np.floor_divide(x, y))


@implements(np.fmod)
class Fmod(Elementwise):
    """x - y·trunc(x/y): the sign of x, as C's fmod."""

    wraps = True

    def forward(self, x, y):
        _check_divisor("fmod", x, y)
        return np.fmod(x, y)

    def grad_x(self, g):
        return g

    def grad_y(self, g, x, y):
        return -(g * np.rint((x - np.fmod(x, y)) / y))  # x / y may round up to the next whole


@implements(np.floor_divide)
class FloorDivide(Elementwise):
    """⌊x/y⌋, constant between jumps: the gradients are zero."""

    wraps = True

    def forward(self, x, y):
        _check_divisor("floor_divide", x, y)
        return np.floor_divide(x, y)

    def grad_x(self, g):
        return g * 0

    def grad_y(self, g):
        return g * 0


class TruncDivide(Elementwise):
    """x/y without its fraction, constant between jumps: the gradients are zero."""

    wraps = True

    def forward(self, x, y):
        if dtypes.floating(x.dtype):
            return np.trunc(x / y)
        _check_divisor("div", x, y)
        return np.floor_divide(x - np.fmod(x, y), y)

    def grad_x(self, g):
        return g * 0

    def grad_y(self, g):
        return g * 0


def _check_divisor(call: str, x: Any, y: Any) -> None:
    """Raise RuntimeError, as PyTorch does, where an integer would be divided by 0."""
    if dtypes.differentiable(y.dtype) or np.logical_and.reduce(np.not_equal(y, 0), axis=None):
        return
    if np.size(x):
        raise RuntimeError(
            f"{call}: ZeroDivisionError: an integer divisor must not be 0; got one of shape "
            f"{tuple(y.shape)} that holds 0. Divide x.float() for infinities."
        )


def add(input: TensorLike, other: TensorLike, *old: Any, alpha: Number = 1) -> Tensor:
    """input + alpha · other, broadcast.

    >>> import autograd
    >>> autograd.add(autograd.tensor([1.0, 2.0]), 3, alpha=2)
    tensor([7., 8.])
    """
    if old:
        operands, options = reordered("add", (input, other, *old), 2, "alpha")
        return add(*operands, **options)
    return Add.apply(input, other if alpha == 1 else Multiply.apply(other, alpha))


def sub(input: TensorLike, other: TensorLike, *old: Any, alpha: Number = 1) -> Tensor:
    """input - alpha · other, broadcast.

    >>> import autograd
    >>> autograd.sub(autograd.tensor([1.0, 2.0]), 3)
    tensor([-2., -1.])
    """
    if old:
        operands, options = reordered("sub", (input, other, *old), 2, "alpha")
        return sub(*operands, **options)
    return Subtract.apply(input, other if alpha == 1 else Multiply.apply(other, alpha))


def rsub(input: TensorLike, other: TensorLike, *, alpha: Number = 1) -> Tensor:
    """other - alpha · input, broadcast: subtraction the other way round.

    >>> import autograd
    >>> autograd.rsub(autograd.tensor([1.0, 2.0]), 3)
    tensor([2., 1.])
    """
    return sub(other, input, alpha=alpha)


def mul(input: TensorLike, other: TensorLike) -> Tensor:
    """input · other, broadcast.

    >>> import autograd
    >>> autograd.mul(autograd.tensor([1.0, 2.0]), 3)
    tensor([3., 6.])
    """
    return Multiply.apply(input, other)


def div(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
    """input / other, broadcast; integers are divided in the default floating dtype.

    :param rounding_mode: "floor" rounds down, "trunc" towards zero; both keep integers, and have
        the gradient zero.
    :raises ValueError: any other rounding mode.

    >>> import autograd
    >>> autograd.div(autograd.tensor([-7, 7]), 2)
    tensor([-3.5000, 3.5000])
    >>> autograd.div(autograd.tensor([-7, 7]), 2, rounding_mode="trunc")
    tensor([-3, 3])
    """
    if rounding_mode is None:
        return Divide.apply(input, other)
    if rounding_mode == "floor":
        return FloorDivide.apply(input, other)
    if rounding_mode == "trunc":
        return TruncDivide.apply(input, other)
    raise ValueError(f"div: rounding_mode must be None, 'trunc' or 'floor'; got {rounding_mode!r}.")


def floor_divide(input: TensorLike, other: TensorLike) -> Tensor:
    """⌊input / other⌋, Python's //; the gradient is zero.

    >>> import autograd
    >>> autograd.floor_divide(autograd.tensor([-7, 7]), 2)
    tensor([-4, 3])
    """
    return FloorDivide.apply(input, other)


def remainder(input: TensorLike, other: TensorLike) -> Tensor:
    """input - other · ⌊input / other⌋, Python's %: the sign of ``other``.

    >>> import autograd
    >>> autograd.remainder(autograd.tensor([-7, 7]), 3)
    tensor([2, 1])
    """
    return Remainder.apply(input, other)


def fmod(input: TensorLike, other: TensorLike) -> Tensor:
    """input - other · trunc(input / other), C's fmod: the sign of ``input``.

    >>> import autograd
    >>> autograd.fmod(autograd.tensor([-7, 7]), 3)
    tensor([-1, 1])
    """
    return Fmod.apply(input, other)


def neg(input: Tensor) -> Tensor:
    """-input.

    >>> import autograd
    >>> autograd.neg(autograd.tensor([1.0, -2.0]))
    tensor([-1., 2.])
    """
    return Negative.apply(input)


@implements(np.positive)
def positive(input: Tensor) -> Tensor:
    """``input`` itself.

    >>> import autograd
    >>> autograd.positive(autograd.tensor(1.0))
    tensor(1.)
    """
    check_tensors("positive", input=input)
    return input


def abs(input: Tensor) -> Tensor:
    """The absolute value; the gradient at 0 is 0.

    >>> import autograd
    >>> autograd.abs(autograd.tensor([1.0, -2.0]))
    tensor([1., 2.])
    """
    return Absolute.apply(input)


@in_float32
def addcmul(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1
) -> Tensor:
    """input + value · tensor1 · tensor2, broadcast.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.addcmul(x, x, x, value=10)
    tensor([11., 42.])
    """
    if old:
        operands, options = reordered("addcmul", (input, tensor1, tensor2, *old), 3, "value")
        return addcmul(*operands, **options)
    return add(input, Multiply.apply(tensor1, tensor2), alpha=value)


@in_float32
def addcdiv(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1
) -> Tensor:
    """input + value · tensor1 / tensor2, broadcast.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.addcdiv(x, x, x, value=10)
    tensor([11., 12.])
    """
    if old:
        operands, options = reordered("addcdiv", (input, tensor1, tensor2, *old), 3, "value")
        return addcdiv(*operands, **options)
    return add(input, Divide.apply(tensor1, tensor2), alpha=value)


subtract = sub

multiply = mul

divide = true_divide = div

negative = neg

absolute = abs


class Constant(Elementwise):
    """An op without a gradient: its result is in no graph, and nothing is recorded."""

    exact_numbers = False  # x == 0.1 finds what tensor(0.1) stored


class Whole(Constant):
    """An op on integers; Booleans count as the numbers 0 and 1 where they meet integers."""

    wraps = True

    @classmethod
    def of_integers(cls, call: str, *values: Any) -> Any:
        """The result; raises TypeError for what is not integers."""
        dtype = dtypes.result_type(*values)
        if not dtypes.integral(dtype):
            raise TypeError(
                f"{call}: operands must be integers; got {dtype}. Convert them: x.long()."
            )
        return cls.apply(*cls.of_one_dtype(*values))


@implements(np.gcd)
class Gcd(Whole):
    def forward(self, x, y):
        return np.gcd(x, y)


@implements(np.lcm)
class Lcm(Whole):
    def forward(self, x, y):
        return np.lcm(x, y)


def gcd(input: TensorLike, other: TensorLike) -> Tensor:
    """The greatest common divisor, never negative; gcd(0, 0) = 0. Integers, broadcast.

    >>> import autograd
    >>> autograd.gcd(autograd.tensor([12, 0, -6]), autograd.tensor([18, 0, 4]))
    tensor([6, 0, 2])
    """
    return Gcd.of_integers("gcd", input, other)


def lcm(input: TensorLike, other: TensorLike) -> Tensor:
    """The least common multiple, never negative; 0 where one of them is. Integers, broadcast.

    >>> import autograd
    >>> autograd.lcm(autograd.tensor([4, 0, -6]), autograd.tensor([6, 3, 4]))
    tensor([12,  0, 12])
    """
    return Lcm.of_integers("lcm", input, other)


class Lerp(Elementwise):
    """x + w (y - x), reckoned from the nearer end: w = 1 gives y to the last digit."""

    takes_complex = True

    def forward(self, x, y, w):
        way, near = y - x, np.absolute(w) < 0.5
        if isinstance(near, np.generic):
            return x + w * way if near else y - (1 - w) * way
        return chosen(near, x + w * way, y - (1 - w) * way)

    def grad_x(self, g, w):
        return g * (1 - w)

    def grad_y(self, g, w):
        return g * w

    def grad_w(self, g, x, y):
        return g * (y - x)


@in_float32
def lerp(input: Tensor, end: Tensor, weight: TensorLike) -> Tensor:
    """input + weight · (end - input), and exactly ``end`` where the weight is 1.

    >>> import autograd
    >>> autograd.lerp(autograd.tensor([0.0, 10.0]), autograd.tensor([10.0, 20.0]), 0.5)
    tensor([ 5., 15.])
    """
    return Lerp.apply(input, end, weight)
