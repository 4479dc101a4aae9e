"""gradloom's steps as programs: the same text, and ``autograd.compile`` around each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from library import Program
from torchlike import TorchLike

WARM = 3  # calls after which a step is a program


class Compiled(TorchLike):
    """TorchLike, whose steps are compiled by one backend. Raises ValueError where there is none."""

    def __init__(self, backend: str, *modules: Any):
        super().__init__(*modules)
        self.backend = backend
        self.latest = self.core.compile(lambda: None, backend=backend)

    def prepared(self, step: Callable[[], Any]) -> Callable[[], Any]:
        self.latest = self.core.compile(step, backend=self.backend)
        return self.latest

    def training(self, model: Any, optimizer: Any, loss_of: Callable[[], Any]) -> Program:
        return self._checked(super().training(model, optimizer, loss_of))

    def mlp(self, params: list[Any], x: Any, y: Any) -> Program:
        return self._checked(super().mlp(params, x, y))

    def adam(self, params: list[Any], grads: list[Any]) -> Program:
        return self._checked(super().adam(params, grads))

    def both_ways(self, function: Callable[..., Any], leaves: list[Any], constants: Any) -> Program:
        return self._checked(super().both_ways(function, leaves, constants), WARM)

    def penalty(self, params: list[Any], x: Any, y: Any) -> Program:
        return self._checked(super().penalty(params, x, y), WARM)

    def _graph(self, leaves: list[Any], squash: Any) -> Program:
        return self._checked(super()._graph(leaves, squash), WARM)

    def _checked(self, made: Program, before: int = 0) -> Program:
        """A program whose check fails where the step has not become one.

        :param before: calls before the check, of a step that gives the same each time.
        """
        (step, check), compiled = made, self.latest

        def checked() -> list[float]:
            for _ in range(before):
                step()
            values = check()
            if not compiled.explain().counts.get("replayed"):
                raise RuntimeError(f"not compiled: {compiled.explain()}")
            return values

        return step, checked
