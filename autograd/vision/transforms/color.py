"""Colours, and places without any."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase, wrap
from autograd.ops.pointwise.where import where
from autograd.ops.shape.join import stack
from autograd.random.continuous import normal
from autograd.random.discrete import permutation
from autograd.vision.transforms.conversion import convert_image_dtype, image_of
from autograd.vision.transforms.crop import pad, rectangle_of
from autograd.vision.transforms.image import (
    Transform,
    check_image,
    drawn,
    drawn_integer,
    get_dimensions,
    happens,
    is_image,
    largest,
    pillow,
)

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "ColorJitter", "GaussianBlur", "Grayscale", "RandomErasing", "RandomGrayscale",
    "adjust_brightness", "adjust_contrast", "adjust_gamma", "adjust_hue", "adjust_saturation",
    "erase", "gaussian_blur", "invert", "rgb_to_grayscale", "to_grayscale",
]  # fmt: skip


def _enhancer(kind: str, img: Any) -> Any:
    pillow()
    from PIL import ImageEnhance

    return getattr(ImageEnhance, kind)(img)


def _check(call: str, img: Any, factor: float = 0) -> None:
    """Raise for what is no image, a tensor of other than 1 or 3 channels, or a negative factor."""
    check_image(call, img)
    if not is_image(img) and get_dimensions(img)[0] not in (1, 3):
        raise TypeError(
            f"{call}: a tensor must have 1 or 3 channels (*, C, H, W); got {tuple(img.shape)}."
        )
    if factor < 0:
        raise ValueError(f"{call}: the factor must not be negative; got {factor}.")


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """An image in grey, in 1 channel or 3 alike: 0.2989 R + 0.587 G + 0.114 B.

    >>> import autograd
    >>> rgb_to_grayscale(autograd.ones(3, 1, 1)).shape
    autograd.Size([1, 1, 1])
    """
    _check("rgb_to_grayscale", img)
    if num_output_channels not in (1, 3):
        raise ValueError(
            f"rgb_to_grayscale: num_output_channels must be 1 or 3; got {num_output_channels}."
        )
    if is_image(img):
        grey = img.convert("L")
        return grey if num_output_channels == 1 else pillow().merge("RGB", (grey, grey, grey))
    if img._data.ndim < 3:
        raise TypeError(f"rgb_to_grayscale: a tensor must be (*, C, H, W); got {tuple(img.shape)}.")
    grey = img.clone()
    if img.shape[-3] == 3:
        r, g, b = img.unbind(-3)
        grey = (0.2989 * r + 0.587 * g + 0.114 * b).to(img._data.dtype).unsqueeze(-3)
    return grey.expand(img.shape) if num_output_channels == 3 else grey


def to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """:func:`rgb_to_grayscale` of an image of Pillow's, of whichever mode.

    >>> from PIL import Image
    >>> to_grayscale(Image.new("RGB", (2, 2))).mode
    'L'
    """
    if not is_image(img):
        raise TypeError(
            f"to_grayscale: img must be an image of Pillow's; got {type(img).__name__}. Use "
            "rgb_to_grayscale."
        )
    return rgb_to_grayscale(img, num_output_channels)


class Grayscale(Transform):
    """:func:`functional.rgb_to_grayscale` as a transform.

    Shapes: (*, 3, H, W) -> (*, 1 or 3, H, W).

    >>> import autograd
    >>> Grayscale()(autograd.ones(3, 2, 2)).shape
    autograd.Size([1, 2, 2])
    """

    def __init__(self, num_output_channels: int = 1) -> None:
        self.num_output_channels = num_output_channels

    def forward(self, img: Any) -> Any:
        return rgb_to_grayscale(img, self.num_output_channels)

    def extra_repr(self) -> str:
        return f"num_output_channels={self.num_output_channels}"


class RandomGrayscale(Transform):
    """The image in grey, with probability p, in as many channels as it has.

    Shapes: (*, C, H, W) -> the same.

    >>> import autograd
    >>> RandomGrayscale(p=1.0)(autograd.rand(3, 2, 2)).shape
    autograd.Size([3, 2, 2])
    """

    def __init__(self, p: float = 0.1) -> None:
        self.p = p

    def forward(self, img: Any) -> Any:
        channels = get_dimensions(img)[0]
        return rgb_to_grayscale(img, channels) if happens(self.p) else img

    def extra_repr(self) -> str:
        return f"p={self.p}"


# -- brightness, contrast, saturation, hue ---------------------------------------------------------


def _blend(img: Any, other: Any, ratio: float) -> Any:
    dtype = img._data.dtype
    return (ratio * img + (1.0 - ratio) * other).clamp(0, largest(dtype)).to(dtype)


def adjust_brightness(img: Any, brightness_factor: float) -> Any:
    """The image times a factor: 0 is black, 1 the image.

    >>> import autograd
    >>> adjust_brightness(autograd.tensor([[[0.2, 0.4]]]), 2.0)
    tensor([[[0.4000, 0.8000]]])
    """
    _check("adjust_brightness", img, brightness_factor)
    if is_image(img):
        return _enhancer("Brightness", img).enhance(brightness_factor)
    return _blend(img, img * 0, brightness_factor)


def adjust_contrast(img: Any, contrast_factor: float) -> Any:
    """The image, farther from its mean grey by a factor: 0 is that grey, 1 the image.

    >>> import autograd
    >>> adjust_contrast(autograd.tensor([[[0.2, 0.4]]]), 0.0)
    tensor([[[0.3000, 0.3000]]])
    """
    _check("adjust_contrast", img, contrast_factor)
    if is_image(img):
        return _enhancer("Contrast", img).enhance(contrast_factor)
    grey = rgb_to_grayscale(img) if get_dimensions(img)[0] == 3 else img
    real = img._data.dtype if dtypes.floating(img._data.dtype) else np.float32
    return _blend(img, grey.to(real).mean((-3, -2, -1), keepdim=True), contrast_factor)


def adjust_saturation(img: Any, saturation_factor: float) -> Any:
    """The image, farther from its grey by a factor: 0 is grey, 1 the image.

    >>> import autograd
    >>> adjust_saturation(autograd.tensor([[[1.0]], [[0.0]], [[0.0]]]), 0.0).flatten()
    tensor([0.2989, 0.2989, 0.2989])
    """
    _check("adjust_saturation", img, saturation_factor)
    if is_image(img):
        return _enhancer("Color", img).enhance(saturation_factor)
    if get_dimensions(img)[0] == 1:
        return img
    return _blend(img, rgb_to_grayscale(img), saturation_factor)


def adjust_hue(img: Any, hue_factor: float) -> Any:
    """The image with its hues turned by a share of the circle, from -0.5 to 0.5.

    >>> import autograd
    >>> adjust_hue(autograd.tensor([1.0, 0.0, 0.0]).reshape(3, 1, 1), 0.5).flatten()
    tensor([0., 1., 1.])
    """
    _check("adjust_hue", img)
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"adjust_hue: the factor must be in [-0.5, 0.5]; got {hue_factor}.")
    if not is_image(img):
        return img if get_dimensions(img)[0] == 1 else _turned(img, hue_factor)
    if img.mode in ("L", "1", "I", "F"):
        return img
    hue, saturation, value = img.convert("HSV").split()
    turned = np.array(hue) + np.int32(hue_factor * 255).astype(np.uint8)  # bytes: round and round
    hue = image_of(turned, "L")
    return pillow().merge("HSV", (hue, saturation, value)).convert(img.mode)


def _turned(img: Any, share: float) -> Any:
    """A tensor with its hues turned, through hue, saturation and value (Smith 1978)."""
    x: Any = convert_image_dtype(img, np.float32)
    r, g, b = x.unbind(-3)
    value, least = x.amax(-3), x.amin(-3)
    spread = value - least
    grey = spread == 0
    saturation = spread / where(grey, 1.0, value)
    divisor = where(grey, 1.0, spread)
    rc, gc, bc = ((value - one) / divisor for one in (r, g, b))
    red = value == r
    green = (value == g) & ~red
    sixth = where(red, bc - gc, where(green, 2.0 + rc - bc, 4.0 + gc - rc))
    hue = ((sixth / 6.0 + 1.0) % 1.0 + share) % 1.0
    sector = (hue * 6.0).floor()
    part = hue * 6.0 - sector
    sector = sector.to(np.int64) % 6
    low = (value * (1.0 - saturation)).clamp(0.0, 1.0)
    falling = (value * (1.0 - saturation * part)).clamp(0.0, 1.0)
    rising = (value * (1.0 - saturation * (1.0 - part))).clamp(0.0, 1.0)
    reds = stack([value, falling, low, low, rising, value])
    colours = []
    for shift in (0, 4, 2):  # green is red two sectors later, blue another two
        order = [(i + shift) % 6 for i in range(6)]
        colours.append(reds[order].gather(0, sector.unsqueeze(0)).squeeze(0))
    return convert_image_dtype(stack(colours, -3), img._data.dtype)


def adjust_gamma(img: Any, gamma: float, gain: float = 1) -> Any:
    """gain · img ^ gamma, of values from 0 to 1.

    >>> import autograd
    >>> adjust_gamma(autograd.tensor([[[0.5]]]), 2.0)
    tensor([[[0.2500]]])
    """
    _check("adjust_gamma", img, gamma)
    if is_image(img):
        table = [int((255 + 1 - 1e-3) * gain * (i / 255.0) ** gamma) for i in range(256)] * 3
        return img.convert("RGB").point(table).convert(img.mode)
    dtype = img._data.dtype
    x: Any = img if dtypes.floating(dtype) else convert_image_dtype(img)
    return convert_image_dtype((gain * x**gamma).clamp(0, 1), dtype)


def invert(img: Any) -> Any:
    """White for black: the largest value minus the image.

    >>> import autograd
    >>> invert(autograd.tensor([[[0.25, 1.0]]]))
    tensor([[[0.7500, 0.0000]]])
    """
    _check("invert", img)
    if is_image(img):
        pillow()
        from PIL import ImageOps

        return ImageOps.invert(img)
    return largest(img._data.dtype) - img


class ColorJitter(Transform):
    """Brightness, contrast, saturation and hue changed at random, in random order.

    Each is a number s, for factors from max(0, 1 - s) to 1 + s (hue: from -s to s), or a range.

    Shapes: (*, 1 or 3, H, W) -> the same.

    >>> import autograd
    >>> ColorJitter(brightness=0.5)(autograd.rand(3, 2, 2)).shape
    autograd.Size([3, 2, 2])
    """

    def __init__(
        self, brightness: Any = 0, contrast: Any = 0, saturation: Any = 0, hue: Any = 0
    ) -> None:
        self.brightness = self._range("brightness", brightness)
        self.contrast = self._range("contrast", contrast)
        self.saturation = self._range("saturation", saturation)
        self.hue = self._range("hue", hue, 0, (-0.5, 0.5))

    @staticmethod
    def _range(
        name: str, value: Any, center: float = 1, bounds: tuple[float, float] = (0, math.inf)
    ) -> tuple[float, float] | None:
        if isinstance(value, (int, float)):
            if value < 0:
                raise ValueError(f"ColorJitter: {name} must not be negative; got {value}.")
            low, high = center - float(value), center + float(value)
            low = max(low, 0.0) if center else low
        elif isinstance(value, (tuple, list)) and len(value) == 2:
            low, high = float(value[0]), float(value[1])
        else:
            raise TypeError(f"ColorJitter: {name} must be a number or a range; got {value!r:.60}.")
        if not bounds[0] <= low <= high <= bounds[1]:
            raise ValueError(f"ColorJitter: {name} must be within {bounds}; got {[low, high]}.")
        return None if low == high == center else (low, high)

    @staticmethod
    def get_params(brightness: Any, contrast: Any, saturation: Any, hue: Any) -> tuple[Any, ...]:
        """A random order of the four, and a factor for each, None where it stays."""
        order = wrap(permutation(4), None)
        ranges = (brightness, contrast, saturation, hue)
        return order, *[None if one is None else drawn(one[0], one[1]) for one in ranges]

    def forward(self, img: Any) -> Any:
        order, *factors = self.get_params(self.brightness, self.contrast, self.saturation, self.hue)
        for i in order.tolist():
            if factors[i] is not None:
                img = _ADJUSTMENTS[i](img, factors[i])
        return img

    def extra_repr(self) -> str:
        return (
            f"brightness={self.brightness}, contrast={self.contrast}, "
            f"saturation={self.saturation}, hue={self.hue}"
        )


_ADJUSTMENTS: list[Callable[[Any, float], Any]] = [
    adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue
]  # fmt: skip


# -- erased, blurred -------------------------------------------------------------------------------


def erase(img: Any, i: int, j: int, h: int, w: int, v: Any, inplace: bool = False) -> Tensor:
    """A tensor (*, C, H, W) with ``v`` in the rectangle from (i, j) on, h high and w wide.

    >>> import autograd
    >>> erase(autograd.ones(1, 2, 3), 0, 1, 2, 1, 0.0)
    tensor([[[1., 0., 1.],
             [1., 0., 1.]]])
    """
    if not isinstance(img, TensorBase):
        raise TypeError(f"erase: img must be a tensor; got {type(img).__name__}. Use ToTensor.")
    made: Any = img if inplace else img.clone()  # type: ignore[attr-defined]
    made[..., i : i + h, j : j + w] = v
    return made


class RandomErasing(Transform):
    """A random rectangle of a tensor set to ``value``, with probability p.

    ``value`` is a number, one for each channel, or "random" for Gaussian noise: Zhong et al. 2017,
    arXiv:1708.04896. Area and shape are drawn as by RandomResizedCrop.

    Shapes: (*, C, H, W) -> the same.

    >>> import autograd
    >>> RandomErasing(p=1.0)(autograd.ones(3, 8, 8)).shape
    autograd.Size([3, 8, 8])
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: Any = 0,
        inplace: bool = False,
    ) -> None:
        if isinstance(value, str) and value != "random":
            raise ValueError(
                f"RandomErasing: value must be numbers or 'random'; got {value!r:.60}."
            )
        for name, one in (("scale", scale), ("ratio", ratio)):
            if not isinstance(one, Sequence):
                raise TypeError(f"RandomErasing: {name} must be (least, most); got {one!r:.60}.")
        if not (0 <= scale[0] and scale[1] <= 1 and 0 <= p <= 1):
            raise ValueError(f"RandomErasing: scale and p must be in [0, 1]; got {scale} and {p}.")
        self.p = p
        self.scale = scale
        self.ratio = ratio
        self.value = value
        self.inplace = inplace

    @staticmethod
    def get_params(
        img: Any, scale: Sequence[float], ratio: Sequence[float], value: Any = None
    ) -> tuple[int, int, int, int, Any]:
        """Top, left, height, width and content of a random rectangle; None means noise."""
        channels, rows, columns = img.shape[-3:]
        for _ in range(10):
            width, height = rectangle_of(rows * columns, scale, ratio)
            if not (height < rows and width < columns):
                continue
            if value is None:
                content = normal((channels, height, width))
            else:
                content = np.array(value, np.float32)[:, None, None]
            top = drawn_integer(0, rows - height + 1)
            return top, drawn_integer(0, columns - width + 1), height, width, wrap(content, None)
        return 0, 0, rows, columns, img

    def forward(self, img: Any) -> Tensor:
        if not happens(self.p):
            return img
        value = self.value
        if value == "random":
            value = None
        elif isinstance(value, (int, float)):
            value = [value]
        if value is not None and len(value) not in (1, img.shape[-3]):
            raise ValueError(
                f"RandomErasing: value must be one number, or one for each of {img.shape[-3]} "
                f"channels; got {value}."
            )
        return erase(img, *self.get_params(img, self.scale, self.ratio, value), self.inplace)

    def extra_repr(self) -> str:
        return (
            f"p={self.p}, scale={self.scale}, ratio={self.ratio}, value={self.value}, "
            f"inplace={self.inplace}"
        )


