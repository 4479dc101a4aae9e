"""The gamma distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import ExponentialFamily, broadcast_all
from autograd.distributions.implicit import GammaCdf, standard_gamma

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Gamma"]


class Gamma(ExponentialFamily):
    """βᵅ x^(α-1) exp(-βx) / Γ(α) for x ≥ 0; α is ``concentration``, β ``rate``.

    Draws are differentiated implicitly (Figurnov et al. 2018, arXiv:1805.08498), once. Raises
    ValueError unless both are positive.

    >>> Gamma(2.0, 4.0).mean
    tensor(0.5000)
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_all(type(self).__name__, concentration, rate)
        super().__init__(self.concentration.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate**2

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        value = standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)
        # the least values are kept off 0 in the number alone, not in the gradient
        least = autograd.finfo(value.dtype).tiny
        return value + (value.detach().clamp(min=least) - value.detach())

    def log_prob(self, value: Any) -> Tensor:
        value = autograd.as_tensor(value, dtype=self.rate.dtype)
        if self._checked:
            self._validate_sample(value)
        return (
            autograd.xlogy(self.concentration, self.rate)
            + autograd.xlogy(self.concentration - 1, value)
            - self.rate * value
            - autograd.lgamma(self.concentration)
        )

    def cdf(self, value: Any) -> Tensor:
        value = autograd.as_tensor(value, dtype=self.rate.dtype)
        if self._checked:
            self._validate_sample(value)
        scaled, alpha = autograd.broadcast_tensors(self.rate * value, self.concentration)
        return GammaCdf.apply(scaled, alpha)

    def entropy(self) -> Tensor:
        return (
            self.concentration
            - autograd.log(self.rate)
            + autograd.lgamma(self.concentration)
            + (1.0 - self.concentration) * autograd.digamma(self.concentration)
        )
