"""``torch.profiler`` and ``torch.autograd.profiler``: what a script names is timed, and told.

A profile holds the blocks that :func:`record_function` names, and the whole; single operations
are not in it.
"""

from __future__ import annotations

import enum as _enum
import time as _time
import typing as _typing
from collections.abc import Callable, Iterable
from typing import Any

__path__: list[str] = []  # profiler.profiler is a module, too

__all__ = [
    "ProfilerAction", "ProfilerActivity", "emit_nvtx", "profile", "record_function", "schedule",
    "supported_activities", "tensorboard_trace_handler",
]  # fmt: skip

_open: list[profile] = []  # profiles that are under way


class ProfilerActivity(_enum.Enum):
    """What is looked at: the CPU's work, whatever is asked for."""

    CPU = 0
    CUDA = 2
    XPU = 1
    MTIA = 3
    HPU = 4
    PrivateUse1 = 5


class ProfilerAction(_enum.Enum):
    """What a profile does in one step."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def supported_activities() -> set[ProfilerActivity]:
    """What can be looked at.

    >>> supported_activities()
    {<ProfilerActivity.CPU: 0>}
    """
    return {ProfilerActivity.CPU}


def schedule(
    *,
    wait: int,
    warmup: int,
    active: int,
    repeat: int = 0,
    skip_first: int = 0,
    skip_first_wait: int = 0,
) -> Callable[[int], ProfilerAction]:
    """What to do in which step: after ``skip_first`` steps, cycles of three phases.

    >>> [schedule(wait=1, warmup=1, active=2)(step).name for step in range(4)]
    ['NONE', 'WARMUP', 'RECORD', 'RECORD_AND_SAVE']
    """

    def action(step: int) -> ProfilerAction:
        step -= skip_first
        if skip_first_wait:
            step += wait
        cycle = wait + warmup + active
        if step < 0 or (repeat > 0 and step >= repeat * cycle):
            return ProfilerAction.NONE
        place = step % cycle
        if place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        return ProfilerAction.RECORD if place < cycle - 1 else ProfilerAction.RECORD_AND_SAVE

    return action


class Event:
    """A block of code: its name, when it began, and how long it took, in microseconds."""

    count = 1
    self_device_time_total = device_time_total = cuda_time_total = self_cuda_time_total = 0.0
    cpu_memory_usage = cuda_memory_usage = 0
    input_shapes: list[Any] = []

    def __init__(self, name: str, start: float, duration: float) -> None:
        self.name = self.key = name
        self.start, self.cpu_time_total = start, duration

    @property
    def cpu_time(self) -> float:
        """How long it took, the mean of its calls."""
        return self.cpu_time_total / self.count

    self_cpu_time_total = property(lambda self: self.cpu_time_total)


class Events(list[Event]):
    """The blocks of a profile."""

    def table(
        self, sort_by: str | None = None, row_limit: int = 100, *args: Any, **keywords: Any
    ) -> str:
        """A line for each block: its name, its time, the mean of its calls, how many they are."""
        rows = sorted(self, key=lambda event: -event.cpu_time_total) if sort_by else list(self)
        rows = rows[:row_limit] if row_limit >= 0 else rows
        width = max([len(event.key) for event in rows] + [4])
        line = "-" * (width + 42)
        lines = [
            line,
            f"{'Name':<{width}}  {'CPU total':>12}  {'CPU time avg':>12}  {'# of Calls':>12}",
            line,
        ]
        for event in rows:
            times = f"{_told(event.cpu_time_total):>12}  {_told(event.cpu_time):>12}"
            lines.append(f"{event.key:<{width}}  {times}  {event.count:>12}")
        lines += [
            line,
            "Blocks that record_function names are timed; single operations are not.",
            "",
        ]
        return "\n".join(lines)

    def total_average(self) -> Event:
        """All blocks as one."""
        return Event("Total", 0.0, sum(event.cpu_time_total for event in self))

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all blocks, in microseconds."""
        return sum(event.cpu_time_total for event in self)


def _told(microseconds: float) -> str:
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:.3f}{unit}"
    return f"{microseconds:.3f}us"


