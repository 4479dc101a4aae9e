"""Softmax layers: each is its function in :mod:`nn.functional`, with the axis kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import integer_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["LogSoftmax", "Softmax", "Softmin"]


class Softmax(Module):
    """exp(x) / Σ exp(x) along ``dim``: (*) -> (*), each slice summing to 1.

    >>> import autograd
    >>> Softmax(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([0.5000, 0.5000])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = None if dim is None else integer_of("Softmax", "dim", dim)

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """x - log Σ exp(x) along ``dim``: (*) -> (*), the logarithm of :class:`Softmax`.

    >>> import autograd
    >>> LogSoftmax(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([-0.6931, -0.6931])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = None if dim is None else integer_of("LogSoftmax", "dim", dim)

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(Module):
    """exp(-x) / Σ exp(-x) along ``dim``: (*) -> (*), each slice summing to 1.

    >>> import autograd
    >>> Softmin(dim=0)(autograd.tensor([1.0, 1.0]))
    tensor([0.5000, 0.5000])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = None if dim is None else integer_of("Softmin", "dim", dim)

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
