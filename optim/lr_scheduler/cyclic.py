"""Rates that rise and fall, and momenta that fall and rise with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

from optim.lr_scheduler.scheduler import LRScheduler, set_rate
from optim.optimizer import Optimizer


class Cycling(LRScheduler):
    """What both share: the momentum of a group, which may be the first of two ``betas``."""

    cycle_momentum: bool
    use_beta1: bool

    def _begin_momentum(
        self, optimizer: Optimizer, base: Any, most: Any, first: bool
    ) -> tuple[list[float], list[float]]:
        """The bounds of each group's momentum; noted in the groups where the schedule begins."""
        known = optimizer.defaults
        if "momentum" not in known and "betas" not in known:
            raise ValueError(
                f"{type(self).__name__}: cycle_momentum needs a rule with momentum or betas; "
                f"{type(optimizer).__name__} has none. Pass cycle_momentum=False."
            )
        self.use_beta1 = "betas" in known
        bases = self._per_group(optimizer, "base_momentum", base)
        mosts = self._per_group(optimizer, "max_momentum", most)
        for low, high, group in zip(bases, mosts, optimizer.param_groups, strict=True):
            if first:
                self._set_momentum(group, high)
                group.update(max_momentum=high, base_momentum=low)
        return bases, mosts

    def _set_momentum(self, group: dict[str, Any], momentum: float) -> None:
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum


