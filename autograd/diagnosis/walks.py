"""Walks over a graph, from its results back: each node once, and no recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from autograd.engine.graph import Leaf, node_of


def nodes_behind(edges: Iterable[Any]) -> Iterator[Any]:
    """The nodes and leaves that the values of ``edges`` were made by, the nearest first."""
    order = list(dict.fromkeys([node_of(edge) for edge in edges if edge is not None]))
    seen = set(order)
    for node in order:  # grows while it is walked
        yield node
        for edge in node.edges:
            below = None if edge is None else node_of(edge)
            if below is not None and below not in seen:
                seen.add(below)
                order.append(below)


def ops_behind(edges: Iterable[Any]) -> list[Any]:
    """The nodes of ops that the values of ``edges`` were made by, the oldest first."""
    ops = [node for node in nodes_behind(edges) if type(node) is not Leaf]
    return sorted(ops, key=lambda node: node.age, reverse=True)
