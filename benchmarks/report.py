"""The tables of a run: gradloom against its targets, every peer beside PyTorch, the figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from math import exp, inf, log
from pathlib import Path
from statistics import linear_regression, mean, median
from typing import Any

from cases import COMPILED, NUMPY, PROGRAMS, SERIES, TABLE, Case, Series
from ops import OPS, Op
from peers import COMPILER, PEERS, REFERENCE, SUBJECT

BUSY = 0.5  # threads that wait for each other stall where others use the cores
LEAST = 0.02  # of the time of all calls: what a profile shows
UNKNOWN = "not measured"
Figures = dict[str, list[float]]
Results = dict[str, Any]


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


def page(record: dict[str, Any]) -> str:
    """All that a run has found: its surroundings, then the tables of the groups."""
    results, names = record["results"], record["peers"]
    measured = [case for case in TABLE if case.name in results]
    parts = [*record["runs"]]
    if measured:
        parts += [goals(measured, results)]
        parts += ["Over PyTorch's figure, lower is better: median of the rounds (lowest–highest)."]
        parts += [beside(measured, results, names, share_text)]
        parts += ["Time per call, growth of the peak, size: median of the rounds."]
        parts += [beside(measured, results, names, figure_text)]
    face = [case for case in NUMPY if case.name in results]
    if face:
        parts += ["Programs written for HIPS autograd, which gradloom runs as they stand."]
        parts += [beside_hips(face, results)]
    grown = [series for series in SERIES if any(case.name in results for case in series.cases)]
    if grown:
        parts += ["How time grows: the slope of its logarithm over that of the size."]
        parts += [growth(grown, results)]
    ops = [op for op in OPS if any(name.startswith(f"{op.name}_") for name in results)]
    if ops:
        parts += ["Single ops: gradloom's time, and its share of PyTorch's."]
        parts += [singles(ops, results)]
    return "\n\n".join(parts)


def goals(cases: Sequence[Case], results: Results) -> str:
    """gradloom against its targets."""
    rows = []
    for case in cases:
        figures, refused = results[case.name]["figures"], results[case.name]["refused"]
        mine = figure_text(case, results[case.name], SUBJECT)
        told = ["not measured: " + "; ".join(refused), ""] if refused else verdict(case, figures)
        rows.append([case.title, mine, *told])
    return table(["case", "gradloom", "target", "outcome"], rows)


def beside(
    cases: Sequence[Case], results: Results, names: Sequence[str], text: Callable[..., str]
) -> str:
    """A column for each peer."""
    rows = [
        [case.title, *(text(case, results[case.name], name) for name in names)] for case in cases
    ]
    return table(["case", *(PEERS[name].title for name in names)], rows)


def beside_hips(cases: Sequence[Case], results: Results) -> str:
    """Times of HIPS autograd's programs in both, and gradloom's share."""
    rows = []
    for case in cases:
        result = results[case.name]
        times = [figure_text(case, result, name) for name in (SUBJECT, "hips")]
        told = "; ".join(result["refused"]) or verdict(case, result["figures"])[1]
        rows.append([case.title, *times, share_text(case, result, SUBJECT, "hips"), told])
    share = f"share, target ≤ {cases[0].at_most['hips']}"
    return table(["program", "gradloom", PEERS["hips"].title, share, "outcome"], rows)


def share_text(case: Case, result: Any, name: str, reference: str = REFERENCE) -> str:
    """A peer's figure over PyTorch's, or another's."""
    found = ratios(result["figures"], name, reference)
    if found and name == reference:
        return "1"
    return f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})" if found else "–"


def figure_text(case: Case, result: Any, name: str) -> str:
    """A peer's figure with its unit."""
    if name in result["figures"]:
        return text_of(case)(median(result["figures"][name]))
    return "failed" if name in result["errors"] else "–"


