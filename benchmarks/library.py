"""What gradloom and PyTorch have in common, under one name each: what all their cases lean on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Program = tuple[Callable[[], Any], Callable[[], list[float]]]


class Library:
    """The modules of a library with PyTorch's names."""

    def __init__(self, core: Any, grad: Any, nn: Any, optim: Any, **adam_options: Any):
        self.core, self.grad, self.nn, self.optim = core, grad, nn, optim
        self.F, self.adam_options = nn.functional, adam_options

    def prepared(self, step: Callable[[], Any]) -> Callable[[], Any]:
        """The step, as it is called from then on."""
        return step

    def normal(self, rng: np.random.Generator, *shape: int, grad: bool = False) -> Any:
        """A float32 tensor of normal numbers."""
        drawn = rng.standard_normal(shape, np.float32)
        return self.core.tensor(drawn, requires_grad=grad)

    def integers(self, rng: np.random.Generator, below: int, *shape: int) -> Any:
        """An int64 tensor of numbers from 0 on."""
        return self.core.tensor(rng.integers(0, below, shape))

    def training(self, model: Any, optimizer: Any, loss_of: Callable[[], Any]) -> Program:
        """A step of training; the peers must agree on the first three losses."""

        @self.prepared
        def step() -> Any:
            optimizer.zero_grad()
            loss = loss_of()
            loss.backward()
            optimizer.step()
            return loss

        return step, lambda: [step().item() for _ in range(3)]

    def both_ways(self, function: Callable[..., Any], leaves: list[Any], constants: Any) -> Program:
        """Forward, and backward from a fixed gradient; all must agree on result and gradients."""
        made: list[Any] = []

        @self.prepared
        def step() -> Any:
            for leaf in leaves:
                leaf.grad = None
            out = function(*leaves, *constants)
            if not made:
                rng = np.random.default_rng(7)
                made.append(self.normal(rng, *out.shape))
            out.backward(made[0])
            return out

        def check() -> list[float]:
            out = step()
            return [float(abs(t.detach()).sum()) for t in (out, *(leaf.grad for leaf in leaves))]

        return step, check
