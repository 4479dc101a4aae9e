"""The factors L and U of matrices, with partial pivoting, which NumPy's LAPACK keeps to itself.

Golub & Van Loan 2013, *Matrix Computations*, algorithms 3.4.1 and 3.2.1 (by blocks). Pivots are
LAPACK's: row i was exchanged with row pivots[i] - 1, for i = 0, 1, ... in turn.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.lapack import PAYS, pivot_size, routine
from autograd.kernels.triangular import triangular_solved

_BLOCK = 32  # columns that are eliminated one by one, before a product does the rest


# -- the factors -----------------------------------------------------------------------------------


def _column_by_column(a: Any) -> Any:
    m, n = a.shape[-2:]
    rows, pivots = np.arange(m, like=a), []
    for i in range(min(m, n)):
        column = np.where(rows < i, -1, pivot_size(a[..., i]))
        pivot = np.argmax(column, axis=-1, keepdims=True)
        order = np.where(np.equal(rows, i), pivot, np.where(np.equal(rows, pivot), i, rows))
        a = np.take_along_axis(a, np.expand_dims(order, -1), axis=-2)
        row, below = a[..., i : i + 1, i + 1 :], a[..., i + 1 :, i + 1 :]
        diagonal = a[..., i : i + 1, i : i + 1]
        factor = a[..., i + 1 :, i : i + 1] / np.where(np.equal(diagonal, 0), 1, diagonal)
        lower = (a[..., i + 1 :, :i], factor, below - np.matmul(factor, row))
        a = np.concatenate((a[..., : i + 1, :], np.concatenate(lower, axis=-1)), axis=-2)
        pivots.append(pivot + 1)
    batch = a.shape[:-2]
    none = np.zeros((*batch, 0), np.int64, like=a)
    return a, np.concatenate((none, *pivots), axis=-1).astype(np.int32)


@kernel(plain=_column_by_column)
def lu_factored(a: Any) -> Any:
    """L below the diagonal (its own is 1) and U from it on, in one array (*, m, n), and the pivots.

    Where a column has nothing but zeros left, U's diagonal holds 0 and L's column is 0. Pivots are
    int32 (*, min(m, n)). Single matrices go to LAPACK's getrf, where SciPy is installed.

    >>> lu_factored(np.array([[1.0, 2], [4, 4]]))
    (array([[4.  , 4.  ],
           [0.25, 1.  ]]), array([2, 2], dtype=int32))
    """
    factor = routine("getrf", a)
    if factor is not None:
        packed, pivots, _ = factor(a)
        return np.ascontiguousarray(packed), pivots.astype(np.int32) + np.int32(1)
    m, n = a.shape[-2:]
    out = np.array(a, order="C")
    pivots = np.empty((*a.shape[:-2], min(m, n)), np.int32)
    stacked = out.reshape(math.prod(a.shape[:-2]), m, n)
    found = pivots.reshape(len(stacked), min(m, n))
    with np.errstate(all="ignore"):
        if min(m, n) >= PAYS:
            for one, places in zip(stacked, found, strict=True):
                _factor_by_blocks(one, places)
        else:
            _factor_together(stacked, found)
    return out, pivots


def _factor_together(a: Any, pivots: Any) -> None:
    """All matrices of a stack a column at a time."""
    every = np.arange(len(a))
    for i in range(pivots.shape[1]):
        place = pivot_size(a[:, i:, i]).argmax(-1) + i
        pivots[:, i] = place + 1
        row = a[every, place]
        a[every, place] = a[:, i]
        a[:, i] = row
        diagonal = a[:, i, i : i + 1]
        a[:, i + 1 :, i] /= np.where(diagonal == 0, 1, diagonal)
        a[:, i + 1 :, i + 1 :] -= a[:, i + 1 :, i : i + 1] * a[:, i : i + 1, i + 1 :]


def _factor_by_blocks(a: Any, pivots: Any) -> None:
    """One matrix: some columns are eliminated, then a product reaches those to the right."""
    k = len(pivots)
    for begin in range(0, k, _BLOCK):
        end = min(begin + _BLOCK, k)
        for i in range(begin, end):
            place = int(pivot_size(a[i:, i]).argmax()) + i
            pivots[i] = place + 1
            if place != i:
                a[[i, place]] = a[[place, i]]
            if a[i, i] != 0:
                a[i + 1 :, i] /= a[i, i]
            a[i + 1 :, i + 1 : end] -= a[i + 1 :, i : i + 1] * a[i : i + 1, i + 1 : end]
        if end < a.shape[1]:
            square, right = a[begin:end, begin:end], a[begin:end, end:]
            right[...] = triangular_solved(square, right, upper=False, unit=True)
            a[end:, end:] -= np.matmul(a[end:, begin:end], right)


# -- what the pivots say ---------------------------------------------------------------------------


def _order(pivots: Any, *, rows: int) -> Any:
    places = np.arange(rows, like=pivots)
    order = np.zeros((*pivots.shape[:-1], rows), np.int64, like=pivots) + places
    for i in range(pivots.shape[-1]):
        pivot = pivots[..., i : i + 1] - 1
        taken = np.where(np.equal(places, i), pivot, np.where(np.equal(places, pivot), i, places))
        order = np.take_along_axis(order, taken + order * 0, axis=-1)
    return order


@kernel(plain=_order)
def order_of(pivots: Any, *, rows: int) -> Any:
    """Which row of the matrix is row i of L U: int64 (*, rows).

    >>> order_of(np.array([3, 3], np.int32), rows=3)
    array([2, 0, 1])
    """
    order = np.empty((*pivots.shape[:-1], rows), np.int64)
    order[...] = np.arange(rows)
    stacked = order.reshape(math.prod(order.shape[:-1]), rows)
    found = pivots.reshape(len(stacked), pivots.shape[-1])
    if len(stacked) < 8:
        for one, places in zip(stacked, found.tolist(), strict=True):
            row = one.tolist()
            for i, place in enumerate(places):
                row[i], row[place - 1] = row[place - 1], row[i]
            one[...] = row
        return order
    every = np.arange(len(stacked))
    for i in range(found.shape[1]):
        place = found[:, i] - 1
        before = stacked[every, place]
        stacked[every, place] = stacked[:, i]
        stacked[:, i] = before
    return order


# -- where a matrix is singular, or not positive-definite: once NumPy has said that one is ---------


def _no_pivot(a: Any) -> Any:
    packed, _ = _column_by_column(a)
    none = np.equal(np.diagonal(packed, 0, -2, -1), 0)
    place = np.argmax(none, axis=-1) + 1
    return np.where(np.logical_or.reduce(none, axis=-1), place, 0).astype(np.int32)


@kernel(plain=_no_pivot)
def no_pivot(a: Any) -> Any:
    """Of each square matrix, where U's diagonal first holds 0, counted from 1; 0: nowhere.

    >>> no_pivot(np.array([[[1.0, 0], [0, 1]], [[1, 2], [2, 4]]]))
    array([0, 2], dtype=int32)
    """
    found = np.zeros(a.shape[:-2], np.int32)
    for index in np.ndindex(found.shape):
        try:
            np.linalg.inv(a[index])
        except np.linalg.LinAlgError:
            packed, _ = lu_factored(a[index])
            zeros = np.flatnonzero(np.diagonal(packed) == 0)
            found[index] = zeros[0] + 1 if len(zeros) else a.shape[-1]
    return found


def _not_positive(a: Any) -> Any:
    n = a.shape[-1]
    minors = [np.linalg.eigvalsh(a[..., : i + 1, : i + 1])[..., :1] for i in range(n)]
    bad = np.logical_not(np.concatenate(minors, axis=-1) > 0)
    place = np.argmax(bad, axis=-1) + 1
    return np.where(np.logical_or.reduce(bad, axis=-1), place, 0).astype(np.int32)


@kernel(plain=_not_positive)
def not_positive(a: Any) -> Any:
    """Of each matrix, the order of the first leading minor that is not positive; 0: all are.

    >>> not_positive(np.array([[1.0, 2], [2, 1]]))
    array(2, dtype=int32)
    """
    found = np.zeros(a.shape[:-2], np.int32)
    for index in np.ndindex(found.shape):
        good, bad = 0, a.shape[-1] + 1  # a leading minor fails where a smaller one does
        while bad - good > 1:
            middle = (good + bad) // 2
            try:
                np.linalg.cholesky(a[index][:middle, :middle])
                good = middle
            except np.linalg.LinAlgError:
                bad = middle
        found[index] = bad if bad <= a.shape[-1] else 0
    return found
