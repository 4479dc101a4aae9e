"""What floating-point numbers are made of: signs, exponents, mantissas, neighbours, infinities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_ordered, check_tensors, number_of
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import Elementwise
from autograd.engine.function import Function
from autograd.kernels.layout import unexpanded
from autograd.ops.pointwise.arithmetic import Constant
from autograd.ops.pointwise.comparison import Equal
from autograd.ops.pointwise.exponential import Exp2
from autograd.ops.return_types import FrexpResult

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "copysign", "frexp", "heaviside", "isneginf", "isposinf", "ldexp", "nan_to_num", "nextafter",
    "signbit",
]  # fmt: skip


@implements(np.copysign)
class Copysign(Elementwise):
    """|x| with the sign of y."""

    floating = True

    def forward(self, x, y):
        return np.copysign(x, y)

    def grad_x(self, g, x, out):
        return g * (np.sign(x) * np.sign(out))

    def grad_y(self, g):
        return g * 0


@implements(np.ldexp)
class Ldexp(Elementwise):
    """x · 2ʸ."""

    floating = True
    takes_complex = True

    def forward(self, x, y):
        return x * np.exp2(y)

    def grad_x(self, g, y):
        return g * Exp2.apply(y)

    def grad_y(self, g, out):
        return g * out * _LOG_2


_LOG_2 = math.log(2)


class Frexp(Function):
    """Mantissa and exponent; the mantissa's slope is the power of two that was taken out."""

    def forward(self, x):
        mantissa, self.exponent = np.frexp(x)
        return mantissa, self.exponent

    def grad_x(self, g):
        return None if g[0] is None else np.ldexp(g[0], -self.exponent)


@implements(np.heaviside)
class Heaviside(Elementwise):
    """A step from 0 to 1, with a value of its own where x = 0."""

    def forward(self, x, values):
        out = np.where(x == 0, values, (x > 0).astype(x.dtype))
        return out if out.ndim else out[()]

    def grad_x(self, g):
        return g * 0

    def grad_values(self, g, x):
        return g * (x == 0)


@implements(np.nextafter)
class Nextafter(Elementwise):
    """x, but for one unit in the last place, or y where they are equal: the slope is that of it."""

    floating = True

    def forward(self, x, y):
        return np.nextafter(x, y)

    def grad_x(self, g, x, y):
        return np.where(x == y, 0, g)

    def grad_y(self, g, x, y):
        return np.where(x == y, g, 0)


@implements(np.signbit)
class Signbit(Constant):
    def forward(self, x):
        return np.signbit(x)


def copysign(input: TensorLike, other: TensorLike) -> Tensor:
    """|input| with the sign of ``other`` (which a zero has, too), broadcast.

    The gradient is ±1 for ``input`` (0 where it is 0) and 0 for ``other``. Integers give the
    default floating dtype.

    >>> import autograd
    >>> autograd.copysign(autograd.tensor([1.0, -2.0]), autograd.tensor([-0.0, 3.0]))
    tensor([-1.,  2.])
    """
    return Copysign.apply(input, other)


def ldexp(input: TensorLike, other: TensorLike) -> Tensor:
    """input · 2ᵒᵗʰᵉʳ, broadcast; ``other`` need not be whole, and has a gradient then.

    >>> import autograd
    >>> autograd.ldexp(autograd.tensor([1.0, 3.0]), autograd.tensor([4, -1]))
    tensor([16.0000,  1.5000])
    """
    return Ldexp.apply(input, other)


@implements(np.frexp)
def frexp(input: Tensor) -> FrexpResult:
    """x = mantissa · 2 ** exponent, with 1/2 ≤ |mantissa| < 1, or both 0: (mantissa, exponent).

    The exponent is int32 and constant between jumps; the mantissa has a gradient. Raises
    RuntimeError for booleans and integers.

    >>> import autograd
    >>> mantissa, exponent = autograd.frexp(autograd.tensor([3.0, 0.5]))
    >>> mantissa, exponent
    (tensor([0.7500, 0.5000]), tensor([2, 0], dtype=autograd.int32))
    """
    check_tensors("frexp", input=input)
    if not dtypes.floating(input.dtype):
        raise RuntimeError(
            f"frexp: input must have a floating-point dtype; got {input.dtype}. "
            "Convert it first: x.float()."
        )
    return FrexpResult(*Frexp.apply(input))


def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """The unit step: 0 below zero, 1 above, ``values`` (broadcast) where ``input`` is 0.

    The gradient is 0 for ``input``; ``values`` have theirs where they were taken.

    >>> import autograd
    >>> autograd.heaviside(autograd.tensor([-1.0, 0.0, 2.0]), autograd.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return Heaviside.apply(input, values)


def nextafter(input: TensorLike, other: TensorLike) -> Tensor:
    """The next floating-point number after ``input`` on the way to ``other``, broadcast.

    >>> import autograd
    >>> autograd.nextafter(autograd.tensor(1.0), autograd.tensor(2.0)).item()
    1.0000001192092896
    """
    return Nextafter.apply(input, other)


def signbit(input: Tensor) -> Tensor:
    """Whether the sign is minus, also that of -0; bool.

    >>> import autograd
    >>> autograd.signbit(autograd.tensor([1.0, -2.0, -0.0]))
    tensor([False,  True,  True])
    """
    return Signbit.apply(input)


@implements(np.isposinf)
def isposinf(input: Tensor) -> Tensor:
    """Whether an element is ∞.

    >>> import autograd
    >>> autograd.isposinf(autograd.tensor([0.0, float("inf"), -float("inf")]))
    tensor([False,  True, False])
    """
    check_tensors("isposinf", input=input)
    check_ordered("isposinf", input)
    return Equal.apply(input, math.inf)


@implements(np.isneginf)
def isneginf(input: Tensor) -> Tensor:
    """Whether an element is -∞.

    >>> import autograd
    >>> autograd.isneginf(autograd.tensor([0.0, float("inf"), -float("inf")]))
    tensor([False, False,  True])
    """
    check_tensors("isneginf", input=input)
    check_ordered("isneginf", input)
    return Equal.apply(input, -math.inf)


@implements(np.nan_to_num)
class NanToNum(Elementwise):
    complex_values = True

    def forward(self, x, *, copy=True, nan=0.0, posinf=None, neginf=None):
        return np.nan_to_num(unexpanded(x), nan=nan, posinf=posinf, neginf=neginf)

    def grad_x(self, g, x):
        return g * np.isfinite(x)


def nan_to_num(
    input: Tensor,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """NaN, ∞ and -∞ replaced, the infinities by the dtype's largest numbers unless given.

    >>> import autograd
    >>> autograd.nan_to_num(autograd.tensor([autograd.nan, 1.0]), nan=-1.0)
    tensor([-1., 1.])
    """
    given = {"nan": nan, "posinf": posinf, "neginf": neginf}
    for name, value in given.items():
        if value is not None:
            given[name] = number_of("nan_to_num", name, value)
    return NanToNum.apply(input, **given)
