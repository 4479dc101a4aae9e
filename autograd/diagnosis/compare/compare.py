"""compare: the first op at which two runs differ by more than rounding."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.compare.recording import (
    Entry,
    Recording,
    from_same_stream,
    read,
    record_run,
)
from autograd.diagnosis.reports import Report, handed_over

__all__ = ["compare"]

Run = Callable[[], Any] | Recording | str | os.PathLike[str]

_JUMP = 16.0  # an op makes a difference: this many times that of what it was made of


class Comparison(Report):
    """What :func:`compare` found.

    :ivar agree: whether nothing differs by more than rounding.
    :ivar op: what differs first; None where nothing does. So are the next four.
    :ivar what: ``"value"`` or ``"gradient"``.
    :ivar ulps: by how much, in units of rounding of the array's largest element.
    :ivar line: where in the program, of the first run: ``net.py:34``.
    :ivar index: the element that is furthest off.
    """

    agree = True
    op: str | None = None
    what = line = ""
    ulps = 0.0
    index: tuple[int, ...] = ()


def compare(run_a: Run, run_b: Run, *, ulps: float = 100.0) -> Comparison:
    """The first op whose value, or gradient, differs between two runs by more than rounding.

    The ops of both are paired in their order, by PyTorch's names and shapes. A difference is
    measured in units of rounding (ulps) of the coarser dtype at the array's largest element. What
    is named is the first that exceeds ``ulps`` and 16 times the difference of what it was made of:
    rounding that grows slowly, as it does along a deep network, is told as such, and is agreement.

    Runs are a function without arguments, a recording (:func:`record_run`) or the name of its
    file, as ``docs/record_torch.py`` writes of a PyTorch program. Functions start from the same
    state of the random numbers; each should build its own model, from the same weights.

    As a statement of its own the call prints the report.

    :param ulps: how much is rounding; 100 is 1.2e-5 of the largest element in float32.
    :returns: a report, with what was found as attributes: see ``Comparison``.
    :raises TypeError: a run is none of these.
    :raises ValueError: a file is no recording.

    Units in the last place: Goldberg 1991, doi:10.1145/103162.103163.

    >>> import autograd
    >>> w = autograd.tensor([0.5, 2.0], requires_grad=True)
    >>> found = autograd.compare(lambda: (w.exp() * 2).sum(), lambda: (w.exp() * 2.001).sum())
    >>> found.op, found.what, found.index
    ('Multiply', 'value', (1,))
    """
    runs = [_recorded(run) for run in (run_a, run_b)]
    a, b = from_same_stream(runs)
    report = _Walk(a.entries, b.entries, ulps).report()
    return handed_over(report, sys._getframe(1))


def _recorded(run: Any) -> Callable[[], Recording]:
    if isinstance(run, Recording):
        return lambda: run
    if isinstance(run, (str, os.PathLike)):
        return lambda: read(run)
    if not callable(run):
        raise TypeError(
            "compare: a run must be a function, a recording or its file; got "
            f"{type(run).__name__}. Pass the function uncalled: compare(before, after)."
        )
    return lambda: record_run(run)


class _Walk:
    """Goes through the pairs of two recordings in the order of the first run."""

    def __init__(self, a: list[Entry], b: list[Entry], limit: float) -> None:
        self.a, self.b, self.limit = a, b, limit
        self.pairs = dict(_paired(a, b))
        self.off: dict[tuple[int, str], float] = {}  # by entry of a, and "value" or "gradient"
        self.cancelled: set[tuple[int, str]] = set()
        self.users: dict[int, list[int]] = {}
        for i, entry in enumerate(a):
            for below in entry.inputs:
                self.users.setdefault(below, []).append(i)

    def events(self) -> Iterator[tuple[int, str]]:
        """Values and gradients, as time went in the first run."""
        found = [(entry.born, i, "value") for i, entry in enumerate(self.a)]
        found += [
            (entry.swept, i, "gradient") for i, entry in enumerate(self.a) if entry.swept >= 0
        ]
        for _, i, what in sorted(found):
            if i in self.pairs:
                yield i, what

    def report(self) -> Comparison:
        """The first that is off, or that all agree."""
        for i, what in self.events():
            one, other = self._arrays(i, what)
            if one is None or other is None:
                continue
            ulps, index = difference(one, other)
            before = max([self.off.get(one, 0.0) for one in self._made_of(i, what)], default=0.0)
            self.off[i, what] = ulps
            if ulps > self.limit and ulps > _JUMP * max(before, 1.0):
                if not self._cancels(i, what, one, other):
                    return self._different(i, what, ulps, index, before)
                self.cancelled.add((i, what))
        return self._alike()

    def _arrays(self, i: int, what: str) -> tuple[Any, Any]:
        one, other = self.a[i], self.b[self.pairs[i]]
        return (one.value, other.value) if what == "value" else (one.grad, other.grad)

    def _made_of(self, i: int, what: str) -> list[tuple[int, str]]:
        """The values and gradients that an entry's value, or gradient, was computed of."""
        if what == "value":
            return [(below, "value") for below in self.a[i].inputs]
        found = [(i, "value")]
        for user in self.users.get(i, ()):
            found += [(user, "gradient"), (user, "value")]
            found += [(below, "value") for below in self.a[user].inputs]
        return found

    def _cancels(self, i: int, what: str, one: Any, other: Any) -> bool:
        """Whether both are what rounding left of a sum that is zero: the digits mean nothing."""
        operands = [array for j, kind in self._made_of(i, what) if kind == what
                    for array in [self._arrays(j, what)[0] if j in self.pairs else None]
                    if array is not None]  # fmt: skip
        scale = max([_largest(array) for array in operands], default=0.0)
        most = max(_largest(one), _largest(other))
        return most <= 16 * float(np.finfo(_coarser(one, other)).eps) * scale

    def _different(self, i: int, what: str, ulps: float, index: Any, before: float) -> Comparison:
        entry, other = self.a[i], self.b[self.pairs[i]]
        one, two = self._arrays(i, what)
        by = entry
        subject = f"the value of {_called(entry)}{_unlike(entry, other)}"
        if what == "gradient":
            by = self.a[self.users[i][0]] if i in self.users else entry
            others = len(self.users.get(i, ())) - 1
            subject = f"the gradient that the backward of {_called(by)} at {by.place}"
            subject += f" and {others} more" if others > 0 else ""
            subject += f" gives to {_called(entry)}"
        done = sum(1 for _, kind in self.off if kind == what) - 1
        where = f" at {list(index)}" if index else ""
        rows = [
            f"compare: the runs differ first in {subject}, by {_number(ulps)} ulps of "
            f"{_coarser(one, two)}{where}.",
            f"  a: {_element(one, index)} ({one.dtype}), {_placed(entry)}",
            f"  b: {_element(two, index)} ({two.dtype}), {_placed(other)}",
            f"  Up to there {done} {what}s agree; what it was computed of agrees within "
            f"{_number(before)} ulps.",
            *self._unpaired(),
            f"  {_advice(entry, what)}",
        ]
        report = Comparison("\n".join(rows))
        report.agree, report.op, report.what, report.ulps = False, by.said, what, ulps
        report.line, report.index = by.place, index
        return report

    def _alike(self) -> Comparison:
        values = [off for (_, what), off in self.off.items() if what == "value"]
        gradients = [off for (_, what), off in self.off.items() if what == "gradient"]
        if not values:
            return Comparison(
                "compare: nothing could be compared: no op of one run has the name and shape of "
                "one of the other."
            )
        counted = {one: off for one, off in self.off.items() if one not in self.cancelled}
        (i, what), most = max(counted.items(), key=lambda one: one[1])
        one, two = self._arrays(i, what)
        rows = [
            f"compare: the runs agree: {len(values)} values and {len(gradients)} gradients, within "
            f"{_number(most)} ulps of {_coarser(one, two)}."
        ]
        if most > 4:
            rows.append(
                f"  The most is in the {what} of {_called(self.a[i])}, {_placed(self.a[i])}."
            )
        if most > self.limit:
            rows.append("  It has grown slowly, as rounding adds up: no op makes a jump.")
        return Comparison("\n".join([*rows, *self._unpaired()]))

    def _unpaired(self) -> list[str]:
        """What one run has and the other has not."""
        taken = set(self.pairs.values())
        rows = []
        for name, entries, known in (("a", self.a, set(self.pairs)), ("b", self.b, taken)):
            left = [one for i, one in enumerate(entries) if i not in known and not one.outside]
            if left:
                shown = ", ".join([f"{_called(one)} ({one.place})" for one in left[:3]])
                rest = f" and {len(left) - 3} more" if len(left) > 3 else ""
                rows.append(f"  Only in {name}: {shown}{rest}.")
        return rows


