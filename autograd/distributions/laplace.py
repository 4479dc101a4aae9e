"""The Laplace distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Laplace"]


class Laplace(Distribution):
    """exp(-|x - μ| / b) / 2b.

    Raises ValueError unless the scale is positive.

    >>> Laplace(0.0, 1.0).entropy()
    tensor(1.6931)
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all("Laplace", loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return 2 * self.scale**2

    @property
    def stddev(self) -> Tensor:
        return 2**0.5 * self.scale

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        least = autograd.finfo(self.loc.dtype).eps - 1
        u = autograd.empty(shape, dtype=self.loc.dtype).uniform_(least, 1)
        return self.loc - self.scale * u.sign() * autograd.log1p(-u.abs())

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return -autograd.log(2 * self.scale) - autograd.abs(value - self.loc) / self.scale

    def cdf(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        away = value - self.loc
        return 0.5 - 0.5 * away.sign() * autograd.expm1(-away.abs() / self.scale)

    def icdf(self, value: Tensor) -> Tensor:
        from_middle = value - 0.5
        return self.loc - self.scale * from_middle.sign() * autograd.log1p(-2 * from_middle.abs())

    def entropy(self) -> Tensor:
        return 1 + autograd.log(2 * self.scale)
