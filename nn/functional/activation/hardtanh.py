"""Smooth activations in straight pieces, which cost less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import Elementwise
from autograd.kernels.masked import chosen
from nn.functional.activation.inplace import elementwise, run

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["hardsigmoid", "hardswish", "hardtanh", "hardtanh_", "relu6"]


class Hardtanh(Elementwise):
    """x between two bounds, on which the slope is 0."""

    linear_in_pieces = True

    def forward(self, x, *, low, high):
        self.bounds = low, high = x.dtype.type(low), x.dtype.type(high)
        return np.minimum(np.maximum(x, low), high)

    def grad_x(self, g, x):
        low, high = self.bounds
        return g * np.logical_not((x <= low) | (x >= high))


class Hardswish(Elementwise):
    floating = True

    def forward(self, x):
        return x * (np.minimum(np.maximum(x + 3, 0), 6) / 6)

    def grad_x(self, g, x):
        slope = np.minimum(np.maximum(x, -3), 3) / 3 + 0.5
        return g * chosen(x >= 3, 1, chosen(x <= -3, 0, slope))


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """min(max(x, ``min_val``), ``max_val``); the gradient is 0 on the bounds and beyond.

    Raises ValueError where the bounds are not in order.

    >>> import autograd
    >>> hardtanh(autograd.tensor([-2.0, 0.5, 2.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """
    low = number_of("hardtanh", "min_val", min_val)
    high = number_of("hardtanh", "max_val", max_val)
    if low > high:
        raise ValueError(f"hardtanh: min_val must not exceed max_val; got {low} and {high}.")
    return run("hardtanh", input, inplace, Hardtanh, low=low, high=high)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """:func:`hardtanh`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-3.0, 0.5])
    >>> hardtanh_(x) is x, x
    (True, tensor([-1.0000,  0.5000]))
    """
    return hardtanh(input, min_val, max_val, True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x, 0), 6) (Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10").

    >>> import autograd
    >>> relu6(autograd.tensor([-1.0, 2.0, 7.0]))
    tensor([0., 2., 6.])
    """
    return run("relu6", input, inplace, Hardtanh, low=0.0, high=6.0)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x + 3, 0), 6) / 6, a sigmoid in three pieces.

    Courbariaux, Bengio & David 2015, arXiv:1511.00363.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> hardsigmoid(autograd.tensor([-4.0, 0.0, 4.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    check_tensors("hardsigmoid", input=input)

    def operation(x: Any) -> Any:
        return Hardtanh.apply(x + 3.0, low=0.0, high=6.0) / 6

    return elementwise("hardsigmoid", input, inplace, operation)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, arXiv:1905.02244).

    Shapes: (*) -> (*).

    >>> import autograd
    >>> hardswish(autograd.tensor([-4.0, 1.0, 4.0]))
    tensor([-0.0000,  0.6667,  4.0000])
    """
    return run("hardswish", input, inplace, Hardswish)
