"""Values brought to mean 0 and variance 1, by rows or by channels, in blocks that threads share.

What the layers of normalisation share: x̂ = (x - μ) / √(σ² + ε), out = x̂ w + b, over arrays of
three axes. *Rows*: each x[i, j] by itself, as layer and group normalisation do. *Channels*: each
x[:, j], as batch normalisation does.

The mean is subtracted, and so is what rounding has left of it, before anything is squared: nothing
cancels, however large the mean (the corrected two-pass algorithm: Chan, Golub & LeVeque 1983,
doi:10.1080/00031305.1983.10483115).

What it takes is passes over memory. BLAS sums rows and columns several times as fast as
np.add.reduce. And NumPy copies an operand that is broadcast to a buffer, piece by piece, which
doubles the time of an addition: what all blocks need is laid out once for a block of full size,
what each row needs is laid out where the result will be, or by BLAS.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.blocks import of_parts, row_products, row_sums, rows_of
from autograd.kernels.sums import sum_over, wider

# Elements of a block. A call of NumPy's that a thread begins costs it a wait for the interpreter:
# blocks of 2**16, which would stay in the second cache, take twice as long.
_BLOCK = 2**17
_FEW = 64  # rows that are shorter are summed by columns first
_LONG = 4096  # rows so long are broadcast as fast as they are laid out

_Results = tuple[Any, Any, Any, Any]
_Shape = tuple[int, ...]


def _standardized(
    x: Any, weight: Any, bias: Any, *, view: _Shape, axes: _Shape, eps: float, centred: bool
) -> _Results:
    shape, x, n = x.shape, np.reshape(x, view), _count(view, axes)
    mean = np.add.reduce(x, axis=axes, keepdims=True) / n * centred
    x = x - mean
    var = np.add.reduce(x * x, axis=axes, keepdims=True) / n
    out = x * (1 / np.sqrt(var + eps))
    if weight is not None:
        out = in_runs(out, weight, np.multiply)
    if bias is not None:
        out = in_runs(out, bias, np.add)
    return np.reshape(out, shape), mean, np.zeros_like(mean), var


def in_runs(x: Any, weight: Any, function: Any) -> Any:
    """``function`` of (N, G, n) and (G, K): K runs in each row, each with a number of its own.

    >>> in_runs(np.ones((1, 1, 4)), np.array([[2.0, 3.0]]), np.multiply)
    array([[[2., 2., 3., 3.]]])
    """
    runs = (*weight.shape, x.shape[2] // max(weight.shape[1], 1))
    out = function(np.reshape(x, (x.shape[0], *runs)), np.reshape(weight, (*weight.shape, 1)))
    return np.reshape(out, x.shape)


@kernel(plain=_standardized)
def standardized(
    x: Any, weight: Any, bias: Any, *, view: _Shape, axes: _Shape, eps: float, centred: bool
) -> _Results:
    """x̂ w + b, the mean, what rounding left of it, and the variance.

    :param x: any shape, looked at as ``view``, (N, G, n), and standardised over ``axes`` of that:
        (2,), rows, or (0, 2), channels.
    :param weight: (G, K), for K runs in each row; channels take K = 1. ``bias`` likewise.
    :param centred: False takes 0 for the mean.

    >>> out, mean, rest, var = standardized(
    ...     np.array([[[1.0, 3.0]]]), None, None, view=(1, 1, 2), axes=(2,), eps=0.0, centred=True)
    >>> out, mean, var
    (array([[[-1.,  1.]]]), array([[[2.]]]), array([[[1.]]]))
    """
    if len(axes) > 1:
        return _channels(x, weight, bias, view, eps)
    whole, n = np.empty(x.shape, x.dtype), _count(view, axes)
    x, out = (one.reshape(view[0] * view[1], view[2]) for one in (x, whole))
    ones = np.ones(view[2], x.dtype)
    mean, rest, var = np.zeros((3, len(x), 1), x.dtype)
    parts = rows_of(len(x), view[2], _BLOCK)
    weight, bias = (_for_rows(one, view) for one in (weight, bias))
    shared = bias is not None and bias.shape == (1, view[2])
    laid = np.repeat(bias, len(out[parts[0]]), 0) if shared and parts else None

    def work(block: slice) -> None:
        part, to = x[block], out[block]
        if centred:
            mean[block] = row_sums(part, ones)[:, None] / n
            part = _less(part, mean[block], to)
            left = row_sums(part, ones)[:, None] / n
        else:
            left = mean[block]
        var[block] = row_products(part, part)[:, None] / n - left * left
        root = 1 / np.sqrt(var[block] + eps)
        left[np.abs(left) * root < 1e-6] = 0  # far below the digits of x̂
        if left.any():
            rest[block] = left
            part -= left
        _scaled_rows(part, root, weight, block, to)
        if laid is not None:
            to += laid[: len(to)]
        elif bias is not None:
            runs = _runs(to, bias.shape[1])
            runs += bias[block][..., None]

    of_parts(work, parts, x.size)
    return whole, *[one.reshape(*view[:2], 1) for one in (mean, rest, var)]


def _for_rows(weight: Any, shape: Any) -> Any:
    """(G, K) -> (N G, K), unless one row of weights is for all rows, a weight for each element."""
    if weight is None or weight.shape == (1, shape[2]):
        return weight
    return np.tile(weight, (shape[0], 1))


def _less(x: Any, by_row: Any, out: Any) -> Any:
    """``x`` less a number for each row, in ``out``."""
    out[...] = by_row
    return np.subtract(x, out, out=out)


def _scaled_rows(part: Any, root: Any, weight: Any, block: slice, out: Any) -> None:
    """A block of rows times 1 / √(σ² + ε), (m, 1), and their weights."""
    scales = np.empty_like(out) if part is out else out
    if weight is None:
        scales[...] = root
    elif weight.shape == (1, part.shape[1]):  # BLAS: NumPy leaves it sums of two products or more
        np.matmul(np.append(root, root * 0, 1), np.append(weight, weight * 0, 0), out=scales)
    else:
        _runs(scales, weight.shape[1])[...] = (root * weight[block])[..., None]
    np.multiply(part, scales, out=out)


def _runs(part: Any, k: int) -> Any:
    """(m, n) -> (m, k, n / k)."""
    return part.reshape(len(part), k, part.shape[1] // max(k, 1))


def _standardized_gradients(
    g: Any,
    x: Any,
    weight: Any,
    mean: Any,
    rest: Any,
    var: Any,
    *,
    view: _Shape,
    axes: _Shape,
    eps: float,
    centred: bool,
) -> tuple[Any, Any, Any]:
    shape, n = x.shape, _count(view, axes)
    g, x = np.reshape(g, view), np.reshape(x, view)
    groups = (view[1], 1) if weight is None else weight.shape
    root = 1 / np.sqrt(var + eps)
    normal = (x - mean) * root
    runs = (x.shape[0], *groups, x.shape[2] // max(groups[1], 1))
    by_weight = np.add.reduce(np.reshape(g * normal, runs), axis=(0, 3))
    by_bias = np.add.reduce(np.reshape(g, runs), axis=(0, 3))
    if weight is not None:
        g = in_runs(g, weight, np.multiply)
    d = g - normal * (np.add.reduce(g * normal, axis=axes, keepdims=True) / n)
    if centred:
        d = d - np.add.reduce(g, axis=axes, keepdims=True) / n
    return np.reshape(d * root, shape), by_weight, by_bias


@kernel(plain=_standardized_gradients)
def standardized_gradients(
    g: Any,
    x: Any,
    weight: Any,
    mean: Any,
    rest: Any,
    var: Any,
    *,
    view: _Shape,
    axes: _Shape,
    eps: float,
    centred: bool,
) -> tuple[Any, Any, Any]:
    """The gradients of :func:`standardized` in x, in the weight and in the bias.

    dx = (g w - Σ g w / n - x̂ Σ g w x̂ / n) / √(σ² + ε), sums over what was standardised together.
    """
    if len(axes) > 1:
        return _channels_gradients(g, x, weight, mean, rest, var, view, eps)
    whole, n = np.empty(x.shape, x.dtype), _count(view, axes)
    mean, rest, var = (one.reshape(-1, 1) for one in (mean, rest, var))
    g, x, out = (one.reshape(len(mean), view[2]) for one in (g, x, whole))
    groups = (view[1], 1) if weight is None else weight.shape
    weight, k = _for_rows(weight, view), groups[1]
    shared = weight is not None and weight.shape == (1, view[2])
    of_runs = np.empty((2, len(x), 0 if shared else k), x.dtype)

    def work(block: slice) -> Any:
        part, to, of_columns = g[block], out[block], None
        root = 1 / np.sqrt(var[block] + eps)
        d, scratch = x[block], np.empty(to.shape, x.dtype)
        if centred:
            d = _less(d, mean[block], scratch)
            if rest[block].any():
                d -= rest[block]
        product = np.multiply(part, d, out=to)
        if shared:
            of_columns = np.dot(root[:, 0], product), np.dot(np.ones(len(part), x.dtype), part)
            sums = [row_products(one, weight)[:, None] for one in (product, part)]
        else:
            sums = [_run_sums(one, k) for one in (product, part)]
            of_runs[0, block], of_runs[1, block] = sums[0] * root, sums[1]
            if weight is not None:
                sums = [np.add.reduce(one * weight[block], 1, keepdims=True) for one in sums]
        _scaled_rows(part, root, weight, block, to)
        to -= np.multiply(d, sums[0] * root * root * root / n, out=scratch)
        if centred:
            to -= sums[1] * root / n
        return of_columns

    found = of_parts(work, rows_of(len(x), max(view[2], 32), _BLOCK), x.size)
    if shared:
        parts = np.array(found, x.dtype).reshape(len(found), 2, *groups)
        of_affine = np.add.reduce(parts, 0, wider(x.dtype)).astype(x.dtype)
    else:
        of_affine = sum_over(of_runs.reshape(2, view[0], *groups), axis=1)
    return whole, *of_affine


def _run_sums(part: Any, k: int) -> Any:
    """(m, n) -> (m, k)."""
    runs = part.reshape(len(part) * k, part.shape[1] // max(k, 1))
    return row_sums(runs, np.ones(runs.shape[1], part.dtype)).reshape(len(part), k)


# -- channels -------------------------------------------------------------------------------------

_Part = tuple[slice, slice]  # samples, channels


def _parts(shape: tuple[int, ...]) -> list[_Part]:
    """All of (N, C, L): some samples at a time, or some channels of a sample."""
    samples, channels, length = shape
    of_samples = rows_of(samples, channels * length, _BLOCK)
    of_channels = [slice(channels)] if _few(shape) > 1 else rows_of(channels, length, _BLOCK)
    return [(some, own) for some in of_samples for own in of_channels]


def _few(shape: tuple[int, ...]) -> int:
    """How many samples a part has."""
    return max(_BLOCK // max(shape[1] * shape[2], 1), 1)


def _laid(by_channel: Any, shape: tuple[int, ...]) -> Any:
    """Numbers of channels, (C), as they are met by the elements of a part: (samples, C, L)."""
    few = min(_few(shape), shape[0])
    laid = np.broadcast_to(by_channel[:, None], (few, *shape[1:]))
    return laid if shape[2] >= _LONG else laid.copy()


def _met(laid: Any, part: Any, place: _Part) -> Any:
    return laid[: len(part), place[1]]


def _channel_sums(part: Any) -> Any:
    """(m, c, L) -> (c)."""
    m, c, length = part.shape
    if length >= _FEW:
        sums = row_sums(part.reshape(m * c, length), np.ones(length, part.dtype))
        return sum_over(sums.reshape(m, c), axis=0)
    columns = part.reshape(m, c * length)
    short = m <= _LONG  # right to 1e-6 in BLAS
    total = np.dot(np.ones(m, part.dtype), columns) if short else sum_over(columns, axis=0)
    return np.add.reduce(total.reshape(c, length), axis=1)


def _joined(found: Any, parts: list[_Part], channels: int, dtype: Any) -> Any:
    """The sums of parts, added up in the parts' order: (k, C)."""
    total = np.zeros((len(found[0]) if found else 2, channels), wider(dtype))
    for sums, (_, own) in zip(found, parts, strict=True):
        total[:, own] += sums
    return total


