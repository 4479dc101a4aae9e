"""The Dirichlet distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import ExponentialFamily
from autograd.distributions.implicit import dirichlet

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Dirichlet"]


class Dirichlet(ExponentialFamily):
    """Shares that sum to 1, with density ∏ xᵢ^(αᵢ-1) / B(α).

    Shapes: concentration (..., K) -> batch (...), event (K). Draws are differentiated implicitly
    (Figurnov et al. 2018, arXiv:1805.08498), once. Raises ValueError unless all are positive.

    >>> Dirichlet(autograd.tensor([1.0, 3.0])).mean
    tensor([0.2500, 0.7500])
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Tensor, validate_args: bool | None = None) -> None:
        if not isinstance(concentration, autograd.Tensor) or concentration.dim() < 1:
            raise ValueError(
                f"Dirichlet: concentration must be a Tensor (..., K); got {concentration!r:.60}."
            )
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.concentration.sum(-1, keepdim=True)

    @property
    def mode(self) -> Tensor:
        excess = (self.concentration - 1).clamp(min=0.0)
        mode = excess / excess.sum(-1, keepdim=True)
        corner = autograd.eye(mode.shape[-1], dtype=mode.dtype)[mode.argmax(dim=-1)]
        none = (self.concentration < 1).all(dim=-1, keepdim=True)
        return autograd.where(none, corner, mode)

    @property
    def variance(self) -> Tensor:
        total = self.concentration.sum(-1, keepdim=True)
        return self.concentration * (total - self.concentration) / (total**2 * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return dirichlet(self.concentration.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        return (
            autograd.xlogy(self.concentration - 1.0, value).sum(-1)
            + autograd.lgamma(self.concentration.sum(-1))
            - autograd.lgamma(self.concentration).sum(-1)
        )

    def entropy(self) -> Tensor:
        total = self.concentration.sum(-1)
        return (
            autograd.lgamma(self.concentration).sum(-1)
            - autograd.lgamma(total)
            - (self.concentration.shape[-1] - total) * autograd.digamma(total)
            - ((self.concentration - 1.0) * autograd.digamma(self.concentration)).sum(-1)
        )
