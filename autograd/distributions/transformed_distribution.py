"""Distributions of what transforms make of other values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import autograd
from autograd.distributions import constraints
from autograd.distributions.composed import ComposeTransform
from autograd.distributions.distribution import Distribution, rightmost_sum, size
from autograd.distributions.independent import Independent
from autograd.distributions.transform import Transform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["TransformedDistribution"]


class TransformedDistribution(Distribution):
    """f(X), for X of ``base_distribution`` and f the transforms, one after the other.

    log p(y) = log p(x) - log |det dy/dx| at the x that f takes to y. Raises ValueError where
    transforms is neither a Transform nor a list of them, or the base has too few axes.

    >>> from autograd.distributions import ExpTransform, Normal
    >>> TransformedDistribution(Normal(0.0, 1.0), ExpTransform()).log_prob(autograd.tensor(1.0))
    tensor(-0.9189)
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | list[Transform],
        validate_args: bool | None = None,
    ) -> None:
        self.transforms = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(self.transforms, list) or not all(
            isinstance(one, Transform) for one in self.transforms
        ):
            raise ValueError(
                "TransformedDistribution: transforms must be a Transform or a list of them; got "
                f"{transforms!r:.60}."
            )
        whole = ComposeTransform(self.transforms)
        base, event_dim = base_distribution, len(base_distribution.event_shape)
        domain, codomain = whole.domain.event_dim, whole.codomain.event_dim
        shape = (*base.batch_shape, *base.event_shape)
        if len(shape) < domain:
            raise ValueError(
                f"TransformedDistribution: the base must have at least {domain} axes; got shape "
                f"{shape}."
            )
        image = tuple(whole.forward_shape(shape))
        needed = tuple(whole.inverse_shape(image))
        if needed != shape:  # parameters of the transforms have more axes
            base = base.expand(needed[: len(needed) - event_dim])
        if domain > event_dim:
            base = Independent(base, domain - event_dim)
        self.base_dist: Any = base
        cut = len(image) - max(codomain, event_dim + codomain - domain)
        super().__init__(image[:cut], image[cut:], validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = type(self).__new__(type(self)) if _instance is None else _instance
        vars(new).update(vars(self))
        whole = ComposeTransform(self.transforms)
        shape = whole.inverse_shape((*size(batch_shape), *self._event_shape))
        new.base_dist = self.base_dist.expand(shape[: len(shape) - len(self.base_dist.event_shape)])
        for name in self.arg_constraints:
            if name in vars(self):
                vars(new)[name] = vars(self)[name].expand(batch_shape)
        new._batch_shape = size(batch_shape)
        return new

    @property
    def has_rsample(self) -> bool:  # type: ignore[override]
        return self.base_dist.has_rsample

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Any:
        if not self.transforms:
            return self.base_dist.support
        found = self.transforms[-1].codomain
        more = len(self._event_shape) - found.event_dim
        return constraints.independent(found, more) if more > 0 else found

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with autograd.no_grad():
            return self._image(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._image(self.base_dist.rsample(sample_shape))

    def _image(self, x: Tensor) -> Tensor:
        for one in self.transforms:
            x = one(x)
        return x

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        event_dim = len(self._event_shape)
        total: Any = 0.0
        for one in reversed(self.transforms):
            x = one.inv(value)
            event_dim += one.domain.event_dim - one.codomain.event_dim
            slope = one.log_abs_det_jacobian(x, value)
            total = total - rightmost_sum(slope, event_dim - one.domain.event_dim)
            value = x
        axes = event_dim - len(self.base_dist.event_shape)
        return total + rightmost_sum(self.base_dist.log_prob(value), axes)

    def _risen(self, probability: Tensor) -> Tensor:
        """p, or 1 - p where the transforms fall."""
        sign: Any = 1
        for one in self.transforms:
            sign = sign * one.sign
        return sign * (probability - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        for one in reversed(self.transforms):
            value = one.inv(value)
        return self._risen(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._image(self.base_dist.icdf(self._risen(value)))
