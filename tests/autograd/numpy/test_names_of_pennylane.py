"""What PennyLane takes from the insides of HIPS autograd, as it uses them."""

import numpy as onp

import autograd.numpy as np
from autograd import grad, hessian, jacobian
from autograd.builtins import SequenceBox
from autograd.core import VJPNode, VSpace, make_vjp
from autograd.extend import defvjp, primitive, vspace
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.numpy.numpy_vspaces import ArrayVSpace
from autograd.tracer import Box, isbox, new_box, trace_stack


class Named(onp.ndarray):
    """An array of a class of one's own."""


def test_a_class_of_arrays_is_registered_and_differentiated():
    Box.type_mappings[Named] = ArrayBox
    VSpace.mappings[Named] = ArrayVSpace
    try:
        x = onp.arange(3.0).view(Named)
        assert vspace(x).size == 3
        vjp, value = make_vjp(lambda x: np.sum(x * x), x)
        onp.testing.assert_array_equal(vjp(1.0), [0.0, 2.0, 4.0])
        assert value == 5.0
    finally:
        del Box.type_mappings[Named], VSpace.mappings[Named]


def depends(function, *args):
    with trace_stack.new_trace() as trace:
        start = new_box(args, trace, VJPNode.new_root())
        end = function(*start)
    assert type(start) is SequenceBox
    return isbox(end) and end._trace == start._trace


def test_whether_a_result_depends_on_its_arguments():
    assert depends(lambda x, y: x * 2, 0.3, 1.0)
    assert not depends(lambda x, y: 2.0, 0.3, 1.0)


def test_a_gradient_by_a_list_may_be_an_array():
    @primitive
    def total(numbers):
        return np.sum(np.array(numbers))

    defvjp(total, lambda ans, numbers: lambda g: g * onp.arange(1.0, 4.0))
    vjp, _ = make_vjp(lambda x: total([x, 2 * x, 1.0]), 0.5)
    assert vjp(1.0) == 1 + 2 * 2


@primitive
def executed(circuits):
    """What a device gives for angles of circuits: of plain numbers alone."""
    assert all(type(angle) in (float, onp.float64) for angles in circuits for angle in angles)
    return tuple(onp.array(onp.cos(a) * onp.sin(b)) for a, b in circuits)


def shifted(ans, circuits):
    """The rule, by the device itself at shifted angles: differentiated again, it is called anew."""

    def vjp(gs):
        found = []
        for angles, g in zip(circuits, gs):
            slopes = []
            for i in range(2):
                both = [
                    tuple(a + s * (i == j) for j, a in enumerate(angles))
                    for s in (onp.pi / 2, -onp.pi / 2)
                ]
                above, below = executed(tuple(both))
                slopes.append(g * (above - below) / 2)
            found.append(tuple(slopes))
        return tuple(found)

    return vjp


defvjp(executed, shifted)


def test_second_derivatives_go_through_a_rule_that_calls_a_primitive():
    def cost(x, run):
        first, second = run(((x[0], x[1]), (x[1], x[0])))
        return np.sum(first**2) + first * second

    def known(circuits):
        return tuple(np.cos(a) * np.sin(b) for a, b in circuits)

    x = onp.array([0.3, 0.8])
    for derivative in (grad, hessian, lambda f: jacobian(hessian(f))):
        onp.testing.assert_allclose(
            derivative(lambda x: cost(x, executed))(x), derivative(lambda x: cost(x, known))(x)
        )
