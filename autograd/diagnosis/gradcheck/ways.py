"""The other ways to a derivative: forward mode, and many samples at once, give what one pass gives.

Along drawn directions u, v: <u, J v> of forward mode is <J'u, v> of a backward pass, and what vmap
gives for several directions is what they give one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.engine import duals
from autograd.engine.backward import grad
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import TensorBase, wrap
from autograd.func import tangents  # noqa: F401  which make ops know duals
from autograd.func.mapping import vmap

ALLOWED = 1e-7  # how far apart two ways may be, relative to the larger
SAMPLES = 3


class Ways:
    """A function at its inputs, differentiated by those that require grad."""

    def __init__(self, call: str, func: Callable[..., Any], inputs: list[Any]) -> None:
        self.call, self.func, self.inputs = call, func, inputs
        self.moving = [
            i for i, x in enumerate(inputs) if isinstance(x, TensorBase) and x._edge is not None
        ]
        with enable_grad():
            results = self._results(inputs)
            self.ends = [
                i
                for i, y in enumerate(results)
                if isinstance(y, TensorBase)
                and y._edge is not None
                and dtypes.differentiable(y._data.dtype)
            ]
            self.outputs = [results[i] for i in self.ends]
        self.stream = np.random.default_rng(0)

    def _results(self, inputs: Sequence[Any]) -> tuple[Any, ...]:
        found = self.func(*inputs)
        return found if isinstance(found, tuple) else (found,)

    def _drawn(self, like: Any, *rows: int) -> Any:
        array = like._data
        made = self.stream.uniform(-1, 1, (*rows, *array.shape))
        if dtypes.complex_valued(array.dtype):
            made = made + 1j * self.stream.uniform(-1, 1, made.shape)
        return wrap(np.asarray(made, array.dtype), None, like)

    def pulled(self, seeds: Any, batched: bool = False) -> Any:
        """J'u for each input that moves."""
        xs = [self.inputs[i] for i in self.moving]
        return grad(
            self.outputs, xs, seeds, retain_graph=True, is_grads_batched=batched,
            materialize_grads=True,
        )  # fmt: skip

    def pushed(self, i: int, direction: Any) -> list[Any]:
        """J v for each output, along a direction of one input."""
        with duals.DualLevel() as level, enable_grad():
            inputs = list(self.inputs)
            inputs[i] = duals.joined(level, inputs[i], direction)
            results = self._results(inputs)
            found = [duals.parts(results[k], level)[1] for k in self.ends]
        return [
            wrap(np.zeros_like(y._data), None, y) if t is None else t.detach()
            for y, t in zip(self.outputs, found)
        ]

    # -- checks -----------------------------------------------------------------------------------

    def forward(self) -> None:
        """Forward mode against backward passes."""
        seeds = [self._drawn(y) for y in self.outputs]
        back = self.pulled(seeds) if self.outputs else []
        for i, g in zip(self.moving, back):
            v = self._drawn(self.inputs[i])
            found = sum([_dot(u, t) for u, t in zip(seeds, self.pushed(i, v))])
            self._compare("forward mode", i, found, _dot(g, v))

    def batched(self) -> None:
        """Backward passes of several cotangents at once against one by one."""
        if not self.outputs:
            return
        seeds = [self._drawn(y, SAMPLES) for y in self.outputs]
        found = self.pulled(seeds, batched=True)
        for row in range(SAMPLES):
            one = self.pulled([u[row] for u in seeds])
            for i, g, expected in zip(self.moving, found, one):
                self._compare("is_grads_batched", i, g[row]._data, expected._data)

    def batched_forward(self) -> None:
        """Forward mode along several directions at once against one by one."""
        for i in self.moving:
            directions = self._drawn(self.inputs[i], SAMPLES)
            found = vmap(lambda v, i=i: tuple(self.pushed(i, v)))(directions)
            for row in range(SAMPLES):
                for y, expected in zip(found, self.pushed(i, directions[row])):
                    self._compare("forward mode under vmap", i, y[row]._data, expected._data)

    def _compare(self, way: str, i: int, found: Any, expected: Any) -> None:
        found, expected = np.asarray(found), np.asarray(expected)
        off = np.abs(found - expected)
        if not (off <= ALLOWED * (1 + np.abs(expected))).all():
            raise GradcheckError(
                f"{self.call}: {way} must give the derivative that one backward pass gives; by "
                f"input {i} they differ by {np.max(off):.3g}. A custom op's forward or formula "
                "that reads arrays, or keeps an input as an attribute, does this."
            )


def _dot(a: Any, b: Any) -> float:
    """The real scalar product."""
    return float(np.sum(np.real(np.conjugate(a._data) * b._data)))
