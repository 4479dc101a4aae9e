"""Several images as one, and into a file: ``torchvision.utils``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase, wrap
from autograd.vision.transforms.image import pillow

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["make_grid", "save_image"]


def make_grid(
    tensor: Any,
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """Images (B, C, H, W), or a list of them, as one (C, …, …): ``nrow`` beside each other.

    Images of one channel get three. ``normalize`` brings the values from ``value_range``, by
    default from their least to their largest, to 0 … 1, those of each image with ``scale_each``.
    Raises TypeError for what is not tensors.

    >>> import autograd
    >>> make_grid(autograd.zeros(10, 1, 4, 4)).shape
    autograd.Size([3, 14, 50])
    """
    given = tensor if isinstance(tensor, list) else [tensor]
    for one in given:
        if not isinstance(one, TensorBase):
            raise TypeError(
                f"make_grid: expected a tensor or a list of tensors; got {type(one).__name__}."
            )
    if value_range is not None and not isinstance(value_range, tuple):
        raise TypeError(f"make_grid: value_range must be a tuple; got {value_range!r:.60}.")
    arrays = [one._data for one in given]
    images: Any = np.stack(arrays) if isinstance(tensor, list) else arrays[0]
    images = images.reshape((1,) * (4 - images.ndim) + images.shape)
    if images.shape[1] == 1:
        images = np.concatenate([images] * 3, 1)
    if normalize:
        parts = images if scale_each else [images]
        images = np.stack([_normalized(one, value_range) for one in parts])
        images = images if scale_each else images[0]
    if len(images) == 1:
        return wrap(images[0], None)
    count, channels, height, width = images.shape
    across = min(nrow, count)
    down = -(-count // across)
    height, width = height + padding, width + padding
    shape = (channels, height * down + padding, width * across + padding)
    grid = np.full(shape, pad_value, images.dtype)
    for i, image in enumerate(images):
        top, left = (i // across) * height + padding, (i % across) * width + padding
        grid[:, top : top + height - padding, left : left + width - padding] = image
    return wrap(grid, None)


def _normalized(images: np.ndarray, value_range: tuple[float, float] | None) -> np.ndarray:
    low, high = value_range or (float(images.min()), float(images.max()))
    real = images.dtype.type
    return (images.clip(real(low), real(high)) - real(low)) / real(max(high - low, 1e-5))


def save_image(tensor: Any, fp: Any, format: str | None = None, **kwargs: Any) -> None:
    """The grid of ``tensor``, values from 0 to 1, as a file that Pillow writes.

    ``fp`` is a path, whose ending names the format, or a file; ``kwargs`` are :func:`make_grid`'s.

    >>> import os, tempfile, autograd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_image(autograd.rand(4, 3, 8, 8), os.path.join(folder, "grid.png"))
    ...     os.listdir(folder)
    ['grid.png']
    """
    grid = make_grid(tensor, **kwargs)._data
    if not dtypes.floating(grid.dtype):
        grid = grid.astype(np.float32)
    pixels = (grid * grid.dtype.type(255) + grid.dtype.type(0.5)).clip(0, 255).astype(np.uint8)
    pillow().fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).save(fp, format=format)
