"""An optimiser's state, shared out over processes: each steps on its part of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import Tensor, enable_grad, zeros
from autograd.distributed.algorithms.join import Join, JoinHook
from autograd.distributed.averaging import copied_from
from autograd.distributed.group import member_of
from autograd.distributed.objects import gather_object
from optim.lbfgs import LBFGS
from optim.optimizer import Optimizer, Params

__all__ = ["ZeroRedundancyOptimizer"]


class ZeroRedundancyOptimizer(Optimizer):
    """Steps by ``optimizer_class`` on this process's share of the parameters, and gets the rest.

    Each process keeps the state (moments and the like) of its own share alone: of Adam's, 2/n of
    the parameters' size instead of 2. After the step it sends what it has changed to the others.
    Numbers are those of ``optimizer_class`` on one process, to the last bit.

    Parameters go, the largest first, to the process that has the least so far.

    :param optimizer_class: any rule of :mod:`optim` but LBFGS, which looks at all parameters.
    :param process_group: the processes; None means all.
    :param defaults: the options of ``optimizer_class``.
    :raises TypeError: ``optimizer_class`` is no class of optimisers.
    :raises ValueError: LBFGS, or before ``init_process_group``.

    Rajbhandari et al. 2020, arXiv:1910.02054.

    >>> import autograd, optim
    >>> autograd.distributed.init_process_group()
    >>> w = autograd.tensor([1.0], requires_grad=True)
    >>> optimizer = ZeroRedundancyOptimizer([w], optim.SGD, lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([0.])
    >>> autograd.distributed.destroy_process_group()
    """

    def __init__(
        self,
        params: Params,
        optimizer_class: type[Optimizer],
        process_group: Any = None,
        parameters_as_bucket_view: bool = False,
        **defaults: Any,
    ) -> None:
        name = "ZeroRedundancyOptimizer"
        if not (isinstance(optimizer_class, type) and issubclass(optimizer_class, Optimizer)):
            raise TypeError(
                f"{name}: optimizer_class must be a class of optimisers; got "
                f"{optimizer_class!r:.60}. Pass it uncalled: optim.Adam."
            )
        if issubclass(optimizer_class, LBFGS):
            raise ValueError(
                f"{name}: the rule must act on each parameter on its own; "
                f"{optimizer_class.__name__} looks at all of them. Use it as it is."
            )
        group = member_of(name, process_group)
        if group is None:
            raise ValueError(f"{name}: the process must be in the group; it is not.")
        self._group, self._class, self._options = group, optimizer_class, defaults
        self.optim: Optimizer | None = None  # of this process's share; None where that is empty
        self._owners: dict[int, int] = {}  # by id of the parameter
        self._loads = [0] * group.size()
        self._rule = some = optimizer_class([zeros(1, 1, requires_grad=True)], **defaults)
        self.takes_complex = optimizer_class.takes_complex
        super().__init__(params, some.defaults)
        self._merged: dict[str, Any] | None = None

    def check(self, group: dict[str, Any]) -> None:
        """Raise ValueError where the rule does not take an option of ``group``."""
        self._rule.check(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, of which each process takes a share."""
        super().add_param_group(param_group)
        params = self.param_groups[-1]["params"]
        for p in sorted(params, key=lambda p: p.numel(), reverse=True):
            owner = self._loads.index(min(self._loads))
            self._owners[id(p)] = owner
            self._loads[owner] += p.numel()
        mine = [p for p in params if self._owners[id(p)] == self._group.rank()]
        if not mine:
            return
        share = {**self._shared(self.param_groups[-1]), "params": mine}
        if self.optim is None:
            self.optim = self._class([share], **self._options)
            self.state = self.optim.state
        else:
            self.optim.add_param_group(share)
        self.optim.param_groups[-1]["of"] = len(self.param_groups) - 1

    @staticmethod
    def _shared(group: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in group.items() if k not in ("params", "param_names", "of")}

    def step(self, closure: Callable[[], Any] | None = None, **kwargs: Any) -> Any:
        """Step on this process's share, and take over what the others have changed.

        All processes call it.
        """
        Join.notify_join_context(self)
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        if self.optim is not None:
            for group in self.optim.param_groups:
                group.update(self._shared(self.param_groups[group["of"]]))
            self.optim.step(**kwargs)
        for owner in range(self._group.size()):
            theirs = [
                p
                for group in self.param_groups
                for p in group["params"]
                if self._owners[id(p)] == owner
            ]
            copied_from(self._group, "ZeroRedundancyOptimizer.step", owner, theirs)
        return loss

    # -- processes without data --------------------------------------------------------------------

    _join: Join | None = None

    def join_hook(self, **kwargs: Any) -> JoinHook:
        """For :class:`~autograd.distributed.algorithms.join.Join`: without data it steps, too."""
        return _Steps(self)

    @property
    def join_device(self) -> Any:
        """Where the parameters are."""
        return self.param_groups[0]["params"][0].device

    @property
    def join_process_group(self) -> Any:
        """The processes."""
        return self._group

    # -- state -------------------------------------------------------------------------------------

    def consolidate_state_dict(self, to: int = 0) -> None:
        """Bring the state of all processes to rank ``to``, where :meth:`state_dict` then has it.

        All processes call it.
        """
        mine = {self._place_of(p): dict(entry) for p, entry in self.state.items()}
        everyone: list[Any] | None = None
        if self._group.world_rank == to:
            everyone = [None] * self._group.size()
        gather_object(mine, everyone, to, self._group)
        self._merged = None
        if everyone is not None:
            merged = {number: entry for one in everyone for number, entry in one.items()}
            self._merged = dict(sorted(merged.items()))

    def _place_of(self, p: Tensor) -> int:
        ids = [id(q) for group in self.param_groups for q in group["params"]]
        return ids.index(id(p))

    def state_dict(self) -> dict[str, Any]:
        """The state of all parameters, as ``optimizer_class`` has it on one process.

        Raises RuntimeError where :meth:`consolidate_state_dict` has not brought it here.
        """
        if self._merged is None:
            raise RuntimeError(
                "ZeroRedundancyOptimizer.state_dict: the state must have been brought to this "
                f"process, rank {self._group.world_rank}; it has not. Let all processes call "
                f"consolidate_state_dict(to={self._group.world_rank}) first."
            )
        saved = super().state_dict()
        saved["state"] = {number: dict(entry) for number, entry in self._merged.items()}
        return saved

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a state of all parameters, of which this process keeps its share.

        Raises as the rule's own does.
        """
        whole = self._class([dict(group) for group in self.param_groups], **self._options)
        whole.load_state_dict(state_dict)
        for group, loaded in zip(self.param_groups, whole.param_groups, strict=True):
            group.update(self._shared(loaded))
        if self.optim is not None:
            mine = {p: entry for p, entry in whole.state.items() if p in self._mine()}
            self.optim.state.clear()
            self.optim.state.update(mine)
        self._merged = None

    def _mine(self) -> set[Any]:
        assert self.optim is not None
        return {p for group in self.optim.param_groups for p in group["params"]}


class _Steps(JoinHook):
    """A process without data steps on its share of the parameters, as the others do on theirs."""

    def __init__(self, optimizer: ZeroRedundancyOptimizer) -> None:
        self.main_hook = optimizer.step  # type: ignore[method-assign]
