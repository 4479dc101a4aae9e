"""Draws from gamma and Dirichlet distributions as functions of their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.kernels.implicit import beta_slope, gamma_cdf, gamma_slope
from autograd.ops.pointwise.gamma import Lgamma
from autograd.random import gamma

if TYPE_CHECKING:
    from autograd import Tensor


class GammaSlope(Function):
    def forward(self, x, alpha):
        return gamma_slope(x.astype(np.float64), alpha.astype(np.float64)).astype(x.dtype)

    def grad_x(self, g):
        raise _once("gamma")

    def grad_alpha(self, g):
        raise _once("gamma")


class GammaCdf(Function):
    def forward(self, x, alpha):
        return gamma_cdf(x.astype(np.float64), alpha.astype(np.float64)).astype(x.dtype)

    def grad_x(self, g, x, alpha):
        return g * gamma_density(x, alpha)

    def grad_alpha(self, g, x, alpha):
        return -g * gamma_density(x, alpha) * GammaSlope.apply(x, alpha)


def gamma_density(x, alpha):
    return np.exp((alpha - 1) * np.log(x) - x - Lgamma.apply(alpha))


class BetaSlope(Function):
    def forward(self, x, a, b):
        wide = (v.astype(np.float64) for v in (x, a, b))
        return beta_slope(*wide).astype(x.dtype)

    def grad_x(self, g):
        raise _once("Dirichlet")

    def grad_a(self, g):
        raise _once("Dirichlet")

    def grad_b(self, g):
        raise _once("Dirichlet")


def _once(kind: str) -> NotImplementedError:
    return NotImplementedError(
        f"rsample: a draw from a {kind} distribution can be differentiated once. Leave "
        "create_graph=True out."
    )


class StandardGamma(Function):
    def forward(self, alpha, *, drawn):
        return drawn

    def grad_alpha(self, g, alpha, out):
        return g * GammaSlope.apply(out, alpha)


class DirichletDraw(Function):
    def forward(self, alpha, *, drawn):
        return drawn

    def grad_alpha(self, g, alpha, out):
        slope = BetaSlope.apply(out, alpha, np.add.reduce(alpha, axis=-1, keepdims=True) - alpha)
        return slope * (g - np.add.reduce(out * g, axis=-1, keepdims=True))


def standard_gamma(alpha: Tensor) -> Tensor:
    """Gamma values of rate 1 and shape parameter ``alpha``; gradients flow to it."""
    drawn: Any = gamma.standard_gamma(unwrap(alpha))
    return StandardGamma.apply(alpha, drawn=drawn)


def dirichlet(alpha: Tensor) -> Tensor:
    """Shares along the last axis, of concentrations ``alpha``; gradients flow to it."""
    drawn: Any = gamma.dirichlet(unwrap(alpha))
    return DirichletDraw.apply(alpha, drawn=drawn)
