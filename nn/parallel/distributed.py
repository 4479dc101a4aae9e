"""Data parallel over processes: each has the model, and gradients are averaged over all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from autograd import Tensor, distributed as dist, from_numpy, is_grad_enabled
from autograd.distributed.averaging import any_of, averaged, check_alike, copied_from
from autograd.distributed.group import member_of
from autograd.distributed.work import Work, carry_on
from autograd.engine import early, versions, watches
from autograd.engine.graph import nodes_behind
from autograd.tensors.buckets import Bucket, pack
from nn.modules.module import Module

__all__ = ["DistributedDataParallel"]

_MB = 1 << 20
_FIRST = 1  # MB: the last layers' gradients, which come first, are sent soon


class _Bucket(Bucket):
    """Parameters whose gradients are sent together, and which of them are there."""

    def __init__(self, tensors: list[Any]) -> None:
        super().__init__(tensors)
        self.missing = {id(tensor) for tensor in tensors}
        self.untouched: set[int] = set()  # those that no process has used
        self.buffer = np.empty(sum([p._data.size for p in tensors]), tensors[0]._data.dtype)

    def take(self, total: Any) -> None:
        """Put the parts of ``total`` in the place of the gradients."""
        for p, part in zip(self.tensors, self.views(total)):
            if id(p) in self.untouched:
                continue
            if p.grad is None:
                p.grad = from_numpy(np.array(part))
            else:
                array = p.grad._array()
                array[...] = part
                versions.note_change(array)


class DistributedDataParallel(Module):
    """Runs ``module`` on this process's share of the data, and averages gradients over all.

    Every process makes the same model and wraps it; parameters and buffers become those of rank 0.
    During ``backward`` the gradients of several parameters at a time are added over the processes,
    in the order of the ranks, and divided by their number, while the pass goes on: n processes get
    the gradients that one gets, to the last bit, which runs n ``backward`` on the n shares and
    divides the sums. The state has ``module.`` before its names.

    :param broadcast_buffers: before each forward pass of training buffers become those of rank 0.
    :param process_group: the processes; None means all.
    :param bucket_cap_mb: how many MB of gradients are sent together; 25 where it is left out.
    :param find_unused_parameters: parameters that a forward pass does not use count as zeros, or,
        where no process has used them, keep the gradient that they have.
    :param static_graph: parameters that are not used may stay so, as above. ``device_ids`` and the
        rest are taken and change nothing.
    :raises ValueError: before ``init_process_group``.
    :raises RuntimeError: no parameter needs a gradient; parameters of the processes differ in name,
        shape or dtype; a parameter had no gradient in the pass before.

    Li et al. 2020, arXiv:2006.15704.

    >>> import autograd, nn
    >>> autograd.distributed.init_process_group()
    >>> model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    >>> model(autograd.ones(3, 2)).sum().backward()
    >>> model.module.weight.grad
    tensor([[3., 3.]])
    >>> list(model.state_dict())
    ['module.weight', 'module.bias']
    >>> autograd.distributed.destroy_process_group()
    """

    module: Any

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
        broadcast_buffers: bool = True,
        init_sync: bool = True,
        process_group: Any = None,
        bucket_cap_mb: float | None = None,
        find_unused_parameters: bool = False,
        check_reduction: bool = False,
        gradient_as_bucket_view: bool = False,
        static_graph: bool = False,
    ) -> None:
        super().__init__()
        name = "DistributedDataParallel"
        if not isinstance(module, Module):
            raise TypeError(
                f"{name}: expected a module; got {type(module).__name__}. Pass an nn.Module."
            )
        group = member_of(name, process_group)
        if group is None:
            raise ValueError(
                f"{name}: the process must be in the group; rank {dist.get_rank()} is not. Wrap "
                "the model on its members alone."
            )
        self.process_group: Any = group
        self.device_ids, self.output_device, self.dim = None, None, dim
        self.module = module
        self.broadcast_buffers = broadcast_buffers
        self.find_unused_parameters = find_unused_parameters or static_graph
        self.static_graph = static_graph
        self.gradient_as_bucket_view = gradient_as_bucket_view
        self.require_backward_grad_sync = True
        self.require_forward_param_sync = True
        ignored = set(getattr(module, "_ddp_params_and_buffers_to_ignore", ()))
        self._trained = [
            (name, p)
            for name, p in module.named_parameters()
            if p.requires_grad and name not in ignored
        ]
        if not self._trained:
            raise RuntimeError(
                f"{name}: at least one parameter must need a gradient; none does. Use the module "
                "itself."
            )
        self._shared_buffers = [
            b for name, b in module.named_buffers() if name not in ignored and b._data.size
        ]
        if init_sync:
            kept = [(name, p) for name, p in module.named_parameters() if name not in ignored]
            check_alike(group, name, kept)
            copied_from(group, name, 0, [p for _, p in kept] + self._shared_buffers)
        self._buckets = self._packed(25 if bucket_cap_mb is None else bucket_cap_mb)
        self._place = {id(p): i for i, one in enumerate(self._buckets) for p in one.tensors}
        self._expecting = False
        self._some = False  # whether gradients of this pass have come
        self._begun: list[Work] = []
        self._unused: set[int] = set()  # those that this process's forward pass has not used
        for _, p in self._trained:
            p.register_post_accumulate_grad_hook(self._arrived)
        if group.size() > 1:  # a captured step calls no hooks
            watches.all_ops.add("DistributedDataParallel")

    def _packed(self, megabytes: float) -> list[_Bucket]:
        """The parameters in buckets, the last ones first: their gradients come first."""
        order = [p for _, p in reversed(self._trained)]
        made = []
        for dtype in dict.fromkeys([p.dtype for p in order]):
            alike = [p for p in order if p.dtype == dtype]
            size = alike[0]._data.itemsize
            first = list(pack(alike, lambda p: None, int(min(_FIRST, megabytes) * _MB) // size))[0]
            made.append(first)
            if rest := alike[len(first) :]:
                made += list(pack(rest, lambda p: None, int(megabytes * _MB) // size))
        return [_Bucket(tensors) for tensors in made]

    # -- forward -----------------------------------------------------------------------------------

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        syncs = is_grad_enabled() and self.require_backward_grad_sync
        if syncs:
            self._check_last_pass()
        if self.require_forward_param_sync and self.broadcast_buffers and self._shared_buffers:
            copied_from(
                self.process_group, "DistributedDataParallel.forward", 0, self._shared_buffers
            )
        result = self.module(*inputs, **kwargs)
        self.require_forward_param_sync = syncs
        if syncs:
            self._await(result)
        return result

    @contextmanager
    def no_sync(self) -> Iterator[None]:
        """Within, ``backward`` adds to this process's gradients and sends nothing.

        The next pass outside sends what has come together. Forward and backward pass both belong
        inside.
        """
        before, self.require_backward_grad_sync = self.require_backward_grad_sync, False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before

    def _await(self, result: Any) -> None:
        """From now on gradients are sent when they come."""
        for bucket in self._buckets:
            bucket.missing, bucket.untouched = {id(p) for p in bucket.tensors}, set()
        self._expecting, self._some, self._begun, self._unused = True, False, [], set()
        early.awaited.update([p._edge for _, p in self._trained])
        if self.find_unused_parameters:
            found = {*nodes_behind([one._edge for one in _tensors_in(result)])}
            used = [p._edge in found for _, p in self._trained]
            anywhere = any_of(self.process_group, "DistributedDataParallel.forward", used)
            for (_, p), here, somewhere in zip(self._trained, used, anywhere):
                bucket = self._buckets[self._place[id(p)]]
                if not here:
                    bucket.missing.discard(id(p))
                    self._unused.add(id(p))
                if not somewhere:
                    bucket.untouched.add(id(p))

    def _check_last_pass(self) -> None:
        """Raise RuntimeError where gradients of the last pass have come in part."""
        if not (self._expecting and self._some):
            return
        missing = {key for bucket in self._buckets for key in bucket.missing}
        names = [name for name, p in self._trained if id(p) in missing]
        self._expecting = False
        raise RuntimeError(
            "DistributedDataParallel: every parameter must have had its gradient before the next "
            f"forward pass; {', '.join(names[:5])}{' and others' if names[5:] else ''} had none. "
            "Pass find_unused_parameters=True, or use all of the forward pass's results in the "
            "loss."
        )

    # -- backward ----------------------------------------------------------------------------------

    def _arrived(self, p: Any) -> None:
        """A gradient is there: send what can be sent."""
        if not (self._expecting and self.require_backward_grad_sync):
            return
        self._some = True
        if id(p) in self._unused:
            name = next(name for name, one in self._trained if one is p)
            raise RuntimeError(
                "DistributedDataParallel: with find_unused_parameters, what has a gradient must be "
                f"under the forward pass's result; {name} has one and is not. Return tensors in "
                "tuples, lists, dicts or dataclasses, use parameters in forward alone, and give "
                "checkpoint use_reentrant=False."
            )
        self._buckets[self._place[id(p)]].missing.discard(id(p))
        while len(self._begun) < len(self._buckets):
            bucket = self._buckets[len(self._begun)]
            if bucket.missing:
                break
            self._begun.append(self._send(bucket))
        if self._begun:
            carry_on()
        if len(self._begun) == len(self._buckets):
            self._finish()

    def _send(self, bucket: _Bucket) -> Work:
        arrays = []
        for p in bucket.tensors:
            if p.grad is not None and not p.grad._whole:
                raise NotImplementedError(
                    "DistributedDataParallel: gradients must be dense; one of shape "
                    f"{tuple(p.shape)} is sparse. Make the layer with sparse=False."
                )
            arrays.append(np.zeros_like(p._data) if p.grad is None else p.grad._array())
        number, count = len(self._begun) + 1, len(self._buckets)
        what = f"gradients {number} of {count} of DistributedDataParallel"
        return averaged(
            self.process_group, "backward", what, bucket.flat(arrays, bucket.buffer), bucket.take
        )

    def _finish(self) -> None:
        """Wait for what was sent; it is in the place of the gradients then."""
        self._expecting = False
        for _, p in self._trained:
            early.awaited.discard(p._edge)
        for work in self._begun:
            work.wait()


def _tensors_in(result: Any) -> Iterator[Tensor]:
    """The tensors in tuples, lists, dicts and dataclasses, and in classes derived from these."""
    if isinstance(result, Tensor):
        yield result
        return
    held: Any = ()
    if isinstance(result, Mapping):
        held = result.values()
    elif isinstance(result, (tuple, list, set, deque)):
        held = result
    elif is_dataclass(result) and not isinstance(result, type):
        held = [getattr(result, field.name, None) for field in fields(result)]
    for one in held:
        yield from _tensors_in(one)
