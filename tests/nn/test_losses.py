"""Losses: values against slow formulas, both derivatives, weights, wrong input."""

import math
import warnings

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import gradcheck, gradgradcheck, tensor

F64 = autograd.float64


def reals(*shape, seed=0, scale=1.0):
    values = scale * np.random.default_rng(seed).standard_normal(shape)
    return tensor(values, dtype=F64, requires_grad=True)


def classes(n, *shape, seed=1):
    return tensor(np.random.default_rng(seed).integers(0, n, shape))


def arrays(*tensors):
    return [np.asarray(t.detach().numpy()) for t in tensors]


def slow_cross_entropy(x, y, weight, ignore, reduction, smoothing):
    """The definition, one position after the other, in Python."""
    x, y = np.asarray(x), np.asarray(y)
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    losses, weights = [], []
    for row, label in zip(rows, y.reshape(-1), strict=True):
        if label == ignore:
            losses.append(0.0)
            weights.append(0.0)
            continue
        logs = [v - math.log(sum(math.exp(u) for u in row)) for v in row]
        hard = -weight[label] * logs[label]
        soft = -sum(w * v for w, v in zip(weight, logs, strict=True)) / len(row)
        losses.append((1 - smoothing) * hard + smoothing * soft)
        weights.append(weight[label])
    if reduction == "none":
        return np.reshape(losses, y.shape)
    return sum(losses) / (sum(weights) if reduction == "mean" else 1)


MORE = [(2, 3, 4), (2, 3, 2, 2)]


@pytest.mark.parametrize(
    "shape", [(6, 3), *[pytest.param(one, marks=pytest.mark.slow) for one in MORE]], ids=str
)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ignore", [-100, 1])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy(shape, reduction, weighted, ignore, smoothing):
    x, y = reals(*shape), classes(3, shape[0], *shape[2:])
    y[0] = ignore
    weight = np.array([0.5, 2.0, 1.5]) if weighted else np.ones(3)
    options = {
        "weight": tensor(weight) if weighted else None,
        "ignore_index": ignore,
        "reduction": reduction,
    }

    def function(x):
        return F.cross_entropy(x, y, label_smoothing=smoothing, **options)

    expected = slow_cross_entropy(*arrays(x, y), weight, ignore, reduction, smoothing)
    np.testing.assert_allclose(*arrays(function(x)), expected, rtol=1e-12)
    assert gradcheck(function, x) and gradgradcheck(function, x)
    if not smoothing:
        logs = F.log_softmax(x, dim=1)
        np.testing.assert_allclose(*arrays(F.nll_loss(logs, y, **options)), expected, rtol=1e-12)


def test_cross_entropy_of_probabilities():
    x, y = reals(4, 3), classes(3, 4)
    hot = F.one_hot(y, 3).double()
    for smoothing in (0.0, 0.2):
        for reduction in ("mean", "sum", "none"):
            options = {"reduction": reduction, "label_smoothing": smoothing}
            both = arrays(F.cross_entropy(x, hot, **options), F.cross_entropy(x, y, **options))
            np.testing.assert_allclose(*both, rtol=1e-12)
    soft = reals(4, 3, seed=4)
    assert gradcheck(F.cross_entropy, [x, soft]) and gradgradcheck(F.cross_entropy, [x, soft])
    assert gradcheck(lambda x: F.cross_entropy(x, tensor([0.5, 0.5], dtype=F64)), reals(2))


def test_cross_entropy_at_extremes():
    x = tensor([[1e4, 0.0], [-1e4, 0.0], [-math.inf, 0.0]], requires_grad=True)
    loss = F.cross_entropy(x, tensor([0, 0, 1]), reduction="sum")
    loss.backward()
    assert loss.item() == 1e4
    assert x.grad.tolist() == [[0, 0], [-1, 1], [0, 0]]


@pytest.mark.parametrize("function", [F.cross_entropy, F.nll_loss])
@pytest.mark.parametrize("create_graph", [False, True])
def test_targets_that_are_all_ignored_give_no_gradient(function, create_graph):
    x = reals(3, 4)
    loss = function(x, tensor([-100, -100, -100]))
    assert math.isnan(loss.item())
    assert not autograd.grad(loss, x, create_graph=create_graph)[0].detach().numpy().any()


def test_cross_entropy_keeps_the_graph_for_a_second_pass():
    x, y = reals(4, 3), classes(3, 4)
    loss = F.cross_entropy(x, y)
    first = autograd.grad(loss, x, retain_graph=True)[0].numpy()
    np.testing.assert_array_equal(autograd.grad(loss, x)[0].numpy(), first)