class profile:  # noqa: N801 - torch.profiler.profile
    """A block of code in which the blocks that :func:`record_function` names are timed.

    Takes PyTorch's arguments. ``schedule`` and ``on_trace_ready`` do as PyTorch's with
    :meth:`step`.

    >>> with profile() as prof, record_function("forward"):
    ...     pass
    >>> [event.key for event in prof.key_averages()]
    ['forward']
    """

    def __init__(
        self,
        enabled: Any = True,
        *,
        activities: Iterable[Any] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[[profile], Any] | None = None,
        **options: Any,
    ) -> None:
        self.step_num = 0
        self._schedule, self._ready = schedule, on_trace_ready
        self._events = Events()
        self._action = ProfilerAction.NONE

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self.stop()

    def start(self) -> None:
        """Begin."""
        self._action = self._schedule(0) if self._schedule else ProfilerAction.RECORD_AND_SAVE
        _open.append(self)

    def stop(self) -> None:
        """End, and hand over what was recorded."""
        if self in _open:
            _open.remove(self)
        if self._ready is not None and self._action in _RECORDING:
            self._ready(self)

    def step(self) -> None:
        """A step of the training has ended."""
        if self._action is ProfilerAction.RECORD_AND_SAVE and self._schedule is not None:
            if self._ready is not None:
                self._ready(self)
        self.step_num += 1
        if self._schedule is not None:
            before, self._action = self._action, self._schedule(self.step_num)
            if self._action in _RECORDING and before not in (*_RECORDING, ProfilerAction.NONE):
                self._events.clear()

    def note(self, event: Event) -> None:
        """Take a block into the profile."""
        if self._action in _RECORDING:
            self._events.append(event)

    def events(self) -> Events:
        """The blocks, in the order in which they ended."""
        return self._events

    def key_averages(self, *args: Any, **keywords: Any) -> Events:
        """The blocks, those of a name as one."""
        found: dict[str, Event] = {}
        for event in self._events:
            if event.key in found:
                found[event.key].cpu_time_total += event.cpu_time_total
                found[event.key].count += 1
            else:
                found[event.key] = Event(event.key, event.start, event.cpu_time_total)
        return Events(found.values())

    def table(self, *args: Any, **keywords: Any) -> str:
        """``key_averages().table()``."""
        return self.key_averages().table(*args, **keywords)

    def export_chrome_trace(self, path: Any) -> None:
        """Write the blocks into a file that chrome://tracing and Perfetto show."""
        import json

        events = [
            {"name": e.name, "ph": "X", "pid": 0, "tid": 0, "ts": e.start, "dur": e.cpu_time_total}
            for e in self._events
        ]
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"traceEvents": events}, file)


_RECORDING = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class record_function:  # noqa: N801 - torch.profiler.record_function
    """A block of code, or a decorated function, under a name in the profiles that are under way."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name

    def __enter__(self) -> record_function:
        self._start = _time.perf_counter()
        return self

    def __exit__(self, *error: Any) -> None:
        for one in _open:
            duration = (_time.perf_counter() - self._start) * 1e6
            one.note(Event(self.name, self._start * 1e6, duration))

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        import functools

        @functools.wraps(function)
        def called(*args: Any, **keywords: Any) -> Any:
            with record_function(self.name):
                return function(*args, **keywords)

        return called


class emit_nvtx:  # noqa: N801 - torch.autograd.profiler.emit_nvtx
    """A block of code that a GPU's profiler is told of: there is none."""

    def __init__(self, enabled: bool = True, record_shapes: bool = False) -> None:
        self.enabled = enabled

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None


def tensorboard_trace_handler(
    dir_name: Any, worker_name: str | None = None, use_gzip: bool = False
) -> Callable[[profile], None]:
    """For ``on_trace_ready``: write each trace into a folder, under a name of its own."""

    def write(prof: profile) -> None:
        import os
        import socket

        os.makedirs(dir_name, exist_ok=True)
        name = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        stem = f"{name}.{_time.time_ns()}.pt.trace.json"
        prof.export_chrome_trace(os.path.join(dir_name, stem))

    return write


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
