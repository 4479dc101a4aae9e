"""Pictures of graphs: what the DOT text says, that every name survives, and what draws it."""

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import autograd
from autograd import Function, tensor
from autograd.drawing.dot import draw


def leaf(*shape):
    return tensor(np.ones(shape, np.float32), requires_grad=True)


def boxes(picture):
    """The nodes of the DOT text: {id: [name, shape]}, without what is missing."""
    found = re.findall(r"^\t(\w+) \[label=<(.*?)> (?=\w+=)", picture.source, re.M)
    texts = {key: re.sub(r"<(?!BR)[^>]*>", "", label).split("<BR/>") for key, label in found}
    assert len(texts) == len(found), "an id stands for two nodes"
    return texts


def lines(picture):
    """The edges of the DOT text: [(from, to)]."""
    return re.findall(r"^\t(\w+) -> (\w+)", picture.source, re.M)


def svg_texts(picture):
    """Every text in the picture, as a viewer shows it."""
    root = ElementTree.fromstring(picture.pipe("svg"))
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


class Layer:
    """Enough of a module."""

    def __init__(self):
        self.weight, self.bias = leaf(3, 2), leaf(2)

    def named_parameters(self):
        yield "0.weight", self.weight
        yield "0.bias", self.bias

    def __call__(self, x):
        return x @ self.weight + self.bias


class Halves(Function):
    def forward(self, x):
        return tuple(np.split(x, 2))

    def backward(self, g):
        return np.concatenate(g)


# -- what the text says ---------------------------------------------------------------------------


def test_a_value_used_twice_has_two_edges():
    x = leaf(3)
    picture = draw(x * x)
    assert boxes(picture) == {
        "leaf0": ["(3,)"],
        "op0": ["Multiply", "(3,)"],
        "output0": ["output", "(3,)"],
    }
    assert lines(picture) == [("leaf0", "op0"), ("leaf0", "op0"), ("op0", "output0")]


def test_broadcast_operands_keep_their_shapes():
    a, x = leaf(8), leaf(4, 8)
    made = draw((x * a.exp().sin() - a.mean()).sum(), params={"a": a, "x": x})
    shapes = {name: shape for name, shape in boxes(made).values()}
    assert shapes["a"] == shapes["Exp"] == shapes["Sin"] == "(8,)"
    assert shapes["Mean"] == shapes["Sum"] == "scalar"
    assert shapes["Multiply"] == shapes["Subtract"] == "(4, 8)"


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
    assert ["data", "(4, 5, 3)"] in texts
    assert ["Multiply", "(4, 5, 2)"] in texts  # its own node notes no shape
    assert ["output", "scalar"] in texts


def test_shapes_go_through_ops_that_note_none():
    texts = boxes(draw((leaf(3) * 2).exp() * leaf(3) - 1)).values()
    assert len(texts) == 7
    assert all(text[-1] == "(3,)" for text in texts)


