"""Anomaly mode: it stops where NaN or Inf is made, says where and why, and nowhere else."""

import gc
import threading
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd.engine import inspection, lines
from nn import functional as F
from tests.autograd.diagnosis.scripts import line, run

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

# Each with what its message has to hold, and the part of its line that is to blame.
BROKEN = {
    "a logarithm of probabilities": (
        """
        net = nn.Linear(4, 3)
        opt = optim.SGD(net.parameters(), lr=0.1)
        x, t = torch.randn(8, 4) * 200, torch.randint(0, 3, (8,))
        torch.autograd.set_detect_anomaly(True)
        for step in range(3):
            opt.zero_grad()
            p = torch.softmax(net(x), dim=1)
            loss = -p.log().gather(1, t[:, None]).mean()
            loss.backward()
            opt.step()
        """,
        "loss = -p.log()",
        ["Log: results must be finite", "x (`p`), float32 of shape (8, 3)", "is 0 there",
         "log_softmax(scores)"],
    ),
    "a root of zero, in the backward pass": (
        """
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        x = torch.zeros(3, 2)
        nn.init.zeros_(net[0].bias)
        with torch.autograd.detect_anomaly():
            d = (net(x) ** 2).sum(1)
            loss = d.sqrt().mean()
            loss.backward()
        """,
        "loss = d.sqrt()",
        ["Function 'SqrtBackward0' returned inf values in its 0th output",
         "3 inf of 3 elements, at [0], [1], [2]", "behind `net.0.weight`", "out, float32",
         "(x + 1e-8).sqrt()"],
    ),
    "a mask that is multiplied": (
        """
        scores = torch.randn(2, 3, requires_grad=True)
        mask = torch.tensor([1.0, 1.0, 0.0])
        with torch.autograd.detect_anomaly():
            scores = scores + (1 - mask) * float("-inf")
            F.softmax(scores, dim=1).sum().backward()
        """,
        "scores = scores + ",
        ["Multiply: results must be finite where the operands are, and never NaN",
         "2 NaN of 3 elements, at [0], [1]", "y is -inf",
         "masked_fill(mask, float('-inf'))"],
    ),
    "a row that is masked as a whole": (
        """
        class Attention(nn.Module):
            def forward(self, scores, mask):
                scores = scores.masked_fill(mask, float("-inf"))
                return scores.softmax(-1)
        net = Attention()
        mask = torch.tensor([[True, True], [False, True]])
        with torch.autograd.detect_anomaly():
            net(torch.randn(2, 2, requires_grad=True), mask).sum().backward()
        """,
        "scores.softmax(-1)",
        ["Softmax: results", "in net: Attention", "2 NaN of 4 elements, at [0, 0], [0, 1]",
         "3 -inf", "leave one place of each row unmasked"],
    ),
    "a learning rate that explodes": (
        """
        net = nn.Linear(3, 1)
        opt = optim.SGD(net.parameters(), lr=1e4)
        x, y = torch.randn(16, 3), torch.randn(16, 1)
        torch.autograd.set_detect_anomaly(True)
        for step in range(100):
            opt.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
        """,
        "loss = ((net(x)",
        ["results must be finite", "left the range of their dtype", "a smaller learning rate"],
    ),
    "NaN in the data": (
        """
        net = nn.Linear(2, 1)
        x = torch.tensor([[1.0, 2.0], [float("nan"), 0.0]])
        with torch.autograd.detect_anomaly():
            loss = F.mse_loss(net(x), torch.zeros(2, 1))
            loss.backward()
        """,
        "loss = F.mse_loss",
        ["Function 'MseLossBackward0' returned nan values", "`x`, 1 NaN of 4 elements, at [1, 0]",
         "came in with the data"],
    ),
    "an op of one's own": (
        """
        class Half(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * 0.5
            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return g / (x - x)
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        with torch.autograd.detect_anomaly():
            y = Half.apply(x)
            y.sum().backward()
        """,
        "y = Half.apply",
        ["Function 'HalfBackward' returned inf values", "Half ran at",
         "saved tensor 0 (`x`), float32 of shape (2,) from 1 to 2", "a quotient by 0"],
    ),
    "the spread of one element": (
        """
        x = torch.randn(4, 1)
        with torch.autograd.detect_anomaly():
            x = (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)
        """,
        "x = (x - x.mean",
        ["Std: results", "4 NaN of 4 elements", "correction=0"],
    ),
    "a parameter that an earlier step has spoilt": (
        """
        net = nn.Linear(2, 1)
        net.weight.data[0, 1] = float("nan")
        with torch.autograd.detect_anomaly():
            loss = net(torch.ones(1, 2)).pow(2).sum()
            loss.backward()
        """,
        "loss = net(",
        ["The parameter `net.weight` holds NaN already"],
    ),
    "float16 that overflows": (
        """
        x = torch.tensor([300.0, 1.0], requires_grad=True)
        with torch.autograd.detect_anomaly():
            y = (x * x).half()
        """,
        "y = (x * x)",
        ["Cast: results", "1 inf of 2 elements, at [0]", "65504"],
    ),
}  # fmt: skip

