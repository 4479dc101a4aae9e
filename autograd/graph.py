"""The graph and its sweep: what a node is, in which order nodes are visited, how gradients add up.

A *node* is one application of an op. It points to the nodes that made its inputs (its *edges*) and
holds a *plan*: for each input that needs a gradient, the edge, the formula, and the kept values
that the formula names. A node is younger than its inputs, so the reachable nodes, youngest first,
are a topological order: a heap of birth times is all the sorting there is, and nothing recurses.

    L = f(g(x)):   x ──► node of g ──► node of f ──► L
                   x.grad ◄── g' · ◄── f' · ◄── 1

The sweep knows nodes and edges, and no op by name.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any, TypeVar

from autograd import memory


class TensorBase:
    """What the graph knows of a tensor: an array, the edge to what made it, a gradient."""

    __slots__ = ("__dict__", "__weakref__", "_data", "_edge", "_grad", "_kin")

    _data: Any  # an array, or a NumPy scalar for 0-d results inside a graph
    _edge: Any  # None: needs no gradient. Leaf | Node | (Node, output index)
    _grad: Any
    _kin: Any  # of a view its base, of a base the list of its views; see views.py
    _unrecorded = False  # a view taken inside no_grad()
    _opaque = False  # a view that an op with gradient formulas of its own has made


class Node:
    """One application of an op. Ops are subclasses: an instance is both the op and its record."""

    __slots__ = ("__dict__", "__weakref__", "age", "edges", "plan")

    age: int  # time of birth; the clock counts downwards, so younger is smaller
    edges: tuple[Any, ...]
    plan: Any  # ((edge, formula, kept values), ...); None once freed

    plain = True  # one output, and one formula for each input
    keeps = True  # False: formulas name no value, so there is nothing to free
    outputs = 1
    hooks: dict[int, dict[int, Callable[[Any], Any]]] | None = None  # by output, then by handle

    @classmethod
    def name(cls) -> str:
        """The op's name, as shown in graphs and errors."""
        return cls.__name__

    def torch_name(self) -> str:
        """The name that PyTorch prints for the node: ``MulBackward0``."""
        from autograd.names import torch_name  # needed when something is printed

        return torch_name(self)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes (and leaves) that made the inputs, with the number of the output used."""
        return tuple((node_of(edge), edge[1] if type(edge) is tuple else 0) for edge in self.edges)

    def __repr__(self) -> str:
        return f"<{self.torch_name()} object at {hex(id(self))}>"

    def carried_out(self, g: Any, create: bool, on_way: Any = None) -> Any:
        """The plan with every gradient computed: for what the sweep's plain loop cannot do."""
        raise NotImplementedError(f"{self.name()} has no way to be differentiated.")


class Leaf:
    """Where the gradient of a leaf tensor is collected; the tensor points here, not back."""

    __slots__ = ("after", "hooks", "tensor")

    edges = ()
    age = 0
    outputs = 1

    def __init__(self, tensor: TensorBase) -> None:
        self.tensor = weakref.ref(tensor)
        self.hooks: dict[int, Callable[[Any], Any]] | None = None
        self.after: dict[int, Callable[[Any], Any]] | None = None  # called once .grad is there


Edge = Any  # Leaf | Node | tuple[Node, int]


def node_of(edge: Edge) -> Any:
    """The node (or leaf) at the other end of an edge."""
    return edge[0] if type(edge) is tuple else edge


def edges_from(node: Any) -> list[Edge]:
    """The edges that stand for the outputs of ``node``."""
    return [node] if node.outputs == 1 else [(node, i) for i in range(node.outputs)]


def hooks_of(edge: Edge) -> dict[int, Callable[[Any], Any]]:
    """The hooks on the value that ``edge`` stands for, to be read or added to."""
    node = node_of(edge)
    if node.hooks is None:
        node.hooks = {}
    if type(node) is Leaf:
        return node.hooks
    hooks: dict[int, Any] = node.hooks.setdefault(edge[1] if type(edge) is tuple else 0, {})
    return hooks


# -- tensors, from below --------------------------------------------------------------------------

_tensor_class: type[TensorBase] = TensorBase
C = TypeVar("C")


def results_are(cls: C) -> C:
    """Class decorator: operations return tensors of this class, which is built on top of us."""
    global _tensor_class
    _tensor_class = cls  # type: ignore[assignment]
    return cls


def wrap(array: Any, edge: Edge) -> Any:
    """A tensor over ``array`` (shared, not copied), made by ``edge``."""
    tensor = object.__new__(_tensor_class)
    tensor._data = array
    tensor._edge = edge
    tensor._grad = None
    tensor._kin = None
    return tensor


def unwrap(value: Any) -> Any:
    """The array of a tensor; anything else as it is."""
    return value._data if isinstance(value, TensorBase) else value


# -- the sweep ------------------------------------------------------------------------------------


