"""Functions of nn: gradients to second order, options, and values against slow formulas."""

import math

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import gradcheck, gradgradcheck, tensor
from nn.functional.linear import Linear

F64 = autograd.float64
SHAPES = [(3, 4), (), (0, 3), (2, 3, 2)]


def reals(*shape, seed=0, scale=1.0):
    values = scale * np.random.default_rng(seed).standard_normal(shape)
    return tensor(values, dtype=F64, requires_grad=True)


def classes(n, *shape, seed=1):
    return tensor(np.random.default_rng(seed).integers(0, n, shape))


def arrays(*tensors):
    return [np.asarray(t.detach().numpy()) for t in tensors]


# -- activations -----------------------------------------------------------------------------------


def phi(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


ACTIVATIONS = {
    "relu": (F.relu, lambda z: max(z, 0)),
    "gelu": (F.gelu, lambda z: z * phi(z)),
    "gelu, tanh": (
        lambda x: F.gelu(x, approximate="tanh"),
        lambda z: z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    ),
    "silu": (F.silu, lambda z: z / (1 + math.exp(-z))),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.1), lambda z: z if z > 0 else 0.1 * z),
    "elu": (lambda x: F.elu(x, 0.5), lambda z: z if z > 0 else 0.5 * math.expm1(z)),
    "softplus": (
        lambda x: F.softplus(x, 2.0, 5.0),
        lambda z: z if 2 * z > 5 else math.log1p(math.exp(2 * z)) / 2,
    ),
    "sigmoid": (F.sigmoid, lambda z: 1 / (1 + math.exp(-z))),
    "tanh": (F.tanh, math.tanh),
}
activations = pytest.mark.parametrize("name", ACTIVATIONS)


@activations
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_activation(name, shape):
    function, formula = ACTIVATIONS[name]
    x = reals(*shape, scale=2.0)
    expected = np.vectorize(formula, otypes="d")(*arrays(x))
    np.testing.assert_allclose(*arrays(function(x)), expected, rtol=1e-12, atol=1e-15)
    assert gradcheck(function, x) and gradgradcheck(function, x)


@activations
def test_activation_in_float32_at_extremes(name):
    function, _ = ACTIVATIONS[name]
    x = tensor([-1e30, -100.0, -0.0, 0.0, 100.0, 1e30], requires_grad=True)
    y = function(x)
    y.backward(autograd.ones(6))
    assert y.dtype == x.grad.dtype == autograd.float32
    assert np.isfinite(y.detach().numpy()).all() and np.isfinite(x.grad.numpy()).all()


def test_gelu_keeps_its_digits_where_phi_is_small():
    z = np.linspace(-35, 5, 401)
    expected = [v * phi(v) for v in z]
    np.testing.assert_allclose(F.gelu(tensor(z)).numpy(), expected, rtol=1e-12)


def test_inplace_really_is():
    for function in (F.relu, F.silu, F.elu, F.leaky_relu):
        x, leaf = tensor([-1.0, 2.0]), tensor([-1.0, 2.0], requires_grad=True)
        expected = function(x).tolist()
        assert function(x, inplace=True) is x and x.tolist() == expected
        y = leaf * 1
        out = function(y, inplace=True)
        assert out is y
        out.sum().backward()
        inplace, leaf.grad = leaf.grad, None
        function(leaf * 1).sum().backward()
        assert inplace.tolist() == leaf.grad.tolist()


@pytest.mark.parametrize(
    "act",
    [
        lambda x, n: F.leaky_relu(x, n),
        lambda x, n: F.elu(x, n),
        lambda x, n: F.softplus(x, beta=n, threshold=n),
    ],
)
def test_options_may_be_tensors(act):
    x = reals(3, 4).detach().float().requires_grad_()
    given, plain = act(x, tensor(2.0)), act(x, 2.0)
    assert given.dtype == autograd.float32 and isinstance(given.detach().numpy(), np.ndarray)
    np.testing.assert_array_equal(given.tolist(), plain.tolist())
    assert act(x, np.float64(2)).dtype == autograd.float32


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


def test_softmax_chooses_its_axis():
    for shape, axis in [((3,), 0), ((2, 3), 1), ((2, 3, 4), 0), ((2, 2, 2, 2), 1)]:
        x = reals(*shape)
        for function in (F.softmax, F.log_softmax):
            np.testing.assert_array_equal(*arrays(function(x), function(x, dim=axis)))


