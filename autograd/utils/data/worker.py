"""What a worker process of a loader does, and how what it made travels.

A worker has a pipe of its own in each direction, so nothing that one leaves behind, killed at any
moment, is in the way of another. Batches are pickled with their arrays apart (protocol 5, PEP 574):
the memory of an array goes through the pipe as it is, and is read where it stays.
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np

from autograd.arrays.threads import set_num_threads
from autograd.random.generator import manual_seed
from autograd.utils.data.dataset import IterableDataset
from autograd.utils.data.fetch import fetcher_of

__all__ = ["WorkerInfo", "get_worker_info"]


@dataclass(frozen=True)
class WorkerInfo:
    """Which worker this is: its number, of how many, its seed, and its copy of the data set.

    >>> WorkerInfo(id=0, num_workers=2, seed=7, dataset=[1, 2])
    WorkerInfo(id=0, num_workers=2, seed=7, dataset=[1, 2])
    """

    id: int
    num_workers: int
    seed: int
    dataset: Any


_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """Which worker of a loader this process is; None in any other process.

    >>> get_worker_info() is None
    True
    """
    return _info


@dataclass(frozen=True)
class Work:
    """What a worker needs to know from the start."""

    dataset: Any
    batches: bool
    collate_fn: Callable[[Any], Any]
    drop_last: bool
    worker_init_fn: Callable[[int], Any] | None
    base_seed: int
    id: int
    num_workers: int


class Failure:
    """An exception in a worker: its class, and its traceback as text."""

    def __init__(self, error: BaseException, worker: int) -> None:
        self.error_class = type(error)
        self.text = (
            f"Caught {self.error_class.__name__} in DataLoader worker process {worker}.\n"
            f"Original {''.join(traceback.format_exception(error))}"
        )

    def again(self) -> BaseException:
        """An exception of that class with the worker's traceback as its message."""
        text: Any = _AsItIs(self.text) if self.error_class is KeyError else self.text
        try:
            return self.error_class(text)
        except Exception:  # its class wants other arguments
            return RuntimeError(self.text)


def _told(number: int, error: Exception, worker: int) -> list[Any]:
    """The answer that a task has failed."""
    failure = Failure(error, worker)
    try:
        return packed((number, None, failure))
    except Exception:  # a class that the loader's process could not find
        failure.error_class = RuntimeError
        return packed((number, None, failure))


class _AsItIs(str):
    """A message that KeyError, too, shows line by line."""

    def __repr__(self) -> str:
        return str(self)


END = "the data set of this worker has ended"


def main(work: Work, tasks: Any, results: Any) -> None:
    """Answer tasks until there are no more: the whole life of a worker.

    A task is (number, entry of the sampler), or None where a new pass begins; an answer is
    (number, result, :class:`Failure` or END).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the loader's matter, which ends us
    failed = _prepare(work)
    fetch: Any = None
    for task in _read_ahead(tasks):
        if task is None:
            fetch = None
            continue
        number, entry = task
        try:
            if failed is not None:
                raise failed
            if fetch is None:
                fetch = fetcher_of(work.dataset, work.batches, work.collate_fn, work.drop_last)
            answer = packed((number, fetch(entry), None))
        except StopIteration as error:
            stream = failed is None and isinstance(work.dataset, IterableDataset)
            answer = packed((number, None, END)) if stream else _told(number, error, work.id)
        except Exception as error:
            answer = _told(number, error, work.id)
        failed = None
        try:
            send(results, answer)
        except OSError:  # the loader is gone
            return


def _prepare(work: Work) -> Exception | None:
    """Seeds and ``worker_init_fn``; returns what the latter raised."""
    global _info
    with warnings.catch_warnings():  # of a BLAS that cannot be told
        warnings.simplefilter("ignore")
        set_num_threads(1)
    seed = work.base_seed + work.id
    random.seed(seed)
    manual_seed(seed)
    words = [work.id, work.base_seed % 2**32, work.base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(words).generate_state(4))
    _info = WorkerInfo(work.id, work.num_workers, seed, work.dataset)
    try:
        if work.worker_init_fn is not None:
            work.worker_init_fn(work.id)
    except Exception as error:
        return error
    return None


def _read_ahead(tasks: Any) -> Any:
    """Tasks as they come, read by a thread: else two could wait for each other to read."""
    waiting: SimpleQueue[Any] = SimpleQueue()
    over = object()

    def read() -> None:
        try:
            while True:
                waiting.put(tasks.recv())
        except (EOFError, OSError):
            waiting.put(over)

    threading.Thread(target=read, daemon=True).start()
    return iter(waiting.get, over)


def packed(value: Any) -> list[Any]:
    """``value`` as parts to send: the pickle with the sizes of its arrays, then the arrays."""
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(value, 5, buffer_callback=buffers.append)
    stretches = [one.raw() for one in buffers]
    return [pickle.dumps((text, [one.nbytes for one in stretches])), *filter(len, stretches)]


def send(end: Any, parts: list[Any]) -> None:
    """Send what was packed."""
    end.send_bytes(parts[0])
    for part in parts[1:]:
        if not hasattr(os, "readv"):
            end.send_bytes(part)
        while hasattr(os, "readv") and len(part):
            part = part[os.write(end.fileno(), part) :]


def received(end: Any) -> Any:
    """What was packed into the parts that come next.

    Where the system can, arrays are read to their place at once: a connection's own reading copies
    them twice more, which halves the speed.
    """
    text, sizes = pickle.loads(end.recv_bytes())
    buffers = [np.empty(n, np.uint8) for n in sizes]
    for one in filter(len, buffers):
        if not hasattr(os, "readv"):
            end.recv_bytes_into(one)
            continue
        left = one.data
        while len(left):
            n = os.readv(end.fileno(), [left])
            if n == 0:
                raise EOFError
            left = left[n:]
    return pickle.loads(text, buffers=buffers)
