"""What the first steps of a training show: gradients that add up, parameters that are left out.

From the first backward pass on a program is watched for a number of steps; most mistakes show in
these. What is watched costs some microseconds a step, and later nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import isfinite
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from autograd.diagnosis.lint import graphs
from autograd.diagnosis.lint.said import say
from autograd.engine import lines, versions, watches
from autograd.engine.lines import Line

STEPS = 64  # of a program that are watched
_LOOKED_AT = (1, 2, 3, 16, 64)  # the passes whose graphs are looked at
_MOST = 32  # parameters whose gradients are told apart
_EXPLODES = 1e4  # a loss that many times the first
_RUNS_AWAY = 100  # or that many, and then infinite


class Course:
    """What is known of the steps of one optimiser."""

    def __init__(self) -> None:
        self.steps = 0
        self.fresh = False  # no pass since the step
        self.used: list[tuple[Callable[[], Any], Callable[[], Any]]] = []  # its gradients
        self.time = 0  # of the step, by the graph's clock
        self.still: list[bool] = []  # which of them the passes since then found unchanged
        self.without: list[Callable[[], Any]] | None = None  # parameters without any gradient yet


class Losses:
    """The losses of the passes that one line starts."""

    def __init__(self, first: float) -> None:
        self.first = self.latest = first
        self.passes = self.rises = 0


class Steps:
    """The watch over a program's steps; ``strictly`` to its end, and with all that is doubtful."""

    def __init__(self, strictly: bool = False) -> None:
        self.strictly = strictly
        self.passes = self.steps = 0
        self.courses: WeakKeyDictionary[Any, Course] = WeakKeyDictionary()
        self.leaves: dict[int, tuple[Callable[[], Any], int]] = {}  # tensors met, and how often
        self.losses: dict[Any, Losses] = {}
        self.exploded = False  # whatever else is seen then comes of it

    # -- a pass ------------------------------------------------------------------------------------

    def backward_begins(self, outputs: list[Any]) -> None:
        """For ``watches.backward_begins``."""
        self.passes += 1
        if (self.strictly or self.passes in _LOOKED_AT) and not self.exploded:
            leaves = graphs.look(outputs, self.strictly)
            if self.passes <= 3:
                self._meet(leaves)
        self._follow(outputs)
        for course in list(self.courses.values()):
            _note_unchanged(course)
        if self.passes > 4 * STEPS and not self.strictly:
            self._go_on()

    def _meet(self, leaves: list[Any]) -> None:
        for leaf in leaves:
            tensor = leaf.tensor()
            if tensor is not None:
                many = self.leaves.get(id(leaf), (None, 0))[1]
                self.leaves[id(leaf)] = (ref(tensor), many + 1)

    def _follow(self, outputs: list[Any]) -> None:
        """Whether the loss rises without end."""
        value, line = _number(outputs), lines.here()
        if value is None or line is None:
            return
        known = self.losses.setdefault((line.code, line.offset), Losses(value))
        known.passes += 1
        most = max(abs(known.first), 1.0)
        if not isfinite(value):
            told = f"{value} in pass {known.passes}, after {known.latest:.4g}"
            if known.passes > 1 and abs(known.latest) > _RUNS_AWAY * most:
                self._explode(f"{known.first:.4g} at first, and is {told}")
            elif not self.exploded:
                from autograd.diagnosis.lint.nonfinite import say_nonfinite

                self.exploded = True
                say_nonfinite(outputs, told if known.passes > 1 else f"{value} in the first pass")
            return
        known.rises = known.rises + 1 if value > known.latest else 0
        if known.rises >= 3 and value > _EXPLODES * most:
            self._explode(f"{known.first:.4g} at first, and {value:.4g} in pass {known.passes}")
        known.latest = value

    def _explode(self, losses: str) -> None:
        if not self.exploded:
            self.exploded = True
            _say_explodes(losses)

    # -- a step ------------------------------------------------------------------------------------

    def stepped(self, optimizer: Any) -> None:
        """For ``watches.steps``."""
        self.steps += 1
        course = self.courses.setdefault(optimizer, Course())
        course.steps += 1
        if any(course.still) and not course.fresh:
            pairs = zip(course.still, course.used)
            course.still = [one and _is_added_to(*used) for one, used in pairs]
            if any(course.still):
                _say_added_up(optimizer, course)
        course.used = [
            (ref(p), ref(p._grad))
            for group in optimizer.param_groups
            for p in group["params"][:_MOST]
            if p._grad is not None
        ]
        course.fresh, course.still, course.time = True, [], versions.tick()
        self._count(optimizer, course)
        if self.steps >= STEPS and not self.strictly:
            self._go_on()

    def clipped(self, gradients: list[Any]) -> None:
        """For ``watches.clips``: say where a step has used them, and no pass has added to them."""
        for optimizer, course in list(self.courses.items()):
            used = [gradient() for _, gradient in course.used] if course.fresh else []
            if gradients and used and all([any([g is one for one in used]) for g in gradients]):
                name = type(optimizer).__name__
                say(
                    ("clipped", name),
                    f"clip_grad_norm_: gradients must be clipped before they are used; {name}.step "
                    "has used these already. Clip between loss.backward() and optimizer.step().",
                )

    def _go_on(self) -> None:
        """From here on look at the loss alone."""
        self.end()
        if not self.exploded:
            watches.backward_begins.append(self.is_finite)

    def is_finite(self, outputs: list[Any]) -> None:
        """For ``watches.backward_begins``, once the first steps are over."""
        try:
            if isfinite(outputs[0]._data):
                return
        except TypeError:  # not one real number
            return
        self._follow(outputs)
        watches.backward_begins.remove(self.is_finite)

    def _count(self, optimizer: Any, course: Course) -> None:
        """Which parameters never have a gradient, and which no optimiser has."""
        params = [p for group in optimizer.param_groups for p in group["params"]]
        if course.without is None:
            course.without = [ref(p) for p in params if p._edge is not None]
        alive = [one() for one in course.without]
        without = [p for p in alive if p is not None and p._grad is None and p._edge is not None]
        course.without = [ref(p) for p in without]
        told, wanted = (3, 1) if self.strictly else (10, 3)
        if course.steps not in (told, wanted):
            return
        from autograd.diagnosis.lint.missing import say_left_out, say_unreached

        if course.steps == told and 0 < len(without) < len(params):
            say_unreached(without, optimizer)
        if course.steps == wanted:
            say_left_out(self._met(), optimizer)

    def _met(self) -> list[Any]:
        """The leaves of all passes so far that were looked at."""
        passes = min(self.passes, 3)
        found = [(one(), many) for one, many in self.leaves.values()]
        return [tensor for tensor, many in found if tensor is not None and 2 * many > passes]

    # -- the whole ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Watch from now on."""
        watches.backward_begins.append(self.backward_begins)
        watches.steps.append(self.stepped)
        watches.clips.append(self.clipped)

    def end(self) -> None:
        """Watch no longer."""
        for told, functions in (
            (self.backward_begins, watches.backward_begins),
            (self.is_finite, watches.backward_begins),
            (self.stepped, watches.steps),
            (self.clipped, watches.clips),
        ):
            if told in functions:
                functions.remove(told)

    def trained(self) -> bool:
        """Whether a training is under way."""
        return self.passes > 0

    def program_ends(self) -> None:
        """At a program's exit: say which optimiser has never stepped."""
        crashed = getattr(sys, "last_type", None) is not None
        if self.passes > 2 and not self.steps and not crashed:
            for optimizer in list(watches.optimizers):
                if _trained(optimizer) and not optimizer.state:  # which a step leaves
                    name = type(optimizer).__name__
                    say(
                        ("never", name),
                        f"{name}: step() must be called after backward(), or nothing is learnt; "
                        f"there were {self.passes} backward passes and no step. Call "
                        "optimizer.step() after loss.backward().",
                        self._where(),
                    )

    def _where(self) -> Line | None:
        first = next(iter(self.losses), None)
        return Line(*first) if first else None


