"""Where a loss that is nan or inf comes from: read off what its graph has kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.lint.graphs import at, called, nodes_of
from autograd.diagnosis.lint.said import say
from autograd.engine.graph import Leaf, node_of
from autograd.engine.variables import listed, tensor_name


def say_nonfinite(outputs: list[Any], told: str) -> None:
    """Say which op made the loss what it is, or which tensor it was given.

    :param told: the loss, in words.
    """
    found = list(nodes_of(outputs))
    tensors = [leaf.tensor() for leaf in found if type(leaf) is Leaf]
    broken = [one for one in tensors if one is not None and not _finite(one._data)]
    if broken:
        return _say_parameters(broken, told)
    nodes = [node for node in found if type(node) is not Leaf]
    for node in sorted(nodes, key=lambda one: -one.age):  # the oldest first
        for value, position in _kept(node):
            if _finite(value):
                continue
            if position == len(node.edges):
                return _say_made(node, told)
            source = node_of(node.edges[position])
            if source is None:
                return _say_given(node, told)
            return _say_made(source, told)
    for node in sorted(nodes, key=lambda one: one.age):  # what keeps nothing hands it on
        if _kept(node):
            return _say_made(node, told)
    return None


def _kept(node: Any) -> list[tuple[Any, int]]:
    """The arrays that a node has kept, and which input each was; the output's number is last."""
    found: list[tuple[Any, int]] = []
    for _, function, kept in node.plan or ():
        formula = node.formula_of.get(function) if hasattr(node, "formula_of") else None
        if formula is None:
            continue
        values = kept[1:] if function is formula.fitted else kept
        found += [
            (value, position)
            for position, value in zip(formula.picks, values)
            if isinstance(value, (np.ndarray, np.generic)) and dtypes.differentiable(value.dtype)
        ]
    return found


def _finite(value: Any) -> bool:
    return bool(np.isfinite(value).all())


def _say_made(node: Any, told: str) -> None:
    place, line = at(node)
    values = [value for value, position in _kept(node) if position < len(node.edges)]
    of = ""
    if values and all([_finite(value) for value in values]):
        ends = [f"{float(np.min(v)):.4g} to {float(np.max(v)):.4g}" for v in values if v.size]
        of = f", of values from {' and from '.join(ends)}"
    say(
        "nonfinite",
        f"backward: the loss must be a finite number; it is {told}. It became so in "
        f"{called(type(node).__name__)}{of}{place}. Keep its input in range (clamp(min=1e-8), a "
        "loss that takes logits), or see it step by step: `with autograd.detect_anomaly():`.",
        line,
    )


def _say_given(node: Any, told: str) -> None:
    place, line = at(node)
    say(
        "nonfinite",
        f"backward: the loss must be a finite number; it is {told}. The data that "
        f"{called(type(node).__name__)} was given hold nan or inf{place}. Look for them: "
        "x.isfinite().all(), and leave these samples out or x.nan_to_num().",
        line,
    )


def _say_parameters(tensors: list[Any], told: str) -> None:
    names = sorted([tensor_name(one) or "a parameter" for one in tensors])
    hold = "holds" if len(names) == 1 else "hold"
    say(
        "nonfinite",
        f"backward: the loss must be a finite number; it is {told}. {listed(names)} {hold} nan or "
        "inf, since an earlier step had such a gradient (as of sqrt at 0, or of a loss that "
        "overflows). Find the op: `with autograd.detect_anomaly():` around the training; or lower "
        "the learning rate, or clip gradients (nn.utils.clip_grad_norm_).",
    )
