"""The Pareto distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.distributions import constraints
from autograd.distributions.distribution import broadcast_all
from autograd.distributions.exponential import Exponential
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.transforms import AffineTransform, ExpTransform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Pareto"]


class Pareto(TransformedDistribution):
    """α mᵅ / x^(α+1) for x ≥ m; m is ``scale``, α ``alpha``.

    Raises ValueError unless both are positive.

    >>> Pareto(1.0, 2.0).mean
    tensor(2.)
    """

    arg_constraints = {"alpha": constraints.positive, "scale": constraints.positive}
    has_rsample = True

    def __init__(self, scale: Any, alpha: Any, validate_args: bool | None = None) -> None:
        self.scale, self.alpha = broadcast_all("Pareto", scale, alpha)
        base = Exponential(self.alpha, validate_args=validate_args)
        last = AffineTransform(0, self.scale)
        super().__init__(base, [ExpTransform(), last], validate_args=validate_args)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        return constraints.greater_than_eq(self.scale)

    @property
    def mean(self) -> Tensor:
        a = self.alpha.clamp(min=1)  # infinite up to 1
        return a * self.scale / (a - 1)

    @property
    def mode(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        a = self.alpha.clamp(min=2)  # infinite up to 2
        return self.scale**2 * a / ((a - 1) ** 2 * (a - 2))

    def entropy(self) -> Tensor:
        return (self.scale / self.alpha).log() + (1 + self.alpha.reciprocal())
