"""Rates that change from epoch to epoch.

A scheduler writes ``group["lr"]``; call its ``step()`` after ``optimizer.step()``, once per epoch
(or per batch: it counts its own calls). Formulas multiply the rate they find: schedulers can be
chained, and a rate set by hand is respected.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor
from optim.optimizer import Optimizer


class LRScheduler:
    """Base of all schedules: subclass it with ``get_lr()``, which lists a rate for each group.

    ``self.last_epoch`` counts the steps, ``self.base_lrs`` are the rates at the start, and
    ``self.rates`` those in force.

    :param last_epoch: where to go on; -1 starts, and notes the rates as ``group["initial_lr"]``.
    :raises TypeError: something that is not an Optimizer.
    :raises KeyError: going on without ``initial_lr`` in the groups.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"{type(self).__name__}: expected an Optimizer; got {type(optimizer).__name__}. "
                "Pass the optimiser, not its parameters."
            )
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{type(self).__name__}: going on at epoch {last_epoch} needs 'initial_lr' in "
                    f"every group; group {i} has none. Load the optimiser's state_dict first."
                )
        self.optimizer = optimizer
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.step()

    @property
    def rates(self) -> list[float]:
        """The rates in force, one per group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def get_lr(self) -> list[float]:
        """The rates at ``self.last_epoch``, one per group."""
        raise NotImplementedError(f"{type(self).__name__}: define get_lr(self).")

    def get_last_lr(self) -> list[float]:
        """The rates that the last step set, one per group."""
        return self._last_lr

    def step(self) -> None:
        """Go on by one epoch and set the rates."""
        self.last_epoch += 1
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr
        self._last_lr = self.rates

    def state_dict(self) -> dict[str, Any]:
        """All that the scheduler knows but its optimiser and its functions."""
        return {
            name: value
            for name, value in vars(self).items()
            if name != "optimizer" and name != "lr_lambdas"
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` of a like scheduler gave.

        Raises TypeError for what is no state dict, ValueError for one of another scheduler.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"{type(self).__name__}.load_state_dict: expected a dict; got "
                f"{type(state_dict).__name__}. Pass what state_dict() returned."
            )
        known = self.state_dict()
        unknown = sorted(str(name) for name in state_dict if name not in known)
        lacks = sorted(name for name in known if name not in state_dict)
        if unknown and lacks:
            raise ValueError(
                f"{type(self).__name__}.load_state_dict: the state must be one of the same "
                f"schedule; it has {', '.join(unknown)} and lacks {', '.join(lacks)}. Load what "
                f"another {type(self).__name__} saved."
            )
        self._number("last_epoch", state_dict.get("last_epoch", 0))
        vars(self).update(state_dict)

    def _number(self, name: str, value: Any) -> Any:
        """``value``, which must be a real number, or a tensor of one."""
        number = value.item() if isinstance(value, (Tensor, np.generic)) else value
        if not isinstance(number, (int, float)):
            raise TypeError(
                f"{type(self).__name__}: {name} must be a number; got {value!r:.60}. Pass a float."
            )
        return number

    def _epochs(self, name: str, value: Any) -> Any:
        """``value``, which must be a number of epochs above 0."""
        if not self._number(name, value) > 0:
            raise ValueError(
                f"{type(self).__name__}: {name} must be above 0; got {value}. It counts epochs."
            )
        return value


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
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        groups = len(optimizer.param_groups)
        self.lr_lambdas = lr_lambda if isinstance(lr_lambda, list) else [lr_lambda] * groups
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
        self.milestones = sorted([self._number("milestones", epoch) for epoch in milestones])
        self.gamma = self._number("gamma", gamma)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        passed = bisect_right(self.milestones, self.last_epoch)
        passed -= bisect_right(self.milestones, self.last_epoch - 1)
        return [lr * self.gamma**passed for lr in self.rates]


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
        return [lr * self.gamma if self.last_epoch > 0 else lr for lr in self.rates]


class CosineAnnealingLR(LRScheduler):
    r"""Half a cosine from the first rate down to ``eta_min`` at epoch ``T_max``.

    .. math:: \eta_t = \eta_{min} + \tfrac12 (\eta_0 - \eta_{min})(1 + \cos(\pi t / T_{max}))

    Loshchilov & Hutter 2017, arXiv:1608.03983, without the restarts.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = CosineAnnealingLR(optimizer, T_max=2)
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max = self._epochs("T_max", T_max)
        self.eta_min = self._number("eta_min", eta_min)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        t, low = self.last_epoch, self.eta_min
        if t == 0:
            return self.rates
        if (t - 1 - self.T_max) % (2 * self.T_max) == 0:  # the rate is at its lowest: no ratio
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            pairs = zip(self.base_lrs, self.rates, strict=True)
            return [lr + (base - low) * rise for base, lr in pairs]
        ratio = (1 + math.cos(math.pi * t / self.T_max)) / (
            1 + math.cos(math.pi * (t - 1) / self.T_max)
        )
        return [low + (lr - low) * ratio for lr in self.rates]
