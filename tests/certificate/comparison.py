"""How two results are compared, and what PyTorch's are."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.certificate import variants
from tests.certificate.adapter import Sample
from tests.certificate.sides import THEIRS, Found, call
from tests.certificate.ulps import Differs, apart

Case = tuple[Any, Any, Sample]  # PyTorch's function, ours, the arguments


def compare(
    found: list[Any], expected: list[Any], dtype: Any = None, only: str = "", least: float = 0.0
) -> float:
    """The largest error of a list of results, in ulps. Raises Differs."""
    if len(found) != len(expected):
        raise Differs(f"{len(found)} results, not {len(expected)}")
    errors = [0.0]
    for a, e in zip(found, expected):
        if isinstance(e, (str, type(None))) or isinstance(a, (str, type(None))):
            if a != e:
                raise Differs(f"{a}, not {e}")
        else:
            errors.append(apart(a, e, dtype if _judged(e, dtype) else None, only, least))
    return max(errors)


def _judged(expected: Any, dtype: Any) -> bool:
    return dtype is not None and np.asarray(expected).dtype.kind in "fc"


def compared(parts: list[tuple[Any, Any]], dtype: Any = None) -> float:
    """The largest error of values and of derivatives, in ulps. Raises Differs.

    Where a derivative of PyTorch's is NaN, ours may be a number: a gradient of zero is none, here.
    """
    errors = [0.0]
    for i, (found, expected) in enumerate(parts):
        derivative = i > 0 or len(parts) == 1
        if derivative and zero(found) and zero(expected):  # a graph may end, or go on and give 0
            same_shapes(found, expected)
            continue
        only = "numbers" if derivative else ""
        errors.append(compare(found or [], expected or [], dtype, only, float(derivative)))
    return max(errors)


def zero(found: list[Any] | None) -> bool:
    """Whether there is nothing, or nothing but zeros."""
    return not any(np.any(one) for one in found or ())


def same_shapes(found: list[Any] | None, expected: list[Any] | None) -> None:
    for a, e in zip(found or (), expected or ()):
        if np.shape(a) != np.shape(e):
            raise Differs(f"shape {np.shape(a)}, not {np.shape(e)}")


def same_dtypes(found: Found, expected: Found) -> None:
    for what, ours, theirs in zip(("", "gradient: "), found, expected):
        for a, e in zip(ours or (), theirs or ()):
            a, e = getattr(a, "dtype", type(a)), getattr(e, "dtype", type(e))
            if a != e:
                raise Differs(f"{what}dtype {getattr(a, 'name', a)}, not {getattr(e, 'name', e)}")


answers: dict[tuple[int, int], tuple[Sample, Found | None]] = {}  # columns share samples


def answer(function: Any, sample: Sample, orders: int) -> Found | None:
    """PyTorch's results; None where it refuses."""
    known = answers.get((id(sample), orders))
    if known is None:
        try:
            found = call(THEIRS, function, sample, orders)
        except Exception:
            found = None
        known = answers[id(sample), orders] = (sample, found)  # kept: an id is not used again
    return known[1]


def hardness(case: Case, orders: int) -> float:
    """How many ulps of float32 PyTorch's own float32 is away from its float64."""
    theirs, _, sample = case
    narrow = variants.in_dtype(sample, "f4")
    single, double = (answer(theirs, one, orders) for one in (narrow, variants.widened(narrow)))
    if single is None or double is None:
        return 0.0
    try:
        return compared(list(zip(single, double)), np.float32)
    except Differs:
        return 0.0


def without_numbers(found: Found) -> Found:
    return Found([np.zeros_like(one) for one in found.values])