RIGHT = {
    "log_softmax": """
        net = nn.Linear(4, 3)
        opt = optim.SGD(net.parameters(), lr=0.1)
        x, t = torch.randn(8, 4) * 200, torch.randint(0, 3, (8,))
        torch.autograd.set_detect_anomaly(True)
        for step in range(3):
            opt.zero_grad()
            loss = F.nll_loss(F.log_softmax(net(x), dim=1), t)
            loss.backward()
            opt.step()
        """,
    "a root with something added": """
        with torch.autograd.detect_anomaly():
            x = torch.zeros(3, 2, requires_grad=True)
            ((x ** 2).sum(1) + 1e-8).sqrt().mean().backward()
        """,
    "masks of -inf": """
        s = torch.randn(2, 4, 4, requires_grad=True)
        later = torch.triu(torch.ones(4, 4), 1)
        additive = torch.zeros(4, 4).masked_fill(later.bool(), float("-inf"))
        t = torch.zeros(4, dtype=torch.long)
        with torch.autograd.detect_anomaly():
            a = F.softmax(s.masked_fill(later.bool(), float("-inf")), -1)
            b = F.softmax(s + additive, -1)
            c = F.softmax(torch.where(later.bool(), -torch.inf, s), -1)
            d = F.log_softmax(s + (1 - later).log(), -1)
            e = F.scaled_dot_product_attention(s, s, s, attn_mask=additive)
            f = torch.logsumexp(s + additive, -1)
            g = F.cross_entropy((s + additive)[0], t)
            (a.sum() + b.sum() + c.sum() + d[:, :, 0].sum() + e.sum() + f.sum() + g).backward()
        """,
    "two masks of the lowest number": """
        lowest = torch.finfo(torch.float32).min
        mask = torch.tensor([[0.0, lowest], [0.0, 0.0]])
        s = torch.randn(2, 2, requires_grad=True)
        with torch.autograd.detect_anomaly():
            F.softmax(s + (mask + mask), -1).sum().backward()
        """,
    "missing values that are left out": """
        net = nn.Linear(2, 1)
        y = torch.tensor([[1.0], [float("nan")], [0.5]])
        with torch.autograd.detect_anomaly():
            there = ~y.isnan()
            F.mse_loss(net(torch.randn(3, 2))[there], y[there]).backward()
        """,
    "where with safe numbers": """
        x = torch.tensor([1.0, 0.0], requires_grad=True)
        with torch.autograd.detect_anomaly():
            torch.where(x > 0, torch.where(x > 0, x, 1.0).log(), 0.0).sum().backward()
        """,
    "a running best that starts at infinity": """
        best = float("inf")
        x = torch.randn(3, requires_grad=True)
        with torch.autograd.detect_anomaly():
            lowest = torch.full((3,), torch.inf)
            lowest = torch.minimum(lowest, x)
            lowest.sum().backward()
        """,
    "a density that is 0": """
        from autograd import distributions
        with torch.autograd.detect_anomaly():
            distributions.Uniform(0.0, 1.0, validate_args=False).log_prob(torch.tensor(2.0))
        """,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_script_is_stopped(tmp_path, name):
    text, part, words = BROKEN[name]
    error, _ = run(tmp_path, text)
    assert type(error) is RuntimeError
    for word in [line(text, part), *words]:
        assert word in str(error)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_script_is_not(tmp_path, name):
    assert run(tmp_path, RIGHT[name]) == (None, [])


# -- the switches ----------------------------------------------------------------------------------


def test_the_switches_nest_and_are_put_back():
    known = (autograd.is_anomaly_enabled, autograd.is_anomaly_check_nan_enabled)

    def state():
        return [ask() for ask in known]

    assert state() == [False, True]  # as PyTorch says it
    with autograd.detect_anomaly(check_nan=False):
        assert state() == [True, False]
        with autograd.set_detect_anomaly(False):
            assert state() == [False, True]
        assert state() == [True, False]
        with autograd.detect_anomaly():
            assert state() == [True, True]
    assert state() == [False, True]
    autograd.set_detect_anomaly(True)
    assert state() == [True, True]
    autograd.set_anomaly_enabled(False)
    assert state() == [False, True]
    assert inspection.inspector is None


def test_it_is_off_after_an_error():
    with pytest.raises(RuntimeError, match="Log"), autograd.detect_anomaly():
        autograd.zeros(1, requires_grad=True).log()
    assert not autograd.is_anomaly_enabled()
    assert autograd.zeros(1).log().item() == -np.inf


def test_a_flag_is_a_bool():
    with pytest.raises(TypeError, match=r"mode must be True or False; got 1. Pass a bool."):
        autograd.set_detect_anomaly(1)
    with pytest.raises(TypeError, match=r"check_nan must be True or False; got None"):
        autograd.detect_anomaly(None).__enter__()


def test_without_check_nan_lines_are_noted_and_no_number_is_looked_at():
    x = autograd.zeros(1, requires_grad=True)
    for _ in range(30_000):
        autograd.engine.versions.tick()
    with autograd.detect_anomaly(check_nan=False):
        y = x.sqrt()  # noted
        assert lines.of(y.grad_fn).text.endswith("# noted")
        y.backward()
    assert np.isinf(x.grad.item())


def test_a_pass_alone_may_be_looked_at():
    x = autograd.zeros(2, requires_grad=True)
    y = x.sqrt().sum()
    with pytest.raises(RuntimeError, match="SqrtBackward0"), autograd.detect_anomaly():
        y.backward()
    with pytest.raises(RuntimeError, match="SqrtBackward0"), autograd.detect_anomaly():
        autograd.grad((x * 1).sqrt().sum(), x)


def test_recorded_passes_are_looked_at():
    x = autograd.zeros(2, requires_grad=True)
    with autograd.detect_anomaly():
        (g,) = autograd.grad((x * x).sum(), x, create_graph=True)
        g.sum().backward()
        assert x.grad.tolist() == [2.0, 2.0]
        with pytest.raises(RuntimeError, match="Function 'SqrtBackward0' returned inf"):
            autograd.grad((x * x).sum().sqrt(), x, create_graph=True)


def test_all_threads_are_looked_at():
    found = []

    def work():
        try:
            autograd.zeros(1, requires_grad=True).log()
        except RuntimeError as error:
            found.append(str(error))

    with autograd.detect_anomaly():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert "Log: results must be finite" in found[0]


@pytest.mark.parametrize("general", [False, True])
def test_ops_that_come_to_be_meanwhile_are_looked_at(general):
    with autograd.detect_anomaly():

        class Over(autograd.Function if general else autograd.engine.elementwise.Elementwise):
            def forward(self, x):
                return 1 / x

            def grad_x(self, g, x):
                return -g / x**2

        with pytest.raises(RuntimeError, match=r"Over: results .* x, float32 of shape \(1,\)"):
            Over.apply(autograd.zeros(1, requires_grad=True))
        with pytest.raises(RuntimeError, match="Over"):
            Over.apply(autograd.zeros(1))
    assert Over.apply(autograd.zeros(1)).item() == np.inf


def test_a_gradient_that_is_given():
    x = autograd.ones(2, requires_grad=True)
    with autograd.detect_anomaly():
        with pytest.raises(RuntimeError, match="starts from must be finite; got one, 1 NaN of 2"):
            (x * 2).backward(autograd.tensor([1.0, np.nan]))


def test_a_hook_that_makes_nan():
    x = autograd.ones(2, requires_grad=True)
    y = x * 2
    y.register_hook(lambda g: g * np.inf)
    with autograd.detect_anomaly(), pytest.raises(RuntimeError) as caught:
        y.sum().backward()
    assert "that of `x`, 2 inf of 2 elements" in str(caught.value)
    assert "a hook has changed one" in str(caught.value)


# -- what it must not do ---------------------------------------------------------------------------


def trained(mode):
    autograd.manual_seed(3)
    net = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Dropout(), nn.Linear(8, 3))
    x, t = autograd.randn(5, 4), autograd.tensor([0, 1, 2, 0, 1])
    with autograd.set_detect_anomaly(mode):
        F.cross_entropy(net(x), t).backward()
    return [p.grad.tolist() for p in net.parameters()]


