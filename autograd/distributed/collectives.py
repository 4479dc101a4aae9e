"""Calls that all processes of a group make to copy tensors, or to meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from autograd.distributed.arguments import (
    alike,
    array_of,
    arrays_of,
    begun,
    check_shares,
    rank_in,
    raw,
    shown,
)
from autograd.distributed.group import member_of
from autograd.distributed.work import Collective, Work
from autograd.tensors.inplace import write

__all__ = [
    "all_gather",
    "all_gather_into_tensor",
    "all_gather_single",
    "all_to_all",
    "all_to_all_single",
    "barrier",
    "broadcast",
    "gather",
    "monitored_barrier",
    "scatter",
]


def broadcast(
    tensor: Any,
    src: int | None = None,
    group: Any = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Put what rank ``src`` has in ``tensor`` into that of every process.

    Raises TypeError for what is no tensor, ValueError for a rank that is not in the group.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.broadcast(autograd.ones(2), src=0)
    >>> dist.destroy_process_group()
    """
    call = "broadcast"
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    root = rank_in(call, "src", member, src, group_src)

    def steps() -> Iterator[list[Any]]:
        buffer = raw(array)
        yield [member.comms[0].Ibcast(buffer, root)]
        if member.rank() != root:
            write(tensor, buffer.view(array.dtype).reshape(array.shape), call)

    what = f"broadcast(from rank {member.ranks[root]}) of {shown(array)}"
    return begun(Collective(member, call, what, steps()), async_op)


def all_gather(
    tensor_list: Sequence[Any], tensor: Any, group: Any = None, async_op: bool = False
) -> Work | None:
    """Put into ``tensor_list``, on every process, the ``tensor`` of each, in the order of ranks.

    Raises TypeError for what is no list, ValueError for tensors that differ in shape or dtype.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [autograd.empty(2)]
    >>> dist.all_gather(found, autograd.ones(2))
    >>> found
    [tensor([1., 1.])]
    >>> dist.destroy_process_group()
    """
    call = "all_gather"
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    alike(call, "tensor_list", arrays_of(call, "tensor_list", tensor_list, member.size()), array)

    def steps() -> Iterator[list[Any]]:
        everything = np.empty((member.size(), *array.shape), array.dtype)
        yield [member.comms[0].Iallgather(raw(array), raw(everything))]
        for one, values in zip(tensor_list, everything):
            write(one, values, call)

    return begun(Collective(member, call, f"all_gather of {shown(array)}", steps()), async_op)


def all_gather_into_tensor(
    output_tensor: Any, input_tensor: Any, group: Any = None, async_op: bool = False
) -> Work | None:
    """Put all processes' ``input_tensor`` into ``output_tensor``, one after the other.

    Shapes: ``output_tensor`` is (n * rows, ...) or (n, rows, ...) for n ranks. Raises ValueError
    for others.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = autograd.empty(2)
    >>> dist.all_gather_into_tensor(found, autograd.ones(2))
    >>> found
    tensor([1., 1.])
    >>> dist.destroy_process_group()
    """
    call = "all_gather_into_tensor"
    out = array_of(call, "output_tensor", output_tensor)
    array = array_of(call, "input_tensor", input_tensor)
    if (member := member_of(call, group)) is None:
        return None
    check_shares(call, "output_tensor", out, "input_tensor", array, member.size())

    def steps() -> Iterator[list[Any]]:
        everything = np.empty((member.size(), array.size), array.dtype)
        yield [member.comms[0].Iallgather(raw(array), raw(everything))]
        write(output_tensor, everything.reshape(out.shape), call)

    return begun(Collective(member, call, f"{call} of {shown(array)}", steps()), async_op)


all_gather_single = all_gather_into_tensor  # PyTorch's newer name


