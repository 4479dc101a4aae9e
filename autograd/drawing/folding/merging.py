"""Several nodes or edges as one: what can be said of all of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograd.drawing.scene import Edge, Node
from autograd.drawing.showing.looks import number

_NUMBER = re.compile(r"(\d+)")


def bundled(edge: Edge, bundle: list[Edge]) -> Edge:
    """``edge`` as what stands for all of ``bundle``; how many these are is left to the caller."""
    shapes = {one.shape for one in bundle}
    return replace(
        edge,
        label=edge.label if len({one.label for one in bundle}) == 1 else "",
        shape=shapes.pop() if len(shapes) == 1 else None,
        derivative=edge.derivative if len({one.derivative for one in bundle}) == 1 else "",
        gradient=mean_square([(one.gradient, one.shape) for one in bundle]),
    )


def repeated(nodes: list[Node]) -> Node:
    """The first of ``nodes``, which are alike, as what stands for all."""
    first = nodes[0]
    details = {
        key: text
        for key, text in first.details.items()
        if all([node.details.get(key) == text for node in nodes])
    }
    return replace(
        first,
        label=ranged([node.label for node in nodes]),
        lines=[
            line
            for line in first.lines
            if all([line in node.lines for node in nodes]) and line not in gradients_along([first])
        ],
        details=details,
        gradient=mean_square([(node.gradient, node.shape) for node in nodes]),
    )


def gradients_along(nodes: Sequence[Node]) -> list[str]:
    """A line on the gradients of the first and the last of ``nodes``, where they are known.

    >>> gradients_along([Node("a", "op", "tanh", gradient=g) for g in (1e-9, 1e-4, 0.5)])
    ['grad 1.0e-09 … 0.5']
    """
    first, last = nodes[0].gradient, nodes[-1].gradient
    if first is None or last is None:
        return []
    told = [number(first), number(last)]
    return [f"grad {' … '.join(dict.fromkeys(told))}"]


def ranged(labels: Sequence[str]) -> str:
    """Labels that differ in a number as one.

    >>> ranged(["layers.0.norm", "layers.1.norm", "layers.2.norm"]), ranged(["exp", "exp"])
    ('layers.0…2.norm', 'exp')
    """
    first, last = _NUMBER.split(labels[0]), _NUMBER.split(labels[-1])
    if len(first) != len(last) or first[::2] != last[::2]:
        return labels[0]
    return "".join([a if a == b else f"{a}…{b}" for a, b in zip(first, last)])


def without_numbers(label: str) -> str:
    """What labels have in common that :func:`ranged` makes one."""
    return _NUMBER.sub("#", label)


def mean_square(parts: Iterable[tuple[float | None, tuple[int, ...] | None]]) -> float | None:
    """The root mean square of arrays of which their own and their shapes are known.

    >>> mean_square([(3.0, (1,)), (0.0, (8,))]), mean_square([(None, ())])
    (1.0, None)
    """
    total = elements = 0.0
    for value, shape in parts:
        if value is not None:
            size = math.prod(shape or ())
            total, elements = total + value * value * size, elements + size
    return math.sqrt(total / elements) if elements else None
