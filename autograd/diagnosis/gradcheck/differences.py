"""Slopes by differences, and how far they can be trusted.

The central difference D(h) = (f(h) - f(-h)) / 2h is off by what is curved, of order h², and by what
is rounded, of order ε |f| / h. Neither is known beforehand. So where one short step does not settle
the matter, D is taken at many, from long to short, and extrapolated to h = 0; of all values that
this gives the one counts whose neighbours differ from it least, and this difference is its error.

Ridders 1982, *Advances in Engineering Software* 4(2), 75-76, doi:10.1016/S0141-1195(82)80057-0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

Curve = Callable[[float], Any]  # t -> the outputs at x + t u, all their numbers in one row

FIRST = 2.0**-17  # near the cube root of ε, where D of a tame function is best
_STEPS = tuple([2.0**-k for k in range(4, 25, 2)])
_RATIO = 4.0  # of a step to the next one
_ORDERS = 4  # how often a row is extrapolated: further columns only collect rounding
_SETTLED = 1e-7  # the relative error at which no shorter step is tried
ROUNDING = 4 * float(np.finfo(np.float64).eps)


class Slopes(NamedTuple):
    """The slopes of a row of numbers, each with the estimated error; and where f has kinks."""

    value: Any
    error: Any
    left: Any  # the one-sided slopes
    right: Any
    kinked: Any  # whether these stay apart, however short the step
    coarse: Any  # whether the error is far above what float64 rounds


def slopes(
    f: Curve,
    here: Any,
    expected: Any,
    magnitude: Any,
    sizes: Sequence[float],
    step: float | None = None,
) -> Slopes:
    """The slopes of ``f`` at 0.

    :param here: f(0).
    :param expected: what they should be: where one short step agrees, no more is asked of ``f``.
    :param magnitude: of what numbers ``f`` is made of; their rounding is what differences feel.
    :param sizes: scales of steps, the first one preferred; others where ``f`` leaves its domain.
    :param step: the only step, where somebody has chosen it.

    >>> found = slopes(lambda t: np.array([(2 + t) ** 3, abs(t)]), np.array([8.0, 0.0]),
    ...                np.array([12.0, 0.0]), np.array([8.0, 8.0]), [1.0])
    >>> found.value.round(6), found.kinked
    (array([12.,  0.]), array([False,  True]))
    """
    h = step or FIRST * sizes[0]
    with np.errstate(all="ignore"):
        ahead, behind = f(h), f(-h)
        value = (ahead - behind) / (2 * h)
        left, right = (here - behind) / h, (ahead - here) / h
        error = ROUNDING * magnitude / h
        doubtful = np.abs(right - left) > 1e-3 * (np.abs(left) + np.abs(right)) + 8 * error
        kinked = np.zeros(value.shape, np.bool_)
        if doubtful.any():
            kinked, left, right = _sides(f, here, magnitude, h, left, right, doubtful)
        apart, steep = np.abs(value - expected), np.abs(value)
        settled = apart <= 5e-6 * steep
        if not settled.all() and error.max() <= 1e-5 * steep.max(
            where=np.isfinite(steep), initial=0
        ):
            settled |= apart <= 2 * error  # rounding, beside slopes that are far above it
        far = np.zeros(value.shape)  # slopes over a long step
        if step is not None:
            error = np.maximum(error, np.abs(value - (f(h / 2) - f(-h / 2)) / h))
            far, settled = steep, np.zeros(value.shape, np.bool_)
        elif not settled.all():
            for size in sizes:
                better, known, long = _extrapolated(f, here, magnitude, size, ~settled)
                use = ~settled & ((known < np.inf) | (size == sizes[-1])) & (far == 0)
                value = np.where(use & np.isfinite(better), better, value)
                error = np.where(use, known, error)
                far = np.where(use, long, far)
                if (settled | (known < np.inf)).all():
                    break
        coarse = ~settled & (error > 2e-5 * far) & (error > 1e4 * ROUNDING * magnitude / sizes[-1])
    return Slopes(value, error, left, right, kinked, coarse)


def _extrapolated(
    f: Curve, here: Any, magnitude: Any, size: float, wanted: Any
) -> tuple[Any, Any, Any]:
    """The best slopes that steps of many lengths give, their errors (infinite where none do), and
    how steep f is over the longest step.
    """
    far: Any = None
    value = np.full(magnitude.shape, np.nan)
    error = np.full(magnitude.shape, np.inf)
    older: list[Any] = []
    for length in _STEPS:
        h = length * size
        try:
            ahead, behind = f(h), f(-h)
        except Exception:  # a long step may leave the domain, which some functions do not accept
            older = []
            continue
        row = [(ahead - behind) / (2 * h)]
        if far is None:
            far = np.maximum(np.abs(ahead - here), np.abs(here - behind)) / h
        rounding = ROUNDING * magnitude / h
        for order, before in enumerate(older[:_ORDERS]):
            row.append(row[-1] + (row[-1] - before) / (_RATIO ** (2 * order + 2) - 1))
            apart = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - before)) + rounding
            better = apart < error
            value = np.where(better, row[-1], value)
            error = np.where(better, apart, error)
        older = row
        enough = np.maximum(_SETTLED * np.abs(value), 8 * ROUNDING * magnitude / size)
        if (error <= enough)[wanted].all():
            break
    return value, error, np.zeros(value.shape) if far is None else np.nan_to_num(far)


def _sides(
    f: Curve, here: Any, magnitude: Any, h: float, left: Any, right: Any, doubtful: Any
) -> tuple[Any, Any, Any]:
    """Where the one-sided slopes stay apart when the step shrinks, and these slopes.

    What is smooth but curved brings them together as the step does, and noise drives them apart.
    """

    def apart(h: float) -> tuple[Any, Any]:
        return (here - f(-h)) / h, (f(h) - here) / h

    try:
        far, near = apart(8 * h), apart(h / 512)
    except Exception:  # outside the domain
        return np.zeros(doubtful.shape, np.bool_), left, right
    gap, before = np.abs(near[1] - near[0]), np.abs(far[1] - far[0])
    steepest = np.maximum(np.abs(near[0]), np.abs(near[1]))
    noise = 8 * ROUNDING * magnitude * 512 / h
    there = before > 1000 * ROUNDING * magnitude / (8 * h)  # at a step that rounding hardly touches
    bent = (gap > 0.5 * before) & (gap < 2 * before)
    jumps = bent | (_alike(far[0], near[0] / 4096) & _alike(far[1], near[1] / 4096))
    kinked = doubtful & there & jumps & (gap > 1e-3 * steepest + noise)
    return kinked, np.where(kinked, near[0], left), np.where(kinked, near[1], right)


def _alike(far: Any, near: Any) -> Any:
    """Whether what lies between f(0) and f(±h) is as high for a short step as for a long one."""
    return np.abs(near - far) <= 0.01 * np.abs(far)
