"""Errors say where they were made: once, by the user's words, and only errors of ours."""

import copy
import gc
import json
import pickle
import sys
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd.engine import observer
from autograd.engine.places import ShapeError, placed

TOLD = sys.version_info >= (3, 11)  # which of a line's calls is running
X = autograd.ones(2, 3)


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 4), nn.Linear(5, 2)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x):
        return self.inner(x)


class Owner:
    def __init__(self):
        self.nets = [Outer()]

    def run(self):
        return self.nets[0](X)


def message(act, kind=Exception):
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value)


def test_the_innermost_line_of_the_users_and_the_path_from_the_outermost_module():
    net = Outer()
    words = message(lambda: net(X), ShapeError)
    line = Inner.forward.__code__.co_firstlineno + 2
    layer = "Linear(in_features=5, out_features=2, bias=True)"
    assert words.endswith(
        f" At test_places.py:{line} (x = layer(x)), in net.inner.layers.1: {layer}."
    )
    assert words.count("test_places.py") == 1


def test_the_outermost_module_has_the_name_that_the_line_calls_it():
    assert "in self.nets[0].inner.layers.1: Linear(" in message(Owner().run)
    assert "in Outer.inner.layers.1: Linear(" in message(lambda: Outer()(X))
    assert "in Outer.inner.layers.1: Linear(" in message(lambda: [*map(Outer(), [X])])
    assert "), in Linear(in_features=5" in message(lambda: nn.Linear(5, 2)(X))


@pytest.mark.parametrize("call", ["net(x)", "float(net(x).sum())", "use(net(x), other(x))"])
def test_which_of_several_calls_it_is(call, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(f"def run(net, other, x, use):\n    return {call}\n", encoding="utf-8")
    scope = {"__name__": "script"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
    words = message(lambda: scope["run"](Outer(), abs, X, max))
    root = "net" if TOLD or "use" not in call else "Outer"
    assert f"in {root}.inner.layers.1: Linear(" in words


def test_a_module_that_is_called_by_one_that_does_not_hold_it():
    class Hidden(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = (nn.Linear(5, 2),)

        def forward(self, x):
            return self.layers[0](x)

    net = Hidden()
    words = message(lambda: net(X))
    assert "in a Linear(in_features=5, out_features=2, bias=True) that " in words
    assert words.endswith(" that net calls.")


def test_with_hooks_and_observers():
    net = Outer()
    net.inner.register_forward_hook(lambda *given: None)
    plain = message(lambda: net(X))
    with observer.observe(observer.Observer()):
        assert message(lambda: net(X)).partition(" At ")[0] == plain.partition(" At ")[0]
    assert ".inner.layers.1: Linear(" in plain


def test_what_the_user_raises_stays_as_it_is():
    class Strict(nn.Module):
        def forward(self, x):
            raise ValueError("no")

    class Wrong(nn.Module):
        def forward(self, x):
            return np.ones(3) + np.ones(4)

    class Reads(nn.Module):
        def forward(self, x):
            return json.loads("[")

    assert message(lambda: Strict()(X)) == "no"
    assert "At " not in message(lambda: Reads()(X))
    assert "At " not in message(lambda: Wrong()(X))

    class Refuses(autograd.Function):
        def forward(self, x):
            raise ValueError("not today")

    assert message(lambda: Refuses.apply(X)) == "not today"


def test_what_python_says_of_a_call_is_placed():
    net = nn.Sequential(nn.Linear(3, 2))
    assert "At test_places.py:" in message(lambda: net(X, X), TypeError)


@pytest.mark.parametrize(
    "act, error, words",
    [
        (lambda: X.sum(5), IndexError, "dim must be between -2 and 1; got 5 for shape (2, 3)"),
        (lambda: X + autograd.ones(2), ValueError, "y.unsqueeze(1) fits: (2, 1)"),
        (lambda: X @ X, RuntimeError, "x @ y.T fits"),
        (lambda: X[7], IndexError, "out of range"),
        (lambda: X.view(4), RuntimeError, "x.flatten(1) keeps the 2 samples: (2, 3)"),
        (lambda: X.T.view(6), RuntimeError, "Call reshape instead"),
        (lambda: autograd.cat([X, X[:, :2]]), RuntimeError, "Tensor 1 differs"),
        (lambda: autograd.stack([X[0], X[0, :1]]), ValueError, "pad_sequence"),
        (lambda: X.masked_fill(X[:, 0] > 0, 0.0), ValueError, "mask.unsqueeze(1) fits"),
        (lambda: X.expand(2, 4), RuntimeError, "Along axis 1 they have 4 and 3"),
        (lambda: X.gather(1, autograd.tensor([0, 1])), ValueError, "index.unsqueeze(1)"),
        (lambda: X.requires_grad_(False) @ X.double().T, TypeError, "x.double()"),
        (lambda: nn.functional.linear((X, X), X), TypeError, "x, _ = lstm(x)"),
        (lambda: autograd.einsum("ij,jk->ik", X, X), ValueError, "'j' must have one size"),
    ],
)
def test_operations_say_line_and_cure(act, error, words):
    said = message(act, error)
    assert words in said
    assert f" At test_places.py:{act.__code__.co_firstlineno} ((lambda: " in said


def test_an_error_of_shapes_is_both_and_can_be_copied_and_pickled():
    with pytest.raises(RuntimeError) as caught:
        X + autograd.ones(2)
    error = caught.value
    assert isinstance(error, ValueError) and autograd.ShapeError is ShapeError
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is ShapeError
        assert (str(again), again.place) == (str(error), error.place)
    assert error.place.startswith("at test_places.py:")


def test_an_error_is_placed_once_and_an_odd_one_never():
    error = placed(placed(ValueError("no")))
    assert str(error).startswith("no. At test_places.py:")
    assert str(error).count(" At ") == 1
    assert placed(KeyError("name")).args == ("name",)
    assert placed(ValueError("a", 2)).args == ("a", 2)


def test_nothing_is_kept_alive():
    net, x = Outer(), autograd.ones(2, 3)
    seen = weakref.ref(net)
    gc.disable()
    try:
        with pytest.raises(ShapeError):
            net(x)
        del net
        assert seen() is None
    finally:
        gc.enable()
    gc.collect()
    assert seen() is None
