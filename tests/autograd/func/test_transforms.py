"""Derivatives as functions, in reverse mode: values, nesting, what is recorded, what is refused."""

import re
import weakref

import numpy as np
import pytest

import autograd
from autograd import func
from autograd.engine import backward

X = autograd.tensor([1.0, 2.0, 3.0], dtype=autograd.float64)


def close(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-12)


def scalar(value):
    return autograd.tensor(value, dtype=autograd.float64)


def test_the_gradient_has_the_form_of_what_is_differentiated_by():
    found = func.grad(lambda d: (d["a"] * d["b"][0]).sum())({"a": X, "b": [X + 1]})
    close(found["a"], X + 1)
    close(found["b"][0], X)
    by_second = func.grad(lambda x, y: (x * y).sum(), argnums=-1)(X, X + 1)
    close(by_second, X)
    second, first = func.grad(lambda x, y: (x * y).sum(), argnums=(1, 0))(X, X + 1)
    close(first, X + 1)
    close(second, X)
    assert type(func.grad(lambda x: x.sum(), argnums=(0,))(X)) is tuple
    close(func.grad(lambda x, *, scale: (x * scale).sum())(X, scale=2.0), [2, 2, 2])


def test_values_and_aux_are_not_linked_to_the_inside():
    g, (y, aux) = func.grad_and_value(lambda x: ((x**2).sum(), {"x": x * 2}), has_aux=True)(X)
    close(g, 2 * X)
    close(y, 14)
    close(aux["x"], 2 * X)
    assert not (g.requires_grad or y.requires_grad or aux["x"].requires_grad)
    g, aux = func.grad(lambda x: (x.sum(), None), has_aux=True)(X)
    assert aux is None


def test_what_does_not_depend_has_zero_gradients():
    for constant in (lambda x: scalar(1.0), lambda x: x.detach().sum(), lambda x: quiet(x)):
        close(func.grad(constant)(X), [0, 0, 0])
    unused, used = func.grad(lambda x, y: y.sum(), argnums=(0, 1))(X, X)
    close(unused, [0, 0, 0])
    close(used, [1, 1, 1])


def quiet(x):
    with autograd.no_grad():
        return (x * x).sum()


def test_derivatives_nest():
    cube = lambda x: x**3  # noqa: E731
    close(func.grad(func.grad(func.grad(cube)))(scalar(2.0)), 6)
    close(func.grad(lambda x: func.grad(lambda y: x * y * y)(scalar(3.0)))(scalar(5.0)), 6)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (lambda x, y: x * y, 6),  # x · d/dy(xy) = x², so 2x
        (lambda x, y: x + y, 1),
        (lambda x, y: y * y, 4 * 3),  # taken at y = x
    ],
)
def test_an_inner_derivative_is_not_mistaken_for_an_outer_one(inner, expected):
    found = func.grad(lambda x: x * func.grad(lambda y: inner(x, y))(x))(scalar(3.0))
    close(found, expected)
    constant = func.grad(lambda x: x * func.grad(lambda y: x + y)(scalar(2.0)))(scalar(1.0))
    close(constant, 1)


def test_recording_is_on_inside_whatever_it_is_outside():
    x = X.clone().requires_grad_()
    for off in (autograd.no_grad, autograd.inference_mode):
        with off():
            g, y = func.grad_and_value(lambda x: (x**3).sum())(x)
            assert not autograd.is_grad_enabled()
        close(g, 3 * X**2)
        assert not g.requires_grad and not y.requires_grad


def test_what_is_outside_can_be_differentiated_by():
    x, w = X.clone().requires_grad_(), scalar(2.0).requires_grad_()
    g, y = func.grad_and_value(lambda x: (w * x**3).sum())(x)
    g.sum().backward(retain_graph=True)
    close(x.grad, 12 * X)
    close(w.grad, 3 * 14)
    y.backward()
    close(w.grad, 3 * 14 + 36)
    x.grad = w.grad = None
    (y, vjp_fn) = func.vjp(lambda x: w * x**2, X)
    (g,) = vjp_fn(x)
    g.sum().backward()
    close(x.grad, 4 * X)
    close(w.grad, 2 * 14)


