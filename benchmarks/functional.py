"""JAX (under ``jit``) and HIPS autograd: functions of lists of arrays, Adam written in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from cases import LEARNING_RATE, chain, mixed_graph
from library import Program
from numpylike import NumPyLike

BETAS, EPS = (0.9, 0.999), 1e-8


class Functional:
    """JAX (under ``jit``) and HIPS autograd: gradients of functions of lists; Adam by hand."""

    def __init__(self, xp: Any, value_and_grad: Any, grad: Any, jit: Any, ready: Any):
        self.xp, self.grad, self.jit, self.ready = xp, grad, jit, ready
        self.scalars = jit(value_and_grad(lambda leaves: mixed_graph(leaves, self._relu)))
        self.tensors = jit(value_and_grad(lambda leaves: xp.sum(mixed_graph(leaves, xp.tanh))))
        self.loss_and_grads = value_and_grad(self._cross_entropy)
        self.penalty_and_grads = jit(value_and_grad(self._penalty))
        self.chains = value_and_grad(chain)
        self.train = jit(self._train)

    def scalar_graph(self, leaves: list[float]) -> Program:
        return self._graph(leaves, self.scalars)

    def tensor_graph(self, leaves: list[Any]) -> Program:
        return self._graph([self.xp.asarray(leaf) for leaf in leaves], self.tensors)

    def _graph(self, leaves: list[Any], function: Any) -> Program:
        def step() -> Any:
            return self.ready(function(leaves))

        def check() -> list[float]:
            out, grads = step()
            return [float(out), *(float(np.sum(g)) for g in grads)]

        return step, check

    def mlp(self, params: list[Any], x: Any, y: Any) -> Program:
        zeros = [self.xp.zeros_like(p) for p in params]
        state = [self.xp.array(p) for p in params], zeros, zeros, 0.0
        x = self.xp.asarray(x)

        def step() -> Any:
            nonlocal state
            loss, state = self.ready(self.train(state, x, y))
            return loss

        return step, lambda: [float(step()) for _ in range(5)]

    def penalty(self, params: list[Any], x: Any, y: Any) -> Program:
        params, x = [self.xp.asarray(p) for p in params], self.xp.asarray(x)

        def step() -> Any:
            return self.ready(self.penalty_and_grads(params, x))

        def check() -> list[float]:
            loss, grads = step()
            return [float(loss), *(float(abs(g).sum()) for g in grads[:-1])]

        return step, check

    def _relu(self, x: Any) -> Any:
        return self.xp.maximum(x, 0.0)

    def _forward(self, params: Sequence[Any], x: Any, activation: Any) -> Any:
        for i in range(0, len(params), 2):
            x = x @ params[i].T + params[i + 1]
            if i + 2 < len(params):
                x = activation(x)
        return x

    def _cross_entropy(self, params: Sequence[Any], x: Any, y: Any) -> Any:
        z = self._forward(params, x, self._relu)
        z = z - self.xp.max(z, axis=1, keepdims=True)
        norm = self.xp.log(self.xp.sum(self.xp.exp(z), axis=1))
        return self.xp.mean(norm - z[np.arange(len(y)), y])

    def _penalty(self, params: Sequence[Any], x: Any) -> Any:
        slope = self.grad(lambda x: self.xp.sum(self._forward(params, x, self.xp.tanh)))(x)
        return self.xp.mean((self.xp.sqrt(self.xp.sum(slope * slope, axis=1)) - 1) ** 2)

    def _train(self, state: Any, x: Any, y: Any) -> Any:
        params, means, squares, t = state
        loss, grads = self.loss_and_grads(params, x, y)
        (b1, b2), t = BETAS, t + 1
        means = [b1 * m + (1 - b1) * g for m, g in zip(means, grads, strict=True)]
        squares = [b2 * v + (1 - b2) * g * g for v, g in zip(squares, grads, strict=True)]
        rate = LEARNING_RATE / (1 - b1**t)
        params = [
            p - rate * m / (self.xp.sqrt(v / (1 - b2**t)) + EPS)
            for p, m, v in zip(params, means, squares, strict=True)
        ]
        return loss, (params, means, squares, t)


class Hips(Functional, NumPyLike):
    """HIPS autograd runs eagerly, so it can also be asked for the chain and its own programs."""

    def __init__(self, np: Any, autograd: Any):
        Functional.__init__(
            self, np, autograd.value_and_grad, autograd.grad, lambda f: f, lambda result: result
        )
        NumPyLike.__init__(self, np, autograd)

    def chain(self, nodes: int) -> Program:
        def step() -> Any:
            return self.chains(0.5, nodes)

        return step, lambda: [float(step()[1])]
