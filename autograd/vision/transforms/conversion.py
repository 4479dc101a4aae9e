"""Between images, arrays and tensors; between their dtypes and ranges."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase, wrap
from autograd.vision.transforms.image import Transform, is_image, largest, pillow

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = [
    "ConvertImageDtype", "Normalize", "PILToTensor", "ToPILImage", "ToTensor",
    "convert_image_dtype", "normalize", "pil_to_tensor", "to_pil_image", "to_tensor",
]  # fmt: skip

_SIXTEEN = "I;16" if sys.byteorder == "little" else "I;16B"
_DTYPES = {"I": np.int32, _SIXTEEN: np.int16, "F": np.float32}
_MODES: dict[Any, str] = {np.uint8: "L", np.int16: _SIXTEEN, np.int32: "I", np.float32: "F"}


def to_tensor(pic: Any) -> Tensor:
    """An image of Pillow's, or an array (H, W) or (H, W, C), as a tensor (C, H, W).

    Bytes become the default floating dtype, from 0 to 1; other dtypes stay. Raises TypeError for
    anything else, ValueError for arrays of other axes.

    >>> to_tensor(np.full((1, 2), 51, np.uint8))
    tensor([[[0.2000, 0.2000]]])
    """
    if is_image(pic):
        pixels = np.array(pic, _DTYPES.get(pic.mode, np.uint8))
        if pic.mode == "1":
            pixels *= 255
    elif isinstance(pic, np.ndarray):
        pixels = pic
        if pixels.ndim not in (2, 3):
            raise ValueError(f"to_tensor: pic must be (H, W) or (H, W, C); got {pixels.shape}.")
    else:
        raise TypeError(
            f"to_tensor: pic must be an image of Pillow's or an array; got {type(pic).__name__}."
        )
    pixels = np.ascontiguousarray(_channels_first(pixels))
    return scaled(pixels) if pixels.dtype == np.uint8 else wrap(pixels, None)


def scaled(pixels: np.ndarray) -> Any:
    """Bytes as a tensor of the default floating dtype, from 0 to 1."""
    real = dtypes.get_default_dtype()
    return wrap(np.divide(pixels, real.type(255), dtype=real), None)


def _channels_first(pixels: np.ndarray) -> np.ndarray:
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


class ToTensor(Transform):
    """:func:`functional.to_tensor` as a transform.

    >>> import numpy as np
    >>> ToTensor()(np.full((2, 2, 3), 255, np.uint8)).shape
    autograd.Size([3, 2, 2])
    """

    def forward(self, img: Any) -> Tensor:
        return to_tensor(img)


def pil_to_tensor(pic: Any) -> Tensor:
    """An image of Pillow's as a tensor (C, H, W) of its own dtype. TypeError for anything else.

    >>> from PIL import Image
    >>> pil_to_tensor(Image.new("L", (2, 1), 7))
    tensor([[[7, 7]]], dtype=autograd.uint8)
    """
    if not is_image(pic):
        raise TypeError(
            f"pil_to_tensor: pic must be an image of Pillow's; got {type(pic).__name__}."
        )
    return wrap(_channels_first(np.array(pic)), None)


class PILToTensor(Transform):
    """:func:`functional.pil_to_tensor` as a transform.

    >>> from PIL import Image
    >>> PILToTensor()(Image.new("RGB", (2, 1))).shape
    autograd.Size([3, 1, 2])
    """

    def forward(self, img: Any) -> Tensor:
        return pil_to_tensor(img)


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """A tensor (C, H, W) or (H, W), or an array (H, W) or (H, W, C), as an image of Pillow's.

    Real numbers are multiplied by 255 and cut to bytes, unless the mode is "F". Without a mode, one
    to four channels are L (or I, F), LA, RGB, RGBA. Raises ValueError for other axes or a mode that
    does not fit, TypeError for other dtypes.

    >>> import autograd
    >>> to_pil_image(autograd.zeros(3, 2, 4)).size
    (4, 2)
    """
    if isinstance(pic, TensorBase):
        pixels = pic.detach().numpy()  # type: ignore[attr-defined]
        if pixels.ndim == 3:
            pixels = pixels.transpose(1, 2, 0)
    elif isinstance(pic, np.ndarray):
        pixels = pic
    else:
        raise TypeError(
            f"to_pil_image: pic must be a tensor or an array; got {type(pic).__name__}."
        )
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or not 1 <= pixels.shape[2] <= 4:
        raise ValueError(
            "to_pil_image: pic must have two axes, or three with 1 to 4 channels; got shape "
            f"{tuple(pic.shape)}."
        )
    if dtypes.floating(pixels.dtype) and mode != "F":
        pixels = (pixels * 255).astype(np.uint8)
    channels = pixels.shape[2]
    if channels == 1:
        pixels = pixels[:, :, 0]
        fitting = [_MODES[pixels.dtype.type]] if pixels.dtype.type in _MODES else []
    else:
        several = {2: ["LA"], 3: ["RGB", "YCbCr", "HSV"], 4: ["RGBA", "CMYK", "RGBX"]}
        fitting = several[channels] if pixels.dtype == np.uint8 else []
    if not fitting:
        raise TypeError(f"to_pil_image: images hold no {pixels.dtype} in {channels} channels.")
    if mode is not None and mode not in fitting:
        raise ValueError(
            f"to_pil_image: mode must be one of {fitting} for {channels} channels of "
            f"{pixels.dtype}; got {mode!r}."
        )
    return image_of(pixels, mode or fitting[0])


def image_of(pixels: np.ndarray, mode: str) -> Any:
    """An image of Pillow's in ``mode`` from pixels (H, W) or (H, W, C)."""
    height, width = pixels.shape[:2]
    return pillow().frombytes(mode, (width, height), np.ascontiguousarray(pixels).tobytes())


