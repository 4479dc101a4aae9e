"""Steps of whole models, in the text that gradloom and PyTorch share."""

from __future__ import annotations

from typing import Any

from library import Library, Program


class Models(Library):
    """Each starts from seed 0, which gives both libraries the same weights."""

    def deep(self, rng: Any, batch: int, width: int, layers: int) -> Program:
        """Linear layers and ReLU, one after the other."""
        self.core.manual_seed(0)
        linear = [self.nn.Linear(width, width) for _ in range(layers)]
        model = self.nn.Sequential(*(part for layer in linear for part in (layer, self.nn.ReLU())))
        x, y = (self.normal(rng, batch, width) for _ in range(2))
        optimizer = self.optim.SGD(model.parameters(), lr=0.01)
        return self.training(model, optimizer, lambda: self.F.mse_loss(model(x), y))

    def cnn(self, rng: Any, batch: int, side: int) -> Program:
        """Two 3×3 convolutions, pooling, two linear layers: the usual first network for digits."""
        nn, flat = self.nn, 64 * ((side - 4) // 2) ** 2
        self.core.manual_seed(0)
        model = nn.Sequential(
            *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(flat, 128), nn.ReLU(), nn.Linear(128, 10)),
        )
        x, y = self.normal(rng, batch, 1, side, side), self.integers(rng, 10, batch)
        optimizer = self.optim.SGD(model.parameters(), lr=0.01)
        return self.training(model, optimizer, lambda: self.F.cross_entropy(model(x), y))

    def residual(self, rng: Any, batch: int, channels: int, height: int, width: int) -> Program:
        """Convolution, batch norm and ReLU, twice, with a skip; the input wants its gradient."""
        nn = self.nn
        self.core.manual_seed(0)

        def half() -> list[Any]:
            return [
                nn.Conv2d(channels, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels),
            ]

        model = nn.Sequential(*half(), nn.ReLU(), *half())
        x = self.normal(rng, batch, channels, height, width, grad=True)
        optimizer = self.optim.SGD(model.parameters(), lr=0.01)

        def loss_of() -> Any:
            x.grad = None
            return (self.F.relu(model(x) + x) ** 2).mean()

        return self.training(model, optimizer, loss_of)

    def dilated(self, rng: Any, batch: int, channels: int, length: int) -> Program:
        """Four one-dimensional convolutions, 1, 2, 4 and 8 apart."""
        nn, layers = self.nn, []
        self.core.manual_seed(0)
        for apart in (1, 2, 4, 8):
            layers += [nn.Conv1d(channels, channels, 3, padding=apart, dilation=apart), nn.ReLU()]
        model = nn.Sequential(*layers)
        x, y = (self.normal(rng, batch, channels, length) for _ in range(2))
        optimizer = self.optim.SGD(model.parameters(), lr=0.01)
        return self.training(model, optimizer, lambda: self.F.mse_loss(model(x), y))

    def gpt(self, rng: Any, batch: int, length: int, width: int, layers: int) -> Program:
        """A small language model over 65 letters, AdamW."""
        self.core.manual_seed(0)
        model = language_model(self, 65, length, width, layers)
        letters = self.integers(rng, 65, batch, length + 1)
        x, y = letters[:, :-1], letters[:, 1:].reshape(-1)
        optimizer = self.optim.AdamW(model.parameters(), lr=1e-3)
        return self.training(model, optimizer, lambda: self.F.cross_entropy(model(x), y))

    def lstm(self, rng: Any, batch: int, length: int, inputs: int, hidden: int) -> Program:
        """The class of a sequence by its last state, Adam."""
        self.core.manual_seed(0)
        cells, last = self.nn.LSTM(inputs, hidden, batch_first=True), self.nn.Linear(hidden, 10)
        x, y = self.normal(rng, batch, length, inputs), self.integers(rng, 10, batch)
        model = self.nn.ModuleList([cells, last])
        optimizer = self.optim.Adam(model.parameters(), lr=1e-3)
        return self.training(
            model, optimizer, lambda: self.F.cross_entropy(last(cells(x)[0][:, -1]), y)
        )

    def logistic(self, rng: Any, count: int) -> Program:
        """The log-likelihood of a logistic model as one writes it down, over ``count`` elements."""
        x, y = self.normal(rng, count), self.core.tensor((rng.random(count) < 0.5).astype("f4"))
        w, b = (self.core.tensor(value, requires_grad=True) for value in (0.5, -0.2))
        log, exp = self.core.log, self.core.exp

        def function(w: Any, b: Any, x: Any, y: Any) -> Any:
            p = 1 / (1 + exp(-(w * x + b)))
            return -(y * log(p) + (1 - y) * log(1 - p)).mean()

        return self.both_ways(function, [w, b], [x, y])


def language_model(library: Library, letters: int, length: int, width: int, layers: int) -> Any:
    """A decoder with learnt positions, four heads a layer, norms first; logits (N·T, letters)."""
    nn, F, core = library.nn, library.F, library.core

    class Block(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
            self.mixed, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x: Any) -> Any:
            n, t, _ = x.shape
            parts = self.mixed(self.before(x)).split(width, dim=2)
            q, k, v = (part.view(n, t, 4, width // 4).transpose(1, 2) for part in parts)
            seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(seen.transpose(1, 2).reshape(n, t, width))
            return x + self.narrow(F.gelu(self.wide(self.between(x))))

    class Model(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.token, self.place = nn.Embedding(letters, width), nn.Embedding(length, width)
            self.blocks = nn.Sequential(*(Block() for _ in range(layers)))
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, letters)

        def forward(self, x: Any) -> Any:
            x = self.token(x) + self.place(core.arange(length))
            return self.head(self.norm(self.blocks(x))).view(-1, letters)

    return Model()
