"""What a script gets that imports a name or a module of PyTorch's which is not here.

It raises when it is used, so that a script runs as far as it does without it. ``hasattr`` and
``importlib.util.find_spec`` say that it is not there, and where the script is prepared to miss it
(``try`` with ``except ImportError``) the import fails.
"""

from __future__ import annotations

import ast
import sys
from importlib.machinery import ModuleSpec
from opcode import opmap
from types import FrameType, ModuleType
from typing import Any, NoReturn

from autograd.script.missing import missing, modules_of, names_of
from autograd.script.names import real_name


class Name:
    """A name that was imported and is not here; calling it or deriving from it raises."""

    _error: AttributeError

    def __init__(self, error: AttributeError) -> None:
        self._error = error

    def _raise(self, *args: Any, **keywords: Any) -> NoReturn:
        raise NotImplementedError(str(self._error))

    __call__ = __mro_entries__ = __getitem__ = __iter__ = _raise

    def __getattr__(self, name: str) -> Any:
        text = f"{name!r} of what is absent" if name.startswith("__") else str(self._error)
        raise AttributeError(text, name=name, obj=self)

    def __instancecheck__(self, instance: object) -> bool:
        return False  # of what there is not, nothing is an instance

    def __subclasscheck__(self, cls: type) -> bool:
        return False

    def __or__(self, other: object) -> Any:  # in an annotation
        return self

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"<{self._error}>"


class Module(Name, ModuleType):
    """A module that was imported and is not here; its attributes raise."""

    def __init__(self, name: str) -> None:
        ModuleType.__init__(self, name)
        package, _, last = name.rpartition(".")
        self._error = missing(package, last)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return absent(self.__name__, name)


class _Loader:
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Module(real_name(spec.name))

    def exec_module(self, module: ModuleType) -> None:
        pass


def spec_of(name: str) -> ModuleSpec | None:
    """The spec of a module of PyTorch's that is not here, where somebody imports it."""
    package, _, last = real_name(name).rpartition(".")
    names = names_of(package)
    within = isinstance(sys.modules.get(package), Module) and last not in names
    private = last.startswith("_") and package != "autograd" and names and not last.endswith("_")
    if not within and not private and last not in modules_of(package):
        return None
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and _importing(frame):
        if frame.f_globals["__name__"] == "importlib.util":
            return None  # somebody asks whether it is there
        frame = frame.f_back
    if frame is not None and guarded(frame):
        return None
    return ModuleSpec(name, _Loader(), is_package=True)  # type: ignore[arg-type]


def _importing(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.partition(".")[0] == "importlib" or name == "autograd.script.finder"


def absent(module: str, name: str) -> Name:
    """The end of a module's ``__getattr__``: AttributeError, or a :class:`Name` for an import.

    >>> try:
    ...     absent("nn", "Linaer")
    ... except AttributeError as error:
    ...     print(error)
    module 'nn' has no attribute 'Linaer'
    """
    error = missing(module, name)
    frame = sys._getframe(2)
    code = frame.f_code.co_code
    imports = 0 <= frame.f_lasti < len(code) and code[frame.f_lasti] == opmap["IMPORT_FROM"]
    if not imports or error.obj is sys.modules.get(module) or guarded(frame):
        raise error
    return Name(error)


def guarded(frame: FrameType) -> bool:
    """Whether the statement that ``frame`` is at stands where a failing import is caught."""
    import linecache

    try:
        source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return False
    return any(
        prepared(node) and node.body[0].lineno <= frame.f_lineno <= (node.body[-1].end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try | ast.With)
    )


_CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def prepared(node: ast.Try | ast.With) -> bool:
    """Whether ``try`` has a handler, or ``with`` is a ``suppress``, of imports that fail."""
    kinds: list[ast.expr | None] = []
    if isinstance(node, ast.Try):
        kinds = [handler.type for handler in node.handlers]
    else:
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and "suppress" in ast.dump(call.func):
                kinds += call.args
    flat: list[ast.expr | None] = []
    for kind in kinds:
        flat += kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _CAUGHT) for kind in flat)
