"""Activations and losses of many passes over their input, in blocks that threads share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.arrays.dtypes import float64
from autograd.kernels.blocks import by_rows
from autograd.kernels.erf import erf, erfc, erfc64, polynomial
from autograd.kernels.layout import slowest_first

_ROOT = math.sqrt(0.5)
_DENSITY = 1 / math.sqrt(2 * math.pi)  # of the standard normal at 0
_BLOCK = 2**17  # elements: calls that are short wait for the interpreter more than they work


def _in_order(x: Any) -> tuple[Any, Any]:
    """``x`` as one row in the order of its memory, and what gives such a row x's shape."""
    if x.flags.c_contiguous:
        return x.reshape(-1), lambda row: row.reshape(x.shape)
    order = slowest_first(x)
    rows = np.transpose(x, order)
    return rows.reshape(-1), lambda row: np.transpose(row.reshape(rows.shape), np.argsort(order))


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
    flat, shaped = _in_order(x)
    out, slope = np.empty((2, *flat.shape), x.dtype)
    wide = np.float64 if x.dtype == float64 else np.float32
    half, minus_half, density = (np.array(one, wide) for one in (0.5, -0.5, _DENSITY))

    def work(part: slice) -> None:
        own = flat[part].astype(wide, copy=False)
        square = own * own
        if wide is np.float64:
            cdf = erfc64(own * -_ROOT)
        else:
            cdf = polynomial(_P, square)
            cdf *= own
            np.tanh(cdf, out=cdf)
            cdf += 1
        cdf *= half
        np.multiply(own, cdf, out=out[part], casting="same_kind")
        square *= minus_half
        np.exp(square, out=square)
        square *= own
        square *= density
        np.add(square, cdf, out=slope[part], casting="same_kind")

    with np.errstate(over="ignore", invalid="ignore"):  # the slope at ∞ is NaN, as in PyTorch
        by_rows(work, flat.size, 1)
    return shaped(out), shaped(slope)


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
    out = np.empty(x.shape, x.dtype)
    a, b, to = (one.reshape(-1) for one in (x, y, out))

    def work(part: slice) -> None:
        _softplus(a[part], to[part])
        to[part] -= a[part] * b[part]

    by_rows(work, x.size, 1, _BLOCK)
    return out


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
    out = np.empty(x.shape, x.dtype)
    one = not any(g.strides) and g.size > 0  # a number, spread by the mean
    a, b, to = x.reshape(-1), y.reshape(-1), out.reshape(-1)
    g = g[(0,) * g.ndim] if one else g.reshape(-1)

    def work(part: slice) -> None:
        own = to[part]
        np.negative(a[part], out=own)
        np.exp(own, out=own)
        own += 1
        np.divide(1, own, out=own)
        own -= b[part]
        own *= g if one else g[part]

    with np.errstate(over="ignore"):
        by_rows(work, x.size, 1, _BLOCK)
    return out
