"""Sizes: resized, padded, cropped; at the center, or at random."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.random.continuous import uniform
from autograd.vision.transforms.geometry import hflip, vflip
from autograd.vision.transforms.image import (
    InterpolationMode,
    Transform,
    check_image,
    drawn,
    drawn_integer,
    fill_of,
    get_dimensions,
    interpolation_of,
    is_image,
    pair_of,
    pillow,
    pillows_number,
)
from autograd.vision.transforms.resampling import resized

__all__ = [
    "CenterCrop", "FiveCrop", "Pad", "RandomCrop", "RandomResizedCrop", "Resize", "TenCrop",
    "center_crop", "crop", "five_crop", "pad", "resize", "resized_crop", "ten_crop",
]  # fmt: skip

_BILINEAR = InterpolationMode.BILINEAR
_PADDING_MODES = ("constant", "edge", "reflect", "symmetric")


def resize(
    img: Any,
    size: Any,
    interpolation: Any = _BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Any:
    """An image at another size: (height, width), or one number for its shorter side.

    With one number the longer side follows, up to ``max_size``. ``antialias`` is for tensors:
    Pillow always does it. Raises TypeError or ValueError for a size of another kind.

    >>> import autograd
    >>> resize(autograd.zeros(3, 8, 4), 2).shape
    autograd.Size([3, 4, 2])
    """
    interpolation = interpolation_of("resize", interpolation)
    if not isinstance(size, (int, Sequence)):
        raise TypeError(f"resize: size must be a number or a sequence; got {type(size).__name__}.")
    _, height, width = get_dimensions(img)
    if isinstance(size, int) or len(size) == 1:
        wanted = _with_shorter_side(
            height, width, size if isinstance(size, int) else size[0], max_size
        )
    else:
        wanted = pair_of("resize", size)
        if max_size is not None:
            raise ValueError("resize: max_size needs one number as the size; got two.")
    if wanted == (height, width):
        return img
    if is_image(img):
        return img.resize(wanted[::-1], pillows_number(interpolation))
    return resized(img, wanted, interpolation.value, bool(antialias))


def _with_shorter_side(height: int, width: int, size: int, max_size: int | None) -> tuple[int, int]:
    short, long = sorted((height, width))
    new_short, new_long = size, int(size * long / short)
    if max_size is not None:
        if max_size <= size:
            raise ValueError(f"resize: max_size must be above size={size}; got {max_size}.")
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return (new_long, new_short) if width <= height else (new_short, new_long)


class Resize(Transform):
    """:func:`functional.resize` as a transform.

    >>> import autograd
    >>> Resize(4)(autograd.ones(3, 8, 16)).shape
    autograd.Size([3, 4, 8])
    """

    def __init__(
        self,
        size: Any,
        interpolation: Any = _BILINEAR,
        max_size: int | None = None,
        antialias: bool | None = True,
    ) -> None:
        if not isinstance(size, (int, Sequence)):
            raise TypeError(f"Resize: size must be a number or a sequence; got {size!r:.60}.")
        pair_of("Resize", size)
        self.size = size
        self.max_size = max_size
        self.interpolation = interpolation_of("Resize", interpolation)
        self.antialias = antialias

    def forward(self, img: Any) -> Any:
        return resize(img, self.size, self.interpolation, self.max_size, self.antialias)

    def extra_repr(self) -> str:
        return (
            f"size={self.size}, interpolation={self.interpolation.value}, "
            f"max_size={self.max_size}, antialias={self.antialias}"
        )


def pad(img: Any, padding: Any, fill: Any = 0, padding_mode: str = "constant") -> Any:
    """An image with more around it (less, where a number is negative).

    ``padding`` is one number, (left and right, top and bottom), or (left, top, right, bottom). The
    mode is constant, which takes ``fill``, or edge, reflect, symmetric. Raises TypeError or
    ValueError for anything else.

    >>> import autograd
    >>> pad(autograd.ones(1, 1, 1), 1)
    tensor([[[0., 0., 0.],
             [0., 1., 0.],
             [0., 0., 0.]]])
    """
    _check_padding("pad", padding, fill, padding_mode)
    check_image("pad", img)
    sides = [padding] * 4 if isinstance(padding, int) else list(padding) * (4 // len(padding))
    left, top, right, bottom = sides
    if is_image(img) and padding_mode == "constant":
        made = pillow().new(
            img.mode,
            (img.width + left + right, img.height + top + bottom),
            fill_of("pad", fill, img),
        )
        if img.mode == "P":
            made.putpalette(img.getpalette())
        made.paste(img, (left, top))
        return made
    if is_image(img):
        around = [(top, bottom), (left, right)] + [(0, 0)] * (len(img.getbands()) > 1)
        made = pillow().fromarray(_padded(np.array(img), around, padding_mode))
        if img.mode == "P":
            made.putpalette(img.getpalette())
        return made
    rows, columns = (
        _padded(np.arange(n), [sides], padding_mode, -1)
        for n, sides in zip(img.shape[-2:], ((top, bottom), (left, right)))
    )
    made = img[..., rows[:, None], columns]
    outside = (rows < 0)[:, None] | (columns < 0)
    return made.masked_fill(outside, fill or 0) if outside.any() else made


def _padded(array: Any, around: list[tuple[int, int]], mode: str, fill: int = 0) -> np.ndarray:
    """``array`` with more around it; what is negative is cut off."""
    inner = tuple([slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(array.shape, around)])
    more = [(max(a, 0), max(b, 0)) for a, b in around]
    if mode == "constant":
        return np.pad(array[inner], more, constant_values=fill)
    return np.pad(array[inner], more, mode)  # type: ignore[call-overload]


def _check_padding(call: str, padding: Any, fill: Any, padding_mode: str) -> None:
    if not isinstance(padding, (int, tuple, list)):
        raise TypeError(
            f"{call}: padding must be a number or 1, 2 or 4 of them; got {padding!r:.60}."
        )
    if not isinstance(fill, (int, float, tuple, list)) and fill is not None:
        raise TypeError(
            f"{call}: fill must be a number, or one for each channel; got {fill!r:.60}."
        )
    if padding_mode not in _PADDING_MODES:
        raise ValueError(
            f"{call}: padding_mode must be one of {_PADDING_MODES}; got {padding_mode!r:.60}."
        )
    if not isinstance(padding, int) and len(padding) not in (1, 2, 4):
        raise ValueError(f"{call}: padding must be 1, 2 or 4 numbers; got {padding}.")


class Pad(Transform):
    """:func:`functional.pad` as a transform.

    >>> import autograd
    >>> Pad(1)(autograd.ones(1, 2, 2)).shape
    autograd.Size([1, 4, 4])
    """

    def __init__(self, padding: Any, fill: Any = 0, padding_mode: str = "constant") -> None:
        _check_padding("Pad", padding, fill, padding_mode)
        self.padding = padding
        self.fill = fill
        self.padding_mode = padding_mode

    def forward(self, img: Any) -> Any:
        return pad(img, self.padding, self.fill, self.padding_mode)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, fill={self.fill}, padding_mode={self.padding_mode}"


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """A rectangle of an image; zero where it reaches beyond.

    >>> import autograd
    >>> crop(autograd.arange(9).reshape(1, 3, 3), 0, 1, 2, 2)
    tensor([[[1, 2],
             [4, 5]]])
    """
    check_image("crop", img)
    if is_image(img):
        return img.crop((left, top, left + width, top + height))
    rows, columns = img.shape[-2:]
    inner = img[..., max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
    missing = [
        min(max(-left, 0), width),
        min(max(-top, 0), height),
        min(max(left + width - columns, 0), width),
        min(max(top + height - rows, 0), height),
    ]
    return pad(inner, missing) if any(missing) else inner


def center_crop(img: Any, output_size: Any) -> Any:
    """The middle of an image, (height, width); an image that is smaller is padded with zero.

    >>> import autograd
    >>> center_crop(autograd.arange(5.0).reshape(1, 1, 5), (1, 3))
    tensor([[[1., 2., 3.]]])
    """
    height, width = pair_of("center_crop", output_size)
    _, rows, columns = get_dimensions(img)
    across, down = max(width - columns, 0), max(height - rows, 0)
    if across or down:
        img = pad(img, [across // 2, down // 2, (across + 1) // 2, (down + 1) // 2])
        rows, columns = rows + down, columns + across
    return crop(img, round((rows - height) / 2), round((columns - width) / 2), height, width)


class CenterCrop(Transform):
    """:func:`functional.center_crop` as a transform.

    >>> import autograd
    >>> CenterCrop(2)(autograd.ones(3, 8, 8)).shape
    autograd.Size([3, 2, 2])
    """

    def __init__(self, size: Any) -> None:
        self.size = pair_of("CenterCrop", size)

    def forward(self, img: Any) -> Any:
        return center_crop(img, self.size)

    def extra_repr(self) -> str:
        return f"size={self.size}"


class RandomCrop(Transform):
    """A rectangle at a random place, after padding. ValueError where the image is smaller.

    >>> import autograd
    >>> RandomCrop(4, padding=1)(autograd.ones(3, 8, 8)).shape
    autograd.Size([3, 4, 4])
    """

    def __init__(
        self,
        size: Any,
        padding: Any = None,
        pad_if_needed: bool = False,
        fill: Any = 0,
        padding_mode: str = "constant",
    ) -> None:
        self.size = pair_of("RandomCrop", size)
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    @staticmethod
    def get_params(img: Any, output_size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Top, left, height and width of a random rectangle."""
        _, rows, columns = get_dimensions(img)
        height, width = output_size
        if rows < height or columns < width:
            raise ValueError(
                f"RandomCrop: the image must be at least {(height, width)}; it is "
                f"{(rows, columns)}. Pass padding, or pad_if_needed=True."
            )
        if (rows, columns) == (height, width):
            return 0, 0, height, width
        top = drawn_integer(0, rows - height + 1)
        return top, drawn_integer(0, columns - width + 1), height, width

    def forward(self, img: Any) -> Any:
        if self.padding is not None:
            img = pad(img, self.padding, self.fill, self.padding_mode)
        _, rows, columns = get_dimensions(img)
        if self.pad_if_needed:
            for missing in ([self.size[1] - columns, 0], [0, self.size[0] - rows]):
                if max(missing) > 0:
                    img = pad(img, missing, self.fill, self.padding_mode)
        return crop(img, *self.get_params(img, self.size))

    def extra_repr(self) -> str:
        return f"size={self.size}, padding={self.padding}"


