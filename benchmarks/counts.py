"""Counts where others measure: calls of NumPy's, nodes, bytes. No clock, so any machine can check.

    python benchmarks/counts.py            # compares with counts.json, and says what has changed
    python benchmarks/counts.py --write    # writes down what is found
    python benchmarks/counts.py --repeat gpt 20    # runs a step, for a counter of instructions

An op is counted small, forward and both ways (ops.py); a step of training once it is warm. Calls
are those of the project's own text (watched.py): they hang on no version. Bytes are the peak that
a step adds, as Python accounts for memory, on one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import watched
from ops import OPS

HERE = Path(__file__).resolve().parent
EXPECTED = HERE / "counts.json"
MORE = 1.15  # bytes depend a little on the versions of Python and NumPy
STEPS: dict[str, tuple[str, tuple[int, ...]]] = {
    "mlp": ("mlp", (32, 64, 128, 128, 10)),
    "inference": ("inference", (1, 64, 128, 128, 10)),
    "penalty": ("penalty", (64, 16, 64, 64, 1)),
    "cnn": ("cnn", (8, 28)),
    "residual": ("residual", (4, 16, 16, 16)),
    "gpt": ("gpt", (4, 32, 64, 2)),
    "lstm": ("lstm", (8, 16, 32, 64)),
    "logistic": ("logistic", (10_000,)),
}
Counts = dict[str, dict[str, int]]


def gradloom() -> Any:
    """The library, on one thread, as benchmarks use it."""
    sys.path.insert(0, str(HERE.parent))
    from peers import PEERS

    library = PEERS["gradloom"].load()
    library.core.set_num_threads(1)
    return library


def step_of(library: Any, name: str) -> Callable[[], Any]:
    """The step of a name in ``STEPS``."""
    from cases import Case, inputs

    kind, sizes = STEPS[name]
    step, _ = getattr(library, kind)(*inputs(Case(name, name, kind, sizes)))
    return step  # type: ignore[no-any-return]


def count() -> Counts:
    """What ops and steps come to: {name: {what: number}}."""
    watched.watch()
    library = gradloom()
    found: Counts = {}
    for op in OPS:
        found[op.name] = {}
        for ways in ("forward", "both"):
            step, _ = library.op(np.random.default_rng(0), op.name, "small", ways)
            found[op.name][ways] = calls(step)
    for name in STEPS:
        step = step_of(library, name)
        found[f"step of {name}"] = dict(calls=calls(step), nodes=nodes(step), bytes=peak(step))
    return found


def calls(step: Callable[[], Any]) -> int:
    """How often a warm step calls NumPy."""
    step(), step()
    with watched.calls() as found:
        step()
    return len(found)


def nodes(step: Callable[[], Any]) -> int:
    """How many nodes it makes."""
    from autograd.engine.observer import Observer, observe

    class Births(Observer):
        count = 0

        def node_born(self, node: Any) -> None:
            self.count += 1

    births = Births()
    with observe(births):
        step()
    return births.count


def peak(step: Callable[[], Any]) -> int:
    """By how many bytes it raises the peak."""
    tracemalloc.start()
    try:
        step()
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def changes(expected: Counts, found: Counts) -> list[str]:
    """What is not as it is written down, in words; bytes may grow a little, and shrink."""
    told = [f"{name}: is written down, and not counted" for name in expected.keys() - found.keys()]
    for name, numbers in found.items():
        for what, number in numbers.items():
            before = expected.get(name, {}).get(what)
            if before is None:
                told.append(f"{name}, {what}: {number}, which is not written down")
            elif number > before * MORE if what == "bytes" else number != before:
                word = "grew" if number > before else "fell"
                told.append(f"{name}, {what}: {word} from {before} to {number}")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description="Counts calls of NumPy's, nodes and bytes.")
    parser.add_argument("--write", action="store_true", help=f"write them to {EXPECTED.name}")
    parser.add_argument("--repeat", nargs=2, metavar=("STEP", "TIMES"), help="only run this step")
    options = parser.parse_args()
    if options.repeat:
        name, times = options.repeat
        step = step_of(gradloom(), name)
        for _ in range(int(times)):
            step()
        return 0
    found = count()
    if options.write:
        lines = [f"{json.dumps(name)}: {json.dumps(numbers)}" for name, numbers in found.items()]
        EXPECTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        return 0
    told = changes(json.loads(EXPECTED.read_text(encoding="utf-8")), found)
    print("\n".join(told) or "All as written down.")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
