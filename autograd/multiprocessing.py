"""``torch.multiprocessing``: the standard library's ``multiprocessing``, with :func:`spawn`.

Tensors travel between processes as copies.
"""

from __future__ import annotations

import typing as _typing
from collections.abc import Callable
from multiprocessing import *  # noqa: F403
from typing import Any

__path__: list[str] = []  # multiprocessing.spawn is a module, too

_strategy = "file_system"


class ProcessRaisedException(Exception):
    """A function failed in a process that :func:`spawn` started."""


class ProcessExitedException(Exception):
    """A process that :func:`spawn` started ended before its function did."""


def get_all_sharing_strategies() -> set[str]:
    """The ways in which PyTorch shares tensors between processes; here they are copied.

    >>> get_all_sharing_strategies()
    {'file_system'}
    """
    return {"file_system"}


def get_sharing_strategy() -> str:
    """What was set last.

    >>> get_sharing_strategy()
    'file_system'
    """
    return _strategy


def set_sharing_strategy(new_strategy: str) -> None:
    """Accepts PyTorch's two names. Raises ValueError for others."""
    global _strategy
    if new_strategy not in ("file_system", "file_descriptor"):
        raise ValueError(
            "set_sharing_strategy: expected 'file_system' or 'file_descriptor'; "
            f"got {new_strategy!r:.60}."
        )
    _strategy = new_strategy


def _run(fn: Callable[..., Any], rank: int, args: tuple[Any, ...], failed: Any) -> None:
    import sys
    import traceback

    try:
        fn(rank, *args)
    except KeyboardInterrupt:
        pass
    except Exception:
        failed.put((rank, traceback.format_exc()))
        sys.exit(1)


class ProcessContext:
    """The processes that :func:`spawn` started."""

    def __init__(self, processes: list[Any], failed: Any) -> None:
        self.processes = processes
        self._failed = failed

    def pids(self) -> list[int | None]:
        """The numbers of the processes."""
        return [process.pid for process in self.processes]

    def join(self, timeout: float | None = None) -> bool:
        """Wait until all have ended, True, or until one fails, which ends the others.

        Returns False where ``timeout`` (seconds) passed before. Raises ProcessRaisedException,
        with the traceback, or ProcessExitedException.
        """
        from multiprocessing import connection

        running = {one.sentinel: one for one in self.processes if one.exitcode is None}
        for sentinel in connection.wait(list(running), timeout):
            running[sentinel].join()
        bad = [i for i, one in enumerate(self.processes) if one.exitcode not in (None, 0)]
        if not bad:
            return all(one.exitcode == 0 for one in self.processes)
        for one in self.processes:
            if one.is_alive():
                one.terminate()
            one.join()
        if self._failed.empty():
            code = self.processes[bad[0]].exitcode
            raise ProcessExitedException(f"process {bad[0]} terminated with exit code {code}")
        rank, text = self._failed.get()
        raise ProcessRaisedException(
            f"\n\n-- Process {rank} terminated with the following error:\n{text}"
        )


def start_processes(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Call ``fn(rank, *args)`` in ``nprocs`` processes, ranks from 0, and wait for them.

    With ``join=False``, return a :class:`ProcessContext` at once. Raises what its ``join`` raises.
    """
    import multiprocessing

    context: Any = multiprocessing.get_context(start_method)
    failed = context.SimpleQueue()
    processes = []
    for rank in range(nprocs):
        process = context.Process(target=_run, args=(fn, rank, args, failed), daemon=daemon)
        process.start()
        processes.append(process)
    started = ProcessContext(processes, failed)
    if not join:
        return started
    while not started.join():
        pass
    return None


spawn = start_processes


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)
