"""Makes three pictures of graphs in docs/images: gpt.png, scalars.png and vanishing.png.

A small GPT folded to its modules, an expression of scalars with values and gradients, and the
backward view of a net of sigmoids, whose gradients vanish.

    python docs/graph_images.py
"""

from __future__ import annotations

from pathlib import Path

import autograd
import nn
from autograd.drawing.showing.picture import Picture
from nn import functional as F

IMAGES = Path(__file__).resolve().parent / "images"


class Block(nn.Module):
    """Attention and two linear layers, each beside a skip connection."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, 4, batch_first=True)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: autograd.Tensor) -> autograd.Tensor:
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    """Reads letters, says which comes next."""

    def __init__(self, blocks: int = 6, width: int = 32) -> None:
        super().__init__()
        self.token, self.position = nn.Embedding(64, width), nn.Embedding(16, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 64)

    def forward(self, letters: autograd.Tensor) -> autograd.Tensor:
        places = autograd.arange(letters.shape[1])
        h = self.token(letters) + self.position(places)
        return self.head(self.norm(self.blocks(h)))


def gpt() -> Picture:
    return autograd.draw(GPT(), autograd.randint(0, 64, (8, 16)), depth=2)


def scalars() -> Picture:
    a = autograd.tensor(-4.0, requires_grad=True)
    b = autograd.tensor(2.0, requires_grad=True)
    with autograd.watch():
        c = a * b + b**3
        d = c + F.relu(b - a)
        loss = d**2 / 2
        loss.backward()
        return autograd.draw(loss, params={"a": a, "b": b}, values=True)


def vanishing() -> Picture:
    layers = [layer for _ in range(4) for layer in (nn.Linear(16, 16), nn.Sigmoid())]
    model, x = nn.Sequential(*layers, nn.Linear(16, 1)), autograd.randn(64, 16)
    with autograd.watch():
        loss = model(x).square().mean()
        loss.backward()
        return autograd.draw(loss, params=model, view="backward", depth=1)


def main() -> None:
    for made in (gpt, scalars, vanishing):
        autograd.manual_seed(0)
        picture = made()
        picture.attr(dpi="110")
        picture.render(IMAGES / f"{made.__name__}.png")


if __name__ == "__main__":
    main()
