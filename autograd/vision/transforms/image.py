"""What an image is: one of Pillow's, or a tensor (*, C, H, W)."""

from __future__ import annotations

import enum
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase
from autograd.random.continuous import uniform
from autograd.random.discrete import integers

__all__ = ["InterpolationMode", "get_dimensions", "get_image_num_channels", "get_image_size"]


class InterpolationMode(enum.Enum):
    """How values between pixels are found.

    >>> InterpolationMode.BILINEAR.value
    'bilinear'
    """

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


_PILLOWS = {
    InterpolationMode.NEAREST: 0,
    InterpolationMode.LANCZOS: 1,
    InterpolationMode.BILINEAR: 2,
    InterpolationMode.BICUBIC: 3,
    InterpolationMode.BOX: 4,
    InterpolationMode.HAMMING: 5,
}


def interpolation_of(call: str, mode: Any) -> InterpolationMode:
    """The mode, also where it comes as Pillow's number."""
    if isinstance(mode, InterpolationMode):
        return mode
    for known, number in _PILLOWS.items():
        if isinstance(mode, int) and number == mode:
            return known
    raise TypeError(
        f"{call}: interpolation must be an InterpolationMode or Pillow's number of one; got "
        f"{mode!r:.60}."
    )


def pillows_number(mode: InterpolationMode) -> int:
    """The number by which Pillow knows the mode."""
    return _PILLOWS.get(mode, 0)  # nearest-exact is what Pillow calls nearest


def pillow() -> Any:
    """Pillow's module of images; ImportError where it is not installed."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(
            'vision: images are Pillow\'s, which was not found. Run: pip install "gradloom[vision]"'
        ) from None
    return Image


def is_image(value: Any) -> bool:
    """Whether it is one of Pillow's images. (Without Pillow there is none.)"""
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(value, module.Image)


def check_image(call: str, value: Any) -> None:
    """Raise TypeError for what is neither an image nor a tensor of at least two axes."""
    if not (is_image(value) or (isinstance(value, TensorBase) and value._data.ndim >= 2)):
        raise TypeError(
            f"{call}: expected an image of Pillow's or a tensor (*, C, H, W); got "
            f"{type(value).__name__}. Use ToTensor or ToPILImage first."
        )


def get_dimensions(img: Any) -> list[int]:
    """The channels, the height and the width of an image.

    >>> import autograd
    >>> get_dimensions(autograd.zeros(3, 4, 5))
    [3, 4, 5]
    """
    check_image("get_dimensions", img)
    if is_image(img):
        return [len(img.getbands()), img.height, img.width]
    shape = img._data.shape
    return [1 if len(shape) == 2 else shape[-3], *shape[-2:]]


def get_image_size(img: Any) -> list[int]:
    """The width and the height of an image.

    >>> import autograd
    >>> get_image_size(autograd.zeros(3, 2, 4))
    [4, 2]
    """
    return get_dimensions(img)[:0:-1]


def get_image_num_channels(img: Any) -> int:
    """The number of channels of an image.

    >>> import autograd
    >>> get_image_num_channels(autograd.zeros(3, 2, 4))
    3
    """
    return get_dimensions(img)[0]


def pair_of(call: str, size: Any) -> tuple[int, int]:
    """A height and a width: given both, or one number for both."""
    if isinstance(size, int):
        return size, size
    if isinstance(size, Sequence) and len(size) in (1, 2):
        return size[0], size[-1]
    raise ValueError(f"{call}: size must be a number or (height, width); got {size!r:.60}.")


def largest(dtype: Any) -> float:
    """What stands for white in a dtype."""
    if dtypes.floating(dtype):
        return 1
    return 1 if dtypes.boolean(dtype) else int(np.iinfo(dtype).max)


def fill_of(call: str, fill: Any, img: Any) -> Any:
    """The colour for places outside: one of Pillow's, or a number per channel of a tensor."""
    channels = get_dimensions(img)[0]
    values = (
        [0 if fill is None else fill] if isinstance(fill, (int, float)) or fill is None else fill
    )
    if len(values) not in (1, channels):
        raise ValueError(
            f"{call}: fill must be a number, or one for each of {channels} channels; got {fill}."
        )
    values = list(values) * (channels if len(values) == 1 else 1)
    if not is_image(img):
        return [float(one) for one in values]
    if img.mode != "F":
        values = [int(one) for one in values]
    return values[0] if channels == 1 else tuple(values)


# -- random numbers, in the order in which torchvision draws them ----------------------------------


def drawn(low: float = 0.0, high: float = 1.0) -> float:
    """A float32 number in [low, high)."""
    return float(uniform(1, low=low, high=high)[0])


def drawn_integer(low: int, high: int) -> int:
    """An integer from low to high - 1."""
    return int(integers(low, high, 1)[0])


def happens(p: float) -> bool:
    """True with probability p."""
    return bool(drawn() < np.float32(p))


class Transform:
    """What is called with an image: a transform with a ``forward``."""

    def forward(self, img: Any) -> Any:
        """The transformed image."""
        raise NotImplementedError(f"{type(self).__name__}: define forward(self, img).")

    def __call__(self, img: Any) -> Any:
        return self.forward(img)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.extra_repr()})"

    def extra_repr(self) -> str:
        """The options, as they are printed."""
        return ""
