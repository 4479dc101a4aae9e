"""Forward mode: jvp, linearize, jacfwd, dual tensors; one in another, and over reverse mode."""

import gc
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd import forward_ad, func
from autograd.engine import observer
from autograd.engine.duals import DualLevel
from tests.forward_cases import Case
from tests.op_cases import ROWS, cases

X = autograd.tensor([1.0, 2.0, 3.0], dtype=autograd.float64)
V = autograd.tensor([1.0, 0.5, -2.0], dtype=autograd.float64)


def close(tensor, expected):
    expected = expected.detach().numpy() if hasattr(expected, "detach") else expected
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-10, atol=1e-12)


def scalar(value):
    return autograd.tensor(value, dtype=autograd.float64)


def open_levels():
    return [one for one in observer.listening if isinstance(one, DualLevel)]


def along(function, x):
    """The derivative of a function of one number."""
    return func.jvp(function, (x,), (scalar(1.0),))[1]


def differentiable(row, sample):
    try:
        case = Case(row, sample)
    except AttributeError:
        pytest.skip("it returns no tensors")
    if not case.point or not case.weights:
        pytest.skip("there is nothing to differentiate")
    return case


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, quick=1))
def test_every_op_has_its_tangent(row, sample):
    case = differentiable(row, sample)
    forward, reverse = case.first()
    np.testing.assert_allclose(forward.item(), reverse.item(), rtol=1e-7, atol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize(("row", "sample"), cases(ROWS))
def test_tangents_along_several_directions_at_once(row, sample):
    found, expected = differentiable(row, sample).mapped()
    for one, other in zip(found, expected, strict=True):
        close(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(("row", "sample"), cases([row for row in ROWS if row.orders > 1]))
def test_second_derivatives_agree_by_four_routes(row, sample):
    found = [one.item() for one in differentiable(row, sample).second()]
    np.testing.assert_allclose(found, [found[-1]] * 4, rtol=1e-7, atol=1e-8)


def test_values_trees_and_aux():
    y, t, aux = func.jvp(lambda d: ((d["a"] ** 2, d["a"] > 1), d["a"] * 3), ({"a": X},),
                         ({"a": V},), has_aux=True)  # fmt: skip
    close(y[0], X * X)
    close(t[0], 2 * X * V)
    assert t[1].dtype == autograd.bool and not t[1].any() and type(aux._data) is np.ndarray
    y, t = func.jvp(lambda x: autograd.ones(2), (X,), (V,))
    close(t, [0, 0])
    with pytest.raises(RuntimeError, match="strict=True every output must depend"):
        func.jvp(lambda x: autograd.ones(2), (X,), (V,), strict=True)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: along(lambda y: x + y, scalar(1.0)), 1),  # 2, if the two were one
        (lambda x: along(lambda y: x * y, scalar(3.0)), 6),
        (lambda x: along(lambda y: y * y, x), 12),
        (lambda x: func.grad(lambda y: x * y)(scalar(1.0)), 6),
        (lambda x: func.grad(lambda y: x + y)(x), 1),
        (lambda x: along(lambda y: x * along(lambda z: y * z, x), x), 6),
    ],
)
@pytest.mark.parametrize("outer", [along, lambda f, x: func.grad(f)(x)])
def test_tangents_of_two_levels_are_two_numbers(function, expected, outer):
    close(outer(lambda x: x * function(x), scalar(3.0)), expected)


def test_derivatives_of_any_order_by_any_route():
    forward, reverse = along, lambda f, x: func.grad(f)(x)
    for first in (forward, reverse):
        for second in (forward, reverse):
            for third in (forward, reverse):

                def nested(x, ways=(first, second, third)):
                    f = lambda x: x**4  # noqa: E731
                    for way in ways:
                        f = lambda x, f=f, way=way: way(f, x)  # noqa: E731
                    return f(x)

                close(nested(scalar(2.0)), 48)


def test_softmax_and_kin_nest_and_are_recorded():
    twice = func.jvp(lambda x: func.jvp(lambda y: y.softmax(0), (x,), (V,))[1], (X,), (V,))[1]
    assert not twice.requires_grad
    h = func.hessian(lambda x: (x.softmax(0) * X).sum())(X)
    close((h @ V * V).sum(), (twice * X).sum())


