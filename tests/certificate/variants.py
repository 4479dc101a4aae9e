"""A sample made another: 0-d, empty, of another dtype, of extreme size, laid out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.certificate.adapter import Sample, Slot, over

SCALES = (2.0**-100, 2.0**-50, 2.0**50, 2.0**100)  # of float32, which reaches from 2^-149 to 2^128


def changed(sample: Sample, change: Callable[[Slot], Slot]) -> Sample:
    """``sample`` with every tensor changed."""

    def walk(value: Any) -> Any:
        return change(value) if isinstance(value, Slot) else over(value, walk)

    return sample._replace(args=tuple(walk(list(sample.args))), kwargs=walk(sample.kwargs))


def tensors(sample: Sample) -> list[Slot]:
    found: list[Slot] = []
    changed(sample, lambda slot: found.append(slot) or slot)  # type: ignore[func-returns-value]
    return found


def sparse(sample: Sample) -> bool:
    """Whether a tensor of it stores some elements only: such a one is laid out in its own way."""
    return any(slot.layout != "strided" for slot in tensors(sample))


def elements(sample: Sample) -> int:
    return sum(slot.array.size for slot in tensors(sample))


def floating(slot: Slot) -> bool:
    return slot.array.dtype.kind in "fc"


def in_dtype(sample: Sample, name: str) -> Sample:
    """Its floating-point tensors in ``name``, which takes part of the digits; complex ones, too."""
    names = {"f": name, "c": np.result_type(name, "c8").str}

    def change(slot: Slot) -> Slot:
        wanted = names.get(slot.array.dtype.kind)
        return slot._replace(array=slot.array.astype(wanted)) if wanted else slot

    return changed(sample, change)


def widened(sample: Sample) -> Sample:
    """The same numbers in float64."""
    return in_dtype(sample, "f8")


def scalars(sample: Sample) -> Iterator[Sample]:
    """All tensors as 0-d ones, the first and the last element of each; if there were others."""
    found = tensors(sample)
    if (
        not found
        or any(one.array.size == 0 for one in found)
        or not any(s.array.ndim for s in found)
    ):
        return
    for place in (0, -1):
        yield changed(
            sample,
            lambda slot, place=place: slot._replace(array=np.array(slot.array.reshape(-1)[place])),
        )


def empty(sample: Sample) -> Iterator[Sample]:
    """The first axis, then the last, of length 0 in all tensors that have it as long."""
    found = [one for one in tensors(sample) if one.array.ndim]
    if not found or any(one.array.size == 0 for one in found):
        return
    for axis in (0, -1):
        length = found[0].array.shape[axis]

        def change(slot: Slot, axis: int = axis, length: int = length) -> Slot:
            if slot.array.ndim and slot.array.shape[axis] == length:
                return slot._replace(array=np.take(slot.array, [], axis))
            return slot

        yield changed(sample, change)


def strided(array: np.ndarray) -> np.ndarray:
    """The same numbers in every second place of memory, last first."""
    if not array.ndim:
        return np.array(array)
    view = np.zeros((*array.shape, 2), array.dtype)[..., ::-1, 1]
    view[...] = array
    return view


def scaled(sample: Sample) -> Iterator[Sample]:
    """In float32, times numbers from the smallest to the largest."""
    found = [one for one in tensors(sample) if one.array.dtype.kind == "f" and one.array.size]
    if not found:
        return
    for scale in SCALES:

        def change(slot: Slot, scale: float = scale) -> Slot:
            if slot.array.dtype.kind != "f":
                return slot
            with np.errstate(all="ignore"):
                return slot._replace(array=(slot.array * scale).astype("f4"))

        yield changed(sample, change)


def batches(sample: Sample, mapped: list[bool], count: int) -> tuple[list[Sample], Sample]:
    """Samples that differ in size, and one whose tensors hold all of them along a new first axis.

    ``mapped`` says of each tensor whether it differs.
    """
    factors = [1 - i / 4 for i in range(count)]

    def made(size: Callable[[np.ndarray], np.ndarray]) -> Sample:
        which = iter(mapped)
        return changed(
            sample, lambda slot: slot._replace(array=size(slot.array)) if next(which) else slot
        )

    members = [made(lambda array, f=factor: array * array.dtype.type(f)) for factor in factors]
    return members, made(lambda array: np.stack([array * array.dtype.type(f) for f in factors]))
