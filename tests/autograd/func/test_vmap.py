"""vmap: axes, trees, chunks, random numbers, what is refused, what is written in place."""

from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd
import nn
from autograd.engine.graph import unwrap, wrap
from autograd.func import vmap
from nn.utils.stateless import functional_call


def tensor(values, **options):
    return autograd.tensor(np.asarray(values, np.float64), **options)


X = tensor(np.arange(24.0).reshape(2, 3, 4))


def test_axes_in_and_out():
    for axis in (0, 1, 2, -1):
        n = X.shape[axis]
        expected = np.stack([np.take(X.numpy(), i, axis).sum(0) for i in range(n)], -1)
        np.testing.assert_array_equal(vmap(lambda x: x.sum(0), axis, -1)(X).numpy(), expected)
    assert autograd.vmap is vmap
    found = vmap(lambda a, b: a[0] * b, (1, None))(X, tensor([1, 2, 3, 4]))
    np.testing.assert_array_equal(found.numpy(), X.numpy()[0] * [1, 2, 3, 4])


def test_trees():
    Pair = namedtuple("Pair", "a b")
    tree = {"x": X, "rest": (tensor([1, 2, 3]), 5)}

    def f(tree, scale):
        x, (y, n) = tree["x"], tree["rest"]
        return {"sum": x.sum() * scale, "pair": Pair(y * n, [y, x])}

    axes = ({"x": 1, "rest": (0, None)}, None)
    found = vmap(f, axes, {"sum": 0, "pair": Pair(0, [0, 1])})(tree, 2.0)
    np.testing.assert_array_equal(found["sum"].numpy(), 2 * X.numpy().sum((0, 2)))
    assert type(found["pair"]) is Pair
    np.testing.assert_array_equal(found["pair"].a.numpy(), [5, 10, 15])
    np.testing.assert_array_equal(found["pair"].b[1].numpy(), X.numpy())


def test_keyword_arguments_are_the_same_for_all():
    assert vmap(lambda x, y: x * y)(tensor([1, 2]), y=tensor([1, 2, 3])).shape == (2, 3)


@pytest.mark.parametrize("chunk_size", [1, 2, 3, 7])
def test_chunks(chunk_size):
    x = tensor(np.arange(10.0).reshape(2, 5), requires_grad=True)
    found, total = vmap(lambda x: (x * x, x.sum()), 1, (1, 0), chunk_size=chunk_size)(x)
    np.testing.assert_array_equal(found.detach().numpy(), x.detach().numpy() ** 2)
    found.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), 2 * x.detach().numpy())
    assert total.shape == (5,)


def test_nested_with_closures():
    found = vmap(lambda a: vmap(lambda b: a @ b)(X[0]))(X[1])
    np.testing.assert_allclose(found.numpy(), X.numpy()[1] @ X.numpy()[0].T)
    found = vmap(vmap(lambda a, b: a * b, (0, None)), (None, 0))(tensor([1, 2, 3]), tensor([4, 5]))
    np.testing.assert_array_equal(found.numpy(), np.outer([4, 5], [1, 2, 3]))


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: vmap(lambda: 1)(), ValueError, "an argument to map over"),
        (lambda: vmap(lambda x: x, None)(X), ValueError, "in_dims must be an int"),
        (lambda: vmap(lambda x: x, (None,))(X), ValueError, "something must be mapped"),
        (lambda: vmap(lambda x: x, 3)(X), ValueError, "an axis of its tensor"),
        (lambda: vmap(lambda x: x, (0, 0))(X), ValueError, "nested as the arguments"),
        (lambda: vmap(lambda x, y: x)(X, 3), ValueError, "only tensors"),
        (lambda: vmap(lambda x, y: x)(X, X[0]), ValueError, "one length"),
        (lambda: vmap(lambda x: 3)(X), ValueError, "returns tensors"),
        (lambda: vmap(lambda x: x, out_dims=3)(X), IndexError, "out_dim must be one"),
        (lambda: vmap(lambda x: x, out_dims=None)(X), ValueError, "the same for all"),
        (lambda: vmap(lambda x: x, randomness="no")(X), ValueError, "randomness"),
        (lambda: vmap(lambda x: x, chunk_size=0)(X), ValueError, "chunk_size"),
    ],
)
def test_arguments_that_do_not_fit(call, error, words):
    with pytest.raises(error, match=words):
        call()


