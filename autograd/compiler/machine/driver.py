"""A plan as a Python function: numbers and looks first, then machine code between calls.

    def replay(x1, p2, p3):
        lr = group['lr']
        forget_gradients()
        pack(numbers, 0, lr)
        pointers[0] = address(x1)
        [r1] = results()
        run1(*memory)  # 1 product, 2 loops
        v1 = bernoulli(0.9, (4, 8), float32, None)
        v1 = laid(v1, (4, 8), (32, 4))
        pointers[7] = address(v1)
        run2(*memory)  # 3 loops
        return (r1, )

What is computed lies in one block of memory, which the plan has laid out and the function keeps.
What it returns lies in arrays of its own: those of the last time, where nobody has kept them.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import numpy as np

from autograd.compiler.planning.interpret import at, interpreting, poisoned, viewed
from autograd.compiler.planning.plan import (
    Access,
    Buffer,
    Plan,
    PlannedCall,
    Product,
    View,
    accesses,
    views,
)
from autograd.compiler.planning.planner import planned
from autograd.compiler.replaying.replay import Changed, Writer, made
from autograd.compiler.replaying.text import Text
from autograd.compiler.tapes.order import ordered, recorders
from autograd.compiler.tapes.recorder import Tape

Runs = Callable[[list[list[Any]], dict[Buffer, int]], list[Callable[[int, int], None]]]


def program(
    tape: Tape,
    given: dict[str, Any],
    wanted: Iterable[Any],
    midway: Callable[[], None] | None,
    fixed: set[str],
    compiled: Runs,
    supported: Callable[[Any], bool] = lambda step: True,
) -> Any:
    """As ``program`` in replaying/replay.py, by a plan, which is there as ``.plan``.

    :param fixed: the names of arrays that are the very same each time.
    :param compiled: makes functions of the steps between which no call lies; they are given the
        addresses of the buffers' pointers and of the numbers.
    :param supported: whether it can, of a step; others are left to NumPy.
    """
    driver = _Driver(given, midway, fixed, compiled, supported)
    function = made(driver, tape, given, wanted)
    function.plan, function.memory = driver.laid, driver.raw
    return function


class _Text(Text):
    """Names, and the arrays that views mean."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(given, ["Changed", "address", "at", "laid", "memory", "numbers", "pack"])
        self.memory: dict[Buffer, Any] = {}  # arrays that lie where they lie
        self.now: dict[Buffer, str] = {}  # the names of those that lie elsewhere each time
        self.whole: dict[Buffer, View] = {}  # what such a name means
        self.views: dict[View, str] = {}

    def of(self, value: Any) -> str:
        if not isinstance(value, View):
            return super().of(value)
        shape, (buffer, offset, strides), scalar = value
        end = "[()]" if scalar else ""
        if buffer in self.memory:
            if value not in self.views:
                self.views[value] = self.constant(viewed(value, self.memory, None), "b")
            return self.views[value] + end
        if self.whole.get(buffer) == value._replace(scalar=False):
            return self.now[buffer] + end
        step = buffer.dtype.itemsize
        steps = tuple([one * step for one in strides])
        return f"at({self.now[buffer]}, {offset * step}, {shape}, {steps}){end}"

    def meant(self, buffer: Buffer, name: str, view: View | None) -> None:
        """``buffer`` goes by ``name``, which means the array ``view``."""
        self.now[buffer] = name
        if view is not None:
            self.whole[buffer] = view._replace(scalar=False)


