"""What data-parallel training sends: gradients, parameters, buffers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.distributed.arguments import raw, shown
from autograd.distributed.group import ProcessGroup
from autograd.distributed.objects import everybodys
from autograd.distributed.reductions import ReduceOp, reduced
from autograd.distributed.work import Collective, Work
from autograd.tensors.inplace import write


def averaged(
    group: ProcessGroup,
    call: str,
    what: str,
    array: np.ndarray,
    take: Callable[[Any], None],
    divisor: int | None = None,
) -> Work:
    """Begin to average an array over all processes; ``take`` is given the average.

    ``divisor`` stands in the place of their number.
    """

    def steps() -> Iterator[list[Any]]:
        if divisor is None:
            take((yield from reduced(group, array, ReduceOp.AVG)))
        else:
            total = yield from reduced(group, array, ReduceOp.SUM)
            total /= divisor
            take(total)

    return Collective(group, call, f"{what}, {shown(array)}", steps(), parts=2)


def any_of(group: ProcessGroup, call: str, flags: Sequence[bool]) -> list[bool]:
    """For each flag, whether it is up on some process."""
    array = np.array(flags, np.uint8)
    found: list[bool] = []

    def steps() -> Iterator[list[Any]]:
        total = yield from reduced(group, array, ReduceOp.MAX)
        found.extend(total.astype(bool).tolist())

    Collective(group, call, f"{call}, {array.size} flags", steps(), parts=2).wait()
    return found


def copied_from(group: ProcessGroup, call: str, root: int, tensors: Sequence[Any]) -> None:
    """Write what one process has in some tensors into those of all, in one message."""
    arrays = [tensor._array() for tensor in tensors]
    if group.size() == 1 or not arrays:
        return

    def steps() -> Iterator[list[Any]]:
        buffer = np.concatenate([raw(array) for array in arrays])
        yield [group.comms[0].Ibcast(buffer, root)]
        if group.rank() == root:
            return
        start = 0
        for tensor, array in zip(tensors, arrays):
            part = np.array(buffer[start : start + array.nbytes])  # aligned
            write(tensor, part.view(array.dtype).reshape(array.shape), call)
            start += array.nbytes

    size = sum([array.nbytes for array in arrays])
    what = f"{call}, {len(arrays)} tensors of {size} bytes from rank {group.ranks[root]}"
    Collective(group, call, what, steps()).wait()


def check_alike(group: ProcessGroup, call: str, named: Sequence[tuple[str, Any]]) -> None:
    """Raise RuntimeError where the processes' parameters differ in name, shape or dtype."""
    mine = [(name, tuple(p.shape), str(p.dtype), p.requires_grad) for name, p in named]
    everyone = everybodys(group, call, mine)
    for rank, theirs in zip(group.ranks, everyone):
        if theirs == everyone[0]:
            continue
        first = everyone[0]
        differ = [(a, b) for a, b in zip(first, theirs) if a != b]
        if differ:
            a, b = (_described(one) for one in differ[0])
            fact = f"rank {group.ranks[0]} has {a}, rank {rank} has {b}"
        else:
            fact = f"rank {group.ranks[0]} has {len(first)}, rank {rank} has {len(theirs)}"
        raise RuntimeError(
            f"{call}: all processes must have the same parameters, in one order; {fact}. Build the "
            "model in the same way on each."
        )


def _described(one: tuple[str, tuple[int, ...], str, bool]) -> str:
    name, shape, dtype, requires_grad = one
    return f"{name} of shape {shape}, {dtype}{'' if requires_grad else ', without gradient'}"
