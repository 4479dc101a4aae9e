"""Distances and angles between vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.engine.elementwise import in_float32
from autograd.engine.places import ShapeError
from autograd.ops.pointwise.minmax import clamp_min
from autograd.ops.reductions.norm import norm
from autograd.ops.shape.expand import broadcast_tensors
from autograd.tensors.creation import triu_indices

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["cosine_similarity", "pairwise_distance", "pdist"]


@in_float32
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along ``dim``, where the tensors broadcast.

    Shapes: (*, d, *), twice -> (*, *). Raises TypeError for complex vectors, which have no angle.

    >>> import autograd
    >>> cosine_similarity(autograd.tensor([[3.0, 4.0]]), autograd.tensor([[4.0, 3.0]]))
    tensor([0.9600])
    """
    check_tensors("cosine_similarity", x1=x1, x2=x2)
    eps = number_of("cosine_similarity", "eps", eps)
    dim = integer_of("cosine_similarity", "dim", dim)
    if dtypes.complex_valued(x1.dtype) or dtypes.complex_valued(x2.dtype):
        raise TypeError(
            f"cosine_similarity: only real vectors have an angle; got {x1.dtype} and {x2.dtype}. "
            "Write vecdot(x1, x2) / (x1.norm(dim=-1) * x2.norm(dim=-1))."
        )
    if x1.shape != x2.shape:
        x1, x2 = broadcast_tensors(x1, x2)
    one, other = (x / clamp_min(norm(x, 2, dim, keepdim=True), eps) for x in (x1, x2))
    return (one * other).sum(dim)


@in_float32
def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """‖x₁ - x₂ + ε‖ₚ along the last axis: (…, n), (…, n) -> (…), broadcast.

    >>> import autograd
    >>> pairwise_distance(autograd.tensor([[3.0, 4.0]]), autograd.tensor([[0.0, 0.0]]))
    tensor([5.0000])
    """
    check_tensors("pairwise_distance", x1=x1, x2=x2)
    difference = x1 - x2 + number_of("pairwise_distance", "eps", eps)
    return norm(difference, number_of("pairwise_distance", "p", p), -1, keepdim)


@in_float32
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norms of the differences of all pairs of rows, i < j: (n, d) -> (n (n - 1) / 2).

    Raises RuntimeError for other shapes and for a negative p.

    >>> import autograd
    >>> pdist(autograd.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    check_tensors("pdist", input=input)
    p = number_of("pdist", "p", p)
    if input.ndim != 2 or p < 0:
        raise ShapeError(
            f"pdist: expected rows (n, d) and a p of 0 or more; got shape {tuple(input.shape)} and "
            f"{p}."
        )
    n = input.shape[0]
    i, j = triu_indices(n, n, 1)
    return norm(input[i] - input[j], p, -1)