# -- linear ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 3, 4), (0, 4), (2, 0, 4)], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_linear(shape, bias):
    inputs = [reals(*shape), reals(3, 4, seed=1), *([reals(3, seed=2)] if bias else [])]
    x, w, *b = arrays(*inputs)
    expected = x @ w.T + (b[0] if bias else 0)
    np.testing.assert_allclose(*arrays(F.linear(*inputs)), expected, rtol=1e-12, atol=1e-15)
    assert gradcheck(F.linear, inputs) and gradgradcheck(F.linear, inputs)


def test_gradient_of_the_weight_is_contiguous():
    for batch in [(5,), (2, 5)]:
        d = Linear.grad_weight(None, np.ones((*batch, 3)), np.ones((*batch, 4)))
        assert d.shape == (3, 4) and d.flags.c_contiguous and d.flags.owndata


# -- losses ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4), (2, 3, 2, 2)], ids=str)
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


def test_shapes_that_broadcast_are_warned_of():
    with pytest.warns(UserWarning, match=r"got \(2,\) for \(2, 1\).*view_as"):
        loss = F.mse_loss(tensor([[1.0], [2.0]]), tensor([1.0, 2.0]))
    assert loss.item() == 0.5


# -- the others ------------------------------------------------------------------------------------


def test_dropout():
    autograd.manual_seed(0)
    x = autograd.ones(100, 100, requires_grad=True)
    y = F.dropout(x, 0.3)
    kept = y.detach().numpy() != 0
    assert abs(kept.mean() - 0.7) < 0.02
    np.testing.assert_allclose(y.detach().numpy()[kept], 1 / 0.7, rtol=1e-6)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())
    assert F.dropout(x, 0.3, training=False) is x and F.dropout(x, 0.0) is x
    assert not F.dropout(x, 1.0).any()
    half = F.dropout(x.half(), 0.3)
    assert half.dtype == autograd.float16 and 0 < half.count_nonzero() < x.numel()
    z = autograd.ones(5)
    assert F.dropout(z, 1.0, inplace=True) is z and z.tolist() == [0] * 5


def test_normalize():
    x = reals(3, 4)
    np.testing.assert_allclose((F.normalize(x) ** 2).sum(1).tolist(), [1, 1, 1], rtol=1e-12)
    assert gradcheck(F.normalize, x) and gradgradcheck(F.normalize, x)
    assert F.normalize(autograd.zeros(1, 2)).tolist() == [[0, 0]]


def test_one_hot():
    assert F.one_hot(tensor([[1], [0]]), 3).tolist() == [[[0, 1, 0]], [[1, 0, 0]]]
    assert F.one_hot(tensor(1)).tolist() == [0, 1]
    assert F.one_hot(tensor([], dtype=autograd.int64), 3).shape == (0, 3)


def test_init():
    w = autograd.empty(300, 200, dtype=F64)
    fans = {"fan_in": 200, "fan_out": 300}
    for mode, fan in fans.items():
        nn.init.kaiming_uniform_(w, mode=mode, nonlinearity="relu")
        assert w.max().item() <= math.sqrt(6 / fan) and abs(w.std().item() ** 2 * fan - 2) < 0.05
        nn.init.kaiming_normal_(w, mode=mode, a=1.0)
        assert abs(w.std().item() ** 2 * fan - 1) < 0.05
    nn.init.xavier_uniform_(w, gain=2.0)
    assert w.max().item() <= 2 * math.sqrt(6 / 500)
    assert abs(nn.init.xavier_normal_(w).std().item() ** 2 * 250 - 1) < 0.05
    assert nn.init.trunc_normal_(w, std=3.0).abs().max().item() <= 2
    q = nn.init.orthogonal_(w, gain=2.0).numpy()
    np.testing.assert_allclose(q.T @ q, 4 * np.eye(200), atol=1e-12)
    np.testing.assert_array_equal(nn.init.eye_(autograd.empty(2, 3)).numpy(), np.eye(2, 3))
    for fill, value in ((nn.init.ones_, 1), (nn.init.zeros_, 0)):
        assert fill(autograd.empty(2)).tolist() == [value] * 2
    p = nn.Parameter(autograd.empty(2, 3))
    assert nn.init.constant_(p, 0.5) is p and p.is_leaf and (p.detach().numpy() == 0.5).all()
    assert nn.init._calculate_fan_in_and_fan_out(autograd.empty(5, 4, 3, 2)) == (24, 30)


