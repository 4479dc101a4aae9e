"""Selecting and writing along an axis or through a mask: gather, scatter, index_*, take, masked_*.

All but the masks' own op are one index for the ops of :mod:`autograd.ops.indexing`. To gather along
an axis is to index it with the given array, and every other axis with a range::

    gather(x, 1, i)[a, b, c] = x[a, i[a, b, c], c]
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import check_numeric, check_tensors
from autograd.dispatch import implements
from autograd.elementwise import Elementwise, cast
from autograd.function import Function
from autograd.graph import unwrap
from autograd.ops.indexing import (
    AddItem,
    GetItem,
    GetSlice,
    ReduceItem,
    SetItem,
    getitem,
    same_dtype,
    setitem,
)
from autograd.ops.indices import index_array
from autograd.ops.reduction import axis_of

if TYPE_CHECKING:
    from autograd.annotations import Number, Tensor, TensorLike


def along(index: Any, axis: int) -> Any:
    """The advanced index that takes ``index`` along ``axis`` and stays in place along the others.

    >>> import numpy as np
    >>> np.array([[1, 2], [3, 4]])[along(np.array([[1], [0]]), 1)]
    array([[2],
           [3]])
    """
    if index.ndim == 1:
        return index
    places: list[Any] = []
    for i, n in enumerate(index.shape):
        spread = [1] * index.ndim
        spread[i] = n
        places.append(index if i == axis else np.reshape(np.arange(n, like=index), spread))
    return tuple(places)


def _place(name: str, input: Any, dim: int, index: Any) -> tuple[Any, Any]:
    """(index array, advanced index) of gather and scatter, checked; 0-d counts as 1-d."""
    axis = axis_of(name, input, dim)
    array = index_array(name, index)
    if not array.ndim:
        array = np.reshape(array, 1)
    shape = tuple(input.shape) or (1,)
    if array.ndim != len(shape) or any(
        m > n for i, (m, n) in enumerate(zip(array.shape, shape, strict=False)) if i != axis
    ):
        raise ValueError(
            f"{name}: index must have as many axes as input, none longer except dim; got index of "
            f"shape {tuple(array.shape)} for input of shape {shape} and dim {dim}."
        )
    return array, along(array, axis)


def _shaped(input: Any, shape: tuple[int, ...]) -> Any:
    """``input`` with an axis of length 1 put in or taken out, so that it has ``shape``."""
    if tuple(input.shape) == shape:
        return input
    return GetSlice.apply(input, index=(None,) if shape else (0, Ellipsis))


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """The elements of input at ``index`` along ``dim``: out[i, j] = input[i, index[i, j]] (dim=1).

    index has as many axes as input, and is nowhere longer except along ``dim``; the result has its
    shape. Negative indices count from the end.

    Raises ValueError for an index of another shape, IndexError for one out of range.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.gather(x, 1, autograd.tensor([[1], [0]]))
    tensor([[2.],
            [3.]])
    """
    array, place = _place("gather", input, dim, index)
    out = GetItem.apply(_shaped(input, tuple(input.shape) or (1,)), place)
    return out if np.ndim(unwrap(index)) else _shaped(out, ())


def _scattered(
    name: str, op: Any, input: Any, dim: int, index: Any, src: Any, **kwargs: Any
) -> Any:
    """``op`` (of input, values, index) where ``src`` has a value for each entry of ``index``."""
    array, place = _place(name, input, dim, index)
    if not isinstance(src, (int, float, complex)):
        check_tensors(name, src=src)
    if np.ndim(unwrap(src)):
        if src.ndim != array.ndim or any(m > n for m, n in zip(array.shape, src.shape)):
            raise ValueError(
                f"{name}: src must have a value for each entry of index; got src of shape "
                f"{tuple(src.shape)} for index of shape {tuple(array.shape)}."
            )
        same_dtype(name, input, src)
        if tuple(src.shape) != array.shape:
            src = GetSlice.apply(src, index=tuple(slice(n) for n in array.shape))
    out = op(_shaped(input, tuple(input.shape) or (1,)), src, place, **kwargs)
    return _shaped(out, tuple(input.shape))


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
    neutral = {"sum": 0, "mean": 0, "prod": 1, "amax": -math.inf, "amin": math.inf}
    if reduce not in neutral:
        raise ValueError(
            f"scatter_reduce: reduce must be one of {', '.join(neutral)}; got {reduce!r}."
        )
    start = input
    if not include_self:
        start = _scattered("scatter_reduce", SetItem.apply, input, dim, index, neutral[reduce])
    if reduce not in ("sum", "mean"):
        op = ReduceItem.apply
        return _scattered("scatter_reduce", op, start, dim, index, src, reduce=reduce)
    total = _scattered("scatter_reduce", AddItem.apply, start, dim, index, src)
    if reduce == "sum":
        return total
    ones = np.ones(tuple(input.shape), input.dtype)
    if not include_self:
        ones = _scattered("scatter_reduce", SetItem.apply, ones, dim, index, 0)
    return total / np.maximum(_scattered("scatter_reduce", AddItem.apply, ones, dim, index, 1), 1)


# -- whole slices along an axis -------------------------------------------------------------------


def _slices(name: str, input: Any, dim: int, index: Any) -> tuple[Any, Any]:
    """(input, advanced index) for a 1-d ``index`` along ``dim``; what is 0-d gets an axis."""
    axis = axis_of(name, input, dim)
    array = index_array(name, index)
    if array.ndim > 1:
        raise ValueError(
            f"{name}: index must be one-dimensional; got shape {tuple(array.shape)}. "
            "Use x[index] for more axes."
        )
    array = array if array.ndim else np.reshape(array, 1)
    place = (*[slice(None)] * axis, array) if axis else array
    return _shaped(input, tuple(input.shape) or (1,)), place


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of input along ``dim`` that the 1-d ``index`` names, in its order.

    Raises ValueError for an index of more axes, IndexError for one out of range.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.index_select(x, 1, autograd.tensor([1, 1]))
    tensor([[2., 2.],
            [4., 4.]])
    """
    shaped, place = _slices("index_select", input, dim, index)
    out = GetItem.apply(shaped, place)
    return out if input.ndim else _shaped(out, ())


