"""The observer that times ops, formulas and modules, on a clock that leaves itself out.

While the recorder works its clock stands still, in each thread; what it costs to tell it besides
was measured before (cost.py) and is taken off. So what is noted is nearly what the program takes
when nobody looks, though it takes longer meanwhile.
"""

from __future__ import annotations

import tracemalloc
import weakref
from threading import current_thread
from time import perf_counter_ns as now
from typing import Any

from autograd.diagnosis.profile.paths import Paths
from autograd.diagnosis.profile.spans import Span, Spans
from autograd.engine import lines, observer, versions
from autograd.engine.grad_mode import local
from autograd.engine.graph import TensorBase

recording: list[Recorder] = []  # those that are under way

_PASS = ("backward", "accumulate")  # the sweep, and what comes after


class _Thread:
    """The clock and the open spans of one thread."""

    def __init__(self, number: int) -> None:
        self.number, self.name = number, current_thread().name
        self.stopped = 0  # for how long the clock has stood still
        self.latest = 0  # what it showed last
        self.open: list[Span] = []
        self.sizes: list[int] = []  # of open spans: the traced memory when they began,
        self.most: list[int] = []  # and at the most since

    def read(self, at: int) -> int:
        """What the clock shows at a moment; it never goes back."""
        self.latest = max(self.latest, at - self.stopped)
        return self.latest

    def rise_begins(self) -> None:
        size = self._look()
        self.sizes.append(size)
        self.most.append(size)

    def rise_ends(self) -> int:
        """By how much memory was higher, at most, than where the span began."""
        self._look()
        most = self.most.pop()
        if self.most:
            self.most[-1] = max(self.most[-1], most)
        return most - self.sizes.pop()

    def _look(self) -> int:
        size, high = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        if self.most:
            self.most[-1] = max(self.most[-1], high)
        return size


class _Mine(local):
    """The state of the thread that asks."""

    def __init__(self, threads: list[_Thread]) -> None:
        self.thread = _Thread(len(threads))
        threads.append(self.thread)


class _Watch(weakref.ref[Any]):
    """Knows whose an array is, and how large, when it goes."""

    __slots__ = ("key", "size", "span")

    key: int
    size: int
    span: Span