def test_parameters_other_leaves_and_outputs_look_different():
    w, x = leaf(3), leaf(3)
    source = draw(w * x, params={"w": w}).source
    looks = [
        re.sub(r"label=<.*> ", "", re.search(rf"^\t{key} \[(.*)\]", source, re.M)[1])
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
    assert texts["op0"] == ["hidden = Multiply", "(2,)"]
    assert texts["op1"] == ["Sum", "scalar"]  # its name stands in the output
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
    assert [texts[f"output{i}"][0] for i in range(3)] == ["output 0", "output 1", "output 2"]
    assert sorted(key for key in texts if key.startswith("op")) == ["op0", "op1"]
    assert ("leaf0", "output2") in lines(picture)


def test_an_op_with_several_results_says_which_one_is_used():
    x = leaf(4)
    first, last = Halves.apply(x)
    picture = draw(last - first, params={"first": first})
    assert boxes(picture)["op0"] == ["Halves"]
    assert lines(picture).count(("op0", "op1")) == 2
    assert re.findall(r"op0 -> op1 \[label=< (\w+)>", picture.source) == ["1", "first"]


def test_a_leaf_that_is_gone_keeps_its_shape():
    y = leaf(4).reshape(2, 2)
    assert boxes(draw(y))["leaf0"] == ["(4,)"]


def test_empty_and_0_d_shapes_are_written():
    x, s = leaf(0, 3), leaf()
    texts = boxes(draw(x * s)).values()
    assert ["(0, 3)"] in texts
    assert ["scalar"] in texts


@pytest.mark.parametrize("retain", [False, True])
def test_a_backward_pass_changes_nothing(retain):
    layer = Layer()
    loss = (layer(tensor(np.ones((5, 3), np.float32))) ** 2).exp().mean()
    before = draw(loss, params=layer).source
    loss.backward(retain_graph=retain)
    assert draw(loss, params=layer).source == before


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
    assert [text for text in boxes(picture).values() if text[0] == "x"] == [["x", "(3,)"]]


def test_a_result_changed_in_place_shows_both_ops():
    x = leaf(3)
    y = x * 2
    y += x
    ops = [text[0] for key, text in boxes(draw(y)).items() if key.startswith("op")]
    assert ops == ["Multiply", "Add"]


# -- large graphs ---------------------------------------------------------------------------------


def chain(length):
    x = leaf(2)
    for _ in range(length):
        x = x * 1.0
    return x


def test_a_long_chain_is_drawn_without_recursion():
    length = 10 * sys.getrecursionlimit()
    assert len(lines(draw(chain(length), max_nodes=None))) == length + 1


def test_a_large_graph_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"max_nodes=1000 .* has 100001\. .*=100001\."):
        draw(chain(100_000))


def test_max_nodes_counts_ops_and_leaves():
    y = chain(4)
    assert draw(y, max_nodes=5)
    with pytest.raises(ValueError, match="has 5"):
        draw(y, max_nodes=4)


# -- names that Graphviz or XML would read as something else --------------------------------------

NAMES = [
    "a<b>&c",
    'say "hi"',
    "x|y{z}",
    r"\N \G \n \\",
    "trailing\\",
    "<b>",
    "αβ → ∂é",
    "#",
    ";",
    "->",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_arrives_as_it_is(name):
    x = leaf(2)
    first, _ = Halves.apply(leaf(4))
    h = first * x
    picture = draw(h * 2, params={name: x, f"{name}1": h, f"{name}2": first})
    texts = [text.strip() for text in svg_texts(picture)]
    assert name in texts
    assert f"{name}1 = Multiply" in texts
    assert f"{name}2" in texts


def test_control_characters_become_visible():
    x = leaf(2)
    assert "a\u2400b\u240ac\u2421" in svg_texts(draw(x * 2, params={"a\0b\nc\x7f": x}))


def test_an_empty_name_is_no_name():
    x = leaf(2)
    h = x * 2
    for named in (x, h):
        picture = draw(h * 2, params={"": named})
        assert boxes(picture)["leaf0"] == ["(2,)"]
        assert boxes(picture)["op0"] == ["Multiply", "(2,)"]
        assert "(2,)" in svg_texts(picture)


# -- pixels ---------------------------------------------------------------------------------------


def picture_of_a_layer():
    layer = Layer()
    return draw(layer(tensor(np.ones((5, 3), np.float32))), params=layer)


def test_svg_shows_names_shapes_and_every_edge():
    x = leaf(3)
    picture = draw(x * x, params={"x": x})
    assert {"x", "Multiply", "(3,)", "output"} <= set(svg_texts(picture))
    assert picture.pipe("svg").count(b'class="edge"') == 3


def test_a_notebook_gets_svg():
    bundle = picture_of_a_layer()._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    assert "0.weight" in bundle["image/svg+xml"]


@pytest.mark.parametrize(
    ("filename", "format", "path", "begins"),
    [
        ("graph.svg", None, "graph.svg", b"<?xml"),
        ("graph", None, "graph.svg", b"<?xml"),
        ("graph", "png", "graph.png", b"\x89PNG"),
        ("graph.PNG", None, "graph.PNG", b"\x89PNG"),
        ("graph.pdf", "pdf", "graph.pdf", b"%PDF"),
        ("graph.svg", "png", "graph.svg.png", b"\x89PNG"),
        ("new/v1.2", None, "new/v1.2.svg", b"<?xml"),
    ],
)
def test_render_writes_one_file(tmp_path, filename, format, path, begins):
    target = tmp_path / path
    assert picture_of_a_layer().render(tmp_path / filename, format) == os.fspath(target)
    assert target.read_bytes().startswith(begins)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [target]


def test_png_is_sharp_unless_told_otherwise():
    def width(picture):
        return int.from_bytes(picture.pipe("png")[16:20], "big")

    picture = picture_of_a_layer()
    sharp = width(picture)
    picture.attr(dpi="96")
    assert sharp == pytest.approx(2 * width(picture), rel=0.02)


@pytest.mark.parametrize("format", ["nonsense", "SVG ", "pov "])
def test_an_unknown_format_is_named(tmp_path, format):
    with pytest.raises(
        ValueError, match=f"that Graphviz writes; got {format!r}. Use svg, png or pdf"
    ):
        picture_of_a_layer().render(tmp_path / "graph", format)
    assert not list(tmp_path.iterdir())


def test_a_format_that_pygraphviz_was_not_built_for_is_named():
    pytest.importorskip("pygraphviz")
    with pytest.raises(ValueError, match="pygraphviz was built for; 'psd' is not"):
        picture_of_a_layer().pipe("psd")


def test_a_picture_can_be_turned():
    def size(picture):
        svg = picture.pipe("svg", encoding="utf-8")
        return [int(n) for n in re.search(r'width="(\d+)pt" height="(\d+)pt"', svg).groups()]

    picture = draw(chain(9))
    width, height = size(picture)
    assert width < height
    picture.attr(rankdir="LR")
    width, height = size(picture)
    assert width > height


def without_graphviz(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))


