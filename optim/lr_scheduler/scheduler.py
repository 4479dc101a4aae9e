"""What all schedules share: the epoch, the rates, saving."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor, no_grad
from optim.optimizer import Optimizer


class LRScheduler:
    """Base of all schedules: subclass it with ``get_lr()``, which lists a rate for each group.

    ``self.last_epoch`` counts the steps, ``self.base_lrs`` are the rates at the start, and
    ``self.rates`` those in force.

    :param last_epoch: where to go on; -1 starts, and notes the rates as ``group["initial_lr"]``.
        Formulas that multiply the rate they find leave it as it is then.
    :raises TypeError: something that is not an Optimizer.
    :raises KeyError: going on without ``initial_lr`` in the groups.

    >>> import autograd, optim
    >>> class Halved(LRScheduler):
    ...     def get_lr(self):
    ...         return [rate / 2**self.last_epoch for rate in self.base_lrs]
    >>> rule = optim.SGD([autograd.ones(1, requires_grad=True)], lr=0.8)
    >>> schedule = Halved(rule)
    >>> for _ in range(2):
    ...     rule.step()
    ...     schedule.step()
    >>> schedule.get_last_lr()
    [0.2]
    """

    optimizer: Optimizer
    _is_initial = False  # while the constructor sets the rates to begin, or to go on, with
    _get_lr_called_within_step = False  # which schedules of the user's own may look at
    _last_lr: list[float]

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self._check_optimizer(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", _copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{type(self).__name__}: going on at epoch {last_epoch} needs 'initial_lr' in "
                    f"every group; group {i} has none. Load the optimiser's state_dict first."
                )
        self.optimizer = optimizer
        self.base_lrs = [_copied(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        if optimizer._stepped is None:
            optimizer._stepped = False
        self._initial_step()

    def _initial_step(self) -> None:
        """Set the rates to begin, or to go on, with."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    @property
    def rates(self) -> list[float]:
        """The rates in force, one per group."""
        return [_copied(group["lr"]) for group in self.optimizer.param_groups]

    def get_lr(self) -> list[float]:
        """The rates at ``self.last_epoch``, one per group."""
        raise NotImplementedError(f"{type(self).__name__}: define get_lr(self).")

    def _get_closed_form_lr(self) -> list[float]:
        """The rates at ``self.last_epoch``, whatever those before were; used by ``step(epoch)``."""
        return self.get_lr()

    def get_last_lr(self) -> list[float]:
        """The rates that the last step set, one per group."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Go on by one epoch and set the rates.

        Warns where the optimiser has not made a step since the schedule began: the first rate
        would be skipped.

        :param epoch: go to this epoch instead.
        """
        if self._step_count == 1 and self.optimizer._stepped is False:
            warnings.warn(
                f"{type(self).__name__}: optimizer.step() must be called before scheduler.step(); "
                "it was not, and the first rate of the schedule is skipped. Swap the two lines.",
                UserWarning,
                stacklevel=2,
            )
        self._step_count += 1
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        if epoch is None:
            self.last_epoch += 1
            self._set_rates(self.get_lr)
        else:
            self.last_epoch = self._number("epoch", epoch)
            self._set_rates(self._get_closed_form_lr)

    def _set_rates(self, formula: Callable[[], list[float]]) -> None:
        self._get_lr_called_within_step = True
        try:
            rates = formula()
        finally:
            self._get_lr_called_within_step = False
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            set_rate(group, lr)
        self._last_lr = self.rates

    def state_dict(self) -> dict[str, Any]:
        """All that the scheduler knows but its optimiser."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

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

    def _check_optimizer(self, optimizer: Any) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"{type(self).__name__}: expected an Optimizer; got {type(optimizer).__name__}. "
                "Pass the optimiser, not its parameters."
            )

    def _per_group(self, optimizer: Optimizer, name: str, value: Any) -> list[Any]:
        """``value``, a number for all groups or a list with one for each, as a list."""
        groups = len(optimizer.param_groups)
        values = list(value) if isinstance(value, (list, tuple)) else [value] * groups
        if len(values) != groups:
            raise ValueError(
                f"{type(self).__name__}: {name} must be one number, or one per group, {groups}; "
                f"got {len(values)}. Pass a number, or a list as long as optimizer.param_groups."
            )
        for one in values:
            self._number(name, one)
        return [_copied(one) for one in values]

    def _number(self, name: str, value: Any) -> Any:
        """``value``, which must be a real number, or a tensor of one."""
        number = value.item() if isinstance(value, (Tensor, np.generic)) else value
        if not isinstance(number, (int, float)):
            raise TypeError(
                f"{type(self).__name__}: {name} must be a number; got {value!r:.60}. Pass a float."
            )
        return number

    def _share(self, name: str, value: Any) -> Any:
        """``value``, which must be a number between 0 and 1."""
        if not 0 <= self._number(name, value) <= 1:
            raise ValueError(
                f"{type(self).__name__}: {name} must be between 0 and 1; got {value}. It is what "
                "the rate is multiplied by."
            )
        return value

    def _epochs(self, name: str, value: Any) -> Any:
        """``value``, which must be a number of epochs above 0."""
        if not self._number(name, value) > 0:
            raise ValueError(
                f"{type(self).__name__}: {name} must be above 0; got {value}. It counts epochs."
            )
        return value


def set_rate(group: dict[str, Any], lr: Any) -> None:
    """Put ``lr`` into a group; a tensor stays the one it is, so that whoever holds it sees it."""
    if isinstance(group["lr"], Tensor):
        with no_grad():
            group["lr"].fill_(lr)
    else:
        group["lr"] = lr


def _copied(rate: Any) -> Any:
    """A rate that nobody else changes."""
    return rate.detach().clone() if isinstance(rate, Tensor) else rate
