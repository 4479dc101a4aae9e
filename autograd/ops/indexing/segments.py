"""Runs of elements along an axis, each made one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_tensors, number_of
from autograd.arrays.dialect import anywhere
from autograd.engine.elementwise import cast
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.scatter import scatter_reduce
from autograd.ops.shape.narrow import narrow

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number
    from autograd.tensors.tensor import Tensor

__all__ = ["segment_reduce"]

_NEUTRAL = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}


def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Number | None = None,
) -> Tensor:
    """The sum, mean, prod, max or min of each segment of ``data`` along ``axis``.

    Shapes: data (*batch, n, *), lengths (*batch, segments) -> (*batch, segments, *), where axis
    counts the axes of the batch.

    :param lengths: how long the segments are, one after another; they must sum to n.
    :param offsets: instead, where each begins, and where the last ends: (*batch, segments + 1).
    :param unsafe: do not check the lengths; elements behind the last segment do not count.
    :param initial: what each result starts from; without it an empty segment gives the neutral
        element, and NaN for a mean.
    :raises RuntimeError: lengths and offsets are given both or neither, or do not fit the data.

    >>> import autograd
    >>> x, lengths = autograd.tensor([1.0, 2.0, 3.0, 4.0]), autograd.tensor([1, 3])
    >>> autograd.segment_reduce(x, "max", lengths=lengths)
    tensor([1., 4.])
    """
    check_tensors("segment_reduce", data=data)
    if not isinstance(reduce, str) or reduce not in _NEUTRAL:
        raise ValueError(
            f"segment_reduce: reduce must be one of {', '.join(_NEUTRAL)}; got {reduce!r:.60}."
        )
    if not dtypes.floating(data.dtype):
        raise TypeError(f"segment_reduce: data must hold reals; got {data.dtype}. Use x.float().")
    if not data.ndim:
        raise ShapeError("segment_reduce: data must have at least 1 axis; got a 0-d tensor.")
    axis = axis_of("segment_reduce", data, axis)
    counts = _lengths(data, axis, lengths, indices, offsets, unsafe)
    shape = tuple(data.shape)
    batch, n, rest, segments = shape[:axis], shape[axis], shape[axis + 1 :], counts.shape[-1]
    ends = np.cumsum(counts, axis=-1)
    place = np.arange(n, like=counts)
    segment = np.add.reduce(np.less_equal(ends[..., None], place), axis=-2, dtype=np.int64)
    index = np.broadcast_to(np.reshape(segment, (*batch, n, *[1] * len(rest))), shape)
    first = _NEUTRAL[reduce] if initial is None else number_of("segment_reduce", "initial", initial)
    # one segment more for what is behind the last
    x = unwrap(data)
    start = np.full((*batch, segments + 1, *rest), first, x.dtype, like=x)
    rule = {"max": "amax", "min": "amin", "mean": "sum"}.get(reduce, reduce)
    merged: Any = scatter_reduce(wrap(start, None), axis, index, data, rule)  # type: ignore[arg-type]
    merged = narrow(merged, axis, 0, segments)
    if reduce != "mean":
        return merged
    count = np.reshape(counts, (*counts.shape, *[1] * len(rest)))
    least = 0 if initial is None else 1  # nothing, divided by nothing, is NaN
    with np.errstate(invalid="ignore"):
        return merged / cast(np.maximum(count, least), dtypes.as_dtype(data.dtype))


def _lengths(data: Any, axis: int, lengths: Any, indices: Any, offsets: Any, unsafe: bool) -> Any:
    if indices is not None:
        raise NotImplementedError(
            "segment_reduce: PyTorch has no indices here either. Use lengths."
        )
    if (lengths is None) == (offsets is None):
        raise ValueError("segment_reduce: pass either lengths or offsets.")
    given: Any = unwrap(lengths if offsets is None else offsets)
    check_tensors("segment_reduce", lengths=given)
    if not dtypes.integral(given.dtype):
        raise TypeError(f"segment_reduce: lengths must be integers; got {given.dtype}.")
    shape = tuple(data.shape)
    if given.shape[:-1] != shape[:axis] or not given.ndim:
        raise ShapeError(
            f"segment_reduce: lengths must have the {axis} axes of data before axis {axis}, and "
            f"one more; got {given.shape} for {shape}."
        )
    counts = given if offsets is None else given[..., 1:] - given[..., :-1]
    if not unsafe:
        total = np.add.reduce(counts, axis=-1)
        if anywhere(counts < 0) or anywhere(total != shape[axis]):
            raise ValueError(
                f"segment_reduce: lengths must not be negative, and sum to {shape[axis]}, the size "
                f"of axis {axis}; got {given!r:.60}."
            )
    return counts
