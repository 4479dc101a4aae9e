"""The loss of a sequence of labels that is shorter than the sequence of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_flags, integer_of
from nn import functional as F
from nn.modules.loss.base import _Loss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["CTCLoss"]


class CTCLoss(_Loss):
    """-log of the probability of the targets over all alignments: (T, N, C), (N, S) -> ().

    See :func:`nn.functional.ctc_loss`.

    >>> import autograd
    >>> logs = autograd.full((2, 1, 2), 0.5).log()
    >>> CTCLoss()(logs, autograd.tensor([[1]]), autograd.tensor([2]), autograd.tensor([1]))
    tensor(0.2877)
    """

    def __init__(
        self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False
    ) -> None:
        super().__init__(reduction=reduction)
        check_flags("CTCLoss", zero_infinity=zero_infinity)
        self.blank = integer_of("CTCLoss", "blank", blank)
        self.zero_infinity = zero_infinity

    def forward(
        self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
    ) -> Tensor:
        return F.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