def sweep(
    roots: Iterable[tuple[Edge, Any]],
    *,
    targets: Iterable[Edge] | None = None,
    retain: bool = False,
    create: bool = False,
) -> dict[Edge, Any]:
    """Carry gradients from ``roots`` down the graph, youngest node first.

    :param roots: pairs (edge, gradient); gradients are arrays, or Tensors where ``create``.
    :param targets: the edges whose gradients are wanted; only nodes on the way to them are
        visited. None means every leaf.
    :param retain: keep what the nodes hold, so that they can be swept again.
    :param create: record the sweep itself, for gradients of gradients.
    :returns: the gradients of the targets, or of the leaves, by edge.
    :raises RuntimeError: a node was freed by an earlier sweep, or a kept array changed in place.
    """
    roots = list(roots)
    wanted = None if targets is None else set(targets)
    on_way = None if wanted is None else _ways_to(wanted, (edge for edge, _ in roots))
    found: dict[Edge, Any] = {}
    waiting: set[Any] = set()  # multi-output nodes on the heap: several edges, one visit
    owned: set[Edge] = set()  # sums made here, which may be added to in place
    seed = _Given(roots)
    heap: list[tuple[int, Any]] = [(seed.age, seed)]
    grads: dict[Edge, Any] = {seed: None}
    latest = memory.latest

    while heap:
        node = heappop(heap)[1]
        simple = node is seed or (node.plain and node.hooks is None and not create)
        if simple:
            g = grads.pop(node)
            if wanted is not None and node in wanted:
                found[node] = g
        else:
            waiting.discard(node)
            incoming = _incoming(node, grads)
            for edge, value in zip(edges_from(node), incoming, strict=True):
                if wanted is not None and edge in wanted:
                    found[edge] = value
            g = incoming[0] if node.outputs == 1 else tuple(incoming)
        if on_way is not None and not any([edge in on_way for edge in node.edges]):
            continue  # a target where the way ends: what it keeps stays
        if latest < node.age:
            _check_unchanged(node)
        plan = node.plan if simple else node.plan and node.carried_out(g, create, on_way)
        if plan is None:
            raise RuntimeError(
                f"backward: every node must still hold what it kept; {node.name()} was freed by "
                "an earlier backward pass. Pass retain_graph=True to the earlier one."
            )
        if on_way is not None:
            plan = [entry for entry in plan if entry[0] in on_way]
        for edge, formula, kept in plan:
            d = formula(node, g, *kept)
            if d is None:
                continue
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
        if not retain and node.keeps:
            node.plan = None

    for edge, g in grads.items():  # what is left are leaves
        for hook in (edge.hooks or {}).copy().values():
            g = _hooked(hook, g)
        found[edge] = g
    return found


class _Given(Node):
    """The youngest node of all: it hands the roots' gradients to the edges where we start."""

    __slots__ = ()
    keeps = False

    def __init__(self, given: list[tuple[Edge, Any]]) -> None:
        self.age = memory.tick()
        self.edges = tuple(edge for edge, _ in given)
        self.plan = tuple((edge, already, (g,)) for edge, g in given)


def already(node: Node, g: Any, d: Any) -> Any:
    """The formula of a gradient that is known by now."""
    return d


def _incoming(node: Any, grads: dict[Edge, Any]) -> list[Any]:
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
    given = g if recorded else wrap(g.copy(), None)  # the hook may change or keep it
    replacement = hook(given)
    if replacement is None:
        return g if recorded else given._data.copy()
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
    return replacement if recorded else replacement._data.copy()


def _ways_to(wanted: set[Edge], roots: Iterable[Edge]) -> set[Edge]:
    """The edges that lie on a way from ``roots`` to an edge in ``wanted``, both ends included."""
    order = list(dict.fromkeys(node_of(root) for root in roots))
    seen = set(order)
    oldest = max([node_of(edge).age for edge in wanted], default=0)  # nothing older leads to one
    for node in order:  # grows while it is walked
        for edge in node.edges:
            if edge is not None and node_of(edge) not in seen and node_of(edge).age <= oldest:
                seen.add(node_of(edge))
                order.append(node_of(edge))
    order.sort(key=lambda node: node.age, reverse=True)  # oldest first
    on_way: set[Edge] = set()
    for node in order:
        reached = any(edge in on_way for edge in node.edges)
        on_way.update(edge for edge in edges_from(node) if reached or edge in wanted)
    return on_way


def _check_unchanged(node: Node) -> None:
    """Raise where an array that ``node`` kept was changed in place after it was kept."""
    for _, _, kept in node.plan or ():
        for array in kept:
            if memory.changed_since(array, node.age):
                raise RuntimeError(
                    f"backward: {node.name()} needs the values it kept; its kept tensor of shape "
                    f"{getattr(array, 'shape', 'of an index')} was changed in place afterwards. "
                    "Change a clone instead (y = x.clone(); y += 1), or write the operation out "
                    "of place (x = x + 1)."
                )
