"""Docstrings as Sphinx wants them: their shorthand marked up, their short references resolved.

Shapes such as (*, C), magnitudes such as |x| and names such as exp_ are written as they read;
stars, bars and lines that mark nothing up are escaped here, and code that is set apart by its
indentation alone becomes a block.

An editor shows docstrings as they stand, so these name a function of a neighbouring file by its
bare name. Here the name is looked for among all that the site describes; more than one fits only
where two namespaces hold the same thing, and then the shortest path is meant.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def setup(app: Any) -> None:
    app.connect("missing-reference", found)
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


def found(app: Any, env: Any, node: Any, content: Any) -> Any:
    from sphinx.util.nodes import make_refnode  # not where the tests look at escaped()

    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    if node["reftype"] == "mod":
        return content  # a file that has no page of its own: its name, as it was written
    objects = env.domains["py"].objects
    last = f".{target}"
    same = by_last_word(env).get(target.rpartition(".")[2], ())
    paths = [path for path in same if path.endswith(last)]
    if plain(content):  # float in a signature is Python's, not autograd.float
        paths = [path for path in paths if objects[path].objtype in ("class", "exception")]
    context = str(node.get("py:module") or "").split(".")[0]
    paths.sort(key=lambda path: (not path.startswith(f"{context}."), path.count("."), path))
    if paths:
        entry = objects[paths[0]]
        return make_refnode(
            app.builder, node["refdoc"], entry.docname, entry.node_id, content, paths[0]
        )
    if node["reftype"] == "class" and "py:class" not in node.get("classes", ()) and plain(content):
        return content  # a word of an annotation: a type of Python's or NumPy's
    return None


def by_last_word(env: Any) -> dict[str, list[str]]:
    """exp -> the paths that end in it; made when all pages have been read."""
    if not hasattr(env, "gradloom_by_last_word"):
        env.gradloom_by_last_word = {}
        for path in env.domains["py"].objects:
            env.gradloom_by_last_word.setdefault(path.rpartition(".")[2], []).append(path)
    return env.gradloom_by_last_word


def unlinked(app: Any, doctree: Any) -> None:
    """Links to folders become their words: who reads the files can open one, the site has none."""
    from sphinx.addnodes import pending_xref

    here = Path(app.srcdir, app.env.docname).parent
    for node in list(doctree.findall(pending_xref)):
        if node["reftype"] == "myst" and (here / node["reftarget"]).is_dir():
            node.replace_self(node.children)


def plain(content: Any) -> bool:
    """Whether a reference comes from a signature, not from a role that somebody wrote."""
    return content.tagname != "literal"