def test_without_graphviz_the_text_works_and_rendering_says_what_to_install(monkeypatch, tmp_path):
    without_graphviz(monkeypatch, tmp_path)
    picture = picture_of_a_layer()
    assert ["0.weight", "(3, 2)"] in boxes(picture).values()
    for attempt in ("pipe", "_repr_mimebundle_", "render"):
        with pytest.raises(RuntimeError) as error:
            getattr(picture, attempt)(*[tmp_path / "graph"] * (attempt == "render"))
        assert str(error.value) == (
            "draw: rendering needs Graphviz; neither pygraphviz nor the dot program was found. "
            "Run: pip install 'gradloom[draw]'"
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for dot is a shell script")
def test_without_pygraphviz_the_dot_program_draws(monkeypatch, tmp_path):
    without_graphviz(monkeypatch, tmp_path)
    program = tmp_path / "dot"
    program.write_text('#!/bin/sh\necho "$@"\nwhile read -r line; do echo "$line"; done\n')
    program.chmod(0o755)
    answer = picture_of_a_layer().pipe("svg", encoding="utf-8")
    assert "-Tsvg" in answer.splitlines()[0]
    assert "0.weight" in answer


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "params", "error", "message"),
    [
        (lambda: 3.0, None, TypeError, "output must be a Tensor .* got float"),
        (lambda: "loss", None, TypeError, "got str"),
        (lambda: [leaf(2), np.ones(2)], None, TypeError, "output 1 is ndarray"),
        (lambda: [], None, ValueError, "at least one"),
        (lambda: tensor([1.0, 2.0]), None, RuntimeError, r"must require grad; output 0.*\(2,\)"),
        (lambda: [leaf(2), tensor([1.0])], None, RuntimeError, "output 1"),
        (lambda: leaf(2), [1], TypeError, "params must be a module or a dict.* got list"),
        (lambda: leaf(2), {"w": np.ones(2)}, TypeError, "'w' is ndarray"),
    ],
)
def test_bad_input(output, params, error, message):
    with pytest.raises(error, match=message):
        draw(output(), params=params)


def test_importing_autograd_does_not_load_graphviz():
    code = "import sys, autograd; sys.exit('graphviz' in sys.modules)"
    root = os.path.dirname(os.path.dirname(autograd.__file__))
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
