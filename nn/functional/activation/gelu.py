"""Activations that multiply their input by a gate: gelu, silu, mish, glu."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import axis_of, check_tensors, integer_of
from autograd.arrays.dialect import writable
from autograd.arrays.errors import OptionError
from autograd.engine.elementwise import Elementwise
from autograd.engine.grad_mode import mode
from autograd.engine.places import ShapeError
from autograd.kernels import activation as kernels
from autograd.ops.pointwise.erf import erfc
from autograd.ops.pointwise.sigmoid import sigmoid
from nn.functional.activation.inplace import elementwise

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["gelu", "glu", "mish", "silu"]

_ROOT = math.sqrt(0.5)
_TANH_SLOPE, _TANH_CUBIC = math.sqrt(2 / math.pi), 0.044715


class Gelu(Elementwise):
    """x·Φ(x); where it is recorded, its slope is made with it, out of what is at hand then."""

    floating = True

    def forward(self, x):
        if not mode.grad:
            return kernels.gelu_alone(x)
        out, self.made = kernels.gelu(x)
        return out

    def backward(self, g, made):
        return g * made

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
        slope = slope if type(slope) is type(g) else writable(slope, g)
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
        slope = slope if type(slope) is type(g) else writable(slope, g)
        slope *= g
        return slope

    @staticmethod
    def definition(x):
        return x * sigmoid(x)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    r"""The Gaussian error linear unit, :math:`x\,\Phi(x)` with the normal distribution's Φ.

    Exact to the dtype's precision; ``approximate="tanh"`` is
    :math:`\tfrac{x}{2}(1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715\,x^3)))`. Raises ValueError for
    another word.

    Hendrycks & Gimpel 2016, arXiv:1606.08415.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> gelu(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    check_form("gelu", approximate)
    return (Gelu if approximate == "none" else GeluTanh).apply(input)


def check_form(call: str, approximate: str) -> None:
    """Raise ValueError for a form of :func:`gelu` that is not there."""
    if approximate not in ("none", "tanh"):
        raise OptionError(
            f"{call}: approximate must be 'none' or 'tanh'; got {approximate!r}. 'none' is exact."
        )


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    r"""The sigmoid-weighted linear unit, :math:`x\,\sigma(x)`, also called swish.

    Elfwing, Uchibe & Doya 2018, arXiv:1702.03118.

    Shapes: (*) -> (*).

    >>> import autograd
    >>> silu(autograd.tensor([-1.0, 0.0, 1.0]))
    tensor([-0.2689,  0.0000,  0.7311])
    """
    return elementwise("silu", input, inplace, Silu.apply)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · tanh(log(1 + eˣ)) (Misra 2020, arXiv:1908.08681).

    Shapes: (*) -> (*).

    >>> import autograd
    >>> mish(autograd.tensor([-1.0, 1.0]))
    tensor([-0.3034,  0.8651])
    """
    check_tensors("mish", input=input)
    return elementwise("mish", input, inplace, lambda x: x * np.tanh(np.logaddexp(x, 0.0)))


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
        raise ShapeError(
            f"glu: the size along dim must be even, to be halved; dim {dim} has "
            f"{input.shape[axis]}."
        )
    a, b = input.chunk(2, axis)
    return a * sigmoid(b)