class ToPILImage(Transform):
    """:func:`functional.to_pil_image` as a transform.

    >>> import autograd
    >>> ToPILImage()(autograd.zeros(1, 2, 4)).mode
    'L'
    """

    def __init__(self, mode: str | None = None) -> None:
        self.mode = mode

    def forward(self, img: Any) -> Any:
        return to_pil_image(img, self.mode)

    def extra_repr(self) -> str:
        return "" if self.mode is None else f"mode={self.mode}"


def convert_image_dtype(image: Any, dtype: Any = None) -> Tensor:
    """A tensor in another dtype, with its values scaled: what was white stays white.

    Raises RuntimeError where real numbers do not determine so large integers, TypeError for what is
    not a tensor.

    >>> import autograd
    >>> convert_image_dtype(autograd.tensor([0, 51, 255], dtype=autograd.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """
    if not isinstance(image, TensorBase):
        raise TypeError(
            f"convert_image_dtype: image must be a tensor; got {type(image).__name__}. Use "
            "ToTensor."
        )
    x: Any = image
    before = np.dtype(x._data.dtype)
    wanted = dtypes.as_dtype(np.float32 if dtype is None else dtype)
    if before == wanted or (dtypes.floating(before) and dtypes.floating(wanted)):
        return x.to(wanted)
    if dtypes.floating(before):
        if wanted.itemsize >= before.itemsize and wanted.itemsize >= 4:
            raise RuntimeError(
                f"convert_image_dtype: {before} does not determine every {wanted}. Take a smaller "
                "integer dtype."
            )
        return (x * (largest(wanted) + 1.0 - 1e-3)).to(wanted)
    if dtypes.floating(wanted):
        return x.to(wanted) / largest(before)
    ratio = int((largest(before) + 1) // (largest(wanted) + 1))
    if ratio > 1:
        return (x // ratio).to(wanted)
    return x.to(wanted) * int((largest(wanted) + 1) // (largest(before) + 1))


class ConvertImageDtype(Transform):
    """:func:`functional.convert_image_dtype` as a transform.

    >>> import autograd
    >>> ConvertImageDtype(autograd.uint8)(autograd.ones(1, 1, 2))
    tensor([[[255, 255]]], dtype=autograd.uint8)
    """

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype

    def forward(self, img: Any) -> Tensor:
        return convert_image_dtype(img, self.dtype)


def normalize(tensor: Any, mean: Any, std: Any, inplace: bool = False) -> Tensor:
    """(tensor - mean) / std, with a number for each channel of (*, C, H, W).

    Raises TypeError for what is not a floating-point tensor, ValueError for less than three axes
    and where a deviation is zero.

    >>> import autograd
    >>> normalize(autograd.ones(1, 1, 2), [0.5], [0.25])
    tensor([[[2., 2.]]])
    """
    if not isinstance(tensor, TensorBase) or not dtypes.floating(tensor._data.dtype):
        kind = getattr(tensor, "dtype", type(tensor).__name__)
        raise TypeError(
            f"normalize: expected a floating-point tensor; got {kind}. Put ToTensor before it."
        )
    x: Any = tensor
    if x._data.ndim < 3:
        raise ValueError(f"normalize: expected a tensor (*, C, H, W); got {tuple(x.shape)}.")
    shift, scale = (_per_channel(one, x._data.dtype) for one in (mean, std))
    for one in (shift, scale):
        if one.ndim == 3 and len(one) not in (1, x._data.shape[-3]):
            raise RuntimeError(
                "normalize: mean and std must be one number, or one for each of "
                f"{x._data.shape[-3]} channels; got {len(one)}."
            )
    if (scale == 0).any():
        raise ValueError(f"normalize: std must not be zero in {x._data.dtype}; got {std}.")
    shift, scale = wrap(shift, None), wrap(scale, None)
    if inplace:
        return x.sub_(shift).div_(scale)
    return (x - shift) / scale


def _per_channel(values: Any, dtype: Any) -> np.ndarray:
    array = np.asarray(values, dtype)
    return array.reshape(-1, 1, 1) if array.ndim == 1 else array


class Normalize(Transform):
    """:func:`functional.normalize` as a transform.

    >>> import autograd
    >>> Normalize([0.5], [0.25])(autograd.ones(1, 1, 2))
    tensor([[[2., 2.]]])
    """

    def __init__(self, mean: Any, std: Any, inplace: bool = False) -> None:
        self.mean = mean
        self.std = std
        self.inplace = inplace

    def forward(self, img: Any) -> Tensor:
        return normalize(img, self.mean, self.std, self.inplace)

    def extra_repr(self) -> str:
        return f"mean={self.mean}, std={self.std}"
