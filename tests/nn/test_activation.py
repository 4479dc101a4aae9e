"""Activations: values, both derivatives, in place, options, special values, wrong input."""

import math

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import gradcheck, gradgradcheck, tensor

F64 = autograd.float64

SHAPES = [(3, 4), (), (0, 3), (2, 3, 2)]


def reals(*shape, seed=0, scale=1.0):
    values = scale * np.random.default_rng(seed).standard_normal(shape)
    return tensor(values, dtype=F64, requires_grad=True)


def arrays(*tensors):
    return [np.asarray(t.detach().numpy()) for t in tensors]


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


def test_gelu_is_the_same_where_no_slope_is_made():
    for dtype in ("f4", "f8"):
        x = np.random.default_rng(0).normal(size=300_000).astype(dtype)
        recorded = F.gelu(tensor(x, requires_grad=True))
        with autograd.no_grad():
            alone = F.gelu(tensor(x, requires_grad=True))
        assert recorded.grad_fn.made.shape == x.shape
        assert alone.grad_fn is None
        np.testing.assert_array_equal(alone.numpy(), recorded.detach().numpy())


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


def test_softmax_chooses_its_axis():
    for shape, axis in [((3,), 0), ((2, 3), 1), ((2, 3, 4), 0), ((2, 2, 2, 2), 1)]:
        x = reals(*shape)
        for function in (F.softmax, F.log_softmax):
            np.testing.assert_array_equal(*arrays(function(x), function(x, dim=axis)))


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


PIECES = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "relu6": F.relu6,
    "hardtanh": F.hardtanh,
    "threshold": lambda x: F.threshold(x, 0.5, 2.0),
    "softshrink": F.softshrink,
    "hardshrink": F.hardshrink,
    "hardsigmoid": F.hardsigmoid,
    "prelu": lambda x: F.prelu(x, tensor([0.3], dtype=F64)),
    "clamp": lambda x: x.clamp(-1, 1),
    "maximum": lambda x: autograd.maximum(x, autograd.zeros(3, dtype=F64)),
    "minimum of wider": lambda x: autograd.minimum(autograd.zeros(2, 3, dtype=F64), x),
    "fmax": lambda x: autograd.fmax(x, tensor(0.5, dtype=F64)),
    "abs": autograd.abs,
    "hinge": lambda x: F.hinge_embedding_loss(x, -autograd.ones(3, dtype=F64)),
}


@pytest.mark.parametrize("name", PIECES)
def test_second_derivatives_of_straight_pieces_are_zero(name):
    for value in ([-2.0, 0.3, 4.0], [0.25, 0.25, 0.25]):
        x = tensor(value, dtype=F64, requires_grad=True)
        (slope,) = autograd.grad(PIECES[name](x).sum(), x, create_graph=True)
        assert slope.requires_grad
        (curvature,) = autograd.grad(slope.sum(), x)
        assert curvature.dtype == F64 and curvature.tolist() == [0, 0, 0]
    scalar = tensor(0.25, dtype=F64, requires_grad=True)
    if name not in ("prelu", "maximum", "minimum of wider", "hinge"):
        (slope,) = autograd.grad(PIECES[name](scalar), scalar, create_graph=True)
        assert autograd.grad(slope, scalar)[0].item() == 0


def test_second_derivatives_by_the_slope_and_the_incoming_gradient():
    x, w = reals(4), reals(1, seed=3)
    (slope,) = autograd.grad((F.prelu(x, w) ** 2).sum(), x, create_graph=True)
    by_x, by_w = autograd.grad(slope.sum(), [x, w])
    a, (b,) = arrays(x, w)
    np.testing.assert_allclose(by_x.tolist(), np.where(a > 0, 2, 2 * b * b))
    np.testing.assert_allclose(by_w.tolist(), [np.sum(np.where(a > 0, 0, 4 * a * b))])


@pytest.mark.torch
def test_a_hessian_of_a_relu_network_is_torchs():
    torch = pytest.importorskip("torch")
    shapes = [(5, 3), (5,), (4, 5), (4,), (4,), (1, 4)]
    weights = [reals(*shape, seed=i).detach().numpy() for i, shape in enumerate(shapes)]
    data = reals(6, 3, seed=9).detach().numpy()

    def hessian(core, functional):
        a, p, c, q, s, d = ps = [core.tensor(w).requires_grad_() for w in weights]
        h = functional.relu(functional.linear(core.tensor(data), a, p))
        h = functional.prelu(functional.leaky_relu(functional.linear(h, c, q), 0.1), s)
        loss = (functional.hardtanh(functional.linear(h, d)) - 0.5).square().mean()
        slopes = core.autograd.grad(loss, ps, create_graph=True)
        flat = core.cat([g.reshape(-1) for g in slopes])
        rows = []
        for i in range(len(flat)):
            row = core.autograd.grad(flat[i], ps, retain_graph=True, materialize_grads=True)
            rows.append(core.cat([g.reshape(-1) for g in row]))
        return core.stack(rows).numpy()

    ours = hessian(autograd, F)
    assert ours.any()
    np.testing.assert_allclose(ours, hessian(torch, torch.nn.functional), rtol=1e-12, atol=1e-14)


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
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_input(number):
    kind, words, call = WRONG[number]
    with pytest.raises(kind, match=words):
        call()
