"""A scene that can be seen: as DOT text, and as pixels.

Pixels come from pygraphviz, whose wheels carry Graphviz, or from the ``dot`` program.
"""

from __future__ import annotations

import os
from typing import Any

from autograd.drawing.dot import dot_of
from autograd.drawing.scene import Scene


class Picture:
    """What :func:`autograd.draw` returns: a notebook shows it, ``render`` writes it.

    :ivar scene: what it shows: nodes, edges and groups.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
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

    def pipe(self, format: str = "svg", *, encoding: str | None = None) -> Any:
        """The picture as bytes (as text where ``encoding`` is given).

        Raises ValueError for an unknown format, RuntimeError where Graphviz is missing.
        """
        pixels = _rendered(self.source, format)
        return pixels if encoding is None else pixels.decode(encoding)

    def render(self, filename: str | os.PathLike[str] = "graph", format: str | None = None) -> str:
        """Write the picture; returns the path.

        The format is ``format``, or what ``filename`` ends in, or SVG. The ending is added where
        it is missing, and directories are made.

        Raises what :meth:`pipe` raises.
        """
        import graphviz

        path = os.fspath(filename)
        ending = os.path.splitext(path)[1][1:].lower()
        if format is None:
            format = ending if ending in graphviz.FORMATS else "svg"
        if ending != format:
            path = f"{path}.{format}"
        pixels = self.pipe(format)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(pixels)
        return path

    def view(self, filename: str | os.PathLike[str] = "graph") -> str:
        """Write the picture and open it in the program for such files; returns the path."""
        import graphviz

        path = self.render(filename)
        graphviz.view(path)
        return path


def _rendered(source: str, format: str) -> bytes:
    """DOT text laid out and drawn by pygraphviz, or else by the ``dot`` program."""
    import graphviz

    if format not in graphviz.FORMATS:
        raise ValueError(
            f"draw: the format must be one that Graphviz writes; got {format!r}. "
            "Use svg, png or pdf."
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
