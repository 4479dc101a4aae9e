"""``python -m tests.certificate``: makes docs/certificate.md and docs/certificate.json.

With names, prints what is found of these ops alone: ``python -m tests.certificate exp linalg.svd``.
Every op runs in a process forked from this one, which must have no threads: not inside pytest.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

import autograd
from tests.certificate import columns, ops, page, speed, workers

DOCS = Path(__file__).resolve().parents[2] / "docs"


def progress(whole: int, what: str) -> Callable[[str], None]:
    started, done = time.monotonic(), 0

    def tell(name: str) -> None:
        nonlocal done
        done += 1
        if done % 100 == 0 or done == whole:
            took = time.monotonic() - started
            print(f"{what}: {done} of {whole} ops, {took:.0f} s", file=sys.stderr, flush=True)

    return tell


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.certificate", description=__doc__)
    parser.add_argument("names", nargs="*", help="ops to look at; nothing is written")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one on each core")
    parser.add_argument("--speed", choices=["measure", "keep", "only"], default="measure")
    parser.add_argument("--cells", type=Path, help="a file for all that is found, as JSON")
    options = parser.parse_args()

    def examined(chosen: list[ops.Op], tell: Callable[[str], None]) -> dict[str, Any]:
        found = workers.each(chosen, columns.examined, tell, options.jobs)
        if options.cells:
            options.cells.write_text(json.dumps(found, indent=1), encoding="utf-8")
        return found

    torch.set_num_threads(1)
    autograd.set_num_threads(1)
    whole = ops.everything()
    old = page.saved(DOCS / "certificate.json")
    if options.names:
        chosen = [op for op in whole if op.name in options.names]
        print(page.in_words(examined(chosen, lambda name: None)), end="")
        if options.speed != "keep":
            print(workers.each(chosen, speed.measured, lambda name: None, 1))
        return
    times = old.get("speed", {})
    if options.speed != "keep":  # before the rest, while nothing else runs
        timed = workers.each(whole, speed.measured, progress(len(whole), "speed"), 1)
        times = {name: found for name, found in timed.items() if "call" in found}
    if options.speed == "only":
        found = {**old, "speed": times}
    else:
        tell = progress(len(whole), "columns")
        found = page.figures(whole, examined(whole, tell), times)
    page.write(DOCS, found)
    print(page.totals_in_words(found), file=sys.stderr)


if __name__ == "__main__":
    main()
