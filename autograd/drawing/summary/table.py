"""A table of modules as text and as HTML: a tree in the first column, numbers in the others."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from html import escape

from autograd.diagnosis.profile.table import shortened, size
from autograd.drawing.summary.accounts import SUMS, Row

_CELL = "padding:0.15em 0.7em;border:0;background:none;color:inherit;"

_LINE = "border-bottom:1px solid rgba(128,128,128,.6)"


class Table:
    """The lines of a model, down to ``depth``; the columns of a run only where it ``ran``."""

    def __init__(self, top: Row, ran: bool, depth: int | None) -> None:
        self.lines = list(_lines(top, depth))
        frozen = [] if top.frozen else ["frozen"]
        self.columns = [
            one for one in _COLUMNS if (ran or not one.of_run) and one.title not in frozen
        ]
        self.cells = [[column.of(line) for column in self.columns] for line in self.lines]

    def text(self, said: list[str], width: int) -> str:
        """The table in columns of text, and what is ``said`` below; names give way to ``width``."""
        titles = [column.title for column in self.columns]
        widths = [max(map(len, column)) for column in zip(titles, *self.cells, strict=True)]
        for place, least in ((0, 24), (1, 16)):
            if self.columns[place].left:
                over = sum(widths) + 2 * (len(widths) - 1) - width
                widths[place] = max(min(widths[place], least), widths[place] - max(over, 0))
        rows = [_row(self.columns, one, widths) for one in (titles, *self.cells)]
        length = sum(widths) + 2 * (len(widths) - 1)
        below = [textwrap.fill(one, max(length, min(80, width))) for one in said]
        return "\n".join([rows[0], "-" * length, *rows[1:], "-" * length, *below])

    def html(self, said: list[str]) -> str:
        """The table in the colours of the page that it stands in, light or dark."""
        sides = ["left" if column.left else "right" for column in self.columns]
        head = "".join(
            [
                f'<th style="{_CELL}text-align:{side};font-weight:600;{_LINE}">'
                f"{escape(column.title)}</th>"
                for column, side in zip(self.columns, sides, strict=True)
            ]
        )
        rows = []
        for line, cells in zip(self.lines, self.cells, strict=True):
            branch = f'<span style="opacity:.45">{escape(line.lead)}</span>'
            texts = [branch + escape(line.label), *map(escape, cells[1:])]
            pale = "" if line.reached and not line.itself else "opacity:.6"
            columns = [
                f'<td style="{_CELL}text-align:{side};white-space:pre">{text}</td>'
                for text, side in zip(texts, sides, strict=True)
            ]
            rows.append(f'<tr style="background:none;{pale}">{"".join(columns)}</tr>')
        below = "".join([f'<div style="margin-top:.2em">{escape(one)}</div>' for one in said])
        return (
            '<div style="overflow-x:auto;color:inherit"><table style="border-collapse:collapse;'
            'font-variant-numeric:tabular-nums;color:inherit;background:none">'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
            f'<div style="font-size:.9em;opacity:.8;max-width:60em">{below}</div></div>'
        )


class _Line:
    """A line of the table: a module, or what it does besides its parts."""

    def __init__(self, row: Row, label: str, lead: str, itself: bool = False) -> None:
        self.row, self.label, self.lead, self.itself = row, label, lead, itself

    def number(self, name: str) -> int:
        own = getattr(self.row, name)
        if not self.itself:
            return int(own)
        return int(own) - sum([getattr(child, name) for child in self.row.children])

    @property
    def reached(self) -> bool:
        return self.itself or _reached(self.row)


def _reached(row: Row) -> bool:
    waiting = [row]
    while waiting:
        one = waiting.pop()
        if one.calls or one.used:
            return True
        waiting += one.children
    return False


def _lines(top: Row, depth: int | None) -> Iterator[_Line]:
    """The lines in order, with the branches of a tree before their names."""
    waiting = [(top, "", "")]
    while waiting:
        row, lead, below = waiting.pop()
        label = f"{row.name}: {row.kind}" if row.path else row.kind
        label += f" × {row.calls}" if row.calls > 1 else ""
        yield _Line(row, label, lead)
        if not row.children or (depth is not None and row.depth >= depth):
            continue
        itself = _Line(row, "itself", f"{below}├─ ", itself=True)
        if any([itself.number(name) for name in SUMS]):
            yield itself
        for child in reversed(row.children):
            last = child is row.children[-1]
            ends = ("└─ ", "   ") if last else ("├─ ", "│  ")
            waiting.append((child, below + ends[0], below + ends[1]))


class _Column:
    def __init__(
        self, title: str, of: Callable[[_Line], str], of_run: bool = False, left: bool = False
    ) -> None:
        self.title, self.of, self.of_run, self.left = title, of, of_run, left


def _output(line: _Line) -> str:
    row = line.row
    if line.itself:
        return ""
    if row.outputs:
        differ = len(set(row.outputs)) > 1
        return row.outputs[0] + (" …" if differ else "")
    if not line.reached:
        return "not called"
    return "not called, but used" if row.used and not row.children else ""


def number(count: int) -> str:
    """A count with commas, or with three digits and its power of a thousand; nothing for none.

    >>> number(9_408), number(1_234_567), number(0)
    ('9,408', '1.23 M', '')
    """
    if count < 100_000:
        return f"{count:,}" if count else ""
    for unit, factor in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= 0.9995 * factor:
            return f"{count / factor:.3g} {unit}"
    return ""


def _exactly(count: int) -> str:
    return f"{count:,}" if count else ""


_COLUMNS = [
    _Column("layer", lambda line: line.lead + line.label, left=True),
    _Column("output", _output, of_run=True, left=True),
    _Column("parameters", lambda line: _exactly(line.number("parameters"))),
    _Column("frozen", lambda line: _exactly(line.number("frozen"))),
    _Column("multiply-adds", lambda line: number(line.number("multiply_adds")), of_run=True),
    _Column("kept", lambda line: size(line.number("kept")), of_run=True),
]  # fmt: skip


def _row(columns: list[_Column], cells: Sequence[str], widths: list[int]) -> str:
    parts = [
        shortened(cell, width).ljust(width) if column.left else cell.rjust(width)
        for column, cell, width in zip(columns, cells, widths, strict=True)
    ]
    return "  ".join(parts).rstrip()
