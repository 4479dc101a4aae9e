"""The logistic function and its inverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import Elementwise, cast
from autograd.kernels import masked, pointwise
from autograd.kernels.layout import in_rows
from autograd.ops.pointwise.arithmetic import quotient
from autograd.ops.pointwise.minmax import clamp
from autograd.ops.pointwise.where import where

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = ["logit", "sigmoid"]


class Sigmoid(Elementwise):
    floating = True
    takes_complex = True

    def forward(self, x):
        return pointwise.sigmoid(x)

    def grad_x(self, g, out):
        if pointwise.large(out):
            return pointwise.sigmoid_slope(g, out)
        return g * (out * (1 - out))


class LogSigmoid(Elementwise):
    floating = True

    def forward(self, x):
        return -pointwise.logaddexp(-in_rows(x), x.dtype.type(0))

    def grad_x(self, g, x):
        return g * sigmoid(-x)


class Softplus(Elementwise):
    floating = True

    def forward(self, x, *, beta, threshold):
        self.beta, self.threshold = beta, threshold
        with np.errstate(over="ignore"):  # of β·x
            soft = pointwise.logaddexp(x * beta, x.dtype.type(0)) / beta
            return masked.chosen(x * beta > threshold, x, soft)

    def grad_x(self, g, x):
        with np.errstate(over="ignore"):
            return masked.chosen(x * self.beta > self.threshold, g, g * sigmoid(x * self.beta))


class Logit(Elementwise):
    floating = True

    def forward(self, x):
        return np.log(x / (1 - x))

    def grad_x(self, g, x):
        return quotient(g, x * (1 - x))


def as_floating(call: str, input: Tensor, dtype: DType | None) -> Tensor:
    try:
        found = input.dtype
    except AttributeError:
        check_tensors(call, input=input)
        raise
    if dtype is not None:
        wanted = dtypes.as_dtype(dtype)
        if not dtypes.differentiable(wanted):
            raise TypeError(
                f"{call}: dtype must be a floating-point one; got {wanted}. Pass float32."
            )
        return cast(input, wanted)
    return input if dtypes.differentiable(found) else cast(input, dtypes.get_default_dtype())


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ), for x of any size.

    1 unit of float64.

    >>> import autograd
    >>> autograd.sigmoid(autograd.tensor([-1000.0, 0.0, 1000.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return Sigmoid.apply(input)


def logsigmoid(input: Tensor) -> Tensor:
    """log(1 / (1 + e⁻ˣ)), without overflow.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> logsigmoid(autograd.tensor([-100.0, 0.0]))
    tensor([-100.0000,   -0.6931])
    """
    return LogSigmoid.apply(input)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + exp(βx)) / β, a smooth relu; x itself where βx exceeds ``threshold``.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> softplus(autograd.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    beta = number_of("softplus", "beta", beta)
    threshold = number_of("softplus", "threshold", threshold)
    return Softplus.apply(input, beta=beta, threshold=threshold)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(x / (1 - x)), the inverse of sigmoid; x is first clamped to [eps, 1 - eps] if given.

    1 unit of float64, near ½ of 1.

    >>> import autograd
    >>> autograd.logit(autograd.tensor([0.5, 0.75]))
    tensor([0.0000, 1.0986])
    """
    if eps is not None:
        eps = number_of("logit", "eps", eps)
        bounded = clamp(input, eps, 1 - eps)
        # not clamp's slope: 0 times the infinite one of logit, where 1 - eps is 1, would be NaN
        input = where(input == bounded, input, bounded.detach())
    return Logit.apply(input)
