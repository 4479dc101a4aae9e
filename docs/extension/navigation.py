"""The pages beside each page: all to the second level, deeper ones where the reader is.

Sphinx resolves the tree of all pages anew for each, with every name on them; that took longer than
all the rest. Here it is written from the titles and from who includes whom.
"""

from __future__ import annotations

from html import escape
from typing import Any

from sphinx import addnodes

ALWAYS = 2  # levels that are there on each page


def setup(app: Any) -> None:
    app.connect("html-page-context", given, priority=400)  # before the theme, which asks for it


def given(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    context["toctree"] = lambda **options: navigation(app, page)


def navigation(app: Any, page: str) -> str:
    """The tree of pages as ``page`` shows it, in HTML."""
    env = app.env
    around = {page, *above(env.toctree_includes, page)}
    parts = []
    for tree in env.master_doctree.findall(addnodes.toctree):
        if caption := tree.get("caption"):
            text = f'<span class="caption-text">{escape(caption)}</span>'
            parts.append(f'<p class="caption" role="heading">{text}</p>')
        parts.append(branch(app, page, [name for _, name in tree["entries"]], around, 1))
    return "\n".join(parts)


def above(includes: dict[str, list[str]], page: str) -> list[str]:
    """The pages that lead to ``page``, nearest first."""
    found: list[str] = []
    while True:
        last = found[-1] if found else page
        upper = next((name for name, below in includes.items() if last in below), None)
        if upper is None or upper in found:
            return found
        found.append(upper)


def branch(app: Any, page: str, names: list[str], around: set[str], level: int) -> str:
    parts = ["<ul>"]
    for name in names:
        current = " current" if name in around else ""
        link = escape(app.builder.get_relative_uri(page, name) or "#")
        title = escape(app.env.titles[name].astext())
        parts.append(f'<li class="toctree-l{level}{current}">')
        parts.append(f'<a class="reference internal{current}" href="{link}">{title}</a>')
        below = app.env.toctree_includes.get(name, [])
        if below and (level < ALWAYS or current):
            parts.append(branch(app, page, below, around, level + 1))
        parts.append("</li>")
    return "\n".join([*parts, "</ul>"])