def test_clip_gradients():
    a, b = autograd.zeros(2, requires_grad=True), autograd.zeros(1, requires_grad=True)
    unused = autograd.zeros(1, requires_grad=True)

    def gradients():
        a.grad, b.grad = tensor([3.0, 0.0]), tensor([-4.0])
        return [a, b, unused]

    assert nn.utils.clip_grad_norm_(gradients(), 1.0).item() == 5
    np.testing.assert_allclose(a.grad.tolist() + b.grad.tolist(), [0.6, 0, -0.8], rtol=1e-5)
    assert nn.utils.clip_grad_norm_(gradients(), 10.0).item() == 5 and b.grad.item() == -4
    assert nn.utils.clip_grad_norm_(gradients(), 1.0, norm_type=math.inf).item() == 4
    assert nn.utils.clip_grad_norm_((p for p in gradients()), 1.0, norm_type=1).item() == 7
    nn.utils.clip_grad_value_(gradients(), 2.0)
    assert a.grad.tolist() + b.grad.tolist() == [2, 0, -2]
    assert nn.utils.clip_grad_norm_(unused, 1.0).item() == 0
    a.grad = tensor([math.nan, 1.0])
    with pytest.raises(RuntimeError, match="finite"):
        nn.utils.clip_grad_norm_([a], 1.0, error_if_nonfinite=True)


def test_parameters_as_a_vector():
    a, b = reals(2, 3), reals(4, seed=1)
    vector = nn.utils.parameters_to_vector([a, b])
    assert vector.shape == (10,) and vector.requires_grad
    nn.utils.vector_to_parameters(vector.detach() * 2, [a, b])
    np.testing.assert_array_equal(vector.detach().numpy()[6:] * 2, b.detach().numpy())
    with pytest.raises(ValueError, match="10 elements"):
        nn.utils.vector_to_parameters(autograd.ones(9), [a, b])


# -- bad input -------------------------------------------------------------------------------------

X = autograd.ones(3, 4)


