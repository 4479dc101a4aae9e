"""Products of matrices that NumPy hands to BLAS in a way that is slow for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel

NARROW = 32  # columns
PLAIN = 10**6  # multiplications up to which OpenBLAS takes matrices as they lie


def _stacked_product(x: Any, y: Any) -> Any:
    return np.matmul(x, y)


@kernel(plain=_stacked_product)
def stacked_product(x: Any, y: Any) -> Any:
    """x @ y. Where both look at one buffer, NumPy would take a symmetric path, slow for stacks.

    >>> stacked_product(np.ones((2, 1, 3)), np.ones((2, 3, 1))).shape
    (2, 1, 1)
    """
    if y.ndim > 2 and y.base is not None and (y.base is x or y.base is x.base):
        y = np.copy(y)
    return np.matmul(x, y)


def narrow_product(x: Any, y: Any, out: Any = None) -> Any:
    """x (n, k) @ y (k, m) where m is small, some rows after the other; into ``out`` if given.

    BLAS copies its operands into an order of its own before it multiplies, and for few columns the
    copy of x takes as long as the product. Where its kernels have AVX-512, OpenBLAS leaves that out
    in products of at most 10⁶ multiplications, which makes 32 columns a third faster, 3 twice as
    fast; elsewhere such pieces cost a twentieth.

    >>> narrow_product(np.ones((3, 2)), np.ones((2, 1)))
    array([[2.],
           [2.],
           [2.]])
    """
    columns = y.shape[1]
    step = PLAIN // max(y.size, 1) // 8 * 8
    if columns > NARROW or step < 24 or len(x) <= step:
        return np.matmul(x, y, out=out)
    out = np.empty((len(x), columns), x.dtype) if out is None else out
    whole = len(x) // step * step
    given, made = (np.reshape(one[:whole], (-1, step, one.shape[1])) for one in (x, out))
    np.matmul(given, y, out=made)
    np.matmul(x[whole:], y, out=out[whole:])
    return out
