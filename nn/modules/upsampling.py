"""Layers that make pictures, volumes and series larger or smaller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import number_of
from nn import functional as F
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = ["Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"]


class Upsample(Module):
    """The input resized: (N, C, *) -> (N, C, *size). See :func:`nn.functional.interpolate`.

    >>> import autograd
    >>> Upsample(scale_factor=2)(autograd.tensor([[[1.0, 3.0]]]))
    tensor([[[1., 1., 3., 3.]]])
    """

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        self.size = size
        self.scale_factor: Any = scale_factor
        if isinstance(scale_factor, (tuple, list)):
            self.scale_factor = tuple(number_of(self.name, "scale_factor", f) for f in scale_factor)
        elif scale_factor is not None:
            self.scale_factor = number_of(self.name, "scale_factor", scale_factor)
        self.mode, self.align_corners = mode, align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            recompute_scale_factor=self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        if self.scale_factor is not None:
            return f"scale_factor={self.scale_factor!r}, mode={self.mode!r}"
        return f"size={self.size!r}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """Each pixel repeated: (N, C, H, W) -> (N, C, *size).

    >>> import autograd
    >>> UpsamplingNearest2d(size=(1, 4))(autograd.tensor([[[[1.0, 3.0]]]]))
    tensor([[[[1., 1., 3., 3.]]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """Straight lines between the pixels, the corners kept: (N, C, H, W) -> (N, C, *size).

    >>> import autograd
    >>> UpsamplingBilinear2d(size=(1, 3))(autograd.tensor([[[[1.0, 3.0]]]]))
    tensor([[[[1., 2., 3.]]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)
