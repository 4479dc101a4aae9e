"""Sees every call of NumPy's that gradloom's own text makes, also by operators and in kernels.

No hook of Python's tells of ufuncs or of operators, so the text is changed while it is imported:
``f(x)`` becomes ``called(f)(x)``, ``a + b`` becomes ``operated(add, a, b)``. What the two find to
be NumPy's work on arrays they write down, with its time. Counts made so hang on the text alone, not
on the version of NumPy or Python.
"""

from __future__ import annotations

import ast
import builtins
import operator
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import BuiltinFunctionType, CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np

PACKAGES = ("autograd", "nn", "optim")
NO_WORK = """
    broadcast_shapes byte_bounds can_cast dtype geterr issubdtype may_share_memory ndim result_type
    shape size
"""


class Call(NamedTuple):
    """One call: its name, the shapes of what it was given, its seconds."""

    name: str
    shapes: str
    seconds: float


_lists: list[list[Call]] = []  # who listens


@contextmanager
def calls() -> Iterator[list[Call]]:
    """The calls inside ``with``, in their order; views of arrays are no work, and left out."""
    found: list[Call] = []
    _lists.append(found)
    try:
        yield found
    finally:
        _lists.remove(found)


def watch() -> None:
    """From now on the project's modules are imported with what tells of their calls."""
    assert not set(PACKAGES) & set(sys.modules), "watch() comes before the import"
    setattr(builtins, CALLED, called)
    setattr(builtins, OPERATED, operated)
    sys.meta_path.insert(0, _Finder())


# -- while it runs --------------------------------------------------------------------------------

CALLED, OPERATED = "_called_by_gradloom", "_operated_by_gradloom"


def called(function: Any) -> Any:
    """``function``, or where that is NumPy's what writes its calls down."""
    if function is compile:
        return _compiled
    if not _lists:
        return function
    name = _name(function)
    if not name or name in NO_WORK.split():
        return function

    @wraps(function, assigned=())
    def noted(*args: Any, **options: Any) -> Any:
        return _noted(name, function, args, options)

    return noted


def operated(name: str, *args: Any) -> Any:
    """``operator.name(*args)``, written down where an array takes part."""
    function = getattr(operator, name)
    asked = args[:1] if name in ("getitem", "setitem") else args  # a dict may hold an array
    if not _lists or not any([isinstance(one, (np.ndarray, np.generic)) for one in asked]):
        return function(*args)
    return _noted(name, function, args, {})


def _noted(name: str, function: Any, args: Any, options: Any) -> Any:
    began = time.perf_counter()
    result = function(*args, **options)
    seconds = time.perf_counter() - began
    given = [one for one in (getattr(function, "__self__", None), *args) if _is_array(one)]
    written = "out" in options or name.startswith("i") and hasattr(operator, name)
    if written or not _is_array(result) or not any(map(partial(_same, result), given)):
        call = Call(name, " ".join(map(_shape, given)), seconds)
        for found in _lists:
            found.append(call)
    return result


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _same(result: Any, given: Any) -> bool:
    """Whether ``result`` is a view of ``given``, which is no work."""
    return bool(np.may_share_memory(result, given))


def _shape(array: Any) -> str:
    return "×".join(map(str, array.shape)) or "number"


def _name(function: Any) -> str:
    """What NumPy calls ``function``; empty where it is not NumPy's, or makes no array."""
    if isinstance(function, np.ufunc):
        return function.__name__
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"{owner.__name__}.{function.__name__}"
    if isinstance(owner, (np.ndarray, np.generic)) and isinstance(function, BuiltinFunctionType):
        return str(function.__name__)
    module = getattr(function, "__module__", None) or ""
    if module.partition(".")[0] == "numpy" and not isinstance(function, type):
        return str(getattr(function, "__name__", ""))
    return ""


def summary(step: Callable[[], Any], steps: int = 10) -> list[tuple[str, str, int, float]]:
    """The calls of the quickest of some steps: name, shapes, how many are alike, their seconds."""
    step()
    runs = []
    for _ in range(steps):
        with calls() as found:
            step()
        runs.append(found)
    best = min(runs, key=lambda found: sum(call.seconds for call in found))
    alike: dict[tuple[str, str], list[float]] = {}
    for call in best:
        alike.setdefault((call.name, call.shapes), []).append(call.seconds)
    rows = [(*key, len(times), sum(times)) for key, times in alike.items()]
    return sorted(rows, key=lambda row: -row[3])


# -- as it is imported ----------------------------------------------------------------------------


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and spec.origin.endswith(".py"):
            spec.loader = _Loader(name, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return _compiled(self.get_data(path).decode(), path, "exec")


def _compiled(text: Any, name: str, mode: str, *rest: Any, **options: Any) -> CodeType:
    """As ``compile``: the engine writes functions of its own, which are watched as well."""
    if isinstance(text, str):
        text = ast.fix_missing_locations(_Changed().visit(ast.parse(text, name, mode)))
    return compile(text, name, mode, *rest, **options)


OPERATORS = dict(
    Add="add", Sub="sub", Mult="mul", Div="truediv", FloorDiv="floordiv", Mod="mod", Pow="pow",
    MatMult="matmul", BitAnd="and_", BitOr="or_", BitXor="xor", LShift="lshift", RShift="rshift",
    Eq="eq", NotEq="ne", Lt="lt", LtE="le", Gt="gt", GtE="ge", USub="neg", Invert="invert",
)  # fmt: skip


class _Changed(ast.NodeTransformer):
    """Calls and operators, replaced; annotations stay, for they are read as text."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.func = _call(CALLED, node.func)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._operated(node.op, node, node.left, node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return self._operated(node.op, node, node.operand)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1:
            return node
        return self._operated(node.ops[0], node, node.left, node.comparators[0])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        name = OPERATORS.get(type(node.op).__name__)
        if name is None:
            return node
        load = ast.parse(ast.unparse(node.target), mode="eval").body
        value = _call(OPERATED, ast.Constant(f"i{name.rstrip('_')}"), load, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        return _call(OPERATED, ast.Constant("getitem"), node.value, _index(node.slice))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) > 1 or not isinstance(target, ast.Subscript):
            return node
        parts = ast.Constant("setitem"), target.value, _index(target.slice), node.value
        return ast.copy_location(ast.Expr(_call(OPERATED, *parts)), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        return node

    def _operated(self, op: ast.AST, node: ast.expr, *args: ast.expr) -> ast.AST:
        name = OPERATORS.get(type(op).__name__)
        return _call(OPERATED, ast.Constant(name), *args) if name else node


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _index(node: ast.expr) -> ast.expr:
    """What stands in brackets, as an expression of its own."""
    if isinstance(node, ast.Slice):
        ends = [end or ast.Constant(None) for end in (node.lower, node.upper, node.step)]
        return _call("slice", *ends)
    if isinstance(node, ast.Tuple):
        node.elts = [_index(one) for one in node.elts]
    return node
