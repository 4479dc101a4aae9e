"""Distances between vectors, and losses that are made of them and of margins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, integer_of, number_of
from autograd.engine.elementwise import Elementwise
from autograd.ops.pointwise.minmax import clamp_min
from autograd.ops.pointwise.where import where
from autograd.ops.reductions.norm import norm
from autograd.ops.shape.expand import broadcast_tensors
from nn.functional.loss import _reduced, _warn_of_broadcast, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor


class Huber(Elementwise):
    """d²/2 below δ, δ(|d| - δ/2) from there on."""

    floating = True

    def forward(self, d, *, delta):
        self.delta = delta
        inner = np.minimum(np.absolute(d), delta)
        return inner * (np.absolute(d) - inner * 0.5)

    def grad_d(self, g, d):
        return g * np.minimum(np.maximum(d, -self.delta), self.delta)


# -- of numbers ------------------------------------------------------------------------------------


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    r"""The absolute difference d, rounded off near 0: d²/2β below β, d - β/2 from there on.

    Shapes: input and target (*) -> () or, with ``reduction="none"``, (*). β = 0 is
    :func:`l1_loss`. Raises ValueError for a negative β. Girshick 2015, arXiv:1504.08083.

    >>> import autograd
    >>> smooth_l1_loss(autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0]), reduction="none")
    tensor([0.1250, 2.5000])
    """
    reduction = reduction_of("smooth_l1_loss", reduction, size_average, reduce)
    check_tensors("smooth_l1_loss", input=input, target=target)
    beta = number_of("smooth_l1_loss", "beta", beta)
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must be 0 or more; got {beta}.")
    _warn_of_broadcast("smooth_l1_loss", input, target)
    difference = input - target
    losses = Huber.apply(difference, delta=beta) / beta if beta else abs(difference)
    return _reduced(losses, reduction)


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    r"""d²/2 for a difference d below δ, δ(d - δ/2) from there on.

    Shapes as in :func:`smooth_l1_loss`, of which it is β times; ``weight`` multiplies the losses.
    Raises ValueError unless δ is positive. Huber 1964, doi:10.1214/aoms/1177703732.

    >>> import autograd
    >>> huber_loss(autograd.tensor([0.5, 3.0]), autograd.tensor([0.0, 0.0]), reduction="none")
    tensor([0.1250, 2.5000])
    """
    reduction = reduction_of("huber_loss", reduction)
    check_tensors("huber_loss", input=input, target=target)
    delta = number_of("huber_loss", "delta", delta)
    if not delta > 0:
        raise ValueError(f"huber_loss: delta must be positive; got {delta}.")
    _warn_of_broadcast("huber_loss", input, target)
    losses = Huber.apply(input - target, delta=delta)
    if weight is not None:
        check_tensors("huber_loss", weight=weight)
        losses = losses * weight
    return _reduced(losses, reduction)


# -- of vectors ------------------------------------------------------------------------------------


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along ``dim``, where the tensors broadcast.

    >>> import autograd
    >>> cosine_similarity(autograd.tensor([[3.0, 4.0]]), autograd.tensor([[4.0, 3.0]]))
    tensor([0.9600])
    """
    check_tensors("cosine_similarity", x1=x1, x2=x2)
    eps = number_of("cosine_similarity", "eps", eps)
    dim = integer_of("cosine_similarity", "dim", dim)
    if x1.shape != x2.shape:
        x1, x2 = broadcast_tensors(x1, x2)
    one, other = (x / clamp_min(norm(x, 2, dim, keepdim=True), eps) for x in (x1, x2))
    return (one * other).sum(dim)


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
        raise RuntimeError(
            "cosine_embedding_loss: inputs (N, D) go with a target (N), inputs (D) with a target "
            f"(); got {tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}."
        )
    squares = [(x * x).sum(-1) + 1e-12 for x in (input1, input2)]
    cosine = (input1 * input2).sum(-1) / (squares[0] * squares[1]).sqrt()
    losses = where(target == 1, 1 - cosine, 0.0)
    losses = losses + where(target == -1, clamp_min(cosine - margin, 0), 0.0)
    return _reduced(losses, reduction)


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
        raise RuntimeError(
            "triplet_margin_loss: the three must have as many axes; got "
            f"{tuple(anchor.shape)}, {tuple(positive.shape)} and {tuple(negative.shape)}."
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    return _reduced(clamp_min(near - far + margin, 0), reduction)


# -- of scores -------------------------------------------------------------------------------------


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
        raise RuntimeError(
            "margin_ranking_loss: the three must have as many axes; got "
            f"{tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(target.shape)}."
        )
    return _reduced(clamp_min(-target * (input1 - input2) + margin, 0), reduction)


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
    margin = number_of("hinge_embedding_loss", "margin", margin)
    apart = where(target != 1, clamp_min(margin - input, 0), 0.0)
    return _reduced(apart + where(target != -1, input, 0.0), reduction)


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
    losses: Any = np.logaddexp(-target * input, 0.0)
    return _reduced(losses, reduction)
