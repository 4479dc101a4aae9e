"""A layer that mixes the channels of several groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import count_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["ChannelShuffle"]


class ChannelShuffle(Module):
    """The channels of several groups dealt out in turn: (N, C, *) -> (N, C, *).

    See :func:`nn.functional.channel_shuffle`.

    >>> import autograd
    >>> ChannelShuffle(2)(autograd.arange(4).reshape(1, 4, 1)).flatten()
    tensor([0, 2, 1, 3])
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = count_of("ChannelShuffle", "groups", groups, 1)

    def forward(self, input: Tensor) -> Tensor:
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
