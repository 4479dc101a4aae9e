"""compare(): two runs that differ by one thing, and what is named; their twins, and agreement."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd import compare, record_run
from autograd.diagnosis.compare.compare import difference
from autograd.diagnosis.compare.recording import read
from autograd.engine import lines

HERE = "test_compare.py"


def number(mark):
    """The line of this file that ends in ``# mark``."""
    text = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(text, 1) if line.endswith(f"# {mark}"))


class Net(nn.Module):
    def __init__(self, eps=1e-5, scale=1.0, act=autograd.tanh):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8, eps=eps), nn.Dropout(0.2))
        self.out, self.scale, self.act = nn.Linear(8, 3), scale, act

    def forward(self, x):
        h = self.act(self.encoder(x))  # activation
        return self.out(h) * self.scale  # scaled


def step(dtype=autograd.float32, seed=0, **changes):
    """A step of training: model, data, loss and gradients."""

    def run():
        autograd.manual_seed(seed)
        net = Net(**changes).to(dtype)
        x, y = autograd.rand(5, 6).to(dtype), autograd.tensor([0, 1, 2, 1, 0])
        F.cross_entropy(net(x), y).backward()

    return run


def test_float32_and_float64_agree():
    found = compare(step(), step(dtype=autograd.float64))
    assert found.agree and found.op is None and found.ulps == 0.0
    assert re.match(r"compare: the runs agree: \d+ values and \d+ gradients, within", found.text)
    assert "ulps of float32" in found.text


def test_the_same_run_twice_draws_the_same_numbers():
    def run():
        F.dropout(autograd.rand(30, requires_grad=True), 0.5).sum().backward()

    found = compare(run, run)
    assert found.agree and "within 0 ulps" in found.text


def test_a_factor_is_found_where_it_stands():
    found = compare(step(), step(scale=1.001))
    assert not found.agree
    assert (found.op, found.what, found.line) == ("Multiply", "value", f"{HERE}:{number('scaled')}")
    assert found.text.startswith(
        "compare: the runs differ first in the value of Multiply (Net), by"
    )
    assert 5_000 < found.ulps < 20_000
    assert "Look at this op, its options, and the constants in it" in found.text


def test_another_eps_is_found_by_the_path_of_its_layer():
    found = compare(step(), step(eps=1e-3))
    assert (found.op, found.what) == ("NativeLayerNorm", "value")
    assert "(encoder.1)" in found.text


class Slope(autograd.Function):
    """tanh with a gradient that is wrong by a hundredth."""

    def forward(self, x):
        return np.tanh(x)

    def grad_x(self, g, out):
        return g * (1 - out**2) * 1.01


class SlopeOfContext(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        out = x.tanh()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, g):
        (out,) = ctx.saved_tensors
        return g * (1 - out)


@pytest.mark.parametrize("wrong", [Slope.apply, SlopeOfContext.apply])
def test_a_wrong_gradient_is_named_by_the_op_that_gives_it(wrong):
    found = compare(step(), step(act=wrong))
    assert (found.op, found.what) == ("Tanh", "gradient")
    assert found.line == f"{HERE}:{number('activation')}"
    assert "differ first in the gradient that the backward of Tanh (Net) at" in found.text
    assert "Values agree; look at the gradient formula of that op." in found.text


def test_a_wrong_gradient_of_a_parameter():
    class Scale(autograd.Function):
        def forward(self, x, w):
            return x * w

        def grad_w(self, g, x):
            return g * x * 1.01

    w, x = autograd.rand(4, requires_grad=True), autograd.rand(4)
    found = compare(lambda: (x * w).sum().backward(), lambda: Scale.apply(x, w).sum().backward())
    assert (found.op, found.what) == ("Multiply", "gradient")
    assert "gives to input y of Multiply" in found.text


def test_other_weights_are_no_fault_of_an_op():
    found = compare(step(), step(seed=1))
    assert found.op.startswith("input ") and found.what == "value"
    assert (
        "The runs start from different numbers: give both the same data and weights" in found.text
    )


def test_other_labels_are_seen_in_the_loss():
    scores = autograd.rand(2, 3, requires_grad=True)
    one, two = autograd.tensor([0, 1]), autograd.tensor([0, 2])
    found = compare(lambda: F.cross_entropy(scores, one), lambda: F.cross_entropy(scores, two))
    assert (found.op, found.what) == ("CrossEntropy", "value")


def test_what_one_run_has_and_the_other_lacks():
    w = autograd.rand(4, requires_grad=True)
    found = compare(lambda: w.exp().sum(), lambda: w.exp().abs().sum())
    assert found.agree and "Only in b: Absolute (test_compare.py:" in found.text
    found = compare(lambda: w.exp(), lambda: w.outer(w))
    assert "nothing could be compared" in found.text


def test_rounding_that_grows_along_the_way_is_agreement():
    def deep(dtype):
        def run():
            autograd.manual_seed(0)
            cell = nn.RNN(4, 16).to(dtype)
            x = autograd.rand(60, 2, 4).to(dtype)
            cell(x)[0].sum().backward()

        return run

    assert compare(deep(autograd.float32), deep(autograd.float64)).agree


