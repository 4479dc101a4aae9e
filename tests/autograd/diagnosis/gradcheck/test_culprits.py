"""Which operation it is: each recorded node checked alone, and whole models."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Function, GradcheckError, gradcheck, gradcheck_module, gradgradcheck
from autograd.function import once_differentiable, sum_to

D = autograd.float64


def leaf(*shape, seed=0):
    values = np.random.default_rng(seed).uniform(0.3, 1.7, shape)
    return autograd.tensor(values, dtype=D, requires_grad=True)


def failure(check, *args, **options):
    assert check(*args, raise_exception=False, **options) is False
    with pytest.raises(GradcheckError) as caught:
        check(*args, **options)
    return str(caught.value)


class Gate(Function):
    """tanh(signal) · weight, with a factor of 0.1 % in one of its formulas."""

    def forward(self, signal, weight):
        return np.tanh(signal) * weight

    def grad_signal(self, g, signal, weight):
        return g * weight * (1 - np.tanh(signal) ** 2) * 1.001

    def grad_weight(self, g, signal, weight):
        return sum_to(g * np.tanh(signal), weight.shape)


class Product(Function):
    @staticmethod
    def forward(ctx, left, right):
        ctx.save_for_backward(left, right)
        return left * right

    @staticmethod
    def backward(ctx, g):
        left, right = ctx.saved_tensors
        return g * right, g * left * 2


class Cube(Function):
    def forward(self, x):
        return x**3

    def grad_x(self, g, x):
        return WrongSquare.apply(x) * 3 * g


class WrongSquare(Function):
    def forward(self, x):
        return x * x

    def grad_x(self, g, x):
        return g * x


class Forgetful(Function):
    """The first derivative is right; what the formula takes from self is a constant."""

    def forward(self, x):
        self.x = x
        return x**3

    def grad_x(self, g):
        return g * (3 * self.x**2)


def line_of(function, offset):
    return f"test_culprits.py:{function.__code__.co_firstlineno + offset}"


def net(x):
    h = (x * 2).exp()
    h = Gate.apply(x, h)
    return h.sum() + x.square().mean()


def test_the_wrong_operation_is_named_with_line_argument_and_numbers():
    said = failure(gradcheck, net, leaf(3))
    assert f"Gate ({line_of(net, 2)}): its output at [" in said
    assert "by signal at [" in said and "by weight" not in said
    assert "Analytical = 1.001 × numerical everywhere" in said
    assert "each of 7 operations checked alone" in said


def test_arguments_of_pytorchs_form_have_their_names():
    said = failure(gradcheck, lambda x: Product.apply(x.sin(), x.cos()).sum(), leaf(3))
    assert "Product (test_culprits.py:" in said and "by right at [" in said


def test_an_operation_inside_a_formula():
    assert gradcheck(lambda x: Cube.apply(x.sin()).sum(), leaf(3))
    said = failure(gradgradcheck, lambda x: Cube.apply(x.sin()).sum(), leaf(3))
    assert "Culprit," in said and "\n  WrongSquare (test_culprits.py:" in said
    assert "Analytical = 0.5 × numerical" in said


def test_a_second_derivative():
    said = failure(gradgradcheck, lambda x: Forgetful.apply(x.sin()).sum(), leaf(3))
    assert "\n  Forgetful (test_culprits.py:" in said
    assert "in its second derivative: the gradient of x at [" in said


def test_where_each_is_right_the_mistake_is_between_them():
    said = failure(gradcheck, lambda x: (x * 2).detach() * x.exp(), leaf(3))
    assert "Each of 3 operations is right alone: look for what happens between" in said


def test_localise_finds_what_the_whole_does_not_show():
    def func(x):
        return Gate.apply(x, x.exp()) * 0.0

    assert gradcheck(func, leaf(3))
    said = failure(gradcheck, func, leaf(3), localise=True)
    assert "1 have not, though the whole is right here" in said and "\n  Gate (" in said
    assert gradcheck(lambda x: x.exp() * x, leaf(3), localise=True)


def test_large_arguments_are_searched_for_the_element():
    class OneOff(Function):
        def forward(self, x):
            return x * 2.0

        def grad_x(self, g):
            weights = np.full(g.shape, 2.0)
            weights[3, 17] = 2.01
            return g * weights

    said = failure(gradcheck, lambda x: OneOff.apply(x).sum(), leaf(5, 40))
    assert "its output at [3, 17] by x at [3, 17] is numerical 2, analytical 2.01" in said


def test_a_kink_is_found_where_it_is():
    x = autograd.tensor([0.0, 1.0], dtype=D, requires_grad=True)
    said = failure(gradcheck, lambda x: (x * 2).abs().sum(), x)
    assert "Absolute (test_culprits.py:" in said and "slope -1 on the left and 1" in said


def test_an_output_that_only_tells_of_the_run_is_left_out():
    """The statistics that normalisation gives beside its result have no gradient."""
    x = leaf(6, 3)
    assert gradcheck(nn.BatchNorm1d(3).double(), x, localise=True)


# -- models ---------------------------------------------------------------------------------------


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(autograd.ones(4) * 0.7)

    def forward(self, x):
        return Gate.apply(x, self.weight)


def batch(*shape):
    return autograd.tensor(np.random.default_rng(1).normal(size=shape).astype("f"))


def test_a_models_wrong_operation_is_named_with_its_module_and_parameter():
    model = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Dropout(0.2), Gated()), nn.Tanh())
    said = failure(gradcheck_module, model, batch(5, 3))
    assert f"Gate ({line_of(Gated.forward, 1)}, in 1.1: Gated)" in said
    assert "by signal at [" in said
    assert "1 of 4 have not" in said


def test_a_parameter_goes_by_its_name():
    class Wrong(Gated):
        def forward(self, x):
            return Product.apply(x, self.weight.expand(5, 4))

    class Bare(Gated):
        def forward(self, x):
            return Product.apply(x[0], self.weight)

    said = failure(gradcheck_module, nn.Sequential(nn.Linear(3, 4), Bare()), batch(5, 3))
    assert "by right (1.weight) at [" in said
    assert "by right at [" in failure(
        gradcheck_module, nn.Sequential(nn.Linear(3, 4), Wrong()), batch(5, 3)
    )


def test_a_gradient_of_the_wrong_shape_is_the_operations():
    class Unsummed(Function):
        def forward(self, x, w):
            return x * w

        def grad_x(self, g, w):
            return g * w

        def grad_w(self, g, x):
            return g * x

    class Layer(Gated):
        def forward(self, x):
            return Unsummed.apply(x, self.weight)

    said = failure(gradcheck_module, nn.Sequential(nn.Linear(3, 4), Layer()), batch(5, 3))
    assert "in 1: Layer): the backward pass must run" in said
    assert "a gradient must have its input's shape (4,); got (5, 4)" in said


def test_a_break_between_operations_is_found_by_the_parameters():
    class Cut(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, x):
            return self.second(self.first(x).detach())

    said = failure(gradcheck_module, Cut(), batch(2, 3))
    assert "by first.weight at [" in said and "No gradient arrives at this input" in said
    assert "Each of 2 operations is right alone" in said


def test_a_right_model_passes_and_stays_as_it_is():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.5), nn.Linear(8, 3), nn.LogSoftmax(1),
    )  # fmt: skip
    before = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    arrays = [p.detach().numpy() for p in model.parameters()]
    autograd.manual_seed(3)
    drawn = autograd.rand(3).tolist()
    autograd.manual_seed(3)
    said = []
    assert gradcheck_module(model, batch(3, 1, 6, 6), report=said.append)
    assert autograd.rand(3).tolist() == drawn
    assert "8 operations are right alone" in said[0] and "Checked in float64" in said[0]
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name])
    for p, array in zip(model.parameters(), arrays, strict=True):
        assert p.detach().numpy() is array and p.grad is None


def test_running_statistics_of_a_double_model_stay():
    model = nn.BatchNorm1d(3).double()
    mean, array = model.running_mean, model.running_mean.numpy()
    before = array.copy()
    assert gradcheck_module(model, batch(4, 3).double())
    assert model.running_mean is mean and mean.numpy() is array
    np.testing.assert_array_equal(array, before)


def test_a_kink_in_a_right_model_is_reported_and_passes():
    said = []
    model = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU())
    inputs = autograd.tensor([[0.0, 0.0], [1.0, 2.0]])
    assert gradcheck_module(model, inputs, report=said.append)
    assert "At a kink: Relu (test_culprits.py:" in said[0] and "in 1: ReLU)" in said[0]


def test_a_model_that_returns_more_than_a_tensor():
    assert gradcheck_module(nn.GRU(2, 3), [batch(3, 2, 2)], orders=(1,))
    assert gradcheck_module(lambda x: {"a": x.exp(), "n": 3}, leaf(2), orders=(2,))


def test_second_derivatives_can_be_left_out():
    model = nn.Sequential(nn.Linear(2, 2))
    forgetful = lambda x: Forgetful.apply(model(x))  # noqa: E731
    inputs = batch(2, 2).requires_grad_()
    assert gradcheck_module(forgetful, inputs, orders=(1,))
    assert "in its second derivative" in failure(gradcheck_module, forgetful, inputs)


def test_what_is_differentiable_once_is_no_culprit():
    class Once(Function):
        def forward(self, x):
            return x**3

        @once_differentiable
        def grad_x(self, g, x):
            return g * 3 * np.asarray(x) ** 2

    said = []
    assert gradcheck_module(lambda x: Once.apply(x), leaf(3), report=said.append)
    assert "Not checked alone: Once (test_culprits.py:" in said[0]
