"""Images that are noise, to try a script with."""

from __future__ import annotations

from typing import Any

from autograd.engine.graph import wrap
from autograd.random.continuous import normal
from autograd.random.discrete import integers
from autograd.random.generator import Generator
from autograd.vision.datasets.vision import VisionDataset
from autograd.vision.transforms.conversion import to_pil_image

__all__ = ["FakeData"]


class FakeData(VisionDataset):
    """``size`` images of Gaussian noise, each with a random class; the same at each call.

    Image i comes from a stream of seed i + ``random_offset``.

    >>> image, label = FakeData(size=3, image_size=(3, 8, 8))[0]
    >>> image.size, 0 <= int(label) < 10
    ((8, 8), True)
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Any = None,
        target_transform: Any = None,
        random_offset: int = 0,
    ) -> None:
        super().__init__(transform=transform, target_transform=target_transform)
        self.size = size
        self.num_classes = num_classes
        self.image_size = image_size
        self.random_offset = random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if index >= len(self):
            raise IndexError(f"FakeData: an index must be below {len(self)}; got {index}.")
        stream = Generator().manual_seed(int(index) + self.random_offset)
        noise = normal(tuple(self.image_size), generator=stream)
        target = wrap(integers(0, self.num_classes, 1, generator=stream)[0], None)
        image, target = self.transformed(to_pil_image(wrap(noise, None)), target)
        return image, target.item() if hasattr(target, "item") else target

    def __len__(self) -> int:
        return self.size
