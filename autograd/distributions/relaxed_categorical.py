"""Relaxed choices: points of a simplex, near its corners, with gradients.

Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017, arXiv:1611.00712.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.categorical import Categorical
from autograd.distributions.distribution import Distribution, broadcast_all, clamped
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.transforms import ExpTransform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["RelaxedOneHotCategorical"]


class ExpRelaxedCategorical(Distribution):
    """The logarithm of a :class:`RelaxedOneHotCategorical`.

    >>> ExpRelaxedCategorical(1.0, autograd.tensor([0.5, 0.5])).rsample().exp().sum()
    tensor(1.)
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        temperature: Any,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        self._categorical = Categorical(probs, logits)
        self.temperature = broadcast_all("RelaxedOneHotCategorical", temperature)[0]
        super().__init__(
            self._categorical.batch_shape, self._categorical.param_shape[-1:], validate_args
        )

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        logits = self._categorical.expand(batch_shape).logits
        return type(self)(self.temperature, logits=logits, validate_args=False)

    @property
    def param_shape(self) -> Any:
        return self._categorical.param_shape

    @property
    def logits(self) -> Tensor:
        return self._categorical.logits

    @property
    def probs(self) -> Tensor:
        return self._categorical.probs

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        u = clamped(autograd.rand(shape, dtype=self.logits.dtype))
        scores = (self.logits - (-u.log()).log()) / self.temperature
        return scores - scores.logsumexp(-1, keepdim=True)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        k = self._event_shape[0]
        score = autograd.log_softmax(self.logits - value * self.temperature, dim=-1).sum(-1)
        return score + math.lgamma(k) + (k - 1) * self.temperature.log()


class RelaxedOneHotCategorical(TransformedDistribution):
    """One of K classes as shares that sum to 1, the less strictly the higher the temperature.

    Parameters as of :class:`Categorical`.

    >>> RelaxedOneHotCategorical(autograd.tensor(0.5), autograd.tensor([1.0, 3.0])).rsample().shape
    autograd.Size([2])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support = constraints.simplex
    has_rsample = True

    def __init__(
        self,
        temperature: Any,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        base = ExpRelaxedCategorical(temperature, probs, logits, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Tensor:
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        return self.base_dist.probs
