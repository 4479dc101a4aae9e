"""Convolutions and their transposes, over one to three axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_tensors, count_of, size_of
from autograd.arrays.errors import DtypeError, OptionError
from autograd.arrays.remedies import channels_second, converted
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.places import ShapeError, placed
from autograd.kernels.columns import Geometry
from autograd.kernels.convolution import convolved, slopes, transposed
from autograd.kernels.sums import sum_over

if TYPE_CHECKING:
    from autograd import Tensor

    Sizes = int | Sequence[int]

__all__ = [
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]

# Σ x w g over windows, without one of the three: each op's gradients are the two others


class Convolution(Function):
    """Without g: the products of windows of x with the weight, and the bias."""

    takes_complex = True

    def forward(self, x, weight, bias, *, size, geometry):
        self.geometry = geometry
        return convolved(x, weight, bias, size=size, geometry=geometry)

    def grad_x(self, g, weight):
        size = self.shapes[0][2:]
        return ConvolutionTransposed.apply(g, weight, None, size=size, geometry=self.geometry)

    def grad_weight(self, g, x):
        return ConvolutionWeight.apply(g, x, size=self.shapes[1][2:], geometry=self.geometry)

    def grad_bias(self, g):
        return sum_over(g, axis=(0, *range(2, g.ndim)))


class ConvolutionTransposed(Function):
    """Without x: every window the weight times an element of g, added up, and the bias."""

    takes_complex = True

    def forward(self, g, weight, bias, *, size, geometry):
        self.geometry = geometry
        return transposed(g, weight, bias, size=size, geometry=geometry)

    def grad_g(self, h, weight):
        size = self.shapes[0][2:]
        return Convolution.apply(h, weight, None, size=size, geometry=self.geometry)

    def grad_weight(self, h, g):
        return ConvolutionWeight.apply(g, h, size=self.shapes[1][2:], geometry=self.geometry)

    def grad_bias(self, h):
        return sum_over(h, axis=(0, *range(2, h.ndim)))


class ConvolutionWeight(Function):
    """Without the weight: the products of windows of x with g, summed over samples and windows."""

    takes_complex = True

    def forward(self, g, x, *, size, geometry):
        self.geometry = geometry
        return slopes(g, x, size=size, geometry=geometry)

    def grad_g(self, h, x):
        return Convolution.apply(x, h, None, size=self.shapes[0][2:], geometry=self.geometry)

    def grad_x(self, h, g):
        size = self.shapes[1][2:]
        return ConvolutionTransposed.apply(g, h, None, size=size, geometry=self.geometry)


# -- arguments ------------------------------------------------------------------------------------


def per_axis(call: str, name: str, value: Any, rank: int, least: int = 0) -> tuple[int, ...]:
    """One whole number for each axis, of at least ``least``; one number stands for all.

    >>> per_axis("conv2d", "stride", 2, 2)
    (2, 2)
    """
    given = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(given) == 1:
        given *= rank
    if len(given) != rank:
        raise OptionError(f"{call}: {name} must be one number, or {rank}; got {value!r:.60}.")
    return tuple([count_of(call, name, one, least) for one in given])


def both_ends(
    call: str, padding: Any, stride: Sequence[int], kernel: Sequence[int], dilation: Sequence[int]
) -> list[tuple[int, int]]:
    """How many zeros are before, and after, the elements of each axis."""
    if not isinstance(padding, str):
        return [(n, n) for n in per_axis(call, "padding", padding, len(kernel))]
    if padding not in ("same", "valid"):
        raise ValueError(
            f"{call}: padding must be numbers, 'same' or 'valid'; got {padding!r}. Pass one."
        )
    if padding == "valid":
        return [(0, 0)] * len(kernel)
    if {*stride} != {1}:
        raise OptionError(
            f"{call}: padding='same' is for a stride of 1; got {tuple(stride)}. Pass numbers."
        )
    more = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return [(n // 2, n - n // 2) for n in more]


def batched(call: str, input: Any, rank: int, channels: int | None = None) -> tuple[Any, bool]:
    """``input`` (N, C, ...) with ``rank`` axes after these; whether N had to be put in.

    ``channels``, where it is known what C must be, tells which axis is missing.
    """
    check_tensors(call, input=input)
    if input.ndim == rank + 2:
        return input, False
    if input.ndim != rank + 1:
        axes = ", ".join("DHW"[3 - rank :])
        raise ShapeError(
            f"{call}: input must be (N, C, {axes}) or (C, {axes}); got shape {tuple(input.shape)}. "
            + channels_second(input.shape, channels, rank)
        )
    return input[None], True


def _checked(call: str, x: Any, weight: Any, bias: Any, outs: int, rank: int) -> None:
    """Raise unless weight and bias are what is multiplied with x, in one dtype."""
    check_tensors(call, weight=weight)
    if weight.ndim != rank + 2 or 0 in weight.shape[2:]:
        raise ShapeError(
            f"{call}: weight must have {rank + 2} axes, channels and then a kernel of one element "
            f"or more; got shape {tuple(weight.shape)}."
        )
    if bias is not None:
        check_tensors(call, bias=bias)
        if tuple(bias.shape) != (outs,):
            raise ShapeError(
                f"{call}: bias must have shape {(outs,)}, one value per output channel; got "
                f"{tuple(bias.shape)}."
            )
    for name, other in (("weight", weight), ("bias", bias)):
        if other is not None and other.dtype != x.dtype:
            raise placed(
                DtypeError(
                    f"{call}: input and {name} must have one dtype; got {x.dtype} and "
                    f"{other.dtype}. Convert the input: {converted('x', other.dtype)}."
                )
            )


def _applied(
    op: Any, x: Any, weight: Any, bias: Any, outs: int, size: tuple[int, ...], geometry: Geometry
) -> Any:
    """The op, of whose result the size is checked; of float16 in float32, rounded once."""
    size_of(op.__name__, (x.shape[0], outs, *size))
    if x.dtype != dtypes.float16:
        return op.apply(x, weight, bias, size=size, geometry=geometry)
    wide = [None if one is None else cast(one, dtypes.float32) for one in (x, weight, bias)]
    return cast(op.apply(*wide, size=size, geometry=geometry), dtypes.float16)


def _grouped(call: str, weight: Any, groups: Any) -> int:
    groups = count_of(call, "groups", groups, 1)
    if weight.shape[0] % groups:
        raise ShapeError(
            f"{call}: groups must divide the {weight.shape[0]} channels that weight has first; got "
            f"{groups}."
        )
    return groups


def geometry_of(
    places: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    before: Sequence[int],
    dilation: Sequence[int],
    groups: int = 1,
) -> Geometry:
    """How windows lie; a step that is never taken counts as 1, however long it would be."""
    steps = [s if n > 1 else 1 for n, s in zip(places, stride, strict=True)]
    inner = [d if k > 1 else 1 for k, d in zip(kernel, dilation, strict=True)]
    return Geometry(tuple(steps), tuple(before), tuple(inner), groups)


# -- convolutions ---------------------------------------------------------------------------------


def _conv(
    rank: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Any:
    call = f"conv{rank}d"
    check_tensors(call, input=input, weight=weight)
    x, alone = batched(call, input, rank, weight.shape[1] if weight.ndim > 1 else None)
    _checked(call, x, weight, bias, weight.shape[0] if weight.ndim else 0, rank)
    kernel = tuple(weight.shape[2:])
    steps = per_axis(call, "stride", stride, rank, 1)
    apart = per_axis(call, "dilation", dilation, rank, 1)
    ends = both_ends(call, padding, steps, kernel, apart)
    groups = _grouped(call, weight, groups)
    if x.shape[1] != weight.shape[1] * groups:
        raise ShapeError(
            f"{call}: weight expects {weight.shape[1] * groups} input channels, got x of shape "
            f"{tuple(input.shape)}. {channels_second(input.shape, weight.shape[1] * groups, rank)} "
            "Channels come second (N, C, ...)."
        )
    padded = [n + sum(pair) for n, pair in zip(x.shape[2:], ends, strict=True)]
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, apart, strict=True)]
    if any(n < span for n, span in zip(padded, spans, strict=True)):
        raise ShapeError(
            f"{call}: the kernel must fit into the padded input; it spans {tuple(spans)}, the "
            f"input {tuple(padded)}. Pad more, or pool less before."
        )
    size = tuple([(n - span) // s + 1 for n, span, s in zip(padded, spans, steps, strict=True)])
    geometry = geometry_of(size, kernel, steps, [before for before, _ in ends], apart, groups)
    out = _applied(Convolution, x, weight, bias, weight.shape[0], size, geometry)
    return out[0] if alone else out


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: str | Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """As :func:`conv2d`, along one axis: input (N, C, L), weight (O, C / groups, k) -> (N, O, L').

    >>> import autograd
    >>> conv1d(autograd.tensor([[1.0, 2.0, 4.0]]), autograd.tensor([[[-1.0, 1.0]]]))
    tensor([[1., 2.]])
    """
    return _conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: str | Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    r"""The products of the windows of images with kernels (a cross-correlation).

    :math:`y_{n,o,p} = b_o + \sum_{c,k} x_{n,\,c,\,p \cdot stride + k \cdot dilation - padding}\,
    w_{o,c,k}`, zeros standing around the image.

    Shapes: input (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O)
    -> (N, O, H', W'), H' = (H + 2 padding - dilation (kH - 1) - 1) // stride + 1; one dtype.

    :param padding: zeros at both ends, or "valid" (none), or "same" (H' = H; stride 1).
    :param groups: channels are cut into so many, each with its own kernels.
    :raises ValueError: sizes that do not match. TypeError: dtypes that do not.

    LeCun, Bottou, Bengio & Haffner 1998 (Proceedings of the IEEE 86:2278).

    >>> import autograd
    >>> x = autograd.arange(9.0).reshape(1, 3, 3)
    >>> conv2d(x, autograd.ones(1, 1, 2, 2))
    tensor([[[ 8., 12.],
             [20., 24.]]])
    """
    return _conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: str | Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """As :func:`conv2d`, over three axes: input (N, C, D, H, W), weight (O, C / groups, *kernel).

    >>> import autograd
    >>> conv3d(autograd.ones(1, 3, 3, 3), autograd.ones(1, 1, 3, 3, 3))
    tensor([[[[27.]]]])
    """
    return _conv(3, input, weight, bias, stride, padding, dilation, groups)


# -- transposes -----------------------------------------------------------------------------------


def _conv_transpose(
    rank: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> Any:
    call = f"conv_transpose{rank}d"
    check_tensors(call, input=input, weight=weight)
    x, alone = batched(call, input, rank, weight.shape[0] if weight.ndim else None)
    groups = count_of(call, "groups", groups, 1)
    _checked(call, x, weight, bias, weight.shape[1] * groups if weight.ndim > 1 else 0, rank)
    kernel = tuple(weight.shape[2:])
    steps = per_axis(call, "stride", stride, rank, 1)
    apart = per_axis(call, "dilation", dilation, rank, 1)
    before = per_axis(call, "padding", padding, rank)
    more = per_axis(call, "output_padding", output_padding, rank)
    _grouped(call, weight, groups)
    if x.shape[1] != weight.shape[0]:
        raise ShapeError(
            f"{call}: weight expects {weight.shape[0]} input channels, got x of shape "
            f"{tuple(input.shape)}. {channels_second(input.shape, weight.shape[0], rank)} "
            "Channels come second (N, C, ...)."
        )
    if any(n >= max(s, d) for n, s, d in zip(more, steps, apart, strict=True)):
        raise ValueError(
            f"{call}: output_padding must be smaller than stride or dilation; got {more} for "
            f"stride {steps} and dilation {apart}."
        )
    geometry = geometry_of(tuple(x.shape[2:]), kernel, steps, before, apart, groups)
    reach = geometry.reach(tuple(x.shape[2:]), kernel)
    size = tuple([end - 2 * n + m for end, n, m in zip(reach, before, more, strict=True)])
    if min(size) < 1 or 0 in x.shape[2:]:
        raise ShapeError(
            f"{call}: the result must have elements; it would be of size {size} for input of shape "
            f"{tuple(input.shape)}. Pad less."
        )
    outs = weight.shape[1] * groups
    out = _applied(ConvolutionTransposed, x, weight, bias, outs, size, geometry)
    return out[0] if alone else out


def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """As :func:`conv_transpose2d`, along one axis: input (N, C, L), weight (C, O / groups, k).

    >>> import autograd
    >>> conv_transpose1d(autograd.tensor([[1.0, 2.0]]), autograd.ones(1, 1, 2), stride=2)
    tensor([[1., 1., 2., 2.]])
    """
    return _conv_transpose(
        1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """The adjoint of :func:`conv2d` in its input: each element is a kernel's factor, added up.

    Shapes: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O)
    -> (N, O, H', W'), H' = (H - 1) stride - 2 padding + dilation (kH - 1) + output_padding + 1;
    one dtype. Raises ValueError where sizes do not match, TypeError where dtypes do not.

    Zeiler, Krishnan, Taylor & Fergus 2010 (CVPR), "Deconvolutional networks".

    >>> import autograd
    >>> conv_transpose2d(autograd.tensor([[[1.0, 2.0]]]), autograd.ones(1, 1, 2, 2))
    tensor([[[1., 3., 2.],
             [1., 3., 2.]]])
    """
    return _conv_transpose(
        2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """As :func:`conv_transpose2d`, over three axes: input (N, C, D, H, W).

    >>> import autograd
    >>> conv_transpose3d(autograd.ones(1, 1, 1, 1), autograd.ones(1, 2, 2, 2, 2)).shape
    autograd.Size([2, 2, 2, 2])
    """
    return _conv_transpose(
        3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )
