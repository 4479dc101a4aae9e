"""Activations and losses of many passes over their input, in blocks that threads share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.arrays.dtypes import float64
from autograd.kernels.erf import erf, erfc, erfc64, polynomial
from autograd.kernels.parts import by_elements, in_parts, like

_ROOT = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)  # of the standard normal at 0


# -- gelu -----------------------------------------------------------------------------------------

# 2 Φ(x) - 1 = tanh(x p(x²)) to 6e-8: p, highest power first. Arrays, because NumPy makes one of a
# number in every call.
_P = [np.array(c, np.float32) for c in (
    1.75617061e-9, -1.32263336e-7, 3.96474438e-6, -5.53061935e-5, -3.25949759e-5, 0.0363330846,
    0.797884942)]  # fmt: skip


def _gelu(x: Any) -> tuple[Any, Any]:
    # erfc does not cancel where Φ is small
    cdf = erfc(x * -_ROOT) * 0.5 if x.dtype == float64 else erf(x * _ROOT) * 0.5 + 0.5
    with np.errstate(over="ignore"):  # the density is 0 where x² is infinite
        return x * cdf, np.exp(x * x * -0.5) * x * _DENSITY + cdf


@kernel(plain=_gelu)
def gelu(x: Any) -> tuple[Any, Any]:
    """x Φ(x), and its slope Φ(x) + x φ(x). Raises TypeError for complex numbers.

    >>> gelu(np.zeros(1))
    (array([0.]), array([0.5]))
    """
    if dtypes.complex_valued(x.dtype):
        raise TypeError
    out, slope = like(x), like(x)
    with np.errstate(over="ignore", invalid="ignore"):  # the slope at ∞ is NaN, as in PyTorch
        by_elements(_gelu_into, x, out, slope)
    return out, slope


def _gelu_alone(x: Any) -> Any:
    return _gelu(x)[0]


@kernel(plain=_gelu_alone)
def gelu_alone(x: Any) -> Any:
    """x Φ(x), as :func:`gelu` has it, without the slope. Raises TypeError for complex numbers.

    >>> gelu_alone(np.zeros(1))
    array([0.])
    """
    if dtypes.complex_valued(x.dtype):
        raise TypeError
    out = like(x)
    with np.errstate(over="ignore", invalid="ignore"):
        by_elements(_gelu_into, x, out)
    return out


def _gelu_into(x: Any, out: Any, slope: Any = None) -> None:
    wide = np.float64 if x.dtype == float64 else np.float32
    own = x.astype(wide, copy=False)
    square = own * own
    if wide is np.float64:
        cdf = erfc64(own * -_ROOT)
    else:
        cdf = polynomial(_P, square)
        cdf *= own
        np.tanh(cdf, out=cdf)
        cdf += 1
    cdf *= wide(0.5)
    np.multiply(own, cdf, out=out, casting="same_kind")
    if slope is None:
        return
    square *= wide(-0.5)
    np.exp(square, out=square)
    square *= own
    square *= wide(_DENSITY)
    np.add(square, cdf, out=slope, casting="same_kind")


# -- the likelihood of two classes ----------------------------------------------------------------


def _logistic_loss(x: Any, y: Any) -> Any:
    return np.logaddexp(x, 0 * x) - x * y


@kernel(plain=_logistic_loss)
def logistic_loss(x: Any, y: Any) -> Any:
    """max(x, 0) - x y + log(1 + exp(-|x|)), which never overflows.

    >>> logistic_loss(np.zeros(1), np.ones(1))
    array([0.69314718])
    """
    if x.shape != y.shape or not (x.flags.c_contiguous and y.flags.c_contiguous):
        return _softplus(x, np.empty_like(x)) - x * y
    return in_parts(_logistic_loss_into, x, y)


def _logistic_loss_into(x: Any, y: Any, out: Any) -> None:
    _softplus(x, out)
    out -= x * y


def _softplus(x: Any, out: Any) -> Any:
    np.absolute(x, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.maximum(x, x.dtype.type(0))
    return out


def _logistic_gradient(g: Any, x: Any, y: Any) -> Any:
    return g * (1 / (1 + np.exp(-x)) - y)


@kernel(plain=_logistic_gradient)
def logistic_gradient(g: Any, x: Any, y: Any) -> Any:
    """g (σ(x) - y), the gradient of :func:`logistic_loss` in x.

    >>> logistic_gradient(np.ones(1), np.zeros(1), np.ones(1))
    array([-0.5])
    """
    if not (g.shape == x.shape == y.shape and x.flags.c_contiguous and y.flags.c_contiguous):
        with np.errstate(over="ignore"):
            return _logistic_gradient(g, x, y)
    if g.size and not any(g.strides):  # a number, spread by the mean
        g = g[(0,) * g.ndim]
    with np.errstate(over="ignore"):
        return in_parts(_logistic_gradient_into, x, y, g)


def _logistic_gradient_into(x: Any, y: Any, g: Any, out: Any) -> None:
    np.negative(x, out=out)
    np.exp(out, out=out)
    out += 1
    np.divide(1, out, out=out)
    out -= y
    out *= g
