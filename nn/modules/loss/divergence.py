"""The loss of distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags
from nn import functional as F
from nn.modules.loss.base import _Loss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "KLDivLoss",
]


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
        check_flags("KLDivLoss", log_target=log_target)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)
