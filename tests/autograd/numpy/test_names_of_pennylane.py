"""What PennyLane takes from the insides of HIPS autograd, as it uses them."""

import numpy as onp

import autograd.numpy as np
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
