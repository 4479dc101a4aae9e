"""The graph: tensors, nodes and the edges between them.

A *node* is one application of an op. It points to the nodes that made its inputs (its *edges*) and
holds a *plan*: for each input that needs a gradient, the edge, the formula, and the kept values
that the formula names. A node is younger than its inputs, so the reachable nodes, youngest first,
are a topological order: a heap of birth times is all the sorting there is, and nothing recurses.

    L = f(g(x)):   x ──► node of g ──► node of f ──► L
                   x.grad ◄── g' · ◄── f' · ◄── 1

Neither this file nor the sweep knows an op by name.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

__all__ = ["Node"]


class TensorBase:
    """What the graph knows of a tensor: an array, the edge to what made it, a gradient."""

    __slots__ = ("__dict__", "__weakref__", "_data", "_edge", "_grad", "_kin")

    _data: Any  # an array, or a NumPy scalar for 0-d results inside a graph
    _edge: Any  # None: needs no gradient. Leaf | Node | (Node, output index)
    _grad: Any
    _kin: Any  # of a view its base, of a base the list of its views; see views.py
    _results: ClassVar[type]  # the class of what operations on it return
    _numpys = False  # it goes by NumPy's rules, and so does what is made of it and others
    _unrecorded = False  # a view taken inside no_grad()
    _whole = True  # its elements are an array; not of a sparse tensor
    _opaque = False  # a view that an op with gradient formulas of its own has made


class Node:
    """One application of an op. Ops are subclasses: an instance is both the op and its record.

    >>> import autograd
    >>> y = autograd.ones(2, requires_grad=True).exp()
    >>> isinstance(y.grad_fn, autograd.Node), y.grad_fn.name()
    (True, 'ExpBackward0')
    """

    __slots__ = ("__dict__", "__weakref__", "age", "edges", "plan")

    age: int  # time of birth; the clock counts downwards, so younger is smaller
    edges: tuple[Any, ...]
    plan: Any  # ((edge, formula, kept values), ...); Freed once it was freed

    plain = True  # one output, and one formula for each input that has a gradient
    fused: Any = None  # the one formula for all inputs, where there is such; see fused.py
    keeps = True  # False: formulas name no value, so there is nothing to free
    outputs = 1
    formulas: dict[int, Any] = {}  # of a plain op, by input
    hooks: dict[int, dict[int, Callable[[Any], Any]]] | None = None  # by output, then by handle

    def name(self) -> str:
        """The name that PyTorch prints for the node: ``MulBackward0``."""
        from autograd.engine.names import torch_name  # needed when something is printed

        return torch_name(self)

    def __str__(self) -> str:
        """The op's name and the one that is printed: what errors call the node."""
        return f"{type(self).__name__} ({self.name()})"

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes (and leaves) that made the inputs, with the number of the output used.

        None stands for an input without a gradient, and nothing for one that cannot have any.
        """
        known: Any = self.formulas or range(len(self.edges))
        return tuple(
            (node_of(edge), edge[1] if type(edge) is tuple else 0)
            for i, edge in enumerate(self.edges)
            if i in known
        )

    @property
    def metadata(self) -> dict[Any, Any]:
        """A dict for whatever somebody wants to note about the node."""
        notes: dict[Any, Any] = self.__dict__.setdefault("_metadata", {})
        return notes

    def _sequence_nr(self) -> int:
        """A number that is larger for nodes made later."""
        return -self.age

    def register_hook(self, hook: Callable[[Any, Any], Any]) -> Any:
        """Call ``hook(grad_inputs, grad_outputs)`` after the node's gradients were computed.

        Both are tuples of tensors and None; a tuple that the hook returns replaces the first.
        """
        from autograd.engine.hooks import around  # they are the exception

        return around(self, hook, after=True)

    def register_prehook(self, hook: Callable[[Any], Any]) -> Any:
        """Call ``hook(grad_outputs)`` before; a tuple that it returns replaces them."""
        from autograd.engine.hooks import around

        return around(self, hook, after=False)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {hex(id(self))}>"

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        """The plan with every gradient computed: for what the sweep's plain loop cannot do.

        :param g: the gradient, a Tensor if ``create``; of several outputs a tuple, with None where
            nothing arrived.
        :param on_way: the edges that lead where gradients are wanted; None means all.
        :param last: nobody will read the node again.
        """
        raise NotImplementedError(f"{self} has no way to be differentiated.")


class Freed(tuple[()]):
    """What a sweep leaves in the place of a plan: nothing, and when it was."""

    time: int  # of the sweep
    roots: tuple[int, ...] = ()  # how old the nodes were where it began


class Leaf:
    """Where the gradient of a leaf tensor is collected; the tensor points here, not back."""

    __slots__ = ("__weakref__", "after", "hooks", "tensor")

    edges = ()
    age = 0
    outputs = 1
    hands_in = True  # what it stands for may be an argument of a function that is differentiated

    def __init__(self, tensor: TensorBase) -> None:
        self.tensor = weakref.ref(tensor)
        self.hooks: dict[int, Callable[[Any], Any]] | None = None
        self.after: dict[int, Callable[[Any], Any]] | None = None  # called once .grad is there

    @property
    def variable(self) -> Any:
        """The leaf tensor; None once it is gone."""
        return self.tensor()

    next_functions = ()

    def name(self) -> str:
        """PyTorch's name of what adds a gradient to a leaf."""
        return "torch::autograd::AccumulateGrad"

    def register_hook(self, hook: Callable[[Any, Any], Any]) -> Any:
        """Call ``hook((), grad_outputs)`` after the gradient was added to the leaf's ``.grad``."""
        from autograd.engine.hooks import on_leaf

        return on_leaf(self, hook)

    def register_prehook(self, hook: Callable[[Any], Any]) -> Any:
        """Call ``hook(grad_outputs)`` before; a tuple that it returns replaces them."""
        from autograd.engine.hooks import before_leaf

        return before_leaf(self, hook)

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {hex(id(self))}>"


