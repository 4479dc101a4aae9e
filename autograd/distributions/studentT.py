"""Student's t-distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.chi2 import Chi2
from autograd.distributions.distribution import Distribution, broadcast_all

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["StudentT"]


class StudentT(Distribution):
    """μ + σ X / √(Z / ν), with X standard normal and Z chi-squared of ν = ``df``.

    Raises ValueError unless df and scale are positive.

    >>> StudentT(3.0).variance
    tensor(3.)
    """

    arg_constraints = {
        "df": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = constraints.real
    has_rsample = True

    def __init__(
        self, df: Any, loc: Any = 0.0, scale: Any = 1.0, validate_args: bool | None = None
    ) -> None:
        self.df, self.loc, self.scale = broadcast_all("StudentT", df, loc, scale)
        self._chi2 = Chi2(self.df, validate_args=validate_args)
        super().__init__(self.df.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        finite = self.scale**2 * self.df / (self.df - 2)
        return finite.masked_fill(self.df <= 2, math.inf).masked_fill(self.df <= 1, math.nan)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        x = autograd.normal(
            autograd.zeros(shape, dtype=self.df.dtype), autograd.ones(shape, dtype=self.df.dtype)
        )
        z = self._chi2.rsample(sample_shape)
        return self.loc + self.scale * (x * autograd.rsqrt(z / self.df))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        y = (value - self.loc) / self.scale
        size = (
            self.scale.log()
            + 0.5 * self.df.log()
            + 0.5 * math.log(math.pi)
            + autograd.lgamma(0.5 * self.df)
            - autograd.lgamma(0.5 * (self.df + 1.0))
        )
        return -0.5 * (self.df + 1.0) * autograd.log1p(y**2.0 / self.df) - size

    def entropy(self) -> Tensor:
        half, more = 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = autograd.lgamma(half) + math.lgamma(0.5) - autograd.lgamma(half + 0.5)
        return (
            self.scale.log()
            + more * (autograd.digamma(more) - autograd.digamma(half))
            + 0.5 * self.df.log()
            + log_beta
        )
