"""The lint as a whole: on for a program's first steps, and ``strict`` to its end."""

from __future__ import annotations

import atexit
from typing import Any

from autograd.diagnosis.lint import said
from autograd.diagnosis.lint.evaluation import ActsAsInTraining, BuildsGraphs, StaysInEvaluation
from autograd.diagnosis.lint.leaks import Leaks
from autograd.diagnosis.lint.steps import Steps
from autograd.engine import lines, watches

__all__ = ["strict"]


class Lint:
    """All that watches."""

    def __init__(self, strictly: bool) -> None:
        self.steps = steps = Steps(strictly)
        self._leaks = Leaks()
        self._acts = ActsAsInTraining(steps.trained)
        self._builds = BuildsGraphs(steps.trained, strictly)
        self._stays = StaysInEvaluation(steps.trained)

    def begin(self) -> None:
        """Watch from now on."""
        if self.steps.strictly:
            lines.note(self)
            watches.all_ops.add("strict")
        self.steps.begin()
        self._leaks.begin()
        watches.unrecorded.append(self._acts.unrecorded)
        watches.modes += [self._acts.mode_set, self._builds.mode_set, self._stays.mode_set]

    def end(self) -> None:
        """Watch no longer."""
        lines.done(self)
        watches.all_ops.discard("strict")
        self.steps.end()
        self._leaks.end()
        self._acts.stop()
        self._builds.stop()
        self._stays.stop()
        watches.unrecorded.remove(self._acts.unrecorded)
        watches.modes.remove(self._acts.mode_set)
        watches.modes.remove(self._builds.mode_set)
        watches.modes.remove(self._stays.mode_set)


class _Choice:
    """Which lint is on."""

    made = False  # by the user
    lint: Lint | None = None


_choice = _Choice()


def _take(lint: Lint | None) -> Lint | None:
    """Let ``lint`` watch; the one that watched so far."""
    before, _choice.lint = _choice.lint, lint
    if before is not None:
        before.end()
    if lint is not None:
        lint.begin()
    return before


def first_pass(outputs: list[Any]) -> None:
    """A program's first backward pass begins: from here on it is watched."""
    if not _choice.made:
        lint = Lint(strictly=False)
        _take(lint)
        lint.steps.backward_begins(outputs)


@atexit.register
def _program_ends() -> None:
    if _choice.lint is not None:
        _choice.lint.steps.program_ends()


class strict:  # noqa: N801 - a switch, as set_grad_enabled is
    """Warn of what goes wrong in a training without an error; at once, or for a ``with``.

    Without it, the first steps of a program are watched for mistakes that are certain. With it,
    all steps are, for what is doubtful, too, and each finding comes at the first occasion:

    * gradients that are not set to zero between steps, a step that is never made;
    * softmax or sigmoid before a loss that has it built in, probabilities where their logarithms
      are wanted, softmax over one class or across samples, labels outside [0, 1];
    * parameters that no optimiser has, layers in a plain list, parameters that no loss reaches;
    * dropout and batch normalisation as in training while results are compared with targets, a
      model that stays in evaluation mode, evaluation that builds graphs;
    * rectifiers that are 0 for a whole batch, a loss that rises without end;
    * graphs that a variable holds, pass after pass.

    A warning (``UserWarning``) names the line, the culprit and the cure, and is given once. No
    number changes. ``python -m autograd --strict script.py`` runs a script with it.

    :param mode: False watches nothing, not even the first steps.
    :raises TypeError: a mode that is not True or False.

    >>> import warnings, autograd, nn
    >>> from nn import functional as F
    >>> net = nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1))
    >>> with autograd.strict(), warnings.catch_warnings(record=True) as found:
    ...     warnings.simplefilter("always")
    ...     F.cross_entropy(net(autograd.ones(1, 2)), autograd.tensor([0])).backward()
    >>> print(found[0].message)  # doctest: +ELLIPSIS
    cross_entropy: input must be logits, any real scores; it is given the output of softmax...
    """

    def __init__(self, mode: bool = True) -> None:
        if not isinstance(mode, bool):
            raise TypeError(f"strict: mode must be True or False; got {mode!r:.60}. Pass a bool.")
        said.forget()
        _choice.made, self._made = True, _choice.made
        self._before = _take(Lint(strictly=True) if mode else None)

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None:
        _take(self._before)
        _choice.made = self._made
