"""Windows of many samples copied side by side, as columns, in parts that threads share.

The windows of a whole batch would spill the processor's cache: they are copied for a few samples
at a time, or for a few rows of one, into room that the next part gets again (Chellapilla, Puri &
Simard 2006, "High performance convolutional neural networks for document processing", whose columns
are those of a whole image).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.arguments import ALL
from autograd.arrays.dialect import kernel, room
from autograd.kernels.parts import rows_of

BLOCK = 2**19  # numbers in a part: fewer, and calls of Python show; more leave the cache
RUN = 32  # numbers next to each other from which on copies are at their speed
BROAD = 128  # elements in a row from which on a channel's copies are as fast as those of pixels
SEVERAL = 24  # channels of a sequence from which on products of taps are faster than of columns
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
        """Whether windows are single elements, one after the other, from the first on."""
        return {*kernel, *self.stride, 1} == {1} and not any(self.before)


# -- windows --------------------------------------------------------------------------------------


def plain_windows(x: Any, kernel: Any, size: Any, geometry: Geometry) -> Any:
    """The windows of x (N, C, ...) as (N, C, *size, *kernel)."""
    reach = geometry.reach(size, kernel)
    pairs = list(zip(reach, x.shape[2:], geometry.before))
    more = [(before, max(0, end - n - before)) for end, n, before in pairs]
    x = np.pad(x, ((0, 0), (0, 0), *more))[(ALL, ALL, *[slice(end) for end in reach])]
    spans = geometry.reach((1,) * len(size), kernel)
    every = np.lib.stride_tricks.sliding_window_view(x, spans, tuple(range(2, x.ndim)))
    apart = [slice(None, None, step) for step in (*geometry.stride, *geometry.dilation)]
    return every[(ALL, ALL, *apart)]


class Part(NamedTuple):
    """Some samples, and of them some rows of windows."""

    samples: slice
    rows: slice

    def of(self, array: Any) -> Any:
        """What belongs to the part of (N, C, *size)."""
        return array[self.samples, :, self.rows]


def parts_of(n: int, column: int, size: tuple[int, ...]) -> list[Part]:
    """What is worked on at a time. ``column`` numbers belong to each of ``size`` windows.

    >>> len(parts_of(8, 2**18, (1, 2)))
    8
    """
    places = math.prod(size)
    if n == 0 or places == 0:
        return []
    some, high = rows_of(n, places * column, BLOCK), [slice(0, size[0])]
    if some[0].stop == 1:
        high = rows_of(size[0], places // size[0] * column, max(BLOCK, WIDE * column))
        high[-1] = slice(high[-1].start, size[0])
    return [Part(samples, rows) for rows in high for samples in some]


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


def surrounded(x: Any, size: Any, kernel: Any, top: int, geometry: Geometry) -> Any:
    """What windows from the row ``top`` on see, zeros where x has no elements: (N, C, *reach)."""
    reach = geometry.reach(size, kernel)
    seen, held = _seen(x.shape[2:], reach, top, geometry)
    some = x[seen]
    if some.shape[2:] == reach:
        return np.ascontiguousarray(some)
    out = np.zeros((*x.shape[:2], *reach), x.dtype)
    out[held] = some
    return out


def windows(x: Any, kernel: Any, size: Any, geometry: Geometry, last: bool = False) -> Any:
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


class Columns:
    """The windows of samples side by side, for one part after the other.

    Where channels are many and images narrow, channels come last and a window is a row,
    (n · places, taps · C): what it sees along the last axis is one run. Else a tap is a row,
    (n, groups, C / groups · taps, places): copies are as long as rows of an image, and products
    come out as they are stored. Windows of one element need no copy. Sequences of several
    channels, and channels with kernels of their own, are taken ``by_taps``, without columns.
    """

    def __init__(self, x: Any, size: Any, kernel: Any, geometry: Geometry) -> None:
        self.x, self.size, self.kernel, self.geometry = x, size, kernel, geometry
        whole = size == x.shape[2:] and math.prod(size) >= WIDE
        self.are_x = whole and geometry.is_pointwise(kernel)
        many, narrow = x.shape[1] * kernel[-1] >= RUN, size[-1] < BROAD
        self.in_rows = many and narrow and geometry.groups == 1 and not self.are_x
        of_group = x.shape[1] // geometry.groups
        runs = geometry.stride == (1,) and not narrow and not self.are_x
        self.by_taps = of_group == 1 < geometry.groups or (runs and of_group >= SEVERAL)
        self.taps = x.shape[1] * math.prod(kernel)
        self.idle: list[_Room] = []

    @contextmanager
    def of(self, part: Part) -> Iterator[Any]:
        """The columns of a part, in room that no other task writes to meanwhile."""
        if self.are_x:
            some, groups = part.of(self.x), self.geometry.groups
            yield np.reshape(some, (len(some), groups, self.taps // groups, -1))
            return
        try:
            room = self.idle.pop()
        except IndexError:
            room = _Room()
        yield room.filled(self, part)
        self.idle.append(room)


class _Room:
    """Where the columns of one part after the other are laid out."""

    def __init__(self) -> None:
        self.like: Any = None  # which part it is laid out for: most are alike

    def filled(self, columns: Columns, part: Part) -> Any:
        """The columns of a part, until those of another are asked for."""
        some = columns.x[part.samples]
        like = (len(some), part.rows)
        if like != self.like:
            self._lay_out(columns, *like)
            self.like = like
        self.inside[...] = some[self.seen]
        self.copies[...] = self.windows
        return self.matrix

    def _lay_out(self, columns: Columns, samples: int, rows: slice) -> None:
        """Room for what windows see, with zeros where x has no elements, and for copies."""
        x, geometry, groups = columns.x, columns.geometry, columns.geometry.groups
        size = (rows.stop - rows.start, *columns.size[1:])
        reach = geometry.reach(size, columns.kernel)
        self.seen, held = _seen(x.shape[2:], reach, rows.start, geometry)
        shape: tuple[int, ...]
        if columns.in_rows:
            room = np.zeros((samples, *reach, x.shape[1]), x.dtype)
            self.inside = np.moveaxis(room, -1, 1)[held]
            shape = (samples * math.prod(size), columns.taps)
        else:
            room = np.zeros((samples, x.shape[1], *reach), x.dtype)
            self.inside = room[held]
            shape = (samples, groups, columns.taps // groups, math.prod(size))
        self.windows = windows(room, columns.kernel, size, geometry, columns.in_rows)
        self.copies = np.empty(self.windows.shape, x.dtype)
        self.matrix = np.reshape(self.copies, shape)


# -- the columns of all samples -------------------------------------------------------------------


def _columns(x: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    rank = len(size)
    seen = plain_windows(x, kernel, size, geometry)
    order = (0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
    return np.copy(np.transpose(seen, order))


@kernel(plain=_columns)
def columns(x: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """The windows of x (N, C, ...) side by side: (N, C, *kernel, *size).

    >>> g = Geometry((1,), (0,), (1,))
    >>> columns(np.arange(3.0).reshape(1, 1, 3), size=(2,), kernel=(2,), geometry=g)
    array([[[[0., 1.],
             [1., 2.]]]])
    """
    seen = surrounded(x, size, kernel, 0, geometry)
    return np.copy(windows(seen, kernel, size, geometry), order="C")


def added_up(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
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


@kernel
def uncolumned(columns: Any, *, size: Any, kernel: Any, geometry: Geometry) -> Any:
    """Columns added up where they come from, (N, C, *size): the adjoint of :func:`columns`.

    >>> g = Geometry((1,), (0,), (1,))
    >>> uncolumned(np.ones((1, 1, 2, 2)), size=(3,), kernel=(2,), geometry=g)
    array([[[1., 2., 1.]]])
    """
    return np.copy(added_up(columns, size=size, kernel=kernel, geometry=geometry))