def gather(
    tensor: Any,
    gather_list: Sequence[Any] | None = None,
    dst: int | None = None,
    group: Any = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Put all processes' ``tensor`` into the ``gather_list`` of rank ``dst``; others give none.

    Raises ValueError where ``dst`` gives no list, or another rank gives one.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [autograd.empty(2)] if dist.get_rank() == 0 else None
    >>> dist.gather(autograd.ones(2), found, dst=0)
    >>> found
    [tensor([1., 1.])]
    >>> dist.destroy_process_group()
    """
    call = "gather"
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    root = rank_in(call, "dst", member, dst, group_dst)
    mine = member.rank() == root
    _check_list(call, "gather_list", gather_list, mine, "dst")
    if mine:
        arrays = arrays_of(call, "gather_list", gather_list, member.size())
        alike(call, "gather_list", arrays, array)

    def steps() -> Iterator[list[Any]]:
        everything = np.empty((member.size() if mine else 0, *array.shape), array.dtype)
        yield [member.comms[0].Igather(raw(array), raw(everything), root)]
        for one, values in zip(gather_list or (), everything):
            write(one, values, call)

    what = f"gather(to rank {member.ranks[root]}) of {shown(array)}"
    return begun(Collective(member, call, what, steps()), async_op)


def scatter(
    tensor: Any,
    scatter_list: Sequence[Any] | None = None,
    src: int | None = None,
    group: Any = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Put into each process's ``tensor`` one of the ``scatter_list`` that rank ``src`` gives.

    Raises ValueError where ``src`` gives no list, or another rank gives one.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> x = autograd.empty(2)
    >>> dist.scatter(x, [autograd.ones(2)] if dist.get_rank() == 0 else None, src=0)
    >>> x
    tensor([1., 1.])
    >>> dist.destroy_process_group()
    """
    call = "scatter"
    array = array_of(call, "tensor", tensor)
    if (member := member_of(call, group)) is None:
        return None
    root = rank_in(call, "src", member, src, group_src)
    mine = member.rank() == root
    _check_list(call, "scatter_list", scatter_list, mine, "src")
    arrays: list[np.ndarray] = []
    if mine:
        arrays = arrays_of(call, "scatter_list", scatter_list, member.size())
        alike(call, "scatter_list", arrays, array)

    def steps() -> Iterator[list[Any]]:
        sent = np.stack(arrays) if arrays else np.empty((0, *array.shape), array.dtype)
        received = np.empty(array.shape, array.dtype)
        yield [member.comms[0].Iscatter(raw(sent), raw(received), root)]
        write(tensor, received, call)

    what = f"scatter(from rank {member.ranks[root]}) of {shown(array)}"
    return begun(Collective(member, call, what, steps()), async_op)


def _check_list(call: str, name: str, given: Any, mine: bool, end: str) -> None:
    if mine and given is None:
        raise ValueError(f"{call}: rank {end} must give {name}; got None. Pass a list of tensors.")
    if not mine and given:
        raise ValueError(
            f"{call}: {name} must be given by rank {end} alone; this is another. Pass None."
        )


def all_to_all_single(
    output: Any,
    input: Any,
    output_split_sizes: Sequence[int] | None = None,
    input_split_sizes: Sequence[int] | None = None,
    group: Any = None,
    async_op: bool = False,
) -> Work | None:
    """Give to each process its share of ``input``'s rows; ``output`` is what all give to this one.

    Shapes: (rows, ...), rows a multiple of the number of ranks; shares are equal. Raises ValueError
    for others, NotImplementedError for sizes of splits.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = autograd.empty(1, 2)
    >>> dist.all_to_all_single(found, autograd.ones(1, 2))
    >>> found
    tensor([[1., 1.]])
    >>> dist.destroy_process_group()
    """
    call = "all_to_all_single"
    if output_split_sizes or input_split_sizes:
        raise NotImplementedError(
            f"{call}: shares must be equal; got sizes of splits. Use all_to_all with tensors "
            "padded to one shape."
        )
    out, array = array_of(call, "output", output), array_of(call, "input", input)
    if (member := member_of(call, group)) is None:
        return None
    fits = array.ndim and array.shape[0] % member.size() == 0
    if not fits or out.shape != array.shape or out.dtype != array.dtype:
        raise ValueError(
            f"{call}: output and input must be alike, with rows for {member.size()} ranks; they "
            f"are {shown(out)} and {shown(array)}. Make the number of rows a multiple of it."
        )

    def steps() -> Iterator[list[Any]]:
        received = np.empty_like(array, order="C", subok=False)
        yield [member.comms[0].Ialltoall(raw(array), raw(received))]
        write(output, received, call)

    return begun(Collective(member, call, f"{call} of {shown(array)}", steps()), async_op)


def all_to_all(
    output_tensor_list: Sequence[Any],
    input_tensor_list: Sequence[Any],
    group: Any = None,
    async_op: bool = False,
) -> Work | None:
    """Give tensor i of ``input_tensor_list`` to rank i; put what rank i gives into output i.

    Raises ValueError for tensors that differ in shape or dtype.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = [autograd.empty(2)]
    >>> dist.all_to_all(found, [autograd.ones(2)])
    >>> found
    [tensor([1., 1.])]
    >>> dist.destroy_process_group()
    """
    call = "all_to_all"
    if (member := member_of(call, group)) is None:
        return None
    arrays = arrays_of(call, "input_tensor_list", input_tensor_list, member.size())
    outs = arrays_of(call, "output_tensor_list", output_tensor_list, member.size())
    alike(call, "input_tensor_list", arrays, arrays[0])
    alike(call, "output_tensor_list", outs, arrays[0])

    def steps() -> Iterator[list[Any]]:
        sent = np.stack(arrays)
        received = np.empty(sent.shape, sent.dtype)
        yield [member.comms[0].Ialltoall(raw(sent), raw(received))]
        for one, values in zip(output_tensor_list, received):
            write(one, values, call)

    return begun(Collective(member, call, f"{call} of {shown(arrays[0])}", steps()), async_op)


# -- meetings --------------------------------------------------------------------------------------


def barrier(
    group: Any = None, async_op: bool = False, device_ids: Sequence[int] | None = None
) -> Work | None:
    """Wait until every process has come here.

    Raises DistBackendError, with the place where they are, for those that do not come in time.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.barrier()
    >>> dist.destroy_process_group()
    """
    if (member := member_of("barrier", group)) is None:
        return None
    return begun(Collective(member, "barrier", "barrier", iter([[]])), async_op)


def monitored_barrier(
    group: Any = None, timeout: timedelta | None = None, wait_all_ranks: bool = False
) -> None:
    """:func:`barrier` with a ``timeout`` of its own; those who do not come are named anyway.

    >>> import autograd.distributed as dist
    >>> dist.init_process_group()
    >>> dist.monitored_barrier()
    >>> dist.destroy_process_group()
    """
    if (member := member_of("monitored_barrier", group)) is not None:
        work = Collective(member, "monitored_barrier", "monitored_barrier", iter([[]]))
        work.wait(timeout)
