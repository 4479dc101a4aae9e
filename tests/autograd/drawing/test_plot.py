"""Curves, histograms, paths and sweeps: what is drawn, from which numbers, and what is refused."""

import sys

import numpy as np
import pytest

import autograd
import nn
from autograd.drawing import plot
from nn import functional as F

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    if "matplotlib.pyplot" in sys.modules:  # which plots load, not refusals
        sys.modules["matplotlib.pyplot"].close("all")


def lines(ax):
    """The curves with a name, as {name: (x, y)}."""
    return {
        line.get_label(): tuple(np.asarray(one).tolist() for one in line.get_data())
        for line in ax.lines
        if not line.get_label().startswith("_")
    }


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def notes(ax):
    return [text.get_text() for text in ax.texts]


def rows(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


# -- losses ----------------------------------------------------------------------------------------


def test_a_history_is_a_curve_from_step_1():
    ax = plot.losses(
        [3.0, autograd.tensor(2.0), np.float32(1.0)], title="T", xlabel="x", ylabel="y"
    )
    (line,) = ax.lines
    assert [one.tolist() for one in line.get_data()] == [[1, 2, 3], [3, 2, 1]]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("T", "x", "y")
    assert ax.get_yscale() == "linear" and ax.get_legend() is None


def test_several_differ_in_colour_and_in_dash_and_have_steps_of_their_own():
    ax = plot.losses({"a": [1, 2], "b": ([5, 9], [1, 2]), "c": autograd.tensor([1.0])}, log=True)
    assert lines(ax)["b"] == ([5, 9], [1, 2])
    assert legend(ax) == ["a", "b", "c"] and ax.get_yscale() == "log"
    looks = {(line.get_color(), line.get_linestyle()) for line in ax.lines}
    assert len({color for color, _ in looks}) == len({dash for _, dash in looks}) == 3


def test_smoothing_is_a_mean_without_bias_and_keeps_the_curve_visible():
    ax = plot.losses({"a": [4.0, 2.0, 2.0]}, smoothing=0.5)
    raw, smooth = ax.lines
    assert raw.get_ydata().tolist() == [4, 2, 2] and raw.get_alpha() == 0.3
    assert smooth.get_ydata() == pytest.approx([4, 8 / 3, 16 / 7])


def test_the_last_finite_point_is_marked():
    ax = plot.losses({"a": [1.0, 2.0, float("nan"), 1.0]})
    assert lines(ax)["a: not finite from 3"] == ([2], [2])


def test_it_draws_where_it_is_told():
    ax = matplotlib.figure.Figure().subplots()
    assert plot.losses([1.0], ax=ax) is ax
    assert plot.sweep([1.0], [1.0], ax=ax) is ax


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: plot.losses([1.0], smoothing=1.0),
            "losses: smoothing must be in [0, 1); got 1.0. Pass 0.9 for a smooth curve, 0 for "
            "none.",
        ),
        (
            lambda: plot.losses({"a": []}),
            "losses: a curve must have a value, or as many steps as values; a has 0 steps and 0 "
            "values. Append loss.item() at each step.",
        ),
        (
            lambda: plot.losses(([1, 2], [1.0])),
            "losses: a curve must have a value, or as many steps as values; the history has 2 "
            "steps and 1 values. Append loss.item() at each step.",
        ),
        (
            lambda: plot.sweep([0.1, 1.0], {"SGD": [1.0]}),
            "sweep: there must be a result for each of the 2 rates; SGD has 1. Put NaN where a "
            "training broke off.",
        ),
        (
            lambda: plot.paths(lambda w: w.sum(), {"Adam": [1.0, 2.0]}),
            "paths: a path must hold points of two numbers, (steps, 2); Adam has shape (2,). "
            "Append w.detach().clone() at each step.",
        ),
        (
            lambda: plot.histograms({"a": [1.0]}, of="weights"),
            "histograms: of must be 'activations' or 'gradients'; got 'weights'. Pass one of them.",
        ),
        (
            lambda: plot.histograms(nn.Linear(2, 2), autograd.ones(1, 2), of="gradients"),
            "histograms: gradients come from a loss; none was given. Pass loss=lambda output: "
            "F.cross_entropy(output, y), or show of='activations'.",
        ),
        (
            lambda: plot.histograms({}),
            "histograms: there must be a layer to show; none gave values that fit. Pass a module "
            "and what it is called with, or arrays by name.",
        ),
        (
            lambda: plot.histograms(nn.Linear(2, 2), autograd.ones(1, 2), layers=[nn.Tanh]),
            "histograms: layers must name some that ran, or be classes of modules; nothing fits "
            "Tanh. The model has Linear.",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, said):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == said


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError) as caught:
        plot.losses([1.0])
    monkeypatch.undo()
    assert str(caught.value) == (
        "plot: curves are drawn by matplotlib, which is not installed. Run: "
        "pip install 'gradloom[plot]'"
    )


# -- sweeps and paths ------------------------------------------------------------------------------


