"""The checker is checked: right gradients pass, each kind of wrong one fails and says how."""

import numpy as np
import pytest

import autograd
from autograd import Function
from autograd.diagnosis.gradcheck.gradcheck import gradcheck, gradgradcheck
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.engine.elementwise import Elementwise


def leaf(*shape, seed=0, low=0.3, high=1.7):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return autograd.tensor(values, dtype=autograd.float64, requires_grad=True)


def failure(func, inputs, check=gradcheck, **options):
    """The message of a check that must fail; it must also be a False where that is asked for."""
    assert check(func, inputs, raise_exception=False, **options) is False
    with pytest.raises(GradcheckError) as caught:
        check(func, inputs, **options)
    return str(caught.value)


def shows(message, numerical, analytical):
    return f"numerical {numerical}" in message and f"analytical {analytical}" in message


# -- custom ops, right ones in both forms ---------------------------------------------------------


class Cube(Elementwise):
    def forward(self, x):
        return x**3

    def grad_x(self, g, x):
        return g * 3 * x**2


class CubeOfContext(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


class SplitOfContext(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2, x**2

    @staticmethod
    def backward(ctx, g, h):
        (x,) = ctx.saved_tensors
        return g * 2 + h * 2 * x


class Bilinear(Function):
    """Two gradients from one backward."""

    def forward(self, x, y):
        return x * y

    def backward(self, g, x, y):
        return g * y, g * x


def both(function):
    return lambda *inputs: gradcheck(function, inputs) and gradgradcheck(function, inputs)


@pytest.mark.parametrize("op", [Cube, CubeOfContext, SplitOfContext])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
@pytest.mark.parametrize("fast", [False, True])
def test_right_custom_ops_pass(op, shape, fast):
    x = leaf(*shape)
    assert gradcheck(op.apply, x, fast_mode=fast) is True
    assert gradgradcheck(op.apply, (x,), fast_mode=fast) is True


@pytest.mark.parametrize(
    "function, shapes",
    [
        (lambda x, y: x * y, [(2, 3), (3,)]),
        (lambda x, y: (x * y, (x - y).sum()), [(2, 1), (3,)]),
        (lambda x, w: (x @ w).tanh(), [(4, 3), (3, 2)]),
        (lambda x: [x.exp(), x.sum()], [(2, 2)]),
        (lambda x: (x.detach(), x * 2), [(2,)]),
        (lambda x: (x * 0).sum(), [(3,)]),
        (Bilinear.apply, [(3,), (3,)]),
    ],
)
def test_right_functions_pass(function, shapes):
    inputs = tuple(leaf(*shape, seed=i) for i, shape in enumerate(shapes))
    assert gradcheck(function, inputs)
    assert gradcheck(function, inputs, fast_mode=True)
    assert gradgradcheck(function, inputs)
    assert gradgradcheck(function, inputs, gen_non_contig_grad_outputs=True)


def test_arguments_that_are_no_tensors_and_inputs_without_grad():
    x, mask = leaf(3), autograd.tensor([1.0, 0.0, 1.0])
    assert gradcheck(lambda x, n, mask, name: x**n * mask.double(), [x, 3, mask, "any"])


def test_hostile_inputs_pass_and_stay_as_they_are():
    locked = leaf(2, 3)
    locked.detach().numpy().flags.writeable = False
    turned = autograd.tensor(np.arange(6.0).reshape(2, 3) + 1, dtype=autograd.float64).t()
    inputs = (locked, turned.requires_grad_(), leaf())
    before = [x.detach().numpy().copy() for x in inputs]
    assert gradcheck(lambda x, y, z: (x @ y) * z + y.log().sum(), inputs)
    for x, values in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(x.detach().numpy(), values)
        assert x.grad is None


def test_an_input_reached_around_the_arguments():
    w = leaf(3)
    assert gradcheck(lambda _: (w * w).sum(), w)


def test_an_input_inside_a_graph():
    x = leaf(3)
    y = x * 2
    assert gradcheck(lambda y: y * y, y)
    assert gradgradcheck(lambda y: y * y, y)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), [2.0, 2.0, 2.0])


def test_inside_no_grad():
    with autograd.no_grad():
        assert gradcheck(lambda x: x * x, leaf(2))


# -- wrong ones -----------------------------------------------------------------------------------


class WrongFirst(Elementwise):
    def forward(self, x):
        return x**2

    def grad_x(self, g, x):
        return g * 6 * x


