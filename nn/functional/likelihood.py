"""Negative log-likelihoods of distributions, and the divergence of one from another."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import as_tensor
from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.dialect import anywhere
from autograd.engine.graph import TensorBase, unwrap
from autograd.ops.pointwise.exponential import xlogy
from autograd.ops.pointwise.where import where
from nn.functional.loss import _reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor


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
    if reduction == "mean":
        warnings.warn(
            "kl_div: reduction 'mean' divides by the number of elements; 'batchmean' gives the "
            "divergence, averaged over the batch.",
            stacklevel=2,
        )
    if log_target:
        losses: Any = target.exp() * (target - input)
    else:
        losses = xlogy(target, target) - target * input
    losses = _reduced(losses, reduction)
    return losses / input.shape[0] if whole and input.ndim else losses


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r"""The negative log-likelihood of counts y under Poisson's distribution.

    .. math:: \ell = e^x - y x \quad\text{or, without log_input,}\quad x - y \log(x + \epsilon)

    Shapes: input and target (*), broadcast -> () or (*). ``full`` adds Stirling's approximation of
    log y!, y log y - y + log(2πy)/2, where y > 1.

    >>> import autograd
    >>> poisson_nll_loss(autograd.tensor([0.0]), autograd.tensor([2.0]))
    tensor(1.)
    """
    reduction = reduction_of("poisson_nll_loss", reduction, size_average, reduce)
    check_tensors("poisson_nll_loss", input=input, target=target)
    eps = number_of("poisson_nll_loss", "eps", eps)
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        count = where(target > 1, target, 1.0)
        stirling = count * count.log() - count + 0.5 * (2 * math.pi * count).log()
        losses = losses + where(target > 1, stirling, 0.0)
    return _reduced(losses, reduction)


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    r"""The negative log-likelihood of targets y under normal distributions (x, v).

    .. math:: \ell = \tfrac12 \left( \log \max(v, \epsilon) + \frac{(x - y)^2}{\max(v, \epsilon)}
              \right)

    Shapes: input and target (*) -> () or (*); ``var`` (*), or without the last axis, or 1 there, or
    one number. ``full`` adds log(2π)/2. The maximum lets the gradient of v through. Raises
    ValueError where v does not fit, or is negative.

    Nix & Weigend 1994, doi:10.1109/ICNN.1994.374138.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> gaussian_nll_loss(x, x + 1, autograd.ones(2))
    tensor(0.5000)
    """
    reduction = reduction_of("gaussian_nll_loss", reduction)
    check_tensors("gaussian_nll_loss", input=input, target=target)
    eps = number_of("gaussian_nll_loss", "eps", eps)
    if not eps > 0:
        raise ValueError(f"gaussian_nll_loss: eps must be positive; got {eps}.")
    variance: Any = var if isinstance(var, TensorBase) else as_tensor(var, dtype=input.dtype)
    shape = tuple(input.shape)
    if variance.ndim and tuple(variance.shape) != shape:
        if shape[:-1] == tuple(variance.shape):
            variance = variance.unsqueeze(-1)
        elif tuple(variance.shape) != (*shape[:-1], 1):
            raise ValueError(
                "gaussian_nll_loss: var must have the shape of input, or lack or have 1 as the "
                f"last axis; got {tuple(variance.shape)} for {shape}."
            )
    values = variance.detach()
    if anywhere(unwrap(values < 0)):
        raise ValueError("gaussian_nll_loss: var must not be negative; some are.")
    variance = variance + where(values < eps, eps - values, 0.0)  # the bound has no gradient
    losses = 0.5 * (np.log(variance) + (input - target) ** 2 / variance)
    if full:
        losses = losses + 0.5 * math.log(2 * math.pi)
    return _reduced(losses, reduction)
