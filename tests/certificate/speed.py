"""How long a call takes at 100,000 elements, beside PyTorch: values, and values with gradients."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

import autograd
from tests.certificate import variants
from tests.certificate.adapter import NotThere, Sample, Slot
from tests.certificate.cell import shown
from tests.certificate.ops import FOLDERS, Op
from tests.certificate.sides import OURS, THEIRS, arguments, flat, weights_of

ELEMENTS = 100_000
ROUNDS = 5
AT_LEAST = 1.5e-3  # seconds a round
MOST = 0.03  # seconds a call
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


def times(ours: Callable[[], Any], theirs: Callable[[], Any]) -> tuple[float, float] | None:
    """The shortest of several rounds, in turn; None where a call takes long in PyTorch."""
    once = [min(seconds(call, 1) for _ in range(2)) for call in (ours, theirs)]
    if once[1] > MOST:
        return None
    counts = [max(int(AT_LEAST / max(taken, 1e-7)), 1) for taken in once]
    found = [(seconds(ours, counts[0]), seconds(theirs, counts[1])) for _ in range(ROUNDS)]
    return min(a for a, _ in found), min(b for _, b in found)


def on_threads(count: int) -> None:
    torch.set_num_threads(count)
    autograd.set_num_threads(count)


def measured(op: Op) -> Iterator[tuple[str, Any]]:
    """Microseconds, ours and PyTorch's, on one thread and on two, of the op's largest sample."""
    try:
        calls = op.calls("f8", True)
    except NotThere:
        return
    calls = sorted(calls, key=lambda one: -sum(s.array.size for s in variants.tensors(one[2])))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for theirs, ours, sample in calls[:12]:
            for large in enlarged(sample, op.kind == MATRICES):
                found: dict[str, Any] = {}
                for orders, what in ((0, "value"), (1, "gradient")):
                    try:
                        pair = [
                            program(side, one, large, orders)
                            for side, one in ((OURS, ours), (THEIRS, theirs))
                        ]
                        for threads in (1, 2):
                            on_threads(threads)
                            taken = times(*pair)
                            if taken is not None:
                                found[f"{what} {threads}"] = [round(t * 1e6, 1) for t in taken]
                    except Exception:
                        continue
                if found:
                    yield "call", shown(large)
                    yield from found.items()
                    return
