"""Pairs of floats, high and low, that hold a number to some 100 bits.

T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
Mathematik 18 (1971), doi:10.1007/BF01397083. Exact sums and products want no overflow: numbers
below 1e290.
"""

from __future__ import annotations

from typing import Any


def total(a: Any, b: Any) -> tuple[Any, Any]:
    """a + b, and what it is rounded by.

    >>> total(1.0, 1e-20)
    (1.0, 1e-20)
    """
    high = a + b
    added = high - a
    return high, (a - (high - added)) + (b - added)


def product(a: Any, b: Any) -> tuple[Any, Any]:
    """a b, and what it is rounded by.

    >>> product(3.0, 1 / 3)
    (1.0, -5.551115123125783e-17)
    """
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    high = a * b
    return high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: Any) -> tuple[Any, Any]:
    """a as the sum of two numbers of 26 bits."""
    large = a * 134217729.0  # 2²⁷ + 1
    high = large - (large - a)
    return high, a - high


def add(x: Any, y: Any) -> tuple[Any, Any]:
    """The sum of two pairs."""
    high, low = total(x[0], y[0])
    return total(high, low + (x[1] + y[1]))


def times(x: Any, y: Any) -> tuple[Any, Any]:
    """The product of two pairs."""
    high, low = product(x[0], y[0])
    return total(high, low + (x[0] * y[1] + x[1] * y[0]))


def ratio(x: Any, y: Any) -> tuple[Any, Any]:
    """The quotient of two pairs."""
    high = x[0] / y[0]
    back, low = product(high, y[0])
    return total(high, ((x[0] - back) - low + x[1] - high * y[1]) / y[0])
