"""Ops in PyTorch's form with a static vmap, a static jvp, or generate_vmap_rule."""

import numpy as np
import pytest

import autograd
from autograd import forward_ad, func
from autograd.func import vmap

X = autograd.tensor(np.random.default_rng(0).uniform(0.5, 2, (2, 3, 4)))
V = autograd.tensor(np.random.default_rng(1).uniform(-1, 1, (2, 3, 4)))
SEEN = []


def close(tensor, expected):
    expected = expected.detach().numpy() if hasattr(expected, "detach") else expected
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-12)


class Powers(autograd.Function):
    """x**n and the signs of x, by NumPy, which knows nothing of hidden axes."""

    @staticmethod
    def forward(x, n=3):
        return autograd.tensor(x.numpy() ** n), autograd.tensor(np.sign(x.numpy()))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.n = inputs[1]
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(inputs[0])
        ctx.save_for_forward(inputs[0], output[0])

    @staticmethod
    def backward(ctx, g, _):
        (x,) = ctx.saved_tensors
        return (g if ctx.n == 1 else g * ctx.n * Powers.apply(x, ctx.n - 1)[0]), None

    @staticmethod
    def vmap(info, in_dims, x, n):
        SEEN.append((info, in_dims))
        made = Powers.apply(x.movedim(in_dims[0], -1), n)
        return made, (-1, made[1].ndim - 1)

    @staticmethod
    def jvp(ctx, t, _):
        x, y = ctx.saved_tensors
        return t * ctx.n * y / x, None


def cube(x):
    return Powers.apply(x, 3)[0]


def test_vmap():
    SEEN.clear()
    close(vmap(cube)(X), X**3)
    assert SEEN == [((2, "error"), (0, None))]
    close(vmap(lambda x: Powers.apply(x))(X)[1], np.ones(X.shape))  # n by its default
    close(vmap(vmap(cube, 1, 1))(X), X**3)
    close(vmap(lambda x: cube(X[0, 0]) * x)(X), X[0, 0] ** 3 * X)  # not mapped: as ever
    assert len(SEEN) == 4


def test_derivatives_of_vmap_and_inside_it():
    total = lambda x: cube(x).sum()  # noqa: E731
    close(vmap(func.grad(total))(X), 3 * X**2)
    close(func.grad(lambda x: vmap(cube)(x).sum())(X), 3 * X**2)
    close(vmap(func.grad(lambda x: (func.grad(total)(x) * x).sum()))(X), 9 * X**2)
    close(vmap(lambda x, v: func.jvp(cube, (x,), (v,))[1])(X, V), 3 * X**2 * V)
    close(func.jvp(vmap(cube), (X,), (V,))[1], 3 * X**2 * V)
    close(func.jacrev(cube)(X[0, 0]), np.diag(3 * X[0, 0].numpy() ** 2))


def test_jvp():
    close(func.jvp(cube, (X,), (V,))[1], 3 * X**2 * V)
    first = lambda x: func.jvp(cube, (x,), (V,))[1]  # noqa: E731
    close(func.jvp(first, (X,), (V,))[1], 6 * X * V**2)
    close(func.grad(lambda x: first(x).sum())(X), 6 * X * V)
    close(func.jacfwd(cube)(X[0, 0]), np.diag(3 * X[0, 0].numpy() ** 2))
    with forward_ad.dual_level():
        y, signs = Powers.apply(forward_ad.make_dual(X, V), 2)
        close(forward_ad.unpack_dual(y).tangent, 2 * X * V)
        assert forward_ad.unpack_dual(signs).tangent is None


class Product(autograd.Function):
    @staticmethod
    def forward(ctx, x, y, zeros):
        ctx.set_materialize_grads(zeros)
        out = x * y
        ctx.save_for_backward(x, y, out)
        return out

    @staticmethod
    def backward(ctx, g):
        x, y, _ = ctx.saved_tensors
        return g * y, g * x, None

    @staticmethod
    def jvp(ctx, of_x, of_y, zeros):
        x, y, out = ctx.saved_tensors
        SEEN.append((of_x is None, of_y is None, zeros))
        return out / x * of_x if of_y is None else of_x * y + x * of_y


@pytest.mark.parametrize("zeros", [True, False])
def test_jvp_where_forward_takes_ctx(zeros):
    SEEN.clear()
    f = lambda x: Product.apply(x, X[1], zeros)  # noqa: E731
    close(func.jvp(f, (X[0],), (V[0],))[1], V[0] * X[1])
    assert SEEN == [(False, not zeros, None)]
    mixed = func.grad(
        lambda x: func.jvp(lambda x: Product.apply(x, x, zeros), (x,), (V[0],))[1].sum()
    )
    close(mixed(X[0]), 2 * V[0])


class Generated(autograd.Function):
    generate_vmap_rule = True
    forward = staticmethod(lambda x: x**3)
    setup_context = staticmethod(lambda ctx, inputs, output: ctx.save_for_backward(inputs[0]))
    backward = staticmethod(lambda ctx, g: 3 * ctx.saved_tensors[0] ** 2 * g)


def test_generated_rules():
    close(vmap(Generated.apply)(X), X**3)
    close(vmap(func.grad(lambda x: Generated.apply(x).sum()))(X), 3 * X**2)


def _with(**members):
    return type("Mine", (Powers,), {k: staticmethod(m) for k, m in members.items()})


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (type("Mine", (Powers,), {"generate_vmap_rule": True}), "both a static vmap and generate"),
        (_with(vmap=lambda info, in_dims, x, n: x), r"must return \(output, out_dims\)"),
        (_with(vmap=lambda info, in_dims, x, n: (x, 1)), "the axis of the 2 samples; got 1"),
        (_with(jvp=lambda ctx, t, n: t), "for each of 2 outputs; it returned 1"),
        (_with(jvp=lambda ctx, t, n: (t.sum(), None)), r"its output's shape \(3,\); got \(\)"),
    ],
)
def test_rules_that_are_none(op, words):
    x = X[:, :, 0]
    with pytest.raises(RuntimeError, match=f"Mine: .*{words}"):
        vmap(lambda x: func.jvp(lambda x: op.apply(x, 2), (x,), (x,)))(x)


def test_a_static_vmap_needs_setup_context():
    class Old(Product):
        vmap = staticmethod(lambda info, in_dims, *args: (args[0], 0))

    with pytest.raises(RuntimeError, match="Old: .* must define setup_context"):
        vmap(lambda x: Old.apply(x, x, True))(X)
