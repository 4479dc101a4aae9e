"""Activations: the nonlinear steps between layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import relu_ as relu_
from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.engine.elementwise import Elementwise
from autograd.ops.pointwise import relu as _relu
from autograd.ops.pointwise.erf import erf, erfc
from autograd.ops.pointwise.sigmoid import sigmoid as sigmoid
from autograd.ops.pointwise.trigonometric import tanh as tanh
from autograd.ops.reductions.softmax import log_softmax as _log_softmax, softmax as _softmax
from autograd.tensors.inplace import in_place

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

_ROOT = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)  # of the standard normal at 0
_TANH_SLOPE, _TANH_CUBIC = math.sqrt(2 / math.pi), 0.044715


class Gelu(Elementwise):
    """x·Φ(x); Φ waits for the backward pass, because it costs more than all the rest."""

    floating = True

    def forward(self, x):
        if x.dtype == np.float64:  # erfc does not cancel where Φ is small
            cdf = erfc(x * -_ROOT) * 0.5
        else:
            cdf = erf(x * _ROOT) * 0.5 + 0.5
        self.made = cdf
        return x * cdf

    def backward(self, g, x, made):
        with np.errstate(over="ignore"):  # the density is 0 where x² is infinite
            slope = np.exp(x * x * -0.5)
        slope *= x
        slope *= _DENSITY
        slope += made
        slope *= g
        return slope

    @staticmethod
    def definition(x):
        return x * (erfc(x * -_ROOT) * 0.5)


class GeluTanh(Elementwise):
    """x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))."""

    floating = True

    def forward(self, x):
        with np.errstate(over="ignore"):  # tanh is ±1 there
            t = x * x
            t *= _TANH_CUBIC
            t += 1
            t *= x
        t *= _TANH_SLOPE
        self.made = t = np.tanh(t)
        out = t + 1
        out *= x
        out *= 0.5
        return out

    def backward(self, g, x, made):
        t = made
        sech = 1 - t * t
        slope = sech * x  # first, because it is 0 where x² is infinite
        slope *= x
        slope *= 3 * _TANH_CUBIC
        slope += sech
        slope *= x
        slope *= _TANH_SLOPE
        slope += t
        slope += 1
        slope *= 0.5
        slope *= g
        return slope

    @staticmethod
    def definition(x):
        return x * 0.5 * (np.tanh((x + x * x * x * _TANH_CUBIC) * _TANH_SLOPE) + 1)


class Silu(Elementwise):
    floating = True

    def forward(self, x):
        self.made = s = sigmoid(x)
        return x * s

    def backward(self, g, x, made):
        s = made
        slope = 1 - s
        slope *= x
        slope += 1
        slope *= s
        slope *= g
        return slope

    @staticmethod
    def definition(x):
        return x * sigmoid(x)


class LeakyRelu(Elementwise):
    floating = True

    def forward(self, x, *, slope):
        self.slope = slope
        return np.where(x > 0, x, x * slope)

    def grad_x(self, g, x):
        return np.where(x > 0, g, g * self.slope)


class Elu(Elementwise):
    floating = True

    def forward(self, x, *, alpha):
        self.alpha = alpha
        return np.where(x > 0, x, np.expm1(np.minimum(x, 0)) * alpha)

    def grad_x(self, g, x):
        return np.where(x > 0, g, g * (np.exp(np.minimum(x, 0)) * self.alpha))


class Softplus(Elementwise):
    floating = True

    def forward(self, x, *, beta, threshold):
        self.beta, self.threshold = beta, threshold
        soft = np.logaddexp(x * beta, x.dtype.type(0)) / beta
        return np.where(x * beta > threshold, x, soft)

    def grad_x(self, g, x):
        return np.where(x * self.beta > self.threshold, g, g * sigmoid(x * self.beta))


def elementwise(call: str, input: Any, inplace: bool, operation: Callable[[Any], Any]) -> Any:
    """``operation(input)``, or ``input`` with the result written into it."""
    return in_place(input, call, operation) if inplace else operation(input)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0); the gradient at 0 is 0. ``inplace`` writes the result into ``input``.

    >>> import autograd
    >>> relu(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return elementwise("relu", input, inplace, _relu.relu)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    r"""The Gaussian error linear unit, :math:`x\,\Phi(x)` with the normal distribution's Φ.

    Exact to the dtype's precision; ``approximate="tanh"`` is
    :math:`\tfrac{x}{2}(1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715\,x^3)))`. Raises ValueError for
    another word.

    Hendrycks & Gimpel 2016, arXiv:1606.08415.

    >>> import autograd
    >>> gelu(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    check_form("gelu", approximate)
    return (Gelu if approximate == "none" else GeluTanh).apply(input)


def check_form(call: str, approximate: str) -> None:
    """Raise ValueError for a form of :func:`gelu` that is not there."""
    if approximate not in ("none", "tanh"):
        raise ValueError(
            f"{call}: approximate must be 'none' or 'tanh'; got {approximate!r}. 'none' is exact."
        )


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    r"""The sigmoid-weighted linear unit, :math:`x\,\sigma(x)`, also called swish.

    Elfwing, Uchibe & Doya 2018, arXiv:1702.03118.

    >>> import autograd
    >>> silu(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.2689,  0.0000,  0.7311])
    """
    return elementwise("silu", input, inplace, Silu.apply)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else ``negative_slope`` · x (Maas, Hannun & Ng 2013).

    >>> import autograd
    >>> leaky_relu(autograd.tensor([-1.0, 2.0]), 0.25)
    tensor([-0.2500,  2.0000])
    """
    negative_slope = number_of("leaky_relu", "negative_slope", negative_slope)

    def operation(x: Any) -> Any:
        return LeakyRelu.apply(x, slope=negative_slope)

    return elementwise("leaky_relu", input, inplace, operation)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """:func:`leaky_relu`, written into ``input``."""
    return leaky_relu(input, negative_slope, True)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else α(eˣ - 1) (Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289).

    >>> import autograd
    >>> elu(autograd.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    alpha = number_of("elu", "alpha", alpha)

    def operation(x: Any) -> Any:
        return Elu.apply(x, alpha=alpha)

    return elementwise("elu", input, inplace, operation)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """:func:`elu`, written into ``input``."""
    return elu(input, alpha, True)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + exp(βx)) / β, a smooth relu; x itself where βx exceeds ``threshold``.

    >>> import autograd
    >>> softplus(autograd.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    beta = number_of("softplus", "beta", beta)
    threshold = number_of("softplus", "threshold", threshold)
    return Softplus.apply(input, beta=beta, threshold=threshold)


def softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``; without it, along axis 0 for 0-d, 1-d and 3-d, else 1.

    >>> import autograd
    >>> softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _softmax(input, _axis("softmax", input, dim), dtype)


def log_softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """x - log Σ exp(x) along ``dim``, chosen as :func:`softmax` does.

    >>> import autograd
    >>> log_softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return _log_softmax(input, _axis("log_softmax", input, dim), dtype)


def _axis(call: str, input: Tensor, dim: int | None) -> int:
    if dim is None:
        check_tensors(call, input=input)
        return 0 if input.ndim in (0, 1, 3) else 1
    return integer_of(call, "dim", dim)
