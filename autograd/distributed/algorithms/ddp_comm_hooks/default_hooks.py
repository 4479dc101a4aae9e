"""Communication hooks: how gradients are averaged, for ``register_comm_hook``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arrays import dtypes
from autograd.distributed.futures import Future
from autograd.distributed.gradients import GradBucket
from autograd.distributed.group import get_world_size
from autograd.distributed.reductions import all_reduce

__all__ = [
    "allreduce_hook",
    "bf16_compress_hook",
    "bf16_compress_wrapper",
    "fp16_compress_hook",
    "fp16_compress_wrapper",
]

Hook = Callable[[Any, GradBucket], Future]


def allreduce_hook(process_group: Any, bucket: GradBucket) -> Future:
    """Average gradients as without a hook; ``process_group`` None means all processes.

    Each process divides before the sum is made, as PyTorch's hook does.

    >>> import autograd, nn
    >>> autograd.distributed.init_process_group()
    >>> model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    >>> model.register_comm_hook(None, allreduce_hook)
    >>> model(autograd.ones(3, 2)).sum().backward()
    >>> model.module.weight.grad
    tensor([[3., 3.]])
    >>> autograd.distributed.destroy_process_group()
    """
    return _averaged(bucket.buffer(), process_group).then(lambda future: future.value()[0])


def _averaged(tensor: Any, group: Any) -> Future:
    tensor.div_(get_world_size(group))
    work = all_reduce(tensor, group=group, async_op=True)
    assert work is not None
    return work.get_future()


def fp16_compress_hook(state: Any, bucket: GradBucket) -> Future:
    """Average gradients in float16: half the bytes, three digits. ``state``: a group, or None.

    >>> import autograd, nn
    >>> autograd.distributed.init_process_group()
    >>> model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    >>> model.register_comm_hook(None, fp16_compress_hook)
    >>> (model(autograd.ones(1, 2)) / 3).sum().backward()
    >>> model.module.weight.grad
    tensor([[0.3333, 0.3333]])
    >>> autograd.distributed.destroy_process_group()
    """
    return _compressed(dtypes.of_name("float16"), state, bucket)


def bf16_compress_hook(state: Any, bucket: GradBucket) -> Future:
    """Average gradients in bfloat16: half the bytes, two digits, and float32's range.

    >>> import autograd, nn
    >>> autograd.distributed.init_process_group()
    >>> model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    >>> model.register_comm_hook(None, bf16_compress_hook)
    >>> (model(autograd.ones(1, 2)) / 3).sum().backward()
    >>> model.module.weight.grad
    tensor([[0.3340, 0.3340]])
    >>> autograd.distributed.destroy_process_group()
    """
    return _compressed(dtypes.of_name("bfloat16"), state, bucket)


def _compressed(dtype: Any, group: Any, bucket: GradBucket) -> Future:
    whole = bucket.buffer()
    return _averaged(whole.to(dtype), group).then(lambda future: whole.copy_(future.value()[0]))


def fp16_compress_wrapper(hook: Hook) -> Hook:
    """``hook`` on gradients in float16.

    >>> fp16_compress_wrapper(allreduce_hook).__name__
    'compressed'
    """
    return _wrapped(dtypes.of_name("float16"), hook)


def bf16_compress_wrapper(hook: Hook) -> Hook:
    """``hook`` on gradients in bfloat16.

    >>> bf16_compress_wrapper(allreduce_hook).__name__
    'compressed'
    """
    return _wrapped(dtypes.of_name("bfloat16"), hook)


def _wrapped(dtype: Any, hook: Hook) -> Hook:
    def compressed(state: Any, bucket: GradBucket) -> Future:
        whole = bucket.buffer()
        bucket.set_buffer(whole.to(dtype))
        return hook(state, bucket).then(lambda future: whole.copy_(future.value()))

    return compressed
