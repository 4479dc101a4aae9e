"""What a step can reach: the state in Python that it may have read, or changed.

From the step's function names lead outwards: to globals, to what closures hold, to the attributes
of those, to what is in lists and dicts, and to the functions that are called. :class:`Reach`
follows the names in the code that has run (:mod:`mentions`), and keeps what stood at each place
before. What is not of the code's names cannot have been touched by it.

What lies behind C (iterators, streams of random numbers, arrays of other libraries) cannot be
looked at: it is noted as ``unseen``.
"""

from __future__ import annotations

import builtins
import functools
import sys
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from autograd.compiler.watching.kinds import (
    CONTAINERS,
    LEAVES,
    WRAPPERS,
    code_of,
    hides,
    is_compiled,
    is_leaf,
    is_read,
    is_users,
    iterates,
    library_names,
    own_of,
    slots_of,
    whose,
    whose_class,
)
from autograd.compiler.watching.mentions import mentions
from autograd.compiler.watching.places import (
    MISSING,
    Bytes,
    Facts,
    Item,
    Place,
    Size,
    Whole,
    bytes_of,
    facts_of,
)
from autograd.engine.graph import Leaf, TensorBase

_LARGEST = 1 << 20  # bytes of an array that each replay compares
_LONGEST = 100_000  # items of a list

# Modules in which a user may put something else
_PATCHED = {"read", "ours"}


