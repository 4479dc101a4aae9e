"""L-BFGS: what it finds, what it keeps, and that it takes PyTorch's path."""

import numpy as np
import pytest

import autograd
import optim

START = [np.linspace(-0.5, 0.7, 6), np.array([[0.1, 0.2], [-0.3, 0.4]])]
OPTIONS = [
    {},
    {"lr": 0.1, "max_iter": 6},
    {"lr": 0.3, "history_size": 2, "max_iter": 4, "max_eval": 9},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 7},
    {"line_search_fn": "strong_wolfe", "tolerance_grad": 1e-2, "tolerance_change": 1e-4},
    {"line_search_fn": "strong_wolfe", "lr": 20.0, "max_eval": 6},
]
options = pytest.mark.parametrize("options", OPTIONS, ids=str)


def rosenbrock(x, a):
    valley = 100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2
    return valley.sum() + (a**4).sum() + (a * a.T).sum()


class Fit:
    """Parameters, an L-BFGS of either library, and its closure."""

    def __init__(self, package, rule, options, start=START):
        self.params = [package.tensor(array, requires_grad=True) for array in start]
        self.optimizer = rule(self.params, **options)
        self.calls = 0

    def closure(self):
        self.calls += 1
        self.optimizer.zero_grad()
        loss = rosenbrock(*self.params)
        loss.backward()
        return loss

    def run(self, steps):
        return [self.optimizer.step(self.closure).item() for _ in range(steps)]

    def values(self):
        return [p.detach().numpy().copy() for p in self.params]


def ours(options, start=START):
    return Fit(autograd, optim.LBFGS, options, start)


def test_it_finds_the_minimum():
    fit = ours({"line_search_fn": "strong_wolfe"})
    losses = fit.run(8)
    x, a = fit.values()
    np.testing.assert_allclose(x, 1, atol=1e-5)
    assert losses == sorted(losses, reverse=True) and abs(losses[-1] + 0.5) < 1e-6
    assert fit.calls < 100


@options
def test_it_goes_on_from_what_was_saved(options):
    fit = ours(options)
    fit.run(2)
    other = ours(options, fit.values())
    other.optimizer.load_state_dict(fit.optimizer.state_dict())
    assert other.run(2) == fit.run(2)
    for one, another in zip(fit.values(), other.values(), strict=True):
        np.testing.assert_array_equal(one, another)


def test_at_a_minimum_it_stays():
    fit = ours({}, [np.ones(6), np.zeros((2, 2))])
    fit.run(1)
    assert fit.calls == 1
    np.testing.assert_array_equal(fit.values()[0], 1)


def test_parameters_without_a_gradient_stay():
    fit = ours({})
    idle = autograd.ones(3, dtype=autograd.float64, requires_grad=True)
    fit.optimizer = optim.LBFGS([*fit.params, idle])
    fit.run(2)
    np.testing.assert_array_equal(idle.detach().numpy(), 1)
    assert fit.values()[0][0] != START[0][0]


def test_float16_is_rounded_when_it_is_written():
    w = autograd.tensor([2.0, -3.0], dtype=autograd.float16, requires_grad=True)
    optimizer = optim.LBFGS([w])

    def closure():
        optimizer.zero_grad()
        loss = ((w - 1) ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(w.detach().numpy(), 1, atol=2e-3)
    assert w.dtype == autograd.float16


# -- PyTorch ---------------------------------------------------------------------------------------


def theirs(options, start=START):
    torch = pytest.importorskip("torch")
    return Fit(torch, torch.optim.LBFGS, options, start)


@pytest.mark.torch
@options
def test_the_path_is_that_of_torch(options):
    fit, oracle = ours(options), theirs(options)
    np.testing.assert_allclose(fit.run(5), oracle.run(5), rtol=1e-6)
    assert fit.calls == oracle.calls
    for one, another in zip(fit.values(), oracle.values(), strict=True):
        np.testing.assert_allclose(one, another, rtol=1e-5, atol=1e-7)
    (entry,), (known,) = fit.optimizer.state.values(), oracle.optimizer.state.values()
    assert set(entry) == set(known)
    for name in ("func_evals", "n_iter"):
        assert entry[name] == known[name]
    for name in ("old_dirs", "old_stps", "ro"):
        assert [tuple(one.shape) for one in entry[name]] == [tuple(o.shape) for o in known[name]]


@pytest.mark.torch
@pytest.mark.parametrize("line_search", [None, "strong_wolfe"])
def test_complex_parameters_beside_real_ones(line_search):
    def fit(package, rule):
        a = package.tensor([[1 + 2j, 0.5], [-1j, 2 - 1j], [0.3 + 1j, 1]])
        y = package.tensor([1.0, 2j, -1 + 1j])
        z = package.zeros(2, dtype=package.complex64, requires_grad=True)
        b = package.zeros((), requires_grad=True)
        optimizer = rule([z, b], lr=0.5, max_iter=7, line_search_fn=line_search)

        def closure():
            optimizer.zero_grad()
            loss = ((a @ z + b - y).abs() ** 2).sum()
            loss.backward()
            return loss

        losses = [optimizer.step(closure).item() for _ in range(4)]
        return losses, z.detach().numpy(), optimizer.state[z]["d"].shape

    torch = pytest.importorskip("torch")
    losses, z, shape = fit(autograd, optim.LBFGS)
    known, theirs, its_shape = fit(torch, torch.optim.LBFGS)
    np.testing.assert_allclose(losses, known, rtol=1e-4)
    np.testing.assert_allclose(z, theirs, rtol=1e-4)
    assert losses[-1] < losses[0] / 2 and shape == its_shape == (5,)


def as_torch(value):
    torch = pytest.importorskip("torch")
    if isinstance(value, (list, dict)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        converted = {key: as_torch(one) for key, one in pairs}
        return converted if isinstance(value, dict) else list(converted.values())
    return torch.tensor(value.numpy()) if autograd.is_tensor(value) else value


@pytest.mark.torch
@options
def test_each_goes_on_from_what_the_other_saved(options):
    oracle = theirs(options)
    oracle.run(2)
    fit = ours(options, oracle.values())
    fit.optimizer.load_state_dict(oracle.optimizer.state_dict())
    back = theirs(options, oracle.values())
    back.optimizer.load_state_dict(as_torch(fit.optimizer.state_dict()))
    expected = oracle.run(2)
    np.testing.assert_allclose(fit.run(2), expected, rtol=1e-7)
    np.testing.assert_allclose(back.run(2), expected, rtol=1e-7)
