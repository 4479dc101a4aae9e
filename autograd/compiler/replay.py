"""A tape as a Python function: straight lines of NumPy's calls, which can be read and run.

    def replay(x, w):
        v1 = x @ w
        v2 = np.maximum(v1, 0)
        del v1
        return (v2,)

Each line does on its arrays what the step did on its own, in the same order, so the numbers are the
same bit for bit, and so is what looks at whose memory. What is reckoned of numbers alone comes
first. A look at values that comes out otherwise than it did raises :class:`Changed`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograd.compiler.numbers import Number
from autograd.compiler.order import IN_PLACE, ordered, recorders
from autograd.compiler.recorder import Call, Recorded, Tape

_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip
_BINARY = {getattr(operator, name): sign for name, sign in _OPERATORS.items()}
_UNARY = {operator.neg: "-{}", operator.pos: "+{}", operator.invert: "~{}", operator.abs: "abs({})"}
_METHODS = {np.ndarray.astype: "astype", np.ndarray.copy: "copy"}


class Changed(Exception):
    """A look at values came out otherwise than when the step was recorded."""


def program(
    tape: Tape,
    given: dict[str, Any],
    wanted: Iterable[Any] = (),
    midway: Callable[[], None] | None = None,
) -> Any:
    """The function that does the tape's calls on other arrays and numbers; ``.source`` is its text.

    ``.late`` names looks at values that it can only have after a change that is seen outside, and
    ``.written`` has the ids of the arrays that own what it writes to.

    :param given: by the name of a parameter, the recorder or number that it stands for. A number
        that tells its source is read by the function itself.
    :param wanted: recorders whose arrays the function returns, as a tuple.
    :param midway: called once all is found as it was, before anything is changed.
    :raises LookupError: the tape uses an array that is neither given nor made by a call: whoever
        computed it did not ask the recorder.

    >>> tape = Tape()
    >>> x = tape.lift(np.array([1.0, -2.0]))
    >>> again = program(tape, {"x": x}, [np.maximum(x, 0) * 3])
    >>> print(again.source)
    def replay(x):
        v1 = np.maximum(x, 0)
        v2 = v1 * 3
        del v1
        return (v2,)
    >>> again(np.array([-1.0, 5.0]))
    (array([ 0., 15.]),)
    """
    writer = _Writer(given, midway)
    lines = [*writer.lines(tape.calls, list(wanted))]
    text = "\n    ".join([f"def replay({', '.join(given)}):", *lines])
    source = "\n".join([*writer.above, text])
    scope = writer.scope
    exec(compile(source, "<replay>", "exec"), scope)  # noqa: S102 - of our own making
    replay: Any = scope["replay"]
    replay.source, replay.written = source, writer.written
    replay.late = [call.function.__name__ for call in writer.late]
    return replay


class _Writer:
    def __init__(self, given: dict[str, Any], midway: Any) -> None:
        self.midway = midway
        self.scope: dict[str, Any] = {"np": np, "Changed": Changed}
        self.names: dict[int, str] = {id(one): name for name, one in given.items()}
        self.taken = {*given, *self.scope, "replay"}
        self.counts: dict[str, int] = {}
        self.above: list[str] = []
        self.late: list[Call] = []
        self.written: set[int] = set()
        self.held = [*given.values()]  # so that no id is another's

    def lines(self, calls: list[Call], wanted: list[Any]) -> Iterator[str]:
        calls, checked, self.late, self.written = ordered(calls, self.held)
        kept = {id(one) for one in [*self.held, *recorders(wanted)]}
        last: dict[int, int] = {}
        for i, call in enumerate(calls):
            for one in recorders((call.args, call.options, call.result)):
                last[id(one)] = i
        for i, call in enumerate(calls):
            if i == checked and self.midway is not None:
                yield f"{self.constant(self.midway, self.midway.__name__)}()"
            yield from self.read((call.args, call.options))
            yield self.line(call)
            used = {id(one): one for one in recorders((call.args, call.options, call.result))}
            over = [self.names[key] for key in used if last[key] == i and key not in kept]
            if over:
                yield f"del {', '.join(over)}"
        yield from self.read(wanted)
        yield f"return {self.text(tuple(wanted))}"

    def read(self, values: Any) -> Iterator[str]:
        """Lines that read numbers of the day from where they are kept."""
        for one in recorders(values):
            if type(one) is Number and one.source and id(one) not in self.names:
                holder, *keys = one.source
                place = self.constant(holder, "group" if "params" in holder else "state")
                place += "".join([f"[{key!r}]" for key in keys])
                name = str(keys[0])
                yield f"{self.new(one, name if name.isidentifier() else 'n')} = {place}"

    # -- a line ----------------------------------------------------------------------------------

    def line(self, call: Call) -> str:
        text, result = self.called(call), call.result
        if call.function in IN_PLACE or call.function is operator.setitem:
            return text
        made = [*recorders(result)]
        if not made:
            if result is None:
                return text
            wrong = {True: f"not {text}", False: text}.get(result, f"({text}) != {result!r}")
            return f"if {wrong}: raise Changed({call.function.__name__!r})"
        if all([id(one) in self.names for one in made]):  # written to
            return text
        return f"{self.target(result)} = {text}"

    def target(self, result: Any) -> str:
        """What a result is assigned to: a name, or several, as a tuple is taken apart."""
        if isinstance(result, (tuple, list)):
            parts = [self.target(one) for one in result]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if not isinstance(result, (Recorded, Number)) or id(result) in self.names:
            return "_"
        return self.new(result, "n" if type(result) is Number else "v")

    def called(self, call: Call) -> str:
        function, args, options = call.function, call.args, call.options
        texts = [self.text(one) for one in args]
        if function is operator.getitem:
            return f"{texts[0]}[{self.index(args[1])}]"
        if function is operator.setitem:
            return f"{texts[0]}[{self.index(args[1])}] = {texts[2]}"
        if function in _BINARY:
            return f"{texts[0]} {_BINARY[function]} {texts[1]}"
        if function in IN_PLACE:
            return f"{texts[0]} {IN_PLACE[function]} {texts[1]}"
        if function is bool:
            return texts[0]
        if function in _UNARY:
            return _UNARY[function].format(texts[0])
        texts += [f"{name}={self.text(one)}" for name, one in options.items()]
        if function in _METHODS:
            return f"{texts[0]}.{_METHODS[function]}({', '.join(texts[1:])})"
        return f"{self.function(function)}({', '.join(texts)})"

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

    # -- values ----------------------------------------------------------------------------------

    def text(self, value: Any) -> str:
        kind = type(value)
        if isinstance(value, (Recorded, Number)):
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
            return f"({', '.join(map(self.text, value))}{',' if len(value) == 1 else ''})"
        if kind is list:
            return f"[{', '.join(map(self.text, value))}]"
        if kind is dict:
            return f"{{{', '.join([f'{k!r}: {self.text(v)}' for k, v in value.items()])}}}"
        if kind is slice:
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(map(self.text, parts))})"
        if kind is type and issubclass(value, np.generic):
            return f"np.{value.__name__}"
        if isinstance(value, np.dtype):
            return self.constant(value, str(value))
        if isinstance(value, np.generic):
            return self.scalar(value)
        return self.constant(value, "c")

    def scalar(self, value: Any) -> str:
        """A name for a scalar of NumPy's, which stands above the function."""
        known, name = id(value) in self.names, self.constant(value, "c")
        item = value.item()
        if not known and (type(item) is int or (type(item) is float and math.isfinite(item))):
            self.above.append(f"{name} = np.{type(value).__name__}({item!r})")
        return name

    def index(self, value: Any) -> str:
        """What stands between brackets."""
        if type(value) is tuple and value:
            return ", ".join(map(self.index, value)) + ("," if len(value) == 1 else "")
        if type(value) is slice:
            parts = ["" if one is None else self.text(one) for one in (value.start, value.stop)]
            step = "" if value.step is None else f":{self.text(value.step)}"
            return ":".join(parts) + step
        return self.text(value)

    def new(self, value: Any, letter: str) -> str:
        """A name for what a call gives."""
        name = self.names[id(value)] = self.free(letter, int(len(letter) == 1))
        self.held.append(value)
        return name

    def constant(self, value: Any, name: str) -> str:
        """A name in the scope for what has no short text."""
        if self.scope.get(name) is value:
            return name
        if id(value) not in self.names:
            name = name if name.isidentifier() else "c"
            self.names[id(value)] = name = self.free(name, 0)
            self.held.append(value)
            self.scope[name] = value
        return self.names[id(value)]

    def free(self, name: str, number: int) -> str:
        number = max(number, self.counts.get(name, 0))
        while f"{name}{number or ''}" in self.taken:
            number += 1
        self.taken.add(f"{name}{number or ''}")
        self.counts[name] = number
        return f"{name}{number or ''}"
