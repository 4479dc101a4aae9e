"""What goes wrong when an op is written or called in a way that is not meant: told at once."""

import numpy as np
import pytest

import autograd
from autograd import tensor


def op(base=autograd.Function, **members):
    return type("Odd", (base,), members)


def double(self, x):
    return x * 2


MISTAKES = [
    (lambda: op(forward=3), "forward must be a method written in Python; got int"),
    (lambda: op(forward=np.exp), "forward must be a method written in Python; got ufunc"),
    (lambda: op(forward=classmethod(double)), "forward must be a method .*got method"),
    (lambda: op(forward=lambda x: x), r"forward takes self and at least one input.*\(x\)"),
    (lambda: op(forward=double, grad_x=3), "grad_x must be a method"),
    (lambda: op(forward=double, grad_x=lambda self: 1), "grad_x takes self, the incoming gradient"),
    (lambda: op(forward=double, grad_x=lambda self, g, *, x: g), "grad_x takes self, .*position"),
    (lambda: op(forward=double, grad_x=staticmethod(lambda g: g)), "grad_x takes self"),
    (
        lambda: op(forward=double, grad_x=lambda self, g: g, backward=lambda self, g: (g,)),
        "an op has either backward or formulas.*has both",
    ),
]


@pytest.mark.parametrize(("define", "words"), MISTAKES)
def test_a_mistake_in_a_definition_is_told_where_the_class_is_defined(define, words):
    with pytest.raises(TypeError, match="Odd: " + words):
        define()


FORWARDS = [
    (lambda self, x: None, TypeError, "forward must return an array.*NoneType"),
    (lambda self, x: 3.0, TypeError, "forward must return an array.*float"),
    (lambda self, x: [1.0], TypeError, "forward must return an array.*list"),
    (lambda self, x: autograd.ones(2, 3), TypeError, "forward must return an array.*Tensor"),
    (lambda self, x: np.full(x.shape, None), TypeError, "forward must return .*ndarray of object"),
    (lambda self, x: np.sum(x), ValueError, r"inputs' shape \(2, 3\); it returned shape \(\)"),
    (lambda self, x: (x, x), ValueError, "inputs' shape .*several outputs"),
]
GRADIENTS = [
    (lambda self, g: 2.0, r"a gradient must have its input's shape \(2, 3\); got float"),
    (lambda self, g: "a", "a gradient must have its input's shape .*got str"),
    (lambda self, g: np.full(g.shape, None), "a gradient must be an array of numbers.*object"),
    (
        lambda self, g: np.ones(7, g.dtype),
        r"a gradient must have a value for each .* \(2, 3\).*\(7,\)",
    ),
]


@pytest.mark.parametrize(("forward", "kind", "words"), FORWARDS)
def test_an_elementwise_forward_returns_an_array_of_its_inputs_shape(forward, kind, words):
    Odd = op(autograd.Elementwise, forward=forward, grad_x=lambda self, g: g)
    with pytest.raises(kind, match="Odd: .*" + words):
        Odd.apply(autograd.ones(2, 3, requires_grad=True))


@pytest.mark.parametrize("shape", [(2, 3), (3,)])
@pytest.mark.parametrize(("formula", "words"), GRADIENTS)
def test_an_elementwise_formula_returns_an_array(formula, words, shape):
    members = {"forward": lambda self, x, y: x + y, "grad_x": formula, "grad_y": formula}
    x, y = autograd.ones(2, 3, requires_grad=True), autograd.ones(shape)
    with pytest.raises(RuntimeError, match="Odd: " + words):
        op(autograd.Elementwise, **members).apply(x, y).sum().backward()
    assert x.grad is None


@pytest.mark.parametrize("base", [autograd.Function, autograd.Elementwise])
def test_a_formula_may_compute_with_tensors_as_constants(base):
    two = tensor(2.0)
    Op = op(base, forward=double, grad_x=lambda self, g: g * two)
    x = autograd.ones(2, 3, requires_grad=True)
    Op.apply(x).sum().backward()
    assert type(x.grad.numpy()) is np.ndarray
    assert x.grad.tolist() == [[2.0] * 3] * 2


def test_calling_an_op_in_other_ways_says_how():
    Op = op(forward=double, grad_x=lambda self, g: g * 2)
    x = tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"applied by its class.*Odd.apply\("):
        Op()(x)
    with pytest.raises(AttributeError, match="belong to PyTorch's form"):
        op(forward=lambda self, x: self.save_for_backward(x)).apply(x)
    with pytest.raises(NotImplementedError, match=r"define forward\(self"):
        op().apply(x)
    with pytest.raises(TypeError, match="Odd: x must be a tensor or numbers; got None"):
        Op.apply(None)


def test_a_context_in_forward_has_saved_nothing_yet_and_names_what_is_missing():
    def forward(ctx, a):
        ctx.save_for_backward(a)
        assert ctx.saved_tensors == ()
        return a * 2

    Op = op(forward=staticmethod(forward), backward=staticmethod(lambda ctx, g: g * 2))
    x = tensor([1.0], requires_grad=True)
    Op.apply(x).backward()
    assert x.grad.tolist() == [2.0]
    with pytest.raises(TypeError, match="Odd.apply: the inputs must be those of forward"):
        Op.apply(b=x)
    dirty = op(forward=staticmethod(lambda ctx, a: (ctx.mark_dirty(tensor([1.0])), a * 2)[1]))
    with pytest.raises(RuntimeError, match="mark_dirty .*not returned"):
        dirty.apply(x)
