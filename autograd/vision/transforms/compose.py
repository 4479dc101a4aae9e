"""Transforms of transforms. Choice and order come from Python's ``random``, as in torchvision."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.vision.transforms.conversion import Normalize, ToTensor, scaled
from autograd.vision.transforms.image import Transform, drawn

__all__ = ["Compose", "Lambda", "RandomApply", "RandomChoice", "RandomOrder"]


class Lambda(Transform):
    """A function as a transform. Raises TypeError for what cannot be called.

    >>> Lambda(lambda x: x + 1)(2)
    3
    """

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        if not callable(lambd):
            raise TypeError(f"Lambda: lambd must be callable; got {type(lambd).__name__}.")
        self.lambd = lambd

    def forward(self, img: Any) -> Any:
        return self.lambd(img)


class _Several(Transform):
    def __init__(self, transforms: Any) -> None:
        self.transforms = transforms

    def __repr__(self) -> str:
        lines = [f"    {line}" for line in [*self._options(), *self.transforms]]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])

    def _options(self) -> list[str]:
        return []


class Compose(_Several):
    """Transforms one after another.

    >>> Compose([Lambda(abs), Lambda(str)])(-2)
    '2'
    """

    def forward(self, img: Any) -> Any:
        for transform in self.transforms:
            img = transform(img)
        return img


def on_batches(transform: Any) -> Callable[[np.ndarray], Any] | None:
    """``transform`` as a function of many images, bytes (B, C, H, W), where it is only arithmetic.

    Its results are those of each image. None for what is not ToTensor with Normalize after it.
    """
    steps = transform.transforms if type(transform) is Compose else [transform]
    if not steps or type(steps[0]) is not ToTensor:
        return None
    if any(type(step) is not Normalize for step in steps[1:]):
        return None

    def prepare(pixels: np.ndarray) -> Any:
        x = scaled(np.ascontiguousarray(pixels))
        for step in steps[1:]:
            x = step(x)
        return x

    return prepare


class RandomApply(_Several):
    """Transforms one after another, with probability p; else none of them.

    >>> import autograd
    >>> RandomApply([Lambda(lambda x: x * 0)], p=1.0)(autograd.ones(2))
    tensor([0., 0.])
    """

    def __init__(self, transforms: Any, p: float = 0.5) -> None:
        super().__init__(transforms)
        self.p = p

    def forward(self, img: Any) -> Any:
        if np.float32(self.p) < drawn():
            return img
        for transform in self.transforms:
            img = transform(img)
        return img

    def _options(self) -> list[str]:
        return [f"p={self.p}"]


class RandomOrder(_Several):
    """Transforms one after another, in random order.

    >>> import autograd
    >>> RandomOrder([Lambda(lambda x: x + 1), Lambda(lambda x: x + 2)])(autograd.zeros(1))
    tensor([3.])
    """

    def __init__(self, transforms: Sequence[Any]) -> None:
        _check_sequence(type(self).__name__, "transforms", transforms)
        super().__init__(transforms)

    def forward(self, img: Any) -> Any:
        order = list(range(len(self.transforms)))
        random.shuffle(order)
        for i in order:
            img = self.transforms[i](img)
        return img


class RandomChoice(_Several):
    """One of the transforms, each as probable as ``p`` says, or all alike.

    >>> import autograd
    >>> RandomChoice([Lambda(lambda x: x + 1)])(autograd.zeros(1))
    tensor([1.])
    """

    def __init__(self, transforms: Sequence[Any], p: Sequence[float] | None = None) -> None:
        _check_sequence("RandomChoice", "transforms", transforms)
        if p is not None:
            _check_sequence("RandomChoice", "p", p)
        super().__init__(transforms)
        self.p = p

    def __call__(self, *args: Any) -> Any:
        return random.choices(self.transforms, weights=self.p)[0](*args)

    def __repr__(self) -> str:
        return f"{super().__repr__()}(p={self.p})"


def _check_sequence(call: str, name: str, value: Any) -> None:
    if not isinstance(value, Sequence):
        raise TypeError(f"{call}: {name} must be a sequence; got {type(value).__name__}.")
