"""What is said of a step in which no parameter has a gradient, where that is a mistake.

Such a step is right before a first pass, for parts that are frozen for a while, or to move a
schedule on. So it is told of only where the program shows what was meant: a result that leads to
the parameters, or gradients that no optimiser takes. Variables are looked at then, and never when
there is a gradient.
"""

from __future__ import annotations

import ast
import sys
import warnings
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from autograd.engine import cuts, lines, variables
from autograd.engine.graph import Freed, Leaf, TensorBase, nodes_behind
from autograd.engine.lines import at

_TRIES = 10  # of an optimiser: what is not seen in its first such steps is not looked for again
_tried: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def look_at(optimizer: Any) -> None:
    """Warn, once, of a step of ``optimizer`` without any gradient, if it was not meant so."""
    tries = _tried.get(optimizer, 0)
    if tries >= _TRIES:
        return
    _tried[optimizer] = tries + 1
    why = _why(optimizer)
    if why:
        _tried[optimizer] = _TRIES
        count = sum([len(group["params"]) for group in optimizer.param_groups])
        warnings.warn(
            f"{type(optimizer).__name__}.step: a step needs gradients; none of the {count} "
            f"parameters has one{at(lines.here())}. {why}",
            stacklevel=_level(),
        )


def _level() -> int:
    """How far the user's line is from whoever calls this."""
    frame, level = sys._getframe(1), 1
    user = lines.users(frame)
    while frame is not user and frame.f_back is not None:
        frame, level = frame.f_back, level + 1
    return level


def _why(optimizer: Any) -> str:
    """The mistake and its cure; empty where none is seen."""
    own = {id(p) for group in optimizer.param_groups for p in group["params"]}
    held = [*variables.variables()]
    for one in held:
        edge = one.value._edge if isinstance(one.value, TensorBase) else None
        if edge is None or type(edge) is Leaf or not _leads_to(edge, own):
            continue
        if any([type(getattr(node, "plan", None)) is Freed for node in _below(edge)]):
            return _of_a_swept(one.path, edge)
        return (
            _of_a_cut_loss(held, own) if one.value._data.size > 1 else ""
        ) or f"Nothing has swept `{one.path}`: call {one.path}.backward() before step()."
    taken = set(own)
    for one in held:
        for group in getattr(one.value, "param_groups", None) or ():
            taken.update([id(p) for p in group["params"]])
    strays = {}
    for path, p in variables.parameters():
        if p._grad is not None and id(p) not in taken:
            strays[path] = p
    if strays:
        return (
            f"{variables.listed([*strays])} have, which this optimiser does not hold: create it "
            "from the model that is trained, after its layers were made or replaced."
        )
    for one in held:
        if isinstance(one.value, TensorBase) and type(one.value._edge) is Leaf:
            if one.value._grad is not None and id(one.value) not in taken and "." not in one.path:
                if not one.value._data.ndim:
                    return _of_a_leaf(one.path)
    return ""


def _of_a_swept(name: str, edge: Any) -> str:
    """Of a loss whose pass is over: the gradients were cleared, or a custom op gave none."""
    for node in _below(edge):
        guard = getattr(type(node), "guard", None)
        if type(node) is not Leaf and (guard is None or not guard.rewords):
            op = type(node).__name__
            return (
                f"`{name}` has been swept, and no gradient came: {op}.backward{at(lines.of(node))} "
                "must return one for each input, and without return gives None; or zero_grad() "
                "stands between backward() and step()."
            )
    return (
        f"`{name}` has been swept, and its gradients were cleared since: call "
        "zero_grad() before backward(), not between backward() and step()."
    )


def _of_a_cut_loss(held: list[Any], own: set[int]) -> str:
    """Of the latest loss, where something on its way cuts it off from the parameters."""
    frame = lines.users(sys._getframe(1))
    scope = cuts.running(frame) if frame is not None else None
    if frame is None or scope is None:
        return ""
    latest: list[tuple[int, Any]] = []
    for one in held:
        if isinstance(one.value, TensorBase) and one.path.isidentifier():
            values = [v for v in scope.values_of(one.path) if v[0].lineno <= frame.f_lineno]
            if values and not one.value._data.ndim and one.value._edge is not None:
                latest.append((values[0][0].lineno, one))
    for _, one in sorted(latest, key=lambda pair: -pair[0])[:1]:
        if type(one.value._edge) is Leaf:
            return _of_a_leaf(one.path)
        if not _leads_to(one.value._edge, own):
            found = cuts.Search(lambda p: id(p) in own).cut(scope, ast.Name(one.path, lineno=0))
            if found is not None:
                return f"`{one.path}` does not reach them: {found}. {found.advice}"
    return ""


def _of_a_leaf(name: str) -> str:
    """Of a loss that was made a leaf, so that it could be swept."""
    frame = lines.users(sys._getframe(1))
    scope = cuts.running(frame) if frame is not None else None
    found = None
    if scope is not None and name.isidentifier():
        found = cuts.Search(lambda p: p._edge is not None).cut(scope, ast.Name(name, lineno=0))
    where = f", {found}. {found.advice}" if found is not None else "."
    return (
        f"`{name}` has: requires_grad=True made it a leaf, and does not join it to the model again"
        f"{where} Leave requires_grad out of the loss."
    )


def _leads_to(edge: Any, own: set[int]) -> bool:
    """Whether a graph leads to one of the tensors with these ids."""
    return any([type(node) is Leaf and id(node.tensor()) in own for node in _below(edge)])


def _below(edge: Any) -> list[Any]:
    """The nodes and leaves of a graph, of a very large one the nearest."""
    return [*islice(nodes_behind([edge]), 100_000)]
