"""The greatest of each window, and sums over windows, along any number of last axes.

A window's elements are taken one *tap* at a time: what tap k sees in all windows is one slice of
the array, so a window of k elements costs k passes over as many numbers as there are windows. What
lies outside of the array is left out by shorter slices; nothing is padded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel, room
from autograd.arrays.threads import run_all
from autograd.kernels.parts import rows_of

PART = 2**19  # numbers of an array that are worked on at a time, at most


class Windows(NamedTuple):
    """Windows along the last axes: how many, how long, the steps between them, the places before
    the first element at which they begin, the steps within them."""

    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    before: tuple[int, ...]
    dilation: tuple[int, ...]

    def along(self, axis: int, n: int) -> list[tuple[slice, slice]]:
        """Per tap along an axis of ``n`` elements: the windows in which it is an element; these."""
        size, kernel, stride, before, dilation = [facts[axis] for facts in self]
        found = []
        for tap in range(kernel):
            start = tap * dilation - before
            first = max(0, -(start // stride))  # the first window whose tap is not before 0
            end = min(size, (n - 1 - start) // stride + 1)
            count = max(0, end - first)
            begin = first * stride + start
            last = begin + (count - 1) * stride + 1 if count else begin
            found.append((slice(first, first + count), slice(begin, last, stride)))
        return found

    def taps(self, shape: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
        """Per tap, the last one fastest: an index of windows, one of the elements it sees."""
        rank = len(self.size)
        along = [self.along(i, n) for i, n in enumerate(shape[-rank:])]
        for pairs in product(*along):
            yield (..., *[w for w, _ in pairs]), (..., *[seen for _, seen in pairs])

    def are_apart(self, shape: tuple[int, ...]) -> bool:
        """Whether they neither overlap nor reach out of the array."""
        facts = zip(self.size, self.kernel, self.stride, self.before, self.dilation)
        inside = zip(facts, shape[-len(self.size) :])
        return all(
            s >= k and d == 1 and not p and (m - 1) * s + k <= n for (m, k, s, p, d), n in inside
        )


class Stretches(NamedTuple):
    """Windows that divide ``shape`` into ``size`` parts, as evenly as whole elements allow."""

    size: tuple[int, ...]
    shape: tuple[int, ...]

    def ends(self, axis: int) -> list[tuple[int, int]]:
        """Where each window along an axis begins and ends: at ⌊i n / m⌋ and ⌈(i + 1) n / m⌉."""
        n, m = self.shape[axis], self.size[axis]
        return [(i * n // m, -((i + 1) * n // -m)) for i in range(m)]

    def along(self, axis: int, n: int) -> list[tuple[slice, slice]]:
        """As of :class:`Windows`, for each element of each window."""
        return [
            (slice(i, i + 1), slice(j, j + 1))
            for i, (first, end) in enumerate(self.ends(axis))
            for j in range(first, end)
        ]


def _least(x: Any) -> Any:
    """What no element of x is less than."""
    return -math.inf if dtypes.floating(x.dtype) else np.minimum.reduce(x, axis=None, initial=0)


# -- the greatest ---------------------------------------------------------------------------------


def _greatest(x: Any, *, windows: Windows) -> Any:
    lead = x.shape[: x.ndim - len(windows.size)]
    out = room((*lead, *windows.size), x.dtype, x)
    out[...] = _least(x)
    for own, seen in windows.taps(x.shape):
        out[own] = np.maximum(out[own], x[seen])
    return out


@kernel(plain=_greatest)
def greatest(x: Any, *, windows: Windows) -> Any:
    """The greatest element of each window: (*, ...) -> (*, *size). NaN where there is one.

    >>> greatest(np.array([1.0, 3.0, 2.0, 0.0]), windows=Windows((2,), (2,), (2,), (0,), (1,)))
    array([3., 2.])
    """
    planes = _planes(x, windows.size)
    out = np.empty((len(planes), *windows.size), x.dtype)

    def work(some: slice) -> None:
        out[some] = _greatest_along(planes[some], windows)

    _in_parts(work, planes)
    return np.reshape(out, (*x.shape[: x.ndim - len(windows.size)], *windows.size))


def _greatest_along(x: Any, windows: Windows) -> Any:
    """Axis by axis, the first one first: its slices are whole rows, the others have less to do."""
    for i, n in enumerate(windows.size):
        before = (slice(None),) * (i + 1)
        taps = windows.along(i, x.shape[i + 1])
        shape = (*x.shape[: i + 1], n, *x.shape[i + 2 :])
        begun = next((seen for own, seen in taps if own == slice(0, n)), None)
        if begun is None:
            out = np.full(shape, _least(x), x.dtype)
        else:
            out = x[(*before, begun)].copy()
        for own, seen in taps:
            if seen is begun or own.start == own.stop:
                continue
            part = out[(*before, own)]
            np.maximum(part, x[(*before, seen)], out=part)
        x = out
    return x


def _leading(x: Any, best: Any, *, windows: Windows) -> Any:
    total = math.prod(windows.kernel)
    count = room(best.shape, _number_type(total), x, best)
    found = room(best.shape, np.dtype(np.bool_), x, best)
    for own, seen in windows.taps(x.shape):
        found[own] |= np.equal(x[seen], best[own])
        count += found
    # NaN equals nothing: of a window that has one, the last counts
    last = room(best.shape, count.dtype, x, best)
    for number, (own, seen) in enumerate(windows.taps(x.shape)):
        last[own] = np.where(np.isnan(x[seen]), count.dtype.type(number), last[own])
    return np.where(np.equal(count, 0), last, count.dtype.type(total) - count)


@kernel(plain=_leading)
def leading(x: Any, best: Any, *, windows: Windows) -> Any:
    """Which tap of each window is ``best``, its greatest element; the first of those that tie.

    >>> x, w = np.array([1.0, 3.0, 2.0, 2.0]), Windows((2,), (2,), (2,), (0,), (1,))
    >>> leading(x, greatest(x, windows=w), windows=w)
    array([1, 0], dtype=uint8)
    """
    total = math.prod(windows.kernel)
    planes, tops = _planes(x, windows.size), _planes(best, windows.size)
    count = np.zeros(tops.shape, _number_type(total))

    def work(some: slice) -> None:
        part, top, counted = planes[some], tops[some], count[some]
        found = np.zeros(top.shape, np.bool_)
        for own, seen in windows.taps(x.shape):
            same = np.equal(part[seen], top[own])
            np.logical_or(found[own], same, out=found[own])
            counted += found

    _in_parts(work, planes)
    if not count.all():
        return _leading(x, best, windows=windows)
    return np.reshape(total - count, best.shape)


def _number_type(total: int) -> Any:
    """The dtype of a tap's number, or of one more."""
    return np.dtype("uint8" if total < 256 else "int32")


