"""What ``torch`` has under the names of its kernels: ``torch.native_layer_norm``, ...

Functions of ``nn.functional`` with all arguments by position, and with what PyTorch keeps for the
backward pass among the results.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_tensors
from autograd.ops.pointwise.powers import rsqrt
from autograd.ops.reductions.variance import var_mean
from autograd.ops.shape.reshape import reshape
from autograd.tensors.creation import empty, ones_like
from autograd.tensors.sampling import bernoulli

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.tensors.tensor import Tensor


def _functional() -> Any:
    return importlib.import_module("autograd.nn.functional")


def _mean_and_scale(input: Any, axes: Any, eps: float, keepdim: bool) -> tuple[Any, Any]:
    """The mean over some axes, and 1 over the root of variance + eps."""
    variance: Any
    variance, mean = var_mean(input, axes, correction=0, keepdim=keepdim)
    return mean, rsqrt(variance + eps)


def native_layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """``layer_norm``, the means, and 1 over the roots of variance + eps.

    Shapes: (*, normalized) -> the same, and twice (*, 1, …).

    >>> import autograd
    >>> autograd.native_layer_norm(autograd.tensor([1.0, 3.0]), (2,), None, None, 0.0)
    (tensor([-1.,  1.]), tensor([2.]), tensor([1.]))
    """
    out = _functional().layer_norm(input, normalized_shape, weight, bias, eps)
    axes = tuple(range(input.ndim - len(normalized_shape), input.ndim))
    return (out, *_mean_and_scale(input, axes, eps, True))


def native_group_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    N: int,
    C: int,
    HxW: int,
    group: int,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """``group_norm`` of N · C · HxW elements, the means, and 1 over the roots of variance + eps.

    Shapes: (N, C, *) -> the same, and twice (N, group).

    >>> import autograd
    >>> x = autograd.tensor([[1.0, 3.0]])
    >>> autograd.native_group_norm(x, None, None, 1, 2, 1, 1, 0.0)
    (tensor([[-1.,  1.]]), tensor([[2.]]), tensor([[1.]]))
    """
    out = _functional().group_norm(input, group, weight, bias, eps)
    rows = reshape(input, N, group, C // group * HxW)
    return (out, *_mean_and_scale(rows, -1, eps, False))


def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """``batch_norm``, the batch's means, and 1 over the roots of variance + eps.

    Shapes: (N, C, *) -> the same, and twice (C), or (0) unless ``training``.

    >>> import autograd
    >>> x = autograd.tensor([[1.0], [3.0]])
    >>> autograd.native_batch_norm(x, None, None, None, None, True, 0.1, 1e-12)[1:]
    (tensor([2.]), tensor([1.]))
    """
    out = _functional().batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )
    if not training:
        return out, empty(0, dtype=input.dtype), empty(0, dtype=input.dtype)
    axes = (0, *range(2, input.ndim))
    return (out, *_mean_and_scale(input, axes, eps, False))


def native_dropout(input: Tensor, p: float, train: bool | None) -> tuple[Tensor, Tensor]:
    """``dropout``, and the mask of what was kept.

    Raises ValueError for ``p`` outside [0, 1].

    >>> import autograd
    >>> autograd.native_dropout(autograd.ones(2), 0.5, False)
    (tensor([1., 1.]), tensor([True, True]))
    """
    check_tensors("native_dropout", input=input)
    if not 0 <= p <= 1:
        raise ValueError(f"native_dropout: p must be between 0 and 1; got {p}.")
    kept: Any = ones_like(input)
    if train is False or p == 0:
        return input * kept, kept.bool()
    kept = bernoulli(kept * (1 - p))
    return input * kept * (1 / (1 - p) if p < 1 else 0.0), kept.bool()


def constant_pad_nd(input: Tensor, pad: Sequence[int], value: float = 0) -> Tensor:
    """``nn.functional.pad`` with one number.

    >>> import autograd
    >>> autograd.constant_pad_nd(autograd.tensor([1, 2]), (1, 0), 7)
    tensor([7, 1, 2])
    """
    return _functional().pad(input, pad, value=value)


def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """``nn.functional.grid_sample``: 0, 1, 2 stand for bilinear, nearest, bicubic and for zeros,
    border, reflection.

    Raises ValueError for another number.

    >>> import autograd
    >>> picture, middle = autograd.tensor([[[[1.0, 3.0]]]]), autograd.zeros(1, 1, 1, 2)
    >>> autograd.grid_sampler(picture, middle, 0, 0, False)
    tensor([[[[2.]]]])
    """
    words = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
    for number, name in (
        (interpolation_mode, "interpolation_mode"),
        (padding_mode, "padding_mode"),
    ):
        if number not in (0, 1, 2):
            raise ValueError(f"grid_sampler: {name} must be 0, 1 or 2; got {number!r:.60}.")
    return _functional().grid_sample(
        input, grid, words[0][interpolation_mode], words[1][padding_mode], align_corners
    )


grid_sampler_2d = grid_sampler_3d = grid_sampler
