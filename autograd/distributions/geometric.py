"""The geometric distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all, clamped, computed

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Geometric"]


class Geometric(Distribution):
    """How many trials of probability ``probs`` (or of ``logits``) fail before the first success.

    Raises ValueError unless one of the two is given, and probs are in (0, 1].

    >>> Geometric(0.25).mean
    tensor(3.)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Geometric: either probs or logits must be given, and not both.")
        if probs is not None:
            (self.probs,) = broadcast_all("Geometric", probs)
        else:
            (self.logits,) = broadcast_all("Geometric", logits)
        given = self.logits if probs is None else self.probs
        super().__init__(given.shape, validate_args=validate_args)
        if self._checked and probs is not None and not bool((self.probs > 0).all()):
            raise ValueError(f"Geometric: probs must be positive; got {self.probs}.")

    @computed
    def logits(self) -> Tensor:
        return autograd.logit(clamped(self.probs))

    @computed
    def probs(self) -> Tensor:
        return autograd.sigmoid(self.logits)

    @property
    def mean(self) -> Tensor:
        return 1.0 / self.probs - 1.0

    @property
    def mode(self) -> Tensor:
        return autograd.zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with autograd.no_grad():
            u = autograd.empty(shape, dtype=self.probs.dtype)
            u.uniform_(autograd.finfo(u.dtype).tiny, 1)
            with np.errstate(divide="ignore"):  # where success is certain
                return (u.log() / autograd.log1p(-self.probs)).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        # where success is certain, no failure is too
        failing = self.probs.masked_fill((self.probs == 1) & (value == 0), 0)
        return value * autograd.log1p(-failing) + self.probs.log()

    def entropy(self) -> Tensor:
        zero = autograd.zeros_like(self.logits)
        loss = autograd.logaddexp(self.logits, zero) - self.logits * self.probs
        return loss / self.probs
