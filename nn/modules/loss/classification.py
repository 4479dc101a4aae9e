"""Losses of classes, of which there are several or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograd.arrays.arguments import (
    check_numbers,
    check_tensors,
    count_of,
    integer_of,
    number_of,
    size_of,
)
from autograd.arrays.errors import OptionError
from autograd.engine.places import ShapeError
from nn import functional as F
from nn.modules.linear import Linear
from nn.modules.loss.base import _WeightedLoss

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "LinearCrossEntropyLoss",
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


class LinearCrossEntropyLoss(_WeightedLoss):
    """:class:`CrossEntropyLoss` of a linear layer's logits: x (N, in), classes (N, …) -> ().

    The layer is ``linear``; with ``out_features`` (d₁, …) there are as many targets for each
    sample, (N, d₁, …). See :func:`nn.functional.linear_cross_entropy`.

    Raises ValueError for a ``label_smoothing`` outside [0, 1], or a ``weight`` not of shape (C).

    >>> import autograd
    >>> loss = LinearCrossEntropyLoss(3, 2)
    >>> loss(autograd.ones(4, 3), autograd.tensor([0, 1, 1, 0])).shape
    autograd.Size([])
    """

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        device: object = None,
        dtype: DType = None,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: object = None,
    ) -> None:
        super().__init__(weight, reduction=reduction)
        call = "LinearCrossEntropyLoss"
        if not 0 <= number_of(call, "label_smoothing", label_smoothing) <= 1:
            raise OptionError(
                f"{call}: label_smoothing must be in [0, 1]; got {label_smoothing}. Pass 0.1."
            )
        if weight is not None and tuple(weight.shape) != (num_classes,):
            raise ShapeError(
                f"{call}: weight must hold one number per class, ({num_classes},); got "
                f"{tuple(weight.shape)}."
            )
        if ignore_index is not None:
            ignore_index = integer_of(call, "ignore_index", ignore_index)
        self.in_features, self.num_classes = in_features, count_of(call, "num_classes", num_classes)
        self.out_features = size_of("out_features", (out_features,))
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing
        self.options = options
        outputs = self.num_classes * math.prod(self.out_features)
        self.linear = Linear(in_features, outputs, bias=bias, device=device, dtype=dtype)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        shape = (self.num_classes, *self.out_features)
        bias = self.linear.bias
        return F.linear_cross_entropy(
            input,
            self.linear.weight.reshape(*shape, self.in_features),
            target,
            linear_bias=None if bias is None else bias.reshape(shape),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, num_classes={self.num_classes}, "
            f"out_features={self.out_features}, bias={self.linear.bias is not None}, "
            f"reduction={self.reduction}, ignore_index={self.ignore_index}, "
            f"label_smoothing={self.label_smoothing}, options={self.options}"
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
