"""The uniform distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Uniform"]


class Uniform(Distribution):
    """1 / (high - low) on [low, high).

    Shapes: low and high broadcast to the batch shape. Raises ValueError unless low < high.

    >>> Uniform(0.0, 4.0).log_prob(autograd.tensor(1.0))
    tensor(-1.3863)
    """

    has_rsample = True
    arg_constraints = {
        "low": constraints.dependent(is_discrete=False, event_dim=0),
        "high": constraints.dependent(is_discrete=False, event_dim=0),
    }

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None) -> None:
        self.low, self.high = broadcast_all("Uniform", low, high)
        super().__init__(self.low.shape, validate_args=validate_args)
        if self._checked and not bool((self.low < self.high).all()):
            raise ValueError(
                f"Uniform: low must be less than high; got {self.low} and {self.high}."
            )

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        return constraints.interval(self.low, self.high)

    @property
    def mean(self) -> Tensor:
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        return math.nan * self.high

    @property
    def stddev(self) -> Tensor:
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Tensor:
        return (self.high - self.low) ** 2 / 12

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.low + autograd.rand(shape, dtype=self.low.dtype) * (self.high - self.low)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        inside = (self.low <= value) & (self.high > value)
        return autograd.where(inside, -autograd.log(self.high - self.low), -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Tensor:
        return autograd.log(self.high - self.low)
