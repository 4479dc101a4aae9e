"""Activations that move values towards 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.errors import OptionError
from autograd.engine.elementwise import Elementwise
from nn.functional.activation.inplace import run

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["hardshrink", "softshrink", "tanhshrink"]


class Softshrink(Elementwise):
    floating = True
    linear_in_pieces = True

    def forward(self, x, *, lambd):
        self.lambd = lambd
        return x - np.minimum(np.maximum(x, -lambd), lambd)

    def grad_x(self, g, x):
        return g * np.logical_not(np.absolute(x) <= self.lambd)


class Hardshrink(Elementwise):
    linear_in_pieces = True

    def forward(self, x, *, lambd):
        self.lambd = lambd
        return x * (np.absolute(x) > lambd)

    def grad_x(self, g, x):
        return g * np.logical_not(np.absolute(x) <= self.lambd)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by λ, and 0 where |x| ≤ λ. Raises ValueError for a negative λ.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> softshrink(autograd.tensor([-2.0, 0.3, 2.0]))
    tensor([-1.5000,  0.0000,  1.5000])
    """
    lambd = number_of("softshrink", "lambd", lambd)
    if lambd < 0:
        raise OptionError(f"softshrink: lambd must be 0 or more; got {lambd}.")
    return run("softshrink", input, False, Softshrink, lambd=lambd)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x where |x| > λ, else 0.

    >>> import autograd
    >>> hardshrink(autograd.tensor([-2.0, 0.3, 2.0]))
    tensor([-2.,  0.,  2.])
    """
    lambd = number_of("hardshrink", "lambd", lambd)
    return run("hardshrink", input, False, Hardshrink, lambd=lambd)


def tanhshrink(input: Tensor) -> Tensor:
    """x - tanh(x).

    Shapes: (*) -> (*).

    >>> import autograd
    >>> tanhshrink(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2384])
    """
    check_tensors("tanhshrink", input=input)
    return input - np.tanh(input)
