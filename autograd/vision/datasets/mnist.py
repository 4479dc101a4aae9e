"""MNIST and what has its format: bytes, with their sizes before them."""

from __future__ import annotations

import gzip
import math
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.graph import wrap
from autograd.vision.datasets.vision import VisionDataset, check_files
from autograd.vision.transforms.compose import on_batches
from autograd.vision.transforms.conversion import image_of

__all__ = ["FashionMNIST", "KMNIST", "MNIST"]

_DTYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_idx(path: str) -> np.ndarray:
    """The array in a file of the idx format, packed by gzip or not.

    Two zero bytes, a byte for the dtype, one for the number of axes; the sizes, four bytes each,
    the high one first; the elements. Raises ValueError where the file is anything else.
    """
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError) as error:
            raise ValueError(f"{path}: expected a whole gzip file; {error}.") from None
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in _DTYPES:
        raise ValueError(f"{path}: expected a file in the idx format; it begins {content[:4]!r}.")
    axes, dtype = content[3], np.dtype(_DTYPES[content[2]])
    start = 4 + 4 * axes
    shape = tuple(np.frombuffer(content[4:start].ljust(4 * axes, b"\0"), ">u4").tolist())
    if len(content) != start + math.prod(shape) * dtype.itemsize:
        raise ValueError(
            f"{path}: expected {shape} elements of {dtype.itemsize} bytes; the file has "
            f"{max(len(content) - start, 0)} bytes after its sizes. Copy it again."
        )
    array = np.frombuffer(bytearray(content), dtype, offset=start).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


class MNIST(VisionDataset):
    """70,000 digits of 28 by 28 pixels: LeCun et al. 1998, doi:10.1109/5.726791.

    Read from ``<root>/MNIST/raw/``: train-images-idx3-ubyte and train-labels-idx1-ubyte, or
    t10k-… where ``train`` is False, each with or without .gz. ``data`` holds all images (N, 28, 28)
    uint8, ``targets`` the classes, int64. Raises RuntimeError where a file is missing, whether or
    not ``download`` is asked for, ValueError for a file that is damaged.
    """

    classes = [
        f"{digit} - {name}"
        for digit, name in enumerate("zero one two three four five six seven eight nine".split())
    ]

    def __init__(
        self,
        root: Any,
        train: bool = True,
        transform: Any = None,
        target_transform: Any = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        part = "train" if train else "t10k"
        names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
        packed = [name + ".gz" for name in names]
        raw = self.raw_folder
        found = [p if os.path.isfile(os.path.join(raw, p)) else n for n, p in zip(names, packed)]
        found = [n if os.path.isfile(os.path.join(raw, n)) else f for n, f in zip(names, found)]
        check_files(type(self).__name__, raw, found, download)
        images, labels = (read_idx(os.path.join(raw, name)) for name in found)
        if images.ndim != 3 or labels.shape != images.shape[:1]:
            raise ValueError(
                f"{type(self).__name__}: {found[0]} must hold (N, height, width) and {found[1]} "
                f"(N,); got {images.shape} and {labels.shape}."
            )
        self.data = wrap(images, None)
        self.targets = wrap(labels.astype(np.int64), None)

    @property
    def raw_folder(self) -> str:
        """Where the files are."""
        return os.path.join(self.root, type(self).__name__, "raw")

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of each class."""
        return {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index: Any) -> tuple[Any, Any]:
        image = image_of(np.asarray(self.data[index]), "L")
        return self.transformed(image, int(self.targets[index]))

    def __getrows__(self) -> Callable[[np.ndarray], Any] | None:
        prepare = on_batches(self.transform)
        images, targets = np.asarray(self.data), np.asarray(self.targets)
        if prepare is None or self.target_transform is not None:
            return None
        if images.dtype != np.uint8 or images.ndim != 3 or targets.dtype != np.int64:
            return None
        return lambda at: [prepare(images[at][:, None]), wrap(targets[at], None)]

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train else 'Test'}"


class FashionMNIST(MNIST):
    """70,000 articles of clothing, as :class:`MNIST`: Xiao et al. 2017, arXiv:1708.07747."""

    classes = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
    ]  # fmt: skip


class KMNIST(MNIST):
    """70,000 letters of old Japanese, as :class:`MNIST`: Clanuwat et al. 2018, arXiv:1812.01718."""

    classes = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
