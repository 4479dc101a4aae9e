"""The Kullback-Leibler divergence between families, where it has a closed form.

KL(p ‖ q) = -H(p) - E_p[log q(x)], and for these q the mean of log q asks for a few moments of p.
Where p has values that q has not, the divergence is infinite.
"""

from __future__ import annotations

import math
from typing import Any

import autograd
from autograd.distributions.bernoulli import Bernoulli
from autograd.distributions.beta import Beta
from autograd.distributions.binomial import Binomial
from autograd.distributions.exponential import Exponential
from autograd.distributions.gamma import Gamma
from autograd.distributions.gumbel import EULER, Gumbel
from autograd.distributions.kl import register_kl
from autograd.distributions.laplace import Laplace
from autograd.distributions.normal import Normal
from autograd.distributions.pareto import Pareto
from autograd.distributions.poisson import Poisson
from autograd.distributions.uniform import Uniform


def _mean_log(p: Any) -> Any:
    """E log x, for x > 0."""
    if isinstance(p, Beta):
        total = p.concentration1 + p.concentration0
        return autograd.digamma(p.concentration1) - autograd.digamma(total)
    if isinstance(p, Exponential):
        return -EULER - p.rate.log()
    if isinstance(p, Gamma):
        return autograd.digamma(p.concentration) - p.rate.log()
    if isinstance(p, Pareto):
        return p.scale.log() + p.alpha.reciprocal()
    return _mean_log_uniform(p.low, p.high)


def _mean_log_uniform(low: Any, high: Any) -> Any:
    from_0, to = low.clamp(min=0), high.clamp(min=0)  # below 0 there is no mean, nor is it used
    return (autograd.xlogy(to, to) - autograd.xlogy(from_0, from_0)) / (high - low) - 1


def _mean_exp(p: Any, t: Any) -> Any:
    """E exp(-t x)."""
    if isinstance(p, Exponential):
        return p.rate / (p.rate + t)
    if isinstance(p, Gamma):
        return (p.rate / (p.rate + t)) ** p.concentration
    if isinstance(p, Normal):
        return autograd.exp(0.5 * (p.scale * t) ** 2 - p.loc * t)
    return (autograd.exp(-t * p.low) - autograd.exp(-t * p.high)) / (t * (p.high - p.low))


def _unless(outside: Any, value: Any) -> Any:
    return autograd.where(outside, math.inf, value)


def _to_normal(p: Any, q: Normal) -> Any:
    away = (p.variance + (p.mean - q.loc) ** 2) / (2 * q.scale**2)
    found = away + q.scale.log() + 0.5 * math.log(2 * math.pi) - p.entropy()
    return _unless(p.alpha <= 2, found) if isinstance(p, Pareto) else found


def _to_exponential(p: Any, q: Exponential) -> Any:
    found = q.rate * p.mean - q.rate.log() - p.entropy()
    if isinstance(p, Pareto):
        return _unless(p.alpha <= 1, found)
    return _unless(p.low < 0, found) if isinstance(p, Uniform) else found


def _to_gamma(p: Any, q: Gamma) -> Any:
    size = autograd.lgamma(q.concentration) - q.concentration * q.rate.log()
    found = size - (q.concentration - 1) * _mean_log(p) + q.rate * p.mean - p.entropy()
    if isinstance(p, Pareto):
        return _unless(p.alpha <= 1, found)
    return _unless(p.low < 0, found) if isinstance(p, Uniform) else found


def _to_gumbel(p: Any, q: Gumbel) -> Any:
    t = q.scale.reciprocal()
    falling = autograd.exp(q.loc * t) * _mean_exp(p, t)
    return q.scale.log() + (p.mean - q.loc) * t + falling - p.entropy()


def _to_uniform(p: Any, q: Uniform) -> Any:
    found = (q.high - q.low).log() - p.entropy()
    return _unless((q.high < 1) | (q.low > 0), found)  # p is within [0, 1]


def _normal_to_laplace(p: Normal, q: Laplace) -> Any:
    away = p.loc - q.loc
    apart = p.scale * math.sqrt(2 / math.pi) * autograd.exp(-0.5 * (away / p.scale) ** 2)
    apart = apart + away * autograd.erf(away / (math.sqrt(2) * p.scale))
    return (2 * q.scale).log() + apart / q.scale - p.entropy()


def _uniform_to_beta(p: Uniform, q: Beta) -> Any:
    a, b = q.concentration1, q.concentration0
    size = autograd.lgamma(a) + autograd.lgamma(b) - autograd.lgamma(a + b)
    logs = (a - 1) * _mean_log(p) + (b - 1) * _mean_log_uniform(1 - p.high, 1 - p.low)
    return _unless((p.high > 1) | (p.low < 0), size - logs - p.entropy())


def _uniform_to_pareto(p: Uniform, q: Pareto) -> Any:
    size = q.alpha.log() + q.alpha * q.scale.log()
    return _unless(p.low < q.scale, (q.alpha + 1) * _mean_log(p) - size - p.entropy())


def _bernoulli_to_poisson(p: Bernoulli, q: Poisson) -> Any:
    return q.rate - p.probs * q.rate.log() - p.entropy()


def _infinite(p: Any, q: Any) -> Any:
    first = p.mean + q.mean
    return autograd.full(first.shape, math.inf, dtype=first.dtype)


CLOSED = [
    (_to_normal, Normal, (Beta, Exponential, Gamma, Gumbel, Laplace, Pareto, Uniform)),
    (_to_exponential, Exponential, (Beta, Gamma, Pareto, Uniform)),
    (_to_gamma, Gamma, (Beta, Exponential, Pareto, Uniform)),
    (_to_gumbel, Gumbel, (Exponential, Gamma, Normal, Uniform)),
    (_to_uniform, Uniform, (Beta,)),
    (_normal_to_laplace, Laplace, (Normal,)),
    (_uniform_to_beta, Beta, (Uniform,)),
    (_uniform_to_pareto, Pareto, (Uniform,)),
    (_bernoulli_to_poisson, Poisson, (Bernoulli,)),
    (_infinite, Beta, (Exponential, Gamma, Gumbel, Laplace, Normal, Pareto)),
    (_infinite, Pareto, (Beta, Exponential, Gamma, Gumbel, Laplace, Normal)),
    (_infinite, Uniform, (Exponential, Gamma, Gumbel, Laplace, Normal, Pareto)),
    (_infinite, Exponential, (Gumbel, Laplace, Normal)),
    (_infinite, Gamma, (Gumbel, Laplace, Normal)),
    (_infinite, Bernoulli, (Poisson,)),
    (_infinite, Binomial, (Poisson,)),
]
for _function, _q, _ps in CLOSED:
    for _p in _ps:
        register_kl(_p, _q)(_function)
