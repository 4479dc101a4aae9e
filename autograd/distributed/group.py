"""Groups of processes: who takes part, and who am I."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing import parent_process
from typing import Any

from autograd.arrays import notices
from autograd.distributed import mpi, watch, work
from autograd.engine import watches

__all__ = [
    "GroupMember",
    "ProcessGroup",
    "destroy_process_group",
    "get_backend",
    "get_global_rank",
    "get_group_rank",
    "get_node_local_rank",
    "get_process_group_ranks",
    "get_rank",
    "get_world_size",
    "group",
    "init_process_group",
    "is_available",
    "is_backend_available",
    "is_gloo_available",
    "is_initialized",
    "is_mpi_available",
    "is_nccl_available",
    "is_torchelastic_launched",
    "new_group",
]

DEFAULT_TIMEOUT = timedelta(minutes=30)
_BACKENDS = ("gloo", "mpi", "nccl", "ucc", "xccl")
_NUMBER = [0]  # of the last group


class ProcessGroup(work.Record):
    """Some of the processes: their ``ranks`` in the world, and this one's ``rank`` among them.

    Made by :func:`init_process_group` and :func:`new_group`.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.group.WORLD
    <ProcessGroup of ranks [0], this one is 0>
    >>> dist.destroy_process_group()
    """

    __module__ = "autograd.distributed"

    def __init__(
        self, ranks: Sequence[int], comms: tuple[Any, ...], timeout: timedelta, in_rank_order: bool
    ) -> None:
        super().__init__()
        _NUMBER[0] += 1
        self.id = _NUMBER[0]
        self.ranks, self.comms = list(ranks), comms
        self.timeout, self.in_rank_order = timeout, in_rank_order
        self.world_rank = mpi.world().rank
        self._rank = self.ranks.index(self.world_rank)
        self._size = len(self.ranks)
        self.others = [rank for rank in self.ranks if rank != self.world_rank]
        self.broken = ""
        self.sent = 0  # messages to others
        if here := watch.here():
            here.groups[self.id] = self

    def rank(self) -> int:
        """The number of this process in the group."""
        return self._rank

    def size(self) -> int:
        """How many processes the group has."""
        return self._size

    def __repr__(self) -> str:
        return f"<ProcessGroup of ranks {self.ranks}, this one is {self.world_rank}>"


class GroupMember:
    """What stands for a group: that of all, and none.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.GroupMember.WORLD.rank()
    0
    >>> dist.destroy_process_group()
    """

    WORLD: ProcessGroup | None = None
    NON_GROUP_MEMBER = -100


class _Group(type):
    @property
    def WORLD(cls) -> ProcessGroup | None:
        """The group of all processes."""
        return GroupMember.WORLD


class group(metaclass=_Group):
    """``group.WORLD`` is the group of all processes.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.group.WORLD.size()
    1
    >>> dist.destroy_process_group()
    """


# -- what is there ---------------------------------------------------------------------------------


def is_available() -> bool:
    """Whether this module can be used: yes; a process alone is a world of one.

    >>> is_available()
    True
    """
    return True


def is_mpi_available() -> bool:
    """Whether mpi4py is installed, which several processes need.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> isinstance(dist.is_mpi_available(), bool)
    True
    >>> dist.destroy_process_group()
    """
    return mpi.installed()


def is_gloo_available() -> bool:
    """Whether :func:`init_process_group` takes the name "gloo": yes, and means MPI.

    >>> is_gloo_available()
    True
    """
    return True


def is_nccl_available() -> bool:
    """Whether GPUs can send to each other: no.

    >>> is_nccl_available()
    False
    """
    return False


def is_backend_available(backend: str) -> bool:
    """Whether that backend is there: "gloo" and "mpi".

    >>> is_backend_available("gloo"), is_backend_available("nccl")
    (True, False)
    """
    return backend.lower() in ("gloo", "mpi")


def is_torchelastic_launched() -> bool:
    """Whether torchrun started this process.

    >>> is_torchelastic_launched()
    False
    """
    return "TORCHELASTIC_RUN_ID" in os.environ


def is_initialized() -> bool:
    """Whether :func:`init_process_group` has been called.

    >>> is_initialized()
    False
    """
    return GroupMember.WORLD is not None


# -- beginning and end -----------------------------------------------------------------------------


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: timedelta | None = None,
    world_size: int = -1,
    rank: int = -1,
    store: Any = None,
    group_name: str = "",
    pg_options: Any = None,
    device_id: Any = None,
    *,
    in_rank_order: bool = True,
) -> None:
    """Make all processes that ``mpiexec`` has started one group; a process alone is one of one.

    :param backend: "gloo" and "nccl" mean MPI here, which is said once.
    :param timeout: how long a call waits for the others; 30 minutes where it is left out.
    :param world_size: and ``rank``: may be left out, and are checked where they are given.
    :param in_rank_order: sums are added rank by rank, so that they are those of one process to the
        last bit, and of every run. False: in MPI's own order, which differs by machine and number
        of processes.
    :raises ValueError: a second call, a backend of another name, a rank or a size that is not that
        of this process.
    :raises RuntimeError: several processes that were not started by ``mpiexec``.

    ``init_method``, ``store`` and ``group_name`` say where processes meet, which MPI knows.

    >>> init_process_group("mpi")
    >>> get_rank(), get_world_size(), get_backend()
    (0, 1, 'mpi')
    >>> destroy_process_group()
    """
    if is_initialized():
        raise ValueError(
            "init_process_group: there is one default group; it has been initialized already. "
            "Call destroy_process_group first, or make others by new_group."
        )
    name = "mpi" if backend is None else str(backend).lower()
    for one in name.split(","):
        if one.rpartition(":")[2] not in _BACKENDS:
            raise ValueError(
                f"init_process_group: backend must be 'mpi' or 'gloo'; got {backend!r}. Leave it "
                "out."
            )
    if timeout is not None and not isinstance(timeout, timedelta):
        raise TypeError(
            "init_process_group: timeout must be a datetime.timedelta; got "
            f"{type(timeout).__name__}. Write timedelta(seconds=60)."
        )
    _check_start(world_size)
    world = mpi.world()
    if world_size not in (-1, world.size) or rank not in (-1, world.rank):
        raise ValueError(
            f"init_process_group: rank and world_size must be those that MPI has given, "
            f"{world.rank} of {world.size}; got {rank} of {world_size}. Leave them out."
        )
    if name != "mpi" and world.size > 1 and world.rank == 0:
        notices.once(f"init_process_group: {backend!r} means MPI here, on the processors.")
    mpi.set_variables()
    GroupMember.WORLD = ProcessGroup(
        range(world.size), world.comms[:2], timeout or DEFAULT_TIMEOUT, in_rank_order
    )


def _check_start(world_size: int) -> None:
    """Raise RuntimeError where several processes are meant, and MPI has started none."""
    if mpi.launched():
        return
    told = os.environ.get("WORLD_SIZE", "1")
    wanted = max(world_size, int(told) if told.isdecimal() else 1)
    if wanted > 1:
        by = "torchrun has" if is_torchelastic_launched() else "something else has"
        by = "one of them has" if mpi.is_child() else by
        instead = ""
        if parent_process() is not None:
            instead = (
                ', and in place of spawn(f, args) call f(int(os.environ["LOCAL_RANK"]), *args)'
            )
        raise RuntimeError(
            f"init_process_group: several processes are started by mpiexec; {by} started this one "
            f"as one of {wanted}. Run: mpiexec -n {wanted} python -m autograd train.py{instead}"
        )


def destroy_process_group(group: Any = None) -> None:
    """Forget a group; without one, all of them. Waits for nobody.

    Raises ValueError where there is none.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.destroy_process_group()
    >>> dist.is_initialized()
    False
    """
    world = default_group("destroy_process_group")
    if group is GroupMember.NON_GROUP_MEMBER:
        return
    every = group is None or group is world
    for one in [*_groups, world] if every else [group]:
        work.forget(one.id)
        if here := watch.here():
            here.groups.pop(one.id, None)
        if one in _groups:
            _groups.remove(one)
    if every:
        GroupMember.WORLD = None


_groups: list[ProcessGroup] = []  # made by new_group


def new_group(
    ranks: Sequence[int] | None = None,
    timeout: timedelta | None = None,
    backend: str | None = None,
    pg_options: Any = None,
    use_local_synchronization: bool = False,
    group_desc: str | None = None,
    device_id: Any = None,
    sort_ranks: bool = True,
    *,
    in_rank_order: bool = True,
) -> Any:
    """A group of some processes; all processes call this, members or not, with the same ranks.

    :param ranks: their numbers in the world; None means all. In the group they are numbered in
        order, or, without ``sort_ranks``, as they are given.
    :returns: the group; to others, ``GroupMember.NON_GROUP_MEMBER``.
    :raises ValueError: no such rank, or one twice.

    >>> init_process_group()
    >>> get_world_size(new_group([0]))
    1
    >>> destroy_process_group()
    """
    world = default_group("new_group")
    chosen = list(range(world.size()) if ranks is None else ranks)
    if sort_ranks:
        chosen.sort()
    if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(world.ranks):
        raise ValueError(
            f"new_group: ranks must be different numbers below {world.size()}; got {ranks}. Name "
            "each process once."
        )

    def steps() -> Any:
        yield []

    work.Collective(world, "new_group", f"new_group({chosen})", steps()).wait()
    member = world.world_rank in chosen
    if not member:
        _NUMBER[0] += 1  # groups have one number everywhere
        return GroupMember.NON_GROUP_MEMBER
    comms: tuple[Any, ...]
    if len(chosen) == 1:
        comms = (mpi.Alone(), mpi.Alone())
    else:
        some = world.comms[0].Get_group().Incl(chosen)
        comms = tuple(world.comms[0].Create_group(some, tag=_NUMBER[0] % 30_000) for _ in range(2))
    made = ProcessGroup(chosen, comms, timeout or world.timeout, in_rank_order)
    _groups.append(made)
    return made


# -- who am I --------------------------------------------------------------------------------------


def default_group(call: str) -> ProcessGroup:
    """The group of all; raises ValueError before there is one."""
    if GroupMember.WORLD is None:
        raise ValueError(
            f"{call}: the default process group must have been initialized; it has not been. Call "
            "init_process_group first."
        )
    return GroupMember.WORLD


def member_of(call: str, group: Any) -> ProcessGroup | None:
    """The group to use; None where this process is not in it, after a warning as PyTorch's."""
    watches.begins_beyond_ops(f"{call} was called, which goes on with other processes")
    world = default_group(call)
    if group is None:
        group = world
    if group is GroupMember.NON_GROUP_MEMBER:
        warnings.warn(
            f"{call}: this process, rank {world.world_rank}, is not in the group, and does "
            "nothing. Let only members call it.",
            stacklevel=4,
        )
        return None
    if not isinstance(group, ProcessGroup):
        raise TypeError(
            f"{call}: group must be a ProcessGroup or None; got {type(group).__name__}. Pass what "
            "new_group returned."
        )
    if group.broken:
        raise work.DistBackendError(
            f"{call}: a group is of no use after an error; the error was: {group.broken}"
        )
    return group