def test_a_sweep_rings_the_best_and_crosses_what_diverged():
    ax = plot.sweep([0.01, 0.1, 1.0], {"SGD": [3.0, 1.0, float("inf")], "Adam": [1, 2, 3]})
    assert legend(ax) == ["SGD: 1 at 0.1", "Adam: 1 at 0.01"]
    assert lines(ax)["SGD: 1 at 0.1"] == ([0.01, 0.1], [3, 1])
    crosses = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "x"]
    assert crosses == [[1.0], []]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_paths_are_drawn_over_contours_of_the_function():
    asked = []

    def bowl(w):
        asked.append(tuple(w.shape))
        assert not autograd.is_grad_enabled()
        return (w * w).sum()

    way = [autograd.tensor([3.0, 0.0]), autograd.tensor([1.0, 1.0])]
    ax = plot.paths(bowl, {"SGD": way}, resolution=5, xlim=(-4, 4), ylim=(-2, 2), log=True)
    assert lines(ax)["SGD"] == ([3, 1], [0, 1]) and legend(ax) == ["SGD"]
    assert asked == [(2,)] * 25
    assert ax.get_xlim() == (-4, 4) and ax.get_ylim() == (-2, 2)
    assert len(ax.collections) == 2


def test_a_path_that_left_for_infinity_is_drawn_as_far_as_it_goes():
    way = np.array([[0.0, 0.0], [1.0, 1.0], [np.inf, 1.0]])
    assert plot.paths(lambda w: w.sum(), way, resolution=3).get_xlim() == (-0.12, 1.12)


# -- histograms ------------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.act = nn.ReLU()
        self.fc = nn.Linear(32, 4)

    def forward(self, x):
        x = self.act(self.conv(x)).flatten(1)
        x = self.fc(x).tanh()
        return autograd.sigmoid(x * 100).relu()


def test_rows_are_layers_and_the_functions_between_them():
    net, x = Net(), autograd.randn(6, 1, 6, 6)
    with autograd.no_grad():
        net.conv.bias[0] = -100.0
    ax = plot.histograms(net, x)
    assert rows(ax) == ["conv: Conv2d", "act: ReLU", "fc: Linear", "tanh", "sigmoid", "relu"]
    said = notes(ax)
    assert said[0] == said[2] == "" and said[1].endswith("% zero, 1 of 2 dead")
    a = net.fc(net.act(net.conv(x)).flatten(1)).tanh()
    expected = float((1 - a * a < 0.1).float().mean())
    assert said[3] == f"{expected:.0%} saturated"
    s = autograd.sigmoid(a * 100)
    assert said[4] == f"{float((s * (1 - s) < 0.025).float().mean()):.0%} saturated"


def test_gradients_are_those_of_the_loss_by_layer():
    net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(inplace=True), nn.Linear(5, 2))
    x, y = autograd.randn(7, 3), autograd.randint(0, 2, (7,))
    ax = plot.histograms(net, x, of="gradients", loss=lambda out: F.cross_entropy(out, y))
    assert rows(ax) == ["0: Linear", "1: ReLU", "2: Linear"]
    z = net[0](x)
    a = F.relu(z)
    out = net[2](a)
    found = autograd.grad(F.cross_entropy(out, y), [z, a, out])
    for said, g in zip(notes(ax), found, strict=True):
        assert said.startswith(f"rms {float((g * g).mean() ** 0.5):.1e}")
    assert notes(ax)[0].endswith("% zero") and net[0].weight.grad is None


def test_layers_are_chosen_by_class_or_name():
    net, x = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)), autograd.randn(7, 3)
    assert rows(plot.histograms(net, x, layers=nn.ReLU)) == ["1: ReLU"]
    assert rows(plot.histograms(net, x, layers=["2", "0: Linear"])) == ["0: Linear", "2: Linear"]


def test_arrays_have_rows_by_name():
    ax = plot.histograms({"w": autograd.tensor([1.0, 10.0]), "b": None}, of="gradients")
    assert rows(ax) == ["w"] and notes(ax) == ["rms 7.1e+00"]
    assert plot.histograms({"w": np.zeros((3, 2))}).texts[0].get_text() == "100% zero, 2 of 2 dead"


def test_a_module_whose_parts_others_use_is_a_layer():
    net, x = nn.MultiheadAttention(8, 2, batch_first=True), autograd.rand(2, 5, 8)
    assert rows(plot.histograms(net, (x, x, x))) == ["MultiheadAttention"]


def test_values_are_those_before_an_operation_in_place():
    net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(inplace=True))
    said = notes(plot.histograms(net, autograd.randn(7, 3)))
    assert said[0] == "" and "zero" in said[1]


def test_a_dead_unit_is_dead_in_every_call():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.act = nn.ReLU()

        def forward(self, x):
            return self.act(x) + self.act(-x)

    x = autograd.tensor([[-1.0, 0.0, 2.0], [-2.0, 0.0, 1.0]])
    assert notes(plot.histograms(Twice(), x)) == ["67% zero, 1 of 3 dead"]


def test_several_calls_of_a_module_are_one_row():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(2, 2)

        def forward(self, x):
            return self.fc(self.fc(x).relu()).relu()

    assert rows(plot.histograms(Twice(), autograd.randn(3, 2))) == ["fc: Linear", "relu"]


def test_the_model_is_left_as_it_was():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5), nn.Linear(3, 1))
    x = autograd.randn(8, 2)
    before = {name: one.clone() for name, one in net.state_dict().items()}
    state = autograd.get_rng_state()
    plot.histograms(net, x, of="gradients", loss=lambda out: out.sum())
    assert all((one == before[name]).all() for name, one in net.state_dict().items())
    assert (autograd.get_rng_state() == state).all()
    assert net.training and all(p.grad is None for p in net.parameters())


def test_an_error_names_the_module():
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Linear(4, 1)))
    with pytest.raises(RuntimeError) as caught:
        plot.histograms(net, autograd.randn(8, 2))
    assert str(caught.value).startswith(
        "histograms: the model must run on what it is given; in 1.0 (Linear) it raised ShapeError: "
        "linear: weight expects 4 input features, got x of shape (8, 3)."
    )
