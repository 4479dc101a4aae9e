"""What optimisers are like: groups, options, states, hooks, held against what they were."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from operator import is_
from typing import Any

from autograd.engine import watches


class Rule:
    """An optimiser that has stepped inside a step, as it was then.

    Numbers that a replay reads anew (rates, counters) may be others, as far as the rule allows
    them; all else must be the same: groups, parameters, the other options, the entries of the state
    and their tensors, hooks. What is looked at each time are flat lists of values, by identity.

    :param numbers: what is read anew, by the ``id`` of its dict and its name.
    :param stepped: False of one that has only cleared its gradients: its parameters count.

    >>> import autograd, optim
    >>> w = autograd.ones(2, requires_grad=True)
    >>> sgd = optim.SGD([w], lr=0.1)
    >>> rule = Rule(sgd, {(id(sgd.param_groups[0]), "lr")})
    >>> sgd.param_groups[0]["lr"] = 0.01
    >>> rule.changed()
    ''
    >>> sgd.param_groups[0]["nesterov"] = True
    >>> rule.changed()
    'SGD has another option'
    """

    def __init__(self, optimizer: Any, numbers: set[tuple[int, str]], stepped: bool = True) -> None:
        self.optimizer = optimizer
        self.groups = [*optimizer.param_groups]
        self.params = [[*group["params"]] for group in self.groups]
        found = {p: optimizer.state[p] for p in chain(*self.params) if p in optimizer.state}
        self.entries = [*found.values()] if stepped else []
        self._owners = [*found] if stepped else []
        known = self.groups if stepped else []
        fixed = [
            [name for name in group if name != "params" and (id(group), name) not in numbers]
            for group in known
        ]
        read = [[name for name in group if (id(group), name) in numbers] for group in known]
        self._options = _Values(zip(known, fixed))
        self._numbers = _Values(zip(known, read))
        self._kinds = [_kind(value) for value in self._numbers.values]
        arrays = [[k for k, v in one.items() if type(v) not in _NUMBERS] for one in self.entries]
        self._arrays = _Values(zip(self.entries, arrays))
        counted = {k for one in self.entries for k, v in one.items() if type(v) in _NUMBERS}
        self._counts = {name: self._apart(name) for name in counted}
        self._hooks = self._hooked()
        self._methods = self._patched()

    def changed(self) -> str:
        """What has become another; empty where all is as it was."""
        optimizer, groups = self.optimizer, self.groups
        now = optimizer.param_groups
        if len(now) != len(groups) or not all(map(is_, now, groups)):
            return f"{self} has other groups"
        for group, params in zip(groups, self.params):
            held = group["params"]
            if len(held) != len(params) or not all(map(is_, held, params)):
                return f"{self} has other parameters"
        if self._patched() != self._methods:
            return f"{self} has other methods"
        if not self._options.hold():
            return f"{self} has another option"
        if not all(map(is_, map(optimizer.state.get, self._owners), self.entries)):
            return f"{self} has another state"
        if not self._arrays.hold():
            return f"{self} has another state"
        for name, apart in self._counts.items():
            if self._apart(name) != apart:
                return f"{self}'s parameters differ otherwise in {name!r}"
        if (optimizer._registered or watches.step_hooks) and self._hooked() != self._hooks:
            return f"{self} has other hooks"
        return "" if self._numbers.hold() else self._checked()

    def _apart(self, name: str) -> Any:
        """None where all entries have the same number, else by how much they differ."""
        values = [entry.get(name) for entry in self.entries]
        if values.count(values[0]) == len(values):
            return None
        return [one - values[0] if type(one) is type(values[0]) is int else one for one in values]

    def _checked(self) -> str:
        """Whether the rule allows its numbers; where it does not, the engine says so."""
        try:
            values = self._numbers.now()
        except KeyError:
            return f"{self} lacks an option"
        if [_kind(value) for value in values] != self._kinds:
            return f"{self} has a number of another kind"
        for group in self.groups:
            try:
                self.optimizer.check(group)
            except Exception:
                return f"{self} has a number that is out of range"
        self._numbers.take(values)
        return ""

    def _hooked(self) -> list[Any]:
        return [*map(self.optimizer._hooks, ("step_pre", "step_post"))]

    def _patched(self) -> list[Any]:
        """What ``step`` and ``zero_grad`` are: of the object's own, where somebody has set them."""
        own, kind = vars(self.optimizer), type(self.optimizer)
        return [own.get("step"), own.get("zero_grad"), kind.step, kind.zero_grad]

    def __str__(self) -> str:
        return type(self.optimizer).__name__


class _Values:
    """What some dicts have under some names.

    Whether all are the same objects is one line of Python, of as many comparisons.
    """

    def __init__(self, wanted: Iterable[tuple[dict[str, Any], list[str]]]) -> None:
        self._wanted = [(holder, name) for holder, names in wanted for name in names]
        self.values = self.now()
        scope: dict[str, Any] = {"values": self.values}
        asked = ["True"]
        for i, (holder, name) in enumerate(self._wanted):
            scope |= {f"holder{i}": holder, f"name{i}": name}
            asked.append(f"holder{i}[name{i}] is values[{i}]")
        self._same: Any = eval(f"lambda: {' and '.join(asked)}", scope)  # noqa: S307 - our own

    def now(self) -> list[Any]:
        return [holder[name] for holder, name in self._wanted]

    def take(self, values: list[Any]) -> None:
        """Let these be what there must be."""
        self.values[:] = values

    def hold(self) -> bool:
        """Whether they are the same; numbers and texts may be equal."""
        try:
            return self._same() or all(map(_equal, self.now(), self.values))
        except KeyError:
            return False


_NUMBERS = (int, float)


def _kind(value: Any) -> Any:
    return [type(one) for one in value] if type(value) is tuple else type(value)


def _equal(one: Any, other: Any) -> bool:
    """Whether two options are the same: beyond identity, numbers and texts alone."""
    alike = type(one) is type(other) and type(one) in (int, float, str)
    return one is other or (alike and bool(one == other))
