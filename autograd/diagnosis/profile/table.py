"""A profile as text, in a hundred columns."""

from __future__ import annotations

from autograd.diagnosis.profile.spans import Spans

_WIDTH = 100
_FIGURES = "{:>7}{:>9}{:>9}{:>9}{:>8}{:>9}{:>9}"


def report(spans: Spans, limit: int) -> str:
    """The profile in three tables, by op, module and line."""
    shares = spans.shares()
    whole = shares["all"] or 1.0
    parts = ", ".join(
        f"{name} {shares[phase] / whole:.0%}"
        for name, phase in (("forward", "forward"), ("backward", "backward"), ("steps", "other"))
    )
    rest = max(0.0, 1 - sum(shares[phase] for phase in ("forward", "backward", "other")) / whole)
    memory = f"Ops made {size(sum(span.made for span in spans))}, {size(spans.peak())} at the peak."
    head = f"{duration(shares['all'])}: {parts}, the rest {rest:.0%}. {memory}"
    tables = [table(spans, by, limit) for by in ("op", "module", "line")]
    return "\n".join([head, *[text for text in tables if text]])


def table(spans: Spans, by: str, limit: int) -> str:
    """A line for each op, module or line, and what the columns mean below."""
    rows = spans.rows(by)
    if not rows:
        return ""
    whole = spans.length / 1e9 or 1.0
    traced = any(row.rise for row in rows)
    titles = ("calls", "forward", "backward", "self", "self %", "made", "at peak")
    titles = (*titles[:-1], "rise") if traced else titles
    lines = ["", _line(by, titles), "-" * _WIDTH]
    for row in rows[:limit]:
        figures = (
            str(row.calls),
            duration(row.forward),
            duration(row.backward),
            duration(row.own),
            f"{row.own / whole:.1%}",
            size(row.made),
            size(row.rise if traced else row.at_peak),
        )
        lines.append(_line(row.name, figures))
    if len(rows) > limit:
        rest = sum(row.own for row in rows[limit:])
        lines.append(f"... and {len(rows) - limit} more: {duration(rest)}")
    return "\n".join(lines)


def _line(name: str, figures: tuple[str, ...]) -> str:
    text = _FIGURES.format(*figures)
    width = _WIDTH - len(text)
    if "  " in name and len(name) > width:  # a line and its text, of which the end matters less
        name = f"{name[: width - 1]}…"
    return shortened(name, width).ljust(width) + text


def shortened(name: str, width: int) -> str:
    """``name`` with its middle left out where it is too long.

    >>> shortened("net.encoder.layers.3.attention", 20)
    'net.encod….attention'
    """
    if len(name) <= width:
        return name
    left = width // 2 - 1
    return f"{name[:left]}…{name[left + 1 - width :]}"


def duration(seconds: float) -> str:
    """A time with three digits, and nothing for none.

    >>> duration(0.01234), duration(2e-6), duration(0)
    ('12.3 ms', '2.00 µs', '')
    """
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 0.9995:
            return f"{_digits(seconds * factor)} {unit}"
    return f"{seconds * 1e9:.0f} ns" if seconds > 0 else ""


def size(count: int) -> str:
    """A number of bytes with three digits, and nothing for none.

    >>> size(12_345_678), size(512), size(0)
    ('12.3 MB', '512 B', '')
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= 0.9995 * factor:
            return f"{_digits(count / factor)} {unit}"
    return f"{count} B" if count else ""


def _digits(value: float) -> str:
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