def _channels(x: Any, weight: Any, bias: Any, view: _Shape, eps: float) -> _Results:
    n, parts, whole = _count(view, (0, 2)), _parts(view), np.empty(x.shape, x.dtype)
    x, out = np.ascontiguousarray(x).reshape(view), whole.reshape(view)

    def add(place: _Part) -> Any:
        return (_channel_sums(x[place]),)

    (total, *_) = _joined(of_parts(add, parts, x.size), parts, x.shape[1], x.dtype)
    mean = (total / n).astype(x.dtype)
    laid = _laid(mean, x.shape)

    def centre(place: _Part) -> Any:
        d = np.subtract(x[place], _met(laid, x[place], place), out=out[place])
        return _channel_sums(d), _channel_sums(d * d)

    left, squares = _joined(of_parts(centre, parts, x.size), parts, x.shape[1], x.dtype) / n
    rest, var = left.astype(x.dtype), (squares - left * left).astype(x.dtype)
    scale = 1 / np.sqrt(var + eps)
    if weight is not None:
        scale = scale * weight[:, 0]
    shift = -rest * scale
    if bias is not None:
        shift += bias[:, 0]
    scales, shifts = _laid(scale, x.shape), _laid(shift, x.shape)

    def spread(place: _Part) -> None:
        to = out[place]
        to *= _met(scales, to, place)
        to += _met(shifts, to, place)

    of_parts(spread, parts, x.size)
    return whole, *[by_channel[None, :, None] for by_channel in (mean, rest, var)]


