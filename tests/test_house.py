"""The floors: each folder of autograd knows what is below it, and nothing above.

The tests know folders, not files: a new file is held to the rules by where it lies.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autograd", "nn", "optim")

FLOORS = [
    {"arrays", "kernels"},
    {"engine", "random"},
    {"ops"},
    {"tensors"},
    {"diagnosis", "drawing"},
]
RANK = {folder: rank for rank, floor in enumerate(FLOORS) for folder in floor}
DOORS = len(FLOORS)  # modules directly in autograd/: names that PyTorch's users import


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(p): p for d in PACKAGES for p in sorted((ROOT / d).rglob("*.py"))}


def imports(name, *, only_on_loading=False):
    """The project's modules that a module imports when it runs, not for its annotations."""
    found = set()

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if only_on_loading and isinstance(child, ast.FunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.Import):
                found.update(alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                for alias in child.names:
                    full = f"{child.module}.{alias.name}"
                    found.add(full if full in FILES else child.module)
            visit(child)

    visit(ast.parse(FILES[name].read_text(encoding="utf-8")))
    return {one for one in found if one.partition(".")[0] in PACKAGES}


def rank(name):
    return RANK.get(name.split(".")[1], DOORS)


def test_the_packages_stand_on_autograd_alone():
    for name in FILES:
        package = name.partition(".")[0]
        others = {one.partition(".")[0] for one in imports(name)} - {package}
        assert others <= ({"autograd"} if package != "autograd" else set()), name


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("autograd.")])
def test_no_import_upwards(name):
    for other in imports(name):
        if other.startswith("autograd."):
            assert rank(other) <= rank(name), f"{name} imports {other}"


def test_no_cycles():
    graph = {name: imports(name, only_on_loading=True) & set(FILES) for name in FILES}
    done, walking = set(), []

    def walk(name):
        assert name not in walking, " -> ".join([*walking, name])
        if name in done:
            return
        walking.append(name)
        for other in graph[name]:
            if other != name and other not in PACKAGES:
                walk(other)
        walking.pop()
        done.add(name)

    for name in FILES:
        if name not in PACKAGES:
            walk(name)


def test_every_folder_of_autograd_is_a_floor():
    folders = {p.name for p in (ROOT / "autograd").iterdir() if (p / "__init__.py").exists()}
    assert folders == set(RANK)


@pytest.mark.parametrize("folder", sorted(set(RANK) - {"random"}))  # which torch.random is
def test_the_init_of_a_kind_holds_its_docstring_only(folder):
    for path in (ROOT / "autograd" / folder).rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1 and ast.get_docstring(ast.Module(body, [])), path
