"""Ops with one backward for all inputs: what is made on the way, and who may overwrite it."""

import numpy as np
import pytest

import autograd
import nn.functional as F
from autograd import Function
from tests.graph_cases import equal, leaf


class Squares(Function):
    """Σ (x - y)², with a backward that writes into what forward made."""

    def forward(self, x, y):
        self.made = d = x - y
        return np.sum(d * d)

    def backward(self, g, made):
        made *= 2 * g
        return made, -made

    @staticmethod
    def definition(x, y):
        return np.sum((x - y) ** 2)


def test_the_last_read_may_overwrite_and_no_other():
    x, y = leaf([1.0, 2.0]), leaf([0.0, 4.0])
    out = Squares.apply(x, y)
    for again in (True, True, False):
        gx, gy = autograd.grad(out, [x, y], retain_graph=again)
        equal(gx, [2.0, -4.0])
        equal(gy, [-2.0, 4.0])
    with pytest.raises(RuntimeError, match=r"Squares \(SquaresBackward0\).* was freed"):
        autograd.grad(out, x)


def test_what_was_made_goes_with_the_last_read():
    x, y = leaf([1.0, 2.0]), leaf([0.0, 4.0])
    for create in (False, True):
        out = Squares.apply(x, y)
        assert "made" in vars(out.grad_fn)
        autograd.grad(out, x, create_graph=create, retain_graph=False)
        assert "made" not in vars(out.grad_fn)


def test_the_second_derivative_is_the_definitions():
    x, y = leaf([1.0, 2.0]), leaf([0.0, 4.0])
    (g,) = autograd.grad(Squares.apply(x, y), x, create_graph=True)
    equal(autograd.grad(g.sum(), y)[0], [-2.0, -2.0])


def test_two_last_reads_of_one_node_cannot_both_have_it():
    out = Squares.apply(leaf([1.0]), leaf([0.0]))
    node = out.grad_fn
    node.fused.arguments(node, (), (True, True), True)
    with pytest.raises(RuntimeError, match="must still hold what its forward made"):
        node.fused.arguments(node, (), (True, True), True)


@pytest.mark.parametrize("loss", [F.mse_loss, F.cross_entropy, lambda x, t: F.gelu(x).sum()])
def test_fused_ops_give_the_same_each_time(loss):
    x = autograd.rand(4, 3, requires_grad=True)
    target = autograd.tensor([0, 1, 2, 0]) if loss is F.cross_entropy else autograd.ones(4, 3)
    out = loss(x, target)
    first, second, third = (
        autograd.grad(out, x, retain_graph=again)[0].tolist() for again in (True, True, False)
    )
    assert first == second == third


# -- several outputs -------------------------------------------------------------------------------


class Both(Function):
    """x² and x³."""

    def forward(self, x):
        return x**2, x**3

    def grad_x(self, g, x):
        square, cube = g
        d = 0 * x if square is None else square * 2 * x
        return d if cube is None else d + cube * 3 * x**2


class BothAtOnce(Function):
    def forward(self, x, y):
        return x * y, x + y

    def backward(self, g, x, y):
        product, total = [0 if one is None else one for one in g]
        return product * y + total, product * x + total


def test_an_output_that_no_gradient_reached_has_none():
    x = leaf([1.0, 2.0])
    square, cube = Both.apply(x)
    square.sum().backward(retain_graph=True)
    equal(x.grad, [2.0, 4.0])
    x.grad = None
    cube.sum().backward()
    equal(x.grad, [3.0, 12.0])


def test_a_scalar_among_several_outputs():
    x = leaf(2.0)
    square, _ = Both.apply(x)
    (g,) = autograd.grad(square, x, create_graph=True)
    assert g.item() == 4.0 and autograd.grad(g, x)[0].item() == 2.0


def test_second_derivatives_of_several_outputs():
    x = leaf([1.0, 2.0])
    square, cube = Both.apply(x)
    (g,) = autograd.grad((square + cube).sum(), x, create_graph=True)
    assert isinstance(g, autograd.Tensor)
    equal(g, [5.0, 16.0])
    equal(autograd.grad(g.sum(), x)[0], [8.0, 14.0])
    y = leaf([3.0, 5.0])
    product, _ = BothAtOnce.apply(x, y)
    gx, gy = autograd.grad((product**2).sum(), [x, y], create_graph=True)
    assert isinstance(gx, autograd.Tensor) and isinstance(gy, autograd.Tensor)
    equal(gx, 2 * np.array([1.0, 2.0]) * np.array([3.0, 5.0]) ** 2)
    equal(autograd.grad(gx.sum(), x)[0], 2 * np.array([3.0, 5.0]) ** 2)
    assert autograd.gradgradcheck(BothAtOnce.apply, [leaf([1.0]), leaf([2.0])])


def test_a_constant_gradient_is_a_tensor_where_the_pass_is_recorded():
    class Ramp(Function):
        def forward(self, x):
            return x * 2

        def grad_x(self, g):
            return np.full(g.shape, 2.0)

    (g,) = autograd.grad(Ramp.apply(leaf([1.0])).sum(), leaf([1.0]), allow_unused=True)
    assert g is None
    x = leaf([1.0])
    (g,) = autograd.grad(Ramp.apply(x).sum(), x, create_graph=True)
    assert isinstance(g, autograd.Tensor)


def test_a_joint_gradient_does_not_share_memory_with_an_input():
    class Dot(Function):
        def forward(self, x, y):
            return np.sum(x * y)

        def backward(self, g, x, y):
            return y, x

    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    Dot.apply(x, y).backward()
    x.grad.zero_()
    equal(y, [3.0, 4.0])
