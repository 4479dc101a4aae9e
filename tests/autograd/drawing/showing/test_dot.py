"""How a scene is written in DOT: boxes in boxes, a legend, notes, tooltips, copies of leaves."""

import re

import pytest

from autograd.drawing.scene import Edge, Group, Node, Scene
from autograd.drawing.showing.picture import Picture


def small(**of_edge):
    nodes = [
        Node("w", "parameter", "0.weight", (3, 2), group="b"),
        Node("f", "op", "linear", (4, 3), group="b", details={"op": "Linear", "line": "net.py:7"}),
        Node("x", "data", "x", (4, 2)),
        Node("y", "output", "y", (4, 3)),
    ]
    groups = {"a": Group("a", "Net", "Net"), "b": Group("b", "0", "Linear", "a", count=3)}
    edges = [Edge("x", "f", 0, data=True), Edge("w", "f", 1, **of_edge), Edge("f", "y")]
    return Scene({node.key: node for node in nodes}, edges, groups, notes=["A note."])


def test_modules_are_boxes_in_boxes():
    source = Picture(small()).source
    outer, inner = source.index("subgraph cluster_a"), source.index("subgraph cluster_b")
    assert outer < inner < source.index("f [label")
    assert "<B>0</B> Linear <B>× 3</B>" in source
    assert "<B>Net</B>>" in source  # its class is its name


def test_the_legend_has_the_roles_that_occur():
    source = Picture(small()).source
    for said in ("operation", "parameter", "data, no gradient", "output"):
        assert f">{said}<" in source
    for unsaid in ("constant", "folded module", "tensor that requires grad"):
        assert unsaid not in source
    assert "A note." in source


def test_a_tooltip_begins_with_the_line():
    assert r'tooltip="net.py:7\nop: Linear\nshape: (4, 3)"' in Picture(small()).source


def test_data_edges_are_dashed_and_counted_ones_say_it():
    source = Picture(small(count=12)).source
    assert re.search(r"x -> f \[.*style=dashed", source)
    assert re.search(r"w -> f \[label=< × 12>", source)


def test_an_arrow_to_the_next_repeat_does_not_order_the_ranks():
    source = Picture(small(again=True)).source
    assert re.search(r"w -> f \[label=< next> constraint=false style=bold", source)


@pytest.mark.parametrize(("uses", "copies"), [(8, 1), (9, 9), (50, 50)])
def test_a_leaf_of_many_uses_is_drawn_beside_each(uses, copies):
    scene = Scene({"w": Node("w", "parameter", "weight")})
    for i in range(uses):
        scene.nodes[f"f{i}"] = Node(f"f{i}", "op", "@")
        scene.edges.append(Edge("w", f"f{i}"))
    source = Picture(scene).source
    assert source.count("<B>weight</B>") == copies
    assert source.count(f"{uses} uses") == (copies if copies > 1 else 0)


def test_what_enters_a_module_leaves_room_for_its_parameters():
    assert re.search(r"f -> g \[.*minlen=2", Picture(_two()).source)


def _two():
    scene = small()
    scene.groups["c"] = Group("c", "1", "Linear", "a")
    scene.nodes["v"] = Node("v", "parameter", "1.weight", group="c")
    scene.nodes["g"] = Node("g", "op", "linear", group="c")
    scene.edges += [Edge("f", "g"), Edge("v", "g", 1)]
    return scene


@pytest.mark.parametrize("ending", ["dot", "gv"])
def test_dot_text_is_written_without_graphviz(tmp_path, ending):
    path = Picture(small()).render(tmp_path / f"graph.{ending}")
    with open(path, encoding="utf-8") as file:
        assert file.read() == Picture(small()).source


def test_a_page_is_written_by_its_suffix(tmp_path):
    path = Picture(small()).render(tmp_path / "net.html")
    with open(path, encoding="utf-8") as file:
        assert "<html" in file.read()[:300]


def test_an_unknown_suffix_is_named(tmp_path):
    with pytest.raises(ValueError) as error:
        Picture(small()).render(tmp_path / "graph.jpgg")
    assert str(error.value) == (
        "draw: the format must be html, dot, or one that Graphviz writes; got 'jpgg'. Use svg, "
        "png, pdf or html."
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["a<b>&c", 'say "hi"', "x|y{z}", r"\N\n\\", "]]>", "--", "αβ→∂é"])
def test_hostile_texts_arrive_as_they_are(text):
    scene = small(label=text)
    scene.groups["b"].label = scene.nodes["f"].label = text
    scene.nodes["f"].lines = [text]
    scene.nodes["f"].details = {"line": text, "op": text}
    scene.notes = [text]
    from xml.etree import ElementTree

    root = ElementTree.fromstring(Picture(scene).pipe("svg"))
    texts = [
        "".join(one.itertext()).strip() for one in root.iter("{http://www.w3.org/2000/svg}text")
    ]
    assert texts.count(text) >= 4  # a node, its line, an edge, a note
    titles = [one.get("{http://www.w3.org/1999/xlink}title", "") for one in root.iter()]
    titles = [title.replace("\u200b", "") for title in titles]
    assert any(one.startswith(f"{text}\nop: {text}\n") for one in titles)
