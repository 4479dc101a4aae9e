"""Convolutions, their transposes, and both with channels that the first input tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_tensors, count_of, integer_of
from autograd.engine.places import ShapeError
from nn import functional as F, init
from nn.functional.conv import both_ends, per_axis
from nn.modules.lazy import LazyModuleMixin
from nn.modules.module import Module
from nn.parameter import Parameter, UninitializedParameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType
    from nn.functional.conv import Sizes

__all__ = [
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "LazyConv1d",
    "LazyConv2d",
    "LazyConv3d",
    "LazyConvTranspose1d",
    "LazyConvTranspose2d",
    "LazyConvTranspose3d",
]

_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What convolutions over ``rank`` axes share: options, parameters, how they start."""

    rank = 1
    transposed = False
    weight: Any
    bias: Any  # None with bias=False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: str | Sizes,
        dilation: Sizes,
        output_padding: Sizes,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: object,
        dtype: DType,
    ) -> None:
        super().__init__()
        call, rank = type(self).__name__, self.rank
        self.in_channels = count_of(call, "in_channels", in_channels)
        self.out_channels = count_of(call, "out_channels", out_channels)
        self.groups = count_of(call, "groups", groups, 1)
        for name in ("in_channels", "out_channels"):
            if getattr(self, name) % self.groups:
                raise ValueError(
                    f"{call}: groups must divide {name}; got {self.groups} and "
                    f"{getattr(self, name)}."
                )
        check_flags(call, bias=bias or False)  # None is none
        self.kernel_size = per_axis(call, "kernel_size", kernel_size, rank, 1)
        self.stride = per_axis(call, "stride", stride, rank, 1)
        self.dilation = per_axis(call, "dilation", dilation, rank, 1)
        ends = both_ends(call, padding, self.stride, self.kernel_size, self.dilation)
        self.padding: Any = padding if isinstance(padding, str) else tuple([n for n, _ in ends])
        self.output_padding = per_axis(call, "output_padding", output_padding, rank)
        if not isinstance(padding_mode, str) or padding_mode not in _MODES:
            raise ValueError(
                f"{call}: padding_mode must be one of {', '.join(_MODES)}; got {padding_mode!r}."
            )
        self.padding_mode = padding_mode
        self._widths = [n for pair in reversed(ends) for n in pair]
        self._made(bias, {"device": device, "dtype": dtype})

    def _made(self, bias: bool, made: dict[str, Any]) -> None:
        """Make the parameters and draw them."""
        self.weight = Parameter(autograd.empty(self._weight_shape(), **made))
        self.register_parameter(
            "bias", Parameter(autograd.empty(self.out_channels, **made)) if bias else None
        )
        self.reset_parameters()

    def _weight_shape(self) -> tuple[int, ...]:
        channels = self.out_channels, self.in_channels
        first, second = reversed(channels) if self.transposed else channels
        return (first, second // self.groups, *self.kernel_size)

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, anew."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in = math.prod(self.weight.shape[1:])
            if fan_in:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        words = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        words += f", stride={self.stride}"
        usual = {"padding": 0, "dilation": 1, "output_padding": 0}
        for name, value in usual.items():
            if getattr(self, name) != (value,) * self.rank:
                words += f", {name}={getattr(self, name)}"
        if self.groups != 1:
            words += f", groups={self.groups}"
        if self.bias is None:
            words += ", bias=False"
        if self.padding_mode != "zeros":
            words += f", padding_mode={self.padding_mode}"
        return words


# -- convolutions ---------------------------------------------------------------------------------


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: str | Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = F.pad(input, self._widths, self.padding_mode), 0
        function = (F.conv1d, F.conv2d, F.conv3d)[self.rank - 1]
        return function(
            input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )


class Conv1d(_Conv):
    """:func:`nn.functional.conv1d`, with a weight of its own: (N, C, L) or (C, L) -> (N, O, L').

    >>> import autograd
    >>> Conv1d(2, 3, 5)(autograd.ones(4, 2, 10)).shape
    autograd.Size([4, 3, 6])
    """


class Conv2d(_Conv):
    r"""The products of the windows of images with kernels, which are learnt.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, O, H', W'); weight (O, C / groups, kH, kW), bias (O),
    both uniform in :math:`\pm 1/\sqrt{k}`, k = C kH kW / groups (He et al. 2015, arXiv:1502.01852,
    with a = √5). ``padding_mode`` is what stands around the image: "zeros", "reflect",
    "replicate", "circular". The other options are those of :func:`nn.functional.conv2d`.

    >>> import autograd
    >>> layer = Conv2d(1, 8, 3, padding=1)
    >>> layer
    Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    >>> layer(autograd.ones(4, 1, 28, 28)).shape
    autograd.Size([4, 8, 28, 28])
    """

    rank = 2


class Conv3d(_Conv):
    """:func:`nn.functional.conv3d`, with a weight of its own: (N, C, D, H, W) or (C, D, H, W).

    >>> import autograd
    >>> Conv3d(2, 3, 2)(autograd.ones(1, 2, 4, 4, 4)).shape
    autograd.Size([1, 3, 3, 3, 3])
    """

    rank = 3


# -- transposes -----------------------------------------------------------------------------------


class _ConvTransposeNd(_ConvNd):
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType = None,
    ) -> None:
        call = type(self).__name__
        if isinstance(padding, str):
            raise TypeError(f"{call}: padding must be numbers; got {padding!r}. Pass 0.")
        if padding_mode != "zeros":
            raise ValueError(f"{call}: padding_mode must be 'zeros'; got {padding_mode!r:.60}.")
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        more = self.output_padding
        if output_size is not None:
            more = self._more(input, output_size)
        function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self.rank - 1]
        return function(
            input, self.weight, self.bias, self.stride, self.padding, more, self.groups,
            self.dilation,
        )  # fmt: skip

    def _more(self, input: Any, output_size: Sequence[int]) -> tuple[int, ...]:
        """The output padding that gives ``output_size``, of which the last axes count."""
        call, rank = type(self).__name__, self.rank
        check_tensors(call, input=input)
        given = output_size if isinstance(output_size, Sequence) else (output_size,)
        sizes = tuple([integer_of(call, "output_size", n) for n in given])
        if len(sizes) not in (rank, input.ndim):
            raise ValueError(
                f"{call}: output_size must have {rank} numbers, or one for each axis of input; got "
                f"{sizes}."
            )
        facts = zip(self.stride, self.padding, self.dilation, self.kernel_size, strict=True)
        least = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, (s, p, d, k) in zip(input.shape[-rank:], facts, strict=True)
        ]
        found = [n - low for n, low in zip(sizes[-rank:], least, strict=True)]
        if any(not 0 <= n < s for n, s in zip(found, self.stride, strict=True)):
            most = [low + s - 1 for low, s in zip(least, self.stride, strict=True)]
            raise ShapeError(
                f"{call}: output_size must be between {tuple(least)} and {tuple(most)} for input "
                f"of shape {tuple(input.shape)}; got {sizes[-rank:]}."
            )
        return tuple(found)


