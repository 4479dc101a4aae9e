"""Whole numbers: shifts of bits, common divisors and multiples. None of them has a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.dispatch import implements
from autograd.elementwise import cast
from autograd.ops.comparison import Constant

if TYPE_CHECKING:
    from autograd.annotations import Tensor, TensorLike


class Whole(Constant):
    """An op on integers; Booleans count as the numbers 0 and 1 where they meet integers."""

    @classmethod
    def of_integers(cls, call: str, *values: Any) -> Any:
        """The result; raises TypeError for what is not integers."""
        dtype = dtypes.result_type(*values)
        if dtype.kind not in "iu":
            raise TypeError(
                f"{call}: operands must be integers; got {dtype}. Convert them: x.long()."
            )
        return cls.apply(*[cast(value, dtype) for value in values])


@implements(np.left_shift)
class LeftShift(Whole):
    def forward(self, x, y):
        return np.left_shift(x, y) * np.greater_equal(y, 0)


@implements(np.right_shift)
class RightShift(Whole):
    def forward(self, x, y):
        return np.right_shift(x, np.where(np.less(y, 0), 8 * x.dtype.itemsize, y))


@implements(np.gcd)
class Gcd(Whole):
    def forward(self, x, y):
        return np.gcd(x, y)


@implements(np.lcm)
class Lcm(Whole):
    def forward(self, x, y):
        return np.lcm(x, y)


def bitwise_left_shift(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits of ``input`` moved up by ``other`` places, input · 2ᵒᵗʰᵉʳ; Python's <<.

    What leaves the dtype's width is lost. A negative ``other`` gives 0. Raises TypeError for
    floating-point tensors.

    >>> import autograd
    >>> autograd.bitwise_left_shift(autograd.tensor([1, 2, 3]), 2)
    tensor([ 4,  8, 12])
    """
    return LeftShift.of_integers("bitwise_left_shift", input, other)


def bitwise_right_shift(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits of ``input`` moved down by ``other`` places, ⌊input / 2ᵒᵗʰᵉʳ⌋; Python's >>.

    A negative ``other`` leaves the sign alone: 0, or -1. Raises TypeError for floating-point
    tensors.

    >>> import autograd
    >>> autograd.bitwise_right_shift(autograd.tensor([8, -8, 3]), 1)
    tensor([ 4, -4,  1])
    """
    return RightShift.of_integers("bitwise_right_shift", input, other)


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
