"""A scene made smaller: modules folded to one box, repeats to one of them, all within a budget.

Every function takes a scene and gives one, and changes none. Nothing recurses, and what is done is
said in the scene's notes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograd.drawing.folding.merging import bundled, mean_square
from autograd.drawing.folding.repeats import rolled
from autograd.drawing.scene import Edge, Group, Node, Scene

_LEAVES = ("parameter", "constant")  # they go where what uses them goes


def folded(scene: Scene, depth: int) -> Scene:
    """``scene`` with the groups deeper than ``depth`` as one node each, and repeats as one of them.

    :param scene: what is folded; it stays as it is.
    :param depth: how many boxes may lie in each other: 0 shows the outermost module as one box,
        1 the modules in it.
    :returns: a scene. A folded module is a node of the role "module", whose label is its path;
        edges between the same two boxes are one, with the count of the values that they carry.
        Repeats seen backward stay apart: their gradients are not the same.
    :raises ValueError: ``depth`` is no whole number from 0 on.

    >>> from autograd.drawing.scene import Group
    >>> nodes = {key: Node(key, "op", key, group="net") for key in "ab"}
    >>> scene = Scene(nodes, [Edge("a", "b")], {"net": Group("net", "net", "Net")})
    >>> [(node.label, node.role) for node in folded(scene, 0).nodes.values()]
    [('net', 'module')]
    """
    check_depth(depth)
    small = _boxed(scene, depth)
    return small if scene.backward else rolled(small)


def check_depth(depth: Any) -> None:
    """Raise ValueError where ``depth`` is no number of modules."""
    if type(depth) is not int or depth < 0:
        raise ValueError(
            f"draw: depth says how many modules may lie in each other, from 0; got {depth!r}. "
            "depth=0 shows the outermost module as one box."
        )


def within(scene: Scene, budget: int | None) -> Scene:
    """``scene``, folded as little as is needed for at most ``budget`` nodes; None: any number.

    First repeats become one of them; then modules are folded, the innermost first; what is still
    too large shows the operations nearest to the output. Seen backward modules are folded first,
    as gradients of repeats are not the same. The scene's notes say what was done.

    >>> nodes = {str(i): Node(str(i), "op", "exp") for i in range(90)}
    >>> scene = Scene(nodes, [Edge(str(i), str(i + 1)) for i in range(89)])
    >>> small = within(scene, 10)
    >>> [node.count for node in small.nodes.values()]
    [90]
    """
    if budget is None or len(scene.nodes) <= budget:
        return scene
    had = len(scene.nodes)
    deepest = max([len(scene.path(key)) for key in scene.groups], default=0)
    tries = [(depth, True) for depth in range(deepest, -1, -1)]
    if scene.backward:
        tries = [(depth, False) for depth in range(deepest - 1, 0, -1)] + tries
    for depth, rolls in tries:
        small = scene if depth == deepest else _boxed(scene, depth)
        small = rolled(small) if rolls else small
        if len(small.nodes) <= budget:
            break
    more = f"draw(…, max_nodes={had}) shows all {had:,} nodes."
    if depth < deepest:
        boxes = f"modules that lie in {depth} others" if depth else "modules"
        small.notes.insert(
            0, f"At most {budget:,} nodes are shown: {boxes} are one box each; {more}"
        )
    elif len(small.nodes) <= budget:
        small.notes.insert(0, f"At most {budget:,} nodes are shown: repeats are one; {more}")
    return small if len(small.nodes) <= budget else _end(small, budget, more)


def _end(scene: Scene, budget: int, more: str) -> Scene:
    """The part of ``scene`` that is nearest to the output; the rest is one box."""
    users: dict[str, list[str]] = {}
    for edge in scene.edges:
        users.setdefault(edge.start, []).append(edge.end)
    made = {edge.end for edge in scene.edges}
    kept: set[str] = {key for key, node in scene.nodes.items() if node.role == "output"}
    waiting: dict[str, list[str]] = {}  # leaves, by the oldest of their users
    order = {key: i for i, key in enumerate(scene.nodes)}
    for key in scene.nodes:
        if key not in made and key in users:
            waiting.setdefault(min(users[key], key=order.__getitem__), []).append(key)
    for key in reversed(scene.nodes):
        if key in made and key not in kept:
            with_leaves = [key, *waiting.get(key, ())]
            if len(kept) + len(with_leaves) >= budget:
                break
            kept.update(with_leaves)
    left = [node for key, node in scene.nodes.items() if key not in kept]
    ops = sum([node.count for node in left if node.key in made])
    rest = Node("rest", "module", "…", lines=[f"{ops:,} operations before"])
    stands = {node.key: "rest" for node in left}
    small = _standing(scene, stands, {"rest": rest})
    small.groups = _around(small, small.nodes.values())
    small.notes.insert(
        0,
        f"The {ops:,} operations furthest from the output are one box (…), because at most "
        f"{budget:,} nodes are shown. Draw a part of it (one layer, fewer steps), or all: {more}",
    )
    return small


def _around(scene: Scene, nodes: Iterable[Node]) -> dict[str, Group]:
    """The groups that hold one of ``nodes``."""
    held = {group for node in nodes for group in scene.path(node.group)}
    return {key: group for key, group in scene.groups.items() if key in held}


# -- modules as boxes -----------------------------------------------------------------------------


def _boxed(scene: Scene, depth: int) -> Scene:
    """``scene`` with each group that lies in ``depth`` others as a node."""
    level: dict[str, int] = {}
    box: dict[str, str] = {"": ""}  # the folded group that a group is or lies in
    for key, group in scene.groups.items():
        level[key] = level.get(group.parent, 0) + 1
        box[key] = box[group.parent] or (key if level[key] > depth else "")
    stands = {
        key: box[node.group]
        for key, node in scene.nodes.items()
        if box[node.group] and node.role != "output"
    }
    users: dict[str, set[str]] = {}
    for edge in scene.edges:
        users.setdefault(edge.start, set()).add(stands.get(edge.end, ""))
    for key, node in scene.nodes.items():
        if node.role in _LEAVES and key not in stands and len(users.get(key, "")) == 1:
            (inside,) = users[key]
            if inside:
                stands[key] = inside
    members: dict[str, list[Node]] = {}
    for key, inside in stands.items():
        members.setdefault(inside, []).append(scene.nodes[key])
    leaving: dict[str, list[Edge]] = {}
    for edge in scene.edges:
        inside = stands.get(edge.start, "")
        if inside and stands.get(edge.end) != inside:
            leaving.setdefault(inside, []).append(edge)
    boxes = {key: _box(scene, key, inside, leaving.get(key, [])) for key, inside in members.items()}
    small = _standing(scene, stands, boxes)
    small.groups = {key: group for key, group in scene.groups.items() if level[key] <= depth}
    return small


def _box(scene: Scene, key: str, members: list[Node], leaving: list[Edge]) -> Node:
    """The node that stands for a group with ``members``, which ``leaving`` come from."""
    group = scene.groups[key]
    ops = sum([node.count for node in members if node.role == "op"])
    elements = sum(
        [math.prod(node.shape or ()) * node.count for node in members if node.role == "parameter"]
    )
    size = f"{ops:,} operation{'s' if ops != 1 else ''}"
    if elements:
        size += f", {elements:,} parameter{'s' if elements != 1 else ''}"
    results = [scene.nodes[start] for start in dict.fromkeys([edge.start for edge in leaving])]
    return Node(
        key,
        "module",
        group.label,
        *_common(results),
        lines=[one for one in (group.kind, size) if one],
        group=group.parent,
        details={"module": group.kind} | group.details,
        gradient=mean_square([(node.gradient, node.shape) for node in results]),
        count=group.count,
    )


def _common(results: Iterable[Node]) -> tuple[tuple[int, ...] | None, str]:
    """The shape and the dtype that all ``results`` have."""
    found = {(node.shape, node.dtype) for node in results}
    return found.pop() if len(found) == 1 else (None, "")


def _standing(scene: Scene, stands: dict[str, str], boxes: dict[str, Node]) -> Scene:
    """``scene`` with ``boxes`` in the place of the nodes that they stand for."""
    nodes: dict[str, Node] = {}
    for key, node in scene.nodes.items():
        inside = stands.get(key, "")
        if not inside:
            nodes[key] = node
        elif inside not in nodes and node.role not in _LEAVES:
            nodes[inside] = boxes[inside]
    for key, box in boxes.items():
        nodes.setdefault(key, box)
    bundles: dict[tuple[str, str, bool], list[Edge]] = {}
    edges: list[Edge] = []
    uses: dict[str, int] = {}
    for edge in scene.edges:
        uses[edge.start] = uses.get(edge.start, 0) + 1
        start, end = stands.get(edge.start, edge.start), stands.get(edge.end, edge.end)
        if start == edge.start and end == edge.end:
            edges.append(edge)
        elif start != end:
            bundle = bundles.setdefault((start, end, edge.data), [])
            if not bundle:
                edges.append(replace(edge, start=start, end=end, derivative=""))
            bundle.append(edge)
    for i, edge in enumerate(edges):
        bundle = bundles.get((edge.start, edge.end, edge.data), [])
        if len(bundle) > 1:
            edges[i] = _bundle(scene, bundled(edge, bundle), bundle, uses)
    return replace(scene, nodes=nodes, edges=edges, notes=[*scene.notes])


def _bundle(scene: Scene, edge: Edge, bundle: list[Edge], uses: dict[str, int]) -> Edge:
    """``edge`` for all of ``bundle``, which carry one value or several."""
    values: dict[tuple[str, str], int] = {}  # how many each of them stands for
    for one in bundle:
        value = one.start, one.label
        values[value] = max(one.count, values.get(value, 0))
    gradient = edge.gradient
    start = scene.nodes[bundle[0].start]
    if len(values) == 1 and uses[start.key] == len(bundle) and start.gradient is not None:
        gradient = start.gradient  # all of it comes this way, as the sum of its shares
    return replace(edge, label="", count=sum(values.values()), gradient=gradient)
