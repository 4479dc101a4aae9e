"""Pooling to a given size: window i of n elements into m is ⌊i n / m⌋ to ⌈(i + 1) n / m⌉."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from autograd.arrays.arguments import check_flags
from autograd.engine.elementwise import in_float32
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.pooling import Stretches, Windows
from autograd.ops.reductions.extrema import Max, at_index
from autograd.ops.reductions.sums import mean
from nn.functional.pooling.average import AvgPool
from nn.functional.pooling.max import pooled
from nn.functional.pooling.windows import sizes_of

if TYPE_CHECKING:
    from autograd import Tensor

    Outputs = int | None | Sequence[int | None]

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
]


def _even(size: tuple[int, ...], shape: tuple[int, ...]) -> Windows | None:
    """The windows, where all along an axis are equally long."""
    if any(not m or n % m for n, m in zip(shape, size, strict=True)):
        return None
    lengths = tuple([n // m for n, m in zip(shape, size, strict=True)])
    rank = len(size)
    return Windows(size, lengths, lengths, (0,) * rank, (1,) * rank)


# -- means ----------------------------------------------------------------------------------------


def _average(rank: int, input: Any, output_size: Any) -> Any:
    size = sizes_of(f"adaptive_avg_pool{rank}d", output_size, input, rank)
    shape = tuple(input.shape[-rank:])
    if {*size} == {1}:
        return mean(input, tuple(range(-rank, 0)), True)
    windows = _even(size, shape)
    if windows is not None:
        return AvgPool.apply(input, windows=windows) / math.prod(windows.kernel)
    uneven = Stretches(size, shape)
    like: Any = unwrap(input)
    count: Any = None
    for n, m in zip(shape, size, strict=True):
        i = np.arange(m, like=like)
        length = -((i + 1) * n // -max(m, 1)) - i * n // max(m, 1)
        count = length if count is None else count[..., None] * length
    return AvgPool.apply(input, windows=uneven) / count.astype(like.dtype)


@in_float32
def adaptive_avg_pool1d(input: Tensor, output_size: Outputs) -> Tensor:
    """Means along the last axis, ``output_size`` of them; see :func:`adaptive_avg_pool2d`.

    >>> import autograd
    >>> adaptive_avg_pool1d(autograd.tensor([[1.0, 3.0, 5.0]]), 2)
    tensor([[2., 4.]])
    """
    return _average(1, input, output_size)


@in_float32
def adaptive_avg_pool2d(input: Tensor, output_size: Outputs) -> Tensor:
    """Means of images divided into (H', W') parts: (N, C, H, W) or (C, H, W) -> (..., H', W').

    Where the size is not divided evenly, parts share elements. None keeps an axis as it is. Raises
    ValueError for an input of another number of axes, or without elements.

    >>> import autograd
    >>> adaptive_avg_pool2d(autograd.arange(16.0).reshape(1, 4, 4), (2, 1))
    tensor([[[ 3.5000],
             [11.5000]]])
    """
    return _average(2, input, output_size)


@in_float32
def adaptive_avg_pool3d(input: Tensor, output_size: Outputs) -> Tensor:
    """Means of volumes divided into (D', H', W') parts; see :func:`adaptive_avg_pool2d`.

    >>> import autograd
    >>> adaptive_avg_pool3d(autograd.arange(8.0).reshape(1, 2, 2, 2), 1)
    tensor([[[[3.5000]]]])
    """
    return _average(3, input, output_size)


# -- the greatest ---------------------------------------------------------------------------------


def _maximum(rank: int, input: Any, output_size: Any, return_indices: Any) -> Any:
    call = f"adaptive_max_pool{rank}d"
    size = sizes_of(call, output_size, input, rank)
    check_flags(call, return_indices=return_indices)
    shape = tuple(input.shape[-rank:])
    windows = _even(size, shape)
    if windows is not None:
        return pooled(input, windows, bool(return_indices))
    # every window as long as the longest, its last element again: the first that ties counts
    ends = [Stretches(size, shape).ends(axis) for axis in range(rank)]
    longest = [max([end - first for first, end in one], default=0) for one in ends]
    index: list[Any] = [slice(None)] * (input.ndim - rank)
    for axis, one in enumerate(ends):
        first, end = np.reshape(np.array(one, np.int64), (-1, 2, 1)).swapaxes(0, 1)
        places = np.minimum(first + np.arange(longest[axis]), end - 1)
        spread = [1] * (2 * rank)
        spread[axis], spread[rank + axis] = places.shape
        index.append(np.reshape(places, spread))
    lead = tuple(input.shape[: input.ndim - rank])
    apart = np.reshape(input[tuple(index)], (*lead, *size, math.prod(longest)))
    out, taps = at_index(call, apart, -1, False, Max, np.argmax)
    if not return_indices:
        return out
    taps, found = unwrap(taps), 0
    for axis, (n, m) in enumerate(zip(shape, size, strict=True)):
        i = np.reshape(np.arange(m, like=taps), (-1, *[1] * (rank - axis - 1)))
        tap = taps // math.prod(longest[axis + 1 :]) % longest[axis]
        last = -((i + 1) * n // -max(m, 1)) - 1
        found = found * n + np.minimum(i * n // max(m, 1) + tap, last)
    return out, wrap(found, None) if isinstance(input, TensorBase) else found


@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: Outputs, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...


@overload
def adaptive_max_pool1d(
    input: Tensor,
    output_size: Outputs,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def adaptive_max_pool1d(input: Tensor, output_size: Outputs, return_indices: bool = False) -> Any:
    """The greatest elements along the last axis, of ``output_size`` parts.

    With ``return_indices`` also where they stood (int64).

    >>> import autograd
    >>> adaptive_max_pool1d(autograd.tensor([[1.0, 3.0, 2.0]]), 2, return_indices=True)
    (tensor([[3., 3.]]), tensor([[1, 1]]))
    """
    return _maximum(1, input, output_size, return_indices)


@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: Outputs, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...


@overload
def adaptive_max_pool2d(
    input: Tensor,
    output_size: Outputs,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def adaptive_max_pool2d(input: Tensor, output_size: Outputs, return_indices: bool = False) -> Any:
    """The greatest elements of images divided into (H', W') parts.

    Shapes and parts are those of :func:`adaptive_avg_pool2d`; with ``return_indices`` also where in
    its plane, counted row by row, each stood (int64).

    >>> import autograd
    >>> adaptive_max_pool2d(autograd.arange(16.0).reshape(1, 4, 4), (2, 1))
    tensor([[[ 7.],
             [15.]]])
    """
    return _maximum(2, input, output_size, return_indices)


@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: Outputs, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...


@overload
def adaptive_max_pool3d(
    input: Tensor,
    output_size: Outputs,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def adaptive_max_pool3d(input: Tensor, output_size: Outputs, return_indices: bool = False) -> Any:
    """The greatest elements of volumes divided into (D', H', W') parts.

    >>> import autograd
    >>> adaptive_max_pool3d(autograd.arange(8.0).reshape(1, 2, 2, 2), 1)
    tensor([[[[7.]]]])
    """
    return _maximum(3, input, output_size, return_indices)


def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Outputs, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """:func:`adaptive_max_pool1d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> adaptive_max_pool1d_with_indices(autograd.tensor([[1.0, 3.0]]), 1)
    (tensor([[3.]]), tensor([[1]]))
    """
    return _maximum(1, input, output_size, True)


def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Outputs, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """:func:`adaptive_max_pool2d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> adaptive_max_pool2d_with_indices(autograd.arange(4.0).reshape(1, 2, 2), 1)
    (tensor([[[3.]]]), tensor([[[3]]]))
    """
    return _maximum(2, input, output_size, True)


def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: Outputs, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """:func:`adaptive_max_pool3d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> adaptive_max_pool3d_with_indices(autograd.arange(8.0).reshape(1, 2, 2, 2), 1)
    (tensor([[[[7.]]]]), tensor([[[[7]]]]))
    """
    return _maximum(3, input, output_size, True)
