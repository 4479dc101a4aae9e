"""``y += v`` on traced values changes what NumPy's changes, and nothing that was kept."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import checkpoint, elementwise_grad, grad, hessian
from autograd.core import make_jvp
from autograd.extend import defvjp, primitive
from autograd.func import vmap

X = np.array([[0.4, 0.7, 1.1], [0.5, 0.3, 0.9]])


def of_an_alias(np, x):
    y = x * 2
    other = y
    other *= x
    return np.sum(y**3)


def of_a_view(np, x):
    y = np.exp(x)
    row = y[1:]
    row *= x[:1]
    row -= 0.3
    return np.sum(y**2) + np.sum(row)


def of_a_base(np, x):
    y = np.exp(x)
    part, turned = y[:, 1], y.T
    y /= x
    return np.sum(part**2) * np.sum(turned[0])


def of_another_order(np, x):
    y = x.T * 0.34
    y[1:] += np.sum(x)
    y[::-1] **= 1.5
    return np.sum(y * y)


def of_a_copying_reshape(np, x):
    y = x * 1.0
    turned = y[::-1]
    flat = turned.reshape(-1)
    turned += x[0, 0]
    return np.sum(y**2) + np.sum(flat**2)


def of_itself(np, x):
    y = x + 0.0
    y[:, 1:] *= y[:, :-1]
    y *= y
    y @= np.ones((3, 3))
    return np.sum(np.sin(y))


def of_what_is_kept(np, x):
    y = np.sqrt(x)
    kept = np.tanh(y) * y
    y += 1
    y %= 0.9
    y *= y
    return np.sum(kept * y)


def of_zeros(np, x):
    y = np.zeros_like(x, shape=(3,))
    for row in x:
        y += row
        y[1:] *= row[:-1]
    y //= 10.0
    y += x[0]
    return np.sum(y**2)


PROGRAMS = [
    of_an_alias, of_a_view, of_a_base, of_another_order, of_a_copying_reshape, of_itself,
    of_what_is_kept, of_zeros,
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_values_and_derivatives_are_those_of_numpy(program):
    of = lambda x: program(anp, x)  # noqa: E731
    seen = []
    slope = grad(lambda x: seen.append(of(x)) or seen[0])(X)
    np.testing.assert_allclose(seen[0]._value, program(np, X.copy()), rtol=1e-13)
    h, v = 1e-6, np.array([[0.3, -1.0, 0.2], [0.7, 0.1, -0.4]])
    difference = (program(np, X + h * v) - program(np, X - h * v)) / (2 * h)
    assert np.sum(slope * v) == pytest.approx(difference, rel=1e-6)
    assert make_jvp(of, X)(v)[1] == pytest.approx(np.sum(slope * v), rel=1e-12)
    np.testing.assert_allclose(vmap(grad(of))(np.stack([X, X * 1.01]))[0], slope, rtol=1e-12)
    column = (grad(of)(X + h * v) - grad(of)(X - h * v)) / (2 * h)
    np.testing.assert_allclose(np.sum(hessian(of)(X) * v, (2, 3)), column, rtol=1e-5, atol=1e-7)


def test_an_argument_is_not_changed_and_may_be_named_again():
    def program(x):
        x *= 2
        row = x[0]
        row += 1
        return anp.sum(row**2)

    def of_a_part(x):
        row = x[0]
        row += 1
        return anp.sum(row**2)

    x = X.copy()
    np.testing.assert_allclose(grad(program)(x)[0], 4 * (2 * X[0] + 1))
    np.testing.assert_allclose(grad(of_a_part)(x)[0], 2 * (X[0] + 1))
    assert np.array_equal(x, X)
    with pytest.raises(TypeError, match=r"argument of a function.*x = x\.copy\(\)"):
        grad(lambda x: exec("x[1:] *= 2", {"x": x}))(x)


def test_what_was_given_to_a_primitive_or_a_checkpoint_is_what_it_was():
    @primitive
    def square(x):
        return x * x

    defvjp(square, lambda ans, x: lambda g: g * 2 * x)

    def program(of):
        def run(x):
            y = x * 3
            found = of(y)
            y += 1
            return anp.sum(found) + 0 * anp.sum(y)

        return run

    expected = 18 * X
    np.testing.assert_allclose(grad(program(square))(X), expected)
    again = elementwise_grad(grad(program(square)))
    np.testing.assert_allclose(again(X), np.full((2, 3), 18.0))
    np.testing.assert_allclose(grad(program(checkpoint(lambda y: y * y)))(X), expected)

    def changing(y):
        y *= y
        return y

    np.testing.assert_allclose(grad(program(checkpoint(changing)))(X), expected)


def test_dtypes_and_shapes_are_kept_or_refused():
    def narrow(x):
        y = x.astype(anp.float32)
        y += x
        assert y.dtype == np.float32
        return anp.sum(y)

    assert grad(narrow)(X).dtype == np.float64

    def number(x):
        y = x[0, 0]
        y += x
        return anp.sum(y)

    assert grad(number)(X).sum() == 12
    with pytest.raises(TypeError, match=r"y \+= value: y of float64 cannot hold .*'complex128'"):
        grad(lambda x: anp.sum(anp.real(_added(x * 1, x * 1j))))(X)
    with pytest.raises(ValueError, match=r"y \+= value: the result must have the shape \(3,\)"):
        grad(lambda x: anp.sum(_added(x[0] * 1, x)))(X)


def _added(y, value):
    y += value
    return y