def _planes(x: Any, size: tuple[int, ...]) -> Any:
    """``x`` with one axis before those of the windows."""
    shape = x.shape[x.ndim - len(size) :]
    return np.reshape(x, (x.size // max(math.prod(shape), 1), *shape))


def _in_parts(work: Callable[[slice], None], planes: Any) -> None:
    """Call ``work`` with some planes after the other, on all threads where there are many."""
    run_all([partial(work, some) for some in _parts(planes)])


def _parts(planes: Any) -> list[slice]:
    return rows_of(len(planes), math.prod(planes.shape[1:]), PART)


# -- one tap of each window -----------------------------------------------------------------------


@kernel
def chosen(x: Any, taps: Any, *, windows: Windows) -> Any:
    """The element of each window at a tap.

    >>> w = Windows((2,), (2,), (2,), (0,), (1,))
    >>> chosen(np.array([1.0, 3.0, 2.0, 0.0]), np.array([1, 0]), windows=w)
    array([3., 2.])
    """
    out = room(taps.shape, x.dtype, x, taps)
    for number, (own, seen) in enumerate(windows.taps(x.shape)):
        out[own] = np.where(np.equal(taps[own], number), x[seen], out[own])
    return out


def _returned(g: Any, taps: Any, *, shape: Any, windows: Windows) -> Any:
    out = room((*g.shape[: g.ndim - len(shape)], *shape), g.dtype, g, taps)
    for number, (own, seen) in enumerate(windows.taps(shape)):
        out[seen] += np.where(np.equal(taps[own], number), g[own], g.dtype.type(0))
    return out


@kernel(plain=_returned)
def returned(g: Any, taps: Any, *, shape: Any, windows: Windows) -> Any:
    """Zeros (*, *shape) with ``g`` added at a tap of each window: the adjoint of :func:`chosen`.

    >>> w = Windows((2,), (2,), (2,), (0,), (1,))
    >>> returned(np.array([5.0, 7.0]), np.array([1, 0]), shape=(4,), windows=w)
    array([0., 5., 7., 0.])
    """
    planes, numbers = _planes(g, shape), _planes(taps, shape)
    out = np.empty((len(planes), *shape), g.dtype)
    # where windows begin, and how far from there their taps are, in elements of a plane
    starts: Any = np.zeros((), np.intp)
    steps: Any = np.zeros((), np.intp)
    for i, n in enumerate(shape):
        first = np.arange(windows.size[i]) * windows.stride[i] - windows.before[i]
        starts = starts[..., None] * n + first
        steps = steps[..., None] * n + np.arange(windows.kernel[i]) * windows.dilation[i]
    steps = steps.reshape(-1)
    apart = windows.are_apart(shape)
    longest = max([some.stop - some.start for some in _parts(out)], default=0)
    starts = starts + np.reshape(np.arange(longest) * math.prod(shape), (-1, *[1] * len(shape)))

    def work(some: slice) -> None:
        part, given = np.reshape(out[some], -1), planes[some]
        part[...] = 0
        places = np.take(steps, numbers[some], mode="clip")  # the fastest; none is out of range
        places += starts[: len(given)]
        if apart:
            part[np.reshape(places, -1)] = np.reshape(given, -1)
        else:
            np.add.at(part, np.reshape(places, -1), np.reshape(given, -1))

    _in_parts(work, out)
    return np.reshape(out, (*g.shape[: g.ndim - len(shape)], *shape))


# -- sums -----------------------------------------------------------------------------------------


@kernel
def summed(x: Any, *, windows: Windows | Stretches) -> Any:
    """The sum of each window: (*, ...) -> (*, *size).

    >>> summed(np.array([1.0, 3.0, 2.0, 0.0]), windows=Windows((2,), (2,), (2,), (0,), (1,)))
    array([4., 2.])
    """
    lead = x.ndim - len(windows.size)
    for i, n in enumerate(windows.size):
        axis = lead + i
        out = room((*x.shape[:axis], n, *x.shape[axis + 1 :]), x.dtype, x)
        for own, seen in windows.along(i, x.shape[axis]):
            out[(slice(None),) * axis + (own,)] += x[(slice(None),) * axis + (seen,)]
        x = out
    return x


@kernel
def spread(g: Any, *, shape: Any, windows: Windows | Stretches) -> Any:
    """``g`` added to all elements of each window, (*, *shape): the adjoint of :func:`summed`.

    >>> spread(np.array([5.0, 7.0]), shape=(4,), windows=Windows((2,), (2,), (2,), (0,), (1,)))
    array([5., 5., 7., 7.])
    """
    lead = g.ndim - len(shape)
    for i in reversed(range(len(shape))):
        axis = lead + i
        out = room((*g.shape[:axis], shape[i], *g.shape[axis + 1 :]), g.dtype, g)
        for own, seen in windows.along(i, shape[i]):
            out[(slice(None),) * axis + (seen,)] += g[(slice(None),) * axis + (own,)]
        g = out
    return g
