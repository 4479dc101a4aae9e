"""The graph that made outputs, or what a watch noted of it, as a scene."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count, islice
from typing import Any

from autograd.drawing.reading import captions
from autograd.drawing.reading.naming import Called
from autograd.drawing.reading.nodes import Constants, call_of
from autograd.drawing.reading.spelling import spelled
from autograd.drawing.scene import Edge, Group, Node, Scene
from autograd.drawing.watching.calls import Call, Input, Module, Value
from autograd.drawing.watching.sweeping import Known, sweep_from
from autograd.drawing.watching.watching import Notes, is_parameter
from autograd.engine.graph import Leaf, edges_from, node_of, nodes_behind

_KEYS = {"op": "op", "parameter": "leaf", "input": "leaf", "data": "data", "constant": "constant"}
MOST = 100_000  # operations
UNKNOWN = (
    "A constant is one that the graph does not keep. Constants, values and data come from "
    "draw(model, inputs), or with autograd.watch()."
)


class Ways:
    """Finds the calls that values were made by: in what a watch noted, else in the graph."""

    def __init__(self, notes: Notes | None) -> None:
        self.notes = notes
        self.constants = Constants(notes.of_array if notes else lambda array: None)
        self.values: dict[Any, Value] = {}  # by edge, of what nobody watched
        self.by_node: Known = {}  # the calls and their results

    def of_tensor(self, tensor: Any) -> Value:
        """The value of an output."""
        if self.notes is not None:
            value = self.notes.of_tensor(tensor)
            if value.maker is not None or tensor._edge is None:
                return value
        value = self.of_edge(tensor._edge)
        value.shape, value.dtype = tuple(tensor.shape), str(tensor._data.dtype)
        return value

    def sweep(self, tensors: list[Any]) -> None:
        """Note all gradients of the sum of ``tensors``, unless a watch has seen a pass."""
        seen = [self.notes.of_edge(one._edge) for one in tensors] if self.notes else []
        if any([one is not None and one.gradient is not None for one in seen]):
            return
        by_node, leaves = dict(self.by_node), dict(self.values)
        if self.notes is not None:
            by_node |= self.notes.by_node
            edges = [edge for node in by_node for edge in node.edges if type(edge) is Leaf]
            leaves |= {edge: self.of_edge(edge) for edge in edges}
        sweep_from(tensors, by_node, leaves)

    def of_edge(self, edge: Any) -> Value:
        """The value that an edge of the graph stands for."""
        known = self.notes.of_edge(edge) if self.notes else None
        if known is not None:
            return known
        if edge not in self.values:
            node = node_of(edge)
            if type(node) is Leaf:
                self.values[edge] = _leaf(node)
            else:
                output = edge[1] if type(edge) is tuple else 0
                self.values[edge] = Value(None, node=lambda: node, output=output)
        return self.values[edge]

    def back_from(self, values: list[Value]) -> list[Call]:
        """The calls on the way to ``values``, in the order in which they were made."""
        calls: list[Call] = []
        heap: list[tuple[int, int, Any]] = []
        seen: set[int] = set()
        numbers = count()
        self._check_size(values)

        def go_to(value: Value) -> None:
            made_by: Any = value.maker
            if made_by is None and value.node is not None:
                made_by = value.node()
                if made_by is not None:
                    edge = (made_by, value.output) if made_by.outputs > 1 else made_by
                    self.values.setdefault(edge, value)
            if made_by is not None and id(made_by) not in seen:
                seen.add(id(made_by))
                time = made_by.time if isinstance(made_by, Call) else -made_by.age
                heappush(heap, (-time, next(numbers), made_by))

        for value in values:
            go_to(value)
        while heap:
            call = heappop(heap)[2]
            if not isinstance(call, Call):
                node, results = call, [self.values.get(edge) for edge in edges_from(call)]
                call = call_of(node, results, self.of_edge, self.constants)
                self.by_node[node] = (call, tuple(results))
                for one in results:
                    if one is not None:
                        one.maker = call
            calls.append(call)
            for given in call.inputs:
                if given.value is not None:
                    go_to(given.value)
        return calls[::-1]

    def _check_size(self, values: list[Value]) -> None:
        """Raise ValueError where the graph is too large to be read."""
        nodes = nodes_behind([value.node() for value in values if value.node is not None])
        ops = (node for node in nodes if type(node) is not Leaf)
        if next(islice(ops, MOST, None), None) is not None:
            raise ValueError(
                f"draw: a graph must have at most {MOST:,} operations, so that it can be read; "
                "this one has more. Draw a part of it: one layer, fewer steps."
            )


def _leaf(leaf: Leaf) -> Value:
    """The value of a leaf that nobody watched."""
    tensor: Any = leaf.tensor()
    value = Value(None, role="input", held=leaf.tensor)
    if tensor is not None:
        value.shape, value.dtype = tuple(tensor.shape), str(tensor._data.dtype)
        value.role = "parameter" if is_parameter(tensor) else "input"
        captions.of_leaf(value, tensor)
    return value


class Reading:
    """Puts calls, what they were given, and outputs into a scene, in the order of their making."""

    def __init__(self, called: Called, notes: Notes | None, shown: captions.Shown) -> None:
        self.scene = Scene()
        self.called, self.notes, self.shown = called, notes, shown
        self.ways = Ways(notes)
        self.keys: dict[int, str] = {}  # by the id of a call, or of a value that no call made
        self._counts: dict[str, int] = {}
        self._held: list[Any] = []  # whose ids are in use
        self.calls: dict[str, Call] = {}  # by the key of their node

    def read(self, outputs: list[Any], labels: list[str]) -> Scene:
        """The scene of all that ``outputs``, tensors called ``labels``, were made by."""
        values = [self.ways.of_tensor(tensor) for tensor in outputs]
        calls = self.ways.back_from(values)
        if self.shown.gradients:
            self.ways.sweep([tensor for tensor in outputs if tensor._edge is not None])
        names = self._names(calls, values)
        places = _places(calls)
        several = len({one.owner for one in _sources(calls) if one.owner}) > 1
        for call in calls:
            starts = [
                self._start(one.value, places, several)
                for one in call.inputs
                if one.value is not None
            ]
            key = self._call(call, names)
            arrows = [one for one in call.inputs if one.value is not None]
            for one, start in zip(arrows, starts, strict=True):
                self._arrow(start, key, one, names)
        for tensor, value, label in zip(outputs, values, labels, strict=True):
            start = self._start(value, places, several)
            name = "" if label[:6] != "output" else names.get(id(value), "")
            label = self.called.tensor(tensor) or name or label
            node = self._node("output", "output", label, value)
            captions.tell(node, value, None, self.shown, lines=False)
            data = value.maker is not None and tensor._edge is None or value.role == "data"
            edge = Edge(start, node.key, 0, "", value.shape, data)
            if id(value.maker) in self._parted:
                edge.label = str(value.output)
            self.scene.edges.append(edge)
        self._groups(calls)
        if self.ways.constants.unknown:
            self.scene.notes.append(UNKNOWN)
        return self.scene

    def key_of(self, edge: Any) -> str:
        """The key of the node that made the value of a graph's edge; empty: it is not here."""
        value = self.ways.of_edge(edge)
        return self.keys.get(id(value.maker or value), "")

    # -- nodes ---------------------------------------------------------------------------------

    def _call(self, call: Call, names: dict[int, str]) -> str:
        value = None if id(call) in self._parted else self._results.get(id(call))
        node = self._node("op", "op", spelled(call), value)
        node.name = "" if value in self._ends else names.get(id(value), "")
        node.group = _key(call.module)
        captions.tell(node, value, call, self.shown)
        self.keys[id(call)] = node.key
        self.calls[node.key] = call
        return node.key

    def _start(self, value: Value, places: dict[int, Module | None], several: bool) -> str:
        """The key of what made a value, or of the value itself."""
        made_by: Any = value.maker or value
        if id(made_by) not in self.keys:
            held = value.held() if value.held is not None else None
            name = self.called.given.get(id(held), "") or self.called.given.get(
                getattr(held, "_edge", None), ""
            )
            role = "parameter" if name else value.role
            if not name:
                name = f"{value.owner}.{value.name}" if several and value.owner else value.name
            name = name or self.called.thing(held)
            if role in ("data", "constant"):
                name = name or role
            node = self._node(_KEYS[role], role, name, value)
            node.group = "" if value.outside else _key(places.get(id(value)))
            captions.tell(node, value, None, self.shown)
            self.keys[id(value)] = node.key
        return self.keys[id(made_by)]

    def _node(self, letters: str, role: str, label: str, value: Value | None) -> Node:
        number = self._counts.get(letters, 0)
        self._counts[letters] = number + 1
        node = Node(f"{letters}{number}", role, label)
        if value is not None:
            node.shape = value.shape
            node.dtype = "" if value.dtype == "float32" else value.dtype
        self.scene.nodes[node.key] = node
        return node

    def _arrow(self, start: str, end: str, given: Input, names: dict[int, str]) -> None:
        value: Any = given.value
        edge = Edge(start, end, given.place, "", value.shape, given.data, given.gradient)
        if id(value.maker) in self._parted:
            edge.label = names.get(id(value)) or str(value.output)
        self.scene.edges.append(edge)

    # -- names ---------------------------------------------------------------------------------

    def _names(self, calls: list[Call], outputs: list[Value]) -> dict[int, str]:
        """What the results of calls are called, by the id of the value."""
        results = {id(one.value): one.value for call in calls for one in call.inputs if one.value}
        results |= {id(value): value for value in outputs}
        self._held += results.values()
        made = [value for value in results.values() if value.maker is not None]
        self._results = {id(value.maker): value for value in made}
        # Of batch norm's outputs one alone is used: it goes without saying which.
        self._parted = {id(value.maker) for value in made if value.output}
        self._ends = [value for value in outputs if value.maker is not None]
        names: dict[int, str] = {}
        last = {}  # of several calls for one line only the last makes what it sets
        for call, then in zip(calls, [*calls[1:], None]):
            last[id(call)] = then is None or call.line is None or then.line != call.line
        for value in made:
            made_by: Any = value.maker
            if last[id(made_by)]:
                names[id(value)] = self.called.by_statement(made_by, value.output)
        for known in (self.called.users, self.called.given):
            for key, name in known.items():
                named = self._value(key)
                if named is not None:
                    names[id(named)] = name
        return names

    def _value(self, key: Any) -> Value | None:
        """The value of an edge, or of the id of an array."""
        if isinstance(key, int):
            return self.notes.of_id(key) if self.notes else None
        return self.ways.values.get(key) or (self.notes.of_edge(key) if self.notes else None)

    # -- groups --------------------------------------------------------------------------------

    def _groups(self, calls: list[Call]) -> None:
        found: dict[int, Module] = {}
        for call in calls:
            module = call.module
            while module is not None and module.number not in found:
                found[module.number] = module
                module = module.parent
        for _, module in sorted(found.items()):
            group = Group(_key(module), module.path, module.kind, _key(module.parent))
            self.scene.groups[group.key] = group


def _key(module: Module | None) -> str:
    return "" if module is None else f"module{module.number}"


def _sources(calls: list[Call]) -> list[Value]:
    return [one.value for call in calls for one in call.inputs if one.value and not one.value.maker]


def _places(calls: list[Call]) -> dict[int, Module | None]:
    """The innermost module around all uses of what no call made, by the id of the value."""
    found: dict[int, Module | None] = {}
    for call in calls:
        for one in call.inputs:
            if one.value is None or one.value.maker is not None:
                continue
            key = id(one.value)
            found[key] = _shared(found[key], call.module) if key in found else call.module
    return found


def _shared(one: Module | None, other: Module | None) -> Module | None:
    """The innermost module around both."""
    around = set()
    while one is not None:
        around.add(one.number)
        one = one.parent
    while other is not None and other.number not in around:
        other = other.parent
    return other
