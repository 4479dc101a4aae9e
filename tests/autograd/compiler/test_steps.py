"""Steps of many kinds: captured, or refused; in either case the engine's numbers."""

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.compiler.captured import Captured
from autograd.utils.checkpoint import checkpoint
from nn import functional as F


def by_hand():
    w = autograd.randn(4, 2, requires_grad=True)

    def step(x):
        loss = (x @ w).square().mean()
        loss.backward()
        with autograd.no_grad():
            w.sub_(0.1 * w.grad)
            w.grad.zero_()
        return loss

    return step, lambda: [w, w.grad]


def through_data():
    w = autograd.randn(4, 2, requires_grad=True)

    def step(x):
        (g,) = autograd.grad((x @ w).square().mean(), w)
        w.data -= 0.1 * g
        return g

    return step, lambda: [w]


class Cube(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


def an_op_in_pytorchs_form():
    w = autograd.randn(4, requires_grad=True)

    def step(x):
        w.grad = None
        loss = Cube.apply(x * w).sum()
        loss.backward()
        return loss

    return step, lambda: [w.grad]


def hooks_on_tensors():
    w = autograd.randn(4, requires_grad=True)

    def step(x):
        w.grad = None
        h = x * w
        h.register_hook(lambda g: g.clamp(-0.1, 0.1))
        h.square().sum().backward()

    return step, lambda: [w.grad]


def gradients_of_functions():
    w = autograd.randn(4)

    def step(x):
        g = autograd.func.grad(lambda w: (x * w).tanh().sum())(w)
        w.sub_(0.1 * g)
        return g

    return step, lambda: [w]


def trained(model, make=optim.Adam, loss=lambda model, x: model(x).square().mean(), **options):
    """A model's step by a rule."""

    def made():
        built = model()
        optimizer = make(built.parameters(), **options)

        def step(x):
            optimizer.zero_grad()
            value = loss(built, x)
            value.backward()
            optimizer.step()
            return value

        return step, lambda: [*built.state_dict().values()]

    return made


def accumulated():
    model = nn.Linear(4, 3)
    optimizer = optim.Adam(model.parameters())

    def step(x):
        optimizer.zero_grad()
        for part in x.split(2):
            (model(part).square().mean() / 3).backward()
        optimizer.step()

    return step, lambda: [*model.parameters()]


def averaged():
    model = nn.Linear(4, 3)
    averages = [p.detach().clone() for p in model.parameters()]
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def step(x):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
        with autograd.no_grad():
            for average, p in zip(averages, model.parameters(), strict=True):
                average.mul_(0.9).add_(p, alpha=0.1)

    return step, lambda: [*model.parameters(), *averages]


def adversaries():
    one, other = nn.Linear(4, 3), nn.Linear(3, 1)
    first, second = optim.Adam(one.parameters()), optim.RMSprop(other.parameters())

    def step(x):
        second.zero_grad()
        found = F.softplus(other(one(x).detach())).mean()
        found.backward()
        second.step()
        first.zero_grad()
        made = F.softplus(-other(one(x))).mean()
        made.backward()
        first.step()
        return found, made

    return step, lambda: [*one.parameters(), *other.parameters()]


LABEL = autograd.tensor([1])


def image(model, x):
    return F.cross_entropy(model(x[None, None, :4]), LABEL)


def convolutional():
    layers = [nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(12, 2))


def attends(model, x):
    return model(x[None]).square().mean()


CAPTURED = {
    "by_hand": by_hand,
    "through_data": through_data,
    "an_op_in_pytorchs_form": an_op_in_pytorchs_form,
    "hooks_on_tensors": hooks_on_tensors,
    "gradients_of_functions": gradients_of_functions,
    "accumulated": accumulated,
    "averaged": averaged,
    "adversaries": adversaries,
    "convolution": trained(convolutional, optim.SGD, image, lr=0.1, momentum=0.9, nesterov=True),
    "attention": trained(
        lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), optim.AdamW, attends
    ),
    "recurrence": trained(
        lambda: nn.LSTM(4, 3, num_layers=2, dropout=0.2),
        optim.NAdam,
        lambda model, x: model(x[:, None])[0].square().mean(),
    ),
    "half": trained(
        lambda: nn.Linear(4, 3).half(), loss=lambda model, x: model(x.half()).square().mean()
    ),
}


def mapped():
    w = autograd.randn(4, requires_grad=True)

    def step(x):
        w.grad = None
        loss = autograd.func.vmap(lambda row: (row * w).tanh().sum())(x).sum()
        loss.backward()
        return loss

    return step, lambda: [w.grad]


def forward_mode():
    w = autograd.randn(4)

    def step(x):
        return autograd.func.jvp(lambda w: (x * w).tanh().sum(), (w,), (w * 2,))

    return step, lambda: [w]


def checkpointed():
    model = nn.Linear(4, 4)

    def step(x):
        model.zero_grad()
        checkpoint(model, x, use_reentrant=False).sum().backward()

    return step, lambda: [model.weight.grad]


def searched():
    model = nn.Linear(4, 3)
    optimizer = optim.LBFGS(model.parameters(), lr=0.1, max_iter=2)

    def step(x):
        def closure():
            optimizer.zero_grad()
            loss = model(x).square().mean()
            loss.backward()
            return loss

        return optimizer.step(closure)

    return step, lambda: [*model.parameters()]


REFUSED = {
    "mapped": (mapped, "vmap began inside"),
    "forward_mode": (forward_mode, "forward mode began inside"),
    "checkpointed": (checkpointed, "stream of numbers"),
    "searched": (searched, "by item"),
}


def run(make, do):
    """All that some steps give and change; ``do(i, step, x)`` does the step number i."""
    autograd.manual_seed(0)
    step, state = make()
    autograd.manual_seed(1)
    seen = []
    for i in range(5):
        values = np.random.default_rng(i).normal(size=(5, 4)).astype(np.float32)
        result = do(i, step, autograd.tensor(values))
        results = result if isinstance(result, tuple) else (result,)
        for one in [*results, *state()]:
            if one is not None:
                seen.append(np.array(one.detach().numpy()))
    return seen


def same(found, expected):
    for a, e in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, e)  # bit for bit


@pytest.mark.parametrize("name", CAPTURED)
def test_a_step_that_is_captured(name):
    again = []

    def do(i, step, x):
        if i == 0:
            return step(x)
        if i == 1:
            again.append(Captured(step, x))
            assert not [(reason, str(line)) for reason, line in again[0].refusals]
            return again[0].result
        assert not again[0].misfit(x)
        return again[0](x)

    same(run(CAPTURED[name], do), run(CAPTURED[name], lambda i, step, x: step(x)))


@pytest.mark.parametrize("name", REFUSED)
def test_a_step_that_is_refused(name):
    make, told = REFUSED[name]

    def do(i, step, x):
        found = Captured(step, x)
        assert any(told in reason for reason, _ in found.refusals) and not found.source
        return found.result

    same(run(make, do), run(make, lambda i, step, x: step(x)))
