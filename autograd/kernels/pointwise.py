"""Functions of elements, of which large arrays are worked on in parts that threads share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import handed_over, kernel
from autograd.arrays.dtypes import float32, float64, floating
from autograd.kernels.parts import PAYS, in_parts

_Array = np.ndarray


def large(x: Any) -> bool:
    """Whether ``x`` is an array of NumPy's whose parts are worth sharing."""
    return type(x) is _Array and x.size >= PAYS


def alike(*arrays: Any) -> bool:
    """Whether all are arrays of one shape and one dtype that BLAS knows."""
    shape, dtype = arrays[0].shape, arrays[0].dtype
    return (
        shape != ()
        and (dtype is float32 or dtype is float64)
        and all([x.shape == shape and x.dtype is dtype for x in arrays])
    )


def finite(x: Any) -> bool:
    """Whether all elements are finite, and their squares' sum is: one quick look."""
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(np.vdot(x, x))


# -- functions of one array ------------------------------------------------------------------------


def shared(ufunc: Any) -> Any:
    """The kernel of a function of NumPy's whose elements take long: threads share large arrays."""

    def function(x: Any) -> Any:
        if type(x) is _Array:
            return in_parts(ufunc, x) if x.size >= PAYS and floating(x.dtype) else ufunc(x)
        return ufunc(x) if isinstance(x, np.generic) else handed_over(function, (x,), {})

    function.__name__ = function.__qualname__ = ufunc.__name__
    function.__doc__ = f"np.{ufunc.__name__}."
    return kernel(plain=ufunc, looks=True)(function)


cos = shared(np.cos)
exp = shared(np.exp)
expm1 = shared(np.expm1)
log = shared(np.log)
log1p = shared(np.log1p)
sin = shared(np.sin)
tanh = shared(np.tanh)


def _plain_sigmoid(x: Any) -> Any:
    with np.errstate(over="ignore"):  # 1 / (1 + ∞) is the 0 that is meant
        return 1 / (np.exp(-x) + 1)


@kernel(plain=_plain_sigmoid)
def sigmoid(x: Any) -> Any:
    """1 / (1 + e⁻ˣ).

    >>> sigmoid(np.array([-1000.0, 0.0]))
    array([0. , 0.5])
    """
    if isinstance(x, np.floating):
        t = math.exp(-abs(float(x)))
        return x.dtype.type((1 if x >= 0 else t) / (1 + t))
    return in_parts(sigmoid_into, x)


def sigmoid_into(x: Any, out: Any) -> Any:
    """A part of :func:`sigmoid`, into the same part of ``out``."""
    with np.errstate(over="ignore"):
        np.negative(x, out)
        np.exp(out, out)
        out += 1
        return np.divide(1, out, out)


# -- functions of several arrays -------------------------------------------------------------------


@kernel(plain=np.logaddexp)
def logaddexp(x: Any, y: Any) -> Any:
    """np.logaddexp, which has no vector instructions and takes ten times as long.

    >>> logaddexp(np.array([-np.inf, 1000.0]), np.array([-np.inf, 1000.0]))
    array([       -inf, 1000.69314718])
    """
    if type(x) is not _Array or x.size < _FEW or not floating(x.dtype):
        return np.logaddexp(x, y)
    if x.shape != y.shape != ():
        x, y = np.broadcast_arrays(x, y)
    return in_parts(_logaddexp_into, x, y)


_FEW = 64  # elements up to which one call is faster than eight


