"""The factors L and D of symmetric matrices, which NumPy's LAPACK keeps to itself.

Bunch & Kaufman 1977, doi:10.2307/2005787, as LAPACK's sytf2 has it. D has blocks of one row and of
two. Pivots are LAPACK's: a positive one says that row and column i were exchanged with
pivots[i] - 1; where i and i + 1 are a block, both are -p: i + 1 was exchanged with p - 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import kernel
from autograd.kernels.lapack import PAYS, pivot_size, routine

_SHARE = (1 + math.sqrt(17)) / 8  # of the largest element of its column, which a pivot must have


def turned(x: Any, hermitian: bool) -> Any:
    """What stands across the diagonal from x.

    >>> turned(np.array([1j]), True)
    array([0.-1.j])
    """
    return np.conjugate(x) if hermitian else x


def _whole(a: Any, hermitian: bool) -> Any:
    """Both triangles, from the lower one."""
    lower, own = np.tril(a, -1), np.diagonal(a, 0, -2, -1)
    eye = np.eye(a.shape[-1], dtype=a.dtype, like=a)
    own = np.expand_dims(np.real(own) if hermitian else own, -1) * eye
    return lower + own + turned(np.swapaxes(lower, -1, -2), hermitian)


# -- one step --------------------------------------------------------------------------------------


def _choice(s: Any) -> tuple[Any, Any, Any]:
    """Of each matrix: which row goes to the pivot's place, whether the pivot is a block of two, and
    whether there is none, in a column of zeros."""
    places = np.arange(s.shape[-1], like=s)
    size = pivot_size(s[..., 0])
    own, below = size[..., :1], np.where(np.equal(places, 0), -1.0, size)
    row = np.argmax(below, axis=-1, keepdims=True)
    most = np.maximum.reduce(size * np.not_equal(places, 0), axis=-1, keepdims=True)
    other = pivot_size(np.take_along_axis(s, np.expand_dims(row, -1), axis=-2)[..., 0, :])
    most_there = np.maximum.reduce(other * np.not_equal(places, row), axis=-1, keepdims=True)
    share = most / np.where(most_there > 0, most_there, 1)
    stays = np.logical_or(own >= _SHARE * most, own >= _SHARE * most * share)
    moves = np.take_along_axis(other, row, axis=-1) >= _SHARE * most_there
    empty = np.logical_and(np.equal(own, 0), np.equal(most, 0))
    return np.where(stays, 0, row), np.logical_not(np.logical_or(stays, moves)), empty


def _exchanged(s: Any, one: Any, other: Any) -> Any:
    """Two rows, and the same two columns."""
    places = np.arange(s.shape[-1], like=s)
    order = np.where(np.equal(places, one), other, np.where(np.equal(places, other), one, places))
    s = np.take_along_axis(s, np.expand_dims(order, -1), axis=-2)
    return np.take_along_axis(s, np.expand_dims(order, -2), axis=-1)


def _own(s: Any, hermitian: bool) -> Any:
    own = s[..., :1, 0]
    return np.real(own) + own * 0 if hermitian else own


def _columns(s: Any, pair: Any, hermitian: bool) -> tuple[Any, Any, Any]:
    """Two columns of L below the first row, the second where ``pair`` says that they are a block of
    two; and the first as it is stored, with the block's own element."""
    d, x, y = _own(s, hermitian), s[..., 1:, 0], s[..., 1:, min(1, s.shape[-1] - 1)]
    single = x / np.where(np.equal(d, 0), 1, d)
    e = np.where(pair, x[..., :1], 1)
    across = turned(e, hermitian)
    upper, lower = d / across, y[..., :1] / e
    t = upper * lower - 1
    inside = np.equal(np.arange(x.shape[-1], like=s), 0)
    of_x = np.where(inside, 0, (lower * x - y) / (across * t))
    of_y = np.where(inside, 0, (upper * y - x) / (e * t))
    stored = np.where(pair, np.where(inside, e, of_x), single)
    return np.where(pair, of_x, single), np.where(pair, of_y, 0), stored


def _times_rows(s: Any, left: Any, right: Any, hermitian: bool) -> Any:
    """What elimination takes off: the columns of L, times the rows that they were made of."""
    x = np.stack((s[..., 1:, 0], s[..., 1:, min(1, s.shape[-1] - 1)]), axis=-2)
    return np.matmul(np.stack((left, right), axis=-1), turned(x, hermitian))


# -- all steps -------------------------------------------------------------------------------------


