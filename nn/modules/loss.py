"""Loss layers: each is its function in :mod:`nn.functional`, with the options kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags, check_numbers, check_tensors, integer_of
from nn import functional as F
from nn.functional.loss import reduction_of
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "GaussianNLLLoss",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "MSELoss",
    "MarginRankingLoss",
    "NLLLoss",
    "PoissonNLLLoss",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "TripletMarginLoss",
]


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
        self.reduction = reduction_of(type(self).__name__, reduction, size_average, reduce)


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
        if weight is not None:
            check_tensors(type(self).__name__, weight=weight)
        self.register_buffer("weight", weight)


# -- of numbers ------------------------------------------------------------------------------------


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


# -- of classes ------------------------------------------------------------------------------------


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


# -- with margins ----------------------------------------------------------------------------------


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
