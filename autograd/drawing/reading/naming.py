"""What the values of a picture are called: by a module, by a variable, by an attribute."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

from autograd.diagnosis.explain.names import Names
from autograd.drawing.watching.calls import Call
from autograd.engine import lines, statements
from autograd.engine.graph import TensorBase
from autograd.engine.variables import names_in


class Called:
    """Names by edge of the graph and by the id of tensors and arrays.

    :param params: names that were given: a module, or a dict of tensors by name.
    :param frame: the frame whose variables count.
    """

    def __init__(self, params: Any, frame: FrameType | None) -> None:
        user = lines.users(frame)
        scopes = () if user is None else (names_in(user), user.f_globals)
        self._drawn_at = None if user is None else lines.Line(user.f_code, user.f_lasti)
        self.given: dict[Any, str] = {}
        if params is not None:
            named = params if isinstance(params, Mapping) else dict(params.named_parameters())
            for name, tensor in [one for one in named.items() if str(one[0])]:
                self.given[id(tensor)] = self.given[tensor._edge] = str(name)
            self.given.pop(None, None)
        self.users: dict[Any, str] = Names(None, scopes).users
        self._statements: dict[Any, str] = {}

    def thing(self, thing: Any) -> str:
        """What a tensor or an array is called, which no op made."""
        if thing is None:
            return ""
        edge = getattr(thing, "_edge", None)
        array = getattr(thing, "_data", thing) if getattr(thing, "_whole", True) else thing
        own = getattr(thing, "name", None)
        return (
            self.given.get(id(thing))
            or self.given.get(edge)
            or (own if isinstance(own, str) else "")
            or self.users.get(edge, "")
            or self.users.get(id(array), "")
        )

    def tensor(self, tensor: Any) -> str:
        """What an output is called."""
        return self.thing(tensor) if isinstance(tensor, TensorBase) else ""

    def by_statement(self, call: Call, output: int = 0) -> str:
        """The variable that the line of a call sets."""
        if sys.version_info < (3, 11):  # which does not tell a value within an expression
            return ""
        if call.line == self._drawn_at:  # of picture = draw(net, x) that is the picture
            return ""
        key = (call.line, output, call.outputs > 1)
        if key not in self._statements:
            told = call.outputs > 1 or not statements.unpacks(call.line)
            self._statements[key] = statements.variable(call.line, output) if told else ""
        return self._statements[key]
