"""Smooth activations, made of exponentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors, integer_of, number_of
from autograd.engine.elementwise import Elementwise
from autograd.ops.pointwise.sigmoid import sigmoid
from nn.functional.activation import Elu, elementwise, softmax

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

# the fixed point of mean 0 and variance 1: Klambauer et al. 2017, equation 14
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


class LogSigmoid(Elementwise):
    floating = True

    def forward(self, x):
        return -np.logaddexp(-x, x.dtype.type(0))

    def grad_x(self, g, x):
        return g * sigmoid(-x)


class Celu(Elementwise):
    floating = True

    def forward(self, x, *, alpha):
        self.alpha = alpha
        return np.where(x > 0, x, np.expm1(np.minimum(x, 0) / alpha) * alpha)

    def grad_x(self, g, x):
        return np.where(x > 0, g, g * np.exp(np.minimum(x, 0) / self.alpha))


class Softsign(Elementwise):
    floating = True

    def forward(self, x):
        return x / (1 + np.absolute(x))

    def grad_x(self, g, x):
        scale = 1 + np.absolute(x)
        return g / (scale * scale)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """s · (x where x > 0, else α(eˣ - 1)), with the s and α that keep mean 0 and variance 1.

    Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515.

    >>> import autograd
    >>> selu(autograd.tensor([-1.0, 1.0]))
    tensor([-1.1113,  1.0507])
    """
    check_tensors("selu", input=input)
    return elementwise(
        "selu", input, inplace, lambda x: Elu.apply(x, alpha=_SELU_ALPHA) * _SELU_SCALE
    )


def selu_(input: Tensor) -> Tensor:
    """:func:`selu`, written into ``input``."""
    return selu(input, True)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else α(exp(x / α) - 1): an elu whose slope at 0 is 1 for every α.

    Raises RuntimeError for α = 0. Barron 2017, arXiv:1704.07483.

    >>> import autograd
    >>> celu(autograd.tensor([-1.0, 1.0]), 2.0)
    tensor([-0.7869,  1.0000])
    """
    alpha = number_of("celu", "alpha", alpha)
    if alpha == 0:
        raise RuntimeError("celu: alpha must not be 0; it divides the input.")
    check_tensors("celu", input=input)
    return elementwise("celu", input, inplace, lambda x: Celu.apply(x, alpha=alpha))


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """:func:`celu`, written into ``input``."""
    return celu(input, alpha, True)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · tanh(log(1 + eˣ)) (Misra 2020, arXiv:1908.08681).

    >>> import autograd
    >>> mish(autograd.tensor([-1.0, 1.0]))
    tensor([-0.3034,  0.8651])
    """
    check_tensors("mish", input=input)
    return elementwise("mish", input, inplace, lambda x: x * np.tanh(np.logaddexp(x, 0.0)))


def softsign(input: Tensor) -> Tensor:
    """x / (1 + |x|).

    >>> import autograd
    >>> softsign(autograd.tensor([-1.0, 3.0]))
    tensor([-0.5000,  0.7500])
    """
    return Softsign.apply(input)


def tanhshrink(input: Tensor) -> Tensor:
    """x - tanh(x).

    >>> import autograd
    >>> tanhshrink(autograd.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2384])
    """
    check_tensors("tanhshrink", input=input)
    return input - np.tanh(input)


def logsigmoid(input: Tensor) -> Tensor:
    """log(1 / (1 + e⁻ˣ)), without overflow.

    >>> import autograd
    >>> logsigmoid(autograd.tensor([-100.0, 0.0]))
    tensor([-100.0000,   -0.6931])
    """
    return LogSigmoid.apply(input)


def softmin(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(-x) / Σ exp(-x) along ``dim``: :func:`softmax` of -x.

    >>> import autograd
    >>> softmin(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    check_tensors("softmin", input=input)
    return softmax(-input, dim, dtype)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """a · σ(b) for the two halves a, b of ``input`` along ``dim``: (…, 2n, …) -> (…, n, …).

    Raises RuntimeError where the size is odd. Dauphin, Fan, Auli & Grangier 2017, arXiv:1612.08083.

    >>> import autograd
    >>> glu(autograd.tensor([3.0, 0.0]))
    tensor([1.5000])
    """
    check_tensors("glu", input=input)
    if not input.ndim:
        raise RuntimeError("glu: expected at least 1 axis; got a 0-d tensor.")
    axis = axis_of("glu", input, integer_of("glu", "dim", dim))
    if input.shape[axis] % 2:
        raise RuntimeError(
            f"glu: the size along dim must be even, to be halved; dim {dim} has "
            f"{input.shape[axis]}."
        )
    a, b = input.chunk(2, axis)
    return a * sigmoid(b)
