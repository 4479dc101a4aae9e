"""Data parallel over processes: each has the model, and gradients are averaged over all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from autograd import Tensor, distributed as dist, is_grad_enabled
from autograd.distributed.algorithms.join import Join, JoinHook, common_rank
from autograd.distributed.averaging import any_of, check_alike, copied_from
from autograd.distributed.gradients import GradBucket
from autograd.distributed.group import member_of
from autograd.engine import watches
from nn.modules.module import Module
from nn.parallel.reducer import Reducer

__all__ = ["DistributedDataParallel"]


class DistributedDataParallel(Module):
    """Runs ``module`` on this process's share of the data, and averages gradients over all.

    Every process makes the same model and wraps it; parameters and buffers become those of rank 0.
    During ``backward`` the gradients of several parameters at a time are added over the processes,
    in the order of the ranks, and divided by their number, while the pass goes on: n processes get
    the gradients that one gets, to the last bit, which runs n ``backward`` on the n shares and
    divides the sums. The state has ``module.`` before its names.

    :param broadcast_buffers: before each forward pass of training buffers become those of rank 0.
        ``forward_sync_buffers`` is its newer name.
    :param process_group: the processes; None means all.
    :param bucket_cap_mb: how many MB of gradients are sent together; 25 where it is left out.
    :param find_unused_parameters: parameters that a forward pass does not use count as zeros, or,
        where no process has used them, keep the gradient that they have.
    :param static_graph: every pass uses what the first one does, as often: parameters may be unused
        as above, or get their gradient in several parts. The first pass's gradients are sent at
        its end. ``device_ids`` and the rest are taken and change nothing.
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
        *,
        forward_sync_buffers: bool | None = None,
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
        newer = forward_sync_buffers
        self.broadcast_buffers = broadcast_buffers if newer is None else newer
        self.find_unused_parameters = find_unused_parameters
        self.static_graph = static_graph
        self.gradient_as_bucket_view = gradient_as_bucket_view
        self.require_backward_grad_sync = True
        self.require_forward_param_sync = True
        ignored = set(getattr(module, "_ddp_params_and_buffers_to_ignore", ()))
        trained = [
            (name, p)
            for name, p in module.named_parameters()
            if p.requires_grad and name not in ignored
        ]
        if not trained:
            raise RuntimeError(
                f"{name}: at least one parameter must need a gradient; none does. Use the module "
                "itself."
            )
        self._shared_buffers = [
            b for name, b in module.named_buffers() if name not in ignored and b._data.size
        ]
        kept = [(name, p) for name, p in module.named_parameters() if name not in ignored]
        self._weights = [p for _, p in kept]
        if init_sync:
            check_alike(group, name, kept)
            copied_from(group, name, 0, self._weights + self._shared_buffers)
        megabytes = 25 if bucket_cap_mb is None else bucket_cap_mb
        self.reducer = Reducer(group, trained, megabytes, find_unused_parameters, static_graph)
        for _, p in trained:
            p.register_post_accumulate_grad_hook(self._arrived)
        self._join: Join | None = None

    # -- forward -----------------------------------------------------------------------------------

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        watches.begins_beyond_ops("gradients are averaged with other processes")
        syncs = is_grad_enabled() and self.require_backward_grad_sync
        if syncs:
            self.reducer.check_last_pass()
        self._meet(syncs, here=True)
        result = self.module(*inputs, **kwargs)
        if syncs:
            self.reducer.expect([*_tensors_in(result)])
        return result

    def _meet(self, syncs: bool, here: bool) -> bool:
        """What processes tell each other before a pass: buffers, and within :meth:`join` who is
        still ``here``. Returns whether the gradients of the pass will be sent.
        """
        group, call, root = self.process_group, "DistributedDataParallel.forward", 0
        renews = self.require_forward_param_sync and self.broadcast_buffers
        if self._join is not None:
            if here:
                Join.notify_join_context(self)
            mine = [here and rank == group.rank() for rank in range(group.size())]
            syncs, renews, *present = any_of(group, call, [syncs, renews and here, *mine])
            root = max([rank for rank, there in enumerate(present) if there])
            self.reducer.divisor = None if self._by_all else sum(present)
        if renews and self._shared_buffers:
            copied_from(group, call, root, self._shared_buffers)
        self.require_forward_param_sync = syncs
        return syncs

    def _arrived(self, p: Any) -> None:
        if self.require_backward_grad_sync:
            self.reducer.arrived(p)

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

    def register_comm_hook(self, state: Any, hook: Callable[[Any, GradBucket], Any]) -> None:
        """Let ``hook(state, bucket)`` average gradients in the place of this class.

        It returns a ``torch.futures.Future`` of the averages of ``bucket.buffer()``: such as those
        of ``torch.distributed.algorithms.ddp_comm_hooks.default_hooks``. Raises TypeError for what
        cannot be called, RuntimeError for a second hook.
        """
        if not callable(hook):
            raise TypeError(
                "register_comm_hook: a hook is a function of a state and a bucket; got "
                f"{type(hook).__name__}."
            )
        if self.reducer.hook is not None:
            raise RuntimeError(
                "register_comm_hook: a model has one hook; it has one already. Register it once."
            )
        self.reducer.hook = lambda bucket: hook(state, bucket)

    # -- shares that differ in length --------------------------------------------------------------

    def join(
        self,
        divide_by_initial_world_size: bool = True,
        enable: bool = True,
        throw_on_early_termination: bool = False,
    ) -> Join:
        """Within, processes may run out of data one after another: those that have count as zeros.

        At the end parameters and buffers are those of a process that came last; what others keep in
        their optimiser has missed the steps since.

        :param divide_by_initial_world_size: divide sums by the number of all processes; False: of
            those that have data.
        :param throw_on_early_termination: raise RuntimeError on all when one has none left.
        """
        return Join(
            [self],
            enable,
            throw_on_early_termination,
            divide_by_initial_world_size=divide_by_initial_world_size,
        )

    def join_hook(self, *, divide_by_initial_world_size: bool = True, **kwargs: Any) -> JoinHook:
        """For :class:`~autograd.distributed.algorithms.join.Join`: what is done without data."""
        self._by_all = divide_by_initial_world_size
        return _WithoutData(self)

    @property
    def join_device(self) -> Any:
        """Where the model is."""
        return next(self.module.parameters()).device

    @property
    def join_process_group(self) -> Any:
        """The processes."""
        return self.process_group


class _WithoutData(JoinHook):
    """A process that has no data left takes part in what the others send."""

    def __init__(self, model: DistributedDataParallel) -> None:
        self.model = model

    def main_hook(self) -> None:
        if self.model._meet(syncs=False, here=False):
            self.model.reducer.take_part()

    def post_hook(self, is_last_joiner: bool) -> None:
        model = self.model
        root = common_rank(model.process_group, is_last_joiner)
        buffers = model._shared_buffers if model.broadcast_buffers else []
        call = "DistributedDataParallel.join"
        copied_from(model.process_group, call, root, model._weights + buffers)
        model.reducer.divisor = None


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