def programs(record: dict[str, Any]) -> str:
    """Steps as programs: time of a call, of the first calls, and shares of others' time."""
    results, names = record["results"], record["peers"]
    measured = [case for case in COMPILED if case.name in results]
    pairs = [(name, other) for other in (COMPILER, SUBJECT) for name in (SUBJECT, *PROGRAMS)]
    pairs = [(a, b) for a, b in pairs if {a, b} <= set(names) and a != b]
    rows, logs = [], {pair: list[float]() for pair in pairs}
    for case in measured:
        row = [case.title]
        for pair in pairs:
            found = ratios(results[case.name]["figures"], *pair)
            logs[pair] += [log(median(found))] if found else []
            row.append(f"{median(found):.2f}" if found else "–")
        rows.append(row)
    means = [f"{exp(mean(logs[pair])):.2f}" if logs[pair] else "–" for pair in pairs]
    rows.append(["geometric mean", *means])
    titles = [f"{PEERS[a].title} / {PEERS[b].title}" for a, b in pairs]
    first = [
        name for name in names if any(name in results[case.name]["first"] for case in measured)
    ]
    compiling = [
        [case.title, *(seconds_text(results[case.name]["first"].get(name)) for name in first)]
        for case in measured
    ]
    parts = [
        *record["runs"],
        "Time per call: median of the rounds.",
        beside(measured, results, names, figure_text),
        "Shares of time: lower is better; median of the rounds.",
        table(["case", *titles], rows),
        "What the first three calls take longer than others, in a fresh process.",
        table(["case", *(PEERS[name].title for name in first)], compiling),
    ]
    return "\n\n".join(parts)


def seconds_text(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.2f} s"


def growth(grown: Sequence[Series], results: Results) -> str:
    """The slopes of gradloom and PyTorch, and gradloom's share at each size."""
    rows = []
    for series in grown:
        cases = [(size, case.name) for size, case in zip(series.sizes, series.cases, strict=True)]
        figures = {size: results[name]["figures"] for size, name in cases if name in results}
        shares = [
            f"{size}: {median(ratios(found, SUBJECT, REFERENCE)):.2f}"
            for size, found in figures.items()
        ]
        slopes = [f"{slope(figures, name):.2f}" for name in (SUBJECT, REFERENCE)]
        rows.append([series.title, *slopes, ", ".join(shares)])
    return table(["what grows", "gradloom", "PyTorch", "share of PyTorch's time"], rows)


def slope(figures: dict[int, Figures], name: str) -> float:
    """Of log time over log size, by least squares: 1 where time grows as the size does."""
    sizes = [log(size) for size in figures]
    times = [log(median(found[name])) for found in figures.values()]
    return linear_regression(sizes, times).slope


def singles(ops: Sequence[Op], results: Results) -> str:
    """A line for each op."""
    rows = []
    for op in ops:
        row = [op.name]
        for size in ("small", "large"):
            for ways in ("forward", "both"):
                result = results.get(f"{op.name}_{size}_{ways}", {"figures": {}, "refused": []})
                found = ratios(result["figures"], SUBJECT, REFERENCE)
                mine = time_text(median(result["figures"][SUBJECT])) if found else "–"
                row.append(f"{mine} ({median(found):.2f})" if found else mine)
        rows.append(row)
    header = ["op", "small, forward", "small, both ways", "large, forward", "large, both ways"]
    return table(header, rows)


def calls(case: Case, step: float, found: Sequence[tuple[str, str, int, float]]) -> str:
    """One step's calls of NumPy's, alike ones together, and what is left to Python."""
    count, seconds = sum(row[2] for row in found), sum(row[3] for row in found)
    rows = [
        [name, shapes, str(many), time_text(took), f"{took / seconds:.0%}"]
        for name, shapes, many, took in found
        if took >= LEAST * seconds
    ]
    told = f"{case.title}: {time_text(step)} a step, of which {count} calls of NumPy's take"
    told += f" {time_text(seconds)}, over all threads; those of {LEAST:.0%} and more:"
    return f"{told}\n\n{table(['call', 'of', 'times', 'time', 'share'], rows)}\n"


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
