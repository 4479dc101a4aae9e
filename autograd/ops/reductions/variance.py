"""Spread: variances and standard deviations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes
from autograd.engine.dispatch import implements
from autograd.kernels.layout import in_rows
from autograd.kernels.sums import squares_over, sum_over
from autograd.ops.reductions.norm import as_real
from autograd.ops.reductions.reduction import Reduction, floating, in_range, ratio, widely
from autograd.ops.reductions.sums import mean

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, Number
    from autograd.tensors.tensor import Tensor

__all__ = ["std", "std_mean", "var", "var_mean"]


class Spread(Reduction):
    """What variance and standard deviation share."""

    def variance(self, x, axis, correction, keepdims):
        self.over(x, axis, keepdims)
        self.n = self.count(x)
        self.freedom = self.n - correction if self.n > correction else math.nan
        squares = squares_over(self.deviation(x), axis=axis, keepdims=keepdims)
        return in_rows(squares) / self.freedom

    def deviation(self, x):
        return x - sum_over(x, axis=self.axis, keepdims=True) / self.n


class Var(Spread):
    """Σ (x - x̄)² / (n - correction)."""

    def forward(self, x, *, axis=None, correction=1, keepdims=False):
        return self.variance(x, axis, correction, keepdims)

    def grad_x(self, g, x):
        return self.open(g * (2 / self.freedom)) * self.deviation(x)


class Std(Spread):
    """The root of the variance; its gradient is 0 where all elements are equal."""

    def forward(self, x, *, axis=None, correction=1, keepdims=False):
        return in_range(
            lambda x: np.sqrt(self.variance(x, axis, correction, keepdims)), x, axis, keepdims
        )

    def grad_x(self, g, x, out):
        return self.open(ratio(g / self.freedom, out)) * self.deviation(x)


def spread(op: type[Spread], input: Any, **options: Any) -> Any:
    """``op`` of ``input``; of complex numbers the variance of both parts together."""
    if not dtypes.complex_valued(input.dtype):
        return widely(op, input, **options)
    real, imag = (widely(op, part, **options) for part in (np.real(input), np.imag(input)))
    return real + imag if op is Var else np.hypot(real, imag)


@implements(np.var)
def _np_var(a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None):
    a, ddof = as_real(a, dtype), ddof if correction is None else correction
    over = axes("np.var", a, axis, empty=())
    return spread(Var, a, axis=over, correction=ddof, keepdims=keepdims)


@implements(np.std)
def _np_std(a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None):
    a, ddof = as_real(a, dtype), ddof if correction is None else correction
    over = axes("np.std", a, axis, empty=())
    return spread(Std, a, axis=over, correction=ddof, keepdims=keepdims)


# -- PyTorch's names ------------------------------------------------------------------------------


def _spread_of(
    call: str, input: Any, dim: Any, unbiased: bool | None, correction: Any
) -> tuple[Any, Any, Any]:
    """The input, its axes and the correction, from PyTorch's three ways to ask."""
    if isinstance(dim, bool):  # var(x, False): PyTorch's older signature
        dim, unbiased = None, dim
    if correction is None:
        if unbiased is not None and not isinstance(unbiased, (bool, np.bool_, int)):
            raise TypeError(f"{call}: unbiased must be True or False; got {unbiased!r:.60}.")
        correction = 1 if unbiased is None else int(unbiased)
    elif unbiased is not None:
        raise TypeError(f"{call}: pass either correction or unbiased; got both.")
    correction = correction.item() if hasattr(correction, "item") else correction
    if not isinstance(correction, (int, float)):
        raise TypeError(f"{call}: correction must be a number; got {correction!r:.60}.")
    input = floating(call, input)
    return input, axes(call, input, dim), correction


def var(
    input: Tensor,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Number | None = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """Σ (x - x̄)² / (n - correction) over the axes ``dim``; the correction is 1 by default.

    ``unbiased=False`` is correction=0. NaN where n ≤ correction. Raises RuntimeError for booleans
    and integers.

    >>> import autograd
    >>> autograd.var(autograd.tensor([1.0, 2.0, 3.0, 6.0]))
    tensor(4.6667)
    """
    dim = dim if axis is None else axis
    input, over, correction = _spread_of("var", input, dim, unbiased, correction)
    return spread(Var, input, axis=over, correction=correction, keepdims=keepdim or keepdims)


def std(
    input: Tensor,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Number | None = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """The root of the variance, :func:`var`; its gradient is 0 where all elements are equal.

    >>> import autograd
    >>> autograd.std(autograd.tensor([1.0, 2.0, 3.0, 6.0]), correction=0)
    tensor(1.8708)
    """
    dim = dim if axis is None else axis
    input, over, correction = _spread_of("std", input, dim, unbiased, correction)
    return spread(Std, input, axis=over, correction=correction, keepdims=keepdim or keepdims)


def var_mean(
    input: Tensor,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Number | None = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> tuple[Tensor, Tensor]:
    """The variance and the mean over the axes ``dim``; see :func:`var`.

    >>> import autograd
    >>> autograd.var_mean(autograd.tensor([1.0, 3.0]))
    (tensor(2.), tensor(2.))
    """
    dim, keepdim = dim if axis is None else axis, keepdim or keepdims
    return (
        var(input, dim, unbiased, keepdim, correction=correction),
        mean(input, None if isinstance(dim, bool) else dim, keepdim),
    )


def std_mean(
    input: Tensor,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: Number | None = None,
    axis: Dims = None,
    keepdims: bool = False,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean over the axes ``dim``; see :func:`std`.

    >>> import autograd
    >>> autograd.std_mean(autograd.tensor([1.0, 3.0]), correction=0)
    (tensor(1.), tensor(2.))
    """
    dim, keepdim = dim if axis is None else axis, keepdim or keepdims
    return (
        std(input, dim, unbiased, keepdim, correction=correction),
        mean(input, None if isinstance(dim, bool) else dim, keepdim),
    )
