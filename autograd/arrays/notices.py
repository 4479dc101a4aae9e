"""What is said once in a process."""

from __future__ import annotations

from autograd.arrays.process import OURS

_said: set[str] = set()


def once(text: str, kind: type[Warning] = UserWarning) -> None:
    """Warn with ``text`` the first time that it comes up; the warning names the user's line."""
    if text not in _said:
        _said.add(text)
        at_users_line(text, kind)


def at_users_line(text: str, kind: type[Warning] = UserWarning) -> None:
    """Warn with ``text``; the warning names the line of the user's that led here."""
    import sys
    import warnings

    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(OURS):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, kind, stacklevel=level)
