"""Custom ops, in our form and in PyTorch's."""

import weakref

import numpy as np
import pytest

import autograd
from autograd.engine.function import Function
from tests.graph_cases import equal, leaf, no_collector


def test_an_op_of_our_own_form():
    class Scaled(Function):
        def forward(self, x, y, *, by):
            self.by = by
            return x * y * by

        def grad_x(self, g, y):
            return g * y * self.by

        def grad_y(self, g, x):
            return g * x * self.by

    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    gx, gy = autograd.grad(Scaled.apply(x, y, by=10).sum(), [x, y], create_graph=True)
    equal(gx, [30.0, 40.0])
    equal(autograd.grad(gx.sum() + gy.sum(), [x, y])[0], [10.0, 10.0])
    assert isinstance(Scaled.apply(np.ones(2), np.ones(2), by=1), np.ndarray)


@pytest.mark.parametrize("base", [Function, autograd.Elementwise])
def test_an_op_derived_from_an_op_runs_its_own_text(base):
    class Doubled(base):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            return g * 2

    class Tripled(Doubled):
        def forward(self, x):
            return x * 3

    class Reversed(Doubled):
        def grad_x(self, g):
            return -g

    x = leaf([1.0, 2.0])
    for op, value, slope in ((Doubled, 2, 2), (Tripled, 3, 2), (Reversed, 2, -1)):
        y = op.apply(x)
        equal(y, [value, 2 * value])
        assert type(y.grad_fn) is op
        equal(autograd.grad(y.sum(), x)[0], [slope, slope])


def test_only_the_formulas_that_are_needed_run():
    ran = []

    class Watched(Function):
        def forward(self, x, y):
            return x * y

        def grad_x(self, g, y):
            ran.append("x")
            return g * y

        def grad_y(self, g, x):
            ran.append("y")
            return g * x

    x, y = leaf(2.0), leaf(3.0)
    Watched.apply(x, y.detach()).backward()
    assert ran == ["x"]
    autograd.grad(Watched.apply(x, y), y)
    assert ran == ["x", "y"]


def test_joint_backward_gets_needs():
    seen = []

    class Both(Function):
        def forward(self, x, y):
            return x * y

        def backward(self, g, x, y, needs):
            seen.append(needs)
            return g * y, g * x

    x, y = leaf(2.0), leaf(3.0)
    Both.apply(x, y.detach()).backward()
    assert seen == [(True, False)] and x.grad.item() == 3.0
    (g,) = autograd.grad(Both.apply(x, y), x, create_graph=True)
    assert autograd.grad(g, y)[0].item() == 1.0


def test_several_outputs():
    class Halves(Function):
        def forward(self, x):
            return x[:1], x[1:]

        def backward(self, g, x):
            first, second = g
            one, rest = x[:1] * 0, x[1:] * 0
            return np.concatenate(
                [one if first is None else first, rest if second is None else second]
            )

    x = leaf([1.0, 2.0, 3.0])
    a, b = Halves.apply(x)
    (b * b).sum().backward(retain_graph=True)
    equal(x.grad, [0.0, 4.0, 6.0])
    (a.sum() + b.sum()).backward()
    equal(x.grad, [1.0, 5.0, 7.0])


def test_definition_faults_are_told_at_once():
    with pytest.raises(TypeError, match=r"Wrong.*grad_x may name x, out; got 'y'"):

        class Wrong(Function):
            def forward(self, x):
                return x

            def grad_x(self, g, y):
                return g

    with pytest.raises(TypeError, match="grad_z must be named after an input"):

        class Misnamed(Function):
            def forward(self, x):
                return x

            def grad_z(self, g):
                return g


def test_a_gradient_of_the_wrong_shape_is_refused():
    class Forgetful(Function):
        def forward(self, x, y):
            return x + y

        def grad_x(self, g):
            return g

        def grad_y(self, g):
            return g

    x, y = leaf(np.ones((2, 3))), leaf(np.ones(3))
    with pytest.raises(RuntimeError, match=r"Forgetful.*\(3,\).*\(2, 3\)"):
        Forgetful.apply(x, y).sum().backward()


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


