"""The Poisson distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import ExponentialFamily, broadcast_all

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Poisson"]


class Poisson(ExponentialFamily):
    """λᵏ exp(-λ) / k! for k = 0, 1, …

    Raises ValueError for a negative rate.

    >>> Poisson(4.0).log_prob(autograd.tensor(0.0))
    tensor(-4.)
    """

    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all("Poisson", rate)
        super().__init__(self.rate.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate

    @property
    def mode(self) -> Tensor:
        return self.rate.floor()

    @property
    def variance(self) -> Tensor:
        return self.rate

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with autograd.no_grad():
            return autograd.poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return autograd.xlogy(value, self.rate) - self.rate - autograd.lgamma(value + 1)
