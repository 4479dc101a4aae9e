"""The backward view and the difference of two steps: letters, numbers, what is said of them."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import exp, grad, sin, tensor
from autograd.diagnosis.explain.graph import Derivatives
from autograd.drawing.scene import Edge, Node, Scene
from autograd.drawing.showing.difference import difference
from autograd.drawing.showing.gradients import said, turned
from autograd.drawing.showing.looks import Scale, mixed
from autograd.drawing.showing.picture import Picture
from autograd.engine.graph import node_of


def leaf(*values):
    return tensor(np.array(values, np.float32), requires_grad=True)


def derivatives(y, **given):
    """All local derivatives of a graph, by op and input."""
    known = Derivatives(y, given)
    return {
        (type(op).__name__, place): known.of(op, place)
        for op in known.ops
        for place, edge in enumerate(op.edges)
        if edge is not None
    }


# -- letters --------------------------------------------------------------------------------------


def test_local_derivatives_are_factors_where_they_can_be():
    a, b = leaf(2.0), leaf(3.0)
    found = derivatives((sin(a * b) + (a - b) ** 2 / 4).sum(), a=a, b=b)
    assert found["Multiply", 0] == "b" and found["Multiply", 1] == "a"
    assert found["Sin", 0] == "cos(v₁)"
    assert found["Subtract", 0] == "1" and found["Subtract", 1] == "−1"
    assert found["Divide", 0] == "1 / 4"
    assert found["Sum", 0] == "1"


def test_layers_have_their_letters():
    net = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1))
    loss = net(tensor(np.ones((5, 3), np.float32))).mean()
    known = Derivatives(loss, None)
    found = {
        (type(op).__name__, i): known.of(op, i) for op in known.ops for i in range(len(op.edges))
    }
    assert found["Sigmoid", 0] == "σ′(z¹)"
    assert found["Linear", 0] == "W²" and found["Linear", 1] == "gᵀ a¹"
    assert found["Linear", 2] == "Σₙ g" and found["Mean", 0] == "1 / 5"
    letters = [known.gradient(op) for op in known.ops]
    assert letters == ["δ¹", "∂L/∂a¹", "δ²", "∂L/∂L"]


# -- the view -------------------------------------------------------------------------------------


def scene_of(y, gradients):
    """The scene of a chain of ops, keys by age, with ``gradients`` on its nodes."""
    keys, nodes, edges = {}, {}, []
    known = Derivatives(y, None)
    for edge in [*known.edges]:
        node = node_of(edge)
        key = keys.setdefault(node, f"k{len(keys)}")
        role = "op" if node.age else "parameter"
        nodes[key] = Node(key, role, type(node).__name__, (2,))
        nodes[key].gradient = gradients.get(nodes[key].label)
    for op in known.ops:
        edges += [Edge(keys[node_of(e)], keys[op], i) for i, e in enumerate(op.edges) if e]
    nodes["y"] = Node("y", "output", "y", ())
    edges.append(Edge(keys[node_of(y._edge)], "y"))
    return Scene(nodes, edges), lambda edge: keys.get(node_of(edge), "")


def test_the_view_turns_a_scene_and_changes_none():
    y = exp(leaf(1.0, 2.0)).sum()
    scene, key_of = scene_of(y, {"Exp": 0.25, "Sum": 1.0})
    back = turned(scene, [y], key_of, None)
    assert back.backward and not scene.backward
    assert [edge.derivative for edge in back.edges] == ["v₁", "1", ""]
    assert ["∂L/∂v₁ 0.25"] in [node.lines for node in back.nodes.values()]
    assert not any(node.lines for node in scene.nodes.values())
    assert back.edges[-1].gradient == 1.0  # all that comes to the last op comes from the output
    assert back.notes == [
        "Arrows run back from the output. On them: the local derivative, and the root mean square "
        "of the gradient that comes back."
    ]


def weights(*gradients):
    labels = [f"{i}.weight" for i in range(len(gradients))]
    return {
        one: Node(one, "parameter", one, (2, 2), gradient=g) for one, g in zip(labels, gradients)
    }


@pytest.mark.parametrize(
    ("gradients", "note"),
    [
        ((1e-9, 1e-4, 0.1), "The gradient vanishes: 1.0e-09 at 0.weight, 0.1 at 2.weight."),
        ((5e4, 3.0), "The gradient explodes: 5.0e+04 at 0.weight, 3 at 1.weight."),
        ((0.0, 2.0), "The gradient is 0 at 0.weight."),
        ((0.0,) * 5, "The gradient is 0 at 0.weight, 1.weight, 2.weight and 2 more."),
    ],
)
def test_what_is_wrong_with_gradients_is_said(gradients, note):
    assert said(weights(*gradients), [])[1:] == [note]


def test_healthy_gradients_are_not_talked_about():
    assert len(said(weights(0.01, 0.2, 0.1), [])) == 1


@pytest.mark.parametrize(
    ("gradients", "note"),
    [
        ((1e-30, 1e-20, 1e-10, 0.1), "vanishes: 1.0e-30 at the first tanh, 0.1 at the last of 4."),
        ((0.0, 0.0, 1e-10, 0.1), "vanishes: 0 at the first tanh, 0.1 at the last of 4."),
        ((1e9, 1e5, 1e2, 1.0), "explodes: 1.0e+09 at the first tanh, 1 at the last of 4."),
        ((0.1, 0.2, 0.1, 0.2), None),
        ((1e-9, 0.1, 1.0), None),  # too few for a loop
        ((1.0, 0.0, 0.0, 0.0), None),
    ],
)
def test_a_loop_that_shares_its_weights_is_looked_at_by_its_steps(gradients, note):
    steps = [Node(str(i), "op", "tanh", (2,), gradient=g) for i, g in enumerate(gradients)]
    nodes = {node.key: node for node in [Node("w", "parameter", "w", (2, 2), gradient=1.0), *steps]}
    assert said(nodes, [])[1:] == ([f"The gradient {note}"] if note else [])


def test_a_gradient_that_is_shown_gets_its_letter_and_is_said_once():
    y = exp(leaf(1.0, 2.0)).sum()
    scene, key_of = scene_of(y, {"Exp": 0.25, "Sum": 1.0})
    (shown,) = [node for node in scene.nodes.values() if node.label == "Exp"]
    shown.lines = ["data [2.7, 7.4]", "grad [-0.3, 0.2]"]
    back = turned(scene, [y], key_of, None)
    assert back.nodes[shown.key].lines == ["data [2.7, 7.4]", "∂L/∂v₁ [-0.3, 0.2]"]
    assert shown.lines[1] == "grad [-0.3, 0.2]"


def test_numbers_that_a_freed_graph_has_lost_are_those_of_the_picture():
    x = leaf(3.0)
    with autograd.watch() as watched:
        y = (x * 5 / 2 + 10 / x + x**3).sum()
        y.backward()
    picture = autograd.draw(y, params={"x": x}, watched=watched, view="backward")
    found = {edge.derivative for edge in picture.scene.edges}
    assert {"5", "1 / 2", "−10 / x²", "3 x²"} <= found


def test_the_op_whose_formula_gave_nan_is_named():
    nodes = {
        "x": Node("x", "parameter", "x", gradient=math.nan),
        "log": Node("log", "op", "log", gradient=1.0, details={"line": "net.py:3"}),
        "sum": Node("sum", "op", "sum", gradient=1.0),
    }
    edges = [Edge("x", "log", gradient=math.nan), Edge("log", "sum", gradient=1.0)]
    assert said(nodes, edges)[1] == "The gradient is NaN from log (net.py:3) on."


def test_arrows_are_wider_the_larger_the_gradient():
    gradients = [1e-9, 1e-6, 1e-3, 1.0]
    keys = [str(i) for i in range(5)]
    scene = Scene({key: Node(key, "op", key) for key in keys}, backward=True)
    scene.edges = [Edge(a, b, gradient=g) for a, b, g in zip(keys, keys[1:], gradients)]
    looks = [Scale(scene).of_edge(edge) for edge in scene.edges]
    widths = [float(look["penwidth"]) for look in looks]
    assert np.allclose(
        np.diff(widths), (widths[-1] - widths[0]) / 3, 0.02
    )  # even on a logarithmic scale
    assert len({look["color"] for look in looks}) == 4
    source = Picture(scene).source
    assert source.count("dir=back") == 4 and "1e-09" in source and "1e+00" in source


def test_a_scale_spans_six_decades_at_least():
    scene = Scene(edges=[Edge("a", "b", gradient=g) for g in (1.0, 0.5)], backward=True)
    assert Scale(scene).low == -6


@pytest.mark.parametrize(("value", "text"), [(math.nan, "NaN"), (math.inf, "Inf"), (0.0, "0")])
def test_what_is_no_gradient_stands_out(value, text):
    nodes = {key: Node(key, "op", key) for key in "ab"}
    edge = Edge("a", "b", gradient=value)
    scene = Scene(nodes, [edge], backward=True)
    look = Scale(scene).of_edge(edge)
    assert look["style"] == ("dotted" if value == 0 else "dashed")
    assert f"{text}>" in Picture(scene).source


def test_colours_are_mixed_to_both_ends():
    assert [mixed(("#000000", "#ffffff"), part) for part in (0, 1)] == ["#000000", "#ffffff"]


# -- two steps ------------------------------------------------------------------------------------


def step(gradient, *more, mean="0 ± 1"):
    nodes = [Node("w", "parameter", "w", (2,), gradient=gradient, details={"mean": mean}), *more]
    return Scene({node.key: node for node in nodes}, [Edge("w", node.key) for node in more])


def test_what_changed_is_said_twice():
    node = difference(step(3.1e-4), step(2e-9, mean="1 ± 2")).nodes["w"]
    assert node.lines == ["grad 3.1e-04 → 2.0e-09", "0 ± 1 → 1 ± 2"]
    assert node.ratio == pytest.approx(6.45e-6, rel=1e-2)


def test_the_same_step_twice_changes_nothing():
    scene = difference(step(0.5), step(0.5))
    assert scene.nodes["w"].lines == [] and scene.notes == ["Compared with the step before."]


def test_a_shape_that_changed_is_said():
    old, new = step(0.5), step(0.5)
    new.nodes["w"].shape = (3,)
    assert difference(old, new).nodes["w"].lines == ["was (2,)"]


def test_new_and_gone_nodes_are_matched_in_their_place():
    old = step(0.5, Node("a", "op", "tanh"), Node("b", "op", "exp"))
    new = step(0.5, Node("a", "op", "relu"), Node("b", "op", "exp"))
    scene = difference(old, new)
    assert {node.label: node.before for node in scene.nodes.values()} == {
        "w": "", "relu": "new", "exp": "", "tanh": "gone",
    }  # fmt: skip
    assert ("w", "before.a") in [(edge.start, edge.end) for edge in scene.edges]
    assert scene.notes == ["Compared with the step before, of the nodes 1 is new and 1 is gone."]
    source = Picture(scene).source
    assert "relu new" in source and "<S>tanh</S> gone" in source


def test_the_largest_change_is_named():
    (note,) = difference(step(1e-3), step(1.0)).notes
    assert note.endswith("The gradient of w changed most, × 1.0e+03.")


def test_scenes_stay_as_they_were():
    old, new = step(0.5), step(0.25)
    difference(old, new)
    assert (old, new) == (step(0.5), step(0.25))


def test_letters_may_move_on_between_steps():
    old, new = step(None), step(None)
    old.nodes["w"].lines, new.nodes["w"].lines = ["∂L/∂v₁ 0.5", "t 1"], ["∂L/∂v₂ 0.1", "t 1"]
    assert difference(old, new).nodes["w"].lines == ["∂L/∂v₂ 0.5 → 0.1", "t 1"]


def test_second_derivatives_have_letters_too():
    x = leaf(1.0, 2.0)
    (g,) = grad((x * x * x).sum(), x, create_graph=True)
    assert all(derivatives(g.sum(), x=x).values())
