"""Values that a step reads into Python for nothing but its result: ``return loss.item()``.

A replay has no Python that could take a value over. But where the value only goes into what the
step returns (flow.py), the array that it was read from is one more result of the program, and
:class:`Read` stands in its place: ``run`` puts there what is read from the array of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.arrays.dialect import Scalar
from autograd.compiler.tapes.flow import Path, Ways, called, returned
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded, Refusal
from autograd.engine.grad_mode import no_grad
from autograd.engine.lines import Line
from autograd.tensors.conversion import Conversions

# How a value is read, by the method that reads it and how its call is written
_WAYS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("item", ".item"): lambda array: array.item(),
    ("tolist", ".tolist"): lambda array: array.tolist(),
    ("__bool__", "bool"): lambda array: bool(array.item()),
    ("__int__", "int"): lambda array: int(array.item()),
    ("__float__", "float"): lambda array: float(array.item()),
    ("__complex__", "complex"): lambda array: complex(array.item()),
}
_METHODS: dict[CodeType, str] = {getattr(Conversions, name).__code__: name for name, _ in _WAYS}

_DIRECT = {way: name for name, way in _WAYS}

_NOWHERE = object()


class Read:
    """A value that was read: ``recorder`` has the array of that moment, ``take`` reads it.

    ``itself`` says that it is the very object that the step has got; else it is one like it.
    """

    def __init__(self, value: Any, itself: bool, recorder: Any, take: Any, ways: Ways) -> None:
        self.value, self.recorder, self.take, self.ways = value, recorder, take, ways
        self.unique = itself and type(value) in (float, complex, list)  # small numbers are shared

    def places(self, result: Any) -> list[Path] | None:
        """Where in ``result`` the value is; None where that is not sure."""
        claimed = {path for way in self.ways for path in way}
        found = [path for path in claimed if self._is_like(_at(result, path))]
        if len(self.ways) == 1:
            return found if len(found) == len(claimed) else None
        return found if self.unique else None

    def _is_like(self, one: Any) -> bool:
        """Whether ``one`` may be the value."""
        if self.unique:
            return one is self.value
        return type(one) is type(self.value) and repr(one) == repr(self.value)


class Reads:
    """What a call of ``function``, from the code ``caller``, reads for its result alone.

    >>> import sys
    >>> import autograd
    >>> from autograd.compiler.tapes.recording import Recording
    >>> def step(x):
    ...     return x.sum().item(), 3
    >>> def record(x):
    ...     with Recording() as recording:
    ...         reads = recording.tape.reads = Reads(step, sys._getframe().f_code)
    ...         result = step(x)
    ...     return reads.marked(result, False), recording.tape.refusals
    >>> (read, three), refusals = record(autograd.ones(2))
    >>> read.value, read.recorder, three, refusals
    (2.0, RecordedScalar(np.float32(2.0)), 3, [])
    """

    def __init__(self, function: Callable[..., Any], caller: CodeType) -> None:
        self.function, self._caller = function, caller
        self.refusals: list[Refusal] = []
        self._found: dict[Read, tuple[str, Line]] = {}  # and what is to be said of them

    def notes(self, recorder: Recorded, value: Any, asking: FrameType) -> bool:
        """``value`` was read for the method in ``asking``: whether the step only returns it."""
        names = []
        frame: FrameType | None = asking
        while frame is not None and frame.f_code in _METHODS:
            names.append(_METHODS[frame.f_code])
            frame = frame.f_back
        if frame is None or not self._is_step(frame):
            return False
        code, offset = frame.f_code, frame.f_lasti
        way = called(code, offset)
        names = names or [_DIRECT.get(way, "")]  # of an array that the step has itself
        take = _WAYS.get((names[-1], way))
        if take is None or (way[0] != "." and not _is_builtin(frame, way)):
            return False
        if names[-1] == "__int__" and dtypes.differentiable(recorder.dtype):
            return False  # of NaN there is none: a step must say so in its place
        ways = returned(code, offset)
        if ways is None:
            return False
        itself = names[-1] in ("item", "tolist") or (way == "float" and type(value) is float)
        value = value if itself else take(recorder.inside)
        read = Read(value, itself, _kept(recorder), take, ways)
        self._found[read] = f"a value was read into Python, by {names[-1]}", Line(code, offset)
        return True

    def _is_step(self, frame: FrameType) -> bool:
        """Whether a frame is that of the step: what it returns is what the call gives."""
        frames: list[FrameType | None] = [frame]
        while frame.f_back is not None and frame.f_back.f_code is _under_mode():
            frame = frame.f_back
            frames.append(frame)
        function: Any = self.function
        while frames:
            one = frames.pop()
            function = _plain(function)
            if one is None or getattr(function, "__code__", None) is not one.f_code:
                return False
            function = getattr(function, "__wrapped__", None)
        return frame.f_back is not None and frame.f_back.f_code is self._caller

    def marked(self, result: Any, catches: bool) -> Any:
        """``result`` with a :class:`Read` in the place of each value that was read for it.

        Refuses where it is not sure which these are. ``catches``: exceptions are caught in the
        step, so it may have gone on elsewhere.
        """
        places: dict[Path, Read] = {}
        for read, told in self._found.items():
            paths = None if catches else read.places(result)
            if paths is None:
                self.refusals.append(Refusal(*told))
            else:
                places |= dict.fromkeys(paths, read)
        return _replaced(result, places)


def numbers_in(result: Any) -> dict[int, Read]:
    """For each number of the step that is a result, by its ``id``, the array that it comes in."""
    found: dict[int, Read] = {}
    for one in trees.flatten(result)[0]:
        if type(one) is Number:
            array = one.tape.note(np.array, (one,), {}, np.array(one.value))
            found[id(one)] = Read(one.value, False, array, _item, frozenset())
    return found


def _item(array: Any) -> Any:
    return array.item()


def _kept(recorder: Recorded) -> Any:
    """A recorder over what is in ``recorder`` now: nobody writes to it."""
    return recorder if isinstance(recorder, Scalar) else recorder.copy()


def _is_builtin(frame: FrameType, name: str) -> bool:
    return name not in frame.f_globals and name in frame.f_builtins


@cache
def _under_mode() -> CodeType:
    """The code of what ``@no_grad()`` and its kin make of a function: it calls, and returns."""
    made: Any = no_grad()(lambda: None)
    return made.__code__


def _plain(function: Any) -> Any:
    """The function of Python's that is called at once by ``function``."""
    while isinstance(function, (partial, MethodType)):
        function = function.func if isinstance(function, partial) else function.__func__
    if not isinstance(function, FunctionType):
        function = type(function).__call__
    return function


def _at(tree: Any, path: Path) -> Any:
    """What is at a place; ``_NOWHERE`` where there is none."""
    for i, n in path:
        if type(tree) not in (tuple, list, dict) or len(tree) != n:
            return _NOWHERE
        tree = [*(tree.values() if type(tree) is dict else tree)][i]
    return tree


def _replaced(tree: Any, places: dict[Path, Any], path: Path = ()) -> Any:
    """``tree`` with others in these places."""
    if path in places:
        return places[path]
    if not any([one[: len(path)] == path for one in places]):
        return tree
    parts = [*(tree.values() if type(tree) is dict else tree)]
    n = len(parts)
    parts = [_replaced(one, places, (*path, (i, n))) for i, one in enumerate(parts)]
    return dict(zip(tree, parts)) if type(tree) is dict else type(tree)(parts)
