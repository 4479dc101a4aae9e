"""Values written or added at places along one axis."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_ordered, check_tensors
from autograd.engine.elementwise import cast
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.gather import check_single, place_of, slices_of, with_shape
from autograd.ops.indexing.getitem import (
    AddItem,
    GetSlice,
    ReduceItem,
    SetItem,
    check_value,
    same_dtype,
)
from autograd.ops.indexing.index import out_of_range
from autograd.ops.pointwise.arithmetic import floor_divide
from autograd.ops.shape.reshape import Clone, contiguous

if TYPE_CHECKING:
    from autograd.tensors.annotations import Number, TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "index_add", "index_copy", "index_fill", "index_reduce", "scatter", "scatter_add",
    "scatter_reduce",
]  # fmt: skip


def _scattered(
    name: str, op: Any, input: Any, dim: int, index: Any, src: Any, **kwargs: Any
) -> Any:
    """``op`` (of input, values, index) where ``src`` has a value for each entry of ``index``."""
    array, place = place_of(name, input, dim, index)
    if place is None:
        return Clone.apply(input, "C")
    if not isinstance(src, (int, float, complex)):
        check_tensors(name, src=src)
    check_value(name, src, input)
    if np.ndim(unwrap(src)):
        if src.ndim != array.ndim or any(m > n for m, n in zip(array.shape, src.shape)):
            raise ShapeError(
                f"{name}: src must have a value for each entry of index; got src of shape "
                f"{tuple(src.shape)} for index of shape {tuple(array.shape)}."
            )
        same_dtype(name, input, src)
        if tuple(src.shape) != array.shape:
            src = GetSlice.apply(src, index=tuple(slice(n) for n in array.shape))
    try:
        start = contiguous(with_shape(input, tuple(input.shape) or (1,)))
        out = op(start, src, place, **kwargs)
    except IndexError as error:
        raise out_of_range(name, error) from None
    return with_shape(out, tuple(input.shape))


def scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: TensorLike | None = None,
    *,
    value: TensorLike | None = None,
    reduce: str | None = None,
) -> Tensor:
    """input with ``src`` (or one ``value``) written at ``index`` along ``dim``: gather's converse.

    out[i, index[i, j]] = src[i, j] for dim=1. Where an element is named twice, the last is written.

    Raises ValueError or TypeError where the shapes or dtypes do not fit, IndexError for an index
    out of range.

    >>> import autograd
    >>> autograd.scatter(autograd.zeros(2, 3), 1, autograd.tensor([[2], [0]]), 1.0)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    if (src is None) == (value is None):
        raise TypeError("scatter: expected either src or value.")
    source: Any = value if src is None else src
    if reduce is None:
        return _scattered("scatter", SetItem.apply, input, dim, index, source)
    names = {"add": "sum", "multiply": "prod"}
    return scatter_reduce(input, dim, index, source, names.get(reduce, reduce))


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """input with ``src`` added at ``index`` along ``dim``: the adjoint of gather.

    out[i, index[i, j]] += src[i, j] for dim=1, as often as the index names an element.

    Raises as :func:`scatter` does.

    >>> import autograd
    >>> i = autograd.tensor([0, 0, 2])
    >>> autograd.scatter_add(autograd.zeros(3), 0, i, autograd.tensor([1.0, 2.0, 3.0]))
    tensor([3., 0., 3.])
    """
    return _scattered("scatter_add", AddItem.apply, input, dim, index, src)


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """input with ``src`` merged in at ``index`` along ``dim``, by sum, prod, mean, amax or amin.

    Without ``include_self`` input's own elements do not count where the index names them.

    Raises ValueError for another ``reduce``, and as :func:`scatter` does.

    >>> import autograd
    >>> i = autograd.tensor([0, 0, 1])
    >>> autograd.scatter_reduce(autograd.ones(2), 0, i, autograd.tensor([3.0, 5.0, 7.0]), "amax")
    tensor([5., 7.])
    """
    _check_reduce("scatter_reduce", reduce, ("sum", "mean", "prod", "amax", "amin"))
    place = partial(_scattered, "scatter_reduce")
    return _merged("scatter_reduce", place, input, dim, index, src, reduce, include_self)


def _check_reduce(call: str, reduce: Any, names: tuple[str, ...]) -> None:
    if not isinstance(reduce, str) or reduce not in names:
        raise ValueError(f"{call}: reduce must be one of {', '.join(names)}; got {reduce!r}.")


