"""Activations that are exponential below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import Elementwise
from autograd.kernels import pointwise
from autograd.kernels.masked import chosen
from nn.functional.activation.inplace import elementwise, run

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["celu", "celu_", "elu", "elu_", "selu", "selu_"]

# the fixed point of mean 0 and variance 1: Klambauer et al. 2017, equation 14
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


class Elu(Elementwise):
    floating = True
    exact_options = True

    def forward(self, x, *, alpha):
        self.alpha = alpha
        return chosen(x > 0, x, pointwise.expm1(np.minimum(x, 0)) * alpha)

    def grad_x(self, g, x):
        return chosen(x > 0, g, g * (pointwise.exp(np.minimum(x, 0)) * self.alpha))


class Celu(Elementwise):
    floating = True
    exact_options = True

    def forward(self, x, *, alpha):
        self.alpha = alpha
        with np.errstate(over="ignore"):  # of the quotient: e to the minus infinity is 0
            return chosen(x > 0, x, pointwise.expm1(np.minimum(x, 0) / alpha) * alpha)

    def grad_x(self, g, x):
        with np.errstate(over="ignore"):
            return chosen(x > 0, g, g * pointwise.exp(np.minimum(x, 0) / self.alpha))


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else α(eˣ - 1) (Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289).

    >>> import autograd
    >>> elu(autograd.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    alpha = number_of("elu", "alpha", alpha)
    return run("elu", input, inplace, Elu, alpha=alpha)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """:func:`elu`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-1.0, 2.0])
    >>> elu_(x) is x, x
    (True, tensor([-0.6321,  2.0000]))
    """
    return elu(input, alpha, True)


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
    """:func:`selu`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-1.0, 2.0])
    >>> selu_(x) is x, x
    (True, tensor([-1.1113,  2.1014]))
    """
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
    return run("celu", input, inplace, Celu, alpha=alpha)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """:func:`celu`, written into ``input``.

    >>> import autograd
    >>> x = autograd.tensor([-1.0, 2.0])
    >>> celu_(x) is x, x
    (True, tensor([-0.6321,  2.0000]))
    """
    return celu(input, alpha, True)
