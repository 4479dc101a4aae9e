"""Norms and distances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axes, axis_of, number_of
from autograd.engine.dispatch import implements
from autograd.engine.elementwise import cast
from autograd.engine.places import ShapeError
from autograd.kernels.layout import in_rows
from autograd.kernels.sums import count_over, squares_over, sum_over
from autograd.ops.pointwise.arithmetic import Absolute
from autograd.ops.reductions.extrema import Amax, Amin, some
from autograd.ops.reductions.reduction import Reduction, floating, in_range, ratio, widely
from autograd.ops.shape.reshape import contiguous

if TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, DType
    from autograd.tensors.tensor import Tensor

__all__ = ["dist", "norm", "renorm"]


class Norm(Reduction):
    """(Σ |x|^p)^(1/p) for finite p, or how many x ≠ 0; its gradient is 0 where it is 0."""

    def forward(self, x, *, p=2, axis=None, keepdims=False):
        self.over(x, axis, keepdims)
        self.p = p
        if p == 2:
            return in_range(
                lambda x: np.sqrt(in_rows(squares_over(x, axis=axis, keepdims=keepdims))),
                x, axis, keepdims,
            )  # fmt: skip
        if p == 0:
            some = np.not_equal(x, 0)
            return in_rows(count_over(some, axis=axis, dtype=x.dtype, keepdims=keepdims))
        size = np.absolute(x)
        if p == 1:
            return in_rows(sum_over(size, axis=axis, keepdims=keepdims))
        with np.errstate(divide="ignore"):  # p < 0: one zero makes the norm 0
            return in_range(
                lambda size: in_rows(sum_over(size**p, axis=axis, keepdims=keepdims)) ** (1 / p),
                size, axis, keepdims,
            )  # fmt: skip

    def grad_x(self, g, x, out):
        p = self.p
        if p == 0:  # a count: constant between jumps
            return self.open(g * 0) * np.sign(x)
        if p == 1:
            return self.open(g) * np.sign(x)
        if p == 2:
            return self.open(g) * ratio(x, self.open(out))  # g / out may leave the range
        size = np.absolute(x)
        if p < 1:
            size = np.where(np.equal(x, 0), 1, size)
            return self.open(g * out ** (1 - p)) * (np.sign(x) * size ** (p - 1))
        share = ratio(size, self.open(out))  # its power stays in range where those of both do not
        return self.open(g) * (np.sign(x) * np.where(np.equal(share, 0), 1, share) ** (p - 1))


# -- NumPy's names --------------------------------------------------------------------------------


def as_real(a: Any, dtype: Any) -> Any:
    """``a`` in ``dtype``; integers, as NumPy has it, as floating-point numbers."""
    if dtype is None and not dtypes.differentiable(a.dtype):
        dtype = dtypes.get_default_dtype()
    return a if dtype is None else cast(a, dtypes.as_dtype(dtype))


@implements(np.linalg.norm)
def _np_norm(x, ord=None, axis=None, keepdims=False):
    x = as_real(x, None)
    over = axes("np.linalg.norm", x, axis)
    count = len(over) if isinstance(over, tuple) else x.ndim if over is None else 1
    if ord not in (None, "fro") and count > 1:
        raise ValueError(
            f"np.linalg.norm: ord must be None or 'fro' over several axes; got {ord!r}. "
            "Pass one axis, or autograd.norm(x, p, dim), which takes all elements as one vector."
        )
    return norm(x, 2 if ord is None else ord, over, keepdims)


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
    are 2; "nuc" is the sum of the singular values of matrices. The gradient is 0 where the norm is
    0. Raises RuntimeError for booleans and integers, ValueError for another word, ShapeError for
    "nuc" over other than two axes.

    >>> import autograd
    >>> autograd.norm(autograd.tensor([[3.0, 4.0], [5.0, 12.0]]), dim=1)
    tensor([ 5., 13.])
    """
    input = floating("norm", input, dtype)
    over, keepdims = axes("norm", input, dim if axis is None else axis), keepdim or keepdims
    if p == "nuc":
        from autograd.ops.linalg.svd import singular_norm  # which stands on this file's kind

        pair = tuple(range(input.ndim)) if over is None else over
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ShapeError(f"norm: p='nuc' must be over two axes; got {pair}. Pass dim=(-2, -1).")
        return singular_norm(input, p, *pair, keepdims)
    if p is None or p == "fro":
        p = 2
    elif not isinstance(p, (int, float)):
        raise (ValueError if isinstance(p, str) else TypeError)(
            f"norm: p must be a number, 'fro' or 'nuc'; got {p!r}. Pass inf as float('inf')."
        )
    if dtypes.complex_valued(input.dtype):
        if p == 2:  # smooth in both parts where an element is 0, as its absolute value is not
            return _of_parts(input, over, keepdims)
        input = Absolute.apply(input)
    if math.isinf(p):
        op = Amax if p > 0 else Amin
        some("norm", input, over)
        return op.apply(Absolute.apply(input), axis=over, keepdims=keepdims)
    return widely(Norm, input, p=p, axis=over, keepdims=keepdims)


def _of_parts(z: Any, over: Any, keepdims: bool) -> Any:
    pairs = np.stack((np.real(z), np.imag(z)), axis=-1)
    if over is not None:
        over = (*(over if isinstance(over, tuple) else (over,)), z.ndim)
    found = widely(Norm, pairs, p=2, axis=over, keepdims=keepdims)
    return np.squeeze(found, -1) if keepdims else found


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Each slice along ``dim`` scaled down to the p-norm ``maxnorm``, where its own is greater.

    Raises RuntimeError below two axes, for p ≤ 0 and for a negative ``maxnorm``.

    >>> import autograd
    >>> autograd.renorm(autograd.tensor([[3.0, 4.0], [0.6, 0.8]]), 2, 0, 1)
    tensor([[0.6000, 0.8000],
            [0.6000, 0.8000]])
    """
    axis = axis_of("renorm", input, dim)
    p, maxnorm = number_of("renorm", "p", p), number_of("renorm", "maxnorm", maxnorm)
    if input.ndim < 2 or not p > 0 or maxnorm < 0:
        raise ShapeError(
            "renorm: expected at least 2 axes, p above 0 and maxnorm of 0 or more; got shape "
            f"{tuple(input.shape)}, p={p} and maxnorm={maxnorm}."
        )
    others = tuple([one for one in range(input.ndim) if one != axis])
    size: Any = norm(input, p, others, True)
    scale: Any = np.where(np.greater(size, maxnorm), maxnorm / (size + 1e-7), 1)
    return contiguous(input) * scale


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of input - other, broadcast.

    >>> import autograd
    >>> autograd.dist(autograd.tensor([3.0, 4.0]), autograd.tensor([0.0, 0.0]))
    tensor(5.)
    """
    return norm(input - other, p)
