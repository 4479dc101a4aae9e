"""Pooling layers: one number for each window, its greatest or its mean, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_flags, number_of
from nn import functional as F
from nn.functional.conv import per_axis
from nn.functional.pooling.fractional import ratios_of
from nn.modules.module import Module

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes
    from nn.functional.pooling.adaptive import Outputs
    from nn.functional.pooling.fractional import Ratios

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d",
    "FractionalMaxPool2d", "FractionalMaxPool3d", "LPPool1d", "LPPool2d", "LPPool3d", "MaxPool1d",
    "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d",
]  # fmt: skip


def _shown(layer: Module, names: str) -> str:
    """Attributes as they are printed."""
    return ", ".join([f"{name}={getattr(layer, name)}" for name in names.split()])


# -- the greatest ---------------------------------------------------------------------------------


class _MaxPoolNd(Module):
    rank = 1

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        self.kernel_size, self.padding, self.dilation = kernel_size, padding, dilation
        self.stride = kernel_size if stride is None else stride
        _check_windows(call, self, self.rank)
        per_axis(call, "dilation", dilation, self.rank, 1)
        check_flags(call, return_indices=return_indices, ceil_mode=ceil_mode)
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Any:
        function: Any = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[self.rank - 1]
        return function(
            input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode,
            self.return_indices,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return _shown(self, "kernel_size stride padding dilation ceil_mode")


def _check_windows(call: str, layer: Any, rank: int) -> None:
    per_axis(call, "kernel_size", layer.kernel_size, rank, 1)
    per_axis(call, "stride", layer.stride, rank, 1)
    per_axis(call, "padding", layer.padding, rank)


class MaxPool1d(_MaxPoolNd):
    """The greatest element of each window: (N, C, L) or (C, L) -> (..., L').

    >>> import autograd
    >>> MaxPool1d(2)(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[3., 2.]])
    """


class MaxPool2d(_MaxPoolNd):
    """The greatest element of each window of images: (N, C, H, W) or (C, H, W) -> (..., H', W').

    Options are those of :func:`nn.functional.max_pool2d`.

    >>> import autograd
    >>> MaxPool2d(2)
    MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
    >>> MaxPool2d(2)(autograd.arange(16.0).reshape(1, 4, 4))
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """

    rank = 2


class MaxPool3d(_MaxPoolNd):
    """The greatest element of each window of volumes; see :func:`nn.functional.max_pool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (…, D', H', W').

    >>> import autograd
    >>> MaxPool3d(2)(autograd.ones(1, 4, 4, 4)).shape
    autograd.Size([1, 2, 2, 2])
    """

    rank = 3


class _MaxUnpoolNd(Module):
    rank = 1

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        super().__init__()
        call = type(self).__name__
        self.kernel_size = per_axis(call, "kernel_size", kernel_size, self.rank, 1)
        steps = kernel_size if stride is None else stride
        self.stride = per_axis(call, "stride", steps, self.rank, 1)
        self.padding = per_axis(call, "padding", padding, self.rank)

    def forward(
        self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor:
        function = (F.max_unpool1d, F.max_unpool2d, F.max_unpool3d)[self.rank - 1]
        return function(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return _shown(self, "kernel_size stride padding")


class MaxUnpool1d(_MaxUnpoolNd):
    """Elements where :class:`MaxPool1d` with ``return_indices`` found them, zeros elsewhere.

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 3.0, 2.0, 0.0]])
    >>> MaxUnpool1d(2)(*MaxPool1d(2, return_indices=True)(x))
    tensor([[0., 3., 2., 0.]])
    """


class MaxUnpool2d(_MaxUnpoolNd):
    """Elements where :class:`MaxPool2d` found them; see :func:`nn.functional.max_unpool2d`.

    Shapes: (N, C, H, W) or (C, H, W), and indices of that shape.

    >>> import autograd
    >>> pool = MaxPool2d(2, return_indices=True)
    >>> MaxUnpool2d(2)(*pool(autograd.tensor([[[1.0, 2.0], [3.0, 4.0]]])))
    tensor([[[0., 0.],
             [0., 4.]]])
    """

    rank = 2


class MaxUnpool3d(_MaxUnpoolNd):
    """Elements where :class:`MaxPool3d` found them; see :func:`nn.functional.max_unpool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W), and indices of that shape.

    >>> import autograd
    >>> pool = MaxPool3d(2, return_indices=True)
    >>> MaxUnpool3d(2)(*pool(autograd.ones(1, 4, 4, 4))).shape
    autograd.Size([1, 4, 4, 4])
    """

    rank = 3


# -- means ----------------------------------------------------------------------------------------


class AvgPool1d(Module):
    """The mean of each window: (N, C, L) or (C, L); see :func:`nn.functional.avg_pool1d`.

    >>> import autograd
    >>> AvgPool1d(2)(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[2., 1.]])
    """

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = per_axis("AvgPool1d", "kernel_size", kernel_size, 1, 1)
        steps = kernel_size if stride is None else stride
        self.stride = per_axis("AvgPool1d", "stride", steps, 1, 1)
        self.padding = per_axis("AvgPool1d", "padding", padding, 1)
        check_flags("AvgPool1d", ceil_mode=ceil_mode, count_include_pad=count_include_pad)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool1d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return _shown(self, "kernel_size stride padding")


class _AvgPoolNd(Module):
    rank = 2

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        _check_windows(call, self, self.rank)
        check_flags(call, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
        if divisor_override is not None:
            number_of(call, "divisor_override", divisor_override)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        function = (F.avg_pool2d, F.avg_pool3d)[self.rank - 2]
        return function(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad, self.divisor_override,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return _shown(self, "kernel_size stride padding")


class AvgPool2d(_AvgPoolNd):
    """The mean of each window of images: (N, C, H, W) or (C, H, W) -> (..., H', W').

    Options are those of :func:`nn.functional.avg_pool2d`.

    >>> import autograd
    >>> AvgPool2d(2)(autograd.arange(4.0).reshape(1, 2, 2))
    tensor([[[1.5000]]])
    """


class AvgPool3d(_AvgPoolNd):
    """The mean of each window of volumes; see :func:`nn.functional.avg_pool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (…, D', H', W').

    >>> import autograd
    >>> AvgPool3d(2)(autograd.arange(8.0).reshape(1, 2, 2, 2))
    tensor([[[[3.5000]]]])
    """

    rank = 3


class _LPPoolNd(Module):
    rank = 1

    def __init__(
        self,
        norm_type: float,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        number_of(call, "norm_type", norm_type)
        per_axis(call, "kernel_size", kernel_size, self.rank, 1)
        if stride is not None:
            per_axis(call, "stride", stride, self.rank, 1)
        check_flags(call, ceil_mode=ceil_mode)
        self.norm_type, self.kernel_size = norm_type, kernel_size
        self.stride, self.ceil_mode = stride, ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        function = (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d)[self.rank - 1]
        return function(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)

    def extra_repr(self) -> str:
        return _shown(self, "norm_type kernel_size stride ceil_mode")


class LPPool1d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) over each window, p = ``norm_type``: (N, C, L) or (C, L).

    >>> import autograd
    >>> LPPool1d(2, 2)(autograd.tensor([[3.0, 4.0]]))
    tensor([[5.]])
    """


class LPPool2d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) over each window of images; see :func:`nn.functional.lp_pool2d`.

    Shapes: (N, C, H, W) or (C, H, W) -> (…, H', W').

    >>> import autograd
    >>> LPPool2d(2, 2)(autograd.ones(1, 2, 2))
    tensor([[[2.]]])
    """

    rank = 2


class LPPool3d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) over each window of volumes; see :func:`nn.functional.lp_pool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (…, D', H', W').

    >>> import autograd
    >>> LPPool3d(1, 2)(autograd.ones(1, 2, 2, 2))
    tensor([[[[8.]]]])
    """

    rank = 3


# -- to a given size ------------------------------------------------------------------------------


class _AdaptivePoolNd(Module):
    rank = 1
    function: Any

    def __init__(self, output_size: Outputs) -> None:
        super().__init__()
        call = type(self).__name__
        given = output_size if isinstance(output_size, (tuple, list)) else (output_size,)
        per_axis(call, "output_size", [0 if n is None else n for n in given], self.rank)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Any:
        return self.function(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptivePoolNd):
    """Means along the last axis, as many as are asked for: (N, C, L) or (C, L).

    >>> import autograd
    >>> AdaptiveAvgPool1d(2)(autograd.tensor([[1.0, 3.0, 5.0]]))
    tensor([[2., 4.]])
    """

    function = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptivePoolNd):
    """Means of images divided into parts; see :func:`nn.functional.adaptive_avg_pool2d`.

    Shapes: (N, C, H, W) or (C, H, W) -> (…, *output_size).

    >>> import autograd
    >>> AdaptiveAvgPool2d((1, 2))(autograd.ones(3, 6, 6)).shape
    autograd.Size([3, 1, 2])
    """

    rank = 2
    function = staticmethod(F.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptivePoolNd):
    """Means of volumes divided into parts; see :func:`nn.functional.adaptive_avg_pool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (…, *output_size).

    >>> import autograd
    >>> AdaptiveAvgPool3d(1)(autograd.ones(3, 4, 6, 6)).shape
    autograd.Size([3, 1, 1, 1])
    """

    rank = 3
    function = staticmethod(F.adaptive_avg_pool3d)


class _AdaptiveMaxPoolNd(_AdaptivePoolNd):
    def __init__(self, output_size: Outputs, return_indices: bool = False) -> None:
        super().__init__(output_size)
        check_flags(type(self).__name__, return_indices=return_indices)
        self.return_indices = return_indices

    def forward(self, input: Tensor) -> Any:
        return self.function(input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The greatest elements along the last axis, of as many parts: (N, C, L) or (C, L).

    >>> import autograd
    >>> AdaptiveMaxPool1d(2)(autograd.tensor([[1.0, 3.0, 5.0]]))
    tensor([[3., 5.]])
    """

    function = staticmethod(F.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The greatest of parts of images; see :func:`nn.functional.adaptive_max_pool2d`.

    Shapes: (N, C, H, W) or (C, H, W) -> (…, *output_size).

    >>> import autograd
    >>> AdaptiveMaxPool2d(1)(autograd.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[4.]]])
    """

    rank = 2
    function = staticmethod(F.adaptive_max_pool2d)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The greatest of parts of volumes; see :func:`nn.functional.adaptive_max_pool3d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (…, *output_size).

    >>> import autograd
    >>> AdaptiveMaxPool3d((1, 2, 2))(autograd.ones(3, 4, 6, 6)).shape
    autograd.Size([3, 1, 2, 2])
    """

    rank = 3
    function = staticmethod(F.adaptive_max_pool3d)


# -- windows that are drawn -----------------------------------------------------------------------


class _FractionalMaxPoolNd(Module):
    rank = 2
    _random_samples: Any

    def __init__(
        self,
        kernel_size: Sizes,
        output_size: Sizes | None = None,
        output_ratio: Ratios | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        super().__init__()
        call, rank = type(self).__name__, self.rank
        self.kernel_size = per_axis(call, "kernel_size", kernel_size, rank, 1)
        check_flags(call, return_indices=return_indices)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        if (output_size is None) == (output_ratio is None):
            raise ValueError(
                f"{call}: either output_size or output_ratio must be given; got "
                f"{output_size!r:.40} and {output_ratio!r:.40}."
            )
        self.output_size = self.output_ratio = None
        if output_size is not None:
            self.output_size = per_axis(call, "output_size", output_size, rank, 1)
        else:
            self.output_ratio = ratios_of(call, output_ratio, rank)

    def forward(self, input: Tensor) -> Any:
        function: Any = (F.fractional_max_pool2d, F.fractional_max_pool3d)[self.rank - 2]
        return function(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices,
            self._random_samples,
        )  # fmt: skip


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The greatest of windows whose distances are drawn: (N, C, H, W) or (C, H, W).

    Options are those of :func:`nn.functional.fractional_max_pool2d`. Graham 2014, arXiv:1412.6071.

    >>> import autograd
    >>> FractionalMaxPool2d(2, output_ratio=0.5)(autograd.ones(1, 3, 8, 8)).shape
    autograd.Size([1, 3, 4, 4])
    """


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The greatest of windows of volumes whose distances are drawn: (N, C, D, H, W).

    >>> import autograd
    >>> FractionalMaxPool3d(2, output_size=(2, 2, 2))(autograd.ones(1, 3, 5, 5, 5)).shape
    autograd.Size([1, 3, 2, 2, 2])
    """

    rank = 3
