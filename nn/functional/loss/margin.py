"""Losses of scores of several classes, with margins, and of several labels at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.dialect import ends, pick
from autograd.arrays.errors import DtypeError
from autograd.engine.elementwise import in_float32
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.ops.pointwise.minmax import clamp_min
from nn.functional.distance import pairwise_distance
from nn.functional.loss.reduction import reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "triplet_margin_with_distance_loss",
]


@in_float32
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r""":math:`\frac1C \sum_{c \ne y} w_y \max(m - x_y + x_c, 0)^p`, for p of 1 or 2.

    Shapes: scores (N, C), (C) or (), classes (N) or (), weight (C); with ``reduction="none"`` a
    result of the classes' shape. Raises ValueError for others, IndexError for a class outside
    [0, C). Crammer & Singer 2001 (JMLR 2).

    >>> import autograd
    >>> multi_margin_loss(autograd.tensor([[0.5, 0.0]]), autograd.tensor([0]))
    tensor(0.2500)
    """
    reduction = reduction_of("multi_margin_loss", reduction, size_average, reduce)
    x, y, alone = _rows("multi_margin_loss", input, target, 1)
    if p not in (1, 2) or isinstance(p, bool):
        raise ValueError(f"multi_margin_loss: p must be 1 or 2; got {p}.")
    classes = x.shape[1]
    least, most = ends(y)
    if not 0 <= least <= most < classes:
        raise IndexError(
            f"multi_margin_loss: targets must be classes in [0, {classes}); got {least} to {most}."
        )
    right = np.take_along_axis(x, y[:, None], axis=1)
    losses = clamp_min(x - right + number_of("multi_margin_loss", "margin", margin), 0)
    losses = losses if p == 1 else losses * losses
    if weight is not None:
        check_tensors("multi_margin_loss", weight=weight)
        if tuple(weight.shape) != (classes,):
            raise ShapeError(
                f"multi_margin_loss: weight must hold one number per class, ({classes},); got "
                f"{tuple(weight.shape)}."
            )
        losses = losses * pick(unwrap(weight).astype(unwrap(x).dtype), y)[:, None]
    others = np.not_equal(np.arange(classes, like=y), y[:, None])
    losses = np.add.reduce(np.where(others, losses, 0), axis=1) / classes
    return reduced(losses[0] if alone else losses, reduction)


@in_float32
def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r""":math:`\frac1C \sum_{y} \sum_{c \notin Y} \max(1 - x_y + x_c, 0)`.

    Shapes: scores (N, C), (C) or (), targets of the same shape: each row's labels, then a -1.
    Raises ValueError for others, IndexError for a class outside [-1, C).

    >>> import autograd
    >>> y = autograd.tensor([[1, -1, 0]])  # only what is before the -1 counts
    >>> multilabel_margin_loss(autograd.tensor([[0.0, 0.5, 0.25]]), y)
    tensor(0.4167)
    """
    reduction = reduction_of("multilabel_margin_loss", reduction, size_average, reduce)
    x, y, alone = _rows("multilabel_margin_loss", input, target, 2)
    classes = x.shape[1]
    least, most = ends(y)
    if not -1 <= least <= most < classes:
        raise IndexError(
            f"multilabel_margin_loss: targets must be classes in [0, {classes}), or -1; got "
            f"{least} to {most}."
        )
    given = np.cumsum(y < 0, axis=1) == 0  # before the first -1
    label = np.where(given, y, 0)
    of_class = np.equal(label[:, :, None], np.arange(classes, like=y))
    is_label = np.logical_or.reduce(np.logical_and(of_class, given[:, :, None]), axis=1)
    right = np.take_along_axis(x, label, axis=1)
    losses = clamp_min(1 - right[:, :, None] + x[:, None, :], 0)
    counted = given[:, :, None] & ~is_label[:, None, :]
    losses = np.add.reduce(np.where(counted, losses, 0), axis=(1, 2)) / classes
    return reduced(losses[0] if alone else losses, reduction)


@in_float32
def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over classes of the binary cross-entropy of σ(x) with the labels 0 and 1.

    Shapes: (N, C) or (C) each, weight (C) -> () or, with ``reduction="none"``, (N).

    Raises ValueError where scores and labels differ in shape.

    >>> import autograd
    >>> multilabel_soft_margin_loss(autograd.tensor([[0.0, 0.0]]), autograd.tensor([[0.0, 1.0]]))
    tensor(0.6931)
    """
    reduction = reduction_of("multilabel_soft_margin_loss", reduction, size_average, reduce)
    check_tensors("multilabel_soft_margin_loss", input=input, target=target)
    if input.shape != target.shape or input.ndim == 0:
        raise ShapeError(
            "multilabel_soft_margin_loss: scores and labels must be of one shape (N, C); got "
            f"{tuple(input.shape)} and {tuple(target.shape)}."
        )
    losses: Any = np.logaddexp(-input, 0.0) * target + np.logaddexp(input, 0.0) * (1 - target)
    if weight is not None:
        check_tensors("multilabel_soft_margin_loss", weight=weight)
        losses = losses * weight
    return reduced(np.add.reduce(losses, axis=-1) / input.shape[-1], reduction)


@in_float32
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """:func:`triplet_margin_loss` with any distance, (N, *), (N, *) -> (N).

    Raises ValueError where the margin is not positive or the axes differ in number, TypeError for
    what is no function.

    >>> import autograd
    >>> a, p, n = (autograd.tensor([[value, 0.0]]) for value in (0.0, 1.0, 1.5))
    >>> def city(x, y): return (x - y).abs().sum(-1)
    >>> triplet_margin_with_distance_loss(a, p, n, distance_function=city)
    tensor(0.5000)
    """
    call = "triplet_margin_with_distance_loss"
    reduction = reduction_of(call, reduction)
    check_tensors(call, anchor=anchor, positive=positive, negative=negative)
    margin = number_of(call, "margin", margin)
    if not margin > 0:
        raise ValueError(f"{call}: margin must be positive; got {margin}.")
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise ShapeError(
            f"{call}: the three must have as many axes; got {tuple(anchor.shape)}, "
            f"{tuple(positive.shape)} and {tuple(negative.shape)}."
        )
    if distance_function is not None and not callable(distance_function):
        raise TypeError(
            f"{call}: distance_function must be a function of two tensors; got "
            f"{distance_function!r}."
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return reduced(clamp_min(near - far + margin, 0), reduction)


def _rows(call: str, input: Any, target: Any, axes: int) -> tuple[Any, Any, bool]:
    """Scores (N, C), targets with as many rows, and whether one loss alone is asked for."""
    check_tensors(call, input=input, target=target)
    y = unwrap(target)
    x = np.reshape(input, (1, -1)) if input.ndim < 2 else input
    if axes == 1:
        alone = target.ndim == 0
        y = np.reshape(y, -1) if alone else y
    else:
        alone = input.ndim < 2
        y = np.reshape(y, (1, -1)) if alone and y.ndim < 2 else y
    expected = tuple(x.shape)[:axes]
    if x.ndim != 2 or tuple(y.shape) != expected or 0 in x.shape[1:]:
        raise ShapeError(
            f"{call}: scores (N, C) go with targets {'(N)' if axes == 1 else '(N, C)'}; got "
            f"{tuple(input.shape)} and {tuple(target.shape)}."
        )
    if not dtypes.integral(y.dtype):
        raise DtypeError(
            f"{call}: targets must be integers; got {y.dtype}. Convert them: y.long()."
        )
    return x, y, alone
