"""Pixels exchanged for channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_tensors, integer_of
from autograd.engine.places import ShapeError

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["pixel_shuffle", "pixel_unshuffle"]


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Channels spread over pixels: (*, C r², H, W) -> (*, C, H r, W r).

    Raises ValueError where r² does not divide the channels. Shi et al. 2016, arXiv:1609.05158.

    >>> import autograd
    >>> pixel_shuffle(autograd.arange(4.0).reshape(4, 1, 1), 2)
    tensor([[[0., 1.],
             [2., 3.]]])
    """
    r = _factor("pixel_shuffle", "upscale_factor", input, upscale_factor)
    *batch, channels, height, width = input.shape
    if channels % (r * r):
        raise ShapeError(
            f"pixel_shuffle: {r}² must divide the channels; got shape {tuple(input.shape)}."
        )
    if r == 1:
        return input.clone()
    n = len(batch)
    apart = input.reshape(*batch, channels // (r * r), r, r, height, width)
    moved = apart.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return moved.reshape(*batch, channels // (r * r), height * r, width * r)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Pixels gathered into channels: (*, C, H r, W r) -> (*, C r², H, W); undoes pixel_shuffle.

    Raises ValueError where r does not divide height and width.

    >>> import autograd
    >>> pixel_unshuffle(autograd.arange(4.0).reshape(1, 2, 2), 2).shape
    autograd.Size([4, 1, 1])
    """
    r = _factor("pixel_unshuffle", "downscale_factor", input, downscale_factor)
    *batch, channels, height, width = input.shape
    if height % r or width % r:
        raise ShapeError(
            f"pixel_unshuffle: {r} must divide height and width; got shape {tuple(input.shape)}."
        )
    if r == 1:
        return input.clone()
    n = len(batch)
    apart = input.reshape(*batch, channels, height // r, r, width // r, r)
    moved = apart.permute(*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return moved.reshape(*batch, channels * r * r, height // r, width // r)


def _factor(call: str, name: str, input: Any, factor: Any) -> int:
    check_tensors(call, input=input)
    r = integer_of(call, name, factor)
    if r < 1 or input.ndim < 3:
        raise ShapeError(
            f"{call}: expected images (*, C, H, W) and a factor of 1 or more; got shape "
            f"{tuple(input.shape)} and {r}."
        )
    return r
