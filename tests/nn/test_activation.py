"""Activations in pieces, margins, likelihoods, padding: in place, at the edges, wrong input."""

import math
import warnings

import numpy as np
import pytest

import autograd
import nn
from nn import functional as F

F64 = autograd.float64
IN_PLACE = {
    "hardtanh": lambda x: F.hardtanh_(x, -0.5, 0.7),
    "relu6": lambda x: F.relu6(x, inplace=True),
    "hardsigmoid": lambda x: F.hardsigmoid(x, inplace=True),
    "hardswish": lambda x: F.hardswish(x, inplace=True),
    "threshold": lambda x: F.threshold_(x, 0.2, -1.0),
    "selu": F.selu_,
    "celu": lambda x: F.celu_(x, 0.5),
    "mish": lambda x: F.mish(x, inplace=True),
}
OPTIONS = {"hardtanh": (-0.5, 0.7), "threshold": (0.2, -1.0), "celu": (0.5,)}


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place(name):
    start = np.array([-4.0, -0.3, 0.1, 0.4, 5.0])
    leaf = autograd.tensor(start, requires_grad=True)
    x = leaf.clone()
    assert IN_PLACE[name](x) is x
    (x * x).sum().backward()
    twin = autograd.tensor(start, requires_grad=True)
    y = getattr(F, name)(twin, *OPTIONS.get(name, ()))
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.detach().numpy(), y.detach().numpy())
    np.testing.assert_array_equal(leaf.grad.numpy(), twin.grad.numpy())
    with pytest.raises(RuntimeError, match="leaf"):
        IN_PLACE[name](leaf)


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # NumPy's, of NaN
@pytest.mark.parametrize("name", ["hardtanh", "relu6", "softshrink", "hardshrink", "logsigmoid"])
def test_special_values_are_torchs(name):
    torch = pytest.importorskip("torch")
    values = [0.0, -1.0, 1.0, 0.5, -0.5, 6.0, -100.0, 100.0, math.inf, -math.inf, math.nan]
    ours, theirs = (
        lib.tensor(values, dtype=lib.float64, requires_grad=True) for lib in (autograd, torch)
    )
    found, expected = getattr(F, name)(ours), getattr(torch.nn.functional, name)(theirs)
    np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy())
    found.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy())


def test_integers_stay_integers_where_they_can():
    x = autograd.tensor([-4, 2, 9])
    assert F.relu6(x).tolist() == [0, 2, 6] and F.relu6(x).dtype == autograd.int64
    assert F.threshold(x, 1, 7).tolist() == [7, 2, 9]
    assert F.softsign(x).dtype == autograd.float32


def test_a_slope_for_each_channel():
    layer = nn.PReLU(3, 0.5)
    x = -autograd.ones(2, 3, 4)
    layer(x).sum().backward()
    assert layer.weight.grad.tolist() == [-8, -8, -8]


def test_kl_div_warns_of_its_mean():
    x, y = autograd.tensor([[-1.0, -2.0]]), autograd.tensor([[0.0, 1.0]])
    with pytest.warns(UserWarning, match="batchmean"):
        F.kl_div(x, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert F.kl_div(x, y, reduction="batchmean").item() == 2  # 0 log 0 is 0


def test_variance_gets_a_gradient_where_it_was_raised():
    var = autograd.zeros(1, dtype=F64, requires_grad=True)
    x, y = autograd.zeros(1, dtype=F64), autograd.ones(1, dtype=F64)
    F.gaussian_nll_loss(x, y, var, eps=0.5).backward()
    assert var.grad.item() == pytest.approx(0.5 * (1 / 0.5 - 1 / 0.25))
    assert var.item() == 0


def test_padding_that_cuts():
    x = autograd.arange(4.0).reshape(1, 4)
    assert F.pad(x, (-1, 2)).tolist() == [[1, 2, 3, 0, 0]]
    assert F.pad(x, (-1, 1), "reflect").tolist() == [[1, 2, 3, 2]]
    assert F.pad(x, (-2, -2)).shape == (1, 0)


def ones(*shape):
    return autograd.ones(*shape)


WRONG = [
    (ValueError, "min_val", lambda: F.hardtanh(ones(2), 2.0, 1.0)),
    (ValueError, "lambd", lambda: F.softshrink(ones(2), -1.0)),
    (RuntimeError, "alpha", lambda: F.celu(ones(2), 0.0)),
    (TypeError, "alpha", lambda: F.celu(ones(2), "1")),
    (RuntimeError, "even", lambda: F.glu(ones(3))),
    (RuntimeError, "0-d", lambda: F.glu(ones())),
    (RuntimeError, "channels", lambda: F.prelu(ones(2, 3), ones(2))),
    (TypeError, "tensor", lambda: F.prelu(ones(2, 3), 0.2)),
    (TypeError, "tensor", lambda: F.relu6([1.0])),
    (TypeError, "tensor", lambda: F.mish([1.0])),
    (ValueError, "beta", lambda: F.smooth_l1_loss(ones(2), ones(2), beta=-1.0)),
    (ValueError, "delta", lambda: F.huber_loss(ones(2), ones(2), delta=0.0)),
    (ValueError, "reduction", lambda: F.huber_loss(ones(2), ones(2), reduction="average")),
    (ValueError, "reduction", lambda: nn.KLDivLoss(reduction="average")),
    (RuntimeError, "target", lambda: F.cosine_embedding_loss(ones(2, 3), ones(2, 3), ones())),
    (ValueError, "margin", lambda: F.triplet_margin_loss(ones(2), ones(2), ones(2), 0.0)),
    (RuntimeError, "axes", lambda: F.triplet_margin_loss(ones(2, 3), ones(2, 3), ones(3))),
    (RuntimeError, "axes", lambda: F.margin_ranking_loss(ones(2), ones(2), ones())),
    (ValueError, "var", lambda: F.gaussian_nll_loss(ones(2, 3), ones(2, 3), ones(3))),
    (ValueError, "negative", lambda: F.gaussian_nll_loss(ones(2), ones(2), -ones(2))),
    (ValueError, "eps", lambda: F.gaussian_nll_loss(ones(2), ones(2), ones(2), eps=0.0)),
    (ValueError, "pairs", lambda: F.pad(ones(2), (1,))),
    (ValueError, "pairs", lambda: F.pad(ones(2), (1, 1, 1, 1))),
    (ValueError, "shorter", lambda: F.pad(ones(2), (-2, -1))),
    (ValueError, "mode", lambda: F.pad(ones(1, 2), (1, 1), "edge")),
    (ValueError, "value", lambda: F.pad(ones(1, 2), (1, 1), "reflect", 1.0)),
    (ValueError, "at most 1", lambda: F.pad(ones(1, 2), (2, 0), "reflect")),
    (ValueError, "at most 2", lambda: F.pad(ones(1, 2), (3, 0), "circular")),
    (ValueError, "before them", lambda: F.pad(ones(3), (1, 1), "reflect")),
    (ValueError, "padding", lambda: nn.ZeroPad2d((1, 1))),
    (ValueError, "channels", lambda: F.pixel_shuffle(ones(3, 2, 2), 2)),
    (ValueError, "height", lambda: F.pixel_unshuffle(ones(3, 3, 2), 2)),
    (ValueError, "images", lambda: F.pixel_shuffle(ones(4, 4), 2)),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_input(number):
    kind, words, call = WRONG[number]
    with pytest.raises(kind, match=words):
        call()
