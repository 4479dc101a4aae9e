"""Custom ops of both forms: where a slip of the author, or a hook, could go wrong silently."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import autograd
from autograd import Function


def leaf(data):
    return autograd.tensor(data, dtype=autograd.float64, requires_grad=True)


def equal(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, rtol=1e-12)


class FusedExp(Function):
    """exp, with a backward that names the output, and its plain definition."""

    def forward(self, x):
        return np.exp(x)

    def backward(self, g, out):
        return g * out

    @staticmethod
    def definition(x):
        return np.exp(x)


def test_backward_of_a_fused_op_is_given_what_it_names():
    x = leaf(3.0)
    FusedExp.apply(x).backward()
    equal(x.grad, np.exp(3.0))
    (first,) = autograd.grad(FusedExp.apply(x), x, create_graph=True)
    equal(autograd.grad(first, x)[0], np.exp(3.0))


def test_names_may_stand_in_any_order_and_needs_is_what_is_asked_for():
    seen = []

    class Product(Function):
        def forward(self, x, y):
            return x * y

        def backward(self, g, y, needs, x):
            seen.append(needs)
            return g * y, g * x

        @staticmethod
        def definition(x, y):
            return x * y

    x, y = leaf(2.0), leaf(5.0)
    Product.apply(x, y).backward()
    equal(x.grad, 5.0)
    equal(y.grad, 2.0)
    autograd.grad(Product.apply(x, y), y)
    assert seen == [(True, True), (False, True)]


def test_a_derived_op_leaves_the_second_derivative_of_its_base_alone():
    class Base(autograd.Elementwise):
        def forward(self, x, y):
            return x * x * y

        def grad_x(self, g, x, y):
            return g * 2 * x * y

        def grad_y(self, g, x):
            return g * x * x

    class Derived(Base):
        def forward(self, y, x):
            return x * x * y

    x, y = leaf(3.0), leaf(5.0)
    (first,) = autograd.grad(Base.apply(x, y), x, create_graph=True)
    second = autograd.grad(first, [x, y])
    equal(second[0], 10.0)
    equal(second[1], 6.0)
    equal(Derived.apply(y, x), 45.0)


def test_an_input_without_formula_that_requires_grad_is_refused():
    class Half(Function):
        def forward(self, x, y):
            return x * y

        def grad_x(self, g, y):
            return g * y

    with pytest.raises(RuntimeError, match="no gradient is defined for y"):
        Half.apply(leaf(1.0), leaf(2.0))


def test_tensors_are_given_by_position():
    class Scaled(Function):
        def forward(self, x, *, k):
            return x * k

        def grad_x(self, g):
            return g

    with pytest.raises(TypeError, match="by position; got one for k"):
        Scaled.apply(leaf(1.0), k=autograd.tensor(2.0))


@pytest.mark.parametrize("result", [1.5, [1.0], None])
def test_forward_must_return_an_array(result):
    class Bad(Function):
        def forward(self, x):
            return result

        def grad_x(self, g):
            return g

    with pytest.raises(TypeError, match="forward must return an array"):
        Bad.apply(leaf([1.0]))


def test_a_formula_that_returns_a_number_is_named():
    class Bad(Function):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            return 2.0

    with pytest.raises(RuntimeError, match="Bad: a gradient must have its input's shape"):
        Bad.apply(leaf([1.0])).sum().backward()


def test_a_gradient_does_not_share_memory_with_an_input():
    class Dot(Function):
        def forward(self, x, y):
            return np.sum(x * y)

        def grad_x(self, g, y):
            return y

        def grad_y(self, g, x):
            return x

    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    Dot.apply(x, y).backward()
    x.grad.zero_()
    equal(y, [3.0, 4.0])


@pytest.mark.parametrize("part", [slice(None), slice(1, None)])
def test_an_output_that_looks_at_the_input_is_a_view(part):
    class Part(Function):
        def forward(self, x):
            return x[part] if part != slice(None) else x

        def grad_x(self, g):
            out = np.zeros(self.shapes[0], g.dtype)
            out[part] = g
            return out

    h = leaf([1.0, 2.0, 3.0]) * 1
    y = Part.apply(h)
    h.mul_(10)
    with pytest.raises(RuntimeError, match="looks at the same memory"):
        y.sum().backward()


# -- the form with ctx ----------------------------------------------------------------------------


class Doubled(Function):
    """Changes its input in place."""

    @staticmethod
    def forward(ctx, x):
        x.detach().numpy()[...] *= 2
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return g * 2


def test_mark_dirty_tells_views_and_spares_leaves():
    w = leaf([1.0, 2.0])
    h = w * 1
    v = h[0:1]
    Doubled.apply(h).sum().backward(retain_graph=True)
    equal(w.grad, [2.0, 2.0])
    v.sum().backward(retain_graph=True)
    equal(w.grad, [4.0, 2.0])
    Doubled.apply(v)
    h.sum().backward()
    equal(w.grad, [8.0, 4.0])
    with pytest.raises(RuntimeError, match="Doubled: a leaf tensor that requires grad"):
        Doubled.apply(w)
    assert w.is_leaf


def test_mark_dirty_on_a_constant_is_noticed():
    x, w = autograd.tensor([1.0, 2.0]), autograd.tensor([3.0, 4.0], requires_grad=True)
    y = x * w
    Doubled.apply(x)
    with pytest.raises(RuntimeError, match="changed in place"):
        y.sum().backward()


def test_an_input_that_is_returned_is_a_view_of_it():
    class Reversed(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, g):
            return -g

    w = leaf([1.0, 2.0])
    y = Reversed.apply(w)
    with pytest.raises(RuntimeError, match="leaf"):
        y += 1
    y.sum().backward()
    equal(w.grad, [-1.0, -1.0])


def test_setup_context_is_inherited():
    class Twice(Function):
        @staticmethod
        def forward(x):
            return x * 2

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.factor = 2

        @staticmethod
        def backward(ctx, g):
            return g * ctx.factor

    class Louder(Twice):
        @staticmethod
        def backward(ctx, g):
            return g * 10

    x = leaf(1.0)
    Louder.apply(x).backward()
    equal(x.grad, 10.0)


def test_a_dirty_and_saved_input_is_no_reference_cycle():
    class Squared(Function):
        @staticmethod
        def forward(ctx, x):
            x.detach().numpy()[...] **= 2
            ctx.mark_dirty(x)
            ctx.save_for_backward(x)
            return x

        @staticmethod
        def backward(ctx, g):
            return g

    gc.collect()
    gc.disable()
    try:
        h = leaf([1.0, 2.0]) * 1
        Squared.apply(h)
        gone = weakref.ref(h.grad_fn)
        del h
        assert gone() is None
    finally:
        gc.enable()


# -- hooks ----------------------------------------------------------------------------------------


def test_a_gradient_that_a_hook_keeps_stays_as_it_was():
    saved = []
    w = leaf([1.0, 2.0])
    w.register_hook(saved.append)
    (w * w).sum().backward()
    (w * w).sum().backward()
    equal(saved[0], [2.0, 4.0])
    equal(w.grad, [4.0, 8.0])


def test_a_hook_may_change_its_gradient_in_place_and_no_other():
    a, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    a.register_hook(lambda g: g.mul_(10))
    (a + b).sum().backward()
    equal(a.grad, [10.0, 10.0])
    equal(b.grad, [1.0, 1.0])


def test_a_target_needs_nothing_of_its_own_node():
    x = leaf([1.0, 2.0])
    h = x.exp()
    h.sum().backward()
    equal(autograd.grad((h * h).sum(), h)[0], 2 * h.detach().numpy())


# -- inputs with defaults, and by keyword ---------------------------------------------------------


class Power(Function):
    def forward(self, x, k=2.0):
        return x**k

    def grad_x(self, g, x, k):
        return g * k * x ** (k - 1)


class Scale(autograd.Elementwise):
    def forward(self, x, k=2.0):
        return x * k

    def grad_x(self, g, k):
        return g * k


class Tail(Function):
    """Two formulas and defaults: the general way."""

    def forward(self, x, y, k=2.0, m=1.0):
        return x * y * k * m

    def grad_x(self, g, y, k, m):
        return g * y * k * m

    def grad_y(self, g, x, k, m):
        return g * x * k * m


class OfOut(Function):
    def forward(self, x, axis=-1):
        return np.exp(x)

    def grad_x(self, g, out):
        return g * out


@pytest.mark.parametrize(
    ("call", "slope"),
    [
        (lambda x: Power.apply(x), 6.0),
        (lambda x: Power.apply(x, k=2.0), 6.0),
        (lambda x: Power.apply(x, 2.0), 6.0),
        (lambda x: Power.apply(x, k=3.0), 27.0),
        (lambda x: Scale.apply(x), 2.0),
        (lambda x: Scale.apply(x, k=5.0), 5.0),
        (lambda x: Tail.apply(x, autograd.tensor(4.0, dtype=autograd.float64)), 8.0),
        (lambda x: Tail.apply(x, y=autograd.tensor(4.0, dtype=autograd.float64), m=3.0), 24.0),
        (lambda x: OfOut.apply(x), np.exp(3.0)),
        (lambda x: OfOut.apply(x, axis=0), np.exp(3.0)),
    ],
)
def test_defaults_and_keywords_stand_in_their_places(call, slope):
    x = leaf(3.0)
    (first,) = autograd.grad(call(x), x, create_graph=True)
    equal(first, slope)
    x = leaf(3.0)
    call(x).backward()
    equal(x.grad, slope)


def test_a_missing_or_superfluous_input_is_named():
    with pytest.raises(TypeError, match="y was not given"):
        Tail.apply(leaf(1.0))
    with pytest.raises(TypeError, match="got 3 arguments"):
        Power.apply(leaf(1.0), 2.0, 3.0)