def gaussian_blur(img: Any, kernel_size: Any, sigma: Any = None) -> Any:
    """The image blurred by a Gaussian, cut off at ``kernel_size`` (x, y), in odd numbers of pixels.

    ``sigma`` is the deviation, a number or (x, y); 0.3 ((kernel_size - 1) / 2 - 1) + 0.8 unless
    given. Beyond the edge the image counts as mirrored.

    >>> import autograd
    >>> gaussian_blur(autograd.ones(1, 5, 5), 3).shape
    autograd.Size([1, 5, 5])
    """
    check_image("gaussian_blur", img)
    sizes = [kernel_size] * 2 if isinstance(kernel_size, int) else list(kernel_size)
    if any(n % 2 == 0 or n < 1 for n in sizes):
        raise ValueError(f"gaussian_blur: kernel_size must be odd; got {kernel_size}.")
    if sigma is None:
        sigma = [n * 0.15 + 0.35 for n in sizes]
    deviations = [float(sigma)] * 2 if isinstance(sigma, (int, float)) else list(sigma)
    deviations *= 2 // len(deviations)
    if any(s <= 0 for s in deviations):
        raise ValueError(f"gaussian_blur: sigma must be positive; got {sigma}.")
    if is_image(img):
        pixels = np.array(img)
        x: Any = wrap(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1), None)
    else:
        x = img
    dtype = x._data.dtype
    real = dtype if dtypes.floating(dtype) else np.dtype(np.float32)
    across, down = (_bell(n, s).astype(real) for n, s in zip(sizes, deviations))
    made = pad(x.to(real), [sizes[0] // 2, sizes[1] // 2], padding_mode="reflect")
    made = (made.unfold(-1, sizes[0], 1) * wrap(across, None)).sum(-1)
    made = (made.unfold(-2, sizes[1], 1) * wrap(down, None)).sum(-1)
    if real != dtype:
        made = made.round().to(dtype)
    if not is_image(img):
        return made
    pixels = made._data[0] if img.mode in ("L", "F", "I") else made._data.transpose(1, 2, 0)
    return image_of(pixels, img.mode)


def _bell(n: int, deviation: float) -> np.ndarray:
    x = np.linspace(-(n - 1) * 0.5, (n - 1) * 0.5, n)
    weights = np.exp(-0.5 * (x / deviation) ** 2)
    return weights / weights.sum()


class GaussianBlur(Transform):
    """:func:`functional.gaussian_blur` with a random deviation within ``sigma``.

    Shapes: (*, C, H, W) -> the same.

    >>> import autograd
    >>> GaussianBlur(3)(autograd.ones(1, 5, 5)).shape
    autograd.Size([1, 5, 5])
    """

    def __init__(self, kernel_size: Any, sigma: Any = (0.1, 2.0)) -> None:
        self.kernel_size = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
        if any(n <= 0 or n % 2 == 0 for n in self.kernel_size):
            raise ValueError(f"GaussianBlur: kernel_size must be odd; got {kernel_size}.")
        self.sigma = (float(sigma),) * 2 if isinstance(sigma, (int, float)) else tuple(sigma)
        if not 0 < self.sigma[0] <= self.sigma[1]:
            raise ValueError(f"GaussianBlur: sigma must be positive, (least, most); got {sigma}.")

    @staticmethod
    def get_params(sigma_min: float, sigma_max: float) -> float:
        """A random deviation."""
        return drawn(sigma_min, sigma_max)

    def forward(self, img: Any) -> Any:
        return gaussian_blur(img, self.kernel_size, self.get_params(*self.sigma))

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, sigma={self.sigma}"