def _merged(
    call: str, place: Any, input: Any, dim: Any, index: Any, src: Any, reduce: str, whole: bool
) -> Any:
    """``src`` merged in by ``place`` (of an op, input, dim, index, values).

    Unless the ``whole`` of input counts, what the index names of it does not.
    """
    check_tensors(call, input=input)
    if reduce in ("amax", "amin"):
        check_ordered(call, input)
    kind = input.dtype
    if dtypes.narrow(kind) and kind == getattr(src, "dtype", None):  # whose sums overflow
        wide, values = cast(input, dtypes.float32), cast(src, dtypes.float32)
        merged = _merged(call, place, wide, dim, index, values, reduce, whole)
        return cast(merged, dtypes.as_dtype(kind))
    start, real = input, dtypes.differentiable(kind)
    if not whole:
        least, most = (-math.inf, math.inf) if real else _limits(kind)
        neutral = {"sum": 0, "mean": 0, "prod": 1, "amax": least, "amin": most}
        start = place(SetItem.apply, input, dim, index, neutral[reduce])
    if reduce not in ("sum", "mean"):
        return place(ReduceItem.apply, start, dim, index, src, reduce=reduce)
    total = place(AddItem.apply, start, dim, index, src)
    if reduce == "sum":
        return total
    ones = np.ones_like(unwrap(input))
    if not whole:
        ones = place(SetItem.apply, ones, dim, index, 0)
    count = np.maximum(place(AddItem.apply, ones, dim, index, 1), 1)
    return total / count if real else floor_divide(total, count)  # integers stay integers


def _limits(dtype: Any) -> tuple[int, int]:
    """The least and the greatest number that a dtype of integers holds."""
    if dtypes.boolean(dtype):
        return 0, 1
    limits = dtypes.iinfo(dtype)
    return limits.min, limits.max


def _into_slices(
    name: str, op: Any, input: Any, dim: int, index: Any, source: Any, **kwargs: Any
) -> Any:
    """``op`` (of input, values, index) where ``source`` has a slice for each entry of ``index``.

    One number stands for all slices.
    """
    shaped, place = slices_of(name, input, dim, index)
    axis, count = axis_of(name, input, dim), np.size(unwrap(index))
    expected = (*shaped.shape[:axis], count, *shaped.shape[axis + 1 :])
    if not isinstance(source, (int, float)):
        check_tensors(name, source=source)
        if (tuple(source.shape) or (1,)) != expected:
            raise ShapeError(
                f"{name}: source must have a slice for each index, shape {expected}; got "
                f"{tuple(source.shape)}."
            )
        same_dtype(name, input, source)
    try:
        out = op(contiguous(shaped), source, place, **kwargs)
    except IndexError as error:
        raise out_of_range(name, error) from None
    return with_shape(out, tuple(input.shape))


def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Number = 1
) -> Tensor:
    """input with alpha · source added to the slices along ``dim`` that ``index`` names.

    Raises ValueError or TypeError where shapes or dtypes do not fit, IndexError out of range.

    >>> import autograd
    >>> autograd.index_add(autograd.zeros(3), 0, autograd.tensor([2, 2]), autograd.ones(2))
    tensor([0., 0., 2.])
    """
    source = source if alpha == 1 else source * alpha
    return _into_slices("index_add", AddItem.apply, input, dim, index, source)


def index_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
) -> Tensor:
    """input with source merged into the slices along ``dim`` that ``index`` names.

    By prod, mean, amax or amin; without ``include_self`` the slices' own elements do not count.

    Raises ValueError for another ``reduce``, and as :func:`index_add` does.

    >>> import autograd
    >>> i, source = autograd.tensor([0, 0, 1]), autograd.tensor([3.0, 5.0, 7.0])
    >>> autograd.index_reduce(autograd.ones(2), 0, i, source, "amax")
    tensor([5., 7.])
    """
    check_tensors("index_reduce", input=input, index=index, source=source)
    _check_reduce("index_reduce", reduce, ("prod", "mean", "amax", "amin"))
    place = partial(_into_slices, "index_reduce")
    return _merged("index_reduce", place, input, dim, index, source, reduce, include_self)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """input with the slices along ``dim`` that ``index`` names replaced by those of source.

    Raises as :func:`index_add` does.

    >>> import autograd
    >>> autograd.index_copy(autograd.zeros(3), 0, autograd.tensor([2]), autograd.ones(1))
    tensor([0., 0., 1.])
    """
    return _into_slices("index_copy", SetItem.apply, input, dim, index, source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: TensorLike) -> Tensor:
    """input with the slices along ``dim`` that ``index`` names filled with one value.

    Raises ValueError where value is not a single number, IndexError out of range.

    >>> import autograd
    >>> autograd.index_fill(autograd.zeros(3), 0, autograd.tensor([0, 2]), 7.0)
    tensor([7., 0., 7.])
    """
    check_single("index_fill", value)
    check_value("index_fill", value, input)
    shaped, place = slices_of("index_fill", input, dim, index)
    try:
        out = SetItem.apply(shaped, value, place)
    except IndexError as error:
        raise out_of_range("index_fill", error) from None
    return with_shape(out, tuple(input.shape))
