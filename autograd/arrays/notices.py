"""What is said once in a process."""

from __future__ import annotations

_said: set[str] = set()


def once(text: str, kind: type[Warning] = UserWarning) -> None:
    """Warn with ``text`` the first time that it comes up; the warning names the user's line."""
    if text in _said:
        return
    import sys
    import warnings

    _said.add(text)
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("autograd."):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, kind, stacklevel=level)
