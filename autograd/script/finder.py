"""The import hook: each module is loaded once, whatever its spelling.

``autograd.nn`` and ``torch.nn`` (while a script is run) are the module ``nn``: ``sys.modules``
holds one object under all its names, whose ``__name__`` and ``__spec__`` are those of its file.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from autograd.script.names import TAKEN, real_name

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BESIDE = ("nn", "optim")  # our packages beside autograd

# Modules of other packages that must know our tensors, and what tells them.
JOINED = {
    "einops._backends": "autograd.script.einops",
    "tensorboardX.x2num": "autograd.script.event_files",
}

# Those of them whose names a script's own modules have: all modules in them.
_apart: dict[str, dict[str, ModuleType]] = {}


class Joining:
    """The loader of a module of ``JOINED``; it knows our tensors after that."""

    def __init__(self, loader: Any, ours: str) -> None:
        self._loader = loader
        self._ours = ours

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        importlib.import_module(self._ours).join()


class Aliases:
    """Answers, on ``sys.meta_path``, for other spellings of our modules."""

    def __init__(self) -> None:
        self.beginnings = {"autograd", *BESIDE, *(name.partition(".")[0] for name in JOINED)}
        self.loading = ""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        top = name.partition(".")[0]
        if top not in self.beginnings:
            return None
        if name in BESIDE:
            return self._beside(name)
        if name in JOINED:
            return _joined(name, path)
        real = real_name(name)
        if real == name:
            return None
        try:
            module = self._load(real)
        except ModuleNotFoundError as error:
            if error.name is not None and f"{real}.".startswith(f"{error.name}."):
                return None  # and Python says so, in the script's spelling
            raise
        loader: Any = _Alias(module)
        spec = ModuleSpec(name, loader, is_package=hasattr(module, "__path__"))
        spec.origin = getattr(module, "__file__", None)
        return spec

    def _beside(self, name: str) -> ModuleSpec | None:
        """``nn`` and ``optim``: a script's own, where it has one, or ours."""
        found = PathFinder.find_spec(name)
        if found is None or _ours(found) or self.loading == name:
            return PathFinder.find_spec(name, [ROOT])
        return None

    def _load(self, real: str) -> ModuleType:
        top = real.partition(".")[0]
        if top in BESIDE and top not in _apart:
            there = sys.modules.get(top)
            if there is not None:
                own = not _ours(there.__spec__)
            else:
                found = PathFinder.find_spec(top)
                own = found is not None and not _ours(found)
            if own:
                self._load_apart(top)
        if top in _apart:
            if real not in _apart[top]:
                raise ModuleNotFoundError(f"No module named {real!r}", name=real)
            return _apart[top][real]
        return importlib.import_module(real)

    def _load_apart(self, top: str) -> None:
        """Load all of our ``top`` beside a script's module of that name, which keeps it.

        Ours are then under ``autograd.top`` only, for what they import themselves, too
        (:func:`_watch_imports`); but where the script has no module of its name one stays where
        pickles look for it.
        """
        import pkgutil

        theirs = _taken(top)
        self.loading = top
        try:
            package = importlib.import_module(top)
            for one in pkgutil.walk_packages(package.__path__, f"{top}."):
                importlib.import_module(one.name)
        finally:
            self.loading = ""
            _apart[top] = _taken(top)
            sys.modules.update(theirs)
        found = PathFinder.find_spec(top)
        places = found.submodule_search_locations if found is not None else None
        for name, module in _apart[top].items():
            child = ".".join(name.split(".")[:2])
            if name != top and not (places and PathFinder.find_spec(child, list(places))):
                sys.modules[name] = module
        _watch_imports()

    def find_distributions(self, context: Any) -> Any:
        """``importlib.metadata.version("torch")`` is what ``torch.__version__`` is."""
        if "torch" in self.beginnings and context.name == "torch":
            from autograd.script.metadata import PyTorch

            return [PyTorch()]
        return []


class _Alias:
    """The loader of a spelling: what is loaded already takes the place of the new module."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        spelled, real = module.__spec__.name, self.module.__name__
        sys.modules[spelled] = self.module
        # Modules inside it that are loaded are given their spelling, too: an import would set an
        # attribute of their package, which may be a function of that name by now.
        for name, one in list(sys.modules.items()):
            if name.startswith(f"{real}."):
                sys.modules.setdefault(spelled + name[len(real) :], one)
                if real in BESIDE:
                    _complete(one)
        _complete(self.module)

    def get_code(self, name: str) -> Any:  # for `python -m`
        spec = self.module.__spec__
        return spec.loader.get_code(spec.name)  # type: ignore[union-attr]


def _complete(module: ModuleType) -> None:
    """Let a file give what PyTorch's of its name holds: names that ours has elsewhere, modules."""
    from autograd.script.missing import elsewhere, modules_of

    if not hasattr(module, "__getattr__"):
        module.__getattr__ = elsewhere(module.__name__)  # type: ignore[method-assign]
    if not hasattr(module, "__path__") and modules_of(module.__name__):
        module.__path__ = []  # which lets import look for modules in it, and find them absent


class Absent:
    """Answers, last, for modules of PyTorch's that are not here: their names raise when used."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        top, dot, _ = name.partition(".")
        if not dot or top not in _aliases.beginnings:
            return None
        from autograd.script import absent

        return absent.spec_of(name)


def _ours(spec: ModuleSpec | None) -> bool:
    origin = spec.origin if spec is not None else None
    return origin is not None and os.path.dirname(os.path.dirname(os.path.abspath(origin))) == ROOT


def _taken(top: str) -> dict[str, ModuleType]:
    """The modules named ``top`` and below, taken out of ``sys.modules``."""
    names = [name for name in sys.modules if name == top or name.startswith(f"{top}.")]
    return {name: sys.modules.pop(name) for name in names}


def _watch_imports() -> None:
    """Give our own files our packages where they import a name that a script's module has, too."""
    import builtins

    original = builtins.__import__
    if getattr(original, "of", None) is ROOT:
        return
    inside = tuple(os.path.join(ROOT, top, "") for top in ("autograd", *BESIDE))

    def importing(name, globals=None, locals=None, fromlist=(), level=0):
        top = name.partition(".")[0]
        if level or top not in _apart or not globals:
            return original(name, globals, locals, fromlist, level)
        if not str(globals.get("__file__")).startswith(inside):
            return original(name, globals, locals, fromlist, level)
        found = original(f"autograd.{name}", globals, locals, fromlist, 0)
        return found if fromlist else _apart[top][top]

    importing.of = ROOT  # type: ignore[attr-defined]
    builtins.__import__ = importing


def _joined(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """Another package's module that learns of our tensors once it is loaded."""
    found = PathFinder.find_spec(name, path)
    if found is not None and found.loader is not None:
        loader: Any = Joining(found.loader, JOINED[name])
        found.loader = loader
    return found


_aliases = Aliases()


def install(*, torch: bool = False) -> None:
    """Put the hook in place; with ``torch``, this process's ``torch`` is this library."""
    if _aliases not in sys.meta_path:
        sys.meta_path.insert(0, _aliases)
        sys.meta_path.append(Absent())
    for name in JOINED:
        if name in sys.modules:
            importlib.import_module(JOINED[name]).join()
    if torch:
        _aliases.beginnings.update(name.partition(".")[0] for name in TAKEN)
