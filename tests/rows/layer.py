"""What a row says of a layer, and how its inputs are drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nn


@dataclass
class Layer:
    """A layer, how its inputs are drawn, and what it should be."""

    make: Callable[[], nn.Module]
    inputs: tuple[Callable[..., Any], ...]
    out: tuple[int, ...]
    text: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text.split("\n")[0].replace("(", "[").rstrip(")")


def reals(*shape):
    return lambda rng: rng.standard_normal(shape)


def probabilities(*shape):
    return lambda rng: rng.uniform(0.1, 0.9, shape)


def classes(n, *shape):
    return lambda rng: rng.integers(0, n, shape)


def signs(*shape):
    return lambda rng: 2 * rng.integers(0, 2, shape) - 1


X = (reals(3, 4),)
PAIR = (reals(3, 4), reals(3, 4))
IMAGE, VOLUME = (reals(2, 3, 4),), (reals(1, 2, 3, 3),)
