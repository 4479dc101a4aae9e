"""NumPy's reductions: of lists, of complex numbers, from ``initial`` on, ``where`` a mask holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.dispatch import numpys, table
from autograd.engine.graph import TensorBase
from autograd.numpy.functions import array
from autograd.numpy.table import constant, plain
from autograd.tensors.array import Array

_AXES = frozenset({"axis", "keepdims"})


_MORE = ("where", "initial", "mean", "correction")  # what tensors do not have


def _reduction(function: Any, masked: Any) -> None:
    """Enters ``function`` with ``masked(known, a, *args, where, initial, **options)`` beside it."""
    known, of_one = numpys[function], table[function]
    extremum = function in (np.max, np.min)
    is_op = extremum or function in (np.sum, np.mean)  # which takes an Array as it is

    def way(a: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(a, TensorBase):
            a = array(a)
        if extremum and len(args) > 1 and args[1] is None:  # the place of out
            args = args[:1] + args[2:]
        if options and not options.keys().isdisjoint(_MORE):
            return masked(known, a, *args, **options)
        if extremum and dtypes.complex_valued(a.dtype):
            return _complex_extremum(function, a, *args, **options)
        if is_op and type(a) is Array and options.keys() <= _AXES:
            return of_one(a, *args, **options)
        return known(a, *args, **options)

    numpys[function] = way


def _complex_extremum(function: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Complex numbers in NumPy's order, by real parts first; those that attain it share."""
    best = np.equal(plain(a), function(plain(a), axis=axis, keepdims=True))
    share = best / np.sum(best, axis=axis, keepdims=True)
    return numpys[np.sum](a * share, axis=axis, keepdims=keepdims)


def _total(neutral: int, joined: Any) -> Any:
    def masked(
        known: Any, a: Any, *args: Any, where: Any = True, initial: Any = None, **options: Any
    ) -> Any:
        where = constant("reduction", where=where)
        found = known(a if where is True else np.where(where, a, neutral), *args, **options)
        return found if initial is None else joined(found, initial)

    return masked


def _extremum(joined: Any) -> Any:
    def masked(
        known: Any, a: Any, *args: Any, where: Any = True, initial: Any = None, **options: Any
    ) -> Any:
        if initial is None and where is not True:
            raise ValueError(
                "maximum and minimum: a mask where= needs initial=, the value where no element is; "
                "got none. Pass initial=-np.inf, or np.inf."
            )
        where = constant("reduction", where=where)
        found = known(a if where is True else np.where(where, a, initial), *args, **options)
        return found if initial is None else joined(found, initial)

    return masked


def count_of(mask: Any, a: Any, axis: Any, keepdims: bool, ddof: Any = 0) -> Any:
    """How many elements of a mask hold, less ``ddof``: NaN where none is left, as real as ``a``."""
    count = np.sum(mask, axis=axis, keepdims=keepdims) - ddof
    return np.where(count > 0, count, np.nan).astype(np.real(plain(a)).dtype)


def _mean(
    known: Any, a: Any, axis: Any = None, dtype: Any = None, out: None = None,
    keepdims: bool = False, *, where: Any,
) -> Any:  # fmt: skip
    a, where = array(a, dtype), np.broadcast_to(constant("mean", where=where), a.shape)
    total = np.sum(np.where(where, a, 0), axis=axis, keepdims=keepdims)
    return total / count_of(where, a, axis, keepdims)


def _variance(
    known: Any, a: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: Any = 0,
    keepdims: bool = False, *, where: Any = True, mean: Any = None, correction: Any = None,
) -> Any:  # fmt: skip
    a, where = array(a, dtype), np.broadcast_to(constant("var", where=where), a.shape)
    mean = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
    apart = np.where(where, a - mean, 0)
    squares = np.sum(np.real(apart * np.conjugate(apart)), axis=axis, keepdims=keepdims)
    ddof = ddof if correction is None else correction
    return squares / count_of(where, a, axis, keepdims, ddof)


def _deviation(known: Any, a: Any, *args: Any, **options: Any) -> Any:
    """The root of the variance; where that is 0, with a slope of 0."""
    variance = _variance(known, a, *args, **options)
    none = plain(variance) == 0
    if not np.any(none):
        return np.sqrt(variance)
    return np.where(none, 0, np.sqrt(np.where(none, 1, variance)))


_reduction(np.sum, _total(0, np.add))
_reduction(np.prod, _total(1, np.multiply))
_reduction(np.max, _extremum(np.maximum))
_reduction(np.min, _extremum(np.minimum))
_reduction(np.mean, _mean)
_reduction(np.var, _variance)
_reduction(np.std, _deviation)
numpys[np.amax], numpys[np.amin] = numpys[np.max], numpys[np.min]
