"""Pictures of graphs: what the DOT text says, that every name survives, and what draws it."""

import re
import sys

import numpy as np
import pytest

import autograd
import nn
from autograd import draw, tensor
from autograd.drawing.reading import graph
from autograd.utils.checkpoint import checkpoint
from tests.drawings import Halves, Layer, boxes, chain, leaf, lines

# -- what the text says ---------------------------------------------------------------------------


def test_a_value_used_twice_has_two_edges():
    x = leaf(3)
    picture = draw(x * x)
    assert boxes(picture) == {
        "leaf0": ["x", "(3,)"],
        "op0": ["*", "(3,)"],
        "output0": ["output", "(3,)"],
    }
    assert lines(picture) == [("leaf0", "op0"), ("leaf0", "op0"), ("op0", "output0")]


def test_broadcast_operands_keep_their_shapes():
    a, x = leaf(8), leaf(4, 8)
    made = draw((x * a.exp().sin() - a.mean()).sum(), params={"a": a, "x": x})
    shapes = {text[0]: text[-1] for text in boxes(made).values()}
    assert shapes["a"] == shapes["exp"] == shapes["sin"] == "(8,)"
    assert shapes["mean"] == shapes["sum"] == "scalar"
    assert shapes["*"] == shapes["-"] == "(4, 8)"


def test_edges_point_forward_in_the_order_of_the_arguments():
    x, y = leaf(3), leaf(3)
    picture = draw(x - y, params={"x": x, "y": y})
    assert boxes(picture)["leaf0"] == ["x", "(3,)"]
    assert boxes(picture)["leaf1"] == ["y", "(3,)"]
    assert lines(picture) == [("leaf0", "op0"), ("leaf1", "op0"), ("op0", "output0")]
    assert "ordering=in" in picture.source


def test_parameters_of_a_module_carry_its_names():
    layer = Layer()
    x = tensor(np.ones((4, 5, 3), np.float32))
    picture = draw((layer(x) * 2).sum(), params=layer)
    texts = boxes(picture).values()
    assert ["0.weight", "(3, 2)"] in texts
    assert ["0.bias", "(2,)"] in texts
    assert ["x", "(4, 5, 3)"] in texts
    assert ["* 2", "(4, 5, 2)"] in texts  # its own node notes no shape
    assert ["output", "scalar"] in texts


def test_shapes_go_through_ops_that_note_none():
    texts = boxes(draw((leaf(3) * 2).exp() * leaf(3) - 1)).values()
    assert len(texts) == 8
    assert [text[-1] for text in texts if text[-1] != "(3,)"] == ["constant"]


def test_parameters_other_leaves_and_outputs_look_different():
    w, x = leaf(3), leaf(3)
    source = draw(w * x, params={"w": w}).source
    looks = [
        re.sub(
            r"label=<.*?>> |tooltip=.*",
            "",
            re.search(rf"^\t{key} \[(.*?)\]$", source, re.M | re.S)[1],
            flags=re.S,
        )
        for key in ("op0", "leaf0", "leaf1", "output0")
    ]
    assert len(set(looks)) == 4
    assert "shape=ellipse" in looks[2] and "shape=ellipse" not in looks[1]


def test_names_of_a_dict_reach_leaves_results_and_outputs():
    x = leaf(2)
    hidden = x * 3
    loss = hidden.sum()
    texts = boxes(draw(loss, params={"x": x, "hidden": hidden, "loss": loss}))
    assert texts["leaf0"] == ["x", "(2,)"]
    assert texts["op0"] == ["* 3", "hidden (2,)"]
    assert texts["op1"] == ["sum", "scalar"]  # its name stands in the output
    assert texts["output0"] == ["loss", "scalar"]


def test_a_tensor_may_have_a_name_of_its_own():
    x = leaf(2)
    x.name = "query"
    y = x * 2
    y.name = "key"
    texts = boxes(draw(y))
    assert texts["leaf0"] == ["query", "(2,)"]
    assert texts["output0"] == ["key", "(2,)"]


def test_a_name_holds_after_requires_grad_was_switched_off_and_on():
    x = leaf(2)
    y = x * 2
    x.requires_grad_(False)
    x.requires_grad_(True)
    assert boxes(draw(y, params={"x": x}))["leaf0"] == ["x", "(2,)"]


def test_several_outputs_share_their_graph():
    x = leaf(2)
    y = x * 2
    picture = draw([y, y + x, x])
    texts = boxes(picture)
    assert [texts[f"output{i}"][0] for i in range(3)] == ["y", "output 1", "x"]
    assert sorted(key for key in texts if key.startswith("op")) == ["op0", "op1"]
    assert ("leaf0", "output2") in lines(picture)


def test_an_op_with_several_results_says_which_one_is_used():
    x = leaf(4)
    first, last = Halves.apply(x)
    picture = draw(last - first, params={"first": first})
    assert boxes(picture)["op0"] == ["Halves"]
    assert lines(picture).count(("op0", "op1")) == 2
    assert re.findall(r"op0 -> op1 \[label=< (\w+)>", picture.source) == ["last", "first"]


def test_a_leaf_that_is_gone_keeps_its_shape():
    y = leaf(4).reshape(2, 2)
    assert boxes(draw(y))["leaf0"] == ["(4,)"]


def test_empty_and_0_d_shapes_are_written():
    x, s = leaf(0, 3), leaf()
    texts = boxes(draw(x * s)).values()
    assert ["x", "(0, 3)"] in texts
    assert ["s", "scalar"] in texts


