"""Maps between values, with their inverses and the logarithms of their Jacobians' determinants."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.composed import (
    CatTransform as CatTransform,
    ComposeTransform as ComposeTransform,
    IndependentTransform as IndependentTransform,
    ReshapeTransform as ReshapeTransform,
    StackTransform as StackTransform,
    identity_transform as identity_transform,
)
from autograd.distributions.distribution import Distribution, broadcast_all, rightmost_sum
from autograd.distributions.transform import Transform as Transform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "AbsTransform", "AffineTransform", "CumulativeDistributionTransform", "ExpTransform",
    "LowerCholeskyTransform", "PositiveDefiniteTransform", "PowerTransform", "SigmoidTransform",
    "SoftmaxTransform", "SoftplusTransform", "StickBreakingTransform", "TanhTransform",
]  # fmt: skip


def softplus(x: Tensor) -> Tensor:
    return autograd.logaddexp(x, autograd.zeros_like(x))


def inside(x: Tensor) -> Tensor:
    """x kept within (0, 1)."""
    info = autograd.finfo(x.dtype)
    return x.clamp(min=info.tiny, max=1.0 - info.eps)


class ExpTransform(Transform):
    """y = exp(x).

    >>> ExpTransform()(autograd.zeros(1))
    tensor([1.])
    """

    domain = constraints.real
    codomain = constraints.positive
    bijective = True
    sign = 1

    def _call(self, x: Tensor) -> Tensor:
        return x.exp()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return x


class PowerTransform(Transform):
    """y = x ** exponent, for x > 0.

    >>> PowerTransform(2.0)(autograd.tensor([3.0]))
    tensor([9.])
    """

    domain = constraints.positive
    codomain = constraints.positive
    bijective = True

    def __init__(self, exponent: Any, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        (self.exponent,) = broadcast_all("PowerTransform", exponent)

    @cached_property
    def sign(self) -> Any:
        return self.exponent.sign()

    def _of(self) -> Any:
        return self.exponent.tolist()

    def _call(self, x: Tensor) -> Tensor:
        return x**self.exponent

    def _inverse(self, y: Tensor) -> Tensor:
        return y ** (1 / self.exponent)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return (self.exponent * y / x).abs().log()

    def forward_shape(self, shape: Any) -> Any:
        return autograd.broadcast_shapes(shape, self.exponent.shape)

    inverse_shape = forward_shape


class SigmoidTransform(Transform):
    """y = 1 / (1 + exp(-x)).

    >>> SigmoidTransform()(autograd.zeros(1))
    tensor([0.5000])
    """

    domain = constraints.real
    codomain = constraints.unit_interval
    bijective = True
    sign = 1

    def _call(self, x: Tensor) -> Tensor:
        return inside(autograd.sigmoid(x))

    def _inverse(self, y: Tensor) -> Tensor:
        y = inside(y)
        return y.log() - autograd.log1p(-y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -softplus(-x) - softplus(x)


class SoftplusTransform(Transform):
    """y = log(1 + exp(x)).

    >>> SoftplusTransform()(autograd.zeros(1))
    tensor([0.6931])
    """

    domain = constraints.real
    codomain = constraints.positive
    bijective = True
    sign = 1

    def _call(self, x: Tensor) -> Tensor:
        return softplus(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return autograd.log(-autograd.expm1(-y)) + y

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -softplus(-x)


class TanhTransform(Transform):
    """y = tanh(x). The inverse of ±1 is infinite: with ``cache_size=1`` it is not computed.

    >>> TanhTransform()(autograd.zeros(1))
    tensor([0.])
    """

    domain = constraints.real
    codomain = constraints.interval(-1.0, 1.0)
    bijective = True
    sign = 1

    def _call(self, x: Tensor) -> Tensor:
        return x.tanh()

    def _inverse(self, y: Tensor) -> Tensor:
        return autograd.atanh(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return 2.0 * (math.log(2.0) - x - softplus(-2.0 * x))  # log (1 - tanh² x)


class AbsTransform(Transform):
    """y = |x|; the inverse is y.

    >>> AbsTransform()(-autograd.ones(1))
    tensor([1.])
    """

    domain = constraints.real
    codomain = constraints.positive

    def _call(self, x: Tensor) -> Tensor:
        return x.abs()

    def _inverse(self, y: Tensor) -> Tensor:
        return y


class AffineTransform(Transform):
    """y = loc + scale · x, of numbers, or with ``event_dim`` axes to one value.

    >>> AffineTransform(1.0, 2.0)(autograd.ones(1))
    tensor([3.])
    """

    bijective = True

    def __init__(self, loc: Any, scale: Any, event_dim: int = 0, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.loc, self.scale, self._event_dim = loc, scale, event_dim

    @property
    def event_dim(self) -> int:
        return self._event_dim

    @property
    def domain(self) -> Any:
        if not self._event_dim:
            return constraints.real
        return constraints.independent(constraints.real, self._event_dim)

    codomain = domain

    @property
    def sign(self) -> Any:
        if isinstance(self.scale, autograd.Tensor):
            return self.scale.sign()
        return (self.scale > 0) - (self.scale < 0)

    def _of(self) -> Any:
        return [v.tolist() if hasattr(v, "tolist") else v for v in (self.loc, self.scale)]

    def _call(self, x: Tensor) -> Tensor:
        return self.loc + self.scale * x

    def _inverse(self, y: Tensor) -> Tensor:
        return (y - self.loc) / self.scale

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        if isinstance(self.scale, autograd.Tensor):
            found = self.scale.abs().log().expand(autograd.broadcast_shapes(x.shape, y.shape))
        else:
            found = autograd.full_like(x, math.log(abs(self.scale)))
        return rightmost_sum(found, self._event_dim)

    def forward_shape(self, shape: Any) -> Any:
        own = (getattr(one, "shape", ()) for one in (self.loc, self.scale))
        return autograd.broadcast_shapes(shape, *own)

    inverse_shape = forward_shape


class SoftmaxTransform(Transform):
    """Shares exp(x) / Σ exp(x) along the last axis. Not one to one: the inverse is log y.

    >>> SoftmaxTransform()(autograd.zeros(2))
    tensor([0.5000, 0.5000])
    """

    domain = constraints.real_vector
    codomain = constraints.simplex

    def _call(self, x: Tensor) -> Tensor:
        return autograd.softmax(x, dim=-1)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()


class StickBreakingTransform(Transform):
    """n numbers to n + 1 shares: each number gives the share of what is left of a stick.

    >>> StickBreakingTransform()(autograd.zeros(2))
    tensor([0.3333, 0.3333, 0.3333])
    """

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    @staticmethod
    def _offset(n: int, like: Tensor) -> Tensor:
        """The logarithms of n, …, 1: so equal shares come from zeros."""
        return autograd.arange(n, 0, -1, dtype=like.dtype).log()

    def _call(self, x: Tensor) -> Tensor:
        share = inside(autograd.sigmoid(x - self._offset(x.shape[-1], x)))
        one = autograd.ones_like(x[..., :1])
        left = autograd.cat([one, (1 - share).cumprod(-1)], -1)
        return autograd.cat([share, one], -1) * left

    def _inverse(self, y: Tensor) -> Tensor:
        first = y[..., :-1]
        left = (1 - first.cumsum(-1)).clamp(min=autograd.finfo(y.dtype).tiny)
        return first.log() - left.log() + self._offset(first.shape[-1], y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        x = x - self._offset(x.shape[-1], x)
        return (-softplus(x) + y[..., :-1].log()).sum(-1)  # log (1 - share) + log y

    def forward_shape(self, shape: Any) -> Any:
        return autograd.Size((*shape[:-1], shape[-1] + 1))

    def inverse_shape(self, shape: Any) -> Any:
        return autograd.Size((*shape[:-1], shape[-1] - 1))


class LowerCholeskyTransform(Transform):
    """Matrices to lower triangular ones with a positive diagonal, exp of what was there.

    >>> LowerCholeskyTransform()(autograd.zeros(2, 2))
    tensor([[1., 0.],
            [0., 1.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + y.diagonal(dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(Transform):
    """Matrices to L Lᵀ, with L of :class:`LowerCholeskyTransform`.

    >>> PositiveDefiniteTransform()(autograd.zeros(1, 1))
    tensor([[1.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        lower = LowerCholeskyTransform()(x)
        return lower @ lower.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(autograd.cholesky(y))


class CumulativeDistributionTransform(Transform):
    """y = the distribution's cdf at x.

    >>> from autograd.distributions import Normal
    >>> CumulativeDistributionTransform(Normal(0.0, 1.0))(autograd.zeros(1))
    tensor([0.5000])
    """

    bijective = True
    codomain = constraints.unit_interval
    sign = 1

    def __init__(self, distribution: Distribution, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.distribution = distribution

    @property
    def domain(self) -> Any:
        return self.distribution.support

    def _of(self) -> Any:
        return id(self.distribution)

    def _call(self, x: Tensor) -> Tensor:
        return self.distribution.cdf(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self.distribution.icdf(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return self.distribution.log_prob(x)
