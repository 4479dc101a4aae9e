"""What a picture shows: nodes, edges between them, and the groups that nodes lie in.

A scene is plain data, apart from what it was read from (a graph, a watched run) and from how it is
shown (DOT, a page): reading, folding and showing meet here and nowhere else. Keys are strings that
are unique in their scene and come in the order of making, so that one program gives one scene.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Roles of nodes, and what a legend says of them. A folded group is shown as a node, too.
ROLES = {
    "op": "operation",
    "parameter": "parameter",
    "input": "tensor that requires grad",
    "data": "data, no gradient",
    "constant": "constant",
    "output": "output",
    "module": "folded module",
}


@dataclass
class Node:
    """A box: an op, a leaf, data, a constant, an output, or a module that is folded."""

    key: str
    role: str  # one of ROLES
    label: str  # in bold: "matmul", "sum(dim=1)", "0.weight", "2.0"
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    name: str = ""  # of an op: what the user calls its result, "hidden"; stands before the shape
    lines: list[str] = field(default_factory=list)  # below the shape: values, statistics, times
    group: str = ""  # the key of the innermost group it lies in; empty: in none
    details: dict[str, str] = field(default_factory=dict)  # for who asks: "line", "kept", ...
    gradient: float | None = None  # root mean square of what the loss changes by, per element
    count: int = 1  # how many it stands for, where repeats are rolled up
    before: str = ""  # beside an earlier step: "new", "gone"
    ratio: float | None = None  # beside an earlier step: how many times larger its gradient is


@dataclass
class Edge:
    """An arrow along which a value goes forward; what comes back along it is its gradient."""

    start: str
    end: str
    place: int = 0  # which operand of ``end`` it is, from 0
    label: str = ""  # which output of ``start``, or which operand, where that has to be said
    shape: tuple[int, ...] | None = None
    data: bool = False  # no gradient comes back along it: dashed
    gradient: float | None = None  # root mean square of this use's share of the gradient
    derivative: str = ""  # the local derivative, where it can be said: "cos(x)", "1", "W"
    details: dict[str, str] = field(default_factory=dict)
    count: int = 1
    again: bool = False  # from a repeat to the next, where one stands for all: an arrow back


@dataclass
class Group:
    """A box around nodes: a call of a module."""

    key: str
    label: str  # the path in the outermost module: "encoder.layers.0"; of that one its class
    kind: str = ""  # the class: "TransformerEncoderLayer"
    parent: str = ""  # the key of the group around it; empty: there is none
    details: dict[str, str] = field(default_factory=dict)
    count: int = 1  # "× 12": how many of the same make stand here as one


@dataclass
class Scene:
    """Everything that a picture shows."""

    nodes: dict[str, Node] = field(default_factory=dict)  # by key, in the order of making
    edges: list[Edge] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)  # by key, parents first
    backward: bool = False  # arrows run from the output back, and say gradients
    notes: list[str] = field(default_factory=list)  # sentences below it: what it leaves out

    def path(self, group: str) -> list[str]:
        """The keys of the groups around and with ``group``, the outermost first.

        >>> Scene(groups={"a": Group("a", "net"), "b": Group("b", "0", parent="a")}).path("b")
        ['a', 'b']
        """
        path: list[str] = []
        while group:
            path.append(group)
            group = self.groups[group].parent
        return path[::-1]
