"""Softmax layers: each is its function in :mod:`nn.functional`, with the axis kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import integer_of
from autograd.engine.places import ShapeError
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["LogSoftmax", "Softmax", "Softmax2d", "Softmin"]


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


class Softmax2d(Module):
    """Softmax over the channels of each pixel: (N, C, H, W) or (C, H, W) -> the same.

    Raises ValueError for other shapes.

    >>> import autograd
    >>> Softmax2d()(autograd.zeros(2, 1, 1)).flatten()
    tensor([0.5000, 0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ShapeError(
                "Softmax2d: input must be (N, C, H, W) or (C, H, W); got shape "
                f"{tuple(input.shape)}."
            )
        return F.softmax(input, -3)
