"""Gradients in a picture: each use of a value has its share, each value the sum."""

import autograd
from autograd import draw, tensor, watch


def shares(scene, key):
    return [edge.gradient for edge in scene.edges if edge.start == key]


def test_a_value_used_twice_by_one_op_has_two_shares():
    x = tensor(3.0, requires_grad=True)
    scene = draw(x * x, view="backward").scene
    assert shares(scene, "leaf0") == [3.0, 3.0]
    assert scene.nodes["leaf0"].gradient == 6.0


def test_an_index_is_data_that_no_gradient_goes_to():
    x, index = tensor([1.0, 2.0, 3.0], requires_grad=True), autograd.tensor([2, 0])
    with watch() as watched:
        y = x.gather(0, index) * x[index]
        y.sum().backward()
    scene = draw(y, watched=watched).scene
    assert [edge.data for edge in scene.edges if edge.start == "data0"] == [True, True]
    assert shares(scene, "data0") == [None, None]
