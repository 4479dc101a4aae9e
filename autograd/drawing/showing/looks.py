"""How things look in a picture: colours, shapes, and the scale of gradients.

Lines are a middle grey on a transparent ground and boxes have fills of their own, so a picture can
be read on a white page and on a black one. What a colour says, a shape, a border or a width says
too: black and white lose nothing.
"""

from __future__ import annotations

import math

from autograd.drawing.scene import Edge, Node, Scene

QUIET = "#727F8F"
_FONT = {"fontname": "Helvetica,Arial,sans-serif"}

GRAPH = _FONT | {
    "rankdir": "TB", "bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.36",
    "ordering": "in",  # x - y is not y - x
    "labelloc": "b", "fontcolor": QUIET, "fontsize": "10", "tooltip": " ",
}  # fmt: skip

# Of a large graph the order within ranks and the lengths of edges are improved for a while only.
LARGE = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.2", "searchsize": "5"}
VERY_LARGE = {"splines": "line"}

LINES = _FONT | {
    "color": "#8593A3", "fontcolor": QUIET, "fontsize": "9", "arrowsize": "0.65",
}  # fmt: skip

OP = _FONT | {
    "shape": "box", "style": "rounded,filled", "color": "#93A1B3", "fillcolor": "#F1F4F8",
    "fontsize": "12", "fontcolor": "#1D2733", "margin": "0.16,0.07", "height": "0.3",
}  # fmt: skip

CLUSTER = _FONT | {
    "style": "rounded,filled", "color": "#93A1B3", "fillcolor": "#8593A31C", "fontcolor": QUIET,
    "fontsize": "11", "labelloc": "t", "labeljust": "l", "margin": "12",
}  # fmt: skip

_ROUND = {"shape": "ellipse", "margin": "0.05,0.02"}

LOOKS: dict[str, dict[str, str]] = {  # by role; an operation is a rounded box
    "op": {},
    "parameter": {"style": "filled", "color": "#C58A1E", "fillcolor": "#FCEFD3", "penwidth": "1.4"},
    "input": _ROUND | {"color": "#4F9D78", "fillcolor": "#DDF0E6"},
    "data": _ROUND | {"style": "dashed,filled", "color": "#8593A3", "fillcolor": "#FFFFFF"},
    "constant": {
        "style": "dotted,filled", "color": "#8593A3", "fillcolor": "#FFFFFF", "margin": "0.08,0.03",
        "height": "0.2",
    },
    "output": {"style": "filled", "color": "#33475F", "fillcolor": "#33475F",
               "fontcolor": "#FFFFFF"},
    "module": {"style": "filled", "color": "#5B6FA0", "fillcolor": "#E3E9F5", "peripheries": "2"},
}  # fmt: skip

SWATCHES: dict[str, tuple[str, str, str, str]] = {  # fill, line, style and text of a legend's cell
    "op": ("#F1F4F8", "#93A1B3", "ROUNDED", "#1D2733"),
    "parameter": ("#FCEFD3", "#C58A1E", "SOLID", "#1D2733"),
    "input": ("#DDF0E6", "#4F9D78", "ROUNDED", "#1D2733"),
    "data": ("#FFFFFF", "#8593A3", "ROUNDED,DASHED", "#1D2733"),
    "constant": ("#FFFFFF", "#8593A3", "DOTTED", "#1D2733"),
    "output": ("#33475F", "#33475F", "SOLID", "#FFFFFF"),
    "module": ("#E3E9F5", "#5B6FA0", "SOLID", "#1D2733"),
}

# From small to large, told apart by those who see few colours, and on white and black.
_RAMP = ("#3B6FD4", "#5A8FD0", "#8593A3", "#D08A4E", "#D9482B")
_WRONG = "#C2187A"  # not a number, or infinite
_DECADES = 6.0  # less than that is no colour's whole range: gradients differ by some in any net

_CHANGE = 3.0  # decades up or down, from which a change has its whole colour


