"""Where backward or grad cannot reach anything, the error names the line that cut the way."""

import pytest

import autograd
from tests.scripts import line, run

NET = "net = nn.Linear(3, 1)\nx, y = torch.randn(4, 3), torch.randn(4, 1)\n"

# Each with the part of the line that cuts the way, what cuts, and the cure.
BROKEN = {
    "grad without create_graph": (
        NET + "x.requires_grad_()\n(slope,) = torch.autograd.grad(net(x).sum(), x)\n"
        "loss = (slope.norm(dim=1) - 1).pow(2).mean()\nloss.backward()",
        "(slope,) = ", "grad() without create_graph cuts it off. Pass create_graph=True to it",
    ),
    "detach": (
        NET + "out = net(x).detach()\nloss = F.mse_loss(out, y)\nloss.backward()",
        "out = net", ".detach() cuts it off. Leave .detach() out there.",
    ),
    "data, in a method": (
        """
        class Trainer:
            def __init__(self):
                self.net = nn.Linear(3, 1)
            def loss(self, x, y):
                return F.mse_loss(self.net(x).data, y)
            def fit(self, x, y):
                loss = self.loss(x, y)
                loss.backward()
        Trainer().fit(torch.randn(4, 3), torch.randn(4, 1))
        """,
        "return F.mse_loss", ".data cuts it off. Leave .data out there",
    ),
    "no_grad, in a function": (
        NET + "def train(net):\n    with torch.no_grad():\n        out = net(x)\n"
        "    loss = F.mse_loss(out, y)\n    loss.backward()\ntrain(net)",
        "with torch.no_grad", "no_grad() cuts it off. Move what the loss needs out of it.",
    ),
    "a decorator": (
        NET + "@torch.no_grad()\ndef predict(x):\n    return net(x)\n"
        "loss = F.mse_loss(predict(x), y)\nloss.backward()",
        "@torch.no_grad", "@no_grad() cuts it off. Move what the loss needs out of it.",
    ),
    "argmax": (
        """
        net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3))
        x, t = torch.randn(4, 3), torch.tensor([0, 1, 2, 0])
        for epoch in range(2):
            pred = net(x).argmax(dim=1).float()
            loss = ((pred - t.float()) ** 2).mean()
            loss.backward()
        """,
        "pred = net", ".argmax() cuts it off. An index has no slope",
    ),
    "item, and a tensor of numbers": (
        NET + "total = 0\nfor i in range(4):\n    total += F.mse_loss(net(x[i]), y[i]).item()\n"
        "loss = torch.tensor(total / 4)\nloss.backward()",
        "total += ", ".item() cuts it off. A number has no graph",
    ),
    "a tensor of tensors": (
        NET + "preds = []\nfor row in x:\n    preds.append(net(row))\n"
        "preds = torch.tensor(preds)\nloss = F.mse_loss(preds, y)\nloss.backward()",
        "preds = torch.tensor", "torch.tensor() cuts it off. A tensor made of values has no graph",
    ),
    "NumPy": (
        NET + "import numpy as np\nout = net(x)\nerr = np.abs(out.detach().numpy() - y.numpy())\n"
        "loss = torch.from_numpy(err).mean()\nloss.backward()",
        "err = np.abs", ".numpy() cuts it off. NumPy's arrays have no graph",
    ),
    "a list, in a forward": (
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b = nn.Linear(3, 4), nn.Linear(4, 1)
            def forward(self, x):
                h = self.a(x).relu()
                return torch.tensor(self.b(h).tolist())
        net = Net()
        loss = F.mse_loss(net(torch.randn(4, 3)), torch.randn(4, 1))
        loss.backward()
        """,
        "return torch.tensor", ".tolist() cuts it off. A list of numbers has no graph",
    ),
    "integers": (
        NET + "out = net(x).to(torch.int64)\nloss = (out - y).float().mean()\nloss.backward()",
        "out = net", ".to() cuts it off. Integers have no slope",
    ),
    "a comparison": (
        NET + "pred = torch.sigmoid(net(x)) > 0.5\nloss = (pred.float() - y).abs().mean()\n"
        "torch.autograd.backward(loss)",
        "pred = torch", "the comparison cuts it off. A comparison has no slope",
    ),
    "detach, asked by grad": (
        "net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))\nh = net[0](torch.randn(1, 3))\n"
        "out = net[1](h.detach()).sum()\ntorch.autograd.grad(out, list(net.parameters()))",
        "out = net[1]", "`net.0.weight`, input 0, of shape (2, 3), was not: ",
    ),
    "made after the outputs": (
        "x = torch.randn(3, requires_grad=True)\ny = (x * 2).sum()\nx = x * 1\n"
        "torch.autograd.grad(y, x)",
        "x = x * 1", "after the outputs were. Compute the outputs from this tensor.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_the_line_that_cuts_is_named(tmp_path, name):
    text, part, words = BROKEN[name]
    error, _ = run(tmp_path, text)
    assert type(error) is RuntimeError
    assert f"{line(text, part)} ({part}" in str(error)
    for word in words.split(" cuts it off. "):
        assert word in str(error)
    assert "does not require grad" in str(error) or "was not" in str(error)


def test_all_is_frozen(tmp_path):
    text = NET + "net.requires_grad_(False)\nF.mse_loss(net(x), y).backward()"
    error, _ = run(tmp_path, text)
    assert str(error) == (
        "backward: the tensor must depend on one that requires grad; `F.mse_loss(net(x), y)`, of "
        "shape () and dtype float32, does not require grad: all parameters have "
        "requires_grad=False, `net.weight`, `net.bias`. Set requires_grad_(True) on those that are "
        "to be trained."
    )


def test_nothing_is_recorded_where_backward_is_called(tmp_path):
    text = NET + "with torch.no_grad():\n    loss = net(x).sum()\n    loss.backward()"
    assert "nothing is recorded here, inside no_grad() of line 7." in str(run(tmp_path, text)[0])
    text = NET + "torch.set_grad_enabled(False)\nloss = net(x).sum()\nloss.backward()"
    try:
        error, _ = run(tmp_path, text)
    finally:
        autograd.set_grad_enabled(True)
    assert "what set_grad_enabled(False) of line 7 began" in str(error)
    text = NET + "@torch.no_grad()\ndef train():\n    net(x).sum().backward()\ntrain()"
    assert "a function with @no_grad(), line 7" in str(run(tmp_path, text)[0])


def test_without_anything_to_be_named(tmp_path):
    text = "loss = (torch.randn(3) * torch.randn(3)).sum()\nloss.backward()"
    assert str(run(tmp_path, text)[0]) == (
        "backward: the tensor must depend on one that requires grad; `loss`, of shape () and dtype "
        "float32, does not require grad. Create an input with requires_grad=True, and check that "
        "no no_grad() or detach() stands between."
    )
    text = "w = torch.ones(3, requires_grad=True)\nloss = torch.ones(3).sum()\nloss.backward()"
    assert "It was not computed from `w`, which do require" in str(run(tmp_path, text)[0])
    text = (
        "x, w = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)\n"
        "torch.autograd.grad((x * 2).sum(), [x, w])"
    )
    assert str(run(tmp_path, text)[0]) == (
        "grad: every input must be used in computing the outputs; `w`, input 1, of shape (2,), "
        "was not. Compute the outputs from this very tensor, not from a copy. Pass "
        "allow_unused=True to get None for it."
    )


def test_where_there_is_no_source():
    scope = {"autograd": autograd}
    with pytest.raises(RuntimeError, match="this one, of shape .* does not require grad"):
        exec("x = autograd.ones(2, requires_grad=True)\nx.detach().sum().backward()", scope)
    with pytest.raises(RuntimeError, match="`x`, of shape|input 0, of shape"):
        exec("y = autograd.ones(2, requires_grad=True)\nautograd.grad(y.sum(), x)", scope)


def test_what_is_not_on_the_way_is_not_blamed(tmp_path):
    text = NET + (
        "labels = y.long().detach()\nwith torch.no_grad():\n    scale = y.std().item()\n"
        "out = net(x)\nloss = F.mse_loss(out, labels.float() * scale)\nloss = loss.detach()\n"
        "loss.backward()"
    )
    error, _ = run(tmp_path, text)
    assert f"{line(text, 'loss = loss.detach')} (loss = loss.detach()) .detach()" in str(error)
    assert ".detach() cuts it off from `net.weight`, `net.bias`. Leave" in str(error)


def test_inputs_that_do_not_require_grad_are_named(tmp_path):
    text = "x, w = torch.ones(2, requires_grad=True), torch.ones(2)\n" + (
        "torch.autograd.grad((x * w).sum(), [x, w])"
    )
    assert str(run(tmp_path, text)[0]) == (
        "grad: inputs must require grad; `w`, input 1, of shape (2,), does not. Call "
        "requires_grad_() on it before it is used."
    )


def test_a_function_that_calls_itself_is_looked_through(tmp_path):
    text = (
        "w = torch.ones(2, requires_grad=True)\n"
        "def again(n):\n    return again(n - 1) if n else (w * 2).detach()\n"
        "loss = again(3).sum()\nloss.backward()"
    )
    assert "(return again(n - 1) if n else (w * 2).detach()) .detach()" in str(
        run(tmp_path, text)[0]
    )
