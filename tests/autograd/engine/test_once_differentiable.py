"""PyTorch's form of a custom op: keywords, and a backward that can be taken once."""

import pytest

import autograd
from autograd import tensor
from autograd.function import Function, once_differentiable


class Scaled(Function):
    @staticmethod
    def forward(ctx, x, k=2):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, g):
        return g * ctx.k, None


class Set(Function):
    @staticmethod
    def forward(x, k=2):
        return x * k

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.k = inputs[1]

    backward = Scaled.backward


@pytest.mark.parametrize("op", [Scaled, Set])
@pytest.mark.parametrize(
    ("call", "factor"),
    [
        (lambda op, x: op.apply(x), 2.0),
        (lambda op, x: op.apply(x, 3), 3.0),
        (lambda op, x: op.apply(x, k=3), 3.0),
        (lambda op, x: op.apply(k=3, x=x), 3.0),
    ],
)
def test_inputs_by_name(op, call, factor):
    x = tensor([1.0, 2.0], requires_grad=True)
    call(op, x).sum().backward()
    assert x.grad.tolist() == [factor, factor]


@pytest.mark.parametrize("op", [Scaled, Set])
def test_inputs_that_forward_does_not_take(op):
    x = tensor([1.0], requires_grad=True)
    for call in (lambda: op.apply(x, q=1), lambda: op.apply(x, x=x), lambda: op.apply(k=1)):
        with pytest.raises(TypeError, match=rf"^{op.__name__}.apply: the inputs must be those of"):
            call()


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return tensor(3 * g.numpy() * x.detach().numpy() ** 2)


def test_a_backward_in_numpy_has_first_gradients():
    x = tensor([2.0], requires_grad=True)
    Cube.apply(x).backward()
    assert x.grad.tolist() == [12.0]
    assert Cube.backward.__name__ == "backward"


def test_a_second_gradient_is_refused_and_never_wrong():
    x = tensor([2.0], requires_grad=True)
    (g,) = autograd.grad(Cube.apply(x), x, create_graph=True)
    assert g.tolist() == [12.0]
    for call in (
        lambda: g.backward(retain_graph=True),
        lambda: (g * x).sum().backward(retain_graph=True),
        lambda: autograd.grad(g, x, allow_unused=True),
    ):
        with pytest.raises(RuntimeError, match="that of Cube is marked with @once_differentiable"):
            call()


def test_other_gradients_of_a_recorded_pass_go_on():
    x, y = tensor([2.0], requires_grad=True), tensor([3.0], requires_grad=True)
    gx, gy = autograd.grad(Cube.apply(x) + y**3, (x, y), create_graph=True)
    (second,) = autograd.grad(gy, y)
    assert second.tolist() == [18.0]
