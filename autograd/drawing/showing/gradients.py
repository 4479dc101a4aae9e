"""The backward view: arrows turned, local derivatives on them, and where gradients go wrong.

The numbers, each node's gradient and each arrow's share of it, are in the scene already. Here they
get their letters, as :func:`autograd.explain` writes them, and the sentences that say what one
would look for: that gradients vanish, explode, or are no numbers any more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any

from autograd.diagnosis.explain.graph import Derivatives
from autograd.drawing.scene import Edge, Node, Scene
from autograd.drawing.showing.looks import number

_FAR = 1e3  # from the first weights to the last, where gradients are said to vanish or explode
_SAID = 3  # of many names
_POWER = re.compile(r"\^\((\d+) − 1\)")
_TIMES = re.compile(r"[*/] (-?[\d.]+(?:e[+-]?\d+)?)|(-?[\d.]+(?:e[+-]?\d+)?) / \S+")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_STEPS = 4  # of one op, from which they are looked at as a loop
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
            node.lines = [*node.lines]
            _name(node, letters.get(key, "grad"))
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
                label = nodes[key].label if key in nodes else ""
                derivatives[key, place] = _tidied(known.of(op, place), label)
    for edge, key in keys.items():
        letters.setdefault(key, known.gradient(edge))


def _tidied(derivative: str, label: str) -> str:
    """A local derivative with the numbers that the ``label`` of its op tells of.

    A graph that was freed has kept no constant: its letter is c.

    >>> _tidied("3 b^(3 − 1)", "** 3"), _tidied("1 / c", "/ 2"), _tidied("−c / f²", "10 / x")
    ('3 b²', '1 / 2', '−10 / f²')
    """
    known = _TIMES.fullmatch(label)
    if known:
        derivative = re.sub(r"\bc\b", known[1] or known[2], derivative, count=1)
    return _POWER.sub(
        lambda power: str(int(power[1]) - 1).translate(_RAISED) if power[1] != "2" else "",
        derivative,
    )


def _name(node: Node, letter: str) -> None:
    """Call the gradient that ``node`` shows ``letter``; where it shows none, its size."""
    for i, line in enumerate(node.lines):
        before, grad, after = line.rpartition("grad ")
        if grad:
            node.lines[i] = f"{before}{letter} {after}"
            return
    node.lines.append(f"{letter} {number(node.gradient or 0.0)}")


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
    if len(notes) == 1:
        notes += _along_steps(nodes)
    without = [node.label or node.key for node in parameters if node.gradient == 0]
    if without:
        more = f" and {len(without) - _SAID} more" if len(without) > _SAID else ""
        notes.append(f"The gradient is 0 at {', '.join(without[:_SAID])}{more}.")
    return notes


def _along_steps(nodes: dict[str, Node]) -> list[str]:
    """What is to be said of the op that is repeated most, where the steps share their weights."""
    repeats: dict[tuple[str, object], list[float]] = {}
    for node in nodes.values():
        if node.role == "op" and node.gradient is not None:
            repeats.setdefault((node.label, node.shape), []).append(node.gradient)
    (label, _), steps = max(repeats.items(), key=lambda one: len(one[1]), default=(("", ()), []))
    if len(steps) < _STEPS or not steps[-1] or 1 / _FAR < steps[0] / steps[-1] < _FAR:
        return []
    what = "vanishes" if steps[0] < steps[-1] else "explodes"
    return [
        f"The gradient {what}: {number(steps[0])} at the first {label}, {number(steps[-1])} at "
        f"the last of {len(steps):,}."
    ]


def _wrong(nodes: dict[str, Node], edges: list[Edge]) -> str:
    """Where gradients stop to be numbers, on their way back; empty: nowhere."""
    for edge in reversed(edges):
        if edge.gradient is not None and not math.isfinite(edge.gradient):
            end = nodes[edge.end]
            if end.gradient is None or math.isfinite(end.gradient):
                line = f" ({end.details['line']})" if "line" in end.details else ""
                return f"The gradient is {number(edge.gradient)} from {end.label}{line} on."
    return ""
