"""The backward pass of a graph as mathematics: one line for each value, one for each gradient."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

from autograd.diagnosis.explain.layout import (
    Equation,
    facts_of,
    latex_of,
    number_text,
    places_text,
    shape_text,
    table,
    wrapped,
)
from autograd.diagnosis.explain.names import Names, kept_by
from autograd.diagnosis.explain.notation import (
    RULES,
    SLOPES,
    filled,
    is_sum,
    subscript,
    superscript,
)
from autograd.diagnosis.reports import Report
from autograd.diagnosis.sweeps import swept
from autograd.diagnosis.walks import ops_behind
from autograd.engine.graph import Edge, Leaf, edges_from, node_of
from autograd.engine.observer import Observer

_SHORT = 12  # letters of a slope that is written instead of f′(x)
_MANY = 8  # of more terms the first and the last stand for all


class Explanation(Report):
    """The backward pass of a graph: ``text``, ``latex``, and what a notebook shows."""

    def __init__(self, text: str, source: str, shown: str) -> None:
        super().__init__(text)
        self.latex, self._shown = source, shown

    def __str__(self) -> str:
        return self._shown

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"


class _Term(NamedTuple):
    """What one use of a value adds to its gradient."""

    text: str
    nodes: tuple[Any, ...]  # whose formulas made it
    notes: tuple[str, ...] = ()  # what a letter in it means


class _Gradients(Observer):
    """Facts about the gradient that reaches each node."""

    def __init__(self) -> None:
        self.facts: dict[Edge, tuple[Any, str]] = {}

    def formula_runs(self, node: Any, g: Any) -> None:
        for edge, one in zip(edges_from(node), g if node.outputs > 1 else (g,), strict=True):
            if one is not None:
                self.facts[edge] = facts_of(one)


def of_graph(tensor: Any, params: Any, scopes: tuple[dict[str, Any], ...], as_latex: bool) -> Any:
    """The :class:`Explanation` of the graph that made ``tensor``, a scalar."""
    root = tensor._edge
    ops = ops_behind([root])
    names = Names(params, scopes)
    names.give(ops, root)
    told, trouble = _numbers(tensor)
    writer = _Writer(names, ops, told, tuple(tensor._data.shape), root)
    forward = [writer.value(node) for node in ops]
    backward = writer.gradients()
    told_values = facts_of(tensor._data)[1]
    head = [
        f"Backward pass of L{_called(names, root)} = {told_values}, {_counted(ops)}. "
        "Samples are rows: a layer is z = x Wᵀ + b,",
        "δˡ is ∂L/∂zˡ and every gradient has the shape of its value; ⊙ is elementwise, Σₙ sums "
        "over samples,",
        "Σ₀ over axis 0. Where samples are columns, read δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ), "
        "∂L/∂Wˡ = δˡ (aˡ⁻¹)ᵀ.",
    ]
    if trouble:
        head.append(f"No numbers: {trouble}")
    legend = [
        f"{symbol}: {what}{'' if shape is None else f' {shape}'}"
        for symbol, what, shape in names.legend
        if symbol != "L"
    ]
    text = "\n".join(
        [*head, "", *wrapped(legend), "Forward", *table([one for one in forward if one])]
        + ["", "Backward", *table(backward)]
    )
    source = latex_of([one for one in forward if one], backward)
    return Explanation(text, source, source if as_latex else text)


def _called(names: Names, root: Edge) -> str:
    return f" ({names.users[root]})" if root in names.users else ""


def _counted(ops: list[Any]) -> str:
    return f"{len(ops)} operation{'s' if len(ops) > 1 else ''}"


def _numbers(tensor: Any) -> tuple[dict[Edge, tuple[Any, str]], str]:
    """Facts about all gradients; where there are none, why."""
    told = _Gradients()
    try:
        found = swept([tensor], told)
    except RuntimeError as error:  # freed, or changed in place
        return told.facts, str(error)
    told.facts.update({edge: facts_of(g) for edge, g in found.items()})
    return told.facts, ""


class Derivatives:
    """The local derivatives in the graph of a tensor, and what gradients are called.

    :param tensor: the graph's end.
    :param given: names for tensors: a module, or a dict of tensors by name; None: there are none.
    :param scopes: the variables of the user.
    """

    def __init__(self, tensor: Any, given: Any, scopes: tuple[dict[str, Any], ...] = ()) -> None:
        self.ops = ops_behind([tensor._edge])
        self._names = Names(given, scopes)
        self._names.give(self.ops, tensor._edge)
        self.edges = list(self._names.symbols)
        self._root, self._shape = tensor._edge, tuple(tensor.shape)
        self.learn({})

    def learn(self, shapes: dict[Edge, tuple[int, ...]]) -> None:
        """What shapes values have, as far as the graph does not tell."""
        told = {edge: (shape, "") for edge, shape in shapes.items()}
        self._writer = _Writer(self._names, self.ops, told, self._shape, self._root)

    def of(self, node: Any, place: int) -> str:
        """What a gradient is multiplied by on its way from ``node`` to its input ``place``."""
        return self._writer.derivative(node, place)

    def gradient(self, edge: Edge) -> str:
        """What the gradient of a value is called: δ¹, ∂L/∂W¹."""
        return self._writer.symbol(edge)


class _Writer:
    """Writes equations, node by node."""

    def __init__(
        self, names: Names, ops: list[Any], told: dict[Edge, Any], shape: Any, root: Edge
    ) -> None:
        self.names, self.ops, self.told, self.root = names, ops, told, root
        self.shapes = _shapes(ops, told, shape, root)
        self.inlined: dict[Edge, str] = {}  # products that stand in the sum that adds the bias

    # -- forward --------------------------------------------------------------------------------

    def value(self, node: Any) -> Equation | None:
        """The equation of what ``node`` computed."""
        edges, kind = self.names.used(node), _kind(node)
        known = self._known(node)
        if kind in SLOPES:
            f, x = SLOPES[kind][0], known["x"]
            right = filled(f if "{" in f else _applied(f, x), known)
        elif kind in RULES:
            right = filled(_present(RULES[kind][0], known), known)
        else:
            right = f"{kind}({', '.join(known['*'])})"
        left = ", ".join([self.names.symbols[edge] for edge in edges])
        then = self.names.uses.get(edges[0], ())
        if len(edges) == 1 and kind in ("MM", "MatMul") and len(then) == 1:
            if then[0] in self.names.layer and type(then[0]).__name__ == "Add":
                self.inlined[edges[0]] = right
                return None
        facts = " ".join([shape_text(self.shapes.get(edge)) for edge in edges])
        return Equation(left, right, facts, places_text((node,)))

    def _known(self, node: Any) -> dict[str, Any]:
        """The symbols of what ``node`` was given, by the names that its formulas use."""
        kept = kept_by(node)
        inputs = list(getattr(node, "inputs", ()) or [f"x{i}" for i in range(len(node.edges))])
        known: dict[str, Any] = {
            name: number_text(value) for name, value in vars(node).items() if _is_fact(value)
        }
        symbols = []
        for i, edge in enumerate(node.edges):
            name = inputs[min(i, len(inputs) - 1)]
            if edge is not None:
                symbol = self.inlined.get(edge) or self.names.symbols[edge]
            elif name in known and i not in kept:  # noted by the node
                symbol = known[name]
            else:
                symbol = self._constant(node, i, name, kept)
            symbols.append(symbol)
            several = i and getattr(node, "variadic", False)
            known[name] = f"{known[name]}, {symbol}" if several else symbol
        known["x"] = known.get("x", symbols[0] if symbols else "")
        known["out"] = ", ".join([self.names.symbols[edge] for edge in self.names.used(node)])
        known["*"] = symbols
        if "scale" in known and isinstance(getattr(node, "scale", None), (int, float)):
            known["twice"] = number_text(2 * node.scale)
        return known

    def _constant(self, node: Any, i: int, name: str, kept: dict[int, Any]) -> str:
        shapes = getattr(node, "shapes", None)
        if name in ("weight", "bias") and kept.get(i) is None and not (shapes and shapes[i]):
            return ""
        if i in kept:
            if type(kept[i]) is tuple:
                return "…"
            return self.names.constant(kept[i], None, first=i == 0)
        return "c" if not shapes or not shapes[i] else f"c{shape_text(shapes[i])}"

    def derivative(self, node: Any, i: int) -> str:
        """What the gradient of ``node`` is multiplied by on its way to input ``i``."""
        kind, known = _kind(node), self._known(node)
        if kind in SLOPES:
            f, slope = SLOPES[kind][0], filled(SLOPES[kind][1], known)
            return f"{f}′({known['x']})" if f.isidentifier() and len(slope) > _SHORT else slope
        return _factor(self._summed(node, i, self._text(node, i, known | {"g": "g"})))

    # -- backward -------------------------------------------------------------------------------

    def gradients(self) -> list[Equation]:
        """The equations of all gradients, in the order in which a backward pass finds them."""
        self.terms: dict[Edge, list[_Term]] = {self.root: [_Term("1", ())]}
        self.left = {edge: len(nodes) for edge, nodes in self.names.uses.items()}
        self.lines: list[Equation] = []
        for node in reversed(self.ops):
            edges = edges_from(node)
            known, arrived = self._known(node), []
            above: tuple[Any, ...] = ()
            notes: tuple[str, ...] = ()
            for edge in edges:
                term = self._sum(edge)
                if term is None:
                    arrived.append("0")
                elif self._is_passed_on(edge, node, term):
                    arrived.append(term.text)
                    above, notes = (*above, *term.nodes), (*notes, *term.notes)
                else:
                    self._tell(edge, term)
                    arrived.append(self.symbol(edge))
            if any(self.terms_of(edge) for edge in edges) or node is node_of(self.root):
                there = [one for one in arrived if one != "0"]
                whole = _kind(node) in RULES and _kind(node) not in ("Split", "Unbind")
                one = len(edges) == 1 or whole and len(there) == 1
                known["g"] = there[0] if one and there else f"[{', '.join(arrived)}]"
                self._pass(node, known, (*above, node), notes)
        for edge in [edge for edge in self.terms if type(edge) is Leaf and self.left[edge]]:
            self._tell(edge, self._sum(edge))  # to which some ways carried no gradient
        return self.lines

    def terms_of(self, edge: Edge) -> list[_Term]:
        return self.terms.get(edge, [])

    def _sum(self, edge: Edge) -> _Term | None:
        terms = self.terms_of(edge)
        if not terms:
            return None
        text = terms[0].text
        for term in terms[1:] if len(terms) <= _MANY else terms[1:2]:
            minus = term.text.startswith("−")
            text += f" − {term.text[1:]}" if minus else f" + {_bracketed(term.text)}"
        if len(terms) > _MANY:
            text += f" + … + {_bracketed(terms[-1].text)}, {len(terms)} terms"
        nodes = tuple(dict.fromkeys(node for term in terms for node in term.nodes))
        return _Term(text, nodes, tuple(dict.fromkeys(n for term in terms for n in term.notes)))

    def _is_passed_on(self, edge: Edge, node: Any, term: _Term) -> bool:
        """Whether a gradient goes into the next line, as the textbook has it, without its own."""
        if edge is self.root or edge == self.root:
            return True
        if edge in self.names.layer or len(self.terms_of(edge)) > 1:
            return False
        simple = " " not in term.text or bool(_NUMBER.fullmatch(term.text))
        activation = _kind(node) in SLOPES and len(term.text) < 30
        return (simple or activation) and not term.text.endswith("else 0")

    def symbol(self, edge: Edge) -> str:
        """What the gradient of a value is called."""
        layer = self.names.layer.get(edge)
        return f"δ{superscript(layer)}" if layer else f"∂L/∂{self.names.symbols[edge]}"

    def _tell(self, edge: Edge, term: Any) -> None:
        shape, numbers = self.told.get(edge, (self.shapes.get(edge), ""))
        facts = " ".join([one for one in (shape_text(shape), numbers) if one])
        right = ",  ".join([term.text, *term.notes])
        if edge in self.names.layer:
            left = f"{self.symbol(edge)} = ∂L/∂{self.names.symbols[edge]}"
        else:
            left = self.symbol(edge)
        self.lines.append(Equation(left, right, facts, places_text(term.nodes)))

    def _pass(self, node: Any, known: Any, nodes: tuple[Any, ...], notes: tuple[str, ...]) -> None:
        """Add what ``node`` hands to its inputs to their terms."""
        kind = _kind(node)
        for i, edge in enumerate(node.edges):
            if edge is None:
                continue
            more = notes
            if kind in SLOPES:
                text, note = _by_slope(kind, known)
                more = (*notes, *note)
            else:
                text = self._text(node, i, known)
            text = self._summed(node, i, text)
            self.terms.setdefault(edge, []).append(_Term(text, nodes, more))
            self.left[edge] -= 1
            if type(edge) is Leaf and not self.left[edge]:
                term = self._sum(edge)
                if term is not None:
                    self._tell(edge, term)

    def _text(self, node: Any, i: int, known: dict[str, Any]) -> str:
        """What ``node`` adds to the gradient of input ``i``: by the table, or by its formula."""
        kind = _kind(node)
        row = RULES.get(kind, ())
        place = 1 if getattr(node, "variadic", False) else i + 1
        if place < len(row):
            return filled(_shorter(_present(row[place], known), known["g"]), known)
        inputs, g = getattr(node, "inputs", ()), known["g"]
        formula = getattr(node, "formulas", {}).get(i)
        if formula is not None:
            kept = [[*known["*"], known["out"]][pick] for pick in formula.picks]
            return f"{kind}.grad_{inputs[i]}({', '.join([g, *kept])})"
        if len(node.edges) == 1:
            return f"{kind}.backward({g})"
        name = inputs[i] if i < len(inputs) else i
        return f"{kind}.backward({g})[{name}]"

    def _summed(self, node: Any, i: int, text: str) -> str:
        """``text``, summed over the axes along which an elementwise op stretched its input."""
        shapes, out = getattr(node, "shapes", None), self.shapes.get(node)
        if not getattr(node, "elementwise", False) or not shapes or out is None:
            return text
        extra = len(out) - len(shapes[i])
        axes = [*range(extra)]
        axes += [k + extra for k, n in enumerate(shapes[i]) if n == 1 != out[k + extra]]
        if not axes:
            return text
        sign = "Σ" if len(axes) == len(out) else f"Σ{subscript(','.join(map(str, axes)))}"
        return f"{sign} {_bracketed(text)}"


# -- texts ----------------------------------------------------------------------------------------


def _applied(f: str, x: str) -> str:
    """``f`` of ``x``: tanh(x), −x."""
    if f[-1].isalpha() or f[-1].isdigit():
        return f"{f}({x})"
    return f"{f}({x})" if f == "√" or is_sum(x) or " " in x else f"{f}{x}"


def _by_slope(kind: str, known: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """g ⊙ f′(x), and what f′(x) is; or with the slope itself where f has no name."""
    f, slope = SLOPES[kind]
    g, x, written = known["g"], known["x"], filled(slope, known)
    if not f.isidentifier():
        return filled(_shorter("{g} ⊙ {slope}", g), {"g": g, "slope": written}), ()
    name = f"{f}′({x})"
    return filled(_shorter("{g} ⊙ {slope}", g), {"g": g, "slope": name}), (f"{name} = {written}",)


def _shorter(template: str, g: str) -> str:
    """``template`` where the gradient that comes in is 1: without that factor."""
    number = bool(_NUMBER.fullmatch(g))
    if number:
        template = template.replace("expand({g})", "{g}")
    for factor in ("{g} ⊙ ", "{g} · "):
        if g == "1" or g == "−1" and template.startswith(factor):
            template = template.replace(factor, g[:-1], 1)
        elif number:
            template = template.replace(factor, "{g} · ", 1)
    return template


def _factor(text: str) -> str:
    """``text`` without the gradient g, where that is no more than a factor.

    >>> [_factor(one) for one in ("g", "−g ⊙ x / y²", "g W²", "expand(g) / 4", "gᵀ x")]
    ['1', '−x / y²', 'W²', '1 / 4', 'gᵀ x']
    """
    sign = "−" if text.startswith("−") else ""
    rest = text[len(sign) :]
    for g in ("expand(g)", "g"):
        if rest == g:
            return f"{sign}1"
        if rest.startswith(f"{g} / "):
            return f"{sign}1{rest[len(g) :]}"
        for factor in (f"{g} ⊙ ", f"{g} · "):
            if rest.startswith(factor):
                return sign + rest[len(factor) :]
    one, _, other = rest.partition(" ")
    return other if one == "g" and other and " " not in other else text


_NUMBER = re.compile(r"−?[\d.]+(e[-−]\d+)?( ?/ ?\d+)?")


def _kind(node: Any) -> str:
    """The row of a table that is about ``node``."""
    kind = type(node).__name__
    return "Norm of 2" if kind == "Norm" and node.p == 2 else kind


def _present(template: str, known: dict[str, Any]) -> str:
    """``template`` without the weight or bias that is not there."""
    for name in ("weight", "bias"):
        if known.get(name) == "":
            for part in (f" + {{{name}}}", f"{{{name}}} ⊙ ", f" ⊙ {{{name}}}"):
                template = template.replace(part, "")
    return template


def _bracketed(text: str) -> str:
    return f"({text})" if is_sum(text) else text


def _is_fact(value: Any) -> bool:
    return isinstance(value, (int, float, str, slice, np.number, tuple)) or value is None


def _shapes(ops: list[Any], told: dict[Edge, Any], shape: Any, root: Edge) -> dict[Edge, Any]:
    """The shapes of values, from their gradients or as far as the ops that use them noted them."""
    shapes = {edge: facts[0] for edge, facts in told.items()} | {root: shape}
    for node in reversed(ops):
        taken = getattr(node, "shapes", None)
        if taken is None:  # an elementwise op over inputs of one shape notes nothing
            taken = [shapes.get(node)] * len(node.edges)
        for edge, one in zip(node.edges, taken):
            if edge is not None and one is not None:
                shapes.setdefault(edge, tuple(one))
    return shapes
