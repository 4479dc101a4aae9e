"""Convolutions over any number of axes, by columns: windows copied side by side, then one product.

The three are one trilinear form, Σ x[n, c, p·stride + k·dilation - before] w[o, c, k] g[n, o, p],
without g, without x, without w; so each is the gradient of the two others. The windows of a whole
batch would spill the processor's cache: they are copied for a few samples at a time, or for a few
rows of one, into a buffer (Chellapilla, Puri & Simard 2006, "High performance convolutional neural
networks for document processing", whose columns are those of a whole image). Threads take such
blocks from one list.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel, room
from autograd.arrays.threads import run_all
from autograd.kernels.sums import sum_over

BLOCK = 2**19  # numbers in a block: fewer, and calls of Python show; more leave the cache
SHARES = 16  # tasks that an array is shared out among, at most
RUN = 32  # numbers next to each other from which on copies are at their speed
BROAD = 128  # elements in a row from which on a channel's copies are as fast as those of pixels
WIDE = 128  # columns from which on a matrix product is


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


class _Part(NamedTuple):
    """Some samples, and of them some rows of windows."""

    first: int
    end: int
    top: int
    bottom: int

    def of(self, array: Any) -> Any:
        """What belongs to the part of (N, C, *size)."""
        return array[self.first : self.end, :, self.top : self.bottom]


def _parts(n: int, column: int, size: tuple[int, ...]) -> list[_Part]:
    """What is worked on at a time. ``column`` numbers belong to each of ``size`` windows."""
    places = math.prod(size)
    if n == 0 or places == 0:
        return []
    count = -(-n * places * column // BLOCK)
    count += count % 2 if count > 1 else 0  # so that two threads have the same to do
    samples = -(-n // max(count, 1))
    rows = max(max(BLOCK // column, WIDE) * size[0] // places, 1) if samples == 1 else size[0]
    return [
        _Part(first, min(n, first + samples), top, min(size[0], top + rows))
        for top in range(0, size[0], rows)
        for first in range(0, n, samples)
    ]


def _shared(parts: list[_Part]) -> list[list[_Part]]:
    """The parts, among tasks that have as much to do."""
    each = -(-len(parts) // SHARES) or 1
    return [parts[i : i + each] for i in range(0, len(parts), each)]


def _seen(
    size: tuple[int, ...], reach: tuple[int, ...], top: int, geometry: Geometry
) -> tuple[Any, Any]:
    """Of an array (N, C, *size), what windows from the row ``top`` on see, which ``reach`` so far;
    where it is among these elements."""
    starts = [-before for before in geometry.before]
    starts[0] += top * geometry.stride[0]
    seen, held = [], []
    for start, end, n in zip(starts, reach, size, strict=True):
        low = min(max(start, 0), n)
        high = max(low, min(start + end, n))
        seen.append(slice(low, high))
        held.append(slice(low - start, high - start))
    return (ALL, ALL, *seen), (ALL, ALL, *held)


def _surrounded(x: Any, size: Any, kernel: Any, top: int, geometry: Geometry) -> Any:
    """What windows from the row ``top`` on see, zeros where x has no elements: (N, C, *reach)."""
    reach = geometry.reach(size, kernel)
    seen, held = _seen(x.shape[2:], reach, top, geometry)
    out = np.zeros((*x.shape[:2], *reach), x.dtype)
    out[held] = x[seen]
    return out


def _windows(x: Any, kernel: Any, size: Any, geometry: Geometry, last: bool = False) -> Any:
    """A look at the windows in samples (n, C, *reach): (n, C, *kernel, *size); with channels as the
    ``last`` axis, (n, *size, *kernel, C)."""
    steps = x.strides[1:-1] if last else x.strides[2:]
    inner = [step * d for step, d in zip(steps, geometry.dilation, strict=True)]
    outer = [step * s for step, s in zip(steps, geometry.stride, strict=True)]
    if last:
        shape, steps = (*size, *kernel), (*outer, *inner)
        shape, steps = (len(x), *shape, x.shape[-1]), (x.strides[0], *steps, x.strides[-1])
    else:
        shape, steps = (*x.shape[:2], *kernel, *size), (*x.strides[:2], *inner, *outer)
    return np.ndarray(shape, x.dtype, x, 0, steps)


class _Columns:
    """The windows of samples side by side, for one part after the other.

    Where channels are many and images narrow, channels come last and a window is a row,
    (n · places, taps · C): what it sees along the last axis is one run. Else a tap is a row,
    (n, groups, C / groups · taps, places): copies are as long as rows of an image, and products
    come out as they are stored. Windows of one element need no copy.
    """

    def __init__(self, x: Any, size: Any, kernel: Any, geometry: Geometry) -> None:
        self.x, self.size, self.kernel, self.geometry = x, size, kernel, geometry
        self.are_x = geometry.is_pointwise(kernel) and math.prod(size) >= WIDE
        many, narrow = x.shape[1] * kernel[-1] >= RUN, size[-1] < BROAD
        self.in_rows = many and narrow and geometry.groups == 1 and not self.are_x
        self.taps = x.shape[1] * math.prod(kernel)
        self.like: Any = None  # which part the following is for: most are alike
        self.buffer = np.empty(0, x.dtype)

    def of(self, part: _Part) -> Any:
        """The columns of a part, until those of another are asked for."""
        if self.are_x:
            some, groups = part.of(self.x), self.geometry.groups
            return np.reshape(some, (len(some), groups, self.taps // groups, -1))
        like = (part.end - part.first, part.top, part.bottom)
        if like != self.like:
            self._prepare(*like)
            self.like = like
        self.inside[...] = self.x[part.first : part.end][self.seen]
        self.copies[...] = self.windows
        return self.matrix

    def _prepare(self, samples: int, top: int, bottom: int) -> None:
        """Room for what windows see, with zeros where x has no elements, and for copies."""
        geometry, channels, groups = self.geometry, self.x.shape[1], self.geometry.groups
        size = (bottom - top, *self.size[1:])
        reach = geometry.reach(size, self.kernel)
        self.seen, held = _seen(self.x.shape[2:], reach, top, geometry)
        shape: tuple[int, ...]
        if self.in_rows:
            room = np.zeros((samples, *reach, channels), self.x.dtype)
            self.inside = np.moveaxis(room, -1, 1)[held]
            shape = (samples * math.prod(size), self.taps)
        else:
            room = np.zeros((samples, channels, *reach), self.x.dtype)
            self.inside = room[held]
            shape = (samples, groups, self.taps // groups, math.prod(size))
        self.windows = _windows(room, self.kernel, size, geometry, self.in_rows)
        if self.buffer.size < self.windows.size:
            self.buffer = np.empty(self.windows.size, self.x.dtype)
        self.copies = np.reshape(self.buffer[: self.windows.size], self.windows.shape)
        self.matrix = np.reshape(self.copies, shape)


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
    out = np.empty((x.shape[0], weight.shape[0], *size), x.dtype)
    run_all(_products(x, weight, bias, out, geometry))
    return out


def _products(
    x: Any, weight: Any, bias: Any, out: Any, geometry: Geometry
) -> list[Callable[[], None]]:
    """The tasks that write a convolution to ``out``."""
    size, groups, outs = out.shape[2:], geometry.groups, len(weight)
    if groups > 1 and weight.shape[1] == 1:
        return _tap_by_tap(x, weight, bias, out, geometry)
    columns = partial(_Columns, x, size, weight.shape[2:], geometry)
    in_rows, taps = columns().in_rows, math.prod(weight.shape[1:])
    w = np.reshape(np.moveaxis(weight, 1, -1) if in_rows else weight, (groups, -1, taps))
    w = np.ascontiguousarray(w[0].T) if in_rows else w
    last, direct = np.moveaxis(out, 1, -1), out.flags.c_contiguous

    def work(share: list[_Part]) -> None:
        own = columns()
        for part in share:
            given, held = part.of(out), own.of(part)
            if in_rows:
                rows = last[part.first : part.end, part.top : part.bottom]
                made = np.matmul(held, w)
                if bias is not None:
                    made += bias
                rows[...] = np.reshape(made, rows.shape)
            elif direct:
                shape = (len(given), groups, outs // groups, held.shape[-1])
                np.matmul(w, held, out=np.reshape(given, shape))
            else:
                given[...] = np.reshape(np.matmul(w, held), given.shape)
            if bias is not None and not in_rows:
                given += np.reshape(bias, (-1, *[1] * len(size)))

    parts = _parts(len(x), groups * taps + outs, size)
    return [partial(work, share) for share in _shared(parts)]


# -- channels with kernels of their own ------------------------------------------------------------
# Products of one row are slow: these are taken tap by tap.


def _seen_by_taps(
    x: Any, part: _Part, size: Any, kernel: Any, geometry: Geometry
) -> tuple[Any, list[Any]]:
    """(rows, how long rows are; what each tap sees of them, (n, C, ...) in one run).

    Where windows are next to each other, rows are as long as what they look at: nothing is copied.
    """
    size = (part.bottom - part.top, *size[1:])
    seen = _surrounded(x[part.first : part.end], size, kernel, part.top, geometry)
    if {*geometry.stride} != {1}:
        windows = _windows(seen, kernel, size, geometry)
        taps = [(ALL, ALL, *tap) for tap in product(*map(range, kernel))]
        return size, [np.reshape(windows[tap], (*seen.shape[:2], -1)) for tap in taps]
    rows, flat = (size[0], *seen.shape[3:]), np.reshape(seen, (*seen.shape[:2], -1))
    lines = [
        [step * d * i for i in range(k)]
        for step, d, k in zip(seen.strides[2:], geometry.dilation, kernel, strict=True)
    ]
    starts = [sum(places) // seen.itemsize for places in product(*lines)]
    length = min(math.prod(rows), flat.shape[2] - starts[-1])
    return rows, [flat[:, :, start : start + length] for start in starts]


def _tap_by_tap(
    x: Any, weight: Any, bias: Any, out: Any, geometry: Geometry
) -> list[Callable[[], None]]:
    """:func:`_products` of channels with kernels of their own."""
    size, kernel = out.shape[2:], weight.shape[2:]
    x = x if len(weight) == x.shape[1] else np.repeat(x, len(weight) // x.shape[1], 1)
    factors = np.reshape(weight, (len(weight), -1, 1))
    shift = 0 if bias is None else np.reshape(bias, (-1, *[1] * len(size)))

    def work(part: _Part) -> None:
        given = part.of(out)
        rows, seen = _seen_by_taps(x, part, size, kernel, geometry)
        sums = np.zeros((*given.shape[:2], *rows), x.dtype)
        flat, one = np.reshape(sums, (*given.shape[:2], -1)), np.empty_like(seen[0])
        flat = flat[:, :, : one.shape[2]]
        for i, each in enumerate(seen):
            np.multiply(each, factors[:, i], out=one)
            flat += one
        np.add(sums[(ALL, ALL, *map(slice, given.shape[2:]))], shift, out=given)

    return [partial(work, part) for part in _parts(len(x), len(weight), size)]


def _slopes_tap_by_tap(g: Any, x: Any, size: Any, geometry: Geometry) -> Any:
    """:func:`slopes` of channels with kernels of their own."""
    places, outs = g.shape[2:], g.shape[1]
    wide = x if outs == x.shape[1] else np.repeat(x, outs // x.shape[1], 1)
    parts = _parts(len(g), outs, places)
    sums = [np.empty(0)] * len(parts)

    def work(i: int) -> None:
        given = parts[i].of(g)
        rows, seen = _seen_by_taps(wide, parts[i], places, size, geometry)
        held = np.zeros((*given.shape[:2], *rows), g.dtype)
        held[(ALL, ALL, *map(slice, given.shape[2:]))] = given
        flat = np.reshape(held, (*given.shape[:2], -1))[:, :, : seen[0].shape[2]]
        sums[i] = np.stack([sum_over(np.vecdot(each, flat), axis=0) for each in seen], 1)

    with np.errstate(invalid="ignore"):
        run_all([partial(work, i) for i in range(len(parts))])
    total = sum_over(np.stack(sums), axis=0) if parts else np.zeros(outs * math.prod(size), g.dtype)
    if not np.isfinite(total).all():  # between rows, zeros met what is not finite
        return _slopes(g, x, size=size, geometry=geometry)
    return np.reshape(total, (outs, 1, *size))


# -- its adjoint ----------------------------------------------------------------------------------


def _added_up(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns (N, C, *kernel, *places) added up where they come from: (N, C, *size)."""
    places = columns.shape[2 + len(kernel) :]
    reach = geometry.reach(places, kernel)
    ends = zip(reach, size, geometry.before, strict=True)
    full = tuple([max(end, before + n) for end, n, before in ends])
    out = room((*columns.shape[:2], *full), columns.dtype, columns)
    steps = list(zip(places, geometry.stride, geometry.dilation, strict=True))
    for tap in product(*map(range, kernel)):
        facts = zip(tap, steps, strict=True)
        seen = [slice(i * d, i * d + (n - 1) * s + 1, s) for i, (n, s, d) in facts]
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

    Elements that lie a stride apart see the same taps: they are a convolution of g with these,
    turned round.

    >>> g = Geometry((2,), (0,), (1,))
    >>> transposed(np.ones((1, 1, 2)), np.ones((1, 1, 3)), None, size=(5,), geometry=g)
    array([[[1., 1., 2., 1., 1.]]])
    """
    groups, shape = geometry.groups, weight.shape
    channels = shape[1] * groups
    turned = np.reshape(weight, (groups, shape[0] // groups, *shape[1:]))
    turned = np.reshape(np.swapaxes(turned, 1, 2), (channels, shape[0] // groups, *shape[2:]))
    out = np.empty((len(g), channels, *size), g.dtype)
    tasks: list[Callable[[], None]] = []
    lattices = [_lattices(*facts) for facts in zip(size, shape[2:], *geometry[:3], strict=True)]
    for lattice in product(*lattices):
        some, taps, before, dilation = zip(*lattice, strict=True)
        part, w = out[(ALL, ALL, *some)], turned[(ALL, ALL, *taps)]
        if w.size:
            apart = Geometry((1,) * len(size), before, dilation, groups)
            tasks += _products(g, w, bias, part, apart)
        else:
            part[...] = 0 if bias is None else np.reshape(bias, (-1, *[1] * len(size)))
    run_all(tasks)
    return out


def _lattices(
    size: int, kernel: int, stride: int, before: int, dilation: int
) -> list[tuple[slice, slice, int, int]]:
    """Along an axis, elements that lie a stride apart: which they are; the taps that see them, the
    last one first; how far before the first element their windows of the gradient begin; the steps
    within these."""
    found = []
    common = math.gcd(stride, dilation)
    for first in range(min(stride, size)):
        begun = (t for t in range(kernel) if (first + before - t * dilation) % stride == 0)
        tap = next(begun, kernel)
        taps = len(range(tap, kernel, stride // common))
        last = tap + (taps - 1) * (stride // common)
        at = (first + before - last * dilation) // stride
        turned = slice(last, tap - 1 if tap else None, -(stride // common))
        some = slice(first, None, stride)
        found.append((some, turned if taps else slice(0), -at, dilation // common))
    return found


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
    groups, places, outs = geometry.groups, g.shape[2:], g.shape[1]
    if groups > 1 and groups == x.shape[1]:
        return _slopes_tap_by_tap(g, x, size, geometry)
    columns = partial(_Columns, x, places, size, geometry)
    in_rows, taps = columns().in_rows, x.shape[1] // groups * math.prod(size)
    shares = _shared(_parts(len(g), groups * taps + outs, places))
    shape = (1, outs, taps) if in_rows else (groups, taps, outs // groups)
    sums = np.zeros((len(shares), *shape), g.dtype)

    def work(share: list[_Part], total: Any) -> None:
        own = columns()
        for part in share:
            given, held = part.of(g), own.of(part)
            if in_rows:
                total += np.matmul(np.reshape(np.swapaxes(given, 0, 1), (outs, -1)), held)
            else:
                given = np.reshape(given, (len(given), groups, outs // groups, held.shape[-1]))
                total += np.add.reduce(np.matmul(held, np.swapaxes(given, 2, 3)), 0)

    run_all([partial(work, share, total) for share, total in zip(shares, sums, strict=True)])
    total = sum_over(sums, axis=0)
    if in_rows:
        return np.moveaxis(np.reshape(total, (outs, *size, x.shape[1])), -1, 1)
    return np.reshape(np.swapaxes(total, 1, 2), (outs, x.shape[1] // groups, *size))


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
    seen = _surrounded(x, size, kernel, 0, geometry)
    return np.copy(_windows(seen, kernel, size, geometry), order="C")


@kernel
def uncolumned(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns added up where they come from, (N, C, *size): the adjoint of :func:`columns`.

    >>> g = Geometry((1,), (0,), (1,))
    >>> uncolumned(np.ones((1, 1, 2, 2)), size=(3,), kernel=(2,), geometry=g)
    array([[[1., 2., 1.]]])
    """
    return np.copy(_added_up(columns, size=size, kernel=kernel, geometry=geometry))
