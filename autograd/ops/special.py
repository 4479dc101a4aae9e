"""Functions that PyTorch has at its top level and NumPy has not: sigmoid, relu, softmax, ..."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd import dtypes
from autograd.arguments import check_tensors, integer_of, number_of
from autograd.elementwise import Elementwise, cast
from autograd.function import Function
from autograd.ops.arithmetic import quotient
from autograd.ops.selection import clamp, with_number

if TYPE_CHECKING:
    from autograd.annotations import DType, Tensor


class Sigmoid(Elementwise):
    floating = True

    def forward(self, x):
        if isinstance(x, np.generic):
            value = float(x)
            t = math.exp(-abs(value))
            return x.dtype.type((1 if value >= 0 else t) / (1 + t))
        with np.errstate(over="ignore"):  # 1 / (1 + ∞) is the 0 that is meant
            t = np.exp(-x)
        t += 1
        return 1 / t

    def grad_x(self, g, out):
        return g * (out * (1 - out))


class Relu(Elementwise):
    def forward(self, x):
        if not x.shape:  # operators on NumPy scalars are ten times as fast as ufuncs
            return +x if x > 0 or x != x else x.dtype.type(0)
        return with_number(np.maximum, x, x.dtype.type(0))

    def grad_x(self, g, out):
        return g * (out > 0)


class Logit(Elementwise):
    floating = True

    def forward(self, x):
        return np.log(x / (1 - x))

    def grad_x(self, g, x):
        return quotient(g, x * (1 - x))


class Softmax(Function):
    def forward(self, x, *, dim):
        self.dim = dim = _checked(x, dim, "softmax")
        if 0 in x.shape:
            return np.zeros(x.shape, x.dtype, like=x)
        with np.errstate(invalid="ignore"):  # a row of -∞ has no softmax: NaN, without noise
            t = x - np.maximum.reduce(x, axis=dim, keepdims=True)
            t = np.exp(t, out=t if x.shape else None)
            t /= np.add.reduce(t, axis=dim, keepdims=True)
        return t

    def grad_x(self, g, out):
        t = g * out
        return t - out * np.add.reduce(t, axis=self.dim, keepdims=True)


class LogSoftmax(Function):
    def forward(self, x, *, dim):
        self.dim = dim = _checked(x, dim, "log_softmax")
        if 0 in x.shape:
            return np.zeros(x.shape, x.dtype, like=x)
        with np.errstate(invalid="ignore"):
            t = x - np.maximum.reduce(x, axis=dim, keepdims=True)
            t -= np.log(np.add.reduce(np.exp(t), axis=dim, keepdims=True))
        return t

    def grad_x(self, g, out):
        return g - np.exp(out) * np.add.reduce(g, axis=self.dim, keepdims=True)


def _checked(x, dim, call):
    """``dim`` for NumPy: a number within x's dimensions, or None where x has none."""
    ndim = x.ndim or 1
    if type(dim) is not int:
        dim = integer_of(call, "dim", dim)
    if not -ndim <= dim < ndim:
        raise IndexError(
            f"{call}: dim must lie in [{-ndim}, {ndim - 1}]; got {dim} for an input of shape "
            f"{tuple(x.shape)}."
        )
    return dim if x.ndim else None


def _as_floating(call: str, input: Tensor, dtype: DType | None) -> Tensor:
    try:
        kind = input.dtype.kind
    except AttributeError:
        check_tensors(call, input=input)
        raise
    if dtype is not None:
        wanted = dtypes.as_dtype(dtype)
        if wanted.kind not in "fc":
            raise TypeError(
                f"{call}: dtype must be a floating-point one; got {wanted}. Pass float32."
            )
        return cast(input, wanted)
    return input if kind in "fc" else cast(input, dtypes.get_default_dtype())


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ), for x of any size.

    >>> import autograd
    >>> autograd.sigmoid(autograd.tensor([-1000.0, 0.0, 1000.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return Sigmoid.apply(input)


def relu(input: Tensor) -> Tensor:
    """max(x, 0); the gradient at 0 is 0.

    >>> import autograd
    >>> autograd.relu(autograd.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return Relu.apply(input)


def softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``, of x in ``dtype`` where one is given.

    Entries of -∞ get 0. Raises IndexError where ``dim`` is not a dimension of ``input``.

    >>> import autograd
    >>> autograd.softmax(autograd.tensor([1.0, 1.0, -float("inf")]), dim=0)
    tensor([0.5000, 0.5000, 0.0000])
    """
    return Softmax.apply(_as_floating("softmax", input, dtype), dim=dim)


def log_softmax(input: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """x - log Σ exp(x) along ``dim``, of x in ``dtype`` where one is given.

    Raises IndexError where ``dim`` is not a dimension of ``input``.

    >>> import autograd
    >>> autograd.log_softmax(autograd.tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return LogSoftmax.apply(_as_floating("log_softmax", input, dtype), dim=dim)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(x / (1 - x)), the inverse of sigmoid; x is first clamped to [eps, 1 - eps] if given.

    >>> import autograd
    >>> autograd.logit(autograd.tensor([0.5, 0.75]))
    tensor([0.0000, 1.0986])
    """
    if eps is not None:
        eps = number_of("logit", "eps", eps)
        input = clamp(input, eps, 1 - eps)
    return Logit.apply(input)
