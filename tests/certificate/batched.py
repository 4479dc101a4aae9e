"""A sample under ``vmap`` beside a loop over the members of the batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch

import autograd
from tests.certificate import variants
from tests.certificate.adapter import Sample, Slot, over
from tests.certificate.sides import OURS, THEIRS, flat, weights_of
from tests.certificate.ulps import apart

MEMBERS = 3


class Hole(NamedTuple):
    """Where in the arguments the tensor of that number goes."""

    number: int


class Program:
    """A call as a function of its mapped tensors alone."""

    def __init__(self, side: Any, function: Any, sample: Sample, mapped: list[bool]) -> None:
        self.side, self.function, self.sample = side, function, sample
        self.given: list[Any] = []
        which = iter(mapped)

        def convert(value: Any) -> Any:
            if isinstance(value, Slot):
                made = side.tensor(value)
                if not next(which):
                    return made
                self.given.append(made)
                return Hole(len(self.given) - 1)
            found = over(value, convert)
            return found if found is not value else side.other(value)

        self.args, self.kwargs = convert(list(sample.args)), convert(sample.kwargs)

    def __call__(self, *given: Any) -> tuple[Any, ...]:
        def fill(value: Any) -> Any:
            return given[value.number] if isinstance(value, Hole) else over(value, fill)

        result = self.function(*fill(self.args), **fill(self.kwargs))
        made = flat(self.side.process(self.sample, result))
        return tuple(one for one in made if isinstance(one, self.side.type))


def judge(case: Any, differentiable: bool) -> float | None:
    """The largest error in ulps; None where there is no case. Raises Differs, and as ours does."""
    theirs, ours, sample = case
    found = variants.tensors(sample)
    active = differentiable and any(slot.requires_grad for slot in found)
    mapped = [slot.requires_grad if active else variants.floating(slot) for slot in found]
    if not any(mapped) or variants.sparse(sample):
        return None
    members, together = variants.batches(sample, mapped, MEMBERS)
    programs = [Program(OURS, ours, one, mapped) for one in members]
    try:
        loop = [one(*one.given) for one in programs]
    except Exception:
        return None  # the column of values says so
    if len({tuple((tuple(o.shape), o.dtype) for o in one) for one in loop}) != 1 or not loop[0]:
        return None  # the shape depends on the numbers
    program = Program(OURS, ours, together, mapped)
    try:
        batch = autograd.func.vmap(program)(*program.given)
    except Exception:
        if _refused_by_torch(theirs, together, mapped):
            return None
        raise
    errors = [0.0]
    for whole, *parts in zip(batch, *loop):
        errors.append(apart(OURS.array(whole), np.stack([OURS.array(one) for one in parts])))
    ends = [i for i, one in enumerate(batch) if loop[0][i].requires_grad]
    if active and ends:
        weights = weights_of(OURS, [batch[i] for i in ends], "end", False)
        slopes = OURS.grad([batch[i] for i in ends], program.given, weights, False)
        steps = []
        for member, (one, results) in enumerate(zip(programs, loop)):
            parts = [w[member] for w in weights]
            steps.append(OURS.grad([results[i] for i in ends], one.given, parts, False))
        for whole, *parts in zip(slopes, *steps):
            expected = np.stack([OURS.array(one) for one in parts])
            errors.append(apart(OURS.array(whole), expected, least=1.0))
    return max(errors)


def _refused_by_torch(function: Any, together: Sample, mapped: list[bool]) -> bool:
    program = Program(THEIRS, function, together, mapped)
    try:
        torch.func.vmap(program)(*program.given)
    except Exception:
        return True
    return False
