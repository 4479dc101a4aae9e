"""The negative binomial distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all, clamped, computed
from autograd.distributions.gamma import Gamma

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["NegativeBinomial"]


class NegativeBinomial(Distribution):
    """How many trials succeed, of probability ``probs`` or of ``logits``, before ``total_count``
    failures.

    Raises ValueError unless one of the two is given, probs are in [0, 1) and counts at least 0.

    >>> NegativeBinomial(2, autograd.tensor(0.75)).mean
    tensor(6.)
    """

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    def __init__(
        self,
        total_count: Any = 1,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError(
                "NegativeBinomial: either probs or logits must be given, and not both."
            )
        count, given = broadcast_all(
            "NegativeBinomial", total_count, logits if probs is None else probs
        )
        if probs is not None:
            self.probs = given
        else:
            self.logits = given
        self.total_count = count.to(given.dtype)
        super().__init__(given.shape, validate_args=validate_args)

    @computed
    def logits(self) -> Tensor:
        return autograd.logit(clamped(self.probs))

    @computed
    def probs(self) -> Tensor:
        return autograd.sigmoid(self.logits)

    @property
    def param_shape(self) -> Any:
        return self._batch_shape

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.logits.exp()

    @property
    def mode(self) -> Tensor:
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)

    @property
    def variance(self) -> Tensor:
        return self.mean / autograd.sigmoid(-self.logits)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with autograd.no_grad():
            # a count of 0 is allowed
            rates = Gamma(self.total_count, (-self.logits).exp(), validate_args=False)
            return autograd.poisson(rates.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        zero = autograd.zeros_like(self.logits)
        failure = -autograd.logaddexp(self.logits, zero)
        success = -autograd.logaddexp(-self.logits, zero)
        ways = (
            autograd.lgamma(self.total_count + value)
            - autograd.lgamma(1.0 + value)
            - autograd.lgamma(self.total_count)
        )
        ways = ways.masked_fill(self.total_count + value == 0, 0.0)  # there is one
        return self.total_count * failure + value * success + ways
