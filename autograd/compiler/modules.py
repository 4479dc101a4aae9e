"""What modules are like: flags, options, hooks, children, tensors, held against what they were."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from autograd.engine import watches

OTHER = "a module holds another tensor"
_NUMBERS = (bool, int, float, str, type(None))


class Modules:
    """The modules of a step, and those below them, as they are now.

    Everything that is an attribute counts, by identity, and numbers by value: what a forward does
    may depend on it. As long as no module of the program has been given anything, one number says
    so of all but the tensors that are ``touched``: ids of those that the step reads or writes.

    >>> import nn
    >>> net = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))
    >>> known = Modules([net])
    >>> net.train().training, known.changed()
    (True, '')
    >>> net[1].p = 0.1
    >>> known.changed()
    'Dropout.p is another'
    """

    def __init__(self, roots: list[Any], touched: Container[int] = ()) -> None:
        self.at = watches.module_changes
        found: dict[int, Any] = {}
        for root in roots:
            for module in root.modules():
                found[id(module)] = module
        self._known = [(module, _facts(module)) for module in found.values()]
        self._held = [
            (held, name, tensor)
            for module in found.values()
            for held in (module._parameters, module._buffers)
            for name, tensor in held.items()
            if id(tensor) in touched
        ]

    def __len__(self) -> int:
        return len(self._known)

    def changed(self) -> str:
        """What has become another; empty where all is as it was."""
        for held, name, tensor in self._held:
            if held.get(name) is not tensor:
                return OTHER
        now = watches.module_changes
        if now == self.at:
            return ""
        for module, before in self._known:
            facts = _facts(module)
            if facts.keys() != before.keys():
                name = next(iter(facts.keys() ^ before.keys()))
                return f"{type(module).__name__}.{name} has come or gone"
            for name, value in facts.items():
                was = before[name]
                if value is not was and not (
                    type(value) is type(was) and type(value) in _NUMBERS and value == was
                ):
                    return f"{type(module).__name__}.{name} is another"
        self.at = now
        return ""


def _facts(module: Any) -> dict[str, Any]:
    """The class of a module, and its attributes; what is registered under names of its own.

    In their order: a container goes by it.
    """
    facts: dict[str, Any] = {"__class__": type(module)}
    for name, value in vars(module).items():
        if type(value) is dict and name.startswith("_"):
            facts[f"{name}, in order"] = str([*value])
            for key, one in value.items():
                facts[f"{name}[{key!r}]"] = one
        elif type(value) is set:
            facts[name] = str(sorted(map(str, value)))
        else:
            facts[name] = value
    return facts
