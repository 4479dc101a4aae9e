"""Layers that exchange pixels for channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import count_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["PixelShuffle", "PixelUnshuffle"]


class PixelShuffle(Module):
    """Channels spread over pixels: (*, C r², H, W) -> (*, C, H r, W r).

    See :func:`nn.functional.pixel_shuffle`.

    >>> import autograd
    >>> PixelShuffle(2)(autograd.zeros(1, 8, 3, 3)).shape
    autograd.Size([1, 2, 6, 6])
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = count_of("PixelShuffle", "upscale_factor", upscale_factor, 1)

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Pixels gathered into channels: (*, C, H r, W r) -> (*, C r², H, W).

    >>> import autograd
    >>> PixelUnshuffle(2)(autograd.zeros(1, 2, 6, 6)).shape
    autograd.Size([1, 8, 3, 3])
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = count_of("PixelUnshuffle", "downscale_factor", downscale_factor, 1)

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"
