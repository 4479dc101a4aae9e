"""``torch.distributed.algorithms.join``: processes that run out of data one after another.

Those that have none left take part in what the others send, until all have come to the end.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from autograd.distributed.averaging import any_of
from autograd.distributed.group import ProcessGroup
from autograd.distributed.reductions import all_reduce
from autograd.distributed.work import Work
from autograd.tensors.creation import ones, zeros

__all__ = ["Join", "JoinHook", "Joinable"]

_MANY = 1000  # steps without data after which a process says so


class JoinHook:
    """What a process without data does in the place of a :class:`Joinable`: by default nothing.

    >>> JoinHook().main_hook()
    """

    def main_hook(self) -> None:
        """In every step of the others: the calls that they make."""

    def post_hook(self, is_last_joiner: bool) -> None:
        """When all have come to the end."""


class Joinable(ABC):
    """What can be given to :class:`Join`: ``DistributedDataParallel`` and
    ``ZeroRedundancyOptimizer`` can, and what derives from this class.

    It calls ``Join.notify_join_context(self)`` once a step, before its other calls.

    >>> sorted(Joinable.__abstractmethods__)
    ['join_device', 'join_hook', 'join_process_group']
    """

    _join: Join | None = None  # within one, that of the first joinable

    @abstractmethod
    def join_hook(self, **kwargs: Any) -> JoinHook:
        """What is done without data; ``kwargs`` are those of :class:`Join`."""

    @property
    @abstractmethod
    def join_device(self) -> Any:
        """Where it is."""

    @property
    @abstractmethod
    def join_process_group(self) -> Any:
        """The processes."""


class Join:
    """Within, processes may come to the end of their data one after another.

    :param joinables: those whose calls are made in the place of who has no data, in the order in
        which a step makes them: the model first, then the optimiser.
    :param enable: False makes this nothing, where data are known to be even.
    :param throw_on_early_termination: raise RuntimeError on all processes when one has none left.
    :param kwargs: for their hooks: ``divide_by_initial_world_size`` of the model.
    :raises ValueError: no joinables, or of several groups.

    >>> import autograd, nn
    >>> autograd.distributed.init_process_group()
    >>> model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    >>> with Join([model]):
    ...     for x in [autograd.ones(1, 2)] * 3:
    ...         model(x).sum().backward()
    >>> autograd.distributed.destroy_process_group()
    """

    def __init__(
        self,
        joinables: Sequence[Any],
        enable: bool = True,
        throw_on_early_termination: bool = False,
        **kwargs: Any,
    ) -> None:
        groups = {id(one.join_process_group): one.join_process_group for one in joinables}
        if len(groups) != 1:
            raise ValueError(
                f"Join: joinables must have one process group; got {len(joinables)} of "
                f"{len(groups)} groups. Pass the model, and what else makes calls."
            )
        (self._group,) = groups.values()
        self._joinables, self._enable = list(joinables), enable
        self._throws = throw_on_early_termination
        self._hooks = [one.join_hook(**kwargs) for one in joinables]

    def __enter__(self) -> Join:
        if self._enable:
            for one in self._joinables:
                one._join = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._enable:
            return
        try:
            if kind is None:
                self._until_all_are_here()
        finally:
            for one in self._joinables:
                one._join = None

    def _until_all_are_here(self) -> None:
        last, steps = True, 0
        while self._others():
            if self._throws:
                raise RuntimeError(f"Join: rank {self._group.world_rank} has no data left.")
            last, steps = False, steps + 1
            if steps == _MANY + 1:
                warnings.warn(
                    f"Join: rank {self._group.world_rank} has had no data for {_MANY} steps of the "
                    "others. Give all processes as many.",
                    stacklevel=3,
                )
            for hook in self._hooks:
                hook.main_hook()
        for hook in self._hooks:
            hook.post_hook(last)

    def _others(self) -> int:
        """How many processes make a step, as this one does not."""
        count = zeros(1)
        all_reduce(count, group=self._group)
        return int(count.item())

    @staticmethod
    def notify_join_context(joinable: Any) -> Work | None:
        """Tell those without data that this process makes a step.

        Does nothing outside of :class:`Join`, and for others than the first joinable. Raises
        RuntimeError where one has no data left and that is to be an error.
        """
        join = joinable._join
        if join is None or join._joinables[0] is not joinable:
            return None
        count = ones(1)
        work = all_reduce(count, group=join._group, async_op=True)
        assert work is not None
        work.wait()
        if join._throws and count.item() < join._group.size():
            raise RuntimeError(
                "Join: all processes must have data for each step; one has none left. Give all as "
                "many steps, or leave out throw_on_early_termination."
            )
        return work


def common_rank(group: ProcessGroup, candidate: bool) -> int:
    """The highest rank in the group of those that are candidates; the same on all."""
    flags = [candidate and rank == group.rank() for rank in range(group.size())]
    chosen = any_of(group, "Join", flags)
    return max([rank for rank, yes in enumerate(chosen) if yes])
