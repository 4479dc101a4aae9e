"""One peer's process: ``python worker.py torch`` answers requests, a JSON object a line.

``python worker.py gradloom --watched`` is slower, and tells of every call of NumPy's.

run.py starts it and holds the other end of its stdin and stdout.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

if (
    sys.argv[1].startswith("gradloom") and "--watched" not in sys.argv
):  # before NumPy, as `python -m autograd` does: see load_numpy
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import autograd as autograd

import watched
from cases import ALL, Case, inputs
from footprint import growth
from library import Program
from peers import PEERS

# Of one thread, processor time is its own; waiting for others on a busy machine is not in it
clock = time.process_time if "--processor-time" in sys.argv else time.perf_counter
TURN_SECONDS = 0.05
BLOCK_SECONDS = 0.005
BLOCKS = 5


def seconds_per_call(step: Callable[[], Any]) -> float:
    """Median over blocks of calls, warm; the cyclic collector stays on, as it is for a user."""
    step()
    time.sleep(0.01)  # the threads of the peer before us may still be spinning
    gc.collect()
    start = clock()
    step()
    calls = max(1, round(BLOCK_SECONDS / (clock() - start)))
    blocks: list[float] = []
    began = clock()
    while len(blocks) < BLOCKS or clock() - began < TURN_SECONDS:
        start = clock()
        for _ in range(calls):
            step()
        blocks.append((clock() - start) / calls)
    return median(blocks)


def seconds_to_compile(step: Callable[[], Any]) -> float:
    """What the first three calls take longer than three warm ones."""
    start = clock()
    for _ in range(3):
        step()
    first = clock() - start
    return max(0.0, first - 3 * seconds_per_call(step))


def blas_threads() -> str:
    """The threads that NumPy's BLAS really uses; without threadpoolctl, those it was asked for."""
    try:
        pools = import_module("threadpoolctl").threadpool_info()
    except ImportError:
        return f"BLAS asked for {os.environ['OPENBLAS_NUM_THREADS']} threads"
    return ", ".join(f"{pool['internal_api']} {pool['num_threads']} threads" for pool in pools)


def threads(name: str) -> str:
    """The thread counts in force, in words."""
    if name.startswith("torch"):
        return f"{sys.modules['torch'].get_num_threads()} threads"
    if name == "jax":
        return f"XLA, on {os.environ['BENCHMARK_THREADS']} cores"
    return "1 thread" if name == "micrograd" else blas_threads()


def release(name: str) -> str:
    """The peer's version; a clone that is not installed says so."""
    try:
        if PEERS[name].distribution != "gradloom":
            return version(PEERS[name].distribution)
        return str(sys.modules["autograd"].__version__)
    except (AttributeError, PackageNotFoundError):
        return "working tree"


def serve(name: str, answer: Callable[[dict[str, Any]], None]) -> None:
    """Answer the greeting, then ``{"case": ..., "do": a name of ``DO``}`` until stdin closes."""
    try:
        adapter = PEERS[name].load()
    except Exception as error:
        return answer({"missing": f"{type(error).__name__}: {error}"})
    answer({"version": release(name), "threads": threads(name)})
    cases = {case.name: case for case in ALL}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(DO[request["do"]](adapter, cases[request["case"]]))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}"})
    return None


def program(adapter: Any, case: Case) -> Program:
    """The step of a case and its check, from a fresh start."""
    made: Program = getattr(adapter, case.kind)(*inputs(case))
    return made


def memory(adapter: Any, case: Case) -> int:
    """The growth of this process's peak, after the same steps on one row."""
    one = replace(case, sizes=(1, *case.sizes[1:]))
    return growth(program(adapter, one)[0], lambda: program(adapter, case)[0])


def profile(adapter: Any, case: Case) -> dict[str, Any]:
    """The calls of NumPy's in one step, where the process watches them."""
    return {"calls": watched.summary(program(adapter, case)[0])}


DO: dict[str, Callable[[Any, Case], dict[str, Any]]] = {
    "check": lambda adapter, case: {"values": program(adapter, case)[1]()},
    "time": lambda adapter, case: {"figure": seconds_per_call(program(adapter, case)[0])},
    "compile": lambda adapter, case: {"figure": seconds_to_compile(program(adapter, case)[0])},
    "profile": profile,
    "memory": lambda adapter, case: {"figure": memory(adapter, case)},
}


def main() -> None:
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a peer prints must not mix with the answers

    def answer(result: dict[str, Any]) -> None:
        print(json.dumps(result), file=replies, flush=True)

    count = int(os.environ["BENCHMARK_THREADS"])
    if hasattr(os, "sched_setaffinity"):  # XLA takes no thread count, only the cores that it sees
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
    if "--watched" in sys.argv:
        watched.watch()
    serve(sys.argv[1], answer)


if __name__ == "__main__":
    main()
