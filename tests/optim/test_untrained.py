"""A step in which no parameter has a gradient is told of, where the program shows a mistake."""

import warnings

import numpy as np
import pytest

import autograd
import nn
import optim
from tests.scripts import line, run

NET = (
    "net = nn.Linear(3, 1)\nopt = optim.SGD(net.parameters(), lr=0.1)\n"
    "x, y = torch.randn(4, 3), torch.randn(4, 1)\n"
)

BROKEN = {
    "gradients cleared before the step": (
        NET + "for i in range(3):\n    loss = F.mse_loss(net(x), y)\n    loss.backward()\n"
        "    opt.zero_grad()\n    opt.step()",
        "`loss` has been swept, and its gradients were cleared since: call zero_grad() before "
        "backward(), not between backward() and step().",
    ),
    "no backward": (
        NET + "for i in range(3):\n    opt.zero_grad()\n    loss = F.mse_loss(net(x), y)\n"
        "    opt.step()",
        "Nothing has swept `loss`: call loss.backward() before step().",
    ),
    "the parameters of another model": (
        NET + "net = nn.Linear(3, 1)\ndef train():\n    F.mse_loss(net(x), y).backward()\n"
        "    opt.step()\ntrain()",
        "`net.weight`, `net.bias` have, which this optimiser does not hold: create it from the "
        "model that is trained, after its layers were made or replaced.",
    ),
    "a loss made a leaf": (
        NET + "for i in range(2):\n    loss = F.mse_loss(net(x), y).detach()\n"
        "    loss.requires_grad = True\n    loss.backward()\n    opt.step()",
        ".detach() cuts it off. Leave .detach() out there. Leave requires_grad out of the loss.",
    ),
    "a custom op that returns nothing": (
        """
        class Square(torch.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                grad = 2 * x * g

        net = nn.Linear(3, 2)
        opt = optim.SGD(net.parameters(), lr=0.1)
        for i in range(3):
            opt.zero_grad()
            loss = Square.apply(net(torch.ones(4, 3))).sum()
            loss.backward()
            opt.step()
        """,
        "(loss = Square.apply(net(torch.ones(4, 3))).sum()) must return one for each input, and "
        "without return gives None; or zero_grad() stands between backward() and step().",
    ),
    "a generator that is cut off": (
        """
        generator, critic = nn.Linear(2, 2), nn.Linear(2, 1)
        opt = optim.SGD(generator.parameters(), lr=0.1)
        for i in range(3):
            opt.zero_grad()
            fake = generator(torch.randn(4, 2))
            loss = F.softplus(-critic(fake.detach())).mean()
            loss.backward()
            opt.step()
        """,
        "`loss` does not reach them: at train.py:10 (loss = F.softplus(-critic(fake.detach()))"
        ".mean()) .detach() cuts it off. Leave .detach() out there.",
    ),
    "a loss made anew of its number": (
        NET + "for i in range(3):\n    out = net(x)\n    loss = F.mse_loss(out, y)\n"
        "    loss = torch.tensor(loss.item(), requires_grad=True)\n"
        "    loss.backward()\n    opt.step()",
        "`loss` has: requires_grad=True made it a leaf, and does not join it to the model again",
    ),
}

RIGHT = {
    "a schedule that is drawn": NET
    + "s = optim.lr_scheduler.StepLR(opt, 1)\nfor i in range(3):\n    opt.step(); s.step()",
    "a part that is frozen for a while": """
        net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
        a, b = (optim.SGD(part.parameters(), lr=0.1) for part in net)
        net[0].requires_grad_(False)
        for i in range(3):
            a.zero_grad(); b.zero_grad()
            loss = F.mse_loss(net(torch.randn(4, 3)), torch.randn(4, 1))
            loss.backward()
            a.step(); b.step()
        """,
    "gradients of several batches": NET
    + "for i in range(8):\n    loss = F.mse_loss(net(x), y)\n    (loss / 4).backward()\n"
    "    if i % 4 == 3:\n        opt.step(); opt.zero_grad()",
    "two models in turn": """
        g, d = nn.Linear(2, 2), nn.Linear(2, 1)
        og, od = optim.Adam(g.parameters()), optim.Adam(d.parameters())
        for i in range(3):
            od.zero_grad()
            d_loss = d(g(torch.randn(4, 2)).detach()).mean()
            d_loss.backward()
            od.step()
            og.zero_grad()
            g_loss = -d(g(torch.randn(4, 2))).mean()
            g_loss.backward()
            og.step()
        """,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_once(tmp_path, name):
    text, words = BROKEN[name]
    error, warned = run(tmp_path, text)
    assert error is None
    (said,) = warned
    assert said.startswith("SGD.step: a step needs gradients; none of the 2 parameters has one at ")
    assert f"{line(text, 'opt.step()')} (opt.step())" in said
    assert words in said


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_meant_is_not_told_of(tmp_path, name):
    assert run(tmp_path, RIGHT[name]) == (None, [])


def test_the_warning_is_of_the_users_line():
    net = nn.Linear(2, 1)
    opt = optim.Adam(net.parameters())
    loss = net(autograd.ones(1, 2)).sum()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        opt.step()
    assert [one.filename for one in caught] == [__file__]
    assert "Nothing has swept `loss`" in str(caught[0].message)
    assert loss.requires_grad


def test_it_is_looked_for_a_few_times_only(monkeypatch):
    from optim import untrained

    looked = []
    monkeypatch.setattr(untrained, "_why", lambda one: looked.append(1) or "")
    opt = optim.SGD([autograd.ones(1, requires_grad=True)], lr=0.1)
    for _ in range(50):
        opt.step()
    assert len(looked) == 10


def test_memory_that_is_read_only_names_the_parameter():
    array = np.ones(3, np.float32)
    array.flags.writeable = False
    net = nn.Linear(3, 1)
    net.bias = nn.Parameter(autograd.from_numpy(array[:1]))
    net(autograd.ones(1, 3)).sum().backward()
    words = r"SGD: parameters must be writeable; `net.bias`, number 1 of group 0, of shape \(1,\),"
    with pytest.raises(ValueError, match=words):
        optim.SGD(net.parameters(), lr=0.1).step()
    with pytest.raises(ValueError, match="`bias`, number 1 of group 0"):
        optim.SGD(net.named_parameters(), lr=0.1).step()
