"""A node of the graph as the call that made it, as far as the node knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.diagnosis.explain.names import kept_by
from autograd.drawing.watching.calls import Call, Input, Value, is_plain
from autograd.drawing.watching.digest import numbers_of
from autograd.drawing.watching.kept import kept_bytes
from autograd.drawing.watching.watching import names_of_inputs, op_takes_numbers
from autograd.engine import lines
from autograd.engine.elementwise import Elementwise
from autograd.engine.views import Overwritten

# What some ops note of their arguments under another name.
_NOTED = {
    "Transpose": ("pair", ("axis1", "axis2")),
    "Diagonal": ("place", ("offset", "axis1", "axis2")),
    "OnDiagonal": ("place", ("offset", "axis1", "axis2")),
    "Strided": ("facts", ("size", "stride", "offset")),
}


class Constants:
    """The arrays that nodes of one graph keep and no gradient goes to: each is one value."""

    def __init__(self, known: Callable[[Any], Value | None]) -> None:
        self._known = known  # by somebody who watched
        self._values: dict[int, tuple[Any, Value]] = {}  # with the array, which keeps its id
        self.unknown = 0  # how many are not kept

    def of(self, array: Any, name: str) -> Value:
        """The value of an array that a node keeps."""
        watched = self._known(array)
        if watched is not None:
            return watched
        if id(array) not in self._values:
            value = Value(tuple(array.shape), str(array.dtype), role="data", name=_said(name))
            value.numbers = numbers_of(array)
            value.held = lambda: array
            self._values[id(array)] = (array, value)
        return self._values[id(array)][1]

    def without(self, shape: Any, name: str) -> Value:
        """The value of one that is not kept."""
        self.unknown += 1
        if shape:
            return Value(tuple(shape), role="data", name=_said(name))
        return Value(None, role="constant", name=_said(name))


def call_of(
    node: Any, results: list[Value | None], value_of: Callable[[Any], Value], constants: Constants
) -> Call:
    """The call that ``node`` is the record of.

    :param results: its values, None for those that nobody uses.
    :param value_of: the value of an edge.
    """
    op = type(node)
    shape = next((one.shape for one in results if one is not None), None)
    shapes = getattr(node, "shapes", None)
    alike = shapes is None and isinstance(node, (Elementwise, Overwritten))
    if shapes is None or len(shapes) != len(node.edges):
        shapes = [shape if alike else None] * len(node.edges)
    kept, names = kept_by(node), names_of_inputs(op)
    call = Call(op, [], _arguments(node), -node.age, lines.of(node), outputs=node.outputs)
    call.kept, call.node, call.shape = kept_bytes(node), node.name(), shape
    for name, edge in zip(names, node.edges):
        if edge is not None:  # the class notes something else by the name
            call.known.pop(name, None)
    for place, (edge, size) in enumerate(zip(node.edges, shapes, strict=True)):
        name = names[min(place, len(names) - 1)] if names else ""
        if edge is not None:
            value = value_of(edge)
            if value.shape is None and size is not None:
                value.shape = tuple(size)
            call.inputs.append(Input(place, name, value))
        elif hasattr(kept.get(place), "dtype"):
            array = kept[place]
            if not array.shape and op_takes_numbers(op):
                call.inputs.append(Input(place, name, None, array))
            elif array.shape:
                call.inputs.append(Input(place, name, constants.of(array, name), data=True))
        elif (size and not alike) or op_takes_numbers(op):
            value = constants.without(None if alike else size, name)
            call.inputs.append(Input(place, name, value, data=True))
    return call


def _said(name: str) -> str:
    """The name of an argument where it says something: ``target``, and not ``x``."""
    return name if len(name) > 1 else ""


def _arguments(node: Any) -> dict[str, Any]:
    """The arguments that a node notes for its formulas."""
    noted = vars(node)
    known = {name: value for name, value in noted.items() if is_plain(value)}
    known.pop("shapes", None)
    attribute, names = _NOTED.get(type(node).__name__, ("", ()))
    if attribute in noted:
        known.update(zip(names, noted[attribute]))
    names_known = _taken(type(node))
    return {name: value for name, value in known.items() if name in names_known}


def _taken(op: type) -> set[str]:
    """The names of what ``forward`` takes."""
    code = getattr(getattr(op, "forward", None), "__code__", None)
    if code is None:
        return set()
    return set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
