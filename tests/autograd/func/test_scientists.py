"""Functions for SciPy's optimisers, trees as vectors, initial value problems, fixed points."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
import autograd.testing
from autograd import func
from autograd.engine.places import ShapeError

ROOT = Path(autograd.__file__).parents[1]
f64 = autograd.float64


def t64(values, requires_grad=False):
    return autograd.tensor(values, dtype=f64, requires_grad=requires_grad)


def kepler(mass):
    def slope(t, y):
        place, speed = y[:2], y[2:]
        return autograd.cat([speed, -mass * place / (place * place).sum().sqrt() ** 3])

    return slope


START = [1.0, 0.0, 0.0, 1.2]


# -- odeint ---------------------------------------------------------------------------------------


def test_the_error_follows_the_tolerance():
    times = t64([0.0, 1.0, 4.0])
    errors = []
    for rtol in (1e-4, 1e-7, 1e-10):
        y = func.odeint(lambda t, y: (y[1], -y[0]), (t64(0.0), t64(1.0)), times,
                        rtol=rtol, atol=rtol)  # fmt: skip
        errors.append(np.abs(y[0].numpy() - np.sin(times.numpy())).max())
    assert errors[0] < 1e-3 and errors[1] < 1e-6 and errors[2] < 1e-9
    assert errors[0] > errors[1] > errors[2]


def counted(slope):
    def of(t, y):
        of.calls += 1
        return slope(t, y)

    of.calls = 0
    return of


def test_the_steps_are_of_order_five():
    calls = []
    for rtol in (1e-5, 1e-10):
        slope = counted(lambda t, y: -y * autograd.cos(t))
        func.odeint(slope, t64(1.0), [0.0, 20.0], rtol=rtol, atol=rtol)
        calls.append(slope.calls)
    assert 5 < calls[1] / calls[0] < 13  # 10^(5/5); of order 4, 10^(5/4) = 18


def test_energy_is_kept_and_time_runs_backwards():
    forth = func.odeint(kepler(1.0), t64(START), [0.0, 5.0, 10.0], rtol=1e-10, atol=1e-12)
    energy = (forth[:, 2:] ** 2).sum(1) / 2 - 1 / (forth[:, :2] ** 2).sum(1).sqrt()
    np.testing.assert_allclose(energy.numpy(), energy[0].item(), rtol=1e-8)
    back = func.odeint(kepler(1.0), forth[-1], [10.0, 0.0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(back[-1].numpy(), START, atol=1e-7)


def test_it_agrees_with_scipy():
    integrate = pytest.importorskip("scipy.integrate")
    times = np.linspace(0, 6, 9)
    ours = func.odeint(kepler(1.3), t64(START), times, rtol=1e-9, atol=1e-11)

    def slope(t, y):
        return np.concatenate([y[2:], -1.3 * y[:2] / np.hypot(*y[:2]) ** 3])

    theirs = integrate.solve_ivp(slope, (0, 6), START, t_eval=times, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(ours.numpy(), theirs.y.T, atol=1e-7)


def test_the_adjoint_gives_the_recorded_gradient():
    found = []
    for adjoint in (False, True):
        mass, start = t64(1.3, True), t64(START, True)
        times = t64([0.0, 1.0, 2.5], True)
        y = func.odeint(kepler(mass), start, times, rtol=1e-9, atol=1e-11, adjoint=adjoint)
        grads = autograd.grad((y**2).sum() + y[1, 0] * y[2, 3], (mass, start, times))
        found.append([one.numpy() for one in grads])
    for recorded, adjoint in zip(*found):
        np.testing.assert_allclose(adjoint, recorded, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("adjoint", [False, True])
def test_slopes_by_parameters_and_times_are_the_formulas(adjoint):
    rate, times = t64(0.7, True), t64([0.0, 0.5, 1.0], True)
    y = func.odeint(lambda t, y: -rate * y * y, t64([1.0, 2.0]), times, rtol=1e-10, atol=1e-12,
                    adjoint=adjoint)  # fmt: skip
    first, when = autograd.grad(y[-1].sum(), (rate, times), create_graph=True)
    (second,) = autograd.grad(first, rate)
    assert first.item() == pytest.approx(-1 / 1.7**2 - 4 / 2.4**2, rel=1e-7)
    assert second.item() == pytest.approx(2 / 1.7**3 + 16 / 2.4**3, rel=1e-7)
    slope = -0.7 * (1 / 1.7**2 + (2 / 2.4) ** 2)
    np.testing.assert_allclose(when.detach().numpy(), [-slope, 0, slope], rtol=1e-7, atol=1e-9)


RATES = [0.7, 1.3]
FUNCTIONS = {  # of rates, and their true values, first and second derivatives
    "odeint": lambda a: func.odeint(lambda t, y: -a * y, t64([1.0, 2.0]), [0.0, 1.0])[-1],
    "adjoint": lambda a: func.odeint(
        lambda t, y: -a * y, t64([1.0, 2.0]), [0.0, 1.0], adjoint=True
    )[-1],
    "root": lambda a: func.fixed_point(lambda x, a: (x + a / x) / 2, t64([1.0, 1.0]), a),
    "root, closed over": lambda a: func.fixed_point(lambda x: (x + a / x) / 2, t64([1.0, 1.0])),
}
DECAY = np.array([1.0, 2.0]) * np.exp(-np.array(RATES))
ROOT_OF = np.sqrt(RATES)
TRUE = {
    name: (DECAY, -DECAY, DECAY)
    if name in ("odeint", "adjoint")
    else (ROOT_OF, 0.5 / ROOT_OF, -0.25 / ROOT_OF**3)
    for name in FUNCTIONS
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_transforms_go_through(name):
    f, (value, slope, bend) = FUNCTIONS[name], TRUE[name]
    a, close = t64(RATES), {"rtol": 1e-6}

    def total(a):
        return f(a).sum()

    ones = t64([1.0, 1.0])
    np.testing.assert_allclose(func.jvp(f, (a,), (ones,))[1], slope, **close)
    np.testing.assert_allclose(func.jacrev(f)(a), np.diag(slope), atol=1e-9, **close)
    np.testing.assert_allclose(func.jacfwd(f)(a), np.diag(slope), atol=1e-9, **close)
    np.testing.assert_allclose(func.hessian(total)(a), np.diag(bend), atol=1e-9, **close)
    twice = func.jacrev(func.jacrev(total))(a)
    np.testing.assert_allclose(twice, np.diag(bend), atol=1e-9, **close)
    both = autograd.stack([a, a])
    np.testing.assert_allclose(func.vmap(f)(both), [value, value], **close)
    np.testing.assert_allclose(func.vmap(func.grad(total))(both), [slope, slope], **close)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_closed_over_may_have_been_made(name):
    f, (_, slope, bend) = FUNCTIONS[name], TRUE[name]
    x = t64(RATES, requires_grad=True)
    made = x * 1
    (first,) = autograd.grad(f(made).sum(), made, create_graph=True)
    np.testing.assert_allclose(first.detach(), slope, rtol=1e-6)
    np.testing.assert_allclose(autograd.grad(first.sum(), x)[0], bend, rtol=1e-6)


def test_a_tree_keeps_its_form_and_dtype():
    start = {"a": autograd.ones(2, 3), "b": (autograd.zeros(()),)}
    y = func.odeint(lambda t, y: {"a": -y["a"], "b": (y["b"][0] * 0,)}, start, [0.0, 1.0, 2.0])
    assert y["a"].shape == (3, 2, 3) and y["b"][0].shape == (3,)
    assert y["a"].dtype == autograd.float32
    np.testing.assert_allclose(y["a"][2].numpy(), math.exp(-2), rtol=1e-5)


def test_what_cannot_be_solved_is_said():
    with pytest.raises(ValueError, match="ascend throughout"):
        func.odeint(lambda t, y: y, t64(1.0), [0.0, 1.0, 0.5])
    with pytest.raises(ShapeError, match="must be a vector of times"):
        func.odeint(lambda t, y: y, t64(1.0), 1.0)
    with pytest.raises(RuntimeError, match="Is there a singularity"):
        func.odeint(lambda t, y: y * y, t64(1.0), [0.0, 2.0])
    with pytest.raises(RuntimeError, match="at most max_steps=3 steps"):
        func.odeint(lambda t, y: t.cos() * y, t64(1.0), [0.0, 50.0], max_steps=3)


@pytest.mark.parametrize("solve", [
    func.odeint, lambda *args: func.odeint(*args, adjoint=True),
    lambda f, y, t: func.fixed_point(lambda x: f(None, x), y),
])  # fmt: skip
def test_what_a_right_hand_side_must_return(solve):
    y, t = t64([1.0, 2.0]), [0.0, 1.0]
    for wrong in (lambda t, y: y.sum(), lambda t, y: y[:, None], lambda t, y: y[:1]):
        with pytest.raises(ShapeError, match="func must return the shapes of [xy]0"):
            solve(wrong, y, t)
    with pytest.raises(TypeError, match="got None. Is there a return missing"):
        solve(lambda t, y: None, y, t)
    for wrong in (lambda t, y: y[0], lambda t, y: y[:1], lambda t, y: {"a": y[0], "b": y[1]}):
        with pytest.raises(TypeError, match="a tree of the form of [xy]0"):
            solve(wrong, (y, y), t)
    with pytest.raises(TypeError, match="[xy]0 must be real; got autograd.complex128"):
        solve(lambda t, y: y, y * 1j, t)


def test_the_order_of_keys_does_not_matter():
    start = {"a": t64(1.0), "b": t64(1.0)}
    y = func.odeint(lambda t, y: {"b": -y["b"], "a": -2 * y["a"]}, start, [0.0, 1.0])
    assert y["a"][1].item() == pytest.approx(math.exp(-2))
    assert y["b"][1].item() == pytest.approx(math.exp(-1))
    x = func.fixed_point(lambda x: {"b": x["b"].cos(), "a": x["a"] / 2 + 1}, start)
    assert x["a"].item() == pytest.approx(2) and x["b"].item() == pytest.approx(0.7390851332151607)


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("adjoint", [False, True])
def test_what_is_not_finite_ends_at_once(value, adjoint):
    for y in (t64([value]), t64([1.0])):
        with pytest.raises(RuntimeError, match="y' must be finite"):
            func.odeint(lambda t, y: y * value, y, [0.0, 1.0], adjoint=adjoint)


def test_tolerances_and_numbers_of_steps_are_checked():
    for wrong in ({"rtol": 0, "atol": 0}, {"rtol": -1.0}, {"atol": math.nan}, {"max_steps": 0}):
        with pytest.raises(ValueError, match="odeint: "):
            func.odeint(lambda t, y: -y, t64(1.0), [0.0, 1.0], **wrong)
    for wrong in ({"tol": -1.0}, {"tol": math.nan}, {"memory": -1}, {"max_iterations": 0}):
        with pytest.raises(ValueError, match="fixed_point: "):
            func.fixed_point(autograd.cos, t64(1.0), **wrong)
    for t in (None, ["a"], [0, 1j]):
        with pytest.raises(TypeError, match="t must be real numbers"):
            func.odeint(lambda t, y: -y, t64(1.0), t)
    y = func.odeint(lambda t, y: -y, t64([0.0, 1.0]), [0.0, 1.0], atol=0)  # 0 stays 0
    np.testing.assert_allclose(y[1], [0, math.exp(-1)], rtol=1e-6)


# -- fixed points ---------------------------------------------------------------------------------

random = np.random.default_rng(0)


@pytest.mark.parametrize("memory", [0, 5])
def test_a_fixed_point_has_first_and_second_derivatives(memory):
    weight = t64(random.normal(size=(2, 2)) * 0.3, True)
    bias = t64([1.0, -2.0], True)

    def given(weight, bias):
        return func.fixed_point(
            lambda x, w, b: autograd.tanh(w @ x + b), t64([0.0, 0.0]), weight, bias, memory=memory
        )

    def closed(weight, bias):
        return func.fixed_point(
            lambda x: autograd.tanh(weight @ x + bias), t64([0.0, 0.0]), memory=memory
        )

    for solve in (given, closed):
        x = solve(weight, bias)
        np.testing.assert_allclose(x.detach(), autograd.tanh(weight @ x + bias).detach())
        assert autograd.gradcheck(solve, (weight, bias))
        assert autograd.gradgradcheck(solve, (weight, bias))


def test_a_tree_of_states_and_nothing_to_differentiate():
    x = func.fixed_point(lambda x: {"a": x["b"].cos(), "b": x["a"]}, {"a": t64(1.0), "b": t64(1.0)})
    assert x["a"].item() == pytest.approx(0.7390851332151607) and not x["a"].requires_grad


def test_what_does_not_come_to_rest_is_said():
    with pytest.raises(RuntimeError, match="must come to rest within max_iterations=20"):
        func.fixed_point(lambda x: 2 * x + 1, t64(1.0), max_iterations=20, memory=0)
    with pytest.raises(RuntimeError, match="must come to rest"):  # where squares overflow
        func.fixed_point(lambda x: 2 * x + 1, t64(1.0), memory=0)


def test_optimisers_refuse_complex_numbers():
    for both in (func.value_and_grad(lambda x: x.sum()), func.value_and_jac(lambda x: x)):
        with pytest.raises(TypeError, match="x must be real numbers"):
            both(np.array([1j]))
    for both in (
        func.value_and_grad(lambda x: (x * 1j).sum()),
        func.value_and_jac(lambda x: x * 1j),
    ):
        with pytest.raises(TypeError, match="must return real numbers"):
            both(np.array([1.0]))


@pytest.mark.parametrize("oracle", [
    autograd.testing.complex_step_gradient, autograd.testing.finite_difference_gradient
])  # fmt: skip
def test_oracles_refuse_what_has_no_gradient(oracle):
    with pytest.raises(TypeError, match="must be real numbers"):
        oracle(lambda x: x.sum(), t64([1.0]) * 1j)
    for nothing in (None, 3.0):
        with pytest.raises(TypeError, match="must return a tensor"):
            oracle(lambda x, nothing=nothing: nothing, t64([1.0]))


# -- trees as vectors, and SciPy ------------------------------------------------------------------


def test_ravel_and_back():
    tree = {"w": autograd.ones(2, 2), "n": (1.5, np.arange(2))}
    flat, unravel = func.ravel(tree)
    assert flat.tolist() == [1, 1, 1, 1, 1.5, 0, 1]
    again = unravel(flat)
    assert again["w"].shape == (2, 2) and again["n"][1].dtype == autograd.int64
    with pytest.raises(ShapeError, match="a vector of 7 numbers"):
        unravel(autograd.zeros(3))
    with pytest.raises(TypeError, match="must be tensors, arrays or numbers; got str"):
        func.ravel(["a"])


def test_ravel_is_differentiable():
    x = autograd.ones(2, requires_grad=True)
    flat, unravel = func.ravel((x, autograd.zeros(1)))
    unravel(flat * 3)[0].sum().backward()
    assert x.grad.tolist() == [3, 3]


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def test_values_and_gradients_are_arrays_of_float64():
    value, slope = func.value_and_grad(rosenbrock)(np.array([0, 1]))
    assert type(value) is float and value == 101
    assert slope.dtype == np.float64 and slope.tolist() == [-2, 200]
    both = func.value_and_jac(lambda x, a: x**2 * a)
    values, slopes = both(np.array([1.0, 2.0]), 3.0)
    assert values.tolist() == [3, 12] and slopes.tolist() == [[6, 0], [0, 12]]
    with pytest.raises(ShapeError, match="must return a vector"):
        func.value_and_jac(lambda x: x.sum())(np.ones(2))


def test_values_and_jacobian_are_computed_once():
    def f(x):
        f.calls += 1
        return x**2

    f.calls = 0
    both = func.value_and_jac(f)
    x = np.ones(2)
    both.value(x), both.jac(x), both.value(x + 1)
    assert f.calls == 2


def test_what_has_changed_is_computed_again():
    x, a, more, held = np.ones(2), np.full(2, 3.0), [2.0], autograd.ones(2).double()
    both = func.value_and_jac(lambda x, a, more: x * autograd.tensor(a) * held * more[0])
    changes = [lambda: None, lambda: a.fill(5), lambda: x.fill(2), lambda: more.insert(0, 7.0)]
    for change in changes:
        both.value(x, a, more)
        change()
        np.testing.assert_array_equal(both.jac(x, a, more), np.diag(a * more[0]))
    held.mul_(10)
    np.testing.assert_array_equal(both.jac(x, a, more), np.diag(10 * a * more[0]))


def test_scipys_optimisers_take_them():
    optimize = pytest.importorskip("scipy.optimize")
    found = optimize.minimize(func.value_and_grad(rosenbrock), np.zeros(4), jac=True)
    np.testing.assert_allclose(found.x, 1, rtol=1e-4)

    def system(x):
        return autograd.stack([x[0] + (x[0] - x[1]) ** 3 / 2 - 1, (x[1] - x[0]) ** 3 / 2 + x[1]])

    both = func.value_and_jac(system)
    root = optimize.root(both, np.zeros(2), jac=True)
    fitted = optimize.least_squares(both.value, np.zeros(2), jac=both.jac)
    np.testing.assert_allclose(root.x, fitted.x, rtol=1e-6)
    np.testing.assert_allclose(both.value(root.x), 0, atol=1e-8)


# -- the examples ---------------------------------------------------------------------------------


def printed_by(script, *options):
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), *options],
        capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.stdout


@pytest.mark.slow
def test_the_mass_of_a_star_is_found():
    assert "found mass 1.300 and speed 1.200" in printed_by("kepler_orbit.py", "--steps", "6")


@pytest.mark.slow
def test_a_gaussian_process_is_fitted():
    printed = subprocess.run(
        [sys.executable, "-m", "autograd", "examples/gaussian_process.py"],
        capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    ).stdout  # fmt: skip
    parted = [line.split() for line in printed.splitlines()]
    found = [float(words[1]) for words in parted if words[0] in ("length", "size", "noise")]
    np.testing.assert_allclose(found, [0.811, 0.709, 0.096], atol=2e-3)


@pytest.mark.slow
def test_scipys_optimisers_run_as_shown():
    pytest.importorskip("scipy")
    printed = printed_by("scipy_optimizers.py")
    assert "x = [1. 1. 1. 1. 1.]" in printed and "x = [2.5 1.3 0.5]" in printed
