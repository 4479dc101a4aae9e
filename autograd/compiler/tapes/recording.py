"""While a step is recorded: every array of a tensor that is read is a recorder.

:class:`TensorBase` keeps its array in a slot, ``_data``. For the time of a recording a property
stands in its place: in the thread that records, a read lifts the array. So parameters, buffers,
what closures and modules hold come in without a search, and nothing that tensors do gets past the
tape. Other threads read and write as ever. Afterwards each tensor that was given a recorder has its
array again, and so have nodes that live on; nothing stays behind after an exception either.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograd.arrays import dialect
from autograd.compiler.tapes.literals import literal_at
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded, Tape
from autograd.engine import duals, levels, versions, watches
from autograd.engine.graph import Freed, Node, TensorBase, node_of
from autograd.engine.lines import here
from autograd.random.generator import Generator

_data: Any = TensorBase.__dict__["_data"]
_grad: Any = TensorBase.__dict__["_grad"]
_one = threading.Lock()  # there is one slot to stand in for


class Busy(RuntimeError):
    """Another thread is recording."""


class Recording:
    """Records what this thread does inside the ``with`` statement, on ``.tape``.

    ``outside`` are the tensors that were there before and were read or written, each with the
    recorder over its array, by their ``id``; ``gradients`` those whose ``.grad`` was asked for or
    set, each with what it was at first; ``made`` the tensors that the step has made, or given other
    arrays, as far as they are still there afterwards; ``modules`` those that were called, and
    ``optimizers`` those that stepped, by their ``id``. Raises :class:`Busy` on entering where
    another thread records.

    >>> import autograd
    >>> w = autograd.ones(2)
    >>> with Recording() as recording:
    ...     v = w * 2 + autograd.zeros(2)
    >>> [call.function.__name__ for call in recording.tape.calls], v
    (['mul', 'zeros', 'add'], tensor([2., 2.]))
    >>> [tensor is w for tensor, _ in recording.outside.values()]
    [True]
    """

    now: ClassVar[Recording | None] = None  # the one that is under way

    def __init__(self) -> None:
        self.tape = Tape()
        self.outside: dict[int, tuple[Any, Any]] = {}
        self.gradients: dict[int, tuple[Any, Any]] = {}
        self.edges: dict[int, Any] = {}  # of those outside, when they were read first
        self.replaced: set[int] = set()  # ids of tensors whose gradient was set before it was read
        self.made: list[Any] = []
        self.modules: dict[int, Any] = {}
        self.optimizers: dict[int, Any] = {}
        self._given: dict[int, weakref.ref[Any]] = {}  # tensors that hold a recorder
        self._ends: dict[int, tuple[weakref.ref[Any], Any]] = {}  # what they held at the end
        self._making = False  # what it is made of is no call of its own
        self._stopped = False  # nothing is lifted any more
        self._undo: list[tuple[Any, str, Any]] = []
        self._watching: list[tuple[list[Any], list[Any]]] = []

    def __enter__(self) -> Recording:
        if not _one.acquire(blocking=False):
            raise Busy("a recording is under way in another thread.")
        self._start = versions.tick()
        for told in (watches.backward_begins, watches.sweep_ends, watches.steps, watches.clips):
            self._watching.append((told, [*told]))  # they look at values, and change none
            told.clear()
        watches.steps.append(self._stepped)
        watches.beyond_ops.append(self._stop)
        for kind in watches.module_kinds:
            self._replace(kind, "__call__", self._calling(kind.__call__))
        self._replace(dialect, "making", self._made)
        self._replace(levels.Level, "__init__", self._stopping(levels.Level.__init__, "vmap"))
        if not self.tape.of_arrays:
            forward_mode = self._stopping(duals.DualLevel.__enter__, "forward mode")
            self._replace(duals.DualLevel, "__enter__", forward_mode)
        for name in ("manual_seed", "seed", "get_state", "set_state"):
            self._replace(Generator, name, self._noticed(getattr(Generator, name)))
        self._replace(TensorBase, "_grad", property(self._read_grad, self._write_grad))
        self._replace(TensorBase, "_data", property(self._read, self._write))
        Recording.now = self
        return self

    def __exit__(self, *error: object) -> None:
        try:
            Recording.now = None
            watches.beyond_ops.remove(self._stop)
            while self._undo:
                owner, name, before = self._undo.pop()
                setattr(owner, name, before)
            for told, before in self._watching:
                told[:] = before + [one for one in told if one != self._stepped]
            self.tape.close()
            self._settle()
        finally:
            _one.release()

    def _replace(self, owner: Any, name: str, other: Any) -> None:
        self._undo.append((owner, name, owner.__dict__[name]))
        setattr(owner, name, other)

    # -- reads and writes ------------------------------------------------------------------------

    def _read(self, tensor: Any) -> Any:
        value = _data.__get__(tensor)
        if self._stopped or threading.get_ident() != self.tape.thread:
            return dialect.inside(value)
        if type(value) is not np.ndarray and not isinstance(value, np.generic):
            if value is not None and not isinstance(value, (Recorded, duals.Dual)):
                self.tape.refuse(
                    f"a tensor holds another library's array, a {type(value).__name__}"
                )
            return value
        if self.tape.of_arrays and self._has_constant(tensor, value):
            return value
        found = self.outside.get(id(tensor))
        if found is None:
            self.edges[id(tensor)] = tensor._edge
        if found is None or found[1].inside is not value:
            found = self.outside[id(tensor)] = tensor, self.tape.lift(value)
        return found[1]

    def _write(self, tensor: Any, value: Any) -> None:
        if not self._stopped and threading.get_ident() == self.tape.thread:
            if isinstance(value, (np.ndarray, np.generic)):
                value = self._of_data(value)
            if id(tensor) not in self._given and id(tensor) not in self.outside:
                before = getattr(tensor, "_data", None)  # there is none in a new one
                if isinstance(before, Recorded):
                    self.outside.setdefault(id(tensor), (tensor, before))
            self._given[id(tensor)] = weakref.ref(tensor)
        _data.__set__(tensor, value)

    def _has_constant(self, tensor: Any, array: Any) -> bool:
        """Whether a tensor of the step's holds a constant, which ops compute with as it is."""
        given = self._given.get(id(tensor))
        return given is not None and given() is tensor and self.tape.is_constant(array)

    def _of_data(self, array: Any) -> Any:
        """The recorder over an array that came from elsewhere: of a literal, it is made anew."""
        if self.tape.of_arrays:
            return self.tape.constant(array)
        literal = literal_at(here(), array)
        if literal is not None:
            return self.tape.note(np.array, (literal, array.dtype), {}, array)
        self.tape.refuse("a tensor was made of data that are no argument of the step")
        return self.tape.lift(array)

    def _read_grad(self, tensor: Any) -> Any:
        value = _grad.__get__(tensor)
        if self.tape.live and not self._stopped and self._is_outside(tensor):
            self.gradients.setdefault(id(tensor), (tensor, value))
        return value

    def _write_grad(self, tensor: Any, value: Any) -> None:
        if self.tape.live and not self._stopped and self._is_outside(tensor):
            if id(tensor) not in self.gradients:
                self.gradients[id(tensor)] = tensor, _grad.__get__(tensor)
                self.replaced.add(id(tensor))
        _grad.__set__(tensor, value)

    def _is_outside(self, tensor: Any) -> bool:
        given = self._given.get(id(tensor))
        return id(tensor) in self.outside or given is None or given() is not tensor

    def _made(self, function: Any, args: Any, options: Any) -> Any:
        """An array made of nothing: a call of its own."""
        tape = self.tape
        if not tape.live or self._making:
            return function(*args, **options)
        self._making = True
        try:
            result = function(*tape.opened(args), **tape.opened(options))
        finally:
            self._making = False
        return tape.note(function, args, options, result)

    def _noticed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """A method of streams of numbers that no tape can hold."""

        def noticed(*args: Any, **options: Any) -> Any:
            self.tape.refuse(f"the state of a stream of numbers was asked or set, {name}")
            return method(*args, **options)

        name = method.__name__
        return noticed

    def held_by(self, tensor: Any) -> Any:
        """The recorder that ``tensor`` held at the end; None where the step has not touched it."""
        given, held = self._ends.get(id(tensor), (None, None))
        if given is not None and given() is tensor:
            return held
        return self.outside.get(id(tensor), (None, None))[1]

    def _stopping(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        """What begins work on arrays of another kind: recorders are none of theirs."""

        def begins(*args: Any, **options: Any) -> Any:
            self._stop(f"{name} began inside the step")
            return method(*args, **options)

        return begins

    def _stop(self, reason: str) -> None:
        """From here on arrays are what they are."""
        if self.tape.live and not self._stopped:
            self.tape.refuse(reason)
            self._stopped = True
            self._settle()

    def _stepped(self, optimizer: Any) -> None:
        if self.tape.live:
            self.optimizers[id(optimizer)] = optimizer

    def _calling(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call of a module, which is noted."""

        def calls(module: Any, *args: Any, **options: Any) -> Any:
            if self.tape.live:
                self.modules[id(module)] = module
            return call(module, *args, **options)

        return calls

    # -- afterwards ------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Give tensors, and nodes that live on, their arrays back."""
        nodes: list[Any] = []
        for one in self._given.values():
            tensor = one()
            if tensor is None:
                continue
            value = _data.__get__(tensor)
            if not isinstance(value, Recorded):
                continue
            _data.__set__(tensor, settled(value))
            self._ends[id(tensor)] = one, value
            self.made.append(tensor)
            if tensor._edge is not None:
                nodes.append(node_of(tensor._edge))
        seen = set(nodes)
        for node in nodes:  # grows while it is walked
            if not isinstance(node, Node) or node.age > self._start:
                continue  # a leaf, or older than the step: the clock counts downwards
            if type(node.plan) is not Freed:
                node.plan = settled(node.plan)
            for name, value in vars(node).items():
                vars(node)[name] = settled(value)
            for edge in node.edges:
                below = node_of(edge) if edge is not None else None
                if below is not None and below not in seen:
                    seen.add(below)
                    nodes.append(below)


def settled(value: Any) -> Any:
    """``value`` with the arrays in its recorders, in nested tuples, lists and dicts."""
    if isinstance(value, Recorded):
        return value.inside
    if type(value) is Number:
        return value.value
    if type(value) in (tuple, list):
        return type(value)([settled(one) for one in value])
    if type(value) is dict:
        return {name: settled(one) for name, one in value.items()}
    return value
