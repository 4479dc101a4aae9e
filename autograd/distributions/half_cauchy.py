"""The upper half of the Cauchy distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions.cauchy import Cauchy
from autograd.distributions.half import Half

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["HalfCauchy"]


class HalfCauchy(Half):
    """|X|, for X of Cauchy(0, scale). It has no finite mean.

    >>> HalfCauchy(1.0).cdf(autograd.tensor(1.0))
    tensor(0.5000)
    """

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Cauchy(0, scale, validate_args=False), validate_args)

    @property
    def mean(self) -> Tensor:
        return autograd.full(self._extended_shape(), math.inf, dtype=self.scale.dtype)

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance
