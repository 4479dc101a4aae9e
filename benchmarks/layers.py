"""Single layers and reductions, in the text that gradloom and PyTorch share."""

from __future__ import annotations

from typing import Any

from library import Library, Program


class Layers(Library):
    """Each draws its inputs from ``rng``; all but the reductions run forward and backward."""

    def softmax_nll(self, rng: Any, rows: int, classes: int) -> Program:
        x, y = self.normal(rng, rows, classes, grad=True), self.integers(rng, classes, rows)

        def function(x: Any, y: Any) -> Any:
            return self.F.nll_loss(self.F.log_softmax(x, dim=1), y)

        return self.both_ways(function, [x], [y])

    def layer_norm(self, rng: Any, rows: int, width: int) -> Program:
        leaves = [
            self.normal(rng, *shape, grad=True) for shape in ((rows, width), (width,), (width,))
        ]
        return self.both_ways(lambda x, w, b: self.F.layer_norm(x, (width,), w, b), leaves, [])

    def batch_norm(self, rng: Any, batch: int, channels: int, height: int, width: int) -> Program:
        x = self.normal(rng, batch, channels, height, width, grad=True)
        layer = self.nn.BatchNorm2d(channels)
        leaves = [x, layer.weight, layer.bias]
        return self.both_ways(lambda x, w, b: layer(x), leaves, [])

    def attention(self, rng: Any, batch: int, heads: int, length: int, width: int) -> Program:
        leaves = [self.normal(rng, batch, heads, length, width, grad=True) for _ in range(3)]
        return self.both_ways(self.F.scaled_dot_product_attention, leaves, [])

    def embedding(self, rng: Any, batch: int, length: int, rows: int, width: int) -> Program:
        table, index = (
            self.normal(rng, rows, width, grad=True),
            self.integers(rng, rows, batch, length),
        )
        return self.both_ways(lambda w, i: self.F.embedding(i, w), [table], [index])

    def max_pool(self, rng: Any, batch: int, channels: int, height: int, width: int) -> Program:
        x = self.normal(rng, batch, channels, height, width, grad=True)
        return self.both_ways(lambda x: self.F.max_pool2d(x, 2), [x], [])

    def gather_scatter(self, rng: Any, rows: int, width: int, edges: int) -> Program:
        """Messages along the edges of a graph: taken from one end, added up at the other."""
        x = self.normal(rng, rows, width, grad=True)
        source, target = (self.integers(rng, rows, edges) for _ in range(2))
        spread = target.unsqueeze(1).expand(edges, width)

        def function(x: Any, source: Any, spread: Any) -> Any:
            messages = self.core.index_select(x, 0, source)
            return self.core.zeros_like(x).scatter_add(0, spread, messages)

        return self.both_ways(function, [x], [source, spread])

    def reduction(self, rng: Any, axis: int, *shape: int) -> Program:
        x = self.core.tensor(rng.random(shape, "f4"))

        def step() -> Any:
            return x.sum(axis)

        return step, lambda: [float(step().sum())]
