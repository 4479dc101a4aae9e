"""How a warning of the lint is given: once, and at the line that it is about."""

from __future__ import annotations

import warnings
from collections.abc import Hashable

from autograd.engine import lines
from autograd.engine.lines import Line

_said: set[Hashable] = set()


def say(about: Hashable, text: str, line: Line | None = None) -> None:
    """Warn with ``text``, at ``line`` or where the user's program is, once for ``about``."""
    if about in _said:
        return
    _said.add(about)
    line = line or lines.here()
    if line is not None and str(line) not in text:
        head, colon, rest = text.partition(":")
        text = f"{head}{lines.at(line, shown=False)}{colon}{rest}"
    if line is None:
        warnings.warn(text, UserWarning, stacklevel=2)
    else:
        warnings.warn_explicit(text, UserWarning, line.file, line.number, registry={})


def forget() -> None:
    """All may be said again."""
    _said.clear()
