"""Fixed points as HIPS autograd's programs write them: derivatives of every order, closures."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad, jacobian, make_jvp
from autograd.misc.fixed_points import fixed_point


def newton(a):
    return lambda x: 0.5 * (x + a / x)


def distance(x, y):
    return np.max(np.abs(x - y))


def root(a, x0=1.0):
    return fixed_point(newton, a, x0, distance, 1e-12)


def test_derivatives_of_every_order():
    f, want = root, [2**0.5, 0.5 * 2**-0.5, -0.25 * 2**-1.5, 0.375 * 2**-2.5]
    for value in want:
        assert f(2.0) == pytest.approx(value, rel=1e-9)
        f = grad(f)


def test_arrays_trees_and_complex_numbers():
    a = np.array([2.0, 3.0])
    for x0 in (1.0, np.ones(2)):
        np.testing.assert_allclose(
            jacobian(lambda a, x0=x0: root(a, x0))(a), np.diag(0.5 / np.sqrt(a)), atol=1e-12
        )

    def of_pair(pair):
        return fixed_point(lambda p: newton(p["a"] * p["b"]), pair, 1.0, distance, 1e-12)

    found = grad(of_pair)({"a": 2.0, "b": 3.0})
    assert found["a"] == pytest.approx(1.5 / 6**0.5) and found["b"] == pytest.approx(1 / 6**0.5)
    slope = grad(lambda z: anp.real(root(z, 1 + 1j)))(2 + 1j)
    assert slope == pytest.approx(0.5 / np.sqrt(2 + 1j))


def test_what_the_iteration_closes_over_is_differentiated_by():
    def shared(b):
        return fixed_point(lambda a: newton(a * b), b, 1.0, distance, 1e-12)  # √(b b)

    def closed(b):
        return fixed_point(lambda a: newton(a * anp.exp(b)), 2.0, 1.0, distance, 1e-12)

    assert grad(shared)(2.0) == pytest.approx(1.0)
    assert grad(grad(shared))(2.0) == pytest.approx(0.0, abs=1e-9)
    assert grad(grad(closed))(0.3) == pytest.approx(np.sqrt(2 * np.exp(0.3)) / 4)
    assert grad(lambda b: closed(2.0) * b)(3.0) == closed(2.0)


def test_forward_mode():
    assert make_jvp(root)(2.0)(1.0)[1] == pytest.approx(0.5 * 2**-0.5)
    slope = grad(lambda a: make_jvp(root)(a)(1.0)[1])(2.0)
    assert slope == pytest.approx(-0.25 * 2**-1.5)
    closed = make_jvp(lambda b: fixed_point(lambda a: newton(a * b), 2.0, 1.0, distance, 1e-12))
    assert closed(1.0)(1.0)[1] == pytest.approx(0.5 * 2**0.5)


def test_values_are_plain_where_nothing_is_traced():
    assert type(root(2.0)) is float and root(2.0) == pytest.approx(2**0.5)
