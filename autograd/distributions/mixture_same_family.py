"""Mixtures of distributions of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import autograd
from autograd.distributions import constraints
from autograd.distributions.categorical import Categorical
from autograd.distributions.distribution import Distribution, size

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["MixtureSameFamily"]


class MixtureSameFamily(Distribution):
    """A value of one of K distributions, which a categorical one chooses.

    Shapes: the components' batch (..., K) and events -> batch (...), the same events. Raises
    ValueError where the kinds or the numbers of components do not fit.

    >>> from autograd.distributions import Normal
    >>> parts = Normal(autograd.tensor([0.0, 4.0]), 1.0)
    >>> MixtureSameFamily(Categorical(autograd.tensor([1.0, 3.0])), parts).mean
    tensor(3.)
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ) -> None:
        for name, one, kind in (
            ("mixture_distribution", mixture_distribution, Categorical),
            ("component_distribution", component_distribution, Distribution),
        ):
            if not isinstance(one, kind):
                raise ValueError(
                    f"MixtureSameFamily: {name} must be a {kind.__name__}; got "
                    f"{type(one).__name__}."
                )
        components = component_distribution.batch_shape
        weights = mixture_distribution.param_shape
        fits = len(components) and components[-1] == weights[-1]
        for i, j in zip(reversed(weights), reversed(components)):
            fits = fits and (i == j or 1 in (i, j))
        if not fits:
            raise ValueError(
                "MixtureSameFamily: the components' batch must end in as many as the mixture "
                f"chooses from, and broadcast with it; got {tuple(components)} and "
                f"{tuple(weights)}."
            )
        self._mixture, self._components = mixture_distribution, component_distribution
        super().__init__(components[:-1], component_distribution.event_shape, validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        batch, k = size(batch_shape), self._mixture._num_events
        components = self._components.expand((*batch, k))
        return type(self)(self._mixture.expand(batch), components, validate_args=False)

    @constraints.dependent_property
    def support(self) -> Any:
        return constraints.MixtureSameFamilyConstraint(self._components.support)

    @property
    def mixture_distribution(self) -> Categorical:
        return self._mixture

    @property
    def component_distribution(self) -> Distribution:
        return self._components

    @property
    def _axis(self) -> int:
        """The components' axis, counted from the last."""
        return -1 - len(self._event_shape)

    def _mixed(self, values: Tensor) -> Tensor:
        """The mean over the components."""
        probs = self._mixture.probs
        weights = probs.reshape(*probs.shape, *(1,) * len(self._event_shape))
        return (weights * values).sum(self._axis)

    @property
    def mean(self) -> Tensor:
        return self._mixed(self._components.mean)

    @property
    def variance(self) -> Tensor:
        away = self._components.mean - self.mean.unsqueeze(self._axis)
        return self._mixed(self._components.variance) + self._mixed(away**2)

    def cdf(self, value: Tensor) -> Tensor:
        found = self._components.cdf(value.unsqueeze(self._axis))
        return (found * self._mixture.probs).sum(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        found = self._components.log_prob(value.unsqueeze(self._axis))
        return (found + autograd.log_softmax(self._mixture.logits, dim=-1)).logsumexp(-1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with autograd.no_grad():
            shape = size(sample_shape)
            choice = self._mixture
            if choice.batch_shape != self._batch_shape:  # each of the batch chooses for itself
                choice = choice.expand(self._batch_shape)
            chosen, values = choice.sample(shape), self._components.sample(shape)
            axis = len(shape) + len(self._batch_shape)
            event = (1,) * len(self._event_shape)
            chosen = chosen.reshape(*chosen.shape, 1, *event)
            chosen = chosen.expand(*values.shape[:axis], 1, *self._event_shape)
            return values.gather(axis, chosen).squeeze(axis)

    def __repr__(self) -> str:
        return f"MixtureSameFamily(\n  {self._mixture},\n  {self._components})"
