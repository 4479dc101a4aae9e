"""Means of windows, and power means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_flags, number_of
from autograd.arrays.errors import OptionError
from autograd.engine.elementwise import in_float32
from autograd.engine.function import Function
from autograd.engine.graph import unwrap
from autograd.kernels.pooling import Windows, spread, summed
from nn.functional.pooling.max import max_pool1d, max_pool2d, max_pool3d
from nn.functional.pooling.windows import check_pooled, windows_of

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes

__all__ = ["avg_pool1d", "avg_pool2d", "avg_pool3d", "lp_pool1d", "lp_pool2d", "lp_pool3d"]


class AvgPool(Function):
    """The sum of each window."""

    def forward(self, x, *, windows):
        self.windows = windows
        return summed(x, windows=windows)

    def grad_x(self, g):
        shape = self.shapes[0][-len(self.windows.size) :]
        return Spread.apply(g, shape=shape, windows=self.windows)


class Spread(Function):
    """Each element added to all of a window: the adjoint of :class:`AvgPool`."""

    def forward(self, g, *, shape, windows):
        self.windows = windows
        return spread(g, shape=shape, windows=windows)

    def grad_g(self, h):
        return AvgPool.apply(h, windows=self.windows)


def _counts(windows: Windows, shape: Any, padding_counts: bool, like: Any) -> Any:
    """How many elements each window has: a number where all have as many, else an array."""
    reach = [(m - 1) * s + k - p for m, k, s, p, _ in zip(*windows, strict=True)]
    over = [end > n + p * padding_counts for end, n, p in zip(reach, shape, windows.before)]
    if not any(over) and (padding_counts or not any(windows.before)):
        return math.prod(windows.kernel)
    counts: Any = None
    for n, m, k, s, p, _ in zip(shape, *windows, strict=True):
        first = np.arange(m, like=like) * s - p
        last = np.minimum(first + k, n + p if padding_counts else n)
        one = last - (first if padding_counts else np.maximum(first, 0))
        counts = one if counts is None else counts[..., None] * one
    return counts.astype(like.dtype)


def _averaged(
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: Any,
    count_include_pad: Any,
    divisor_override: Any,
) -> Any:
    call = f"avg_pool{rank}d"
    windows = windows_of(call, input, rank, kernel_size, stride, padding, 1, ceil_mode)
    check_flags(call, count_include_pad=count_include_pad)
    if divisor_override is None:
        like = unwrap(input)
        count = _counts(windows, input.shape[-rank:], bool(count_include_pad), like)
    else:
        count = number_of(call, "divisor_override", divisor_override)
        if not count:
            raise OptionError(f"{call}: divisor_override must not be 0; got {divisor_override}.")
    return AvgPool.apply(input, windows=windows) / count


@in_float32
def avg_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window along the last axis; see :func:`avg_pool2d`.

    >>> import autograd
    >>> avg_pool1d(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[2., 1.]])
    """
    return _averaged(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


@in_float32
def avg_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of images: (N, C, H, W) or (C, H, W) -> (..., H', W').

    H' = (H + 2 padding - kernel) // stride + 1, rounded up with ``ceil_mode``; stride is the kernel
    unless given. The zeros of the padding count as elements unless ``count_include_pad`` is False;
    ``divisor_override`` is what sums are divided by instead.

    Raises ValueError where the kernel does not fit, or padding is more than half of it.

    >>> import autograd
    >>> avg_pool2d(autograd.arange(4.0).reshape(1, 2, 2), 2)
    tensor([[[1.5000]]])
    """
    return _averaged(
        2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


@in_float32
def avg_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of volumes; see :func:`avg_pool2d`.

    >>> import autograd
    >>> avg_pool3d(autograd.arange(8.0).reshape(1, 2, 2, 2), 2)
    tensor([[[[3.5000]]]])
    """
    return _averaged(
        3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


# -- power means ----------------------------------------------------------------------------------


def _powers(
    rank: int, input: Any, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: Any
) -> Any:
    call = f"lp_pool{rank}d"
    p = number_of(call, "norm_type", norm_type)
    if not p:
        raise ValueError(f"{call}: norm_type must not be 0; got {norm_type}. Pass 2.")
    check_pooled(call, input, rank)
    if math.isinf(p):
        function: Any = (max_pool1d, max_pool2d, max_pool3d)[rank - 1]
        sign = 1 if p > 0 else -1
        return sign * function(sign * abs(input), kernel_size, stride, 0, 1, ceil_mode)
    windows = windows_of(call, input, rank, kernel_size, stride, 0, 1, ceil_mode)
    count = _counts(windows, input.shape[-rank:], True, unwrap(input))
    mean = AvgPool.apply(input**norm_type, windows=windows) / count
    # the mean of the elements that are there, times as many as there would be, as PyTorch has it
    return (np.maximum(mean, 0) * math.prod(windows.kernel)) ** (1 / p)


@in_float32
def lp_pool1d(
    input: Tensor,
    norm_type: float,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """(Σ xᵖ)^(1/p) over each window along the last axis; see :func:`lp_pool2d`.

    Shapes: (N, C, L) or (C, L) -> the same with the number of windows for L.

    >>> import autograd
    >>> lp_pool1d(autograd.tensor([[3.0, 4.0]]), 2, 2)
    tensor([[5.]])
    """
    return _powers(1, input, norm_type, kernel_size, stride, ceil_mode)


@in_float32
def lp_pool2d(
    input: Tensor,
    norm_type: float,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """(Σ xᵖ)^(1/p) over each window of images, p = ``norm_type``, without the absolute value.

    (N, C, H, W) or (C, H, W) -> (..., H', W'). A sum below 0 counts as 0, p = ∞ is the greatest
    absolute value. Raises ValueError where the kernel does not fit.

    >>> import autograd
    >>> lp_pool2d(autograd.ones(1, 2, 2), 1, 2)
    tensor([[[4.]]])
    """
    return _powers(2, input, norm_type, kernel_size, stride, ceil_mode)


@in_float32
def lp_pool3d(
    input: Tensor,
    norm_type: float,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """(Σ xᵖ)^(1/p) over each window of volumes; see :func:`lp_pool2d`.

    >>> import autograd
    >>> lp_pool3d(autograd.ones(1, 2, 2, 2), 1, 2)
    tensor([[[[8.]]]])
    """
    return _powers(3, input, norm_type, kernel_size, stride, ceil_mode)
