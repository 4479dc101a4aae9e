"""Sums of a few neighbours along one axis, which is how pictures are resized."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel


def _resampled(x: Any, index: Any, weights: Any, *, axis: int) -> Any:
    before, columns = (slice(None),) * axis, []
    for j in range(index.shape[1]):
        terms = []
        for k in range(index.shape[0]):
            i = int(index[k, j])
            term = x[(*before, slice(i, i + 1))]
            terms.append(term if weights is None else term * float(weights[k, j]))
        columns.append(sum(terms[1:], terms[0]))
    return np.concatenate(columns, axis)


@kernel(plain=_resampled)
def resampled(x: Any, index: Any, weights: Any, *, axis: int) -> Any:
    """out_j = Σ_k w_kj x_(i_kj) along ``axis``; index and weights (taps, out), weights None for 1.

    >>> resampled(np.array([1.0, 3.0]), np.array([[0, 0, 1]]), None, axis=0)
    array([1., 1., 3.])
    """
    after = (1,) * (x.ndim - axis - 1)
    total = np.take(x, index[0], axis)
    if weights is not None:
        total *= weights[0].reshape(-1, *after)
    if len(index) > 1:
        term = np.empty_like(total)
        for k in range(1, len(index)):
            np.take(x, index[k], axis, out=term, mode="clip")  # the mode that needs no copy
            if weights is not None:
                term *= weights[k].reshape(-1, *after)
            total += term
    return total


class Taps:
    """Which inputs along an axis each output sums, and with which weights: a sparse matrix.

    ``index`` and ``weights`` are of shape (taps, out); weights of None are ones.
    """

    def __init__(self, index: Any, weights: Any, size: int) -> None:
        self.index, self.weights, self.size = index.astype(np.int64), weights, size

    def of(self, dtype: Any) -> Any:
        return None if self.weights is None else self.weights.astype(dtype)

    def transposed(self) -> Taps:
        """For each input, the outputs that sum it. Short lists are filled up with weights of 0."""
        taps, out = self.index.shape
        inputs = self.index.ravel()
        order = np.argsort(inputs, kind="stable")
        inputs = inputs[order]
        counts = np.bincount(inputs, minlength=self.size)
        place = np.arange(inputs.size) - (np.cumsum(counts) - counts)[inputs]
        index = np.zeros((max(int(counts.max(initial=0)), 1), self.size), np.int64)
        weights = np.zeros(index.shape)
        index[place, inputs] = np.tile(np.arange(out), taps)[order]
        weights[place, inputs] = 1 if self.weights is None else self.weights.ravel()[order]
        return Taps(index, None if (weights == 1).all() else weights, out)


def taps_of(
    n: int, m: int, factor: Any, mode: str, align_corners: bool, antialias: bool, dtype: Any
) -> Taps:
    """What each of m outputs sums of n inputs; ``factor`` is m / n before m was rounded, or None.

    >>> taps_of(2, 4, None, "nearest", False, False, np.float32).index
    array([[0, 0, 1, 1]])
    """
    if mode == "area":
        return _area(n, m)
    if align_corners:
        step = dtype(n - 1) / dtype(m - 1) if m > 1 else dtype(0)
    else:
        step = dtype(1 / factor) if factor is not None else dtype(n) / dtype(m)
    if mode == "nearest":
        return _nearest(n, m, step, dtype)
    if mode == "nearest-exact":
        return _nearest_exact(n, m, step, dtype)
    if antialias:
        curve, reach = (cubic, 2) if mode == "bicubic" else (_triangle, 1)
        return _smoothed(n, m, step, dtype, curve, reach)
    return (_cubic if mode == "bicubic" else _linear)(n, m, step, dtype, align_corners)


# n inputs, m outputs, ``step`` inputs from one output to the next, computed in ``dtype``.


def _nearest(n: int, m: int, step: Any, dtype: Any) -> Taps:
    return Taps(np.minimum(np.floor(np.arange(m, dtype=dtype) * step), n - 1)[None], None, n)


def _nearest_exact(n: int, m: int, step: Any, dtype: Any) -> Taps:
    middle = (np.arange(m, dtype=dtype) + dtype(0.5)) * step
    return Taps(np.minimum(np.floor(middle), n - 1)[None], None, n)


def _places(m: int, step: Any, dtype: Any, align_corners: bool) -> Any:
    """Where outputs lie among the inputs, whose middles are at 0, 1, …"""
    at = np.arange(m, dtype=dtype)
    return at * step if align_corners else (at + dtype(0.5)) * step - dtype(0.5)


def _linear(n: int, m: int, step: Any, dtype: Any, align_corners: bool) -> Taps:
    at = np.maximum(_places(m, step, dtype, align_corners), 0)
    below = np.minimum(np.floor(at), n - 1)
    part = np.clip(at - below, 0, 1)
    return Taps(np.stack([below, np.minimum(below + 1, n - 1)]), np.stack([1 - part, part]), n)


def _cubic(n: int, m: int, step: Any, dtype: Any, align_corners: bool) -> Taps:
    at = _places(m, step, dtype, align_corners)
    below = np.floor(at)
    taps = np.arange(-1, 3, dtype=dtype)[:, None]
    weights = cubic(at - below - taps, dtype(-0.75))
    return Taps(np.clip(below + taps, 0, n - 1), weights, n)


def cubic(d: Any, a: Any = -0.75) -> Any:
    """What a pixel counts at a distance of d, arrays or tensors.

    Keys 1981, doi:10.1109/TASSP.1981.1163711: a = -3/4, as in PyTorch, or -1/2.

    >>> cubic(np.array([0.0, 1.0, 1.5]))
    array([ 1.      ,  0.      , -0.09375])
    """
    d = np.abs(d)
    inner = ((a + 2) * d - (a + 3)) * d * d + 1
    outer = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, inner, np.where(d < 2, outer, 0))


def _triangle(d: Any, _: Any) -> Any:
    return np.maximum(1 - np.abs(d), 0)


def _smoothed(n: int, m: int, step: Any, dtype: Any, curve: Callable[..., Any], reach: int) -> Taps:
    """The kernel made as wide as an output, so that no input is left out (``antialias``)."""
    wide = max(step, dtype(1))
    middle = (np.arange(m, dtype=dtype) + dtype(0.5)) * step
    first = np.maximum(np.trunc(middle - reach * wide + dtype(0.5)), 0)
    last = np.minimum(np.trunc(middle + reach * wide + dtype(0.5)), n)
    index = first + np.arange(max(int(np.max(last - first, initial=0)), 1), dtype=dtype)[:, None]
    weights = curve((index - middle + dtype(0.5)) / wide, dtype(-0.5))
    weights = np.where(index < last, weights, 0)
    return Taps(np.minimum(index, n - 1), weights / weights.sum(0), n)


def _area(n: int, m: int) -> Taps:
    at = np.arange(m)
    first, last = at * n // m, -(-(at + 1) * n // m)
    index = first + np.arange(max(int(np.max(last - first, initial=0)), 1))[:, None]
    return Taps(np.minimum(index, n - 1), (index < last) / (last - first), n)
