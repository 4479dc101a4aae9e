"""Work cut into blocks of rows that stay in the cache, which threads share where there are many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.threads import run_all
from autograd.kernels.sums import sum_over

BLOCK = 2**17  # elements that are worked on at a time: a call costs as much as some 10,000

_MANY = 2**16  # elements from which on a second thread is worth its start

_RUN = 4096  # so many terms stay right to 1e-6 in BLAS


def by_rows(work: Callable[[slice], None], rows: int, length: int, block: int = BLOCK) -> None:
    """``work`` on each of the blocks, slices of so many rows of that ``length``, in any order.

    The blocks are cut by sizes alone, so that results are the same for any number of threads.

    >>> out = np.zeros(3)
    >>> by_rows(lambda part: out.__setitem__(part, 1), 3, 2)
    >>> out
    array([1., 1., 1.])
    """
    size = rows * length
    count = -(-size // block)
    if size >= _MANY:
        count += count % 2  # an even number, of equal blocks: two threads have the same to do
    step = max(-(-rows // max(count, 1)), 1)
    parts = [slice(start, start + step) for start in range(0, rows, step)]
    share(work, parts, size)


def share(work: Callable[[Any], None], parts: list[Any], size: int) -> None:
    """``work`` on each of the parts of ``size`` elements, on threads where that is many.

    >>> share(print, [1, 2], 2)
    1
    2
    """
    if len(parts) > 1 and size >= _MANY:
        run_all([partial(work, part) for part in parts])
        return
    for part in parts:
        work(part)


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
    return np.vecdot(x, y) if x.shape[1] <= _RUN else sum_over(x * y, axis=1)