def test_what_is_outside_can_be_differentiated_by():
    w, x = scalar(2.0).requires_grad_(), X.clone().requires_grad_()
    v = V.clone().requires_grad_()
    t = func.jvp(lambda x: w * x**3, (x,), (v,))[1]
    t.sum().backward()
    close(w.grad, (3 * X**2 * V).sum())
    close(x.grad, 12 * X * V)
    close(v.grad, 6 * X**2)


def test_modules_and_in_place():
    net = nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.LayerNorm(4), nn.Linear(4, 2)).double()
    state = {name: p.detach() for name, p in net.named_parameters()}
    moved = {name: autograd.ones_like(p) for name, p in state.items()}
    call = lambda p: func.functional_call(net, p, (X,))  # noqa: E731
    t = func.jvp(call, (state,), (moved,))[1]
    by = func.jacrev(call)(state)
    close(t, sum([by[name].flatten(1).sum(1) for name in state]))

    def written(x):
        y = autograd.zeros(3, dtype=autograd.float64)
        y[0] = x[1]
        y[1:] *= x[:2]
        y += x * x
        y[1:].mul_(x[0])
        y[2] = 0.0
        return y.clamp_(max=100)

    close(func.jvp(written, (X,), (V,))[1], func.jacrev(written)(X) @ V)
    close(V, [1, 0.5, -2])


def test_what_reads_values_is_a_constant():
    close(func.jvp(lambda x: x * x.sum().item() if x.sum() > 0 else x, (X,), (V,))[1], 6 * V)
    close(func.jvp(lambda x: x.detach() * x, (X,), (V,))[1], X * V)
    shown = []
    func.jvp(lambda x: shown.append(repr(x)) or x, (X,), (V,))
    assert shown[0].startswith("tensor([1., 2., 3.]")


def test_forward_mode_does_not_ask_for_grad_mode():
    call = lambda x: autograd.cat([nn.functional.gelu(x), x.softmax(0), x.sin()])  # noqa: E731
    expected = func.jvp(call, (X,), (V,))[1]
    for off in (autograd.no_grad, autograd.inference_mode):
        with off():
            close(func.jvp(call, (X,), (V,))[1], expected)


def test_linearize_runs_the_function_once():
    calls = []
    y, derivative = func.linearize(lambda x: calls.append(1) or x**2, X)
    close(y, X * X)
    for v in (V, X):
        close(derivative(v), 2 * X * v)
    assert calls == [1] and not derivative(V).requires_grad and not y.requires_grad


def test_jacobians_by_columns_are_those_by_rows():
    call = lambda x, y: (x[:, None] * y.exp(), {"sum": (x * y).sum()})  # noqa: E731
    forward = func.jacfwd(call, argnums=(0, 1))(X, V)
    reverse = func.jacrev(call, argnums=(0, 1))(X, V)
    for i in range(2):
        close(forward[0][i], reverse[0][i])
        close(forward[1]["sum"][i], reverse[1]["sum"][i])
    jacobian, aux = func.jacfwd(lambda x: (x * 2, x), has_aux=True)(X)
    close(jacobian, 2 * np.eye(3))
    close(aux, X)


def test_hessians_by_six_routes():
    call = lambda x: (x.exp() * x.flip(0)).sum().sin()  # noqa: E731
    expected = func.jacrev(func.jacrev(call))(X / 3)
    for outer in (func.jacfwd, func.jacrev):
        for inner in (func.jacfwd, func.jacrev, func.grad):
            close(outer(inner(call))(X / 3), expected)
    close(func.hessian(call)(X / 3), expected)


def test_samples_of_derivatives():
    call = lambda x, v: func.jvp(lambda x: x.sin() * x, (x,), (v,))[1]  # noqa: E731
    xs, vs = autograd.stack([X, V, X + V]), autograd.stack([V, X, X * V])
    close(func.vmap(call)(xs, vs), autograd.stack([call(x, v) for x, v in zip(xs, vs)]))
    mapped = func.jvp(lambda xs: func.vmap(lambda x: x.sum() * x)(xs), (xs,), (vs,))[1]
    close(mapped, autograd.stack([v.sum() * x + x.sum() * v for x, v in zip(xs, vs)]))


