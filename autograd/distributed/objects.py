"""Calls that all processes of a group make, on Python's objects: they are pickled.

As with ``pickle`` itself: whoever sends could run code in the receiver. They are one program here.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.distributed.arguments import rank_in
from autograd.distributed.group import ProcessGroup, member_of
from autograd.distributed.work import Collective

__all__ = [
    "all_gather_object",
    "broadcast_object_list",
    "gather_object",
    "scatter_object_list",
]


def all_gather_object(object_list: list[Any], obj: Any, group: Any = None) -> None:
    """Put into ``object_list``, on every process, the object of each, in the order of ranks.

    The list has as many places as the group has ranks; raises ValueError for another length.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [None]
    >>> dist.all_gather_object(found, {"loss": 0.5})
    >>> found
    [{'loss': 0.5}]
    >>> dist.destroy_process_group()
    """
    call = "all_gather_object"
    if (member := member_of(call, group)) is None:
        return
    _check_list(call, "object_list", object_list, member.size())
    object_list[:] = everybodys(member, call, obj)


def everybodys(group: ProcessGroup, call: str, obj: Any) -> list[Any]:
    """The objects of all processes of a group, in the order of ranks."""
    found: list[Any] = []

    def steps() -> Iterator[list[Any]]:
        mine = np.frombuffer(pickle.dumps(obj), np.uint8)
        lengths = np.empty(group.size(), np.int64)
        yield [group.comms[0].Iallgather(np.array([mine.size], np.int64), lengths)]
        sent = np.zeros(lengths.max(), np.uint8)
        sent[: mine.size] = mine
        everything = np.empty((group.size(), sent.size), np.uint8)
        yield [group.comms[1].Iallgather(sent, everything)]
        found.extend([pickle.loads(row[:n].tobytes()) for row, n in zip(everything, lengths)])

    Collective(group, call, call, steps(), parts=2).wait()
    return found


def gather_object(
    obj: Any,
    object_gather_list: list[Any] | None = None,
    dst: int | None = None,
    group: Any = None,
    group_dst: int | None = None,
) -> None:
    """Put all processes' objects into the list of rank ``dst``; others give none.

    Raises ValueError where ``dst`` gives no list of the group's length.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [None] if dist.get_rank() == 0 else None
    >>> dist.gather_object("a", found, dst=0)
    >>> found
    ['a']
    >>> dist.destroy_process_group()
    """
    call = "gather_object"
    if (member := member_of(call, group)) is None:
        return
    root = rank_in(call, "dst", member, dst, group_dst)
    if member.rank() == root:
        _check_list(call, "object_gather_list", object_gather_list, member.size())
    found = everybodys(member, call, obj)
    if member.rank() == root and object_gather_list is not None:
        object_gather_list[:] = found


def broadcast_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: Any = None,
    device: Any = None,
    group_src: int | None = None,
) -> None:
    """Put the objects that rank ``src`` has in its list into that of every process.

    Raises TypeError for what is no list.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [{"lr": 0.1}, 3] if dist.get_rank() == 0 else [None, None]
    >>> dist.broadcast_object_list(found, src=0)
    >>> found
    [{'lr': 0.1}, 3]
    >>> dist.destroy_process_group()
    """
    call = "broadcast_object_list"
    if (member := member_of(call, group)) is None:
        return
    _check_list(call, "object_list", object_list, None)
    root = rank_in(call, "src", member, src, group_src)
    object_list[:] = _from(member, call, root, object_list)


def scatter_object_list(
    scatter_object_output_list: list[Any],
    scatter_object_input_list: list[Any] | None = None,
    src: int | None = None,
    group: Any = None,
    group_src: int | None = None,
) -> None:
    """Put into place 0 of each process's list one of the objects that rank ``src`` gives.

    Raises ValueError where ``src`` gives no list of the group's length.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [None]
    >>> dist.scatter_object_list(found, ["a"] if dist.get_rank() == 0 else None, src=0)
    >>> found
    ['a']
    >>> dist.destroy_process_group()
    """
    call = "scatter_object_list"
    if (member := member_of(call, group)) is None:
        return
    _check_list(call, "scatter_object_output_list", scatter_object_output_list, None)
    root = rank_in(call, "src", member, src, group_src)
    if member.rank() == root:
        _check_list(call, "scatter_object_input_list", scatter_object_input_list, member.size())
    scatter_object_output_list[:1] = [
        _from(member, call, root, scatter_object_input_list)[member.rank()]
    ]


def _from(group: ProcessGroup, call: str, root: int, obj: Any) -> Any:
    """The object that one process gives to all."""
    found: list[Any] = []

    def steps() -> Iterator[list[Any]]:
        mine = group.rank() == root
        sent = np.frombuffer(bytearray(pickle.dumps(obj) if mine else b""), np.uint8)
        length = np.array([sent.size], np.int64)
        yield [group.comms[0].Ibcast(length, root)]
        buffer = sent if mine else np.empty(length[0], np.uint8)
        yield [group.comms[1].Ibcast(buffer, root)]
        found.append(obj if mine else pickle.loads(buffer.tobytes()))

    what = f"{call}(from rank {group.ranks[root]})"
    Collective(group, call, what, steps(), parts=2).wait()
    return found[0]


def _check_list(call: str, name: str, given: Any, length: int | None) -> None:
    if not isinstance(given, list):
        raise TypeError(
            f"{call}: {name} must be a list; got {type(given).__name__}. Make one: [None] * n."
        )
    if length is not None and len(given) != length:
        raise ValueError(
            f"{call}: {name} must have a place for each of {length} ranks; got {len(given)}. Make "
            "one: [None] * get_world_size()."
        )
