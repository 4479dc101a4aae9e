"""The graph as a picture: ops, the leaves they start from, the outputs they end in.

The DOT text is written by the ``graphviz`` package alone; pixels come from pygraphviz, whose wheels
carry Graphviz, or from the ``dot`` program.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from autograd.drawing.graph import names_of, ops_of, outputs_of, shapes_of
from autograd.engine.graph import Edge, Leaf, node_of

if TYPE_CHECKING:
    import graphviz

    from autograd.tensors.tensor import Tensor

__all__ = ["draw"]

# Lines in a middle grey on a transparent ground, and boxes with fills of their own: the picture
# can be read on a white page and on a black one.
_FONT = {"fontname": "Helvetica,Arial,sans-serif"}

_GRAPH = {
    "rankdir": "TB", "bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.36",
    "ordering": "in",  # x - y is not y - x
}  # fmt: skip

_LINES = _FONT | {
    "color": "#8593A3", "fontcolor": "#8593A3", "fontsize": "9", "arrowsize": "0.65",
}  # fmt: skip

_OP = _FONT | {
    "shape": "box", "style": "rounded,filled", "color": "#93A1B3", "fillcolor": "#F1F4F8",
    "fontsize": "12", "fontcolor": "#1D2733", "margin": "0.16,0.07", "height": "0.3",
}  # fmt: skip

_PARAMETER = {"style": "filled", "color": "#D39B37", "fillcolor": "#FCEFD3"}

_ROUND = {"shape": "ellipse", "margin": "0.05,0.02"}

_INPUT = _ROUND | {"color": "#4F9D78", "fillcolor": "#DDF0E6"}

_DATA = _ROUND | {"style": "dashed,filled", "color": "#8593A3", "fillcolor": "#FFFFFF"}

_OUTPUT = {"color": "#33475F", "fillcolor": "#33475F", "fontcolor": "#FFFFFF"}

# Graphviz reads names in labels as XML that may hold backslash escapes; XML has no place for
# control characters, so those are shown as their pictures (U+2400 and on).
_ESCAPES = {code: chr(0x2400 + code) for code in range(32)} | {
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("\\"): r"\\",
    0x7F: "\u2421",
}  # fmt: skip


def draw(
    output: Tensor | Sequence[Tensor], *, params: Any = None, max_nodes: int | None = 1000
) -> graphviz.Digraph:
    """The graph that made ``output``, as a picture: a notebook shows it, ``render`` writes it.

    Rounded boxes are ops, with the shape of their result. Square boxes are the tensors in
    ``params`` that require grad, ellipses the other leaves, dashed ellipses arrays that need no
    gradient (where the op noted their shape), dark boxes the outputs. It makes no difference
    whether a backward pass has freed the graph. ``picture.attr(rankdir="LR")`` turns it to run
    from left to right.

    :param output: a Tensor that requires grad, or a sequence of them.
    :param params: names for tensors: a module, or a dict of tensors by name. A tensor that is
        found in neither may have a name of its own (``x.name = "x"``).
    :param max_nodes: the most ops and leaves that are drawn; None for any number.
    :returns: a ``graphviz.Digraph``. ``.source`` is the DOT text, which needs no Graphviz;
        ``.render("graph.svg")`` (or .png, .pdf) writes a file, ``.pipe("svg")`` returns its bytes.
    :raises TypeError: ``output`` is no tensor, or ``params`` has no names.
    :raises RuntimeError: an output does not require grad; or, when rendering, there is no Graphviz.
    :raises ValueError: there are more than ``max_nodes`` ops and leaves.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> picture = autograd.draw((x * x).sum(), params={"x": x})
    >>> picture.source.count("leaf0 -> op0")
    2
    """
    outputs = outputs_of(output)
    ops = ops_of(outputs, max_nodes)
    picture = _picture_class()(format="svg", graph_attr=_GRAPH, node_attr=_OP, edge_attr=_LINES)
    _Sketch(picture, names_of(params), shapes_of(outputs, ops)).fill(ops, outputs)
    return picture


class _Sketch:
    """Puts ops, leaves and outputs into a picture, in the order of their making."""

    def __init__(self, picture: Any, names: dict[Any, str], shapes: dict[Edge, Any]) -> None:
        self.picture = picture
        self.names = names
        self.shapes = shapes
        self.ids: dict[Any, str] = {}  # by node or leaf
        self.counts = {"op": 0, "leaf": 0, "data": 0, "output": 0}

    def fill(self, ops: list[Any], outputs: list[Any]) -> None:
        """Draw everything."""
        ends = {tensor._edge for tensor in outputs}
        for op in ops:
            own, kind = self.names.get(op), type(op).__name__
            name: str | None = f"{own} = {kind}" if own and op not in ends else kind
            self.ids[op] = self.box("op", name, self.shapes.get(op))
            taken = getattr(op, "shapes", None) or [None] * len(op.edges)
            for edge, shape in zip(op.edges, taken, strict=True):
                if edge is not None:
                    self.line(edge, self.ids[op])
                elif shape:  # numbers are not shown
                    data = self.box("data", "data", shape, _DATA)
                    self.picture.edge(data, self.ids[op], tooltip=_written(shape), weight="2")
        for i, tensor in enumerate(outputs):
            name = self.names.get(tensor._edge) or _own_name(tensor)
            name = name or ("output" if len(outputs) == 1 else f"output {i}")
            self.line(tensor._edge, self.box("output", name, tensor.shape, _OUTPUT))

    def line(self, edge: Edge, end: str) -> None:
        """An arrow to ``end`` from what made the value of ``edge``."""
        start = node_of(edge)
        look = {"weight": "1" if type(start) is Leaf else "8"}  # from op to op: straight lines
        if start not in self.ids:
            self.ids[start] = self.leaf(start)
        if type(edge) is tuple:
            label = self.names.get(edge) or str(edge[1])
            look["label"] = f"< {label.translate(_ESCAPES)}>"
        self.picture.edge(self.ids[start], end, tooltip=_written(self.shapes.get(edge)), **look)

    def leaf(self, leaf: Leaf) -> str:
        tensor: Any = leaf.tensor()
        shape = self.shapes.get(leaf) if tensor is None else tensor.shape
        name = self.names.get(leaf) or self.names.get(id(tensor))
        if name is not None:
            return self.box("leaf", name, shape, _PARAMETER)
        return self.box("leaf", _own_name(tensor), shape, _INPUT)

    def box(self, kind: str, name: str | None, shape: Any, look: Any = None) -> str:
        """A node of the picture, with a name in bold above a shape; its id."""
        key = f"{kind}{self.counts[kind]}"
        self.counts[kind] += 1
        lines = [f"<B>{name.translate(_ESCAPES)}</B>"] if name else []
        if shape is not None:
            color = "#C9D4E0" if kind == "output" else "#5D6B7C"
            lines.append(f'<FONT POINT-SIZE="11" COLOR="{color}">{_written(shape)}</FONT>')
        label = f"<{'<BR/>'.join(lines) or kind}>"
        self.picture.node(key, label, tooltip=_written(shape), **(look or {}))
        return key


def _own_name(tensor: Any) -> str | None:
    name = getattr(tensor, "name", None)
    return name if isinstance(name, str) else None


def _written(shape: Any) -> str:
    if shape is None:
        return " "  # an empty tooltip would be replaced by the node's id
    return str(tuple(shape)) if shape else "scalar"


# -- pixels ---------------------------------------------------------------------------------------


@cache
def _picture_class() -> type[Any]:
    """``graphviz.Digraph``, rendering with what is there; made late, to load graphviz late."""
    import graphviz

    class Picture(graphviz.Digraph):
        """A graph in DOT; a notebook shows it as SVG."""

        def __repr__(self) -> str:
            return "<graph: .render('graph.svg') writes it, .source is its DOT text>"

        def pipe(self, format: str | None = None, *, encoding: str | None = None) -> Any:
            """The picture as bytes (as text where ``encoding`` is given).

            Raises ValueError for an unknown format, RuntimeError where Graphviz is missing.
            """
            pixels = _rendered(self.source, format or self.format)
            return pixels if encoding is None else pixels.decode(encoding)

        def render(
            self, filename: str | os.PathLike[str] = "graph", format: str | None = None
        ) -> str:
            """Write the picture; returns the path.

            The format is ``format``, or what ``filename`` ends in, or SVG. The ending is added
            where it is missing, and directories are made.

            Raises what :meth:`pipe` raises.
            """
            path = os.fspath(filename)
            ending = os.path.splitext(path)[1][1:].lower()
            if format is None:
                format = ending if ending in graphviz.FORMATS else self.format
            if ending != format:
                path = f"{path}.{format}"
            pixels = self.pipe(format)
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(pixels)
            return path

        def view(self, filename: str | os.PathLike[str] = "graph") -> str:
            """Write the picture and open it in the program for such files; returns the path."""
            path = self.render(filename)
            graphviz.view(path)
            return path

    return Picture


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
