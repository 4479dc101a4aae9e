"""Products of matrices of which only some elements are stored.

Rows that have equally many elements are taken together: of k each, they are a stack of (1, k)
matrices, times the (k, d) rows of the dense matrix that these elements meet. A stack at a time is
small enough to stay in a cache, and no (n, m) matrix is ever made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, pick, room
from autograd.arrays.dtypes import float32

# Elements of the dense matrix that are taken at a time: 1 MB of float32.
_AT_ONCE = 2**18


class Pattern:
    """Where the elements of an (n, m) matrix are: ``rows`` and ``columns``, in any order.

    >>> Pattern(np.array([0, 0]), np.array([1, 2]), (2, 3)).transposed.shape
    (3, 2)
    """

    def __init__(self, rows: Any, columns: Any, shape: tuple[int, int]) -> None:
        self.rows, self.columns, self.shape = rows, columns, shape

    @cached_property
    def transposed(self) -> Pattern:
        """Of the transposed matrix."""
        other = Pattern(self.columns, self.rows, (self.shape[1], self.shape[0]))
        other.__dict__["transposed"] = self
        return other

    @cached_property
    def groups(self) -> list[tuple[Any, Any, Any]]:
        """Of the rows with k elements, for each k: rows (r), elements (r, k), columns (r, k)."""
        order = np.argsort(self.rows, kind="stable")
        lengths = np.bincount(self.rows, minlength=self.shape[0])
        starts = np.cumsum(lengths) - lengths
        by_length = np.argsort(lengths, kind="stable")
        ends = np.flatnonzero(np.diff(lengths[by_length], append=-1)) + 1
        found = []
        for rows in np.split(by_length, ends[:-1]):
            k = int(lengths[rows[0]]) if rows.size else 0
            if k:
                elements = order[starts[rows][:, None] + np.arange(k)]
                found.append((rows, elements, self.columns[elements]))
        return found

    def pieces(self, width: int) -> Iterator[tuple[Any, Any, Any]]:
        """The groups, cut so that few rows of ``width`` are taken at a time."""
        for group in self.groups:
            step = max(_AT_ONCE // (group[1].shape[1] * max(width, 1)), 1)
            for start in range(0, len(group[0]), step):
                rows, elements, columns = (one[start : start + step] for one in group)
                yield rows, elements, columns


def _rows_combined(values: Any, dense: Any, *, pattern: Pattern) -> Any:
    out = room((pattern.shape[0], dense.shape[1]), dense.dtype, values, dense)
    np.add.at(out, pattern.rows, np.reshape(values, (-1, 1)) * pick(dense, pattern.columns))
    return out


@kernel(plain=_rows_combined)
def rows_combined(values: Any, dense: Any, *, pattern: Pattern) -> Any:
    """The product of the (n, m) matrix that has ``values`` where ``pattern`` says, and (m, d).

    float16 is added up in float32.

    >>> pattern = Pattern(np.array([1, 1]), np.arange(2), (2, 3))
    >>> rows_combined(np.ones(2), np.eye(3), pattern=pattern)
    array([[0., 0., 0.],
           [1., 1., 0.]])
    """
    narrow = dense.itemsize == 2
    out = np.zeros((pattern.shape[0], dense.shape[1]), dense.dtype)
    for rows, elements, columns in pattern.pieces(dense.shape[1]):
        factors, met = values[elements][:, None], dense[columns]
        if narrow:
            factors, met = factors.astype(float32), met.astype(float32)
        out[rows] = np.matmul(factors, met)[:, 0]
    return out


def _pairs_multiplied(x: Any, y: Any, *, pattern: Pattern) -> Any:
    return np.add.reduce(pick(x, pattern.rows) * pick(y, pattern.columns), axis=1)


@kernel(plain=_pairs_multiplied)
def pairs_multiplied(x: Any, y: Any, *, pattern: Pattern) -> Any:
    """The elements of x yᵀ where ``pattern`` says: products of rows of (n, d) and of (m, d).

    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> pairs_multiplied(x, x, pattern=Pattern(np.array([0, 1]), np.array([1, 1]), (2, 2)))
    array([11., 25.])
    """
    narrow = x.itemsize == 2
    out = np.zeros(pattern.rows.shape, x.dtype)
    for rows, elements, columns in pattern.pieces(x.shape[1]):
        one, met = x[rows][:, None], y[columns]
        if narrow:
            one, met = one.astype(float32), met.astype(float32)
        out[elements] = np.matmul(one, np.swapaxes(met, 1, 2))[:, 0]
    return out
