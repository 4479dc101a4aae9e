"""How often: values, and values within bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.arrays.dialect import anywhere
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.sort import tensor_like
from autograd.ops.return_types import HistogramddResult, HistogramResult

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

__all__ = ["bincount", "histc", "histogram", "histogramdd"]


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a 1-d tensor, or the sum of its ``weights``.

    int64 without weights; the dtype of float32 weights is kept, others count in float64.

    Raises TypeError for values that are not integers, ValueError for negative ones, or for
    weights that require grad (use index_add).

    >>> import autograd
    >>> autograd.bincount(autograd.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    check_tensors("bincount", input=input)
    x, w = unwrap(input), unwrap(weights)
    if not dtypes.integral(x.dtype):
        raise TypeError(f"bincount: input must hold integers; got dtype {x.dtype}.")
    if x.ndim != 1 or anywhere(x < 0) or (w is not None and w.shape != x.shape):
        raise ShapeError(
            "bincount: input must be 1-d and not negative, and weights of its shape; got shape "
            f"{x.shape}{'' if w is None else f' and weights of shape {w.shape}'}."
        )
    if weights is not None and getattr(weights, "_edge", None) is not None:
        raise ValueError(
            "bincount: weights must not require grad; it has no gradient. "
            "Use zeros(n).index_add(0, input, weights), or weights.detach()."
        )
    counts = np.bincount(x.astype(np.int64, copy=False), w, minlength)
    if w is None or w.dtype == np.float32:
        counts = counts.astype(np.int64 if w is None else w.dtype, copy=False)
    return tensor_like(counts, input, weights)


def histc(input: Tensor, bins: int = 100, min: Number = 0, max: Number = 0) -> Tensor:
    """How many elements fall into each of ``bins`` equal parts of [min, max], in input's dtype.

    With min = max the range is that of the values; elements outside do not count.

    Raises ValueError where bins is not positive or the range is not finite and ascending.

    >>> import autograd
    >>> autograd.histc(autograd.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    check_tensors("histc", input=input)
    x = unwrap(input)
    if dtypes.complex_valued(x.dtype):
        raise TypeError(f"histc: input must hold real numbers; got {x.dtype}.")
    bins = integer_of("histc", "bins", bins)
    low, high = number_of("histc", "min", min), number_of("histc", "max", max)
    if low == high and x.size:
        low, high = float(np.minimum.reduce(x, axis=None)), float(np.maximum.reduce(x, axis=None))
    if low == high:
        low, high = low - 1, high + 1
    if not 1 <= bins < 2**59 or not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            "histc: bins must be positive, and the range finite and ascending; "
            f"got {bins} bins from {low} to {high}."
        )
    inside = x[(x >= low) & (x <= high)]
    counts, _ = np.histogram(inside, bins, (low, high))
    return tensor_like(counts.astype(x.dtype), input)


def histogram(
    input: Tensor,
    bins: int | Tensor = 100,
    *,
    range: tuple[float, float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> HistogramResult:
    """How many elements fall into each bin, in input's dtype, and the edges of the bins.

    :param bins: how many of equal width over ``range``, that of the values by default; or the
        edges, 1-d and ascending. An element on an edge counts to the right, the last edge's left.
    :param weight: what each element counts, in the shape of ``input``.
    :param density: divide by the total and the widths, so that the integral is 1.
    :raises ValueError: bins, range or weight do not fit.

    >>> import autograd
    >>> autograd.histogram(autograd.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0)).hist
    tensor([0., 2., 1., 0.])
    """
    check_tensors("histogram", input=input)
    if weight is not None:
        check_tensors("histogram", weight=weight)
    x, weights = unwrap(input), unwrap(weight)
    if not dtypes.floating(x.dtype):
        raise TypeError(f"histogram: input must hold reals; got {x.dtype}. Write x.float().")
    edges = unwrap(bins) if hasattr(bins, "dtype") else integer_of("histogram", "bins", bins)
    if weights is not None and weights.shape != x.shape:
        raise ShapeError(
            f"histogram: weight must have input's shape {x.shape}; got {weights.shape}."
        )
    if range is None and x.size:
        range = float(np.minimum.reduce(x, axis=None)), float(np.maximum.reduce(x, axis=None))
    try:
        counts, found = np.histogram(x, edges, range, density, weights)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "histogram: bins must be positive or ascending edges, and the range finite; got bins="
            f"{bins!r:.60}, range={range!r:.60}. {error}"
        ) from None
    made = [tensor_like(one.astype(x.dtype), input) for one in (counts, found)]
    return HistogramResult(*made)


def histogramdd(
    input: Tensor,
    bins: int | Sequence[int] | Sequence[Tensor],
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> HistogramddResult:
    """How many points fall into each cell of a grid, in input's dtype, and the edges of each axis.

    Shapes: points (..., N) -> cells (bins of the first axis, ..., of the N-th).

    :param bins: how many along each axis (one number for all), or each axis's ascending edges.
    :param range: the least and the greatest of each axis, 2 N numbers; by default of the points.
    :param weight: what each point counts, in the shape of ``input`` without its last axis.
    :param density: divide by the total and the volumes, so that the integral is 1.
    :raises ValueError: bins, range or weight do not fit.

    >>> import autograd
    >>> points = autograd.tensor([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])
    >>> autograd.histogramdd(points, bins=[2, 2]).hist
    tensor([[0., 1.],
            [1., 1.]])
    """
    check_tensors("histogramdd", input=input)
    if weight is not None:
        check_tensors("histogramdd", weight=weight)
    if not (range is None or isinstance(range, (list, tuple))):
        raise TypeError(
            f"histogramdd: range must be two numbers for each coordinate; got {range!r:.60}."
        )
    x, weights = unwrap(input), unwrap(weight)
    if not dtypes.floating(x.dtype):
        raise TypeError(f"histogramdd: input must hold reals; got {x.dtype}. Write x.float().")
    if x.ndim < 2:
        raise ShapeError(f"histogramdd: expected points (..., N); got shape {x.shape}.")
    n = x.shape[-1]
    if weights is not None and weights.shape != x.shape[:-1]:
        raise ShapeError(
            f"histogramdd: weight must have a number for each point, shape {x.shape[:-1]}; got "
            f"{weights.shape}."
        )
    grid: Any = bins if isinstance(bins, (list, tuple)) else [bins] * n
    ends = None if range is None else list(zip(range[::2], range[1::2]))
    if len(grid) != n or (range is not None and len(range) != 2 * n):
        raise ShapeError(
            f"histogramdd: bins must have one entry, and range two, for each of {n} coordinates; "
            f"got {len(grid)} and {None if range is None else len(range)}."
        )
    points = np.reshape(x, (-1, n))
    if weights is not None:
        weights = np.reshape(weights, (-1,))
    try:
        edges = [unwrap(one) for one in grid]
        counts, found = np.histogramdd(points, edges, ends, bool(density), weights)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "histogramdd: bins must be positive or ascending edges, and the range finite; got "
            f"bins={bins!r:.60}, range={range!r:.60}. {error}"
        ) from None
    made = [tensor_like(one.astype(x.dtype), input) for one in (counts, *found)]
    return HistogramddResult(made[0], tuple(made[1:]))
