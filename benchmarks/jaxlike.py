"""JAX's side of larger steps, as its users write them: one function under ``jit``, state donated.

Models get gradloom's first weights, which are PyTorch's, by their names in its ``state_dict()``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from cases import LEARNING_RATE
from functional import BETAS, EPS, Functional
from library import Program
from torchlike import TorchLike

Params = dict[str, Any]
Rule = Callable[[Any, Any], Any]  # of the state and the gradients, to the next state


class _Weights(TorchLike):
    """Of a model, not its training."""

    def training(self, model: Any, optimizer: Any, loss_of: Any) -> Any:
        return {name: p.detach().numpy() for name, p in model.named_parameters()}


def weights(kind: str, *sizes: int) -> Params:
    """What the parameters of a model of models.py are at first."""
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    core = import_module("autograd")
    made = _Weights(core, core.grad, import_module("nn"), import_module("optim"))
    found: Params = getattr(made, kind)(np.random.default_rng(0), *sizes)
    return found


class Jax(Functional):
    """JAX: what others say too, and steps of training with their optimiser inside."""

    def __init__(self, jax: Any):
        super().__init__(jax.numpy, jax.value_and_grad, jax.grad, jax.jit, jax.block_until_ready)
        self.jax, self.lax = jax, jax.lax

    # -- steps -----------------------------------------------------------------------------------

    def trained(self, params: Any, loss_of: Any, rule: Rule, *batch: Any) -> Program:
        """A step of training of parameters in any nesting; see Library.training."""
        jax = self.jax
        params = jax.tree.map(self.xp.array, params)
        moments = [jax.tree.map(self.xp.zeros_like, params) for _ in range(2)]
        state, batch = (params, *moments, 0), tuple(map(self.xp.asarray, batch))

        def train(state: Any, *batch: Any) -> Any:
            loss, grads = jax.value_and_grad(loss_of)(state[0], *batch)
            return loss, rule(state, grads)

        compiled = jax.jit(train, donate_argnums=0)

        def step() -> Any:
            nonlocal state
            loss, state = self.ready(compiled(state, *batch))
            return loss

        return step, lambda: [float(step()) for _ in range(3)]

    def both_ways(self, function: Any, leaves: list[Any], constants: list[Any]) -> Program:
        """Forward, and backward from a fixed gradient; see Library.both_ways."""
        jax = self.jax
        leaves, constants = ([self.xp.asarray(one) for one in some] for some in (leaves, constants))
        shape = jax.eval_shape(function, *leaves, *constants).shape
        g = self.xp.asarray(np.random.default_rng(7).standard_normal(shape, np.float32))

        def ways(leaves: Any, constants: Any, g: Any) -> Any:
            out, back = jax.vjp(lambda *leaves: function(*leaves, *constants), *leaves)
            return out, *back(g)

        compiled = jax.jit(ways)

        def step() -> Any:
            return self.ready(compiled(leaves, constants, g))

        return step, lambda: [float(abs(one).sum()) for one in step()]

    def adam_rule(self, decay: float = 0.0) -> Rule:
        """Adam; with ``decay``, AdamW."""
        (b1, b2), xp, tree = BETAS, self.xp, self.jax.tree

        def rule(state: Any, grads: Any) -> Any:
            params, means, squares, t = state
            t = t + 1
            means = tree.map(lambda m, g: b1 * m + (1 - b1) * g, means, grads)
            squares = tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, squares, grads)
            rate, correction = LEARNING_RATE / (1 - b1**t), 1 - b2**t

            def moved(p: Any, m: Any, v: Any) -> Any:
                return p * (1 - LEARNING_RATE * decay) - rate * m / (xp.sqrt(v / correction) + EPS)

            return tree.map(moved, params, means, squares), means, squares, t

        return rule

    def sgd_rule(self, rate: float) -> Rule:
        def rule(state: Any, grads: Any) -> Any:
            return (self.jax.tree.map(lambda p, g: p - rate * g, state[0], grads), *state[1:])

        return rule

    def nll(self, z: Any, y: Any) -> Any:
        """Cross-entropy of scores and classes."""
        z = self.jax.nn.log_softmax(z)
        return -self.xp.mean(self.xp.take_along_axis(z, y[:, None], axis=1))

    # -- cases -----------------------------------------------------------------------------------

    def mlp(self, params: list[Any], x: Any, y: Any) -> Program:
        def loss_of(params: Any, x: Any, y: Any) -> Any:
            return self.nll(self._forward(params, x, self.jax.nn.relu), y)

        step, _ = self.trained(params, loss_of, self.adam_rule(), x, y)
        return step, lambda: [float(step()) for _ in range(5)]

    def adam(self, params: list[Any], grads: list[Any]) -> Program:
        first, given, rule = np.stack(params), np.stack(grads), self.adam_rule()
        moments = [[self.xp.zeros_like(p) for p in params] for _ in range(2)]
        state = ([self.xp.array(p) for p in params], *moments, 0)
        grads = [self.xp.asarray(g) for g in grads]
        compiled = self.jax.jit(rule, donate_argnums=0)

        def step() -> Any:
            nonlocal state
            state = self.ready(compiled(state, grads))

        def check() -> list[float]:
            for _ in range(3):
                step()
            moved = np.stack([np.asarray(p) for p in state[0]]) - first
            return [float(abs(moved).mean()), float((moved * given).mean())]

        return step, check

    def logistic(self, rng: Any, count: int) -> Program:
        x, y = rng.standard_normal(count, np.float32), (rng.random(count) < 0.5).astype("f4")

        def function(w: Any, b: Any, x: Any, y: Any) -> Any:
            p = 1 / (1 + self.xp.exp(-(w * x + b)))
            return -(y * self.xp.log(p) + (1 - y) * self.xp.log(1 - p)).mean()

        return self.both_ways(function, [np.float32(0.5), np.float32(-0.2)], [x, y])

    def softmax_nll(self, rng: Any, rows: int, classes: int) -> Program:
        x = rng.standard_normal((rows, classes), np.float32)
        return self.both_ways(self.nll, [x], [rng.integers(0, classes, rows)])

    def layer_norm(self, rng: Any, rows: int, width: int) -> Program:
        shapes = ((rows, width), (width,), (width,))
        leaves = [rng.standard_normal(shape, np.float32) for shape in shapes]
        return self.both_ways(self._norm, leaves, [])

    def _norm(self, x: Any, w: Any, b: Any) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        return centred * self.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w + b

    def cnn(self, rng: Any, batch: int, side: int) -> Program:
        x = rng.standard_normal((batch, 1, side, side), np.float32)
        y = rng.integers(0, 10, batch)

        def conv(x: Any, w: Any, b: Any) -> Any:
            x = self.lax.conv_general_dilated(
                x, w, (1, 1), "VALID", dimension_numbers=("NCHW", "OIHW", "NCHW")
            )
            return self.jax.nn.relu(x + b[:, None, None])

        def loss_of(p: Params, x: Any, y: Any) -> Any:
            x = conv(conv(x, p["0.weight"], p["0.bias"]), p["2.weight"], p["2.bias"])
            two = (1, 1, 2, 2)
            x = self.lax.reduce_window(x, -self.xp.inf, self.lax.max, two, two, "VALID")
            x = x.reshape(len(x), -1) @ p["6.weight"].T + p["6.bias"]
            return self.nll(self.jax.nn.relu(x) @ p["8.weight"].T + p["8.bias"], y)

        return self.trained(weights("cnn", batch, side), loss_of, self.sgd_rule(0.01), x, y)

    def lstm(self, rng: Any, batch: int, length: int, inputs: int, hidden: int) -> Program:
        x = rng.standard_normal((batch, length, inputs), np.float32)
        y = rng.integers(0, 10, batch)
        jax, xp = self.jax, self.xp

        def loss_of(p: Params, x: Any, y: Any) -> Any:
            bias = p["0.bias_ih_l0"] + p["0.bias_hh_l0"]
            given = x.swapaxes(0, 1) @ p["0.weight_ih_l0"].T + bias

            def cell(carry: Any, given: Any) -> Any:
                h, c = carry
                i, f, g, o = xp.split(given + h @ p["0.weight_hh_l0"].T, 4, axis=1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * xp.tanh(g)
                return (jax.nn.sigmoid(o) * xp.tanh(c), c), None

            zeros = xp.zeros((len(x), hidden), x.dtype)
            (h, _), _ = self.lax.scan(cell, (zeros, zeros), given)
            return self.nll(h @ p["1.weight"].T + p["1.bias"], y)

        first = weights("lstm", batch, length, inputs, hidden)
        return self.trained(first, loss_of, self.adam_rule(), x, y)

    def gpt(self, rng: Any, batch: int, length: int, width: int, layers: int) -> Program:
        letters = rng.integers(0, 65, (batch, length + 1))

        def linear(p: Params, name: str, x: Any) -> Any:
            return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]

        def norm(p: Params, name: str, x: Any) -> Any:
            return self._norm(x, p[f"{name}.weight"], p[f"{name}.bias"])

        def loss_of(p: Params, x: Any, y: Any) -> Any:
            x = p["token.weight"][x] + p["place.weight"]
            for i in range(layers):
                mixed = linear(p, f"blocks.{i}.mixed", norm(p, f"blocks.{i}.before", x))
                q, k, v = (
                    part.reshape(batch, length, 4, width // 4)
                    for part in self.xp.split(mixed, 3, axis=2)
                )
                seen = self.jax.nn.dot_product_attention(q, k, v, is_causal=True)
                x = x + linear(p, f"blocks.{i}.out", seen.reshape(x.shape))
                wide = linear(p, f"blocks.{i}.wide", norm(p, f"blocks.{i}.between", x))
                x = x + linear(p, f"blocks.{i}.narrow", self.jax.nn.gelu(wide, approximate=False))
            return self.nll(linear(p, "head", norm(p, "norm", x)).reshape(-1, 65), y)

        first = weights("gpt", batch, length, width, layers)
        x, y = letters[:, :-1], letters[:, 1:].reshape(-1)
        return self.trained(first, loss_of, self.adam_rule(decay=0.01), x, y)
