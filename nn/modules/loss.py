"""Loss layers: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.module import Module

from nn import functional as F

if TYPE_CHECKING:
    from autograd import Tensor


class _Loss(Module):
    """A loss with a reduction: "mean", "sum", or "none" for one loss per element.

    ``size_average`` and ``reduce`` are its older spelling; given, they win.
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__()
        self.reduction = F.reduction_of(type(self).__name__, reduction, size_average, reduce)


class _WeightedLoss(_Loss):
    """A loss whose terms are weighted; the weight is a buffer."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


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
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

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
        self.ignore_index = ignore_index

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
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input,
            target,
            weight=self.weight,
            reduction=self.reduction,
            pos_weight=self.pos_weight,
        )
