"""``torch.masked``: reductions of, and functions along an axis over, what a mask lets through.

Reductions: (*) -> (*) less ``dim``, of which ``keepdim`` leaves 1; functions: (*) -> (*). A mask,
True where an element counts, is boolean and broadcasts to (*): else TypeError, ValueError or
IndexError; None is all True. What is masked out is neutral, and has no gradient.
"""

from __future__ import annotations

import builtins as _builtins
import math as _math
import typing as _typing
from typing import Any

import numpy as _np

from autograd.arrays import dtypes as _dtypes
from autograd.arrays.arguments import (
    axes as _axes,
    axis_of as _axis_of,
    check_tensors as _check_tensors,
)
from autograd.engine.elementwise import cast as _cast
from autograd.engine.graph import unwrap as _unwrap
from autograd.engine.places import ShapeError as _ShapeError
from autograd.ops.pointwise import exponential as _exponential
from autograd.ops.pointwise.where import where as _where
from autograd.ops.reductions import (
    cumulative as _cumulative,
    extrema as _extrema,
    norm as _norm,
    softmax as _softmax,
    statistics as _statistics,
    sums as _sums,
)

if _typing.TYPE_CHECKING:
    from autograd.tensors.annotations import Dims, DType
    from autograd.tensors.tensor import Tensor


# -- what is masked out ---------------------------------------------------------------------------


def _mask_of(call: str, input: Any, mask: Any) -> Any:
    """The mask as an array that broadcasts to the input; None where there is none."""
    _check_tensors(call, input=input)
    if mask is None:
        return None
    array = _unwrap(mask)
    _check_tensors(call, mask=array)
    if not _dtypes.boolean(array.dtype):
        raise TypeError(f"{call}: mask must have dtype bool; got {array.dtype}. Use mask.bool().")
    shape = tuple(input.shape)
    if array.ndim > len(shape):
        raise IndexError(
            f"{call}: mask must not have more axes than input; got mask of shape {array.shape} for "
            f"input of shape {shape}. Expand the input first."
        )
    if _builtins.any(n not in (1, m) for n, m in zip(array.shape[::-1], shape[::-1])):
        raise _ShapeError(
            f"{call}: mask must broadcast to input; got mask of shape {array.shape} for input of "
            f"shape {shape}."
        )
    return array


def _filled(call: str, input: Any, mask: Any, neutral: Any) -> Any:
    """The input, with ``neutral`` where it is masked out."""
    array = _mask_of(call, input, mask)
    return input if array is None else _where(_np.broadcast_to(array, input.shape), input, neutral)


def _extreme(dtype: Any, sign: int) -> Any:
    """The number that no other of the dtype is beyond: above for 1, below for -1."""
    if _dtypes.differentiable(dtype):
        return sign * _math.inf
    limits = _dtypes.iinfo(dtype)
    return limits.max if sign > 0 else limits.min


def _as(result: Any, input: Any, dtype: Any) -> Any:
    """``result`` in ``dtype``, by default that of the input."""
    return _cast(result, input.dtype if dtype is None else _dtypes.as_dtype(dtype))


# -- totals ---------------------------------------------------------------------------------------


