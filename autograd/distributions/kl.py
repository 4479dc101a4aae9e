"""The Kullback-Leibler divergence, and its closed forms within families."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions.bernoulli import Bernoulli
from autograd.distributions.beta import Beta
from autograd.distributions.binomial import Binomial
from autograd.distributions.categorical import Categorical
from autograd.distributions.cauchy import Cauchy
from autograd.distributions.dirichlet import Dirichlet
from autograd.distributions.distribution import Distribution, rightmost_sum
from autograd.distributions.exponential import Exponential
from autograd.distributions.gamma import Gamma
from autograd.distributions.geometric import Geometric
from autograd.distributions.gumbel import EULER, Gumbel
from autograd.distributions.half_normal import HalfNormal
from autograd.distributions.independent import Independent
from autograd.distributions.laplace import Laplace
from autograd.distributions.multivariate_normal import (
    MultivariateNormal,
    half_log_det,
    mahalanobis,
)
from autograd.distributions.normal import Normal
from autograd.distributions.one_hot_categorical import OneHotCategorical
from autograd.distributions.pareto import Pareto
from autograd.distributions.poisson import Poisson
from autograd.distributions.transformed_distribution import TransformedDistribution
from autograd.distributions.uniform import Uniform

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["kl_divergence", "register_kl"]

_REGISTRY: dict[tuple[type, type], Callable[..., Any]] = {}


def register_kl(type_p: type[Distribution], type_q: type[Distribution]) -> Callable[..., Any]:
    """A decorator: the function gives KL(p ‖ q) for a p and a q of these classes.

    Raises TypeError where they are not classes of distributions.

    >>> class Mine(Normal): pass
    >>> @register_kl(Mine, Mine)
    ... def kl(p, q): return autograd.zeros(())
    >>> kl_divergence(Mine(0.0, 1.0), Mine(1.0, 1.0))
    tensor(0.)
    """
    for one in (type_p, type_q):
        if not (isinstance(one, type) and issubclass(one, Distribution)):
            raise TypeError(f"register_kl: expected a class of distributions; got {one!r:.60}.")

    def decorator(function: Callable[..., Any]) -> Callable[..., Any]:
        _REGISTRY[type_p, type_q] = function
        return function

    return decorator


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    r""":math:`\mathrm{KL}(p \| q) = E_p[\log p(x) - \log q(x)]`, in nats, of the batch shape.

    In closed form, of the nearest classes that :func:`register_kl` was told of. Raises
    NotImplementedError where there is none (estimate it from samples), TypeError for what is no
    distribution. Kullback & Leibler 1951, doi:10.1214/aoms/1177729694.

    >>> from autograd.distributions import Normal
    >>> kl_divergence(Normal(0.0, 1.0), Normal(1.0, 1.0))
    tensor(0.5000)
    """
    for name, one in (("p", p), ("q", q)):
        if not isinstance(one, Distribution):
            raise TypeError(f"kl_divergence: {name} must be a distribution; got {one!r:.60}.")
    for left in type(p).__mro__:
        for right in type(q).__mro__:
            found = _REGISTRY.get((left, right))
            if found is not None:
                return found(p, q)
    raise NotImplementedError(
        f"kl_divergence: no closed form for {type(p).__name__} and {type(q).__name__}. "
        "Estimate it: x = p.rsample((n,)); (p.log_prob(x) - q.log_prob(x)).mean(0)."
    )


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Bernoulli, q: Bernoulli) -> Tensor:
    zero = autograd.zeros_like(p.logits)

    def log_q(sign: int) -> Tensor:
        return -autograd.logaddexp(-sign * q.logits, zero)

    one = autograd.xlogy(p.probs, p.probs) - _times(p.probs, log_q(1))
    none = autograd.xlogy(1 - p.probs, 1 - p.probs) - _times(1 - p.probs, log_q(-1))
    return one + none


def _times(probability: Tensor, log: Tensor) -> Tensor:
    """Their product; 0 where the probability is 0, whatever the logarithm is."""
    return autograd.where(probability == 0, 0.0, probability * log)


@register_kl(Binomial, Binomial)
def _binomial(p: Binomial, q: Binomial) -> Tensor:
    each = p.total_count * _bernoulli(p, q)
    if bool((p.total_count < q.total_count).any()):
        raise NotImplementedError(
            "kl_divergence: no closed form for a Binomial q of more trials. Estimate it from "
            "samples."
        )
    return each.masked_fill(p.total_count > q.total_count, autograd.inf)


@register_kl(Categorical, Categorical)
def _categorical(p: Categorical, q: Categorical) -> Tensor:
    parts = p.probs * (p.logits - q.logits)
    parts = parts.masked_fill((q.probs == 0).expand(*parts.shape), autograd.inf)
    return parts.masked_fill((p.probs == 0).expand(*parts.shape), 0).sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _one_hot(p: OneHotCategorical, q: OneHotCategorical) -> Tensor:
    return _categorical(p._categorical, q._categorical)


@register_kl(Dirichlet, Dirichlet)
def _dirichlet(p: Dirichlet, q: Dirichlet) -> Tensor:
    total = p.concentration.sum(-1)
    sizes = autograd.lgamma(total) - autograd.lgamma(q.concentration.sum(-1))
    parts = autograd.lgamma(p.concentration) - autograd.lgamma(q.concentration)
    means = autograd.digamma(p.concentration) - autograd.digamma(total).unsqueeze(-1)
    away = (p.concentration - q.concentration) * means
    return sizes - parts.sum(-1) + away.sum(-1)


@register_kl(Beta, Beta)
def _beta(p: Beta, q: Beta) -> Tensor:
    return _dirichlet(p._dirichlet, q._dirichlet)


@register_kl(Exponential, Exponential)
def _exponential(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return ratio - ratio.log() - 1


@register_kl(Gamma, Gamma)
def _gamma(p: Gamma, q: Gamma) -> Tensor:
    a, b = p.concentration, q.concentration
    return (
        b * (p.rate / q.rate).log()
        + autograd.lgamma(b)
        - autograd.lgamma(a)
        + (a - b) * autograd.digamma(a)
        + (q.rate - p.rate) * (a / p.rate)
    )


@register_kl(Geometric, Geometric)
def _geometric(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - autograd.log1p(-q.probs) / p.probs - q.logits


@register_kl(Gumbel, Gumbel)
def _gumbel(p: Gumbel, q: Gumbel) -> Tensor:
    ratio = p.scale / q.scale
    away = (q.loc - p.loc) / q.scale
    return (
        -ratio.log() - away + ratio * EULER + autograd.exp(away + autograd.lgamma(1 + ratio))
    ) - (1 + EULER)


@register_kl(Laplace, Laplace)
def _laplace(p: Laplace, q: Laplace) -> Tensor:
    ratio = p.scale / q.scale
    away = (p.loc - q.loc).abs()
    return -ratio.log() + away / q.scale + ratio * autograd.exp(-away / p.scale) - 1


@register_kl(Normal, Normal)
def _normal(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale) ** 2
    away = ((p.loc - q.loc) / q.scale) ** 2
    return 0.5 * (ratio + away - 1 - ratio.log())


@register_kl(HalfNormal, HalfNormal)
def _half_normal(p: HalfNormal, q: HalfNormal) -> Tensor:
    return _normal(p.base_dist, q.base_dist)


@register_kl(MultivariateNormal, MultivariateNormal)
def _multivariate_normal(p: MultivariateNormal, q: MultivariateNormal) -> Tensor:
    if p.event_shape != q.event_shape:
        raise ValueError(
            "kl_divergence: the normals must have as many places; got events of shape "
            f"{tuple(p.event_shape)} and {tuple(q.event_shape)}."
        )
    spread = autograd.solve_triangular(q._factor, p._factor, upper=False) ** 2
    sizes = half_log_det(q._factor) - half_log_det(p._factor)
    away = mahalanobis(q._factor, q.loc - p.loc)
    return sizes + 0.5 * (spread.sum((-2, -1)) + away - p.event_shape[0])


@register_kl(Cauchy, Cauchy)
def _cauchy(p: Cauchy, q: Cauchy) -> Tensor:
    """Chyzak & Nielsen 2019, arXiv:1905.10965."""
    whole = ((p.scale + q.scale) ** 2 + (p.loc - q.loc) ** 2).log()
    return whole - (4 * p.scale * q.scale).log()


@register_kl(Poisson, Poisson)
def _poisson(p: Poisson, q: Poisson) -> Tensor:
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Pareto, Pareto)
def _pareto(p: Pareto, q: Pareto) -> Tensor:
    ratio = q.alpha / p.alpha
    found = q.alpha * (p.scale / q.scale).log() - ratio.log() + ratio - 1
    return autograd.where(p.scale < q.scale, autograd.inf, found)


@register_kl(Uniform, Uniform)
def _uniform(p: Uniform, q: Uniform) -> Tensor:
    found = ((q.high - q.low) / (p.high - p.low)).log()
    return autograd.where((q.low > p.low) | (q.high < p.high), autograd.inf, found)


@register_kl(Independent, Independent)
def _independent(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError("kl_divergence: both must be Independent over as many axes.")
    return rightmost_sum(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(TransformedDistribution, TransformedDistribution)
def _transformed(p: TransformedDistribution, q: TransformedDistribution) -> Tensor:
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError(
            "kl_divergence: no closed form for transforms that differ. Estimate it from samples."
        )
    found = kl_divergence(p.base_dist, q.base_dist)
    return rightmost_sum(found, len(p.event_shape) - len(p.base_dist.event_shape))
