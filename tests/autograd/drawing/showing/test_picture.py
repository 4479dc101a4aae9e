"""A picture: its text keeps every name, and what draws it."""

import os
import re
import sys

import numpy as np
import pytest

from autograd import draw, tensor
from tests.drawings import Halves, Layer, boxes, chain, leaf, svg_texts

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
    assert f"{name}1 (2,)" in texts
    assert f"{name}2 (2,)" in texts  # the only output in use: in its box


def test_control_characters_become_visible():
    x = leaf(2)
    assert "a\u2400b\u240ac\u2421" in svg_texts(draw(x * 2, params={"a\0b\nc\x7f": x}))


def test_an_empty_name_is_no_name():
    x = leaf(2)
    h = x * 2
    for named in (x, h):
        picture = draw(h * 2, params={"": named})
        assert boxes(picture)["leaf0"] == ["x", "(2,)"]
        assert boxes(picture)["op0"] == ["* 2", "h (2,)"]
        assert "(2,)" in svg_texts(picture)


# -- pixels ---------------------------------------------------------------------------------------


def picture_of_a_layer():
    layer = Layer()
    return draw(layer(tensor(np.ones((5, 3), np.float32))), params=layer)


def test_svg_shows_names_shapes_and_every_edge():
    x = leaf(3)
    picture = draw(x * x, params={"x": x})
    assert {"x", "*", "(3,)", "output"} <= set(svg_texts(picture))
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
        ValueError, match=f"that Graphviz writes; got {format!r}. Use svg, png, pdf or html"
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
