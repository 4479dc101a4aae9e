"""Who is told of what happens once a step, or less often: a list of functions for each event.

Observers (observer.py) are told of every call of an op. What stands here costs an op nothing, so
that somebody may always watch: a list is asked for where the event happens, and is empty or short.
Those who are told keep no tensor and no node.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

_changes = itertools.count(1)  # as told by several threads, no number comes twice

#: ``told(outputs)``: ``backward`` is about to sweep from these tensors
backward_begins: list[Callable[[list[Any]], None]] = []

#: ``told(seed, node, retain, create)``: a sweep from ``seed.edges`` is over; ``node`` is the oldest
#: that it came to
sweep_ends: list[Callable[[Any, Any, bool, bool], None]] = []

#: ``told(optimizer)``: an optimiser has stepped
steps: list[Callable[[Any], None]] = []

#: ``told(gradients)``: the norm of these gradients has been limited
clips: list[Callable[[list[Any]], None]] = []

#: ``told(module, training)``: a module is about to be set to training, or to evaluation
modes: list[Callable[[Any, bool], None]] = []

#: ``told(call)``: a function acts as in training, by chance or by the batch, and is not recorded
unrecorded: list[Callable[[str], None]] = []

#: ``told(reason)``: what begins now is more than calls of ops, and is not to be done by a program
beyond_ops: list[Callable[[str], None]] = []

#: who wants each op to be run, by its name: no captured step is replayed meanwhile
all_ops: set[str] = set()

#: hooks round the steps of all optimisers, by when they are called
step_hooks: dict[str, dict[int, Callable[..., Any]]] = {}

#: the class of modules, whose calls are calls of modules
module_kinds: list[type] = []

#: another number each time that a module is given an attribute, a child, a hook
module_changes = 0

#: the optimisers that there are, and the line where each was made
optimizers: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def module_changed() -> None:
    """Note that a module has been given something, or has lost it."""
    global module_changes
    module_changes = next(_changes)


def begins_beyond_ops(reason: str) -> None:
    """Note that what begins now is not to be done by a program."""
    for told in beyond_ops:
        told(reason)


def at_first_pass(module: str) -> None:
    """Import ``module`` when the first pass begins, and call its ``first_pass(outputs)``."""

    def told(outputs: list[Any]) -> None:
        from importlib import import_module

        backward_begins.remove(told)
        import_module(module).first_pass(outputs)

    backward_begins.append(told)
