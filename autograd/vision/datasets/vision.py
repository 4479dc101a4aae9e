"""What data sets of images share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from autograd.utils.data.dataset import Dataset

__all__ = ["StandardTransform", "VisionDataset"]


class VisionDataset(Dataset[Any]):
    """A data set with a folder and with transforms: subclass it with ``__getitem__``, ``__len__``.

    ``transforms`` takes (image, target); ``transform`` and ``target_transform`` take one each.
    Raises ValueError where both forms are given.
    """

    def __init__(
        self,
        root: Any = None,
        transforms: Callable[..., Any] | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
    ) -> None:
        self.root = os.path.expanduser(root) if isinstance(root, str) else root
        alone = transform is not None or target_transform is not None
        if transforms is not None and alone:
            raise ValueError(
                f"{type(self).__name__}: transforms takes image and target; got transform or "
                "target_transform too. Pass one of the two forms."
            )
        self.transform = transform
        self.target_transform = target_transform
        self.transforms = StandardTransform(transform, target_transform) if alone else transforms

    def transformed(self, image: Any, target: Any) -> tuple[Any, Any]:
        """A sample, with ``transform`` and ``target_transform`` applied."""
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__}: define __len__(self).")

    def extra_repr(self) -> str:
        """Further lines, as they are printed."""
        return ""

    def __repr__(self) -> str:
        lines = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            lines.append(f"Root location: {self.root}")
        lines += self.extra_repr().splitlines()
        if self.transforms is not None:
            lines.append(repr(self.transforms))
        return "\n    ".join([f"Dataset {type(self).__name__}", *lines])


class StandardTransform:
    """A transform of the image and one of the target, as one of both."""

    def __init__(
        self,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
    ) -> None:
        self.transform = transform
        self.target_transform = target_transform

    def __call__(self, input: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            input = self.transform(input)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return input, target

    def __repr__(self) -> str:
        lines = [type(self).__name__]
        given = (("Transform: ", self.transform), ("Target transform: ", self.target_transform))
        for head, transform in given:
            if transform is not None:
                first, *rest = repr(transform).splitlines()
                lines += [head + first, *[" " * len(head) + line for line in rest]]
        return "\n".join(lines)


def check_files(name: str, folder: str, files: Iterable[str], download: bool) -> None:
    """Raise RuntimeError, with the folder and the files expected, where one is not there."""
    expected = list(files)
    missing = [one for one in expected if not os.path.isfile(os.path.join(folder, one))]
    if not missing:
        return
    asked = "; nothing is downloaded here, whatever download says" if download else ""
    raise RuntimeError(
        f"{name}: the folder {os.path.abspath(folder)} must hold {', '.join(expected)}; missing: "
        f"{', '.join(missing)}{asked}. Put the files there, or pass the root where they are."
    )
