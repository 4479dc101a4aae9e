"""make_jvp: forward mode of NumPy's programs, in and over reverse mode, and by the user's rules."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import deriv, grad, make_ggnvp, value_and_grad
from autograd.core import make_jvp, make_vjp
from autograd.extend import defjvp, defjvp_argnum, defvjp, primitive
from autograd.test_util import check_grads, check_jvp

A = np.random.RandomState(0).randn(3, 3) + 3 * np.eye(3)
X = np.array([0.3, -0.8, 1.1])
V = np.array([1.0, 0.5, -2.0])


def differences(function, x, v, h=1e-6):
    return (function(x + h * v) - function(x - h * v)) / (2 * h)


def by_reverse(function, x, v):
    """J v by the rows of J."""
    vjp, y = make_vjp(function, x)
    units = np.eye(np.size(y)).reshape(np.size(y), *np.shape(y))
    return np.reshape([np.sum(vjp(unit[()]) * v) for unit in units], np.shape(y))


def joined(x):
    return anp.concatenate([anp.stack([x, x * A[0]]).ravel(), anp.cov(x, A[1]).ravel(), x[::-1]])


def written(x):
    y = anp.zeros_like(x)
    y[0] = x[1] * x[0]
    y[1:] = x[:2] ** 2
    return y * y[1]


def through_views(x):
    y = anp.reshape(anp.outer(x, x), (9,))
    v = y[2:8]
    v[0] = x[2] ** 3
    w = v.reshape(2, 3).T
    w[1] = y[:2] * x[0]
    return y + v[0] * w[1, 0]


def filled(x):
    y = anp.zeros_like(x)
    y[0] = x[0]
    for i in range(1, 3):
        y[i] = anp.sin(y[i - 1]) * x[i]
    y = y.copy()
    y[[0, 2]] = y[[2, 1]] * x[0]
    return y


PROGRAMS = {
    "elementwise": lambda x: anp.tanh(x) * 2.0 / (1 + x**2) - anp.exp(-x),
    "mixed dtypes": lambda x: x**2 * np.arange(3) + np.float32(0.5) * anp.maximum(x, [0, 0.1, 0]),
    "products": lambda x: anp.dot(A, x) @ A + anp.einsum("i,ij->j", x, A) * anp.inner(x, V),
    "reductions": lambda x: anp.std(x) + anp.max(x) * anp.prod(x) * x / anp.sum(x**2) ** 0.5,
    "linear algebra": lambda x: anp.linalg.solve(A * x, x) * anp.linalg.det(anp.outer(x, V) + A),
    "choices": lambda x: anp.where(x > 0, x**2, anp.sqrt(anp.abs(x))) + anp.sort(x) ** 2,
    "joined": joined,
    "written": written,
    "through views": through_views,
    "filled": filled,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_first_and_second_derivatives(name):
    f = PROGRAMS[name]
    value, slope = make_jvp(f, X)(V)
    assert type(value) is type(slope) is np.ndarray
    np.testing.assert_allclose(value, f(X), rtol=1e-14)
    np.testing.assert_allclose(slope, differences(f, X, V), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(slope, by_reverse(f, X, V), rtol=1e-10, atol=1e-12)

    def squares(x):
        return anp.sum(f(x) ** 2)

    def of_slopes(x):
        return anp.sum(make_jvp(f, x)(V)[1] ** 2)

    curved = differences(grad(squares), X, V)
    np.testing.assert_allclose(make_jvp(grad(squares), X)(V)[1], curved, rtol=1e-5, atol=1e-6)
    curved = differences(of_slopes, X, V)
    np.testing.assert_allclose(make_jvp(of_slopes, X)(V)[1], curved, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(grad(of_slopes)(X) @ V, curved, rtol=1e-5, atol=1e-6)


def test_trees_and_what_has_no_slope():
    def f(p):
        a, rest = p["a"], p["rest"]
        return {"sum": a + rest[0], "of": (rest[1] * a, "text", 2.5), "count": anp.argmax(rest[1])}

    value, slope = make_jvp(f, {"a": 2.0, "rest": [3.0, X]})({"a": 1.0, "rest": [10.0, V]})
    assert value["sum"] == 5.0 and slope["sum"] == 11.0
    np.testing.assert_allclose(slope["of"][0], V * 2 + X)
    assert value["of"][1:] == ("text", 2.5) and slope["of"][2] == 0 and slope["count"] == 0
    assert type(slope["sum"]) is np.float64


def test_the_vector_is_checked_and_stays_the_callers():
    with pytest.raises(ValueError, match=r"the argument's shape \(3,\); got \(2,\)"):
        make_jvp(anp.sin, X)(V[:2])
    with pytest.raises(ValueError, match="form"):
        make_jvp(lambda p: p[0], (X, X))((V,))
    with pytest.raises(TypeError, match="floating-point"):
        make_jvp(anp.sin, 1)(1.0)
    v = V.copy()
    _, slope = make_jvp(lambda x: x + 1.0, X)(v)
    slope[0] = 99.0
    np.testing.assert_array_equal(v, V)
    a, b = make_jvp(lambda x: (x * 1.0, x + 1.0), X)(v)[1]
    assert not np.shares_memory(a, b)


def test_each_call_calls_the_function_and_single_precision_stays():
    calls = []
    jvp = make_jvp(lambda x: calls.append(1) or x * x, X.astype(np.float32))
    assert jvp(V)[1].dtype == np.float32 and not jvp(V * 0)[1].any() and len(calls) == 2


def test_nothing_is_left_dual_outside():
    kept = []
    make_jvp(lambda x: kept.append(x * 2.0) or kept[0], X)(V)
    np.testing.assert_array_equal(kept[0]._value, 2 * X)
    assert type(kept[0] * 1.0).__name__ == "Array"


@pytest.mark.parametrize(
    "f",
    [
        lambda z: z**2 * anp.exp(z),
        lambda z: anp.abs(z) * z,
        lambda z: anp.conj(z) * anp.real(z),
        lambda z: anp.angle(z) + anp.imag(z) ** 2,
    ],
)
def test_complex_numbers(f):
    check_grads(f, modes=["fwd", "rev"], order=2)(1.1 + 1.3j)
    check_grads(lambda z: grad(lambda w: anp.real(f(w)))(z), modes=["fwd"])(1.1 + 1.3j)


def test_levels_are_told_apart():
    def inner(x):
        return x * deriv(lambda y: x + y)(1.0)

    assert deriv(inner)(2.0) == 1.0
    assert grad(lambda x: x * deriv(lambda y: x * y)(1.0))(3.0) == 6.0
    assert deriv(lambda x: x * grad(lambda y: x * y * y)(2.0))(3.0) == 24.0
    assert deriv(deriv(deriv(lambda x: x**4)))(1.0) == 24.0
    value, slope = make_jvp(value_and_grad(lambda x: x**3), 2.0)(1.0)
    assert value == (8.0, 12.0) and slope == (12.0, 12.0)


def test_gauss_newton():
    J = np.diag(np.cos(X)) @ A
    found = make_ggnvp(lambda x: anp.sin(x) @ A.T)(X)(V)
    J = A @ np.diag(np.cos(X))
    np.testing.assert_allclose(found, J.T @ J @ V)


# -- the user's rules -----------------------------------------------------------------------------


@primitive
def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


defvjp(logsumexp, lambda ans, x: lambda g: g * anp.exp(x - ans))
defjvp(logsumexp, lambda g, ans, x: anp.sum(g * anp.exp(x - ans)))


def test_a_rule_is_used_and_differentiated():
    check_grads(logsumexp, modes=["fwd", "rev"], order=2)(X)
    check_grads(lambda x: grad(logsumexp)(x) * logsumexp(x), modes=["fwd", "rev"])(X)
    f = lambda x: logsumexp(anp.sin(x) * x)  # noqa: E731
    curved = differences(grad(f), X, V)
    np.testing.assert_allclose(make_jvp(grad(f), X)(V)[1], curved, rtol=1e-6, atol=1e-8)


def test_a_wrong_rule_is_caught():
    wrong = primitive(lambda x: x**2)
    defvjp(wrong, lambda ans, x: lambda g: 2 * g * x)
    defjvp(wrong, lambda g, ans, x: 2.1 * g * x)
    check_grads(wrong, modes=["rev"])(3.0)
    with pytest.raises(AssertionError, match="JVP"):
        check_grads(wrong, modes=["fwd"])(3.0)
    with pytest.raises(AssertionError, match="JVP"):
        check_jvp(wrong, 3.0)


def test_same_none_and_argnums():
    scaled = primitive(lambda x, c, y: x * c + 3 * y)
    defjvp(scaled, "same", None, argnums=(0, 1))
    assert make_jvp(lambda x: scaled(x, 5.0, 0.0), 2.0)(1.0) == (10.0, 5.0)
    assert make_jvp(lambda c: scaled(2.0, c, 0.0), 5.0)(1.0) == (10.0, 0.0)
    with pytest.raises(NotImplementedError, match="none for argument 2"):
        make_jvp(lambda y: scaled(2.0, 5.0, y), 1.0)(1.0)
    total = primitive(lambda *xs: sum(xs))
    defjvp_argnum(total, lambda argnum, g, ans, args, options: g * (argnum + 1))
    assert make_jvp(lambda x: total(x[0], 1.0, x[1]), (1.0, 2.0))((1.0, 10.0))[1] == 31.0


def test_a_primitive_without_a_forward_rule_is_refused_only_in_forward_mode():
    cube = primitive(lambda x: x**3)
    defvjp(cube, lambda ans, x: lambda g: 3 * g * x**2)
    assert cube(2.0) == 8.0 and grad(cube)(2.0) == 12.0
    assert make_jvp(lambda x: cube(2.0) * x, 3.0)(1.0) == (24.0, 8.0)
    with pytest.raises(NotImplementedError, match="must have a forward rule"):
        make_jvp(cube, 2.0)(1.0)
    assert deriv(lambda x: x * x)(3.0) == 6.0  # no level was left open


def test_a_primitive_of_trees():
    both = primitive(lambda pair, scale=1.0: [scale * (pair[0] + pair[1]), pair[0] * 1.0])
    defjvp(both, lambda g, ans, pair, scale=1.0: [scale * (g[0] + g[1]), g[0] * 1.0])
    _, (a, b) = make_jvp(lambda x: both((x, X), scale=2.0), X)(V)
    np.testing.assert_array_equal(a, 2 * V)
    np.testing.assert_array_equal(b, V)
    bad = primitive(lambda x: np.sum(x))
    defjvp(bad, lambda g, ans, x: g)
    with pytest.raises(ValueError, match=r"the result's shape \(\); got \(3,\)"):
        make_jvp(bad, X)(V)
