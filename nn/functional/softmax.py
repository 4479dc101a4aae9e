"""Softmax and its logarithm along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arrays.arguments import check_tensors, integer_of
from autograd.ops.reductions.softmax import log_softmax as _log_softmax, softmax as _softmax

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["log_softmax", "softmax", "softmin"]


def softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``; without it, along axis 0 for 0-d, 1-d and 3-d, else 1.

    >>> import autograd
    >>> softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _softmax(input, _axis("softmax", input, dim), dtype)


def log_softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """x - log Σ exp(x) along ``dim``, chosen as :func:`softmax` does.

    >>> import autograd
    >>> log_softmax(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return _log_softmax(input, _axis("log_softmax", input, dim), dtype)


def softmin(input: Tensor, dim: int | None = None, dtype: DType | None = None) -> Tensor:
    """exp(-x) / Σ exp(-x) along ``dim``: :func:`softmax` of -x.

    >>> import autograd
    >>> softmin(autograd.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    check_tensors("softmin", input=input)
    return softmax(-input, dim, dtype)


def _axis(call: str, input: Tensor, dim: int | None) -> int:
    if dim is None:
        check_tensors(call, input=input)
        return 0 if input.ndim in (0, 1, 3) else 1
    return integer_of(call, "dim", dim)
