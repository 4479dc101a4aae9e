"""Parametrizations that are there: a length and a direction, a largest singular value of 1."""

from __future__ import annotations

from typing import Any

import autograd
from autograd.arrays.arguments import axis_of, count_of, number_of
from nn import functional as F
from nn.modules.module import Module
from nn.utils.parametrize import register_parametrization
from nn.utils.spectral_norm import as_matrix, dim_of, start
from nn.utils.weight_norm import norm_except


class _WeightNorm(Module):
    """w = g v / ‖v‖, from the length g and the direction v."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return weight_v * (weight_g / norm_except(weight_v, self.dim))

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """Length and direction of ``weight``."""
        return norm_except(weight, self.dim), weight


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    r"""Train a weight as :math:`w = g\, v / \|v\|`, g its length and v its direction.

    They are ``parametrizations.<name>.original0`` and ``original1``. One length for each slice
    along ``dim``, or, for None, one in all. Returns the module.

    Salimans & Kingma 2016, arXiv:1602.07868.

    >>> import nn
    >>> layer = weight_norm(nn.Linear(2, 3))
    >>> layer.parametrizations.weight.original0.shape
    autograd.Size([3, 1])
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """w = W / uᵀ W v, where u and v follow the first singular vectors in training."""

    _u: Any
    _v: Any

    def __init__(self, weight: Any, n_power_iterations: int, dim: int, eps: float) -> None:
        super().__init__()
        self.dim, self.eps = axis_of("spectral_norm", weight, dim), eps
        self.n_power_iterations = n_power_iterations
        if weight.ndim > 1:
            matrix = as_matrix(weight.detach(), self.dim)
            u, v = start("spectral_norm", matrix, eps)
            self.register_buffer("_u", u)
            self.register_buffer("_v", v)
            self._follow(matrix, 15)

    def _follow(self, matrix: Any, steps: int) -> None:
        """Steps of power iteration."""
        with autograd.no_grad():
            for _ in range(steps):
                self._u.copy_(F.normalize(matrix @ self._v, dim=0, eps=self.eps))
                self._v.copy_(F.normalize(matrix.T @ self._u, dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._follow(matrix, self.n_power_iterations)
        # copies, because a second call changes them before the first one's backward pass
        return weight / (self._u.clone() @ (matrix @ self._v.clone()))

    def right_inverse(self, value: Any) -> Any:
        """The value itself, which counts as normalised."""
        return value


def spectral_norm(
    module: Any,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Divide a weight by its largest singular value, which power iteration follows in training.

    ``dim`` is the axis of the outputs: 1 for transposed convolutions, else 0. Raises ValueError for
    a name that is no parameter. Returns the module.

    Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957.

    >>> import autograd, nn
    >>> layer = spectral_norm(nn.Linear(20, 20))
    >>> bool(abs(autograd.norm(layer.weight @ layer.parametrizations.weight[0]._v) - 1) < 0.1)
    True
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, autograd.Tensor):
        raise ValueError(
            f"spectral_norm: {name!r} must be a parameter of the module; "
            f"{type(module).__name__} has none of that name."
        )
    steps = count_of("spectral_norm", "n_power_iterations", n_power_iterations, 1)
    eps = number_of("spectral_norm", "eps", eps)
    made = _SpectralNorm(weight, steps, dim_of(module, dim), eps)
    return register_parametrization(module, name, made)
