"""Averages of a model's weights along its training, in the names of ``torch.optim.swa_utils``.

:class:`AveragedModel` is a module, so that ``nn`` is imported where it is first asked for.
"""

from __future__ import annotations

import math
import typing as _typing
from collections.abc import Callable, Iterable
from typing import Any

from autograd import Tensor, no_grad
from optim.lr_scheduler.scheduler import LRScheduler
from optim.optimizer import Optimizer

if _typing.TYPE_CHECKING:
    from optim.averaged_model import AveragedModel as AveragedModel

__all__ = [
    "AveragedModel",
    "SWALR",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

Average = Callable[[Tensor, Tensor, Any], Tensor]
Averages = Callable[[list[Tensor], list[Tensor], Any], None]


def _share(decay: float) -> float:
    if not 0.0 <= decay <= 1.0:
        raise ValueError(f"decay must be in [0, 1]; got {decay}. Pass 0.999.")
    return 1 - decay


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    r"""The exponential moving average: :math:`\bar w \leftarrow d \bar w + (1 - d) w`.

    For :class:`AveragedModel`'s ``avg_fn``. Raises ValueError for a decay outside [0, 1].

    >>> import autograd
    >>> get_ema_avg_fn(0.75)(autograd.ones(2), autograd.zeros(2), 1)
    tensor([0.7500, 0.7500])
    """
    share = _share(decay)

    @no_grad()
    def average(averaged: Tensor, current: Tensor, num_averaged: Any) -> Tensor:
        return decay * averaged + share * current

    return average


def get_swa_avg_fn() -> Average:
    r"""The mean of all weights so far: :math:`\bar w \leftarrow \bar w + (w - \bar w)/(n + 1)`.

    For :class:`AveragedModel`'s ``avg_fn``, and what it does by itself.

    >>> import autograd
    >>> get_swa_avg_fn()(autograd.ones(2), autograd.zeros(2), 1)
    tensor([0.5000, 0.5000])
    """

    @no_grad()
    def average(averaged: Tensor, current: Tensor, num_averaged: Any) -> Tensor:
        return averaged + (current - averaged) / (num_averaged + 1)

    return average


def get_ema_multi_avg_fn(decay: float = 0.999) -> Averages:
    """As :func:`get_ema_avg_fn`, of lists of tensors, in place: for ``multi_avg_fn``.

    >>> import autograd
    >>> mean = [autograd.zeros(1)]
    >>> get_ema_multi_avg_fn(0.9)(mean, [autograd.ones(1)], 1)
    >>> mean
    [tensor([0.1000])]
    """
    share = _share(decay)

    @no_grad()
    def average(averaged: list[Tensor], current: list[Tensor], num_averaged: Any) -> None:
        for mean, new in zip(averaged, current, strict=True):
            if mean.is_floating_point():
                mean.lerp_(new, share)
            else:
                mean.copy_(mean * decay + new * share)

    return average


def get_swa_multi_avg_fn() -> Averages:
    """As :func:`get_swa_avg_fn`, of lists of tensors, in place: for ``multi_avg_fn``.

    >>> import autograd
    >>> mean = [autograd.zeros(1)]
    >>> get_swa_multi_avg_fn()(mean, [autograd.ones(1)], 1)
    >>> mean
    [tensor([0.5000])]
    """

    @no_grad()
    def average(averaged: list[Tensor], current: list[Tensor], num_averaged: Any) -> None:
        for mean, new in zip(averaged, current, strict=True):
            if mean.is_floating_point():
                mean.lerp_(new, 1 / (float(num_averaged) + 1))
            else:
                mean.copy_(mean + (new - mean) / (num_averaged + 1))

    return average


@no_grad()
def update_bn(loader: Iterable[Any], model: Any, device: Any = None) -> None:
    """Compute the running statistics of all batch norms of ``model`` anew, from one pass.

    Averaged weights need it: the statistics were those of other weights.

    :param loader: batches; of a list or tuple, its first element goes into the model.
    :param device: where batches are moved to first.

    >>> import autograd, nn
    >>> model = nn.BatchNorm1d(1)
    >>> update_bn([autograd.tensor([[1.0], [3.0]])], model)
    >>> model.running_mean
    tensor([2.])
    """
    momenta = {}
    for module in model.modules():
        if any("BatchNorm" in base.__name__ for base in type(module).__mro__):
            module.reset_running_stats()
            momenta[module] = module.momentum
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.momentum = None  # the mean of all batches
    for batch in loader:
        x = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(x if device is None else x.to(device))
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """The rate goes to ``swa_lr`` within some epochs, and stays there while weights are averaged.

    :param swa_lr: the last rate, for all groups or one for each.
    :param anneal_epochs: how many epochs it takes; 0 is at once.
    :param anneal_strategy: ``"cos"`` or ``"linear"``.
    :raises ValueError: a negative number of epochs, another strategy, a list of another length.

    Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018, arXiv:1803.05407.

    >>> import autograd
    >>> from optim import SGD
    >>> optimizer = SGD([autograd.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = SWALR(optimizer, swa_lr=0.5, anneal_epochs=2, anneal_strategy="linear")
    >>> optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | list[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        self._check_optimizer(optimizer)
        rates = self._per_group(optimizer, "swa_lr", swa_lr)
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"SWALR: anneal_strategy must be 'cos' or 'linear'; got {anneal_strategy!r:.60}. "
                "Pass 'cos'."
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(
                f"SWALR: anneal_epochs must be a whole number, 0 or more; got "
                f"{anneal_epochs!r:.60}. Pass 10."
            )
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["swa_lr"] = rate
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _gone(self, step: int) -> float:
        """The share of the way that is behind after so many steps."""
        t = max(0, min(1, step / max(1, self.anneal_epochs)))
        return t if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2

    def get_lr(self) -> list[float]:
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._gone(step - 1), self._gone(step)
        rates = []
        for group, lr in zip(self.optimizer.param_groups, self.rates, strict=True):
            last = group["swa_lr"]
            first = last if before == 1 else (lr - before * last) / (1 - before)
            rates.append(last * now + first * (1 - now))
        return rates


if not _typing.TYPE_CHECKING:

    def __getattr__(name):
        if name == "AveragedModel":
            from optim.averaged_model import AveragedModel

            return AveragedModel
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
