"""What stands on a line of the user's program: which variable it sets, what it changes.

The source is read and parsed when an error is made, never before.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any

from autograd.engine.lines import Line

_SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//",
    ast.MatMult: "@", ast.Mod: "%",
}  # fmt: skip


@lru_cache(maxsize=4)  # an error asks for the same file several times
def _tree(lines: tuple[str, ...]) -> ast.Module | None:
    try:
        return ast.parse("".join(lines))
    except (SyntaxError, ValueError):  # a notebook's magic commands; what is no Python
        return None


def tree_of(file: str) -> ast.Module | None:
    """A source file, parsed; None where it is not at hand."""
    import linecache

    return _tree(tuple(linecache.getlines(file)))


def statement(line: Line | None) -> Any:
    """The innermost statement at ``line``; None where the source is not at hand."""
    if line is None:
        return None
    tree = tree_of(line.file)
    number, column = line.number, _span(line)[1]
    found = None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.stmt) and node.lineno <= number <= (node.end_lineno or 0):
            # several on one line are told apart by the column
            if column is None or node.lineno < number or node.col_offset <= column:
                found = node if found is None or _begin(node) >= _begin(found) else found
    return found


def _begin(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _span(line: Line) -> tuple[Any, Any, Any, Any]:
    """The first line, first column, last line and last column of the expression that ran."""
    positions = getattr(line.code, "co_positions", None)  # from Python 3.11 on
    if positions is not None:
        for i, (first, last, begin, end) in enumerate(positions()):
            if i == line.offset // 2:
                return first, begin, last, end
    return None, None, None, None


def variable(line: Line | None, output: int = 0) -> str:
    """The name that the statement at ``line`` gives to the value that is made there; else ''.

    ``h`` for ``h = tanh(x)``, ``self.h`` and ``total`` likewise, ``state`` for output 1 in
    ``out, state = lstm(x)``; nothing for a value within the expression, which has no name (before
    Python 3.11, which does not tell, that of the whole).
    """
    found = statement(line)
    if isinstance(found, ast.AugAssign):
        return _name(found.target)
    targets = found.targets if isinstance(found, ast.Assign) else [getattr(found, "target", None)]
    if not isinstance(found, (ast.Assign, ast.AnnAssign)) or found.value is None or line is None:
        return ""
    first, begin, last, end = _span(line)
    value = found.value
    whole = (value.lineno, value.col_offset, value.end_lineno, value.end_col_offset)
    if begin is not None and whole != (first, begin, last, end):
        return ""
    target: Any = targets[0]
    if isinstance(target, ast.Tuple):
        known = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
        again = [one for one in target.elts if _name(one) in known]  # out, h = rnn(x, h)
        target = again[0] if len(again) == 1 else target.elts[min(output, len(target.elts) - 1)]
    return _name(target)


def called(line: Line | None) -> list[str]:
    """What is called at ``line``, as it is written: ``net`` of ``net(x)``, or ``self.layers[0]``.

    Before Python 3.11, which does not tell, all that the statement calls.
    """
    found = statement(line)
    if found is None or line is None:
        return []
    span = _span(line)
    calls = [node for node in ast.walk(found) if isinstance(node, ast.Call)]
    if None not in span:
        calls = [
            call
            for call in calls
            if (call.lineno, call.col_offset, call.end_lineno, call.end_col_offset) == span
        ]
    return [_name(call.func) for call in calls if _name(call.func)]


def unpacks(line: Line | None) -> bool:
    """Whether the statement at ``line`` gives names to the parts of a tuple."""
    found = statement(line)
    return isinstance(found, ast.Assign) and isinstance(found.targets[0], ast.Tuple)


def augments(line: Line | None) -> bool:
    """Whether the statement at ``line`` adds to something, ``total += loss``."""
    return isinstance(statement(line), ast.AugAssign)


def _name(expression: Any) -> str:
    """A variable, an attribute or an element of one, as it is written; else ''."""
    inner = expression
    while isinstance(inner, (ast.Attribute, ast.Subscript)):
        inner = inner.value
    return ast.unparse(expression) if isinstance(inner, ast.Name) else ""


_WITHIN = "Leave inplace=True out there, or change a clone (y = x.clone())."


class Change:
    """A change in place, as the statement at a line says it.

    :ivar name: what was changed: ``h``; '' where the line does not tell.
    :ivar by: how: ``+=``, ``relu_()``, ``opt.step()``.
    :ivar instead: what to write, as a sentence.
    """

    def __init__(self, line: Line | None) -> None:
        self.name = self.by = ""
        self.instead = "Change a clone (y = x.clone()), or write it out of place: x = x + 1."
        found = statement(line)
        call = self._call(found, line)
        if isinstance(found, ast.AugAssign):
            self._augmented(found)
        elif call is not None and isinstance(call.func, ast.Attribute):
            self._method(call, call.func)
        elif call is not None and isinstance(call.func, ast.Name):
            self.by, self.instead = f"{call.func.id}()", _WITHIN
        elif isinstance(found, ast.Assign) and isinstance(found.targets[0], ast.Subscript):
            self._element(found.targets[0], "=")

    @staticmethod
    def _call(found: Any, line: Line | None) -> Any:
        """The call that ran, or the only one that ends in an underscore, or the statement's."""
        if found is None or line is None:
            return None
        calls = [node for node in ast.walk(found) if isinstance(node, ast.Call)]
        span = _span(line)
        for call in calls:
            if (call.lineno, call.col_offset, call.end_lineno, call.end_col_offset) == span:
                return call
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_"):
                return call
        if isinstance(found, ast.Assign) and isinstance(found.targets[0], ast.Subscript):
            return None  # the assignment has changed it, and no call in its value
        return found.value if isinstance(getattr(found, "value", None), ast.Call) else None

    def _augmented(self, found: ast.AugAssign) -> None:
        sign = _SIGNS.get(type(found.op), "?")
        if isinstance(found.target, ast.Subscript):
            return self._element(found.target, f"{sign}=")
        self.name, self.by = _name(found.target), f"{sign}="
        value = found.value
        atom = isinstance(value, (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        written = ast.unparse(value) if atom else f"({ast.unparse(value)})"
        self.instead = f"Write {self.name} = {self.name} {sign} {written}."

    def _element(self, target: ast.Subscript, sign: str) -> None:
        base = _name(target.value)
        self.name, self.by = base, f"{ast.unparse(target)} {sign} ..."
        if base:
            self.instead = (
                f"Change a clone, {base} = {base}.clone() before that line, or choose with "
                f"torch.where."
            )

    def _method(self, call: ast.Call, function: ast.Attribute) -> None:
        self.by, self.instead = f"{ast.unparse(function)}()", _WITHIN
        holder = _name(function.value)
        if function.attr.endswith("_") and not function.attr.endswith("__"):
            self.name, self.by = holder, f"{function.attr}()"
            plain = ast.unparse(call).replace(f".{function.attr}(", f".{function.attr[:-1]}(", 1)
            if holder:
                self.instead = f"Write {holder} = {plain}."
