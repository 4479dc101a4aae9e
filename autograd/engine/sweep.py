"""The sweep: one walk, youngest node first; the only loop that adds gradients up.

This is backpropagation, on nodes whose op has one output:

    def sweep(root, g):
        grads = {root: g}
        heap = [(root.age, root)]                       # younger is smaller
        while heap:
            node = heappop(heap)[1]
            g = grads.pop(node)                         # all of it: whoever uses it is younger
            for edge, formula, kept in node.plan:
                d = formula(node, g, *kept)             # the chain rule
                if edge not in grads and edge.age:      # a node (a leaf's age is 0), met first
                    heappush(heap, (edge.age, edge))
                grads[edge] = grads[edge] + d if edge in grads else d
        return grads                                    # what is left are leaves

What :func:`sweep` has besides: several roots, several outputs, chosen targets, hooks, freeing, sums
made in place, values that were changed, recording, observers. A function for each would read
better and take twice the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.engine import observer, versions, watches
from autograd.engine.conjugates import through_door
from autograd.engine.early import Early
from autograd.engine.graph import Edge, Freed, Node, TensorBase, edges_from, node_of, wrap

# ``leaving(edge, d)``: the gradient d as the edge gets it, once a level has been opened (levels.py)
leaving: Callable[[Edge, Any], Any] | None = None

_PLAIN = frozenset({np.ndarray, np.float32, np.float64})  # gradients that belong to no level


def sweep(
    roots: Iterable[tuple[Edge, Any]],
    *,
    targets: Iterable[Edge] | Way | None = None,
    retain: bool = False,
    create: bool = False,
    visited: list[Node] | None = None,
    deliver: Callable[[Any, Any], None] | None = None,
) -> dict[Edge, Any]:
    """Carry gradients from ``roots`` down the graph, youngest node first.

    :param roots: pairs (edge, gradient); gradients are arrays, or Tensors where ``create``.
    :param targets: the edges whose gradients are wanted, or the :class:`Way` to them where it is
        known; only nodes on the way to them are visited. None means every leaf.
    :param retain: keep what the nodes hold, so that they can be swept again.
    :param create: record the sweep itself, for gradients of gradients.
    :param visited: where it retains, the nodes are put into this list, for whoever frees them.
    :param deliver: takes the gradients of leaves that somebody awaits (early.py), and these are
        not returned.
    :returns: the gradients of the targets, or of the leaves, by edge.
    :raises RuntimeError: a node was freed by an earlier sweep, or a kept array changed in place.
    """
    roots = list(roots)
    wanted = on_way = None
    if targets is not None:
        way = targets if isinstance(targets, Way) else Way(targets, [e for e, _ in roots])
        wanted, on_way = way.wanted, way.edges
    found: dict[Edge, Any] = {}
    waiting: set[Any] = set()  # multi-output nodes on the heap: several edges, one visit
    owned: set[Edge] = set()  # sums made here, which may be added to in place
    seed = _Given(roots)
    heap: list[tuple[int, Any]] = [(seed.age, seed)]
    grads: dict[Edge, Any] = {seed: None}
    if not retain:
        freed = Freed()
        freed.time = seed.age
        freed.roots = tuple([(edge[0] if type(edge) is tuple else edge).age for edge, _ in roots])
    latest = versions.latest
    limit: float = latest
    soon = None
    if deliver is not None and not create and wanted is None:
        soon = Early([edge for edge, _ in roots], deliver)
        limit = min(latest, soon.horizon)
    watched = bool(observer.listening) and observer.watching()
    plainly = not (create or watched)
    leave = leaving

    while heap:
        node = heappop(heap)[1]
        simple = node is seed or (plainly and node.plain and node.hooks is None)
        if simple or (node.outputs == 1 and node.hooks is None):
            g = grads.pop(node)
            if wanted is not None and node in wanted:
                found[node] = g
        else:
            waiting.discard(node)
            incoming = arrivals(node, grads)
            for edge, value in zip(edges_from(node), incoming, strict=True):
                if wanted is not None and edge in wanted:
                    found[edge] = value
            g = incoming[0] if node.outputs == 1 else tuple(incoming)
        if on_way is not None and on_way.isdisjoint(node.edges):
            continue  # a target where the way ends: what it keeps stays
        if limit < node.age:
            if soon is not None and soon.horizon < node.age:
                plan = ds = d = before = kept = None  # of gradients only users are held
                soon.passed(node.age, grads, _through)
                limit = min(latest, soon.horizon)
            if latest < node.age:
                _check_unchanged(node)
        plan = node.plan
        if type(plan) is Freed:
            raise _was_freed(node, roots, seed.age)
        if not simple:
            if watched:
                observer.tell("formula_runs", node, g)
            if plainly and node.fused is not None and node.hooks is None:
                asked = [e is not None and (on_way is None or e in on_way) for e in node.edges]
                _, backward, kept = plan[0]
                if node.fused.needs is None and not node.fused.makes:
                    ds = backward(node, g, *kept)
                elif node.fused.needs is None and not retain and "made" in node.__dict__:
                    ds = backward(node, g, *kept, node.__dict__.pop("made"))
                else:
                    kept = node.fused.arguments(node, kept, tuple(asked), not retain)
                    ds = backward(node, g, *kept)
                ds = ds if type(ds) is tuple else (ds,)
                plan = [(e, already, (d,)) for e, d, ask in zip(node.edges, ds, asked) if ask]
            else:
                plan = node.carried_out(g, create, on_way, not retain)
                if watched:
                    observer.tell("formula_ran", node, [(edge, d) for edge, _, (d,) in plan])
        if on_way is not None:
            plan = [entry for entry in plan if entry[0] in on_way]
        for edge, formula, kept in plan:
            d = formula(node, g, *kept)
            if d is None:
                continue
            if leave is not None and type(d) not in _PLAIN:
                d = leave(edge, d)
                owned.discard(edge)  # of arrays of several kinds not each takes the others
            before = grads.get(edge)
            if before is None:
                grads[edge] = d
                if type(edge) is tuple:
                    if edge[0] not in waiting:
                        waiting.add(edge[0])
                        heappush(heap, (edge[0].age, edge[0]))
                elif edge.age:
                    heappush(heap, (edge.age, edge))
            elif edge in owned:
                before += d
                grads[edge] = before
            else:
                grads[edge] = before + d
                if not create:
                    owned.add(edge)
        if not retain:
            if node.keeps:
                node.plan = freed
        elif visited is not None:
            visited.append(node)

    if soon is not None:
        plan = ds = d = before = kept = None
        soon.passed(0, grads, _through)
    for told in watches.sweep_ends:
        told(seed, node, retain, create)
    for edge, g in grads.items():  # what is left are leaves
        found[edge] = _through(edge, g) if edge.hooks else g
    return found


def _through(leaf: Any, g: Any) -> Any:
    """The gradient of a leaf after the leaf's hooks."""
    for hook in (leaf.hooks or {}).copy().values():
        g = _hooked(hook, g)
    return g


