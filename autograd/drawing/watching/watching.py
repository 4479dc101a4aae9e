"""``with autograd.watch() as watched``: what a picture needs to know and no node does."""

from __future__ import annotations

import sys
import weakref
from functools import cache
from typing import Any

from autograd.diagnosis.profile.paths import variable
from autograd.drawing.watching.calls import Call, Input, Module, Opened, Value, Word, is_plain
from autograd.drawing.watching.digest import numbers_of
from autograd.drawing.watching.kept import kept_bytes
from autograd.drawing.watching.sweeping import Gradients
from autograd.engine import lines, observer, versions
from autograd.engine.grad_mode import local
from autograd.engine.graph import Leaf, TensorBase, node_of
from autograd.engine.variables import names_in

__all__ = ["watch"]


class _Mine(local):
    """The watches of one thread that are under way, the innermost last."""

    notes: tuple[Notes, ...] = ()


_mine = _Mine()


def notes_under_way() -> Notes | None:
    """What this thread's innermost watch notes; None where there is none."""
    return _mine.notes[-1] if _mine.notes else None


class watch:  # noqa: N801 - used as profile is
    """Notes what a run computes, for :func:`draw`: constants, data, modules, values, gradients.

        with autograd.watch() as watched:
            loss = F.cross_entropy(net(x), target)
            loss.backward()
        autograd.draw(loss, watched=watched, values=True)

    A node of the graph knows neither the 2 of ``x + 2``, nor the data that needs no gradient, nor
    the module that it was made in; who watches does. Noted are numbers and texts, and copies of
    tensors of at most 8 elements; no tensor, graph or module is kept alive. :func:`draw` inside of
    ``with`` uses the watch by itself.

    A watched op takes some tenths of a millisecond longer; statistics are passes over its result.

    :param statistics: note mean, standard deviation, extremes and share of zeros of every value and
        gradient. False: numbers of small tensors only.

    >>> import autograd
    >>> x = autograd.tensor(3.0, requires_grad=True)
    >>> with watch() as watched:
    ...     y = x * x + 2
    ...     y.backward()
    >>> scene = autograd.draw(y, params={"x": x}, watched=watched, values=True).scene
    >>> [node.label for node in scene.nodes.values()], scene.nodes["op1"].lines
    (['x', '*', '+ 2', 'output'], ['data 11 | grad 1'])
    """

    def __init__(self, *, statistics: bool = True) -> None:
        self._notes = Notes(statistics)

    def __enter__(self) -> watch:
        observer.begin(self._notes)
        _mine.notes = (*_mine.notes, self._notes)
        return self

    def __exit__(self, *error: object) -> None:
        observer.end(self._notes)
        _mine.notes = tuple([one for one in _mine.notes if one is not self._notes])

    def __repr__(self) -> str:
        return f"<watch of {self._notes.calls} calls of ops>"


