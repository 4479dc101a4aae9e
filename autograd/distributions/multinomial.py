"""The multinomial distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.binomial import Binomial
from autograd.distributions.categorical import Categorical
from autograd.distributions.distribution import Distribution, size

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Multinomial"]


class Multinomial(Distribution):
    """How often each of K classes comes up in ``total_count`` draws.

    Shapes: probs or logits (..., K) -> batch (...), event (K). Raises as :class:`Categorical`, and
    NotImplementedError for counts that differ.

    >>> Multinomial(8, autograd.tensor([1.0, 3.0])).mean
    tensor([2., 6.])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(
        self,
        total_count: int = 1,
        probs: Any = None,
        logits: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError(
                f"Multinomial: total_count must be one integer; got {total_count!r:.60}."
            )
        self.total_count = total_count
        self._categorical = Categorical(probs, logits)
        super().__init__(
            self._categorical.batch_shape, self._categorical.param_shape[-1:], validate_args
        )

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        return constraints.multinomial(self.total_count)

    @property
    def logits(self) -> Tensor:
        return self._categorical.logits

    @property
    def probs(self) -> Tensor:
        return self._categorical.probs

    @property
    def param_shape(self) -> Any:
        return self._categorical.param_shape

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = size(sample_shape)
        drawn = self._categorical.sample((self.total_count, *shape)).movedim(0, -1)
        counts = autograd.zeros(self._extended_shape(shape), dtype=self.probs.dtype)
        return counts.scatter_add(-1, drawn, autograd.ones(drawn.shape, dtype=counts.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        logits, value = autograd.broadcast_tensors(self.logits, value)
        choices = autograd.lgamma(value.sum(-1) + 1) - autograd.lgamma(value + 1).sum(-1)
        # what cannot happen and did not is no loss
        idle = (value == 0) & (logits == -autograd.inf)
        return choices + (logits.masked_fill(idle, 0) * value).sum(-1)

    def entropy(self) -> Tensor:
        parts = Binomial(self.total_count, self.probs)
        support = parts.enumerate_support(False)[1:]
        chances = parts.log_prob(support).exp()
        chosen = self.total_count * self._categorical.entropy()
        factorial = autograd.lgamma(autograd.tensor(self.total_count + 1.0, dtype=chosen.dtype))
        return chosen - factorial + (chances * autograd.lgamma(support + 1)).sum((0, -1))
