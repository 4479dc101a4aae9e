"""What stands for a value in the source of a replay: a name, a number, an index."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded


class Text:
    """Names of a function's parameters, of what its lines make, and of constants.

    ``scope`` is what the function finds around it, ``above`` are lines that stand before it.

    >>> text = Text({}, [])
    >>> text.of((1, slice(0, None), np.float64)), text.index((0, slice(0, None)))
    ('(1, slice(0, None, None), np.float64)', '0, 0:')
    >>> text.of(np.float32(2)), text.above
    ('c', ['c = np.float32(2.0)'])
    """

    def __init__(self, given: dict[str, Any], taken: Iterable[str]) -> None:
        self.scope: dict[str, Any] = {"np": np}
        self.names: dict[int, str] = {id(one): name for name, one in given.items()}
        self.constants: dict[int, Any] = {}  # by the id of a recorder, what is always in it
        self.above: list[str] = []
        self._taken = {*given, *taken, "np"}
        self._counts: dict[str, int] = {}
        self._held = [*given.values()]  # so that no id is another's

    def of(self, value: Any) -> str:
        """The text of a value. Raises LookupError for an array that no line has made."""
        kind = type(value)
        if isinstance(value, (Recorded, Number)):
            if id(value) in self.constants:
                return self.of(self.constants[id(value)])
            if id(value) not in self.names:
                raise LookupError(
                    f"replay: an array of shape {getattr(value, 'shape', ())} was computed past "
                    "the recorder."
                )
            return self.names[id(value)]
        if kind in (int, bool, str, type(None)) or (kind is float and math.isfinite(value)):
            return repr(value)
        if value is ...:
            return "..."
        if kind is tuple:
            return f"({', '.join(map(self.of, value))}{',' if len(value) == 1 else ''})"
        if kind is list:
            return f"[{', '.join(map(self.of, value))}]"
        if kind is dict:
            return f"{{{', '.join([f'{k!r}: {self.of(v)}' for k, v in value.items()])}}}"
        if kind is slice:
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(map(self.of, parts))})"
        if kind is type and issubclass(value, np.generic):
            return f"np.{value.__name__}"
        if isinstance(value, np.dtype):
            return self.constant(value, str(value))
        if isinstance(value, np.generic):
            return self._scalar(value)
        return self.constant(value, "c")

    def index(self, value: Any) -> str:
        """What stands between brackets."""
        if type(value) is tuple and value:
            return ", ".join(map(self.index, value)) + ("," if len(value) == 1 else "")
        if type(value) is slice:
            parts = ["" if one is None else self.of(one) for one in (value.start, value.stop)]
            step = "" if value.step is None else f":{self.of(value.step)}"
            return ":".join(parts) + step
        return self.of(value)

    def function(self, function: Any) -> str:
        """How a function is called: NumPy's by its path, others by a name in the scope."""
        owner = getattr(function, "__self__", None)
        if isinstance(owner, np.ufunc):
            return f"{self.function(owner)}.{function.__name__}"
        if isinstance(function, np.ufunc):
            path = f"np.{function.__name__}"
        else:
            module = getattr(function, "__module__", None) or ""
            path = f"{module}.{function.__name__}".replace("numpy", "np", 1)
        found: Any = np
        for name in path.split(".")[1:]:
            found = getattr(found, name, None)
        if path.startswith("np.") and found is function:
            return path
        return self.constant(function, function.__name__)

    def _scalar(self, value: Any) -> str:
        """A name for a scalar of NumPy's, which stands above the function."""
        known, name = id(value) in self.names, self.constant(value, "c")
        item = value.item()
        if not known and (type(item) is int or (type(item) is float and math.isfinite(item))):
            self.above.append(f"{name} = np.{type(value).__name__}({item!r})")
        return name

    def new(self, value: Any, letter: str) -> str:
        """A name for what a call gives."""
        name = self.names[id(value)] = self.free(letter, int(len(letter) == 1))
        self._held.append(value)
        return name

    def constant(self, value: Any, name: str) -> str:
        """A name in the scope for what has no short text."""
        if self.scope.get(name) is value:
            return name
        if id(value) not in self.names:
            name = name if name.isidentifier() else "c"
            self.names[id(value)] = name = self.free(name, 0)
            self._held.append(value)
            self.scope[name] = value
        return self.names[id(value)]

    def free(self, name: str, number: int) -> str:
        """A name that is not taken: ``name``, or with a number from ``number`` on."""
        number = max(number, self._counts.get(name, 0))
        while f"{name}{number or ''}" in self._taken:
            number += 1
        self._taken.add(f"{name}{number or ''}")
        self._counts[name] = number
        return f"{name}{number or ''}"
