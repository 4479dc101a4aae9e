"""Where the elements of a triangle of a matrix stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import dtypes
from autograd.creation import size_of
from autograd.device import check_device
from autograd.graph import wrap

if TYPE_CHECKING:
    from autograd.annotations import DType, Tensor


def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = None,
    device: Any = None,
    layout: Any = None,
) -> Tensor:
    """Row and column of each element on and below a diagonal, in row order: (2, n), int64.

    ``offset`` names the diagonal: 0 the main one, positive ones above it. Raises ValueError for
    negative sizes, TypeError for a dtype that is not an integer one.

    >>> tril_indices(2, 3)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    n, m = size_of("tril_indices", (row, col))
    return _places("tril_indices", np.tri(n, m, offset), dtype, device)


def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DType = None,
    device: Any = None,
    layout: Any = None,
) -> Tensor:
    """Row and column of each element on and above a diagonal; see :func:`tril_indices`.

    >>> triu_indices(2, 3)
    tensor([[0, 0, 0, 1, 1],
            [0, 1, 2, 1, 2]])
    """
    n, m = size_of("triu_indices", (row, col))
    return _places("triu_indices", np.tri(n, m, offset - 1) == 0, dtype, device)


def _places(call: str, chosen: Any, dtype: DType, device: Any) -> Any:
    check_device(device)
    wanted = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    if wanted.kind not in "iu":
        raise TypeError(f"{call}: indices are integers; got dtype {wanted}. Pass int64.")
    return wrap(np.array(np.nonzero(chosen), wanted), None)
