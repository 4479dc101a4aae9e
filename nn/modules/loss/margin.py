"""Losses of scores of several classes, with margins, and of several labels at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags, check_numbers
from nn import functional as F
from nn.modules.distance import PairwiseDistance
from nn.modules.loss.base import _Loss, _WeightedLoss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "TripletMarginWithDistanceLoss",
]


class MultiMarginLoss(_WeightedLoss):
    """What each other class comes nearer to the right one than the margin: (N, C), (N) -> ().

    See :func:`nn.functional.multi_margin_loss`.

    Raises ValueError for a ``p`` that is neither 1 nor 2.

    >>> import autograd
    >>> MultiMarginLoss()(autograd.tensor([[0.5, 0.0]]), autograd.tensor([0]))
    tensor(0.2500)
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError(f"MultiMarginLoss: p must be 1 or 2; got {p}.")
        check_numbers("MultiMarginLoss", margin=margin)
        self.p, self.margin = p, margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(
            input,
            target,
            p=self.p,
            margin=self.margin,
            weight=self.weight,
            reduction=self.reduction,
        )


class MultiLabelMarginLoss(_Loss):
    """What other classes come nearer to each label than 1: (N, C), (N, C) -> ().

    See :func:`nn.functional.multilabel_margin_loss`.

    >>> import autograd
    >>> y = autograd.tensor([[1, -1, 0]])
    >>> MultiLabelMarginLoss()(autograd.tensor([[0.0, 0.5, 0.25]]), y)
    tensor(0.4167)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The binary cross-entropy of each label, their mean: scores (N, C), labels (N, C) -> ().

    >>> import autograd
    >>> MultiLabelSoftMarginLoss()(autograd.zeros(1, 2), autograd.tensor([[0.0, 1.0]]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(
            input, target, weight=self.weight, reduction=self.reduction
        )


class TripletMarginWithDistanceLoss(_Loss):
    """:class:`TripletMarginLoss` with any distance: (N, *), (N, *), (N, *) -> ().

    Raises ValueError where the margin is not positive.

    >>> import autograd
    >>> a, p, n = (autograd.tensor([[value, 0.0]]) for value in (0.0, 1.0, 1.5))
    >>> TripletMarginWithDistanceLoss()(a, p, n)
    tensor(0.5000)
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        super().__init__(reduction=reduction)
        check_numbers("TripletMarginWithDistanceLoss", margin=margin)
        check_flags("TripletMarginWithDistanceLoss", swap=swap)
        if not margin > 0:
            raise ValueError(
                f"TripletMarginWithDistanceLoss: margin must be positive; got {margin}."
            )
        given = PairwiseDistance() if distance_function is None else distance_function
        self.distance_function, self.margin, self.swap = given, margin, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
