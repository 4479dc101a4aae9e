"""Places found: of values, of what is true, of what is distinct."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import (
    axis_of,
    check_numeric,
    check_ordered,
    check_tensors,
    integer_of,
    listed,
)
from autograd.arrays.dialect import ends
from autograd.engine.dispatch import implements
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.kernels.search import searchsorted_rows
from autograd.ops.indexing.gather import in_a_row
from autograd.ops.indexing.getitem import GetItem, getitem
from autograd.ops.indexing.index import index_array
from autograd.ops.indexing.sort import tensor_like
from autograd.ops.shape.expand import meshgrid
from autograd.ops.shape.join import stack
from autograd.ops.shape.reshape import Reshape

if TYPE_CHECKING:
    from autograd.tensors.annotations import TensorLike
    from autograd.tensors.tensor import Tensor

__all__ = [
    "argwhere", "bucketize", "cartesian_prod", "combinations", "isin", "nonzero", "nonzero_static",
    "searchsorted",
    "unique", "unique_consecutive", "unravel_index",
]  # fmt: skip


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of ``r`` elements of a vector, in order, one a row: itertools.combinations.

    Shapes: (n) -> (choices, r). Raises RuntimeError for other shapes and negative r.

    >>> import autograd
    >>> autograd.combinations(autograd.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 2.],
            [1., 3.],
            [2., 3.]])
    """
    check_tensors("combinations", input=input)
    if input.ndim != 1 or r < 0:
        raise ShapeError(
            f"combinations: expected a vector, and r of 0 or more; got shape {tuple(input.shape)} "
            f"and r {r}."
        )
    if not r:
        return getitem(input, slice(0))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array([*choose(range(input.shape[0]), r)], np.int64)
    return getitem(input, np.reshape(rows, (-1, r)))


def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Where the elements that are counted in row order stand in a tensor of ``shape``.

    One int64 tensor for each axis, of the shape of ``indices``. Raises TypeError unless they are
    integers.

    >>> import autograd
    >>> autograd.unravel_index(autograd.tensor([5, 1]), (2, 3))
    (tensor([1, 0]), tensor([2, 1]))
    """
    check_tensors("unravel_index", indices=indices)
    if not dtypes.integral(indices.dtype):
        raise TypeError(f"unravel_index: indices must be integers; got {indices.dtype}.")
    places, sizes, rest, found = index_array("unravel_index", indices), listed((shape,)), 1, []
    sizes = tuple([integer_of("unravel_index", "a size", n) for n in sizes])
    if min(sizes, default=1) < 1 or math.prod(sizes) >= 2**63:
        raise ValueError(
            f"unravel_index: sizes must be positive, their product below 2⁶³; got {sizes}."
        )
    for n in reversed(sizes):
        found.append(wrap(np.remainder(np.floor_divide(places, rest), n), None))
        rest *= n
    return tuple(reversed(found))


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of the elements of 1-d tensors, one a row; a single tensor as it is.

    Shapes: (a), (b), … -> (a · b · …, number of tensors).

    Raises ValueError for a tensor that is not 1-d.

    >>> import autograd
    >>> autograd.cartesian_prod(autograd.tensor([1, 2]), autograd.tensor([5, 6]))
    tensor([[1, 5],
            [1, 6],
            [2, 5],
            [2, 6]])
    """
    for one in tensors:
        check_tensors("cartesian_prod", tensor=one)
        if one.ndim != 1:
            raise ShapeError(
                f"cartesian_prod: expected 1-d tensors; got shape {tuple(one.shape)}. Flatten it."
            )
    if len(tensors) == 1:
        return tensors[0]
    return stack([Reshape.apply(one, (-1,)) for one in meshgrid(*tensors)], 1)


# -- search ---------------------------------------------------------------------------------------


def _within(places: Any, n: int) -> bool:
    least, most = ends(places)
    return 0 <= least <= most < n


