"""How many threads matrix products and optimisers may use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextvars import copy_context
from functools import cache
from typing import Any

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


def _openblas() -> tuple[Any, str] | None:
    """The OpenBLAS that NumPy's wheels bring along, and the ending of its functions' names."""
    import ctypes  # here, because it is seldom needed and large
    import glob

    import numpy as np

    home = os.path.dirname(np.__file__)
    for folder in (home + ".libs", os.path.join(home, ".dylibs")):
        for path in glob.glob(os.path.join(glob.escape(folder), "*openblas*")):
            library = ctypes.CDLL(path)  # loaded already: this finds it
            for ending in ("64_", ""):
                if hasattr(library, f"scipy_openblas_get_num_threads{ending}"):
                    return library, ending
    return None


def get_num_threads() -> int:
    """How many threads NumPy's matrix products use; where it does not tell, what was set.

    >>> get_num_threads() >= 1
    True
    """
    found = _openblas()
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
    found = _openblas()
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


# -- the one pool that all share -------------------------------------------------------------------


@cache
def _cores() -> int:
    return cores()


def workers() -> int:
    """How many threads :func:`run_all` uses."""
    return min(_cores(), limit or _cores())


@cache
def _pool() -> Any:
    from concurrent.futures import ThreadPoolExecutor  # a third of the time of importing optim

    if hasattr(os, "register_at_fork"):  # a child has the executor, but none of its threads
        os.register_at_fork(after_in_child=_pool.cache_clear)
    return ThreadPoolExecutor(_cores(), thread_name_prefix="autograd")


def run_all(tasks: Iterable[Callable[[], None]]) -> None:
    """Run ``tasks`` on the threads of the pool, in any order; back when no thread works any more.

    The threads see the caller's ``np.errstate``. Where a task fails, or the caller is interrupted
    (Ctrl-C), tasks that are not begun are left out, and the error is raised when all threads have
    stopped: after it, nobody writes.
    """
    waiting = iter(tasks)
    errors: list[BaseException] = []
    working: list[None] = []

    def take() -> None:
        working.append(None)  # before the look at errors: who is not counted does not begin
        try:
            for task in waiting:
                if errors:
                    return
                task()
        except BaseException as error:  # noqa: B902 - raised again below
            errors.append(error)
        finally:
            working.pop()

    futures: list[Any] = []
    starts = iter(range(workers()))
    while True:
        try:
            for _ in starts:
                futures.append(_pool().submit(copy_context().run, take))
            for future in futures:
                future.result()
            while working:  # an interrupt came between a start and its place in the list
                time.sleep(0.001)
            break
        except BaseException as error:  # noqa: B902 - an interrupt; another may follow while we wait
            errors.append(error)
            starts = iter(())
    if errors:
        raise errors[0]
