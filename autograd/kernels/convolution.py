"""Convolutions over any number of axes, by columns: windows copied side by side, then one product.

The three are one trilinear form, Σ x[n, c, p·stride + k·dilation - before] w[o, c, k] g[n, o, p],
without g, without x, without w; so each is the gradient of the two others. The windows of a whole
batch would spill the processor's cache: they are copied for a few samples at a time, or for a few
rows of one, into a buffer that fits (Chellapilla, Puri & Simard 2006, "High performance
convolutional neural networks for document processing", whose columns are those of a whole image).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel, room

CACHE = 2**18  # numbers in a buffer of columns: 1 MB of float32, which a core's cache holds
WIDE = 256  # columns from which on a matrix product is at its speed


class Geometry(NamedTuple):
    """How windows lie: along each axis the steps between them, the places before the first
    element at which they begin, the steps within them; and in how many groups channels are."""

    stride: tuple[int, ...]
    before: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int = 1

    def reach(self, size: tuple[int, ...], kernel: tuple[int, ...]) -> tuple[int, ...]:
        """Over how many elements ``size`` windows reach."""
        steps = zip(size, kernel, self.stride, self.dilation, strict=True)
        return tuple([(n - 1) * s + (k - 1) * d + 1 for n, k, s, d in steps])

    def is_pointwise(self, kernel: tuple[int, ...]) -> bool:
        """Whether windows are single elements, one after the other."""
        return {*kernel, *self.stride, 1} == {1} and not any(self.before)


class Taps:
    """The places in a window, one after the other, and what each of them looks at."""

    def __init__(self, size: tuple[int, ...], kernel: tuple[int, ...], geometry: Geometry) -> None:
        self.size, self.kernel, self.geometry = size, kernel, geometry

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """For each tap an index of the elements that it sees in an array that has all of them."""
        stride, _, dilation, _ = self.geometry
        for tap in product(*map(range, self.kernel)):
            steps = zip(tap, self.size, stride, dilation, strict=True)
            yield tuple([slice(i * d, i * d + (n - 1) * s + 1, s) for i, n, s, d in steps])


# -- windows --------------------------------------------------------------------------------------


def _plain_windows(x: Any, kernel: Any, size: Any, geometry: Geometry) -> Any:
    """The windows of x (N, C, ...) as (N, C, *size, *kernel)."""
    reach = geometry.reach(size, kernel)
    pairs = list(zip(reach, x.shape[2:], geometry.before))
    more = [(before, max(0, end - n - before)) for end, n, before in pairs]
    x = np.pad(x, ((0, 0), (0, 0), *more))[(ALL, ALL, *[slice(end) for end in reach])]
    spans = geometry.reach((1,) * len(size), kernel)
    every = np.lib.stride_tricks.sliding_window_view(x, spans, tuple(range(2, x.ndim)))
    apart = [slice(None, None, step) for step in (*geometry.stride, *geometry.dilation)]
    return every[(ALL, ALL, *apart)]


class _Samples:
    """Samples one block after the other, with what windows see around them."""

    def __init__(self, x: Any, reach: tuple[int, ...], geometry: Geometry) -> None:
        self.x = x
        inside = zip(x.shape[2:], reach, geometry.before, strict=True)
        places = [(before, max(0, min(n, end - before))) for n, end, before in inside]
        self.seen = (ALL, ALL, *[slice(n) for _, n in places])
        self.held = (ALL, ALL, *[slice(before, before + n) for before, n in places])
        self.reach = reach
        self.padded: Any = None
        self.last: tuple[int, int] | None = None
        self.plain = all(n == end for (_, n), end in zip(places, reach, strict=True))

    def block(self, first: int, end: int) -> Any:
        """Samples (n, C, *reach), which are overwritten by the next block."""
        samples = self.x[first:end][self.seen]
        if self.plain:
            return samples
        if self.padded is None:
            self.padded = np.zeros((end - first, self.x.shape[1], *self.reach), self.x.dtype)
        padded = self.padded[: end - first]
        if self.last != (first, end):
            padded[self.held] = samples
            self.last = first, end
        return padded


def _windows(x: Any, kernel: Any, size: Any, geometry: Geometry) -> Any:
    """A look at the windows of samples (N, C, *reach): (N, C, *kernel, *size)."""
    steps = x.strides[2:]
    inner = [step * d for step, d in zip(steps, geometry.dilation, strict=True)]
    outer = [step * s for step, s in zip(steps, geometry.stride, strict=True)]
    return np.lib.stride_tricks.as_strided(
        x, (*x.shape[:2], *kernel, *size), (*x.strides[:2], *inner, *outer), writeable=False
    )


def _blocks(n: int, column: int, size: tuple[int, ...]) -> tuple[int, int]:
    """How many samples, and how many rows of a sample, are copied at a time.

    ``column`` numbers are in a column, and a sample has a column for each of ``size``.
    """
    places = math.prod(size)
    if column * places <= 2 * CACHE or n * places <= WIDE:
        samples = max(CACHE // max(column * places, 1), -(-WIDE // max(places, 1)))
        return min(max(n, 1), samples), size[0]
    row = places // size[0]
    return 1, min(size[0], max(1, CACHE // (column * row), WIDE // row))


def _parts(n: int, column: int, size: tuple[int, ...]) -> Iterator[tuple[int, int, int, int]]:
    """(first sample, end, first row, end) of each part, in order."""
    samples, rows = _blocks(n, column, size)
    for first in range(0, n, samples):
        for row in range(0, size[0], rows):
            yield first, min(n, first + samples), row, min(size[0], row + rows)


def _views(
    rows: int, kernel: tuple[int, ...], reach: tuple[int, ...], geometry: Geometry
) -> tuple[list[int], int]:
    """Where in a flat sample of size ``reach`` each tap's view of ``rows`` rows of windows, one
    element apart, begins; how long it is up to the last window."""
    steps = [math.prod(reach[i + 1 :]) for i in range(len(reach))]
    facts = list(zip(kernel, geometry.dilation, steps, strict=True))
    lines = [[tap * d * step for tap in range(k)] for k, d, step in facts]
    tail = sum([(k - 1) * d * step for k, d, step in facts[1:]])
    return [sum(places) for places in product(*lines)], rows * steps[0] - tail


# -- the product with the weight ------------------------------------------------------------------


def _convolved(x: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    kernel, groups = weight.shape[2:], geometry.groups
    n, taps, places = x.shape[0], math.prod(kernel), math.prod(size)
    windows = np.reshape(
        _plain_windows(x, kernel, size, geometry),
        (n, groups, x.shape[1] // groups, places, taps),
    )
    w = np.reshape(weight, (groups, weight.shape[0] // groups, weight.shape[1], taps))
    out = np.reshape(np.einsum("ngcpk,gock->ngop", windows, w), (n, weight.shape[0], *size))
    return out if bias is None else out + np.reshape(bias, (-1, *[1] * len(size)))


@kernel(plain=_convolved)
def convolved(x: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    """x (N, C, ...), weight (O, C / groups, *kernel), bias (O) or None -> (N, O, *size).

    >>> g = Geometry((1,), (0,), (1,))
    >>> convolved(np.arange(4.0).reshape(1, 1, 4), np.ones((1, 1, 2)), None, size=(3,), geometry=g)
    array([[[1., 3., 5.]]])
    """
    n, kernel, groups = x.shape[0], weight.shape[2:], geometry.groups
    places, column = math.prod(size), x.shape[1] * math.prod(kernel)
    w = np.reshape(weight, (groups, weight.shape[0] // groups, -1))
    out = np.empty((n, groups, w.shape[1], places), x.dtype)
    shift = None if bias is None else np.reshape(bias, (groups, -1, 1))
    if places >= WIDE and geometry.is_pointwise(kernel):
        samples = min(n, max(1, CACHE // (column * places)))
        for first in range(0, n, samples):
            some = x[first : first + samples]
            part = out[first : first + samples]
            np.matmul(w, np.reshape(some, (len(some), groups, -1, places)), out=part)
            if shift is not None:
                part += shift
        return np.reshape(out, (n, weight.shape[0], *size))
    samples = _Samples(x, geometry.reach(size, kernel), geometry)
    if _is_depthwise(x.shape[1], weight, groups) and {*geometry.stride} == {1}:
        return _channel_by_channel(samples, weight, bias, size, geometry)
    buffer: Any = None
    row = places // size[0]
    for first, end, top, bottom in _parts(n, column, size):
        count, width = end - first, (bottom - top) * row
        if buffer is None:
            buffer = np.empty(column * count * width, x.dtype)
        looked_at = _windows(samples.block(first, end), kernel, size, geometry)
        looked_at = looked_at[(ALL,) * (2 + len(size)) + (slice(top, bottom),)]
        held = buffer[: column * count * width]
        part = out[first:end, ..., top * row : bottom * row]
        if count == 1 or width >= WIDE:
            np.copyto(np.reshape(held, looked_at.shape), looked_at)
            np.matmul(w, np.reshape(held, (count, groups, -1, width)), out=part)
            if shift is not None:
                part += shift
        else:  # products of few columns are slow: those of all samples side by side
            looked_at = np.moveaxis(looked_at, 0, -1 - len(size))
            np.copyto(np.reshape(held, looked_at.shape), looked_at)
            made = np.matmul(w, np.reshape(held, (groups, -1, count * width)))
            made = np.moveaxis(np.reshape(made, (*made.shape[:2], count, width)), 2, 0)
            np.copyto(part, made if shift is None else np.add(made, shift, out=made))
    return np.reshape(out, (n, weight.shape[0], *size))


def _is_depthwise(channels: int, weight: Any, groups: int) -> bool:
    """Whether each channel has a kernel of its own, whose products with columns would be slow."""
    return channels == weight.shape[0] == groups > 1


def _channel_by_channel(
    samples: _Samples, weight: Any, bias: Any, size: Any, geometry: Geometry
) -> Any:
    """:func:`convolved` of one kernel a channel, windows one element apart: tap by tap."""
    x, kernel = samples.x, weight.shape[2:]
    out = np.empty((*x.shape[:2], *size), x.dtype)
    factors = np.reshape(weight, (x.shape[1], -1, 1))
    step = max(1, CACHE // max(1, x.shape[1] * math.prod(samples.reach)))
    for first in range(0, len(x), step):
        part = out[first : first + step]
        some = samples.block(first, first + len(part))
        starts, length = _views(size[0], kernel, samples.reach, geometry)
        flat, sums = np.reshape(some, (*some.shape[:2], -1)), np.zeros(some.shape, x.dtype)
        long = np.reshape(sums, flat.shape)[:, :, :length]
        for i, start in enumerate(starts):
            long += factors[:, i] * flat[:, :, start : start + length]
        np.copyto(part, sums[(ALL, ALL, *map(slice, size))])
    return out if bias is None else np.add(out, np.reshape(bias, (-1, *[1] * len(size))), out=out)


# -- its adjoint ----------------------------------------------------------------------------------


def _added_up(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns (N, C, *kernel, *places) added up where they come from: (N, C, *size)."""
    places = columns.shape[2 + len(kernel) :]
    reach = geometry.reach(places, kernel)
    ends = zip(reach, size, geometry.before, strict=True)
    full = tuple([max(end, before + n) for end, n, before in ends])
    out = room((*columns.shape[:2], *full), columns.dtype, columns)
    for tap, seen in zip(product(*map(range, kernel)), Taps(places, kernel, geometry)):
        out[(ALL, ALL, *seen)] += columns[(ALL, ALL, *tap)]
    held = [slice(before, before + n) for before, n in zip(geometry.before, size, strict=True)]
    return out[(ALL, ALL, *held)]


