"""What a run computed, as a picture needs it: values, and the calls of ops that made them.

A value points back to the call that made it, a call to the values that it was given; nothing here
points to a tensor, a node or a module, other than weakly. What nobody holds any more goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.drawing.watching.digest import Numbers
from autograd.engine.lines import Line


@dataclass(eq=False, slots=True)
class Module:
    """A call of a module."""

    number: int  # of all calls of modules
    path: str  # in the outermost one that was called; of that one its class
    kind: str  # the class
    parent: Module | None
    owner: str  # what the user calls the outermost one


@dataclass(eq=False, slots=True)
class Value:
    """A tensor, or an array or number that an op was given."""

    shape: tuple[int, ...] | None
    dtype: str = ""
    maker: Call | None = None
    output: int = 0  # which result of its maker it is
    node: Any = None  # of what no call is known of: a reference to the graph's node
    held: Any = None  # of what no op made: a weak reference to the tensor or array
    role: str = ""  # of such: parameter, input, data, constant
    name: str = ""  # what a module or a variable calls it
    owner: str = ""  # of a parameter: what the user calls the outermost module
    outside: bool = False  # it was there before a module was called, and no parameter
    numbers: Numbers | None = None
    gradient: Numbers | None = None


@dataclass(eq=False, slots=True)
class Input:
    """What a call was given in one place."""

    place: int
    name: str  # of the argument
    value: Value | None  # None: a number
    number: Any = None
    data: bool = False  # no gradient comes back
    gradient: float | None = None  # root mean square of what came back


@dataclass(eq=False, slots=True)
class Call:
    """A call of an op."""

    op: type  # its class
    inputs: list[Input]
    known: dict[str, Any]  # arguments that are no tensors, by name
    time: int  # larger: later
    line: Line | None = None
    module: Module | None = None
    recorded: bool = True
    kept: int | None = None  # bytes, for the backward pass; None: not known
    outputs: int = 1
    node: str = ""  # PyTorch's name of the node
    shape: tuple[int, ...] | None = None  # of its first result


class Word(str):
    """A word in an argument that stands for something, and is no string."""


@dataclass(eq=False)
class Opened:
    """A call that has begun: what is known of it by then."""

    op: type
    inputs: list[Input] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)


def is_plain(value: Any) -> bool:
    """Whether an argument is small and holds no array: a number, a string, a tuple of such."""
    if isinstance(value, (tuple, list)):
        return len(value) <= _LONGEST and all(map(is_plain, value))
    return value is None or value is ... or isinstance(value, _PLAIN)


_PLAIN = (bool, int, float, complex, str, slice, np.generic, np.dtype)
_LONGEST = 32