def searchsorted(
    sorted_sequence: Tensor,
    input: TensorLike,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
) -> Tensor:
    """Where each value would be inserted to keep the last axis of ``sorted_sequence`` in order.

    A 1-d sequence serves values of any shape; otherwise each row serves its own row of values.

    Raises ValueError where the leading shapes differ, or ``side`` is neither left nor right.

    >>> import autograd
    >>> edges = autograd.tensor([1.0, 3.0, 5.0])
    >>> autograd.searchsorted(edges, autograd.tensor([3.0, 6.0]))
    tensor([1, 3])
    """
    check_tensors("searchsorted", sorted_sequence=sorted_sequence)
    if side not in (None, "left", "right") or (side == "left" and right):
        raise ValueError(
            f"searchsorted: side must be 'left' or 'right', and agree with right={right}; "
            f"got {side!r}."
        )
    where: Any = side or ("right" if right else "left")
    edges, values = unwrap(sorted_sequence), unwrap(input)
    values = values if hasattr(values, "dtype") else np.asarray(values)
    if not dtypes.real_valued(values.dtype):
        raise TypeError(f"searchsorted: input must hold real numbers; got {input!r:.60}.")
    if sorter is not None:
        check_tensors("searchsorted", sorter=sorter)
        order, n = unwrap(sorter), edges.shape[-1] if edges.ndim else 0
        if (
            not dtypes.integral(order.dtype)
            or order.shape != edges.shape
            or (order.size and not _within(order, n))
        ):
            raise ShapeError(
                f"searchsorted: sorter must hold integers from 0 to {n - 1}, in the shape of "
                f"sorted_sequence {edges.shape}; got {order.dtype} of shape {order.shape}."
            )
        edges = np.take_along_axis(edges, unwrap(sorter), -1)
    if edges.ndim == 1:
        found = np.searchsorted(edges, values, where)
    elif not edges.ndim or edges.shape[:-1] != values.shape[:-1]:
        raise ShapeError(
            "searchsorted: sorted_sequence must be 1-d, or have input's shape except along the "
            f"last axis; got {edges.shape} for {values.shape}."
        )
    else:
        found = searchsorted_rows(edges, values, side=where)
    found = found.astype(np.int32 if out_int32 else np.int64, copy=False)
    return tensor_like(found, sorted_sequence, input)


def bucketize(
    input: TensorLike, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """The number of the bucket, between sorted ``boundaries``, into which each value falls.

    Raises ValueError where boundaries is not 1-d.

    >>> import autograd
    >>> autograd.bucketize(autograd.tensor([0.5, 2.0, 9.0]), autograd.tensor([1.0, 2.0, 3.0]))
    tensor([0, 1, 3])
    """
    check_tensors("bucketize", boundaries=boundaries)
    if boundaries.ndim != 1:
        raise ShapeError(f"bucketize: boundaries must be 1-d; got shape {tuple(boundaries.shape)}.")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(
    elements: TensorLike,
    test_elements: TensorLike,
    *,
    assume_unique: bool = False,
    invert: bool = False,
) -> Tensor:
    """Whether each of ``elements`` is among ``test_elements``.

    >>> import autograd
    >>> autograd.isin(autograd.tensor([1, 2, 3]), autograd.tensor([3, 1]))
    tensor([ True, False,  True])
    """
    check_numeric("isin", elements=elements, test_elements=test_elements)
    found = np.isin(unwrap(elements), unwrap(test_elements), assume_unique, invert)
    return tensor_like(found, elements, test_elements)


@implements(np.argwhere)
def argwhere(input: Tensor) -> Tensor:
    """The positions of the elements that are not zero: one row each, shape (n, input.ndim).

    >>> import autograd
    >>> autograd.argwhere(autograd.tensor([[0.0, 1.0], [2.0, 0.0]]))
    tensor([[0, 1],
            [1, 0]])
    """
    check_numeric("argwhere", input=input)
    return tensor_like(np.argwhere(unwrap(input)), input)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Tensor | Any:
    """As :func:`argwhere`; with ``as_tuple``, one tensor of positions per axis, an index of input.

    >>> import autograd
    >>> autograd.nonzero(autograd.tensor([0.0, 1.0, 2.0]))
    tensor([[1],
            [2]])
    """
    if not as_tuple:
        return argwhere(input)
    return tuple(tensor_like(one, input) for one in np.nonzero(np.atleast_1d(unwrap(input))))


def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1) -> Tensor:
    """The first ``size`` rows of :func:`argwhere`; where there are fewer, rows of ``fill_value``.

    Shapes: (*) -> (size, input.ndim). Raises RuntimeError for a negative size.

    >>> import autograd
    >>> autograd.nonzero_static(autograd.tensor([0.0, 1.0]), size=2)
    tensor([[ 1],
            [-1]])
    """
    count = integer_of("nonzero_static", "size", size)
    if not 0 <= count < 2**59:
        raise ShapeError(f"nonzero_static: size must be 0 or more, and fit; got {count}.")
    found = unwrap(argwhere(input))[:count]
    fill = integer_of("nonzero_static", "fill_value", fill_value)
    if not -(2**63) <= fill < 2**63:
        raise ValueError(f"nonzero_static: fill_value must be an int64; got {fill}.")
    rest = np.full((count - found.shape[0], found.shape[1]), fill, like=found)
    return tensor_like(np.concatenate([found, rest]), input)


