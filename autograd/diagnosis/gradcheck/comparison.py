"""Whether two Jacobians agree, and what is said where they do not.

How far they may be apart follows from the estimated error of the differences, unless somebody has
chosen tolerances: ten times that error, and a hundred-thousandth of the value for what the formula
itself rounds. A wrong factor of 0.1 % is a hundred times that.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.diagnosis.gradcheck.mistakes import GradcheckError, Mismatch, kink, told
from autograd.diagnosis.gradcheck.numbers import numbers, written, zeros_like

if TYPE_CHECKING:
    from autograd.diagnosis.gradcheck.check import Check

_SAFETY = 10.0  # times the estimated error
_OWN = 1e-5  # relative: what formulas round, with much room
_TINY = 1e-8  # of the largest entry: below, a formula's rounding is all there is
_NOISE = 100.0  # times the estimated error: what is less is as good as 0
_ENOUGH = 5e-4  # the relative uncertainty beyond which a wrong factor of 0.1 % could hide


class Part(NamedTuple):
    """What is known of one output by one input: tables (numbers of the input, of the output)."""

    numerical: Any
    error: Any
    left: Any
    right: Any
    kinked: Any
    coarse: Any
    analytical: Any  # None: no gradient arrived


def allowed(check: Check, numerical: Any, error: Any) -> Any:
    """By how much an analytical value may differ from each numerical one."""
    atol: Any = check.how.atol
    rtol = check.how.rtol
    with np.errstate(invalid="ignore"):
        if atol is None:
            finite = np.isfinite(numerical)
            scale = np.max(np.abs(numerical), where=finite, initial=0.0)
            known = np.where(np.isfinite(error), error, 0.0)
            atol = _SAFETY * known + (_TINY * scale if rtol is None else 0.0)
        return atol + (_OWN if rtol is None else rtol) * np.abs(numerical)


def entries(check: Check, outputs: list[Any], i: int, k: int, part: Part) -> None:
    """Compare all entries; raises GradcheckError where one is off."""
    numerical = part.numerical
    if not numerical.size:
        return
    analytical = np.zeros_like(numerical) if part.analytical is None else part.analytical
    limit = allowed(check, numerical, part.error)
    with np.errstate(invalid="ignore"):
        same = np.equal(numerical, analytical)  # infinities
        excess = np.where(same, -1.0, np.abs(analytical - numerical) - limit)
    excess = np.where(np.isnan(excess), np.inf, excess)
    if not check.how.kinks:
        low, high = np.minimum(part.left, part.right), np.maximum(part.left, part.right)
        between = (analytical >= low - limit) & (analytical <= high + limit)
        excess = np.where(part.kinked & between, -1.0, excess)
    x, out = check.inputs[k], outputs[i]
    wrong = excess > 0
    if wrong.any():
        row, column = _first_largest(excess)
        found = Mismatch(
            check.input_names[k],
            written(row, x),
            check.output_name(i),
            written(column, out),
            float(numerical[row, column]),
            float(analytical[row, column]),
        )
        sides = (float(part.left[row, column]), float(part.right[row, column]))
        hint = told(
            numerical,
            part.analytical,
            (found.numerical, found.analytical),
            tuple(x.shape),
            tuple(out.shape),
            sides if part.kinked[row, column] else None,
        )
        raise _failure(
            check,
            found._replace(hint=hint),
            f"{found}: they differ by {abs(found.analytical - found.numerical):.3g}, "
            f"allowed are {float(limit[row, column]):.3g}. {int(wrong.sum())} of {wrong.size} "
            f"entries of this Jacobian are off. {hint}",
            tables(found.input, found.output, numerical, analytical),
        )
    _no_kink(check, outputs, i, k, part, analytical)
    _resolved(check, outputs, i, k, part, analytical)
    check.entries += numerical.size
    check.achieved = max(check.achieved, _relative(numerical, analytical, part.error))


def _failure(check: Check, found: Mismatch, words: str, after: str = "") -> GradcheckError:
    error = GradcheckError(
        f"{check.call}: analytical and numerical gradients must agree; {words}{after}"
    )
    error.found = found
    return error


def _first_largest(excess: Any) -> tuple[int, int]:
    """Where the largest value is; the first of those that are as good as equal."""
    worst = np.max(excess)
    close = excess >= worst * (1 - 1e-6) if math.isfinite(worst) else excess == worst
    row, column = np.unravel_index(int(np.argmax(close)), excess.shape)
    return int(row), int(column)


def _relative(numerical: Any, analytical: Any, error: Any) -> float:
    """How far apart the tables are, in parts of the largest entry; 0 where all are rounding."""
    known = np.isfinite(numerical) & (np.abs(numerical) > _NOISE * error)
    scale = np.max(np.abs(numerical), where=known, initial=0.0)
    with np.errstate(invalid="ignore"):
        apart = np.abs(analytical - numerical)
    worst = np.max(apart, where=np.isfinite(apart), initial=0.0)
    return float(worst / scale) if scale else 0.0


def _no_kink(check: Check, outputs: Any, i: int, k: int, part: Part, analytical: Any) -> None:
    """A kink has no derivative to compare with, also where the mean of its slopes agrees."""
    if not part.kinked.any():
        return
    row, column = (int(n) for n in np.argwhere(part.kinked)[0])
    found = Mismatch(
        check.input_names[k],
        written(row, check.inputs[k]),
        check.output_name(i),
        written(column, outputs[i]),
        float(part.numerical[row, column]),
        float(analytical[row, column]),
    )
    words = kink(float(part.left[row, column]), float(part.right[row, column]))
    if not check.how.kinks:
        check.kinks.append(f"{found.input} at {found.at_input}")
        return
    error = GradcheckError(f"{check.call}: a derivative must exist to be checked; {found}. {words}")
    error.found = found._replace(hint=words)
    raise error


def _resolved(check: Check, outputs: Any, i: int, k: int, part: Part, analytical: Any) -> None:
    """Differences that are too coarse to tell a wrong factor of 0.1 % tell nothing."""
    if check.how.atol is not None or check.how.rtol is not None:
        return
    steepness = np.abs(part.numerical)
    steepness = np.where(steepness > 3 * part.error, steepness, 0.0)  # or else it may be none
    steepness = np.maximum(steepness, np.abs(analytical))
    scale = np.max(steepness, where=np.isfinite(steepness), initial=0.0)
    unknown = _SAFETY * part.error > _ENOUGH * np.maximum(steepness, 0.1 * scale)
    coarse = part.coarse & unknown & np.isfinite(steepness) & ~part.kinked
    if not coarse.any():
        return
    row, column = (int(n) for n in np.argwhere(coarse)[0])
    error = GradcheckError(
        f"{check.call}: differences must be exact enough to tell a wrong gradient; that of "
        f"{check.output_name(i)} at {written(column, outputs[i])} by {check.input_names[k]} at "
        f"{written(row, check.inputs[k])}, {part.numerical[row, column]:.8g}, is known to "
        f"{part.error[row, column]:.2g} only. Keep float64 inside func, choose inputs at a "
        "distance from steps and poles, or give atol and rtol."
    )
    error.coarse = True
    raise error


# -- along random directions ----------------------------------------------------------------------


def agrees_along(check: Check, i: int, k: int, slope: Any, u: Any, v: Any) -> bool:
    """Whether the slope along a random direction is that by the gradient."""
    found, analytical = slope
    numerical, error = float(found.value[0]), float(found.error[0])
    if found.kinked[0]:
        if not check.how.kinks:
            check.kinks.append(f"{check.input_names[k]}, along a random direction")
            return True
        return False
    if found.coarse[0] and not check.how.search and _SAFETY * error > _ENOUGH * abs(numerical):
        return check.how.atol is not None or check.how.rtol is not None  # entries will tell
    weight = float(np.sum(np.abs(numbers(u))) * np.sum(np.abs(numbers(v))))
    atol, rtol = check.how.atol, check.how.rtol
    limit = (_OWN if rtol is None else rtol) * abs(numerical)
    # of an error of atol in every entry
    limit += _SAFETY * error if atol is None else atol * weight
    check.entries += 1
    apart = abs(analytical - numerical)
    if apart <= limit or numerical == analytical:
        if math.isfinite(apart) and abs(numerical) > _NOISE * error:
            check.achieved = max(check.achieved, apart / abs(numerical))
        return True
    check.last_along = (i, k, numerical, analytical)
    return False


def only_along(check: Check) -> None:
    """A direction was off, and no entry is."""
    if check.last_along is None:
        return
    i, k, numerical, analytical = check.last_along
    raise GradcheckError(
        f"{check.call}: analytical and numerical gradients must agree; along a random "
        f"direction, {check.output_name(i)} by {check.input_names[k]} is numerical "
        f"{numerical:.8g}, analytical {analytical:.8g}, though each entry is within "
        "its tolerance. Run without fast_mode to check by entries alone."
    )


def searched(check: Check, outputs: Any, i: int, k: int, u: Any, v: Any) -> None:
    """Raise GradcheckError for one entry that is off, found by halves.

    Of the two halves of the elements of the input, and then of the output, the one that more of
    the difference comes from is kept: so a large Jacobian costs no more than a few runs.
    """

    def gradient(weights: Any) -> Any:
        seeds = zeros_like(outputs)
        numbers(seeds[i])[...] = weights
        g = check.carried_back(outputs, seeds)[check.chosen.index(k)]
        return np.zeros(numbers(u).size) if g is None else numbers(g._data)

    def off(chosen: Any) -> float:
        part = np.zeros_like(u)
        numbers(part)[chosen] = numbers(u)[chosen]
        slope, analytical = check.along(outputs, i, k, part, v, whole)
        apart = abs(float(slope.value[0]) - analytical)
        return apart if math.isfinite(apart) else math.inf

    whole = gradient(numbers(v))
    among = np.arange(numbers(u).size)
    while among.size > 1:
        first, second = np.array_split(among, 2)
        among = first if off(first) >= off(second) else second
    row = int(among[0])
    start = sum(numbers(out._data).size for out in outputs[:i])
    size = numbers(outputs[i]._data).size
    nothing = np.zeros(sum(numbers(out._data).size for out in outputs))
    column = check.row(k, row, outputs, nothing).value[start : start + size]
    weights = numbers(v)
    among = np.arange(size)
    while among.size > 1:
        halves = np.array_split(among, 2)
        apart = []
        for half in halves:
            part = np.zeros(size)
            part[half] = weights[half]
            apart.append(abs(float(np.sum(part * column)) - float(gradient(part)[row])))
        among = halves[0] if apart[0] >= apart[1] or math.isnan(apart[0]) else halves[1]
    end = int(among[0])
    one = np.zeros(size)
    one[end] = 1.0
    found = Mismatch(
        check.input_names[k],
        written(row, check.inputs[k]),
        check.output_name(i),
        written(end, outputs[i]),
        float(column[end]),
        float(gradient(one)[row]),
    )
    hint = ""
    if not whole.any():
        hint = told(column[None], None, (found.numerical, 0.0), (), (), None)
    raise _failure(check, found._replace(hint=hint), f"{found}, along a random direction. {hint}")


# -- tables ---------------------------------------------------------------------------------------


def tables(x: str, out: str, numerical: Any, analytical: Any) -> str:
    """Both Jacobians where they are small, in units that leave few digits."""
    if not 1 < numerical.size <= 64:
        return ""
    both = np.abs(np.stack([numerical, analytical]))
    largest = float(np.max(both, where=np.isfinite(both), initial=0.0))
    power = math.floor(math.log10(largest)) if largest > 0 else 0
    scale, unit = (1.0, "") if -2 <= power <= 3 else (10.0**power, f", in units of 1e{power}")
    with np.printoptions(precision=5, suppress=True, linewidth=100):
        return (
            f"\nrows: elements of {x}; columns: elements of {out}{unit}"
            f"\nnumerical\n{numerical / scale}\nanalytical\n{analytical / scale}"
        )