def get_rank(group: Any = None) -> int:
    """The number of this process in a group; -1 where it is not a member.

    Raises ValueError before init_process_group.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_rank()
    0
    >>> dist.destroy_process_group()
    """
    world = default_group("get_rank")
    group = world if group is None else group
    return -1 if group is GroupMember.NON_GROUP_MEMBER else int(group.rank())


def get_world_size(group: Any = None) -> int:
    """How many processes a group has; -1 where this one is not a member.

    Raises ValueError before init_process_group.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_world_size()
    1
    >>> dist.destroy_process_group()
    """
    world = default_group("get_world_size")
    group = world if group is None else group
    return -1 if group is GroupMember.NON_GROUP_MEMBER else int(group.size())


def get_backend(group: Any = None) -> str:
    """What carries the data: "mpi". Raises ValueError before init_process_group.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_backend()
    'mpi'
    >>> dist.destroy_process_group()
    """
    default_group("get_backend")
    return "mpi"


def get_node_local_rank(fallback_rank: int | None = None) -> int:
    """The number of this process among those on its machine.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_node_local_rank()
    0
    >>> dist.destroy_process_group()
    """
    return mpi.world().local_rank


def get_process_group_ranks(group: ProcessGroup | None) -> list[int]:
    """The ranks in the world of a group's members, in order.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_process_group_ranks(dist.group.WORLD)
    [0]
    >>> dist.destroy_process_group()
    """
    return list((group or default_group("get_process_group_ranks")).ranks)


def get_group_rank(group: ProcessGroup, global_rank: int) -> int:
    """The number in ``group`` of a rank of the world; raises ValueError where it has none.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_group_rank(dist.group.WORLD, 0)
    0
    >>> dist.destroy_process_group()
    """
    if global_rank not in group.ranks:
        raise ValueError(
            f"get_group_rank: the rank must be a member of the group, {group.ranks}; got "
            f"{global_rank}. Pass its rank in the world."
        )
    return group.ranks.index(global_rank)


def get_global_rank(group: ProcessGroup, group_rank: int) -> int:
    """The rank in the world of number ``group_rank`` of ``group``; raises ValueError for none.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.get_global_rank(dist.group.WORLD, 0)
    0
    >>> dist.destroy_process_group()
    """
    if not 0 <= group_rank < group.size():
        raise ValueError(
            f"get_global_rank: the group has ranks 0 to {group.size() - 1}; got {group_rank}. Pass "
            "a rank in the group."
        )
    return group.ranks[group_rank]