PAIRS = {
    "mse_loss": (F.mse_loss, lambda x, y: (x - y) ** 2),
    "l1_loss": (F.l1_loss, lambda x, y: abs(x - y)),
    "binary_cross_entropy": (
        F.binary_cross_entropy,
        lambda x, y: -y * np.log(x) - (1 - y) * np.log(1 - x),
    ),
    "binary_cross_entropy_with_logits": (
        F.binary_cross_entropy_with_logits,
        lambda x, y: -y * np.log(1 / (1 + np.exp(-x))) - (1 - y) * np.log(1 / (1 + np.exp(x))),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("shape", [(3, 4), ()], ids=str)
def test_losses_of_pairs(name, reduction, shape):
    function, formula = PAIRS[name]
    rng = np.random.default_rng(0)
    x, y = (tensor(rng.uniform(0.1, 0.9, shape), dtype=F64, requires_grad=True) for _ in range(2))
    expected = formula(*arrays(x, y))
    if reduction != "none":
        expected = expected.mean() if reduction == "mean" else expected.sum()

    def call(x, y):
        return function(x, y, reduction=reduction)

    np.testing.assert_allclose(*arrays(call(x, y)), expected, rtol=1e-12)
    assert gradcheck(call, [x, y]) and gradgradcheck(call, [x, y])
    assert gradcheck(call, [x, y.detach()]) and gradcheck(call, [x.detach(), y])


def test_binary_losses_at_extremes():
    x = tensor([0.0, 1.0, 0.0, 1.0], requires_grad=True)
    y = tensor([0.0, 1.0, 1.0, 0.0])
    loss = F.binary_cross_entropy(x, y, reduction="none")
    assert loss.tolist() == [0, 0, 100, 100]
    loss.sum().backward()
    assert x.grad.tolist()[:2] == [0, 0] and np.isfinite(x.grad.numpy()).all()
    logits = tensor([-1e4, 1e4, -1e4, 1e4])
    loss = F.binary_cross_entropy_with_logits(logits, y, reduction="none")
    assert loss.tolist() == [0, 0, 1e4, 1e4]


@pytest.mark.parametrize("function", [F.binary_cross_entropy, F.binary_cross_entropy_with_logits])
def test_weights_of_binary_losses_leave_the_dtype(function):
    x, y = autograd.full((2, 3), 0.25), autograd.ones(2, 3)
    weight = tensor([1.0, 2.0, 3.0], dtype=F64)
    assert function(x, y, weight=weight, reduction="none").dtype == autograd.float32
    if function is F.binary_cross_entropy_with_logits:
        assert function(x, y, pos_weight=weight).dtype == autograd.float32


def test_weights_of_binary_losses():
    x, y = tensor([1.0, -2.0], dtype=F64), tensor([1.0, 0.0], dtype=F64)
    plain = F.binary_cross_entropy_with_logits(x, y, reduction="none").numpy()
    w, positive = tensor([2.0, 3.0], dtype=F64), tensor([5.0, 7.0], dtype=F64)
    options = {"weight": w, "pos_weight": positive, "reduction": "none"}
    got = F.binary_cross_entropy_with_logits(x, y, **options).numpy()
    np.testing.assert_allclose(got, plain * [2 * 5, 3])
    probabilities = F.binary_cross_entropy(F.sigmoid(x), y, weight=w, reduction="sum")
    np.testing.assert_allclose(probabilities.item(), (plain * [2, 3]).sum())
    squares = F.mse_loss(x, y, weight=w)
    np.testing.assert_allclose(squares.item(), (2 * 0 + 3 * 4) / 5)


def test_old_spelling_of_reductions():
    x, y = tensor([1.0, 3.0]), tensor([0.0, 0.0])
    assert F.mse_loss(x, y, size_average=False).item() == 10
    assert F.mse_loss(x, y, reduce=False).tolist() == [1, 9]
    assert nn.MSELoss(size_average=True).reduction == "mean"


@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss])
def test_one_target_for_all_is_warned_of(loss):
    with pytest.warns(
        UserWarning, match=rf"^{loss.__name__}: .*got \(1,\) for \(2, 1\).*expand_as"
    ):
        assert loss(tensor([[1.0], [1.0]]), tensor([1.0])).item() == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss(tensor([[1.0]]), tensor([1.0])).item() == 0  # a last batch of one sample


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


INTERMEDIATES = {
    "gelu": F.gelu,
    "gelu of tanh": lambda x: F.gelu(x, "tanh"),
    "silu": F.silu,
    "mse": lambda x: F.mse_loss(x, autograd.ones(*x.shape, dtype=x.dtype)),
    "cross entropy": lambda x: F.cross_entropy(x, tensor([0, 1, 2])),
}


@pytest.mark.parametrize("name", INTERMEDIATES)
def test_intermediates_go_with_the_first_backward_pass(name):
    x = reals(3, 4)
    out = INTERMEDIATES[name](x)
    node, g = out.grad_fn, autograd.ones(*out.shape, dtype=out.dtype)
    first, second, third = (
        autograd.grad(out, x, g, retain_graph=again)[0].numpy() for again in (True, True, False)
    )
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)
    held = [
        v for value in vars(node).values() for v in (value if type(value) is tuple else [value])
    ]
    assert not [v for v in held if isinstance(v, np.ndarray) and v.size >= x.numel()]


def ones(*shape):
    return autograd.ones(*shape)


WRONG = [
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
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_input(number):
    kind, words, call = WRONG[number]
    with pytest.raises(kind, match=words):
        call()


def test_what_log_softmax_keeps_outlives_a_pass_that_retains_the_graph():
    x = autograd.tensor([[0.0, 1.0], [2.0, 0.0]], requires_grad=True)
    logs = F.log_softmax(x, dim=1)
    first, second = (autograd.grad(logs[:, 0].sum(), x, retain_graph=True)[0] for _ in range(2))
    np.testing.assert_array_equal(first.numpy(), second.numpy())
