"""Changes of a tensor's own shape: ``x.t_()`` is ``x`` seen otherwise, over the same memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.graph import TensorBase
from autograd.inplace.writing import reshaped
from autograd.ops import shape

if TYPE_CHECKING:
    from autograd.annotations import Tensor


class Shapes(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    def squeeze_(self, dim: int | Sequence[int] | None = None) -> Tensor:
        """Leave out axes of size 1: all, or those in ``dim``."""
        return reshaped(self, "squeeze_", shape.squeeze, dim)

    def unsqueeze_(self, dim: int) -> Tensor:
        """Put in an axis of size 1 at ``dim``."""
        return reshaped(self, "unsqueeze_", shape.unsqueeze, dim)

    def t_(self) -> Tensor:
        """Transpose a matrix."""
        return reshaped(self, "t_", shape.t)

    def transpose_(self, dim0: int, dim1: int) -> Tensor:
        """Exchange two axes."""
        return reshaped(self, "transpose_", shape.transpose, dim0, dim1)

    def swapaxes_(self, axis0: int, axis1: int) -> Tensor:
        """Exchange two axes."""
        return reshaped(self, "swapaxes_", shape.swapaxes, axis0, axis1)

    swapdims_ = transpose_
