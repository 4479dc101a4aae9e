"""How many threads matrix products and optimisers may use."""

from __future__ import annotations

import os
import threading
from _thread import allocate_lock
from collections.abc import Callable, Iterable
from contextvars import copy_context
from functools import cache, partial
from typing import Any, ClassVar

from autograd.arrays.arguments import integer_of

__all__ = ["get_num_threads", "set_num_threads"]

limit: int | None = None  # what was set


def cores() -> int:
    """The processor cores that this process may run on.

    >>> cores() >= 1
    True
    """
    available = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(available(0)) if available else os.cpu_count() or 1


def openblas() -> tuple[Any, str] | None:
    """The OpenBLAS that NumPy's wheels bring along, and the ending of its functions' names."""
    import ctypes  # here, because it is seldom needed and large
    import glob

    import numpy as np

    home = os.path.dirname(np.__file__)
    for folder in (home + ".libs", os.path.join(home, ".dylibs")):
        for path in glob.glob(os.path.join(glob.escape(folder), "*openblas*")):
            library = ctypes.PyDLL(path)  # loaded already: this finds it; calls keep the lock
            for ending in ("64_", ""):
                if hasattr(library, f"scipy_openblas_get_num_threads{ending}"):
                    return library, ending
    return None


def get_num_threads() -> int:
    """How many threads NumPy's matrix products use; where it does not tell, what was set.

    >>> get_num_threads() >= 1
    True
    """
    found = openblas()
    if found is None:
        return limit or cores()
    library, ending = found
    return int(getattr(library, f"scipy_openblas_get_num_threads{ending}")())


def set_num_threads(n: int) -> None:
    """Let matrix products, and optimisers of large parameters, use ``n`` threads.

    Warns where NumPy's matrix products cannot be told (its BLAS is not the OpenBLAS of its wheels).
    Raises ValueError below 1.

    >>> set_num_threads(get_num_threads())
    """
    global limit
    n = integer_of("set_num_threads", "n", n)
    if n < 1:
        raise ValueError(f"set_num_threads: expected at least 1; got {n}.")
    limit = n
    found = openblas()
    if found is not None:
        library, ending = found
        getattr(library, f"scipy_openblas_set_num_threads{ending}")(n)
        return
    import warnings

    warnings.warn(
        "set_num_threads: the BLAS of this NumPy reads its number of threads when it starts only. "
        "Set OMP_NUM_THREADS before Python starts.",
        stacklevel=2,
    )


# -- the threads that all share --------------------------------------------------------------------


@cache
def _cores() -> int:
    """The cores, or as many of them as OMP_NUM_THREADS allows, which PyTorch and BLAS read too."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores(), max(1, int(told))) if told.isdecimal() else cores()


def workers() -> int:
    """How many threads :func:`run_all` uses."""
    return min(_cores(), limit or _cores())


class _Job:
    """What a helper is asked to do for a caller of :func:`run_all`.

    Each side writes down what it does before it looks at what the other has done: of a helper that
    begins and a caller who goes on without it, one gives way.
    """

    __slots__ = ("begun", "done", "finished", "unwanted", "work")

    def __init__(self, work: Callable[[], None]) -> None:
        self.work: Callable[[], None] | None = work
        self.begun = self.unwanted = self.finished = False
        self.done = allocate_lock()
        self.done.acquire()

    def run(self) -> None:
        """On the helper's thread: the work, if the caller still waits for it."""
        self.begun = True
        if self.work and not self.unwanted:
            self.work()
            self.work = None
        self.finished = True
        self.done.release()

    def wait(self) -> None:
        """On the caller's: until it is done; what is not begun does not begin any more.

        Whoever is interrupted calls it again.
        """
        self.unwanted = True
        while self.begun and not self.finished:
            self.done.acquire()
        self.work = None


