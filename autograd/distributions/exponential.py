"""The exponential distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import ExponentialFamily, broadcast_all

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Exponential"]


class Exponential(ExponentialFamily):
    """λ exp(-λ x) for x ≥ 0.

    Raises ValueError unless the rate is positive.

    >>> Exponential(2.0).mean
    tensor(0.5000)
    """

    arg_constraints = {"rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all("Exponential", rate)
        super().__init__(self.rate.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate.reciprocal()

    @property
    def mode(self) -> Tensor:
        return autograd.zeros_like(self.rate)

    @property
    def stddev(self) -> Tensor:
        return self.rate.reciprocal()

    @property
    def variance(self) -> Tensor:
        return self.rate ** (-2)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return autograd.empty(shape, dtype=self.rate.dtype).exponential_() / self.rate

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return self.rate.log() - self.rate * value

    def cdf(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return 1 - autograd.exp(-self.rate * value)

    def icdf(self, value: Tensor) -> Tensor:
        return -autograd.log1p(-value) / self.rate

    def entropy(self) -> Tensor:
        return 1.0 - autograd.log(self.rate)
