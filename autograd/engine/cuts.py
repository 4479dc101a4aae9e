"""Where a value lost its graph: the expression of the user's program that cut it off.

What has no graph has no node either, so nothing is recorded of how it came to be. But the program's
text is at hand when an error is made, and so are its variables: the value's assignments are
followed back, through the functions and modules of the user's that they call, to the first
expression on the way that leaves the graph (``detach``, ``item``, ``argmax``, ``no_grad``, ...) and
whose operand comes from something that requires grad.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

from autograd.arrays.process import OURS
from autograd.engine import lines, variables
from autograd.engine.graph import TensorBase
from autograd.engine.statements import tree_of

_DEEPEST = 6  # calls within calls

_STOPS = {
    "detach": "leave .detach() out there",
    "detach_": "leave .detach_() out there",
    "data": "leave .data out there, the tensor itself has the graph",
    "item": "a number has no graph: keep the tensor, and take .item() only to print it",
    "tolist": "a list of numbers has no graph: keep the tensor",
    "numpy": "NumPy's arrays have no graph: compute with tensors (torch.log for np.log)",
    "argmax": "an index has no slope: compute the loss from the scores themselves",
    "argmin": "an index has no slope: compute the loss from the scores themselves",
    "argsort": "an index has no slope: compute the loss from the values themselves",
    "multinomial": "a draw has no slope: weigh the loss by the log-probability of what was drawn",
}
_KINDS = ("long", "int", "short", "byte", "bool", "char")
_CAST = "integers have no slope: keep the predictions floating, only labels are integers"
_MAKERS = ("tensor", "as_tensor", "from_numpy", "Tensor", "FloatTensor", "array", "asarray")
_MADE = "a tensor made of values has no graph: take the tensors, torch.stack(list) of several"
_COMPARED = "a comparison has no slope: it may count right answers, the loss is another expression"
_FIRST_ORDER = "pass create_graph=True to it, so that its result has a graph"
_SWITCHED = "move what the loss needs out of it"


class Cut(NamedTuple):
    """An expression that leaves the graph."""

    file: str
    number: int
    text: str  # of the line
    what: str
    cure: str

    @property
    def advice(self) -> str:
        """The cure as a sentence."""
        return f"{self.cure[0].upper()}{self.cure[1:]}."

    def __str__(self) -> str:
        return (
            f"at {lines.place(self.file, self.number)} ({self.text:.100}) {self.what} cuts it off"
        )


class _Scope:
    """A function or a module's body, with what is known of its variables."""

    def __init__(
        self, body: Any, file: str, known: dict[str, Any], given: tuple[str, ...], last: float
    ) -> None:
        self.body, self.file, self.known, self.given, self.last = body, file, known, given, last
        self.bound: dict[str, list[tuple[Any, Any]]] = {}  # by name: (statement, value)
        self.within: dict[int, list[Any]] = {}  # by statement: the withs around it
        self._read(body.body, [])

    def _read(self, statements: list[Any], withs: list[Any]) -> None:
        for one in statements:
            self.within[id(one)] = withs
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            if isinstance(one, ast.Assign):
                for target in one.targets:
                    self._bind(target, one, one.value)
            elif isinstance(one, (ast.AugAssign, ast.AnnAssign)) and one.value is not None:
                self._bind(one.target, one, one.value)
            elif isinstance(one, ast.For):
                self._bind(one.target, one, one.iter)
            elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
                self._appended(one)
            inner = [*withs, one] if isinstance(one, ast.With) else withs
            for name in ("body", "orelse", "finalbody"):
                self._read(getattr(one, name, None) or [], inner)
            for handler in getattr(one, "handlers", ()):
                self._read(handler.body, inner)

    def _bind(self, target: Any, one: Any, value: Any) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            pairs = zip(target.elts, value.elts) if _same_length(target, value) else None  # noqa: B905
            for name, part in pairs or [(name, value) for name in target.elts]:
                self._bind(name, one, part)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, one, value)
        else:
            while isinstance(target, ast.Subscript):
                target = target.value
            self.bound.setdefault(ast.unparse(target), []).append((one, value))

    def _appended(self, one: Any) -> None:
        """``losses.append(x)``: the list holds x."""
        call = one.value
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "add", "extend"):
            for value in call.args:
                self.bound.setdefault(ast.unparse(call.func.value), []).append((one, value))

    def values_of(self, name: str) -> list[tuple[Any, Any]]:
        """The statements that set a variable, the latest before the end first."""
        found = [one for one in self.bound.get(name, ()) if one[0].lineno <= self.last]
        return sorted(found, key=lambda one: -one[0].lineno)


def _same_length(target: Any, value: Any) -> bool:
    return isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)


