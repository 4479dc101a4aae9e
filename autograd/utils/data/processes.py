"""The worker processes of a loader, seen from the loader: started, asked, ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from typing import Any

from autograd.utils.data.worker import END, Work, main, received

PATIENCE = 1.0  # seconds in which workers may end by themselves

# The loader's ends of all pipes. A forked process has them, too; open there, they would hide from
# the workers that the loader is gone.
_ends: set[Any] = set()


def _close_inherited() -> None:
    for end in _ends:
        end.close()
    _ends.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_inherited)


class _Worker:
    """One process and the loader's two ends of its pipes."""

    def __init__(self, context: Any, work: Work) -> None:
        self.id = work.id
        tasks, self.tasks = context.Pipe(duplex=False)
        self.results, results = context.Pipe(duplex=False)
        _ends.update((self.tasks, self.results))
        try:
            self.process = context.Process(target=main, args=(work, tasks, results), daemon=True)
            self.process.start()
        except BaseException:
            self.close()
            raise
        finally:
            # A worker that was killed in the middle of an answer is told by nobody having that end.
            tasks.close()
            results.close()

    def close(self) -> None:
        """Say that there is no more work: the worker sees its pipes closed."""
        for end in (self.tasks, self.results):
            _ends.discard(end)
            end.close()

    def dead(self) -> RuntimeError:
        """The error that says how the process ended."""
        self.process.join(1)
        code, pid = self.process.exitcode, self.process.pid
        how = f"exited unexpectedly, with code {code}"
        if code is not None and code < 0:
            how = f"was killed by signal: {signal.strsignal(-code)}"
        return RuntimeError(
            f"DataLoader: a worker must live until its work is done; worker {self.id} (pid {pid}) "
            f"{how}. Use num_workers=0 to see what it does, or fewer workers where memory is short."
        )


def _end(workers: list[_Worker], owner: int) -> None:
    """End processes: those that do not end by themselves in time are terminated."""
    if os.getpid() != owner:  # a forked process has this object, but not the processes
        return
    for worker in workers:
        worker.close()
    deadline = time.monotonic() + PATIENCE
    for worker in workers:
        worker.process.join(max(0, deadline - time.monotonic()))
    for stop in ("terminate", "kill"):
        for worker in workers:
            if worker.process.is_alive():
                getattr(worker.process, stop)()
        for worker in workers:
            worker.process.join(1)
    workers.clear()


class ParallelIterator:
    """One pass over a loader, or with persistent workers one after another.

    Batch n is the task of worker n mod num_workers, and the batches come in the order of their
    numbers, whoever is first. At most ``ahead`` tasks a worker are under way.
    """

    def __init__(
        self,
        work: Callable[[int], Work],
        count: int,
        entries: Iterator[Any],
        *,
        ahead: int,
        timeout: float,
        context: Any,
        in_order: bool,
        persistent: bool,
    ) -> None:
        self._count, self._ahead, self._timeout = count, max(1, ahead), timeout
        self._in_order, self._persistent = in_order, persistent
        self._workers: list[_Worker] = []
        self._finalizer = weakref.finalize(self, _end, self._workers, os.getpid())
        self._number = 0  # of the next task; it goes on in the next pass, so no answer is mistaken
        try:
            for i in range(count):
                self._workers.append(_Worker(context or multiprocessing, work(i)))
        except BaseException:
            self._finalizer()
            raise
        self.begin(entries)

    def begin(self, entries: Iterator[Any]) -> None:
        """Begin a pass over the entries of a sampler; what is left of another is dropped."""
        self._entries = entries
        self._under_way: dict[int, int] = {}  # task -> worker
        self._answers: dict[int, Any] = {}
        self._turns = deque(range(self._count))  # of the workers whose data has not ended
        try:
            for worker in self._workers:
                self._send(worker, None)
            self._hand_out()
        except BaseException:
            self._finalizer()
            raise

    @property
    def alive(self) -> bool:
        """Whether there are workers; an error or an interrupt ends them."""
        return bool(self._workers)

    def __iter__(self) -> ParallelIterator:
        return self

    def __next__(self) -> Any:
        try:
            result, failure = self._next_answer()
        except BaseException as reason:
            if not (self._persistent and isinstance(reason, StopIteration)):
                self._finalizer()
            raise
        if failure is not None:
            raise failure.again()
        return result

    def _next_answer(self) -> Any:
        while self._under_way:
            number = next(iter(self._under_way if self._in_order else self._answers), None)
            if number not in self._answers:
                self._read()
                continue
            worker = self._under_way.pop(number)
            result, failure = self._answers.pop(number)
            if failure == END and worker in self._turns:
                self._turns.remove(worker)
            self._hand_out()
            if failure != END:
                return result, failure
        raise StopIteration

    def _hand_out(self) -> None:
        """Give tasks to the workers in turn, as many as may be under way."""
        while self._turns and len(self._under_way) < self._ahead * len(self._turns):
            try:
                entry = next(self._entries)
            except StopIteration:
                return
            worker = self._turns[0]
            self._turns.rotate(-1)
            self._under_way[self._number] = worker
            self._send(self._workers[worker], (self._number, entry))
            self._number += 1

    def _send(self, worker: _Worker, task: Any) -> None:
        try:
            worker.tasks.send(task)
        except OSError:
            raise worker.dead() from None

    def _read(self) -> None:
        """Wait for answers, and take those that are there."""
        ends = {worker.results: worker for worker in self._workers}
        lives = {worker.process.sentinel: worker for worker in self._workers}
        ready: list[Any] = wait([*ends, *lives], self._timeout or None)
        if not ready:
            raise RuntimeError(
                f"DataLoader: a batch must come within the timeout of {self._timeout} seconds; "
                "none did. Pass a longer timeout, or 0 for none."
            )
        for end in ready:
            if end in ends:
                try:
                    number, *answer = received(end)
                except (EOFError, OSError):
                    raise ends[end].dead() from None
                if number in self._under_way:
                    self._answers[number] = answer
        for life in ready:  # what a worker sent before it died came first
            if life in lives and lives[life].results not in ready:
                raise lives[life].dead()