def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Tensor | Any:
    """The distinct elements (or slices along ``dim``) in order; NaN differs from NaN.

    The gradient of each goes to where it occurs first.

    Returns them alone, or a tuple with, as asked for, where in them each element of input is
    (``inverse``, of input's shape, or of its length along ``dim``) and how often each occurs.

    >>> import autograd
    >>> autograd.unique(autograd.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    check_tensors("unique", input=input)
    check_ordered("unique", input)
    x = unwrap(input)
    axis = None if dim is None else axis_of("unique", input, dim)
    _, first, inverse, counts = np.unique(
        x, True, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    inverse = np.reshape(inverse, x.shape if axis is None else -1)
    return _distinct(input, first, axis, *_asked(inverse, counts, return_inverse, return_counts))


def _asked(inverse: Any, counts: Any, *wanted: Any) -> list[Any]:
    return [(one,) if asked else () for one, asked in zip((inverse, counts), wanted)]


def _distinct(input: Any, places: Any, axis: int | None, inverse: Any, counts: Any) -> Any:
    """The values at ``places``, with a gradient there, and what else was asked for."""
    flat = in_a_row(input) if axis is None else input
    values = GetItem.apply(flat, (*[slice(None)] * (axis or 0), places), distinct=True)
    others = [tensor_like(one, input) for one in (*inverse, *counts)]
    return (values, *others) if others else values


def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Tensor | Any:
    """The elements, read as one row (or slices along ``dim``), that differ from the one before.

    Returns what :func:`unique` returns.

    >>> import autograd
    >>> autograd.unique_consecutive(autograd.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    check_tensors("unique_consecutive", input=input)
    x = unwrap(input)
    axis = None if dim is None or not x.ndim else axis_of("unique_consecutive", input, dim)
    rows = in_a_row(x) if axis is None else np.moveaxis(x, axis, 0)
    others = tuple(range(1, rows.ndim))
    new = np.logical_or.reduce(rows[1:] != rows[:-1], axis=others)
    new = np.concatenate([np.ones(rows[:1].shape[:1], bool, like=rows), new])
    (starts,) = np.nonzero(new)
    inverse = np.reshape(np.cumsum(new) - 1, x.shape if axis is None else -1)
    counts = np.diff(starts, append=rows.shape[0])
    return _distinct(input, starts, axis, *_asked(inverse, counts, return_inverse, return_counts))


@implements(np.nonzero)
def _np_nonzero(a):
    return nonzero(a, as_tuple=True)


@implements(np.searchsorted)
def _np_searchsorted(a, v, side="left", sorter=None):
    return searchsorted(a, v, side=side, sorter=sorter)


@implements(np.unique)
def _np_unique(
    ar,
    return_index=False,
    return_inverse=False,
    return_counts=False,
    axis=None,
    *,
    equal_nan=True,
    sorted=True,
):
    found = np.unique(unwrap(ar), True, return_inverse, return_counts, axis, equal_nan=equal_nan)
    values = _distinct(ar, found[1], axis, (), ())
    others = tuple(tensor_like(one, ar) for one in found[1 if return_index else 2 :])
    return (values, *others) if others else values
