"""Sparse matrices by rows (CSR): the same elements, shown otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.devices import layout, sparse_csr
from autograd.engine.graph import wrap
from autograd.engine.places import ShapeError
from autograd.tensors.sparse.tensor import SparseTensor, made_of


class CompressedTensor(SparseTensor):
    """A sparse matrix whose elements are in the order of its rows."""

    __slots__ = ()

    is_sparse_csr = True

    @property
    def layout(self) -> layout:
        """How elements are stored: by rows, with their columns."""
        return sparse_csr

    @property
    def is_sparse(self) -> bool:
        """Whether elements are stored with all their indices: no, see ``is_sparse_csr``."""
        return False

    def crow_indices(self) -> Any:
        """Where each row begins among the elements, and the last ends: (n + 1)."""
        return wrap(self._rows(), None)

    def col_indices(self) -> Any:
        """The column of each element: (nnz)."""
        return wrap(self._places[1].copy(), None)

    def _rows(self) -> Any:
        lengths = np.bincount(self._places[0], minlength=self._size[0])
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])

    def to_sparse(self, sparse_dim: int | None = None, *, layout: Any = None) -> Any:
        """The same elements with both their indices."""
        if layout is sparse_csr:
            return self
        return made_of(self._places, self._stored, self._size, True)

    to_sparse_coo = to_sparse

    def to_sparse_csr(self, dense_dim: int | None = None) -> Any:
        """The tensor itself."""
        return self

    def transpose(self, dim0: int, dim1: int) -> Any:
        """The transposed matrix, with both indices of each element."""
        return self.to_sparse().transpose(dim0, dim1)

    def _shown(self) -> dict[str, Any]:
        return {"crow_indices": self._rows(), "col_indices": self._places[1]}


def compressed(x: Any) -> Any:
    """The elements of a sparse matrix by rows. Raises ValueError for other sparse tensors."""
    if x.ndim != 2 or x.dense_dim():
        raise ShapeError(
            f"to_sparse_csr: expected a matrix; got shape {tuple(x.shape)}. Use to_sparse()."
        )
    ordered = x.coalesce()
    return made_of(ordered._places, ordered._stored, ordered._size, True, CompressedTensor)
