"""Selecting along an axis: gather, index_select, take; what writes back is in scatter.py.

Each is one index for the ops of :mod:`autograd.ops.indexing.getitem`. To gather along an axis is to
index it with the given array, and every other axis with a range::

    gather(x, 1, i)[a, b, c] = x[a, i[a, b, c], c]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import ALL, axis_of, check_tensors
from autograd.engine.dispatch import implements
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.getitem import GetItem, GetSlice, getitem
from autograd.ops.indexing.index import index_array, out_of_range
from autograd.ops.shape.reshape import contiguous

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["gather", "index_select", "take", "take_along_dim"]


def along(index: Any, axis: int, shape: tuple[int, ...] = ()) -> Any:
    """The advanced index that takes ``index`` along ``axis`` and stays in place along the others.

    Of an array of ``shape`` it names whole slices where ``index`` is expanded to all of them.

    >>> import numpy as np
    >>> np.array([[1, 2], [3, 4]])[along(np.array([[1], [0]]), 1)]
    array([[2],
           [3]])
    """
    if index.ndim == 1:
        return index
    others = [i for i in range(index.ndim) if i != axis]
    steps = getattr(index, "strides", None)
    if steps and index.size and all([shape[i : i + 1] == index.shape[i : i + 1] for i in others]):
        if not any([steps[i] and shape[i] != 1 for i in others]):
            named = index[tuple([ALL if i == axis else 0 for i in range(index.ndim)])]
            return (*[ALL] * axis, named)
    places: list[Any] = []
    for i, n in enumerate(index.shape):
        spread = [1] * index.ndim
        spread[i] = n
        places.append(index if i == axis else np.reshape(np.arange(n, like=index), spread))
    return tuple(places)


def place_of(name: str, input: Any, dim: int, index: Any) -> tuple[Any, Any]:
    """(index array, advanced index) of gather and scatter, checked; 0-d counts as 1-d.

    An index that names nothing may have any shape; there is no advanced index then.
    """
    axis = axis_of(name, input, dim)
    array = index_array(name, index)
    if not array.ndim:
        array = np.reshape(array, 1)
    shape = tuple(input.shape) or (1,)
    if array.ndim != len(shape) or any(
        m > n for i, (m, n) in enumerate(zip(array.shape, shape, strict=False)) if i != axis
    ):
        if not array.size:
            return array, None
        raise ShapeError(
            f"{name}: index must have as many axes as input, none longer except dim; got index of "
            f"shape {tuple(array.shape)} for input of shape {shape} and dim {dim}. "
            + (f"index.unsqueeze({axis}) fits." if array.ndim == len(shape) - 1 else "Reshape it.")
        )
    return array, along(array, axis, shape)


def with_shape(input: Any, shape: tuple[int, ...]) -> Any:
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
    array, place = place_of("gather", input, dim, index)
    if place is None:
        return GetItem.apply(in_a_row(input), array)
    try:
        out = GetItem.apply(with_shape(input, tuple(input.shape) or (1,)), place)
    except IndexError as error:
        raise out_of_range("gather", error) from None
    return out if np.ndim(unwrap(index)) else with_shape(out, ())


# -- whole slices along an axis -------------------------------------------------------------------


def slices_of(name: str, input: Any, dim: int, index: Any) -> tuple[Any, Any]:
    """(input, advanced index) for a 1-d ``index`` along ``dim``; what is 0-d gets an axis."""
    axis = axis_of(name, input, dim)
    array = index_array(name, index)
    if array.ndim > 1:
        raise ShapeError(
            f"{name}: index must be one-dimensional; got shape {tuple(array.shape)}. "
            "Use x[index] for more axes."
        )
    array = array if array.ndim else np.reshape(array, 1)
    place = (*[slice(None)] * axis, array) if axis else array
    return with_shape(input, tuple(input.shape) or (1,)), place


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of input along ``dim`` that the 1-d ``index`` names, in its order.

    Raises ValueError for an index of more axes, IndexError for one out of range.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.index_select(x, 1, autograd.tensor([1, 1]))
    tensor([[2., 2.],
            [4., 4.]])
    """
    shaped, place = slices_of("index_select", input, dim, index)
    try:
        out = contiguous(GetItem.apply(shaped, place))
    except IndexError as error:
        raise out_of_range("index_select", error) from None
    return out if input.ndim else with_shape(out, ())


def check_single(name: str, value: Any) -> None:
    if np.ndim(unwrap(value)):
        raise ShapeError(f"{name}: value must be one number; got shape {np.shape(unwrap(value))}.")


def in_a_row(x: Any) -> Any:
    return np.reshape(x, (-1,))


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of input, read as one row, at ``index``; the result has index's shape.

    Raises IndexError for an index out of range.

    >>> import autograd
    >>> autograd.take(autograd.tensor([[1.0, 2.0], [3.0, 4.0]]), autograd.tensor([0, 3]))
    tensor([1., 4.])
    """
    check_tensors("take", input=input)
    place = index_array("take", index)
    try:
        if not place.ndim:  # getitem would take it for a number, and give a view
            return np.reshape(getitem(in_a_row(input), np.reshape(place, (1,))), ())  # type: ignore
        return getitem(in_a_row(input), place)
    except IndexError as error:
        raise out_of_range("take", error) from None


def spread_to(x: Any, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(x, shape)


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """As :func:`gather`, but the other axes broadcast; without ``dim``, of input as one row.

    Raises ValueError where the other axes do not broadcast, IndexError for an index out of range.

    >>> import autograd
    >>> x = autograd.tensor([[3.0, 1.0], [2.0, 4.0]])
    >>> autograd.take_along_dim(x, autograd.argsort(x, dim=1), dim=1)
    tensor([[1., 3.],
            [2., 4.]])
    """
    check_tensors("take_along_dim", input=input)
    array = index_array("take_along_dim", indices)
    if dim is None:
        input, array, dim = in_a_row(input), np.reshape(array, -1), 0
    axis = axis_of("take_along_dim", input, dim)
    if array.ndim != input.ndim:
        raise ShapeError(
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
        raise ShapeError(
            f"take_along_dim: input and indices must broadcast except along dim {dim}; got "
            f"{tuple(input.shape)} and {tuple(array.shape)}."
        ) from None
    wide = (*one[:axis], input.shape[axis], *one[axis + 1 :])
    long = (*one[:axis], array.shape[axis], *one[axis + 1 :])
    if tuple(input.shape) != wide:
        input = spread_to(input, wide)
    try:
        return GetItem.apply(input, along(np.broadcast_to(array, long), axis, wide))
    except IndexError as error:
        raise out_of_range("take_along_dim", error) from None


# -- NumPy's spellings ----------------------------------------------------------------------------


@implements(np.take)
def _np_take(a, indices, axis=None, out=None, mode="raise"):
    if axis is None:
        a, axis = in_a_row(a), 0
    axis = axis_of("take", a, axis)
    array = index_array("take", indices)
    if mode != "raise":
        n = a.shape[axis]
        array = np.remainder(array, n) if mode == "wrap" else np.clip(array, 0, n - 1)
    return getitem(a, (*[slice(None)] * axis, array, Ellipsis))


@implements(np.take_along_axis)
def _np_take_along_axis(arr, indices, axis=-1):
    return take_along_dim(arr, indices, axis)


@implements(np.compress)
def _np_compress(condition, a, axis=None, out=None):
    if axis is None:
        a, axis = in_a_row(a), 0
    chosen: Any = np.flatnonzero(unwrap(condition))
    return index_select(a, axis, chosen)
