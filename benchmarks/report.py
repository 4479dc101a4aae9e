"""The tables of a run: gradloom against its targets, every peer beside PyTorch, the figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from cases import CASES, Case
from peers import PEERS, REFERENCE, SUBJECT

BUSY = 0.5  # threads that wait for each other stall where others use the cores
UNKNOWN = "not measured"
Figures = dict[str, list[float]]


def ratios(figures: Figures, name: str, reference: str) -> list[float]:
    """Round by round, a peer's figure over that of another; empty where either did not run."""
    pairs = zip(figures.get(name, []), figures.get(reference, []), strict=False)
    return [a / b if b > 0 else inf for a, b in pairs]


def outcome(met: bool, figure: str) -> str:
    return f"{'met' if met else 'MISSED'} ({figure})"


def verdict(case: Case, figures: Figures) -> tuple[str, str]:
    """The targets of a case in words, and whether each was met; a median decides."""
    targets, results = [], []
    for reference, bound in case.at_most.items():
        targets.append(f"≤ {bound} of {PEERS[reference].title}")
        found = ratios(figures, SUBJECT, reference)
        share = median(found) if found else inf
        results.append(outcome(share <= bound, f"{share:.2f}") if found else UNKNOWN)
    if case.limit_ms is not None:
        targets.append(f"≤ {case.limit_ms:.0f} ms")
        mine = median(figures.get(SUBJECT, [inf])) * 1e3
        results.append(outcome(mine <= case.limit_ms, f"{mine:.0f} ms") if mine < inf else UNKNOWN)
    return "; ".join(targets), "; ".join(results)


def digits(value: float) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def time_text(seconds: float) -> str:
    """Three figures, in µs below a millisecond and in ms above."""
    return f"{digits(seconds * 1e6)} µs" if seconds < 1e-3 else f"{digits(seconds * 1e3)} ms"


def size_text(size: float) -> str:
    return f"{digits(size / 1e6)} MB"


def text_of(case: Case) -> Callable[[float], str]:
    return size_text if case.measured in ("memory", "size") else time_text


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded so that it also reads on a terminal."""
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def report(results: dict[str, Any], names: Sequence[str]) -> str:
    """Three tables: gradloom against its targets, the peers' ratios to PyTorch, their figures."""
    goals, shares, times = [], [], []
    for case in CASES:
        if case.name not in results:
            continue
        figures, refused = results[case.name]["figures"], results[case.name]["refused"]
        if refused:
            goals.append([case.title, "not reported: " + "; ".join(refused), "", ""])
            continue
        text, (target, reached) = text_of(case), verdict(case, figures)
        mine = text(median(figures[SUBJECT])) if SUBJECT in figures else "–"
        goals.append([case.title, mine, target, reached])
        share, row = [case.title], [case.title]
        for name in names:
            found = ratios(figures, name, REFERENCE)
            spread = f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})" if found else "–"
            share.append("1" if found and name == REFERENCE else spread)
            failed = "failed" if name in results[case.name]["errors"] else "–"
            row.append(text(median(figures[name])) if name in figures else failed)
        shares.append(share)
        times.append(row)
    titles = [PEERS[name].title for name in names]
    return "\n\n".join(
        [
            table(["case", "gradloom", "target", "outcome"], goals),
            "Over PyTorch's figure, lower is better: median of the rounds (lowest–highest).",
            table(["case", *titles], shares),
            "Time per call, growth of the peak, size: median of the rounds.",
            table(["case", *titles], times),
        ]
    )


def cpu_name() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return next(names)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def facts(greetings: dict[str, dict[str, str]], threads: int, rounds: int) -> str:
    """The machine and the versions behind the figures."""
    peers = [
        f"{PEERS[name].title} {told['version']} ({told['threads']})"
        for name, told in greetings.items()
    ]
    machine = f"{cpu_name()}, {os.cpu_count()} cores, {platform.system()}"
    python = f"Python {platform.python_version()}, NumPy {version('numpy')}"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    busy = f" Load {load:.1f} at the start: not a quiet machine." if load > BUSY else ""
    return (
        f"{date.today()}. {machine}. {python}. {threads} threads, {rounds} rounds.{busy}\n"
        f"Peers: {'; '.join(peers)}."
    )
