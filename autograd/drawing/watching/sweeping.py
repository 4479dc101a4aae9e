"""Gradients of a picture's values, as a backward pass finds them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from autograd.diagnosis.sweeps import swept
from autograd.drawing.watching.calls import Call, Value
from autograd.drawing.watching.digest import numbers_of, strict_norm_of
from autograd.engine.observer import Observer

Known = MutableMapping[Any, tuple[Call, tuple[Value | None, ...]]]


class Gradients(Observer):
    """Notes the gradient of each value, and each use's share of it.

    :param by_node: the calls and their results, by the node that is their record.
    """

    def __init__(self, by_node: Known, statistics: bool = True) -> None:
        self.by_node = by_node
        self._statistics = statistics

    def formula_runs(self, node: Any, g: Any) -> None:
        known = self.by_node.get(node)
        if known is None:
            return
        for value, one in zip(known[1], g if node.outputs > 1 else (g,)):
            if one is not None and value is not None:
                value.gradient = numbers_of(one, self._statistics)

    def formula_ran(self, node: Any, gradients: list[tuple[Any, Any]]) -> None:
        known = self.by_node.get(node)
        if known is None:
            return
        inputs = {one.place: one for one in known[0].inputs}
        places = [i for i in range(len(node.edges)) if i in inputs]
        for edge, d in gradients:
            place = next((i for i in places if node.edges[i] == edge), None)
            if place is None or d is None:
                continue
            places.remove(place)
            inputs[place].gradient = strict_norm_of(d)


def sweep_from(tensors: list[Any], by_node: Known, leaves: dict[Any, Value]) -> None:
    """Note the gradients of the sum of ``tensors``, which no backward pass has been seen to give.

    :param leaves: the values of leaves, by edge.
    :raises RuntimeError: the graph was freed.
    """
    try:
        found = swept(tensors, Gradients(by_node))
    except RuntimeError as error:
        raise RuntimeError(
            "draw: the backward view needs the gradients of a backward pass; none was watched, and "
            "the graph does not give them any more. Draw before loss.backward(), or write that in "
            "`with autograd.watch() as watched:` and pass watched=watched."
        ) from error
    for edge, g in found.items():
        if edge in leaves:
            leaves[edge].gradient = numbers_of(g)
