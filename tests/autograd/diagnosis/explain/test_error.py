"""explain(error): each classic mistake, made by a small script, is recognised and placed."""

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd import explain
from autograd.diagnosis.explain.kinds import KINDS, kind_of

pytestmark = pytest.mark.usefixtures("noting")


def rows(n=4, features=3):
    return autograd.rand(n, features)


def linear(**given):
    return nn.Linear(3, 2, **given)


def hidden_state_is_carried():
    layer, h = nn.Linear(2, 2), autograd.zeros(1, 2)
    for _ in range(2):
        h = autograd.tanh(layer(h))
        h.sum().backward()


def changed_in_place():
    w = autograd.rand(3, requires_grad=True)
    h = w.exp()
    h += 1
    h.sum().backward()


def parameter_updated_by_hand():
    w = autograd.rand(3, requires_grad=True)
    (w * w).sum().backward()
    w -= 0.1 * w.grad


def evaluated_for_training():
    with autograd.no_grad():
        loss = linear()(rows()).mean()
    loss.backward()


def not_in_the_graph():
    w, x = autograd.rand(3, requires_grad=True), autograd.rand(3, requires_grad=True)
    autograd.grad((w * w).sum(), [w, x])


def loss_not_reduced():
    F.mse_loss(linear()(rows()), autograd.rand(4, 2), reduction="none").backward()


def plotted_with_its_graph():
    linear()(rows()).numpy()


def wrong_width():
    nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(6, 2))(rows())


def channels_last():
    nn.Conv2d(3, 4, 3)(autograd.rand(2, 8, 8, 3))


def weight_not_transposed():
    rows() @ autograd.rand(2, 3)


def vector_meets_rows():
    rows(4, 3) * autograd.rand(4)


def doubles_from_numpy():
    linear()(autograd.from_numpy(np.ones((4, 3))))


def labels_from_one():
    F.cross_entropy(linear()(rows()), autograd.tensor([1, 2, 1, 2]))


def labels_of_floats():
    F.cross_entropy(linear()(rows()), autograd.tensor([0.0, 1.0, 1.0, 0.0]))


def another_models_weights():
    linear().load_state_dict(nn.Linear(3, 5).state_dict())


def condition_over_elements():
    if rows() > 0.5:
        pass


def batch_size_in_the_shape():
    rows(3).view(4, -1)


def single_sample_in_training():
    nn.BatchNorm1d(3)(rows(1))


def integers_with_gradients():
    autograd.tensor([1, 2], requires_grad=True)


def backward_of_another_shape():
    class Sum(autograd.Function):
        def forward(self, x):
            return x.sum(0)

        def grad_x(self, g):
            return g

    w = autograd.rand(3, 2, requires_grad=True)
    Sum.apply(w).sum().backward()


def layers_in_a_list():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(2, 2)]

    optim.SGD(Net().parameters(), lr=0.1)


def forward_misspelt():
    class Net(nn.Module):
        def foward(self, x):
            return x

    Net()(rows())


MISTAKES = {
    hidden_state_is_carried: "a second backward pass through one graph",
    changed_in_place: "a value that a gradient needs was changed in place",
    parameter_updated_by_hand: "a parameter is changed in place while operations are recorded",
    evaluated_for_training: "there is no graph behind the tensor",
    not_in_the_graph: "an input does not take part in the output",
    loss_not_reduced: "backward() of a tensor with several elements",
    plotted_with_its_graph: "a tensor that is in a graph should leave it",
    wrong_width: "the features of a layer's input do not fit its weight",
    channels_last: "the channels of a convolution's input do not fit its weight",
    weight_not_transposed: "a matrix product whose inner sizes differ",
    vector_meets_rows: "shapes that do not go together",
    doubles_from_numpy: "two dtypes meet",
    labels_from_one: "an index beyond the end",
    labels_of_floats: "integers are wanted",
    another_models_weights: "a checkpoint of another model",
    condition_over_elements: "one number is wanted, there are several",
    batch_size_in_the_shape: "a new shape with another number of elements",
    single_sample_in_training: "batch normalisation of a single value",
    integers_with_gradients: "a gradient for integers",
    backward_of_another_shape: "a custom op whose backward does not fit its forward",
    layers_in_a_list: "an optimiser without parameters",
    forward_misspelt: "a module without forward",
}


def explained(mistake):
    with pytest.raises(Exception) as caught:  # noqa: B017 - each mistake has its own
        mistake()
    return explain(caught.value).text


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_classic_mistake(mistake):
    text = explained(mistake)
    assert f"Kind      {MISTAKES[mistake]}" in text
    assert "Likely causes, and cures\n  1. " in text and "     -> " in text
    lines_told = [row for row in text.splitlines() if f"{__name__.rpartition('.')[2]}.py:" in row]
    assert len(lines_told) >= 2, text  # where it was called, and where it happened


def test_what_the_names_in_the_line_held():
    def step(net, x):
        return net(x).sum()

    with pytest.raises(ValueError) as caught:
        step(nn.Sequential(nn.Linear(3, 5), nn.Sequential(nn.ReLU(), nn.Linear(6, 2))), rows())
    text = explain(caught.value).text
    assert "return net(x).sum()" in text
    assert "x: Tensor (4, 3) float32" in text
    assert "Module    net.1.1: Linear(in_features=6, out_features=2, bias=True)" in text


def test_an_attribute_is_found_and_its_maker_told():
    class Model:
        def __init__(self):
            self.w = autograd.rand(3, requires_grad=True)
            self.h = self.w.exp()

        def broken(self):
            return self.h.numpy()

    with pytest.raises(RuntimeError) as caught:
        Model().broken()
    assert "self.h: Tensor (3,) float32, made by Exp" in explain(caught.value).text


def test_other_errors_are_placed_too():
    with pytest.raises(ZeroDivisionError) as caught:
        n = 0
        1 / n
    text = explain(caught.value).text
    assert text.startswith("ZeroDivisionError: division by zero")
    assert "n: 0" in text and "Kind" not in text and "1 / n" in text


def test_the_error_that_is_being_handled(capsys):
    try:
        wrong_width()
    except ValueError:
        explain()
    assert "the features of a layer's input" in capsys.readouterr().out


def test_the_cause_is_told():
    with pytest.raises(RuntimeError) as caught:
        try:
            int("x")
        except ValueError as error:
            raise RuntimeError("reading failed") from error
    assert "Cause     ValueError: invalid literal" in explain(caught.value).text


def test_no_error_yet(monkeypatch):
    import sys

    for name in ("last_exc", "last_value"):
        monkeypatch.delattr(sys, name, raising=False)
    with pytest.raises(RuntimeError, match="explain: there must be a loss or an error to explain"):
        explain()


def test_kinds_are_told_apart():
    titles = [kind.title for kind in KINDS]
    assert len(set(titles)) == len(titles)
    assert all(kind.why.endswith(".") and kind.causes for kind in KINDS)
    assert kind_of("name 'x' is not defined") is None
