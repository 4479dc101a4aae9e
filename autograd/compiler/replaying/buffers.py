"""Memory for what a step makes and needs no longer: planned once, kept, written again each time.

A tape tells from which call to which each of its arrays is looked at, by views of it too. Arrays
that are never there together share memory, as variables share registers:

    v1 = np.add(x, 1, out=b1)
    v2 = np.multiply(v1, v1, out=b1)    v1 ends here: written over, element by element
    v3 = np.dot(v2, w, out=b2)          a product reads what it has written beside

So a replay asks for no memory but that of what it hands out, and what one call has written is in
the cache for the next. What leaves the step (results, gradients) is never among these. Large arrays
are written over just so, but theirs is fresh memory, which is given back where they end: it would
lie idle when the step needs most.
"""

from __future__ import annotations

import heapq
import math
import operator
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.replaying.ufuncs import FLOATS, into_of, is_array, ufunc_of
from autograd.compiler.tapes.order import recorders
from autograd.compiler.tapes.recorder import Call, Recorded
from autograd.engine.versions import owner_of

_FEW = 1024  # bytes of an array that NumPy itself keeps memory for
_MUCH = 1 << 17  # bytes of an array from which on fresh memory takes no time to speak of
LINE = 64  # bytes that a vector instruction writes at once; NumPy's arrays lie across two such
_PRODUCTS = {np.dot, np.matmul, operator.matmul}


class Layout(NamedTuple):
    """Where results go.

    ``buffers`` are by the id of the recorder over a result: an array in ``memory``; the recorder
    over an operand, which is written over; None for fresh memory.
    """

    buffers: dict[int, Any]
    memory: Any


class _Span:
    """The calls, from ``first`` to ``last``, during which some memory holds what is needed."""

    def __init__(self, first: int, nbytes: int) -> None:
        self.first = self.last = first
        self.nbytes = nbytes
        self.place: _Place | None = None


class _Place:
    """A stretch of memory, as large as the largest that is ever in it."""

    def __init__(self) -> None:
        self.nbytes = self.offset = 0


def laid_out(calls: list[Call], kept: Iterable[Any], runs: Iterable[Any] = ()) -> Layout:
    """Buffers for the results of ``calls``; none for what shares memory with ``kept``.

    The calls of ``runs`` (slices.py) have rooms for some of their results. Raises nothing: a
    result that its call does not write to where it is told has none.

    >>> from autograd.compiler.tapes.recorder import Tape
    >>> tape = Tape()
    >>> x = tape.lift(np.ones(1000))
    >>> y = (x + 1) * 2 - x
    >>> plan = laid_out(tape.calls, [x, y])
    >>> first, second, _ = [plan.buffers.get(id(call.result)) for call in tape.calls]
    >>> first is second, plan.memory.nbytes
    (True, 8128)
    """
    last = last_uses(calls)
    held = {id(owner_of(one.inside)) for one in recorders([*kept]) if is_array(one)}
    roomy = {one for run in runs for one in run.rooms}
    in_runs = {i for run in runs for i in range(run.start, run.stop)}
    spans: dict[int, _Span] = {}  # by the id of the array that owns the memory
    wanted: list[tuple[Recorded, _Span]] = []
    buffers: dict[int, Any] = {}
    known: set[int] = set()
    for i, call in enumerate(calls):
        result = call.result
        fresh = _writes_to(call, i in in_runs) and id(result) not in known
        if fresh and id(result.inside) not in held and id(result) not in roomy:
            ending = _ending(call, i, spans, last)
            span = spans[id(ending.inside)] if ending is not None else _Span(i, result.nbytes)
            span.last = last[id(result.inside)]
            spans[id(result.inside)] = span
            if result.nbytes < _MUCH and i not in in_runs:
                wanted.append((result, span))
            else:
                buffers[id(result)] = ending
        known.update([id(one) for one in recorders(result)])
    memory = aligned(_placed([span for _, span in wanted]))
    made: dict[Any, Any] = {}
    for result, span in wanted:
        assert span.place is not None
        layout = (result.shape, result.dtype, span.place.offset, result.strides)
        if layout not in made:
            shape, dtype, offset, strides = layout
            made[layout] = np.ndarray(shape, dtype, memory, offset, strides)
        buffers[id(result)] = made[layout]
    return Layout(buffers, memory)


def aligned(nbytes: int) -> Any:
    """Memory that begins where a line of the cache does.

    >>> aligned(100).ctypes.data % 64, len(aligned(100))
    (0, 100)
    """
    memory = np.empty(nbytes + LINE, np.uint8)
    start = -address(memory) % LINE
    return memory[start : start + nbytes]


def fresh(shape: tuple[int, ...], dtype: str, strides: tuple[int, ...] | None = None) -> Any:
    """An array of some layout in aligned memory, not written to yet.

    >>> fresh((2, 3), "float32", (4, 8)).flags.f_contiguous
    True
    """
    nbytes = np.dtype(dtype).itemsize * math.prod(shape)
    return np.ndarray(shape, dtype, aligned(nbytes), 0, strides)


