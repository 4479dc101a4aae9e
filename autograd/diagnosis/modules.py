"""Which module a run is in, by its path in the outermost one that was called."""

from __future__ import annotations

from typing import Any

from autograd.engine.observer import Observer


class InModules(Observer):
    """An observer that knows the module that runs; it keeps none that has returned."""

    def __init__(self) -> None:
        self._modules: list[Any] = []
        self._paths: dict[int, str] = {}

    def module_entered(self, module: Any) -> None:
        if not self._modules and hasattr(module, "named_modules"):
            self._paths = {id(one): path for path, one in module.named_modules()}
        self._modules.append(module)

    def module_left(self, module: Any) -> None:
        self._modules.pop()

    @property
    def module(self) -> str:
        """The path of the module that runs, or its class; empty: none does."""
        if not self._modules:
            return ""
        return self._paths.get(id(self._modules[-1])) or type(self._modules[-1]).__name__
