"""Rates that fall in steps, by a factor each epoch, or as a function of the epoch says."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any

from optim.lr_scheduler.scheduler import LRScheduler
from optim.optimizer import Optimizer


class LambdaLR(LRScheduler):
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

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        groups = len(optimizer.param_groups)
        several = isinstance(lr_lambda, (list, tuple))
        self.lr_lambdas: list[Any] = list(lr_lambda) if several else [lr_lambda] * groups  # type: ignore[arg-type]
        if len(self.lr_lambdas) != groups:
            raise ValueError(
                f"LambdaLR: expected one function per group, {groups}; got "
                f"{len(self.lr_lambdas)}. Pass one function for all groups, or a list."
            )
        for f in self.lr_lambdas:
            if not callable(f):
                raise TypeError(
                    f"LambdaLR: expected functions of the epoch; got {type(f).__name__}. Pass "
                    "lambda epoch: 0.9**epoch."
                )
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        factors = [
            self._number("what lr_lambda returns", f(self.last_epoch)) for f in self.lr_lambdas
        ]
        return [base * factor for base, factor in zip(self.base_lrs, factors, strict=True)]

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
            raise ValueError(
                f"LambdaLR.load_state_dict: expected the state of {len(mine)} functions, one per "
                f"group; got {len(saved)}. Load what a LambdaLR of as many groups saved."
            )
        super().load_state_dict(state_dict)
        self.lr_lambdas = mine
        for f, attributes in zip(mine, saved):
            if attributes is not None:
                vars(f).update(attributes)


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

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As of every schedule; PyTorch counts its milestones."""
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
