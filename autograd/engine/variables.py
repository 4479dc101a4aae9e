"""What the user calls a thing: the variables, attributes and elements that hold it.

Looked up in the frames that run, when there is something to say, and never before. Nothing that is
found is kept.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

from autograd.engine import lines
from autograd.engine.graph import TensorBase

_OF_A_FUNCTION = 1  # inspect.CO_OPTIMIZED, a module that takes a millisecond
_MOST = 5_000  # things looked at in one search
_WIDEST = 64  # elements of a list, from its end
_OUTERMOST = 8  # frames: further out are those who run the program, not the program


class Held(NamedTuple):
    """A thing that a variable holds, by its path: ``losses``, ``self.net``, ``seen['loss'][3]``."""

    path: str
    value: Any
    code: CodeType  # of the frame that the variable is in


def frames() -> list[FrameType]:
    """The user's frames, the innermost first."""
    found: list[FrameType] = []
    frame = lines.users(sys._getframe(1))
    while frame is not None and len(found) < _OUTERMOST:
        found.append(frame)
        frame = lines.users(frame.f_back)
    return found


def names_in(frame: FrameType) -> dict[str, Any]:
    """A frame's variables.

    Up to Python 3.12 the dict in which a function's frame shows them stays with the frame and would
    keep them alive; so it is emptied again, unless the program has it, from ``locals()``.
    """
    shown: Any = frame.f_locals
    known = dict(shown)
    of_function = frame.f_code.co_flags & _OF_A_FUNCTION
    if of_function and type(shown) is dict and sys.getrefcount(shown) == 3:
        shown.clear()
    return known


def variables(deep: int = 2) -> Iterator[Held]:
    """What the user's variables hold, and what these hold, ``deep`` times; what is nearer first."""
    waiting: deque[tuple[int, Held]] = deque()
    seen: set[int] = set()
    running = frames()
    scopes = [(names_in(frame), frame.f_code) for frame in running]
    scopes += [(frame.f_globals, frame.f_code) for frame in running]
    known = [(name, value, code) for scope, code in scopes for name, value in scope.items()]
    known.sort(key=lambda one: one[0] == "self")  # what has another name goes by that
    for name, value, code in known:
        if not name.startswith("__"):
            waiting.append((0, Held(name, value, code)))
    while waiting and len(seen) < _MOST:
        depth, held = waiting.popleft()
        if id(held.value) in seen or not _may_hold(held.value):
            continue
        seen.add(id(held.value))
        yield held
        if depth < deep:
            for path, value in inside(held):
                waiting.append((depth + 1, Held(path, value, held.code)))


def _may_hold(value: Any) -> bool:
    if isinstance(value, (int, float, str, bytes, ModuleType, type, FunctionType, FrameType)):
        return False
    return value is not None


def inside(held: Held) -> list[tuple[str, Any]]:
    """The elements, values or attributes of a thing, with their paths."""
    path, value = held.path, held.value
    if isinstance(value, TensorBase):
        return []
    if isinstance(value, dict):
        return [(f"{path}[{key!r}]", one) for key, one in list(value.items())[-_WIDEST:]]
    if isinstance(value, (list, tuple, deque)):
        first = max(len(value) - _WIDEST, 0)
        return [(f"{path}[{i}]", value[i]) for i in range(first, len(value))]
    own = getattr(value, "__dict__", None)
    return [(f"{path}.{name}", one) for name, one in own.items()] if type(own) is dict else []


# -- modules and parameters ------------------------------------------------------------------------


def is_module(value: Any) -> bool:
    """Whether something is an ``nn.Module``, of which autograd knows nothing else."""
    return hasattr(type(value), "named_modules") and "_modules" in getattr(value, "__dict__", ())


def models() -> list[Held]:
    """The modules that variables hold, none of which lies below another."""
    found = [held for held in variables() if is_module(held.value)]
    below = {id(m) for h in found for _, m in h.value.named_modules() if m is not h.value}
    return [held for held in found if id(held.value) not in below]


def parameters() -> Iterator[tuple[str, Any]]:
    """The parameters of the modules that variables hold, by their paths."""
    for model in models():
        for name, tensor in model.value.named_parameters():
            yield f"{model.path}.{name}", tensor


def modules_running() -> list[Any]:
    """The modules whose forward() is under way, the innermost first."""
    found: list[Any] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "forward":
            this = names_in(frame).get("self")
            if is_module(this) and this not in found:
                found.append(this)
        frame = frame.f_back
    return found


def module_name(module: Any) -> str:
    """What leads to a module: ``net.encoder.3``; its class where no variable leads to it.

    With ``net = nn.Sequential(nn.ReLU(), nn.Softmax(dim=1))`` it is ``net.1`` for ``net[1]``.
    """
    for model in models():
        for name, one in model.value.named_modules():
            if one is module:
                return f"{model.path}.{name}" if name else model.path
    return type(module).__name__


def tensor_name(tensor: Any) -> str | None:
    """What leads to a tensor: a parameter's path, or a variable; None where nothing does.

    With ``net = nn.Sequential(nn.Linear(1, 1))`` it is ``net.0.weight`` for ``net[0].weight``.
    """
    for path, one in parameters():
        if one is tensor:
            return path
    for held in variables(deep=3):
        if held.value is tensor:
            return held.path
        if is_module(held.value):  # one that no other has been told of: in a plain list
            for name, one in held.value.named_parameters():
                if one is tensor:
                    return f"{held.path}.{name}"
    return None


def listed(names: list[str], most: int = 3) -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c", "d", "e"])
    '`a`, `b`, `c` and 2 more'
    """
    shown = ", ".join([f"`{name}`" for name in names[:most]])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
