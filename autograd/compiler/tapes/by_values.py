"""Calls that give arrays whose shapes are a matter of values: a replay looks whether they came."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.arrays import dialect
from autograd.compiler.tapes.numbers import Number
from autograd.kernels import layout

# What gives arrays whose shapes are a matter of values
_BY_VALUES = {
    np.argwhere, np.bincount, np.compress, np.delete, np.extract, np.flatnonzero, np.histogram,
    np.histogram_bin_edges, np.intersect1d, np.nonzero, np.setdiff1d, np.setxor1d, np.trim_zeros,
    np.union1d, np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values,
}  # fmt: skip


def has_shape(array: Any, shape: tuple[int, ...]) -> bool:
    """Whether an array has the shape that it had when it was recorded: a look at values.

    >>> has_shape(np.ones((2, 3)), (2, 3))
    True
    """
    return np.shape(array) == shape


def shaped_by_values(function: Any, args: Any, options: dict[str, Any]) -> bool:
    """Whether the shape of what a call gives depends on values: by masks, counts, repetitions."""
    if function in _BY_VALUES or (function is np.where and len(args) == 1):
        return True
    if function in (operator.getitem, dialect.picked, layout.picked):
        return any([one.dtype == np.bool_ for one in _flat(args[1:]) if _is_array(one)])
    if function is np.repeat:
        return any([_is_array(one) for one in _flat((args[1:], options))])
    looked = [one for one in _flat((args, options)) if type(one) is Number and one.looked]
    return bool(looked) and getattr(operator, function.__name__, None) is not function


def _flat(value: Any) -> list[Any]:
    """What is in nested tuples, lists, dicts and slices."""
    if isinstance(value, (tuple, list)):
        return [inner for one in value for inner in _flat(one)]
    if type(value) is dict:
        return _flat([*value.values()])
    return _flat([value.start, value.stop, value.step]) if type(value) is slice else [value]


def _is_array(one: Any) -> bool:
    """Whether it is a recorder."""
    return hasattr(type(one), "__autograd_shown__")
