"""Pictures sampled at any place: spatial transformers (Jaderberg et al. 2015, arXiv:1506.02025)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, size_of
from autograd.engine.elementwise import in_float32
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.resampling import cubic

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["affine_grid", "grid_sample"]


@in_float32
def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The places that an affine map gives to the pixels of a picture of ``size``.

    Shapes: theta (N, 2, 3), size (N, C, H, W) -> (N, H, W, 2); theta (N, 3, 4), size
    (N, C, D, H, W) -> (N, D, H, W, 3), places as (x, y) or (x, y, z) between -1 and 1. With
    ``align_corners`` these are the middles of the corner pixels, else the picture's edges. Raises
    ValueError for other shapes.

    >>> import autograd
    >>> affine_grid(autograd.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]]]), (1, 1, 1, 2))
    tensor([[[[-0.5000,  0.5000],
              [ 0.5000,  0.5000]]]])
    """
    check_tensors("affine_grid", theta=theta)
    size = size_of("size", (size,))
    n, *sizes = (size[0], *size[2:]) if len(size) in (4, 5) else (0,)
    d = len(sizes)
    if not d or tuple(theta.shape) != (n, d, d + 1) or min(n, *sizes) < 1:
        raise ShapeError(
            "affine_grid: theta (N, 2, 3) goes with a size (N, C, H, W), theta (N, 3, 4) with "
            f"(N, C, D, H, W); got {tuple(theta.shape)} and {tuple(size)}."
        )
    if not dtypes.floating(theta.dtype):
        raise TypeError(
            f"affine_grid: theta must be of a floating dtype; got {theta.dtype}. Convert it: "
            "theta.float()."
        )
    data = unwrap(theta)
    lines: list[Any] = []
    for axis, count in enumerate(sizes):
        last = max(count - 1, 1) if align_corners else count
        line = (
            2 * np.arange(count, like=data) - (count - 1)
        ) / last  # from -1 to 1, or half a pixel less
        lines.insert(
            0, np.reshape(line.astype(data.dtype), (-1, *(1,) * (d - axis - 1)))
        )  # x first
    places: list[Any] = []
    for row in range(d):
        numbers: Any = [np.reshape(theta[:, row, k], (n, *(1,) * d)) for k in range(d + 1)]
        place = numbers[d]
        for line, number in zip(lines, numbers):
            place = place + wrap(line, None) * number
        places.append(place)
    return autograd.stack(places, -1)


@in_float32
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """The input at the places of ``grid``, between pixels interpolated.

    Shapes: input (N, C, H, W), grid (N, *, *, 2) -> (N, C, *, *); input (N, C, D, H, W), grid
    (N, *, *, *, 3) -> (N, C, *, *, *). Places are (x, y) or (x, y, z) between -1 and 1.

    :param mode: "bilinear", "nearest", or, for pictures, "bicubic".
    :param padding_mode: what is outside: "zeros", "border" (the last pixel), or "reflection".
    :param align_corners: -1 and 1 are the middles of the corner pixels, not the picture's edges.
    :raises ValueError: shapes and options that do not belong together.

    >>> import autograd
    >>> picture = autograd.tensor([[[[1.0, 3.0]]]])
    >>> grid_sample(picture, autograd.tensor([[[[0.0, 0.0]]]]), align_corners=False)
    tensor([[[[2.]]]])
    """
    _check("grid_sample", input, grid, mode, padding_mode)
    n, channels, *sizes = (int(one) for one in input.shape)
    corners = bool(align_corners)
    # grid holds x first, which is the last axis
    places = [
        _between_pixels(grid[..., len(sizes) - 1 - axis], size, corners)
        for axis, size in enumerate(sizes)
    ]
    if mode != "bicubic":
        places = [_inside(at, size, padding_mode, corners) for at, size in zip(places, sizes)]
    axes = [_taps(at, mode) for at in places]
    area = math.prod(sizes)
    channels_last: Any = input.reshape(n, channels, area).transpose(1, 2)
    pixels = channels_last.reshape(n * area, channels)
    firsts: Any = np.reshape(np.arange(n, like=unwrap(input)) * area, (n, *[1] * len(sizes)))
    total: Any = None
    for taps in itertools.product(*axes):
        valid: Any = True
        index: Any = 0
        weight: Any = 1
        for (at, share), size in zip(taps, sizes):
            if mode == "bicubic" and padding_mode != "zeros":
                at = np.rint(unwrap(_inside(at, size, padding_mode, corners)))
            valid = np.logical_and(valid, np.logical_and(at >= 0, at <= size - 1))
            index = index * size + np.clip(np.nan_to_num(at), 0, size - 1).astype(np.int64)
            weight = share * weight
        weight = autograd.where(autograd.tensor(valid), weight, 0.0)
        term = pixels[autograd.tensor(firsts + index)] * autograd.unsqueeze(weight, -1)
        total = term if total is None else total + term
    return np.moveaxis(total, -1, 1).contiguous()


