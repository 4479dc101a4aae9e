"""A scene as DOT text, which the ``graphviz`` package writes."""

from __future__ import annotations

from typing import Any

from autograd.drawing.scene import Edge, Node, Scene, written

# Lines in a middle grey on a transparent ground, and boxes with fills of their own: the picture
# can be read on a white page and on a black one.
_FONT = {"fontname": "Helvetica,Arial,sans-serif"}

_GRAPH = {
    "rankdir": "TB", "bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.36",
    "ordering": "in",  # x - y is not y - x
}  # fmt: skip

_LINES = _FONT | {
    "color": "#8593A3", "fontcolor": "#8593A3", "fontsize": "9", "arrowsize": "0.65",
}  # fmt: skip

_OP = _FONT | {
    "shape": "box", "style": "rounded,filled", "color": "#93A1B3", "fillcolor": "#F1F4F8",
    "fontsize": "12", "fontcolor": "#1D2733", "margin": "0.16,0.07", "height": "0.3",
}  # fmt: skip

_ROUND = {"shape": "ellipse", "margin": "0.05,0.02"}

_LOOKS: dict[str, dict[str, str]] = {  # by role
    "op": {},
    "parameter": {"style": "filled", "color": "#D39B37", "fillcolor": "#FCEFD3"},
    "input": _ROUND | {"color": "#4F9D78", "fillcolor": "#DDF0E6"},
    "data": _ROUND | {"style": "dashed,filled", "color": "#8593A3", "fillcolor": "#FFFFFF"},
    "constant": {"shape": "plaintext", "style": ""},
    "output": {"color": "#33475F", "fillcolor": "#33475F", "fontcolor": "#FFFFFF"},
    "module": {"style": "filled", "color": "#6C7FA5", "fillcolor": "#E3E9F5"},
}

# Graphviz reads names in labels as XML that may hold backslash escapes; XML has no place for
# control characters, so those are shown as their pictures (U+2400 and on).
_ESCAPES = {code: chr(0x2400 + code) for code in range(32)} | {
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("\\"): r"\\",
    0x7F: "\u2421",
}  # fmt: skip


def dot_of(scene: Scene, attributes: list[tuple[str | None, dict[str, str]]]) -> str:
    """The DOT text of ``scene``.

    :param attributes: further ones, of all nodes ("node"), of all edges ("edge"), or of the graph.
    """
    import graphviz  # it is needed for pictures only

    picture = graphviz.Digraph(graph_attr=_GRAPH, node_attr=_OP, edge_attr=_LINES)
    for of, values in attributes:
        picture.attr(of, **values)
    for node in scene.nodes.values():
        picture.node(
            node.key, _label(node), tooltip=written(node.shape) or " ", **_LOOKS[node.role]
        )
    for edge in scene.edges:
        picture.edge(edge.start, edge.end, tooltip=written(edge.shape) or " ", **_line(scene, edge))
    return str(picture.source)


def _label(node: Node) -> str:
    """A name in bold above a shape, and what else is to be said."""
    lines = [f"<B>{node.label.translate(_ESCAPES)}</B>"] if node.label else []
    color = "#C9D4E0" if node.role == "output" else "#5D6B7C"
    below = [" ".join([one for one in (node.name, written(node.shape), node.dtype) if one])]
    below = below if below[0] else []
    for text in [*below, *node.lines]:
        lines.append(f'<FONT POINT-SIZE="11" COLOR="{color}">{text.translate(_ESCAPES)}</FONT>')
    return f"<{'<BR/>'.join(lines) or node.role}>"


def _line(scene: Scene, edge: Edge) -> dict[str, Any]:
    straight = scene.nodes[edge.start].role == "op"  # from op to op: straight lines
    look = {"weight": "2" if edge.data else "8" if straight else "1"}
    if edge.data:
        look["style"] = "dashed"
    if edge.label:
        look["label"] = f"< {edge.label.translate(_ESCAPES)}>"
    return look
