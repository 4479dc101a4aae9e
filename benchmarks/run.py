"""Times gradloom and its peers side by side; README.md says how to read the result."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

from cases import CASES, Case
from peers import PEERS, ROOT

HERE = Path(__file__).resolve().parent
REFERENCE, SUBJECT = "torch", "gradloom"
BUSY = 0.5  # threads that wait for each other stall where others use the cores
UNKNOWN = "not measured"
AGREE = 1e-3  # relative, between the check values of two peers


def environment(name: str, threads: int) -> dict[str, str]:
    """A peer's surroundings: equal thread counts, and where ``import autograd`` is to look."""
    env = dict(os.environ, BENCHMARK_THREADS=str(threads))
    for variable in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
        env[f"{variable}_NUM_THREADS"] = str(threads)
    hips = Path(os.environ.get("GRADLOOM_HIPS", Path(sys.prefix) / "hips"))
    env["PYTHONPATH"] = {SUBJECT: str(ROOT), "hips": str(hips)}.get(name, "")
    return env


class Worker:
    """A peer's process, started once and asked many times."""

    def __init__(self, name: str, threads: int):
        self.name, self.peer, self.env = name, PEERS[name], environment(name, threads)
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self.env,
            cwd=HERE,
            text=True,
        )
        self.greeting = self._read()

    def ask(self, case: Case, do: str) -> dict[str, Any]:
        """The worker's answer; imports are timed in fresh processes, and a check only warms up."""
        if case.kind in self.peer.imports:
            return self._import(case)
        if self.process.poll() is not None:
            return {"error": f"the process ended ({self.process.returncode})"}
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"case": case.name, "do": do}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"the process ended ({self.process.wait()})"}

    def _import(self, case: Case) -> dict[str, Any]:
        first = "import numpy; " if case.kind == "import_numpy" else ""
        code = (
            f"import time; {first}t = time.perf_counter(); {self.peer.imports[case.kind]}; "
            "print(time.perf_counter() - t)"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=self.env, cwd=HERE, capture_output=True, text=True)
        if done.returncode:
            return {"error": done.stderr.strip().splitlines()[-1]}
        return {"seconds": float(done.stdout), "values": []}


def start(names: Sequence[str], threads: int) -> list[Worker]:
    """The peers that are there; one line for each that is not."""
    workers = []
    for name in names:
        worker = Worker(name, threads)
        if "version" in worker.greeting:
            print(f"{PEERS[name].title} {worker.greeting['version']}: {worker.greeting['threads']}")
            workers.append(worker)
        else:
            reason = worker.greeting.get("missing") or worker.greeting["error"]
            print(f"{PEERS[name].title} skipped ({reason}). To have it: {PEERS[name].install}")
            worker.close()
    return workers


def disagreements(values: dict[str, list[float]]) -> list[str]:
    """Who differs from PyTorch (or from the first peer), and in which number."""
    reference = REFERENCE if REFERENCE in values else next(iter(values))
    found = []
    for name, mine in values.items():
        pairs = list(zip(mine, values[reference], strict=False))
        if len(mine) != len(values[reference]):
            found.append(f"{name} gives {len(mine)} numbers, {reference} {len(values[reference])}")
        for i, (a, b) in enumerate(pairs):
            if not abs(a - b) <= AGREE * max(abs(a), abs(b)):
                found.append(f"{name} has {a:.6g} where {reference} has {b:.6g} (check value {i})")
                break
    return found


def measure(case: Case, workers: Sequence[Worker], rounds: int) -> dict[str, Any]:
    """Check that the peers compute the same, then let them take turns, there and back again."""
    able = [worker for worker in workers if worker.peer.expresses(case.kind)]
    values, errors = {}, {}
    for worker in able:
        answer = worker.ask(case, "check")
        if "values" in answer:
            values[worker.name] = answer["values"]
        else:
            errors[worker.name] = answer["error"]
    refused = disagreements(values) if values else ["no peer could run it"]
    able = [] if refused else [worker for worker in able if worker.name in values]
    seconds: dict[str, list[float]] = {worker.name: [] for worker in able}
    for turn in range(rounds):
        for worker in able if turn % 2 == 0 else reversed(able):
            answer = worker.ask(case, "time")
            if "error" in answer:
                raise RuntimeError(f"{worker.name}, timing {case.name}: {answer['error']}")
            seconds[worker.name].append(answer["seconds"])
    return {"seconds": seconds, "errors": errors, "refused": refused}


def ratios(seconds: dict[str, list[float]], name: str, reference: str) -> list[float]:
    """Round by round, the time of one peer over that of another; empty where either did not run."""
    pairs = zip(seconds.get(name, []), seconds.get(reference, []), strict=False)
    return [a / b for a, b in pairs]


def outcome(met: bool, figure: str) -> str:
    return f"{'met' if met else 'MISSED'} ({figure})"


