"""What the operators on functions take and refuse: values, arguments, positions, vectors."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import (
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    holomorphic_grad,
    jacobian,
    make_jvp,
    make_vjp,
    value_and_grad,
)

X = np.array([1.0, 2.0, 3.0])

VALUES = {
    "str": "a",
    "NoneType": None,
    "generator": (one for one in [1.0]),
    "function": lambda: None,
    "object of shape (1,)": np.array([None]),
    "bool of shape ()": True,
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("fact", VALUES)
def test_what_is_no_number_is_named(fact):
    def f(x):
        return VALUES[fact]

    for operator in (grad, value_and_grad, elementwise_grad, jacobian, hessian, holomorphic_grad):
        with pytest.raises(TypeError, match="the function must return") as raised:
            operator(f)(X)
        assert f"got {fact}" in str(raised.value)


@pytest.mark.parametrize(
    "value", [lambda x: x, lambda x: [x], lambda x: {"a": x}, lambda x: x * 1j]
)
def test_grad_is_of_a_real_scalar(value):
    with pytest.raises(TypeError, match="grad: the function must return a real scalar; got"):
        grad(value)(X)


def test_trees_have_no_jacobian_but_jacobians():
    for value in (lambda x: {"a": x}, lambda x: [x, x], lambda x: (x,)):
        with pytest.raises(TypeError, match="jacobian: the function must return an array"):
            jacobian(value)(X)
    a, b = jacobian(lambda x, y: x * anp.sum(y), (0, 1))(X, X[:2])
    np.testing.assert_allclose(a, 3 * np.eye(3))
    np.testing.assert_allclose(b, np.stack([X, X], axis=1))
    found = jacobian(lambda t: t["a"] * t["b"][0])({"a": X, "b": [2.0]})
    assert found["a"].tolist() == (2 * np.eye(3)).tolist() and found["b"][0].tolist() == [1, 2, 3]


def test_a_complex_function_of_real_numbers_has_a_complex_jacobian():
    np.testing.assert_allclose(jacobian(lambda x: x * x * (1 + 2j))(X), np.diag(2 * X * (1 + 2j)))
    np.testing.assert_allclose(jacobian(lambda x: anp.exp(1j * x))(0.0), 1j)
    np.testing.assert_allclose(hessian(lambda x: x * x * 1j)(2.0), 2j)
    z = X + 1j
    np.testing.assert_allclose(jacobian(lambda z: z * z)(z), np.diag(2 * z))


@pytest.mark.parametrize("argnum", [2, -3, (0, 5), [0, 2]])
def test_a_position_that_was_not_given(argnum):
    with pytest.raises(IndexError, match=r"grad: .* by position; got argnum .*, 2 by position"):
        grad(lambda x, y: anp.sum(x * y), argnum)(X, X)


def test_arguments_by_name_are_no_positions():
    def f(x, y):
        return anp.sum(x * y)

    with pytest.raises(IndexError, match="got argnum 0, 0 by position and x, y by name"):
        grad(f)(x=X, y=X)
    assert grad(f)(X, y=2 * X).tolist() == [2.0, 4.0, 6.0]
    assert grad(f, np.int64(1))(X, 2 * X).tolist() == X.tolist()
    assert grad(f, -2)(X, 2 * X).tolist() == [2.0, 4.0, 6.0]
    for argnum in ("x", 1.0, True, slice(1), (0, "y")):
        with pytest.raises(TypeError, match="grad: argnum must be an int"):
            grad(f, argnum)
    with pytest.raises(ValueError, match="grad_named: .* got 'z', and it has x, y"):
        grad_named(f, "z")


def test_what_is_no_function():
    with pytest.raises(TypeError, match="jacobian: what is differentiated must be a function"):
        jacobian(3.0)


@pytest.mark.parametrize("x", [3, "a", None, True, [1, 2.0], {"a": 1}, range(3), {1.0}, len])
def test_what_is_not_differentiated_by(x):
    with pytest.raises(TypeError, match="differentiation: inputs must be floating-point"):
        grad(lambda x: 1.0)(x)


def test_vectors_of_the_wrong_kind():
    vjp, jvp = make_vjp(lambda x: x**3)(X)[0], make_jvp(lambda x: x**3)(X)
    for call in (vjp, jvp):
        with pytest.raises(ValueError, match=r"shape \(3,\); got \(2,\)"):
            call(np.ones(2))
        for vector, fact in ((None, "None"), ("abc", "'abc'")):
            with pytest.raises(TypeError, match=f"an array of numbers; got {fact}"):
                call(vector)
    with pytest.raises(ValueError, match="the value's form"):
        vjp([1.0, 1.0, 1.0])
    assert vjp(1.0).tolist() == [3.0, 12.0, 27.0]


def test_grad_and_aux_wants_two():
    with pytest.raises(TypeError, match="grad_and_aux: .* got float64"):
        grad_and_aux(lambda x: anp.sum(x))(X)
    with pytest.raises(ValueError, match="grad_and_aux: .* two things, a value and more; got 3"):
        grad_and_aux(lambda x: (anp.sum(x), 1, 2))(X)
    slope, aux = grad_and_aux(lambda x: [anp.sum(x), "more"])(X)
    assert slope.tolist() == [1.0, 1.0, 1.0] and aux == "more"


def test_an_error_inside_leaves_nothing_open():
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: grad(lambda y: 1 / 0)(x))(1.0)
    with pytest.raises(ZeroDivisionError):
        make_jvp(lambda x: 1 / 0)(1.0)(1.0)
    assert type(grad(lambda x: x * x)(2.0)) is np.float64
    value, slope = value_and_grad(lambda x: x * x)(2.0)
    assert type(value) is np.float64
