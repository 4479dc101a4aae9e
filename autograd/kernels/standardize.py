"""Values brought to mean 0 and variance 1, by rows or by channels, in blocks that threads share.

What the layers of normalisation share: x̂ = (x - μ) / √(σ² + ε), out = x̂ w + b, over arrays of
three axes. *Rows*: each x[i, j] by itself, as layer and group normalisation do. *Channels*: each
x[:, j], as batch normalisation does.

What it takes is passes over memory. Where all means of a block lie within two standard deviations
of 0, as mostly, Σ x² / n - μ² loses no more than two bits, and out = x · (w / √(σ² + ε)) + (b - μ w
/ √(σ² + ε)) needs no x - μ. Elsewhere the mean is subtracted first, and so is what rounding has
left of it: nothing cancels, however large the mean (the corrected two-pass algorithm: Chan, Golub &
LeVeque 1983, doi:10.1080/00031305.1983.10483115).

BLAS sums rows and columns several times as fast as np.add.reduce. NumPy copies an operand that is
broadcast to a buffer, piece by piece; and a store into memory that is not in the first cache yet
takes twice as long where it crosses a cache line, as nearly all do in arrays that begin anywhere.
So what is broadcast is written first, by a copy or by BLAS, and worked on in its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.layout import in_rows
from autograd.kernels.parts import PART, Rooms, of_parts, rows_of
from autograd.kernels.sums import row_products, row_sums, sum_over, wider

_SMALL = 2**13  # elements up to which the plain form, of fewer calls, is faster
_FEW = 64  # rows that are shorter are summed by columns first
_LONG = 4096  # rows so long are broadcast as fast as they are laid out; sums so long are right

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
    if _small(x):
        over: Any = {"view": view, "axes": axes, "eps": eps, "centred": centred}
        out, mean, rest, var = _standardized(in_rows(x), weight, bias, **over)
        if not centred or _near(mean, var):
            return out, mean, rest, var
    if len(axes) > 1:
        return _channels(x, weight, bias, view, eps)
    whole, n = np.empty(x.shape, x.dtype), max(view[2], 1)
    x, out = (one.reshape(view[0] * view[1], view[2]) for one in (x, whole))
    ones, blocks = np.ones(view[2], x.dtype), rows_of(len(x), view[2])
    mean, rest, squares = np.zeros((3, len(x)), x.dtype)

    def add(block: slice) -> None:
        part = x[block]
        if centred:
            mean[block] = row_sums(part, ones)
        squares[block] = row_products(part, part)

    of_parts(add, blocks, x.size)
    mean /= n
    values, middle, var = x, mean, squares / n - mean * mean
    if centred and not _near(mean, var):
        values, middle = out, rest

        def centre(block: slice) -> None:
            d = _less(x[block], mean[block, None], out[block])
            rest[block] = row_sums(d, ones)
            squares[block] = row_products(d, d)

        of_parts(centre, blocks, x.size)
        rest /= n
        var = squares / n - rest * rest
    root = 1 / np.sqrt(var + eps)
    scales = _by_rows(root, weight, None, view)
    shifts = _by_rows(-middle * root, weight, bias, view)
    rooms = Rooms(x, blocks)

    def spread(block: slice) -> None:
        to, room = out[block], rooms.taken()
        scaled = scales(block, room[: len(to)])
        scaled *= values[block]
        shifts(block, to)
        to += scaled
        rooms.give(room)

    of_parts(spread, blocks, x.size)
    return whole, *[one.reshape(*view[:2], 1) for one in (mean, rest, var)]


def _small(x: Any) -> bool:
    return bool(x.size <= _SMALL and x.itemsize > 2)


def _near(mean: Any, var: Any) -> bool:
    """Whether nothing is lost where the means are not subtracted first."""
    return bool((mean * mean <= 4 * var).all() and var.max(initial=0) < math.inf)


def _less(x: Any, numbers: Any, out: Any) -> Any:
    """``x`` less numbers that are broadcast, in ``out``."""
    out[...] = numbers
    return np.subtract(x, out, out=out)


def _by_rows(a: Any, weight: Any, bias: Any, view: _Shape) -> Callable[[slice, Any], Any]:
    """What writes a w + b for a block of rows, each of which has its own a."""
    n, given = view[2], weight if bias is None else bias
    if given is not None and given.shape == (1, n):  # the same for all rows
        factors, both = np.ones((len(a), 2), a.dtype), np.zeros((2, n), a.dtype)
        factors[:, 0] = a
        both[0] = 1 if weight is None else weight
        both[1] = 0 if bias is None else bias
        return lambda block, out: np.matmul(factors[block], both, out)
    k = 1 if given is None else given.shape[1]
    numbers = np.repeat(a, k).reshape(view[0], view[1] * k)
    if weight is not None:
        numbers *= weight.reshape(-1)
    if bias is not None:
        numbers += bias.reshape(-1)
    by_run = numbers.reshape(len(a), k, 1)

    def lay(block: slice, out: Any) -> Any:
        out.reshape(len(out), k, n // max(k, 1))[...] = by_run[block]
        return out

    return lay


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
    normal = (x - mean - rest) * root
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
    if _small(x):
        over: Any = {"view": view, "axes": axes, "eps": eps, "centred": centred}
        rows = in_rows(g), in_rows(x)
        return _standardized_gradients(*rows, weight, mean, rest, var, **over)
    if len(axes) > 1:
        return _channels_gradients(g, x, weight, mean, rest, var, view, eps)
    whole, n = np.empty(x.shape, x.dtype), max(view[2], 1)
    mean, rest, var = (one.reshape(-1) for one in (mean, rest, var))
    g, x, out = (one.reshape(len(mean), view[2]) for one in (g, x, whole))
    groups = (view[1], 1) if weight is None else weight.shape
    alike = weight is not None and groups == (1, view[2])
    by_row = None if weight is None or alike else np.tile(weight, (view[0], 1))
    of_runs = np.empty((2, len(x), 0 if alike else groups[1]), x.dtype)
    near = not centred or _near(mean, var)
    middle, root = mean + rest if near else rest, 1 / np.sqrt(var + eps)
    shares = root / -n * centred
    scales, both = _by_rows(root, weight, None, view), np.stack([root * middle, np.ones_like(root)])

    blocks = rows_of(len(x), max(view[2], PART // _LONG))
    rooms = Rooms(x, blocks)

    def work(block: slice) -> Any:
        part, to, m, by = g[block], out[block], middle[block], root[block]
        d = x[block] if near else _less(x[block], mean[block, None], to)
        room = rooms.taken()
        product, of_columns = np.multiply(part, d, room[: len(to)]), None
        if alike:
            of_columns = np.dot(by, product), np.dot(both[:, block], part)
            across, total = np.dot(product, weight[0]), np.dot(part, weight[0])
        else:
            across, total = (_run_sums(one, groups[1]) for one in (product, part))
            of_runs[0, block] = (across - total * m[:, None]) * by[:, None]
            of_runs[1, block] = total
            if by_row is not None:
                across, total = across * by_row[block], total * by_row[block]
            across, total = (np.add.reduce(one, 1) for one in (across, total))
        slope = (across - m * total) * by * by * (by / -n)  # by³ may be beyond the dtype
        product[...] = slope[:, None]
        product *= d
        to[...] = (total * shares[block] - slope * m)[:, None]
        to += product
        scaled = scales(block, product)
        scaled *= part
        to += scaled
        rooms.give(room)
        return of_columns

    found = of_parts(work, blocks, x.size)
    if alike:
        columns = np.zeros((3, view[2]), wider(x.dtype))
        for of_product, of_both in found:
            columns[0] += of_product
            columns[1:] += of_both
        of_affine = np.stack([columns[0] - columns[1], columns[2]]).astype(x.dtype)
        of_affine = of_affine.reshape(2, *groups)
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
    of_samples = rows_of(samples, channels * length)
    of_channels = [slice(channels)] if _few(shape) > 1 else rows_of(channels, length)
    return [(some, own) for some in of_samples for own in of_channels]


def _few(shape: tuple[int, ...]) -> int:
    """How many samples a part has."""
    return max(PART // max(shape[1] * shape[2], 1), 1)


def _laid(by_channel: Any, shape: tuple[int, ...]) -> Any:
    """Numbers of channels, (C), as they are met by the elements of some samples: (few, C, L)."""
    few = -(-_LONG // max(shape[1] * shape[2], 1))
    return np.broadcast_to(by_channel[:, None], (few, *shape[1:])).copy()


def _met(ufunc: Any, x: Any, laid: Any, place: _Part, out: Any) -> Any:
    """``ufunc(x, laid)`` for a part, (m, c, L), in ``out``, by as many samples as are laid."""
    laid = laid[:, place[1]]
    whole = len(x) // len(laid) * len(laid)
    long = (-1, laid.size)
    ufunc(x[:whole].reshape(long), laid.reshape(-1), out=out[:whole].reshape(long))
    if whole < len(x):
        ufunc(x[whole:], laid[: len(x) - whole], out=out[whole:])
    return out


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


def _channel_products(x: Any, y: Any) -> Any:
    """Σ x y of each channel, of two (m, c, L) -> (c)."""
    m, c, length = x.shape
    if length < _FEW:
        return _channel_sums(x * y)
    sums = row_products(x.reshape(m * c, length), y.reshape(m * c, length))
    return sum_over(sums.reshape(m, c), axis=0)


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
        return _channel_sums(x[place]), _channel_products(x[place], x[place])

    total, squares = _joined(of_parts(add, parts, x.size), parts, x.shape[1], x.dtype) / n
    mean, var = total.astype(x.dtype), (squares - total * total).astype(x.dtype)
    rest, middle, values = np.zeros_like(mean), mean, x
    if not _near(mean, var):
        laid = _laid(mean, x.shape)

        def centre(place: _Part) -> Any:
            d = _met(np.subtract, x[place], laid, place, out[place])
            return _channel_sums(d), _channel_products(d, d)

        left, squares = _joined(of_parts(centre, parts, x.size), parts, x.shape[1], x.dtype) / n
        rest, var = left.astype(x.dtype), (squares - left * left).astype(x.dtype)
        middle, values = rest, out
    scale = 1 / np.sqrt(var + eps)
    if weight is not None:
        scale = scale * weight[:, 0]
    shift = -middle * scale
    if bias is not None:
        shift += bias[:, 0]
    scales, shifts = _laid(scale, x.shape), _laid(shift, x.shape)

    def spread(place: _Part) -> None:
        to = _met(np.multiply, values[place], scales, place, out[place])
        _met(np.add, to, shifts, place, to)

    of_parts(spread, parts, x.size)
    return whole, *[by_channel[None, :, None] for by_channel in (mean, rest, var)]


def _channels_gradients(
    g: Any, x: Any, weight: Any, mean: Any, rest: Any, var: Any, view: _Shape, eps: float
) -> tuple[Any, Any, Any]:
    mean, rest, var = (one[0, :, 0] for one in (mean, rest, var))
    n, parts, whole = _count(view, (0, 2)), _parts(view), np.empty(x.shape, x.dtype)
    g, x, out = (np.ascontiguousarray(one).reshape(view) for one in (g, x, whole))
    root, near = 1 / np.sqrt(var + eps), _near(mean, var)
    values, middle, laid = (x, mean + rest, None) if near else (out, rest, _laid(mean, view))

    def add(place: _Part) -> Any:
        if not near:
            _met(np.subtract, x[place], laid, place, out[place])
        return _channel_sums(g[place]), _channel_products(g[place], values[place])

    total, across = _joined(of_parts(add, parts, x.size), parts, x.shape[1], x.dtype)
    by_weight = ((across - middle * total) * root).astype(x.dtype)
    by_bias = total.astype(x.dtype)
    scale = root if weight is None else root * weight[:, 0]
    slope = by_weight * root * scale / -n
    shift = -middle * slope - by_bias * scale / n
    scales, slopes, shifts = (_laid(one, x.shape) for one in (scale, slope, shift))

    rooms = Rooms(x, parts)

    def spread(place: _Part) -> None:
        part, room = g[place], rooms.taken()
        own = room[: len(part), : part.shape[1]]
        scaled = _met(np.multiply, part, scales, place, own)
        to = _met(np.multiply, values[place], slopes, place, out[place])
        to += scaled
        _met(np.add, to, shifts, place, to)
        rooms.give(room)

    of_parts(spread, parts, x.size)
    return whole, by_weight[:, None], by_bias[:, None]


# -- what both need -------------------------------------------------------------------------------


def _count(view: _Shape, axes: _Shape) -> int:
    return max(math.prod([view[axis] for axis in axes]), 1)


def scale_of(weight: Any, var: Any, eps: float) -> Any:
    """w / √(var + ε), of each channel; ``weight`` may be None.

    >>> scale_of(np.array([3.0]), np.array([4.0]), 0.0)
    array([1.5])
    """
    root = 1 / np.sqrt(var + eps)
    return root if weight is None else weight * root


def _scaled(x: Any, mean: Any, var: Any, weight: Any, bias: Any, *, eps: float) -> Any:
    shape = (-1, *[1] * (x.ndim - 2))
    out = (x - np.reshape(mean, shape)) * np.reshape(scale_of(weight, var, eps), shape)
    return out if bias is None else out + np.reshape(bias, shape)


@kernel(plain=_scaled)
def scaled(x: Any, mean: Any, var: Any, weight: Any, bias: Any, *, eps: float) -> Any:
    """(x - mean) / √(var + ε) w + b for each channel of ``x``, (N, C, ...); the others are (C).

    As in :func:`standardized` the mean is subtracted first only where that may save digits.

    >>> mean, var, weight, bias = np.array([[1.0], [0.25], [1.0], [0.5]])
    >>> scaled(np.array([[3.0]]), mean, var, weight, bias, eps=0.0)
    array([[4.5]])
    """
    if _small(x):
        return _scaled(in_rows(x), mean, var, weight, bias, eps=eps)
    view = (*x.shape[:2], math.prod(x.shape[2:]))
    whole = np.empty(x.shape, x.dtype)
    rows, out = x.reshape(view), whole.reshape(view)
    scale, shift = scale_of(weight, var, eps), bias
    if near := _near(mean, var):
        shift = -mean * scale if bias is None else bias - mean * scale
    middles, scales = None if near else _laid(mean, view), _laid(scale, view)
    shifts = None if shift is None else _laid(shift, view)

    def work(place: _Part) -> None:
        part, to = rows[place], out[place]
        if middles is not None:
            part = _met(np.subtract, part, middles, place, to)
        _met(np.multiply, part, scales, place, to)
        if shifts is not None:
            _met(np.add, to, shifts, place, to)

    of_parts(work, _parts(view), out.size)
    return whole


def _plainly_moved_at(out: Any, found: Any, share: float) -> None:
    out[...] = out * (1 - share) + found * share


@kernel(plain=_plainly_moved_at)
def moved_at(out: Any, found: Any, share: float) -> None:
    """Move ``out`` towards what was ``found``, in its own memory."""
    _plainly_moved_at(out, found, share)
