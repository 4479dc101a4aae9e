"""MPI: whether this process is one of several, and the way to the others.

``mpiexec`` starts the processes and tells each who it is; mpi4py carries what they say. Nothing of
it is loaded before somebody asks for it, and a process alone needs neither.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

import numpy as np

from autograd.arrays import threads

# What those who start MPI programs put into the environment, the number of a process and of all:
# MPICH and Intel MPI, Open MPI, PMIx (Slurm), HPE's PALS.
LAUNCHERS = {
    "PMI_RANK": "PMI_SIZE",
    "OMPI_COMM_WORLD_RANK": "OMPI_COMM_WORLD_SIZE",
    "PMIX_RANK": "SLURM_NTASKS",
    "PALS_RANKID": "PALS_SIZE",
}
_MARK = "GRADLOOM_MPI_PROCESS"  # which process took part: its children inherit the rest

START = "mpiexec -n 4 python -m autograd train.py"


def launched() -> bool:
    """Whether ``mpiexec`` (or its like) started this very process, and others with it.

    >>> launched()
    False
    """
    return not is_child() and _told()[1] not in ("", "1")


def launched_alone() -> bool:
    """Whether ``mpiexec`` started this process, and no other.

    >>> launched_alone()
    False
    """
    return not is_child() and _told()[1] == "1"


def warn_where_not_installed() -> None:
    """Say, once for all processes, that each is alone because mpi4py is not there."""
    if launched() and not installed() and _told()[0] == "0":
        print(
            "gradloom: several processes are started, and without mpi4py each of them is alone. "
            "Run: pip install 'gradloom[distributed]'",
            file=sys.stderr,
        )


def _told() -> tuple[str, str]:
    """The number of this process and of all, as a launcher says ("?" if not); empty without one."""
    for rank, size in LAUNCHERS.items():
        if rank in os.environ:
            return os.environ[rank], os.environ.get(size, "?")
    return "", ""


def is_child() -> bool:
    """Whether a process that ``mpiexec`` started has started this one.

    >>> is_child()
    False
    """
    return os.environ.get(_MARK, str(os.getpid())) != str(os.getpid())


def installed() -> bool:
    """Whether mpi4py can be imported; it is not."""
    from importlib.util import find_spec

    return find_spec("mpi4py") is not None


@cache
def library() -> Any:
    """``mpi4py.MPI``, which starts MPI when it is first imported.

    Raises ImportError where mpi4py is not there, or finds no MPI.
    """
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise ImportError(
            f"distributed: several processes need mpi4py and an MPI; {error}. Run: pip install "
            "'gradloom[distributed]', or, beside a system's MPI, pip install mpi4py."
        ) from None
    return MPI


class World:
    """This process among all that were started together.

    ``cores`` are those of this machine that the processes on it may run on. ``comms`` are
    communicators of all of them: for the first and the second part of a collective call, and one
    for those who watch. Of a process alone they are :class:`Alone`.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        if launched():
            world = library().COMM_WORLD
            self.rank, self.size = world.Get_rank(), world.Get_size()
            near = world.Split_type(library().COMM_TYPE_SHARED)
            self.local_rank, self.local_size = near.Get_rank(), near.Get_size()
            self.host = library().Get_processor_name()
            self.master = world.bcast(self.host)
            self.cores = len(set().union(*near.allgather(_cores())))
            near.Free()
        else:
            self.rank, self.size, self.local_rank, self.local_size = 0, 1, 0, 1
            self.host = self.master = "localhost"
            self.cores = threads.cores()
        self.crowded = self.local_size > self.cores  # who waits gives way at once
        if self.size > 1:
            self.comms = tuple(library().COMM_WORLD.Dup() for _ in range(3))
        else:
            self.comms = (Alone(), Alone(), Alone())

    @property
    def name(self) -> str:
        """What messages call this process."""
        return f"rank {self.rank} of {self.size} ({self.host})"


_joined: World | None = None


def world() -> World:
    """This process among the others; the first call joins them.

    It sets the variables that scripts read, and from then on a process that fails ends the job.
    """
    global _joined
    if _joined is None or _joined.pid != os.getpid():
        _joined = World()
        if launched():
            os.environ[_MARK] = str(os.getpid())
            os.environ.update(_variables(_joined))
        if _joined.size > 1:
            from autograd.distributed import failure, watch

            watch.begin(_joined)
            failure.end_the_job_with_us(_joined)
            _share_cores(_joined)
    return _joined


def set_variables() -> None:
    """The variables that scripts read, where a process alone lacks them."""
    for name, value in _variables(world()).items():
        os.environ.setdefault(name, value)


def _variables(world: World) -> dict[str, str]:
    return {
        "RANK": str(world.rank),
        "WORLD_SIZE": str(world.size),
        "LOCAL_RANK": str(world.local_rank),
        "LOCAL_WORLD_SIZE": str(world.local_size),
        "MASTER_ADDR": os.environ.get("MASTER_ADDR", world.master),
        "MASTER_PORT": os.environ.get("MASTER_PORT", "29500"),
    }


def _share_cores(world: World) -> None:
    """Give BLAS this process's share of the cores, where the user has not said how many."""
    if "OMP_NUM_THREADS" in os.environ or "OPENBLAS_NUM_THREADS" in os.environ:
        return
    if threads.openblas() is not None:
        threads.set_num_threads(max(1, world.cores // world.local_size))


def _cores() -> set[int]:
    """The cores that this process may run on, by number."""
    available = getattr(os, "sched_getaffinity", None)
    return available(0) if available else set(range(threads.cores()))


class Done:
    """The request of what is finished when it is begun."""

    def Test(self) -> bool:
        """Whether it is finished: yes."""
        return True


class Alone:
    """A communicator of one process, without MPI: what it sends to all, it sends to itself."""

    def Iallgather(self, sent: np.ndarray, received: np.ndarray) -> Done:
        """To everybody what everybody sends."""
        received[...] = sent
        return Done()

    Ialltoall = Iallgather

    def Ialltoallv(self, sent: list[Any], received: list[Any]) -> Done:
        """To one what one sends: arrays with what is said of their parts."""
        received[0][...] = sent[0]
        return Done()

    def Igather(self, sent: np.ndarray, received: np.ndarray, root: int) -> Done:
        """To one what everybody sends."""
        received[...] = sent
        return Done()

    Iscatter = Igather

    def Ibcast(self, buffer: np.ndarray, root: int) -> Done:
        """To everybody what one sends."""
        return Done()


def flush() -> None:
    """Write out what was printed: a job that is ended loses what waits."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass
