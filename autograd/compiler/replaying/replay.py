"""A tape as a Python function: straight lines of NumPy's calls, which can be read and run.

    b1 = np.ndarray((32, 128), 'float32', memory, 0)
    def replay(x, w):
        v1 = np.dot(x, w, out=b1)
        v2 = np.maximum(v1, 0)
        return (v2,)

Each line does on its arrays what the step did on its own, in the same order, so the numbers are the
same bit for bit, and so is what looks at whose memory. What is reckoned of numbers alone comes
first. A look at values that comes out otherwise than it did raises :class:`Changed`. What ends
within the step lies in buffers, of ``memory`` that the function keeps (buffers.py); numbers that go
to arrays of one dtype are arrays of it, of shape ().
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograd.compiler.replaying.buffers import Layout, address, fresh, laid_out
from autograd.compiler.replaying.folding import folded
from autograd.compiler.replaying.slices import Run, room, runs
from autograd.compiler.replaying.text import Text
from autograd.compiler.replaying.ufuncs import as_array, into_of, is_array, reckoned_in, ufunc_of
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import IN_PLACE, ordered, recorders
from autograd.compiler.tapes.recorder import Call, Recorded, Tape
from autograd.engine.versions import owner_of
from autograd.kernels.parts import by_elements

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

    ``.late`` names looks at values that it can only have after a change that is seen outside,
    ``.drawn`` has the streams that it has drawn from where it raises Changed,
    ``.written`` has the ids of the arrays that own what it writes to, and ``.memory`` is what it
    keeps. Two threads must not be in it at once.

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
    c = np.array(0.0, np.float64)
    c1 = np.array(3.0, np.float64)
    def replay(x):
        v1 = np.maximum(x, c)
        v2 = v1 * c1
        del v1
        return (v2,)
    >>> again(np.array([-1.0, 5.0]))
    (array([ 0., 15.]),)
    """
    return made(Writer(given, midway), tape, given, wanted)


def made(writer: Writer, tape: Tape, given: dict[str, Any], wanted: Iterable[Any]) -> Any:
    """The function that ``writer`` writes; see :func:`program`."""
    lines = [*writer.lines(tape.calls, list(wanted))]
    text = "\n    ".join([f"def replay({', '.join(given)}):", *lines])
    source = "\n".join([*writer.text.above, text])
    scope = writer.text.scope
    exec(compile(source, "<replay>", "exec"), scope)  # noqa: S102 - of our own making
    replay: Any = scope["replay"]
    replay.source, replay.written, replay.memory = source, writer.written, writer.plan.memory
    replay.late = [call.function.__name__ for call in writer.late]
    replay.drawn = writer.drawn
    return replay


