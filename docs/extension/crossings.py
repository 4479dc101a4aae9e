"""Docstrings as Sphinx wants them, their shorthand marked up; links to folders left out.

Shapes such as (*, C), magnitudes such as |x| and names such as exp_ are written as they read;
stars, bars and lines that mark nothing up are escaped here, and code that is set apart by its
indentation alone becomes a block.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", marked_up)
    app.connect("doctree-read", unlinked)


AS_IT_STANDS = re.compile(
    r"""(?:^[ ]*>>>.*?(?=\n[ ]*\n|\Z)       # an example, with what it prints
    |^([ ]*)\.\.[ ]math::.*?(?=\n\1\S|\Z)  # a formula
    |::\n\n(?:[ ]{4,}.*?)(?=\n[ ]*\n\S|\Z)  # text set as code
    |``.+?``|:[\w:]+:`[^`]+`|`[^`]+`__?
    |^[ ]*\*(?=[ ])  # an item of a list
    |\*\*\w[^*]*\*\*|(?<!\w)\*[A-Za-z][^*]*?[\w.]\*(?!\w))  # emphasis
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


MARKS = re.compile(r"[*|]|(?<=\w)_(?!\w)")


def escaped(text: str) -> str:
    """``text`` with the marks escaped that stand for themselves."""
    parts, at = [], 0
    for one in AS_IT_STANDS.finditer(text):
        parts += [MARKS.sub(r"\\\g<0>", text[at : one.start()]), one[0]]
        at = one.end()
    return "".join([*parts, MARKS.sub(r"\\\g<0>", text[at:])])


def marked_up(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    lines[:] = escaped(set_apart("\n".join(lines))).split("\n")


def set_apart(text: str) -> str:
    """``text`` with the mark of a block of code before each that is only indented."""
    made: list[str] = []
    for line in text.split("\n"):
        before = [one for one in made[-2:] if one.strip()]
        begins = line.startswith("    ") and len(before) == 1 and made[-1] == ""
        if begins and not before[0].startswith((" ", ":", "..", "*", ">>>")):
            if not before[0].endswith("::"):
                made += ["::", ""]
        made.append(line)
    return "\n".join(made)


def unlinked(app: Any, doctree: Any) -> None:
    """Links to folders become their words: who reads the files can open one, the site has none."""
    from sphinx.addnodes import pending_xref

    here = Path(app.srcdir, app.env.docname).parent
    for node in list(doctree.findall(pending_xref)):
        if node["reftype"] == "myst" and (here / node["reftarget"]).is_dir():
            node.replace_self(node.children)
