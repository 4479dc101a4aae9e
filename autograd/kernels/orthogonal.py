"""Classical orthogonal polynomials, and their derivatives of any order, by their recurrences.

p₀ = 1, p₁ = a x + b, p_{k+1} = (a_k x + b_k) p_k - c_k p_{k-1} (Abramowitz & Stegun 1964, table
22.7); differentiated m times, p_{k+1}⁽ᵐ⁾ = (a_k x + b_k) p_k⁽ᵐ⁾ + m a_k p_k⁽ᵐ⁻¹⁾ - c_k p_{k-1}⁽ᵐ⁾.
The terms that a step adds are as large as the polynomial's largest values: an error of some n units
of those for a degree n.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dialect import ends, kernel

Recurrence = tuple[float, float, Callable[[int], tuple[float, float, float]]]  # a, b; of k: a b c

_FAMILIES: dict[str, Recurrence] = {
    "chebyshev_t": (1, 0, lambda k: (2, 0, 1)),
    "chebyshev_u": (2, 0, lambda k: (2, 0, 1)),
    "chebyshev_v": (2, -1, lambda k: (2, 0, 1)),
    "chebyshev_w": (2, 1, lambda k: (2, 0, 1)),
    "shifted_chebyshev_t": (2, -1, lambda k: (4, -2, 1)),
    "shifted_chebyshev_u": (4, -2, lambda k: (4, -2, 1)),
    "shifted_chebyshev_v": (4, -3, lambda k: (4, -2, 1)),
    "shifted_chebyshev_w": (4, -1, lambda k: (4, -2, 1)),
    "hermite_h": (2, 0, lambda k: (2, 0, 2 * k)),
    "hermite_he": (1, 0, lambda k: (1, 0, k)),
    "laguerre_l": (-1, 1, lambda k: (-1 / (k + 1), (2 * k + 1) / (k + 1), k / (k + 1))),
    "legendre_p": (1, 0, lambda k: ((2 * k + 1) / (k + 1), 0, k / (k + 1))),
}


@kernel
def polynomials(x: Any, n: Any, *, family: str, order: int) -> Any:
    """The ``order``-th derivative of the polynomials of degree ``n`` (truncated) at ``x``, float64.

    0 for a degree of -1 and less.

    >>> polynomials(np.array([0.5, 0.5]), np.array([2, 3]), family="chebyshev_t", order=0)
    array([-0.5, -1. ])
    """
    with np.errstate(all="ignore"):
        a, b, step = _FAMILIES[family]
        degree = np.where(n > -1, n, -1).astype(np.int64)
        least, most = ends(degree)
        zero = np.zeros_like(x)
        before = [zero + 1] + [zero] * order
        now = [a * x + b, zero + a] + [zero] * (order - 1)
        out = np.where(degree == 0, before[order], np.where(degree == 1, now[order], zero))
        for k in range(1, most):
            if k % 64 == 0 and not ends((degree > k) & ~np.isnan(now[order]))[1]:
                return np.where(degree > k, math.nan, out)  # and so would be all that follows
            a, b, c = step(k)
            line = a * x + b if b else a * x
            after = [
                line * now[m] + (m * a) * now[m - 1] - c * before[m]
                if m
                else line * now[0] - c * before[0]
                for m in range(order + 1)
            ]
            before, now = now, after
            if k + 1 >= least:
                out = np.where(degree == k + 1, now[order], out)
        return out
