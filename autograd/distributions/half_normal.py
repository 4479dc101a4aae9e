"""The upper half of the normal distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd.distributions.half import Half
from autograd.distributions.normal import Normal

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["HalfNormal"]


class HalfNormal(Half):
    """|X|, for X of Normal(0, scale).

    >>> HalfNormal(1.0).mean
    tensor(0.7979)
    """

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Normal(0, scale, validate_args=False), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        return self.scale**2 * (1 - 2 / math.pi)
