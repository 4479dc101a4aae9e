"""Batch normalisation: each channel over all samples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_flags, check_tensors, number_of
from autograd.arrays.errors import OptionError
from autograd.engine import versions, watches
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.grad_mode import mode
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from autograd.kernels.standardize import moved_at, scale_of, scaled
from autograd.kernels.sums import sum_over
from nn.functional.normalization import Standardize, check_affine, widened

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["batch_norm"]


class NativeBatchNorm(Standardize):
    """PyTorch's name of it, which a result's ``grad_fn`` shows."""


class BatchNormByStatistics(Function):
    """(x - μ) / √(σ² + ε) · w + b by channel, where μ and σ² are given."""

    def forward(self, x, weight, bias, mean, var, *, eps):
        self.eps = eps
        return scaled(x, mean, var, weight, bias, eps=eps)

    def grad_x(self, g, weight, var):
        return g * _by_channel(scale_of(weight, var, self.eps), g)

    def grad_weight(self, g, x, mean, var):
        return sum_over(g * (x - _by_channel(mean, g)), axis=_others(g)) / np.sqrt(var + self.eps)

    def grad_bias(self, g):
        return sum_over(g, axis=_others(g))


def _by_channel(one: Any, x: Any) -> Any:
    return np.reshape(one, (-1, *[1] * (x.ndim - 2)))


def _others(x: Any) -> tuple[int, ...]:
    """All axes but the channels'."""
    return (0, *range(2, x.ndim))


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    r"""Standardise each channel: :math:`(x - \mu) / \sqrt{\sigma^2 + \epsilon} \cdot w + b`.

    While ``training``, μ and σ² = Σ (x - μ)² / n are those of the batch, and the running ones move
    towards them in place, by the share ``momentum`` (σ² with n - 1); else the running ones count.

    Shapes: input (N, C, *), all others (C). Raises ValueError where shapes and TypeError where
    dtypes do not match, and ValueError in training for a single value per channel or an ε of 0.

    Ioffe & Szegedy 2015, arXiv:1502.03167.

    >>> import autograd
    >>> x, mean = autograd.tensor([[1.0], [3.0]]), autograd.zeros(1)
    >>> batch_norm(x, mean, autograd.ones(1), training=True)
    tensor([[-1.0000],
            [ 1.0000]])
    >>> mean
    tensor([0.2000])
    """
    call = "batch_norm"
    check_tensors(call, input=input)
    check_flags(call, training=training)
    eps, momentum = number_of(call, "eps", eps), number_of(call, "momentum", momentum)
    if eps < 0 or training and eps == 0:
        raise OptionError(
            f"{call}: eps must be {'above 0 in training' if training else '0 or more'}; got {eps}. "
            "Pass 1e-5."
        )
    if input.ndim < 2:
        raise ShapeError(
            f"{call}: input must have a batch and channels (N, C, *); got shape "
            f"{tuple(input.shape)}. Give it a batch: x.unsqueeze(0)."
        )
    samples, channels = input.shape[:2]
    check_affine(
        call,
        input,
        (channels,),
        of="one for each channel",
        layer="num_features",
        weight=weight,
        bias=bias,
    )
    for name, value in (("running_mean", running_mean), ("running_var", running_var)):
        check_statistics(call, name, value, channels, training)
    x, w, b = map(widened, (input, weight, bias))
    if not training:
        mean, var = (
            cast(widened(one).detach(), unwrap(x).dtype) for one in (running_mean, running_var)
        )
        return cast(BatchNormByStatistics.apply(x, w, b, mean, var, eps=eps), unwrap(input).dtype)
    for told in () if mode.grad else watches.unrecorded:
        told(call)
    each = math.prod(input.shape[2:])
    if samples * each == 1:
        raise ShapeError(
            f"{call}: one value has no variance; in training each channel needs more, got x of "
            f"shape {tuple(input.shape)}. Take a larger batch, or call eval() first."
        )
    options = {
        "view": (samples, channels, each),
        "groups": (channels, 1),
        "axes": (0, 2),
        "eps": eps,
    }
    if running_mean is None and running_var is None:
        return cast(NativeBatchNorm.apply(x, w, b, **options), unwrap(input).dtype)
    out, mean, var = NativeBatchNorm.apply(x, w, b, moments=True, **options)
    n = samples * each
    remember(running_mean, np.reshape(unwrap(mean), (-1,)), momentum)
    remember(running_var, np.reshape(unwrap(var), (-1,)) * (n / max(n - 1, 1)), momentum)
    return cast(out, unwrap(input).dtype)


def check_statistics(call: str, name: str, value: Any, channels: int, training: bool) -> None:
    """Raise where what was remembered does not belong to the input, or is needed and not there."""
    if value is None:
        if not training:
            raise ValueError(
                f"{call}: without training, {name} is what counts; got None. Pass it, or "
                "training=True."
            )
        return
    check_tensors(call, **{name: value})
    if tuple(value.shape) != (channels,):
        raise ShapeError(
            f"{call}: {name} must hold one number for each of the {channels} channels; got shape "
            f"{tuple(value.shape)}. Channels come second (N, C, *)."
        )


def remember(running: Any, found: Any, momentum: float) -> None:
    """Move ``running`` towards what was ``found``, in its own memory."""
    if running is not None:
        moved_at(running._array(), found, momentum)
        versions.note_change(running._array())
