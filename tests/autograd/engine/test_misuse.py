"""What a sweep says of a graph that was changed or freed before: lines, variables, cures."""

import linecache
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import autograd
from autograd.engine import lines

ROOT = Path(__file__).parents[3]

PRELUDE = """\
import autograd as torch, nn, optim
from nn import functional as F
torch.manual_seed(0)
w = torch.randn(3, 3, requires_grad=True)
x = torch.ones(2, 3)
"""
FIRST = PRELUDE.count("\n") + 1  # the number of a script's own first line


def said(tmp_path, script):
    """What a script says when it stops; nothing where it ends."""
    path = tmp_path / "train.py"
    path.write_text(PRELUDE + textwrap.dedent(script))
    wanted = object()
    lines.note(wanted)
    try:
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    except RuntimeError as error:
        return str(error)
    finally:
        lines.done(wanted)
        linecache.clearcache()
    return ""


CHANGED = {
    "augmented": (
        """
        h = torch.tanh(x @ w)
        h += 1
        h.sum().backward()
        """,
        r"`h`, .* kept by Tanh \(TanhBackward0\) at train.py:2 \(h = torch.tanh\(x @ w\)\), was "
        r"changed by `\+=` at train.py:3. Write h = h \+ 1\.",
        "h = torch.tanh(x @ w)\nh = h + 1\nh.sum().backward()",
    ),
    "augmented_by_a_sum": (
        """
        h = (x @ w).exp()
        h *= x + 1
        h.sum().backward()
        """,
        r"by `\*=` at train.py:3. Write h = h \* \(x \+ 1\)\.",
        "h = (x @ w).exp()\nh = h * (x + 1)\nh.sum().backward()",
    ),
    "underscored": (
        """
        class Net(nn.Module):
            def forward(self, x):
                self.h = torch.sigmoid(x @ w)
                return self.h.mul_(2)
        Net()(x).sum().backward()
        """,
        r"`self.h`, .*kept by Sigmoid .* at train.py:4 .* was changed by `mul_\(\)` at train.py:5. "
        r"Write self.h = self.h.mul\(2\)\.",
        "h = torch.sigmoid(x @ w)\nh = h.mul(2)\nh.sum().backward()",
    ),
    "element": (
        """
        h = (x @ w).exp()
        h[0] = 1
        h.sum().backward()
        """,
        r"`h`, .* was changed by `h\[0\] = ...` at train.py:3. Change a clone, h = h.clone\(\)",
        "h = (x @ w).exp()\nh = h.clone()\nh[0] = 1\nh.sum().backward()",
    ),
    "function_in_place": (
        """
        h = (x @ w).exp()
        y = F.relu(h, inplace=True)
        y.sum().backward()
        """,
        r"kept by Exp .* was changed by `F.relu\(\)` at train.py:3. Leave inplace=True out",
        "h = (x @ w).exp()\ny = F.relu(h)\ny.sum().backward()",
    ),
    "module_in_place": (
        """
        act = nn.ReLU(inplace=True)
        h = (x @ w).exp()
        y = act(h)
        y.sum().backward()
        """,
        r"was changed by `act\(\)` at train.py:4. Leave inplace=True out",
        "y = nn.ReLU(inplace=True)(x @ w)\ny.sum().backward()",
    ),
    "step_between": (
        """
        model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        a, b = model(x).pow(2).mean(), model(x).abs().mean()
        a.backward()
        optimizer.step()
        b.backward()
        """,
        r"kept by Linear \(AddmmBackward0\) at train.py:4 .* was changed by `optimizer.step\(\)` "
        r"at train.py:6. Run backward before the values of a leaf change",
        "model = nn.Linear(3, 1)\noptimizer = optim.SGD(model.parameters(), lr=0.1)\n"
        "for _ in range(2):\n    model(x).mean().backward()\n    optimizer.step()",
    ),
}