class Writer:
    """Writes the lines of a function."""

    def __init__(self, given: dict[str, Any], midway: Any) -> None:
        self.midway = midway
        self.text = Text(given, ["Changed", "memory", "replay"])
        self.text.scope["Changed"] = Changed
        self.late: list[Call] = []
        self.drawn: list[Any] = []
        self.written: set[int] = set()
        self.given = [*given.values()]
        self.plan = Layout({}, None)
        self.before: list[str] = []  # lines that the next one needs
        self.arrays: dict[Any, str] = {}  # of shape (), by the number and its dtype

    def lines(self, calls: list[Call], wanted: list[Any]) -> Iterator[str]:
        calls, checked, self.late, self.written, self.drawn = ordered(calls, self.given)
        kept = [*self.given, *recorders(wanted)]
        calls, checked = self.fold(calls, checked, kept)
        found = runs(calls, kept, checked)
        self.plan = laid_out(calls, kept, found)
        early = [run for run in found if run.stop <= checked]
        late = [run.moved(-checked) for run in found if run.start >= checked]
        yield from self.in_turn(calls[:checked], [*kept, *recorders(calls[checked:])], early)
        yield from self.halfway()
        yield from self.in_turn(calls[checked:], kept, late)
        yield from self.read(wanted)
        yield f"return {self.text.of(tuple(wanted))}"

    def halfway(self) -> Iterator[str]:
        """The line at which all is found as it was."""
        if self.midway is not None:
            yield f"{self.text.constant(self.midway, self.midway.__name__)}()"

    def in_turn(self, calls: list[Call], kept: list[Any], runs: Any = ()) -> Iterator[str]:
        """Lines for calls; what is not kept is let go when it has been used last."""
        sliced = {run.start: run for run in runs}
        ends = self.ends(
            calls, {id(one) for one in recorders(kept)}, {one for run in runs for one in run.rooms}
        )
        i = 0
        while i < len(calls):
            stop = sliced[i].stop if i in sliced else i + 1
            yield from self.read([(call.args, call.options) for call in calls[i:stop]])
            lines = self.sliced(calls[i:stop], sliced[i]) if i in sliced else [self.line(calls[i])]
            yield from self.before
            self.before.clear()
            yield from lines
            over = [self.text.names[key] for key in dict.fromkeys(sum(ends[i:stop], []))]
            if over:
                yield f"del {', '.join(over)}"
            i = stop

    def fold(self, calls: list[Call], checked: int, kept: list[Any]) -> tuple[list[Call], int]:
        """The calls without those that give constants, and how many now come first."""
        owners = {id(owner_of(one.inside)) for one in kept if isinstance(one, Recorded)}
        rest, constants = folded(calls, self.written, owners)
        self.text.constants.update({id(one): one.inside for one in constants})
        left = {id(call) for call in rest}
        return rest, len([call for call in calls[:checked] if id(call) in left])

    def ends(self, calls: list[Call], kept: set[int], rooms: Any) -> list[list[int]]:
        """After each call, what is to be let go: the last names of memory that is no buffer."""
        last: dict[int, int] = {}
        kept = kept | self.text.constants.keys()
        for i, call in enumerate(calls):
            for one in recorders((call.args, call.options, call.result)):
                if is_array(one) and id(one) not in kept:
                    last[id(one)] = i
        own = {
            *rooms,
            *[key for key, place in self.plan.buffers.items() if type(place) is np.ndarray],
        }
        own = {id(call.result.inside) for call in calls if id(call.result) in own}
        found: list[list[int]] = [[] for _ in calls]
        for i, call in enumerate(calls):
            for one in recorders((call.args, call.options, call.result)):
                if last.get(id(one)) == i and id(owner_of(one.inside)) not in own:
                    found[i].append(id(one))
                    del last[id(one)]
        return found

    def read(self, values: Any) -> Iterator[str]:
        """Lines that read numbers of the day from where they are kept."""
        for one in recorders(values):
            if type(one) is Number and one.source and id(one) not in self.text.names:
                holder, *keys = one.source
                place = self.text.constant(holder, "group" if "params" in holder else "state")
                place += "".join([f"[{key!r}]" for key in keys])
                name = str(keys[0])
                yield f"{self.text.new(one, name if name.isidentifier() else 'n')} = {place}"

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
        if all([id(one) in self.text.names for one in made]):  # written to
            return text
        return f"{self.target(result)} = {text}"

    def target(self, result: Any) -> str:
        """What a result is assigned to: a name, or several, as a tuple is taken apart."""
        if isinstance(result, (tuple, list)):
            parts = [self.target(one) for one in result]
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if not isinstance(result, (Recorded, Number)) or id(result) in self.text.names:
            return "_"
        return self.text.new(result, "n" if type(result) is Number else "v")

    def called(self, call: Call) -> str:
        function, args, options = call.function, call.args, call.options
        texts = self.operands(call)
        if id(call.result) in self.plan.buffers and id(call.result) not in self.text.names:
            return self.into(call, texts)
        if function is operator.getitem:
            return f"{texts[0]}[{self.text.index(args[1])}]"
        if function is operator.setitem:
            return f"{texts[0]}[{self.text.index(args[1])}] = {texts[2]}"
        if function in _BINARY:
            return f"{texts[0]} {_BINARY[function]} {texts[1]}"
        if function in IN_PLACE:
            return f"{texts[0]} {IN_PLACE[function]} {texts[1]}"
        if function is bool:
            return texts[0]
        if function is np.transpose and len(args) == 1 and not options:
            return f"{texts[0]}.T"
        if function in _UNARY:
            return _UNARY[function].format(texts[0])
        texts += [f"{name}={self.text.of(one)}" for name, one in options.items()]
        if function in _METHODS:
            return f"{texts[0]}.{_METHODS[function]}({', '.join(texts[1:])})"
        return f"{self.text.function(function)}({', '.join(texts)})"

    def into(self, call: Call, texts: list[str]) -> str:
        """A call that is told where to put its result."""
        function = ufunc_of(call)
        if function is None:
            function = np.matmul if call.function is operator.matmul else call.function
        if function is np.inner:
            function, texts = np.dot, [texts[0], f"{texts[1]}.T"]
        return f"{self.text.function(function)}({', '.join(texts)}, out={self.buffer(call.result)})"

    def buffer(self, result: Any) -> str:
        """Where a result goes: a buffer, made above the function; an operand; fresh memory."""
        buffer = self.plan.buffers[id(result)]
        if isinstance(buffer, Recorded):
            return self.text.of(buffer)
        strides = "" if result.flags.c_contiguous else f", {result.strides}"
        layout = f"{result.shape}, {str(result.dtype)!r}"
        if buffer is None:
            return f"{self.text.constant(fresh, 'fresh')}({layout}{strides})"
        known, name = id(buffer) in self.text.names, self.text.constant(buffer, "b")
        if not known:
            self.text.scope["memory"] = self.plan.memory
            offset = address(buffer) - address(self.plan.memory)
            self.text.above.append(f"{name} = np.ndarray({layout}, memory, {offset}{strides})")
        return name

    def sliced(self, calls: list[Call], run: Run) -> list[str]:
        """A function of slices, above the others, and the lines that call it."""
        body, lines = list[str](), list[str]()
        arrays: dict[str, None] = {}  # that the function gets slices of; scalars as they are
        inside = set[str]()
        for call in calls:
            texts = self.operands(call)
            result, scalars = call.result, self.text.constants
            for one in call.args:
                if is_array(one) or (isinstance(one, Recorded) and id(one) not in scalars):
                    arrays[self.text.of(one)] = None
            if call.function in IN_PLACE:
                body.append(f"{texts[0]} {IN_PLACE[call.function]} {texts[1]}")
                continue
            name = self.text.new(result, "v")
            if id(result) in run.rooms:
                inside.add(name)
                out = f"r{run.rooms[id(result)] + 1}"
            else:
                leaves = f"np.empty({result.shape}, {str(result.dtype)!r})"
                place = self.buffer(result) if id(result) in self.plan.buffers else leaves
                lines.append(f"{name} = {place}")
                arrays[name], out = None, name
            function = self.text.function(into_of(call))
            body.append(f"{name} = {function}({', '.join(texts)}, out={out})")
        if run.rooms:
            rooms = ", ".join([f"r{i + 1}" for i in range(len(run.dtypes))])
            first = next(self.text.of(x) for x in (*calls[0].args, calls[0].result) if is_array(x))
            asked = ", ".join([f"{first}.size", *map(repr, run.dtypes)])
            body.insert(0, f"{rooms}, = {self.text.constant(room, 'room')}({asked})")
        name, names = self.text.free("slice", 1), ", ".join([x for x in arrays if x not in inside])
        self.text.above += ["\n    ".join([f"def {name}({names}):", *body])]
        each = self.text.constant(by_elements, "by_elements")
        return [*lines, f"{each}({name}, {names})"]

    def operands(self, call: Call) -> list[str]:
        dtype = reckoned_in(call)
        return [self.text.of(x) if dtype is None else self.number(x, dtype) for x in call.args]

    def number(self, value: Any, dtype: Any) -> str:
        """What stands for an operand beside arrays of ``dtype``: numbers are arrays of it, too."""
        if is_array(value):
            return self.text.of(value)
        if isinstance(value, Recorded):
            if id(value) not in self.text.constants:
                return self.text.of(value)
            value = value.inside
        if type(value) is Number:
            key: Any = id(value), dtype
            if key in self.arrays:
                return self.arrays[key]
            name = self.arrays[key] = self.text.free("s", 1)
            self.text.scope[name] = np.empty((), dtype)
            self.text.above.append(f"{name} = np.empty((), np.{dtype})")
            self.before.append(f"{name}[()] = {self.text.of(value)}")
            return name
        array = as_array(value, dtype)
        if array is None:
            return self.text.of(value)
        key = repr(array.item()), dtype
        if key not in self.arrays:
            name = self.arrays[key] = self.text.constant(array, "c")
            if np.isfinite(array):
                self.text.above.append(f"{name} = np.array({array.item()!r}, np.{dtype})")
        return self.arrays[key]
