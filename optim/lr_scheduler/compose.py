"""Schedules of schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from optim.lr_scheduler.plateau import ReduceLROnPlateau
from optim.lr_scheduler.scheduler import LRScheduler, set_rate
from optim.optimizer import Optimizer


class Composed(LRScheduler):
    """What both share: the schedules, checking them, saving them."""

    _schedulers: list[Any]

    def _check_schedulers(self, schedulers: Any, optimizer: Any) -> list[Any]:
        name = type(self).__name__
        if not isinstance(schedulers, Sequence) or not schedulers:
            raise ValueError(
                f"{name}: schedulers must be a list of at least one; got {schedulers!r:.60}. Pass "
                "[LinearLR(optimizer), ...]."
            )
        for i, one in enumerate(schedulers):
            if not hasattr(one, "optimizer"):
                raise TypeError(
                    f"{name}: schedulers must be schedules; number {i} is {type(one).__name__}. "
                    "Pass [LinearLR(optimizer), ...]."
                )
            if isinstance(one, ReduceLROnPlateau):
                raise ValueError(
                    f"{name}: schedulers must step without an argument; number {i} is a "
                    "ReduceLROnPlateau. Step it on its own: plateau.step(loss)."
                )
            optimizer = one.optimizer if optimizer is None else optimizer
            if one.optimizer is not optimizer:
                raise ValueError(
                    f"{name}: schedulers must be of one optimiser; number {i} has another. Build "
                    "all of them with the same optimizer."
                )
        return list(schedulers)

    def state_dict(self) -> dict[str, Any]:
        """All that the scheduler knows but its optimiser, and the states of its schedules."""
        return {**super().state_dict(), "_schedulers": [s.state_dict() for s in self._schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule, and of each of its own.

        Raises ValueError where the state is of another number of schedules.
        """
        mine = self._schedulers
        saved = state_dict.get("_schedulers", ()) if isinstance(state_dict, Mapping) else ()
        if saved and len(saved) != len(mine):
            name = type(self).__name__
            raise ValueError(
                f"{name}.load_state_dict: expected the states of {len(mine)} schedules; got "
                f"{len(saved)}. Load what a {name} of as many saved."
            )
        super().load_state_dict({**state_dict, "_schedulers": mine} if saved else state_dict)
        for one, state in zip(mine, saved):
            one.load_state_dict(state)


class SequentialLR(Composed):
    """One schedule after the other: the next begins where an epoch is a milestone.

    :param schedulers: schedules of this optimiser.
    :param milestones: the epochs at which the second, the third, ... begin.
    :raises ValueError: as many milestones as schedules or more, schedules of several optimisers, a
        ReduceLROnPlateau.

    >>> import autograd
    >>> from optim import SGD
    >>> from optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> warm, fall = ConstantLR(optimizer, factor=0.25), ExponentialLR(optimizer, gamma=0.5)
    >>> scheduler = SequentialLR(optimizer, [warm, fall], milestones=[2])
    >>> for _ in range(4):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step(); scheduler.step()
    [0.25] [0.25] [1.0] [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: list[LRScheduler],
        milestones: list[int],
        last_epoch: int = -1,
    ) -> None:
        self._check_optimizer(optimizer)
        self._schedulers = self._check_schedulers(schedulers, optimizer)
        if not isinstance(milestones, Sequence) or isinstance(milestones, (str, bytes)):
            raise TypeError(
                f"SequentialLR: milestones must be a list of epochs; got {milestones!r:.60}. Pass "
                "[5, 20]."
            )
        self._milestones = [self._number("milestones", epoch) for epoch in milestones]
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: there must be one milestone less than schedules; got "
                f"{len(milestones)} for {len(schedulers)}. At a milestone the next one begins."
            )
        self.last_epoch = self._number("last_epoch", last_epoch) + 1
        self.optimizer = optimizer
        for group in optimizer.param_groups:  # what building the schedules did is undone
            set_rate(group, group["initial_lr"])
        self.recursive_undo()
        first = self._schedulers[bisect_right(self._milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def recursive_undo(self, sched: Any = None) -> None:
        """Take back one epoch of each schedule, or of those in ``sched``."""
        of = self if sched is None else sched
        if hasattr(of, "_schedulers"):
            for one in of._schedulers:
                self.recursive_undo(one)
        elif hasattr(of, "last_epoch"):
            of.last_epoch -= 1

    def step(self) -> None:  # type: ignore[override]
        """Go on by one epoch and set the rates."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            scheduler._update_lr(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


class ChainedScheduler(Composed):
    """All schedules at once: each step, one after the other changes the rate.

    :param schedulers: schedules of one optimiser.
    :param optimizer: that one; of the first schedule by default.
    :raises ValueError: schedules of several optimisers, a ReduceLROnPlateau.

    >>> import autograd
    >>> from optim import SGD
    >>> from optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> both = [ConstantLR(optimizer, factor=0.5), ExponentialLR(optimizer, gamma=0.5)]
    >>> scheduler = ChainedScheduler(both)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        self._schedulers = self._check_schedulers(schedulers, optimizer)
        self.optimizer = self._schedulers[0].optimizer
        self._last_lr = self.rates

    def step(self) -> None:  # type: ignore[override]
        """One step of each schedule."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self.rates