def _number(outputs: list[Any]) -> float | None:
    """The loss that a pass begins with, where it is one real number."""
    data = outputs[0]._data
    if len(outputs) > 1 or getattr(data, "size", 0) != 1:
        return None
    value = data.item()
    return value if type(value) is float else None


def _trained(optimizer: Any) -> bool:
    params = [p for group in optimizer.param_groups for p in group["params"]]
    return any([p._grad is not None for p in params])


def _note_unchanged(course: Course) -> None:
    """Which of the gradients that the last step used are there still, before a pass adds to them.

    Only where they are when the first pass begins they are what is left of the step; what is zero
    before a later pass was set to zero in time.
    """
    if not course.used:
        return
    pairs = [(p(), g()) for p, g in course.used]
    there = [
        p is not None and g is not None and p._grad is g and bool(np.any(g._data)) for p, g in pairs
    ]
    if course.fresh:
        changed = [
            one and versions.changed_since(g._data, course.time)
            for one, (_, g) in zip(there, pairs)
        ]
        course.still = [one and not other for one, other in zip(there, changed)]
    else:
        course.still = [one and other for one, other in zip(there, course.still)]
    course.fresh = False


def _is_added_to(p: Callable[[], Any], g: Callable[[], Any]) -> bool:
    """Whether a gradient is what a pass has made of ``g``, and not one that was assigned."""
    tensor = p()
    now = tensor._grad if tensor is not None else None
    if now is None:
        return False
    return now is g() or now._edge is not None or not tensor._data.ndim  # these are made anew


def _say_added_up(optimizer: Any, course: Course) -> None:
    name = type(optimizer).__name__
    say(
        ("added", name),
        f"{name}.step: gradients must be set to zero between steps; {sum(course.still)} "
        f"{'parameter still has' if sum(course.still) == 1 else 'parameters still have'} those of "
        "the step before, to which backward() has added the new ones. Call optimizer.zero_grad() "
        "before loss.backward(), or after step().",
    )


def _say_explodes(losses: str) -> None:
    rates = sorted({
        float(group["lr"])
        for optimizer in list(watches.optimizers)
        for group in optimizer.param_groups
        if isinstance(group.get("lr"), (int, float))
    })  # fmt: skip
    rate = ", ".join([f"{one:g}" for one in rates]) or "?"
    lower = f"{rates[-1] / 10:g}" if rates else "a tenth"
    say(
        "explodes",
        f"training: the loss must not rise without end; it was {losses}. The learning rate, "
        f"lr={rate}, is too high: try lr={lower}, bring inputs and targets to mean 0 and variance "
        "1, or clip gradients (nn.utils.clip_grad_norm_).",
    )