def _transposed(g: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    kernel, places, groups = weight.shape[2:], g.shape[2:], geometry.groups
    n, taps, channels = g.shape[0], math.prod(kernel), weight.shape[1] * geometry.groups
    w = np.reshape(weight, (groups, weight.shape[0] // groups, weight.shape[1], taps))
    flat = np.reshape(g, (n, groups, w.shape[1], math.prod(places)))
    columns = np.einsum("ngop,gock->ngckp", flat, w)
    columns = np.reshape(columns, (n, channels, *kernel, *places))
    out = np.copy(_added_up(columns, size=size, kernel=kernel, geometry=geometry))
    return out if bias is None else out + np.reshape(bias, (-1, *[1] * len(size)))


@kernel(plain=_transposed)
def transposed(g: Any, weight: Any, bias: Any, *, size: Any, geometry: Geometry) -> Any:
    """The adjoint of :func:`convolved` in x: g (N, O, ...) -> (N, C, *size).

    >>> g = Geometry((2,), (0,), (1,))
    >>> transposed(np.ones((1, 1, 2)), np.ones((1, 1, 3)), None, size=(5,), geometry=g)
    array([[[1., 1., 2., 1., 1.]]])
    """
    kernel, places, groups = weight.shape[2:], g.shape[2:], geometry.groups
    n, channels = g.shape[0], weight.shape[1] * groups
    column = channels * math.prod(kernel)
    w = np.swapaxes(np.reshape(weight, (groups, weight.shape[0] // groups, -1)), 1, 2)
    shift = None if bias is None else np.reshape(bias, (-1, *[1] * len(size)))
    if geometry.is_pointwise(kernel):
        out = np.empty((n, groups, w.shape[1], math.prod(places)), g.dtype)
        np.matmul(w, np.reshape(g, (n, groups, -1, out.shape[-1])), out=out)
        out = np.reshape(out, (n, channels, *size))
        return out if shift is None else np.add(out, shift, out=out)
    reach = geometry.reach(places, kernel)
    inside = zip(size, reach, geometry.before, strict=True)
    seen = [max(0, min(m, end - before)) for m, end, before in inside]
    whole = tuple(seen) == tuple(size)
    out = (np.empty if whole else np.zeros)((n, channels, *size), g.dtype)
    runs = _Runs(g, reach, kernel, geometry)
    sums: Any = None
    made: Any
    for first, end, top, bottom in _parts(n, column, runs.places):
        if sums is None:
            sums = np.empty((channels, end - first, *reach), g.dtype)
        some = sums[:, : end - first]
        if top == 0:
            some.fill(0)
        given = runs.side_by_side(first, end, top, bottom)
        shape = (-1, end - first, given.size // (given.shape[0] * (end - first)))
        if _is_depthwise(channels, weight, groups):
            given = np.reshape(given, shape)
            made = (w[:, tap, :, None] * given for tap in range(w.shape[1]))
        else:
            columns = np.matmul(w, np.reshape(given, (groups, w.shape[2], -1)))
            made = iter(np.moveaxis(np.reshape(columns, (channels, *shape)), 1, 0))
        runs.add(made, some, top, bottom)
        if bottom == runs.places[0]:
            held = zip(geometry.before, seen, strict=True)
            found = some[(ALL, ALL, *[slice(before, before + m) for before, m in held])]
            out[(slice(first, end), ALL, *map(slice, seen))] = np.swapaxes(found, 0, 1)
    return out if shift is None else np.add(out, shift, out=out)


class _Runs:
    """How the columns of a gradient are added up: by whole runs where windows are next to each
    other, in rows as long as what they look at, else window by window along each axis."""

    def __init__(self, g: Any, reach: Any, kernel: Any, geometry: Geometry) -> None:
        self.g, self.kernel, self.geometry, self.reach = g, kernel, geometry, reach
        places = g.shape[2:]
        long = (places[0], *reach[1:])
        self.joined = {*geometry.stride} == {1} and math.prod(long) <= 1.5 * math.prod(places)
        self.places = long if self.joined else places
        self.rows: Any = None

    def side_by_side(self, first: int, end: int, top: int, bottom: int) -> Any:
        """The gradient of some samples, (O, samples, rows, ...)."""
        some = np.swapaxes(self.g[first:end, :, top:bottom], 0, 1)
        if self.places == self.g.shape[2:]:
            return some
        if self.rows is None or self.rows.shape[1:3] != some.shape[1:3]:
            self.rows = np.zeros((*some.shape[:3], *self.places[1:]), some.dtype)
        self.rows[(ALL, ALL, ALL, *map(slice, some.shape[3:]))] = some
        return self.rows

    def add(self, columns: Any, sums: Any, top: int, bottom: int) -> None:
        """Add columns, (C, samples, places) for each tap, to ``sums`` (C, samples, *reach)."""
        if not self.joined:
            size = (bottom - top, *self.places[1:])
            sums = sums[:, :, top * self.geometry.stride[0] :]
            for seen, one in zip(Taps(size, self.kernel, self.geometry), columns, strict=True):
                sums[(ALL, ALL, *seen)] += np.reshape(one, (*one.shape[:2], *size))
            return
        flat = np.reshape(sums, (*sums.shape[:2], -1))
        starts, length = _views(bottom - top, self.kernel, self.reach, self.geometry)
        top *= math.prod(self.reach[1:])
        for start, one in zip(starts, columns, strict=True):
            flat[:, :, top + start : top + start + length] += one[..., :length]


# -- the sum over samples -------------------------------------------------------------------------


def _slopes(g: Any, x: Any, *, size: Any, geometry: Geometry) -> Any:
    groups, places, taps = geometry.groups, g.shape[2:], math.prod(size)
    n, outs, channels = g.shape[0], g.shape[1], x.shape[1] // groups
    windows = np.reshape(
        _plain_windows(x, size, places, geometry), (n, groups, channels, math.prod(places), taps)
    )
    flat = np.reshape(g, (n, groups, outs // groups, math.prod(places)))
    return np.reshape(np.einsum("ngop,ngcpk->gock", flat, windows), (outs, channels, *size))


@kernel(plain=_slopes)
def slopes(g: Any, x: Any, *, size: Any, geometry: Geometry) -> Any:
    """The gradient of the weight, of kernel ``size``: g (N, O, ...), x -> (O, C / groups, *size).

    >>> x, g = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 1, 3))
    >>> slopes(g, x, size=(2,), geometry=Geometry((1,), (0,), (1,)))
    array([[[3., 6.]]])
    """
    n, groups, places = g.shape[0], geometry.groups, g.shape[2:]
    outs, channels = g.shape[1], x.shape[1] // groups
    column, row = x.shape[1] * math.prod(size), math.prod(places[1:])
    out = np.zeros((groups, outs // groups, channels * math.prod(size)), g.dtype)
    samples = _Samples(x, geometry.reach(places, size), geometry)
    buffer: Any = None
    for first, end, top, bottom in _parts(n, column, places):
        width = (end - first) * (bottom - top) * row
        if buffer is None:
            buffer = np.empty(column * width, x.dtype)
        looked_at = _windows(samples.block(first, end), size, places, geometry)
        looked_at = looked_at[(ALL,) * (2 + len(size)) + (slice(top, bottom),)]
        looked_at = np.moveaxis(looked_at, 0, -1 - len(size))
        held = buffer[: column * width]
        np.copyto(np.reshape(held, looked_at.shape), looked_at)
        given = np.reshape(np.swapaxes(g[first:end, :, top:bottom], 0, 1), (groups, -1, width))
        out += np.matmul(given, np.swapaxes(np.reshape(held, (groups, -1, width)), 1, 2))
    return np.reshape(out, (outs, channels, *size))


# -- columns themselves ---------------------------------------------------------------------------


def _columns(x: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    rank = len(size)
    windows = _plain_windows(x, kernel, size, geometry)
    order = (0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
    return np.copy(np.transpose(windows, order))


@kernel(plain=_columns)
def columns(x: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """The windows of x (N, C, ...) side by side: (N, C, *kernel, *size).

    >>> g = Geometry((1,), (0,), (1,))
    >>> columns(np.arange(3.0).reshape(1, 1, 3), size=(2,), kernel=(2,), geometry=g)
    array([[[[0., 1.],
             [1., 2.]]]])
    """
    samples = _Samples(x, geometry.reach(size, kernel), geometry)
    return np.copy(_windows(samples.block(0, x.shape[0]), kernel, size, geometry), order="C")


@kernel
def uncolumned(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns added up where they come from, (N, C, *size): the adjoint of :func:`columns`.

    >>> g = Geometry((1,), (0,), (1,))
    >>> uncolumned(np.ones((1, 1, 2, 2)), size=(3,), kernel=(2,), geometry=g)
    array([[[1., 2., 1.]]])
    """
    return np.copy(_added_up(columns, size=size, kernel=kernel, geometry=geometry))
