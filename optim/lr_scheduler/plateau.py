"""Rates that fall when a measure no longer gets better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from optim.lr_scheduler.scheduler import LRScheduler, set_rate
from optim.optimizer import Optimizer


class ReduceLROnPlateau(LRScheduler):
    """The rate times a factor where a measure has not got better for ``patience`` epochs.

    ``scheduler.step(measure)`` is given the measure: a validation loss, say.

    :param mode: ``"min"``: less is better; ``"max"``: more is.
    :param factor: below 1.
    :param patience: epochs without progress that are let pass.
    :param threshold: how much better counts as better.
    :param threshold_mode: ``"rel"``: the threshold is a share of the best measure; ``"abs"``: it is
        a difference.
    :param cooldown: epochs after a fall in which none without progress is counted.
    :param min_lr: where the rate stops, for all groups or one for each.
    :param eps: a fall by less is none.
    :raises ValueError: a factor of 1 or more, another mode, a list of another length.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.5):
    ...     scheduler.step(loss)
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        if self._number("factor", factor) >= 1.0:
            raise ValueError(f"ReduceLROnPlateau: factor must be below 1; got {factor}. Pass 0.1.")
        self._check_optimizer(optimizer)
        self.factor = factor
        self.optimizer = optimizer
        self.default_min_lr = None if isinstance(min_lr, (list, tuple)) else min_lr
        self.min_lrs = self._per_group(optimizer, "min_lr", min_lr)
        self.patience = self._number("patience", patience)
        self.cooldown = self._number("cooldown", cooldown)
        self.eps = self._number("eps", eps)
        self.last_epoch = 0
        self._last_lr = self.rates
        self.mode, self.threshold_mode = mode, threshold_mode
        self.threshold = self._number("threshold", threshold)
        self._check_modes()
        self.mode_worse = math.inf if mode == "min" else -math.inf
        self._reset()

    def _check_modes(self) -> None:
        for name, known in (("mode", ("min", "max")), ("threshold_mode", ("rel", "abs"))):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"ReduceLROnPlateau: {name} must be {known[0]!r} or {known[1]!r}; got "
                    f"{getattr(self, name)!r:.60}. Pass {known[0]!r}."
                )

    def _reset(self) -> None:
        """Forget all measures."""
        self.best = self.mode_worse
        self.cooldown_counter = 0
        self.num_bad_epochs = 0

    def step(self, metrics: Any, epoch: int | None = None) -> None:  # type: ignore[override]
        """Take in an epoch's measure; let the rates fall where it is time.

        :param metrics: a number, or a tensor of one.
        :param epoch: the epoch's number, the next one by default.
        """
        current = float(self._number("metrics", metrics))
        self.last_epoch = self.last_epoch + 1 if epoch is None else self._number("epoch", epoch)
        if self._is_better(current, self.best):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce_lr()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = self.rates

    def _reduce_lr(self) -> None:
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):  # one was added
            if self.default_min_lr is None:
                raise RuntimeError(
                    f"ReduceLROnPlateau: min_lrs must have one number per group, {len(groups)}; it "
                    f"has {len(self.min_lrs)}. Append to scheduler.min_lrs when you add a group."
                )
            self.min_lrs = [self.default_min_lr] * len(groups)
        for group, least in zip(groups, self.min_lrs, strict=True):
            old = float(group["lr"])
            new = max(old * self.factor, least)
            if old - new > self.eps:
                set_rate(group, new)

    @property
    def in_cooldown(self) -> bool:
        """Whether epochs without progress do not count now."""
        return self.cooldown_counter > 0

    def _is_better(self, a: float, best: float) -> bool:
        sign = 1 if self.mode == "min" else -1
        if self.threshold_mode == "rel":
            return sign * a < sign * best * (1.0 - sign * self.threshold)
        return sign * a < sign * (best - sign * self.threshold)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule."""
        if isinstance(state_dict, Mapping) and "best" in state_dict:
            state_dict = {**state_dict, "mode_worse": state_dict.get("mode_worse", self.mode_worse)}
        super().load_state_dict(state_dict)
        self._check_modes()
        self.mode_worse = math.inf if self.mode == "min" else -math.inf
