"""Machine code on trial: before it is used, it does once what NumPy does, and both are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

import numpy as np

from autograd.arrays import dtypes

ROUNDING = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-9}  # of the largest element
FEW = 0.01  # of the elements may be further off: where a rule divides by a root, say, of nearly 0
NUDGE = 4  # units in the last place


class Tried:
    """A program of machine code, which has to prove itself against the replay by NumPy.

    The first call does both, and takes back what they did; from then on it is the one or the other.
    ``why`` says why it is the replay, where it is.
    """

    def __init__(self, fast: Any, plain: Any, told: list[Any], streams: list[Any]) -> None:
        self.fast, self.plain, self.told, self.streams = fast, plain, told, streams
        self.late, self.written, self.drawn = plain.late, plain.written, plain.drawn
        self.source, self.memory, self.plan, self.why = fast.source, fast.memory, fast.plan, ""
        self.run: Any = None

    def __call__(self, *arrays: Any) -> Any:
        return self.run(*arrays) if self.run is not None else self._first(arrays)

    def _first(self, arrays: Any) -> Any:
        fast, plain = quiet(self.fast, self.told), quiet(self.plain, self.told)
        self.why = difference(fast, plain, [*arrays], self.streams)
        self.run = self.plain if self.why else self.fast
        if self.why:
            self.source, self.memory = self.plain.source, self.plain.memory
            self.why = f"machine code gave something else: {self.why}"
        self.fast = self.plain = None
        return self.run(*arrays)


def quiet(replay: Any, functions: Iterable[Any]) -> Any:
    """``replay`` without what it tells others: calls of ``functions`` do nothing in it.

    >>> told = []
    >>> def replay(x):
    ...     tell(x)
    ...     return x
    >>> here = FunctionType(replay.__code__, {"tell": told.append})
    >>> quiet(here, [here.__globals__["tell"]])(3), told
    (3, [])
    """
    silent = {id(one) for one in functions}
    scope = {k: _nothing if id(v) in silent else v for k, v in replay.__globals__.items()}
    return FunctionType(replay.__code__, scope)


def _nothing(*args: Any) -> None:
    """Tell nobody."""


def difference(
    one: Callable[..., Any], other: Callable[..., Any], arrays: list[Any], streams: list[Any]
) -> str:
    """What ``one`` does otherwise than ``other`` with these arrays; empty where it does the same.

    Both may write to the arrays, and draw from ``streams``; afterwards these are as before. Where
    they differ, how far rounding may carry them apart is asked of ``other``, on arrays that are a
    few units off in their last places.

    >>> x = np.ones(2)
    >>> difference(lambda x: (x * 2,), lambda x: (x + x,), [x], [])
    ''
    >>> difference(lambda x: (x * 3,), lambda x: (x * 4,), [x], [])
    'result 1, of shape (2,), differs by 0.25 of its largest element'
    """
    before = _copies(arrays)
    states = [stream.get_state() for stream in streams]

    def outcome(program: Callable[..., Any], kept: Callable[[list[Any]], Any]) -> Any:
        """What is ``kept`` of the results and the arrays, before these are as they were."""
        try:
            return kept([*program(*arrays), *arrays])
        finally:
            _put(before, arrays)
            for stream, state in zip(streams, states):
                stream.set_state(state)

    try:
        expected = outcome(other, _copies)  # raises Changed where the call is none for a program
        results = len(expected) - len(arrays)
        try:
            found = outcome(one, lambda now: _near(now, expected) or _copies(now))
        except Exception as error:  # noqa: BLE001 - whatever it is, NumPy can do without
            return f"it raised {type(error).__name__}: {error}"
        if found is True:
            return ""
        if not _first_apart(found, expected, expected, results):
            return ""
        random = np.random.default_rng(0)
        _put([_nudged(value, random) for value in before], arrays)
        try:
            nudged = outcome(other, _copies)
        except Exception:  # noqa: BLE001 - a look at values that comes out otherwise
            nudged = expected
        return _first_apart(found, expected, nudged, results)
    finally:  # also where somebody interrupts it
        _put(before, arrays)


def _copies(arrays: list[Any]) -> list[Any]:
    return [np.copy(array) for array in arrays]


def _near(found: list[Any], expected: list[Any]) -> bool:
    """Whether all numbers are finite and near each other: it is so most often, and soon known."""
    with np.errstate(all="ignore"):
        for one, other in zip(found, expected, strict=True):
            one = np.asarray(one)  # of a number, too
            if one.shape != other.shape or one.dtype != other.dtype:
                return False
            if other.dtype not in ROUNDING:
                if not np.array_equal(one, other):
                    return False
                continue
            apart = np.abs(one - other).max(initial=0)
            most = ROUNDING[other.dtype] * np.abs(other).max(initial=0)
            if not apart <= most < np.inf:
                return False
    return True


def _first_apart(found: Any, expected: Any, nudged: Any, results: int) -> str:
    """Which array differs by more than rounding, the first ``results`` of them results."""
    for i, trio in enumerate(zip(found, expected, nudged, strict=True)):
        much = _apart(*trio)
        if much:
            place = f"result {i + 1}" if i < results else f"array {i - results + 1} of those given"
            shape = trio[1].shape
            return f"{place}, of shape {shape}, differs by {much:.2g} of its largest element"
    return ""


def _put(values: list[Any], arrays: list[Any]) -> None:
    for array, value in zip(arrays, values):
        if type(array) is np.ndarray and array.flags.writeable:
            array[...] = value


def _nudged(array: Any, random: Any) -> Any:
    if array.dtype not in ROUNDING:
        return array
    return array * (1 + NUDGE * np.finfo(array.dtype).eps * random.choice([-1, 1], array.shape))


def _apart(found: Any, expected: Any, nudged: Any) -> float:
    """By how much of the largest element arrays differ; 0 where rounding explains it."""
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return np.inf
    if found.dtype not in ROUNDING:
        equal_nan = dtypes.differentiable(found.dtype)
        return 0.0 if np.array_equal(found, expected, equal_nan=equal_nan) else np.inf
    with np.errstate(all="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        apart = np.where(same, 0, np.abs(found - expected))
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=0)
        moved = np.abs(nudged - expected)
        moved = moved[np.isfinite(moved)].max(initial=0)
        far = ~(apart <= max(ROUNDING[found.dtype] * largest, 100 * moved))
    if np.isfinite(apart).all() and np.count_nonzero(far) <= FEW * found.size:
        return 0.0
    return float(apart.max() / max(largest, np.finfo(found.dtype).tiny))