def test_no_number_changes():
    assert trained(False) == trained(True)


def test_graphs_are_freed_as_ever():
    with autograd.detect_anomaly():
        x = autograd.ones(2, requires_grad=True)
        y = x.exp()
        alive = weakref.ref(y.grad_fn.plan[0][2][0])
        y.sum().backward()
        with pytest.raises(RuntimeError, match="`y`, made by Exp .* was freed by an earlier"):
            y.sum().backward()
        del y
        gc.collect()
        assert alive() is None
        z = (x * x).sum()
        z.backward(retain_graph=True)
        z.backward()
        part = (x * x).exp()
        autograd.grad(part.sum(), part)
        part.sum().backward()  # what lies behind a target was kept


def test_each_result_is_looked_at_once(monkeypatch):
    seen = []
    plain = inspection.Inspector

    class Counting(plain):
        def looking(self, op, forward):
            def look(node, *given, **options):
                seen.append(op.__name__)
                return forward(node, *given, **options)

            return look

        def returned(self, op, given, options, out):
            seen.append(op.__name__)

    x = autograd.ones(2, requires_grad=True)
    inspection.inspect_by(Counting())
    try:
        (x.exp() * 2 + x.double()).sum()
    finally:
        inspection.inspect_by(None)
    assert seen == ["Exp", "Multiply", "Cast", "Cast", "Add", "Sum"]
    x.exp()
    assert len(seen) == 6


# -- trace_nonfinite -------------------------------------------------------------------------------


def test_a_trace_goes_on_and_says_each_line_once():
    x = autograd.tensor([1.0, 0.0], requires_grad=True)
    with autograd.trace_nonfinite() as found:
        for _ in range(3):
            y = x.log()
            (y * 0 + x.sqrt()).sum().backward()
    assert len(found) == 3
    assert found[0].startswith("Log: results must be finite")
    assert found[1].startswith("Multiply: results must be finite where the operands are, and never")
    assert found[2].startswith("Function 'SqrtBackward0' returned inf")
    assert str(found).count("\n") == 2
    with autograd.trace_nonfinite() as found:
        x.exp()
    assert repr(found) == "all numbers are finite"
    assert inspection.inspector is None
