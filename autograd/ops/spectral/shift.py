"""Spectra with frequency zero in the middle, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import check_tensors, distinct_axes, listed
from autograd.ops.shape.flip import roll

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor


def fftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Frequency zero, the first element, moved to the middle along ``dim``, by default all axes.

    >>> import autograd
    >>> fftshift(autograd.tensor([0, 1, 2, -2, -1]))
    tensor([-2, -1,  0,  1,  2])
    """
    return _moved("fftshift", input, dim, 0)


def ifftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of :func:`fftshift`: the middle moved to the first element.

    >>> import autograd
    >>> ifftshift(autograd.tensor([-2, -1, 0, 1, 2]))
    tensor([ 0,  1,  2, -2, -1])
    """
    return _moved("ifftshift", input, dim, 1)


def _moved(call: str, input: Any, dim: Any, more: int) -> Any:
    check_tensors(call, input=input)
    dims = range(input.ndim) if dim is None else listed((), dim)
    axes = distinct_axes(call, input, tuple(dims))
    return roll(input, [(input.shape[axis] + more) // 2 for axis in axes], axes)
