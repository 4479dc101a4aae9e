"""The greatest of each window, and where it stood; and what puts it back there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from autograd.arrays.arguments import check_flags, check_ordered, integer_of, size_of
from autograd.arrays.dialect import ends
from autograd.engine.function import Function
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.pooling import chosen, greatest, leading, returned
from autograd.kernels.scatter import scattered
from autograd.ops.indexing.gather import along
from autograd.ops.indexing.getitem import GetItem
from autograd.ops.indexing.index import index_array
from nn.functional.conv import per_axis
from nn.functional.pooling.windows import check_pooled, windows_of

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes

__all__ = [
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
]


class MaxPool(Function):
    """The greatest element of each window; of those that tie the first has the whole gradient."""

    def forward(self, x, *, windows):
        self.windows = windows
        return greatest(x, windows=windows)

    def grad_x(self, g, x, out):
        windows = self.windows
        taps = leading(unwrap(x), unwrap(out), windows=windows)
        shape = self.shapes[0][-len(windows.size) :]
        return Returned.apply(g, taps, shape=shape, windows=windows)


class Returned(Function):
    """Zeros with g added at one tap of each window."""

    def forward(self, g, taps, *, shape, windows):
        self.windows = windows
        return returned(g, taps, shape=shape, windows=windows)

    def grad_g(self, h, taps):
        return Chosen.apply(h, taps, windows=self.windows)


class Chosen(Function):
    """One tap of each window: the adjoint of :class:`Returned`."""

    def forward(self, x, taps, *, windows):
        self.windows = windows
        return chosen(x, taps, windows=windows)

    def grad_x(self, g, taps):
        shape = self.shapes[0][-len(self.windows.size) :]
        return Returned.apply(g, taps, shape=shape, windows=self.windows)


def _places(x: Any, best: Any, windows: Any) -> Any:
    """Where in its plane, counted row by row, the greatest element of each window stands."""
    rank = len(windows.size)
    taps = leading(x, best, windows=windows).astype(np.int64)
    found: Any = 0
    for i, n in enumerate(x.shape[-rank:]):
        tap = taps // math.prod(windows.kernel[i + 1 :]) % windows.kernel[i]
        first = np.arange(windows.size[i], like=taps) * windows.stride[i] - windows.before[i]
        first = np.reshape(first, (-1, *[1] * (rank - i - 1)))
        found = found * n + first + tap * windows.dilation[i]
    return found


def _max(
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: Any,
    return_indices: Any,
) -> Any:
    call = f"max_pool{rank}d"
    windows = windows_of(call, input, rank, kernel_size, stride, padding, dilation, ceil_mode)
    check_flags(call, return_indices=return_indices)
    return pooled(input, windows, bool(return_indices))


def pooled(input: Any, windows: Any, return_indices: bool) -> Any:
    """The greatest element of each window; with ``return_indices`` also where it stood."""
    check_ordered("max_pool", input)
    out = MaxPool.apply(input, windows=windows)
    if not return_indices:
        return out
    places = _places(unwrap(input), unwrap(out), windows)
    return out, wrap(places, None) if isinstance(input, TensorBase) else places


@overload
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...


@overload
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The greatest element of each window along the last axis; see :func:`max_pool2d`.

    >>> import autograd
    >>> max_pool1d(autograd.tensor([[1.0, 3.0, 2.0, 0.0]]), 2, return_indices=True)
    (tensor([[3., 2.]]), tensor([[1, 2]]))
    """
    return _max(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@overload
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...


@overload
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The greatest element of each window of images: (N, C, H, W) or (C, H, W) -> (..., H', W').

    H' = (H + 2 padding - dilation (kernel - 1) - 1) // stride + 1, rounded up with ``ceil_mode``;
    stride is the kernel unless given; the padding is less than any number. With ``return_indices``
    also where in its plane, counted row by row, each element was (int64). Of elements that tie, the
    first has the gradient.

    Raises ValueError where the kernel does not fit, or padding is more than half of it.

    >>> import autograd
    >>> max_pool2d(autograd.arange(16.0).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
    return _max(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@overload
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...


@overload
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor: ...


def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The greatest element of each window of volumes; see :func:`max_pool2d`.

    >>> import autograd
    >>> max_pool3d(autograd.arange(8.0).reshape(1, 2, 2, 2), 2)
    tensor([[[[7.]]]])
    """
    return _max(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """:func:`max_pool1d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> max_pool1d_with_indices(autograd.tensor([[1.0, 3.0]]), 2)
    (tensor([[3.]]), tensor([[1]]))
    """
    return _max(1, input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """:func:`max_pool2d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> max_pool2d_with_indices(autograd.arange(4.0).reshape(1, 2, 2), 2)
    (tensor([[[3.]]]), tensor([[[3]]]))
    """
    return _max(2, input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """:func:`max_pool3d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> max_pool3d_with_indices(autograd.arange(8.0).reshape(1, 2, 2, 2), 2)
    (tensor([[[[7.]]]]), tensor([[[[7]]]]))
    """
    return _max(3, input, kernel_size, stride, padding, dilation, ceil_mode, True)


# -- the way back ---------------------------------------------------------------------------------


class Unpool(Function):
    """Zeros of a shape with x at an index: where windows overlap, one place may come twice."""

    takes_complex = True

    def forward(self, x, index, *, shape):
        return scattered(x, index, shape=shape, distinct=True)

    def grad_x(self, g, index):
        return GetItem.apply(g, index)


def _unpooled(
    rank: int,
    input: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    output_size: Any,
) -> Any:
    call = f"max_unpool{rank}d"
    check_pooled(call, input, rank)
    index = index_array(call, indices)
    if tuple(index.shape) != tuple(input.shape):
        raise ShapeError(
            f"{call}: indices must have input's shape {tuple(input.shape)}; got "
            f"{tuple(index.shape)}."
        )
    kernel = per_axis(call, "kernel_size", kernel_size, rank, 1)
    steps = kernel if stride is None else per_axis(call, "stride", stride, rank, 1)
    before = per_axis(call, "padding", padding, rank)
    facts = zip(input.shape[-rank:], kernel, steps, before, strict=True)
    size = tuple([(n - 1) * s + k - 2 * p for n, k, s, p in facts])
    if output_size is not None:
        size = _given_size(call, output_size, size, steps)
    n = math.prod(size_of(call, [max(m, 0) for m in size]))
    low, high = ends(index)
    if min(size) < 1 or low < 0 or high >= n:
        raise ValueError(
            f"{call}: indices must lie in a plane of size {size}; got some from {low} to {high}. "
            "Pass output_size, the size that the pooled input had."
        )
    lead = tuple(input.shape[: input.ndim - rank])
    row = (*lead, math.prod(input.shape[-rank:]))
    flat, place = np.reshape(input, row), along(np.reshape(index, row), len(lead))
    out = Unpool.apply(flat, place, shape=(*lead, n))
    return np.reshape(out, (*lead, *size))


def _given_size(
    call: str, output_size: Any, usual: tuple[int, ...], steps: tuple[int, ...]
) -> tuple[int, ...]:
    """The last axes of ``output_size``, less than a stride from the usual ones."""
    given = output_size if isinstance(output_size, (tuple, list)) else (output_size,)
    size = tuple([integer_of(call, "output_size", n) for n in given])
    size = size[2:] if len(size) == len(usual) + 2 else size
    if len(size) != len(usual) or any(
        not n - s < m < n + s for m, n, s in zip(size, usual, steps, strict=True)
    ):
        raise ValueError(
            f"{call}: output_size must be less than a stride {steps} from {usual}; got {size}."
        )
    return size


def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements where :func:`max_pool1d` found them, zeros elsewhere; see :func:`max_unpool2d`.

    Shapes: (N, C, L) or (C, L), twice -> the same with the longer L.

    >>> import autograd
    >>> max_unpool1d(autograd.tensor([[3.0, 2.0]]), autograd.tensor([[1, 2]]), 2)
    tensor([[0., 3., 2., 0.]])
    """
    return _unpooled(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements where :func:`max_pool2d` found them, zeros elsewhere: (..., H, W) -> (..., H', W').

    H' = (H - 1) stride - 2 padding + kernel, or ``output_size`` where several sizes would be pooled
    to H. Raises ValueError for another one, and where indices leave the plane.

    >>> import autograd
    >>> max_unpool2d(autograd.tensor([[[5.0]]]), autograd.tensor([[[3]]]), 2)
    tensor([[[0., 0.],
             [0., 5.]]])
    """
    return _unpooled(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Elements where :func:`max_pool3d` found them, zeros elsewhere; see :func:`max_unpool2d`.

    Shapes: (N, C, D, H, W) or (C, D, H, W), twice -> the same with the larger planes.

    >>> import autograd
    >>> max_unpool3d(autograd.tensor([[[[5.0]]]]), autograd.tensor([[[[7]]]]), 2).sum()
    tensor(5.)
    """
    return _unpooled(3, input, indices, kernel_size, stride, padding, output_size)