class ConvTranspose1d(_ConvTransposeNd):
    """:func:`nn.functional.conv_transpose1d`, with a weight of its own (C, O / groups, k).

    >>> import autograd
    >>> ConvTranspose1d(2, 3, 5, stride=2)(autograd.ones(4, 2, 10)).shape
    autograd.Size([4, 3, 23])
    """


class ConvTranspose2d(_ConvTransposeNd):
    r"""The adjoint of :class:`Conv2d`: from small images to larger ones.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, O, H', W'); weight (C, O / groups, kH, kW), bias (O),
    both uniform in :math:`\pm 1/\sqrt{k}`, k = O kH kW / groups. ``forward(input, output_size)``
    says which of the sizes that a stride leaves open is meant. The options are those of
    :func:`nn.functional.conv_transpose2d`.

    >>> import autograd
    >>> layer = ConvTranspose2d(2, 3, 4, stride=2, padding=1)
    >>> layer(autograd.ones(1, 2, 8, 8)).shape
    autograd.Size([1, 3, 16, 16])
    """

    rank = 2


class ConvTranspose3d(_ConvTransposeNd):
    """:func:`nn.functional.conv_transpose3d`, with a weight of its own (C, O / groups, kD, kH, kW).

    >>> import autograd
    >>> ConvTranspose3d(2, 3, 2)(autograd.ones(1, 2, 4, 4, 4)).shape
    autograd.Size([1, 3, 5, 5, 5])
    """

    rank = 3


