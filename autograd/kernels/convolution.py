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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel, room
from autograd.arrays.threads import run_all
from autograd.kernels.sums import sum_over

BLOCK = 2**20  # numbers in a block at most
BLOCKS = 8  # among which an array is shared out, where it has enough numbers
SMALL = 2**19  # numbers in a block at least: fewer, and calls of Python show
SHARES = 16  # sums over samples that are added up at the end, at most
RUN = 32  # numbers next to each other from which on copies are at their speed
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
    numbers = min(max(n * places * column // BLOCKS, SMALL), BLOCK)
    wanted, row = max(numbers // column, WIDE), places // size[0]
    samples = max(wanted // places, 1)
    rows = min(max(wanted // row, 1), size[0])
    return [
        _Part(first, min(n, first + samples), top, min(size[0], top + rows))
        for first in range(0, n, samples)
        for top in range(0, size[0], rows)
    ]


def _surrounded(
    x: Any, part: _Part, size: Any, kernel: Any, geometry: Geometry, last: bool = False
) -> Any:
    """What the windows of a part see, zeros where x (N, C, ...) has no elements: (n, C, *reach),
    or with channels as the ``last`` axis."""
    reach = geometry.reach((part.bottom - part.top, *size[1:]), kernel)
    starts = [-before for before in geometry.before]
    starts[0] += part.top * geometry.stride[0]
    seen, held = [], []
    for start, end, n in zip(starts, reach, x.shape[2:], strict=True):
        low = min(max(start, 0), n)
        high = max(low, min(start + end, n))
        seen.append(slice(low, high))
        held.append(slice(low - start, high - start))
    some = x[(slice(part.first, part.end), ALL, *seen)]
    if last:
        out = np.zeros((len(some), *reach, x.shape[1]), x.dtype)
        np.moveaxis(out, -1, 1)[(ALL, ALL, *held)] = some
    else:
        out = np.zeros((*some.shape[:2], *reach), x.dtype)
        out[(ALL, ALL, *held)] = some
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

    Of many channels, which come last then, a window is a row, (n · places, taps · C): what it sees
    along the last axis is one run. Of few channels a tap is a row, (n, C · taps, places), and
    products come out as they are stored. Windows of one element need no copy.
    """

    def __init__(
        self, x: Any, size: Any, kernel: Any, geometry: Geometry, ones: bool = False
    ) -> None:
        self.x, self.size, self.kernel, self.geometry = x, size, kernel, geometry
        self.are_x = geometry.is_pointwise(kernel) and math.prod(size) >= WIDE
        self.in_rows = x.shape[1] * kernel[-1] >= RUN and not self.are_x
        self.ones = ones and not self.are_x  # one tap more, whose weight is the bias
        self.taps = x.shape[1] * math.prod(kernel)
        self.spare: list[Any] = []  # buffers of parts that are done

    @contextmanager
    def of(self, part: _Part) -> Iterator[Any]:
        """The columns of a part, as long as it is worked on."""
        if self.are_x:
            some = part.of(self.x)
            yield np.reshape(some, (*some.shape[:2], -1))
            return
        size, kernel, last = (part.bottom - part.top, *self.size[1:]), self.kernel, self.in_rows
        count, width, column = part.end - part.first, math.prod(size), self.taps + self.ones
        buffer = self.spare.pop() if self.spare else None
        if buffer is None or buffer.size < count * width * column:
            buffer = np.empty(count * width * column, self.x.dtype)
        held = buffer[: count * width * column]
        held = np.reshape(held, (count * width, column) if last else (count, column, width))
        seen = _surrounded(self.x, part, self.size, kernel, self.geometry, last)
        windows = _windows(seen, kernel, size, self.geometry, last)
        held[:, self.taps :] = 1
        np.copyto(np.reshape(held[:, : self.taps], windows.shape), windows)
        yield held
        self.spare.append(buffer)


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
    size, kernel, groups = out.shape[2:], weight.shape[2:], geometry.groups
    if groups > 1:
        if weight.shape[1] == 1:
            return _tap_by_tap(x, weight, bias, out, geometry)
        biases = [None] * groups if bias is None else np.split(bias, groups)
        shares = zip(
            np.split(x, groups, 1), np.split(weight, groups), biases, np.split(out, groups, 1)
        )
        alone = geometry._replace(groups=1)
        return [task for share in shares for task in _products(*share, alone)]
    columns = _Columns(x, size, kernel, geometry, bias is not None)
    w = np.moveaxis(weight, 1, -1) if columns.in_rows else weight
    w = np.reshape(w, (len(weight), -1))
    if columns.ones:
        w = np.concatenate([w, bias[:, None]], 1)

    def work(part: _Part) -> None:
        given = part.of(out)
        with columns.of(part) as held:
            if columns.in_rows:
                made = np.matmul(held, w.T)
                made = np.reshape(made, (len(given), *given.shape[2:], len(w)))
                np.copyto(np.moveaxis(given, 1, -1), made)
            elif out.flags.c_contiguous:
                np.matmul(w, held, out=np.reshape(given, (len(given), len(w), -1)))
            else:
                np.copyto(given, np.reshape(np.matmul(w, held), given.shape))
        if bias is not None and not columns.ones:
            np.add(given, np.reshape(bias, (-1, *[1] * len(size))), out=given)

    parts = _parts(len(x), columns.taps + len(weight), size)
    return [partial(work, part) for part in parts]


# -- channels with kernels of their own ------------------------------------------------------------
# Products of one row are slow: these are taken tap by tap.


def _seen_by_taps(
    x: Any, part: _Part, size: Any, kernel: Any, geometry: Geometry
) -> tuple[Any, list[Any]]:
    """(rows, how long rows are; what each tap sees of them, (n, C, ...) in one run).

    Where windows are next to each other, rows are as long as what they look at: nothing is copied.
    """
    seen = _surrounded(x, part, size, kernel, geometry)
    size = (part.bottom - part.top, *size[1:])
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
    x = x if outs == x.shape[1] else np.repeat(x, outs // x.shape[1], 1)
    parts = _parts(len(g), outs, places)
    sums = [np.empty(0)] * len(parts)

    def work(i: int) -> None:
        given = parts[i].of(g)
        rows, seen = _seen_by_taps(x, parts[i], places, size, geometry)
        wide = np.zeros((*given.shape[:2], *rows), g.dtype)
        wide[(ALL, ALL, *map(slice, given.shape[2:]))] = given
        flat = np.reshape(wide, (*given.shape[:2], -1))[:, :, : seen[0].shape[2]]
        sums[i] = np.stack([sum_over(np.vecdot(each, flat), axis=0) for each in seen], 1)

    run_all([partial(work, i) for i in range(len(parts))])
    total = sum_over(np.stack(sums), axis=0) if parts else np.zeros(outs * math.prod(size), g.dtype)
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
    if groups > 1:
        if groups == x.shape[1]:
            return _slopes_tap_by_tap(g, x, size, geometry)
        alone = geometry._replace(groups=1)
        pairs = zip(np.split(g, groups, 1), np.split(x, groups, 1), strict=True)
        return np.concatenate([slopes(one, y, size=size, geometry=alone) for one, y in pairs])
    columns = _Columns(x, places, size, geometry)
    parts = _parts(len(g), columns.taps + outs, places)
    each = -(-len(parts) // SHARES) or 1
    shares = [parts[i : i + each] for i in range(0, len(parts), each)]
    sums = np.zeros((len(shares), outs, columns.taps), g.dtype)

    def work(share: list[_Part], total: Any) -> None:
        for part in share:
            given = part.of(g)
            with columns.of(part) as held:
                if columns.in_rows:
                    total += np.matmul(np.reshape(np.swapaxes(given, 0, 1), (outs, -1)), held)
                else:
                    given = np.reshape(given, (len(given), outs, -1))
                    total += np.add.reduce(np.matmul(held, np.swapaxes(given, 1, 2)), 0).T

    run_all([partial(work, share, total) for share, total in zip(shares, sums, strict=True)])
    total = sum_over(sums, axis=0)
    if columns.in_rows:
        total = np.swapaxes(np.reshape(total, (outs, -1, x.shape[1])), 1, 2)
    return np.reshape(total, (outs, x.shape[1], *size))


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
    seen = _surrounded(x, _Part(0, len(x), 0, size[0]), size, kernel, geometry)
    return np.copy(_windows(seen, kernel, size, geometry), order="C")


@kernel
def uncolumned(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns added up where they come from, (N, C, *size): the adjoint of :func:`columns`.

    >>> g = Geometry((1,), (0,), (1,))
    >>> uncolumned(np.ones((1, 1, 2, 2)), size=(3,), kernel=(2,), geometry=g)
    array([[[1., 2., 1.]]])
    """
    return np.copy(_added_up(columns, size=size, kernel=kernel, geometry=geometry))
