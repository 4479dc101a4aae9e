"""Work that several threads share: a list of tasks, of which each thread takes the next.

Tasks stand in an order in which one thread alone can do them all: so nobody waits for a helper that
sleeps or has lost its core. A task begins when as many are done as must come before it. The two
gradients of a layer, which need nothing of each other, come side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby
from typing import NamedTuple

import numpy as np

from autograd.arrays.threads import run_all, workers
from autograd.compiler.machine.forms import Work
from autograd.compiler.machine.phases import Added
from autograd.compiler.machine.target import has_function
from autograd.compiler.planning.plan import Buffer

LEAST = 1 << 12  # points of a piece
FEW = 1 << 17  # points that one thread does sooner than two that wait for each other

# %after is how many tasks must be done before; %board has how many were taken, and, a cache line
# further on, how many are done. Who waits looks often at first, then lets others have the core.
_TEXT = """
%task = type { ptr, i64, i64, i64, i64 }
define internal void @crew(ptr %tasks, i64 %count, ptr %table, ptr %numbers, ptr %board) {
  %done = getelementptr i64, ptr %board, i64 8
  br label %next
next:
  %i = atomicrmw add ptr %board, i64 1 monotonic
  %left = icmp slt i64 %i, %count
  br i1 %left, label %found, label %end
found:
  %at = getelementptr %task, ptr %tasks, i64 %i
  %task = load %task, ptr %at
  %function = extractvalue %task %task, 0
  %after = extractvalue %task %task, 1
  %part = extractvalue %task %task, 2
  %begin = extractvalue %task %task, 3
  %stop = extractvalue %task %task, 4
  call void @wait(ptr %done, i64 %after)
  call void %function(ptr %table, ptr %numbers, i64 %part, i64 %begin, i64 %stop)
  %before = atomicrmw add ptr %done, i64 1 acq_rel
  br label %next
end:
  call void @wait(ptr %done, i64 %count)
  ret void
}
define internal void @wait(ptr %done, i64 %least) {
  br label %look
look:
  %looks = phi i64 [0, %0], [%more, %again], [%more, %rest]
  %now = load atomic i64, ptr %done acquire, align 8
  %enough = icmp sge i64 %now, %least
  br i1 %enough, label %end, label %again
again:
  %more = add i64 %looks, 1
  %long = icmp sgt i64 %more, 2000
  br i1 %long, label %rest, label %look
rest:
  REST
  br label %look
end:
  ret void
}"""


class Piece(NamedTuple):
    """A call of ``function``, by name, for a part of what it does: which, from where, to where."""

    function: str
    part: int
    begin: int
    end: int


class Shared(NamedTuple):
    """Pieces that can be done in any order, together over so many ``points``; the buffers that they
    read, and those that they write."""

    pieces: list[Piece]
    points: int
    reads: set[Buffer]
    writes: set[Buffer]


def text() -> str:
    """What the threads do, in LLVM's language."""
    if not has_function("sched_yield"):  # on Windows
        return _TEXT.replace("REST", "")
    return _TEXT.replace("REST", "call i32 @sched_yield()") + "\ndeclare i32 @sched_yield()"


def listed(name: str, work: list[Shared]) -> str:
    """The tasks in their order, and the function ``@name`` that does all of them."""
    tasks: list[str] = []
    chains: list[list[Piece]] = []
    done = 0
    for small, some in groupby(
        levels(work), lambda level: sum([one.points for one in level]) < FEW
    ):
        stages = [[piece for one in level for piece in one.pieces] for level in some]
        if small:  # one thread does them all: from core to core it takes longer than the work
            chains.append([piece for stage in stages for piece in stage])
            stages = [[Piece(f"{name}.chain{len(chains)}", 0, 0, 0)]]
        for stage in stages:
            for function, *numbers in stage:
                fields = ", ".join([f"i64 {number}" for number in (done, *numbers)])
                tasks.append(f"%task {{ ptr @{function}, {fields} }}")
            done = len(tasks)
    lines = ",\n  ".join(tasks)
    return "\n".join([
        *[_chain(f"{name}.chain{i + 1}", some) for i, some in enumerate(chains)],
        f"@{name}.tasks = internal constant [{done} x %task] [\n  {lines}]",
        f"define void @{name}(ptr %table, ptr %numbers, ptr %board) {{",
        f"  call void @crew(ptr @{name}.tasks, i64 {done}, ptr %table, ptr %numbers, ptr %board)",
        "  ret void\n}",
    ])  # fmt: skip