class _Helper:
    """A thread that sleeps until it is given a job.

    Bare locks wake it and tell that it is done, in 15 µs. An executor of the standard library takes
    100 µs more for its queue and its futures; NumPy adds 2**18 numbers in that time.
    """

    idle: ClassVar[list[_Helper]] = []
    started: ClassVar[int] = 0

    def __init__(self) -> None:
        self.job: _Job | None = None
        self.wake = allocate_lock()
        self.wake.acquire()
        threading.Thread(target=self._live, name="autograd", daemon=True).start()

    def _live(self) -> None:
        while True:
            self.wake.acquire()
            job = self.job
            if job is None:
                return
            if not job.begun:  # it may have been woken twice for one
                job.run()

    def take(self, job: _Job | None) -> None:
        """Begin a job; None ends the thread."""
        self.job = job
        if self.wake.locked():  # else it is about to wake, for a caller who went on without it
            self.wake.release()

    @classmethod
    def one(cls) -> _Helper | None:
        """One that sleeps, or a new one where there are fewer than cores; else None."""
        try:
            return cls.idle.pop()
        except IndexError:
            if cls.started >= _cores() - 1:
                return None
        try:
            helper = cls()
        except RuntimeError:  # the system has no more threads, or Python is about to end
            return None
        cls.started += 1
        return helper

    @classmethod
    def anew(cls) -> None:
        """Begin with none: in a child process, which has no threads; and after an interrupt, which
        may have come between taking a helper and giving it a job."""
        before, cls.idle, cls.started = cls.idle, [], 0
        for helper in before:
            helper.take(None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Helper.anew)


class _OneThreadAProduct:
    """While entered, by however many threads, BLAS works on a product with one thread.

    BLAS lets one caller at a time have its own threads, and these wait for each other in a loop:
    tasks that run side by side would stand in a queue, and in each other's way.
    """

    def __init__(self) -> None:
        self.lock, self.inside, self.before = threading.Lock(), 0, 1
        self.get: Any = lambda: 1
        self.set: Any = lambda n: None
        if found := openblas():
            library, ending = found
            self.get = getattr(library, f"scipy_openblas_get_num_threads{ending}")
            self.set = getattr(library, f"scipy_openblas_set_num_threads{ending}")

    def __enter__(self) -> None:
        with self.lock:
            if self.inside == 0:
                self.before = self.get()
                self.set(1)
            self.inside += 1

    def __exit__(self, *error: object) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.set(self.before)


@cache
def _one_thread_a_product() -> _OneThreadAProduct:
    return _OneThreadAProduct()


def run_all(tasks: Iterable[Callable[[], None]]) -> None:
    """Run ``tasks``, in any order, on the caller's thread and on helpers that have nothing to do.

    Back when no thread works any more. Within one of several tasks a product of BLAS uses one
    thread; a lone task leaves the threads to its products. A task may call ``run_all``. The threads
    see the caller's ``np.errstate``. Where a task fails, or the caller is interrupted (Ctrl-C),
    tasks that are not begun are left out, and the error is raised when all threads have stopped:
    after it, nobody writes.
    """
    tasks = list(tasks)
    if len(tasks) == 1:
        return tasks[0]()
    waiting = iter(tasks)
    errors: list[BaseException] = []

    def take() -> None:
        try:
            for task in waiting:
                if errors:
                    return
                task()
        except BaseException as error:  # noqa: B902 - raised again below
            errors.append(error)

    crew: list[tuple[_Helper, _Job]] = []
    begun = False
    with _one_thread_a_product():
        while True:  # an interrupt may come anywhere: it is kept until all have stopped
            try:
                if not begun:
                    begun = True
                    for _ in range(min(workers(), len(tasks)) - 1):
                        if helper := _Helper.one():
                            crew.append((helper, _Job(partial(copy_context().run, take))))
                            helper.take(crew[-1][1])
                    take()
                for _, job in crew:
                    job.wait()
                break
            except BaseException as error:  # noqa: B902 - raised again below
                errors.append(error)
    _Helper.idle.extend([helper for helper, _ in crew])  # += may put back a list that was replaced
    if any([not isinstance(error, Exception) for error in errors]):
        _Helper.anew()
    if errors:
        raise errors[0]
