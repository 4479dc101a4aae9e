"""Losses of distances and scores, most of them with a margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags, check_numbers
from nn import functional as F
from nn.modules.loss.base import _Loss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "CosineEmbeddingLoss",
    "HingeEmbeddingLoss",
    "MarginRankingLoss",
    "SoftMarginLoss",
    "TripletMarginLoss",
]


class _MarginLoss(_Loss):
    """A loss with a margin."""

    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        check_numbers(type(self).__name__, margin=margin)
        self.margin = margin


class CosineEmbeddingLoss(_MarginLoss):
    """1 - cos for a target of 1, what exceeds the margin for -1: (N, D), (N, D), (N) -> ().

    See :func:`nn.functional.cosine_embedding_loss`.

    >>> import autograd
    >>> x, y = autograd.tensor([[1.0, 0.0]]), autograd.tensor([[0.0, 2.0]])
    >>> CosineEmbeddingLoss()(x, y, autograd.tensor([1]))
    tensor(1.)
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(
            input1, input2, target, margin=self.margin, reduction=self.reduction
        )


class MarginRankingLoss(_MarginLoss):
    """max(-y (x₁ - x₂) + margin, 0): (*), (*), (*) -> ().

    See :func:`nn.functional.margin_ranking_loss`.

    >>> import autograd
    >>> one = autograd.tensor([1.0])
    >>> MarginRankingLoss()(one, 3 * one, one)
    tensor(2.)
    """

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(
            input1, input2, target, margin=self.margin, reduction=self.reduction
        )


class HingeEmbeddingLoss(_MarginLoss):
    """x for a target of 1, max(margin - x, 0) for -1: (*), (*) -> ().

    See :func:`nn.functional.hinge_embedding_loss`.

    >>> import autograd
    >>> HingeEmbeddingLoss()(autograd.tensor([0.5, 0.25]), autograd.tensor([1, -1]))
    tensor(0.6250)
    """

    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(margin, size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class TripletMarginLoss(_Loss):
    """max(d(a, p) - d(a, n) + margin, 0): (N, D), (N, D), (N, D) -> ().

    See :func:`nn.functional.triplet_margin_loss`.

    >>> import autograd
    >>> a, p, n = (autograd.tensor([[value, 0.0]]) for value in (0.0, 1.0, 1.5))
    >>> TripletMarginLoss()(a, p, n)
    tensor(0.5000)
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        check_numbers("TripletMarginLoss", margin=margin, p=p, eps=eps)
        check_flags("TripletMarginLoss", swap=swap)
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class SoftMarginLoss(_Loss):
    """log(1 + exp(-y x)) for targets y of 1 and -1: (*), (*) -> ().

    >>> import autograd
    >>> SoftMarginLoss()(autograd.tensor([0.0]), autograd.tensor([1.0]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)
