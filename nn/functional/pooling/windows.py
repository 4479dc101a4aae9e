"""How the windows of a pooling lie, from what a call says of them."""

from __future__ import annotations

from typing import Any

from autograd.arrays.arguments import check_flags, check_tensors, size_of
from autograd.arrays.errors import OptionError
from autograd.arrays.remedies import channels_second
from autograd.engine.places import ShapeError
from autograd.kernels.pooling import Windows
from nn.functional.conv import geometry_of, per_axis


def check_pooled(call: str, input: Any, rank: int) -> None:
    """Raise unless ``input`` is (N, C, ...) or (C, ...) with ``rank`` axes after these."""
    check_tensors(call, input=input)
    if input.ndim not in (rank + 1, rank + 2):
        axes = ", ".join("DHW"[3 - rank :])
        raise ShapeError(
            f"{call}: input must be (N, C, {axes}) or (C, {axes}); got shape {tuple(input.shape)}. "
            + channels_second(input.shape, None, rank)
        )


def windows_of(
    call: str,
    input: Any,
    rank: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: Any,
) -> Windows:
    """The windows along the last ``rank`` axes of ``input``, all checked."""
    check_pooled(call, input, rank)
    if not input.shape[-rank - 1]:
        raise ShapeError(
            f"{call}: there must be channels, though a batch may be empty; got shape "
            f"{tuple(input.shape)}. Channels come second (N, C, ...), or first without a batch."
        )
    check_flags(call, ceil_mode=ceil_mode)
    kernel = per_axis(call, "kernel_size", kernel_size, rank, 1)
    if stride is None or isinstance(stride, (tuple, list)) and not stride:
        steps = kernel
    else:
        steps = per_axis(call, "stride", stride, rank, 1)
    before = per_axis(call, "padding", padding, rank)
    apart = per_axis(call, "dilation", dilation, rank, 1)
    sizes = []
    for n, k, s, p, d in zip(input.shape[-rank:], kernel, steps, before, apart, strict=True):
        span = d * (k - 1) + 1
        if 2 * p > span:
            raise OptionError(
                f"{call}: padding must be at most half of the kernel; got {before} for kernel "
                f"{kernel} and dilation {apart}."
            )
        size = (n + 2 * p - span + (s - 1) * bool(ceil_mode)) // s + 1
        if ceil_mode and (size - 1) * s >= n + p:  # it would begin in the padding at the end
            size -= 1
        if size < 1 or n < 1:
            raise ShapeError(
                f"{call}: the kernel must fit into the padded input; got kernel {kernel} for "
                f"input of shape {tuple(input.shape)}. Take a smaller kernel, or pool less before."
            )
        sizes.append(size)
    size_of(call, (*input.shape[:-rank], *sizes))
    lie = geometry_of(sizes, kernel, steps, before, apart)
    return Windows(tuple(sizes), kernel, lie.stride, lie.before, lie.dilation)


def sizes_of(call: str, output_size: Any, input: Any, rank: int) -> tuple[int, ...]:
    """The output size of an adaptive pooling; None keeps an axis as it is."""
    check_pooled(call, input, rank)
    given = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * rank
    kept = zip(given, input.shape[-rank:], strict=False)
    found = [n if one is None else one for one, n in kept] if len(given) == rank else given
    sizes = per_axis(call, "output_size", tuple(found), rank)
    if 0 in input.shape[-rank:] and any(sizes):
        raise ShapeError(f"{call}: there must be elements to pool; got shape {tuple(input.shape)}.")
    return size_of(call, sizes)
