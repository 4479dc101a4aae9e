"""``torch.distributed.nn``: exchanges that gradients go back through."""

from __future__ import annotations

from typing import Any

from autograd.distributed import reductions
from autograd.distributed.arguments import array_of
from autograd.distributed.reductions import ReduceOp
from autograd.engine.function import Function

__path__: list[str] = []  # nn.functional is a module, too


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
    if op is not ReduceOp.SUM:
        raise NotImplementedError(
            f"all_reduce: gradients go back through sums only; got {op}. Use "
            "distributed.all_reduce, which is not recorded."
        )
    return _AllReduce.apply(tensor, group)