# -- by hand ---------------------------------------------------------------------------------------


def test_dual_tensors_by_hand():
    with forward_ad.dual_level():
        x = forward_ad.make_dual(X, V)
        y = x**2
        value, tangent = forward_ad.unpack_dual(y)
        close(value, X * X)
        close(tangent, 2 * X * V)
        assert forward_ad.unpack_dual(X).tangent is None
    assert forward_ad.unpack_dual(y).tangent is None and not y.requires_grad
    close(y, X * X)
    assert not open_levels()


def test_a_gradient_inside_a_level_has_its_tangent():
    x = X.clone().requires_grad_()
    with forward_ad.dual_level():
        y = (forward_ad.make_dual(x, V) ** 3).sum()
        (g,) = autograd.grad(y, x, create_graph=True)
        close(forward_ad.unpack_dual(g).tangent, 6 * X * V)
        with pytest.raises(RuntimeError, match=r"\.grad has no place for a tangent"):
            y.backward()


def test_levels_are_refused_where_they_cannot_be():
    with pytest.raises(RuntimeError, match="a level must be open; none is"):
        forward_ad.make_dual(X, V)
    with pytest.raises(RuntimeError, match="exit_dual_level: a level must be open"):
        forward_ad.exit_dual_level()
    with forward_ad.dual_level():
        with pytest.raises(RuntimeError, match="one level can be open at a time"):
            forward_ad.enter_dual_level()
        with pytest.raises(RuntimeError, match="of the primal's shape"):
            forward_ad.make_dual(X, V[:2])
    for call, text in (
        (lambda: func.jvp(lambda x: x, X, V), "must be tuples"),
        (lambda: func.jvp(lambda x: x, (X,), (V, V)), "packed as the primals are"),
        (lambda: func.jvp(lambda x: x, (X,), (V[:2],)), "of its primal's shape"),
        (lambda: func.jvp(lambda x: 3, (X,), (V,)), "return tensors only; it returned int"),
        (lambda: func.jvp(lambda x: x, (2.0,), (V,)), "must be tensors; got float"),
    ):
        with pytest.raises((TypeError, ValueError, RuntimeError), match=text):
            call()


def test_an_error_inside_closes_the_level_and_nothing_stays_alive():
    seen = []

    def failing(x):
        seen.append(weakref.ref(x))
        raise KeyError

    with pytest.raises(KeyError):
        func.jvp(failing, (X,), (V,))
    assert not open_levels()
    gc.collect()
    assert seen[0]() is None


class Cube(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        return 3 * ctx.saved_tensors[0] ** 2 * g


def test_ops_in_pytorchs_form():
    close(func.jvp(Cube.apply, (X,), (V,))[1], 3 * X**2 * V)
    close(func.jacfwd(func.jacrev(lambda x: Cube.apply(x).sum()))(X), np.diag(6 * X.numpy()))


@pytest.mark.parametrize(
    "function",
    [
        autograd.complex,
        lambda a, b: autograd.complex(a, b).conj(),
        lambda a, b: autograd.complex(a, b).abs(),
        lambda a, b: autograd.polar(a.abs(), b),
        lambda a, b: autograd.fft.fft(autograd.complex(a, b)).angle(),
        lambda a, b: autograd.vdot(autograd.complex(a, b), autograd.complex(b, a)),
    ],
)
def test_what_real_tensors_make_complex_has_its_tangent(function):
    a, b = autograd.tensor([0.3, -1.2, 0.7]).double(), autograd.tensor([1.1, 0.4, -0.6]).double()
    t, u = autograd.tensor([1.0, 2.0, -0.5]).double(), autograd.tensor([0.2, 0.1, 1.0]).double()
    _, found = autograd.func.jvp(function, (a, b), (t, u))
    above, below = function(a + 1e-6 * t, b + 1e-6 * u), function(a - 1e-6 * t, b - 1e-6 * u)
    np.testing.assert_allclose(found.numpy(), ((above - below) / 2e-6).numpy(), 1e-7, 1e-7)
