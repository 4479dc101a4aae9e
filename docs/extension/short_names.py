"""References that docstrings write short, resolved.

An editor shows docstrings as they stand, so these name a function of a neighbouring file by its
bare name. Here the name is looked for among all that the site describes; more than one fits only
where two namespaces hold the same thing, and then the shortest path is meant.
"""

from __future__ import annotations

import builtins
from typing import Any

from sphinx.domains.python import PythonDomain
from sphinx.util.nodes import make_refnode


def setup(app: Any) -> None:
    app.add_domain(Domain, override=True)
    app.connect("missing-reference", found)


class Domain(PythonDomain):
    """Python's names, looked up as they are written; what is written short is left to found().

    Sphinx would look through all names for each type in a signature: a third of the pages' time.
    """

    def find_obj(
        self, env: Any, modname: Any, classname: Any, name: str, type: Any, searchmode: int = 0
    ) -> Any:
        if type == "class" and hasattr(builtins, name):
            return []  # int in a signature is Python's, not autograd.int
        return super().find_obj(env, modname, classname, name, type, 0)


def found(app: Any, env: Any, node: Any, content: Any) -> Any:
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
    if not hasattr(env, "paths_by_last_word"):
        env.paths_by_last_word = {}
        for path in env.domains["py"].objects:
            env.paths_by_last_word.setdefault(path.rpartition(".")[2], []).append(path)
    return env.paths_by_last_word


def plain(content: Any) -> bool:
    """Whether a reference comes from a signature, not from a role that somebody wrote."""
    return content.tagname != "literal"
