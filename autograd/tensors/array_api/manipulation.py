"""The standard's functions of shape, order and indices."""

from __future__ import annotations

from typing import Any

import autograd
from autograd import moveaxis, tile  # noqa: F401
from autograd.tensors.array_api.elementwise import one_dtype


def broadcast_arrays(*arrays: Any) -> Any:
    """The tensors, all in the shape that they broadcast to."""
    return list(autograd.broadcast_tensors(*arrays))


def broadcast_to(x: Any, /, shape: Any) -> Any:
    """``x`` in a shape that it broadcasts to."""
    return autograd.broadcast_to(x, tuple(shape))


def concat(arrays: Any, /, *, axis: Any = 0) -> Any:
    """The tensors behind each other along an axis; flattened first where it is None."""
    arrays = one_dtype(*arrays)
    if axis is None:
        return autograd.cat([x.reshape(-1) for x in arrays])
    return autograd.cat(list(arrays), axis)


def stack(arrays: Any, /, *, axis: int = 0) -> Any:
    """The tensors beside each other along a new axis."""
    return autograd.stack(list(one_dtype(*arrays)), axis)


def unstack(x: Any, /, *, axis: int = 0) -> Any:
    """The slices along an axis."""
    return tuple(x.unbind(axis))


def expand_dims(x: Any, /, *, axis: Any = 0) -> Any:
    """``x`` with new axes of length 1 at these places of the result."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    ndim = x.ndim + len(axes)
    if any([not -ndim <= a < ndim for a in axes]):
        raise IndexError(f"expand_dims: axis must be within {ndim} axes; got {axis}.")
    for place in sorted([a % ndim for a in axes]):
        x = x.unsqueeze(place)
    return x


def squeeze(x: Any, /, axis: Any) -> Any:
    """``x`` without these axes, all of length 1; raises ValueError for another length."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    if any([x.shape[a] != 1 for a in axes]):
        raise ValueError(f"squeeze: axes must have length 1; got {axis} of {tuple(x.shape)}.")
    return x.squeeze(axes)


def flip(x: Any, /, *, axis: Any = None) -> Any:
    """The elements in reverse along these axes, or all."""
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    return autograd.flip(x, tuple(axes))


def permute_dims(x: Any, /, axes: Any) -> Any:
    """The axes in another order."""
    return autograd.permute(x, tuple(axes))


def repeat(x: Any, repeats: Any, /, *, axis: Any = None) -> Any:
    """Each element as often as told, along an axis or flattened."""
    return autograd.repeat_interleave(x, repeats, axis)


def reshape(x: Any, /, shape: Any, *, copy: Any = None) -> Any:
    """The elements in another shape."""
    made = autograd.reshape(x, tuple(shape))
    return made.clone() if copy else made


def roll(x: Any, /, shift: Any, *, axis: Any = None) -> Any:
    """The elements moved on, and round, along these axes."""
    return autograd.roll(x, shift) if axis is None else autograd.roll(x, shift, axis)


def take(x: Any, indices: Any, /, *, axis: Any = None) -> Any:
    """The slices of these places along an axis."""
    return autograd.index_select(x, 0 if axis is None else axis, indices)


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    """The element that is named for each place along an axis."""
    return autograd.take_along_dim(x, indices, axis)


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """The values in order along an axis."""
    return autograd.sort(x, axis, descending, stable=stable).values


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """The places of the values in order along an axis."""
    return autograd.sort(x, axis, descending, stable=stable).indices


def nonzero(x: Any, /) -> Any:
    """The places of what is not zero, one tensor of indices an axis; TypeError for 0-d."""
    if x.ndim == 0:
        raise TypeError("nonzero: x must have an axis; got a 0-d tensor. Use x.reshape(1).")
    return tuple(autograd.nonzero(x, as_tuple=True))


def searchsorted(x1: Any, x2: Any, /, *, side: str = "left", sorter: Any = None) -> Any:
    """Where values would be put into sorted ones."""
    x1, x2 = one_dtype(x1, x2)
    return autograd.searchsorted(x1, x2, side=side, sorter=sorter)


def diff(x: Any, /, *, axis: int = -1, n: int = 1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours along an axis, ``n`` times."""
    return autograd.diff(x, n, axis, prepend, append)


STANDARD = (
    "argsort broadcast_arrays broadcast_to concat diff expand_dims flip moveaxis "
    "nonzero permute_dims repeat reshape roll searchsorted sort squeeze stack take "
    "take_along_axis tile unstack "
).split()
