"""What a sweep says of a graph that was changed or freed before it came: which line did it.

The lines are those that lines.py has noted. Where one is not known any more, the error says how
to know it the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine import lines, versions
from autograd.engine.graph import Freed, Leaf, node_of
from autograd.engine.lines import at
from autograd.engine.statements import Change, augments, unpacks, variable

_UNKNOWN = " (Lines are noted for a program's first nodes; set_detect_anomaly(True) notes all.)"


# -- not kept -------------------------------------------------------------------------------------


def warn_of_no_leaf(tensor: Any) -> None:
    """Warn that a gradient is asked of a result, which keeps none."""
    import warnings

    node = node_of(tensor._edge)
    line = lines.of(node)
    name = variable(line) or "x"
    warnings.warn(
        f"grad: gradients are kept for leaves; `{name}`, made by {node}{at(line)}, is a result. To "
        f"update a leaf, write into it: with torch.no_grad(): {name} -= ...; to see the gradient "
        f"of a result, call {name}.retain_grad() before backward.",
        stacklevel=3,  # whoever says x.grad
    )


# -- changed ---------------------------------------------------------------------------------------


def changed(node: Any, array: Any) -> RuntimeError:
    """What to raise where an ``array`` that ``node`` kept was changed in place afterwards."""
    line = lines.noted(versions.changed_at(array))
    change = Change(line)
    shape = getattr(array, "shape", None)
    what = f"tensor of shape {tuple(shape)}" if shape is not None else "tensor"
    name = f"`{change.name}`, a {what}" if change.name else f"a {what}"
    by = f" by `{change.by}`" if change.by else ""
    instead = change.instead
    if versions.by_parts(array):  # an Array's: NumPy's words
        for ours, numpys in (("clone", "copy"), ("torch.where", "np.where")):
            instead = instead.replace(ours, numpys)
    if _is_leaf(node, array):
        instead = (
            "Run backward before the values of a leaf change, or the forward pass again after it."
        )
    known = "" if line else _UNKNOWN
    return RuntimeError(
        f"backward: what a node kept must not be changed in place; {name}, kept by {node}"
        f"{at(lines.of(node))}, was changed{by}{at(line, not by)}. {instead}{known}"
    )


def _is_leaf(node: Any, array: Any) -> bool:
    """Whether an array is one of a leaf that the node was computed from."""
    owner = versions.owner_of(array)
    leaves = [edge.tensor() for edge in node.edges if type(edge) is Leaf]
    return any([one is not None and versions.owner_of(one._data) is owner for one in leaves])


# -- freed -----------------------------------------------------------------------------------------


def freed(node: Any, roots: list[Any], now: int) -> RuntimeError:
    """What to raise where the sweep that began at the time ``now`` has met a freed ``node``."""
    earlier = node.plan
    first = lines.noted(earlier.time)
    carried, output, user = _carried(node, roots, earlier.time) or _youngest_freed(roots, now)
    line = lines.of(carried)
    name = variable(line, output)
    made = f"`{name}`, made by {carried}" if name else str(carried)
    known = "" if first and line else _UNKNOWN
    return RuntimeError(
        f"backward: every node must still hold what it kept; {made}{at(line)} was "
        f"freed by an earlier backward pass{at(first)}. "
        f"{_cause(carried, user, name, roots, earlier)}{known}"
    )


def freed_context(node: Any) -> RuntimeError:
    """What to raise where the saved tensors of a freed ``node`` are asked for."""
    first = lines.noted(node.plan.time)
    return RuntimeError(
        f"saved_tensors: the graph must not be freed yet; {node.name()}{at(lines.of(node))} was "
        f"freed by an earlier backward pass{at(first)}. Pass retain_graph=True to that pass."
    )


def _reached(roots: list[Any], ends: Callable[[Any], bool]) -> list[tuple[Any, int, Any]]:
    """The nodes where the ways from ``roots`` end, each with the output used, and its user."""
    waiting: list[tuple[Any, Any]] = [(edge, None) for edge, _ in roots]
    seen, found = set(), []
    for edge, user in waiting:  # grows while it is walked
        if edge is None or edge in seen:
            continue
        seen.add(edge)
        node = node_of(edge)
        if ends(node):
            found.append((node, edge[1] if type(edge) is tuple else 0, user))
        else:
            waiting += [(one, node) for one in node.edges]
    return found


def _carried(met: Any, roots: list[Any], since: int) -> tuple[Any, int, Any] | None:
    """What was there at the time ``since`` and is used after it, where it leads to ``met``."""
    for node, output, user in _reached(roots, lambda node: node.age > since):
        if user is not None and _reached([(node, None)], lambda one: one is met):
            return node, output, user
    return None


def _youngest_freed(roots: list[Any], now: int) -> tuple[Any, int, Any]:
    """Of the nodes that a sweep before the one of the time ``now`` has freed."""

    def ends(one: Any) -> bool:
        plan = getattr(one, "plan", None)  # a leaf has none
        return type(plan) is Freed and plan.time != now

    found = _reached(roots, ends)
    return min(found, key=lambda one: one[0].age)


def _cause(node: Any, user: Any, name: str, roots: list[Any], earlier: Any) -> str:
    """The likely cause, with its cure."""
    ages = [node_of(edge).age for edge, _ in roots]
    if any([age in earlier.roots for age in ages]):
        return (
            "This is a second backward through the same result: compute it anew before each "
            "backward, call backward once, or pass retain_graph=True to the first."
        )
    here = lines.of(node)
    what = f"`{name}`" if name else "its result"
    if any([age > earlier.time for age in ages]):
        return (
            f"Both passes go through {what}: add the results and call backward once, or pass "
            "retain_graph=True to the first."
        )
    used = lines.of(user)
    what = what[:1].upper() + what[1:]
    if augments(used) and _same(used, here):
        return (
            f"{what} collects the graphs of all steps: add numbers, {name or 'total'} += "
            "loss.item(), and call backward on the loss of this step."
        )
    if _reached(roots, lambda one: one.age <= earlier.time and _same(lines.of(one), here)):
        return (
            f"{what} of an earlier step is used in this one{at(used)}: detach it between the "
            f"steps, {_detached(name, here)}."
        )
    return (
        f"{what} was computed once, and both passes go through it; the second uses it{at(used)}. "
        "Compute it again before the second pass, or keep the first out of it, "
        f"{name or 'x'}.detach(), or pass retain_graph=True to the first."
    )


def _detached(name: str, line: Any) -> str:
    """How a variable is given a value without a graph."""
    name = name or "h"
    parts = " (of a tuple each part)" if unpacks(line) else ""
    return f"{name} = {name}.detach(){parts}"


def _same(a: Any, b: Any) -> bool:
    """Whether two lines are one."""
    return a is not None and b is not None and a.code is b.code and a.number == b.number
