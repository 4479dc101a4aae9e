"""Rates that fall in steps, by a factor each epoch, or as a function of the epoch says."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any

from optim.lr_scheduler.scheduler import LRScheduler
from optim.optimizer import Optimizer


class ByFunction(LRScheduler):
    """What the schedules of a user's functions share: one function per group, saving."""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        self._check_optimizer(optimizer)
        name, groups = type(self).__name__, len(optimizer.param_groups)
        several = isinstance(lr_lambda, (list, tuple))
        self.lr_lambdas: list[Any] = list(lr_lambda) if several else [lr_lambda] * groups  # type: ignore[arg-type]
        if len(self.lr_lambdas) != groups:
            raise ValueError(
                f"{name}: expected one function per group, {groups}; got "
                f"{len(self.lr_lambdas)}. Pass one function for all groups, or a list."
            )
        for f in self.lr_lambdas:
            if not callable(f):
                raise TypeError(
                    f"{name}: expected functions of the epoch; got {type(f).__name__}. Pass "
                    "lambda epoch: 0.9**epoch."
                )
        super().__init__(optimizer, last_epoch)

    def factors(self) -> list[float]:
        """What the functions return at this epoch."""
        returned = [f(self.last_epoch) for f in self.lr_lambdas]
        return [self._number("what lr_lambda returns", factor) for factor in returned]

    def state_dict(self) -> dict[str, Any]:
        """All that the scheduler knows but its optimiser and its functions.

        Of functions that are objects with a ``__call__`` their attributes are saved, as in PyTorch.
        """
        own = [
            None if isinstance(f, FunctionType) or not hasattr(f, "__dict__") else dict(vars(f))
            for f in self.lr_lambdas
        ]
        return {**super().state_dict(), "lr_lambdas": own}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule; functions that are objects get their attributes back.

        Raises ValueError where the state is of another number of functions.
        """
        mine = self.lr_lambdas
        saved = state_dict.get("lr_lambdas", ()) if isinstance(state_dict, Mapping) else ()
        if saved and len(saved) != len(mine):
            name = type(self).__name__
            raise ValueError(
                f"{name}.load_state_dict: expected the state of {len(mine)} functions, one per "
                f"group; got {len(saved)}. Load what a {name} of as many groups saved."
            )
        super().load_state_dict(state_dict)
        self.lr_lambdas = mine
        for f, attributes in zip(mine, saved):
            if attributes is not None:
                vars(f).update(attributes)


class LambdaLR(ByFunction):
    r"""The first rate times a function of the epoch: :math:`\eta_t = \eta_0 f(t)`.

    :param lr_lambda: f, or a list with one function per group.
    :raises ValueError: a list of another length.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def get_lr(self) -> list[float]:
        return [base * factor for base, factor in zip(self.base_lrs, self.factors(), strict=True)]


