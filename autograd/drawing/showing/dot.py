"""A scene as DOT text, which the ``graphviz`` package writes."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Any

from autograd.diagnosis.explain.layout import shape_text
from autograd.drawing.scene import ROLES, Edge, Group, Node, Scene
from autograd.drawing.showing.looks import (
    CLUSTER,
    GRAPH,
    LARGE,
    LINES,
    LOOKS,
    OP,
    QUIET,
    SWATCHES,
    VERY_LARGE,
    Scale,
)

# A leaf with more uses is drawn beside each of them: the lines from one box would hide everything.
_COPIED = 8
_WIDE = 64  # letters in a line of a note
_MANY = 300, 700  # edges, from which a layout that is a little less tidy takes far less time

# Operators whose operands have numbers: dot keeps the order of arrows only where it can.
_ORDERED = ("-", "/", "//", "%", "**", "@")

# Graphviz reads names in labels as XML that may hold backslash escapes; XML has no place for
# control characters, so those are shown as their pictures (U+2400 and on).
_ESCAPES = {code: chr(0x2400 + code) for code in range(32)} | {
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("\\"): r"\\",
    0x7F: "\u2421",
}  # fmt: skip

# Tooltips are plain text, in which Graphviz fills in a letter behind a backslash even where that is
# written twice (\\N): a space without width comes between.
_ESCAPES_OF_TOOLTIPS = (
    _ESCAPES | {ord(sign): sign for sign in '<>"'} | {ord("\\"): "&#92;&#92;\u200b"}
)


def dot_of(scene: Scene, attributes: list[tuple[str | None, dict[str, str]]]) -> str:
    """The DOT text of ``scene``.

    :param attributes: further ones, of all nodes ("node"), of all edges ("edge"), or of the graph.
    """
    import graphviz  # it is needed for pictures only

    scene = _with_copies(scene)
    scale = Scale(scene)
    head = GRAPH | {"label": _below(scene, scale)}
    head |= LARGE if len(scene.edges) > _MANY[0] else {}
    head |= VERY_LARGE if len(scene.edges) > _MANY[1] else {}
    picture = graphviz.Digraph(graph_attr=head, node_attr=OP, edge_attr=LINES)
    for of, values in attributes:
        picture.attr(of, **values)
    boxes = {key: graphviz.Digraph(f"cluster_{key}") for key in scene.groups} | {"": picture}
    for node in scene.nodes.values():
        look = LOOKS[node.role] | scale.of_node(node)
        boxes[node.group].node(node.key, _label(node), tooltip=_tooltip(node), **look)
    for key, group in reversed(scene.groups.items()):
        boxes[key].attr(label=_title(group), tooltip=_told(group.details) or " ", **CLUSTER)
        boxes[group.parent].subgraph(boxes[key])
    made = {edge.end for edge in scene.edges}
    own = {edge.end for edge in scene.edges if edge.start not in made and _is_near(scene, edge)}
    for edge in scene.edges:
        look = _line(scene, edge, scale)
        if edge.start in made and edge.end in own and not _is_near(scene, edge):
            look["minlen"] = "2"  # leaves of the group find room above it: so groups stack
        picture.edge(edge.start, edge.end, tooltip=_told(_facts(edge)) or " ", **look)
    return str(picture.source)


def _is_near(scene: Scene, edge: Edge) -> bool:
    """Whether an edge stays in the group of its end, or comes from a group in there."""
    inner, group = scene.nodes[edge.start].group, scene.nodes[edge.end].group
    return inner == group or group in scene.path(inner)


def _with_copies(scene: Scene) -> Scene:
    """``scene`` with each leaf of many uses as one box a use."""
    uses: dict[str, list[Edge]] = {}
    for edge in scene.edges:
        uses.setdefault(edge.start, []).append(edge)
    made = {edge.end for edge in scene.edges}
    copied = {
        key
        for key, node in scene.nodes.items()
        if node.role in ("parameter", "constant", "data", "input")
        and key not in made
        and len({edge.end for edge in uses.get(key, ())}) > _COPIED
    }
    if not copied:
        return scene
    nodes = {key: node for key, node in scene.nodes.items() if key not in copied}
    edges: list[Edge] = []
    copies: dict[tuple[str, str], Node] = {}
    for edge in scene.edges:
        if edge.start in copied:
            node = scene.nodes[edge.start]
            said = f"{len(uses[edge.start])} uses"
            copies[edge.start, edge.end] = copy = replace(
                node,
                key=f"{edge.start}.{edge.end}",
                group=scene.nodes[edge.end].group,
                lines=[*node.lines, said],
            )
            nodes[copy.key] = copy
            edge = replace(edge, start=copy.key)
        edges.append(edge)
    return replace(scene, nodes=nodes, edges=edges)


# -- texts ----------------------------------------------------------------------------------------


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _label(node: Node) -> str:
    """A name in bold above a shape, and what else is to be said."""
    name = _escaped(node.label)
    if node.count > 1:
        name = f"{name} × {node.count:,}".strip()
    if node.before:
        name = f"<S>{name}</S> gone" if node.before == "gone" else f"{name} new"
    lines = [f"<B>{name}</B>"] if name else []
    color = "#C9D4E0" if node.role == "output" else "#52606F"
    below = " ".join([one for one in (node.name, shape_text(node.shape), node.dtype) if one])
    for text in ([below] if below else []) + node.lines:
        lines.append(f'<FONT POINT-SIZE="11" COLOR="{color}">{_escaped(text)}</FONT>')
    return f"<{'<BR/>'.join(lines) or node.role}>"


def _title(group: Group) -> str:
    """A group's path, its class, and how many it stands for."""
    title = f"<B>{_escaped(group.label)}</B>" if group.label else ""
    if group.kind and group.kind != group.label:
        title += f" {_escaped(group.kind)}"
    if group.count > 1:
        title += f" <B>× {group.count:,}</B>"
    return f"<{title or ' '}>"