def address(array: Any) -> int:
    """Where an array begins in memory.

    >>> x = np.ones(2)
    >>> address(x[1:]) - address(x)
    8
    """
    return int(array.__array_interface__["data"][0])


def last_uses(calls: list[Call]) -> dict[int, int]:
    """By the id of what owns memory, the last call that looks at it.

    A call of somebody else's (no NumPy's, none of the project's) may hand out its arguments'
    memory today where it copied yesterday: that counts as used as long as what it gave.
    """
    last: dict[int, int] = {}
    shared: list[tuple[set[int], set[int]]] = []
    for i, call in enumerate(calls):
        arrays = [*filter(is_array, recorders((call.args, call.options, call.result)))]
        owners = {id(owner_of(one.inside)) for one in arrays}
        last.update(dict.fromkeys(owners, i))
        if not _known(call.function):
            made = {id(owner_of(one.inside)) for one in recorders(call.result) if is_array(one)}
            shared.append((owners - made, made))
    for owners, made in reversed(shared):
        end = max([last[one] for one in made], default=0)
        last.update({one: max(last[one], end) for one in owners})
    return last


def _known(function: Any) -> bool:
    """Whether a function's results share memory with its arguments by their layout alone."""
    if isinstance(getattr(function, "__self__", function), np.ufunc):
        return True
    module = getattr(function, "__module__", None) or getattr(function, "__objclass__", np).__name__
    ours = ("numpy", "_operator", "operator", "ndarray", "autograd", "nn", "optim")
    return module.split(".")[0] in ours


def _writes_to(call: Call, in_run: bool) -> bool:
    """Whether a call gives a fresh array that it can be told the memory of."""
    result = call.result
    if type(result) is not Recorded or result.nbytes < _FEW or result.inside.base is not None:
        return False
    reach = sum([(n - 1) * step for n, step in zip(result.shape, result.strides)])
    if min(result.strides, default=0) <= 0 or reach + result.itemsize != result.nbytes:
        return False  # no layout without gaps, from its first element on
    return ufunc_of(call) is not None or is_product(call) or (in_run and into_of(call) is not None)


def is_product(call: Call) -> bool:
    """Whether a call is a product of matrices, in rows, that BLAS does.

    >>> a = Recorded(np.ones((2, 2)), None)
    >>> is_product(Call(np.dot, (a, a), {}, a)), is_product(Call(np.add, (a, a), {}, a))
    (True, False)
    """
    function, args, options, result = call
    if options or function not in _PRODUCTS and function is not np.inner:
        return False
    both = all([is_array(one) and one.ndim == 2 and one.dtype == result.dtype for one in args])
    return both and result.dtype.type in FLOATS and result.flags.c_contiguous


def _ending(call: Call, i: int, spans: dict[int, _Span], last: dict[int, int]) -> Recorded | None:
    """An operand that ends here, of the result's layout: it may be written over."""
    if is_product(call) or not isinstance(into_of(call), np.ufunc):
        return None
    result = call.result
    arrays = [one for one in call.args if is_array(one)]
    for one in arrays:
        owner = owner_of(one.inside)
        if id(owner) not in spans or last[id(owner)] != i:
            continue
        same = [other for other in arrays if owner_of(other.inside) is owner]
        if all([_layout(other) == _layout(result) and other.inside is owner for other in same]):
            return one
    return None


def _layout(one: Any) -> Any:
    return one.shape, one.dtype, one.strides


def _placed(spans: list[_Span]) -> int:
    """Give each span a place that is free by then, the one left last; the bytes of all places."""
    spans = list({id(span): span for span in spans}.values())
    places: list[_Place] = []
    free: list[_Place] = []
    ending: list[tuple[int, int, _Span]] = []
    for k, span in enumerate(spans):
        while ending and ending[0][0] < span.first:
            place = heapq.heappop(ending)[2].place
            assert place is not None
            free.append(place)
        found = _fitting(free, span.nbytes)
        if found is None:
            found = _Place()
            places.append(found)
        found.nbytes = max(found.nbytes, span.nbytes)
        span.place = found
        heapq.heappush(ending, (span.last, k, span))
    total = 0
    for place in places:
        place.offset = total
        # a line more: where two arrays begin at the same place of a page, the processor takes a
        # read from one for a read of what is just being written to the other
        total += -(-place.nbytes // LINE) * LINE + LINE * 2
    return total


def _fitting(free: list[_Place], nbytes: int) -> _Place | None:
    """The free place, taken, that is least too large for ``nbytes``; else the largest, to grow."""
    if not free:
        return None
    fits = [place for place in reversed(free) if place.nbytes >= nbytes]
    found = min(fits, key=lambda place: place.nbytes) if fits else max(free, key=lambda p: p.nbytes)
    free.remove(found)
    return found
