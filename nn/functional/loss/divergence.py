"""The divergence of one distribution from another."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_tensors
from autograd.engine.elementwise import in_float32
from autograd.ops.pointwise.exponential import xlogy
from nn.functional.loss.reduction import check_broadcast, reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["kl_div"]


@in_float32
def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    r"""The Kullback-Leibler divergence of log-probabilities x from probabilities y.

    .. math:: \ell = y (\log y - x)

    Shapes: input and target (*), broadcast -> () or, with ``reduction="none"``, (*).
    ``"batchmean"`` divides the sum by the size of the first axis, which is what the divergence of a
    batch means; ``"mean"``, the default, by the number of elements. With ``log_target`` the target
    is log y. Kullback & Leibler 1951, doi:10.1214/aoms/1177729694.

    >>> import autograd
    >>> y = autograd.tensor([[0.5, 0.5]])
    >>> kl_div(autograd.tensor([[0.25, 0.75]]).log(), y, reduction="batchmean")
    tensor(0.1438)
    """
    whole = reduction == "batchmean" and size_average is None and reduce is None
    reduction = "sum" if whole else reduction_of("kl_div", reduction, size_average, reduce)
    check_tensors("kl_div", input=input, target=target)
    check_broadcast("kl_div", input, target)
    if reduction == "mean":
        warnings.warn(
            "kl_div: reduction 'mean' divides by the number of elements; 'batchmean' gives the "
            "divergence, averaged over the batch.",
            stacklevel=3,
        )
    if log_target:
        losses: Any = target.exp() * (target - input)
    else:
        losses = xlogy(target, target) - target * input
    losses = reduced(losses, reduction)
    return losses / input.shape[0] if whole and input.ndim else losses
