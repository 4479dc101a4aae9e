"""Every link of the finished site leads somewhere: to a page, an anchor on it, a file."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sphinx.util import logging

log = logging.getLogger(__name__)
OUTSIDE = re.compile(r"https://[\w.-]+\.[a-z]{2,}(/[^\s<>\"]*)?")


class Page:
    """What a page links to, and what on it can be linked to. Sphinx quotes all attributes alike."""

    def __init__(self, text: str) -> None:
        self.links = [html.unescape(link) for link in re.findall(r'\s(?:href|src)="([^"]+)"', text)]
        self.anchors = set(re.findall(r'\sid="([^"]+)"', text))


def setup(app: Any) -> None:
    app.connect("build-finished", check)


def check(app: Any, exception: Any) -> None:
    if exception is not None or app.builder.format != "html":
        return
    top = Path(app.outdir).resolve()
    start(app, top)
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in top.rglob("*.html")}
    for path, page in pages.items():
        for link in dict.fromkeys(page.links):
            if fault := wrong(link, path, pages):
                log.warning("%s: link %s %s", path.relative_to(top), link, fault)


def start(app: Any, top: Path) -> None:
    """The site begins where a browser that is given its folder looks."""
    to = f"{app.config.root_doc}.html"
    (top / "index.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>{app.config.html_title}</title>'
        f'<meta http-equiv="refresh" content="0; url={to}"><a href="{to}">Begin here</a>\n',
        encoding="utf-8",
    )


def wrong(link: str, path: Path, pages: dict[Path, Page]) -> str:
    """What is wrong with a link; nothing, if it leads somewhere."""
    parts = urlsplit(link)
    if parts.scheme in ("data", "mailto"):
        return ""
    if parts.scheme or parts.netloc:
        return "" if OUTSIDE.fullmatch(link) else "is not of the form https://host/path"
    to = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
    if to not in pages and not to.is_file():  # a table is faster than a disk
        return "leads to no file"
    if parts.fragment and to in pages and unquote(parts.fragment) not in pages[to].anchors:
        return "leads to no anchor on its page"
    return ""
