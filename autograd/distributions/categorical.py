"""The categorical distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, clamped, computed, size

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Categorical"]


class Categorical(Distribution):
    """One of K classes, from ``probs`` (..., K), which are normalised, or from ``logits``.

    Shapes: the batch shape is (...), values are classes of the batch's shape. Raises ValueError
    unless one of the two is given, with one axis or more, and probs are at least 0.

    >>> Categorical(autograd.tensor([1.0, 3.0])).log_prob(autograd.tensor(1))
    tensor(-0.2877)
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Categorical: either probs or logits must be given, and not both.")
        given = logits if probs is None else probs
        if not isinstance(given, autograd.Tensor) or given.dim() < 1:
            raise ValueError(
                f"Categorical: {'logits' if probs is None else 'probs'} must be a Tensor (..., K); "
                f"got {given!r}."
            )
        if probs is not None:
            self.probs = probs / probs.sum(-1, keepdim=True)
        else:
            self.logits = logits - logits.logsumexp(dim=-1, keepdim=True)
        self._num_events = int(given.shape[-1])
        super().__init__(given.shape[:-1], validate_args=validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        return constraints.integer_interval(0, self._num_events - 1)

    @computed
    def logits(self) -> Tensor:
        return autograd.log(clamped(self.probs))

    @computed
    def probs(self) -> Tensor:
        return autograd.softmax(self.logits, dim=-1)

    @property
    def param_shape(self) -> Any:
        return (*self._batch_shape, self._num_events)

    @property
    def mean(self) -> Tensor:
        return autograd.full(self._batch_shape, math.nan, dtype=self.probs.dtype)

    @property
    def mode(self) -> Tensor:
        return self.probs.argmax(dim=-1)

    @property
    def variance(self) -> Tensor:
        return self.mean

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = size(sample_shape)
        rows = self.probs.detach().reshape(-1, self._num_events)
        drawn = autograd.multinomial(rows, math.prod(shape), True).T
        return drawn.reshape(self._extended_shape(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        value = value.long().unsqueeze(-1)
        shape = autograd.broadcast_shapes(value.shape, (*self._batch_shape, 1))
        logits = self.logits.expand(*shape[:-1], self._num_events)
        return logits.gather(-1, value.expand(shape)).squeeze(-1)

    def entropy(self) -> Tensor:
        least = autograd.finfo(self.logits.dtype).min
        return -(self.logits.clamp(min=least) * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        values = autograd.arange(self._num_events)
        values = values.reshape(-1, *(1,) * len(self._batch_shape))
        return values.expand(-1, *self._batch_shape) if expand else values
