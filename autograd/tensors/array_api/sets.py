"""The standard's functions of distinct values."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

import autograd

_All = namedtuple("_All", "values indices inverse_indices counts")
_Counts = namedtuple("_Counts", "values counts")
_Inverse = namedtuple("_Inverse", "values inverse_indices")


def unique_all(x: Any, /) -> Any:
    """The distinct values, where each is first, which one each element is, how many there are."""
    _, first, inverse, counts = np.unique(
        x._data, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    places = autograd.from_numpy(first)
    which = autograd.from_numpy(inverse.reshape(x._data.shape))
    return _All(x.reshape(-1)[places], places, which, autograd.from_numpy(counts))


def unique_counts(x: Any, /) -> Any:
    """The distinct values, and how many there are of each."""
    found = unique_all(x)
    return _Counts(found.values, found.counts)


def unique_inverse(x: Any, /) -> Any:
    """The distinct values, and which one each element is."""
    found = unique_all(x)
    return _Inverse(found.values, found.inverse_indices)


def unique_values(x: Any, /) -> Any:
    """The distinct values."""
    return unique_all(x).values


STANDARD = ["unique_all", "unique_counts", "unique_inverse", "unique_values"]
