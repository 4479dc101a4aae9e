"""A profile as PyTorch tells it: events, their averages, and its table."""

from __future__ import annotations

from typing import Any

from autograd.diagnosis.profile.spans import Span, Spans
from autograd.diagnosis.profile.table import shortened, size


class Event:
    """A span, or those of one name together. Times are in microseconds, memory in bytes."""

    device_time = self_device_time_total = device_time_total = 0.0
    cuda_time = self_cuda_time_total = cuda_time_total = 0.0
    device_memory_usage = cuda_memory_usage = 0
    is_async = is_remote = False

    def __init__(self, name: str) -> None:
        self.name = self.key = name
        self.count = 0
        self.cpu_time_total = self.self_cpu_time_total = 0.0
        self.cpu_memory_usage = self.self_cpu_memory_usage = 0
        self.start = 0.0
        self.thread = 0
        self.input_shapes: list[Any] = []
        self.stack: list[str] = []

    def add(self, other: Event) -> None:
        """Count another one of its name."""
        self.count += other.count
        self.cpu_time_total += other.cpu_time_total
        self.self_cpu_time_total += other.self_cpu_time_total
        self.cpu_memory_usage += other.cpu_memory_usage
        self.self_cpu_memory_usage += other.self_cpu_memory_usage

    @property
    def cpu_time(self) -> float:
        """How long it took, the mean of its calls."""
        return self.cpu_time_total / max(self.count, 1)

    def __repr__(self) -> str:
        return f"<{self.key}: {self.count} calls, {self.cpu_time_total:.3f} us>"


class Events(list[Event]):
    """The events of a profile."""

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> Events:
        """The events, those of one name (and shapes, and line, where these are asked for) as one.

        :param group_by_stack_n: above 0, events of different lines are told apart.
        """
        found: dict[Any, Event] = {}
        for event in self:
            shapes = event.input_shapes if group_by_input_shape else []
            stack = event.stack if group_by_stack_n else []
            key = (event.key, str(shapes), *stack)
            if key not in found:
                found[key] = Event(event.key)
                found[key].input_shapes, found[key].stack = shapes, stack
            found[key].add(event)
        return Events(found.values())

    def total_average(self) -> Event:
        """All events as one."""
        total = Event("Total")
        for event in self:
            total.add(event)
        total.cpu_time_total = total.self_cpu_time_total
        return total

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all events, in microseconds."""
        return sum(event.self_cpu_time_total for event in self)

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_name_column_width: int | None = 55,
        **options: Any,
    ) -> str:
        """PyTorch's table: a line for each event.

        :param sort_by: an attribute of events, as ``"self_cpu_time_total"``; the largest first.
        :param row_limit: how many events are shown; -1 means all.
        :raises ValueError: events have no such number.
        """
        rows = list(self)
        if sort_by is not None:
            if not isinstance(
                getattr(Event("") if not rows else rows[0], sort_by, ""), (int, float)
            ):
                raise ValueError(
                    f"table: sort_by must be a number that events have; got {sort_by!r}. Pass "
                    '"self_cpu_time_total", "cpu_time_total", "cpu_memory_usage" or "count".'
                )
            rows.sort(key=lambda event: -getattr(event, sort_by))
        rows = rows[:row_limit] if row_limit >= 0 else rows
        whole = self.self_cpu_time_total or 1.0
        memory = any(event.cpu_memory_usage for event in rows)
        lines = [_line(_TITLES, memory)]
        for event in rows:
            name = event.key if not event.stack else f"{event.key} at {event.stack[0]}"
            if any(event.input_shapes):
                name += f" {event.input_shapes}"
            figures = (
                name,
                f"{event.self_cpu_time_total / whole:.2%}",
                _time(event.self_cpu_time_total),
                f"{event.cpu_time_total / whole:.2%}",
                _time(event.cpu_time_total),
                _time(event.cpu_time),
                size(event.cpu_memory_usage) or "0 B",
                size(event.self_cpu_memory_usage) or "0 B",
                str(event.count),
            )
            lines.append(_line(figures, memory))
        width = max(len(shortened(cells[0], max_name_column_width or 999)) for cells in lines)
        text = [
            "  ".join([shortened(cells[0], width).rjust(width), *[c.rjust(12) for c in cells[1:]]])
            for cells in lines
        ]
        rule = "-" * max(len(line) for line in text)
        whole_time = f"Self CPU time total: {_time(self.self_cpu_time_total)}"
        return "\n".join([rule, text[0], rule, *text[1:], rule, whole_time, ""])


_TITLES = (
    "Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg", "CPU Mem",
    "Self CPU Mem", "# of Calls",
)  # fmt: skip


def _line(cells: tuple[str, ...], memory: bool) -> tuple[str, ...]:
    return cells if memory else (*cells[:6], cells[8])


def _time(microseconds: float) -> str:
    for unit, factor in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= factor:
            return f"{microseconds / factor:.3f}{unit}"
    return f"{microseconds:.3f}us"


def events_of(spans: Spans) -> Events:
    """The events of a profile: of ops, formulas, steps and named blocks, in the order of begin.

    Modules are none, as in PyTorch: their own time is that of the event that they are called in.
    """
    inside: dict[Span, int] = {}  # what the spans inside have made
    for span in reversed(spans):
        if span.parent is not None:
            made = span.made + inside.get(span, 0)
            inside[span.parent] = inside.get(span.parent, 0) + made
    found = Events()
    around: dict[Span | None, Event | None] = {None: None}  # by span: itself, or what it is in
    for span in spans:
        outer = around[span.parent]
        if span.sort == "module":
            around[span] = outer
            if outer is not None:
                outer.self_cpu_time_total += span.own / 1000
            continue
        event = Event(f"Optimizer.step#{span.name}" if span.phase == "other" else span.name)
        event.count = 1
        event.start, event.thread = (span.start - spans.begun) / 1000, span.thread
        event.cpu_time_total = span.duration / 1000
        event.self_cpu_time_total = span.own / 1000
        event.self_cpu_memory_usage = span.made
        event.cpu_memory_usage = span.made + inside.get(span, 0)
        event.input_shapes = span.shapes
        event.stack = [str(span.line)] if span.line else []
        around[span] = event
        found.append(event)
    return found
