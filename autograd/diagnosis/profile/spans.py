"""What a profile notes: spans of time, one inside the other, and how they are summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.engine.lines import Line

Place = tuple[str, int]  # a file and a line in it


class Span:
    """A stretch of time: an op's call, a formula's run, a module's call, a named block.

    Times are nanoseconds on the clock of a recorder. No tensor, node or module is held.
    """

    __slots__ = (
        "end", "given", "inner", "sort", "line", "made", "module", "name", "op", "parent", "phase",
        "rise", "shapes", "start", "thread",
    )  # fmt: skip

    sort: str  # op, formula, module, work, block
    name: str  # what is shown: of a formula PyTorch's name of the node
    op: str  # what it counts for: of a formula the op that made the node
    phase: str  # forward, backward, other
    module: str  # the path of the module that it belongs to, of a module its own
    line: Line | None  # the user's
    parent: Span | None  # what it happened in
    thread: int
    start: int
    end: int
    inner: int  # the time of the spans directly inside
    made: int  # bytes of new arrays that it returned
    rise: int  # bytes that memory rose by at most while it ran, where that is traced
    shapes: list[Any]  # of its arguments, where they are noted
    given: set[int]  # while it is open: which memory it was given

    def __init__(self, kind: str, name: str, parent: Span | None, thread: int, start: int) -> None:
        self.sort, self.name, self.op = kind, name, name
        self.parent, self.thread, self.start, self.end = parent, thread, start, start
        self.phase, self.module, self.line = "forward", "", None
        self.inner = self.made = self.rise = 0
        self.shapes, self.given = [], set()

    @property
    def label(self) -> str:
        """What is shown: a module's path and class, else the name."""
        return f"{self.module}: {self.name}" if self.sort == "module" else self.name

    @property
    def duration(self) -> int:
        return self.end - self.start

    @property
    def own(self) -> int:
        """The time that no span inside accounts for."""
        return self.end - self.start - self.inner


class Row:
    """The sum of what belongs to one op, one module or one line. Times are in seconds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls = 0
        self.forward = self.backward = self.other = 0.0  # with what is called inside
        self.own = 0.0  # without
        self.made = 0  # bytes of new arrays
        self.at_peak = 0  # how many of them were there when most were
        self.rise = 0  # bytes that memory rose by at most in one call, where that is traced

    @property
    def total(self) -> float:
        """All time, with what is called inside."""
        return self.forward + self.backward + self.other

    def __repr__(self) -> str:
        return f"<{self.name}: {self.calls} calls, {self.total:.6f} s>"


class Spans(list[Span]):
    """All spans of a profile in the order in which they began, so parents come first."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[int, Span, int]] = []  # of memory: when, whose, by how many bytes
        self.classes: dict[str, str] = {}  # of the modules, by path
        self.begun = self.length = 0  # when the profile began, and how long it took

    def rows(self, by: str) -> list[Row]:
        """The sums by ``"op"``, ``"module"`` or ``"line"``, the most time first."""
        keys_of: dict[str, Callable[[Span], tuple[Any, ...]]] = {
            "op": _ops,
            "module": self._modules,
            "line": _Places(),
        }
        found = self._summed(keys_of[by])
        for key, row in found.items():
            row.name = self._name(by, key)
        rows = [row for row in found.values() if row.calls or row.total]
        return sorted(rows, key=lambda row: -(row.total if by == "module" else row.own))

    def _summed(self, keys_of: Callable[[Span], tuple[Any, ...]]) -> dict[Any, Row]:
        """Each span counts for all its keys, its own time and memory for the first of them.

        Inside a span that counted for a key nothing counts for it again.
        """
        rows: dict[Any, Row] = {}
        above: dict[Span | None, frozenset[Any]] = {None: frozenset()}
        held = self.held_at_peak()
        for span in self:
            keys, outer = keys_of(span), above[span.parent]
            for key in keys:
                if key in outer:
                    continue
                row = rows.setdefault(key, Row(""))
                seconds = getattr(row, span.phase) + span.duration / 1e9
                setattr(row, span.phase, seconds)
                if key == keys[0] and span.sort != "formula" and span.op == span.name:
                    row.calls += 1
                row.rise = max(row.rise, span.rise)
            above[span] = outer.union(keys) if not outer.issuperset(keys) else outer
            for key in keys[:1]:
                rows.setdefault(key, Row("")).own += span.own / 1e9
            for key in keys:
                rows[key].made += span.made
                rows[key].at_peak += held.get(span, 0)
        return rows

    def _modules(self, span: Span) -> tuple[Any, ...]:
        """The module that a span belongs to, and those that this one is in."""
        if not span.module or span.sort == "block":
            return ()
        parts = span.module.split(".")
        paths = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        return tuple([path for path in paths if path in self.classes])

    def _name(self, by: str, key: Any) -> str:
        if by == "module":
            return f"{key}: {self.classes[key]}"
        if by == "line":
            line = key[1]
            return f"{line}  {line.text}".rstrip()
        return str(key)

    # -- memory ------------------------------------------------------------------------------------

    def peak(self) -> int:
        """How many bytes of what ops and formulas made were there at once, at most."""
        return self._peak()[0]

    def _peak(self) -> tuple[int, int]:
        """The most bytes, and after how many changes."""
        most = place = now = 0
        for i, (_, _, change) in enumerate(self.changes):
            now += change
            if now > most:
                most, place = now, i + 1
        return most, place

    def held_at_peak(self) -> dict[Span, int]:
        """Whose bytes these were."""
        held: dict[Span, int] = {}
        for _, span, change in self.changes[: self._peak()[1]]:
            held[span] = held.get(span, 0) + change
        return held

    # -- time --------------------------------------------------------------------------------------

    def shares(self) -> dict[str, float]:
        """The seconds of all, and of forward, backward and other spans."""
        found = {"all": self.length / 1e9, "forward": 0.0, "backward": 0.0, "other": 0.0}
        for span in self:
            if span.sort != "block":
                found[span.phase] += span.own / 1e9
        return found


def _ops(span: Span) -> tuple[Any, ...]:
    return (span.op,) if span.sort in ("op", "formula", "work") else ()


class _Places:
    """The line of a span as a key; a line is found in its code object once."""

    def __init__(self) -> None:
        self.known: dict[Line, tuple[Any, ...]] = {}
        self.first: dict[Place, tuple[Any, ...]] = {}

    def __call__(self, span: Span) -> tuple[Any, ...]:
        line = span.line
        if line is None or span.sort == "block":
            return ()
        found = self.known.get(line)
        if found is None:
            place = (line.file, line.number)
            found = self.known[line] = self.first.setdefault(place, ((place, line),))
        return found


def stacks(spans: Iterable[Span]) -> dict[tuple[str, ...], int]:
    """The time of each way from the outermost span to an innermost, in nanoseconds."""
    ways: dict[Span | None, tuple[str, ...]] = {None: ()}
    found: dict[tuple[str, ...], int] = {}
    for span in spans:
        way = ways[span] = (*ways[span.parent], span.label)
        found[way] = found.get(way, 0) + span.own
    return found
