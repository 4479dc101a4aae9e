"""What a checker, and with it an editor, makes of ordinary code. Read by mypy, never run.

An expression that turns into ``Any`` completes nothing, and fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
import nn
import optim
from autograd import Size, Tensor
from nn import functional as F

if TYPE_CHECKING:
    from typing_extensions import assert_type  # a part of typing from Python 3.11


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 8), nn.Tanh())
        self.head = nn.Linear(8, 2)

    def forward(self, x: Tensor, scale: float = 1.0) -> tuple[Tensor, Tensor]:
        hidden = self.body(x)
        assert_type(hidden, Tensor)
        return self.head(hidden) * scale, hidden


def training(x: Tensor, y: Tensor) -> None:
    model = Net()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    optimizer.zero_grad()
    out, hidden = model(x, scale=2.0)
    loss = criterion(out, y) + F.mse_loss(hidden, 2 * hidden)
    assert_type(loss, Tensor)
    loss.backward()
    optimizer.step()
    weight = model.head.weight
    assert_type(weight, nn.Parameter)
    assert_type(weight.grad, Tensor | Any)
    with autograd.no_grad():
        weight -= 0.1 * weight.grad
    weight.grad = None


@autograd.no_grad()
def accuracy(model: Callable[[Tensor], Tensor], x: Tensor, y: Tensor) -> float:
    return float((model(x).argmax(dim=1) == y).float().mean())


def operators(x: Tensor) -> None:
    for made in (x + 1, 1 - x, 2 * x, x / 3.0, 2**x, -x, x @ x, x * np.float32(2), x + np.ones(3)):
        assert_type(made, Tensor)
    assert_type((x > 0) & (x == 1), Tensor)
    assert_type(x[:, 0], Tensor)
    x[0] += 1
    x[x > 0] = 0


def methods(x: Tensor) -> None:
    assert_type(x.exp().pow(2).sum(dim=1, keepdim=True), Tensor)
    assert_type(x.max(), Tensor)
    assert_type(x.max(dim=1).values, Tensor)
    assert_type(x.max(axis=1)[0], Tensor)
    values, indices = x.sort(dim=0)
    assert_type(indices, Tensor)
    assert_type(x.unique(), Tensor | Any)
    assert_type(autograd.where(x > 0, x, 0), Tensor)
    rows, columns = autograd.where(x > 0)
    assert_type(rows, Tensor)
    assert_type(x.shape, Size)
    assert_type(x.shape[0], int)
    assert_type(x.size(0), int)
    assert_type(autograd.zeros(x.size(0), 3).view(*x.shape), Tensor)


def decorated(x: Tensor, y: Tensor) -> None:
    assert_type(accuracy(nn.Linear(2, 2), x, y), float)