def _told(details: dict[str, str]) -> str:
    """Details as the lines of a tooltip: the line of the program comes first."""
    first = [key for key in ("line", "source") if key in details]
    keys = first + [key for key in details if key not in first]
    rows = [details[key] if key in first else f"{key}: {details[key]}" for key in keys]
    return r"\n".join([row.translate(_ESCAPES_OF_TOOLTIPS) for row in rows])


def _tooltip(node: Node) -> str:
    facts = (
        node.details | {"shape": shape_text(node.shape)} if node.shape is not None else node.details
    )
    return _told(facts) or " "  # an empty one would be replaced by the node's key


def _facts(edge: Edge) -> dict[str, str]:
    facts = dict(edge.details)
    if edge.shape is not None:
        facts["shape"] = shape_text(edge.shape)
    if edge.derivative:
        facts["local derivative"] = edge.derivative
    if edge.gradient is not None:
        facts["gradient, root mean square"] = f"{edge.gradient:.3g}"
    return facts


def _line(scene: Scene, edge: Edge, scale: Scale) -> dict[str, Any]:
    start = scene.nodes[edge.start]
    straight = start.role in ("op", "module") and not edge.data  # from op to op: straight lines
    look = {"weight": "8" if straight else "2" if edge.data else "1"}
    if edge.data:
        look["style"] = "dashed"
    said = [edge.label] if edge.label else []
    if edge.count > 1:
        said.append(f"× {edge.count:,}")
    if edge.again:
        look |= {"constraint": "false", "style": "bold", "weight": "0"}
        said.append("next")
    if scene.backward:
        look |= {"dir": "none" if edge.data else "back"}
        if edge.derivative:
            said.append(edge.derivative)
        look |= scale.of_edge(edge)
        said += scale.said(edge)
    if scene.nodes[edge.end].label in _ORDERED:
        look |= {"headlabel": str(edge.place + 1), "labeldistance": "1.4"}
    if said:
        gap = "\u00a0\u00a0\u00a0" if scene.backward else " "  # beside a wide line
        look["label" if len(scene.edges) <= _MANY[0] else "xlabel"] = (
            "<" + "<BR/>".join([f"{gap}{_escaped(text)}" for text in said]) + ">"
        )
    return look


# -- what stands below ----------------------------------------------------------------------------


def _below(scene: Scene, scale: Scale) -> str:
    """The legend of the roles that occur, the scale of gradients, and the notes."""
    roles = [role for role in ROLES if any(node.role == role for node in scene.nodes.values())]
    cells = [_swatch(role) for role in roles]
    a_row = 3 if len(scene.nodes) < 40 else 7
    rows = [f"<TR>{''.join(cells[i : i + a_row])}</TR>" for i in range(0, len(cells), a_row)]
    table = '<TABLE BORDER="0" CELLSPACING="6" CELLPADDING="3">{}</TABLE>'
    parts = [table.format("".join(rows))] if rows else []
    if scene.backward:
        parts.append(table.format(f"<TR>{scale.legend()}</TR>"))
    notes = [line for note in scene.notes for line in textwrap.wrap(note, _WIDE)]
    text = "".join([f'{_escaped(line)}<BR ALIGN="LEFT"/>' for line in notes])
    if text:
        parts.append(f'<FONT COLOR="{QUIET}" POINT-SIZE="10">{text}</FONT>')
    cells = [f'<TR><TD ALIGN="LEFT" BALIGN="LEFT">{part}</TD></TR>' for part in parts]
    return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="2">{"".join(cells)}</TABLE>>'


def _swatch(role: str) -> str:
    fill, line, style, text = SWATCHES[role]
    return (
        f'<TD BORDER="1" STYLE="{style}" COLOR="{line}" BGCOLOR="{fill}">'
        f'<FONT COLOR="{text}" POINT-SIZE="9">{ROLES[role]}</FONT></TD>'
    )
