"""Where a program puts something into a variable: read in its text, when there is a warning."""

from __future__ import annotations

import ast
import linecache
from types import CodeType
from typing import Any, NamedTuple

from autograd.engine.lines import Line

_ADDS = {"append", "appendleft", "add", "extend", "insert", "update", "setdefault"}


class Stored(NamedTuple):
    """A statement that adds to a variable: where, what, and what to write instead."""

    line: Line | None
    place: str  # `` at train.py:12 (losses.append(loss))``; '' where no statement was found
    instead: str


NOWHERE = Stored(None, "", "loss.item() of a loss, tensor.detach() of other tensors")


def stored(code: CodeType, path: str, without: str, carried: bool = False) -> Stored:
    """The statement near ``code`` that adds something to ``path``.

    :param without: the method that gives it without its graph: ``item``, ``detach``.
    :param carried: the statement that makes ``path`` of itself, instead.
    """
    paths = [path, f"self.{path.rpartition('.')[2]}"] if "." in path else [path]  # in its class
    for statement, one in [(found, one) for one in paths for found in _statements(code)]:
        if carried and not _of_itself(statement, one):
            continue
        kept = statement if carried else _added(statement, one)
        if kept is not None:
            line, text = line_of(code, statement.lineno), ast.unparse(statement)
            instead = ast.unparse(_Without(kept, without).visit(statement))
            return Stored(line, f" at {line} ({text})", instead)
    return NOWHERE


def line_of(code: CodeType, number: int) -> Line:
    """The line ``number`` of the file of ``code``."""
    return Line(compile("\n" * (number - 1) + "0", code.co_filename, "exec"), 2)


class _Without(ast.NodeTransformer):
    """A method's call is put behind an expression."""

    def __init__(self, kept: ast.AST, method: str) -> None:
        self._kept, self._method = kept, method

    def visit(self, node: ast.AST) -> Any:
        if node is not self._kept or not isinstance(node, ast.expr):
            return self.generic_visit(node)
        return ast.Call(ast.Attribute(node, self._method, ast.Load()), [], [])


def _statements(code: CodeType) -> list[Any]:
    """The simple statements of the file of ``code``, those of the function first."""
    text = "".join(linecache.getlines(code.co_filename))
    try:
        found = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.stmt)]
    except (SyntaxError, ValueError):
        return []
    numbers = [number for *_, number in code.co_lines() if number]
    return sorted(found, key=lambda one: not min(numbers) <= one.lineno <= max(numbers))


def _added(statement: Any, path: str) -> ast.expr | None:
    """What a statement adds to ``path``; None where it adds nothing."""
    if isinstance(statement, ast.AugAssign) and ast.unparse(statement.target) == path:
        return statement.value
    if isinstance(statement, ast.Assign):
        target, value = statement.targets[0], statement.value
        if ast.unparse(target) == path and isinstance(value, ast.BinOp):
            if ast.unparse(value.left) == path:
                return value.right
            if ast.unparse(value.right) == path:
                return value.left
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == path:
            return value
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDS and call.args:
            if ast.unparse(call.func.value) == path:
                return call.args[-1]
    return None


def _of_itself(statement: Any, path: str) -> bool:
    """Whether a statement makes ``path`` of what it was."""
    if isinstance(statement, ast.AugAssign):
        return ast.unparse(statement.target) == path
    if not isinstance(statement, ast.Assign):
        return False
    set_ = [ast.unparse(one) for target in statement.targets for one in ast.walk(target)]
    read = [ast.unparse(one) for one in ast.walk(statement.value)]
    return path in set_ and path in read
