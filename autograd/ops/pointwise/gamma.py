"""The logarithm of the gamma function and its derivatives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of
from autograd.engine.elementwise import Elementwise
from autograd.kernels import gamma as kernels

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["digamma", "lgamma", "mvlgamma", "polygamma"]


def in_float64(kernel, *xs, **options):
    """The kernel's result, rounded once, in the dtype of ``xs``."""
    with np.errstate(over="ignore"):  # a value beyond the dtype is infinite
        out = kernel(*[x.astype(dtypes.float64) for x in xs], **options).astype(xs[0].dtype)
    return out if out.shape else out[()]


class Lgamma(Elementwise):
    floating = True

    def forward(self, x):
        return in_float64(kernels.lgamma, x)

    def grad_x(self, g, x):
        return g * Digamma.apply(x)


class Digamma(Elementwise):
    floating = True

    def forward(self, x):
        return in_float64(kernels.digamma, x)

    def grad_x(self, g, x):
        return g * Polygamma.apply(x, n=1)


class Polygamma(Elementwise):
    """(-1)^(n+1) n! ζ(n + 1, x)."""

    floating = True

    def forward(self, x, *, n):
        self.n = n
        return in_float64(_polygamma, x, n=n)

    def grad_x(self, g, x):
        return g * Polygamma.apply(x, n=self.n + 1)


def _polygamma(x, n):
    return kernels.zeta(n + 1.0, x) * ((-1) ** (n + 1) * math.factorial(n))


def lgamma(input: Tensor) -> Tensor:
    r"""The logarithm of the gamma function, :math:`\ln |\Gamma(x)|`: ∞ at 0, -1, -2, …

    Relative error below 4e-16 in float64 for x > 0; absolute below 2e-15 near the zeros below 0.
    Abramowitz & Stegun 1964, 6.1.33 and 6.1.40.

    >>> import autograd
    >>> autograd.lgamma(autograd.tensor([0.5, 1.0, 5.0]))
    tensor([0.5724, 0.0000, 3.1781])
    """
    return Lgamma.apply(input)


def digamma(input: Tensor) -> Tensor:
    r"""The derivative of :func:`lgamma`, :math:`\psi(x)`: NaN at -1, -2, …, -∞ at 0.

    Abramowitz & Stegun 1964, 6.3.18.

    4 units of float64 for x > 0, 8 below, near its zeros of 1.

    >>> import autograd
    >>> autograd.digamma(autograd.tensor([1.0]))
    tensor([-0.5772])
    """
    return Digamma.apply(input)


def polygamma(n: int, input: Tensor) -> Tensor:
    r"""The n-th derivative of :func:`digamma`, :math:`(-1)^{n+1}\, n!\, \zeta(n + 1, x)`.

    Raises RuntimeError for an n outside 0 to 170.
    Abramowitz & Stegun 1964, 6.4.7.

    8 units of float64 for x > 0.

    >>> import autograd
    >>> autograd.polygamma(1, autograd.tensor([1.0]))
    tensor([1.6449])
    """
    n = integer_of("polygamma", "n", n)
    if not 0 <= n <= 170:
        raise RuntimeError(f"polygamma: n must be from 0 to 170, as n! is to fit; got {n}.")
    return Polygamma.apply(input, n=n) if n else Digamma.apply(input)


def mvlgamma(input: Tensor, p: int) -> Tensor:
    r"""The logarithm of the gamma function of p dimensions.

    :math:`\frac{p(p-1)}4 \ln\pi + \sum_{j=0}^{p-1} \ln\Gamma(x - j/2)`. Raises ValueError for a p
    outside 1 to 10000.

    2 units of float64, near its zeros of p.

    >>> import autograd
    >>> autograd.mvlgamma(autograd.tensor([2.0]), 2)
    tensor([0.4516])
    """
    check_tensors("mvlgamma", input=input)
    p = integer_of("mvlgamma", "p", p)
    if not 1 <= p <= 10_000:
        raise ValueError(f"mvlgamma: p must be from 1 to 10000; got {p}.")
    total = lgamma(input)
    for j in range(1, p):
        total = total + lgamma(input - j / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)