INSIDE = {
    "item": (lambda x: x.sum().item(), "item"),
    "float": (lambda x: float(x.sum()), "item"),
    "bool": (lambda x: x if x.sum() > 0 else -x, r"where\(condition"),
    "index": (lambda x: range(x.sum().long()), "Return the tensor"),
    "tolist": (lambda x: x.tolist(), "tolist"),
    "numpy": (lambda x: x.numpy(), "Return the tensor"),
    "asarray": (lambda x: np.asarray(x), "Return the tensor"),
    "mask": (lambda x: x[x > 3], r"where\(condition"),
    "nonzero": (lambda x: x.nonzero(), "an entry for each element"),
    "unique": (lambda x: x.unique(), "unique"),
    "masked_select": (lambda x: x.masked_select(x > 3), "has True"),
    "backward": (lambda x: x.requires_grad_().sum().backward(), "for each sample of a vmap"),
    "plain": (lambda x: autograd.zeros(3, 4, dtype=autograd.float64).add_(x), "zeros_like"),
    "assigned": (lambda x: autograd.zeros(4).__setitem__(0, x.sum().float()), "zeros_like"),
    "random": (lambda x: x + autograd.randn(4), "randomness='different'"),
    "dropout": (lambda x: nn.functional.dropout(x), "randomness='different'"),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_is_refused_inside(name):
    function, words = INSIDE[name]
    with pytest.raises(RuntimeError, match=words):
        vmap(function)(X)


def test_a_tensor_that_has_left_its_vmap_says_so():
    kept = []
    vmap(lambda x: kept.append(x * 2) or x)(X)
    for read in (lambda x: x.numpy(), lambda x: x.sum().item(), lambda x: bool(x.sum() > 0)):
        with pytest.raises(RuntimeError, match="has left its vmap.*Return it from the function"):
            read(kept[0])


def test_printing_inside():
    shown = []
    vmap(lambda x: shown.append(repr(x)) or x)(tensor([[1, 2], [3, 4]]))
    assert shown == ["tensor([[1., 2.],\n        [3., 4.]], dtype=autograd.float64, samples=(2,))"]


def test_a_bias_with_samples_of_its_own():
    x, weight, bias = autograd.rand(2, 3, 4), autograd.rand(5, 4), autograd.rand(6, 5)
    linear = lambda x: vmap(lambda b: nn.functional.linear(x, weight, b))(bias)  # noqa: E731
    expected = (x @ weight.t())[:, None] + bias[:, None]
    np.testing.assert_allclose(vmap(linear)(x).numpy(), expected.numpy(), rtol=1e-6)


# -- in place -------------------------------------------------------------------------------------


def _first(y, x):
    y[0] = 5
    return y


def _rows(y, x):
    y[[1, 2]] *= 2
    return y


def _masked(y, x):
    y[y > 2] = 0
    return y.masked_fill_(y < 0, 1)


def _view(y, x):
    y[1:].mul_(3)
    return y * y


def _view_of_a_view(y, x):
    v = y.view(2, 2).t()
    v[1].zero_()
    v[0].sub_(x[:2])
    return y * v.sum()


def _own_place(y, x):
    y[x.argmax()] = 0
    return y * x


def _copied(y, x):
    z = autograd.zeros_like(x)
    z[1:] = x[:-1]
    y[::2].copy_(z[1::2])
    return y + z


def _looped(function):
    return lambda x: autograd.stack([function(row) for row in x])


@pytest.mark.parametrize(
    "function", [_first, _rows, _masked, _view, _view_of_a_view, _own_place, _copied]
)
def test_in_place(function):
    values = np.random.default_rng(0).normal(size=(3, 4)) * 3
    made = []
    for run in (vmap, _looped):
        x = tensor(values, requires_grad=True)
        y = run(lambda x: function(x * 1, x))(x)
        (y * y).sum().backward()
        made.append((y.detach().numpy(), x.grad.numpy()))
    np.testing.assert_allclose(made[0][0], made[1][0])
    np.testing.assert_allclose(made[0][1], made[1][1])


def test_writing_to_a_mapped_tensor_writes_to_what_was_given():
    x = tensor([[1, 2], [3, 4]])
    vmap(lambda x: x.mul_(2), 1)(x)
    np.testing.assert_array_equal(x.numpy(), [[2, 4], [6, 8]])


# -- random numbers -------------------------------------------------------------------------------


def test_random_numbers():
    def draw(randomness, function=lambda x: x * 0 + autograd.rand(4)):
        autograd.manual_seed(3)
        return vmap(function, randomness=randomness)(tensor(np.zeros((3, 4)))).numpy()

    autograd.manual_seed(3)
    one = autograd.rand(4).numpy()
    np.testing.assert_array_equal(draw("same"), np.tile(one, (3, 1)))
    autograd.manual_seed(3)
    three = autograd.rand(3, 4).numpy()
    np.testing.assert_array_equal(draw("different"), three)
    with pytest.raises(RuntimeError, match="cannot depend on the sample"):
        draw("same", lambda x: autograd.bernoulli(x))
    nested = vmap(vmap(lambda x: x + autograd.rand(()), randomness="different"), randomness="same")
    found = nested(tensor(np.zeros((2, 3)))).numpy()
    assert len(set(found[0])) == 3 and (found[0] == found[1]).all()
    vmap(lambda x: x.clone().normal_(), randomness="different")(X)


@pytest.mark.torch
@pytest.mark.parametrize("randomness", ["same", "different"])
def test_random_numbers_are_pytorchs(randomness):
    torch = pytest.importorskip("torch")
    functions = {
        "randn": lambda t, f: lambda x: x + t.randn(4),
        "rand": lambda t, f: lambda x: x + t.rand(2, 4),
        "randint": lambda t, f: lambda x: x + t.randint(0, 9, (4,)),
        "dropout": lambda t, f: lambda x: f.dropout(x, 0.3),
        "randperm": lambda t, f: lambda x: x + t.randperm(4),
    }
    if randomness == "different":
        functions["bernoulli"] = lambda t, f: lambda x: t.bernoulli(x * 0 + 0.4)
        functions["bernoulli_"] = lambda t, f: lambda x: x.clone().bernoulli_(x * 0.4)
        functions["multinomial"] = lambda t, f: lambda x: x + t.multinomial(x, 4, True)
    for name, function in functions.items():
        autograd.manual_seed(5)
        torch.manual_seed(5)
        ours = vmap(function(autograd, nn.functional), randomness=randomness)
        theirs = torch.vmap(function(torch, torch.nn.functional), randomness=randomness)
        found = ours(autograd.ones(6, 4)).numpy()
        np.testing.assert_allclose(found, theirs(torch.ones(6, 4)).numpy(), 1e-6, err_msg=name)


# -- models ---------------------------------------------------------------------------------------

MODELS = {
    "mlp": (
        lambda: nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)),
        (4,),
    ),
    "cnn": (
        lambda: nn.Sequential(
            nn.Unflatten(0, (1, 2)), nn.Conv2d(2, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.ReLU(),
            nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(6, 3),
        ),
        (2, 8, 8),
    ),
    "attention": (
        lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True),
        (5, 4),
    ),
    "lstm": (lambda: _Last(nn.LSTM(4, 3)), (5, 4)),
    "gru": (lambda: _Last(nn.GRU(4, 3)), (5, 4)),
}  # fmt: skip


