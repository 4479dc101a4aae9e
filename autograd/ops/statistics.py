"""Spread and size: variances, standard deviations, norms, distances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.dispatch import implements
from autograd.elementwise import Elementwise, cast
from autograd.ops.arithmetic import Absolute
from autograd.ops.extremes import Amax, Amin, _some
from autograd.ops.reduction import Reduction, axes, axis_of, floating, mean

if TYPE_CHECKING:
    from autograd.annotations import Dims, DType, Number, Tensor


class Ratio(Elementwise):
    """g / d, and 0 where d = 0: where a root has no slope, PyTorch's gradient is zero."""

    def forward(self, g, d):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.equal(d, 0), 0, g / d)

    def grad_g(self, h, d):
        return ratio(h, d)

    def grad_d(self, h, d, out):
        return -ratio(h * out, d)


ratio = Ratio.ready()


class Spread(Reduction):
    """What variance and standard deviation share."""

    def variance(self, x, axis, correction, keepdims):
        self.over(x, axis, keepdims)
        self.n = self.count(x)
        self.freedom = self.n - correction if self.n > correction else math.nan
        d = self.deviation(x)
        d *= d
        return np.add.reduce(d, axis=axis, keepdims=keepdims) / self.freedom

    def deviation(self, x):
        return x - np.add.reduce(x, axis=self.axis, keepdims=True) / self.n


class Var(Spread):
    """Σ (x - x̄)² / (n - correction)."""

    def forward(self, x, *, axis=None, correction=1, keepdims=False):
        return self.variance(x, axis, correction, keepdims)

    def grad_x(self, g, x):
        return self.open(g * (2 / self.freedom)) * self.deviation(x)


class Std(Spread):
    """The root of the variance; its gradient is 0 where all elements are equal."""

    def forward(self, x, *, axis=None, correction=1, keepdims=False):
        return np.sqrt(self.variance(x, axis, correction, keepdims))

    def grad_x(self, g, x, out):
        return self.open(ratio(g / self.freedom, out)) * self.deviation(x)


class Norm(Reduction):
    """(Σ |x|^p)^(1/p) for finite p, or how many x ≠ 0; its gradient is 0 where it is 0."""

    def forward(self, x, *, p=2, axis=None, keepdims=False):
        self.over(x, axis, keepdims)
        self.p = p
        if p == 2:
            return np.sqrt(np.add.reduce(x * x, axis=axis, keepdims=keepdims))
        if p == 0:
            return np.add.reduce(np.not_equal(x, 0), axis=axis, dtype=x.dtype, keepdims=keepdims)
        size = np.absolute(x)
        if p == 1:
            return np.add.reduce(size, axis=axis, keepdims=keepdims)
        with np.errstate(divide="ignore"):  # p < 0: one zero makes the norm 0
            return np.add.reduce(size**p, axis=axis, keepdims=keepdims) ** (1 / p)

    def grad_x(self, g, x, out):
        p = self.p
        if p == 0:  # a count: constant between jumps
            return self.open(g * 0) * np.sign(x)
        if p == 1:
            return self.open(g) * np.sign(x)
        if p == 2:
            return self.open(ratio(g, out)) * x
        size = np.where(np.equal(x, 0), 1, np.absolute(x))
        scale = g * out ** (1 - p) if p < 1 else ratio(g, out ** (p - 1))
        return self.open(scale) * (np.sign(x) * size ** (p - 1))


# -- NumPy's names --------------------------------------------------------------------------------


def _real(a: Any, dtype: Any) -> Any:
    """``a`` in ``dtype``; integers, as NumPy has it, as floating-point numbers."""
    if dtype is None and a.dtype.kind not in "fc":
        dtype = dtypes.get_default_dtype()
    return a if dtype is None else cast(a, dtypes.as_dtype(dtype))