class Reach:
    """The places that code reaches from ``roots``, each with what stood there at first.

    >>> net = {"__name__": "net", "rate": 0.1}
    >>> exec("def step(x): return rate * x", net)
    >>> reach = Reach([net["step"]])
    >>> reach.enter(net["step"].__code__), reach.changed()
    (True, None)
    >>> net["rate"] = 0.2
    >>> reach.changed().name
    'rate'
    """

    def __init__(self, roots: Iterable[Any], before: Reach | None = None) -> None:
        self.roots, self.before = [*roots], before
        self.ran: dict[CodeType, frozenset[int] | None] = {}  # and its lines; None: any
        self.items: dict[Any, Item] = {}
        self.wholes: dict[Any, Whole] = {}
        self.arrays: dict[int, Bytes] = {}
        self.facts: dict[int, Facts] = {}
        self.sizes: dict[int, Size] = {}
        self.keyed = False  # a dict or a set goes by the identity of tensors
        self.tensors: dict[int, Any] = {}
        self.unseen: dict[str, str] = {}  # why, by the place's name
        self.in_c: list[Any] = []  # functions
        self.modules: dict[int, Any] = {}  # and what else holds the attributes of these
        self._found: set[CodeType] = set()
        self._seen: dict[int, Any] = {}
        self._kept: list[Any] = []  # so that no id is another's

    def enter(self, code: CodeType) -> bool:
        """``code`` is about to run: look where its names lead. False where it was not found."""
        self.ran[code] = None
        self._walk()
        return code in self._found

    def narrowed(self, lines: dict[CodeType, frozenset[int] | None]) -> Reach:
        """What these lines of the code reach: places as they were found by this one."""
        other = Reach(self.roots, self)
        other.ran = lines
        other._walk()
        other.before = None
        return other

    def places(self) -> Iterator[Place]:
        yield from self.items.values()
        yield from self.wholes.values()
        yield from self.arrays.values()
        yield from self.facts.values()
        yield from self.sizes.values()

    def holds(self, container: Any) -> bool:
        """Whether a list or a dict is among what was reached."""
        return (id(container), "") in self.wholes

    def is_of_module(self, place: Place) -> bool:
        """Whether a place is an attribute of a module, or what it has registered."""
        return id(place.holder) in self.modules

    def changed(self) -> Place | None:
        """The first place at which something else stands now."""
        return next((one for one in self.places() if one.changed()), None)

    # -- the walk --------------------------------------------------------------------------------

    def _walk(self) -> None:
        said = [mentions(code, lines) for code, lines in self.ran.items()]
        self._names = {name for one in said for name in one.names}
        self._anything = any([one.anything for one in said])
        self._kept += self._seen.values()
        self._seen = {}
        self._waiting = [(one, _root(one)) for one in self.roots]
        while self._waiting:
            self._visit(*self._waiting.pop())

    def _visit(self, value: Any, name: str) -> None:
        kind: Any = type(value)
        if kind in LEAVES or id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if (visit := _VISITS.get(kind)) is not None:
            getattr(self, visit)(value, name)
        elif issubclass(kind, type):
            self._class(value, name)
        elif issubclass(kind, TensorBase):
            self._tensor(value, name)
        elif issubclass(kind, np.ndarray):
            self._array(value, name)
        elif not is_leaf(kind):
            self._object(value, name)

    def _item(self, get: Any, holder: Any, key: Any, name: str) -> Any:
        """Keep what stands under ``key``; what stood there at first is looked at further."""
        place = self._place("items", (id(holder), key))
        if place is None:
            place = Item(name, holder, get, key, get(key, MISSING))
        self.items[id(holder), key] = place
        if place.value is not MISSING:
            self._waiting.append((place.value, name))
        return place.value

    def _whole(self, container: Any, iterable: Any, name: str, part: str = "") -> None:
        place = self._place("wholes", (id(container), part))
        if place is None:
            place = Whole(name, container, iterable, tuple(iterable))
        if len(place.values) > _LONGEST:
            self.unseen[name] = "which has more items than can be compared each time"
            return
        self.wholes[id(container), part] = place
        if part != "keys":
            item = f"an item of {name}"
            self._waiting += [(one, item) for one in place.values if type(one) not in LEAVES]
        if part == "keys" or isinstance(container, (set, frozenset)):
            self.keyed = self.keyed or any([isinstance(one, TensorBase) for one in place.values])

    def _fact(self, value: Any, name: str) -> None:
        place = self._place("facts", id(value))
        self.facts[id(value)] = place or Facts(name, value, facts_of(value))

    def _place(self, kind: str, key: Any) -> Any:
        """What was kept of a place before."""
        found = getattr(self, kind).get(key)
        return found if found or not self.before else getattr(self.before, kind).get(key)

    def _sequence(self, value: Any, name: str) -> None:
        self._whole(value, value, name)

    def _tuple(self, value: Any, name: str) -> None:
        self._waiting += [(one, name) for one in value]

    def _dict(self, value: Any, name: str) -> None:
        own = OrderedDict if isinstance(value, OrderedDict) else dict
        own = own if isinstance(value, dict) else type(value)
        self._whole(value, own.values(value), name)
        if own.keys(value):
            self._whole(value, own.keys(value), name, "keys")
        if type(value) is defaultdict:
            self._waiting.append((value.default_factory, name))

    def _array(self, value: Any, name: str) -> None:
        if value.nbytes > _LARGEST or value.dtype.hasobject:
            self.unseen[name] = f"an array of shape {value.shape}, may be another each time"
        else:
            place = self._place("arrays", id(value))
            self.arrays[id(value)] = place or Bytes(name, value, bytes_of(value))

    def _tensor(self, value: Any, name: str) -> None:
        self.tensors[id(value)] = value
        own = vars(value)
        for key in own.keys() & self._names:
            self._item(own.get, own, key, f"{key} of {name}")
        edge = value._edge
        if type(edge) is Leaf:
            self._waiting += [(hooks, f"a hook of {name}") for hooks in (edge.hooks, edge.after)]

    def _module(self, value: Any, name: str) -> None:
        if value.__name__ == "numpy.random":
            self.unseen[name] = "a module that keeps streams of numbers"
        elif is_users(value):
            own = vars(value)
            for key in self._named(own):
                self._item(own.get, own, key, f"{value.__name__}.{key}")

    # -- code ------------------------------------------------------------------------------------

    def _function(self, value: FunctionType, name: str) -> None:
        codes = [value.__code__]
        for code in codes:  # grows while it is walked
            codes += mentions(code).inner
        read = whose(value.__globals__.get("__name__"), codes[0].co_filename) == "read"
        self._found.update(codes if read else ())
        own = vars(value)
        for key in self._named(own) | own.keys() & {"__wrapped__"}:
            self._item(own.get, own, key, f"{key} of {name}")
        ran = self.ran.keys() & codes
        if read:
            self._whole(own, own, name, "keys")
            if not ran:
                return
            self._fact(value, name)
        for code in ran:
            self._code(code, value.__globals__)
        for cell, free in zip(value.__closure__ or (), value.__code__.co_freevars):
            self._item(functools.partial(_content, cell), cell, None, free)
        defaults = (value.__defaults__, value.__kwdefaults__)
        self._waiting += [(one, f"a default of {name}") for one in defaults]

    def _code(self, code: CodeType, scope: dict[str, Any]) -> None:
        said = mentions(code, self.ran[code])
        for first, *more in said.globals:
            value = self._item(scope.get, scope, first, first)
            name = first
            if value is MISSING:
                own = vars(builtins)
                if type(own.get(first)) in (types.BuiltinFunctionType, type):
                    self._waiting.append((own[first], name))
                elif first in own:
                    self._item(own.get, own, first, first)
            for key in more:
                if type(value) is not types.ModuleType:
                    break
                name, own = f"{name}.{key}", vars(value)
                self._waiting.append((value, name))
                if whose(value.__name__, getattr(value, "__file__", None) or "") in _PATCHED:
                    value = self._item(own.get, own, key, name)
                else:
                    value = own.get(key)
                    self._waiting.append((value, name))
        for one in said.modules:
            module = sys.modules.get(one)
            self._waiting.append((module, one))
            if one.partition(".")[0] == "numpy" and "random" in said.names | {one[6:]}:
                self._waiting.append((np.random, one))

    def _builtin(self, value: Any, name: str) -> None:
        self.in_c.append(value)
        self._waiting.append((value.__self__, name))  # the list of list.append

    def _method(self, value: Any, name: str) -> None:
        self._waiting += [(value.__func__, name), (value.__self__, name)]

    def _wrapper(self, value: Any, name: str) -> None:
        """Of a function: a property, a class method, what is called with some arguments given."""
        parts = ("__func__", "fget", "fset", "fdel", "func", "args", "keywords", "__wrapped__")
        self._waiting += [(getattr(value, one, None), name) for one in parts]

    def _class(self, value: Any, name: str) -> None:
        for one in value.__mro__:
            own = vars(one) if whose_class(one) == "read" else {}
            if "forward" in vars(one) and not own:  # this library's own, which may be patched
                found = vars(one).get
                place = self._place("items", (id(one), "forward"))
                place = place or Item(f"{one.__name__}.forward", one, found, "forward", one.forward)
                self.items[id(one), "forward"] = place
            if own:
                self.sizes[id(one)] = self._place("sizes", id(one)) or Size(name, one, len(own))
            for key, member in [*own.items()]:
                code = code_of(member)
                if code in self.ran or (code is None and key in self._named(own)):
                    self._item(own.get, one, key, f"{key} of {one.__name__}")
                else:
                    self._waiting.append((member if code else None, f"{one.__name__}.{key}"))
        self._waiting.append((type(value), name))

    # -- objects ---------------------------------------------------------------------------------

    def _object(self, value: Any, name: str) -> None:
        kind: Any = type(value)
        if is_compiled(kind):  # what it notes is none of the step's
            return self._wrapper(value, name)
        if hides(kind):
            self.unseen[name] = f"a {kind.__name__}, keeps state that cannot be seen"
            return None
        for base, visit in CONTAINERS.items():
            if issubclass(kind, base):
                if base is not dict and iterates(kind):
                    self.unseen[name] = f"a {kind.__name__}, iterates in a way of its own"
                    return None
                getattr(self, visit)(value, name)
        self._waiting.append((kind, kind.__name__))
        self._fact(value, name)
        told, own = f"a {kind.__name__}", own_of(value)
        if "__wrapped__" in own and whose_class(kind) == "ours":  # a compiled function counts
            return self._waiting.append((own["__wrapped__"], name))
        if "_parameters" in own and "_modules" in own:
            held = (value, own, own["_parameters"], own.get("_buffers"))
            self.modules.update({id(one): one for one in held})
        rule = "param_groups" in own  # an optimiser's numbers are the tape's
        if not (rule or is_read(kind)):
            return self._whole(value, own.values(), told, "attributes")
        names = own.keys() & library_names(kind)
        if rule:
            names = own.keys() & {"_registered"}  # its hooks
        for key in self._named(own) | names:
            self._item(own.get, own, key, f"{key} of {told}")
        if not rule:
            self._whole(own, own, told, "keys")
        get = functools.partial(getattr, value)
        for key in self._named(slots_of(kind)):
            self._item(get, value, key, f"{key} of {told}")
        return None

    def _named(self, own: Any) -> set[str]:
        """What the code that ran may ask for, of these names."""
        return {*own} if self._anything else self._names.intersection(own)


_VISITS: dict[Any, str] = {
    types.FunctionType: "_function", types.ModuleType: "_module", types.MethodType: "_method",
    types.BuiltinFunctionType: "_builtin", types.MappingProxyType: "_dict", dict: "_dict",
    OrderedDict: "_dict", defaultdict: "_dict", list: "_sequence", set: "_sequence",
    frozenset: "_sequence", deque: "_sequence", tuple: "_tuple",
    **dict.fromkeys(WRAPPERS, "_wrapper"),
}  # fmt: skip


def _root(value: Any) -> str:
    """What a root is called."""
    return value.__name__ if type(value) in (FunctionType, types.MethodType) else "an argument"


def _content(cell: Any, key: Any, default: Any) -> Any:
    """What is in a closure's cell, asked as a dict is."""
    try:
        return cell.cell_contents
    except ValueError:  # empty
        return default
