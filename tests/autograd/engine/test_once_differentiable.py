"""PyTorch's form of a custom op: keywords, and a backward that can be taken once."""

import numpy as np
import pytest

import autograd
from autograd import tensor
from autograd.function import Function, once_differentiable, quotient, sum_to


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


# -- formulas in NumPy's form ----------------------------------------------------------------------


class Cubed(Function):
    def forward(self, x):
        return x**3

    @once_differentiable
    def grad_x(self, g, x):
        assert type(x) is type(g) is np.ndarray  # at all times
        return g * 3 * np.ascontiguousarray(x) ** 2


class Added(Function):
    def forward(self, x, y):
        return x + y * y

    @once_differentiable
    def backward(self, g, y):
        return g, g * 2 * np.asarray(y)


def test_a_formula_that_is_differentiable_once():
    x = tensor([1.0, 2.0], requires_grad=True)
    Cubed.apply(x).sum().backward()
    assert x.grad.tolist() == [3.0, 12.0]
    (g,) = autograd.grad(Cubed.apply(x).sum(), x, create_graph=True)
    assert g.tolist() == [3.0, 12.0]
    with pytest.raises(RuntimeError, match="of Cubed is marked with @once_differentiable"):
        g.sum().backward()


def test_so_is_the_way_of_the_incoming_gradient():
    x, v = tensor([1.0], requires_grad=True), tensor([1.0], requires_grad=True)
    (g,) = autograd.grad(Cubed.apply(x), x, v, create_graph=True)
    with pytest.raises(RuntimeError, match="marked with @once_differentiable"):
        autograd.grad(g, v)


def test_a_backward_for_all_inputs_that_is_differentiable_once():
    x, y = tensor([1.0], requires_grad=True), tensor([3.0], requires_grad=True)
    Added.apply(x, y).backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([1.0], [6.0])
    first = autograd.grad(Added.apply(x, y), [x, y], create_graph=True)
    assert [g.tolist() for g in first] == [[1.0], [6.0]]
    with pytest.raises(RuntimeError, match="of Added is marked with @once_differentiable"):
        first[1].backward()


# -- what is advised -------------------------------------------------------------------------------


class Leaving(Function):
    def forward(self, x, how):
        self.how = how
        return x * 1.0

    def grad_x(self, g, x):
        return g * WAYS[self.how](x)


class LeavingOfContext(Function):
    @staticmethod
    def forward(ctx, x, how):
        ctx.save_for_backward(x)
        ctx.how = how
        return x * 1.0

    @staticmethod
    def backward(ctx, g):
        return g * tensor(WAYS[ctx.how](ctx.saved_tensors[0])), None


WAYS = [lambda x: x.numpy(), lambda x: np.modf(x)[0], lambda x: np.unwrap(x)]


@pytest.mark.parametrize("op", [Leaving, LeavingOfContext])
@pytest.mark.parametrize("how", range(3))
def test_inside_a_formula_nobody_is_sent_out_of_the_graph(op, how):
    x = tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises((TypeError, RuntimeError)) as caught:
        autograd.grad(op.apply(x, how).sum(), x, create_graph=True)
    said = str(caught.value)
    assert "detach()" not in said
    assert f"the formula of {op.__name__} with autograd.function.once_differentiable" in said
    assert "an op of its own, whose formula is the second derivative" in said
    with pytest.raises((TypeError, RuntimeError), match=r"tensor.detach\(\).numpy\(\)"):
        WAYS[how](x)


def test_a_backward_that_is_taken_once_may_leave_it():
    class Once(LeavingOfContext):
        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            return g * tensor(ctx.saved_tensors[0].numpy()), None

    x = tensor([1.0, 2.0], requires_grad=True)
    Once.apply(x, 0).sum().backward()
    assert x.grad.tolist() == [1, 2]


# -- what formulas are made of ---------------------------------------------------------------------


def test_broadcasting_is_undone_in_formulas_of_ones_own():
    class Plus(Function):
        def forward(self, x, y):
            return x + y

        def grad_x(self, g, x):
            return sum_to(g, x.shape)

        def grad_y(self, g, y):
            return sum_to(g, y.shape)

    x = tensor(np.ones((2, 1)), dtype=autograd.float64, requires_grad=True)
    y = tensor(np.ones(3), dtype=autograd.float64, requires_grad=True)
    assert autograd.gradcheck(Plus.apply, [x, y]) and autograd.gradgradcheck(Plus.apply, [x, y])


def test_a_gradient_of_zero_stays_zero_where_the_divisor_is():
    class Root(Function):
        def forward(self, x):
            return np.sqrt(x)

        def grad_x(self, g, out):
            return quotient(g, 2 * out)

    x = tensor([0.0, 4.0], requires_grad=True)
    (Root.apply(x) * tensor([0.0, 1.0])).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]
