"""A scene as one HTML page that stands alone: no network, no server, no second file.

The page holds the whole scene as JSON, the layout library that places the boxes (``page/dagre``),
and what draws them (``page/*.js``, ``page/*.css``): folding, search and details need nothing else.
"""

from __future__ import annotations

import html
import json
import math
import re
from dataclasses import fields
from importlib.resources import files
from typing import Any

from autograd.drawing.scene import ROLES, Edge, Group, Node, Scene

# By class: its fields but for the key, and what is as by default and left out.
_FIELDS = {
    kind: [(one.name, one.default) for one in fields(kind) if one.name != "key"]
    for kind in (Node, Edge, Group)
}


def page_of(scene: Scene, *, title: str = "graph", depth: int | None = None) -> str:
    """The HTML text of a page that shows ``scene``; write it to a file and open it in a browser.

    Modules fold and unfold in the page. Nothing in labels, names or source lines is taken for
    markup, and the page's policy lets it load nothing.

    :param scene: what to show, whole: the page does its own folding.
    :param title: the heading, and the title of the window.
    :param depth: how many modules lie in each other at first; None: as many as can be read.
    :returns: text without a character outside ASCII but for what the page itself says.

    >>> from autograd.drawing.scene import Node, Scene
    >>> page = page_of(Scene({"a": Node("a", "op", "</script>")}), title="<b>")
    >>> page.startswith("<!DOCTYPE html>"), "&lt;b&gt;" in page, page.count("</script>")
    (True, True, 7)
    """
    words = html.escape(title).encode("ascii", "xmlcharrefreplace").decode()

    def part(match: re.Match[str]) -> str:
        name = match[1]
        if name == "title":
            return words
        return _as_json(scene, title, depth) if name == "scene" else _file(name)

    return re.sub(r"\{\{([\w./]+)\}\}", part, _file("page.html"))


def _file(name: str) -> str:
    text = files("autograd.drawing.showing").joinpath("page", *name.split("/")).read_text("utf-8")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)  # there is no map in a page to look for


def _as_json(scene: Scene, title: str, depth: int | None) -> str:
    """The scene with numbers for keys, without what is as by default.

    No character of it can end the script element that it stands in, nor a line of JavaScript.
    """
    nodes = {key: number for number, key in enumerate(scene.nodes)}
    groups = {key: number for number, key in enumerate(scene.groups)}
    known = {"start": nodes, "end": nodes, "group": groups, "parent": groups}

    def plain(item: Node | Edge | Group) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, usual in _FIELDS[type(item)]:
            value = getattr(item, name)
            if value == usual or not value and value != () and value != 0:
                continue
            if name in known:
                value = known[name][value]
            elif isinstance(value, float) and not math.isfinite(value):
                value = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
            found[name] = value
        return found

    everything = {
        "title": title,
        "backward": scene.backward,
        "depth": depth,
        "notes": scene.notes,
        "roles": ROLES,
        "nodes": [plain(node) for node in scene.nodes.values()],
        "edges": [plain(edge) for edge in scene.edges],
        "groups": [plain(group) for group in scene.groups.values()],
    }
    text = json.dumps(everything, separators=(",", ":"), allow_nan=False)
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
