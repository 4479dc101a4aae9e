"""Sums and their like over processes, in the order of the ranks.

What travels are bytes, so every dtype does, and sums are made here. Of a small tensor everybody
gets everything and adds it up; of a large one each process gets a share, adds that up, and gives
the result to all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.errors import DtypeError
from autograd.distributed import mpi
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
from autograd.engine import versions
from autograd.tensors.inplace import check_memory, write

__all__ = [
    "ReduceOp",
    "all_reduce",
    "reduce",
    "reduce_op",
    "reduce_scatter",
    "reduce_scatter_single",
    "reduce_scatter_tensor",
]

SHARED = 1 << 15  # bytes from which each process adds up a share


class ReduceOp(Enum):
    """What becomes of one element of each process: ``SUM``, ``AVG``, ``PRODUCT``, ``MIN``, ``MAX``,
    and of whole numbers ``BAND``, ``BOR``, ``BXOR``, bit by bit.

    >>> ReduceOp.SUM.name
    'SUM'
    """

    __module__ = "autograd.distributed"

    SUM = "add"
    PRODUCT = "multiply"
    MIN = "minimum"
    MAX = "maximum"
    BAND = "bitwise_and"
    BOR = "bitwise_or"
    BXOR = "bitwise_xor"
    AVG = "mean"


reduce_op = ReduceOp  # its name of old


def check_op(call: str, op: Any, dtype: Any) -> ReduceOp:
    """``op``, where it is one and can be done with the dtype.

    Raises TypeError for no ReduceOp, DtypeError for a dtype that it has no meaning for.
    """
    if not isinstance(op, ReduceOp):
        raise TypeError(
            f"{call}: op must be a ReduceOp; got {type(op).__name__}. Write ReduceOp.SUM."
        )
    bits = op in (ReduceOp.BAND, ReduceOp.BOR, ReduceOp.BXOR)
    truth = dtype == np.bool_
    if bits:
        fits = truth or dtypes.integral(dtype)
    elif op in (ReduceOp.MIN, ReduceOp.MAX):
        fits = not dtypes.complex_valued(dtype)
    elif op is ReduceOp.AVG:
        fits = dtypes.differentiable(dtype)
    else:
        fits = not truth
    if not fits:
        raise DtypeError(
            f"{call}: {op.name} has no meaning for every dtype; the tensor's is {dtype}. Convert "
            "it: tensor.int(), or tensor.float()."
        )
    return op


def folded(parts: Any, op: ReduceOp) -> Any:
    """((part 0 op part 1) op part 2) ..., in the place of part 0, which is changed.

    >>> folded(np.arange(6.0).reshape(3, 2), ReduceOp.SUM)
    array([6., 9.])
    """
    result = parts[0]
    function = np.add if op is ReduceOp.AVG else getattr(np, op.value)
    for part in parts[1:]:
        function(result, part, out=result)
    if op is ReduceOp.AVG:
        result /= len(parts)
    return result


def all_reduce(
    tensor: Any, op: ReduceOp = ReduceOp.SUM, group: Any = None, async_op: bool = False
) -> Work | None:
    """Put into ``tensor``, on every process, the sum (or another ``op``) of all processes' own.

    Sums are added in the order of the ranks, and are the same to the last bit on all of them and in
    every run; see ``in_rank_order`` of :func:`init_process_group`.

    :returns: None when it is done; with ``async_op`` a :class:`Work`, to be waited for.
    :raises TypeError: what is no tensor, or no ReduceOp.
    :raises DistBackendError: a process does not come in time, or calls something else.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> x = autograd.tensor([1.0, 2.0])
    >>> dist.all_reduce(x, op=dist.ReduceOp.AVG)
    >>> x
    tensor([1., 2.])
    >>> dist.destroy_process_group()
    """
    call = "all_reduce"
    array = array_of(call, "tensor", tensor)
    op = check_op(call, op, array.dtype)
    if (member := member_of(call, group)) is None:
        return None
    check_memory(array, call)

    def steps() -> Iterator[list[Any]]:
        total = yield from reduced(member, array, op)
        if total is array:
            versions.note_change(array)
        else:
            write(tensor, total, call)

    what = f"all_reduce({op.name}) of {shown(array)}"
    return begun(Collective(member, call, what, steps(), parts=2), async_op, tensor)


def reduced(group: ProcessGroup, array: np.ndarray, op: ReduceOp) -> Any:
    """The steps to the reduction of all processes' arrays; at most two parts.

    The result is a new array, or ``array`` itself, with the result in it.
    """
    n, comms = group.size(), group.comms
    if n == 1:
        yield []
        return array
    if not group.in_rank_order and (mpis := _by_mpi(array, op)) is not None:
        sent = np.ascontiguousarray(array)
        total = np.empty_like(sent)
        yield [comms[0].Iallreduce(sent, total, mpis)]
        if op is ReduceOp.AVG:
            total /= n
        return total.reshape(array.shape)
    if array.nbytes < SHARED:
        everything = np.empty((n, array.size), array.dtype)
        yield [comms[0].Iallgather(raw(array), raw(everything))]
        return folded(everything, op).reshape(array.shape)
    share = -(-array.size // n)
    in_place = array.size == n * share and array.flags.c_contiguous
    if in_place:
        sent = array.reshape(n, share)
    else:
        sent = np.zeros((n, share), array.dtype)
        sent.reshape(-1)[: array.size] = array.reshape(-1)
    parts = np.empty_like(sent)
    yield [comms[0].Ialltoall(raw(sent), raw(parts))]
    total = folded(parts, op)
    yield [comms[1].Iallgather(raw(total), raw(sent))]
    return array if in_place else sent.reshape(-1)[: array.size].reshape(array.shape)


def _by_mpi(array: np.ndarray, op: ReduceOp) -> Any:
    """MPI's own operation, for dtypes that it knows; else None."""
    if array.dtype.char not in "bBhHiIlLqQfdFD":
        return None
    names = {"AVG": "SUM", "PRODUCT": "PROD"}
    return getattr(mpi.library(), names.get(op.name, op.name))