def _channels_gradients(
    g: Any, x: Any, weight: Any, mean: Any, rest: Any, var: Any, view: _Shape, eps: float
) -> tuple[Any, Any, Any]:
    mean, rest, root = mean[0, :, 0], rest[0, :, 0], 1 / np.sqrt(var[0, :, 0] + eps)
    n, parts, whole = _count(view, (0, 2)), _parts(view), np.empty(x.shape, x.dtype)
    g, x, out = (np.ascontiguousarray(one).reshape(view) for one in (g, x, whole))
    laid = _laid(mean, view)

    def add(place: _Part) -> Any:
        d = np.subtract(x[place], _met(laid, x[place], place), out=out[place])
        return _channel_sums(g[place]), _channel_sums(g[place] * d)

    total, across = _joined(of_parts(add, parts, x.size), parts, x.shape[1], x.dtype)
    by_weight = ((across - rest * total) * root).astype(x.dtype)
    by_bias = total.astype(x.dtype)
    scale = root if weight is None else root * weight[:, 0]
    slope = by_weight * root * scale / n
    shift = rest * slope - by_bias * scale / n
    scales, slopes, shifts = (_laid(one, x.shape) for one in (scale, -slope, shift))

    def spread(place: _Part) -> None:
        to = out[place]  # x - μ
        to *= _met(slopes, to, place)
        to += g[place] * _met(scales, to, place)
        to += _met(shifts, to, place)

    of_parts(spread, parts, x.size)
    return whole, by_weight[:, None], by_bias[:, None]


# -- what both need -------------------------------------------------------------------------------


def _count(view: _Shape, axes: _Shape) -> int:
    return max(math.prod([view[axis] for axis in axes]), 1)


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
    whole = np.empty(x.shape, x.dtype)
    rows, out = x.reshape(view), whole.reshape(view)
    middles, scales = _laid(mean, view), _laid(scale, view)
    shifts = None if bias is None else _laid(bias, view)

    def work(place: _Part) -> None:
        to = out[place]
        np.subtract(rows[place], _met(middles, to, place), out=to)
        to *= _met(scales, to, place)
        if shifts is not None:
            to += _met(shifts, to, place)

    of_parts(work, _parts(view), out.size)
    return whole


def _plainly_moved_at(out: Any, found: Any, share: float) -> None:
    out[...] = out * (1 - share) + found * share


@kernel(plain=_plainly_moved_at)
def moved_at(out: Any, found: Any, share: float) -> None:
    """Move ``out`` towards what was ``found``, in its own memory."""
    _plainly_moved_at(out, found, share)
