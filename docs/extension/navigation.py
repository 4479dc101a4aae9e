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
    app.connect("html-page-context", not_asked, priority=400)
    app.connect("html-page-context", given, priority=600)


def not_asked(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Before the theme, which asks Sphinx for the tree and parses it."""
    context["toctree"] = lambda **options: ""


def given(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """After the theme, whose markup this is."""
    context["furo_navigation_tree"] = navigation(app, page)


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
        below = app.env.toctree_includes.get(name, [])
        shown = below and (level < ALWAYS or name in around)
        link = escape(app.builder.get_relative_uri(page, name) or "#")
        title = escape(app.env.titles[name].astext())
        words = [f"toctree-l{level}"]
        words += ["current"] if name in around else []
        words += ["current-page"] if name == page else []
        words += ["has-children"] if shown else []
        parts.append(f'<li class="{" ".join(words)}">')
        parts.append(f'<a class="reference internal" href="{link}">{title}</a>')
        if shown:
            parts.append(folding(name, title, name in around))
            parts.append(branch(app, page, below, around, level + 1))
        parts.append("</li>")
    return "\n".join([*parts, "</ul>"])


def folding(name: str, title: str, is_open: bool) -> str:
    """The box that opens and closes a branch, without a script."""
    key = f"toctree-checkbox-{name.replace('/', '-')}"
    checked = " checked" if is_open else ""
    return (
        f'<input{checked} aria-label="Toggle navigation of {title}" class="toctree-checkbox"'
        f' id="{key}" name="{key}" role="switch" type="checkbox"><label for="{key}">'
        '<span class="icon"><svg><use href="#svg-arrow-right"></use></svg></span></label>'
    )