class MultiplicativeLR(ByFunction):
    r"""The rate times a function of the epoch, each epoch: :math:`\eta_t = \eta_{t-1} f(t)`.

    :param lr_lambda: f, or a list with one function per group.
    :raises ValueError: a list of another length.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = MultiplicativeLR(optimizer, lambda epoch: 0.5)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def get_lr(self) -> list[float]:
        if self._is_initial:
            return self.rates
        return [lr * factor for lr, factor in zip(self.rates, self.factors(), strict=True)]


class ConstantLR(LRScheduler):
    """The rate times a factor until ``total_iters`` epochs have gone by.

    :param factor: between 0 and 1.
    :raises ValueError: a factor outside.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ConstantLR(optimizer, factor=0.5, total_iters=2)
    >>> for _ in range(2):
    ...     print(scheduler.get_last_lr())
    ...     optimizer.step(); scheduler.step()
    [0.5]
    [0.5]
    >>> scheduler.get_last_lr()
    [1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.factor = self._share("factor", factor)
        self.total_iters = self._number("total_iters", total_iters)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch == 0:
            return [lr * self.factor for lr in self.rates]
        if self.last_epoch == self.total_iters:
            return [lr * (1.0 / self.factor) for lr in self.rates]
        return self.rates

    def _get_closed_form_lr(self) -> list[float]:
        factor = 1 if self.last_epoch >= self.total_iters else self.factor
        return [base * factor for base in self.base_lrs]


class LinearLR(LRScheduler):
    """The rate times a factor that goes from one number to another in ``total_iters`` epochs.

    :param start_factor: above 0, at most 1.
    :param end_factor: between 0 and 1.
    :raises ValueError: a factor outside.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> for _ in range(2):
    ...     print(scheduler.get_last_lr())
    ...     optimizer.step(); scheduler.step()
    [0.5]
    [0.75]
    >>> scheduler.get_last_lr()
    [1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.start_factor = self._share("start_factor", start_factor)
        if start_factor == 0:
            raise ValueError("LinearLR: start_factor must be above 0; got 0. Pass 1e-3.")
        self.end_factor = self._share("end_factor", end_factor)
        self.total_iters = self._number("total_iters", total_iters)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        first, rise = self.start_factor, self.end_factor - self.start_factor
        if self.last_epoch == 0:
            return [lr * first for lr in self.rates]
        if self._is_initial or self.last_epoch > self.total_iters:
            return self.rates
        before = self.total_iters * first + (self.last_epoch - 1) * rise
        return [lr * (1.0 + rise / before) for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        share = min(self.total_iters, self.last_epoch) / self.total_iters
        factor = self.start_factor + (self.end_factor - self.start_factor) * share
        return [base * factor for base in self.base_lrs]


class PolynomialLR(LRScheduler):
    r"""The rate falls to 0 in T epochs: :math:`\eta_t = \eta_0 (1 - \min(t, T)/T)^p`.

    :param total_iters: T.
    :param power: p.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = PolynomialLR(optimizer, total_iters=2, power=2.0)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_iters = self._epochs("total_iters", total_iters)
        self.power = self._number("power", power)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        t, total = self.last_epoch, self.total_iters
        if self._is_initial or t > total:
            return self.rates
        factor = ((1.0 - t / total) / (1.0 - (t - 1) / total)) ** self.power
        return [lr * factor for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        share = min(self.total_iters, self.last_epoch) / self.total_iters
        return [base * (1.0 - share) ** self.power for base in self.base_lrs]


class StepLR(LRScheduler):
    r"""The rate times γ every s epochs: :math:`\eta_t = \eta_0 \gamma^{\lfloor t/s \rfloor}`.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for _ in range(4):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size = self._epochs("step_size", step_size)
        self.gamma = self._number("gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        falls = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return [lr * self.gamma if falls else lr for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        return [base * self.gamma ** (self.last_epoch // self.step_size) for base in self.base_lrs]


class MultiStepLR(LRScheduler):
    """The rate times γ at each epoch in ``milestones``.

    Raises TypeError where ``milestones`` is no list of epochs.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = MultiStepLR(optimizer, milestones=[1, 3], gamma=0.5)
    >>> for _ in range(3):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(milestones, Iterable):
            raise TypeError(
                f"MultiStepLR: milestones must be a list of epochs; got {milestones!r:.60}. Pass "
                "[30, 80]."
            )
        self.milestones: list[Any] = sorted(
            [self._number("milestones", epoch) for epoch in milestones]
        )
        self.gamma = self._number("gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        passed = bisect_right(self.milestones, self.last_epoch)
        passed -= bisect_right(self.milestones, self.last_epoch - 1)
        return [lr * self.gamma**passed for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        passed = bisect_right(self.milestones, self.last_epoch)
        return [base * self.gamma**passed for base in self.base_lrs]

    def state_dict(self) -> dict[str, Any]:
        """As of every schedule; milestones are counted, as in PyTorch."""
        return {**super().state_dict(), "milestones": Counter(self.milestones)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule."""
        super().load_state_dict(state_dict)
        if isinstance(self.milestones, Counter):
            self.milestones = sorted(self.milestones.elements())


class ExponentialLR(LRScheduler):
    r"""The rate times γ every epoch: :math:`\eta_t = \eta_0 \gamma^t`.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ExponentialLR(optimizer, gamma=0.5)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = self._number("gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [lr if self._is_initial else lr * self.gamma for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        return [base * self.gamma**self.last_epoch for base in self.base_lrs]
