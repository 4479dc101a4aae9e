"""The text of a page: all of it is there, nothing is taken for markup, nothing is loaded."""

import hashlib
import json
import re
from importlib.resources import files

import pytest

from autograd.drawing.scene import ROLES, Edge, Group, Node, Scene
from autograd.drawing.showing.html import page_of
from tests import scene_cases

PARTS = files("autograd.drawing.showing").joinpath("page")
HOSTILE = [
    "</script><script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "\"'`${document.title='taken'}&amp;&lt;",
    "<!--<script>",
    "a\x00b\x07c\nd\x7f\x85",
    "line\u2028and\u2029paragraph",
    "half \ud83d a pair \udc00",
    "\u202etxet denrut\u202c \u2066\u200f",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "{{scene}} {{title}} \\u003c",
    "x" * 3000,
]


def hostile() -> Scene:
    """A scene whose every text is out to do harm."""
    scene = Scene(notes=list(HOSTILE))
    for i, text in enumerate(HOSTILE):
        scene.groups[f"g{i}"] = Group(f"g{i}", text, text, details={text: text})
        scene.nodes[f"n{i}"] = Node(
            f"n{i}", "op", text, (2,), text, lines=[text], group=f"g{i}", details={text: text}
        )
        if i:
            scene.edges.append(Edge(f"n{i - 1}", f"n{i}", label=text, derivative=text))
    return scene


def data_of(page):
    return json.loads(re.search(r'id="scene">(.*?)</script>', page)[1])


def test_a_page_holds_the_whole_scene():
    scene = scene_cases.residual(2)
    scene.notes.append("A note.")
    data = data_of(page_of(scene, title="net"))
    assert data["title"] == "net" and data["notes"] == ["A note."] and data["roles"] == ROLES
    assert [node["label"] for node in data["nodes"]] == [n.label for n in scene.nodes.values()]
    keys, groups = list(scene.nodes), list(scene.groups)
    edges = [(keys[e["start"]], keys[e["end"]], e.get("place", 0)) for e in data["edges"]]
    assert edges == [(e.start, e.end, e.place) for e in scene.edges]
    held = [groups[n["group"]] if "group" in n else "" for n in data["nodes"]]
    assert held == [n.group for n in scene.nodes.values()]
    parents = [groups[g["parent"]] if "parent" in g else "" for g in data["groups"]]
    assert parents == [g.parent for g in scene.groups.values()]


def test_what_is_as_by_default_is_left_out():
    data = data_of(page_of(Scene({"a": Node("a", "op", "exp", ())})))
    assert data["nodes"] == [{"role": "op", "label": "exp", "shape": []}]


def test_gradients_that_are_no_numbers_come_as_text():
    values = [float("nan"), float("inf"), -float("inf"), 0.0, None]
    nodes = {str(i): Node(str(i), "op", "exp", gradient=value) for i, value in enumerate(values)}
    read = [node.get("gradient") for node in data_of(page_of(Scene(nodes)))["nodes"]]
    assert read == ["NaN", "Infinity", "-Infinity", 0.0, None]


def test_no_text_ends_its_element():
    page = page_of(hostile(), title=HOSTILE[0])
    usual = page_of(Scene(), title="graph")
    for sign in ("<script", "</script", "<img", "<!--"):
        assert page.count(sign) == usual.count(sign), sign
    scene = re.search(r'id="scene">(.*?)</script>', page)[1]
    assert scene.isascii() and not set("<>&\n\u2028") & set(scene)
    page.encode("utf-8")  # half a pair would not go into a file
    read = data_of(page)
    assert [node["label"] for node in read["nodes"]] == HOSTILE and read["notes"] == HOSTILE


def test_a_title_is_text():
    page = page_of(Scene(), title="</title><b>\ud800\u00e9")
    assert "<title>&lt;/title&gt;&lt;b&gt;&#55296;&#233;</title>" in page


def test_a_page_loads_nothing():
    page = page_of(scene_cases.scalars())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'unsafe-inline' blob:;")
    assert set(re.findall(r"https?://[^\s\"')]*", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|sourceMappingURL|\bfetch\(", page)


def test_no_part_of_a_page_can_end_the_element_it_stands_in():
    for name in ("scene.js", "layout.js", "boxes.js", "view.js", "panel.js", "page.js"):
        assert not re.search("</?script|<!--", PARTS.joinpath(name).read_text("utf-8")), name
        assert f"{{{{{name}}}}}" in PARTS.joinpath("page.html").read_text("utf-8")
    assert "</style" not in "".join(
        PARTS.joinpath(name).read_text("utf-8") for name in ("page.css", "drawing.css")
    )
    library = PARTS.joinpath("dagre", "dagre.min.js").read_text("utf-8")
    assert not re.search("</?script|<!--", library)


def test_the_library_is_the_published_file_and_brings_its_licence():
    about = PARTS.joinpath("dagre", "ABOUT.txt").read_text("utf-8")
    library = PARTS.joinpath("dagre", "dagre.min.js").read_bytes()
    assert re.search(r"sha256 +(\w+)", about)[1] == hashlib.sha256(library).hexdigest()
    licence = PARTS.joinpath("dagre", "LICENSE").read_text("utf-8")
    assert "Permission is hereby granted, free of charge" in licence
    assert licence in page_of(Scene())


@pytest.mark.parametrize(
    ("scene", "most"),
    [(scene_cases.scalars(), 160_000), (scene_cases.recurrent(52), 500_000)],
    ids=["scalars", "1,000 nodes"],
)
def test_a_page_is_small(scene, most):
    assert len(page_of(scene)) < most


def test_files_are_short():
    for part in PARTS.iterdir():
        if part.is_file():
            assert len(part.read_text("utf-8").splitlines()) < 500, part.name
