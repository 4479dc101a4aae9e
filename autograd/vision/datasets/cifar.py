"""CIFAR-10 and CIFAR-100: pickles of arrays, read by an unpickler that makes nothing else."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.graph import wrap
from autograd.vision.datasets.vision import VisionDataset, check_files
from autograd.vision.transforms.compose import on_batches
from autograd.vision.transforms.conversion import image_of

__all__ = ["CIFAR10", "CIFAR100"]


class _ArraysOnly(pickle.Unpickler):
    """Reads dicts, lists, strings, numbers and arrays; a file that asks for more is refused."""

    def find_class(self, module: str, name: str) -> Any:
        # where NumPy has had its arrays' pickling, under the names of its old and new modules
        homes = {
            f"numpy.{core}.{file}"
            for core in ("core", "_core")
            for file in ("multiarray", "numeric")
        }
        if (module, name) == ("numpy", "ndarray"):
            return "ndarray"  # only named: called with a shape, it would make an array of any size
        if (module, name) == ("numpy", "dtype"):
            return _plain_dtype
        if module in homes and name in ("_reconstruct", "_frombuffer"):
            return _reconstructed if name == "_reconstruct" else _from_buffer
        if (module, name) == ("_codecs", "encode"):  # how Python 3 writes bytes for Python 2
            return _as_bytes
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no array")


def _reconstructed(kind: Any, shape: Any, code: Any) -> np.ndarray:
    """An empty array, which the pickle then fills: what NumPy's own function makes."""
    return np.ndarray.__new__(np.ndarray, (0,), "b")


def _plain_dtype(code: str, align: Any = False, copy: Any = False) -> Any:
    if not isinstance(code, str) or np.dtype(code).hasobject:
        raise pickle.UnpicklingError(f"it asks for an array of {code}")
    return np.dtype(code)


def _as_bytes(text: str, encoding: str) -> bytes:
    return text.encode("latin1")


def _from_buffer(buffer: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray:
    return np.frombuffer(buffer, dtype).reshape(shape, order=order)


def read_pickle(path: str) -> Any:
    """What a pickle of plain values and arrays holds; ValueError for anything else."""
    try:
        with open(path, "rb") as file:
            return _ArraysOnly(file, encoding="latin1").load()
    except Exception as error:  # whatever bytes can make an unpickler raise
        raise ValueError(
            f"{path}: expected a pickle of arrays and plain values; {error}. Copy the file again."
        ) from None


class CIFAR10(VisionDataset):
    """60,000 images of 32 by 32 pixels in ten classes: Krizhevsky 2009.

    Read from ``<root>/cifar-10-batches-py/``: data_batch_1 to data_batch_5, or test_batch where
    ``train`` is False, and batches.meta. ``data`` holds all images (N, 32, 32, 3), a uint8 array,
    ``targets`` a list of classes. Raises RuntimeError where a file is missing, whether or not
    ``download`` is asked for, ValueError for a file that is damaged or holds anything else.
    """

    base_folder = "cifar-10-batches-py"
    train_list = [f"data_batch_{i}" for i in range(1, 6)]
    test_list = ["test_batch"]
    meta = ("batches.meta", "label_names")
    _labels = "labels"

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
        folder = os.path.join(self.root, self.base_folder)
        names = self.train_list if train else self.test_list
        check_files(type(self).__name__, folder, [*names, self.meta[0]], download)
        parts: list[Any] = []
        self.targets: list[int] = []
        for name in names:
            path = os.path.join(folder, name)
            rows, labels = _fields(path, "data", self._labels)
            if not isinstance(rows, np.ndarray) or rows.shape != (len(labels), 3072):
                raise ValueError(
                    f"{path}: data must be an array (N, 3072) with a label for each row; got "
                    f"{getattr(rows, 'shape', type(rows).__name__)} and {len(labels)} labels."
                )
            parts.append(rows)
            self.targets.extend(labels)
        self.data = np.vstack(parts).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        (self.classes,) = _fields(os.path.join(folder, self.meta[0]), self.meta[1])
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index: Any) -> tuple[Any, Any]:
        return self.transformed(image_of(self.data[index], "RGB"), self.targets[index])

    def __getrows__(self) -> Callable[[np.ndarray], Any] | None:
        prepare = on_batches(self.transform)
        images, targets = np.asarray(self.data), np.asarray(self.targets)
        if prepare is None or self.target_transform is not None:
            return None
        if images.dtype != np.uint8 or images.ndim != 4 or targets.dtype != np.int64:
            return None
        return lambda at: [prepare(images[at].transpose(0, 3, 1, 2)), wrap(targets[at], None)]

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train else 'Test'}"


def _fields(path: str, *names: str) -> list[Any]:
    content = read_pickle(path)
    if not isinstance(content, dict) or not set(names) <= set(content):
        raise ValueError(f"{path}: expected a dict with {', '.join(names)}.")
    return [content[name] for name in names]


class CIFAR100(CIFAR10):
    """As :class:`CIFAR10`, in 100 classes: ``<root>/cifar-100-python/`` holds train, test, meta."""

    base_folder = "cifar-100-python"
    train_list = ["train"]
    test_list = ["test"]
    meta = ("meta", "fine_label_names")
    _labels = "fine_labels"
