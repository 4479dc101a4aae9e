"""What ``backward`` and ``grad`` say where a tensor or a parameter cannot be reached, and why."""

from __future__ import annotations

import ast
import sys
from typing import Any

from autograd.engine import cuts, lines, variables
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Leaf, TensorBase, node_of
from autograd.engine.statements import statement


def no_graph(call: str, number: int, tensor: Any) -> RuntimeError:
    """What to raise for an output that does not require grad."""
    frame = lines.users(sys._getframe(1))
    scope = cuts.running(frame) if frame is not None else None
    made = _call(frame)
    expression = _output(made, call, number)
    name = f"`{ast.unparse(expression)}`" if expression is not None else "this one"
    start = (
        f"{call}: the tensor must depend on one that requires grad; {name}, of shape "
        f"{tuple(tensor._data.shape)} and dtype {tensor._data.dtype}, does not require grad"
    )
    if not mode.grad:
        return RuntimeError(
            f"{start}: nothing is recorded here, inside {_mode(frame, scope)}. Compute the loss "
            "outside of it."
        )
    trained, frozen = _parameters()
    if scope is not None and expression is not None:
        found = cuts.Search(lambda one: one._edge is not None).cut(scope, expression)
        if found is not None:
            of = f" from {variables.listed(trained)}" if trained else ""
            return RuntimeError(f"{start}: {found}{of}. {found.advice}")
    if frozen and not trained:
        return RuntimeError(
            f"{start}: all parameters have requires_grad=False, {variables.listed(frozen)}. Set "
            "requires_grad_(True) on those that are to be trained."
        )
    reached = (
        f" It was not computed from {variables.listed(trained)}, which do require grad."
        if trained
        else ""
    )
    return RuntimeError(
        f"{start}.{reached} Create an input with requires_grad=True, and check that no no_grad() "
        "or detach() stands between."
    )


def unused(number: int, tensor: Any, outputs: list[Any]) -> RuntimeError:
    """What to raise for an input of ``grad`` that the outputs do not depend on."""
    frame = lines.users(sys._getframe(1))
    scope = cuts.running(frame) if frame is not None else None
    made = _call(frame)
    name = _input(made, number) or variables.tensor_name(tensor)
    shown = f"`{name}`, input {number}" if name else f"input {number}"
    start = (
        f"grad: every input must be used in computing the outputs; {shown}, of shape "
        f"{tuple(tensor.shape)}, was not"
    )
    rest = "Pass allow_unused=True to get None for it."
    output = _output(made, "grad", 0)
    if scope is not None and output is not None:
        found = cuts.Search(lambda one: one is tensor).cut(scope, output)
        if found is not None:
            return RuntimeError(f"{start}: {found}. {found.advice} {rest}")
    node = node_of(tensor._edge)
    ages = [node_of(one._edge).age for one in outputs if one._edge is not None]
    if type(node) is not Leaf and ages and node.age < min(ages):
        return RuntimeError(
            f"{start}: it was made{lines.at(lines.of(node))} after the outputs were. Compute the "
            f"outputs from this tensor. {rest}"
        )
    return RuntimeError(
        f"{start}. Compute the outputs from this very tensor, not from a copy. {rest}"
    )


# -- the call --------------------------------------------------------------------------------------


def _call(frame: Any) -> Any:
    """The call of backward or grad that runs in the user's frame."""
    found = statement(lines.Line(frame.f_code, frame.f_lasti)) if frame is not None else None
    for node in ast.walk(found) if found is not None else ():
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in ("backward", "grad"):
                return node
    return None


def _output(call: Any, name: str, number: int) -> Any:
    """The expression of an output: the holder of a method, or the first argument."""
    if call is None:
        return None
    if isinstance(call.func, ast.Attribute) and name == "backward":
        holder = ast.unparse(call.func.value)
        if not call.args or holder.rpartition(".")[2] not in ("autograd", "torch"):
            return call.func.value
    if not call.args:
        return next((one.value for one in call.keywords if one.arg in ("outputs", "tensors")), None)
    first = call.args[0]
    if isinstance(first, (ast.List, ast.Tuple)):
        return first.elts[number] if number < len(first.elts) else None
    return first


def _input(call: Any, number: int) -> str:
    """What the call names an input of ``grad``."""
    if call is None:
        return ""
    given = call.args[1] if len(call.args) > 1 else None
    if given is None:
        given = next((one.value for one in call.keywords if one.arg == "inputs"), None)
    if isinstance(given, (ast.List, ast.Tuple)):
        given = given.elts[number] if number < len(given.elts) else None
    if isinstance(given, (ast.Name, ast.Attribute, ast.Subscript)) and not number:
        return ast.unparse(given)
    return ast.unparse(given) if isinstance(given, (ast.Name, ast.Attribute)) else ""


def _mode(frame: Any, scope: Any) -> str:
    """What turned recording off, with its line where it can be seen."""
    while frame is not None:
        scope = cuts.running(frame)
        for one in (*ast.walk(scope.body),) if scope is not None else ():
            if isinstance(one, ast.With) and one.lineno <= frame.f_lineno <= (one.end_lineno or 0):
                for item in one.items:
                    found = cuts.switch_name(item.context_expr)
                    if found:
                        return f"{found} of line {one.lineno}"
        for one in getattr(scope.body, "decorator_list", ()) if scope is not None else ():
            if cuts.switch_name(one):
                return f"a function with @{cuts.switch_name(one)}, line {one.lineno}"
        for one in (*ast.walk(scope.body),) if scope is not None else ():
            if isinstance(one, ast.Expr) and cuts.switch_name(one.value).startswith("set_grad"):
                return f"what set_grad_enabled(False) of line {one.lineno} began"
        frame = lines.users(frame.f_back)
    return "no_grad()"


def _parameters() -> tuple[list[str], list[str]]:
    """The names of the parameters of the user's models: those that require grad, and the others."""
    trained: list[str] = []
    frozen: list[str] = []
    seen: set[int] = set()
    for path, tensor in variables.parameters():
        seen.add(id(tensor))
        (frozen if tensor._edge is None else trained).append(path)
    for held in variables.variables():
        if isinstance(held.value, TensorBase) and type(held.value._edge) is Leaf:
            if id(held.value) not in seen:
                trained.append(held.path)
    return trained, frozen