def test_a_zero_that_rounding_left_is_no_difference():
    """The bias before a batch normalisation has no gradient; its digits mean nothing."""

    def run(dtype):
        def training():
            autograd.manual_seed(0)
            net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)).to(dtype)
            net(autograd.rand(9, 3).to(dtype)).square().mean().backward()

        return training

    assert compare(run(autograd.float32), run(autograd.float64)).agree


def test_a_recording_goes_to_a_file_and_back(tmp_path):
    file = tmp_path / "before.npz"
    record_run(step()).save(file)
    again, kept = read(file), record_run(step())
    assert [one.facts() for one in again.entries] == [one.facts() for one in kept.entries]
    assert compare(step(), file).agree and compare(str(file), step()).agree
    assert compare(file, step(scale=1.01)).op == "Multiply"


def test_several_steps_of_training_are_compared():
    def training(rate):
        def run():
            autograd.manual_seed(0)
            net, x = nn.Linear(3, 1), autograd.rand(4, 3)
            opt = optim.SGD(net.parameters(), lr=rate)
            for _ in range(3):
                opt.zero_grad()
                net(x).square().mean().backward()
                opt.step()

        return run

    assert compare(training(0.1), training(0.1)).agree
    assert not compare(training(0.1), training(0.2)).agree


def test_hooks_are_taken_out_and_no_number_changes():
    w = autograd.rand(4, requires_grad=True)
    (w * w).sum().backward()
    plain, w.grad = w.grad, None
    record_run(lambda: (w * w).sum().backward())
    assert (w.grad == plain).all()
    assert not w._edge.hooks


def test_it_prints_as_a_statement(capsys):
    compare(step(), step())
    assert capsys.readouterr().out.startswith("compare: the runs agree")


def test_what_is_no_run(tmp_path):
    with pytest.raises(TypeError, match="a run must be a function, a recording or its file; got T"):
        compare(autograd.rand(2), step())
    with pytest.raises(TypeError, match="record_run: expected a function to run; got int"):
        record_run(3)
    np.savez(tmp_path / "other.npz", x=np.ones(3))
    with pytest.raises(ValueError, match="a file must be a recording; .*other.npz is not"):
        compare(step(), tmp_path / "other.npz")


def test_differences_are_in_units_of_the_coarser_dtype():
    one = np.array([1.0, 2.0], np.float32)
    assert difference(one, one.astype(float)) == (0.0, (0,))
    ulps, index = difference(one, np.array([1.0, 2.0 + 2e-6]))
    assert index == (1,) and ulps == pytest.approx(1e-6 / np.finfo(np.float32).eps, rel=1e-3)
    assert difference(one, np.array([np.nan, 2.0]))[0] == np.inf
    assert difference(one * np.nan, one * np.nan)[0] == 0.0
    assert difference(np.array([1, 2]), np.array([1, 3])) == (np.inf, (1,))
    assert difference(np.ones((0, 2)), np.ones((0, 2))) == (0.0, ())


@pytest.mark.torch
def test_a_run_of_pytorch(tmp_path):
    """The same step there and here, recorded by the script that the documentation ships."""
    torch = pytest.importorskip("torch")
    path = Path(__file__).resolve().parents[3] / "docs" / "record_torch.py"
    spec = importlib.util.spec_from_file_location("record_torch", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def build(library, layers, functions, scale=1.0):
        def run():
            library.manual_seed(3)

            class Model(layers.Module):
                def __init__(self):
                    super().__init__()
                    self.conv, self.norm = layers.Conv2d(1, 4, 3), layers.BatchNorm2d(4)
                    self.hidden, self.cell = layers.Linear(36, 10), layers.GRU(10, 6)
                    self.last, self.out = layers.LayerNorm(6), layers.Linear(6, 3)

                def forward(self, x):
                    h = functions.max_pool2d(functions.relu(self.norm(self.conv(x))), 2)
                    h = functions.dropout(library.tanh(self.hidden(h.flatten(1))), 0.3)
                    h = self.cell(h[None].expand(7, -1, -1))[0][-1]
                    return self.out(functions.gelu(self.last(h))) * scale

            net, x = Model(), library.rand(5, 1, 8, 8)
            functions.cross_entropy(net(x), library.tensor([0, 1, 2, 1, 0])).backward()

        return run

    file = tmp_path / "torch.npz"
    script.record(build(torch, torch.nn, torch.nn.functional), file)
    found = compare(build(autograd, nn, F), file)
    assert found.agree, found.text
    assert int(re.search(r"(\d+) values and", found.text)[1]) > 20
    assert int(re.search(r"(\d+) gradients", found.text)[1]) > 20
    found = compare(build(autograd, nn, F, scale=1.001), file)
    assert (found.op, found.what) == ("Multiply", "value") and "(b: mul)" in found.text


def test_lines_are_told():
    assert lines.here().number == number("now")  # now
