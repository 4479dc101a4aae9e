"""Measures gradloom and its peers side by side; README.md says how to read the result."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cases import ALL, COMPILED, GROUPS, GROWTH, PROGRAMS, TABLE, Case
from footprint import installed
from peers import COMPILER, HIPS, PEERS, REFERENCE, ROOT, SUBJECT
from report import calls, facts, page, programs

HERE = Path(__file__).resolve().parent
AGREE = 1e-3  # relative, between the check values of two peers


def environment(name: str, threads: int) -> dict[str, str]:
    """A peer's surroundings: equal thread counts, and where ``import autograd`` is to look."""
    env = dict(os.environ, BENCHMARK_THREADS=str(threads))
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # imports are timed as they are the second time
    for variable in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
        env[f"{variable}_NUM_THREADS"] = str(threads)
    env["PYTHONPATH"] = {SUBJECT: str(ROOT), "hips": str(HIPS)}.get(name.split("_")[0], "")
    return env


class Worker:
    """A peer's process, started once and asked many times."""

    def __init__(self, name: str, threads: int, *flags: str):
        self.name, self.threads, self.peer, self.flags = name, threads, PEERS[name], flags
        self.env = environment(name, threads)
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name, *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self.env,
            cwd=HERE,
            text=True,
        )
        self.greeting = self._read()

    def ask(self, case: Case, do: str) -> dict[str, Any]:
        """The answer of the process to a request."""
        if self.process.poll() is not None:
            return {"error": f"the process ended ({self.process.returncode})"}
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"case": case.name, "do": do}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def check(self, case: Case) -> dict[str, Any]:
        """The numbers on which all must agree; none for what runs nothing."""
        if case.measured not in ("time", "memory"):
            return {"values": []}
        return self.ask(case, "check")

    def measure(self, case: Case) -> dict[str, Any]:
        """The figure of one round; memory and imports in fresh processes."""
        if case.measured == "size":
            return {"figure": installed(*self.peer.installed)}
        if case.measured == "import":
            return self._import(case)
        return self.ask(case, "time") if case.measured == "time" else self.anew(case, "memory")

    def anew(self, case: Case, do: str) -> dict[str, Any]:
        """The answer of a fresh process."""
        fresh = Worker(self.name, self.threads, *self.flags)
        answer = fresh.ask(case, do)
        fresh.close()
        return answer

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
        return {"figure": float(done.stdout)}


def start(names: Sequence[str], threads: int, *flags: str) -> list[Worker]:
    """The peers that are there; one line for each that is not."""
    workers = []
    for name in names:
        worker = Worker(name, threads, *flags)
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
    able = [worker for worker in workers if worker.peer.expresses(case)]
    values, errors = {}, {}
    for worker in able:
        answer = worker.check(case)
        if "values" in answer:
            values[worker.name] = answer["values"]
        else:
            errors[worker.name] = answer["error"]
    refused = disagreements(values) if values else ["no peer could run it"]
    able = [] if refused else [worker for worker in able if worker.name in values]
    figures: dict[str, list[float]] = {worker.name: [] for worker in able}
    for turn in range(min(rounds, case.most_rounds)):
        for worker in able if turn % 2 == 0 else reversed(able):
            answer = worker.measure(case)
            if "error" in answer:
                raise RuntimeError(f"{worker.name}, measuring {case.name}: {answer['error']}")
            figures[worker.name].append(float(f"{answer['figure']:.4g}"))
    return {"figures": figures, "errors": errors, "refused": refused}


def compile_times(case: Case, workers: Sequence[Worker]) -> dict[str, float]:
    """By the name of a peer that makes programs, what its first calls cost, in seconds."""
    makers = [one for one in workers if one.name in (*PROGRAMS, COMPILER)]
    answers = {one.name: one.anew(case, "compile") for one in makers if one.peer.expresses(case)}
    return {name: answer["figure"] for name, answer in answers.items() if "figure" in answer}


def written(record: dict[str, Any]) -> str:
    """The record as JSON, a case a line."""
    facts = {name: value for name, value in record.items() if name != "results"}
    lines = [
        f"{json.dumps(name)}: {json.dumps(result)}" for name, result in record["results"].items()
    ]
    return json.dumps(facts)[:-1] + ', "results": {\n' + ",\n".join(lines) + "\n}}\n"


