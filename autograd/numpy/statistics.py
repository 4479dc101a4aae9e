"""Order statistics, what leaves NaN out, and counts: of traced values, written in NumPy.

Here and in the modules beside, NumPy's functions on traced values are those of the table.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import anywhere, asarray
from autograd.engine.dispatch import numpys
from autograd.engine.graph import TensorBase, wrap
from autograd.numpy.functions import array
from autograd.numpy.table import alike, constant, entered, plain
from autograd.ops.indexing.getitem import AddItem
from autograd.tensors.array import as_tensor

# -- order statistics -----------------------------------------------------------------------------


def _quantile(
    call: str, a: Any, q: Any, axis: Any, method: Any, keepdims: bool, without_nan: bool,
    weights: Any = None,
) -> Any:  # fmt: skip
    """A mean of two neighbours in order. NumPy itself says which: by the quantile of their places.

    Shapes: q (*q), a (*a) -> (*q, *what is left of a).
    """
    a, q = array(a), np.asarray(constant(call, q=q))
    if weights is not None:
        raise NotImplementedError(
            f"{call}: weights must be left out for traced values; got some. Repeat elements, or "
            "take those that np.argsort and np.cumsum of the weights choose."
        )
    axes = np.lib.array_utils.normalize_axis_tuple(range(a.ndim) if axis is None else axis, a.ndim)
    rest = [n for i, n in enumerate(a.shape) if i not in axes]
    sizes = math.prod(rest), math.prod([a.shape[i] for i in axes])
    rows = np.reshape(np.moveaxis(a, axes, range(-len(axes), 0)), sizes)
    if not dtypes.differentiable(rows.dtype):
        rows = rows * 1.0
    nans = np.isnan(plain(rows))
    missing = anywhere(nans)
    if missing and not without_nan:
        rows = np.where(np.any(nans, -1, keepdims=True), np.nan, rows)
    counts = np.full(len(rows), rows.shape[-1])
    if missing and without_nan:
        counts = counts - np.sum(nans, -1)
    places = np.zeros((len(counts), q.size))
    if not rows.shape[-1]:
        rows = np.full((len(counts), 1), np.nan, rows.dtype)
    for count in np.unique(counts[counts > 0]):
        places[counts == count] = np.quantile(np.arange(float(count)), q.ravel(), method=method)
    low = np.floor(places).astype(int)
    part = (places - low).astype(rows.dtype)
    ordered = np.sort(rows, axis=-1)
    found = np.take_along_axis(ordered, low, -1)
    if part.any():
        high = np.take_along_axis(ordered, np.minimum(low + 1, rows.shape[-1] - 1), -1)
        found = np.where(part > 0, found * (1 - part) + high * part, found)
    last = range(-len(rest), 0)
    found = np.moveaxis(np.reshape(found, (*rest, *q.shape)), range(len(rest)), last)
    found = np.expand_dims(found, [i - a.ndim for i in axes]) if keepdims else found
    return found if found.ndim else found[()]


@entered(np.quantile)
def quantile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """What a share ``q`` of the elements does not exceed; the gradient goes to its neighbours."""
    return _quantile("quantile", a, q, axis, method, keepdims, False, weights)


@entered(np.nanquantile)
def nanquantile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """:func:`quantile` of what is not NaN."""
    return _quantile("nanquantile", a, q, axis, method, keepdims, True, weights)


@entered(np.percentile)
def percentile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """:func:`quantile` with hundredths for shares."""
    return _quantile("percentile", a, _shares(q), axis, method, keepdims, False, weights)


@entered(np.nanpercentile)
def nanpercentile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    method: str = "linear", keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """:func:`percentile` of what is not NaN."""
    return _quantile("nanpercentile", a, _shares(q), axis, method, keepdims, True, weights)


def _shares(q: Any) -> Any:
    return np.true_divide(q, 100)


@entered(np.median)
def median(
    a: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:  # fmt: skip
    """The middle element, or the mean of the two."""
    return _quantile("median", a, 0.5, axis, "linear", keepdims, False)


@entered(np.nanmedian)
def nanmedian(
    a: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:  # fmt: skip
    """:func:`median` of what is not NaN."""
    return _quantile("nanmedian", a, 0.5, axis, "linear", keepdims, True)


# -- what is not NaN ------------------------------------------------------------------------------


def _without_nan(function: Any) -> Any:
    """A reduction of what is not NaN, where a mask ``where`` holds."""

    def way(a: Any, *args: Any, where: Any = True, **options: Any) -> Any:
        a = array(a)
        return function(a, *args, where=~np.isnan(plain(a)) & where, **options)

    return way


for _nan, _function in [
    (np.nansum, np.sum),
    (np.nanprod, np.prod),
    (np.nanmean, np.mean),
    (np.nanvar, np.var),
    (np.nanstd, np.std),
]:
    entered(_nan)(_without_nan(_function))


def _filled(function: Any, number: float) -> Any:
    """``function`` of values, of which NaN counts as ``number``."""

    def way(a: Any, *args: Any, **options: Any) -> Any:
        a = array(a)
        return function(np.where(np.isnan(plain(a)), number, a), *args, **options)

    return way


entered(np.nancumsum)(_filled(np.cumsum, 0))
entered(np.nancumprod)(_filled(np.cumprod, 1))


def _extremum_without_nan(function: Any, number: float) -> Any:
    def way(a: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        a = array(a)
        nans = np.isnan(plain(a))
        found = function(np.where(nans, number, a), axis=axis, keepdims=keepdims, **options)
        if "initial" in options:
            return found
        empty = nans.all(axis=axis, keepdims=keepdims)
        return np.where(empty, np.nan, found) if np.any(empty) else found

    return way


entered(np.nanmax)(_extremum_without_nan(np.max, -np.inf))
entered(np.nanmin)(_extremum_without_nan(np.min, np.inf))


# -- means ----------------------------------------------------------------------------------------


@entered(np.average)
def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """The mean, weighted; ``weights`` are shaped as ``a``, or go along ``axis``."""
    a = array(a)
    if weights is None:
        found = np.mean(a, axis=axis, keepdims=keepdims)
        total: Any = a.size / found.size
    else:
        weights = array(weights)
        if weights.shape != a.shape:
            axes = np.lib.array_utils.normalize_axis_tuple(axis, a.ndim)
            weights = np.transpose(weights, np.argsort(axes))
            weights = np.expand_dims(weights, [i for i in range(a.ndim) if i not in axes])
        total = np.sum(weights * np.ones(a.shape), axis=axis, keepdims=keepdims)
        if not np.all(plain(total)):
            raise ZeroDivisionError("average: weights must not add up to 0; they do. Change them.")
        found = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (found, np.broadcast_to(total, found.shape)) if returned else found


@entered(np.ptp)
def ptp(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The greatest less the least."""
    a = array(a)
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