class _Driver(Writer):
    """Writes the function."""

    text: _Text
    laid: Plan

    def __init__(
        self, given: dict[str, Any], midway: Any, fixed: set[str], compiled: Runs, supported: Any
    ) -> None:
        super().__init__(given, midway)
        self.by_name, self.fixed = given, fixed
        self.compiled, self.supported = compiled, supported
        self.text = _Text(given)
        self.text.scope["Changed"] = Changed

    def lines(self, calls: list[Any], wanted: list[Any]) -> Iterator[str]:
        calls, checked, self.late, self.written, self.drawn = ordered(calls, self.given)
        first, rest = calls[:checked], calls[checked:]
        later = [*recorders(rest), *recorders(wanted)]
        yield from self.in_turn(first, [*self.given, *later])
        yield from self.halfway()
        names = self.text.names
        looked = {names[id(one)]: one for one in later if id(one) in names}
        self.by_name = {**looked, **self.by_name}
        plan = self.laid = planned(rest, self.by_name, wanted, first)
        yield from self.read(plan.numbers)
        slots = self.lay_out(plan)
        if plan.numbers:
            self.text.scope["pack"] = struct.Struct(f"{len(plan.numbers)}d").pack_into
            yield f"pack(numbers, 0, {', '.join([self.text.of(one) for one in plan.numbers])})"
        for name, buffer in plan.given.items():
            if buffer in self.rooms:
                yield f"{self.text.constant(self.rooms[buffer], 's')}[()] = {name}"
            elif buffer in self.text.now:
                yield f"pointers[{slots[buffer]}] = address({name})"
        if self.results.buffers:
            yield f"[{', '.join([self.text.now[one] for one in self.results.buffers])}] = results()"
        segments: list[tuple[str, list[Any]]]
        segments = [(kind, [*some]) for kind, some in groupby(plan.steps, self.done_by)]
        runs = iter(self.compiled([some for kind, some in segments if kind == "run"], slots))
        for kind, segment in segments:
            if kind == "call":
                for call in segment:
                    yield from self.python_call(call, slots)
                continue
            name = self.text.free(kind, 1)
            self.text.scope[name] = (
                next(runs) if kind == "run" else interpreting([segment], slots)[0]
            )
            yield f"{name}(*memory)  # {_told(segment)}"
        yield f"return ({''.join([self.text.of(one) + ', ' for one in plan.results])})"

    def done_by(self, step: Any) -> str:
        """Who does a step: a call of Python's, machine code ("run"), or NumPy ("numpy")."""
        return (
            "call" if isinstance(step, PlannedCall) else "run" if self.supported(step) else "numpy"
        )

    def lay_out(self, plan: Plan) -> dict[Buffer, int]:
        """Memory for what is planned and returned; the numbers of the pointers to all buffers."""
        text = self.text
        raw = np.empty(plan.memory + 64, np.uint8)
        raw = poisoned(raw[-raw.ctypes.data % 64 :][: plan.memory])
        used = {one.buffer: None for step in plan.steps for one, _ in accesses(step)}
        used |= {view.access.buffer: None for view in plan.results}
        slots = {buffer: i for i, buffer in enumerate(used)}
        self.rooms: dict[Buffer, Any] = {}  # for NumPy's scalars, which have no memory of their own
        pointers, numbers = np.zeros(len(slots) + 1, np.uintp), np.zeros(len(plan.numbers) + 1)
        names = {buffer: name for name, buffer in plan.given.items()}
        for buffer in used:
            name = names.get(buffer, "")
            if name in self.fixed:
                text.memory[buffer] = self.by_name[name].inside
            elif name and isinstance(self.by_name[name].inside, np.generic):
                text.memory[buffer] = self.rooms[buffer] = np.empty((), buffer.dtype)
            elif name:
                text.meant(buffer, name, _all_of(self.by_name[name].inside, buffer))
            elif buffer.kind in ("planned", "constant"):
                viewed(View((buffer.size,), Access(buffer, 0, (1,))), text.memory, raw)
        for buffer, array in text.memory.items():
            pointers[slots[buffer]] = address(array)
        self.results = Results(plan.results, slots, pointers)
        for buffer in self.results.buffers:
            text.meant(buffer, text.free("r", 1), self.results.whole.get(buffer))
        text.scope.update(
            pointers=pointers,
            numbers=numbers,
            address=address,
            at=at,
            laid=laid,
            memory=(address(pointers), address(numbers)),
            results=self.results,
        )
        self.raw = raw
        return slots

    def python_call(self, call: PlannedCall, slots: dict[Buffer, int]) -> Iterator[str]:
        """A call, and pointers to what it has made."""
        yield from self.read((call.args, call.options))
        texts = [self.text.of(one) for one in call.args]
        texts += [f"{name}={self.text.of(one)}" for name, one in call.options.items()]
        line = f"{self.text.function(call.function)}({', '.join(texts)})"
        made = [*views(call.result)]
        for view in made:
            self.text.meant(view.access.buffer, self.text.free("v", 1), view)
        yield f"{self.assigned(call.result)} = {line}" if made else line
        for view in made:
            buffer = view.access.buffer
            name, step = self.text.now[buffer], buffer.dtype.itemsize
            steps = tuple([one * step for one in view.access.strides])
            yield f"{name} = laid({name}, {view.shape}, {steps})"
            if buffer in slots:
                yield f"pointers[{slots[buffer]}] = address({name})"

    def assigned(self, result: Any) -> str:
        """What a result is assigned to."""
        if isinstance(result, View):
            return self.text.now[result.access.buffer]
        if isinstance(result, (tuple, list)):
            return f"({''.join([self.assigned(one) + ', ' for one in result])})"
        return "_"


