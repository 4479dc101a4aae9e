"""Hooks on tensors and nodes, and the handles that take them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine.graph import Edge, Leaf, node_of


def hooks_of(edge: Edge) -> dict[int, Callable[[Any], Any]]:
    """The hooks on the value that ``edge`` stands for, to be read or added to."""
    node = node_of(edge)
    if node.hooks is None:
        node.hooks = {}
    if type(node) is Leaf:
        return node.hooks
    hooks: dict[int, Any] = node.hooks.setdefault(edge[1] if type(edge) is tuple else 0, {})
    return hooks


class RemovableHandle:
    """What ``register_hook`` returns: ``remove()`` takes the hook out again."""

    def __init__(self, hooks: dict[int, Any]) -> None:
        self.hooks = hooks
        self.id = max(hooks, default=-1) + 1

    def remove(self) -> None:
        """Take the hook out; does nothing the second time."""
        self.hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()
