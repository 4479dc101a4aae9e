"""Where buffers lie: one piece of memory for all that only the plan sees, used again and again.

A buffer is needed from the first step that touches it to the last. Two that are not needed at the
same time may lie at the same place; the largest are placed first, each as low as it can be.
"""

from __future__ import annotations

from bisect import insort
from typing import Any

from autograd.compiler.planning.plan import Buffer, accesses

_ALIGNED = 64  # bytes: a cache line, and the longest vectors


def place(steps: list[Any]) -> int:
    """Give each planned buffer its place, and say how many bytes they take together.

    >>> from autograd.compiler.planning.plan import Access, Instruction, Loop, Store
    >>> a, b, c, d = [Buffer("planned", 8, "f4") for _ in range(4)]
    >>> def copied(x, y):
    ...     load = Instruction("load", (Access(x, 0, (1,)),), x.dtype)
    ...     return Loop((8,), (load,), (Store(0, Access(y, 0, (1,))),))
    >>> place([copied(a, b), copied(b, c), copied(c, d)]), [one.place for one in (a, b, c, d)]
    (128, [0, 64, 0, 64])
    """
    spans: dict[Buffer, list[int]] = {}
    for i, step in enumerate(steps):
        for access, _ in accesses(step):
            if access.buffer.kind == "planned":
                spans.setdefault(access.buffer, [i, i])[1] = i
    placed: list[tuple[int, int, int, int]] = []  # from and up to which byte, and which step
    for buffer in sorted(spans, key=size_of, reverse=True):
        (begin, end), size, at = spans[buffer], size_of(buffer), 0
        for low, high, first, last in placed:
            if first <= end and begin <= last and high > at:
                if at + size <= low:
                    break
                at = high
        buffer.place = at
        insort(placed, (at, at + size, begin, end))
    return max([high for _, high, _, _ in placed], default=0)


def size_of(buffer: Buffer) -> int:
    """The bytes that a buffer takes, to the end of a cache line."""
    return -(-buffer.size * buffer.dtype.itemsize // _ALIGNED) * _ALIGNED
