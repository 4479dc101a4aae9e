"""Images moved: mirrored, rotated, sheared, seen from the side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.vision.transforms.image import (
    InterpolationMode,
    Transform,
    check_image,
    drawn,
    drawn_integer,
    fill_of,
    get_dimensions,
    happens,
    interpolation_of,
    is_image,
    pillows_number,
)
from autograd.vision.transforms.resampling import placed

__all__ = [
    "RandomAffine", "RandomHorizontalFlip", "RandomPerspective", "RandomRotation",
    "RandomVerticalFlip", "affine", "hflip", "perspective", "rotate", "vflip",
]  # fmt: skip

_NEAREST, _BILINEAR = InterpolationMode.NEAREST, InterpolationMode.BILINEAR


def hflip(img: Any) -> Any:
    """The image with left and right exchanged.

    >>> import autograd
    >>> hflip(autograd.tensor([[1, 2]]))
    tensor([[2, 1]])
    """
    check_image("hflip", img)
    return img.transpose(0) if is_image(img) else img.flip(-1)  # 0: Pillow's FLIP_LEFT_RIGHT


def vflip(img: Any) -> Any:
    """The image with top and bottom exchanged.

    >>> import autograd
    >>> vflip(autograd.tensor([[[1], [2]]])).flatten()
    tensor([2, 1])
    """
    check_image("vflip", img)
    return img.transpose(1) if is_image(img) else img.flip(-2)  # 1: Pillow's FLIP_TOP_BOTTOM


class _Flip(Transform):
    def __init__(self, p: float = 0.5) -> None:
        self.p = p

    def extra_repr(self) -> str:
        return f"p={self.p}"


class RandomHorizontalFlip(_Flip):
    """The image with left and right exchanged, with probability p.

    >>> import autograd
    >>> RandomHorizontalFlip(p=1.0)(autograd.tensor([[[1, 2]]]))
    tensor([[[2, 1]]])
    """

    def forward(self, img: Any) -> Any:
        return hflip(img) if happens(self.p) else img


class RandomVerticalFlip(_Flip):
    """The image with top and bottom exchanged, with probability p.

    >>> import autograd
    >>> RandomVerticalFlip(p=1.0)(autograd.tensor([[[1], [2]]])).flatten()
    tensor([2, 1])
    """

    def forward(self, img: Any) -> Any:
        return vflip(img) if happens(self.p) else img


# -- rotations and shears --------------------------------------------------------------------------


def _inverse_matrix(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
) -> list[float]:
    """Where each new pixel comes from: (a, b, c, d, e, f), x ← a x + b y + c, y ← d x + e y + f.

    The inverse of: to the center, shear, rotation, scale, back from the center, and translation.
    """
    rot, sx, sy = (math.radians(one) for one in (angle, *shear))
    a = math.cos(rot - sy) / math.cos(sy)
    b = -math.cos(rot - sy) * math.tan(sx) / math.cos(sy) - math.sin(rot)
    c = math.sin(rot - sy) / math.cos(sy)
    d = -math.sin(rot - sy) * math.tan(sx) / math.cos(sy) + math.cos(rot)
    (cx, cy), (tx, ty) = center, translate
    matrix = [d / scale, -b / scale, 0.0, -c / scale, a / scale, 0.0]
    matrix[2] = matrix[0] * (-cx - tx) + matrix[1] * (-cy - ty) + cx
    matrix[5] = matrix[3] * (-cx - tx) + matrix[4] * (-cy - ty) + cy
    return matrix


def _moved(
    img: Any, matrix: list[float], size: tuple[int, int], mode: str, fill: list[float]
) -> Any:
    """A tensor moved by ``matrix``, around its center, into ``size`` (height, width)."""
    height, width = img.shape[-2:]
    theta = np.array(matrix, np.float32).reshape(2, 3)
    new_height, new_width = size
    x = np.arange(new_width, dtype=np.float32) - np.float32(new_width * 0.5 - 0.5)
    y = np.arange(new_height, dtype=np.float32) - np.float32(new_height * 0.5 - 0.5)
    points = np.ones((new_height, new_width, 3), np.float32)
    points[..., 0], points[..., 1] = x, y[:, None]
    # in units of half the image, as a grid is given, and back
    grid = points @ (theta.T / np.array([0.5 * width, 0.5 * height], np.float32))
    columns, rows = (((grid[..., i] + 1) * n - 1) / 2 for i, n in enumerate((width, height)))
    return placed(img, columns, rows, mode, fill)


def _around(img: Any, center: Any) -> list[float]:
    """A center in pixels, from the middle of a tensor."""
    if center is None:
        return [0.0, 0.0]
    _, height, width = get_dimensions(img)
    return [center[0] - width * 0.5, center[1] - height * 0.5]


def rotate(
    img: Any,
    angle: float,
    interpolation: Any = _NEAREST,
    expand: bool = False,
    center: Any = None,
    fill: Any = None,
) -> Any:
    """The image rotated by ``angle`` degrees, against the clock, around ``center`` (x, y).

    With ``expand`` it grows to hold all of the rotated image. ``fill`` is the colour outside.

    >>> import autograd
    >>> rotate(autograd.tensor([[[1, 2], [3, 4]]]), 90)
    tensor([[[2, 4],
             [1, 3]]])
    """
    interpolation = interpolation_of("rotate", interpolation)
    check_image("rotate", img)
    if not isinstance(angle, (int, float)):
        raise TypeError(f"rotate: angle must be a number; got {angle!r:.60}.")
    colour = fill_of("rotate", fill, img)
    if is_image(img):
        number = pillows_number(interpolation)
        return img.rotate(angle, number, expand, center, fillcolor=colour)
    matrix = _inverse_matrix(_around(img, center), -angle, [0.0, 0.0], 1.0, [0.0, 0.0])
    height, width = img.shape[-2:]
    size = _expanded(matrix, height, width) if expand else (height, width)
    return _moved(img, matrix, size, interpolation.value, colour)


def _expanded(matrix: list[float], height: int, width: int) -> tuple[int, int]:
    """The size that holds the corners where ``matrix`` puts them."""
    across, down = 0.5 * width, 0.5 * height
    corners = [[-across, -down, 1], [-across, down, 1], [across, down, 1], [across, -down, 1]]
    ends = np.array(corners, np.float32) @ np.array(matrix, np.float32).reshape(2, 3).T
    middle = np.array([across, down], np.float32)
    tolerance = np.float32(1e-4)  # a corner that is off by rounding adds no row
    most = np.ceil(np.trunc((ends.max(0) + middle) / tolerance) * tolerance)
    least = np.floor(np.trunc((ends.min(0) + middle) / tolerance) * tolerance)
    new_width, new_height = (most - least).astype(int).tolist()
    return new_height, new_width


def affine(
    img: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Any,
    interpolation: Any = _NEAREST,
    fill: Any = None,
    center: Any = None,
) -> Any:
    """The image rotated (with the clock), scaled and sheared around its center, and moved.

    Angles are in degrees, ``translate`` in pixels (x, y); ``shear`` is a number or (x, y). Raises
    ValueError for a scale that is not positive.

    >>> import autograd
    >>> affine(autograd.ones(1, 4, 4), 0, [1, 0], 1.0, [0.0]).sum()
    tensor(12.)
    """
    interpolation = interpolation_of("affine", interpolation)
    _, height, width = get_dimensions(img)
    if not scale > 0:
        raise ValueError(f"affine: scale must be positive; got {scale}.")
    if len(translate) != 2:
        raise ValueError(f"affine: translate must be (x, y); got {translate}.")
    both = [shear, 0.0] if isinstance(shear, (int, float)) else list(shear) * (2 // len(shear))
    colour = fill_of("affine", fill, img)
    if is_image(img):
        middle = [width * 0.5, height * 0.5] if center is None else center
        matrix = _inverse_matrix(middle, angle, translate, scale, both)
        number = pillows_number(interpolation)
        return img.transform(img.size, 0, matrix, number, fillcolor=colour)  # 0: Pillow's AFFINE
    matrix = _inverse_matrix(_around(img, center), angle, translate, scale, both)
    return _moved(img, matrix, (height, width), interpolation.value, colour)


def _range_of(call: str, name: str, value: Any, sizes: tuple[int, ...] = (2,)) -> list[float]:
    """Degrees (least, most), also where they come as one number for both signs."""
    if isinstance(value, (int, float)):
        if value < 0:
            raise ValueError(f"{call}: {name}, if one number, must not be negative; got {value}.")
        return [-float(value), float(value)]
    if not isinstance(value, Sequence):
        raise TypeError(f"{call}: {name} must be a number or a sequence; got {value!r:.60}.")
    if len(value) not in sizes:
        raise ValueError(f"{call}: {name} must hold {sizes} numbers; got {value}.")
    return [float(one) for one in value]


class RandomRotation(Transform):
    """:func:`functional.rotate` by a random angle in (-degrees, degrees), or (least, most).

    >>> import autograd
    >>> RandomRotation(30)(autograd.ones(1, 4, 4)).shape
    autograd.Size([1, 4, 4])
    """

    def __init__(
        self,
        degrees: Any,
        interpolation: Any = _NEAREST,
        expand: bool = False,
        center: Any = None,
        fill: Any = 0,
    ) -> None:
        self.degrees = _range_of("RandomRotation", "degrees", degrees)
        self.interpolation = interpolation_of("RandomRotation", interpolation)
        self.expand = expand
        self.center = center
        self.fill = 0 if fill is None else fill

    @staticmethod
    def get_params(degrees: Sequence[float]) -> float:
        """A random angle."""
        return drawn(degrees[0], degrees[1])

    def forward(self, img: Any) -> Any:
        angle = self.get_params(self.degrees)
        return rotate(img, angle, self.interpolation, self.expand, self.center, self.fill)

    def extra_repr(self) -> str:
        center = "" if self.center is None else f", center={self.center}"
        return (
            f"degrees={self.degrees}, interpolation={self.interpolation.value}, "
            f"expand={self.expand}{center}, fill={self.fill}"
        )


class RandomAffine(Transform):
    """:func:`functional.affine` by random numbers.

    :param degrees: the range of the angle.
    :param translate: the largest shifts, as shares of width and height.
    :param scale: (least, most).
    :param shear: degrees along x, a number or (least, most), or with two more, along y.

    >>> import autograd
    >>> RandomAffine(10, translate=(0.1, 0.1))(autograd.ones(1, 4, 4)).shape
    autograd.Size([1, 4, 4])
    """

    def __init__(
        self,
        degrees: Any,
        translate: Any = None,
        scale: Any = None,
        shear: Any = None,
        interpolation: Any = _NEAREST,
        fill: Any = 0,
        center: Any = None,
    ) -> None:
        self.degrees = _range_of("RandomAffine", "degrees", degrees)
        if translate is not None and not all(0 <= one <= 1 for one in translate):
            raise ValueError(f"RandomAffine: translate must be in [0, 1]; got {translate}.")
        if scale is not None and not all(one > 0 for one in scale):
            raise ValueError(f"RandomAffine: scale must be positive; got {scale}.")
        self.translate = translate
        self.scale = scale
        self.shear = None if shear is None else _range_of("RandomAffine", "shear", shear, (2, 4))
        self.interpolation = interpolation_of("RandomAffine", interpolation)
        self.fill = 0 if fill is None else fill
        self.center = center

    @staticmethod
    def get_params(
        degrees: Sequence[float],
        translate: Any,
        scale_ranges: Any,
        shears: Any,
        img_size: Sequence[int],
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """A random angle, shift (x, y), scale and shear (x, y)."""
        angle = drawn(degrees[0], degrees[1])
        shift = [0, 0]
        if translate is not None:
            most = [float(share * n) for share, n in zip(translate, img_size)]
            shift = [round(drawn(-one, one)) for one in most]
        scale = 1.0 if scale_ranges is None else drawn(scale_ranges[0], scale_ranges[1])
        shear = [0.0, 0.0]
        if shears is not None:
            shear[0] = drawn(shears[0], shears[1])
            if len(shears) == 4:
                shear[1] = drawn(shears[2], shears[3])
        return angle, (shift[0], shift[1]), scale, (shear[0], shear[1])

    def forward(self, img: Any) -> Any:
        _, height, width = get_dimensions(img)
        chosen = self.get_params(
            self.degrees, self.translate, self.scale, self.shear, [width, height]
        )
        return affine(img, *chosen, self.interpolation, self.fill, self.center)

    def extra_repr(self) -> str:
        said = [f"degrees={self.degrees}"]
        for name in ("translate", "scale", "shear"):
            if getattr(self, name) is not None:
                said.append(f"{name}={getattr(self, name)}")
        if self.interpolation is not _NEAREST:
            said.append(f"interpolation={self.interpolation.value}")
        if self.fill != 0:
            said.append(f"fill={self.fill}")
        if self.center is not None:
            said.append(f"center={self.center}")
        return ", ".join(said)


# -- perspective -----------------------------------------------------------------------------------


def _perspective_of(startpoints: Any, endpoints: Any) -> list[float]:
    """The eight numbers (a … h) that take endpoints to startpoints:

    (x, y) ← ((a x + b y + c) / (g x + h y + 1), (d x + e y + f) / (g x + h y + 1))
    """
    rows = []
    for (x, y), (u, v) in zip(endpoints, startpoints):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    right = np.array(startpoints, np.float64).reshape(8)
    solved = np.linalg.lstsq(np.array(rows, np.float64), right, rcond=None)[0]
    return solved.astype(np.float32).tolist()


def perspective(
    img: Any, startpoints: Any, endpoints: Any, interpolation: Any = _BILINEAR, fill: Any = None
) -> Any:
    """The image with four of its points moved, each (x, y), and all others with them.

    >>> import autograd
    >>> corners = [[0, 0], [3, 0], [3, 3], [0, 3]]
    >>> x = autograd.rand(1, 4, 4)
    >>> autograd.allclose(perspective(x, corners, corners), x, atol=1e-5)
    True
    """
    interpolation = interpolation_of("perspective", interpolation)
    colour = fill_of("perspective", fill, img)
    numbers = _perspective_of(startpoints, endpoints)
    if is_image(img):
        number = pillows_number(interpolation)
        return img.transform(img.size, 2, numbers, number, fillcolor=colour)  # 2: PERSPECTIVE
    height, width = img.shape[-2:]
    points = np.ones((height, width, 3), np.float32)
    points[..., 0] = np.arange(width) + 0.5
    points[..., 1] = (np.arange(height) + 0.5)[:, None]
    a, b, c, d, e, f, g, h = np.array(numbers, np.float32)
    # in units of half the image, as a grid is given, and back
    half = np.array([0.5 * width, 0.5 * height], np.float32)
    grid = points @ (np.array([[a, b, c], [d, e, f]]).T / half)
    grid = grid / (points @ np.array([[g, h, 1]], np.float32).T) - 1
    columns, rows = (((grid[..., i] + 1) * n - 1) / 2 for i, n in enumerate((width, height)))
    return placed(img, columns, rows, interpolation.value, colour)


class RandomPerspective(Transform):
    """:func:`functional.perspective` with random corners, with probability p.

    >>> import autograd
    >>> RandomPerspective(0.1, p=1.0)(autograd.ones(1, 32, 32)).shape
    autograd.Size([1, 32, 32])
    """

    def __init__(
        self,
        distortion_scale: float = 0.5,
        p: float = 0.5,
        interpolation: Any = _BILINEAR,
        fill: Any = 0,
    ) -> None:
        self.p = p
        self.interpolation = interpolation_of("RandomPerspective", interpolation)
        self.distortion_scale = distortion_scale
        self.fill = 0 if fill is None else fill

    @staticmethod
    def get_params(width: int, height: int, distortion_scale: float) -> tuple[Any, Any]:
        """The corners, from the top left with the clock, and random points in their places."""
        across = int(distortion_scale * (width // 2))
        down = int(distortion_scale * (height // 2))

        def corner(right: bool, bottom: bool) -> list[int]:
            x = (width - across - 1, width) if right else (0, across + 1)
            y = (height - down - 1, height) if bottom else (0, down + 1)
            return [drawn_integer(*x), drawn_integer(*y)]

        ends = [
            corner(*one) for one in ((False, False), (True, False), (True, True), (False, True))
        ]
        return [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], ends

    def forward(self, img: Any) -> Any:
        _, height, width = get_dimensions(img)
        if not happens(self.p):
            return img
        points = self.get_params(width, height, self.distortion_scale)
        return perspective(img, *points, self.interpolation, self.fill)

    def extra_repr(self) -> str:
        return f"p={self.p}"