def _chain(name: str, pieces: list[Piece]) -> str:
    """A function that does pieces one after the other."""
    calls = [
        f"  call void @{function}(ptr %t, ptr %n, i64 {part}, i64 {begin}, i64 {end})"
        for function, part, begin, end in pieces
    ]
    head = f"define internal void @{name}(ptr %t, ptr %n, i64 %part, i64 %begin, i64 %end) {{"
    return "\n".join([head, *calls, "  ret void\n}"])


def runner(call: Callable[[int, int, int], None]) -> Callable[[int, int], None]:
    """What calls a function of :func:`listed` on all threads that are free."""
    board = np.zeros(16, np.int64)
    place = board.ctypes.data

    def run(table: int, numbers: int) -> None:
        board.fill(0)
        run_all([partial(call, table, numbers, place)] * workers())

    return run


# -- what must come before what ----------------------------------------------------------------


def levels(work: Iterable[Shared]) -> list[list[Shared]]:
    """Work that comes in an order, each piece as early as can be: nothing on a level needs anything
    of that level, nor writes what something there reads.

    >>> a, b, c = [Buffer("given", 1, "f4", name) for name in "abc"]
    >>> steps = [Shared([], 1, {a}, {b}), Shared([], 1, {b}, {a}), Shared([], 1, set(), {c})]
    >>> [len(level) for level in levels(steps)]
    [2, 1]
    """
    work = [*work]
    found: dict[int, list[Shared]] = defaultdict(list)
    near = _in_one_place({buffer for one in work for buffer in one.reads | one.writes})
    read: dict[Buffer, int] = defaultdict(int)  # the first level after all that read it
    written: dict[Buffer, int] = defaultdict(int)
    for one in work:
        level = 0
        for buffer in one.reads | one.writes:
            for other in near.get(buffer, (buffer,)):
                level = max(level, written[other], read[other] if buffer in one.writes else 0)
        for buffer in one.reads:
            read[buffer] = max(read[buffer], level + 1)
        for buffer in one.writes:
            written[buffer] = level + 1
        found[level].append(one)
    return [found[level] for level in sorted(found)]


def _in_one_place(buffers: Iterable[Buffer]) -> dict[Buffer, list[Buffer]]:
    """For each planned buffer those that lie, at other times, where it lies; and itself."""
    planned = [one for one in buffers if one.kind == "planned"]
    planned.sort(key=lambda one: one.place)
    found = {one: [one] for one in planned}
    for i, one in enumerate(planned):
        end = one.place + one.size * one.dtype.itemsize
        for other in planned[i + 1 :]:
            if other.place >= end:
                break
            found[one].append(other)
            found[other].append(one)
    return found


def touched(work: Work) -> tuple[set[Buffer], set[Buffer]]:
    """The buffers that a loop reads, and those that it writes."""
    form, buffers = work.form, [buffer for buffer, _ in work.pointers]
    reads: set[int] = {one.args[0].buffer for one in form.body if one.name in ("load", "take")}
    writes: set[int] = set()
    for store in form.stores:
        if isinstance(store, Added):
            places = store.total, store.carry, store.partial
            writes |= {one.buffer for one in places if one is not None}
        else:
            writes.add(store.access.buffer)  # type: ignore[arg-type]
    return {buffers[i] for i in reads}, {buffers[i] for i in writes}
