"""Losses of distributions: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.loss import _Loss

from nn import functional as F

if TYPE_CHECKING:
    from autograd import Tensor


class KLDivLoss(_Loss):
    """The divergence of log-probabilities from probabilities: (N, …), (N, …) -> ().

    ``reduction="batchmean"`` averages over the batch. See :func:`nn.functional.kl_div`.

    >>> import autograd
    >>> x, y = autograd.tensor([[0.25, 0.75]]).log(), autograd.tensor([[0.5, 0.5]])
    >>> KLDivLoss(reduction="batchmean")(x, y)
    tensor(0.1438)
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        whole = reduction == "batchmean" and size_average is None and reduce is None
        super().__init__(size_average, reduce, "sum" if whole else reduction)
        if whole:
            self.reduction = reduction
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


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
        self.full, self.eps = full, eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(
            input, target, var, full=self.full, eps=self.eps, reduction=self.reduction
        )
