"""``with autograd.profile() as p``: where time and memory go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.diagnosis.profile.cost import costs
from autograd.diagnosis.profile.events import Event, Events, events_of
from autograd.diagnosis.profile.recorder import Recorder
from autograd.diagnosis.profile.schedule import RECORDING, ProfilerAction
from autograd.diagnosis.profile.spans import Row, stacks
from autograd.diagnosis.profile.table import report, table

__all__ = ["profile"]

_BY = ("op", "module", "line")


class profile:  # noqa: N801 - torch.profiler.profile
    """Measures what happens inside ``with``: by op, by module and by line of the program::

        with autograd.profile() as p:
            loss = F.cross_entropy(net(x), target)
            loss.backward()
        print(p)
        p.flame_graph("step.html")

    Time of the backward pass belongs to the op, the module and the line that made a node. What
    other threads do meanwhile is noted, too. The profile's own work is not in the times.

    :param enabled: False does nothing.
    :param schedule: which steps are noted, between calls of :meth:`step`; see
        ``profiler.schedule``.
    :param on_trace_ready: called with the profile at the end, or at the end of each cycle.
    :param record_shapes: note the shapes of ops' arguments.
    :param profile_memory: trace all memory by ``tracemalloc``: the tables show by how much it
        rose in one call at most, what is not returned with it. Times get longer by that.
    :param options: PyTorch's other arguments are taken, and change nothing: ``with_stack``,
        ``with_modules``; lines and modules are always noted.

    >>> import autograd
    >>> x = autograd.ones(3, requires_grad=True)
    >>> with profile() as p:
    ...     x.exp().sum().backward()
    >>> sorted(row.name for row in p.rows("op"))
    ['Exp', 'Sum', 'backward']
    """

    def __init__(
        self,
        enabled: bool = True,
        *,
        activities: Iterable[Any] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[[profile], Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        **options: Any,
    ) -> None:
        self.step_num = 0
        self._enabled, self._schedule, self._ready = enabled, schedule, on_trace_ready
        self._shapes, self._memory = record_shapes, profile_memory
        self._action = ProfilerAction.NONE
        self._under_way = False
        self._recorder = Recorder({})

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, as ``with`` does. Raises RuntimeError where it has begun."""
        if self._action is not ProfilerAction.NONE:
            raise RuntimeError(
                "profile: it is started once; this one is under way. Call stop() first, or make "
                "another profile."
            )
        self._act(self._schedule(self.step_num) if self._schedule else RECORDING[-1])

    def stop(self) -> None:
        """End, and hand over what was noted."""
        action = self._action
        self._act(ProfilerAction.NONE)
        if self._ready is not None and action in RECORDING:
            self._ready(self)

    def step(self) -> None:
        """A step of the training has ended."""
        if self._schedule is not None and self._action is RECORDING[-1]:
            self.stop()
        self.step_num += 1
        if self._schedule is not None:
            self._act(self._schedule(self.step_num))

    def _act(self, action: ProfilerAction) -> None:
        """Note what comes, or no longer."""
        self._action = action
        if (action in RECORDING and self._enabled) == self._under_way:
            return
        self._under_way = not self._under_way
        if self._under_way:
            self._recorder = Recorder(costs(), shapes=self._shapes, memory=self._memory)
            self._recorder.begin()
        else:
            self._recorder.end()

    # -- what was found ----------------------------------------------------------------------------

    def rows(self, by: str = "op") -> list[Row]:
        """The sums by ``"op"``, ``"module"`` or ``"line"``, the most time first.

        A row has ``name``, ``calls``; ``forward``, ``backward`` and ``total``, seconds with what is
        called inside; ``own``, seconds without; ``made``, the bytes of new arrays that were
        returned; ``at_peak``, how many of these were there when most were.

        Raises ValueError for another ``by``.
        """
        return self._recorder.spans.rows(_checked(by))

    def table(self, by: str = "op", row_limit: int = 100, *, sort_by: str | None = None) -> str:
        """The rows as text in 100 columns: ``"op"``, ``"module"`` or ``"line"``.

        :param sort_by: asks for PyTorch's table, of ``key_averages``.
        """
        if sort_by is not None:
            return self.key_averages().table(sort_by=sort_by, row_limit=row_limit)
        return table(self._recorder.spans, _checked(by), row_limit).lstrip("\n")

    def __str__(self) -> str:
        return report(self._recorder.spans, limit=10)

    def export_chrome_trace(self, path: Any) -> None:
        """Write a trace that Perfetto (ui.perfetto.dev) and chrome://tracing show.

        A ``path`` that ends in ``.gz`` is compressed.
        """
        from autograd.diagnosis.profile.trace import export

        names = [thread.name for thread in self._recorder.threads]
        export(self._recorder.spans, names, path)

    def flame_graph(self, path: Any) -> None:
        """Write a page that shows times as widths: modules and ops, or lines and ops.

        One HTML file, which needs no network. A box is opened by a click or by Enter, and Escape
        closes it; arrow keys go from box to box.
        """
        from autograd.diagnosis.profile.flame import export

        names = [thread.name for thread in self._recorder.threads]
        export(self._recorder.spans, names, path)

    def export_stacks(self, path: Any, metric: str = "self_cpu_time_total") -> None:
        """Write lines ``outer;inner time``, in microseconds, which tools for flame graphs read."""
        with open(path, "w", encoding="utf-8") as file:
            for way, time in stacks(self._recorder.spans).items():
                names = ";".join([name.replace(";", ",") for name in way])
                file.write(f"{names} {round(time / 1000)}\n")

    # -- as PyTorch tells it -----------------------------------------------------------------------

    def events(self) -> Events:
        """What was noted, as PyTorch's events, in the order in which they began."""
        return events_of(self._recorder.spans)

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> Events:
        """The events, those of one name as one; ``.table(sort_by=...)`` is PyTorch's table."""
        return self.events().key_averages(group_by_input_shape, group_by_stack_n)

    def total_average(self) -> Event:
        """All events as one."""
        return self.events().total_average()

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all events, in microseconds."""
        return self.events().self_cpu_time_total


def _checked(by: str) -> str:
    if by not in _BY:
        raise ValueError(
            f"profile: by must be one of {', '.join(map(repr, _BY))}; got {by!r}. For PyTorch's "
            "table write key_averages().table(sort_by=...)."
        )
    return by
