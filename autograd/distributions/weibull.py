"""The Weibull distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import broadcast_all
from autograd.distributions.exponential import Exponential
from autograd.distributions.gumbel import EULER
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.transforms import AffineTransform, PowerTransform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Weibull"]


class Weibull(TransformedDistribution):
    """λ E^(1/k), for E exponential; λ is ``scale``, k ``concentration``.

    Raises ValueError unless both are positive.

    >>> Weibull(1.0, 2.0).mean
    tensor(0.8862)
    """

    arg_constraints = {"scale": constraints.positive, "concentration": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.scale, self.concentration = broadcast_all("Weibull", scale, concentration)
        base = Exponential(autograd.ones_like(self.scale.detach()), validate_args=validate_args)
        power = PowerTransform(self.concentration.reciprocal())
        last = AffineTransform(0, self.scale)
        super().__init__(base, [power, last], validate_args=validate_args)

    @property
    def concentration_reciprocal(self) -> Tensor:
        return self.concentration.reciprocal()

    def _moment(self, n: int) -> Tensor:
        return autograd.exp(autograd.lgamma(1 + n * self.concentration_reciprocal))

    @property
    def mean(self) -> Tensor:
        return self.scale * self._moment(1)

    @property
    def mode(self) -> Tensor:
        k = self.concentration
        return self.scale * ((k - 1) / k) ** k.reciprocal()

    @property
    def variance(self) -> Tensor:
        return self.scale**2 * (self._moment(2) - self._moment(1) ** 2)

    def entropy(self) -> Tensor:
        inverse = self.concentration_reciprocal
        return EULER * (1 - inverse) + autograd.log(self.scale * inverse) + 1