@pytest.mark.parametrize("retain", [False, True])
def test_a_backward_pass_changes_nothing(retain):
    layer = Layer()
    loss = (layer(tensor(np.ones((5, 3), np.float32))) ** 2).exp().mean()
    before = draw(loss, params=layer)
    loss.backward(retain_graph=retain)
    after = draw(loss, params=layer)
    assert (boxes(after), lines(after)) == (boxes(before), lines(before))


def test_drawing_changes_nothing():
    x = leaf(3)
    loss = (x * x).sum()
    draw(loss)
    loss.backward()
    assert np.array_equal(x.grad.numpy(), [2, 2, 2])


def test_a_recorded_backward_pass_can_be_drawn():
    x = leaf(3)
    (g,) = autograd.grad((x * x * x).sum(), x, create_graph=True)
    picture = draw(g.sum(), params={"x": x})
    assert [node.shape for node in picture.scene.nodes.values() if node.label == "x"] == [(3,)]


def test_a_result_changed_in_place_shows_both_ops():
    x = leaf(3)
    y = x * 2
    y += x
    ops = [text[0] for key, text in boxes(draw(y)).items() if key.startswith("op")]
    assert ops == ["* 2", "+"]


def test_nodes_that_no_op_has_made_are_drawn():
    x = leaf(2, 2)
    y = checkpoint(lambda t: t.exp().sin(), x, use_reentrant=False)
    y = y * 3
    y[1].mul_(2)
    said = [node.label for node in draw(y, values=True).scene.nodes.values() if node.role == "op"]
    assert said[:2] == ["checkpoint", "* 3"] and "changed in a view" in said


# -- large graphs ---------------------------------------------------------------------------------


def test_a_long_chain_is_drawn_without_recursion():
    length = 2 * sys.getrecursionlimit()
    assert len(lines(draw(chain(length), max_nodes=None))) == length + 1


def test_a_very_large_graph_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(graph, "MOST", 10)
    assert draw(chain(10))
    message = "at most 10 operations, so that it can be read; this one has more. Draw a part of it"
    with pytest.raises(ValueError, match=message):
        draw(chain(11))


def test_a_large_graph_is_folded_and_says_so():
    scene = draw(chain(30), max_nodes=10).scene
    assert len(scene.nodes) <= 10
    assert scene.notes[0].startswith("At most 10 nodes are shown: repeats are one")


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "params", "error", "message"),
    [
        (lambda: 3.0, None, TypeError, "drawn must be a Tensor .* got float"),
        (lambda: "loss", None, TypeError, "got str"),
        (lambda: [leaf(2), np.ones(2)], None, TypeError, "output 1 is ndarray"),
        (lambda: [], None, ValueError, "at least one"),
        (
            lambda: tensor([1.0, 2.0]),
            None,
            RuntimeError,
            r"output, of shape \(2,\), has no",
        ),
        (lambda: [leaf(2), tensor([1.0])], None, RuntimeError, "output 1"),
        (lambda: leaf(2), [1], TypeError, "params must be a module or a dict.* got list"),
        (lambda: leaf(2), {"w": np.ones(2)}, TypeError, "'w' is ndarray"),
    ],
)
def test_bad_input(output, params, error, message):
    with pytest.raises(error, match=message):
        draw(output(), params=params)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"depth": -1},
            ValueError,
            r"^draw: depth says how many .*, from 0; got -1\. depth=0 shows",
        ),
        ({"depth": 1.5}, ValueError, "from 0; got 1.5"),
        (
            {"max_nodes": 0},
            ValueError,
            r"^draw: max_nodes must be a .*, from 1; got 0\. Leave it out",
        ),
        ({"max_nodes": "a"}, ValueError, "got 'a'"),
        (
            {"before": 3},
            TypeError,
            r"^draw: before must be a picture; got int\. Pass what draw\(\)",
        ),
        ({"watched": 3}, TypeError, r"^draw: watched must be a watch; got int\. Write `with"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        draw(leaf(2) * 2, **options)


class Other:
    """A module of another library, whose parameters are no tensors of ours."""

    def named_parameters(self):
        yield "weight", np.ones(2)


class Anything:
    """A thing that has every attribute."""

    def __getattr__(self, name):
        return self


def test_strange_things_among_the_variables():
    other, anything, x = Other(), Anything(), leaf(2)
    assert boxes(draw(x * 2))["leaf0"] == ["x", "(2,)"]
    assert other and anything is anything.named_parameters


def test_a_dict_of_modules_names_their_parameters():
    layers = nn.ModuleDict({"first": nn.Linear(2, 2)})
    y = layers["first"](autograd.ones(1, 2))
    assert boxes(draw(y, params=layers))["leaf0"][0] == "first.weight"


def test_of_several_outputs_the_only_one_in_use_is_that_of_the_box():
    net, x = nn.BatchNorm1d(3), autograd.randn(4, 3)
    scene = autograd.draw(net, x).scene
    (norm,) = [node for node in scene.nodes.values() if node.role == "op"]
    assert (norm.label[:10], norm.shape) == ("batch_norm", (4, 3))
    assert {edge.label for edge in scene.edges} == {""}


def test_of_several_outputs_in_use_each_arrow_says_which():
    x = autograd.randn(4, 3, requires_grad=True)
    low, high = x.chunk(2)
    scene = autograd.draw(low * high).scene
    assert sorted(edge.label for edge in scene.edges if edge.label) == ["high", "low"]


def test_operands_have_numbers_where_their_order_matters():
    a, b = leaf(2), leaf(2)
    source = draw((b - a) * (a + b), params={"a": a, "b": b}).source
    numbers = re.findall(r"(leaf\d) -> (op\d) \[.*headlabel=(\d)", source)
    assert numbers == [("leaf0", "op0", "1"), ("leaf1", "op0", "2")]
    assert re.search(r"^\tleaf0 \[label=<<B>b</B>", source, re.M)
