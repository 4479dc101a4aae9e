"""Work cut into blocks of rows that stay in the cache, which threads share where there are many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.threads import run_all
from autograd.kernels.pointwise import PAYS
from autograd.kernels.sums import sum_over

BLOCK = 2**16  # elements that are worked on at a time

_RUN = 4096  # so many terms stay right to 1e-6 in BLAS
_FEW = 32  # shorter runs cost more than they save
_QUIET = 512  # NumPy's vecdot lets no other thread work while it has fewer results, 500 or so


def by_rows(work: Callable[[slice], None], rows: int, length: int, block: int = BLOCK) -> None:
    """``work`` on each of the blocks, slices of so many rows of that ``length``, in any order.

    The blocks are cut by sizes alone, so that results are the same for any number of threads.

    >>> out = np.zeros(3)
    >>> by_rows(lambda part: out.__setitem__(part, 1), 3, 2)
    >>> out
    array([1., 1., 1.])
    """
    of_parts(work, rows_of(rows, length, block), rows * length)


def rows_of(rows: int, length: int, block: int = BLOCK) -> list[slice]:
    """The slices that :func:`by_rows` works on: of one size, and where there are many elements an
    even number, so that two threads have the same to do.

    >>> rows_of(3, 2, block=4)
    [slice(0, 2, None), slice(2, 4, None)]
    """
    count = -(-rows * length // block)
    if rows * length >= PAYS:
        count += count % 2
    step = max(-(-rows // max(count, 1)), 1)
    return [slice(start, start + step) for start in range(0, rows, step)]


def of_parts(work: Callable[[Any], Any], parts: list[Any], size: int) -> list[Any]:
    """What ``work`` returns for each of the parts, in their order, of an array of that ``size``.

    >>> of_parts(lambda part: part.stop, [slice(0, 2), slice(2, 4)], 4)
    [2, 4]
    """
    if size < PAYS:
        return [work(part) for part in parts]
    found: dict[int, Any] = {}
    run_all([partial(_put, found, i, work, part) for i, part in enumerate(parts)])
    return [found[i] for i in range(len(parts))]


def _put(found: dict[int, Any], i: int, work: Callable[[Any], Any], part: Any) -> None:
    found[i] = work(part)


def row_sums(x: Any, ones: Any) -> Any:
    """The sums of the rows of a matrix, (m, n) -> (m), by BLAS where these are short.

    >>> row_sums(np.ones((2, 3)), np.ones(3))
    array([3., 3.])
    """
    return np.dot(x, ones) if x.shape[1] <= _RUN else sum_over(x, axis=1)


def row_products(x: Any, y: Any) -> Any:
    """Σ x y of each row of two matrices, (m, n) -> (m).

    >>> row_products(np.ones((2, 3)), np.ones((2, 3)))
    array([3., 3.])
    """
    m, n = x.shape
    if n > _RUN:
        return sum_over(x * y, axis=1)
    if m > _QUIET or m * n < 16 * _QUIET:
        return np.vecdot(x, y)
    pieces = next((k for k in range(-(-_QUIET // m), n // _FEW) if n % k == 0), 1)
    runs = (m * pieces, n // pieces)
    return np.add.reduce(np.vecdot(x.reshape(runs), y.reshape(runs)).reshape(m, pieces), 1)
