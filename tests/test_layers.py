"""The direction of imports: each layer knows what is below it, and nothing above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autograd", "nn", "optim")

# docs/design.md, "Layers": a module may import from its own line and from those above it
LAYERS = [
    {"arguments", *"modes memory dtypes device cuda printing generator names random".split()},
    {"graph"},
    {"backprop", "views", "dispatch"},
    {"context", "checks", "signature"},
    {"function"},
    {"elementwise"},
    {"ops"},
    {"creation", "conversion", "inplace", "facts", "threads", "triangles"},
    {"sampling"},
    {"methods"},
    {"tensor"},
    {"legacy"},
    {"differences", "mismatch", "gradcheck", "draw"},
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(p): p for d in PACKAGES for p in sorted((ROOT / d).rglob("*.py"))}


def imports(name):
    """The project's modules that a module imports when it runs, not for its annotations."""
    found = set()

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
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


def test_the_packages_stand_on_autograd_alone():
    for name in FILES:
        package = name.partition(".")[0]
        others = {one.partition(".")[0] for one in imports(name)} - {package}
        assert others <= ({"autograd"} if package != "autograd" else set()), name


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("autograd.")])
def test_no_import_upwards(name):
    if name == "autograd.annotations":  # of no use at run time
        return
    own = RANK[name.split(".")[1]]
    for other in imports(name):
        parts = other.split(".")
        if parts[0] == "autograd" and len(parts) > 1 and parts[1] != "annotations":
            assert RANK[parts[1]] <= own, f"{name} imports {other}"


def test_no_cycles():
    graph = {name: imports(name) & set(FILES) for name in FILES}
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
