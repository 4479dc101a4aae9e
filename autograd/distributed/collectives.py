"""Calls that all processes of a group make to copy tensors, or to meet."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
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
from autograd.distributed.group import ProcessGroup, member_of
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
    return begun(Collective(member, call, what, steps()), async_op, tensor)


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

    return begun(
        Collective(member, call, f"all_gather of {shown(array)}", steps()), async_op, *tensor_list
    )


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

    return begun(
        Collective(member, call, f"{call} of {shown(array)}", steps()), async_op, output_tensor
    )


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
    return begun(Collective(member, call, what, steps()), async_op, *(gather_list or ()))


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
    return begun(Collective(member, call, what, steps()), async_op, tensor)


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

    Shapes: (rows, ...). Shares are equal, or of as many rows for each rank as
    ``input_split_sizes`` says, of which ``output_split_sizes`` is what comes. Raises ValueError
    where these do not fit.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> found = autograd.empty(1, 2)
    >>> dist.all_to_all_single(found, autograd.ones(1, 2))
    >>> found
    tensor([[1., 1.]])
    >>> dist.destroy_process_group()
    """
    call = "all_to_all_single"
    out, array = array_of(call, "output", output), array_of(call, "input", input)
    if (member := member_of(call, group)) is None:
        return None
    came = _rows(call, "output", out, output_split_sizes, member.size())
    gone = _rows(call, "input", array, input_split_sizes, member.size())
    if out.shape[1:] != array.shape[1:] or out.dtype != array.dtype:
        raise ValueError(
            f"{call}: output and input must have rows alike, in one dtype; they are {shown(out)} "
            f"and {shown(array)}. Make them of one shape but for the first axis."
        )

    def steps() -> Iterator[list[Any]]:
        row = math.prod(array.shape[1:]) * array.itemsize
        received = yield from _exchanged(member, call, array, gone, came, row)
        write(output, received.reshape(out.shape), call)

    what = f"{call} of rows of {array.dtype} {array.shape[1:]}"
    return begun(Collective(member, call, what, steps(), parts=2), async_op, output)


def _rows(call: str, name: str, array: np.ndarray, sizes: Any, n: int) -> list[int]:
    """How many rows are each rank's: as is said, or as many of each."""
    rows = array.shape[0] if array.ndim else 0
    if not sizes and array.ndim and rows % n == 0:
        return [rows // n] * n
    given = [int(size) for size in sizes or ()]
    if not array.ndim or len(given) != n or sum(given) != rows or min(given) < 0:
        raise ValueError(
            f"{call}: {name} must have rows for {n} ranks; it is {shown(array)}, "
            f"{f'and {name}_split_sizes are {given}' if sizes else 'to be shared equally'}. Make "
            f"the number of rows a multiple of it, or give {n} sizes that add up to it."
        )
    return given


def _exchanged(
    group: ProcessGroup,
    call: str,
    sent: np.ndarray,
    gone: Sequence[int],
    came: Sequence[int],
    each: int,
) -> Generator[list[Any], None, np.ndarray]:
    """The steps that send ``gone[i]`` times ``each`` bytes to rank i, and return what has come.

    Ranks tell each other first how much it is: MPI would write beyond what is there. Raises
    ValueError where ``came`` is something else, when the others have got theirs.
    """
    comms, n = group.comms, group.size()
    theirs = np.empty(n, np.int64)
    yield [comms[0].Ialltoall(np.array(gone, np.int64), theirs)]
    out, there = [[int(one) * each for one in some] for some in (gone, theirs)]
    received = np.empty(sum(there), np.uint8)
    yield [comms[1].Ialltoallv(_spread(raw(sent), out), _spread(received, there))]
    for rank, has, wanted in zip(group.ranks, theirs, came):
        if has != wanted:
            raise ValueError(
                f"{call}: what a rank sends must be what the other expects; rank {rank} sends "
                f"{has} {'rows' if sent.ndim > 1 else 'elements'}, and {wanted} are expected. Send "
                "the sizes first."
            )
    return received.view(sent.dtype)


def _spread(array: np.ndarray, counts: Sequence[int]) -> list[Any]:
    """What MPI is told of an array of which each rank has a part."""
    return [array, (counts, [sum(counts[:i]) for i in range(len(counts))])]


def all_to_all(
    output_tensor_list: Sequence[Any],
    input_tensor_list: Sequence[Any],
    group: Any = None,
    async_op: bool = False,
) -> Work | None:
    """Give tensor i of ``input_tensor_list`` to rank i; put what rank i gives into output i.

    Tensors may differ in shape: what rank i sends has as many elements as what is expected of it.
    Raises ValueError where it has not, or tensors differ in dtype.

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
    if len(kinds := {str(array.dtype) for array in (*arrays, *outs)}) > 1:
        raise ValueError(
            f"{call}: tensors must have one dtype; they are {' and '.join(sorted(kinds))}. Convert "
            "them."
        )

    def steps() -> Iterator[list[Any]]:
        gone, came = [array.size for array in arrays], [out.size for out in outs]
        sent = np.concatenate([array.reshape(-1) for array in arrays])
        received = yield from _exchanged(member, call, sent, gone, came, sent.itemsize)
        for one, values in zip(output_tensor_list, np.split(received, np.cumsum(came)[:-1])):
            write(one, values.reshape(one.shape), call)

    what = f"{call} of {arrays[0].dtype}"
    work = Collective(member, call, what, steps(), parts=2)
    return begun(work, async_op, *output_tensor_list)


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
