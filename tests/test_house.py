"""The floors: each folder of autograd knows what is below it, and nothing above.

The tests know folders, not files: a new file is held to the rules by where it lies.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autograd", "nn", "optim")

FLOORS = [
    {"arrays", "kernels"},
    {"engine", "random"},
    {"ops"},
    {"tensors"},
    {"serialization"},  # from here on each may know those above it in this list
    {"distributed"},
    {"utils"},
    {"vision"},
    {"distributions"},
    {"func"},
    {"signal"},
    {"diagnosis"},
    {"drawing"},
    {"compiler"},
    {"script"},
]
RANK = {folder: rank for rank, floor in enumerate(FLOORS) for folder in floor}
# Folders that are modules of PyTorch's, too: what their files list is theirs, not autograd's.
NAMESPACES = {"random", "serialization", "utils", "vision", "distributions", "distributed", "func"}
NAMESPACES |= {"compiler", "signal"}
DOOR_FOLDERS = {"misc", "numpy", "scipy"}  # of HIPS autograd's users
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

    visit(ast.Module(top_level(name), []))
    return {one for one in found if one.partition(".")[0] in PACKAGES}


def rank(name):
    return RANK.get(name.split(".")[1], DOORS)


def test_the_packages_stand_on_autograd_alone():
    for name in FILES:
        package = name.partition(".")[0]
        others = {one.partition(".")[0] for one in imports(name)} - {package}
        known = {"autograd"} if package != "autograd" else set()
        if name == "optim.averaged_model":  # which optim.swa_utils loads where it is asked for
            known |= {"nn"}
        assert others <= known, name


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
    assert folders <= set(RANK) | DOOR_FOLDERS


@pytest.mark.parametrize("folder", sorted(set(RANK) - NAMESPACES))
def test_the_init_of_a_kind_holds_its_docstring_only(folder):
    for path in (ROOT / "autograd" / folder).rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1 and ast.get_docstring(ast.Module(body, [])), path


# -- names and files -------------------------------------------------------------------------------


TORCHS_OWN = {
    "_Loss",
    "_WeightedLoss",
    "_NormBase",
    "_LazyNormBase",
}  # underscored names that PyTorch's users import, too


@functools.cache
def top_level(name):
    return ast.parse(FILES[name].read_text(encoding="utf-8")).body


def exported(name):
    """What a file lists in ``__all__``."""
    for node in top_level(name):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            return ast.literal_eval(node.value)
    return []


def test_no_public_name_is_exported_by_two_files():
    for package in PACKAGES:
        seen = {}
        for name in FILES:
            if name.startswith(package + ".") and FILES[name].name != "__init__.py":
                if rank(name) == DOORS and package == "autograd":
                    continue  # a door repeats names of the house
                space = name.split(".")[1] if name.split(".")[1] in NAMESPACES else package
                if name.startswith("autograd.distributed.nn."):
                    space = "distributed.nn"  # as in torch.distributed: its names, with gradients
                for one in exported(name):
                    first = seen.setdefault((space, one), name)
                    assert first == name, f"{one}: {name} and {first}"


def of_the_house(name):
    folder = name.split(".")[1] if "." in name else ""
    return name.startswith("autograd.") and folder in RANK and folder not in NAMESPACES - {"random"}


def test_what_is_listed_is_there_and_public():
    for name in FILES:
        if of_the_house(name):
            for one in exported(name):
                assert hasattr(autograd, one), f"{name} lists {one}"


def test_every_file_of_the_package_that_lists_names_is_imported_by_it():
    def starred(body):
        for node in ast.walk(ast.Module(body, [])):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield node.module

    found = list(starred(top_level("autograd")))
    assert len(found) == len(set(found))
    assert {n for n in FILES if of_the_house(n) and exported(n)} == set(found)


TORCHS_MODULES = {
    "__main__", "accelerator", "amp", "backends", "cpu", "cuda", "fft", "forward_ad",
    "function", "functional", "futures", "hub", "jit", "linalg", "masked", "mps", "multiprocessing",
    "profiler", "sparse", "special", "testing", "torch_version", "types", "version", "xpu",
}  # fmt: skip
HIPS_MODULES = {
    "builtins", "core", "differential_operators", "extend", "test_util", "tracer", "util",
    "wrap_util",
}  # fmt: skip


def test_directly_in_autograd_are_floors_and_doors_only():
    """A door is a module that others' users import; none is a public function or class, too."""
    doors = {p.stem for p in (ROOT / "autograd").glob("*.py")} - {"__init__"}
    assert doors <= TORCHS_MODULES | HIPS_MODULES
    for name in doors | set(RANK):
        held = [file for file in FILES if file.startswith("autograd.")]  # nn.init.sparse is another
        assert name not in {one for file in held for one in exported(file)}


@pytest.mark.parametrize("name", FILES)
def test_a_file_can_be_read_in_a_sitting(name):
    assert FILES[name].read_text(encoding="utf-8").count("\n") <= 500


@pytest.mark.parametrize("name", FILES)
def test_what_another_file_imports_has_no_underscore(name):
    for node in ast.walk(ast.Module(top_level(name), [])):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] in PACKAGES:
            for alias in node.names:
                hidden = alias.name.startswith("_") and alias.name not in TORCHS_OWN
                assert not hidden, f"{name} imports {alias.name}"
