"""The difference of two steps: two pictures of one program, matched node by node."""

from __future__ import annotations

import math
from dataclasses import replace

from autograd.drawing.folding.merging import without_numbers
from autograd.drawing.scene import Edge, Node, Scene
from autograd.drawing.showing.looks import number

_Match = tuple[tuple[str, ...], str, str, int]


def difference(before: Scene, after: Scene) -> Scene:
    """``after``, with what was otherwise in ``before``, what is new, and what is gone.

    Nodes are the same where they lie in modules of the same path, and are of one role and label,
    for the first, the second, the third time there; shapes may differ.

    >>> def step(gradient):
    ...     return Scene({"w": Node("w", "parameter", "w", gradient=gradient)})
    >>> node = difference(step(3.1e-4), step(2e-9)).nodes["w"]
    >>> node.lines, f"{node.ratio:.0e}"
    (['grad 3.1e-04 → 2.0e-09'], '6e-06')
    """
    old, new = _matches(before), _matches(after)
    nodes = {
        key: _compared(before.nodes[old[match]], after.nodes[key])
        if match in old
        else replace(after.nodes[key], before="new")
        for match, key in new.items()
    }
    stands = {key: new.get(match, f"before.{key}") for match, key in old.items()}
    groups = {tuple(_labels(after, key)): key for key in reversed(after.groups)}
    gone = [key for match, key in old.items() if match not in new]
    for key in gone:
        node = before.nodes[key]
        group = groups.get(tuple(_labels(before, node.group)), "")
        nodes[stands[key]] = replace(node, key=stands[key], group=group, before="gone")
    edges = [*after.edges]
    for edge in before.edges:
        if {edge.start, edge.end} & set(gone):
            edges.append(_left(edge, stands))
    fresh = len(new) - len(set(old) & set(new))
    notes = [*after.notes, _said(list(nodes.values()), fresh, len(gone))]
    return replace(after, nodes=nodes, edges=edges, notes=notes)


def _matches(scene: Scene) -> dict[_Match, str]:
    """The keys of nodes, by what two steps have in common."""
    found: dict[_Match, str] = {}
    times: dict[tuple[tuple[str, ...], str, str], int] = {}
    paths = {key: tuple(_labels(scene, key)) for key in ("", *scene.groups)}
    for key, node in scene.nodes.items():
        what = (paths[node.group], node.role, without_numbers(node.label))
        if node.role == "parameter":
            what = (*what[:2], node.label)
        times[what] = times.get(what, 0) + 1
        found[(*what, times[what])] = key
    return found


def _labels(scene: Scene, group: str) -> list[str]:
    return [scene.groups[key].label for key in scene.path(group)]


def _left(edge: Edge, stands: dict[str, str]) -> Edge:
    """An edge from or to what is gone."""
    return replace(edge, start=stands[edge.start], end=stands[edge.end], gradient=None)


def _compared(old: Node, new: Node) -> Node:
    """``new``, with what it says twice, where it was otherwise."""
    lines = [
        one if one == was else _both(was, one)
        for one, was in zip(new.lines, [*old.lines, *new.lines[len(old.lines) :]])
    ]
    ratio = _ratio(old.gradient, new.gradient)
    if ratio is not None and old.gradient != new.gradient and not lines:
        lines.append(f"grad {_number(old.gradient)} → {_number(new.gradient)}")
    mean, was = new.details.get("mean", ""), old.details.get("mean", "")
    if mean != was and mean and was and not new.lines:
        lines.append(f"{was} → {mean}")
    if old.shape != new.shape and old.shape is not None:
        lines.append(f"was {old.shape}")
    return replace(new, lines=lines, ratio=ratio)


def _both(was: str, one: str) -> str:
    """Two lines as one, whose beginning they may have in common.

    >>> _both("δ¹ 3.1e-04", "δ¹ 2.0e-09"), _both("0.1 ± 1", "0.2 ± 3")
    ('δ¹ 3.1e-04 → 2.0e-09', '0.1 ± 1 → 0.2 ± 3')
    """
    (start, _, old), (same, _, end) = was.rpartition(" "), one.rpartition(" ")
    if start == same or start[:1] == same[:1] != "" and same[0] in "δ∂":  # letters may move on
        return one if old == end else f"{same} {old} → {end}"
    return f"{was} → {one}"


def _number(value: float | None) -> str:
    return number(value or 0.0)


def _ratio(old: float | None, new: float | None) -> float | None:
    """How many times larger a gradient is; None: nothing can be said."""
    if old is None or new is None or math.isnan(old):
        return None
    if old == new:
        return 1.0
    return new / old if old else math.inf


def _said(nodes: list[Node], new: int, gone: int) -> str:
    told = [f"{count} {'is' if count == 1 else 'are'} {what}" for count, what in
            ((new, "new"), (gone, "gone")) if count]  # fmt: skip
    head = "Compared with the step before"
    head += f", of the nodes {' and '.join(told)}." if told else "."
    known = [node for node in nodes if node.ratio is not None and node.role != "output"]
    if known:
        far = max(known, key=lambda node: _distance(node.ratio))
        if _distance(far.ratio) > math.log10(2):
            head += " Red borders: the gradient grew; blue: it fell."
            head += (
                f" The gradient of {far.label or far.key} changed most, × {number(far.ratio or 0)}."
            )
    return head


def _distance(ratio: float | None) -> float:
    """How far a ratio is from 1."""
    if ratio is None:
        return 0.0
    return abs(math.log10(ratio)) if 0 < ratio < math.inf else math.inf