def resized_crop(
    img: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: Any,
    interpolation: Any = _BILINEAR,
    antialias: bool | None = True,
) -> Any:
    """A rectangle of an image, resized.

    >>> import autograd
    >>> resized_crop(autograd.ones(3, 8, 8), 0, 0, 4, 4, 2).shape
    autograd.Size([3, 2, 2])
    """
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)


class RandomResizedCrop(Transform):
    """A random part of the image, of random area and shape, resized.

    The area is uniform in ``scale``, as a share of the image's, and the logarithm of width / height
    is uniform between those of ``ratio``: Szegedy et al. 2015, arXiv:1409.4842. After ten
    rectangles that do not fit, it is the largest at the center.

    >>> import autograd
    >>> RandomResizedCrop(4)(autograd.ones(3, 8, 8)).shape
    autograd.Size([3, 4, 4])
    """

    def __init__(
        self,
        size: Any,
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3.0 / 4.0, 4.0 / 3.0),
        interpolation: Any = _BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        self.size = pair_of("RandomResizedCrop", size)
        for name, value in (("scale", scale), ("ratio", ratio)):
            if not isinstance(value, Sequence):
                raise TypeError(
                    f"RandomResizedCrop: {name} must be (least, most); got {value!r:.60}."
                )
            if value[0] > value[1]:
                warnings.warn(
                    f"RandomResizedCrop: {name} is (least, most); got {value}.", stacklevel=2
                )
        self.scale = scale
        self.ratio = ratio
        self.interpolation = interpolation_of("RandomResizedCrop", interpolation)
        self.antialias = antialias

    @staticmethod
    def get_params(
        img: Any, scale: Sequence[float], ratio: Sequence[float]
    ) -> tuple[int, int, int, int]:
        """Top, left, height and width of a random rectangle."""
        _, rows, columns = get_dimensions(img)
        for _ in range(10):
            height, width = rectangle_of(rows * columns, scale, ratio)
            if 0 < width <= columns and 0 < height <= rows:
                top = drawn_integer(0, rows - height + 1)
                return top, drawn_integer(0, columns - width + 1), height, width
        height, width = rows, columns
        if columns / rows < min(ratio):
            height = round(columns / min(ratio))
        elif columns / rows > max(ratio):
            width = round(rows * max(ratio))
        return (rows - height) // 2, (columns - width) // 2, height, width

    def forward(self, img: Any) -> Any:
        part = self.get_params(img, self.scale, self.ratio)
        return resized_crop(img, *part, self.size, self.interpolation, self.antialias)

    def extra_repr(self) -> str:
        scale, ratio = (tuple(round(one, 4) for one in pair) for pair in (self.scale, self.ratio))
        return (
            f"size={self.size}, scale={scale}, ratio={ratio}, "
            f"interpolation={self.interpolation.value}, antialias={self.antialias}"
        )


