"""The reader of pickles that cannot run code: it builds what the table of globals holds.

A pickle is a program for a small machine with a stack. Python's own machine imports and calls what
the program names, and writes attributes of whatever lies on the stack. This one knows a name only
from a table, calls only what came from there, and changes only what it has made itself. It never
recurses, never asks for more memory than the bytes that are there justify, and what is copied
(a set out of a list) is counted against the length of the file.
"""

from __future__ import annotations

import struct
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable
from pickle import UnpicklingError, decode_long
from typing import Any

import numpy as np

from autograd.arrays import dtypes


class Global:
    """What a name in a file stands for where it is none of the user's: a function of ours."""

    __slots__ = ("build", "path")

    def __init__(self, path: str, build: Callable[..., Any]) -> None:
        self.path = path
        self.build = build  # (unpickler, *arguments)

    def __repr__(self) -> str:
        return f"<{self.path}>"


_MARK = object()
_FOREIGN_ORDER = ">" if sys.byteorder == "little" else "<"
_KEY = 1000  # parts that a key of a dict may have


class Unpickler:
    """Reads one pickle after another from ``data``; see the head of this file.

    :param find: gives what ``module.name`` stands for, or raises UnpicklingError.
    :param persistent: gives the storage that a tuple in the file stands for.
    :param allowance: how many elements may be copied in all.
    :param granted: by path, the classes and functions that the user lets files name.
    """

    def __init__(
        self,
        data: Any,
        find: Callable[[str], Any],
        persistent: Callable[[Any], Any],
        allowance: int,
        granted: dict[str, Any],
        encoding: str = "utf-8",
    ) -> None:
        self.data = memoryview(data)
        self.position = 0
        self.find = find
        self.persistent = persistent
        self.allowance = allowance
        self.granted = granted
        self.encoding = encoding

    def load(self) -> Any:
        """The next object. Raises UnpicklingError, or EOFError where nothing is left."""
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        data, end, steps = self.data, len(self.data), _STEPS
        if self.position >= end:
            raise EOFError("load: the file must hold a pickle; it ends where one should begin.")
        try:
            while self.position < end:
                code = data[self.position]
                self.position += 1
                if code == 0x2E:  # STOP
                    made = self.pop()
                    if self.stack:
                        raise ValueError("something is left over")
                    return made
                steps[code](self)
        except UnpicklingError:
            raise
        except _FAULTS as error:
            raise UnpicklingError(
                f"load: the pickle in the file must be whole; at byte {self.position} it is not "
                f"({type(error).__name__}: {str(error):.120}). Save the file anew."
            ) from error
        raise UnpicklingError(
            f"load: the pickle in the file must be whole; it ends after {end} bytes. Save it anew."
        )

    # -- reading -----------------------------------------------------------------------------------

    def take(self, n: int) -> memoryview:
        start = self.position
        if n < 0 or n > len(self.data) - start:
            raise ValueError(f"{n} bytes are announced and {len(self.data) - start} are left")
        self.position = start + n
        return self.data[start : start + n]

    def number(self, code: str) -> Any:
        return struct.unpack(code, self.take(struct.calcsize(code)))[0]

    def line(self) -> str:
        start = self.position
        for stop in range(start, min(start + 1000, len(self.data))):
            if self.data[stop] == 0x0A:
                self.position = stop + 1
                return str(self.data[start:stop], "utf-8")
        raise ValueError("a name does not end")

    def since_mark(self) -> list[Any]:
        stack = self.stack
        for i in range(len(stack) - 1, -1, -1):
            if stack[i] is _MARK:
                items = stack[i + 1 :]
                del stack[i:]
                return items
        raise ValueError("a mark is missing")

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise ValueError("a mark where a value is needed")
        return value

    def spend(self, n: int) -> None:
        """Count ``n`` elements that are copied from others."""
        self.allowance -= n
        if self.allowance < 0:
            raise UnpicklingError(
                "load: what a file builds must be about as large as the file; this one makes "
                "copies of copies. It is damaged, or meant to do harm."
            )

    # -- building ----------------------------------------------------------------------------------

    def named(self, path: str) -> None:
        found = self.granted.get(path)
        self.stack.append(self.find(path) if found is None else found)

    def is_granted(self, value: Any) -> bool:
        return any([value is one for one in self.granted.values()])

    def reduce(self) -> None:
        arguments, function = self.pop(), self.pop()
        if type(arguments) is not tuple:
            raise ValueError("arguments are not a tuple")
        if type(function) is Global:
            self.stack.append(function.build(self, *arguments))
        elif self.is_granted(function):
            self.stack.append(function(*arguments))
        else:
            raise UnpicklingError(f"load: a file may call what it names; got a {_kind(function)}.")

    def new(self, arguments: Any, keywords: Any) -> None:
        made = self.pop()
        if type(made) is Global:
            self.stack.append(made.build(self, *arguments, **keywords))
        elif isinstance(made, type) and self.is_granted(made):
            self.stack.append(made.__new__(made, *arguments, **keywords))
        else:
            raise UnpicklingError(f"load: a file may make what it names; got a {_kind(made)}.")

    def build(self) -> None:
        state, made = self.pop(), self.stack[-1]
        if type(made) is OrderedDict:
            if any([hasattr(OrderedDict, name) for name in state]):
                raise UnpicklingError("load: an OrderedDict keeps its methods; got others for it.")
            vars(made).update(state)
        elif type(made) is np.ndarray:
            _restore_array(self, made, state)
        elif isinstance(made, np.dtype):
            if state[1] == _FOREIGN_ORDER:
                raise UnpicklingError("load: arrays of NumPy's are read in native byte order only.")
        elif self.is_granted(type(made)):
            if hasattr(made, "__setstate__"):
                made.__setstate__(state)
                return
            state, slots = state if type(state) is tuple and len(state) == 2 else (state, None)
            vars(made).update(state or {})
            for name, value in (slots or {}).items():
                setattr(made, name, value)
        else:
            raise UnpicklingError(
                f"load: a file may set the state of what it has made; got {type(made).__name__}."
            )

    def append(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list and not self.is_granted(type(target)):
            raise ValueError(f"items for a {type(target).__name__}")
        target.extend(items)

    def add(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not set:
            raise ValueError(f"members for a {type(target).__name__}")
        target.update(map(checked_key, items))

    def set_items(self, items: list[Any]) -> None:
        target = self.stack[-1]
        plain = type(target) in (dict, OrderedDict, Counter)
        if not plain and not self.is_granted(type(target)) or len(items) % 2:
            raise ValueError(f"{len(items)} keys and values for a {type(target).__name__}")
        for i in range(0, len(items), 2):
            target[checked_key(items[i])] = items[i + 1]

    def remember(self, index: int) -> None:
        value = self.stack[-1]
        if value is _MARK:
            raise ValueError("a mark where a value is needed")
        self.memo[index] = value

    def text(self, n: int) -> None:
        self.stack.append(str(self.take(n), "utf-8", "surrogatepass"))

    def old_text(self, n: int) -> None:
        raw = bytes(self.take(n))
        self.stack.append(raw if self.encoding == "bytes" else str(raw, self.encoding))

    def tuple_of(self, n: int) -> None:
        items = [self.pop() for _ in range(n)]
        self.stack.append(tuple(items[::-1]))

    def stored(self) -> None:
        self.stack.append(self.persistent(self.pop()))


_FAULTS = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error,
    RecursionError, MemoryError,
)  # fmt: skip


def _kind(value: Any) -> str:
    return type(value).__name__  # to print the value may take for ever


def checked_key(key: Any) -> Any:
    """``key``, if its hash takes little time: of nested tuples it could take for ever."""
    if type(key) in (str, int, float, bool, bytes, type(None)):
        return key
    waiting = [key]
    for one in waiting:  # grows while it is walked
        if type(one) in (tuple, frozenset):
            waiting += one
            if len(waiting) > _KEY:
                raise ValueError("a key has too many parts")
    return key


def numeric_dtype(d: Any) -> bool:
    """Whether a file may hold arrays of it: numbers, no objects, no fields."""
    return isinstance(d, np.dtype) and (dtypes.numeric(d) or dtypes.boolean(d))


def _restore_array(machine: Unpickler, array: Any, state: Any) -> None:
    _, shape, d, order, raw = state
    if not numeric_dtype(d) or type(raw) is not bytes or array.size:
        raise UnpicklingError("load: arrays of NumPy's must hold numbers; got others.")
    machine.spend(len(raw))
    array.__setstate__((1, tuple(shape), d, bool(order), raw))


def _steps() -> list[Callable[[Unpickler], Any]]:
    """What each code of the machine does, by its number."""

    def unknown(m: Unpickler) -> None:
        code = bytes(m.data[m.position - 1 : m.position])
        raise UnpicklingError(
            f"load: only what tensors and plain containers need is read; the file has the code "
            f"{code!r} at byte {m.position - 1}. Save it as save() or PyTorch do."
        )

    def push(value: Any) -> Callable[[Unpickler], Any]:
        return lambda m: m.stack.append(value)

    def read(code: str) -> Callable[[Unpickler], Any]:
        return lambda m: m.stack.append(m.number(code))

    def path(m: Unpickler) -> None:
        module = m.line()
        m.named(f"{module}.{m.line()}")

    def path_on_stack(m: Unpickler) -> None:
        name, module = m.pop(), m.pop()
        if type(name) is not str or type(module) is not str:
            raise ValueError("a name is no text")
        m.named(f"{module}.{name}")

    def new_with_keywords(m: Unpickler) -> None:
        keywords, arguments = m.pop(), m.pop()
        m.new(arguments, keywords)

    def one_item(m: Unpickler) -> None:
        value, key = m.pop(), m.pop()
        m.set_items([key, value])

    steps: dict[bytes, Callable[[Unpickler], Any]] = {
        b"\x80": lambda m: m.take(1),  # PROTO
        b"\x95": lambda m: m.take(8),  # FRAME
        b"(": push(_MARK),
        b"0": lambda m: m.stack.pop(),
        b"1": lambda m: m.since_mark(),
        b"N": push(None),
        b"\x88": push(True),
        b"\x89": push(False),
        b"J": read("<i"),
        b"K": read("<B"),
        b"M": read("<H"),
        b"G": read(">d"),
        b"\x8a": lambda m: m.stack.append(decode_long(bytes(m.take(m.number("<B"))))),
        b"\x8b": lambda m: m.stack.append(decode_long(bytes(m.take(m.number("<i"))))),
        b"X": lambda m: m.text(m.number("<I")),
        b"\x8c": lambda m: m.text(m.number("<B")),
        b"\x8d": lambda m: m.text(m.number("<Q")),
        b"T": lambda m: m.old_text(m.number("<i")),
        b"U": lambda m: m.old_text(m.number("<B")),
        b"B": lambda m: m.stack.append(bytes(m.take(m.number("<I")))),
        b"C": lambda m: m.stack.append(bytes(m.take(m.number("<B")))),
        b"\x8e": lambda m: m.stack.append(bytes(m.take(m.number("<Q")))),
        b"\x96": lambda m: m.stack.append(bytearray(m.take(m.number("<Q")))),
        b")": push(()),
        b"]": lambda m: m.stack.append([]),
        b"}": lambda m: m.stack.append({}),
        b"\x8f": lambda m: m.stack.append(set()),
        b"\x91": lambda m: m.stack.append(frozenset(map(checked_key, m.since_mark()))),
        b"t": lambda m: m.stack.append(tuple(m.since_mark())),
        b"\x85": lambda m: m.tuple_of(1),
        b"\x86": lambda m: m.tuple_of(2),
        b"\x87": lambda m: m.tuple_of(3),
        b"a": lambda m: m.append([m.pop()]),
        b"e": lambda m: m.append(m.since_mark()),
        b"\x90": lambda m: m.add(m.since_mark()),
        b"s": one_item,
        b"u": lambda m: m.set_items(m.since_mark()),
        b"q": lambda m: m.remember(m.number("<B")),
        b"r": lambda m: m.remember(m.number("<I")),
        b"\x94": lambda m: m.remember(len(m.memo)),
        b"h": lambda m: m.stack.append(m.memo[m.number("<B")]),
        b"j": lambda m: m.stack.append(m.memo[m.number("<I")]),
        b"c": path,
        b"\x93": path_on_stack,
        b"R": Unpickler.reduce,
        b"\x81": lambda m: m.new(m.pop(), {}),
        b"\x92": new_with_keywords,
        b"b": Unpickler.build,
        b"Q": Unpickler.stored,
    }
    return [steps.get(bytes([code]), unknown) for code in range(256)]


_STEPS = _steps()
