"""What a step does in Python beside its arrays: seen while it is recorded, told where it matters.

A program replays calls on arrays; ``self.n += 1``, ``losses.append(...)`` and ``random.random()``
are none. It stands for the step all the same if two things hold:

* *The step leaves the state as it found it.* A step is a function of its arguments and of the state
  that it reads. Where that state was the same before and after, and is the same again, the step
  would do again what it did. :class:`Reach` (state.py) keeps what stood at each place that the
  code's names lead to: compared once afterwards, and before each replay.
* *Nothing else went in or out.* Clocks, files, streams of random numbers and the like are behind C,
  where nobody can look. So each call of C from the user's code must be known to be a function of
  its arguments, or to change only what the first rule sees; and Python's own library must be too.

All else is refused, with the user's line. This library's own code is trusted in what it computes,
not in what it keeps: modules and schedules are compared as the user's objects are.
"""

from __future__ import annotations

import gc
import sys
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.compiler.reach import named
from autograd.compiler.tapes.order import recorders
from autograd.compiler.tapes.recorder import Recorded, Refusal, Tape
from autograd.compiler.watching.kinds import codes_of, is_plain, whose
from autograd.compiler.watching.mentions import Mentions, mentions, where
from autograd.compiler.watching.places import Still, Whole
from autograd.compiler.watching.state import Reach
from autograd.engine import watches
from autograd.engine.graph import TensorBase
from autograd.engine.lines import Line, users

_BUILTINS = set(
    "__build_class__ abs all any ascii bin callable chr delattr dir divmod format getattr hasattr "
    "hex isinstance issubclass iter len max min next oct ord pow repr round setattr sorted "
    "sum vars".split()
)
# Modules in C whose functions are functions of their arguments
_PURE = set(
    "_abc _bisect _collections _functools _heapq _json _operator _sre _statistics _struct binascii "
    "cmath itertools math operator unicodedata zlib".split()
)
# Kinds whose methods change at most the object itself, which is compared
_PLAIN = {
    str, bytes, list, dict, set, frozenset, tuple, deque, OrderedDict, defaultdict, int, float,
    complex, bool, range, slice, property, types.GeneratorType, types.MappingProxyType, np.ndarray,
    type({}.keys()), type({}.values()), type({}.items()), object, type,
}  # fmt: skip
_FILES = {"dump", "fromfile", "load", "save", "savetxt", "savez", "tofile"}
# What not even this library's code may have done in between
_OUTSIDE = set("_ctypes _io _posixsubprocess _random _socket io mmap nt posix select time".split())
_PRINTS = {"print", "input", "open", "start_new_thread"}