@pytest.mark.parametrize(
    "act, error, message",
    [
        (
            lambda: F.linear(X, autograd.ones(2, 5)),
            ValueError,
            r"expects 5 input features.*\(3, 4\)",
        ),
        (lambda: F.linear(X, autograd.ones(4)), ValueError, r"shape \(out, in\); got \(4,\)"),
        (lambda: F.linear(autograd.tensor(1.0), autograd.ones(2, 4)), ValueError, "features"),
        (lambda: F.linear(X.double(), autograd.ones(2, 4)), TypeError, "float64 and float32"),
        (lambda: F.linear(X, autograd.ones(2, 4), autograd.ones(1)), ValueError, "bias"),
        (lambda: F.linear(X, autograd.ones(2, 4), autograd.ones(2).double()), TypeError, "bias"),
        (lambda: F.gelu(X, "erf"), ValueError, "'none' or 'tanh'; got 'erf'"),
        (lambda: F.dropout(X, -0.1), ValueError, "probability"),
        (lambda: F.mse_loss(X, X, reduction="max"), ValueError, "'mean', 'sum' or 'none'"),
        (lambda: F.cross_entropy(X, tensor([0, 1])), ValueError, r"\(3, 4\) and \(2,\)"),
        (lambda: F.cross_entropy(X, tensor([0, 1, 4])), IndexError, r"\[0, 4\); got 0 to 4"),
        (lambda: F.cross_entropy(X, tensor([0, 1, -1])), IndexError, "-1"),
        (lambda: F.cross_entropy(X, autograd.ones(3, 5)), ValueError, "shape of the scores"),
        (lambda: F.cross_entropy(X.long(), tensor([0, 1, 1])), TypeError, "floating dtype"),
        (lambda: F.cross_entropy(X, tensor([0, 1, 1]), label_smoothing=2), ValueError, "smoothing"),
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), weight=autograd.ones(3)),
            ValueError,
            r"one number per class, \(4,\)",
        ),
        (lambda: F.nll_loss(X, autograd.ones(3)), TypeError, "integers"),
        (lambda: F.binary_cross_entropy(X, autograd.ones(4)), ValueError, "view_as"),
        (lambda: F.binary_cross_entropy(X * 2, X), ValueError, "probabilities"),
        (lambda: F.one_hot(tensor([0, 5]), 3), ValueError, r"\[0, 3\)"),
        (lambda: F.one_hot(X), TypeError, "integers"),
        (lambda: F.one_hot(tensor([], dtype=autograd.int64)), ValueError, "num_classes"),
        (lambda: nn.init.xavier_normal_(autograd.ones(3)), ValueError, "two dimensions"),
        (lambda: nn.init.orthogonal_(autograd.ones(3)), ValueError, "two dimensions"),
        (lambda: nn.init.eye_(autograd.ones(3)), ValueError, "matrix"),
        (lambda: nn.init.kaiming_normal_(X, mode="both"), ValueError, "'fan_in' or 'fan_out'"),
        (lambda: nn.init.calculate_gain("swish"), ValueError, "'swish'"),
        (lambda: F.linear(None, X), TypeError, "linear: input must be a tensor; got NoneType"),
        (lambda: F.linear(X, [[1.0]]), TypeError, "weight must be a tensor; got list"),
        (lambda: F.linear(X, X, "a"), TypeError, "bias must be a tensor; got str"),
        *[
            (lambda f=f, bad=bad: f(*bad), TypeError, f"{f.__name__}: (input|target) must be a")
            for f in (F.mse_loss, F.l1_loss, F.cross_entropy, F.nll_loss, F.binary_cross_entropy)
            for bad in [(None, X), (X, [1.0]), ("a", X)]
        ],
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), ignore_index="a"),
            TypeError,
            "ignore_index must be a whole number; got 'a'",
        ),
        (
            lambda: F.cross_entropy(X, tensor([0, 1, 1]), label_smoothing="a"),
            TypeError,
            "label_smoothing must be a number",
        ),
        (lambda: F.softmax(X, dim="a"), TypeError, "dim must be a whole number; got 'a'"),
        (lambda: F.log_softmax(X, dim=0.5), TypeError, "dim must be a whole number; got 0.5"),
        (lambda: F.leaky_relu(X, "2"), TypeError, "negative_slope must be a number; got '2'"),
        (lambda: F.elu(X, autograd.ones(2)), TypeError, "alpha must be a number"),
        (
            lambda: F.softplus(X, beta=tensor(1.0, requires_grad=True)),
            TypeError,
            "beta must be a number, which has no gradient",
        ),
        (lambda: F.dropout(X, "a"), TypeError, "p must be a number"),
        (lambda: nn.utils.clip_grad_norm_([X], -1), ValueError, r"max_norm must be in \[0, ∞\]"),
        (lambda: nn.utils.clip_grad_norm_([X], "a"), TypeError, "max_norm must be a number"),
        (lambda: nn.utils.clip_grad_norm_([X], 1, "a"), TypeError, "norm_type must be a number"),
        (lambda: nn.utils.clip_grad_norm_([1.0], 1), TypeError, "must be tensors; got float"),
        (lambda: nn.utils.clip_grad_value_(None, 1), TypeError, "must be tensors; got NoneType"),
        (lambda: nn.utils.clip_grad_value_([X], -1), ValueError, "clip_value must be in"),
    ],
)
def test_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


@pytest.mark.torch
@pytest.mark.parametrize(
    "name", ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "uniform_"]
)
def test_init_draws_torchs_numbers(name):
    torch = pytest.importorskip("torch")
    autograd.manual_seed(3)
    torch.manual_seed(3)
    ours = getattr(nn.init, name)(autograd.empty(7, 5, 3))
    theirs = getattr(torch.nn.init, name)(torch.empty(7, 5, 3))
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.torch
def test_signatures_are_those_of_torch():
    torch = pytest.importorskip("torch")
    import inspect

    modules = [(nn.functional, torch.nn.functional), (nn.init, torch.nn.init)]
    for ours, theirs in modules:
        for name, function in vars(ours).items():
            known = getattr(theirs, name, None)
            if name.startswith("__") or not inspect.isfunction(function) or known is None:
                continue
            try:
                expected = inspect.signature(known).parameters
            except ValueError:
                continue  # written in C
            given = inspect.signature(function).parameters
            skipped = {"_stacklevel", "out"}
            assert [n for n in expected if n not in skipped and n not in given] == [], name
            for argument, parameter in given.items():
                if argument in expected:
                    assert parameter.default == expected[argument].default, (name, argument)