def profile(case: Case, threads: int) -> int:
    """Prints the calls of NumPy's in one of gradloom's steps, those that take longest first."""
    plain, watched = Worker(SUBJECT, threads), Worker(SUBJECT, threads, "--watched")
    step, found = plain.measure(case), watched.ask(case, "profile")
    for worker in (plain, watched):
        worker.close()
    if "error" in found:
        print(found["error"])
        return 1
    print(calls(case, step["figure"], found["calls"]))
    return 0


def cases_named(text: str) -> list[Case]:
    """An argparse type: names of groups or of single cases, separated by commas."""
    named = {**GROUPS, **{case.name: [case] for case in ALL}}
    return [case for name in _listed(named, text) for case in named[name]]


def peers_named(text: str) -> list[str]:
    """An argparse type: names of peers, separated by commas."""
    return _listed(PEERS, text)


def _listed(known: Mapping[str, Any], text: str) -> list[str]:
    for name in (names := text.split(",")):
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(known)}")
    return names


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    groups = (
        f"{', '.join(GROUPS)}, or of cases: {', '.join(c.name for c in [*TABLE, *GROWTH])}, ..."
    )
    add("--cases", type=cases_named, metavar="NAMES", help=groups)
    add("--peers", type=peers_named, help=f"of {','.join(PEERS)} (default: without programs)")
    add("--rounds", type=int, default=7, help="turns of each peer per case (default 7)")
    add("--threads", type=int, default=2, help="of every peer (default 2)")
    add("--processor-time", action="store_true", help="not the wall's: one thread, busy machine")
    add("--json", type=Path, help="write every round's figures to this file")
    add("--resume", action="store_true", help="measure only what that file does not hold")
    add("--compiled", action="store_true", help="programs beside PyTorch and jax.jit, first calls")
    add("--profile", action="store_true", help="list gradloom's calls of NumPy in these cases")
    options = parser.parse_args()
    if options.processor_time and options.threads != 1:
        parser.error("--processor-time adds up what threads take. Say --threads 1.")
    beside = [SUBJECT, *PROGRAMS, REFERENCE, COMPILER]
    usual = beside if options.compiled else [name for name in PEERS if name not in PROGRAMS]
    options.peers = options.peers or usual
    options.cases = options.cases or (COMPILED if options.compiled else ALL)
    return options


def main() -> int:
    options = arguments()
    if options.profile:
        return max(profile(case, options.threads) for case in options.cases)
    began = time.perf_counter()
    record: dict[str, Any] = {"runs": [], "peers": [], "results": {}}
    if options.resume and options.json.exists():
        record = json.loads(options.json.read_text(encoding="utf-8"))
    results = record["results"]
    flags = ["--processor-time"] if options.processor_time else []
    workers = start(options.peers, options.threads, *flags)
    greetings = {worker.name: worker.greeting for worker in workers}
    record["peers"] = [name for name in PEERS if name in {*record["peers"], *greetings}]
    told = facts(greetings, options.threads, options.rounds)
    record["runs"].append(told + " Processor time." * options.processor_time)
    for case in options.cases:
        if case.name not in results:
            print(f"  {case.title} ...", flush=True)
            results[case.name] = measure(case, workers, options.rounds)
            if options.compiled:
                results[case.name]["first"] = compile_times(case, workers)
            for name, error in results[case.name]["errors"].items():
                print(f"    {name} failed: {error}")
        if options.json:  # after each, so that a run that is cut can be resumed
            options.json.write_text(written(record), encoding="utf-8")
    for worker in workers:
        worker.close()
    text = programs(record) if options.compiled else page(record)
    print(f"\n{text}\n\n{time.perf_counter() - began:.0f} s in all.")
    if {SUBJECT, REFERENCE} <= set(record["peers"]) and len(results) == len(ALL):
        # a part of the cases must not replace the record of all
        (HERE / "RESULTS.md").write_text(f"# Benchmark results\n\n{text}\n", encoding="utf-8")
        (HERE / "RESULTS.json").write_text(written(record), encoding="utf-8")
    return int(any(result["refused"] or result["errors"] for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