class WrongFirstOfContext(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, g):
        return g * 6 * ctx.saved_tensors[0]


@pytest.mark.parametrize("op", [WrongFirst, WrongFirstOfContext])
@pytest.mark.parametrize("fast", [False, True])
def test_wrong_first_derivative(op, fast):
    x = autograd.tensor([1.0, 1.0, 0.5], dtype=autograd.float64, requires_grad=True)
    message = failure(op.apply, x, fast_mode=fast)
    assert shows(message, 2, 6)
    assert "output 0 at [0] by input 0 at [0]" in message
    assert "differ by 4" in message
    assert "3 of 9 entries" in message
    assert "Analytical = 3 × numerical" in message


def test_one_wrong_entry_is_found():
    class OneOff(Function):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            weights = np.full(g.shape, 2.0)
            weights[1, 2] = 5.0
            return g * weights

    message = failure(OneOff.apply, leaf(3, 4))
    assert shows(message, 2, 5)
    assert "output 0 at [1, 2] by input 0 at [1, 2]" in message
    assert "1 of 144 entries" in message


def test_only_the_second_input_is_wrong():
    class Product(Elementwise):
        def forward(self, x, y):
            return x * y

        def grad_x(self, g, y):
            return g * y

        def grad_y(self, g, x):
            return -g * x

    message = failure(Product.apply, (leaf(2), leaf(2, seed=1)))
    assert "by input 1" in message
    assert "sign is wrong" in message


class WrongSecond(Elementwise):
    """The first derivative is right; the kept attribute is a constant to the second."""

    def forward(self, x):
        self.x = x
        return x**3

    def grad_x(self, g):
        return g * (3 * self.x**2)


