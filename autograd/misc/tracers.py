"""Traces that keep all: ``const_graph``, a function that is called once, and ``full_graph``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.engine.graph import TensorBase
from autograd.numpy.noting import Noted, numeric, tracing
from autograd.tracer import Node, getval, trace

__all__ = ["FullGraphNode", "const_graph", "full_graph"]


class FullGraphNode(Node):
    """A node that keeps all of its call.

    ``recipe`` is the function, its arguments, its keywords, and pairs of an argument's position and
    its node; None for what is given.
    """

    value: Any = None
    recipe: Any = None

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, parent_argnums: Any, parents: Any
    ) -> None:
        self.parents, self.value = parents, value
        self.recipe = fun, args, kwargs, [*zip(parent_argnums, parents)]


def full_graph(fun: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The last node of the graph of ``fun``, traced by all that is given by position.

    >>> import autograd.numpy as np
    >>> node = full_graph(lambda x, y: np.exp(x) * y, 0.0, 3.0)
    >>> node.recipe[0].__name__, float(node.value)
    ('multiply', 3.0)
    """
    return trace(FullGraphNode.new_root(), lambda args: fun(*args, **options), args)[1]


class _Noted(FullGraphNode):
    """A node of a graph that is made again: numbered, in the order of the calls."""

    graph: _Graph

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, parent_argnums: Any, parents: Any
    ) -> None:
        self.graph = parents[0].graph
        args = tuple([None if i in parent_argnums else one for i, one in enumerate(args)])
        super().__init__(None, fun, args, kwargs, parent_argnums, parents)
        self.number = self.graph.enter(self)

    def initialize_root(self, graph: _Graph) -> None:
        self.graph = graph
        self.number = graph.enter(self)

    def on_condition(self, truth: bool) -> None:
        """The function has gone one way."""
        self.graph.conditions.setdefault(self.number, truth)


class _Graph:
    """The calls of one run of a function, and which way it went at conditions."""

    def __init__(self) -> None:
        self.nodes: list[_Noted] = []
        self.conditions: dict[int, bool] = {}  # by the node's number

    def enter(self, node: _Noted) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def record(self, fun: Callable[..., Any], leaves: list[Any], form: Any) -> Any:
        """Run ``fun`` on plain values; what it gives."""
        with tracing() as number:
            given = [
                Noted(one, number, _Noted.new_root(self)) if numeric(one) else one for one in leaves
            ]
            args, options = trees.unflatten(given, form)
            ends, self.form = trees.flatten(fun(*args, **options))
        if any([isinstance(one, TensorBase) for one in ends]):
            raise TypeError(
                "const_graph: a function must not give a traced value of outside. Pass it as an "
                "argument."
            )
        self.ends = [one._node.number if type(one) is Noted else one for one in ends]
        self.is_node = [type(one) is Noted for one in ends]
        self.inputs = sum(map(numeric, leaves))
        self._keep_what_is_needed()
        return trees.unflatten([getval(one) for one in ends], self.form)

    def _keep_what_is_needed(self) -> None:
        needed = {end for end, its in zip(self.ends, self.is_node) if its} | {*self.conditions}
        waiting = [*needed]
        while waiting:
            parents = [parent.number for parent in self.nodes[waiting.pop()].parents]
            waiting += [one for one in parents if one not in needed]
            needed.update(parents)
        self.calls = [
            (n, *self.nodes[n].recipe[:3], [(i, x.number) for i, x in self.nodes[n].recipe[3]])
            for n in sorted(needed)
            if n >= self.inputs
        ]
        self.nodes.clear()

    def replay(self, values: list[Any]) -> tuple[bool, Any]:
        """The calls with other values; False where the function would go another way."""
        found = dict(enumerate(values))
        for n, truth in self.conditions.items():
            if n < self.inputs and bool(found[n]) is not truth:
                return False, None
        for n, fun, args, options, places in self.calls:
            given = list(args)
            for i, parent in places:
                given[i] = found[parent]
            found[n] = fun(*given, **options)
            if n in self.conditions and bool(found[n]) is not self.conditions[n]:
                return False, None
        ends = [found[end] if its else end for end, its in zip(self.ends, self.is_node)]
        return True, trees.unflatten(ends, self.form)


# Kinds of arguments whose graphs a function has: an integer that counts is a new one each time
_KEPT = 64


def const_graph(fun: Callable[..., Any], *args: Any, **options: Any) -> Callable[..., Any]:
    """``fun`` with its first arguments, and those named, fixed; called once for arguments alike.

    Later calls make the same calls of NumPy's functions and primitives again, with other values,
    and call ``fun`` no more: gradients that it takes are not recorded again. Where a condition
    comes out otherwise than it did, or arguments have other shapes, dtypes or integers, it is
    called once more. What it draws, reads or counts is as it was at that call. The result is
    differentiated as ``fun``'s is.

    :raises TypeError: ``fun`` makes a float, an index or an ndarray of an argument, or closes over
        a traced value.

    >>> from autograd import grad
    >>> called = []
    >>> cubic = const_graph(lambda a, x: called.append(x) or a * x * x * x, 2.0)
    >>> [float(y) for y in (cubic(1.0), cubic(2.0), grad(cubic)(2.0))], len(called)
    ([2.0, 16.0, 24.0], 1)
    """
    graphs: dict[Any, list[_Graph]] = {}

    def whole(*rest: Any, **named: Any) -> Any:
        return fun(*args, *rest, **options, **named)

    def call(*rest: Any, **named: Any) -> Any:
        leaves, form = trees.flatten((rest, named))
        values = [getval(one) for one in leaves]
        key = (form, tuple(map(_kind, values)))
        known = graphs.setdefault(key, [])
        moving = [one for one, value in zip(leaves, values) if numeric(value)]
        for graph in known:
            same, result = graph.replay(moving)
            if same:
                return result
        graph = _Graph()
        result = graph.record(whole, values, form)
        known.append(graph)
        if len(graphs) > _KEPT:
            del graphs[next(iter(graphs))]
        if all([one is value for one, value in zip(leaves, values)]):
            return result
        return graph.replay(moving)[1]

    call.__name__ = getattr(fun, "__name__", "fun")
    return call


def _kind(value: Any) -> Any:
    """What arguments must have in common for the same graph."""
    if numeric(value):
        return np.shape(value), np.asarray(value).dtype
    return type(value), value if getattr(value, "__hash__", None) else object()