def _all_of(array: Any, buffer: Buffer) -> View:
    """The view that ``array`` is of its buffer."""
    strides = tuple([one // array.itemsize for one in array.strides])
    return View(array.shape, Access(buffer, 0, strides))


class Results:
    """Arrays for what is returned: those of the last time, where nobody has kept them."""

    def __init__(self, wanted: list[View], slots: dict[Buffer, int], pointers: Any) -> None:
        made = [view for view in wanted if view.access.buffer.kind == "result"]
        self.buffers = [*dict.fromkeys([view.access.buffer for view in made])]
        self.whole: dict[Buffer, View] = {}
        self.pointers, self.slots = pointers, [slots[one] for one in self.buffers]
        self.arrays = [self._room(buffer, made) for buffer in self.buffers]
        for slot, where in zip(self.slots, map(address, self.arrays)):
            pointers[slot] = where
        self.alone = self._references()

    def _room(self, buffer: Buffer, made: list[View]) -> Any:
        array = np.empty(buffer.size, buffer.dtype)
        view, *others = [one for one in made if one.access.buffer is buffer]
        if others or not _is_whole(view):
            return array
        self.whole[buffer] = view
        return np.empty(view.shape, buffer.dtype)

    def _references(self) -> list[int]:
        return [sys.getrefcount(array) for array in self.arrays]

    def __call__(self) -> list[Any]:
        """The arrays of today."""
        for i, (now, alone) in enumerate(zip(self._references(), self.alone)):
            if now > alone:
                array = self.arrays[i]
                self.arrays[i] = np.empty_like(array)
                self.pointers[self.slots[i]] = address(self.arrays[i])
        return self.arrays


def _is_whole(view: View) -> bool:
    """Whether a view is all of its buffer, row by row."""
    expected, size = [], 1
    for n in reversed(view.shape):
        expected.append(size)
        size *= n
    (buffer, offset, strides) = view.access
    return size == buffer.size and not offset and strides == tuple(expected[::-1])


def address(array: Any) -> Any:
    """Where an array's first element lies."""
    return array.__array_interface__["data"][0]


def laid(array: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """``array`` as it lay in memory when it was recorded: itself, or a copy."""
    if type(array) is np.ndarray and array.shape == shape:
        if all([a == b or n == 1 for a, b, n in zip(array.strides, strides, shape)]):
            return array
    order = sorted(range(len(shape)), key=lambda axis: -strides[axis])
    out = np.empty([shape[axis] for axis in order], np.asarray(array).dtype)
    out = out.transpose(np.argsort(order)) if order else out
    out[...] = array
    return out


def _told(steps: list[Any]) -> str:
    counts = {"product": 0, "loop": 0}
    for step in steps:
        counts["product" if isinstance(step, Product) else "loop"] += 1
    return ", ".join([f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items() if n])