def verdict(case: Case, seconds: dict[str, list[float]]) -> tuple[str, str]:
    """The targets of a case in words, and whether each was met; a median decides."""
    targets, results = [], []
    for reference, bound in case.at_most.items():
        targets.append(f"≤ {bound} of {PEERS[reference].title}")
        found = ratios(seconds, SUBJECT, reference)
        share = median(found) if found else inf
        results.append(outcome(share <= bound, f"{share:.2f}") if found else UNKNOWN)
    if case.limit_ms is not None:
        targets.append(f"≤ {case.limit_ms:.0f} ms")
        mine = median(seconds.get(SUBJECT, [inf])) * 1e3
        results.append(outcome(mine <= case.limit_ms, f"{mine:.0f} ms") if mine < inf else UNKNOWN)
    return "; ".join(targets), "; ".join(results)


def time_text(seconds: float) -> str:
    """Three figures, in µs below a millisecond and in ms above."""
    value, unit = (seconds * 1e6, "µs") if seconds < 1e-3 else (seconds * 1e3, "ms")
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded so that it also reads on a terminal."""
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def report(results: dict[str, Any], names: Sequence[str]) -> str:
    """Three tables: gradloom against its targets, the peers' ratios to PyTorch, their times."""
    goals, shares, times = [], [], []
    for case in CASES:
        if case.name not in results:
            continue
        seconds, refused = results[case.name]["seconds"], results[case.name]["refused"]
        if refused:
            goals.append([case.title, "not reported: " + "; ".join(refused), "", ""])
            continue
        target, reached = verdict(case, seconds)
        mine = median(seconds[SUBJECT]) if SUBJECT in seconds else None
        goals.append([case.title, time_text(mine) if mine else "–", target, reached])
        share, row = [case.title], [case.title]
        for name in names:
            found = ratios(seconds, name, REFERENCE)
            spread = f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})" if found else "–"
            share.append("1" if found and name == REFERENCE else spread)
            failed = "failed" if name in results[case.name]["errors"] else "–"
            row.append(time_text(median(seconds[name])) if name in seconds else failed)
        shares.append(share)
        times.append(row)
    titles = [PEERS[name].title for name in names]
    return "\n\n".join(
        [
            table(["case", "gradloom", "target", "outcome"], goals),
            "Time over PyTorch's, lower is better: median of the rounds (lowest–highest).",
            table(["case", *titles], shares),
            "Time per call, median of the rounds.",
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


def facts(workers: Sequence[Worker], threads: int, rounds: int) -> str:
    """The machine and the versions behind the figures."""
    peers = [f"{w.peer.title} {w.greeting['version']} ({w.greeting['threads']})" for w in workers]
    machine = f"{cpu_name()}, {os.cpu_count()} cores, {platform.system()}"
    python = f"Python {platform.python_version()}, NumPy {version('numpy')}"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    busy = f" Load {load:.1f} at the start: not a quiet machine." if load > BUSY else ""
    return (
        f"{date.today()}. {machine}. {python}. {threads} threads, {rounds} rounds.{busy}\n"
        f"Peers: {'; '.join(peers)}."
    )


def listed(known: Sequence[str]) -> Any:
    """An argparse type: names from ``known``, separated by commas."""

    def parse(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(known)}")
        return names

    return parse


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    case_names = [case.name for case in CASES]
    add = parser.add_argument
    add("--cases", type=listed(case_names), default=case_names, help=f"of {','.join(case_names)}")
    add("--peers", type=listed(list(PEERS)), default=list(PEERS), help=f"of {','.join(PEERS)}")
    add("--rounds", type=int, default=7, help="turns of each peer per case (default 7)")
    add("--threads", type=int, default=2, help="of every peer (default 2)")
    add("--json", type=Path, help="write every round's seconds to this file")
    options = parser.parse_args()

    began = time.perf_counter()
    workers = start(options.peers, options.threads)
    about = facts(workers, options.threads, options.rounds)
    results: dict[str, Any] = {}
    for case in CASES:
        if case.name in options.cases:
            print(f"  {case.title} ...", flush=True)
            results[case.name] = measure(case, workers, options.rounds)
            for name, error in results[case.name]["errors"].items():
                print(f"    {name} failed: {error}")
    names = [worker.name for worker in workers]
    text = report(results, names)
    for worker in workers:
        worker.close()
    print(f"\n{about}\n\n{text}\n\n{time.perf_counter() - began:.0f} s in all.")

    whole = options.cases == case_names and {SUBJECT, REFERENCE} <= set(names)
    if whole:  # a part of the cases must not replace the record of all
        page = f"# Benchmark results\n\n{about}\n\n{text}\n"
        (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    if options.json:
        record = json.dumps({"about": about, "results": results}, indent=1)
        options.json.write_text(record, encoding="utf-8")
    return int(any(result["refused"] or result["errors"] for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