def rectangle_of(area: int, scale: Sequence[float], ratio: Sequence[float]) -> tuple[int, int]:
    """The height and the width of a random share of ``area``."""
    part = area * drawn(scale[0], scale[1])
    low, high = np.log(np.array(ratio, np.float32))
    shape = float(np.exp(uniform(1, low=float(low), high=float(high)))[0])
    return round(math.sqrt(part / shape)), round(math.sqrt(part * shape))


def five_crop(img: Any, size: Any) -> tuple[Any, ...]:
    """The corners (top left, top right, bottom left, bottom right) and the center.

    >>> import autograd
    >>> len(five_crop(autograd.ones(3, 8, 8), 4))
    5
    """
    height, width = pair_of("five_crop", size)
    _, rows, columns = get_dimensions(img)
    if height > rows or width > columns:
        raise ValueError(
            f"five_crop: the image must be at least {(height, width)}; it is {(rows, columns)}."
        )
    down, across = rows - height, columns - width
    corners = [(0, 0), (0, across), (down, 0), (down, across)]
    return (*[crop(img, *one, height, width) for one in corners], center_crop(img, (height, width)))


class FiveCrop(Transform):
    """:func:`functional.five_crop` as a transform.

    >>> import autograd
    >>> [tuple(part.shape) for part in FiveCrop(4)(autograd.ones(3, 8, 8))][:2]
    [(3, 4, 4), (3, 4, 4)]
    """

    def __init__(self, size: Any) -> None:
        self.size = pair_of("FiveCrop", size)

    def forward(self, img: Any) -> tuple[Any, ...]:
        return five_crop(img, self.size)

    def extra_repr(self) -> str:
        return f"size={self.size}"


def ten_crop(img: Any, size: Any, vertical_flip: bool = False) -> tuple[Any, ...]:
    """:func:`five_crop` of an image and of its mirror image.

    >>> import autograd
    >>> len(ten_crop(autograd.ones(3, 8, 8), 4))
    10
    """
    flipped = vflip(img) if vertical_flip else hflip(img)
    return five_crop(img, size) + five_crop(flipped, size)


class TenCrop(Transform):
    """:func:`functional.ten_crop` as a transform.

    >>> import autograd
    >>> len(TenCrop(4)(autograd.ones(3, 8, 8)))
    10
    """

    def __init__(self, size: Any, vertical_flip: bool = False) -> None:
        self.size = pair_of("TenCrop", size)
        self.vertical_flip = vertical_flip

    def forward(self, img: Any) -> tuple[Any, ...]:
        return ten_crop(img, self.size, self.vertical_flip)

    def extra_repr(self) -> str:
        return f"size={self.size}, vertical_flip={self.vertical_flip}"