def _into_slices(name: str, op: Any, input: Any, dim: int, index: Any, source: Any) -> Any:
    """``op`` (of input, values, index) where ``source`` has a slice for each entry of ``index``."""
    shaped, place = _slices(name, input, dim, index)
    axis, count = axis_of(name, input, dim), np.size(unwrap(index))
    expected = (*shaped.shape[:axis], count, *shaped.shape[axis + 1 :])
    check_tensors(name, source=source)
    if (tuple(source.shape) or (1,)) != expected:
        raise ValueError(
            f"{name}: source must have a slice for each index, shape {expected}; got "
            f"{tuple(source.shape)}."
        )
    same_dtype(name, input, source)
    return _shaped(op(shaped, source, place), tuple(input.shape))


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
    _single("index_fill", value)
    shaped, place = _slices("index_fill", input, dim, index)
    return _shaped(SetItem.apply(shaped, value, place), tuple(input.shape))


def _single(name: str, value: Any) -> None:
    if np.ndim(unwrap(value)):
        raise ValueError(f"{name}: value must be one number; got shape {tuple(value.shape)}.")


def _row(x: Any) -> Any:
    return np.reshape(x, (-1,))


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of input, read as one row, at ``index``; the result has index's shape.

    Raises IndexError for an index out of range.

    >>> import autograd
    >>> autograd.take(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), autograd.tensor([0, 3]))
    tensor([1., 4.])
    """
    check_tensors("take", input=input)
    return getitem(_row(input), index_array("take", index))


def _spread(x: Any, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(x, shape)


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """As :func:`gather`, but the other axes broadcast; without ``dim``, of input as one row.

    >>> import autograd
    >>> x = autograd.tensor([[3.0, 1.0], [2.0, 4.0]])
    >>> autograd.take_along_dim(x, autograd.argsort(x, dim=1), dim=1)
    tensor([[1., 3.],
            [2., 4.]])
    """
    check_tensors("take_along_dim", input=input)
    array = index_array("take_along_dim", indices)
    if dim is None:
        return getitem(_row(input), np.reshape(array, -1))
    axis = axis_of("take_along_dim", input, dim)
    if array.ndim != input.ndim:
        raise ValueError(
            f"take_along_dim: indices must have as many axes as input; got {tuple(array.shape)} "
            f"for {tuple(input.shape)}."
        )
    if not array.ndim:
        return gather(input, 0, array)
    try:
        one = np.broadcast_shapes(
            *[(*s[:axis], 1, *s[axis + 1 :]) for s in (tuple(input.shape), tuple(array.shape))]
        )
    except ValueError:
        raise ValueError(
            f"take_along_dim: input and indices must broadcast except along dim {dim}; got "
            f"{tuple(input.shape)} and {tuple(array.shape)}."
        ) from None
    wide = (*one[:axis], input.shape[axis], *one[axis + 1 :])
    long = (*one[:axis], array.shape[axis], *one[axis + 1 :])
    if tuple(input.shape) != wide:
        input = _spread(input, wide)
    return GetItem.apply(input, along(np.broadcast_to(array, long), axis))


# -- through a mask -------------------------------------------------------------------------------


class MaskedFill(Function):
    """value where mask, else x; x and mask broadcast. 67 µs for 4×6×64×64; np.where takes 115."""

    fit = Elementwise.fit

    def forward(self, x, mask, value):
        self.dtype: Any = getattr(value, "dtype", None)
        shape = x.shape
        if mask.shape != shape[x.ndim - mask.ndim :]:
            shape = np.broadcast_shapes(shape, mask.shape)
        out = np.copy(x if shape == x.shape else np.broadcast_to(x, shape), order="C")
        np.copyto(out, value, where=mask, casting="unsafe")
        return out

    def grad_x(self, g, mask):
        return MaskedFill.apply(g, mask, 0)

    def grad_value(self, g, mask):
        return cast(
            np.add.reduce(MaskedFill.apply(g, np.logical_not(mask), 0), axis=None), self.dtype
        )


def _mask(name: str, mask: Any) -> Any:
    mask = unwrap(mask)
    mask = mask if hasattr(mask, "dtype") else np.asarray(mask)
    if mask.dtype.kind != "b":
        raise TypeError(f"{name}: mask must have dtype bool; got {mask.dtype}. Use mask.bool().")
    return mask


def _broadcast(name: str, input: Any, mask: Any) -> tuple[int, ...]:
    check_tensors(name, input=input)
    try:
        return np.broadcast_shapes(tuple(input.shape), mask.shape)
    except ValueError:
        raise ValueError(
            f"{name}: mask must broadcast with input; got mask of shape {mask.shape} for input of "
            f"shape {tuple(input.shape)}."
        ) from None


def masked_fill(input: Tensor, mask: Tensor, value: TensorLike) -> Tensor:
    """value where ``mask`` is True, input elsewhere; of input's dtype.

    Raises TypeError for a mask that is not bool, ValueError where the shapes do not broadcast or
    value is not a single number.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.masked_fill(x, autograd.tensor([True, False]), -1.0)
    tensor([-1., 2.])
    """
    array = _mask("masked_fill", mask)
    _single("masked_fill", value)
    try:
        if type(value) is not float and _loses("masked_fill", input, value):
            raise TypeError(
                f"masked_fill: value must fit the dtype of input, {input.dtype}; got "
                f"{value!r:.60}. Convert one of them."
            )
        return MaskedFill.apply(input, array, value)
    except (ValueError, AttributeError):
        check_tensors("masked_fill", input=input)
        _broadcast("masked_fill", input, array)
        raise


def _loses(call: str, input: Any, value: Any) -> bool:
    """Whether ``value`` is complex and ``input`` is not; raises TypeError where it is no number."""
    check_numeric(call, value=value)
    return np.result_type(unwrap(value)).kind == "c" != input.dtype.kind


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where ``mask`` is True, as one row; input and mask broadcast.

    Raises as :func:`masked_fill` does.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0])
    >>> autograd.masked_select(x, x > 1)
    tensor([2., 3.])
    """
    array = _mask("masked_select", mask)
    shape = _broadcast("masked_select", input, array)
    if tuple(input.shape) != shape:
        input = _spread(input, shape)
    return getitem(input, np.broadcast_to(array, shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """input with the elements where ``mask`` is True replaced by those of source, in order.

    Raises ValueError where source has fewer elements than mask has True, and as
    :func:`masked_fill` does.

    >>> import autograd
    >>> mask = autograd.tensor([True, False, True])
    >>> autograd.masked_scatter(autograd.zeros(3), mask, autograd.tensor([1.0, 2.0]))
    tensor([1., 0., 2.])
    """
    array = _mask("masked_scatter", mask)
    shape = _broadcast("masked_scatter", input, array)
    check_tensors("masked_scatter", source=source)
    same_dtype("masked_scatter", input, source)
    array = np.broadcast_to(array, shape)
    needed, given = int(np.count_nonzero(array)), math.prod(source.shape)
    if given < needed:
        raise ValueError(
            f"masked_scatter: source must have an element for each True; got {given} for {needed}."
        )
    if tuple(input.shape) != shape:
        input = _spread(input, shape)
    return setitem(input, array, GetSlice.apply(_row(source), index=slice(needed)))


# -- NumPy's spellings ----------------------------------------------------------------------------


@implements(np.take)
def _np_take(a, indices, axis=None, out=None, mode="raise"):
    if axis is None:
        a, axis = _row(a), 0
    axis = axis_of("take", a, axis)
    array = index_array("take", indices)
    if mode != "raise":
        n = a.shape[axis]
        array = np.mod(array, n) if mode == "wrap" else np.clip(array, 0, n - 1)
    return getitem(a, (*[slice(None)] * axis, array, Ellipsis))


@implements(np.take_along_axis)
def _np_take_along_axis(arr, indices, axis=-1):
    return take_along_dim(arr, indices, axis)


@implements(np.compress)
def _np_compress(condition, a, axis=None, out=None):
    if axis is None:
        a, axis = _row(a), 0
    chosen: Any = np.flatnonzero(unwrap(condition))
    return index_select(a, axis, chosen)