class Notes(Gradients):
    """The observer of a watch: finds the :class:`Value` of a tensor, an array, or an edge."""

    def __init__(self, statistics: bool) -> None:
        super().__init__(weakref.WeakKeyDictionary(), statistics)
        self.calls = 0
        self._open: list[Opened | None] = []
        self._by_id: dict[int, tuple[Any, Value, int]] = {}  # of tensors and arrays
        self._modules: list[Module] = []
        self._paths: dict[int, str] = {}  # of what the outermost module holds
        self._count = 0  # of calls of modules
        self._sources: list[Value] = []  # met since the outermost module was called

    # -- who asks --------------------------------------------------------------------------------

    def of_edge(self, edge: Any) -> Value | None:
        """The value that an edge of the graph stands for."""
        node = node_of(edge)
        if type(node) is Leaf:
            tensor = node.tensor()
            return None if tensor is None else self._found(tensor)
        known = self.by_node.get(node)
        return known[1][edge[1] if type(edge) is tuple else 0] if known else None

    def of_array(self, array: Any) -> Value | None:
        """The value of a tensor without a gradient, or of an array."""
        return self._found(array)

    def of_id(self, number: int) -> Value | None:
        """The value of the tensor or array that has this id."""
        known = self._by_id.get(number)
        return known[1] if known else None

    def given(self, tensor: Any, name: str) -> None:
        """A tensor is about to be given to a model, as ``name``."""
        value = self._source(tensor, "")
        value.name, value.owner, value.outside = name, "", True

    def of_tensor(self, tensor: Any) -> Value:
        """The value of a tensor; of one that nothing is known of, a new one."""
        edge = tensor._edge
        if edge is not None:
            known = self.of_edge(edge)
            if known is not None:
                return known
        if type(edge) is not Leaf:
            known = self._found(tensor) or (self._found(tensor._data) if tensor._whole else None)
            if known is not None:
                return known
        if edge is not None and type(edge) is not Leaf:  # made when nobody watched
            node = weakref.ref(node_of(edge))
            output = edge[1] if type(edge) is tuple else 0
            return Value(tuple(tensor.shape), _dtype(tensor), node=node, output=output)
        return self._source(tensor)

    # -- what is told ----------------------------------------------------------------------------

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._open.append(self._begun(op, args, options) if not self._open else None)

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        if not self._open:
            return
        begun = self._open.pop()
        if begun is None or error is not None:
            return
        results = result if isinstance(result, tuple) else (result,)
        self.calls += 1
        node = None
        if recorded:
            edges = [one._edge for one in results if isinstance(one, TensorBase)]
            made = [node_of(edge) for edge in edges if edge is not None]
            node = next((one for one in made if type(one) is not Leaf), None)
        call = Call(op, begun.inputs, begun.known, 0, recorded=node is not None)
        call.line, call.outputs = lines.here(), len(results)
        call.module = self._modules[-1] if self._modules else None
        if node is None:
            call.time = -versions.bare_tick()
            for one in call.inputs:
                one.data = True
        else:
            call.time, call.kept, call.node = -node.age, kept_bytes(node), node.name()
            for one in call.inputs:
                one.data = one.place >= len(node.edges) or node.edges[one.place] is None
        values = tuple([self._result(call, i, one) for i, one in enumerate(results)])
        call.shape = values[0].shape
        if node is not None:
            self.by_node[node] = (call, values)

    def work_ends(self, name: str) -> None:
        if name != "accumulate":
            return
        for reference, value, _ in list(self._by_id.values()):
            thing = reference()
            gradient = getattr(thing, "_grad", None)
            if value.maker is None and isinstance(gradient, TensorBase):
                value.gradient = numbers_of(gradient, self._statistics)

    def module_entered(self, module: Any) -> None:
        name = type(module).__name__
        if not self._modules:
            self._paths, self._sources = _paths(module), []
            owner = variable(module) or name
            path = name
        else:
            owner = self._modules[-1].owner
            path = self._paths.get(id(module)) or name
        parent = self._modules[-1] if self._modules else None
        self._modules.append(Module(self._count, path, name, parent, owner))
        self._count += 1

    def module_left(self, module: Any) -> None:
        if self._modules:
            self._modules.pop()
        if not self._modules:
            for value in self._sources:  # what somebody still has came from outside
                held = value.held() if value.name or value.role == "input" else None
                value.outside |= value.role != "parameter" and held is not None
            self._paths, self._sources = {}, []

    # -- values ----------------------------------------------------------------------------------

    def _begun(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Opened:
        begun, names = Opened(op), names_of_inputs(op)
        for place, given in enumerate(args):
            name = names[min(place, len(names) - 1)] if names else ""
            if isinstance(given, TensorBase):
                begun.inputs.append(Input(place, name, self.of_tensor(given)))
            elif _is_array(given):
                begun.inputs.append(Input(place, name, self._of_array(given, name)))
            elif op_takes_numbers(op) and is_number(given):
                begun.inputs.append(Input(place, name, None, given))
            else:
                begun.known[name] = self._argument(begun, place, name, given)
        for name, given in options.items():
            if is_plain(given):
                begun.known[name] = given
        return begun

    def _argument(self, begun: Opened, place: int, name: str, given: Any) -> Any:
        """An argument that is no tensor; tensors and arrays in a tuple become inputs."""
        if is_plain(given) or not isinstance(given, (tuple, list)):
            return given if is_plain(given) else None
        parts: list[Any] = []
        for one in given:
            array = isinstance(one, TensorBase) or _is_array(one)
            if array:
                value = self.of_tensor(one) if isinstance(one, TensorBase) else self._of_array(one)
                begun.inputs.append(Input(place, name, value))
            parts.append(Word("index") if array else one if is_plain(one) else None)
        return tuple(parts)

    def _of_array(self, array: Any, name: str = "") -> Value:
        return self._found(array) or self._source(array, name)

    def _found(self, thing: Any) -> Value | None:
        known = self._by_id.get(id(thing))
        if known is None or known[0]() is not thing:
            return None
        if isinstance(thing, TensorBase):
            leaf = type(thing._edge) is Leaf or not thing._whole
            array = None if leaf else thing._data
        else:
            array = thing
        changed = array is not None and versions.changed_at(array) < known[2]
        return None if changed else known[1]

    def _note(self, thing: Any, value: Value) -> None:
        key, known = id(thing), self._by_id
        try:
            reference = weakref.ref(thing, lambda _: known.pop(key, None))
        except TypeError:  # a NumPy scalar
            return
        array = thing._data if isinstance(thing, TensorBase) and thing._whole else thing
        changed = 0 if isinstance(thing, TensorBase) and not thing._whole else (
            versions.changed_at(array))  # fmt: skip
        known[key] = (reference, value, changed)

    def _result(self, call: Call, output: int, result: Any) -> Value:
        if not hasattr(result, "_edge"):
            return Value(None, maker=call, output=output)
        value = Value(tuple(result.shape), _dtype(result), call, output)
        value.numbers = numbers_of(result, self._statistics) if result._whole else None
        self._note(result, value)
        if result._whole:
            self._note(result._data, value)
        return value

    def _source(self, thing: Any, name: str = "") -> Value:
        """The value of what no op made: a leaf, data."""
        tensor = isinstance(thing, TensorBase)
        value = Value(tuple(thing.shape), _dtype(thing), role="data")
        if tensor and thing._edge is not None:
            value.role = "parameter" if is_parameter(thing) else "input"
        elif tensor and is_parameter(thing):
            value.role = "parameter"  # one that is not trained
        whole = not tensor or thing._whole
        value.numbers = numbers_of(thing, self._statistics) if whole else None
        own = getattr(thing, "name", None)
        value.name = self._paths.get(id(thing)) or (own if isinstance(own, str) else "")
        if value.name:
            value.owner = self._modules[0].owner if self._modules else ""
        else:
            value.name = _called(thing) or (name if len(name) > 1 else "")
        self._note(thing, value)
        if tensor and whole and thing._edge is None:
            self._note(thing._data, value)
        try:
            value.held = weakref.ref(thing)
        except TypeError:
            value.held = _gone
        if self._modules:
            self._sources.append(value)
        return value


def _gone() -> None:
    """What a reference to a number gives."""


def names_of_inputs(op: Any) -> list[str]:
    """What the arguments of an op's ``forward`` are called, those that are no keywords."""
    known = getattr(op, "inputs", ())
    if known:
        return list(known)
    code = getattr(getattr(op, "forward", None), "__code__", None)
    first = 0 if hasattr(op, "setup_context") else 1  # where there is none, ctx comes first
    return list(code.co_varnames[first : code.co_argcount]) if code is not None else []


def op_takes_numbers(op: Any) -> bool:
    """Whether a number among the arguments of ``op`` counts as a tensor."""
    return bool(getattr(op, "elementwise", False)) or op.__name__ in ("SetSlice", "SetItem")


def is_number(value: Any) -> bool:
    """Whether an argument is one number."""
    return isinstance(value, (int, float, complex)) or getattr(value, "shape", None) == ()


def is_parameter(tensor: Any) -> bool:
    """Whether a tensor is one that a module trains, of which autograd knows the name only."""
    return any([one.__name__ == "Parameter" for one in type(tensor).__mro__])


def _paths(module: Any) -> dict[int, str]:
    """The paths of all that ``module`` holds, by id."""
    found = {}
    for listed in ("named_buffers", "named_parameters", "named_modules"):
        for path, one in getattr(module, listed, tuple)():
            found[id(one)] = path
    return found


def _dtype(thing: Any) -> str:
    return _name_of(getattr(getattr(thing, "_data", thing), "dtype", ""))


_name_of = cache(str)  # NumPy makes the name of a dtype up each time


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype") and bool(value.shape)


def _called(thing: Any) -> str:
    """The user's variable that holds a tensor, or the tensor of an array."""
    frame = lines.users(sys._getframe(1))
    if frame is None:
        return ""
    for name, one in names_in(frame).items():
        if one is thing or isinstance(one, TensorBase) and one._whole and one._data is thing:
            if not name.startswith("_"):
                return name
    return ""
