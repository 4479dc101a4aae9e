"""The Bernoulli distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import ExponentialFamily, broadcast_all, clamped, computed

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Bernoulli"]


class Bernoulli(ExponentialFamily):
    """1 with probability p, else 0; from ``probs``, or from ``logits``, log p / (1 - p).

    Raises ValueError unless one of the two is given, and probs are in [0, 1].

    >>> Bernoulli(0.25).log_prob(autograd.tensor(1.0))
    tensor(-1.3863)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Bernoulli: either probs or logits must be given, and not both.")
        if probs is not None:
            (self.probs,) = broadcast_all("Bernoulli", probs)
        else:
            (self.logits,) = broadcast_all("Bernoulli", logits)
        given = self.logits if probs is None else self.probs
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
        return self.probs

    @property
    def mode(self) -> Tensor:
        mode = (self.probs >= 0.5).to(self.probs.dtype)
        return autograd.where(self.probs == 0.5, math.nan, mode)

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with autograd.no_grad():
            return autograd.bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return self.logits * value - autograd.logaddexp(self.logits, self.logits * 0)

    def entropy(self) -> Tensor:
        return autograd.logaddexp(self.logits, self.logits * 0) - self.logits * self.probs

    def enumerate_support(self, expand: bool = True) -> Tensor:
        values = autograd.arange(2, dtype=self.probs.dtype)
        values = values.reshape(-1, *(1,) * len(self._batch_shape))
        return values.expand(-1, *self._batch_shape) if expand else values
