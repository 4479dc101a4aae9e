"""How sparse tensors are made: of places and values, or of the elements that are not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_flags, integer_of, size_of
from autograd.arrays.devices import check_device, sparse_coo, sparse_csr
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.ops.linalg.sparse import Stored
from autograd.tensors.from_data import finished, tensor
from autograd.tensors.sparse import arithmetic as _functions  # noqa: F401 - which enters itself
from autograd.tensors.sparse.compressed import CompressedTensor, compressed
from autograd.tensors.sparse.tensor import made_of

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = ["sparse_coo_tensor", "sparse_csr_tensor"]


def sparse_coo_tensor(
    indices: Any = None,
    values: Any = None,
    size: Any = None,
    *,
    dtype: DType = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
    is_coalesced: bool | None = None,
) -> Tensor:
    """A sparse tensor that has ``values`` at ``indices``, and zeros elsewhere.

    Shapes: indices (k, nnz), integers; values (nnz, ...); of size (n₁, ..., nₖ, ...), by default
    as large as the indices ask for. Where a place is named twice, the values count together. Where
    ``values`` are part of a graph, so is the result; ``requires_grad`` makes it a leaf of its own.

    Products with dense matrices (``A @ x``, ``spmm``, ``sparse.mm``) have gradients for both, as
    have ``to_dense``, ``coalesce``, transposes, sums, ``A * number``, ``A + B``.

    Raises ValueError where these do not go together, IndexError for indices outside of the size.

    >>> import autograd
    >>> A = autograd.sparse_coo_tensor([[0, 1], [2, 0]], [3.0, 4.0], (2, 3))
    >>> A.to_dense()
    tensor([[0., 0., 3.],
            [4., 0., 0.]])
    >>> A @ autograd.ones(3, 1)
    tensor([[3.],
            [4.]])
    """
    call = "sparse_coo_tensor"
    check_device(device)
    check_flags(call, requires_grad=requires_grad)
    if values is None:  # (size), or size=
        shape = size_of(call, (indices if size is None else size,))
        places, values = np.zeros((len(shape), 0), np.int64), np.zeros(0)
        dtype = dtypes.get_default_dtype() if dtype is None else dtype
    else:
        places, shape = tensor(indices, dtype=dtypes.int64)._array(), size
    held = _values(values, dtype)
    if places.ndim != 2 or held.ndim < 1 or places.shape[1] != held.shape[0]:
        raise ShapeError(
            f"{call}: there must be an index for each value, (k, nnz) and (nnz, ...); got indices "
            f"of shape {places.shape} and values of shape {tuple(held.shape)}."
        )
    least = places.min(axis=1).tolist() if held.shape[0] else [0] * len(places)
    needed = (places.max(axis=1) + 1).tolist() if held.shape[0] else [0] * len(places)
    shape = (*needed, *held.shape[1:]) if shape is None else size_of(call, (shape,))
    if len(shape) != len(places) + held.ndim - 1 or shape[len(places) :] != tuple(held.shape[1:]):
        raise ShapeError(
            f"{call}: size must name {len(places)} sparse axes and those of a value, "
            f"{tuple(held.shape[1:])}; got {tuple(shape)}."
        )
    if min(least, default=0) < 0 or any(n > m for n, m in zip(needed, shape)):
        raise IndexError(
            f"{call}: indices must be in the size {tuple(shape)}; got {least} to "
            f"{[n - 1 for n in needed]}. Pass a larger size, or none."
        )
    return made_of(places, _stored(held, requires_grad), tuple(shape), is_coalesced is True)


def _values(values: Any, dtype: DType) -> Any:
    held: Any = values if isinstance(values, TensorBase) else tensor(values, dtype=dtype)
    return held if dtype is None else held.to(dtype)


def _stored(values: Any, requires_grad: bool) -> Any:
    """A leaf, or the values where they are in a graph."""
    if requires_grad or values._edge is None:
        return finished(values._array(), requires_grad)
    return Stored.apply(values)


def sparse_csr_tensor(
    crow_indices: Any,
    col_indices: Any,
    values: Any,
    size: Any = None,
    *,
    dtype: DType = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> Tensor:
    """A sparse matrix by rows: ``crow_indices`` says where each begins among the other two.

    Shapes: crow_indices (n + 1), from 0 to nnz; col_indices and values (nnz); of size (n, m).
    Raises ValueError where these do not go together, IndexError for columns outside of the size.

    >>> import autograd
    >>> autograd.sparse_csr_tensor([0, 1, 3], [2, 0, 1], [3.0, 4.0, 5.0]).to_dense()
    tensor([[0., 0., 3.],
            [4., 5., 0.]])
    """
    call = "sparse_csr_tensor"
    check_device(device)
    check_flags(call, requires_grad=requires_grad)
    rows, columns = (
        tensor(one, dtype=dtypes.int64)._array() for one in (crow_indices, col_indices)
    )
    held = _values(values, dtype)
    if rows.ndim != 1 or columns.ndim != 1 or held.ndim != 1 or columns.shape != held.shape:
        raise ShapeError(
            f"{call}: there must be a column for each value, and where rows begin; got shapes "
            f"{rows.shape}, {columns.shape} and {tuple(held.shape)}."
        )
    lengths = np.diff(rows)
    if not rows.size or rows[0] or rows[-1] != columns.size or lengths.min(initial=0) < 0:
        raise ValueError(
            f"{call}: crow_indices must rise from 0 to the number of values, {columns.size}; got "
            f"{rows.tolist()!r:.60}."
        )
    most = int(columns.max(initial=-1)) + 1
    shape = (lengths.size, most) if size is None else size_of(call, (size,))
    if len(shape) != 2 or shape[0] != lengths.size:
        raise ShapeError(
            f"{call}: size must be that of a matrix with {lengths.size} rows, one less than "
            f"crow_indices has; got {tuple(shape)}."
        )
    if columns.min(initial=0) < 0 or most > shape[1]:
        raise IndexError(
            f"{call}: columns must be in the size {tuple(shape)}; got {int(columns.min())} to "
            f"{most - 1}. Pass a larger size, or none."
        )
    places = np.stack([np.repeat(np.arange(lengths.size), lengths), columns])
    return made_of(places, _stored(held, requires_grad), shape, True, CompressedTensor)


def to_sparse(x: Any, sparse_dim: int | None = None, layout: Any = None) -> Any:
    """The elements of ``x`` that are not zero; of ``sparse_dim`` axes, the others being whole."""
    if layout is sparse_csr:
        return compressed(to_sparse(x))
    if layout not in (None, sparse_coo):
        raise NotImplementedError(
            f"to_sparse: layout must be sparse_coo or sparse_csr; got {layout!r:.60}."
        )
    n = x.ndim if sparse_dim is None else integer_of("to_sparse", "sparse_dim", sparse_dim)
    if not 1 <= n <= x.ndim:
        raise ShapeError(
            f"to_sparse: sparse_dim must be one of 1 to {x.ndim}, as many axes as there are; got "
            f"{n} for shape {tuple(x.shape)}."
        )
    there = np.not_equal(x._data, 0)
    if n < x.ndim:
        there = np.logical_or.reduce(there, axis=tuple(range(n, x.ndim)))
    places = np.nonzero(there)
    values = x[tuple([wrap(one, None) for one in places])]
    return made_of(np.stack(places), values, tuple(x.shape), True)