def _logaddexp_into(x: Any, y: Any, out: Any) -> None:
    """max(x, y) + log(1 + exp(-|x - y|)), and two equal infinities as they are."""
    larger = np.maximum(x, y)
    with np.errstate(invalid="ignore"):  # of ∞ - ∞
        np.subtract(x, y, out)
    np.absolute(out, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    out += larger
    if not finite(out):
        np.copyto(out, x, where=np.isnan(out) & np.equal(x, y))


def complex_logaddexp(x: Any, y: Any) -> Any:
    """log(eˣ + eʸ) of complex numbers: the one of the greater real part, and what the other adds.

    >>> complex_logaddexp(np.array([1000 + 1j]), np.array([1000 + 1j]))
    array([1000.69314718+1.j])
    """
    first = np.greater_equal(np.real(x), np.real(y))
    larger, less = np.where(first, x, y), np.where(first, y, x)
    with np.errstate(invalid="ignore"):  # of ∞ - ∞
        out = np.log1p(np.exp(less - larger)) + larger
    return np.where(np.isinf(np.real(larger)) & np.equal(less, less), larger, out)


def _plain_tanh_slope(g: Any, y: Any) -> Any:
    return g * (1 - y * y)


@kernel(plain=_plain_tanh_slope)
def tanh_slope(g: Any, y: Any) -> Any:
    """g (1 - y²), of one shape.

    >>> tanh_slope(np.array([2.0]), np.array([0.5]))
    array([1.5])
    """
    return in_parts(tanh_slope_into, g, y) if alike(g, y) else g * (1 - y * y)


def tanh_slope_into(g: Any, y: Any, out: Any) -> Any:
    """A part of :func:`tanh_slope`, into the same part of ``out``."""
    np.multiply(y, y, out)
    np.subtract(1, out, out)
    return np.multiply(out, g, out)


def _plain_sigmoid_slope(g: Any, y: Any) -> Any:
    return g * (y * (1 - y))


@kernel(plain=_plain_sigmoid_slope)
def sigmoid_slope(g: Any, y: Any) -> Any:
    """g y (1 - y), of one shape.

    >>> sigmoid_slope(np.array([2.0]), np.array([0.5]))
    array([0.5])
    """
    return in_parts(sigmoid_slope_into, g, y) if alike(g, y) else g * (y * (1 - y))


def sigmoid_slope_into(g: Any, y: Any, out: Any) -> Any:
    """A part of :func:`sigmoid_slope`, into the same part of ``out``."""
    np.subtract(1, y, out)
    out *= y
    return np.multiply(out, g, out)


# -- quotients -------------------------------------------------------------------------------------


def _plain_quotient(g: Any, d: Any) -> Any:
    nothing = g == 0
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(nothing, 0, g / np.where(nothing, 1, d))


@kernel(plain=_plain_quotient)
def quotient(g: Any, d: Any) -> Any:
    """g / d, and 0 where g is 0, broadcast; of one floating dtype.

    Where nothing was divided by 0, which one look at the results shows, this is a plain division.

    >>> quotient(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    array([0. , 0.5])
    """
    if large(g) and alike(g, d):
        return in_parts(quotient_into, g, d)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        out = g / d
        if (out.dtype is float32 or out.dtype is float64) and math.isfinite(np.vdot(out, out)):
            return out
        if not out.shape:
            return g if g == 0 else out
        return np.divide(g, d, out=np.zeros(out.shape, out.dtype), where=g != 0)


def quotient_into(g: Any, d: Any, out: Any) -> Any:
    """A part of :func:`quotient`, into the same part of ``out``."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        np.divide(g, d, out)
        if not finite(out):
            np.copyto(out, 0, where=g == 0)
        return out


def _plain_quotient_slope(g: Any, x: Any, y: Any) -> Any:
    return -_plain_quotient(_plain_quotient(g, y) * x, y)


@kernel(plain=_plain_quotient_slope)
def quotient_slope(g: Any, x: Any, y: Any) -> Any:
    """-g x / y², which is what y gets of x / y: divided twice, as y² may leave the range.

    >>> quotient_slope(np.array([2.0]), np.array([3.0]), np.array([4.0]))
    array([-0.375])
    """
    if not (large(g) and alike(g, y) and (not x.shape or alike(g, x))):
        return -quotient(quotient(g, y) * x, y)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return in_parts(_quotient_slope_into, g, x, y)


def _quotient_slope_into(g: Any, x: Any, y: Any, out: Any) -> None:
    np.divide(g, y, out)
    out *= x
    out /= y
    np.negative(out, out)
    if not finite(out):
        out[...] = -quotient(quotient(g, y) * x, y)
