"""Python's own ``isinstance``, ``tuple``, ``list``, ``dict`` under HIPS autograd's names."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from autograd.tensors.array import Array

__all__ = ["isinstance", "type"]  # the others are Python's own

dict, list, tuple = builtins.dict, builtins.list, builtins.tuple
DictBox, ListBox, TupleBox = dict, list, tuple


class SequenceBox(builtins.tuple[Any, ...]):
    """Several traced values that begin at one node: what ``tracer.new_box`` makes of a tuple."""

    _trace = 0


def isinstance(value: Any, kinds: Any) -> bool:
    """Python's, but that a traced array is an ``np.ndarray``.

    >>> isinstance(2.0, float)
    True
    """
    if builtins.isinstance(value, kinds):
        return True
    wanted = kinds if builtins.isinstance(kinds, tuple) else (kinds,)
    return builtins.isinstance(value, Array) and np.ndarray in wanted


def type(value: Any) -> Any:
    """Python's, but that of a traced value it is the plain value's.

    >>> type(2.0)
    <class 'float'>
    """
    return builtins.type(value._data if builtins.isinstance(value, Array) else value)