Edge = Any  # Leaf | Node | tuple[Node, int]


def node_of(edge: Edge) -> Any:
    """The node (or leaf) at the other end of an edge."""
    return edge[0] if type(edge) is tuple else edge


def nodes_behind(edges: Iterable[Edge | None]) -> Iterator[Any]:
    """The nodes and leaves that the values of ``edges`` were made by, the nearest first.

    Each once, and without recursion.
    """
    order = list(dict.fromkeys([node_of(edge) for edge in edges if edge is not None]))
    seen = set(order)
    for node in order:  # grows while it is walked
        yield node
        for edge in node.edges:
            below = None if edge is None else node_of(edge)
            if below is not None and below not in seen:
                seen.add(below)
                order.append(below)


def edges_from(node: Any) -> list[Edge]:
    """The edges that stand for the outputs of ``node``."""
    return [node] if node.outputs == 1 else [(node, i) for i in range(node.outputs)]


# -- tensors, from below --------------------------------------------------------------------------


def wrap(array: Any, edge: Edge, like: Any = TensorBase) -> Any:
    """A tensor over ``array`` (shared, not copied), made by ``edge``, as results of ``like`` are.

    The class of a result comes from the argument: a Parameter makes a Tensor, and what is made of
    no tensor is one too.
    """
    tensor = object.__new__(like._results)
    tensor._data = array
    tensor._edge = edge
    tensor._grad = None
    tensor._kin = None
    return tensor


TensorBase._results = TensorBase  # until there is a class to see, which is built on top of us


def foremost(values: Iterable[Any]) -> Any:
    """Whose kind the result of an operation on ``values`` is of; None where no tensor is there.

    That of the first tensor; but where one goes by NumPy's rules the result does.
    """
    tensors = [value for value in values if isinstance(value, TensorBase)]
    return next((x for x in tensors if x._numpys), tensors[0] if tensors else None)


def unwrap(value: Any) -> Any:
    """The array of a tensor; anything else as it is."""
    return value._data if isinstance(value, TensorBase) else value
