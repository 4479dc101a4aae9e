"""Functions of one variable, each approximated on a few intervals by a form of its own.

The tuned form works in blocks that stay in the cache, and computes each element by the one
approximation that is made for it; over other arrays all of them are computed and chosen from. In
float64, whatever comes: the results of float32 are rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.kernels.erf import by_blocks, polynomial

Piece = tuple[float, float, Callable[[Any], Any]]  # from, to (which belongs to it where infinite)


def piecewise(pieces: Sequence[Piece], x: Any, parity: int = 0) -> Any:
    """The function that ``pieces`` give, in x's dtype; NaN outside of them.

    ``parity`` 1 says that it is even, -1 odd; the pieces are then for x >= 0.

    >>> piecewise([(0, 1, np.sqrt), (1, math.inf, np.square)], np.array([-1.0, 0.25, 3.0]))
    array([nan, 0.5, 9. ])
    """
    with np.errstate(all="ignore"):
        if isinstance(x, (np.ndarray, np.generic)):
            return by_blocks(partial(_each_by_its_own, pieces, parity), x, np.float64)[()]
        return _all_of_them(pieces, parity, x.astype(np.float64)).astype(x.dtype)


def _inside(x: Any, low: float, high: float) -> Any:
    return (x >= low) & (x <= high if math.isinf(high) else x < high)


def _each_by_its_own(pieces: Sequence[Piece], parity: int, x: Any) -> Any:
    size = np.absolute(x) if parity else x
    out = np.full(x.shape, math.nan)
    for low, high, function in pieces:
        inside = _inside(size, low, high)
        count = np.count_nonzero(inside)
        if count == x.size:
            out = function(size)
            break
        if count:
            out[inside] = function(size[inside])
    return out * np.copysign(1, x) if parity < 0 else out


def _all_of_them(pieces: Sequence[Piece], parity: int, x: Any) -> Any:
    size = np.absolute(x) if parity else x
    out = x * math.nan
    for low, high, function in pieces:
        within = low + 1 if math.isinf(high) else high - 1 if math.isinf(low) else (low + high) / 2
        inside = _inside(size, low, high)
        out = np.where(inside, function(np.where(inside, size, within)), out)
    return out * np.copysign(x * 0 + 1, x) if parity < 0 else out


def ratio(above: tuple[float, ...], below: tuple[float, ...], x: Any) -> Any:
    """A quotient of polynomials, their coefficients from the highest power on.

    >>> ratio((1.0, 0.0), (1.0, 1.0), np.array([1.0]))
    array([0.5])
    """
    return polynomial(above, x) / polynomial(below, x)
