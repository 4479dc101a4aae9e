"""The rectifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.engine.elementwise import Elementwise

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["relu"]


class Relu(Elementwise):
    linear_in_pieces = True

    def forward(self, x):
        if isinstance(x, np.number):  # operators on NumPy scalars are ten times as fast as ufuncs
            return +x if x > 0 or x != x else x.dtype.type(0)
        return np.maximum(x, x.dtype.type(0))

    def grad_x(self, g, out):
        return g * (out > 0)


def relu(input: Tensor) -> Tensor:
    """max(x, 0); the gradient at 0 is 0.

    >>> import autograd
    >>> autograd.relu(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return Relu.apply(input)
