"""Which line of the user's program the engine was called from.

An error about a graph is made long after the lines that built it. So the graph's clock may write
down, each time that it is asked, which line it is asked from: for the births of the first nodes of
a program, and of all nodes while :func:`note` says so. Later the clock is the bare one again, which
costs nothing; most mistakes stop a program in its first steps.

What is kept is the code object and the offset in it, never a frame, for the latest nodes only. The
line is looked up when somebody asks.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from types import CodeType, FrameType
from typing import Any, NamedTuple

from autograd.arrays.process import OURS
from autograd.engine import versions

_FIRST = 5_000  # births whose lines are noted anyway: some milliseconds of a program, once
_KEPT = 1 << 12  # of the latest


@cache
def _is_between(module: str | None) -> bool:
    """Whether a module is one of ours, or of the standard library's (copy, functools), between."""
    name = module or ""
    return name.startswith(OURS) or name.partition(".")[0] in sys.stdlib_module_names


class Line(NamedTuple):
    """A place in a program: ``str`` gives ``net.py:34``, and of a notebook ``cell In[3], line 2``.

    >>> str(Line(compile("x = 1", "net.py", "exec"), 2))
    'net.py:1'
    """

    code: CodeType
    offset: int

    @property
    def file(self) -> str:
        return self.code.co_filename

    @property
    def number(self) -> int:
        """The line's number in its file, from 1; 0 where Python does not know it."""
        for start, end, number in self.code.co_lines():
            if start <= self.offset < end:
                return number or 0
        return 0

    @property
    def text(self) -> str:
        """What stands there, without its indentation; empty where the source is not at hand."""
        import linecache  # seldom needed

        return linecache.getline(self.file, self.number).strip()

    def __str__(self) -> str:
        return place(self.file, self.number)


def place(file: str, number: int) -> str:
    """What a line of a file is called.

    >>> place("net.py", 34)
    'net.py:34'
    """
    cell = _cell(file)
    return f"{cell}, line {number}" if cell else f"{_name(file)}:{number}"


def _name(file: str) -> str:
    """A file's name, with its folder where the name alone says little."""
    folder, name = os.path.split(file)
    return os.path.join(os.path.basename(folder), name) if name == "__init__.py" else name


def _cell(file: str) -> str:
    """What IPython calls the cell that was compiled under the name ``file``."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return ""
    told = shell.compile.format_code_name(file)
    return " ".join(told).lower().replace("in[", "In[") if told else ""


def users(frame: FrameType | None) -> FrameType | None:
    """The innermost frame from ``frame`` outwards that is neither ours nor the standard library's.

    None where all are, as in a thread of ours.
    """
    while frame is not None and not users_own(frame):
        frame = frame.f_back
    return frame


def users_own(frame: FrameType) -> bool:
    """Whether what runs in ``frame`` is neither ours nor the standard library's."""
    return not _is_between(frame.f_globals.get("__name__"))


def here() -> Line | None:
    """The user's line that is being run."""
    frame = users(sys._getframe(1))
    return Line(frame.f_code, frame.f_lasti) if frame else None


def at(line: Line | None, shown: bool = True) -> str:
    """What an error says of a line: `` at net.py:34 (h += 1)``; nothing where it is not known."""
    if line is None:
        return ""
    return f" at {line} ({line.text})" if shown and line.text else f" at {line}"


# -- the clock that notes --------------------------------------------------------------------------

_noted: list[tuple[int, CodeType, int] | None] = [None] * _KEPT


def _tick() -> int:
    """The clock's time, after the line that asks for it was noted."""
    now = versions.bare_tick()
    if frame := users(sys._getframe(1).f_back):  # who asks for the time is ours
        _noted[now % _KEPT] = (now, frame.f_code, frame.f_lasti)
    if not _asked and now < -_FIRST:
        versions.go_by(versions.bare_tick)
    return now


_asked: list[object] = []  # who wants all lines


def begin() -> None:
    """Note the lines of a program's first nodes."""
    versions.go_by(_tick)


def note(wanted: object) -> None:
    """Note all lines, until :func:`done` is called with the same object."""
    _asked.append(wanted)
    versions.go_by(_tick)


def done(wanted: object) -> None:
    """What began with :func:`note` ends; unknown objects are passed by."""
    if wanted in _asked:
        _asked.remove(wanted)


def noted(time: int) -> Line | None:
    """The line that was noted when the graph's clock stood at ``time``."""
    found = _noted[time % _KEPT]
    return Line(*found[1:]) if found and found[0] == time else None


def of(node: Any) -> Line | None:
    """The line at which a node was born; None of None."""
    return noted(node.age) if node is not None else None
