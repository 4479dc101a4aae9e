"""The normal distribution of vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import autograd
from autograd.distributions import constraints
from autograd.distributions.distribution import Distribution, computed, size

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["MultivariateNormal"]


def mahalanobis(factor: Tensor, away: Tensor) -> Tensor:
    """|L⁻¹ d|² for each d (..., n) and lower triangular L (..., n, n)."""
    return (autograd.solve_triangular(factor, away.unsqueeze(-1), upper=False) ** 2).sum((-2, -1))


def half_log_det(factor: Tensor) -> Tensor:
    return factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


class MultivariateNormal(Distribution):
    """Vectors μ + L z, of mean ``loc`` and covariance L Lᵀ, z being standard normals.

    Shapes: loc (..., n); one of covariance_matrix, precision_matrix (its inverse) and scale_tril
    (L) (..., n, n) -> batch (...), event (n). Raises ValueError unless just one of the three is
    given, and is positive-definite, or lower triangular with a positive diagonal.

    >>> MultivariateNormal(autograd.zeros(2), autograd.eye(2)).log_prob(autograd.zeros(2))
    tensor(-1.8379)
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        given = {
            "covariance_matrix": covariance_matrix,
            "precision_matrix": precision_matrix,
            "scale_tril": scale_tril,
        }
        given = {name: one for name, one in given.items() if one is not None}
        if len(given) != 1:
            raise ValueError(
                "MultivariateNormal: one of covariance_matrix, precision_matrix and scale_tril "
                f"must be given; got {len(given)}."
            )
        ((name, matrix),) = given.items()
        if not isinstance(loc, autograd.Tensor) or loc.dim() < 1:
            raise ValueError(f"MultivariateNormal: loc must be a Tensor (..., n); got {loc!r:.60}.")
        n = int(loc.shape[-1])
        if not isinstance(matrix, autograd.Tensor) or tuple(matrix.shape[-2:]) != (n, n):
            raise ValueError(
                f"MultivariateNormal: {name} must be a Tensor (..., {n}, {n}), as loc has {n} "
                f"places; got {getattr(matrix, 'shape', matrix)!r:.60}."
            )
        batch = autograd.broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        self.loc = loc.expand(*batch, n)
        vars(self)[name] = matrix.expand(*batch, n, n)
        super().__init__(batch, (n,), validate_args=validate_args)
        # of the matrix as it was given: equal ones are factorised once
        if scale_tril is not None:
            self._factor = scale_tril
        elif covariance_matrix is not None:
            self._factor = autograd.cholesky(covariance_matrix)
        else:  # P = U Uᵀ with an upper U: L = U⁻ᵀ
            upper = autograd.cholesky(matrix.flip((-2, -1))).flip((-2, -1)).mT
            eye = autograd.eye(n, dtype=matrix.dtype)
            self._factor = autograd.solve_triangular(upper, eye, upper=False)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = type(self).__new__(type(self)) if _instance is None else _instance
        batch, n = size(batch_shape), self._event_shape[0]
        for name, value in vars(self).items():
            if name == "loc":
                value = value.expand(*batch, n)
            elif name in self.arg_constraints:
                value = value.expand(*batch, n, n)
            vars(new)[name] = value
        new._batch_shape = batch
        return new

    def _expanded(self, matrix: Tensor) -> Tensor:
        return matrix.expand(*self._batch_shape, *matrix.shape[-2:])

    @computed
    def scale_tril(self) -> Tensor:
        return self._expanded(self._factor)

    @computed
    def covariance_matrix(self) -> Tensor:
        return self._expanded(self._factor @ self._factor.mT)

    @computed
    def precision_matrix(self) -> Tensor:
        eye = autograd.eye(self._event_shape[0], dtype=self.loc.dtype)
        return self._expanded(autograd.cholesky_solve(eye, self._factor))

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return (self._factor**2).sum(-1).expand(*self._batch_shape, *self._event_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        noise = autograd.normal(
            autograd.zeros(shape, dtype=self.loc.dtype), autograd.ones(shape, dtype=self.loc.dtype)
        )
        return self.loc + (self._factor @ noise.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._checked:
            self._validate_sample(value)
        away = mahalanobis(self._factor, value - self.loc)
        constant = self._event_shape[0] * math.log(2 * math.pi)
        return -0.5 * (constant + away) - half_log_det(self._factor)

    def entropy(self) -> Tensor:
        constant = 0.5 * self._event_shape[0] * (1.0 + math.log(2 * math.pi))
        return (constant + half_log_det(self._factor)).expand(*self._batch_shape)