class Search:
    """Looks for what cuts an expression off from whatever is ``wanted``: a test of a value."""

    def __init__(self, wanted: Callable[[Any], bool]) -> None:
        self.wanted = wanted
        self._seen: set[tuple[int, bool]] = set()

    def cut(self, scope: _Scope, expression: Any, one: Any = None, depth: int = 0) -> Cut | None:
        """The cut nearest to the value of ``expression``; None where none is found."""
        if depth > _DEEPEST or (id(expression), True) in self._seen:
            return None
        self._seen.add((id(expression), True))
        for node in ast.walk(expression):  # the outermost first
            stop = self._stop(node, scope)
            if stop is not None and self._leads(scope, stop[0], depth):
                if stop[2] in (_MADE, _STOPS["numpy"]):
                    deeper = self.cut(scope, _operand(stop[0], node), one, depth)
                    if deeper is not None:  # where tensors became numbers
                        if deeper.what == ".detach()" and ".numpy()" in deeper.text:
                            return deeper._replace(what=".numpy()", cure=_STOPS["numpy"])
                        return deeper
                return self._found(scope, node, stop[1], stop[2])
        switch = self._switched(scope, one)
        if switch is not None and self._leads(scope, expression, depth):
            return self._found(scope, switch, switch_name(switch), _SWITCHED)
        for node in ast.walk(expression):
            if isinstance(node, ast.Call):
                for inner in self._called(scope, node):
                    found = self._within(inner, depth)
                    if found is not None:
                        return found
        for name in _names(expression):
            for statement, value in scope.values_of(name):
                found = self.cut(scope, value, statement, depth)
                if found is not None:
                    return found
        return None

    def _within(self, inner: _Scope, depth: int) -> Cut | None:
        """The cut in a function that is called: a mode for all of it, or on the way it returns."""
        for decorator in getattr(inner.body, "decorator_list", ()):
            if switch_name(decorator):
                return self._found(inner, decorator, f"@{switch_name(decorator)}", _SWITCHED)
        for node in ast.walk(inner.body):
            if isinstance(node, ast.Return) and node.value is not None:
                found = self.cut(inner, node.value, node, depth + 1)
                if found is not None:
                    return found
        return None

    def _found(self, scope: _Scope, node: Any, what: str, cure: str) -> Cut:
        import linecache

        text = linecache.getline(scope.file, node.lineno).strip().partition("  #")[0]
        return Cut(scope.file, node.lineno, text, what, cure)

    def _leads(self, scope: _Scope, expression: Any, depth: int = 0) -> bool:
        """Whether an expression is computed from what is wanted."""
        if (id(expression), False) in self._seen or depth > _DEEPEST:
            return False
        self._seen.add((id(expression), False))
        try:
            for node in ast.walk(expression):
                if isinstance(node, (ast.Name, ast.Attribute)):
                    if isinstance(node, ast.Name) and node.id in scope.given:
                        return True
                    if self._is_wanted(_value(node, scope.known)):
                        return True
            for name in _names(expression):
                for _, value in scope.values_of(name):
                    if self._leads(scope, value, depth + 1):
                        return True
            for node in ast.walk(expression):
                if isinstance(node, ast.Call):
                    for inner in self._called(scope, node):
                        returned = [n for n in ast.walk(inner.body) if isinstance(n, ast.Return)]
                        for one in returned:
                            if one.value is not None and self._leads(inner, one.value, depth + 1):
                                return True
            return False
        finally:
            self._seen.discard((id(expression), False))

    def _is_wanted(self, value: Any) -> bool:
        if isinstance(value, TensorBase):
            return self.wanted(value)
        if variables.is_module(value):
            return any([self.wanted(one) for one in value.parameters()])
        if isinstance(value, (list, tuple, dict)) and len(value) < 1000:
            inner = value.values() if isinstance(value, dict) else value
            return any([isinstance(one, TensorBase) and self.wanted(one) for one in inner])
        return False

    def _stop(self, node: Any, scope: _Scope) -> tuple[Any, str, str] | None:
        """The operand of an expression that leaves the graph, with its name and the cure."""
        if isinstance(node, ast.Attribute) and node.attr == "data":
            return node.value, ".data", _STOPS["data"]
        if isinstance(node, ast.Compare):
            return node, "the comparison", _COMPARED
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        first = node.args[0] if node.args else None
        if isinstance(function, ast.Name):
            if function.id in ("int", "float", "bool") and first is not None:
                return first, f"{function.id}()", _STOPS["item"]
            if function.id in _MAKERS and first is not None:
                return first, f"{function.id}()", _MADE
            return None
        if not isinstance(function, ast.Attribute):
            return None
        name, holder = function.attr, _value(function.value, scope.known)
        if name == "grad" and first is not None and not _creates_graph(node):
            return first, "grad() without create_graph", _FIRST_ORDER
        if isinstance(holder, ModuleType):
            if name in _MAKERS and first is not None:
                return first, f"{ast.unparse(function)}()", _MADE
            if holder.__name__ == "numpy" and first is not None:
                return node, f"{ast.unparse(function)}()", _STOPS["numpy"]
            if name in _STOPS and first is not None:
                return first, f"{ast.unparse(function)}()", _STOPS[name]
            return None
        if name in _STOPS:
            return function.value, f".{name}()", _STOPS[name]
        integer = name in _KINDS or (
            name in ("to", "type") and any([_is_integer(one) for one in node.args])
        )
        return (function.value, f".{name}()", _CAST) if integer else None

    @staticmethod
    def _switched(scope: _Scope, one: Any) -> Any:
        """The no_grad() around a statement."""
        for with_ in scope.within.get(id(one), ()):
            for item in with_.items:
                if switch_name(item.context_expr):
                    return item.context_expr
        return None

    @staticmethod
    def _called(scope: _Scope, call: ast.Call) -> Iterator[_Scope]:
        """The bodies of the user's functions that a call runs."""
        callee = _value(call.func, scope.known)
        waiting = [callee]
        for one in waiting:
            if variables.is_module(one):
                forward = getattr(type(one).forward, "__wrapped__", type(one).forward)
                own = isinstance(forward, FunctionType) and _is_users(forward)
                inner = scope_of(forward, {"self": one}) if own else None
                if inner is not None:
                    yield inner
                else:
                    waiting += list(one.children())[:100]
            else:
                function = getattr(one, "__func__", one)
                function = getattr(function, "__wrapped__", function)
                if isinstance(function, FunctionType) and _is_users(function):
                    holder = getattr(one, "__self__", None)
                    inner = scope_of(function, {"self": holder} if holder is not None else {})
                    if inner is not None:
                        yield inner


