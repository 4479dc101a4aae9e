"""SciPy's LAPACK, where SciPy happens to be installed: for matrices that are large enough.

It has what NumPy's lacks: systems with triangular matrices, the factors L and U, and L and D.
SciPy is loaded when the first such matrix comes, never sooner.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

PAYS = 32  # rows from which on a call of LAPACK is faster than NumPy's ways around it

_LETTER = {"f": "s", "d": "d", "F": "c", "D": "z"}


@cache
def _lapack() -> Any:
    try:
        return import_module("scipy.linalg.lapack")
    except ImportError:
        return None


def routine(name: str, *matrices: Any) -> Any:
    """LAPACK's routine of that name for single matrices of one dtype; None: do it by NumPy."""
    first = matrices[0]
    if min(first.shape[-2:]) < PAYS or any(
        [x.ndim != 2 or x.dtype != first.dtype for x in matrices]
    ):
        return None
    module, letter = _lapack(), _LETTER.get(first.dtype.char)
    return None if module is None or letter is None else getattr(module, letter + name)


def pivot_size(x: Any) -> Any:
    """What pivots are chosen by: |x|, of complex numbers the sum over both parts, as in LAPACK.

    >>> pivot_size(np.array([3 - 4j]))
    array([7.])
    """
    return np.absolute(np.real(x)) + np.absolute(np.imag(x))
