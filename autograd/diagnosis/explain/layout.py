"""Equations and their facts, set out as text under each other and as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.diagnosis.explain.notation import latex
from autograd.engine import lines

_WIDE = 56  # a longer formula has its facts on the next line


class Equation(NamedTuple):
    """Its two sides, with what is known of its left side."""

    left: str
    right: str
    facts: str
    place: str


def facts_of(array: Any) -> tuple[tuple[int, ...], str]:
    """The shape of an array, and its numbers: all of a few, else their norm."""
    array = np.asarray(getattr(array, "_data", array))
    if array.size <= 4:
        numbers = [f"{one:.4g}" for one in array.ravel().tolist()]
        return array.shape, f"[{', '.join(numbers)}]" if array.ndim else numbers[0]
    return (
        array.shape,
        f"norm {float(np.linalg.norm(np.absolute(array).ravel().astype(np.float64))):.4g}",
    )


def number_text(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.4g}".replace("-", "−")
    if isinstance(value, slice):
        return slice_text(value)
    if isinstance(value, tuple) and any([isinstance(one, slice) for one in value]):
        return ", ".join(map(number_text, value))
    return "…" if value is ... else str(value)


def slice_text(part: slice) -> str:
    """A slice as it is written between the brackets of an index.

    >>> slice_text(slice(1, None)), slice_text(slice(None, None, 2))
    ('1:', '::2')
    """
    ends = ["" if one is None else str(one) for one in (part.start, part.stop)]
    return ":".join(ends) + (f":{part.step}" if part.step not in (None, 1) else "")


def shape_text(shape: Sequence[int] | None) -> str:
    """A shape as explanations, pictures and tables say it; of one that is not known, nothing.

    >>> shape_text((2, 3)), shape_text(()), shape_text(None)
    ('(2, 3)', 'scalar', '')
    """
    if shape is None:
        return ""
    return str(tuple(shape)) if len(shape) else "scalar"


def places_text(nodes: tuple[Any, ...]) -> str:
    """The ops, and the lines of the user's program at which they were called."""
    found: dict[str, dict[str, int]] = {}
    for node in nodes:
        ops = found.setdefault(str(lines.of(node) or ""), {})
        ops[type(node).__name__] = ops.get(type(node).__name__, 0) + 1
    said = []
    for at, ops in found.items():
        called = ", ".join([op if n == 1 else f"{op} ×{n}" for op, n in ops.items()])
        said.append(f"{called} at {at}" if at else called)
    return "; ".join(said)


def wrapped(legend: list[str]) -> list[str]:
    """The legend, as many entries a line as fit."""
    rows: list[str] = []
    for one in legend:
        if rows and len(rows[-1]) + len(one) < 97:
            rows[-1] += f";  {one}"
        else:
            rows.append(one)
    return [*rows, ""] if rows else []


def table(found: list[Equation]) -> list[str]:
    """The lines, equals sign under equals sign."""
    equations = [f"{left} = {right}" for left, right, _, _ in found]
    wide = max([len(one) for one in equations if len(one) <= _WIDE], default=0)
    facts = max([len(one.facts) for one in found], default=0)
    rows = []
    for equation, line in zip(equations, found):
        told = f"{line.facts:{facts}}  {line.place}".rstrip()
        if len(equation) > wide:
            rows.append(f"  {equation}")
            equation = ""
        rows.append(f"  {equation:{wide}}   {told}".rstrip())
    return rows


def latex_of(forward: list[Equation], backward: list[Equation]) -> str:
    rows = [
        rf"{latex(left)} &= {latex(right)} && \text{{{_escaped(f'{facts}, {place}')}}}"
        for left, right, facts, place in [*forward, *backward]
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _escaped(text: str) -> str:
    for sign in "_%#&$":
        text = text.replace(sign, f"\\{sign}")
    return text