class _Last(nn.Module):
    def __init__(self, recurrent):
        super().__init__()
        self.recurrent = recurrent

    def forward(self, x):
        return self.recurrent(x)[0][-1]


@pytest.mark.parametrize("name", MODELS)
def test_gradients_of_each_sample(name):
    """vmap of grad over a module's parameters, against a loop; and grad through vmap."""
    make, shape = MODELS[name]
    autograd.manual_seed(0)
    model = make().double()
    x = tensor(np.random.default_rng(1).normal(size=(3, *shape)))
    names = [name for name, _ in model.named_parameters()]

    def of_one(x):
        weights = {name: p.detach().requires_grad_() for name, p in model.named_parameters()}
        loss = (functional_call(model, weights, (x,)) ** 2).sum()
        return autograd.grad(loss, [weights[name] for name in names])

    found = vmap(of_one)(x)
    for i in range(3):
        for one, expected in zip(found, of_one(x[i]), strict=True):
            np.testing.assert_allclose(one[i].numpy(), expected.numpy(), 1e-8, 1e-10)
    loss = (vmap(model)(x) ** 2).sum()
    for one, g in zip(found, autograd.grad(loss, list(model.parameters())), strict=True):
        np.testing.assert_allclose(one.numpy().sum(0), g.numpy(), 1e-8, 1e-10)


