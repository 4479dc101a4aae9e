"""What losses are made of: a reduction, and weights for classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_tensors
from nn.functional.loss import reduction_of
from nn.modules.module import Module

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
