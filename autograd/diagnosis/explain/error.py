"""More about an error: what was required, where, with which values, likely causes and cures."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

from autograd.diagnosis.explain.kinds import kind_of
from autograd.diagnosis.reports import Report, variables
from autograd.engine import lines
from autograd.engine.graph import TensorBase

_NAMES = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def last_error() -> BaseException | None:
    """The error that is being handled, or the last one that a REPL or notebook has shown."""
    handled = sys.exc_info()[1]
    return handled or getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)


def of_error(error: BaseException) -> Report:
    """What there is to say about ``error``."""
    message = " ".join(str(error).split())
    rows = [f"{type(error).__name__}: {message}", ""]
    kind = kind_of(message)
    if kind is not None:
        rows += [f"Kind      {kind.title}", f"Why       {kind.why}"]
    frames = _frames(error)
    users = [(frame, line) for frame, line in frames if line is not None]
    for i, (_, line) in enumerate(users):
        rows.append(f"{'Where' if not i else '':10}{line}: {line.text}".rstrip())
    modules = _modules([frame for frame, _ in frames])
    if modules:
        rows.append(f"Module    {modules}")
    if users:
        rows += _values(*users[-1])
    if error.__cause__ is not None:
        rows.append(f"Cause     {type(error.__cause__).__name__}: {error.__cause__}")
    if kind is not None:
        rows += ["", "Likely causes, and cures"]
        rows += [
            f"  {i}. {cause}\n     -> {cure}" for i, (cause, cure) in enumerate(kind.causes, 1)
        ]
    return Report("\n".join(rows))


def _frames(error: BaseException) -> list[tuple[FrameType, lines.Line | None]]:
    """The frames that the error went through, outermost first, each with the line if a user's."""
    found: list[tuple[FrameType, lines.Line | None]] = []
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        own = lines.users(frame) is frame
        found.append((frame, lines.Line(frame.f_code, trace.tb_lasti) if own else None))
        trace = trace.tb_next
    return found


def _modules(frames: list[FrameType]) -> str:
    """The modules whose forward was running: ``net.encoder.3: Linear(5, 2)``."""
    running: list[Any] = []
    for frame in frames:
        module = variables(frame).get("self")
        if hasattr(module, "named_modules") and module not in running:
            running.append(module)
    if not running:
        return ""
    root, last = running[0], running[-1]
    path = next((name for name, one in root.named_modules() if one is last), "")
    said = repr(last).split("\n")[0]
    said = f"{said}...)" if "\n" in repr(last) else said
    return f"{_variable(root, frames)}{'.' if path else ''}{path}: {said}"


def _variable(module: Any, frames: list[FrameType]) -> str:
    """The user's variable that holds a module."""
    for frame in frames:
        if lines.users(frame) is frame:
            for name, value in [*variables(frame).items(), *frame.f_globals.items()]:
                if value is module and name != "self":
                    return str(name)
    return type(module).__name__


def _values(frame: FrameType, line: lines.Line) -> list[str]:
    """What the names in a line stand for."""
    rows: list[str] = []
    known = frame.f_globals | variables(frame)
    for name in dict.fromkeys(_NAMES.findall(line.text)):
        first, *path = name.split(".")
        value = known.get(first)
        while path and value is not None:
            held = getattr(value, "__dict__", {})
            inner = [
                held,
                *(held.get(kind) or {} for kind in ("_modules", "_parameters", "_buffers")),
            ]
            found = next((one[path[0]] for one in inner if path[0] in one), None)
            if found is None:
                break
            value, first = found, f"{first}.{path.pop(0)}"
        said = _said(value)
        if said:
            rows.append(f"{'Values' if not rows else '':10}{first}: {said}")
    return list(dict.fromkeys(rows))


def _said(value: Any) -> str:
    """A tensor, an array, a module or a number in a few words; nothing for other things."""
    if isinstance(value, TensorBase) and value._whole:
        data, edge = value._data, value._edge
        history = "" if edge is None else ", requires grad"
        maker = edge[0] if type(edge) is tuple else edge
        if maker is not None and maker.age:
            made = lines.of(maker)
            history = f", made by {type(maker).__name__}{f' at {made}' if made else ''}"
        return f"{type(value).__name__} {tuple(data.shape)} {data.dtype}{history}"
    if isinstance(value, type) or value is None:
        return ""
    if hasattr(value, "named_parameters"):
        shown = repr(value)
        return shown if "\n" not in shown else f"{type(value).__name__}(...)"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__} {tuple(value.shape)} {value.dtype}"
    if isinstance(value, (bool, int, float, str)):
        return f"{value!r:.60}"
    if isinstance(value, (list, tuple, dict)):
        return f"{type(value).__name__} of {len(value)}"
    return ""
