"""How long a call takes at 100,000 elements, beside PyTorch: values, and values with gradients.

On one thread; both in turn, again and again, and the shortest of all counts: another program's
turn on the core only ever adds.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.certificate import variants
from tests.certificate.adapter import NotThere, Sample, Slot
from tests.certificate.cell import shown
from tests.certificate.ops import FOLDERS, Op
from tests.certificate.sides import OURS, THEIRS, arguments, flat, weights_of

ELEMENTS = 100_000
ROUNDS = 5
SLOW = 1.8
MORE = 20  # rounds, where ours seems SLOW times as slow
AT_LEAST = 1.5e-3  # seconds a round
MOST = 1.0  # seconds of all rounds; of two at least
MATRICES = FOLDERS["linalg"]
LARGEST = 50 * ELEMENTS  # of any argument


def enlarged(sample: Sample, in_stacks: bool) -> Iterator[Sample]:
    """The sample in float32 with that many elements: every axis longer, then the first alone; the
    other way round of what is to be ``in_stacks``, as matrices are. No two elements are equal."""
    found = [slot.array for slot in variants.tensors(sample) if slot.array.size and slot.array.ndim]
    if not found:
        return
    largest = max(found, key=lambda array: array.size)
    axes = sum(length > 1 for length in largest.shape) or 1
    every = max(round((ELEMENTS / largest.size) ** (1 / axes)), 1)
    first = max(round(ELEMENTS / largest.size), 1)

    def all_axes(slot: Slot) -> Slot:
        times = [every if length > 1 else 1 for length in slot.array.shape]
        if math.prod(times) * slot.array.size > LARGEST:
            return slot
        return slot._replace(array=np.tile(slot.array, times))

    def one_axis(slot: Slot) -> Slot:
        if not slot.array.ndim or slot.array.shape[0] != largest.shape[0]:
            return slot
        return slot._replace(array=np.tile(slot.array, [first] + [1] * (slot.array.ndim - 1)))

    for change in (one_axis, all_axes) if in_stacks else (all_axes, one_axis):
        large = variants.changed(variants.changed(sample, change), varied)
        yield variants.in_dtype(large, "f4")


def varied(slot: Slot) -> Slot:
    """Its numbers up to a hundredth smaller: repeated ones are singular matrices, and ties."""
    if slot.array.dtype.kind != "f":
        return slot
    factors = np.random.default_rng(0).uniform(0.99, 1, slot.array.shape)
    return slot._replace(array=slot.array * factors)


def program(side: Any, function: Any, sample: Sample, orders: int) -> Callable[[], Any]:
    """A call that can be made again and again."""
    args, kwargs, leaves = arguments(side, sample)

    def value() -> Any:
        return function(*args, **kwargs)

    if not orders:
        return value
    ends = [i for i, one in enumerate(flat(value())) if getattr(one, "requires_grad", False)]
    if not ends or not leaves:
        raise ValueError("no gradient")
    weights = weights_of(side, [flat(value())[i] for i in ends], "end", False)

    def gradient() -> Any:
        made = flat(value())
        return side.grad([made[i] for i in ends], leaves, weights, False)

    return gradient


def seconds(call: Callable[[], Any], count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - started) / count


def times(ours: Callable[[], Any], theirs: Callable[[], Any]) -> list[float]:
    """The shortest of several rounds, in turn; of more where ours seems to be slow."""
    calls = ours, theirs
    found = [min(seconds(call, 1) for _ in range(2)) for call in calls]
    counts = [max(int(AT_LEAST / max(taken, 1e-7)), 1) for taken in found]
    started = time.perf_counter()
    for done in range(MORE):
        spent = time.perf_counter() - started
        if done >= ROUNDS and found[0] < SLOW * found[1] or done >= 2 and spent > MOST:
            break
        found = [min(*pair) for pair in zip(found, map(seconds, calls, counts))]
    return found


def measured(op: Op) -> Iterator[tuple[str, Any]]:
    """Microseconds, ours and PyTorch's, of the op's largest sample that can be made large.

    Of one with a gradient, if there is one; else of its value alone.
    """
    try:
        calls = op.calls("f8", True) or op.calls("i8", False) or op.calls("c16", True)
    except NotThere:
        return
    calls = [one for one in calls if variants.elements(one[2]) <= 2 * ELEMENTS] or calls
    calls = sorted(calls, key=lambda one: -variants.elements(one[2]))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for orders in ((0, 1), (0,)) if op.differentiable else ((0,),):
            for theirs, ours, sample in calls[:12]:
                for large in enlarged(sample, op.kind == MATRICES):
                    both = (OURS, ours), (THEIRS, theirs)
                    try:
                        pairs = [[program(*one, large, order) for one in both] for order in orders]
                        taken = [times(*pair) for pair in pairs]
                    except Exception:
                        continue
                    yield "call", shown(large)
                    for what, pair in zip(("value", "gradient"), taken):
                        yield what, [round(t * 1e6, 1) for t in pair]
                    return
