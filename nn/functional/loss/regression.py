"""Losses of numbers: how far predictions are from the values that came."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import as_tensor
from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.dialect import anywhere, writable
from autograd.arrays.errors import OptionError
from autograd.engine.elementwise import Elementwise, in_float32
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap
from autograd.engine.places import ShapeError
from autograd.ops.pointwise.where import where
from nn.functional.loss.reduction import check_broadcast, check_one_shape, reduced, reduction_of

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "gaussian_nll_loss",
    "huber_loss",
    "l1_loss",
    "mse_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
]


class MSE(Function):
    """The mean (or sum) of squared differences, of inputs of one shape and dtype."""

    def forward(self, x, y, *, mean):
        self.made = d = x - y
        self.scale = 1 / (d.size or math.nan) if mean else 1
        return np.add.reduce(np.square(d), axis=None) * self.scale

    def backward(self, g, made):
        d = made if type(made) is type(g) else writable(made, g)
        d *= g * (2 * self.scale)
        return d, None if self.edges[1] is None else -d

    @staticmethod
    def definition(x, y, *, mean):
        total = np.add.reduce(np.square(x - y), axis=None)
        return total / (math.prod(x.shape) or math.nan) if mean else total


@in_float32
def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    r"""The squared difference :math:`(x - y)^2`, averaged, summed or as it is.

    Shapes: input and target (*) -> () or, with ``reduction="none"``, (*). ``weight`` multiplies the
    squares; their mean is then over Σ weight. Raises ValueError where shapes differ; one number is
    compared with all, with a warning.

    >>> import autograd
    >>> mse_loss(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(2.)
    """
    reduction = reduction_of("mse_loss", reduction, size_average, reduce)
    if not (isinstance(input, TensorBase) and isinstance(target, TensorBase)):
        check_tensors("mse_loss", input=input, target=target)
    if input.shape == target.shape and input.dtype == target.dtype and dtypes.floating(input.dtype):
        if reduction != "none" and weight is None:
            return MSE.apply(input, target, mean=reduction == "mean")
    check_one_shape("mse_loss", input, target)
    if dtypes.complex_valued(input.dtype) or dtypes.complex_valued(target.dtype):
        raise TypeError(
            f"mse_loss: a loss must be real; got {input.dtype} and {target.dtype}. Write "
            "(input - target).abs().square().mean()."
        )
    difference = input - target
    return _weighted(difference * difference, weight, reduction)


@in_float32
def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    r"""The absolute difference :math:`|x - y|`, averaged, summed or as it is.

    Shapes and ``weight`` as in :func:`mse_loss`.

    >>> import autograd
    >>> l1_loss(autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 4.0]))
    tensor(1.)
    """
    reduction = reduction_of("l1_loss", reduction, size_average, reduce)
    check_tensors("l1_loss", input=input, target=target)
    check_one_shape("l1_loss", input, target)
    return _weighted(abs(input - target), weight, reduction)


class Huber(Elementwise):
    """d²/2 below δ, δ(|d| - δ/2) from there on."""

    floating = True

    def forward(self, d, *, delta):
        self.delta = delta
        inner = np.minimum(np.absolute(d), delta)
        return inner * (np.absolute(d) - inner * 0.5)

    def grad_d(self, g, d):
        return g * np.minimum(np.maximum(d, -self.delta), self.delta)


@in_float32
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
    check_one_shape("smooth_l1_loss", input, target)
    difference = input - target
    losses = Huber.apply(difference, delta=beta) / beta if beta else abs(difference)
    return reduced(losses, reduction)


@in_float32
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
        raise OptionError(f"huber_loss: delta must be positive; got {delta}.")
    check_one_shape("huber_loss", input, target)
    losses = Huber.apply(input - target, delta=delta)
    if weight is not None:
        check_tensors("huber_loss", weight=weight)
        losses = losses * weight
    return reduced(losses, reduction)


def _weighted(losses: Any, weight: Any, reduction: str) -> Any:
    """Losses times ``weight``, reduced; a mean is over Σ weight."""
    if weight is None:
        return reduced(losses, reduction)
    check_tensors("loss", weight=weight)
    losses = losses * weight
    if reduction == "mean":
        return losses.sum() / weight.expand_as(losses).sum()
    return reduced(losses, reduction)


@in_float32
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
    check_broadcast("poisson_nll_loss", input, target)
    eps = number_of("poisson_nll_loss", "eps", eps)
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        count = where(target > 1, target, 1.0)
        stirling = count * count.log() - count + 0.5 * (2 * math.pi * count).log()
        losses = losses + where(target > 1, stirling, 0.0)
    return reduced(losses, reduction)


@in_float32
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
    check_broadcast("gaussian_nll_loss", input, target)
    eps = number_of("gaussian_nll_loss", "eps", eps)
    if not eps > 0:
        raise ValueError(f"gaussian_nll_loss: eps must be positive; got {eps}.")
    variance: Any = var if isinstance(var, TensorBase) else as_tensor(var, dtype=input.dtype)
    shape = tuple(input.shape)
    if variance.ndim and tuple(variance.shape) != shape:
        if shape[:-1] == tuple(variance.shape):
            variance = variance.unsqueeze(-1)
        elif tuple(variance.shape) != (*shape[:-1], 1):
            raise ShapeError(
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
    return reduced(losses, reduction)