class Scale:
    """Widths and colours for gradients, by their logarithm, from the largest one downwards."""

    def __init__(self, scene: Scene) -> None:
        self.shown = scene.backward
        found = [edge.gradient for edge in scene.edges if edge.gradient is not None]
        logs = [math.log10(one) for one in found if 0 < one < math.inf]
        self.high = max(logs, default=0.0)
        self.low = min(min(logs, default=0.0), self.high - _DECADES)

    def part(self, gradient: float) -> float:
        """Where a gradient lies between the smallest and the largest, from 0 to 1."""
        if gradient <= 0:
            return 0.0
        return min(1.0, max(0.0, (math.log10(gradient) - self.low) / (self.high - self.low)))

    def of_edge(self, edge: Edge) -> dict[str, str]:
        if edge.gradient is None:
            return {"style": "dotted"} if not edge.data else {}
        if not math.isfinite(edge.gradient):
            return {"color": _WRONG, "fontcolor": _WRONG, "penwidth": "4.5", "style": "dashed"}
        if edge.gradient == 0:
            return {"style": "dotted", "color": _RAMP[0], "penwidth": "1"}
        part = self.part(edge.gradient)
        color = mixed(_RAMP, part)
        return {"color": color, "penwidth": f"{0.6 + 4.4 * part:.2f}"}

    def of_node(self, node: Node) -> dict[str, str]:
        if self.shown and node.gradient is not None and not math.isfinite(node.gradient):
            return {"color": _WRONG, "penwidth": "3"}
        if node.before == "gone":
            return {"style": "dashed,filled", "color": QUIET, "fillcolor": "#FFFFFF"}
        if node.before == "new":
            return {"color": "#1F7A4D", "penwidth": "3.5"}
        if node.ratio is None or math.isnan(node.ratio):
            return {}
        decades = (
            math.log10(node.ratio)
            if 0 < node.ratio < math.inf
            else math.copysign(9, node.ratio - 1)
        )
        far = min(abs(decades) / _CHANGE, 1.0)
        if far < 0.05:
            return {}
        color = mixed(_RAMP, 0.5 + math.copysign(far, decades) / 2)
        return {"color": color, "penwidth": f"{1 + 3 * far:.2f}"}

    def said(self, edge: Edge) -> list[str]:
        return [] if edge.gradient is None else [number(edge.gradient)]

    def legend(self) -> str:
        """Cells from the smallest to the largest."""
        cells = [f'<TD><FONT COLOR="{QUIET}" POINT-SIZE="9">gradient</FONT></TD>']
        for i in range(5):
            value = 10 ** (self.low + (self.high - self.low) * i / 4)
            size = f'HEIGHT="{1 + 1.1 * i:.0f}" WIDTH="34" FIXEDSIZE="TRUE"'
            bar = f'<TD {size} BGCOLOR="{_RAMP[i]}"></TD>'
            cells.append(
                f'<TD><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
                f'<TR>{bar}</TR><TR><TD><FONT COLOR="{QUIET}" POINT-SIZE="9">{value:.0e}</FONT>'
                "</TD></TR></TABLE></TD>"
            )
        return "".join(cells)


def number(value: float) -> str:
    """A gradient in a few letters.

    >>> number(3.14159e-4), number(0.0), number(math.nan), number(0.25)
    ('3.1e-04', '0', 'NaN', '0.25')
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf"
    return f"{value:.1e}" if value and not 0.01 <= abs(value) < 1000 else f"{value:.3g}"


def mixed(ramp: tuple[str, ...], part: float) -> str:
    """The colour at ``part`` of the way along ``ramp``.

    >>> mixed(("#000000", "#804020"), 0.5)
    '#402010'
    """
    place = part * (len(ramp) - 1)
    i = min(int(place), len(ramp) - 2)
    one, other = (bytes.fromhex(color[1:]) for color in ramp[i : i + 2])
    return "#" + bytes([round(a + (b - a) * (place - i)) for a, b in zip(one, other)]).hex()
