"""The backward view: arrows turned, local derivatives on them, and where gradients go wrong.

The numbers, each node's gradient and each arrow's share of it, are in the scene already. Here they
get their letters, as :func:`autograd.explain` writes them, and the sentences that say what one
would look for: that gradients vanish, explode, or are no numbers any more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any

from autograd.diagnosis.explain.graph import Derivatives
from autograd.drawing.scene import Edge, Node, Scene
from autograd.drawing.showing.looks import number

_FAR = 1e3  # from the first weights to the last, where gradients are said to vanish or explode
_SAID = 3  # of many names
_LETTERED = 5_000  # nodes: in what is larger, and folded, the letters of one step would not hold


def turned(scene: Scene, outputs: list[Any], key_of: Callable[[Any], str], given: Any) -> Scene:
    """``scene`` seen from the output back.

    :param outputs: the tensors that it ends in.
    :param key_of: gives the key of the node that made the value of an edge of the graph.
    :param given: names for tensors: a module, or a dict of tensors by name; None: there are none.
    """
    nodes = {key: copy(node) for key, node in scene.nodes.items()}
    letters: dict[str, str] = {}
    derivatives: dict[tuple[str, int], str] = {}
    for tensor in outputs if len(nodes) <= _LETTERED else ():
        _learn(Derivatives(tensor, given), nodes, key_of, letters, derivatives)
    uses: dict[str, int] = {}
    for edge in scene.edges:
        uses[edge.start] = uses.get(edge.start, 0) + 1
    edges = []
    for edge in scene.edges:
        edge = copy(edge)
        edge.derivative = derivatives.get((edge.end, edge.place), "")
        if nodes[edge.end].role == "output" and uses[edge.start] == 1 and not edge.data:
            edge.gradient = nodes[edge.start].gradient  # all of it came from there
        edges.append(edge)
    for key, node in nodes.items():
        if node.gradient is not None and node.role != "output":
            said_of = f"{letters.get(key, 'grad')} {number(node.gradient)}".strip()
            node.lines = [*node.lines, said_of]
    notes = [*scene.notes, *said(nodes, edges)]
    return replace(scene, nodes=nodes, edges=edges, backward=True, notes=notes)


def _learn(
    known: Derivatives,
    nodes: dict[str, Node],
    key_of: Callable[[Any], str],
    letters: dict[str, str],
    derivatives: dict[tuple[str, int], str],
) -> None:
    """Put what is ``known`` of one output's graph into ``letters`` and ``derivatives``."""
    keys = {edge: key_of(edge) for edge in known.edges if type(edge) is not tuple}
    shapes = {edge: nodes[key].shape for edge, key in keys.items() if key in nodes}
    known.learn({edge: shape for edge, shape in shapes.items() if shape is not None})
    for op in known.ops:
        key = key_of(op if op.outputs == 1 else (op, 0))
        for place, edge in enumerate(op.edges):
            if edge is not None and (key, place) not in derivatives:
                derivatives[key, place] = known.of(op, place)
    for edge, key in keys.items():
        letters.setdefault(key, known.gradient(edge))


def said(nodes: dict[str, Node], edges: list[Edge]) -> list[str]:
    """What is to be said of the gradients: their unit, and what is wrong with them.

    >>> weights = {key: Node(key, "parameter", key, (4, 4), gradient=g) for key, g in
    ...            (("first", 1e-9), ("last", 0.1))}
    >>> said(weights, [])[1]
    'The gradient vanishes: 1.0e-09 at first, 0.1 at last.'
    """
    notes = [
        "Arrows run back from the output. On them: the local derivative, and the root mean square "
        "of the gradient that comes back."
    ]
    wrong = _wrong(nodes, edges)
    if wrong:
        return [*notes, wrong]
    parameters = [node for node in nodes.values() if node.role == "parameter"]
    weights = [node for node in parameters if len(node.shape or ()) > 1] or parameters
    known = [node for node in weights if node.gradient]
    if len(known) > 1:
        first, last = known[0], known[-1]
        ratio = float(first.gradient or 0) / float(last.gradient or 1)
        if not 1 / _FAR < ratio < _FAR:
            what = "vanishes" if ratio < 1 else "explodes"
            at = [f"{number(node.gradient or 0)} at {node.label}" for node in (first, last)]
            notes.append(f"The gradient {what}: {at[0]}, {at[1]}.")
    without = [node.label or node.key for node in parameters if node.gradient == 0]
    if without:
        more = f" and {len(without) - _SAID} more" if len(without) > _SAID else ""
        notes.append(f"The gradient is 0 at {', '.join(without[:_SAID])}{more}.")
    return notes


def _wrong(nodes: dict[str, Node], edges: list[Edge]) -> str:
    """Where gradients stop to be numbers, on their way back; empty: nowhere."""
    for edge in reversed(edges):
        if edge.gradient is not None and not math.isfinite(edge.gradient):
            end = nodes[edge.end]
            if end.gradient is None or math.isfinite(end.gradient):
                line = f" ({end.details['line']})" if "line" in end.details else ""
                return f"The gradient is {number(edge.gradient)} from {end.label}{line} on."
    return ""
