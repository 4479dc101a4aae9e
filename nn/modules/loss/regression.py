"""Losses of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags, check_numbers
from nn import functional as F
from nn.modules.loss.base import _Loss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "GaussianNLLLoss",
    "HuberLoss",
    "L1Loss",
    "MSELoss",
    "PoissonNLLLoss",
    "SmoothL1Loss",
]


class MSELoss(_Loss):
    """The squared difference: input (*), target (*) -> (). See :func:`nn.functional.mse_loss`.

    >>> import autograd
    >>> MSELoss()(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(2.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(_Loss):
    """The absolute difference: input (*), target (*) -> (). See :func:`nn.functional.l1_loss`.

    >>> import autograd
    >>> L1Loss()(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(1.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """The absolute difference, rounded off near 0: (*), (*) -> ().

    See :func:`nn.functional.smooth_l1_loss`.

    >>> import autograd
    >>> SmoothL1Loss()(autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0]))
    tensor(1.3125)
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        check_numbers("SmoothL1Loss", beta=beta)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """Half the squared difference up to δ, straight from there on: (*), (*) -> ().

    See :func:`nn.functional.huber_loss`.

    >>> import autograd
    >>> HuberLoss()(autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0]))
    tensor(1.3125)
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        check_numbers("HuberLoss", delta=delta)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class PoissonNLLLoss(_Loss):
    """The negative log-likelihood of counts: (*), (*) -> ().

    See :func:`nn.functional.poisson_nll_loss`.

    >>> import autograd
    >>> PoissonNLLLoss()(autograd.tensor([0.0]), autograd.tensor([2.0]))
    tensor(1.)
    """

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        check_numbers("PoissonNLLLoss", eps=eps)
        check_flags("PoissonNLLLoss", log_input=log_input, full=full)
        self.log_input, self.full, self.eps = log_input, full, eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            log_input,
            target,
            log_input=self.log_input,
            full=self.full,
            eps=self.eps,
            reduction=self.reduction,
        )


class GaussianNLLLoss(_Loss):
    """The negative log-likelihood of targets under normal distributions: (*), (*), var (*) -> ().

    See :func:`nn.functional.gaussian_nll_loss`.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> GaussianNLLLoss()(x, x + 1, autograd.ones(2))
    tensor(0.5000)
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        check_numbers("GaussianNLLLoss", eps=eps)
        check_flags("GaussianNLLLoss", full=full)
        self.full, self.eps = full, eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(
            input, target, var, full=self.full, eps=self.eps, reduction=self.reduction
        )
