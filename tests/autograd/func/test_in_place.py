"""Writes in place, through views and views of views, in every order of vmap and derivatives."""

import numpy as np
import pytest

import autograd
from autograd import func
from autograd.func import vmap

RNG = np.random.default_rng(3)
X = autograd.tensor(RNG.uniform(0.5, 1.5, (2, 3, 4)))
V = autograd.tensor(RNG.uniform(-1, 1, (2, 3, 4)))
DOUBLE = autograd.float64


def row(x, y):
    y[0].mul_(x[1])
    return y


def column_that_is_kept(x, y):
    v = y[:, 1]
    v.mul_(x[:, 0])
    return y * v.sum()


def view_of_a_view(x, y):
    v = y.reshape(-1)[2:8]
    v[::2].mul_(y.reshape(-1)[:3].clone())
    return y * (v**3).sum()


def transposed(x, y):
    v = y.t()
    w = v[1:3]
    w.mul_(x.t()[1:3])
    v.mul_(2)
    return y * (w**2).sum()


def one_element(x, y):
    v = y[1, 1]
    v.mul_(x[0, 0])
    return y * v


def diagonal(x, y):
    y.diagonal().mul_(x[0, :3]).exp_()
    return y


def reshaped_itself(x, y):
    v = y.narrow(1, 1, 2)
    y.t_().unsqueeze_(0)
    v.mul_(y[0, :2].t().clone())
    return y


def complex_view(x, y):
    z = autograd.view_as_complex(y.view(3, 2, 2))
    z[:, 0].mul_(1 + 2j)
    autograd.view_as_real(z)[..., 0].mul_(x[:, :2])
    return y * z.abs().sum()


def new_zeros(x, y):
    z = x.new_zeros(3, 4)
    v = z[1]
    v.add_(x[0])
    z[2] = v.clone() * y[1]
    return z


def augmented(x, y):
    y[1] *= x[0]
    y[1][:2] += y[0, :2].clone()
    return y


def samples_of_an_axis(x, y):
    v = y[:, 1:]
    vmap(lambda one: one[:2].mul_(one[2].clone()))(y)
    return y * v.sum()


EVERYWHERE = [
    row, column_that_is_kept, view_of_a_view, transposed, one_element, diagonal, reshaped_itself,
    complex_view, new_zeros, augmented, samples_of_an_axis,
]  # fmt: skip


def plain_base(x, y):
    z = autograd.zeros(3, 4, dtype=DOUBLE)
    v, w = z[0], z[:, 1]
    v.copy_(x[1])
    w += y[:, 0]
    return z * v.sum()


def plain_view_before(x, y):
    z = autograd.ones(3, 4, dtype=DOUBLE)
    v = z.view(-1)
    z.mul_(x)
    return z * v[::5].sum()


def of(function):
    """A number of x, with second derivatives everywhere."""
    return lambda x: (function(x, x * 1) ** 2).sum()


def slope(f, x, v):
    """The derivative of f along v, by differences of the fourth order."""
    h = 1e-3
    near, far = [(f(x + v * s) - f(x - v * s)).detach().numpy() for s in (h, 2 * h)]
    return (8 * near - far) / (12 * h)


def close(tensor, expected, rtol=1e-12):
    expected = expected.detach().numpy() if hasattr(expected, "detach") else expected
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=rtol, atol=1e-11)


@pytest.mark.parametrize("function", [*EVERYWHERE, plain_base, plain_view_before])
def test_tangents(function):
    f = of(function)
    first = lambda x: func.jvp(f, (x,), (V[0],))[1]  # noqa: E731
    close(first(X[0]), slope(f, X[0], V[0]), 1e-8)
    close(func.jvp(first, (X[0],), (V[1],))[1], slope(first, X[0], V[1]), 1e-8)
    close((func.grad(f)(X[0]) * V[0]).sum(), first(X[0]))
    close((func.grad(first)(X[0]) * V[1]).sum(), func.jvp(first, (X[0],), (V[1],))[1])


@pytest.mark.parametrize("function", EVERYWHERE)
def test_samples(function):
    f = of(function)
    close(vmap(f)(X), [f(x).item() for x in X])
    close(vmap(func.grad(f))(X), autograd.stack([func.grad(f)(x) for x in X]))
    close(func.grad(lambda x: vmap(f)(x).sum())(X), vmap(func.grad(f))(X))
    close(func.jvp(vmap(f), (X,), (V,))[1], (vmap(func.grad(f))(X) * V).sum((1, 2)))
    close(vmap(func.hessian(f))(X), autograd.stack([func.hessian(f)(x) for x in X]))


def test_second_derivatives_through_what_is_the_same_for_all_samples():
    def written(x, y):
        n = (y + x * 0.7) * 1
        flat = n.view(-1)
        n[1].mul_(x[2] * y[1])
        flat[0] = 0.0
        return (n * x).sum()

    mapped = lambda x, y: vmap(lambda one: written(x, y) * one)(autograd.ones(2)).sum()  # noqa: E731
    by_y = lambda f: lambda x: (func.grad(f, 1)(x, x * 1) * V[0]).sum()  # noqa: E731
    close(func.grad(by_y(mapped))(X[0]), 2 * func.grad(by_y(written))(X[0]))


def test_a_tangent_that_lies_otherwise_in_memory():
    f = lambda x: x.view(12) ** 2  # noqa: E731
    close(func.jvp(f, (X[0],), (V[0].t().contiguous().t(),))[1], (2 * X[0] * V[0]).reshape(-1))


def test_the_direction_stays_what_it_was():
    x, v = X.clone(), V.clone()
    func.jvp(lambda x: x[0].mul_(2).sum(), (x,), (v,))
    close(v, V)
    close(x[0], X[0] * 2)


def test_what_outlives_a_level_is_still_a_view():
    base = autograd.zeros(2, dtype=DOUBLE)
    view = base[:1]
    func.jvp(lambda x: view.add_(x), (X[0, 0, :1],), (V[0, 0, :1],))
    w = scalar = autograd.tensor(3.0, dtype=DOUBLE, requires_grad=True)
    view.mul_(w)
    (base.sum() + scalar).backward()
    close(w.grad, 1 + X[0, 0, 0])


class Window(autograd.Function):
    def forward(self, x):
        return x[1:]

    def grad_x(self, g):
        return np.concatenate([np.zeros((1,), g.dtype, like=g), g])


def test_a_view_that_an_op_of_ones_own_made_is_refused():
    def written(x):
        y = x * 1
        v = Window.apply(y)
        v.mul_(2)
        return y

    with pytest.raises(RuntimeError, match="strides must tell.*Write into a clone"):
        func.jvp(written, (X[0, 0],), (V[0, 0],))
