"""``torch.distributed.nn.functional``: exchanges that gradients go back through."""

from __future__ import annotations

from typing import Any

from autograd.distributed import collectives, reductions
from autograd.distributed.arguments import array_of
from autograd.distributed.group import get_rank, get_world_size
from autograd.distributed.reductions import ReduceOp
from autograd.engine.function import Function
from autograd.tensors.creation import empty_like, zeros_like


class _AllReduce(Function):
    @staticmethod
    def forward(ctx: Any, tensor: Any, group: Any) -> Any:
        ctx.group = group
        total = tensor.clone()
        reductions.all_reduce(total, ReduceOp.SUM, group)
        return total

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return _AllReduce.apply(g, ctx.group), None


def all_reduce(tensor: Any, op: ReduceOp = ReduceOp.SUM, group: Any = None) -> Any:
    """The sum of all processes' tensors: a new one, which gradients go back through.

    A gradient is the sum of those of all processes, who all must go back.

    Shapes: (*) -> (*), the same on every process. Raises NotImplementedError for another ``op``.

    >>> import autograd
    >>> autograd.distributed.init_process_group()
    >>> all_reduce(autograd.ones(2, requires_grad=True)).detach()
    tensor([1., 1.])
    >>> autograd.distributed.destroy_process_group()
    """
    array_of("all_reduce", "tensor", tensor)
    _check_sum("all_reduce", op)
    return _AllReduce.apply(tensor, group)


def _check_sum(call: str, op: ReduceOp) -> None:
    if op is not ReduceOp.SUM:
        raise NotImplementedError(
            f"{call}: gradients go back through sums only; got {op}. Use distributed.{call}, which "
            "is not recorded."
        )


class _AllGather(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, tensor: Any) -> Any:
        ctx.group = group
        tensor = tensor.contiguous()
        found = [empty_like(tensor) for _ in range(get_world_size(group))]
        collectives.all_gather(found, tensor, group)
        return tuple(found)

    @staticmethod
    def backward(ctx: Any, *gs: Any) -> Any:
        return None, _ReduceScatter.apply(ctx.group, *gs)


class _ReduceScatter(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, *tensors: Any) -> Any:
        ctx.group = group
        total = empty_like(tensors[0])
        reductions.reduce_scatter(total, [one.contiguous() for one in tensors], group=group)
        return total

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return None, *_AllGather.apply(ctx.group, g)


def all_gather(tensor: Any, group: Any = None) -> tuple[Any, ...]:
    """All processes' tensors, in the order of ranks; gradients go back to each.

    What goes back to a process is the sum of what all have for its tensor; all must go back.

    Shapes: (*) -> n times (*), the same on every process.

    >>> import autograd
    >>> autograd.distributed.init_process_group()
    >>> x = autograd.ones(2, requires_grad=True)
    >>> (3 * autograd.cat(all_gather(x))).sum().backward()
    >>> x.grad
    tensor([3., 3.])
    >>> autograd.distributed.destroy_process_group()
    """
    array_of("all_gather", "tensor", tensor)
    found: tuple[Any, ...] = _AllGather.apply(group, tensor)
    return found


def reduce_scatter(
    output: Any, input_list: Any, op: ReduceOp = ReduceOp.SUM, group: Any = None
) -> Any:
    """The sum of what all processes have for this one in ``input_list``; gradients go back to all.

    ``output`` says where values may be, and is not written to. Raises NotImplementedError for
    another ``op``.

    >>> import autograd
    >>> autograd.distributed.init_process_group()
    >>> x = autograd.ones(2, requires_grad=True)
    >>> reduce_scatter(autograd.empty(2), [x]).sum().backward()
    >>> x.grad
    tensor([1., 1.])
    >>> autograd.distributed.destroy_process_group()
    """
    _check_sum("reduce_scatter", op)
    return _ReduceScatter.apply(group, *input_list)


class _Broadcast(Function):
    @staticmethod
    def forward(ctx: Any, group: Any, src: int, tensor: Any) -> Any:
        ctx.group, ctx.src = group, src
        copy = tensor.clone()
        collectives.broadcast(copy, src, group)
        return copy

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        total = g.clone()
        reductions.reduce(total, ctx.src, group=ctx.group)
        return None, None, total if get_rank() == ctx.src else zeros_like(g)


def broadcast(tensor: Any, src: int, group: Any = None) -> Any:
    """What rank ``src`` has: a new tensor, which gradients go back through, to ``src``.

    >>> import autograd
    >>> autograd.distributed.init_process_group()
    >>> x = autograd.ones(2, requires_grad=True)
    >>> broadcast(x, 0).sum().backward()
    >>> x.grad
    tensor([1., 1.])
    >>> autograd.distributed.destroy_process_group()
    """
    array_of("broadcast", "tensor", tensor)
    return _Broadcast.apply(group, src, tensor)
