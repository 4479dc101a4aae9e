"""Losses of distances and scores, most of them with a margin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.engine.elementwise import in_float32
from autograd.engine.places import ShapeError
from autograd.ops.pointwise.minmax import clamp_min
from autograd.ops.pointwise.where import where
from nn.functional.distance import pairwise_distance
from nn.functional.loss.reduction import check_broadcast, reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]


@in_float32
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """1 - cos(x₁, x₂) where the target is 1, max(cos(x₁, x₂) - margin, 0) where it is -1.

    Shapes: inputs (N, D), target (N); or inputs (D), target (). Raises RuntimeError for others.

    >>> import autograd
    >>> x, y = autograd.tensor([[1.0, 0.0]]), autograd.tensor([[0.0, 2.0]])
    >>> cosine_embedding_loss(x, y, autograd.tensor([1]))
    tensor(1.)
    """
    reduction = reduction_of("cosine_embedding_loss", reduction, size_average, reduce)
    check_tensors("cosine_embedding_loss", input1=input1, input2=input2, target=target)
    margin = number_of("cosine_embedding_loss", "margin", margin)
    if target.ndim > 1 or input1.ndim != target.ndim + 1 or input2.ndim != target.ndim + 1:
        raise ShapeError(
            "cosine_embedding_loss: inputs (N, D) go with a target (N), inputs (D) with a target "
            f"(); got {tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}. The "
            "target says 1 or -1 of each pair of rows."
        )
    squares = [(x * x).sum(-1) + 1e-12 for x in (input1, input2)]
    cosine = (input1 * input2).sum(-1) / (squares[0] * squares[1]).sqrt()
    losses = where(target == 1, 1 - cosine, 0.0)
    losses = losses + where(target == -1, clamp_min(cosine - margin, 0), 0.0)
    return reduced(losses, reduction)


@in_float32
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(d(a, p) - d(a, n) + margin, 0), d being :func:`pairwise_distance`.

    Shapes: (N, D) each -> () or (N); (D) each -> (). With ``swap`` d(a, n) is the smaller of
    d(a, n) and d(p, n). Raises RuntimeError where the shapes have not as many axes, ValueError
    unless the margin is positive.

    Schroff, Kalenichenko & Philbin 2015, arXiv:1503.03832; Balntas et al. 2016 (BMVC).

    >>> import autograd
    >>> a, p, n = (autograd.tensor([[value, 0.0]]) for value in (0.0, 1.0, 1.5))
    >>> triplet_margin_loss(a, p, n)
    tensor(0.5000)
    """
    reduction = reduction_of("triplet_margin_loss", reduction, size_average, reduce)
    check_tensors("triplet_margin_loss", anchor=anchor, positive=positive, negative=negative)
    margin = number_of("triplet_margin_loss", "margin", margin)
    if not margin > 0:
        raise ValueError(f"triplet_margin_loss: margin must be positive; got {margin}.")
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise ShapeError(
            "triplet_margin_loss: the three must have as many axes; got "
            f"{tuple(anchor.shape)}, {tuple(positive.shape)} and {tuple(negative.shape)}."
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    return reduced(clamp_min(near - far + margin, 0), reduction)


@in_float32
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(-y (x₁ - x₂) + margin, 0): x₁ should rank above x₂ where y is 1, below where it is -1.

    Shapes: (*) each -> () or (*). Raises RuntimeError where they have not as many axes.

    >>> import autograd
    >>> one = autograd.tensor([1.0])
    >>> margin_ranking_loss(one, 3 * one, one)
    tensor(2.)
    """
    reduction = reduction_of("margin_ranking_loss", reduction, size_average, reduce)
    check_tensors("margin_ranking_loss", input1=input1, input2=input2, target=target)
    margin = number_of("margin_ranking_loss", "margin", margin)
    if not input1.ndim == input2.ndim == target.ndim:
        raise ShapeError(
            "margin_ranking_loss: the three must have as many axes; got "
            f"{tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}."
        )
    return reduced(clamp_min(-target * (input1 - input2) + margin, 0), reduction)


@in_float32
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """x where the target is 1, max(margin - x, 0) where it is -1: x is a distance.

    Shapes: (*) each, broadcast -> () or (*).

    >>> import autograd
    >>> hinge_embedding_loss(autograd.tensor([0.5, 0.25]), autograd.tensor([1, -1]))
    tensor(0.6250)
    """
    reduction = reduction_of("hinge_embedding_loss", reduction, size_average, reduce)
    check_tensors("hinge_embedding_loss", input=input, target=target)
    check_broadcast("hinge_embedding_loss", input, target)
    margin = number_of("hinge_embedding_loss", "margin", margin)
    apart = where(target != 1, clamp_min(margin - input, 0), 0.0)
    return reduced(apart + where(target != -1, input, 0.0), reduction)


@in_float32
def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """log(1 + exp(-y x)) for targets y of 1 and -1, without overflow.

    Shapes: (*) each, broadcast -> () or (*).

    >>> import autograd
    >>> soft_margin_loss(autograd.tensor([0.0]), autograd.tensor([1.0]))
    tensor(0.6931)
    """
    reduction = reduction_of("soft_margin_loss", reduction, size_average, reduce)
    check_tensors("soft_margin_loss", input=input, target=target)
    check_broadcast("soft_margin_loss", input, target)
    losses: Any = np.logaddexp(-target * input, 0.0)
    return reduced(losses, reduction)
