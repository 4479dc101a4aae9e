"""Activations that are zero, or flatter, below a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import relu_
from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import Elementwise
from autograd.engine.places import ShapeError
from autograd.kernels.masked import chosen
from autograd.ops.pointwise.relu import Relu
from nn.functional.activation.inplace import elementwise, run

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "leaky_relu",
    "leaky_relu_",
    "prelu",
    "relu",
    "relu_",
    "threshold",
    "threshold_",
]


class LeakyRelu(Elementwise):
    floating = True
    exact_options = True
    linear_in_pieces = True

    def forward(self, x, *, slope):
        self.slope = slope
        return np.maximum(x, x * slope) if 0 < slope <= 1 else chosen(x > 0, x, x * slope)

    def grad_x(self, g, x):
        return chosen(x > 0, g, g * self.slope)


class Prelu(Elementwise):
    """x, and where it is not above 0 the slope times x."""

    ordered = True
    linear_in_pieces = True  # in each input alone

    def forward(self, x, slope):
        return chosen(x > 0, x, x * slope)

    def grad_x(self, g, x, slope):
        return chosen(x > 0, g, g * slope)

    def grad_slope(self, g, x):
        return g * chosen(x > 0, 0, x)


class Threshold(Elementwise):
    """x above a threshold, else a value."""

    linear_in_pieces = True

    def forward(self, x, *, threshold, value):
        self.threshold = threshold
        return np.where(x <= threshold, x.dtype.type(value), x)

    def grad_x(self, g, x):
        return g * np.logical_not(x <= self.threshold)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0); the gradient at 0 is 0. ``inplace`` writes the result into ``input``.

    >>> import autograd
    >>> relu(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return elementwise("relu", input, True, relu) if inplace else Relu.apply(input)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else ``negative_slope`` · x (Maas, Hannun & Ng 2013).

    >>> import autograd
    >>> leaky_relu(autograd.tensor([-1.0, 2.0]), 0.25)
    tensor([-0.2500,  2.0000])
    """
    negative_slope = number_of("leaky_relu", "negative_slope", negative_slope)
    return run("leaky_relu", input, inplace, LeakyRelu, slope=negative_slope)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """:func:`leaky_relu`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-1.0, 2.0])
    >>> leaky_relu_(x, 0.1) is x, x
    (True, tensor([-0.1000,  2.0000]))
    """
    return leaky_relu(input, negative_slope, True)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """x where x > 0, else ``weight`` · x: a leaky relu whose slope is learned.

    Shapes: input (*), weight (1) or (); or input (N, C, *), weight (C), one slope for each
    channel. Raises RuntimeError where there is neither one slope nor one for each channel.

    He, Zhang, Ren & Sun 2015, arXiv:1502.01852.

    >>> import autograd
    >>> prelu(autograd.tensor([-1.0, 2.0]), autograd.tensor([0.25]))
    tensor([-0.2500,  2.0000])
    """
    check_tensors("prelu", input=input, weight=weight)
    slopes = weight.shape[0] if weight.ndim else 1
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.ndim > 1 or slopes not in (1, channels):
        raise ShapeError(
            f"prelu: weight must hold one slope, or one for each of the {channels} channels; got "
            f"{tuple(weight.shape)} for input of shape {tuple(input.shape)}."
        )
    slope = weight.reshape((-1, *[1] * (input.ndim - 2)) if slopes > 1 else ())
    return Prelu.apply(input, slope)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where x > ``threshold``, else ``value``.

    >>> import autograd
    >>> threshold(autograd.tensor([0.1, 2.0]), 0.5, -1.0)
    tensor([-1.,  2.])
    """
    return _thresholded(input, threshold, value, inplace)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """:func:`threshold`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([0.5, 2.0])
    >>> threshold_(x, 1.0, -7.0) is x, x
    (True, tensor([-7.,  2.]))
    """
    return _thresholded(input, threshold, value, True)


def _thresholded(input: Tensor, limit: float, value: float, inplace: bool) -> Any:
    limit = number_of("threshold", "threshold", limit)
    value = number_of("threshold", "value", value)
    return run("threshold", input, inplace, Threshold, threshold=limit, value=value)