def test_only_nested_gradients_are_recorded(monkeypatch):
    recorded = []
    sweep = backward.sweep

    def noting(*args, create, **options):
        recorded.append(create)
        return sweep(*args, create=create, **options)

    monkeypatch.setattr(backward, "sweep", noting)
    func.grad(lambda x: (x * x).sum())(X)
    func.grad(lambda x: (x * func.grad(lambda y: y * y)(scalar(1.0))).sum())(X)
    assert recorded == [False] * 3
    func.grad(func.grad(lambda x: x * x))(scalar(1.0))
    assert recorded[3:] == [True, False]


def test_nothing_stays_alive():
    seen = []
    g = func.grad(lambda x: seen.append(weakref.ref(x)) or (x * x).sum())(X)
    assert seen[0]() is None and g is not None


def test_vjp_of_trees():
    y, vjp_fn = func.vjp(lambda x, y: (x * y, {"s": x.sum()}), X, X + 1)
    close(y[0], X * (X + 1))
    for _ in range(2):  # as often as one likes
        first, second = vjp_fn((X, {"s": scalar(1.0)}))
        close(first, X * (X + 1) + 1)
        close(second, X * X)
    y, vjp_fn, aux = func.vjp(lambda x: (x * 2, x * 3), X, has_aux=True)
    close(aux, 3 * X)
    assert not y.requires_grad and not aux.requires_grad and len(vjp_fn(X)) == 1
    close(func.vjp(lambda x: (x, autograd.ones(2)), X)[1]((X, autograd.ones(2)))[0], X)


REFUSED = {
    "grad: the function must return a scalar; .* shape (3,)": lambda: func.grad(lambda x: x)(X),
    "grad: the function must return a tensor; it returned float": (
        lambda: func.grad(lambda x: 3.0)(X)
    ),
    "must return a tuple (output, aux); it returned a tensor of shape ()": (
        lambda: func.grad(lambda x: x.sum(), has_aux=True)(X)
    ),
    "got 1, with 1 of them given": lambda: func.grad(lambda x: x.sum(), argnums=1)(X),
    "an int or a tuple of ints; got [0] of type list": (
        lambda: func.grad(lambda x: x.sum(), argnums=[0])(X)
    ),
    "argnums must name arguments, each once; got (0, -1)": (
        lambda: func.grad(lambda x: x.sum(), argnums=(0, -1))(X)
    ),
    "only floating-point and complex tensors have derivatives; got one of int64": (
        lambda: func.grad(lambda x: x.sum())(autograd.arange(3))
    ),
    "must be tensors; got float": lambda: func.grad(lambda x: x[0])([1.0]),
    "must return floating-point or complex tensors; it returned one of bool": (
        lambda: func.vjp(lambda x: x > 1, X)
    ),
    "vjp: the function must return tensors; it returned ()": lambda: func.vjp(lambda x: (), X),
    "tensors only; it returned int": lambda: func.vjp(lambda x: (x, 1), X),
    "packed as the function's outputs are, '*'; got ('*',)": (
        lambda: func.vjp(lambda x: x, X)[1]((X,))
    ),
    "of its output's shape (3,); got a tensor of shape (2,)": (
        lambda: func.vjp(lambda x: x, X)[1](X[:2])
    ),
    "mul_: a leaf tensor that requires grad cannot be changed": (
        lambda: func.grad(lambda x: x.mul_(2).sum())(X.clone())
    ),
    "mul_: a view of a leaf tensor that requires grad cannot be": (
        lambda: func.grad(lambda x: x.mul_(2).sum())(X.clone().requires_grad_())
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(text):
    pattern = re.escape(text).replace(r"\.\*", ".*")
    with pytest.raises((TypeError, ValueError, RuntimeError), match=pattern):
        REFUSED[text]()


def test_a_star_brings_every_name():
    names = {}
    exec("from autograd.func import *", names)
    assert names["hessian"] is func.hessian and names["odeint"] is func.odeint