def _operand(operand: Any, node: Any) -> Any:
    """What is given to a call, as one expression."""
    if operand is node:
        return ast.Tuple([*node.args], ast.Load(), lineno=node.lineno)
    return operand


def _is_users(function: FunctionType) -> bool:
    name = function.__globals__.get("__name__") or ""
    return not name.startswith((*OURS, "numpy."))


def _names(expression: Any) -> list[str]:
    """The variables in an expression, and attributes of self."""
    found = []
    for node in ast.walk(expression):
        if isinstance(node, (ast.Name, ast.Attribute)):
            found.append(ast.unparse(node))
    return list(dict.fromkeys(found))


def _value(expression: Any, known: dict[str, Any]) -> Any:
    """What a name, or a chain of attributes and whole indices, stands for now."""
    if isinstance(expression, ast.Name):
        return known.get(expression.id)
    if isinstance(expression, ast.Attribute):
        holder = _value(expression.value, known)
        if isinstance(holder, TensorBase) or holder is None:
            return None
        own = getattr(holder, "__dict__", {})
        if expression.attr in own:
            return own[expression.attr]
        if variables.is_module(holder):
            for kind in ("_modules", "_parameters", "_buffers"):
                if expression.attr in own[kind]:
                    return own[kind][expression.attr]
        method = getattr(type(holder), expression.attr, None)
        return method.__get__(holder) if isinstance(method, FunctionType) else None
    if isinstance(expression, ast.Subscript) and isinstance(expression.slice, ast.Constant):
        holder = _value(expression.value, known)
        if variables.is_module(holder) or isinstance(holder, (list, tuple, dict)):
            try:
                return holder[expression.slice.value]
            except (KeyError, IndexError, TypeError):
                return None
    return None


def _creates_graph(call: ast.Call) -> bool:
    """Whether a call of ``grad`` says something of ``create_graph``, or may."""
    return any([one.arg in ("create_graph", None) for one in call.keywords])


def _is_integer(expression: Any) -> bool:
    text = ast.unparse(expression)
    return text.rpartition(".")[2].strip("'\"") in (
        "long", "int", "int64", "int32", "int16", "int8", "uint8", "bool", "LongTensor",
        "IntTensor",
    )  # fmt: skip


def switch_name(expression: Any) -> str:
    """``no_grad()``, where an expression is one that turns recording off; else empty."""
    name = ast.unparse(expression)
    plain = name.removesuffix("()").rpartition(".")[2]
    if plain in ("no_grad", "inference_mode"):
        return f"{plain}()"
    return "set_grad_enabled(False)" if name.endswith("set_grad_enabled(False)") else ""


def scope_of(function: FunctionType, known: dict[str, Any]) -> _Scope | None:
    """The scope of a function that is not running: it may be given anything."""
    code = function.__code__
    body = _body(code)
    if body is None:
        return None
    given = tuple([n for n in code.co_varnames[: code.co_argcount] if n not in ("self", "cls")])
    inner = {} if function.__closure__ is None else _cells(code, function.__closure__)
    everything = {**function.__globals__, **inner, **known}
    return _Scope(body, code.co_filename, everything, given, float("inf"))


def _cells(code: CodeType, cells: Any) -> dict[str, Any]:
    found = {}
    for name, cell in zip(code.co_freevars, cells, strict=False):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not set yet
            continue
    return found


def running(frame: FrameType) -> _Scope | None:
    """The scope of a frame, up to the line that runs."""
    code = frame.f_code
    body = tree_of(code.co_filename) if code.co_name == "<module>" else _body(code)
    if body is None:
        return None
    known = {**frame.f_globals, **variables.names_in(frame)}
    return _Scope(body, code.co_filename, known, (), frame.f_lineno)


def _body(code: CodeType) -> Any:
    """The definition of a function in its file."""
    tree = tree_of(code.co_filename)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *[one.lineno for one in node.decorator_list]])
            if first == code.co_firstlineno:
                return node
    return None
