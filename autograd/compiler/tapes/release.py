"""Afterwards: what a step has kept in Python gets arrays in the place of its recorders.

Whoever hands recorders to a user's code finds them again wherever the code has put them: in a list,
an attribute, a closure. A step that keeps something is no program, and goes on with arrays.
"""

from __future__ import annotations

import gc
import types
from collections import deque
from typing import Any

from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded, RecordedScalar, Tape
from autograd.compiler.tapes.recording import settled

_KINDS = {Recorded, RecordedScalar, Number}
_ROUNDS = 4  # tuples in tuples are made anew from the inside


def release(tape: Tape) -> None:
    """Put arrays in the place of this tape's recorders, wherever they are kept.

    >>> import numpy as np
    >>> tape, kept = Tape(), []
    >>> kept.append((tape.lift(np.ones(2)), "loss"))
    >>> tape.forget()
    >>> release(tape)
    >>> kept
    [(array([1., 1.]), 'loss')]
    """
    found = [one for one in gc.get_objects() if type(one) in _KINDS and _tape_of(one) is tape]
    others: dict[int, Any] = {id(one): settled(one) for one in found}
    old: list[Any] = [*found]
    for _ in range(_ROUNDS):
        ours = {id(found), id(old)}
        tuples: list[Any] = []
        for holder in gc.get_referrers(*old) if old else ():
            if id(holder) in ours or isinstance(holder, types.FrameType):
                continue
            if isinstance(holder, tuple):
                if id(holder) not in others:
                    parts = [others.get(id(one), one) for one in holder]
                    others[id(holder)] = _like(holder, parts)
                    tuples.append(holder)
            else:
                _replace(holder, others)
        old = tuples


def _tape_of(one: Any) -> Any:
    """A recorder's tape; None where another thread is about to make one."""
    try:
        return object.__getattribute__(one, "tape")
    except AttributeError:
        return None


def _like(holder: Any, parts: list[Any]) -> Any:
    kind: Any = type(holder)
    return kind(*parts) if hasattr(holder, "_fields") else kind(parts)


def _replace(holder: Any, others: dict[int, Any]) -> None:
    """Put others in their places, where a holder lets itself be written to."""
    if isinstance(holder, dict):
        for key, value in [*holder.items()]:
            if id(value) in others:
                holder[key] = others[id(value)]
    elif isinstance(holder, (list, deque)):
        for i, value in enumerate(holder):
            if id(value) in others:
                holder[i] = others[id(value)]
    elif isinstance(holder, types.CellType):
        holder.cell_contents = others.get(id(holder.cell_contents), holder.cell_contents)
    elif not isinstance(holder, (set, frozenset)):
        for kind in type(holder).__mro__:
            for name, member in vars(kind).items():
                if isinstance(member, types.MemberDescriptorType):
                    value = getattr(holder, name, None)
                    if id(value) in others:
                        setattr(holder, name, others[id(value)])
