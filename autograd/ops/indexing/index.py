"""From the user's index to NumPy's: tensors and lists become arrays, axes go as in PyTorch.

Where integers stand beside arrays and slices, PyTorch takes the integers first; NumPy counts them
as arrays and may move the axes of ``x[0, :, [1, 2]]``. Such an index is taken in two steps.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import ALL
from autograd.arrays.errors import PlaceError
from autograd.engine.graph import unwrap
from autograd.engine.places import placed


def plain_index(index: Any, x: Any) -> tuple[Any, Any]:
    """``index`` of x as NumPy's (basic, advanced), to be taken in this order; either may be None.

    Tensors become arrays, lists and ranges too; 0-d integers become ints, 0-d masks bools. Basic
    indices end with an Ellipsis where they might name a single element: that keeps it a view.

    Raises IndexError for what cannot be an index, ValueError for a slice with a step below 1.

    >>> import numpy as np
    >>> x = np.ones((4, 4, 4))
    >>> plain_index(3, x)
    ((3, Ellipsis), None)
    >>> plain_index((0, slice(None), [1, 2]), x)
    ((0, slice(None, None, None), slice(None, None, None), Ellipsis),
     (slice(None, None, None), array([1, 2])))
    """
    if type(index) is int:
        return (index, Ellipsis), None
    items = []
    integers = arrays = others = dots = False
    for item in index if isinstance(index, tuple) else (index,):
        kind = type(item)
        if kind is int:
            integers = True
        elif kind is slice:
            others, item = True, _plain_slice(item)
        elif item is None:
            others = True
        elif item is Ellipsis:
            if dots:
                continue  # the first one stands for all axes left over, another for none
            others = dots = True
        else:
            item = _plain_item(item)
            if type(item) is int:
                integers = True
            else:
                arrays = True
        items.append(item)
    if arrays and dots and sum(map(_axes, items)) == x.ndim:
        # one that stands for no axis still keeps arrays apart in NumPy, though not in PyTorch
        items = [item for item in items if item is not Ellipsis]
    if not arrays:
        return (tuple(items) if others else (*items, Ellipsis)), None
    if integers and others:
        return _two_steps(items)
    return None, items[0] if len(items) == 1 else tuple(items)


def _two_steps(items: list[Any]) -> tuple[Any, Any]:
    """The basic index with arrays left out, and the advanced one on what that gives."""
    basic: list[Any] = []
    advanced: list[Any] = []
    for item in items:
        kind = type(item)
        if kind is int:
            basic.append(item)
        elif item is Ellipsis:
            basic.append(item)
            advanced.append(item)
        elif item is None or kind is slice:
            basic.append(item)
            advanced.append(ALL)
        else:
            basic.extend([ALL] * _axes(item))
            advanced.append(item)
    if not any(item is Ellipsis for item in basic):
        basic.append(Ellipsis)  # a view, also where only integers are left
    return tuple(basic), tuple(advanced)


def _plain_slice(item: slice) -> slice:
    """``item`` with plain bounds, checked to run forwards."""
    start, stop, step = item.start, item.stop, item.step
    if not (
        (start is None or type(start) is int)
        and (stop is None or type(stop) is int)
        and (step is None or type(step) is int)
    ):
        start, stop, step = map(_bound, (start, stop, step))
        item = slice(start, stop, step)
    if step is not None and step < 1:
        raise ValueError(
            f"index: the step of a slice must be greater than zero; got {step}. "
            "Use flip to reverse an axis."
        )
    return item


def _bound(value: Any) -> int | None:
    try:
        value = unwrap(value)
        return None if value is None else operator.index(value)
    except TypeError:
        raise TypeError(
            f"index: the bounds of a slice must be integers or None; got {value!r}."
        ) from None


def _plain_item(item: Any) -> Any:
    """One index that is neither int, slice, None nor Ellipsis: as an int, a bool or an array."""
    array = unwrap(item)
    dtype = getattr(array, "dtype", None)
    if dtype is dtypes.int64 and array.ndim:
        return array
    if dtype is None:
        if isinstance(item, bool):
            return item
        if not isinstance(item, (list, tuple, range)):
            if not hasattr(item, "__len__") or isinstance(item, (str, bytes, Mapping)):
                return _integer(item)
            item = list(item)  # any sequence is a list of positions
        array = _array_of(item)
    elif dtype is dtypes.uint8 and not isinstance(item, np.generic):
        warnings.warn(
            "index: tensors of dtype uint8 are taken as masks; write index.bool() for a mask, "
            "index.long() for positions.",
            stacklevel=4,
        )
        array = array != 0
    if dtypes.boolean(array.dtype):
        return array if array.ndim or _speaks(array) else bool(array)
    array = index_array("index", array)
    return array if array.ndim or _speaks(array) else int(array)


def _speaks(array: Any) -> bool:
    """Whether a 0-d ``array`` stands for more than one number: it then stays what it is."""
    return hasattr(type(array), "__autograd_kernel__")


def _integer(item: Any) -> int:
    try:
        return operator.index(item)
    except TypeError:
        raise IndexError(
            "index: an index must be an integer, a slice, None, Ellipsis, a tensor of integers or "
            f"a mask; got {item!r} of type {type(item).__name__}."
        ) from None


def _array_of(item: Any) -> Any:
    """A list, tuple or range, which may hold tensors, as an array."""
    try:
        array = np.asarray(_unwrapped(item))
    except ValueError:
        array = None
    if array is None or array.dtype == object:
        raise IndexError(
            f"index: a list must hold integers or bools of one shape; got {item!r}. "
            "Use a tuple to index several axes: x[tuple(index)]."
        )
    return array if array.size else array.astype(np.int64)


def _unwrapped(item: Any) -> Any:
    if isinstance(item, (list, tuple)):
        return [_unwrapped(one) for one in item]
    return unwrap(item)


def index_array(name: str, index: Any) -> Any:
    """``index`` (a tensor, array, list or int) as an int64 array, for the function ``name``.

    Raises IndexError where its dtype is not an integer one.

    >>> index_array("take", [0, 2])
    array([0, 2])
    """
    index = unwrap(index)
    if not hasattr(index, "dtype"):
        index = _array_of(index) if isinstance(index, (list, tuple, range)) else np.asarray(index)
    if not dtypes.integral(index.dtype):
        raise placed(
            IndexError(
                f"{name}: indices must be integers (or, in x[...], bools); got dtype "
                f"{index.dtype}. Convert them: index.long()."
            )
        )
    return index if index.dtype is dtypes.int64 else index.astype(np.int64)


# -- errors ---------------------------------------------------------------------------------------


def _axes(item: Any) -> int:
    """How many axes of x one index takes."""
    if item is None or item is Ellipsis or type(item) is bool:
        return 0
    return item.ndim if hasattr(item, "dtype") and dtypes.boolean(item.dtype) else 1


def out_of_range(name: str, error: IndexError) -> IndexError:
    """The complaint of :func:`index_fault` by the name of the function that was called."""
    return PlaceError(f"{name}: {str(error).removeprefix('index: ')}")


def index_fault(index: Any, shape: tuple[int, ...], error: Exception) -> IndexError:
    """NumPy's complaint about ``index``, with the fact and the remedy."""
    items = index if type(index) is tuple else (index,)
    used, axis = sum(map(_axes, items)), 0
    if used > len(shape):
        return IndexError(
            f"index: a tensor of shape {tuple(shape)} takes at most {len(shape)} indices; "
            f"got {used}. " + ("Leave some out." if shape else "Use item() to read a 0-d tensor.")
        )
    for item in items:
        taken = _axes(item)
        if item is Ellipsis:
            axis += len(shape) - used
        elif taken and hasattr(item, "dtype") and dtypes.boolean(item.dtype):
            if item.shape != tuple(shape[axis : axis + taken]):
                return IndexError(
                    f"index: a mask must have the shape of the axes that it selects from; got "
                    f"{item.shape} for axes {axis} to {axis + taken - 1} of {tuple(shape)}."
                )
        elif taken and type(item) is not slice:
            n = shape[axis]
            wrong = [i for i in np.reshape(item, -1).tolist() if not -n <= i < n]
            if wrong:
                return IndexError(
                    f"index {wrong[0]} is out of range for axis {axis} of size {n}. "
                    + (f"Indices go from {-n} to {n - 1}." if n else "The axis is empty.")
                )
        axis += taken
    shapes = [np.shape(item) for item in items if hasattr(item, "dtype") or type(item) is bool]
    if len(shapes) > 1:
        return IndexError(
            f"index: the indices of several axes must broadcast; got {', '.join(map(str, shapes))} "
            "(a mask counts as one index of as many entries as it has True)."
        )
    return IndexError(f"index: {error}.")
