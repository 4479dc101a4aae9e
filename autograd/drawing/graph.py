"""The graph that made outputs, as a scene."""

from __future__ import annotations

from typing import Any

from autograd.drawing.scene import Edge, Node, Scene
from autograd.engine import graph
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import Leaf, node_of
from autograd.engine.views import Overwritten


def scene_of(outputs: list[Any], names: dict[Any, str], max_nodes: int | None) -> Scene:
    """The scene of the ops and leaves that ``outputs`` were made by."""
    ops = ops_of(outputs, max_nodes)
    return _Reading(names, shapes_of(outputs, ops)).read(ops, outputs)


class _Reading:
    """Puts ops, leaves and outputs into a scene, in the order of their making."""

    def __init__(self, names: dict[Any, str], shapes: dict[graph.Edge, Any]) -> None:
        self.scene = Scene()
        self.names = names
        self.shapes = shapes
        self.keys: dict[Any, str] = {}  # by node or leaf
        self.counts: dict[str, int] = {}  # by the letters of keys

    def read(self, ops: list[Any], outputs: list[Any]) -> Scene:
        ends = {tensor._edge for tensor in outputs}
        for op in ops:
            own, kind = self.names.get(op), type(op).__name__
            label = f"{own} = {kind}" if own and op not in ends else kind
            taken = getattr(op, "shapes", None) or [None] * len(op.edges)
            edges: list[tuple[int, graph.Edge, str]] = []
            for place, (edge, shape) in enumerate(zip(op.edges, taken, strict=True)):
                if edge is not None:
                    edges.append((place, edge, self.start(edge)))
                elif shape:  # numbers are not shown
                    edges.append((place, None, self.node("data", "data", "data", shape)))
            self.keys[op] = key = self.node("op", "op", label, self.shapes.get(op))
            for place, edge, start in edges:
                self.edge(start, key, place, edge)
        for i, tensor in enumerate(outputs):
            name = self.names.get(tensor._edge) or _own_name(tensor)
            name = name or ("output" if len(outputs) == 1 else f"output {i}")
            start = self.start(tensor._edge)
            key = self.node("output", "output", name, tensor.shape)
            self.edge(start, key, 0, tensor._edge)
        return self.scene

    def start(self, edge: graph.Edge) -> str:
        """The key of what made the value of ``edge``."""
        made_by = node_of(edge)
        if made_by not in self.keys:
            self.keys[made_by] = self.leaf(made_by)
        return self.keys[made_by]

    def leaf(self, leaf: Leaf) -> str:
        tensor: Any = leaf.tensor()
        shape = self.shapes.get(leaf) if tensor is None else tensor.shape
        name = self.names.get(leaf) or self.names.get(id(tensor))
        if name is not None:
            return self.node("leaf", "parameter", name, shape)
        return self.node("leaf", "input", _own_name(tensor) or "", shape)

    def node(self, letters: str, role: str, label: str, shape: Any) -> str:
        number = self.counts.get(letters, 0)
        self.counts[letters] = number + 1
        key = f"{letters}{number}"
        shape = None if shape is None else tuple(shape)
        self.scene.nodes[key] = Node(key, role, label, shape)
        return key

    def edge(self, start: str, end: str, place: int, edge: graph.Edge) -> None:
        """An arrow; ``edge`` is the graph's own, None of data."""
        label = ""
        if type(edge) is tuple:
            label = self.names.get(edge) or str(edge[1])
        shape = self.shapes.get(edge) if edge is not None else self.scene.nodes[start].shape
        self.scene.edges.append(Edge(start, end, place, label, shape, data=edge is None))


def _own_name(tensor: Any) -> str | None:
    name = getattr(tensor, "name", None)
    return name if isinstance(name, str) else None


def ops_of(outputs: list[Any], max_nodes: int | None) -> list[Any]:
    """The ops that ``outputs`` were made by, oldest first."""
    order = list(dict.fromkeys(node_of(tensor._edge) for tensor in outputs))
    seen = set(order)
    for node in order:  # grows while it is walked
        for edge in node.edges:
            if edge is not None and node_of(edge) not in seen:
                seen.add(node_of(edge))
                order.append(node_of(edge))
    if max_nodes is not None and len(order) > max_nodes:
        raise ValueError(
            f"draw: a graph must have at most max_nodes={max_nodes} ops and leaves, so that it "
            f"can be read; this one has {len(order)}. Draw a part of it (one layer, fewer steps), "
            f"or pass max_nodes={len(order)}."
        )
    ops = [node for node in order if type(node) is not Leaf]
    return sorted(ops, key=lambda node: node.age, reverse=True)


def shapes_of(outputs: list[Any], ops: list[Any]) -> dict[graph.Edge, tuple[int, ...]]:
    """The shapes of the values that edges stand for, as far as the ops that use them noted them."""
    shapes = {tensor._edge: tuple(tensor.shape) for tensor in outputs}
    for op in reversed(ops):
        taken = getattr(op, "shapes", None)
        if taken is None:  # an elementwise op over inputs of one shape notes nothing
            same = isinstance(op, (Elementwise, Overwritten)) and op in shapes
            taken = [shapes[op] if same else None] * len(op.edges)
        for edge, shape in zip(op.edges, taken, strict=True):
            if edge is not None and shape is not None:
                shapes.setdefault(edge, tuple(shape))
    return shapes