class WrongSecondOfContext(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x.detach()
        return x**3

    @staticmethod
    def backward(ctx, g):
        return g * 3 * ctx.x**2


class WrongSecondJointly(Function):
    """A derivative of its own for the second order, with a mistake in it."""

    def forward(self, x):
        return x**3

    def grad_x(self, g, x):
        return WrongSquare.apply(x) * 3 * g


class WrongSquare(Elementwise):
    def forward(self, x):
        return x * x

    def grad_x(self, g, x):
        return g * x


@pytest.mark.parametrize("op", [WrongSecond, WrongSecondOfContext])
def test_wrong_second_derivative(op):
    x = autograd.tensor([1.0, 0.5], dtype=autograd.float64, requires_grad=True)
    assert gradcheck(op.apply, x)
    message = failure(op.apply, (x,), gradgradcheck, grad_outputs=autograd.ones(2))
    assert shows(message, 6, 0)
    assert "the gradient of input 0 at [0] by input 0 at [0]" in message
    assert "No gradient arrives" in message


def test_wrong_factor_in_the_second_derivative():
    x = autograd.tensor([1.0, 0.5], dtype=autograd.float64, requires_grad=True)
    assert gradcheck(WrongSecondJointly.apply, x)
    message = failure(WrongSecondJointly.apply, (x,), gradgradcheck, grad_outputs=autograd.ones(2))
    assert shows(message, 6, 3)
    assert "Analytical = 0.5 × numerical" in message


class FirstRowOnly(Function):
    """x (3,) + y (2, 3), and a gradient of x that is not summed over the rows."""

    def forward(self, x, y):
        return x + y

    def grad_x(self, g):
        return g[0]

    def grad_y(self, g):
        return g


class NotSummed(FirstRowOnly):
    def forward(self, x, y):
        return x + y

    def grad_x(self, g):
        return g


class NotSummedOfContext(Function):
    @staticmethod
    def forward(ctx, x, y):
        return x + y

    @staticmethod
    def backward(ctx, g):
        return g, g


def test_forgotten_broadcast_of_the_right_shape():
    message = failure(FirstRowOnly.apply, (leaf(3), leaf(2, 3)))
    assert shows(message, 1, 0)
    assert "sum over the broadcast axes" in message


@pytest.mark.parametrize("op", [NotSummed, NotSummedOfContext])
def test_forgotten_broadcast_of_the_wrong_shape(op):
    for check in (gradcheck, gradgradcheck):
        message = failure(op.apply, (leaf(3), leaf(2, 3)), check)
        assert "(3,)" in message and "(2, 3)" in message


def test_transposed_gradient():
    class Turned(Function):
        def forward(self, x):
            return np.transpose(x) * 1.0

        def grad_x(self, g):
            return g

    assert "agrees when transposed" in failure(Turned.apply, leaf(3, 3))


def test_gradient_that_is_missing_nan_or_zero():
    class Nothing(Function):
        def forward(self, x, y):
            return x * y

        def backward(self, g, x, y):
            return g * y, None

    class NaN(Function):
        def forward(self, x):
            return x * 1.0

        def grad_x(self, g):
            return g * math_nan

    class Zero(Function):
        def forward(self, x):
            return x * 1.0

        def grad_x(self, g):
            return g * 0

    math_nan = float("nan")
    message = failure(Nothing.apply, (leaf(2), leaf(2)))
    assert "by input 1" in message and "No gradient arrives" in message
    message = failure(NaN.apply, leaf(2))
    assert shows(message, 1, "nan") and "no finite number" in message
    message = failure(Zero.apply, leaf(2))
    assert shows(message, 1, 0) and "zero everywhere" in message


def test_nothing_requires_grad_but_the_output_depends_on_the_input():
    message = failure(lambda x: x.detach() * 2, leaf(2))
    assert shows(message, 2, 0)
    assert "detach()" in message
    message = failure(lambda x: x.detach() * 0, leaf(2))
    assert "none does, and nothing was checked" in message


def test_kink():
    class ReLU(Elementwise):
        def forward(self, x):
            return np.maximum(x, 0)

        def grad_x(self, g, x):
            return g * (x > 0)

    x = autograd.tensor([1.0, 0.0], dtype=autograd.float64, requires_grad=True)
    message = failure(ReLU.apply, x)
    assert shows(message, 0.5, 0)
    assert "kink here, slope 0 on the left and 1 on the right" in message


@pytest.mark.parametrize("shape, place", [((), "()"), ((2,), "[0]"), ((2, 2), "[0, 0]")])
def test_mutated_input(shape, place):
    x = autograd.tensor(np.full(shape, 2.0), dtype=autograd.float64, requires_grad=True)

    def func(x):
        y = x * 3
        with autograd.no_grad():
            x += 1
        return y

    for check in (gradcheck, gradgradcheck):
        message = failure(func, x, check)
        assert f"input 0 was changed in place at {place}: it was 2 and is 3" in message
        np.testing.assert_array_equal(x.detach().numpy(), np.full(shape, 2.0))


def test_mutated_input_without_grad_and_by_a_custom_op():
    class Careless(Function):
        def forward(self, x, y):
            y *= 2
            return x * y

        def grad_x(self, g, y):
            return g * y

    constant = autograd.tensor([1.0, 3.0], dtype=autograd.float64)
    message = failure(Careless.apply, (leaf(2), constant))
    assert "input 1 was changed in place at [0]: it was 1 and is 2" in message


def test_mutating_backward():
    class Careless(Function):
        def forward(self, x):
            return x * x

        def grad_x(self, g, x):
            x *= 2
            return g * x

    assert "backward pass must leave the inputs" in failure(Careless.apply, leaf(2))


def test_function_that_is_not_deterministic():
    stream = iter(range(100))
    message = failure(lambda x: x + next(stream), autograd.zeros(2).double().requires_grad_())
    assert "the function must give the same twice" in message
    assert "was " in message and ", then " in message


def test_backward_that_is_not_deterministic():
    stream = iter(range(1, 1000))

    class Drifting(Function):
        def forward(self, x):
            return x * 1.0

        def grad_x(self, g):
            return g * (1 + next(stream) * 1e-9)

    x = leaf(2)
    message = failure(Drifting.apply, x)
    assert "the backward pass must give the same twice (nondet_tol=0)" in message
    assert ", then 1" in message
    assert gradcheck(Drifting.apply, x, nondet_tol=1e-6)


def test_backward_that_cannot_do_without_a_gradient():
    class Two(Function):
        def forward(self, x):
            return x * 2, x * 3

        def backward(self, g):
            return g[0] * 2 + g[1] * 3

    class Half(Two):
        """Takes a missing gradient for one."""

        def forward(self, x):
            return x * 2, x * 3

        def backward(self, g):
            first, second = (np.ones(2) if h is None else h for h in g)
            return first * 2 + second * 3

    x = leaf(2)
    assert "must take None for the others" in failure(Two.apply, x)
    assert gradcheck(Two.apply, x, check_undefined_grad=False)
    assert "missing gradient must count as zero" in failure(Half.apply, x)
    assert gradcheck(Half.apply, x, check_undefined_grad=False)