def _paired(a: list[Entry], b: list[Entry]) -> list[tuple[int, int]]:
    """Which entry of ``a`` is which of ``b``.

    Results by name and shape, in order, and else by shape alone; what they were given from outside
    by its shape and whether it requires grad, in order.
    """
    places = [[i for i, one in enumerate(entries) if not one.outside] for entries in (a, b)]
    results = [[entries[i] for i in held] for entries, held in zip((a, b), places)]
    keys = [[(one.key, one.value.shape) for one in held] for held in results]
    found: list[tuple[int, int]] = []
    for tag, i, to_i, j, to_j in SequenceMatcher(
        None, keys[0], keys[1], autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found += zip(range(i, to_i), range(j, to_j))
        elif tag == "replace":
            spans = [keys[0][i:to_i], keys[1][j:to_j]]
            shapes = [[shape for _, shape in span] for span in spans]
            for block in SequenceMatcher(
                None, shapes[0], shapes[1], autojunk=False
            ).get_matching_blocks():
                found += [(i + block.a + k, j + block.b + k) for k in range(block.size)]
    pairs = {places[0][i]: places[1][j] for i, j in found}
    for i, j in list(pairs.items()):
        groups: list[dict[Any, list[int]]] = [{}, {}]
        for entries, k, group in ((a, i, groups[0]), (b, j, groups[1])):
            for below in entries[k].inputs:
                one = entries[below]
                if one.outside:
                    group.setdefault((one.leaf, one.value.shape), []).append(below)
        for kind, left in groups[0].items():
            right = groups[1].get(kind, [])
            if len(left) == len(right):
                pairs.update((x, y) for x, y in zip(left, right) if x not in pairs)
    return sorted(pairs.items())


def difference(one: Any, other: Any) -> tuple[float, tuple[int, ...]]:
    """How far two arrays of one shape are apart, in ulps of their largest element, and where."""
    if one.size == 0:
        return 0.0, ()
    if not dtypes.differentiable(one.dtype) or not dtypes.differentiable(other.dtype):
        apart = one != other
        return (float("inf") if apart.any() else 0.0), _index(apart)
    with np.errstate(all="ignore"):
        kind = np.result_type(one.dtype, other.dtype, np.float64)
        wide = [array.astype(kind) for array in (one, other)]
        apart = np.abs(wide[0] - wide[1])
        same = (wide[0] == wide[1]) | (np.isnan(wide[0]) & np.isnan(wide[1]))
        apart = np.where(same, 0.0, apart)
        unit = max(map(_largest, wide)) * float(np.finfo(_coarser(one, other)).eps)
        ulps = np.where(np.isfinite(apart), apart / max(unit, 1e-300), np.inf)
    return float(ulps.max()), _index(ulps)


def _largest(array: Any) -> float:
    """The largest finite magnitude."""
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def _index(off: Any) -> tuple[int, ...]:
    return tuple([int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape)])


def _coarser(one: Any, other: Any) -> Any:
    floats = [array.dtype for array in (one, other) if dtypes.differentiable(array.dtype)]
    return max(floats, key=lambda d: np.finfo(d).eps) if floats else one.dtype


def _called(entry: Entry) -> str:
    return f"{entry.said} ({entry.module})" if entry.module else entry.said


def _unlike(entry: Entry, other: Entry) -> str:
    return f" (b: {other.said})" if other.said != entry.said else ""


def _placed(entry: Entry) -> str:
    return f"at {entry.place}" if entry.place else "at an unknown line"


def _element(array: Any, index: tuple[int, ...]) -> str:
    return repr(array[index].item()) if array.shape else repr(array.item())


def _number(ulps: float) -> str:
    return f"{ulps:.0f}" if 1 <= ulps < 1e5 else f"{ulps:.2g}"


def _advice(entry: Entry, what: str) -> str:
    if entry.outside and what == "value":
        return (
            "The runs start from different numbers: give both the same data and weights "
            "(load_state_dict), and seed before each."
        )
    if what == "gradient":
        return "Values agree; look at the gradient formula of that op."
    return (
        "Look at this op, its options, and the constants in it: a factor, an eps, an axis, a mode."
    )
