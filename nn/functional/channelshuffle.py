"""Channels of several groups, mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_tensors, count_of
from autograd.engine.places import ShapeError

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["channel_shuffle"]


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """The channels of ``groups`` groups dealt out in turn: (N, C, *) -> (N, C, *).

    Raises ValueError where the groups do not divide the channels. Zhang et al. 2017,
    arXiv:1707.01083.

    >>> import autograd
    >>> channel_shuffle(autograd.arange(4).reshape(1, 4, 1), 2).flatten()
    tensor([0, 2, 1, 3])
    """
    check_tensors("channel_shuffle", input=input)
    groups = count_of("channel_shuffle", "groups", groups, 1)
    if input.ndim < 3 or input.shape[1] % groups:
        raise ShapeError(
            f"channel_shuffle: {groups} groups must divide the channels of an input (N, C, *); got "
            f"shape {tuple(input.shape)}."
        )
    n, channels, *rest = input.shape
    apart = input.reshape(n, groups, channels // groups, *rest)
    return apart.transpose(1, 2).reshape(n, channels, *rest)
