"""Instance normalisation: each channel of each sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays.arguments import check_flags, check_tensors, number_of
from autograd.engine.elementwise import cast
from autograd.engine.graph import unwrap
from autograd.engine.places import ShapeError
from nn.functional.batchnorm import batch_norm, check_statistics, remember
from nn.functional.normalization import Standardize, check_affine, widened

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["instance_norm"]


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    r"""Standardise each channel of each sample, with a scale and a shift for each channel.

    .. math:: y = (x - \mu) / \sqrt{\sigma^2 + \epsilon} \cdot w + b

    Running statistics, where given, move towards the mean over the samples; without
    ``use_input_stats`` they are what counts, as in :func:`batch_norm`. Shapes: input (N, C, *), all
    others (C). Raises ValueError for a single value per channel.

    Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022.

    >>> import autograd
    >>> instance_norm(autograd.tensor([[[1.0, 3.0], [0.0, 8.0]]]))
    tensor([[[-1.0000,  1.0000],
             [-1.0000,  1.0000]]])
    """
    call = "instance_norm"
    check_tensors(call, input=input)
    check_flags(call, use_input_stats=use_input_stats)
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    eps, momentum = number_of(call, "eps", eps), number_of(call, "momentum", momentum)
    if input.ndim < 2:
        raise ShapeError(
            f"{call}: input must have a batch and channels (N, C, *); got shape "
            f"{tuple(input.shape)}. Give it a batch: x.unsqueeze(0)."
        )
    samples, channels = input.shape[:2]
    check_affine(call, input, (channels,), of="one for each channel", weight=weight, bias=bias)
    for name, value in (("running_mean", running_mean), ("running_var", running_var)):
        check_statistics(call, name, value, channels, True)
    n = math.prod(input.shape[2:])
    if n == 1:
        raise ShapeError(
            f"{call}: one value has no variance; each channel of a sample needs more, got x of "
            f"shape {tuple(input.shape)}. Take batch_norm."
        )
    out, mean, var = Standardize.apply(
        *map(widened, (input, weight, bias)),
        view=(samples, channels, n),
        groups=(channels, 1),
        axes=(2,),
        eps=eps,
        moments=True,
    )
    if samples:
        of_all = [np.add.reduce(unwrap(one), axis=(0, 2)) / samples for one in (mean, var)]
        remember(running_mean, of_all[0], momentum)
        remember(running_var, of_all[1] * (n / max(n - 1, 1)), momentum)
    return cast(out, unwrap(input).dtype)
