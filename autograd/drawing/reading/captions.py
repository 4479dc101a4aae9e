"""What a box says of its value besides the shape, and what it says when asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograd.drawing.scene import Node
from autograd.drawing.watching.calls import Call, Value
from autograd.drawing.watching.digest import number_text, numbers_of
from autograd.engine.lines import Line


@dataclass
class Shown:
    """What is asked for."""

    values: bool = False
    statistics: bool = False
    gradients: bool = False  # of a backward pass that is made for the picture


def of_leaf(value: Value, tensor: Any) -> None:
    """What a leaf that is still there holds, and its gradient."""
    value.numbers = numbers_of(tensor) if tensor._whole else None
    if tensor._grad is not None:
        value.gradient = numbers_of(tensor._grad)


def tell(
    node: Node, value: Value | None, call: Call | None, shown: Shown, lines: bool = True
) -> None:
    """Fill in what ``node`` says of ``value`` and of the ``call`` that made it."""
    if call is not None:
        _of_call(node.details, call)
    if value is None:
        return
    if value.dtype:
        node.details["dtype"] = value.dtype
    numbers, gradient = value.numbers, value.gradient
    if numbers is not None:
        if numbers.sample is not None:
            node.details["values"] = numbers.text()
        node.details["mean"] = numbers.spread()
        node.details["range"] = f"{number_text(numbers.low)} to {number_text(numbers.high)}"
        if numbers.zeros:
            node.details["zeros"] = f"{numbers.zeros:.0%}"
    if gradient is not None:
        if gradient.sample is not None:
            node.details["gradient"] = gradient.text()
        node.details["gradient mean"] = gradient.spread()
        node.details["gradient norm"] = number_text(gradient.norm)
        node.gradient = gradient.strict_norm
    if lines:
        node.lines += _lines(value, shown)


def _lines(value: Value, shown: Shown) -> list[str]:
    numbers, gradient = value.numbers, value.gradient
    if shown.values and numbers is not None and numbers.sample is not None:
        known = gradient is not None and gradient.sample is not None
        grad = f"grad {gradient.text()}" if gradient is not None and known else ""
        if numbers.shape and len(numbers.sample.reshape(-1)) > 1:
            return [one for one in (f"data {numbers.text()}", grad) if one]
        return [" | ".join([one for one in (f"data {numbers.text()}", grad) if one])]
    if not shown.statistics:
        return []
    told = [numbers.spread()] if numbers is not None else []
    return told + ([f"grad {gradient.spread()}"] if gradient is not None else [])


@lru_cache(maxsize=1024)  # a loop calls from one line all the time
def _place(line: Line) -> tuple[str, str]:
    return str(line), line.text


def _of_call(details: dict[str, str], call: Call) -> None:
    if call.line is not None:
        place, text = _place(call.line)
        details["line"] = place
        if text:
            details["source"] = text
    module = call.module
    if module is not None:
        own = module.path != module.kind
        details["module"] = f"{module.path}: {module.kind}" if own else module.kind
    details["op"] = f"{call.op.__name__} ({call.node})" if call.node else call.op.__name__
    if call.kept is not None:
        details["kept"] = f"{call.kept:,} bytes"
