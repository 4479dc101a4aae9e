"""Activations in straight pieces: cheap stand-ins for smooth ones, and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import Elementwise
from autograd.ops.pointwise.minmax import clamp_max
from autograd.ops.pointwise.where import where
from nn.functional.activation import elementwise

if TYPE_CHECKING:
    from autograd import Tensor


class Hardtanh(Elementwise):
    """x between two bounds, on which the slope is 0."""

    def forward(self, x, *, low, high):
        self.bounds = low, high = x.dtype.type(low), x.dtype.type(high)
        return np.minimum(np.maximum(x, low), high)

    def grad_x(self, g, x):
        low, high = self.bounds
        return g * np.logical_not((x <= low) | (x >= high))


class Hardswish(Elementwise):
    floating = True

    def forward(self, x):
        return x * np.minimum(np.maximum(x + 3, 0), 6) / 6

    def grad_x(self, g, x):
        slope = np.minimum(np.maximum(x, -3), 3) / 3 + 0.5
        return g * np.where(x >= 3, 1, np.where(x <= -3, 0, slope))


class Threshold(Elementwise):
    """x above a threshold, else a value."""

    def forward(self, x, *, threshold, value):
        self.threshold = threshold
        return np.where(x <= threshold, x.dtype.type(value), x)

    def grad_x(self, g, x):
        return g * np.logical_not(x <= self.threshold)


class Softshrink(Elementwise):
    floating = True

    def forward(self, x, *, lambd):
        self.lambd = lambd
        return x - np.minimum(np.maximum(x, -lambd), lambd)

    def grad_x(self, g, x):
        return g * np.logical_not(np.absolute(x) <= self.lambd)


class Hardshrink(Elementwise):
    def forward(self, x, *, lambd):
        self.lambd = lambd
        return x * (np.absolute(x) > lambd)

    def grad_x(self, g, x):
        return g * np.logical_not(np.absolute(x) <= self.lambd)


def _run(call: str, input: Any, inplace: bool, op: Any, **options: Any) -> Any:
    check_tensors(call, input=input)
    return elementwise(call, input, inplace, lambda x: op.apply(x, **options))


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
    return _run("hardtanh", input, inplace, Hardtanh, low=low, high=high)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """:func:`hardtanh`, written into ``input``."""
    return hardtanh(input, min_val, max_val, True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x, 0), 6) (Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10").

    >>> import autograd
    >>> relu6(autograd.tensor([-1.0, 2.0, 7.0]))
    tensor([0., 2., 6.])
    """
    return _run("relu6", input, inplace, Hardtanh, low=0.0, high=6.0)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(x + 3, 0), 6) / 6, a sigmoid in three pieces.

    Courbariaux, Bengio & David 2015, arXiv:1511.00363.

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

    >>> import autograd
    >>> hardswish(autograd.tensor([-4.0, 1.0, 4.0]))
    tensor([-0.0000,  0.6667,  4.0000])
    """
    return _run("hardswish", input, inplace, Hardswish)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where x > ``threshold``, else ``value``.

    >>> import autograd
    >>> threshold(autograd.tensor([0.1, 2.0]), 0.5, -1.0)
    tensor([-1.,  2.])
    """
    return _thresholded(input, threshold, value, inplace)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """:func:`threshold`, written into ``input``."""
    return _thresholded(input, threshold, value, True)


def _thresholded(input: Tensor, limit: float, value: float, inplace: bool) -> Any:
    limit = number_of("threshold", "threshold", limit)
    value = number_of("threshold", "value", value)
    return _run("threshold", input, inplace, Threshold, threshold=limit, value=value)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by λ, and 0 where |x| ≤ λ. Raises ValueError for a negative λ.

    >>> import autograd
    >>> softshrink(autograd.tensor([-2.0, 0.3, 2.0]))
    tensor([-1.5000,  0.0000,  1.5000])
    """
    lambd = number_of("softshrink", "lambd", lambd)
    if lambd < 0:
        raise ValueError(f"softshrink: lambd must be 0 or more; got {lambd}.")
    return _run("softshrink", input, False, Softshrink, lambd=lambd)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x where |x| > λ, else 0.

    >>> import autograd
    >>> hardshrink(autograd.tensor([-2.0, 0.3, 2.0]))
    tensor([-2.,  0.,  2.])
    """
    lambd = number_of("hardshrink", "lambd", lambd)
    return _run("hardshrink", input, False, Hardshrink, lambd=lambd)


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
        raise RuntimeError(
            f"prelu: weight must hold one slope, or one for each of the {channels} channels; got "
            f"{tuple(weight.shape)} for input of shape {tuple(input.shape)}."
        )
    slope = weight.reshape((-1, *[1] * (input.ndim - 2)) if slopes > 1 else ())
    return where(input > 0, input, clamp_max(input, 0) * slope)
