"""``python -m tests.certificate``: makes docs/certificate.md and docs/certificate.json.

With names, prints what is found of these ops alone: ``python -m tests.certificate exp linalg.svd``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
    options = parser.parse_args()
    torch.set_num_threads(1)
    autograd.set_num_threads(1)
    whole = ops.everything()
    old = page.saved(DOCS / "certificate.json")
    if options.names:
        chosen = [op for op in whole if op.name in options.names]
        found = workers.each(chosen, columns.examined, lambda name: None, options.jobs)
        print(page.in_words(found), end="")
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
        found = page.figures(
            whole, workers.each(whole, columns.examined, tell, options.jobs), times
        )
    page.write(DOCS, found)
    print(page.totals_in_words(found), file=sys.stderr)


if __name__ == "__main__":
    main()
