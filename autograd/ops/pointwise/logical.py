"""Truth and bits: and, or, xor, not, and shifts. None of them has a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.dispatch import implements
from autograd.ops.pointwise.arithmetic import Constant, Whole

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift",
    "bitwise_xor", "logical_and", "logical_not", "logical_or", "logical_xor",
]  # fmt: skip


@implements(np.left_shift)
class LeftShift(Whole):
    def forward(self, x, y):
        return np.left_shift(x, y) * np.greater_equal(y, 0)


@implements(np.right_shift)
class RightShift(Whole):
    def forward(self, x, y):
        return np.right_shift(x, np.where(np.less(y, 0), 8 * x.dtype.itemsize, y))


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


@implements(np.logical_and)
class LogicalAnd(Constant):
    def forward(self, x, y):
        return np.logical_and(x, y)


@implements(np.logical_or)
class LogicalOr(Constant):
    def forward(self, x, y):
        return np.logical_or(x, y)


@implements(np.logical_xor)
class LogicalXor(Constant):
    def forward(self, x, y):
        return np.logical_xor(x, y)


@implements(np.bitwise_and)
class BitwiseAnd(Constant):
    wraps = True

    def forward(self, x, y):
        return np.bitwise_and(x, y)


@implements(np.bitwise_or)
class BitwiseOr(Constant):
    wraps = True

    def forward(self, x, y):
        return np.bitwise_or(x, y)


@implements(np.bitwise_xor)
class BitwiseXor(Constant):
    wraps = True

    def forward(self, x, y):
        return np.bitwise_xor(x, y)


@implements(np.logical_not)
class LogicalNot(Constant):
    def forward(self, x):
        return np.logical_not(x)


@implements(np.bitwise_not)
class BitwiseNot(Constant):
    def forward(self, x):
        return np.bitwise_not(x)


def logical_and(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether both are true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_and(autograd.tensor([True, True, False]), True)
    tensor([ True,  True, False])
    """
    return LogicalAnd.apply(input, other)


def logical_or(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether at least one is true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_or(autograd.tensor([True, True, False]), True)
    tensor([True, True, True])
    """
    return LogicalOr.apply(input, other)


def logical_xor(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether exactly one is true (not 0), element by element.

    >>> import autograd
    >>> autograd.logical_xor(autograd.tensor([True, True, False]), True)
    tensor([False, False,  True])
    """
    return LogicalXor.apply(input, other)


def logical_not(input: Tensor) -> Tensor:
    """Whether an element is false (0).

    >>> import autograd
    >>> autograd.logical_not(autograd.tensor([True, True, False]))
    tensor([False, False,  True])
    """
    return LogicalNot.apply(input)


def bitwise_and(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that both have; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_and(autograd.tensor([1, 2, 3]), 1)
    tensor([1, 0, 1])
    """
    return BitwiseAnd.apply(input, other)


def bitwise_or(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that at least one has; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_or(autograd.tensor([1, 2, 3]), 1)
    tensor([1, 3, 3])
    """
    return BitwiseOr.apply(input, other)


def bitwise_xor(input: TensorLike, other: TensorLike) -> Tensor:
    """The bits that exactly one has; for bools, the logic. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_xor(autograd.tensor([1, 2, 3]), 1)
    tensor([0, 3, 2])
    """
    return BitwiseXor.apply(input, other)


def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned over; for bools, not. Integers and bools only.

    >>> import autograd
    >>> autograd.bitwise_not(autograd.tensor([1, 2, 3]))
    tensor([-2, -3, -4])
    """
    return BitwiseNot.apply(input)