def test_an_ensemble():
    models = [nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)) for _ in range(3)]
    stacked = {
        name: autograd.stack([dict(m.named_parameters())[name].detach() for m in models])
        for name, _ in models[0].named_parameters()
    }
    x = autograd.randn(5, 3)
    found = vmap(lambda weights, x: functional_call(models[0], weights, (x,)), (0, None))(
        stacked, x
    )
    for i, model in enumerate(models):
        np.testing.assert_allclose(found[i].numpy(), model(x).detach().numpy(), 1e-5, 1e-6)


def test_threads_have_levels_of_their_own():
    w = tensor(np.arange(1.0, 5.0))

    def work(seed):
        x = tensor(np.full((5, 4), seed), requires_grad=True)
        for _ in range(20):
            y = vmap(lambda x: (x * x * w).sum())(x)
            (g,) = autograd.grad(y.sum(), x)
        return g.numpy()

    with ThreadPoolExecutor(4) as pool:
        for seed, found in enumerate(pool.map(work, range(8))):
            np.testing.assert_array_equal(found, np.tile(2.0 * seed * w.numpy(), (5, 1)))


def test_linear_algebra_takes_stacks():
    a = np.random.default_rng(2).normal(size=(4, 3, 3))
    a = a @ np.swapaxes(a, 1, 2) + np.eye(3)
    b = np.random.default_rng(3).normal(size=(4, 3))
    x, y = tensor(a), tensor(b)
    for name in ("inv", "det", "cholesky", "eigvalsh", "svdvals"):
        function = getattr(np.linalg, name)
        with_levels = vmap(lambda x: wrapped(function, x))(x)  # noqa: B023
        np.testing.assert_allclose(with_levels.numpy(), function(a), 1e-10, err_msg=name)
    found = vmap(lambda x, y: wrapped(np.linalg.solve, x, y))(x, y)
    np.testing.assert_allclose(found.numpy(), np.linalg.solve(a, b[..., None])[..., 0])
    found = vmap(lambda x: wrapped(np.linalg.solve, x, y[0]))(x)
    np.testing.assert_allclose(found.numpy(), np.linalg.solve(a, b[:1, :, None])[..., 0])


def test_fourier_transforms_take_axes():
    x = tensor(np.random.default_rng(2).normal(size=(4, 6, 8)))
    fft = np.fft
    for function in (
        fft.rfft, fft.fft2, fft.ifftn, fft.fftshift, lambda x: fft.fft(x, 5, 0),
        lambda x: fft.irfft(x, norm="ortho"), lambda x: fft.rfftn(x, axes=(0,)),
    ):  # fmt: skip
        expected = np.stack([function(one) for one in x.numpy()])
        np.testing.assert_allclose(vmap(lambda x: wrapped(function, x))(x).numpy(), expected)  # noqa: B023


def wrapped(function, *tensors):
    """NumPy's function of the arrays inside, as an op's forward calls it."""
    return wrap(function(*[unwrap(one) for one in tensors]), None)
