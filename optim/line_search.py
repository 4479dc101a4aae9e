"""How far to go along a direction: a point that fulfils the strong Wolfe conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

DECREASE, CURVATURE = 1e-4, 0.9  # how much the value, and the slope, must have fallen


class Point(NamedTuple):
    """A place on the line: how far along, the value, the gradient, the slope."""

    t: Any
    value: float
    gradient: Any
    slope: Any


def strong_wolfe(
    evaluate: Callable[[Any], Point], start: Point, t: Any, size: Any, tolerance: float, most: int
) -> tuple[Point, int]:
    """A point where value and slope have fallen enough, and how many were looked at.

    First steps grow until two points enclose such a point, then they close in on it (Nocedal &
    Wright 2006, algorithms 3.5 and 3.6, by cubic interpolation).

    :param evaluate: gives the point at ``t``.
    :param start: the point at 0.
    :param t: where to look first.
    :param size: the largest element of the direction.
    :param tolerance: how short the line between two points may be, in the largest element.
    :param most: how many points to look at, after the first.
    """
    before, here = start, evaluate(t)
    looked, tried = 1, 0
    while tried < most:
        if not low_enough(here, start) or (tried > 1 and here.value >= before.value):
            ends = [before, here]
            break
        if flat_enough(here, start):
            return here, looked
        if here.slope >= 0:
            ends = [before, here]
            break
        least, farthest = here.t + 0.01 * (here.t - before.t), here.t * 10
        before, here = here, evaluate(minimum_of_cubic(before, here, least, farthest))
        looked, tried = looked + 1, tried + 1
    else:
        ends = [start, here]
    low, high = (0, 1) if ends[0].value <= ends[1].value else (1, 0)
    slow = False  # the last point was too near to an end
    while tried < most and not abs(ends[1].t - ends[0].t) * size < tolerance:
        first, last = min(ends[0].t, ends[1].t), max(ends[0].t, ends[1].t)
        t = minimum_of_cubic(ends[0], ends[1], first, last)
        margin = 0.1 * (last - first)
        near = min(last - t, t - first) < margin
        if near and (slow or t >= last or t <= first):
            t = last - margin if abs(t - last) < abs(t - first) else first + margin
            slow = False
        else:
            slow = near
        here = evaluate(t)
        looked, tried = looked + 1, tried + 1
        if not low_enough(here, start) or here.value >= ends[low].value:
            ends[high] = here
            low, high = (0, 1) if ends[0].value <= ends[1].value else (1, 0)
            continue
        done = flat_enough(here, start)
        if not done and here.slope * (ends[high].t - ends[low].t) >= 0:
            ends[high] = ends[low]
        ends[low] = here
        if done:
            break
    return ends[low], looked


def low_enough(here: Point, start: Point) -> bool:
    return not here.value > start.value + DECREASE * here.t * start.slope


def flat_enough(here: Point, start: Point) -> bool:
    return bool(abs(here.slope) <= -CURVATURE * start.slope)


def minimum_of_cubic(one: Point, other: Point, first: Any, last: Any) -> Any:
    """Where the cubic with the values and slopes of both points is lowest between two places.

    Where it falls without end, half-way between them.
    """
    left, right = (one, other) if one.t <= other.t else (other, one)
    a = one.slope + other.slope - 3 * (one.value - other.value) / (one.t - other.t)
    square = a * a - one.slope * other.slope
    if not square >= 0:
        return (first + last) / 2
    root = np.sqrt(square)
    share = (right.slope + root - a) / (right.slope - left.slope + 2 * root)
    return min(max(right.t - (right.t - left.t) * share, first), last)
