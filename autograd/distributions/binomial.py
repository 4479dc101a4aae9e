"""The binomial distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all, clamped, computed

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Binomial"]


class Binomial(Distribution):
    """How many of ``total_count`` trials succeed, of probability ``probs`` or of ``logits``.

    Raises ValueError unless one of the two is given, probs are in [0, 1] and counts whole.

    >>> Binomial(10, autograd.tensor(0.25)).mean
    tensor(2.5000)
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    has_enumerate_support = True

    def __init__(
        self,
        total_count: Any = 1,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Binomial: either probs or logits must be given, and not both.")
        count, given = broadcast_all("Binomial", total_count, logits if probs is None else probs)
        if probs is not None:
            self.probs = given
        else:
            self.logits = given
        self.total_count = count.to(given.dtype)
        super().__init__(given.shape, validate_args=validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        return constraints.integer_interval(0, self.total_count)

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
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        return autograd.minimum(((self.total_count + 1) * self.probs).floor(), self.total_count)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with autograd.no_grad():
            return autograd.binomial(self.total_count.expand(shape), self.probs.expand(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        zero = autograd.zeros_like(self.logits)
        choices = (
            autograd.lgamma(self.total_count + 1)
            - autograd.lgamma(value + 1)
            - autograd.lgamma(self.total_count - value + 1)
        )
        failure = self.total_count * autograd.logaddexp(self.logits, zero)
        return value * self.logits + choices - failure

    def _count(self) -> int:
        count = int(self.total_count.max())
        if int(self.total_count.min()) != count:
            raise NotImplementedError(
                "Binomial: the support is enumerated for equal total_count alone; got several."
            )
        return count

    def entropy(self) -> Tensor:
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        values = autograd.arange(self._count() + 1, dtype=self.total_count.dtype)
        values = values.reshape(-1, *(1,) * len(self._batch_shape))
        return values.expand(-1, *self._batch_shape) if expand else values
