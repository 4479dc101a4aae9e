"""A scene that can be seen: as DOT text, as pixels, as a page.

Pixels come from pygraphviz, whose wheels carry Graphviz, or from the ``dot`` program.
"""

from __future__ import annotations

import os
from typing import Any

from autograd.drawing.scene import Scene
from autograd.drawing.showing.dot import dot_of


class Picture:
    """What :func:`autograd.draw` returns: a notebook shows it, ``render`` writes it.

    :ivar scene: what it shows: nodes, edges and groups.
    :ivar whole: the same before it was folded, which a page shows and folds itself.
    :ivar depth: how many modules lie in each other on a page at first; None: as far as it is read.
    """

    def __init__(self, scene: Scene, whole: Scene | None = None, depth: int | None = None) -> None:
        self.scene, self.depth = scene, depth
        self.whole = scene if whole is None else whole
        self._attributes: list[tuple[str | None, dict[str, str]]] = []

    def __repr__(self) -> str:
        return "<graph: .render('graph.svg') writes it, .source is its DOT text>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.pipe("svg", encoding="utf-8")}

    def attr(self, of: str | None = None, **attributes: str) -> None:
        """Set Graphviz's attributes of the graph, or of every "node", or every "edge"."""
        self._attributes.append((of, attributes))

    @property
    def source(self) -> str:
        """The DOT text, which needs no Graphviz."""
        return dot_of(self.scene, self._attributes)

    def html(self, title: str = "graph") -> str:
        """One page that needs no network: zoom, search, folding, details of each node."""
        from autograd.drawing.showing.html import page_of  # it is large

        return page_of(self.whole, title=title, depth=self.depth)

    def pipe(self, format: str = "svg", *, encoding: str | None = None) -> Any:
        """The picture as bytes (as text where ``encoding`` is given).

        Raises ValueError for an unknown format, RuntimeError where Graphviz is missing.
        """
        written = self._written(format, "graph")
        return written if encoding is None else written.decode(encoding)

    def _written(self, format: str, title: str) -> bytes:
        if format == "html":
            return self.html(title).encode()
        if format in _TEXT:
            return self.source.encode()
        return _rendered(self.source, format)

    def render(self, filename: str | os.PathLike[str] = "graph", format: str | None = None) -> str:
        """Write the picture; returns the path.

        The format is ``format``, or what ``filename`` ends in, or SVG: a page (html), a drawing
        (svg, pdf), pixels (png), DOT text (dot, gv). The ending is added where it is missing, and
        directories are made.

        Raises what :meth:`pipe` raises.

        >>> import autograd, pathlib, tempfile
        >>> x = autograd.tensor(2.0, requires_grad=True)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(autograd.draw(x * x).render(f"{folder}/square.dot"))
        ...     path.name, path.read_text(encoding="utf-8")[:7]
        ('square.dot', 'digraph')
        """
        path = os.fspath(filename)
        stem, ending = os.path.splitext(path)
        ending = ending[1:].lower()
        if format is None:
            format = ending if _is_word(ending) else "svg"  # the 2 of v1.2 is none
        if ending != format:
            path = f"{path}.{format}"
        written = self._written(format, os.path.basename(stem))
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(written)
        return path

    def view(self, filename: str | os.PathLike[str] = "graph") -> str:
        """Write the picture and open it in the program for such files; returns the path."""
        import graphviz

        path = self.render(filename)
        graphviz.view(path)
        return path


_TEXT = ("dot", "gv")


def _is_word(ending: str) -> bool:
    """Whether the ending of a file's name can be meant as a format.

    >>> _is_word("jpg"), _is_word("2"), _is_word("")
    (True, False, False)
    """
    return ending[:1].isalpha()


def _rendered(source: str, format: str) -> bytes:
    """DOT text laid out and drawn by pygraphviz, or else by the ``dot`` program."""
    import graphviz

    if format not in graphviz.FORMATS:
        raise ValueError(
            f"draw: the format must be html, dot, or one that Graphviz writes; got {format!r}. "
            "Use svg, png, pdf or html."
        )
    if format == "png":  # Graphviz's 96 dots per inch are coarse; a dpi set by the user comes later
        source = source.replace("{", "{\n\tgraph [dpi=192]", 1)
    try:
        import pygraphviz
    except ImportError:
        try:
            return bytes(graphviz.pipe("dot", format, source.encode(), quiet=True))
        except graphviz.ExecutableNotFound:
            raise RuntimeError(
                "draw: rendering needs Graphviz; neither pygraphviz nor the dot program was "
                "found. Run: pip install 'gradloom[draw]'"
            ) from None
    try:
        return bytes(pygraphviz.AGraph(string=source).draw(format=format, prog="dot"))
    except TypeError:  # from within pygraphviz, which looks for the bytes in an error code
        raise ValueError(
            f"draw: the format must be one that pygraphviz was built for; {format!r} is not. "
            "Use svg, png or pdf."
        ) from None