class Recorder(observer.Observer):
    """Notes spans while it listens.

    :param shapes: note the shapes of arguments.
    :param memory: trace all memory, by tracemalloc.
    :param costs: what to take off for each span of a kind: inside it, and around it; nanoseconds.
    :param every_thread: listen to all, not only to the one that makes it.
    """

    def __init__(
        self,
        costs: dict[str, tuple[int, int]],
        *,
        shapes: bool = False,
        memory: bool = False,
        every_thread: bool = True,
    ) -> None:
        self.spans = Spans()
        self.threads: list[_Thread] = []
        self._shapes, self._memory, self._costs = shapes, memory, costs
        self._every_thread = every_thread
        self._births: dict[int, tuple[str, str, Any]] = {}  # by age: op, module, line of a node
        self._paths = Paths()
        self._alive: dict[int, _Watch] = {}  # by the array's id
        self._mine = _Mine(self.threads)

    def begin(self) -> None:
        """Listen."""
        self._traces = self._memory and not tracemalloc.is_tracing()
        if self._traces:
            tracemalloc.start(1)
        observer.begin(self, self._every_thread)
        recording.append(self)
        self.spans.begun = self.clock()

    def end(self) -> None:
        """Listen no more; what is open ends now."""
        self.spans.length = self.clock() - self.spans.begun
        recording.remove(self)
        observer.end(self)
        if self._traces:
            tracemalloc.stop()
        for thread in self.threads:
            while thread.open:
                self._end_latest(thread, thread.latest)
        self._alive.clear()
        self._births.clear()

    def clock(self) -> int:
        """What the clock of this thread shows, in nanoseconds."""
        return self._mine.thread.read(now())

    # -- what is told ------------------------------------------------------------------------------

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        at = now()
        span = self._open("op", op.__name__, at)
        arrays = [value._data for value in args if isinstance(value, TensorBase)]
        span.given = {id(versions.owner_of(array)) for array in arrays}
        if self._shapes:
            span.shapes = [list(getattr(value, "shape", ())) for value in args]
        self._go_on(at)

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        at = now()
        span = self._close("op", op.__name__, at)
        if span is not None:
            for one in result if isinstance(result, tuple) else (result,):
                if isinstance(one, TensorBase):
                    self._made(one._data, span)
        self._go_on(at)

    def node_born(self, node: Any) -> None:
        at = now()
        thread = self._mine.thread
        inside = thread.open[-1] if thread.open else None
        module = "" if inside is None else inside.module
        line = inside.line if inside is not None and inside.sort == "op" else lines.here()
        self._births[node.age] = (_name(node), module, line)
        self._go_on(at)

    def formula_runs(self, node: Any, g: Any) -> None:
        at = now()
        span = self._open("formula", node.name(), at)
        known = self._births.get(node.age) or (_name(node), "", lines.of(node))
        span.op, span.module, span.line = known
        span.phase = "backward"
        incoming = g if type(g) is tuple else (g,)
        span.given = {id(versions.owner_of(_array(one))) for one in incoming if one is not None}
        self._go_on(at)

    def formula_ran(self, node: Any, gradients: list[tuple[Any, Any]]) -> None:
        at = now()
        span = self._close("formula", node.name(), at)
        if span is not None:
            for _, d in gradients:
                self._made(_array(d), span)
        self._go_on(at)

    def module_entered(self, module: Any) -> None:
        at = now()
        span = self._open("module", type(module).__name__, at)
        span.module = self._paths.of(module, span.module)
        self.spans.classes[span.module] = type(module).__name__
        self._go_on(at)

    def module_left(self, module: Any) -> None:
        at = now()
        self._close("module", type(module).__name__, at)
        self._go_on(at)

    def work_begins(self, name: str) -> None:
        at = now()
        span = self._open("work", name, at)
        span.phase = "other"
        if name in _PASS:
            span.phase, span.op = "backward", "backward"
        self._go_on(at)

    def work_ends(self, name: str) -> None:
        at = now()
        self._close("work", name, at)
        self._go_on(at)

    def block_begins(self, name: str) -> None:
        """A block that the user has named begins."""
        at = now()
        self._open("block", name, at)
        self._go_on(at)

    def block_ends(self, name: str) -> None:
        """It ends."""
        at = now()
        self._close("block", name, at)
        self._go_on(at)

    # -- spans -------------------------------------------------------------------------------------

    def _go_on(self, at: int) -> None:
        """Let the clock stand still since ``at``."""
        self._mine.thread.stopped += now() - at

    def _open(self, kind: str, name: str, at: int) -> Span:
        """Begin a span, in what is open in this thread."""
        thread = self._mine.thread
        parent = thread.open[-1] if thread.open else None
        span = Span(kind, name, parent, thread.number, thread.read(at))
        if parent is not None:
            span.module = parent.module
        if parent is not None and parent.phase == "backward":
            span.phase, span.line = "backward", parent.line
        else:
            span.line = lines.here()
        thread.open.append(span)
        self.spans.append(span)
        if self._memory:
            thread.rise_begins()
        return span

    def _close(self, kind: str, name: str, at: int) -> Span | None:
        """End the latest span of that kind and name, and what was left open in it.

        None where there is none: the profile began in the midst of it.
        """
        thread = self._mine.thread
        if not any([span.sort == kind and span.name == name for span in thread.open]):
            return None
        inside, around = self._costs.get(kind, (0, 0))
        thread.stopped += inside
        clock = thread.read(at)
        thread.stopped += around
        while True:
            span = self._end_latest(thread, clock)
            if span.sort == kind and span.name == name:
                return span

    def _end_latest(self, thread: _Thread, clock: int) -> Span:
        span = thread.open.pop()
        span.end = clock
        if span.parent is not None:
            span.parent.inner += span.duration
        if self._memory:
            span.rise = thread.rise_ends()
        return span

    # -- memory ------------------------------------------------------------------------------------

    def _made(self, array: Any, span: Span) -> None:
        """Note an array that a span returned, unless its memory was there before."""
        owner = versions.owner_of(array)
        key, size = id(owner), getattr(owner, "nbytes", 0)
        if key in span.given or key in self._alive or not size:
            return
        span.made += size
        self.spans.changes.append((self._mine.thread.latest, span, size))
        try:
            watch = self._alive[key] = _Watch(owner, self._gone)
        except TypeError:  # a number, which goes unseen: as good as gone
            self.spans.changes.append((self._mine.thread.latest, span, -size))
            return
        watch.key, watch.span, watch.size = key, span, size

    def _gone(self, watch: Any) -> None:
        at = now()
        if self._alive.pop(watch.key, None) is not None:
            self.spans.changes.append((self._mine.thread.read(at), watch.span, -watch.size))
        self._go_on(at)


def _array(value: Any) -> Any:
    return value._data if isinstance(value, TensorBase) else value


def _name(node: Any) -> str:
    return type(node).__name__.lstrip("_")
