"""What modules are called: the path in the outermost module that was called, as net.encoder.3."""

from __future__ import annotations

import sys
import weakref
from types import FrameType
from typing import Any

from autograd.engine import lines
from autograd.engine.variables import names_in


class Paths:
    """The names of the modules that were met so far. None of them is kept alive."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()

    def of(self, module: Any, inside: str) -> str:
        """The path of a module that is called by the one of the path ``inside``, or by the user."""
        found = self._known.get(module)
        if found is None:
            name = type(module).__name__
            found = f"{inside}.{name}" if inside else variable(module) or name
            for path, part in module.named_modules():
                self._known[part] = f"{found}.{path}" if path else found
        return found


def variable(value: Any) -> str | None:
    """What the user who calls us calls ``value``: a variable, or an attribute of ``self``.

    >>> variable(variable) is None  # nobody but ourselves is calling
    True
    """
    frame: FrameType | None = lines.users(sys._getframe(1))
    if frame is None:
        return None
    variables = names_in(frame)
    for names in (variables, dict(frame.f_globals)):
        for name, one in names.items():
            if one is value and not name.startswith("_"):
                return name
    owner = variables.get("self")
    own = getattr(owner, "__dict__", {})
    for attributes in (own, own.get("_modules", {})):
        for name, one in list(attributes.items()):
            if one is value:
                return f"{type(owner).__name__}.{name}"
    return None
