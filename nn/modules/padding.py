"""Padding layers, by what they pad with and how many of the last axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_numbers, integer_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]


class _Pad(Module):
    """Pads the last ``axes`` axes; one width stands for both ends of all of them.

    Raises ValueError where there are not two widths for each axis.
    """

    axes = 1
    mode = "constant"

    def __init__(self, padding: int | Sequence[int]) -> None:
        super().__init__()
        ends = 2 * self.axes
        call = type(self).__name__
        given = padding if isinstance(padding, Sequence) else (padding,) * ends
        widths = tuple([integer_of(call, "padding", width) for width in given])
        if len(widths) != ends:
            raise ValueError(
                f"{call}: padding must be one width, or {ends}, (before, after) of "
                f"each axis from the last; got {widths}."
            )
        self.padding = widths

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return str(self.padding)


class ConstantPad1d(_Pad):
    """``value`` at the ends of the last axis: (…, W) -> (…, before + W + after).

    >>> import autograd
    >>> ConstantPad1d((1, 2), 7.0)(autograd.tensor([1.0]))
    tensor([7., 1., 7., 7.])
    """

    def __init__(self, padding: int | Sequence[int], value: float) -> None:
        super().__init__(padding)
        check_numbers(type(self).__name__, value=value)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad2d(ConstantPad1d):
    """``value`` around the last two axes; widths (left, right, top, bottom).

    >>> import autograd
    >>> ConstantPad2d((1, 0, 0, 1), 7.0)(autograd.tensor([[1.0]]))
    tensor([[7., 1.],
            [7., 7.]])
    """

    axes = 2


class ConstantPad3d(ConstantPad1d):
    """``value`` around the last three axes; widths (left, right, top, bottom, front, back).

    Shapes: (…, D, H, W) -> (…, D', H', W').

    >>> import autograd
    >>> ConstantPad3d(1, 7.0)(autograd.zeros(1, 2, 2, 2)).shape
    autograd.Size([1, 4, 4, 4])
    """

    axes = 3


class ZeroPad1d(_Pad):
    """Zeros at the ends of the last axis.

    >>> import autograd
    >>> ZeroPad1d(1)(autograd.tensor([1.0, 2.0]))
    tensor([0., 1., 2., 0.])
    """


class ZeroPad2d(_Pad):
    """Zeros around the last two axes; widths (left, right, top, bottom).

    >>> import autograd
    >>> ZeroPad2d((1, 0, 0, 1))(autograd.tensor([[1.0]]))
    tensor([[0., 1.],
            [0., 0.]])
    """

    axes = 2


class ZeroPad3d(_Pad):
    """Zeros around the last three axes; widths (left, right, top, bottom, front, back).

    >>> import autograd
    >>> ZeroPad3d((1, 1, 0, 0, 2, 0))(autograd.ones(1, 2, 2, 2)).shape
    autograd.Size([1, 4, 2, 4])
    """

    axes = 3


class ReflectionPad1d(_Pad):
    """The last axis mirrored at its ends, the edges not doubled: (C, W) or (N, C, W).

    >>> import autograd
    >>> ReflectionPad1d(1)(autograd.tensor([[1.0, 2.0, 3.0]]))
    tensor([[2., 1., 2., 3., 2.]])
    """

    mode = "reflect"


class ReflectionPad2d(ReflectionPad1d):
    """The last two axes mirrored: (C, H, W) or (N, C, H, W).

    >>> import autograd
    >>> ReflectionPad2d(1)(autograd.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[4., 3., 4., 3.],
             [2., 1., 2., 1.],
             [4., 3., 4., 3.],
             [2., 1., 2., 1.]]])
    """

    axes = 2


class ReflectionPad3d(ReflectionPad1d):
    """The last three axes mirrored: (C, D, H, W) or (N, C, D, H, W).

    >>> import autograd
    >>> ReflectionPad3d(1)(autograd.ones(1, 2, 2, 2)).shape
    autograd.Size([1, 4, 4, 4])
    """

    axes = 3


class ReplicationPad1d(_Pad):
    """The first and the last element of the last axis again: (C, W) or (N, C, W).

    >>> import autograd
    >>> ReplicationPad1d(1)(autograd.tensor([[1.0, 2.0, 3.0]]))
    tensor([[1., 1., 2., 3., 3.]])
    """

    mode = "replicate"


class ReplicationPad2d(ReplicationPad1d):
    """The edges of the last two axes again: (C, H, W) or (N, C, H, W).

    >>> import autograd
    >>> ReplicationPad2d((1, 0, 1, 0))(autograd.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[1., 1., 2.],
             [1., 1., 2.],
             [3., 3., 4.]]])
    """

    axes = 2


class ReplicationPad3d(ReplicationPad1d):
    """The edges of the last three axes again: (C, D, H, W) or (N, C, D, H, W).

    >>> import autograd
    >>> ReplicationPad3d(1)(autograd.ones(1, 2, 2, 2)).shape
    autograd.Size([1, 4, 4, 4])
    """

    axes = 3


class CircularPad1d(_Pad):
    """The last axis continued from its other end: (C, W) or (N, C, W).

    >>> import autograd
    >>> CircularPad1d(1)(autograd.tensor([[1.0, 2.0, 3.0]]))
    tensor([[3., 1., 2., 3., 1.]])
    """

    mode = "circular"


class CircularPad2d(CircularPad1d):
    """The last two axes continued from the other end: (C, H, W) or (N, C, H, W).

    >>> import autograd
    >>> CircularPad2d((1, 0, 1, 0))(autograd.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[4., 3., 4.],
             [2., 1., 2.],
             [4., 3., 4.]]])
    """

    axes = 2


class CircularPad3d(CircularPad1d):
    """The last three axes continued from the other end: (C, D, H, W) or (N, C, D, H, W).

    >>> import autograd
    >>> CircularPad3d(1)(autograd.ones(1, 2, 2, 2)).shape
    autograd.Size([1, 4, 4, 4])
    """

    axes = 3
