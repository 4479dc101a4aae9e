"""Tensors from one process to another.

A short message goes before each tensor and says what comes: what is received must be of that dtype
and number of elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.arrays.arguments import integer_of
from autograd.distributed import mpi, watch
from autograd.distributed.arguments import array_of, rank_in, raw, shown
from autograd.distributed.group import ProcessGroup, member_of
from autograd.distributed.work import Work
from autograd.engine.graph import TensorBase
from autograd.tensors.inplace import write

__all__ = ["P2POp", "batch_isend_irecv", "irecv", "isend", "recv", "send"]

_HEAD = 15_000  # tags of the user's go up to here; those of tensors lie above
_LENGTH = 96  # bytes of a message that says what comes


class Message(Work):
    """A tensor on its way from or to ``peers``."""

    _peers_of: Sequence[int] = ()

    def _peers(self) -> list[int]:
        return [rank for rank in self._peers_of if rank != self._group.world_rank]

    def _missing(self, place: watch.Place) -> bool:
        return True


def send(
    tensor: Any,
    dst: int | None = None,
    group: Any = None,
    tag: int = 0,
    group_dst: int | None = None,
) -> None:
    """Send a tensor to rank ``dst``, which receives it with :func:`recv`.

    Raises ValueError for a rank that is not in the group, or this one itself; DistBackendError
    where nobody receives it within the group's timeout.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.send(autograd.ones(2), dst=0)  # which rank 0 itself is
    Traceback (most recent call last):
    ValueError: send: dst must be another rank; got 0, this process itself. Copy the tensor:...
    >>> dist.destroy_process_group()
    """
    work = isend(tensor, dst, group, tag, group_dst)
    if work is not None:
        work.wait()


def isend(
    tensor: Any,
    dst: int | None = None,
    group: Any = None,
    tag: int = 0,
    group_dst: int | None = None,
) -> Work | None:
    """:func:`send` that does not wait; the tensor must stay as it is until ``wait()``.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.isend(autograd.ones(2), dst=0)  # which rank 0 itself is
    Traceback (most recent call last):
    ValueError: send: dst must be another rank; got 0, this process itself. Copy the tensor:...
    >>> dist.destroy_process_group()
    """
    call = "send"
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    to = _other(call, "dst", member, dst, group_dst)
    tag = _checked_tag(call, tag)
    member.sent += 1
    number = _HEAD + 1 + member.sent % 15_000

    def steps() -> Iterator[list[Any]]:
        head = np.zeros(_LENGTH, np.uint8)
        told = f"{number} {array.dtype} {array.size}".encode()
        head[: len(told)] = np.frombuffer(told, np.uint8)
        comm = member.comms[0]
        yield [comm.Isend(head, to, tag), comm.Isend(raw(array), to, number)]

    work = Message(member, call, f"send of {shown(array)} to rank {member.ranks[to]}", steps())
    work._peers_of = [member.ranks[to]]
    return work


def recv(
    tensor: Any,
    src: int | None = None,
    group: Any = None,
    tag: int = 0,
    group_src: int | None = None,
) -> int:
    """Put into ``tensor`` what rank ``src`` (None: any) sends, and return who it was.

    Returns -1 where this process is not in the group. Raises ValueError where something else
    comes: another dtype or number of elements.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.recv(autograd.empty(2), src=0)  # which rank 0 itself is
    Traceback (most recent call last):
    ValueError: recv: src must be another rank; got 0, this process itself. Copy the tensor:...
    >>> dist.destroy_process_group()
    """
    found: list[int] = []
    work = _received("recv", tensor, src, group, tag, group_src, found.append)
    if work is None:
        return -1
    work.wait()
    return found[0]


def irecv(
    tensor: Any,
    src: int | None = None,
    group: Any = None,
    tag: int = 0,
    group_src: int | None = None,
) -> Work | None:
    """:func:`recv` that does not wait: the values are there after ``wait()``.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.irecv(autograd.empty(2), src=0)  # which rank 0 itself is
    Traceback (most recent call last):
    ValueError: irecv: src must be another rank; got 0, this process itself. Copy the tensor:...
    >>> dist.destroy_process_group()
    """
    return _received("irecv", tensor, src, group, tag, group_src, lambda rank: None)


def _received(
    call: str,
    tensor: Any,
    src: int | None,
    group: Any,
    tag: int,
    group_src: int | None,
    told: Callable[[int], None],
) -> Work | None:
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    anybody = src is None and group_src is None
    by = -1 if anybody else _other(call, "src", member, src, group_src)
    tag = _checked_tag(call, tag)
    if member.size() == 1:
        raise ValueError(
            f"{call}: another rank must send; this process is alone in its group. Start more: "
            f"{mpi.START}"
        )

    def steps() -> Iterator[list[Any]]:
        library = mpi.library()
        comm, status = member.comms[0], library.Status()
        head = np.zeros(_LENGTH, np.uint8)
        request = comm.Irecv(head, library.ANY_SOURCE if anybody else by, tag)
        yield [_Noted(request, status)]
        source = status.Get_source()
        number, dtype, size = head.tobytes().rstrip(b"\0").decode().split()
        if str(array.dtype) != dtype or array.size != int(size):
            raise ValueError(
                f"{call}: the tensor must be what rank {member.ranks[source]} sends, {size} "
                f"elements of {dtype}; it is {shown(array)}. Make it alike."
            )
        received = np.empty(array.shape, array.dtype)
        yield [comm.Irecv(raw(received), source, int(number))]
        write(tensor, received, call)
        told(member.ranks[source])

    who = "any rank" if anybody else f"rank {member.ranks[by]}"
    work = Message(member, call, f"{call} of {shown(array)} from {who}", steps(), parts=2)
    work._peers_of = member.others if anybody else [member.ranks[by]]
    return work


class _Noted:
    """A request that leaves in ``status`` from whom it was fulfilled."""

    def __init__(self, request: Any, status: Any) -> None:
        self.request, self.status, self.done = request, status, False

    def Test(self) -> bool:
        """Whether it is fulfilled."""
        self.done = self.done or self.request.Test(self.status)
        return self.done


def _other(call: str, name: str, group: ProcessGroup, rank: Any, within: Any) -> int:
    number = rank_in(call, name, group, rank, within)
    if number == group.rank():
        raise ValueError(
            f"{call}: {name} must be another rank; got {group.world_rank}, this process itself. "
            "Copy the tensor: tensor.clone()."
        )
    return number


def _checked_tag(call: str, tag: Any) -> int:
    tag = integer_of(call, "tag", tag)
    if not 0 <= tag <= _HEAD:
        raise ValueError(f"{call}: tag must be in [0, {_HEAD}]; got {tag}. Number from 0.")
    return tag


class P2POp:
    """One of several messages for :func:`batch_isend_irecv`: ``P2POp(isend, tensor, peer)``.

    Raises ValueError for other than isend and irecv.

    >>> import autograd
    >>> P2POp(isend, autograd.ones(2), peer=1).peer
    1
    """

    __module__ = "autograd.distributed"

    def __init__(
        self,
        op: Callable[..., Any],
        tensor: TensorBase,
        peer: int | None = None,
        group: Any = None,
        tag: int = 0,
        group_peer: int | None = None,
    ) -> None:
        if op not in (isend, irecv):
            raise ValueError(
                f"P2POp: op must be isend or irecv; got {op!r:.60}. Pass the function itself."
            )
        self.op, self.tensor, self.peer = op, tensor, peer
        self.group, self.tag, self.group_peer = group, tag, group_peer


def batch_isend_irecv(p2p_op_list: Sequence[P2POp]) -> list[Work]:
    """Begin all of several messages; returns what is to be waited for.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.batch_isend_irecv([])
    []
    >>> dist.destroy_process_group()
    """
    return [op.op(op.tensor, op.peer, op.group, op.tag, op.group_peer) for op in p2p_op_list]
