"""NumPy's indexing of an Array: slices that run backwards, and NumPy's placement of axes.

A *basic* index (integers, slices, None, Ellipsis) looks at the memory, any other copies: the ops
are those of :mod:`autograd.ops.indexing.getitem`, only the index is NumPy's as it stands.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.batched import Batched
from autograd.arrays.dialect import asarray
from autograd.engine.graph import unwrap
from autograd.ops.indexing.getitem import GetItem, GetSlice, SetItem, SetSlice, check_value

_BASIC = (slice, type(None), type(Ellipsis))
_PLAIN = frozenset({int, *_BASIC})


def own_index(index: Any) -> tuple[Any, bool]:
    """``index`` without traced values, as a tuple, and whether it is a basic one.

    >>> own_index(3)
    ((3,), True)
    >>> own_index((slice(None), [0, 2]))
    ((slice(None, None, None), array([0, 2])), False)
    """
    items, basic = [], True
    for one in index if isinstance(index, tuple) else (index,):
        if type(one) not in _PLAIN:
            one = _item(one)
            basic = basic and (type(one) is int or isinstance(one, _BASIC))
        items.append(one)
    return tuple(items), basic


def _item(item: Any) -> Any:
    if type(item) is int or isinstance(item, (*_BASIC, bool, np.bool_)):
        return item
    if isinstance(item, (list, tuple, range)):
        array = np.asarray([unwrap(one) for one in item])
        return array if array.size else array.astype(np.int64)
    array = unwrap(item)
    if type(array) is Batched:
        return array  # an index of each sample
    if hasattr(array, "dtype"):
        array = asarray(array)  # of pandas, too
        return array if np.ndim(array) or not dtypes.integral(array.dtype) else int(array)
    return operator.index(array)


def taken(x: Any, index: Any) -> Any:
    """``x[index]`` by NumPy's rules: a view for a basic index, else a copy; a number where an
    integer for each axis picks one (x[3]), a view of it where dots stand beside them (x[3, ...]).

    Raises IndexError as NumPy does.
    """
    if type(index) in _PLAIN:  # as it nearly always is
        return GetSlice.apply(x, index=(index,))
    items, basic = own_index(index)
    if basic:
        return GetSlice.apply(x, index=items)
    return GetItem.apply(x, items[0] if len(items) == 1 else items)


def stored(x: Any, index: Any, value: Any, out: Any = None) -> Any:
    """What ``x[index] = value`` means, as a new value; or written into the array ``out``.

    Raises TypeError for complex values that a real x cannot hold, and as :func:`taken` does.
    """
    if isinstance(value, (list, tuple)):
        value = asarray(value)
    check_value("index", value, x)
    items, basic = own_index(index)
    if basic:
        return SetSlice.apply(x, value, index=items, out=out)
    return SetItem.apply(x, value, items[0] if len(items) == 1 else items, out=out)