def sum(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Σ x over ``dim`` of what counts, 0 where nothing does; integers are summed as int64.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.sum(x, mask=mask)
    tensor(4.)
    """
    x = _filled("masked.sum", input, mask, 0)
    return _sums.sum(x, _axes("masked.sum", x, dim), bool(keepdim), dtype=dtype)


def prod(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The product over ``dim`` of what counts, 1 where nothing does; integers give int64.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.prod(x, mask=mask)
    tensor(3.)
    """
    x: Any = _filled("masked.prod", input, mask, 1)
    if dim is None and not keepdim:
        return _sums.prod(x, dtype=dtype)
    over = _axes("masked.prod", x, dim)
    over = (*range(x.ndim),) if over is None else over if isinstance(over, tuple) else (over,)
    for axis in sorted(over, reverse=True):
        x = _sums.prod(x, axis, bool(keepdim), dtype=dtype)
    return x if over else _sums.prod(x, 0, dtype=dtype)


def mean(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The mean over ``dim`` of what counts, NaN where nothing does.

    Raises ValueError where the result would not be of a floating dtype.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.mean(x, mask=mask)
    tensor(2.)
    """
    array = _mask_of("masked.mean", input, mask)
    kind: Any = input.dtype if dtype is None else _dtypes.as_dtype(dtype)
    if not _dtypes.differentiable(kind):
        raise ValueError(
            f"masked.mean: the mean must be of a floating dtype; got {kind}. Pass "
            "dtype=autograd.float32."
        )
    over = _axes("masked.mean", input, dim)
    if array is None:
        return _sums.mean(_cast(input, kind), over, bool(keepdim))
    total: Any = sum(input, dim, keepdim=keepdim, dtype=kind, mask=mask)
    return _divided(total, _count(input, array, over, bool(keepdim)))


def _count(input: Any, array: Any, over: Any, keepdim: bool) -> Any:
    """How many elements count; ``array`` is the mask."""
    every: Any = _np.broadcast_to(array, input.shape)
    add: Any = _np.add
    return add.reduce(every, axis=over, dtype=_np.int64, keepdims=keepdim)


def _divided(total: Any, count: Any) -> Any:
    """total / count, NaN where nothing counts."""
    with _np.errstate(divide="ignore", invalid="ignore"):
        return total / count.astype(_unwrap(total).dtype)


def _variance(
    call: str, input: Any, dim: Any, keepdim: Any, dtype: Any, mask: Any, less: Any
) -> Any:
    array = _mask_of(call, input, mask)
    kind: Any = input.dtype if dtype is None else _dtypes.as_dtype(dtype)
    kind = kind if _dtypes.differentiable(kind) else _dtypes.float32
    x: Any = _cast(input, kind)
    over = _axes(call, x, dim)
    array = _np.ones_like(_unwrap(x), dtype=_np.bool_) if array is None else array
    count = _count(x, array, over, True)
    apart = x - _divided(sum(x, dim, keepdim=True, mask=mask), count)
    squares: Any = sum(apart * _np.conjugate(apart), dim, keepdim=keepdim, mask=mask)
    return _divided(squares, _np.maximum(_np.reshape(count, squares.shape) - less, 0))


def _correction(call: str, unbiased: Any, correction: Any) -> Any:
    if unbiased is not None and correction is not None:
        raise TypeError(f"{call}: pass either unbiased or correction; got both.")
    return correction if correction is not None else 0 if unbiased is False else 1


def var(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Σ (x - mean)² / (n - correction) over ``dim``, of the n elements that count.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.var(x, mask=mask)
    tensor(2.)
    """
    less = _correction("masked.var", unbiased, correction)
    return _variance("masked.var", input, dim, keepdim, dtype, mask, less)


def std(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The root of :func:`var`.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.std(x, mask=mask)
    tensor(1.4142)
    """
    less = _correction("masked.std", unbiased, correction)
    return _np.sqrt(_variance("masked.std", input, dim, keepdim, dtype, mask, less))


def norm(
    input: Tensor,
    ord: float | None = 2.0,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """(Σ |x|^ord)^(1/ord) over ``dim`` of what counts, as :func:`autograd.norm`.

    >>> import autograd
    >>> x, mask = autograd.tensor([3.0, 2.0, 4.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.norm(x, mask=mask)
    tensor(5.)
    """
    x = _filled("masked.norm", input, mask, _math.inf if ord == -_math.inf else 0)
    return _norm.norm(x, ord, _axes("masked.norm", x, dim), bool(keepdim), dtype)


# -- extremes -------------------------------------------------------------------------------------


def amax(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The greatest over ``dim`` of what counts, -inf where nothing does.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.amax(x, mask=mask)
    tensor(3.)
    """
    x = _filled("masked.amax", input, mask, mask is not None and _extreme(input.dtype, -1))
    return _as(_extrema.amax(x, _axes("masked.amax", x, dim), bool(keepdim)), input, dtype)


def amin(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The least over ``dim`` of what counts, inf where nothing does.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 0.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.amin(x, mask=mask)
    tensor(1.)
    """
    x = _filled("masked.amin", input, mask, mask is not None and _extreme(input.dtype, 1))
    return _as(_extrema.amin(x, _axes("masked.amin", x, dim), bool(keepdim)), input, dtype)


def argmax(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Where the greatest of what counts is; of input's dtype, as in PyTorch, unless one is given.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.argmax(x, mask=mask, dtype=autograd.int64)
    tensor(2)
    """
    x = _filled("masked.argmax", input, mask, mask is not None and _extreme(input.dtype, -1))
    return _as(_extrema.argmax(x, dim, bool(keepdim)), input, dtype)


def argmin(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool | None = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Where the least of what counts is; of input's dtype, as in PyTorch, unless one is given.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 0.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.argmin(x, mask=mask, dtype=autograd.int64)
    tensor(0)
    """
    x = _filled("masked.argmin", input, mask, mask is not None and _extreme(input.dtype, 1))
    return _as(_extrema.argmin(x, dim, bool(keepdim)), input, dtype)


def median(
    input: Tensor,
    dim: int = -1,
    *,
    keepdim: bool = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The lower median along ``dim`` of what counts, NaN where nothing does.

    Raises ValueError where nothing counts and the dtype has no NaN.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.median(x, mask=mask)
    tensor(1.)
    """
    _check_tensors("masked.median", input=input)
    real = _dtypes.floating(input.dtype)
    x = _filled("masked.median", input if real else _cast(input, _dtypes.float32), mask, _math.nan)
    found: Any = _statistics.nanmedian(x, _axis_of("masked.median", x, dim), keepdim).values
    if real:
        return found
    if _np.isnan(_unwrap(found)).any():
        raise ValueError(
            f"masked.median: a row in which nothing counts has no median of {input.dtype}; there "
            "is one. Convert the input: x.float()."
        )
    return _as(found, input, dtype)


# -- along an axis --------------------------------------------------------------------------------


def cumsum(input: Tensor, dim: int, *, dtype: DType = None, mask: Tensor | None = None) -> Tensor:
    """The running sum along ``dim``; what is masked out adds nothing.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.cumsum(x, 0, mask=mask)
    tensor([1., 1., 4.])
    """
    x = _filled("masked.cumsum", input, mask, 0)
    return _as(_cumulative.cumsum(x, dim, dtype=dtype), input, dtype)


def cumprod(input: Tensor, dim: int, *, dtype: DType = None, mask: Tensor | None = None) -> Tensor:
    """The running product along ``dim``; what is masked out is no factor.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0, 3.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.cumprod(x, 0, mask=mask)
    tensor([1., 1., 3.])
    """
    x = _filled("masked.cumprod", input, mask, 1)
    return _as(_cumulative.cumprod(x, dim, dtype=dtype), input, dtype)


def softmax(input: Tensor, dim: int, *, dtype: DType = None, mask: Tensor | None = None) -> Tensor:
    """exp x / Σ exp x along ``dim`` over what counts, 0 elsewhere; NaN where nothing counts.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 1.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.softmax(x, 0, mask=mask)
    tensor([0.5000, 0.0000, 0.5000])
    """
    x = _filled("masked.softmax", input, mask, -_math.inf)
    return _softmax.softmax(x, dim, dtype=input.dtype if dtype is None else dtype)


def log_softmax(
    input: Tensor, dim: int, *, dtype: DType = None, mask: Tensor | None = None
) -> Tensor:
    """The logarithm of :func:`softmax`: -inf where it is 0.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 1.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.log_softmax(x, 0, mask=mask)
    tensor([-0.6931,    -inf, -0.6931])
    """
    x = _filled("masked.log_softmax", input, mask, -_math.inf)
    return _softmax.log_softmax(x, dim, dtype=input.dtype if dtype is None else dtype)


def softmin(input: Tensor, dim: int, *, dtype: DType = None, mask: Tensor | None = None) -> Tensor:
    """:func:`softmax` of -x.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 0.0, 1.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.softmin(x, 0, mask=mask)
    tensor([0.5000, 0.0000, 0.5000])
    """
    x: Any = _filled("masked.softmin", input, mask, _math.inf)
    return _softmax.softmax(-x, dim, dtype=input.dtype if dtype is None else dtype)


def normalize(
    input: Tensor,
    ord: float,
    dim: int,
    *,
    eps: float = 1e-12,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """x / max(norm, eps) along ``dim``, the :func:`norm` of what counts; 0 elsewhere.

    >>> import autograd
    >>> x, mask = autograd.tensor([3.0, 2.0, 4.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.normalize(x, 2, 0, mask=mask)
    tensor([0.6000, 0.0000, 0.8000])
    """
    _check_tensors("masked.normalize", input=input)
    size: Any = norm(input, ord, dim, keepdim=True, dtype=dtype, mask=mask)
    x: Any = _filled("masked.normalize", input, mask, 0)
    return x / _np.maximum(size, eps)


def logsumexp(
    input: Tensor,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DType = None,
    mask: Tensor | None = None,
) -> Tensor:
    """log Σ exp x over ``dim`` of what counts, -inf where nothing does.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 9.0, 1.0]), autograd.tensor([True, False, True])
    >>> autograd.masked.logsumexp(x, mask=mask)
    tensor(1.6931)
    """
    x = _filled("masked.logsumexp", input, mask, -_math.inf)
    return _as(_softmax.logsumexp(x, _axes("masked.logsumexp", x, dim), keepdim), input, dtype)


def logaddexp(
    input: Tensor,
    other: Tensor,
    *,
    dtype: DType = None,
    input_mask: Tensor | None = None,
    other_mask: Tensor | None = None,
) -> Tensor:
    """log(exp x + exp y), where exp of what is masked out is 0.

    >>> import autograd
    >>> x, mask = autograd.tensor([1.0, 2.0]), autograd.tensor([True, False])
    >>> autograd.masked.logaddexp(x, x, other_mask=mask)
    tensor([1.6931, 2.0000])
    """
    x = _filled("masked.logaddexp", input, input_mask, -_math.inf)
    y = _filled("masked.logaddexp", other, other_mask, -_math.inf)
    return _as(_exponential.logaddexp(x, y), input, dtype)


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
