"""Whole steps as plans: how many loops, products and calls each is, and that they are right."""

import pytest

import autograd
import nn
import optim
from autograd.compiler.planning.plan import Loop, PlannedCall, Product
from nn import functional as F
from tests.autograd.compiler.planning import Planned, close


def training(model, loss, **options):
    optimizer = optim.SGD(model.parameters(), lr=0.1, **options)

    def step():
        optimizer.zero_grad()
        found = loss()
        found.backward()
        optimizer.step()
        return [found.detach()]

    return step


def gradients_of(function, *leaves):
    def step():
        for one in leaves:
            one.grad = None
        found = function()
        found.backward()
        return [found.detach(), *[one.grad for one in leaves]]

    return step


def leaf(*shape):
    return autograd.randn(*shape, requires_grad=True)


def mlp(width=16):
    model = nn.Sequential(nn.Linear(8, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
    model.append(nn.Linear(width, 10))
    x, y = autograd.randn(16, 8), autograd.randint(0, 10, (16,))
    return training(model, lambda: F.cross_entropy(model(x), y), momentum=0.9)


def numbers():
    leaves = [leaf() for _ in range(4)]

    def loss():
        found = leaves[0]
        for i in range(40):
            found = found * leaves[i % 4] + leaves[(i + 1) % 4]
        return found

    return gradients_of(loss, *leaves)


def small_arrays():
    leaves, x = [leaf(8, 8) for _ in range(3)], autograd.randn(8, 8)

    def loss():
        found = x
        for i in range(20):
            found = (found * leaves[i % 3] + leaves[(i + 1) % 3]).tanh()
        return found.sum()

    return gradients_of(loss, *leaves)


def likelihood():
    x, y = leaf(8, 8), autograd.randint(0, 8, (8,))
    return gradients_of(lambda: F.nll_loss(F.log_softmax(x, 1), y), x)


def entropy():
    x, y = leaf(6, 9), autograd.randint(0, 9, (6,))
    return gradients_of(lambda: F.cross_entropy(x, y), x)


def backwards_from_outside():
    """Its gradient is scaled between the loop of the forward and that of the backward."""
    w, x, g = leaf(), leaf(64), autograd.randn(())

    def step():
        w.grad = x.grad = None
        found = (1 + (-(w * x)).exp()).log().mean()
        found.backward(g)
        return [found.detach(), w.grad, x.grad]

    return step


def layer_norm():
    model, x = nn.LayerNorm(8), leaf(8, 8)
    return gradients_of(lambda: (model(x) ** 3).sum(), x, *model.parameters())


def batch_norm():
    model, x = nn.BatchNorm2d(4), leaf(8, 4, 6, 6)
    return gradients_of(lambda: (model(x) ** 3).sum(), x, *model.parameters())


def gradient_penalty():
    model, x = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 1)), leaf(6, 6)

    def loss():
        (g,) = autograd.grad(model(x).sum(), x, create_graph=True)
        return ((g.norm(dim=1) - 1) ** 2).mean()

    return training(model, loss)


def recurrent():
    model, x = nn.LSTM(3, 5), autograd.randn(4, 2, 3)
    return training(model, lambda: (model(x)[0] ** 2).mean())


def cells():
    cell, x = nn.Linear(3 + 4, 16), autograd.randn(4, 2, 3)

    def loss():
        h, c = autograd.zeros(2, 4), autograd.zeros(2, 4)
        for one in x:
            i, f, g, o = cell(autograd.cat([one, h], 1)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return (h * h).sum()

    return training(cell, loss)


def images():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    model.extend([nn.Dropout(0.2), nn.Linear(36, 10)])
    x, y = autograd.randn(4, 1, 8, 8), autograd.randint(0, 10, (4,))
    return training(model, lambda: F.cross_entropy(model(x), y))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.heads, self.qkv = heads, nn.Linear(width, 3 * width)
        self.out, self.up = nn.Linear(width, width), nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        n, length, width = x.shape
        parts = self.qkv(self.before(x)).split(width, 2)
        q, k, v = (one.view(n, length, self.heads, -1).transpose(1, 2) for one in parts)
        found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(found.transpose(1, 2).reshape(n, length, width))
        return x + self.down(F.gelu(self.up(self.between(x))))


def transformer():
    embedding, head = nn.Embedding(11, 8), nn.Linear(8, 11, bias=False)
    model = nn.Sequential(embedding, Block(8, 2), nn.LayerNorm(8), head)
    x, y = autograd.randint(0, 11, (2, 2, 8))
    return training(model, lambda: F.cross_entropy(model(x).view(-1, 11), y.view(-1)))


def denoising():
    down, up = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 2, 3, padding=1)
    norm, time = nn.GroupNorm(2, 4), nn.Linear(4, 4)
    model, x = nn.ModuleList([down, up, norm, time]), autograd.randn(2, 2, 6, 6)
    kept = (1 - autograd.linspace(1e-4, 0.02, 10)).cumprod(0)

    def loss():
        t, noise = autograd.randint(0, 10, (2,)), autograd.randn_like(x)
        a = kept[t].view(-1, 1, 1, 1)
        angles = t.float()[:, None] * autograd.arange(2)
        at = time(autograd.cat([angles.sin(), angles.cos()], 1))
        h = F.silu(norm(down(a.sqrt() * x + (1 - a).sqrt() * noise)) + at[:, :, None, None])
        return F.mse_loss(up(h), noise)

    return training(model, loss)


STEPS = [
    (mlp, 12, 8, 0),
    (numbers, 1, 0, 0),
    (small_arrays, 1, 0, 0),
    (likelihood, 2, 0, 0),
    (entropy, 2, 0, 0),
    (backwards_from_outside, 3, 0, 0),
    (layer_norm, 1, 0, 0),
    (batch_norm, 10, 0, 0),
    (gradient_penalty, 8, 8, 0),
    (recurrent, 8, 0, 2),
    (cells, 19, 11, 0),
    (images, 10, 3, 6),
    (transformer, 29, 15, 4),
    (denoising, 17, 2, 8),
]


@pytest.mark.parametrize(
    "make, counts", [(one, rest) for one, *rest in STEPS], ids=[one[0].__name__ for one in STEPS]
)
def test_a_step(make, counts):
    autograd.manual_seed(3)
    step = make()
    step()
    step()
    planned = Planned(step)
    planned.check(close)
    found = [
        sum(type(one) is kind for one in planned.plan.steps)
        for kind in (Loop, Product, PlannedCall)
    ]
    assert found == counts


def test_counters_are_told_when_all_is_computed():
    """So one run of machine code does all parameters."""
    autograd.manual_seed(3)
    model, x = nn.Linear(4, 4), autograd.randn(8, 4)
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    def step():
        optimizer.zero_grad()
        found = (model(x) ** 2).mean()
        found.backward()
        optimizer.step()
        return [found.detach()]

    step()
    step()
    kinds = [type(one) is PlannedCall for one in Planned(step).plan.steps]
    assert any(kinds) and kinds == sorted(kinds)