# -- lazy -----------------------------------------------------------------------------------------


class _LazyConv(LazyModuleMixin, _ConvNd):
    """A convolution whose ``in_channels`` are those of its first input."""

    def __init__(self, out_channels: int, kernel_size: Sizes, *args: Any, **kwargs: Any) -> None:
        super().__init__(0, out_channels, kernel_size, *args, **kwargs)

    def _made(self, bias: bool, made: dict[str, Any]) -> None:
        self.weight = UninitializedParameter(**made)
        self.register_parameter("bias", UninitializedParameter(**made) if bias else None)

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, anew, once they are there."""
        if self.in_channels and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor, *args: object, **kwargs: object) -> None:
        """Take ``in_channels`` from ``input`` and draw the parameters."""
        call = type(self).__name__
        check_tensors(call, input=input)
        if input.ndim not in (self.rank + 1, self.rank + 2):
            raise ShapeError(
                f"{call}: input must have {self.rank + 1} or {self.rank + 2} axes; got shape "
                f"{tuple(input.shape)}."
            )
        channels = input.shape[-self.rank - 1]
        if self.has_uninitialized_params():
            if channels % self.groups:
                raise ShapeError(
                    f"{call}: groups must divide the input's channels; got {self.groups} and "
                    f"{channels}."
                )
            self.in_channels = channels
            self.weight.materialize(self._weight_shape())
            if self.bias is not None:
                self.bias.materialize((self.out_channels,))
            self.reset_parameters()
        elif not self.in_channels:  # a state was loaded
            self.in_channels = channels


class LazyConv1d(_LazyConv, Conv1d):
    """A :class:`Conv1d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConv1d(8, 3)
    >>> layer(autograd.ones(1, 2, 5)).shape, layer.in_channels
    (autograd.Size([1, 8, 3]), 2)
    """

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):
    """A :class:`Conv2d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConv2d(8, 3)
    >>> layer(autograd.ones(1, 3, 5, 5)).shape, layer.weight.shape
    (autograd.Size([1, 8, 3, 3]), autograd.Size([8, 3, 3, 3]))
    """

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):
    """A :class:`Conv3d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConv3d(8, 3)
    >>> layer(autograd.ones(1, 2, 5, 5, 5)).shape, layer.in_channels
    (autograd.Size([1, 8, 3, 3, 3]), 2)
    """

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    """A :class:`ConvTranspose1d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConvTranspose1d(8, 3)
    >>> layer(autograd.ones(1, 2, 5)).shape, layer.in_channels
    (autograd.Size([1, 8, 7]), 2)
    """

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    """A :class:`ConvTranspose2d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConvTranspose2d(8, 3)
    >>> layer(autograd.ones(1, 2, 5, 5)).shape, layer.in_channels
    (autograd.Size([1, 8, 7, 7]), 2)
    """

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConv, ConvTranspose3d):
    """A :class:`ConvTranspose3d` whose ``in_channels`` are those of its first input.

    >>> import autograd
    >>> layer = LazyConvTranspose3d(8, 3)
    >>> layer(autograd.ones(1, 2, 5, 5, 5)).shape, layer.in_channels
    (autograd.Size([1, 8, 7, 7, 7]), 2)
    """

    cls_to_become = ConvTranspose3d
