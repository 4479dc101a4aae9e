"""Rates along a cosine."""

from __future__ import annotations

import math

from optim.lr_scheduler.scheduler import LRScheduler
from optim.optimizer import Optimizer


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
        if self._is_initial:
            return self.rates
        t, low = self.last_epoch, self.eta_min
        if (t - 1 - self.T_max) % (2 * self.T_max) == 0:  # the rate is at its lowest: no ratio
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            pairs = zip(self.base_lrs, self.rates, strict=True)
            return [lr + (base - low) * rise for base, lr in pairs]
        ratio = (1 + math.cos(math.pi * t / self.T_max)) / (
            1 + math.cos(math.pi * (t - 1) / self.T_max)
        )
        return [low + (lr - low) * ratio for lr in self.rates]

    def _get_closed_form_lr(self) -> list[float]:
        height = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    r"""Half a cosine down to ``eta_min``, again and again, each time longer.

    .. math:: \eta_t = \eta_{min} + \tfrac12 (\eta_0 - \eta_{min})(1 + \cos(\pi T_{cur} / T_i))

    where :math:`T_{cur}` counts the epochs since the last restart, and the next comes after
    :math:`T_i` of them.

    :param T_0: epochs until the first restart.
    :param T_mult: how many times as long each round is as the one before.
    :raises ValueError: one that is not a whole number above 0.

    Loshchilov & Hutter 2017, arXiv:1608.03983.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=2)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    ...     print(round(scheduler.get_last_lr()[0], 2))
    0.5
    1.0
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"CosineAnnealingWarmRestarts: {name} must be a whole number above 0; got "
                    f"{value!r:.60}. It counts epochs, or times."
                )
        self.T_0 = self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = self._number("eta_min", eta_min)
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on by one epoch and set the rates.

        :param epoch: go there instead; a fraction of an epoch (``epoch + batch / batches``), too.
        :raises ValueError: a negative epoch.
        """
        if epoch is None and self.last_epoch >= 0:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        else:
            epoch = 0 if epoch is None else self._number("epoch", epoch)
            if epoch < 0:
                raise ValueError(
                    f"CosineAnnealingWarmRestarts.step: epoch must not be negative; got {epoch}. "
                    "Epochs count from 0."
                )
            self._round_of(epoch)
        self.last_epoch = math.floor(epoch)
        self._set_rates(self.get_lr)

    def _round_of(self, epoch: float) -> None:
        """Where in which round an epoch lies."""
        if self.T_mult == 1:
            if epoch >= self.T_0:
                self.T_cur = epoch % self.T_0
                return
            rounds = 0
        else:
            rounds = int(math.log(epoch / self.T_0 * (self.T_mult - 1) + 1, self.T_mult))
        gone = sum(self.T_0 * self.T_mult**i for i in range(rounds))
        self.T_cur, self.T_i = epoch - gone, self.T_0 * self.T_mult**rounds