class CyclicLR(Cycling):
    r"""The rate goes up and down between two bounds, straight, again and again.

    :param base_lr: the lower bound, for all groups or one for each.
    :param max_lr: the upper bound of the first cycle.
    :param step_size_up: steps from the lower bound to the upper one.
    :param step_size_down: steps back; None is as many.
    :param mode: ``"triangular"``: all cycles are as high; ``"triangular2"``: each is half as high;
        ``"exp_range"``: :math:`\gamma^t` times as high at step t.
    :param gamma: γ of ``"exp_range"``.
    :param scale_fn: in place of ``mode``, how high: a function of the cycle (1, 2, ...) or step.
    :param scale_mode: what ``scale_fn`` is given: ``"cycle"`` or ``"iterations"``.
    :param cycle_momentum: the momentum, or the first of ``betas``, falls where the rate rises.
    :raises ValueError: an unknown mode, a list of another length, a rule without momentum.

    Smith 2017, arXiv:1506.01186.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
    >>> scheduler = CyclicLR(optimizer, base_lr=1.0, max_lr=3.0, step_size_up=2)
    >>> for _ in range(4):
    ...     print(scheduler.get_last_lr(), end="")
    ...     optimizer.step(); scheduler.step()
    [1.0][2.0][3.0][2.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self._check_optimizer(optimizer)
        if scale_fn is None and mode not in ("triangular", "triangular2", "exp_range"):
            raise ValueError(
                f"CyclicLR: mode must be 'triangular', 'triangular2' or 'exp_range'; got "
                f"{mode!r:.60}. Others are written as scale_fn."
            )
        if not (scale_fn is None or callable(scale_fn)):
            raise TypeError(
                "CyclicLR: scale_fn must be a function of the cycle; got "
                f"{type(scale_fn).__name__}. Pass lambda cycle: 0.5 ** (cycle - 1)."
            )
        base_lrs = self._per_group(optimizer, "base_lr", base_lr)
        self.max_lrs = self._per_group(optimizer, "max_lr", max_lr)
        up = float(self._epochs("step_size_up", step_size_up))
        down = up if step_size_down is None else step_size_down
        down = float(self._epochs("step_size_down", down))
        self.total_size = up + down
        self.step_ratio = up / self.total_size
        self.mode, self.scale_mode = mode, scale_mode
        self.gamma = self._number("gamma", gamma)
        self._scale_fn_custom: Any = scale_fn
        if scale_fn is None:
            self.scale_mode = "iterations" if mode == "exp_range" else "cycle"
        if last_epoch == -1:
            for group, lr in zip(optimizer.param_groups, base_lrs, strict=True):
                set_rate(group, lr)
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums, self.max_momentums = self._begin_momentum(
                optimizer, base_momentum, max_momentum, last_epoch == -1
            )
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def scale_fn(self, x: float) -> float:
        """How high the cycle, or the step, x is."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "exp_range":
            return self.gamma**x
        return 1 / 2.0 ** (x - 1) if self.mode == "triangular2" else 1.0

    def get_lr(self) -> list[float]:
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            bounds = zip(self.base_momentums, self.max_momentums, strict=True)
            for group, (low, high) in zip(self.optimizer.param_groups, bounds, strict=True):
                self._set_momentum(group, high - (high - low) * height * scale)
        pairs = zip(self.base_lrs, self.max_lrs, strict=True)
        return [low + (high - low) * height * scale for low, high in pairs]

    def state_dict(self) -> dict[str, Any]:
        """All that the scheduler knows but its optimiser; of ``scale_fn`` its attributes."""
        f = self._scale_fn_custom
        plain = f is None or isinstance(f, FunctionType) or not hasattr(f, "__dict__")
        return {**super().state_dict(), "_scale_fn_custom": None if plain else dict(vars(f))}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule; a ``scale_fn`` that is an object gets its attributes back."""
        mine = self._scale_fn_custom
        super().load_state_dict(state_dict)
        saved, self._scale_fn_custom = self._scale_fn_custom, mine
        if isinstance(saved, dict) and mine is not None:
            vars(mine).update(saved)


class OneCycleLR(Cycling):
    """The rate rises once, then falls far below where it began; ``step()`` after each batch.

    :param max_lr: the highest rate, for all groups or one for each.
    :param total_steps: steps in all; or ``epochs`` and ``steps_per_epoch`` are given.
    :param pct_start: the share of steps in which the rate rises.
    :param anneal_strategy: ``"cos"`` or ``"linear"``.
    :param cycle_momentum: the momentum, or the first of ``betas``, falls where the rate rises.
    :param div_factor: the first rate is the highest over this.
    :param final_div_factor: the last rate is the first over this.
    :param three_phase: the rate falls to the first one as fast as it rose, then to the last.
    :raises ValueError: no number of steps, another strategy, a step beyond the last one.

    Smith & Topin 2019, arXiv:1708.07120.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
    >>> scheduler = OneCycleLR(optimizer, max_lr=2.0, total_steps=10)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr(), optimizer.param_groups[0]["momentum"]
    ([2.0], 0.85)
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self._check_optimizer(optimizer)
        if total_steps is not None:
            self.total_steps = self._steps("total_steps", total_steps)
        elif epochs is not None and steps_per_epoch is not None:
            self.total_steps = self._steps("epochs", epochs)
            self.total_steps *= self._steps("steps_per_epoch", steps_per_epoch)
        else:
            raise ValueError(
                "OneCycleLR: the number of steps must be known; got neither total_steps nor both "
                "epochs and steps_per_epoch. Pass total_steps=epochs * len(loader)."
            )
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(
                f"OneCycleLR: pct_start must be a float in [0, 1]; got {pct_start!r:.60}. It is "
                "the share of steps in which the rate rises."
            )
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"OneCycleLR: anneal_strategy must be 'cos' or 'linear'; got "
                f"{anneal_strategy!r:.60}. Pass 'cos'."
            )
        self._schedule_phases = self._phases(pct_start, three_phase)
        self._anneal_func_type = anneal_strategy
        highest = self._per_group(optimizer, "max_lr", max_lr)
        for group, lr in zip(optimizer.param_groups, highest, strict=True):
            if last_epoch == -1:
                group["initial_lr"] = lr / self._number("div_factor", div_factor)
                group["max_lr"] = lr
                last = self._number("final_div_factor", final_div_factor)
                group["min_lr"] = group["initial_lr"] / last
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._begin_momentum(optimizer, base_momentum, max_momentum, last_epoch == -1)
        super().__init__(optimizer, last_epoch)

    def _steps(self, name: str, value: Any) -> int:
        if not isinstance(value, int) or value <= 0:
            raise ValueError(
                f"OneCycleLR: {name} must be a whole number above 0; got {value!r:.60}. It counts "
                "what the rate has time for."
            )
        return value

    def _phases(self, share: float, three: bool) -> list[dict[str, Any]]:
        """From which rate to which, and momentum, until which step: by the names in the groups."""

        def phase(end: float, lr: str, to_lr: str, momentum: str, to_momentum: str) -> Any:
            names = {"start_lr": lr, "end_lr": to_lr}
            names |= {"start_momentum": momentum, "end_momentum": to_momentum}
            return {"end_step": end, **names}

        low, high = "base_momentum", "max_momentum"
        top, end = float(share * self.total_steps) - 1, self.total_steps - 1
        rise = phase(top, "initial_lr", "max_lr", high, low)
        if not three:
            return [rise, phase(end, "max_lr", "min_lr", low, high)]
        back = float(2 * share * self.total_steps) - 2
        fall = phase(back, "max_lr", "initial_lr", low, high)
        return [rise, fall, phase(end, "initial_lr", "min_lr", high, high)]

    def _between(self, start: float, end: float, share: float) -> float:
        if self._anneal_func_type == "linear":
            return (end - start) * share + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * share) + 1)

    def get_lr(self) -> list[float]:
        t = self.last_epoch
        if t > self.total_steps:
            raise ValueError(
                f"OneCycleLR: there must be no more steps than total_steps, {self.total_steps}; "
                f"this is number {t}. Pass total_steps=epochs * len(loader)."
            )
        start = 0.0
        for phase in self._schedule_phases:
            end = phase["end_step"]
            if t <= end:
                break
            before, start = start, end
        else:
            start = before  # beyond the last phase
        share = (t - start) / (end - start)
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(self._between(group[phase["start_lr"]], group[phase["end_lr"]], share))
            if self.cycle_momentum:
                first, last = group[phase["start_momentum"]], group[phase["end_momentum"]]
                self._set_momentum(group, self._between(first, last, share))
        return rates
