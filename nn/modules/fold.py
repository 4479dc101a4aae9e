"""Windows of images as columns of a matrix, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn import functional as F
from nn.functional.conv import per_axis
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes

__all__ = ["Fold", "Unfold"]


class _Windows(Module):
    def __init__(
        self, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
    ) -> None:
        super().__init__()
        call = type(self).__name__
        per_axis(call, "kernel_size", kernel_size, 2, 1)
        per_axis(call, "dilation", dilation, 2, 1)
        per_axis(call, "padding", padding, 2)
        per_axis(call, "stride", stride, 2, 1)
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, "
            f"stride={self.stride}"
        )


class Unfold(_Windows):
    """The windows of images as columns: (N, C, H, W) -> (N, C kH kW, L).

    See :func:`nn.functional.unfold`.

    >>> import autograd
    >>> Unfold(2)(autograd.ones(1, 3, 4, 5)).shape
    autograd.Size([1, 12, 12])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)


class Fold(_Windows):
    """Columns added up to images of ``output_size``: (N, C kH kW, L) -> (N, C, H, W).

    See :func:`nn.functional.fold`.

    >>> import autograd
    >>> Fold((4, 5), 2)(autograd.ones(1, 12, 12)).shape
    autograd.Size([1, 3, 4, 5])
    """

    def __init__(
        self,
        output_size: Sizes,
        kernel_size: Sizes,
        dilation: Sizes = 1,
        padding: Sizes = 0,
        stride: Sizes = 1,
    ) -> None:
        super().__init__(kernel_size, dilation, padding, stride)
        per_axis("Fold", "output_size", output_size, 2, 1)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return F.fold(
            input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride
        )

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}, {super().extra_repr()}"
