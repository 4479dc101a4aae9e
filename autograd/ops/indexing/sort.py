"""Order: sort and its kin, the largest and the k-th.

What has a gradient here finds its positions first, unrecorded, and then gathers the values there.
NaN counts as the greatest value; sorts are stable, so that positions do not depend on the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import axis_of, check_ordered
from autograd.arrays.errors import OptionError
from autograd.engine.dispatch import implements
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.kernels.layout import in_order, in_rows, slowest_first
from autograd.ops.indexing.gather import along, in_a_row
from autograd.ops.indexing.getitem import GetItem, GetSlice
from autograd.ops.return_types import KthvalueResult, SortResult, TopkResult

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["argsort", "kthvalue", "msort", "sort", "topk"]


def tensor_like(result: Any, *given: Any) -> Any:
    """``result``, as a tensor where one of ``given`` is one."""
    return wrap(result, None) if any(isinstance(one, TensorBase) for one in given) else result


def sortable(x: Any) -> Any:
    """``x``, but bfloat16 as float32: NumPy's sorts leave its NaNs where they are."""
    return x.astype(dtypes.float32) if dtypes.brain(x.dtype) else x


def _axis_and_array(call: str, input: Any, dim: int) -> tuple[int, Any]:
    """``dim`` counted from the front, and the array of ``input``, whose elements have an order."""
    axis, x = axis_of(call, input, dim), unwrap(input)
    check_ordered(call, x)
    return axis, x


def _order(x: Any, axis: int, descending: bool = False) -> Any:
    """The positions that sort ``x`` along ``axis``; equal elements stay in their order."""
    x = sortable(x)
    if not descending:
        return _laid_out(np.argsort(x, axis=axis, kind="stable"), x)
    backwards = np.argsort(np.flip(x, axis), axis=axis, kind="stable")
    return _laid_out(np.flip(x.shape[axis] - 1 - backwards, axis), x)


def _laid_out(indices: Any, x: Any) -> Any:
    """``indices`` with their axes in memory in the order of x's."""
    return in_rows(indices) if x.flags.c_contiguous else in_order(indices, slowest_first(x))


def _at(input: Any, indices: Any, axis: int) -> Any:
    """The values of ``input`` at ``indices`` along ``axis``, none of them twice."""
    return GetItem.apply(input, along(indices, axis), distinct=True)


def sort(
    input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False
) -> SortResult:
    """The values in order along ``dim``, and their positions: ``(values, indices)``.

    Raises IndexError where there is no axis ``dim``, TypeError for complex numbers.

    >>> import autograd
    >>> values, indices = autograd.sort(autograd.tensor([3.0, 1.0, 2.0]), descending=True)
    >>> values, indices
    (tensor([3., 2., 1.]), tensor([0, 2, 1]))
    """
    axis, x = _axis_and_array("sort", input, dim)
    if not x.ndim:
        return SortResult(_copy(input), tensor_like(np.zeros_like(x, dtype=np.int64), input))
    indices = _order(x, axis, descending)
    return SortResult(_at(input, indices, axis), tensor_like(indices, input))


def _copy(input: Any) -> Any:
    """A 0-d tensor, taken whole."""
    return GetSlice.apply(GetItem.apply(input, True), index=(0, Ellipsis))


def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The positions that put the values in order along ``dim``.

    >>> import autograd
    >>> autograd.argsort(autograd.tensor([3.0, 1.0, 2.0]))
    tensor([1, 2, 0])
    """
    axis, x = _axis_and_array("argsort", input, dim)
    return tensor_like(
        _order(x, axis, descending) if x.ndim else np.zeros_like(x, dtype=np.int64), input
    )


def msort(input: Tensor) -> Tensor:
    """The values in order along the first axis.

    >>> import autograd
    >>> autograd.msort(autograd.tensor([3.0, 1.0, 2.0]))
    tensor([1., 2., 3.])
    """
    return sort(input, 0).values


def topk(
    input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> TopkResult:
    """The k largest (or smallest) values along ``dim``, best first: ``(values, indices)``.

    Raises IndexError where there is no axis ``dim``, ValueError where it is shorter than k.

    >>> import autograd
    >>> autograd.topk(autograd.tensor([3.0, 1.0, 2.0]), 2).indices
    tensor([0, 2])
    """
    axis, x = _axis_and_array("topk", input, dim)
    if not hasattr(k, "__index__"):
        raise TypeError(f"topk: k must be an integer; got {k!r}.")
    n = x.shape[axis] if x.ndim else 1
    if not 0 <= k <= n:
        raise ValueError(f"topk: k must lie between 0 and {n}, the size of dim {dim}; got {k}.")
    if not x.ndim:  # whatever k: the number itself
        return TopkResult(*sort(input))
    whole = [slice(None)] * x.ndim
    if 0 < k < n // 4:
        # only what np.partition brings to one end has to be sorted
        middle = n - k if largest else k - 1
        whole[axis] = slice(n - k, None) if largest else slice(k)
        some = np.sort(np.argpartition(sortable(x), middle, axis=axis)[tuple(whole)], axis=axis)
        best = _order(np.take_along_axis(x, some, axis), axis, largest)
        indices = np.take_along_axis(some, best, axis)
    else:
        whole[axis] = slice(k)
        indices = _order(x, axis, largest)[tuple(whole)]
    indices = in_rows(indices)
    return TopkResult(_at(input, indices, axis), tensor_like(indices, input))


def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> KthvalueResult:
    """The k-th smallest value along ``dim``, counted from 1: ``(values, indices)``.

    Raises IndexError where there is no axis ``dim``, ValueError where it is shorter than k.

    >>> import autograd
    >>> autograd.kthvalue(autograd.tensor([3.0, 1.0, 2.0]), 2)
    torch.return_types.kthvalue(
    values=tensor(2.),
    indices=tensor(2))
    """
    axis, x = _axis_and_array("kthvalue", input, dim)
    if not hasattr(k, "__index__"):
        raise TypeError(f"kthvalue: k must be an integer; got {k!r}.")
    n = x.shape[axis] if x.ndim else 1
    if not 1 <= k <= n:
        raise OptionError(
            f"kthvalue: k must lie between 1 and {n}, the size of dim {dim}; got {k}."
        )
    if not x.ndim:
        return KthvalueResult(*sort(input))
    place = (*[slice(None)] * axis, slice(k - 1, k))
    indices = in_rows(_order(x, axis)[place])
    values = _at(input, indices, axis)
    if not keepdim:
        first = (*[slice(None)] * axis, 0, Ellipsis)
        values, indices = GetSlice.apply(values, index=first), indices[first]
    return KthvalueResult(values, tensor_like(indices, input))


# -- NumPy's spellings ----------------------------------------------------------------------------


@implements(np.sort)
def _np_sort(a, axis=-1, kind=None, order=None, *, stable=None):
    return sort(in_a_row(a), 0)[0] if axis is None else sort(a, axis)[0]


@implements(np.argsort)
def _np_argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    return argsort(in_a_row(a), 0) if axis is None else argsort(a, axis)