FREED = {
    "loss_twice": (
        """
        loss = (x @ w).pow(2).sum()
        loss.backward()
        loss.backward()
        """,
        r"at train.py:2 .* was freed by an earlier backward pass at train.py:3 "
        r"\(loss.backward\(\)\).* second backward through the same result: compute it anew "
        r"before .* retain_graph=True",
        "loss = (x @ w).pow(2).sum()\nloss.backward(retain_graph=True)\nloss.backward()",
    ),
    "a_leaf_nearer_than_what_was_freed": (
        """
        loss = ((w * 3).exp() + w).sum()
        loss.backward()
        loss.backward()
        """,
        r"Exp \(ExpBackward0\) at train.py:2 .* was freed by an earlier backward pass at ",
        "loss = ((w * 3).exp() + w).sum()\nloss.backward(retain_graph=True)\nloss.backward()",
    ),
    "hidden_state": (
        """
        cell = nn.RNNCell(3, 3)
        h = torch.zeros(2, 3)
        for _ in range(3):
            h = cell(x, h)
            h.pow(2).sum().backward()
        """,
        r"`h`, made by RnnLayer .* at train.py:5 .* pass at train.py:6.* `h` of an earlier step is "
        r"used in this one at train.py:5 .*: detach it between the steps, h = h.detach\(\)\.",
        "cell = nn.RNNCell(3, 3)\nh = torch.zeros(2, 3)\nfor _ in range(3):\n"
        "    h = cell(x, h.detach())\n    h.pow(2).sum().backward()",
    ),
    "state_of_an_lstm": (
        """
        lstm = nn.LSTM(3, 3)
        state = None
        for _ in range(3):
            out, state = lstm(x[None], state)
            out.pow(2).sum().backward()
        """,
        r"`state`, made by .* at train.py:5 .* detach it between the steps, "
        r"state = state.detach\(\) \(of a tuple each part\)\.",
        "lstm = nn.LSTM(3, 3)\nstate = None\nfor _ in range(3):\n"
        "    out, state = lstm(x[None], state)\n    out.pow(2).sum().backward()\n"
        "    state = tuple(one.detach() for one in state)",
    ),
    "total": (
        """
        total = 0.0
        for _ in range(3):
            total += (x @ w).pow(2).sum()
            total.backward()
        """,
        r"`total` collects the graphs of all steps: add numbers, total \+= loss.item\(\), and",
        "total = 0.0\nfor _ in range(3):\n    loss = (x @ w).pow(2).sum()\n    loss.backward()\n"
        "    total += loss.item()",
    ),
    "buffer": (
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)
                self.register_buffer("mean", torch.zeros(3))
            def forward(self, x):
                y = self.fc(x)
                self.mean = 0.9 * self.mean + 0.1 * y.mean(0)
                return (y - self.mean).pow(2)
        net = Net()
        for _ in range(3):
            net(x).sum().backward()
        """,
        r"`self.mean`, made by Add .* at train.py:9 .* self.mean = self.mean.detach\(\)\.",
        "mean = torch.zeros(3)\nfor _ in range(3):\n    y = x @ w\n"
        "    mean = 0.9 * mean + 0.1 * y.detach().mean(0)\n    (y - mean).pow(2).sum().backward()",
    ),
    "computed_once": (
        """
        features = (x @ w).exp()
        head = nn.Linear(3, 1)
        for _ in range(3):
            head(features).pow(2).sum().backward()
        """,
        r"`features`, made by Exp .* `features` was computed once, and both passes go through it; "
        r"the second uses it at train.py:5 .* Compute it again before the second pass, or keep the "
        r"first out of it, features.detach\(\), or pass retain_graph=True to the first\.",
        "head = nn.Linear(3, 1)\nfor _ in range(3):\n"
        "    head((x @ w).exp()).pow(2).sum().backward()",
    ),
    "two_losses": (
        """
        features = (x @ w).exp()
        a, b = features.pow(2).sum(), features.sin().sum()
        a.backward()
        b.backward()
        """,
        r"`features`, made by Exp .* pass at train.py:4 .* Both passes go through `features`: add "
        r"the results and call backward once, or pass retain_graph=True to the first\.",
        "features = (x @ w).exp()\na, b = features.pow(2).sum(), features.sin().sum()\n"
        "(a + b).backward()",
    ),
    "generator_and_discriminator": (
        """
        g, d = nn.Linear(3, 3), nn.Linear(3, 1)
        fake = g(x).tanh()
        d(fake).pow(2).mean().backward()
        (d(fake) - 1).pow(2).mean().backward()
        """,
        r"`fake` was computed once, .* uses it at train.py:5 .* out of it, fake.detach\(\), or",
        "g, d = nn.Linear(3, 3), nn.Linear(3, 1)\nfake = g(x).tanh()\n"
        "d(fake.detach()).pow(2).mean().backward()\n(d(fake) - 1).pow(2).mean().backward()",
    ),
    "custom_function": (
        """
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x ** 3
            @staticmethod
            def backward(ctx, g):
                x, = ctx.saved_tensors
                return 3 * x ** 2 * g
        y = Cube.apply(w)
        y.sum().backward()
        y.sum().backward()
        """,
        r"`y`, made by Cube .* at train.py:11 \(y = Cube.apply\(w\)\) was freed by an earlier "
        r"backward pass at train.py:12",
        "y = (w * w).sum()\ny.backward()",
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_in_place_names_lines_variable_and_cure(tmp_path, name):
    script, words, twin = CHANGED[name]
    assert re.search(shifted(words), said(tmp_path, script))
    assert said(tmp_path, twin) == ""


@pytest.mark.parametrize("name", FREED)
def test_a_second_backward_names_lines_variable_and_cure(tmp_path, name):
    script, words, twin = FREED[name]
    assert re.search(shifted(words), said(tmp_path, script))
    assert said(tmp_path, twin) == ""


def shifted(words):
    """``words`` with the numbers of lines counted from the script's first."""
    return re.sub(r"train\.py:(\d+)", lambda at: f"train.py:{int(at[1]) + FIRST - 1}", words)


LEAVES = {
    "leaf": ("w -= 0.1", r"leaf tensor .* shape \(3, 3\) at train.py:1 \(w -= 0.1\)\. Wrap the "),
    "view_of_a_leaf": ("w[0].mul_(2)", r"leaf has shape \(3, 3\) at train.py:1 \(w\[0\]"),
    "through_its_base": (
        """
        class Rows(torch.Function):
            def forward(self, x): return x[:1]
            def grad_x(self, g): return torch.cat([g, g * 0, g * 0])
        h = w * 1
        v = Rows.apply(h)
        h.mul_(2)
        v.sum().backward()
        """,
        r"mul_ at train.py:7 \(h.mul_\(2\)\) changed this one in place through another tensor",
    ),
}


@pytest.mark.parametrize("name", LEAVES)
def test_a_leaf_that_is_changed_is_told_with_the_line(tmp_path, name):
    script, words = LEAVES[name]
    assert re.search(shifted(words), said(tmp_path, script))


@pytest.mark.parametrize("interpreter", [[], ["-m", "autograd"]], ids=["python", "module"])
def test_a_script_needs_nothing_to_be_told(tmp_path, interpreter):
    path = tmp_path / "train.py"
    path.write_text(PRELUDE + "h = torch.tanh(x @ w)\nh += 1\nh.sum().backward()\n")
    run = subprocess.run(
        [sys.executable, *interpreter, str(path)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 1
    found = run.stderr.strip().rpartition("\n")[2]
    assert re.search(shifted(r"changed by `\+=` at train.py:2. Write h = h \+ 1\."), found)


def test_a_result_has_no_gradient_and_says_so(tmp_path):
    script = """
    w = w - 0.1
    w.sum().backward()
    assert w.grad is None
    """
    words = (
        r"grad: gradients are kept for leaves; `w`, made by Subtract .* at train.py:2 "
        r"\(w = w - 0.1\), is a result\. To update a leaf, write into it: with torch.no_grad\(\): "
        r"w -= ...; to see the gradient of a result, call w.retain_grad\(\) before backward\."
    )
    with pytest.warns(UserWarning, match=shifted(words)) as found:
        assert said(tmp_path, script) == ""
    assert Path(found[0].filename).name == "train.py"


def test_nobody_is_told_who_retains_a_gradient_or_has_a_leaf(recwarn):
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.retain_grad()
    assert y.grad is None
    assert x.grad is None
    assert x.detach().grad is None
    assert not recwarn


def test_where_lines_are_not_noted_the_error_says_how(monkeypatch):
    monkeypatch.setattr(lines, "noted", lambda time: None)
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    y += 1
    unknown = r".*\(Lines are noted .* set_detect_anomaly\(True\) notes all\.\)"
    with pytest.raises(
        RuntimeError, match=rf"kept by Exp \(ExpBackward0\), was changed\. {unknown}"
    ):
        y.sum().backward()
    z = x.exp().sum()
    z.backward()
    with pytest.raises(RuntimeError, match=rf" was freed by an earlier backward pass\. {unknown}"):
        z.backward()


def test_code_without_source_is_named_by_its_line_alone():
    wanted = object()
    lines.note(wanted)
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    code = compile("y = x.exp()\ny += 1\ny.sum().backward()", "nowhere.py", "exec")
    with pytest.raises(
        RuntimeError, match=r"at nowhere.py:1, was changed at nowhere.py:2\. Change"
    ):
        exec(code, {"x": x})
    lines.done(wanted)


def test_saved_tensors_of_a_freed_graph_are_told_with_the_line():
    class Keeps(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    wanted = object()
    lines.note(wanted)
    y = Keeps.apply(autograd.tensor([1.0], requires_grad=True))
    y.sum().backward()
    lines.done(wanted)
    with pytest.raises(RuntimeError, match=r"saved_tensors: .* KeepsBackward at test_misuse.py:\d+ "
                       r"\(y = Keeps.*was freed .* at test_misuse.py:\d+ \(y.sum"):  # fmt: skip
        _ = y.grad_fn.saved_tensors
