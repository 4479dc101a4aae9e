"""Values brought to mean 0 and variance 1, by rows or by channels, in blocks that fit the cache.

What the layers of normalisation share: x̂ = (x - μ) / √(σ² + ε), out = x̂ w + b, over arrays of
three axes. *Rows*: each x[i, j] by itself, as layer and group normalisation do. *Channels*: each
x[:, j], as batch normalisation does.

The mean is subtracted, and so is what rounding has left of it, before anything is squared: nothing
cancels, however large the mean (the corrected two-pass algorithm: Chan, Golub & LeVeque 1983,
doi:10.1080/00031305.1983.10483115). BLAS sums rows several times as fast as np.add.reduce.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.blocks import BLOCK, by_rows, share
from autograd.kernels.sums import sum_over, wider

_LONG = 256  # from here on a loop of NumPy's over a row is worth its start
_RUN = 4096  # so many terms stay right to 1e-6 in BLAS

_Results = tuple[Any, Any, Any, Any]


def _standardized(
    x: Any, weight: Any, bias: Any, *, axes: tuple[int, ...], eps: float, centred: bool
) -> _Results:
    n = _count(x, axes)
    mean = np.add.reduce(x, axis=axes, keepdims=True) / n * centred
    x = x - mean
    var = np.add.reduce(x * x, axis=axes, keepdims=True) / n
    out = x * (1 / np.sqrt(var + eps))
    if weight is not None:
        out = out * weight
    return out if bias is None else out + bias, mean, np.zeros_like(mean), var


@kernel(plain=_standardized)
def standardized(
    x: Any, weight: Any, bias: Any, *, axes: tuple[int, ...], eps: float, centred: bool
) -> _Results:
    """x̂ w + b, the mean, what rounding left of it, and the variance.

    :param x: (N, G, n), standardised over ``axes``: (2,), rows, or (0, 2), channels.
    :param weight: (G, n) or (G, 1); channels take the second. ``bias`` likewise.
    :param centred: False takes 0 for the mean.

    >>> out, mean, rest, var = standardized(
    ...     np.array([[[1.0, 3.0]]]), None, None, axes=(2,), eps=0.0, centred=True)
    >>> out, mean, var
    (array([[[-1.,  1.]]]), array([[[2.]]]), array([[[1.]]]))
    """
    if len(axes) > 1:
        return _channels(x, weight, bias, eps)
    n = _count(x, axes)
    out, ones = np.empty(x.shape, x.dtype), np.ones(x.shape[2], x.dtype)
    mean, rest, var = np.zeros((3, *x.shape[:2], 1), x.dtype)
    one = weight is not None and x.shape[1] == 1 != weight.shape[1]  # row of weights

    def work(block: slice) -> None:
        part, to = x[block], out[block]
        if centred:
            mean[block] = _sum(part, ones) / n
            part = np.subtract(part, mean[block], out=to)
        root = _root(part, 0, n, eps, var[block])
        if centred and (np.abs(mean[block]) * root > 1).any():  # rounding has left something of it
            left = _sum(to, ones) / n
            root = _root(to, left, n, eps, var[block])
            left[np.abs(left) * root < 1e-6] = 0  # far below the digits of x̂
            rest[block] = left
            to -= left
        if one:  # a product with one column is the quickest way to spread rows
            np.multiply(part, np.dot(root[:, 0], weight)[:, None], out=to)
        else:
            np.multiply(part, root if weight is None else root * weight, out=to)
        if bias is not None:
            to += bias

    by_rows(work, x.shape[0], x.shape[1] * x.shape[2])
    return out, mean, rest, var


def _root(d: Any, left: Any, n: int, eps: float, var: Any) -> Any:
    """1 / √(σ² + ε) of rows whose mean is what is ``left`` of it; σ² goes into ``var``."""
    if d.shape[-1] <= 16 * _RUN:
        var[...] = np.vecdot(d, d)[..., None]
    else:
        var[...] = sum_over(d * d, axis=-1, keepdims=True)
    var /= n
    var -= left * left
    return 1 / np.sqrt(var + eps)


def _standardized_gradients(
    g: Any,
    x: Any,
    weight: Any,
    mean: Any,
    rest: Any,
    var: Any,
    *,
    axes: Any,
    eps: float,
    centred: bool,
) -> tuple[Any, Any, Any]:
    n = _count(x, axes)
    root = 1 / np.sqrt(var + eps)
    normal = (x - mean) * root
    whole = weight is None or weight.shape[1] == 1
    over = (0, 2) if whole else 0
    by_weight = np.add.reduce(g * normal, axis=over, keepdims=True)[0]
    by_bias = np.add.reduce(g, axis=over, keepdims=True)[0]
    if weight is not None:
        g = g * weight
    d = g - normal * (np.add.reduce(g * normal, axis=axes, keepdims=True) / n)
    if centred:
        d = d - np.add.reduce(g, axis=axes, keepdims=True) / n
    return d * root, by_weight, by_bias


@kernel(plain=_standardized_gradients)
def standardized_gradients(
    g: Any,
    x: Any,
    weight: Any,
    mean: Any,
    rest: Any,
    var: Any,
    *,
    axes: Any,
    eps: float,
    centred: bool,
) -> tuple[Any, Any, Any]:
    """The gradients of :func:`standardized` in x, in the weight and in the bias.

    dx = (g w - Σ g w / n - x̂ Σ g w x̂ / n) / √(σ² + ε), sums over what was standardised together.
    """
    if len(axes) > 1:
        return _channels_gradients(g, x, weight, mean, rest, var, eps)
    n = _count(x, axes)
    out, ones = np.empty(x.shape, x.dtype), np.ones(x.shape[2], x.dtype)
    whole = weight is None or weight.shape[1] == 1
    factors = ones if whole else weight
    shares: dict[int, tuple[Any, Any]] = {}  # of the sums over samples, by block

    def work(block: slice) -> None:
        part, to = g[block], out[block]
        root = 1 / np.sqrt(var[block] + eps)
        d = x[block] - mean[block] if centred else x[block]
        if rest[block].any():
            d -= rest[block]
        product = part * d
        total = _sum(part, factors) if whole or centred else 0
        across = _sum(product, factors) * root
        if whole:
            shares[block.start] = _over_samples(across), _over_samples(total)
            if weight is not None:
                root = root * weight
            np.multiply(part, root, out=to)
        else:
            shares[block.start] = _over_samples(product, root[..., 0]), _over_samples(part)
            if x.shape[1] == 1:
                np.multiply(part, np.dot(root[:, 0], weight)[:, None], out=to)
            else:
                np.multiply(part, root * weight, out=to)
        slope = across * root / np.sqrt(var[block] + eps) / n
        np.multiply(d, slope, out=product)
        if centred:
            product += root * total / n
        to -= product

    by_rows(work, x.shape[0], x.shape[1] * x.shape[2])
    shape = (x.shape[1], 1 if whole else x.shape[2])
    by_weight, by_bias = np.zeros((2, *shape), wider(x.dtype))
    for start in sorted(shares):
        by_weight += shares[start][0]
        by_bias += shares[start][1]
    return out, by_weight.astype(x.dtype), by_bias.astype(x.dtype)


def _over_samples(part: Any, factors: Any = None) -> Any:
    """(N, G, n) -> (G, n), summed, or summed with a factor for each row, (N, G)."""
    if part.shape[1] == 1 and part.shape[0] <= _RUN:
        ones = np.ones(part.shape[0], part.dtype) if factors is None else factors[:, 0]
        return np.dot(ones, part[:, 0])[None]
    return sum_over(part if factors is None else part * factors[..., None], axis=0)


# -- channels -------------------------------------------------------------------------------------


class _Part:
    """Some channels of some samples: (N, c, L), or (N, c L) where L is too short for a loop."""

    def __init__(self, place: tuple[slice, slice], length: int) -> None:
        self.place, self.length = place, length
        self.channels = place[1]

    def of(self, x: Any) -> Any:
        """This part of ``x``."""
        part = x[self.place]
        return part.reshape(part.shape[0], -1) if self.length < _LONG else part

    def spread(self, by_channel: Any) -> Any:
        """One number for each channel, as it is added to the part."""
        if self.length >= _LONG:
            return by_channel[:, None]
        return np.repeat(by_channel, self.length) if self.length != 1 else by_channel

    def sum(self, part: Any) -> Any:
        """The sum of each channel."""
        if self.length >= _LONG:
            return sum_over(_sum(part, np.ones(self.length, part.dtype))[..., 0], axis=0)
        total = sum_over(part, axis=0)
        return total if self.length == 1 else np.add.reduce(total.reshape(-1, self.length), 1)


def _parts(shape: tuple[int, ...]) -> list[_Part]:
    """All of an array of that shape, in the order of its memory."""
    samples, channels, length = shape
    few = max(BLOCK // max(channels * length, 1), 1)
    step = channels if few > 1 else max(BLOCK // max(length, 1), 1)
    return [
        _Part((slice(first, first + few), slice(start, start + step)), length)
        for first in range(0, samples, few)
        for start in range(0, channels, max(step, 1))
    ]


def _channels(x: Any, weight: Any, bias: Any, eps: float) -> _Results:
    wide = wider(x.dtype)
    counts, means, squares = np.zeros((3, x.shape[1]), wide)
    parts, found = _parts(x.shape), {}

    def moments(one: _Part) -> None:
        part = one.of(x)
        n = part.size // max(len(counts[one.channels]), 1)
        middle = one.sum(part) / n
        d = part - one.spread(middle)
        left = one.sum(d).astype(wide) / n
        squares = one.sum(np.multiply(d, d, out=d)) - left * left * n
        found[one] = n, middle + left, squares

    share(moments, parts, x.size)
    for one in parts:  # their means and sums of squares, joined one by one
        own, (n, middle, square) = one.channels, found[one]
        before, apart = counts[own], middle - means[own]
        joined = n / (before + n)
        squares[own] += square + apart * apart * (before * joined)
        means[own] += apart * joined
        counts[own] += n
    var = (squares / _count(x, (0, 2))).astype(x.dtype)
    mean = means.astype(x.dtype)
    rest = (means - mean).astype(x.dtype)
    scale = 1 / np.sqrt(var + eps)
    if weight is not None:
        scale = scale * weight[:, 0]
    shift = -rest * scale
    if bias is not None:
        shift += bias[:, 0]
    out = np.empty(x.shape, x.dtype)

    def work(one: _Part) -> None:
        to, own = one.of(out), one.channels
        np.subtract(one.of(x), one.spread(mean[own]), out=to)
        to *= one.spread(scale[own])
        to += one.spread(shift[own])

    share(work, parts, x.size)
    return out, *[by_channel[None, :, None] for by_channel in (mean, rest, var)]


def _channels_gradients(
    g: Any, x: Any, weight: Any, mean: Any, rest: Any, var: Any, eps: float
) -> tuple[Any, Any, Any]:
    mean, rest, root = mean[0, :, 0], rest[0, :, 0], 1 / np.sqrt(var[0, :, 0] + eps)
    total, across = np.zeros((2, x.shape[1]), wider(x.dtype))
    parts, found = _parts(x.shape), {}

    def sums(one: _Part) -> None:
        part = one.of(g)
        d = one.of(x) - one.spread(mean[one.channels])
        found[one] = one.sum(part), one.sum(np.multiply(d, part, out=d))

    share(sums, parts, x.size)
    for one in parts:
        total[one.channels] += found[one][0]
        across[one.channels] += found[one][1]
    by_weight = ((across - rest * total) * root).astype(x.dtype)
    by_bias = total.astype(x.dtype)
    scale = root if weight is None else root * weight[:, 0]
    n = _count(x, (0, 2))
    slope = by_weight * root * scale / n
    shift = rest * slope - by_bias * scale / n
    out = np.empty(x.shape, x.dtype)

    def work(one: _Part) -> None:
        to, own = one.of(out), one.channels
        d = one.of(x) - one.spread(mean[own])
        d *= one.spread(slope[own])
        np.multiply(one.of(g), one.spread(scale[own]), out=to)
        to -= d
        to += one.spread(shift[own])

    share(work, parts, x.size)
    return out, by_weight[:, None], by_bias[:, None]


# -- what both need -------------------------------------------------------------------------------


def _count(x: Any, axes: tuple[int, ...]) -> int:
    return max(math.prod([x.shape[axis] for axis in axes]), 1)


def _sum(part: Any, factors: Any) -> Any:
    """The sums of rows, (N, G, n) -> (N, G, 1), with factors of shape (n) or (G, n)."""
    if factors.ndim > 1 and factors.shape[0] > 1:
        return np.vecdot(part, factors)[..., None]
    if part.shape[-1] > _RUN:
        return sum_over(part * factors, axis=-1, keepdims=True)
    rows = np.reshape(part, (-1, part.shape[-1]))
    return np.dot(rows, np.reshape(factors, -1)).reshape(*part.shape[:-1], 1)


def _scaled(x: Any, mean: Any, scale: Any, bias: Any) -> Any:
    shape = (-1, *[1] * (x.ndim - 2))
    out = (x - np.reshape(mean, shape)) * np.reshape(scale, shape)
    return out if bias is None else out + np.reshape(bias, shape)


@kernel(plain=_scaled)
def scaled(x: Any, mean: Any, scale: Any, bias: Any) -> Any:
    """(x - mean) · scale + bias for each channel of ``x``, (N, C, ...); the others are (C).

    >>> scaled(np.array([[3.0]]), np.array([1.0]), np.array([2.0]), np.array([0.5]))
    array([[4.5]])
    """
    view = (*x.shape[:2], math.prod(x.shape[2:]))
    out = np.empty(view, x.dtype)
    for one in _parts(view):
        to, own = one.of(out), one.channels
        np.subtract(one.of(x.reshape(view)), one.spread(mean[own]), out=to)
        to *= one.spread(scale[own])
        if bias is not None:
            to += one.spread(bias[own])
    return out.reshape(x.shape)


def _plainly_moved_at(out: Any, found: Any, share: float) -> None:
    out[...] = out * (1 - share) + found * share


@kernel(plain=_plainly_moved_at)
def moved_at(out: Any, found: Any, share: float) -> None:
    """Move ``out`` towards what was ``found``, in its own memory."""
    _plainly_moved_at(out, found, share)
