"""PyTorch and gradloom: one text for both. What smaller libraries can say, too, is written here;
models.py has the steps of larger models, layers.py single layers, ops.py single ops.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from cases import LEARNING_RATE, chain, mixed_graph
from layers import Layers
from library import Program
from models import Models
from ops import Ops


class TorchLike(Models, Layers, Ops):
    """PyTorch and gradloom: one text, two sets of modules."""

    def scalar_graph(self, leaves: list[float]) -> Program:
        return self._graph(leaves, self.core.Tensor.relu)

    def tensor_graph(self, leaves: list[Any]) -> Program:
        return self._graph(leaves, self.core.tanh)

    def _graph(self, leaves: list[Any], squash: Any) -> Program:
        tensors = [self.core.tensor(leaf, requires_grad=True) for leaf in leaves]

        @self.prepared
        def step() -> Any:
            for tensor in tensors:
                tensor.grad = None
            out = mixed_graph(tensors, squash)
            if out.ndim:
                out = out.sum()
            out.backward()
            return out

        return step, lambda: [step().item(), *(t.grad.sum().item() for t in tensors)]

    def mlp(self, params: list[Any], x: Any, y: Any) -> Program:
        model = self._model(params, self.nn.ReLU)
        optimizer = self.optim.Adam(model.parameters(), lr=LEARNING_RATE, **self.adam_options)
        x, y = self.core.tensor(x), self.core.tensor(y)
        cross_entropy = self.nn.functional.cross_entropy

        @self.prepared
        def step() -> Any:
            optimizer.zero_grad()
            loss = cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        return step, lambda: [step().item() for _ in range(5)]

    def inference(self, params: list[Any], x: Any, y: Any) -> Program:
        model, x = self._model(params, self.nn.ReLU), self.core.tensor(x)
        no_grad = self.core.no_grad

        def step() -> Any:
            with no_grad():
                return model(x)

        return step, lambda: step()[0].tolist()

    def penalty(self, params: list[Any], x: Any, y: Any) -> Program:
        model = self._model(params, self.nn.Tanh)
        x = self.core.tensor(x, requires_grad=True)

        @self.prepared
        def step() -> Any:
            model.zero_grad()
            (slope,) = self.grad(model(x).sum(), x, create_graph=True)
            loss = (((slope * slope).sum(1).sqrt() - 1) ** 2).mean()
            loss.backward()
            return loss

        def check() -> list[float]:
            loss = step().item()
            return [loss, *(p.grad.abs().sum().item() for p in list(model.parameters())[:-1])]

        return step, check

    def chain(self, nodes: int) -> Program:
        x = self.core.tensor(0.5, requires_grad=True)

        def step() -> None:
            x.grad = None
            chain(x, nodes).backward()

        def check() -> list[float]:
            step()
            return [x.grad.item()]

        return step, check

    def adam(self, params: list[Any], grads: list[Any]) -> Program:
        tensors = [self.core.tensor(p, requires_grad=True) for p in params]
        for tensor, g in zip(tensors, grads, strict=True):
            tensor.grad = self.core.tensor(g)
        optimizer = self.optim.Adam(tensors, lr=LEARNING_RATE, **self.adam_options)
        step = self.prepared(optimizer.step)

        def check() -> list[float]:
            for _ in range(3):
                step()
            moved = np.stack([t.detach().numpy() for t in tensors]) - np.stack(params)
            return [float(abs(moved).mean()), float((moved * np.stack(grads)).mean())]

        return step, check

    def loader(self, images: Any, batch: int) -> Program:
        data = self.core.utils.data
        labels = self.core.arange(len(images))
        dataset = data.TensorDataset(self.core.from_numpy(images), labels)
        loader = data.DataLoader(dataset, batch, shuffle=True)

        def step() -> None:
            for _ in loader:
                pass

        def check() -> list[float]:
            self.core.manual_seed(0)
            x, y = next(iter(loader))
            return [x.sum().item(), *y.tolist()]

        return step, check

    def _model(self, params: list[Any], activation: Any) -> Any:
        layers: list[Any] = []
        for weight in params[::2]:
            layers += [self.nn.Linear(weight.shape[1], weight.shape[0]), activation()]
        model = self.nn.Sequential(*layers[:-1])
        with self.core.no_grad():
            for param, value in zip(model.parameters(), params, strict=True):
                param.copy_(self.core.tensor(value))
        return model
