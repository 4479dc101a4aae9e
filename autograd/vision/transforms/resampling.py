"""Tensors at other sizes and in other places: what Pillow does for its images."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import wrap


def resized(x: Any, size: tuple[int, int], mode: str, antialias: bool) -> Any:
    """A tensor (*, H, W) at another size.

    Each axis is a matrix product with the weights of :func:`_weights`, so it has gradients.
    """
    before = x._data.dtype
    if mode in ("nearest", "nearest-exact"):
        half = 0.5 if mode == "nearest-exact" else 0.0
        rows, columns = (
            np.minimum(((np.arange(new) + half) * np.float32(old / new)).astype(np.int64), old - 1)
            for new, old in zip(size, x.shape[-2:])
        )
        return x[..., rows[:, None], columns]
    if mode not in ("bilinear", "bicubic"):
        raise ValueError(
            "resize: of a tensor, interpolation must be nearest, nearest-exact, bilinear or "
            f"bicubic; got {mode}. Use ToPILImage first."
        )
    real = before if dtypes.floating(before) else np.dtype(np.float32)
    down, across = (
        wrap(_weights(old, new, mode, antialias).astype(real), None)
        for new, old in zip(size, x.shape[-2:])
    )
    made = down @ (x.to(real) @ across.T)
    return made if real == before else _rounded(made, before)


def _rounded(x: Any, dtype: Any) -> Any:
    limits = np.iinfo(dtype) if dtypes.integral(dtype) else None
    x = x.round()
    return (x if limits is None else x.clamp(int(limits.min), int(limits.max))).to(dtype)


def _weights(old: int, new: int, mode: str, antialias: bool) -> np.ndarray:
    """The matrix (new, old) that resamples an axis.

    The kernel is a triangle or Keys' cubic (1981, doi:10.1109/TASSP.1981.1163711), with a = -0.75,
    or -0.5 with ``antialias``, which stretches the kernel to the spacing of the new points. Points
    beyond the edge count as the edge, or with ``antialias`` not at all.
    """
    scale = old / new
    stretch = max(scale, 1.0) if antialias else 1.0
    support = (1 if mode == "bilinear" else 2) * stretch
    a = -0.5 if antialias else -0.75
    matrix = np.zeros((new, old))
    for i in range(new):
        center = (i + 0.5) * scale
        if antialias:
            low, high = max(int(center - support + 0.5), 0), min(int(center + support + 0.5), old)
        else:
            first = math.floor(max(center - 0.5, 0) if mode == "bilinear" else center - 0.5)
            low, high = first - (mode == "bicubic"), first + (3 if mode == "bicubic" else 2)
            center = max(center, 0.5) if mode == "bilinear" else center
        places = np.arange(low, high)
        distance = np.abs((places + 0.5 - center) / stretch)
        weight = _triangle(distance) if mode == "bilinear" else _cubic(distance, a)
        np.add.at(matrix[i], places.clip(0, old - 1), weight / weight.sum())
    return matrix


def _triangle(distance: np.ndarray) -> np.ndarray:
    return np.maximum(1 - distance, 0)


def _cubic(distance: np.ndarray, a: float) -> np.ndarray:
    near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
    far = (((distance - 5) * distance + 8) * distance - 4) * a
    return np.where(distance < 1, near, np.where(distance < 2, far, 0))


def placed(x: Any, columns: np.ndarray, rows: np.ndarray, mode: str, fill: list[float]) -> Any:
    """A tensor (*, C, H, W) read at the places (rows, columns), in pixels; ``fill`` outside it.

    ``mode`` is nearest, or bilinear, which blends with ``fill`` along the edge.
    """
    if mode not in ("nearest", "bilinear"):
        raise ValueError(
            f"Of a tensor, interpolation must be nearest or bilinear here; got {mode}. Use "
            "ToPILImage first."
        )
    before = x._data.dtype
    real = before if dtypes.floating(before) else np.dtype(np.float32)
    pixels = x._data.astype(real)
    height, width = pixels.shape[-2:]
    colour = np.array(fill, real).reshape(-1, 1, 1)

    def at(row: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        row, column = row.clip(0, height - 1), column.clip(0, width - 1)
        return pixels[..., row.astype(np.int64), column.astype(np.int64)] * inside, inside

    if mode == "nearest":
        value, inside = at(np.rint(rows), np.rint(columns))
        made = np.where(inside, value, colour)
    else:
        top, left = np.floor(rows), np.floor(columns)
        made, mask = np.zeros((), real), np.zeros((), real)
        for row, down in ((top, 1 - (rows - top)), (top + 1, rows - top)):
            for column, across in ((left, 1 - (columns - left)), (left + 1, columns - left)):
                value, inside = at(row, column)
                weight = (down * across).astype(real)
                made, mask = made + value * weight, mask + inside * weight
        made = made * mask + (1 - mask) * colour
    if real != before:
        made = np.rint(made)
    return wrap(made.astype(before), None, x)
