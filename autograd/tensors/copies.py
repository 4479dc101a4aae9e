"""Views as copies: ``torch.transpose_copy`` is ``transpose``, in memory of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.arrays.arguments import ALL, axis_of, check_tensors, integer_of
from autograd.arrays.devices import contiguous_format
from autograd.ops.indexing.getitem import GetSlice
from autograd.ops.indexing.slicing import select
from autograd.ops.shape.diagonal import diagonal
from autograd.ops.shape.expand import expand
from autograd.ops.shape.join import split, split_with_sizes, unbind
from autograd.ops.shape.permute import permute, t, transpose
from autograd.ops.shape.reshape import clone, reshape, squeeze, unsqueeze, view
from autograd.ops.shape.unfold import as_strided, unfold

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = [
    "alias_copy", "as_strided_copy", "detach_copy", "diagonal_copy", "expand_copy", "permute_copy",
    "select_copy", "slice_copy", "split_copy", "split_with_sizes_copy", "squeeze_copy", "t_copy",
    "transpose_copy", "unbind_copy", "unfold_copy", "unsqueeze_copy", "view_copy",
]  # fmt: skip


def _copy(shown: Any) -> Any:
    """A copy of a view, of each where there are several; rows lie one after another in it."""
    if isinstance(shown, tuple):
        return tuple([_copy(one) for one in shown])
    return clone(shown, memory_format=contiguous_format)


def alias_copy(input: Tensor) -> Tensor:
    """``input`` in memory of its own, as :func:`clone`.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.alias_copy(x)
    tensor([1., 2.])
    """
    check_tensors("alias_copy", input=input)
    return _copy(input)


def as_strided_copy(
    input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Tensor:
    """What :func:`as_strided` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.as_strided_copy(x, (2, 2), (0, 1))
    tensor([[1., 2.],
            [1., 2.]])
    """
    return _copy(as_strided(input, size, stride, storage_offset))


def detach_copy(input: Tensor) -> Tensor:
    """``input`` in memory of its own, without its history.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.detach_copy(x)
    tensor([1., 2.])
    """
    check_tensors("detach_copy", input=input)
    return _copy(input.detach())


def diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """What :func:`diagonal` shows, in memory of its own.

    >>> import autograd
    >>> autograd.diagonal_copy(autograd.eye(2))
    tensor([1., 1.])
    """
    return _copy(diagonal(input, offset, dim1, dim2))


def expand_copy(input: Tensor, size: Sequence[int], *, implicit: bool = False) -> Tensor:
    """What :func:`expand` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.expand_copy(x, (2, 2))
    tensor([[1., 2.],
            [1., 2.]])
    """
    return _copy(expand(input, size))


def permute_copy(input: Tensor, dims: Sequence[int]) -> Tensor:
    """What :func:`permute` shows, in memory of its own.

    >>> import autograd
    >>> autograd.permute_copy(autograd.zeros(2, 3), (1, 0)).shape
    autograd.Size([3, 2])
    """
    return _copy(permute(input, dims=dims))


def select_copy(input: Tensor, dim: int, index: int) -> Tensor:
    """What :func:`select` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.select_copy(x, 0, 1)
    tensor(2.)
    """
    return _copy(select(input, dim, index))


def slice_copy(
    input: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """x[start:end:step] along ``dim``, in memory of its own.

    Raises IndexError for a 0-d tensor, ValueError for a step below 1.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.slice_copy(x, 0, 1)
    tensor([2.])
    """
    axis = axis_of("slice_copy", input, dim)
    if not input.ndim:
        raise IndexError("slice_copy: expected at least 1 axis; got a 0-d tensor.")
    if integer_of("slice_copy", "step", step) < 1:
        raise ValueError(f"slice_copy: step must be at least 1; got {step}.")
    return _copy(GetSlice.apply(input, index=(*[ALL] * axis, slice(start, end, step), Ellipsis)))


def split_copy(tensor: Tensor, split_size: int, dim: int = 0) -> tuple[Tensor, ...]:
    """What :func:`split` shows, in memory of their own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.split_copy(x, 1)
    (tensor([1.]), tensor([2.]))
    """
    return _copy(split(tensor, split_size, dim))


def split_with_sizes_copy(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """What :func:`split_with_sizes` shows, in memory of their own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.split_with_sizes_copy(x, (1, 1))
    (tensor([1.]), tensor([2.]))
    """
    return _copy(split_with_sizes(input, split_sizes, dim))


def squeeze_copy(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """What :func:`squeeze` shows, in memory of its own.

    >>> import autograd
    >>> autograd.squeeze_copy(autograd.ones(1, 2))
    tensor([1., 1.])
    """
    return _copy(squeeze(input, dim))


def t_copy(input: Tensor) -> Tensor:
    """What :func:`t` shows, in memory of its own.

    >>> import autograd
    >>> autograd.t_copy(autograd.zeros(2, 3)).shape
    autograd.Size([3, 2])
    """
    return _copy(t(input))


def transpose_copy(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """What :func:`transpose` shows, in memory of its own.

    >>> import autograd
    >>> autograd.transpose_copy(autograd.zeros(2, 3), 0, 1).shape
    autograd.Size([3, 2])
    """
    return _copy(transpose(input, dim0, dim1))


def unbind_copy(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """What :func:`unbind` shows, in memory of their own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.unbind_copy(x)
    (tensor(1.), tensor(2.))
    """
    return _copy(unbind(input, dim))


def unfold_copy(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """What :func:`unfold` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.unfold_copy(x, 0, 1, 1)
    tensor([[1.],
            [2.]])
    """
    return _copy(unfold(input, dimension, size, step))


def unsqueeze_copy(input: Tensor, dim: int) -> Tensor:
    """What :func:`unsqueeze` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.unsqueeze_copy(x, 0)
    tensor([[1., 2.]])
    """
    return _copy(unsqueeze(input, dim))


def view_copy(input: Tensor, size: Sequence[int] | None = None, *, dtype: DType = None) -> Tensor:
    """What :func:`view` shows, in memory of its own.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0])
    >>> autograd.view_copy(x, (2, 1))
    tensor([[1.],
            [2.]])
    """
    return _copy(view(input, dtype=dtype) if size is None else reshape(input, *size))
