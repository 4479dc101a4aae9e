"""Max pooling over windows whose distances are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from autograd.arrays.arguments import check_flags, check_tensors, number_of
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.ops.indexing.gather import gather
from autograd.ops.reductions.extrema import Max, at_index
from autograd.random import continuous
from autograd.random.generator import drawn_in
from nn.functional.conv import per_axis
from nn.functional.pooling.windows import check_pooled

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.functional.conv import Sizes

    Ratios = float | Sequence[float]

__all__ = [
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
]


def ratios_of(call: str, output_ratio: Any, rank: int) -> tuple[float, ...]:
    """What share of each axis is left, one in (0, 1) for each."""
    given = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * rank
    ratios = tuple([number_of(call, "output_ratio", one) for one in given])
    if len(ratios) != rank or not all(0 < one < 1 for one in ratios):
        raise ValueError(
            f"{call}: output_ratio must be in (0, 1), one number or {rank}; got "
            f"{output_ratio!r:.60}."
        )
    return ratios


def _firsts(samples: Any, n: int, size: int, kernel: int) -> Any:
    """Where windows along an axis begin: (...) -> (..., size), by a sample in [0, 1) for each."""
    last = np.full((*samples.shape, 1), n - kernel, np.dtype(np.int64), like=samples)
    if size == 1:
        return last
    step = samples.dtype.type(n - kernel) / samples.dtype.type(size - 1)
    i = np.arange(size - 1, like=samples).astype(samples.dtype)
    u = samples[..., None]
    firsts = ((i + u) * step).astype(np.int64) - (u * step).astype(np.int64)
    return np.concatenate([firsts, last], -1)


def _fractional(
    rank: int,
    input: Any,
    kernel_size: Any,
    output_size: Any,
    output_ratio: Any,
    return_indices: Any,
    samples: Any,
) -> Any:
    call = f"fractional_max_pool{rank}d"
    check_pooled(call, input, rank)
    check_flags(call, return_indices=return_indices)
    kernel = per_axis(call, "kernel_size", kernel_size, rank, 1)
    shape, lead = tuple(input.shape[-rank:]), tuple(input.shape[:-rank])
    if (output_size is None) == (output_ratio is None):
        raise ValueError(
            f"{call}: either output_size or output_ratio must be given; got {output_size!r:.40} "
            f"and {output_ratio!r:.40}."
        )
    if output_size is None:
        ratios = ratios_of(call, output_ratio, rank)
        size = tuple([int(n * ratio) for n, ratio in zip(shape, ratios, strict=True)])
    else:
        size = per_axis(call, "output_size", output_size, rank, 1)
    if any(not 1 <= m <= n - k + 1 for n, m, k in zip(shape, size, kernel, strict=True)):
        raise ShapeError(
            f"{call}: output_size + kernel_size - 1 must be at most the input's size; got {size}, "
            f"{kernel} and {shape}."
        )
    batch = (1, lead[0]) if len(lead) == 1 else lead
    if samples is None:
        samples = continuous.uniform((*batch, rank), drawn_in(input.dtype))
        samples = samples.astype(input.dtype, copy=False)
    else:
        check_tensors(call, _random_samples=samples)
        samples = unwrap(samples)
        if tuple(samples.shape) != (*batch, rank) or samples.dtype != input.dtype:
            raise ShapeError(
                f"{call}: _random_samples must be numbers of input's dtype and of shape "
                f"{(*batch, rank)}; got {samples.dtype} and {tuple(samples.shape)}."
            )
    places: Any = 0
    for axis in range(rank):
        # two samples of a plane go to W and H, three to D, H and W: PyTorch's order
        u = samples[..., rank - 1 - axis if rank == 2 else axis]
        firsts = _firsts(np.reshape(u, lead), shape[axis], size[axis], kernel[axis])
        taps = firsts[..., None] + np.arange(kernel[axis], like=firsts)
        spread = [1] * (2 * rank)
        spread[axis], spread[rank + axis] = size[axis], kernel[axis]
        places = places * shape[axis] + np.reshape(taps, (*lead, *spread))
    rows = np.reshape(places, (*lead, *size, math.prod(kernel)))
    flat: Any = np.reshape(input, (*lead, math.prod(shape)))
    taken: Any = np.reshape(rows, (*lead, math.prod(rows.shape[len(lead) :])))
    apart = gather(flat, len(lead), taken)
    out, taps = at_index(call, np.reshape(apart, rows.shape), -1, False, Max, np.argmax)
    if not return_indices:
        return out
    found = np.take_along_axis(rows, unwrap(taps)[..., None], -1)[..., 0]
    return out, wrap(found, None) if isinstance(input, TensorBase) else found


@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...


@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor: ...


def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The greatest of windows whose distances are drawn: (N, C, H, W), (C, H, W) -> (..., H', W').

    Distances are whole numbers around (H - kernel) / (H' - 1), drawn for each plane; the numbers
    are PyTorch's, or ``_random_samples`` (N, C, 2). H' is given, or a share of H. With
    ``return_indices`` also where in its plane, counted row by row, each element stood (int64).

    Raises ValueError where that does not fit. Graham 2014, arXiv:1412.6071.

    >>> import autograd
    >>> fractional_max_pool2d(autograd.arange(16.0).reshape(1, 4, 4), 2, output_size=1)
    tensor([[[15.]]])
    """
    return _fractional(
        2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...


@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor: ...


def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """As :func:`fractional_max_pool2d`, of volumes; ``_random_samples`` is (N, C, 3).

    >>> import autograd
    >>> fractional_max_pool3d(autograd.arange(8.0).reshape(1, 2, 2, 2), 1, output_size=2).shape
    autograd.Size([1, 2, 2, 2])
    """
    return _fractional(
        3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """:func:`fractional_max_pool2d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> fractional_max_pool2d_with_indices(autograd.arange(4.0).reshape(1, 2, 2), 2, 1)
    (tensor([[[3.]]]), tensor([[[3]]]))
    """
    return _fractional(2, input, kernel_size, output_size, output_ratio, True, _random_samples)


def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: Ratios | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """:func:`fractional_max_pool3d` with ``return_indices=True``, whatever is passed.

    >>> import autograd
    >>> fractional_max_pool3d_with_indices(autograd.arange(8.0).reshape(1, 2, 2, 2), 2, 1)
    (tensor([[[[7.]]]]), tensor([[[[7]]]]))
    """
    return _fractional(3, input, kernel_size, output_size, output_ratio, True, _random_samples)
