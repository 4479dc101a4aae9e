"""A task for every op, in a process of its own: one that crashes or hangs costs its row only."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.certificate.ops import Op

SECONDS = 240  # of a core, for one op
BYTES = 6 << 30  # of addresses, for one op: what asks for more is told that there is none
WAITING = 1800.0  # on the clock, which runs on while other programs have the core
Task = Callable[[Op], Iterator[tuple[str, Any]]]


def each(
    ops: Iterable[Op], task: Task, tell: Callable[[str], None], jobs: int = 0
) -> dict[str, dict[str, Any]]:
    """What ``task`` yields for every op: names and values that can be sent.

    Where the process did not come to its end, "ended" says why.
    """
    forked = multiprocessing.get_context("fork")
    waiting = list(ops)[::-1]
    found: dict[str, dict[str, Any]] = {op.name: {} for op in reversed(waiting)}
    running: dict[Any, tuple[Op, Any, float]] = {}
    while waiting or running:
        while waiting and len(running) < (jobs or os.cpu_count() or 1):
            op = waiting.pop()
            here, there = forked.Pipe(duplex=False)
            process = forked.Process(target=_send, args=(op, task, there), daemon=True)
            process.start()
            there.close()
            running[here] = (op, process, time.monotonic() + WAITING)
        ready = wait(list(running), timeout=1.0)
        for pipe, (op, process, until) in list(running.items()):
            done = False
            if pipe in ready:
                try:
                    name, value = pipe.recv()
                    found[op.name][name] = value
                except EOFError:
                    done = True
            elif time.monotonic() > until:
                process.kill()
                found[op.name]["ended"] = f"not done in {WAITING:.0f} s"
                done = True
            if done:
                process.join()
                if process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
                    found[op.name].setdefault("ended", f"not done in {SECONDS} s")
                elif process.exitcode and "ended" not in found[op.name]:
                    found[op.name]["ended"] = f"its process ended with {process.exitcode}"
                del running[pipe]
                tell(op.name)
    return found


def _send(op: Op, task: Task, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    for part in task(op):
        pipe.send(part)
    pipe.close()
