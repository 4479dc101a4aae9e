"""The Gumbel distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import broadcast_all
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.transforms import AffineTransform, ExpTransform
from autograd.distributions.uniform import Uniform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Gumbel"]


EULER = 0.57721566490153286060


class Gumbel(TransformedDistribution):
    """μ - β log(-log U), for U uniform: the largest of many values.

    Raises ValueError unless the scale β is positive.

    >>> Gumbel(0.0, 1.0).mean
    tensor(0.5772)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all("Gumbel", loc, scale)
        info = autograd.finfo(self.loc.dtype)
        base = Uniform(
            autograd.full_like(self.loc.detach(), info.tiny),
            autograd.full_like(self.loc.detach(), 1 - info.eps),
            validate_args=validate_args,
        )
        log, negative = ExpTransform().inv, AffineTransform(0, -autograd.ones_like(self.scale))
        last = AffineTransform(self.loc, -self.scale)
        super().__init__(base, [log, negative, log, last], validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc + self.scale * EULER

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return (math.pi / math.sqrt(6)) * self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev**2

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        y = (self.loc - value) / self.scale
        return (y - y.exp()) - self.scale.log()

    def entropy(self) -> Tensor:
        return self.scale.log() + (1 + EULER)
