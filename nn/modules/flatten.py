"""Layers that join axes, or part one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_tensors, integer_of
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Flatten", "Unflatten"]


class Flatten(Module):
    """Joins the axes from ``start_dim`` to ``end_dim`` into one: (N, C, H, W) -> (N, C·H·W).

    >>> import autograd
    >>> Flatten()(autograd.ones(2, 3, 4)).shape
    autograd.Size([2, 12])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = integer_of("Flatten", "start_dim", start_dim)
        self.end_dim = integer_of("Flatten", "end_dim", end_dim)

    def forward(self, input: Tensor) -> Tensor:
        check_tensors("Flatten", input=input)
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Parts the axis ``dim`` into several: (N, 12) -> (N, 3, 4).

    Raises TypeError where ``unflattened_size`` is one number.

    >>> import autograd
    >>> Unflatten(1, (3, 4))(autograd.ones(2, 12)).shape
    autograd.Size([2, 3, 4])
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        super().__init__()
        if isinstance(unflattened_size, str) or not isinstance(unflattened_size, Sequence):
            raise TypeError(
                f"Unflatten: unflattened_size must be several sizes; got {unflattened_size!r:.60}. "
                "Pass a tuple: (3, 4)."
            )
        self.dim = integer_of("Unflatten", "dim", dim)
        sizes = [integer_of("Unflatten", "a size", size) for size in unflattened_size]
        self.unflattened_size = tuple(sizes)

    def forward(self, input: Tensor) -> Tensor:
        check_tensors("Unflatten", input=input)
        dim = self.dim % input.ndim
        return input.reshape(*input.shape[:dim], *self.unflattened_size, *input.shape[dim + 1 :])

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
