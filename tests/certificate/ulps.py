"""How far a result is from what it should be: in units in the last place of the largest element.

The error of an array is max|found - expected| / (eps · max|expected|), eps being that of the dtype
that is judged. The largest element is what the terms of a sum are about as large as: where terms
cancel, what is left cannot be better than they are. What is not a floating-point number is equal
or is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class Differs(AssertionError):
    """Two results that no number of ulps describes: another shape, dtype, NaN or whole number."""


def apart(
    found: Any, expected: Any, dtype: Any = None, only: str = "", least: float = 0.0
) -> float:
    """The error of ``found`` in ulps of ``dtype``, by default that of ``expected``.

    ``only``: "numbers" leaves out what is expected to be NaN and is a number; "fitting" compares
    what is expected to be finite and fits into ``dtype``, of floating-point results alone.
    ``least``: what the largest element counts as, if it is smaller. Raises Differs.

    >>> apart(np.float64([1.0, 4.0]), np.float64([1.0 + 2**-51, 4.0]))
    0.5
    >>> apart([True], [False])
    Traceback (most recent call last):
    ...
    tests.certificate.ulps.Differs: 1 of 1 elements
    """
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        raise Differs(f"shape {found.shape}, not {expected.shape}")
    if expected.dtype.kind not in "fc":
        if only == "fitting":  # whole numbers: which of two equal elements, say
            return 0.0
        wrong = int(np.sum(found != expected))
        if wrong:
            raise Differs(f"{wrong} of {expected.size} elements")
        return 0.0
    if found.dtype.kind not in "fc":
        raise Differs(f"dtype {found.dtype}, not {expected.dtype}")
    unit = np.finfo(expected.dtype if dtype is None else dtype)
    wide = np.complex128 if "c" in found.dtype.kind + expected.dtype.kind else np.float64
    found, expected = found.astype(wide), expected.astype(wide)
    with np.errstate(all="ignore"):
        if only == "fitting":
            fits = np.isfinite(expected) & (np.abs(expected) <= float(unit.max) * (1 - 1e-6))
            found, expected = found[fits], expected[fits]
        elif only == "numbers":
            numbers = ~(np.isnan(expected) & np.isfinite(found))
            found, expected = found[numbers], expected[numbers]
        least = max(least, float(unit.tiny) if only == "fitting" else 0.0)
        return _of_largest(found, expected, float(unit.eps), least)


def _of_largest(found: Any, expected: Any, eps: float, least: float) -> float:
    regular = np.isfinite(expected)
    other = ~regular
    same = (found[other] == expected[other]) | (np.isnan(found[other]) & np.isnan(expected[other]))
    if not same.all():
        raise Differs(f"{np.sum(~same)} elements, which are NaN or infinite in PyTorch")
    if not np.isfinite(found[regular]).all():
        raise Differs(f"{np.sum(~np.isfinite(found[regular]))} elements are NaN or infinite")
    error = np.max(np.abs(found[regular] - expected[regular]), initial=0.0)
    if error == 0:
        return 0.0
    largest = max(np.max(np.abs(expected[regular]), initial=0.0), least)
    return float(error / (eps * largest)) if largest else float("inf")