@implements(np.var)
def _np_var(a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None):
    a, ddof = _real(a, dtype), ddof if correction is None else correction
    over = axes("np.var", a, axis, empty=())
    return Var.apply(a, axis=over, correction=ddof, keepdims=keepdims)


@implements(np.std)
def _np_std(a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None):
    a, ddof = _real(a, dtype), ddof if correction is None else correction
    over = axes("np.std", a, axis, empty=())
    return Std.apply(a, axis=over, correction=ddof, keepdims=keepdims)


@implements(np.linalg.norm)
def _np_norm(x, ord=None, axis=None, keepdims=False):
    x = _real(x, None)
    over = axes("np.linalg.norm", x, axis)
    count = len(over) if isinstance(over, tuple) else x.ndim if over is None else 1
    if ord not in (None, "fro") and count > 1:
        raise ValueError(
            f"np.linalg.norm: ord must be None or 'fro' over several axes; got {ord!r}. "
            "Pass one axis, or autograd.norm(x, p, dim), which takes all elements as one vector."
        )
    return norm(x, 2 if ord is None else ord, over, keepdims)


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
    return Var.apply(input, axis=over, correction=correction, keepdims=keepdim or keepdims)


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
    return Std.apply(input, axis=over, correction=correction, keepdims=keepdim or keepdims)


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


def norm(
    input: Tensor,
    p: float | str | None = "fro",
    dim: Dims = None,
    keepdim: bool = False,
    dtype: DType = None,
    *,
    axis: Dims = None,
    keepdims: bool = False,
) -> Tensor:
    """(Σ |x|^p)^(1/p) over the axes ``dim``, all elements as one vector.

    p = inf and -inf are the greatest and the least |x|, 0 counts what is not zero, "fro" and None
    are 2. The gradient is 0 where the norm is 0. Raises RuntimeError for booleans and integers,
    ValueError for another word.

    >>> import autograd
    >>> autograd.norm(autograd.tensor([[3.0, 4.0], [5.0, 12.0]]), dim=1)
    tensor([ 5., 13.])
    """
    input = floating("norm", input, dtype)
    over, keepdims = axes("norm", input, dim if axis is None else axis), keepdim or keepdims
    if p is None or p == "fro":
        p = 2
    elif not isinstance(p, (int, float)):
        raise (ValueError if isinstance(p, str) else TypeError)(
            f"norm: p must be a number or 'fro'; got {p!r}. Pass inf as float('inf')."
        )
    if math.isinf(p):
        op = Amax if p > 0 else Amin
        _some("norm", input, over)
        return op.apply(Absolute.apply(input), axis=over, keepdims=keepdims)
    return Norm.apply(input, p=p, axis=over, keepdims=keepdims)


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Each slice along ``dim`` scaled down to the p-norm ``maxnorm``, where its own is greater.

    Raises RuntimeError below two axes, for p ≤ 0 and for a negative ``maxnorm``.

    >>> import autograd
    >>> autograd.renorm(autograd.tensor([[3.0, 4.0], [0.6, 0.8]]), 2, 0, 1)
    tensor([[0.6000, 0.8000],
            [0.6000, 0.8000]])
    """
    axis = axis_of("renorm", input, dim)
    if input.ndim < 2 or not p > 0 or maxnorm < 0:
        raise RuntimeError(
            "renorm: expected at least 2 axes, p above 0 and maxnorm of 0 or more; got shape "
            f"{tuple(input.shape)}, p={p} and maxnorm={maxnorm}."
        )
    others = tuple([one for one in range(input.ndim) if one != axis])
    size: Any = norm(input, p, others, True)
    scale: Any = np.where(np.greater(size, maxnorm), maxnorm / (size + 1e-7), 1)
    return input * scale


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of input - other, broadcast.

    >>> import autograd
    >>> autograd.dist(autograd.tensor([3.0, 4.0]), autograd.tensor([0.0, 0.0]))
    tensor(5.)
    """
    return norm(input - other, p)