_cov, _corrcoef = numpys[np.cov], numpys[np.corrcoef]


def _pair(m: Any, y: Any, rowvar: bool, dtype: Any) -> Any:
    """Variables as rows, those of ``y`` below: in float64 at least."""
    given = [array(one) for one in (m, y) if one is not None]
    dtype = dtype or np.result_type(np.float64, *[plain(one) for one in given])
    rows = [np.atleast_2d(array(one, dtype)) for one in given]
    rows = [one if rowvar or given[i].ndim < 2 else np.transpose(one) for i, one in enumerate(rows)]
    return np.concatenate(rows) if len(rows) > 1 else rows[0]


@entered(np.cov)
def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """The covariances of variables, in float64 at least."""
    return _cov(_pair(m, y, rowvar, dtype), bias=bias, ddof=ddof, fweights=fweights,
                aweights=aweights)  # fmt: skip


@entered(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """The correlations of variables, in float64 at least."""
    return _corrcoef(_pair(x, y, rowvar, dtype))


# -- counts ---------------------------------------------------------------------------------------


@entered(np.bincount)
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each integer comes, or the sum of its weights: they have gradients."""
    x = asarray(plain(x))
    if not isinstance(weights, TensorBase):
        return np.bincount(x, weights if weights is None else plain(weights), minlength)
    sums = wrap(np.zeros(len(np.bincount(x, None, minlength)), weights._data.dtype), None)
    return alike(AddItem.apply(sums, as_tensor(weights), x.astype(np.intp)), weights)


@entered(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """The borders between bins: even steps from the least to the greatest element."""
    edges = np.histogram_bin_edges(plain(a), plain(bins), plain(range), plain(weights))
    if np.ndim(plain(bins)):
        return array(bins)
    low, high = (np.min(a), np.max(a)) if range is None else range
    if plain(low) == plain(high):
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, len(edges))


@entered(np.histogram)
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    """Counts and borders. The counts have gradients by weights, the borders by the data."""
    a = array(a)
    edges = histogram_bin_edges(a, bins, range, weights)
    borders = plain(edges)
    values = np.ravel(plain(a))
    inside = (values >= borders[0]) & (values <= borders[-1])
    place = np.minimum(np.searchsorted(borders, values[inside], "right") - 1, len(borders) - 2)
    given = None if weights is None else np.ravel(array(weights))[inside]
    counts = np.bincount(place, given, len(borders) - 1)
    if density:
        counts = counts / np.sum(counts) / np.diff(edges)
    return counts, edges
