"""Losses of classes, of which there are several or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_numbers, check_tensors, integer_of
from nn import functional as F
from nn.modules.loss.base import _WeightedLoss

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "NLLLoss",
]


class CrossEntropyLoss(_WeightedLoss):
    """The negative log-likelihood of classes under softmax: logits (N, C, …), classes (N, …) -> ().

    Targets may be probabilities, shaped like the logits. See :func:`nn.functional.cross_entropy`.

    >>> import autograd
    >>> CrossEntropyLoss()(autograd.tensor([[0.0, 0.0]]), autograd.tensor([1]))
    tensor(0.6931)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        check_numbers("CrossEntropyLoss", label_smoothing=label_smoothing)
        self.ignore_index = integer_of("CrossEntropyLoss", "ignore_index", ignore_index)
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(_WeightedLoss):
    """The negative log-likelihood of classes: log-probabilities (N, C, …), classes (N, …) -> ().

    See :func:`nn.functional.nll_loss`.

    >>> import autograd
    >>> NLLLoss()(autograd.tensor([[-0.5, -1.0]]), autograd.tensor([1]))
    tensor(1.)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = integer_of("NLLLoss", "ignore_index", ignore_index)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


class BCELoss(_WeightedLoss):
    """The negative log-likelihood of yes or no: probabilities (*), targets (*) -> ().

    See :func:`nn.functional.binary_cross_entropy`.

    >>> import autograd
    >>> BCELoss()(autograd.tensor([0.5]), autograd.tensor([1.0]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_WeightedLoss):
    """:class:`BCELoss` of σ(x), right for logits of any size: logits (*), targets (*) -> ().

    See :func:`nn.functional.binary_cross_entropy_with_logits`.

    >>> import autograd
    >>> BCEWithLogitsLoss()(autograd.tensor([0.0]), autograd.tensor([1.0]))
    tensor(0.6931)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if pos_weight is not None:
            check_tensors("BCEWithLogitsLoss", pos_weight=pos_weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input,
            target,
            weight=self.weight,
            reduction=self.reduction,
            pos_weight=self.pos_weight,
        )
