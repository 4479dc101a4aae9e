"""The dialect: ops, formulas, rules and plain forms use what it lists, and it lists no more."""

import ast
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from autograd.arrays import dialect

ROOT = Path(__file__).resolve().parents[3]
OPS = [ROOT / "autograd" / "ops", ROOT / "nn" / "functional"]
ENGINE = [ROOT / "autograd" / "engine" / f"{name}.py" for name in ("elementwise", "function")]
KERNELS, RULES = ROOT / "autograd" / "kernels", ROOT / "optim"

# What must write by parts, because it means nothing else
WRITES = {("autograd/ops/indexing/getitem.py", "_write")}


def parsed(paths):
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def functions_in(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def is_kernel(function):
    return any("kernel" in ast.dump(one) for one in function.decorator_list)


def plain_forms():
    """The functions of kernels/ that stand for any array: plain forms, and what is its own."""
    for _, tree in parsed([KERNELS]):
        functions = {one.name: one for one in functions_in(tree)}
        found = []
        for one in functions.values():
            for decorator in one.decorator_list:
                if isinstance(decorator, ast.Name) and decorator.id == "kernel":
                    found.append(one)
                for keyword in getattr(decorator, "keywords", ()):
                    if isinstance(keyword.value, ast.Name):
                        found.append(functions[keyword.value.id])
        for one in found:  # with what they call; a kernel that they call has a plain form
            called = {n.id for n in ast.walk(one) if isinstance(n, ast.Name)} & set(functions)
            found += [f for f in map(functions.get, called) if f not in found and not is_kernel(f)]
        yield from found


def rules():
    """``init`` and ``update`` of the optimisers."""
    for _, tree in parsed([RULES]):
        for one in functions_in(tree):
            if one.name in ("init", "update"):
                yield one


def texts():
    """All code that the dialect is for."""
    for _, tree in parsed([*OPS, *ENGINE]):
        yield from functions_in(tree)
        yield from [s for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for s in c.body]
    yield from plain_forms()
    yield from rules()


def formulas():
    """The code that sees arrays and nothing else: methods of ops, plain forms, rules."""
    for _, tree in parsed([*OPS, *ENGINE]):
        for one in ast.walk(tree):
            if isinstance(one, ast.ClassDef):
                methods = [m for m in one.body if isinstance(m, ast.FunctionDef)]
                if any(m.name == "forward" for m in methods):
                    yield from [m for m in methods if m.name not in ("apply", "ready")]
    yield from plain_forms()
    yield from rules()


# -- what is used ---------------------------------------------------------------------------------


def dotted(node):
    """``np.lib.f`` as "lib.f"; None for what does not begin with np."""
    names = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return ".".join(names) if isinstance(node, ast.Name) and node.id == "np" and names else None


def names_of_numpy(body):
    """(name, keywords) of each use of NumPy in a text, its annotations and decorators left out."""
    if isinstance(body, ast.FunctionDef):
        yield from (found for one in body.body for found in names_of_numpy(one))
        return
    if isinstance(body, ast.AnnAssign):
        yield from names_of_numpy(body.value) if body.value else ()
        return
    keywords = ()
    name = dotted(body)
    if isinstance(body, ast.Call):
        name = dotted(body.func)
        keywords = [one.arg for one in body.keywords if one.arg]
        inner = [*body.args, *[one.value for one in body.keywords]]
        inner += [] if name else [body.func]
    else:
        inner = [] if name else list(ast.iter_child_nodes(body))
    if name:
        yield name, keywords
    for one in inner:
        yield from names_of_numpy(one)


def listed(text):
    """``"add arange(dtype, like)"`` as a dict: the keywords by name."""
    found = {}
    for entry in text.replace(", ", ",").split():
        name, _, keywords = entry.rstrip(")").partition("(")
        assert name not in found, f"{name} is listed twice"
        found[name] = set(filter(None, keywords.split(",")))
    return found


def shown(used):
    """``used`` in the form in which it is listed."""
    return " ".join(
        name + (f"({', '.join(sorted(words))})" if words else "")
        for name, words in sorted(used.items())
    )


def what_is_used():
    """Functions with their keywords, methods of ufuncs with theirs, types."""
    functions, methods, types = defaultdict(set), defaultdict(set), set()
    for text in texts():
        for name, keywords in names_of_numpy(text):
            first, _, last = name.rpartition(".")
            if isinstance(getattr(np, name, None), type):
                types.add(name)
            elif isinstance(getattr(np, first, None), np.ufunc):
                methods[last] |= set(keywords)
            else:
                functions[name] |= set(keywords)
    return dict(functions), dict(methods), types


used = pytest.fixture(scope="module")(what_is_used)


def test_functions(used):
    functions, known = used[0], listed(dialect.FUNCTIONS)
    assert functions == known, (
        f"more than the dialect: {shown({n: w for n, w in functions.items() if known.get(n) != w})}"
        f"\nas used: {shown(functions)}"
    )


def test_a_use_is_found():
    """In calls, as a value, below a submodule; not in annotations, defaults or decorators."""
    text = ast.parse(
        "@implements(np.tan)\ndef f(x: np.ndarray, y=np.pi) -> np.generic:\n"
        "    z: np.dtype = np.exp(x, out=np.empty(3))[np.argmax(x, axis=1)]\n"
        "    return search(np.minimum, np.lib.f(x)).reduce(np.add.reduce(z, keepdims=True))"
    )
    assert dict(names_of_numpy(text.body[0])) == {
        "exp": ["out"],
        "empty": [],
        "argmax": ["axis"],
        "minimum": (),
        "lib.f": [],
        "add.reduce": ["keepdims"],
    }


def test_types(used):
    assert used[2] == set(dialect.TYPES.split()), " ".join(sorted(used[2]))


def test_the_list_names_what_numpy_has():
    for name in [*listed(dialect.FUNCTIONS), *dialect.TYPES.split()]:
        found = np
        for part in name.split("."):
            found = getattr(found, part)
    for name in listed(dialect.UFUNC_METHODS):
        assert callable(getattr(np.add, name))


def test_methods_and_attributes_of_arrays():
    of_arrays = {name for name in dir(np.ndarray) if not name.startswith("__")}
    found = set()
    for text in formulas():
        for one in ast.walk(text):
            if isinstance(one, ast.Attribute) and one.attr in of_arrays and not dotted(one):
                base = ast.unparse(one.value)
                if base not in ("self", "cls", "node", "math", "windows") and "finfo" not in base:
                    found.add(one.attr)
    assert found - {"itemsize"} == set(dialect.ATTRIBUTES.split()), found  # itemsize: a dtype's


# -- only kernels write by parts ------------------------------------------------------------------


def test_methods_of_ufuncs(used):
    known = listed(dialect.UFUNC_METHODS)
    assert used[1] == known | {"at": set()}, shown(used[1])  # plain forms of kernels add, too
    for path, tree in parsed([*OPS, *ENGINE, RULES]):
        for one in ast.walk(tree):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
                other = one.func.attr in ("at", "accumulate", "reduceat")
                assert not other, f"{path}:{one.lineno}: {one.func.attr} is for kernels"


def test_no_memory_is_handed_to_numpy():
    for path, tree in parsed([*OPS, *ENGINE]):
        for one in ast.walk(tree):
            if isinstance(one, ast.Call) and dotted(one.func):
                words = {word.arg for word in one.keywords}
                assert not words & {"out", "where"}, f"{path}:{one.lineno}"


def test_nothing_is_written_by_parts():
    for path, tree in parsed([*OPS, *ENGINE]):
        for function in functions_in(tree):
            if (path, function.name) in WRITES:
                continue
            ours = _lists_of(function)
            for one in ast.walk(function):
                targets = getattr(one, "targets", [getattr(one, "target", None)])
                if isinstance(one, ast.Assign | ast.AugAssign):
                    for target in targets:
                        if isinstance(target, ast.Subscript):
                            written = ast.unparse(target.value)
                            assert written in ours, f"{path}:{one.lineno} writes to {written}"


def _lists_of(function):
    """The names that a function binds to lists and dicts, which are no arrays."""
    found = {"operands", "terms"}  # einsum's lists, which come from calls
    for one in ast.walk(function):
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None:
            value = one.value.left if isinstance(one.value, ast.BinOp) else one.value
            lists = isinstance(value, ast.List | ast.ListComp | ast.Dict | ast.DictComp)
            called = isinstance(value, ast.Call) and ast.unparse(value.func) in ("list", "dict")
            if lists or called:
                for target in getattr(one, "targets", [getattr(one, "target", None)]):
                    found.add(ast.unparse(target))
    return found