class Product(Function):
    @staticmethod
    def forward(ctx, x, y, scale):
        ctx.save_for_backward(x, y)
        ctx.scale = scale
        ctx.needed = ctx.needs_input_grad
        return x * y * scale

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        assert ctx.needs_input_grad == ctx.needed
        return g * y * ctx.scale, g * x * ctx.scale, None


def test_pytorchs_form():
    x = leaf([1.0, 2.0])
    (g,) = autograd.grad(Cube.apply(x).sum(), x, create_graph=True)
    equal(g, [3.0, 12.0])
    equal(autograd.grad(g.sum(), x)[0], [6.0, 12.0])


def test_pytorchs_form_knows_which_inputs_need_gradients():
    x, y = leaf(2.0), leaf(3.0)
    out = Product.apply(x, y.detach(), 10)
    assert out.grad_fn.needs_input_grad == (True, False, False)
    out.backward()
    assert x.grad.item() == 30.0 and y.grad is None


def test_saved_tensors_are_bound_by_argument_not_by_array():
    x = leaf(3.0)
    (g,) = autograd.grad(Product.apply(x, x.detach(), 1), x, create_graph=True)
    assert g.item() == 3.0
    assert not g.requires_grad
    y = leaf(3.0)
    (g,) = autograd.grad(Product.apply(y, y, 1), y, create_graph=True)
    assert autograd.grad(g, y)[0].item() == 2.0


def test_saved_tensors_after_the_graph_was_freed():
    x = leaf(2.0)
    y = Cube.apply(x)
    y.backward()
    with pytest.raises(RuntimeError, match="freed"):
        _ = y.grad_fn.saved_tensors
    with pytest.raises(RuntimeError, match="retain_graph"):
        y.backward()


def test_a_changed_saved_tensor_is_noticed():
    x = leaf([1.0, 2.0])
    inner = x * 1
    y = Cube.apply(inner)
    inner.add_(1)
    with pytest.raises(RuntimeError, match=r"in place; .* kept by Cube"):
        y.sum().backward()


def test_mark_non_differentiable():
    class WithOrder(Function):
        @staticmethod
        def forward(ctx, x):
            order = x.argsort()
            floor = x.floor()
            ctx.mark_non_differentiable(order, floor)
            return x * 2, order, floor

        @staticmethod
        def backward(ctx, g, g_order, g_floor):
            return g * 2

    x = leaf([3.0, 1.0])
    doubled, order, floor = WithOrder.apply(x)
    assert doubled.requires_grad and not order.requires_grad and not floor.requires_grad
    doubled.sum().backward()
    equal(x.grad, [2.0, 2.0])


def test_saved_outputs_make_no_cycle():
    class Exponential(Function):
        @staticmethod
        def forward(ctx, x):
            out = x.exp()
            ctx.save_for_backward(out)
            return out

        @staticmethod
        def backward(ctx, g):
            (out,) = ctx.saved_tensors
            return g * out

    x = leaf(0.0)
    with no_collector():
        y = Exponential.apply(x)
        dead = weakref.ref(y), weakref.ref(y.grad_fn)
        (g,) = autograd.grad(y, x, create_graph=True)
        assert autograd.grad(g, x)[0].item() == 1.0
        del y, g
        assert dead[0]() is None and dead[1]() is None


def test_wrong_counts_and_shapes_from_pytorchs_form():
    class TooMany(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g, g

    class TooWide(TooMany):
        @staticmethod
        def forward(ctx, x):
            return x.sum()

        @staticmethod
        def backward(ctx, g):
            return g

    x = leaf([1.0, 2.0])
    with pytest.raises(RuntimeError, match="TooMany.*2 for 1"):
        TooMany.apply(x).sum().backward()
    with pytest.raises(RuntimeError, match=r"TooWide.*\(2,\)"):
        TooWide.apply(x).backward()