def reduce(
    tensor: Any,
    dst: int | None = None,
    op: ReduceOp = ReduceOp.SUM,
    group: Any = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Put the sum (or another ``op``) of all processes' tensors into that of rank ``dst``.

    The others' tensors stay as they are. Raises as :func:`all_reduce` does, and ValueError for a
    rank that is not in the group.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> x = autograd.ones(2)
    >>> dist.reduce(x, dst=0)
    >>> x
    tensor([1., 1.])
    >>> dist.destroy_process_group()
    """
    call = "reduce"
    array = array_of(call, "tensor", tensor)
    op = check_op(call, op, array.dtype)
    if (member := member_of(call, group)) is None:
        return None
    root = rank_in(call, "dst", member, dst, group_dst)

    def steps() -> Iterator[list[Any]]:
        mine = member.rank() == root
        everything = np.empty((member.size() if mine else 0, array.size), array.dtype)
        yield [member.comms[0].Igather(raw(array), raw(everything), root)]
        if mine:
            write(tensor, folded(everything, op).reshape(array.shape), call)

    what = f"reduce({op.name}, to rank {member.ranks[root]}) of {shown(array)}"
    return begun(Collective(member, call, what, steps()), async_op, tensor)


def reduce_scatter_tensor(
    output: Any,
    input: Any,
    op: ReduceOp = ReduceOp.SUM,
    group: Any = None,
    async_op: bool = False,
) -> Work | None:
    """Put into ``output`` this process's share of the sum of all processes' ``input``.

    Shapes: ``input`` has n times the elements of ``output``. Raises ValueError for others.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> x = autograd.empty(2)
    >>> dist.reduce_scatter_tensor(x, autograd.ones(2))
    >>> x
    tensor([1., 1.])
    >>> dist.destroy_process_group()
    """
    call = "reduce_scatter_tensor"
    out, array = array_of(call, "output", output), array_of(call, "input", input)
    op = check_op(call, op, array.dtype)
    if (member := member_of(call, group)) is None:
        return None
    check_shares(call, "input", array, "output", out, member.size())
    return _reduce_scattered(call, output, [array], op, member, async_op)


reduce_scatter_single = reduce_scatter_tensor  # PyTorch's newer name


def reduce_scatter(
    output: Any,
    input_list: Sequence[Any],
    op: ReduceOp = ReduceOp.SUM,
    group: Any = None,
    async_op: bool = False,
) -> Work | None:
    """Put into ``output`` the sum of what all processes have for this one in ``input_list``.

    Raises TypeError for what is no list, ValueError for tensors that differ in shape or dtype.

    >>> import autograd, autograd.distributed as dist
    >>> dist.init_process_group()
    >>> x = autograd.empty(2)
    >>> dist.reduce_scatter(x, [autograd.ones(2)])
    >>> x
    tensor([1., 1.])
    >>> dist.destroy_process_group()
    """
    call = "reduce_scatter"
    out = array_of(call, "output", output)
    if (member := member_of(call, group)) is None:
        return None
    arrays = arrays_of(call, "input_list", input_list, member.size())
    alike(call, "input_list", arrays, out)
    op = check_op(call, op, out.dtype)
    return _reduce_scattered(call, output, arrays, op, member, async_op)


def _reduce_scattered(
    call: str,
    output: Any,
    arrays: list[np.ndarray],
    op: ReduceOp,
    group: ProcessGroup,
    async_op: bool,
) -> Work | None:
    out = output._array()

    def steps() -> Iterator[list[Any]]:
        sent = np.concatenate([array.reshape(-1) for array in arrays])
        parts = np.empty((group.size(), out.size), out.dtype)
        yield [group.comms[0].Ialltoall(raw(sent), raw(parts))]
        write(output, folded(parts, op).reshape(out.shape), call)

    what = f"{call}({op.name}) of {shown(out)}"
    return begun(Collective(group, call, what, steps()), async_op, output)
