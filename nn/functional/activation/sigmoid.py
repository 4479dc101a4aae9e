"""Smooth activations without parameters: sigmoid, tanh, softplus and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.elementwise import Elementwise
from autograd.ops.pointwise.sigmoid import logsigmoid, sigmoid, softplus
from autograd.ops.pointwise.trigonometric import tanh

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["logsigmoid", "sigmoid", "softplus", "softsign", "tanh"]


class Softsign(Elementwise):
    floating = True

    def forward(self, x):
        return x / (1 + np.absolute(x))

    def grad_x(self, g, x):
        scale = 1 + np.absolute(x)
        return g / scale / scale


def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|).

    Shapes: (*) -> (*).

    >>> import autograd
    >>> softsign(autograd.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """
    if hasattr(input, "dtype") and dtypes.complex_valued(input.dtype):
        return input / (1 + np.absolute(input))
    return Softsign.apply(input)
