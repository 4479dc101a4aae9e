"""Relaxed events: points of an interval, near its ends, with gradients.

Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017, arXiv:1611.00712.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, broadcast_all, clamped, computed
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.transforms import SigmoidTransform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["RelaxedBernoulli"]


class LogitRelaxedBernoulli(Distribution):
    """The logarithm of the odds of a :class:`RelaxedBernoulli`.

    >>> LogitRelaxedBernoulli(autograd.tensor(1.0), 0.5).log_prob(autograd.tensor(0.0))
    tensor(-1.3863)
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.real
    has_rsample = True

    def __init__(
        self,
        temperature: Any,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("RelaxedBernoulli: either probs or logits must be given, not both.")
        self.temperature = broadcast_all("RelaxedBernoulli", temperature)[0]
        if probs is not None:
            (self.probs,) = broadcast_all("RelaxedBernoulli", probs)
        else:
            (self.logits,) = broadcast_all("RelaxedBernoulli", logits)
        given = self.logits if probs is None else self.probs
        super().__init__(given.shape, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        name = "probs" if "probs" in vars(self) else "logits"
        given = getattr(self, name).expand(batch_shape)
        return type(self)(self.temperature, **{name: given}, validate_args=False)

    @computed
    def logits(self) -> Tensor:
        return autograd.logit(clamped(self.probs))

    @computed
    def probs(self) -> Tensor:
        return autograd.sigmoid(self.logits)

    @property
    def param_shape(self) -> Any:
        return self._batch_shape

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        probs = clamped(self.probs.expand(shape))
        u = clamped(autograd.rand(shape, dtype=probs.dtype))
        noise = u.log() - autograd.log1p(-u)
        return (noise + probs.log() - autograd.log1p(-probs)) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        away = self.logits - value * self.temperature
        growth = autograd.logaddexp(away, autograd.zeros_like(away))
        return self.temperature.log() + away - 2 * growth


class RelaxedBernoulli(TransformedDistribution):
    """1 or 0 with probability p or 1 - p, the less strictly the higher the temperature.

    Raises ValueError unless one of probs, in [0, 1], and logits is given.

    >>> RelaxedBernoulli(autograd.tensor(0.5), autograd.tensor([0.1, 0.9])).rsample().shape
    autograd.Size([2])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(
        self,
        temperature: Any,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        base = LogitRelaxedBernoulli(temperature, probs, logits)
        super().__init__(base, SigmoidTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Tensor:
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        return self.base_dist.probs