def _step_by_step(a: Any, *, hermitian: bool) -> Any:
    n, s = a.shape[-1], _whole(a, hermitian)
    info = np.zeros((*a.shape[:-2], 1), np.int64, like=a)
    second, later, pivot = info > 0, np.diagonal(s, 0, -2, -1), info
    columns, pivots = [a[..., :0]], [info[..., :0]]
    for k in range(n):
        row, pair, empty = _choice(s)
        alone = np.logical_not(second)  # what a block's second row is was settled with its first
        row, pair = np.where(alone, row, 0), np.logical_and(pair, alone)
        failed = np.logical_and(np.logical_and(empty, alone), np.equal(info, 0))
        info = np.where(failed, k + 1, info)
        pivot = np.where(second, pivot, np.where(pair, -1, 1) * (row + k + 1))
        pivots.append(pivot)
        s = _exchanged(s, pair + 0, row)
        left, right, stored = _columns(s, pair, hermitian)
        stored = np.where(second, later[..., 1:], stored)
        above = np.zeros((*a.shape[:-2], k), a.dtype, like=a)
        column = np.concatenate((above, _own(s, hermitian), stored), axis=-1)
        columns.append(np.expand_dims(column, -1))
        s = s[..., 1:, 1:] - _times_rows(s, np.where(second, 0, left), right, hermitian)
        second, later = pair, right
    every = np.concatenate(pivots, axis=-1).astype(np.int32)
    return np.concatenate(columns, axis=-1), every, info[..., 0].astype(np.int32)


@kernel(plain=_step_by_step)
def ldl_factored(a: Any, *, hermitian: bool) -> Any:
    """L below the diagonal (its own is 1) and D from it on, in one array (*, n, n), of which only
    the lower triangle is read; the pivots, int32 (*, n); and int32 (*), 0 or the place of the first
    0 that D has for a block of one. Single matrices go to LAPACK's sytrf or hetrf, where SciPy is
    installed.

    Where rows i and i + 1 are a block, D's element below its diagonal is at (i + 1, i), where L has
    0. Exchanges are not made in the columns of L that were there before.

    >>> ldl_factored(np.array([[0.0, 1], [1, 0]]), hermitian=False)
    (array([[0., 0.],
           [1., 0.]]), array([-2, -2], dtype=int32), array(0, dtype=int32))
    """
    complexes = dtypes.complex_valued(a.dtype)
    factor = routine("hetrf" if hermitian and complexes else "sytrf", a)
    if factor is not None:
        packed, pivots, info = factor(a, lower=1, lwork=64 * a.shape[-1])
        return np.tril(packed), pivots.astype(np.int32), np.array(info, np.int32)
    if a.ndim > 2 and a.shape[-1] >= PAYS and len(a):
        found = [ldl_factored(one, hermitian=hermitian) for one in a]
        return tuple(map(np.stack, zip(*found, strict=True)))
    with np.errstate(all="ignore"):
        return _step_by_step(a, hermitian=hermitian and complexes)


# -- what the pivots say ---------------------------------------------------------------------------


def _blocks(pivots: Any) -> Any:
    """Of each row, that row of its own block which is not itself, or itself."""
    mates = [pivots[..., :0].astype(np.int64)]
    second = np.zeros((*pivots.shape[:-1], 1), np.bool_, like=pivots)
    for k in range(pivots.shape[-1]):
        first = np.logical_and(pivots[..., k : k + 1] < 0, np.logical_not(second))
        mates.append(k + np.where(first, 1, 0) - np.where(second, 1, 0))
        second = first
    return np.concatenate(mates, axis=-1)


@kernel
def orders_of(pivots: Any) -> Any:
    """Two arrays, int64. The first, (*, n, n + 1), holds columns of rows: which row of the matrix
    is row i of L D Lᵀ, and for each column of L in which row of the packed factors its row i is.
    The second, (*, n), says which row is a block with row i; itself, where it is alone.

    >>> orders_of(np.array([3, 2, 3], np.int32))[0]
    array([[2, 0, 0, 0],
           [1, 1, 1, 1],
           [0, 2, 2, 2]])
    """
    n, mates = pivots.shape[-1], _blocks(pivots)
    order = np.zeros(pivots.shape, np.int64, like=pivots) + np.arange(n, like=pivots)
    orders = [order]
    for k in range(n - 1, -1, -1):
        mate = mates[..., k : k + 1]
        one = np.maximum(mate, k)  # which a block exchanges: its second row
        other = np.where(mate < k, one, np.absolute(pivots[..., k : k + 1]) - 1)
        order = np.where(np.equal(order, one), other, np.where(np.equal(order, other), one, order))
        orders.append(order)
    return np.stack(orders[::-1], axis=-1), mates