def _check(call: str, input: Any, grid: Any, mode: str, padding_mode: str) -> None:
    check_tensors(call, input=input, grid=grid)
    if mode not in ("bilinear", "nearest", "bicubic"):
        raise ValueError(f"{call}: mode must be bilinear, nearest or bicubic; got {mode!r}.")
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            f"{call}: padding_mode must be zeros, border or reflection; got {padding_mode!r}."
        )
    d = input.ndim - 2
    fits = d in (2, 3) and grid.ndim == input.ndim and grid.shape[-1] == d
    if not fits or input.shape[0] != grid.shape[0] or min(input.shape[2:]) < 1:
        raise ShapeError(
            f"{call}: an input (N, C, H, W) goes with a grid (N, *, *, 2), an input "
            f"(N, C, D, H, W) with (N, *, *, *, 3); got {tuple(input.shape)} and "
            f"{tuple(grid.shape)}."
        )
    if mode == "bicubic" and d != 2:
        raise ShapeError(
            f"{call}: bicubic goes with pictures, (N, C, H, W); got {tuple(input.shape)}."
        )
    if input.dtype != grid.dtype or not dtypes.floating(input.dtype):
        raise TypeError(
            f"{call}: input and grid must be of one floating dtype; got {input.dtype} and "
            f"{grid.dtype}. Convert the grid: grid.to(input.dtype)."
        )


def _between_pixels(at: Any, size: int, corners: bool) -> Any:
    """From -1 … 1 to 0 … size - 1, the middles of the first and the last pixel."""
    return (at + 1) * ((size - 1) / 2) if corners else ((at + 1) * size - 1) / 2


def _inside(at: Any, size: int, padding_mode: str, corners: bool) -> Any:
    """Places outside moved to the border, or reflected; there they have no gradient."""
    if padding_mode == "zeros":
        return at
    if padding_mode == "reflection":
        low, span = (0.0, size - 1.0) if corners else (-0.5, float(size))
        if span == 0:
            return at * 0
        away = abs(at - low)
        turns = np.floor(unwrap(away) / span)
        rest = away - turns * span
        at = autograd.where(autograd.tensor(turns % 2 == 0), rest, span - rest) + low
    data = unwrap(at)
    kept = autograd.tensor(np.logical_and(data > 0, data < size - 1))
    return autograd.where(kept, at, autograd.tensor(np.clip(data, 0, size - 1)))


def _taps(at: Any, mode: str) -> list[tuple[Any, Any]]:
    """The pixels near ``at`` along one axis, each with its share."""
    data = unwrap(at)
    if mode == "nearest":
        return [(np.rint(data), at * 0 + 1)]
    below = np.floor(data)
    part = at - autograd.tensor(below)
    if mode == "bilinear":
        return [(below, 1 - part), (below + 1, part)]
    return [(below + k, cubic(part - k)) for k in (-1, 0, 1, 2)]
