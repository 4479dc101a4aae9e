"""Softmax and the logarithm of sums of exponentials."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, check_tensors, integer_of
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.kernels import softmax as kernels
from autograd.kernels.layout import in_rows
from autograd.kernels.sums import sum_over
from autograd.ops.pointwise.sigmoid import as_floating
from autograd.ops.reductions.reduction import Reduction, widely

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, DType
    from autograd.tensors.tensor import Tensor

__all__ = ["log_softmax", "logsumexp", "softmax"]


class LogSumExp(Reduction):
    """m + log Σ exp(x - m), m the maximum: no exponential overflows."""

    def forward(self, x, *, axis=None, keepdims=False):
        self.over(x, axis, keepdims)
        self.lowest = float(np.finfo(x.dtype).min)
        m = np.maximum.reduce(x, axis=axis, keepdims=True, initial=self.lowest)
        m = np.minimum(m, -self.lowest)  # x - m is a number where x is infinite, too
        with np.errstate(divide="ignore", over="ignore"):
            out = np.log(sum_over(np.exp(x - m), axis=axis, keepdims=True)) + m
        if keepdims:
            return in_rows(out)
        gone = range(x.ndim) if axis is None else axis if type(axis) is tuple else (axis,)
        index: list[Any] = [slice(None)] * x.ndim
        for i in gone:
            index[i] = 0
        return in_rows(out[tuple(index)])

    def grad_x(self, g, x, out):
        return self.open(g) * np.exp(x - self.open(np.maximum(out, self.lowest)))


def logsumexp(
    input: Tensor,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """log Σ exp x over the axes ``dim``, without overflow; -inf where every x is -inf.

    The gradient is softmax(x), and 0 (PyTorch: NaN) where the result is -inf. Integers count as
    the default dtype.

    >>> import autograd
    >>> autograd.logsumexp(autograd.tensor([100.0, 100.0]), 0)
    tensor(100.6931)
    """
    check_tensors("logsumexp", input=input)
    if not dtypes.differentiable(input.dtype):
        input = cast(input, dtypes.get_default_dtype())
    over = axes("logsumexp", input, dim if axis is None else axis)
    if dtypes.complex_valued(input.dtype):
        return _complex_logsumexp(input, over, keepdim or keepdims)
    return widely(LogSumExp, input, axis=over, keepdims=keepdim or keepdims)


def _complex_logsumexp(x: Any, over: Any, keepdims: bool) -> Any:
    """:func:`logsumexp` of complex numbers: the greatest real part is taken out."""
    parts = np.real(unwrap(x))
    greatest = np.maximum.reduce(parts, axis=over, keepdims=True, initial=-math.inf)
    shift = np.where(np.isfinite(greatest), greatest, 0)
    out: Any = np.log(np.add.reduce(np.exp(x - shift), axis=over, keepdims=True)) + shift
    return out if keepdims else np.squeeze(out, tuple(range(x.ndim)) if over is None else over)


class Softmax(Function):
    """By rows where ``dim`` is the last axis, as it mostly is."""

    def forward(self, x, *, dim):
        self.dim, self.last = dim, last = _checked(x, dim, "softmax")
        if 0 in x.shape:
            return np.zeros(x.shape, x.dtype, like=x)
        x = in_rows(x)
        if last:
            return kernels.softmax(x)
        with np.errstate(invalid="ignore"):  # a row of -∞ has no softmax: NaN, without noise
            t = x - np.maximum.reduce(x, axis=dim, keepdims=True)
            t = kernels.exp_over(t)
            t /= sum_over(t, axis=dim, keepdims=True)
        return t

    def grad_x(self, g, out):
        if self.last:
            return kernels.softmax_gradient(g, out)
        t = g * out
        return t - out * sum_over(t, axis=self.dim, keepdims=True)


class LogSoftmax(Function):
    """Likewise; exponentials and their sums are all that the backward pass needs."""

    def forward(self, x, *, dim):
        self.dim, self.last = dim, last = _checked(x, dim, "log_softmax")
        if 0 in x.shape:
            out = np.zeros(x.shape, x.dtype, like=x)
            self.made = out, np.ones_like(out)
            return out
        x = in_rows(x)
        if last:
            out, exp, sums = kernels.log_softmax(x)
            self.made = exp, sums
            return out
        with np.errstate(invalid="ignore"):
            t = x - np.maximum.reduce(x, axis=dim, keepdims=True)
            exp = np.exp(t)
            total = sum_over(exp, axis=dim, keepdims=True)
            self.made = exp, total
            t -= np.log(total)
        return t

    def backward(self, g, made):
        exp, sums = made
        if self.last:
            return kernels.log_softmax_gradient(g, exp, sums)
        return g - exp * (sum_over(g, axis=self.dim, keepdims=True) / sums)

    @staticmethod
    def definition(x, *, dim):
        return x - LogSumExp.apply(x, axis=dim if x.ndim else None, keepdims=True)


def _checked(x, dim, call):
    """``dim`` for NumPy, None where x has no dimensions; and whether it is the last of them."""
    ndim = x.ndim or 1
    if type(dim) is not int:
        dim = integer_of(call, "dim", dim)
    if not -ndim <= dim < ndim:
        raise IndexError(
            f"{call}: dim must lie in [{-ndim}, {ndim - 1}]; got {dim} for an input of shape "
            f"{tuple(x.shape)}. The last axis is -1."
        )
    return (dim, dim in (-1, ndim - 1)) if x.ndim else (None, False)


def softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``, of x in ``dtype`` where one is given.

    Entries of -∞ get 0. Raises IndexError where ``dim`` is not a dimension of ``input``.

    >>> import autograd
    >>> autograd.softmax(autograd.tensor([1.0, 1.0, -float("inf")]), dim=0)
    tensor([0.5000, 0.5000, 0.0000])
    """
    return widely(Softmax, as_floating("softmax", input, dtype), dim=dim)


def log_softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """x - log Σ exp(x) along ``dim``, of x in ``dtype`` where one is given.

    Raises IndexError where ``dim`` is not a dimension of ``input``.

    >>> import autograd
    >>> autograd.log_softmax(autograd.tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return widely(LogSoftmax, as_floating("log_softmax", input, dtype), dim=dim)
