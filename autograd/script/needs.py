"""``python -m autograd --missing script.py``: what a script needs that is not here.

The script is read, not run: imports, and names behind their aliases (``nn.Conv2d`` after ``from
torch import nn``), of the script and of its own modules. Methods of tensors are not looked at, as
what a variable holds is known only when it runs.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from typing import Any

from autograd.script import finder
from autograd.script.absent import Module, prepared
from autograd.script.missing import instead_of, names_of
from autograd.script.names import TAKEN, real_name

Found = dict[str, tuple[str, str, int]]  # name -> (what to write instead, file, line)


def report(arguments: list[str]) -> int:
    """Print what scripts need and is not here; 1 where something is, 2 where one is unreadable."""
    if not arguments:
        print("--missing: expected a script.", file=sys.stderr)
        return 2
    finder.install(torch=True)
    found: Found = {}
    seen: set[str] = set()
    for path in arguments:
        try:
            needs(path, found, seen)
        except (OSError, SyntaxError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
    for name, (instead, path, line) in sorted(found.items()):
        print(f"{path}:{line}: {name} is not in gradloom yet; {instead}.")
    if not found:
        print(f"{', '.join(arguments)}: nothing is missing.")
    return 1 if found else 0


def needs(path: str, found: Found, seen: set[str]) -> None:
    """Add to ``found`` what the script at ``path``, and modules beside it, need and is not here."""
    path = os.path.normpath(path)
    if path in seen:
        return
    seen.add(path)
    with open(path, "rb") as file:
        tree = ast.parse(file.read(), path)
    reading = _Reading(path, found)
    reading.visit(tree)
    for name in reading.others:
        for place in _beside(path, name):
            needs(place, found, seen)


def _beside(path: str, name: str) -> Iterator[str]:
    """The files of a module of the script's own, next to it."""
    stem = os.path.join(os.path.dirname(path), *name.strip(".").split("."))
    for one in (stem + ".py", os.path.join(stem, "__init__.py")):
        if os.path.isfile(one):
            yield one


class _Reading(ast.NodeVisitor):
    def __init__(self, path: str, found: Found) -> None:
        self.path, self.found = path, found
        self.aliases: dict[str, str] = {}  # a variable -> the dotted name that it stands for
        self.others: set[str] = set()  # modules that are not PyTorch's
        self.prepared = False

    # -- imports --------------------------------------------------------------------------------

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if not _taken(alias.name):
                self.others.add(alias.name)
                continue
            self.aliases[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )
            self.need(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level or not _taken(module):
            if node.level < 2:  # what is above the script's folder is not followed
                self.others.update({module, *(f"{module}.{one.name}" for one in node.names)})
            return
        for alias in node.names:
            if alias.name != "*":
                self.aliases[alias.asname or alias.name] = f"{module}.{alias.name}"
                self.need(f"{module}.{alias.name}", node)

    # -- uses -----------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> None:
        parts, value = [node.attr], node.value
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if isinstance(value, ast.Name) and value.id in self.aliases:
            if isinstance(node.ctx, ast.Load):
                self.need(".".join([self.aliases[value.id], *reversed(parts)]), node)
        else:
            self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        before, self.prepared = self.prepared, self.prepared or prepared(node)
        for one in node.body:
            self.visit(one)
        self.prepared = before
        for other in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(other)

    def visit_If(self, node: ast.If) -> None:
        """What stands after ``if hasattr(...)`` is needed only where it is there."""
        self.visit(node.test)
        calls = [one for one in ast.walk(node.test) if isinstance(one, ast.Call)]
        asks = any(isinstance(c.func, ast.Name) and c.func.id == "hasattr" for c in calls)
        before, self.prepared = self.prepared, self.prepared or asks
        for one in node.body:
            self.visit(one)
        self.prepared = before
        for one in node.orelse:
            self.visit(one)

    def need(self, dotted: str, node: Any) -> None:
        """Note the first part of ``dotted`` that is not here."""
        if self.prepared:
            return
        parts = dotted.split(".")
        holder: Any = _module(parts[0])
        module = parts[0]
        for i, name in enumerate(parts[1:], 1):
            if not isinstance(holder, type(sys)):
                return  # a class or a value: what it has is not looked at
            module = ".".join(parts[:i])
            inner = getattr(holder, name, None)
            if inner is None and name not in vars(holder):
                inner = _module(".".join(parts[: i + 1]))
            if inner is None and name not in vars(holder) or isinstance(inner, Module):
                real = real_name(module)
                instead = instead_of(real, name)
                if name not in names_of(real) and not isinstance(inner, Module):
                    instead = "PyTorch has no such name either"
                self.found.setdefault(f"{module}.{name}", (instead, self.path, node.lineno))
                return
            holder = inner


def _taken(name: str) -> bool:
    return any(f"{name}.".startswith(f"{one}.") for one in TAKEN)


def _module(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        return None
