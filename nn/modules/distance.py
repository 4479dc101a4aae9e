"""Distances and angles between vectors, as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_flags, check_numbers, integer_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["CosineSimilarity", "PairwiseDistance"]


class CosineSimilarity(Module):
    """The cosine of the angle between vectors along ``dim``: (…, n, …), (…, n, …) -> (…, …).

    See :func:`nn.functional.cosine_similarity`.

    >>> import autograd
    >>> CosineSimilarity()(autograd.tensor([[3.0, 4.0]]), autograd.tensor([[4.0, 3.0]]))
    tensor([0.9600])
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        check_numbers("CosineSimilarity", eps=eps)
        self.dim, self.eps = integer_of("CosineSimilarity", "dim", dim), eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """‖x₁ - x₂ + ε‖ₚ along the last axis: (…, n), (…, n) -> (…).

    >>> import autograd
    >>> PairwiseDistance()(autograd.tensor([[3.0, 4.0]]), autograd.tensor([[0.0, 0.0]]))
    tensor([5.0000])
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        check_numbers("PairwiseDistance", p=p, eps=eps)
        check_flags("PairwiseDistance", keepdim=keepdim)
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