class Way:
    """From roots to the edges whose gradients are wanted: what several sweeps may have in common.

    ``edges`` are those that lie on it, both ends included.
    """

    __slots__ = ("edges", "wanted")

    def __init__(self, wanted: Iterable[Edge], roots: Iterable[Edge]) -> None:
        self.wanted = set(wanted)
        self.edges = _ways_to(self.wanted, roots)


class _Given(Node):
    """The youngest node of all: it hands the roots' gradients to the edges where we start."""

    __slots__ = ()
    keeps = False

    def __init__(self, given: list[tuple[Edge, Any]]) -> None:
        self.age = versions.tick()
        edges, plan = [], []
        for edge, g in given:
            edges.append(edge)
            plan.append((edge, already, (g,)))
        self.edges, self.plan = tuple(edges), plan


def already(node: Node, g: Any, d: Any) -> Any:
    """The formula of a gradient that is known by now."""
    return d


def arrivals(node: Any, grads: dict[Edge, Any]) -> list[Any]:
    """What has come in for each output of ``node``, after its hooks; None where nothing has."""
    incoming = [grads.pop(edge, None) for edge in edges_from(node)]
    for i, hooks in (node.hooks or {}).copy().items():
        for hook in hooks.copy().values():
            if incoming[i] is not None:
                incoming[i] = _hooked(hook, incoming[i])
    return incoming


def _hooked(hook: Callable[[Any], Any], g: Any) -> Any:
    """The gradient after a hook; the hook sees a Tensor, and may return a replacement."""
    recorded = isinstance(g, TensorBase)
    given = through_door(g) if recorded else wrap(through_door(g.copy()), None)
    replacement = hook(given)  # which may change or keep it
    if replacement is None:
        return through_door(given) if recorded else through_door(given._data.copy())
    if not isinstance(replacement, TensorBase):
        raise TypeError(
            "hook: a hook returns a tensor, or None to leave the gradient as it is; "
            f"{getattr(hook, '__name__', hook)} returned {type(replacement).__name__}."
        )
    if replacement._data.shape != g.shape or replacement._data.dtype != g.dtype:
        raise RuntimeError(
            f"hook: a replacement must have the gradient's shape {tuple(g.shape)} and dtype "
            f"{g.dtype}; {getattr(hook, '__name__', hook)} returned "
            f"{tuple(replacement._data.shape)} and {replacement._data.dtype}."
        )
    return through_door(replacement if recorded else replacement._data.copy())


def _ways_to(wanted: set[Edge], roots: Iterable[Edge]) -> set[Edge]:
    """The edges that lie on a way from ``roots`` to an edge in ``wanted``, both ends included."""
    order = list(dict.fromkeys([node_of(root) for root in roots if node_of(root).age]))
    seen = set(order)
    oldest = max([node_of(edge).age for edge in wanted], default=0)  # nothing older leads to one
    for node in order:  # grows while it is walked; leaves lead nowhere
        for edge in node.edges:
            below = edge[0] if type(edge) is tuple else edge
            if below is not None and below not in seen and below.age and below.age <= oldest:
                seen.add(below)
                order.append(below)
    order.sort(key=attrgetter("age"), reverse=True)  # oldest first
    on_way = set(wanted)
    for node in order:
        if not on_way.isdisjoint(node.edges):
            on_way.update(edges_from(node))
    return on_way


def _check_unchanged(node: Node) -> None:
    """Raise RuntimeError where an array that ``node`` kept was changed in place afterwards."""
    for _, _, kept in node.plan or ():
        for array in kept:
            if versions.changed_since(array, node.age):
                from autograd.engine import misuse  # it parses the user's source

                raise misuse.changed(node, array)


def _was_freed(node: Node, roots: list[tuple[Edge, Any]], now: int) -> RuntimeError:
    from autograd.engine import misuse

    return misuse.freed(node, roots, now)
