"""Activations and losses of many passes over their input, in blocks that threads share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.arrays.dtypes import float64
from autograd.kernels.erf import erf, erf32, erfc, erfc64
from autograd.kernels.layout import in_order, slowest_first
from autograd.kernels.parts import by_elements, in_parts, like

_ROOT = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)  # of the standard normal at 0


# -- gelu -----------------------------------------------------------------------------------------


def _cdf(x: Any) -> Any:
    # erfc does not cancel where Φ is small
    return erfc(x * -_ROOT) * 0.5 if x.dtype == float64 else erf(x * _ROOT) * 0.5 + 0.5


def _gelu(x: Any) -> tuple[Any, Any]:
    cdf = _cdf(x)
    return x * cdf, cdf


@kernel(plain=_gelu)
def gelu(x: Any) -> tuple[Any, Any]:
    """x Φ(x), and the normal distribution's Φ(x). Raises TypeError for complex numbers.

    >>> gelu(np.zeros(1))
    (array([0.]), array([0.5]))
    """
    if dtypes.complex_valued(x.dtype):
        raise TypeError
    out, cdf = like(x), like(x)
    with np.errstate(over="ignore"):
        by_elements(_gelu_into, x, out, cdf)
    return out, cdf


def _gelu_into(x: Any, out: Any, cdf: Any) -> None:
    if x.dtype == float64:
        c = erfc64(x * -_ROOT)
    else:
        c = erf32((x * _ROOT).astype(np.float32, copy=False))
        c += 1
    np.multiply(c, 0.5, out=cdf, casting="same_kind")
    np.multiply(x, cdf, out=out)


def _gelu_gradient(g: Any, x: Any, cdf: Any) -> Any:
    with np.errstate(over="ignore"):  # the density is 0 where x² is infinite
        return g * (np.exp(x * x * -0.5) * x * _DENSITY + cdf)


@kernel(plain=_gelu_gradient)
def gelu_gradient(g: Any, x: Any, cdf: Any) -> Any:
    """g times the slope of :func:`gelu`, in the memory of ``cdf``, which it has made.

    >>> gelu_gradient(np.ones(1), np.zeros(1), np.full(1, 0.5))
    array([0.5])
    """
    with np.errstate(over="ignore"):
        by_elements(_gelu_gradient_at, in_order(g, slowest_first(cdf)), x, cdf)
    return cdf


def _gelu_gradient_at(g: Any, x: Any, cdf: Any) -> None:
    slope = x * x
    slope *= -0.5
    np.exp(slope, out=slope)
    slope *= x
    slope *= _DENSITY
    slope += cdf
    np.multiply(slope, g, out=cdf)


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
