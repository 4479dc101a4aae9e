"""shadow(): the op that loses the digits is named, and the shares add up to the error."""

import re

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import shadow


def data():
    autograd.manual_seed(0)
    return (1e3 + autograd.rand(1000)).requires_grad_()


def number(mark):
    with open(__file__, encoding="utf-8") as file:
        return next(i for i, line in enumerate(file, 1) if line.rstrip().endswith(f"# {mark}"))


def test_a_variance_by_squares_loses_its_digits_in_the_mean():
    def variance(x):
        mean = x.mean()  # here
        return (x * x).mean() - mean * mean

    found = shadow(variance, data())
    assert found.shares[0].op == "Mean"
    assert found.shares[0].line == f"test_shadow.py:{number('here')}"
    assert abs(found.ulps) > 1e5
    assert f"Most of it is added by Mean at test_shadow.py:{number('here')}: " in found.text
    exact = np.var(data().detach().numpy().astype(float))
    assert found.exact == pytest.approx(exact, rel=1e-7)
    assert found.value != pytest.approx(exact, rel=1e-3)
    total = sum(share.error for share in found.shares)
    assert total == pytest.approx(found.value - found.exact, rel=0.05)


def test_its_right_twin_is_exact_to_the_last_digits():
    found = shadow(lambda x: ((x - x.mean()) ** 2).mean(), data())
    assert abs(found.ulps) < 4


def network(dtype=autograd.float32):
    autograd.manual_seed(0)
    layers = [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10)]
    net = nn.Sequential(*layers, nn.Dropout(0.3), nn.LayerNorm(10), nn.Linear(10, 3)).to(dtype)
    x, y = autograd.rand(8, 1, 8, 8).to(dtype), autograd.tensor([0, 1, 2, 0, 1, 2, 0, 1])
    return net, lambda: F.cross_entropy(net(x), y)


def test_a_network_and_its_modules():
    net, loss = network()
    found = shadow(loss)
    assert abs(found.ulps) < 8 and not re.search("Not run in more digits", found.text)
    assert {"0", "4", "6", "7"} <= {share.module for share in found.shares}
    assert net[0].weight.grad is None
    assert "Linear (4) at test_shadow.py:" in found.text


@pytest.mark.skipif(np.finfo(np.longdouble).eps >= np.finfo(float).eps, reason="no more digits")
def test_float64_beside_long_double():
    found = shadow(network(autograd.float64)[1])
    assert abs(found.ulps) < 50 and "in float64" in found.text


def test_a_kernel_without_more_digits_is_told():
    x = autograd.rand(20, dtype=autograd.float64, requires_grad=True)
    found = shadow(lambda: F.gelu(x).sum())
    if np.finfo(np.longdouble).eps < np.finfo(float).eps:
        assert "Not run in more digits, and counted as exact: Gelu." in found.text
    assert abs(found.ulps) < 50


class Third(autograd.Function):
    """A custom op that rounds to a thousandth."""

    def forward(self, x):
        return np.round(x / 3, 3) if x.dtype == np.float32 else x / 3

    def grad_x(self, g):
        return g / 3


class ThirdOfContext(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.div(3).mul(1000).round().div(1000) if x.dtype == autograd.float32 else x.div(3)

    @staticmethod
    def backward(ctx, g):
        return g / 3


@pytest.mark.parametrize("op", [Third, ThirdOfContext])
def test_custom_ops(op):
    autograd.manual_seed(0)
    x = autograd.rand(50, requires_grad=True)
    found = shadow(lambda: op.apply(x.exp()).sum())
    assert found.shares[0].op == op.__name__
    assert f"Most of it is added by {op.__name__} at test_shadow.py:" in found.text


def test_calls_of_one_line_are_taken_together():
    w = autograd.rand(5, requires_grad=True)

    def loop():
        h = w
        for _ in range(10):
            h = h.sin()
        return h.sum()

    assert {share.op: share.calls for share in shadow(loop).shares} == {"Sin": 10, "Sum": 1}


def test_what_is_exact_is_said_to_be():
    w = autograd.tensor([1.0, 2.0], requires_grad=True)
    found = shadow(lambda: (w * 2).sum())
    assert found.ulps == 0 and "No op has added any rounding" in found.text


def test_casts_are_roundings_too():
    w = autograd.tensor([0.1, 0.2], dtype=autograd.float64, requires_grad=True)
    found = shadow(lambda: w.float().sum())
    assert {share.op for share in found.shares if share.error} == {"Cast", "Sum"}


def test_in_place_changes():
    w = autograd.rand(5, requires_grad=True)

    def loss():
        h = w * 3
        h[1:3] = 0.5
        h += 0.1
        return h.exp().sum()

    assert abs(shadow(loss).ulps) < 8


def test_it_prints_as_a_statement(capsys):
    shadow(lambda: data().log().mean())
    assert capsys.readouterr().out.startswith("shadow: the loss is ")


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (
            autograd.rand(2).sum(),
            TypeError,
            "expected the function that computes the loss; got its",
        ),
        (3, TypeError, "shadow: expected a function; got int"),
        (lambda: 3.0, TypeError, "must return the loss, a tensor; it returned float"),
        (lambda: autograd.rand(2).sum(), ValueError, "one number with a graph; got one without"),
        (lambda: data(), ValueError, r"got one of shape \(1000,\)"),
    ],
)
def test_what_has_no_shadow(given, kind, message):
    with pytest.raises(kind, match=message):
        shadow(given)
