"""Where something went wrong, as the last sentence of the error: the user's line, and the module.

    At net.py:34 (x = self.encoder(x)), in net.encoder.3: Linear(in_features=5, ...).

Frames are looked at when an error is made, and never before: what goes well pays nothing, and
nothing is kept but the sentence.
"""

from __future__ import annotations

import builtins
import sys
from types import CodeType, FrameType, ModuleType
from typing import Any, TypeVar

from autograd.arrays import arguments
from autograd.arrays.errors import DtypeError, OptionError, PlaceError
from autograd.engine import lines
from autograd.engine.lines import Line

__all__ = ["ShapeError"]

Raised = TypeVar("Raised", bound=BaseException)

PACKAGES = ("autograd", "nn", "optim")  # of this library

module_calls: set[CodeType] = set()  # of what calls modules, which nn puts in: ``self`` is called


class ShapeError(ValueError, RuntimeError):
    """Shapes do not belong together: NumPy raises a ValueError then, PyTorch a RuntimeError.

    Its text ends with where that was, see ``placed``; ``place`` holds it alone.

    >>> issubclass(ShapeError, ValueError) and issubclass(ShapeError, RuntimeError)
    True
    """

    __module__ = "autograd"  # its name, at the end of a traceback, says where it is found
    place: str

    def __init__(self, text: str) -> None:
        super().__init__(text)
        placed(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.args[0], self.place)


def _again(text: str, place: str) -> ShapeError:
    """An error that was pickled."""
    error = ShapeError.__new__(ShapeError, text)
    error.place = place
    return error


# Errors whose text is all that they hold
PLAIN = {ShapeError, ValueError, TypeError, IndexError, RuntimeError}
PLAIN |= {DtypeError, OptionError, PlaceError}


def placed(error: Raised) -> Raised:
    """``error``, an error of ours, with a sentence that says where; it is said once.

    >>> print(placed(ValueError("sum: no numbers. Give some.")))  # doctest: +ELLIPSIS
    sum: no numbers. Give some...
    """
    if type(error) not in PLAIN or hasattr(error, "place"):
        return error
    if len(error.args) != 1 or not isinstance(error.args[0], str):
        return error
    frame = sys._getframe(1)
    line, called = _line(error, frame), _called(frame)
    place = lines.at(line).strip()
    if called:
        place += f"{', ' * bool(place)}in {called}"
    error.place = place  # type: ignore[attr-defined]
    if place:
        words = error.args[0].rstrip()
        words += "" if words.endswith((".", "!", "?", ":")) else "."
        error.args = (f"{words} {place[0].upper()}{place[1:]}.",)
    return error


def applied(node: Any) -> str:
    """The sentence that says where a node was born, to follow others; empty: unknown."""
    line = lines.of(node)
    return f" It was applied{lines.at(line)}." if line else ""


def ours(error: BaseException) -> bool:
    """Whether the innermost frame of an error's traceback is one of this library."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = "" if trace is None else trace.tb_frame.f_globals.get("__name__") or ""
    return name.partition(".")[0] in PACKAGES


def _line(error: BaseException, frame: FrameType) -> Line | None:
    """The innermost line of the user's, in the traceback or among the callers."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if lines.users_own(trace.tb_frame):
            found = Line(trace.tb_frame.f_code, trace.tb_lasti)
        trace = trace.tb_next
    if found is None:
        outer = lines.users(frame)
        found = Line(outer.f_code, outer.f_lasti) if outer else None
    return found


def _called(frame: FrameType | None) -> str:
    """The module that is being called, by its path from the outermost one; empty: none is."""
    calls: list[FrameType] = []
    while frame is not None:
        if frame.f_code in module_calls:
            calls.append(frame)
        frame = frame.f_back
    if not calls:
        return ""
    inner, outer = (call.f_locals["self"] for call in (calls[0], calls[-1]))
    path, root = _path(outer, inner), _name(calls[-1].f_back, outer)
    whole = f"{root or type(outer).__name__}{'.' * bool(path)}{path}"
    if path is None:  # it is called by a module that does not hold it
        return f"a {_described(inner)} that {root or type(outer).__name__} calls"
    return f"{whole}: {_described(inner)}" if path or root else _described(inner)


def _path(outer: Any, inner: Any) -> str | None:
    for path, module in outer.named_modules():
        if module is inner:
            return str(path)
    return None


def _described(module: Any) -> str:
    """What a layer of ours prints of itself; of modules that are the user's own, the class."""
    own = type(module).__module__.startswith("nn.") and not module._modules
    return repr(module) if own else type(module).__name__


def _name(frame: FrameType | None, module: Any) -> str:
    """What a line of the user's calls the ``module`` it called: ``net``; empty: unknown."""
    while (
        frame is not None and frame.f_globals.get("__name__") == "autograd.compiler.tapes.recording"
    ):
        frame = frame.f_back  # which only notes the call
    if frame is None or not lines.users_own(frame):
        return ""
    from autograd.engine import statements  # seldom needed

    likely = []
    for text in statements.called(Line(frame.f_code, frame.f_lasti)):
        root = text.partition(".")[0].partition("[")[0]
        known = frame.f_globals.get(root, getattr(builtins, root, None))
        if known is module and root == text:
            return text
        if known is None or root != text and not isinstance(known, ModuleType):
            likely.append(text)
    return likely[0] if len(likely) == 1 else ""


arguments.places.append(placed)