class Watch:
    """Watches this thread's Python in a ``with`` statement in which ``function`` is called once.

    ``refusals`` says afterwards why a program cannot stand for the call. :meth:`changed` says, at
    any time, whether the state that was read is another one. The user's code must be that of
    ``function``, or be found from it and ``args``.

    :param given: what the arguments were before others stood in for them.
    :param identity: no argument may be a tensor that the code reaches, too.

    >>> counts = {"__name__": "net", "n": 0}
    >>> exec('''
    ... def step(x):
    ...     global n
    ...     n += 1
    ...     return x * n
    ... ''', counts)
    >>> with Watch(counts["step"], (2,)) as watch:
    ...     counts["step"](2)
    2
    >>> [reason for reason, line in watch.refusals]
    ['n has changed']
    """

    def __init__(
        self,
        function: Any,
        args: Any = (),
        options: Any = None,
        given: Iterable[Any] | None = None,
        identity: bool = False,
    ) -> None:
        self._identity = identity
        self.refusals: list[Refusal] = []
        leaves, _ = trees.flatten((args, options or {}))
        tensors = leaves if given is None else given
        self._given = {id(one): one for one in tensors if isinstance(one, TensorBase)}
        roots = [one for one in leaves if not isinstance(one, TensorBase)]
        self.reach = Reach([function, *roots])
        self._passed = [
            Whole("an argument", one, one, tuple(one)) for one in _containers((args, options))
        ]
        self._reasons: set[str] = set()
        self._known: dict[Any, Any] = {}  # what needs no second look, by the id of its code
        self._owners: dict[int, str] = {}  # of code
        self._kept: list[Any] = []
        self._tensors: list[Any] = []
        self._done: dict[int, Line] = {}  # by the object, the latest call of a method of it

    def __enter__(self) -> Watch:
        self._collects = gc.isenabled()
        gc.disable()  # what others' finalisers do is none of the step's
        self._before = sys.getprofile()
        self._lines: dict[CodeType, set[int]] | None = None if sys.gettrace() else {}
        if self._before is not None:
            self._refuse("another profiler watches the step", None)
            return self
        sys.setprofile(self._told)
        if self._lines is not None:
            sys.settrace(self._traced)
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is None:
            sys.setprofile(None)
            if self._lines is not None:
                sys.settrace(None)
        if self._collects:
            gc.enable()
        if error[0] is None:
            self._look()
        self._lines = None
        self._passed.clear()
        self._given.clear()
        self._known.clear()
        self._owners.clear()
        self._kept.clear()

    def _look(self) -> None:
        """What came of it."""
        ran: dict[CodeType, frozenset[int] | None] = dict.fromkeys(self.reach.ran)
        if self._lines is not None:
            ran = {code: frozenset(self._lines.get(code, ())) for code in ran}
        self.reach = self.reach.narrowed(ran)
        for name, why in self.reach.unseen.items():
            self._refuse(f"{name}, {why}", self._line_named(name))
        if (place := self.reach.changed()) is not None:
            self._refuse(f"{place.name} has changed", self._line_of(place))
        for passed in self._passed:
            if passed.changed():
                self._refuse(f"{passed.name} has changed", self._line_of(passed))
        said = [mentions(code, lines) for code, lines in ran.items()]
        names = {chain[-1] for one in said for chain in one.globals}
        if not names.isdisjoint(_CALLING):  # C calls C: nobody is told
            for one in self.reach.in_c:
                if not _is_pure(one):
                    self._refuse(f"{_name(one)} may have been called", None)
        self.catches = any([one.catches for one in said])
        self.classes = any([one.classes for one in said])
        keyed = self._identity or self.reach.keyed
        self._identity = keyed or any([one.identity for one in said])
        if self._identity and not self.reach.tensors.keys().isdisjoint(self._given):
            self._refuse("the step asks which object an argument is", None)
        places, of_module = [*self.reach.places()], self.reach.is_of_module
        self._state = Still([one for one in places if not of_module(one)])
        self._modules_at = watches.module_changes  # no module was given anything since
        self._modules = Still([one for one in places if of_module(one)])

    def look_at_result(self, result: Any) -> None:
        """Refuse a result with a list or a dict that somebody has: a replay makes a new one."""
        for one in _containers(result):
            if self.reach.holds(one):
                self._refuse("the step returns a list or a dict that it has not made", None)

    # -- while the step runs ---------------------------------------------------------------------

    def _traced(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Which lines of the user's code run: what they do not mention is none of the step's."""
        owner = self._owners.get(id(frame.f_code))
        if owner is None:
            owner = self._owners[id(frame.f_code)] = _owner(frame)
            self._kept.append(frame.f_code)
        if owner != "read" or self._lines is None:
            return None
        lines = self._lines.setdefault(frame.f_code, set())
        lines.add(frame.f_lineno)

        def line(frame: FrameType, event: str, arg: Any) -> Any:
            lines.add(frame.f_lineno)
            return line

        return line

    def _told(self, frame: FrameType, event: str, arg: Any) -> None:
        """What Python tells of each call that begins."""
        if event == "call":
            if id(frame.f_code) not in self._known:
                self._begins(frame)
        elif event == "c_call":
            key = (id(frame.f_code), arg.__name__, type(arg.__self__))
            if key not in self._known:
                self._begins_in_c(frame, arg, key)

    def _begins(self, frame: FrameType) -> None:
        code, owner = frame.f_code, _owner(frame)
        if owner == "python":
            if _caller(frame) != "read":
                return  # the next time it may be the user's code that calls
            name = f"{frame.f_globals['__name__']}.{code.co_name}"
            self._refuse(f"{name} was called, which may keep state of its own", frame)
        elif owner == "read" and not self.reach.enter(code):
            self._refuse(f"{code.co_name} was called from where it was not found", frame)
        self._known[id(code)] = code

    def _begins_in_c(self, frame: FrameType, function: Any, key: Any) -> None:
        if _caller(frame) != "read":
            self._known[key] = frame.f_code
            if _goes_outside(function):
                self._refuse(f"{_name(function)} was called", frame)
        elif _is_pure(function):
            self._done[id(function.__self__)] = Line(frame.f_code, frame.f_lasti)
        else:
            name = _name(function)
            self._refuse(f"{name} was called, which may give other results each time", frame)

    def _refuse(self, reason: str, at: FrameType | Line | None) -> None:
        if reason in self._reasons:
            return
        self._reasons.add(reason)
        if isinstance(at, FrameType):
            frame = users(at)
            at = Line(frame.f_code, frame.f_lasti) if frame else None
        self.refusals.append(Refusal(reason, at))

    def _line_of(self, place: Any) -> Line | None:
        """Where the user's code has changed what stood at a place."""
        if id(place.holder) in self._done:
            return self._done[id(place.holder)]
        return self._line_named(getattr(place, "key", None) or place.name)

    def _line_named(self, name: str) -> Line | None:
        """Where the user's code writes to what has a name, or else mentions it."""
        first = name.partition(" of ")[0].rpartition(".")[2]
        for written in (True, False):
            for code in self.reach.ran:
                if (offset := where(code, first, written)) is not None:
                    return Line(code, offset)
        return None

    # -- before each replay ----------------------------------------------------------------------

    def leave_out(self, known: Any) -> None:
        """Of the tensors reached, those whose ``id`` is in ``known`` are compared elsewhere.

        What is sparse has no one array: its parts are tensors.
        """
        others = [one for key, one in self.reach.tensors.items() if key not in known]
        self._tensors = [(one, one._data, one._edge) for one in others if one._whole]

    def changed(self, tensors: Iterable[Any] = ()) -> str:
        """What of the state is not as it was; empty where all is. ``tensors`` are arguments."""
        if why := self._state.changed():
            return why
        if (now := watches.module_changes) != self._modules_at:
            if why := self._modules.changed():
                return why
            self._modules_at = now
        for one, data, edge in self._tensors:
            if one._data is not data or one._edge is not edge:
                return "a tensor is another, or requires grad that did not"
        if self._identity and not self.reach.tensors.keys().isdisjoint(map(id, tensors)):
            return "the step asks which object an argument is"
        return ""


# What calls a function that it is given, from C
_CALLING = set("accumulate filter iter map max min partial reduce sorted starmap".split())
_NOW = {"fromtimestamp", "now", "today", "utcnow"}


def _containers(tree: Any) -> list[Any]:
    """The lists and dicts in nested arguments, which a step may have changed."""
    found, waiting = [], [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [one, one.values()]
            waiting += one.values()
        elif isinstance(one, (list, tuple, deque)):
            found += [] if isinstance(one, tuple) else [one]
            waiting += one
    return found


def _owner(frame: FrameType) -> str:
    """Whose code runs in a frame; of what has no module, whose has called it."""
    name = frame.f_globals.get("__name__")
    return whose(name, frame.f_code.co_filename) if name else _caller(frame.f_back)


def _caller(frame: FrameType | None) -> str:
    """Whose code runs in a frame, or has called Python's library there."""
    while frame is not None:
        owner = _owner(frame)
        if owner != "python":
            return owner
        frame = frame.f_back
    return "ours"


def _name(function: Any) -> str:
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", repr(function))
    return name if module in (None, "builtins") else f"{module}.{name}"


def _goes_outside(function: Any) -> bool:
    """Whether a function in C reads clocks or files, prints, or draws numbers."""
    holder = function.__self__
    module = function.__module__ or type(holder).__module__
    return module in _OUTSIDE or (module == "builtins" and function.__name__ in _PRINTS)


def _is_pure(function: Any) -> bool:
    """Whether a function in C gives what follows from its arguments, and changes no more."""
    holder, name, module = function.__self__, function.__name__, function.__module__
    if holder is None or isinstance(holder, types.ModuleType):
        if module == "builtins":
            return name in _BUILTINS
        return module in _PURE or (whose(module) == "pure" and name not in _FILES)
    kind = holder if isinstance(holder, type) else type(holder)
    return name not in _FILES | _NOW and (kind in _PLAIN or is_plain(kind))


def by_identity(reached: list[Any], args: Any, options: Any) -> bool:
    """Whether arguments must be the very objects that were given, for what the code asks of them.

    It may keep them by their ``id``, or ask whether one is a tensor that it knows.
    """
    near = {id(one) for one in reached}
    leaves, _ = trees.flatten((args, options))
    known = any([isinstance(one, TensorBase) and id(one) in near for one in leaves])
    for said in _said(reached):
        if (known and said.identity) or {("id",), ("hash",)}.intersection(said.globals):
            return True
    keys = [key for one in reached if type(one) in (dict, set) for key in one]
    return any([isinstance(key, TensorBase) for key in keys])


def by_class(function: Any) -> bool:
    """Whether code compares classes by ``type``, so that an argument must be of its very class.

    >>> scope = {"__name__": "net"}
    >>> exec("def step(x): return x if type(x) is int else inner(x)", scope)
    >>> by_class(scope["step"])
    True
    """
    return any([said.classes for one in named(function) for said in _said([one])])


def _said(reached: list[Any]) -> Iterator[Mentions]:
    """What the code of these objects mentions, and of what is defined in it."""
    codes = [code for one in reached for code in codes_of(one)]
    for code in codes:  # grows while it is walked
        said = mentions(code)
        codes += said.inner
        yield said


def may_raise(tape: Tape) -> str:
    """A call on the tape that raises for some values of its arrays; empty where there is none."""
    for call in tape.calls:
        name = getattr(call.function, "__name__", "")
        if (getattr(call.function, "__module__", None) or "").startswith("numpy.linalg"):
            return name
        given = [one for one in recorders((call.args, call.options)) if isinstance(one, Recorded)]
        whole = [one for one in given if dtypes.integral(one.inside.dtype)]
        if whole and not isinstance(getattr(call.function, "__self__", call.function), np.ufunc):
            return name  # an index may be out of range
    return ""
