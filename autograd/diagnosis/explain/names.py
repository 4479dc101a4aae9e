"""What things are called in an explanation: by the user's variables, or by the textbook's letters.

The value before an activation is zˡ, the one after it aˡ, a layer's parameters Wˡ and bˡ; the loss
is L. What the user's own variables name keeps that name, and everything else is numbered: v₁, θ₁.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Mapping
from typing import Any

from autograd.arrays import dtypes
from autograd.diagnosis.explain.notation import SLOPES, subscript, superscript
from autograd.engine import lines, statements
from autograd.engine.graph import Edge, Leaf, TensorBase, edges_from

LAYERS = ("Linear", "Convolution", "ConvolutionTransposed")
_PRODUCTS = ("MM", "MatMul")


def kept_by(node: Any) -> dict[int, Any]:
    """The values that ``node`` still keeps, by their place in (*inputs, out)."""
    formulas: Any = getattr(node, "formula_of", None)
    if not node.plan or formulas is None:  # there is nothing, or not any more
        return {}
    if node.fused is not None:
        if len(node.plan) > 1:  # a definition keeps all inputs
            return dict(enumerate(node.plan[1][2]))
        places = [*node.inputs, "out"]
        return {places.index(n): value for n, value in zip(node.fused.kept, node.plan[0][2])}
    found: dict[int, Any] = {}
    for _, function, kept in node.plan:
        formula = formulas.get(function)
        if formula is not None:
            values = kept[1:] if function is formula.fitted else kept
            found.update(zip(formula.picks, values))
    return found


class Names:
    """Symbols for the edges of a graph, and what the user calls them."""

    def __init__(self, given: Any, scopes: tuple[dict[str, Any], ...]) -> None:
        self.users: dict[Any, str] = {}  # by edge, and by the id of an array
        self.symbols: dict[Edge, str] = {}
        self.layer: dict[Edge, int] = {}
        self.legend: list[tuple[str, str, Any]] = []  # a symbol, what it stands for, its shape
        self._constants: dict[Any, str] = {}
        self._numbers = {"v": 0, "θ": 0, "c": 0}
        self._taken: set[str] = set()
        self._read(given, scopes)

    def _read(self, given: Any, scopes: tuple[dict[str, Any], ...]) -> None:
        """Names of ``given``, a module or a dict, then of the variables in ``scopes``."""
        if given is not None:
            named = given if isinstance(given, Mapping) else dict(given.named_parameters())
            for name, value in named.items():
                self._note(str(name), value)
        for scope in scopes:
            for name, value in list(scope.items()):
                if not name.startswith("_"):
                    self._note(name, value)
            for name, value in list(vars(scope["self"]).items()) if _plain(scope) else ():
                self._note(f"self.{name}", value)

    def _note(self, name: str, value: Any) -> None:
        if isinstance(value, TensorBase):
            if value._edge is not None:
                self.users.setdefault(value._edge, name)
            if value._whole:
                self.users.setdefault(id(value._data), name)
        elif hasattr(type(value), "named_parameters"):
            for path, parameter in value.named_parameters():
                if isinstance(parameter, TensorBase):  # another library's modules hold others
                    self.users.setdefault(parameter._edge, f"{name}.{path}")

    # -- symbols ------------------------------------------------------------------------------

    def give(self, ops: list[Any], root: Edge) -> None:
        """Give every edge of the graph its symbol; the root is L."""
        uses: dict[Edge, list[Any]] = {}
        for node in ops:
            for edge in node.edges:
                if edge is not None:
                    uses.setdefault(edge, []).append(node)
        self.uses, self.root = uses, root
        self._taken = {name for name in self.users.values() if name.isidentifier()}
        self._name_by_statements(ops)
        layers = 0
        for node in ops:
            weight, bias, out = self._parts(node)
            if weight is not None and out not in self.symbols:
                layers += 1
                self.symbols[out], self.layer[out] = f"z{superscript(layers)}", layers
                for edge, letter in ((weight, "W"), (bias, "b")):
                    if edge is not None and edge not in self.symbols:
                        self._leaf(edge, f"{letter}{superscript(layers)}")
            for edge in node.edges:
                if type(edge) is Leaf and edge not in self.symbols:
                    self._leaf(edge, None)
            self._outputs(node)
        self.symbols[root] = "L"
        if root in self.users:
            self.legend.insert(0, ("L", self.users[root], None))

    def _name_by_statements(self, ops: list[Any]) -> None:
        """Values that are no variables any more go by those that their statements set, if once."""
        if sys.version_info < (3, 11):  # which does not tell a value within an expression
            return
        found: dict[str, list[Edge]] = {}
        known: dict[Any, str] = {}
        for node in ops:
            line = lines.of(node)
            for i, edge in enumerate(edges_from(node)):
                if line is not None and edge not in self.users:
                    if (line, i) not in known:
                        known[line, i] = statements.variable(line, i)
                    found.setdefault(known[line, i], []).append(edge)
        for name, edges in found.items():
            if name.isidentifier() and len(edges) == 1 and name not in self._taken:
                self.users[edges[0]] = name
                self._taken.add(name)

    def _parts(self, node: Any) -> tuple[Any, Any, Any]:
        """Weight, bias and result of a layer that begins at ``node``; no weight: there is none."""
        kind, edges = type(node).__name__, node.edges
        if kind in LAYERS and type(edges[1]) is Leaf:
            return edges[1], edges[2], node
        leaves = [edge for edge in edges if type(edge) is Leaf]
        if kind not in _PRODUCTS or not leaves:
            return None, None, None
        then = self.uses.get(node, ())
        if len(then) == 1 and type(then[0]).__name__ == "Add":
            others = [edge for edge in then[0].edges if edge is not node]
            if others and type(others[0]) is Leaf:
                return leaves[-1], others[0], then[0]
        return leaves[-1], None, node

    def _leaf(self, edge: Edge, symbol: str | None) -> None:
        user, tensor = self.users.get(edge), edge.tensor()
        user = user or _own_name(tensor)
        if user is not None and user.isidentifier():
            symbol = user
        elif symbol is None:
            symbol = self._numbered("θ")
        self.symbols[edge] = symbol
        if user != symbol and user is not None:
            self.legend.append((symbol, user, None if tensor is None else tuple(tensor.shape)))

    def _outputs(self, node: Any) -> None:
        edges = edges_from(node)
        if edges[0] in self.symbols:
            return
        before = node.edges[0] if len(node.edges) == 1 else None
        if type(node).__name__ in SLOPES and before in self.layer:
            self.symbols[node] = f"a{superscript(self.layer[before])}"
            return
        used = self.used(node)
        symbol = None
        for edge in edges:
            user = self.users.get(edge, "")
            if user.isidentifier() and user != "L":
                self.symbols[edge] = user
            elif edge in used:
                symbol = symbol or self._numbered("v")
                self.symbols[edge] = symbol if len(used) == 1 else f"{symbol}[{edge[1]}]"

    def used(self, node: Any) -> list[Edge]:
        """The outputs of ``node`` that the graph goes on from, or which is its root."""
        edges = edges_from(node)
        return [edge for edge in edges if edge in self.uses or edge == self.root] or edges[:1]

    def _numbered(self, letter: str) -> str:
        self._numbers[letter] += 1
        return letter + subscript(self._numbers[letter])

    def constant(self, value: Any, shape: Any, first: bool) -> str:
        """What an input without a gradient is called: a number by its digits."""
        if not hasattr(value, "shape"):
            return f"{value:.4g}" if isinstance(value, float) else str(value)
        if value.shape == () and dtypes.numeric(value.dtype):
            return f"{float(value):.4g}".replace("-", "−")
        key = id(value)
        if key not in self._constants:
            symbol = self.users.get(key, "")
            if not symbol.isidentifier():
                symbol = "x" if first and "x" not in self._taken else self._numbered("c")
            self._taken.add(symbol)
            self._constants[key] = symbol
            self.legend.append((symbol, "no gradient", tuple(value.shape)))
        return self._constants[key]


def _plain(scope: dict[str, Any]) -> bool:
    one = scope.get("self")
    return hasattr(one, "__dict__") and not hasattr(one, "named_parameters")


def _own_name(tensor: Any) -> str | None:
    if tensor is None or isinstance(tensor, weakref.ref):
        return None
    name = getattr(tensor, "name", None)
    return name if isinstance(name, str) else None
