"""The ops of a graph in the order in which they ran."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.engine.graph import Leaf, nodes_behind


def ops_behind(edges: Iterable[Any]) -> list[Any]:
    """The nodes of ops that the values of ``edges`` were made by, the oldest first."""
    ops = [node for node in nodes_behind(edges) if type(node) is not Leaf]
    return sorted(ops, key=lambda node: node.age, reverse=True)
