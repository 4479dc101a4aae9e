"""Scenes made by hand: what pages and folding are tested on, apart from any graph."""

from __future__ import annotations

from autograd.drawing.scene import Edge, Group, Node, Scene


class Maker:
    """Puts a scene together: each call adds a node, with arrows from its operands, in order."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.within = ""  # the group that nodes are put into

    def group(self, label: str, kind: str = "Module") -> str:
        """Open a group in the present one."""
        key = f"group{len(self.scene.groups)}"
        self.scene.groups[key] = Group(key, label, kind, parent=self.within)
        self.within = key
        return key

    def close(self) -> None:
        self.within = self.scene.groups[self.within].parent

    def node(self, role: str, label: str, *operands: str, shape=(32, 64), **more) -> str:
        key = f"{role}{len(self.scene.nodes)}"
        more.setdefault("dtype", "float32")
        more.setdefault("details", {"line": f"net.py:{len(self.scene.nodes)}: y = {label}"})
        self.scene.nodes[key] = Node(key, role, label, shape, group=self.within, **more)
        for place, start in enumerate(operands):
            made = self.scene.nodes[start]
            data = made.role in ("data", "constant")
            self.scene.edges.append(Edge(start, key, place, shape=made.shape, data=data))
        return key

    def linear(self, x: str, path: str) -> str:
        """A linear layer as a group: two parameters, a product, a sum."""
        self.group(path, "Linear")
        weight = self.node("parameter", f"{path}.weight", shape=(64, 64))
        bias = self.node("parameter", f"{path}.bias", shape=(64,))
        y = self.node("op", "add", self.node("op", "matmul", x, weight), bias)
        self.close()
        return y


def scalars() -> Scene:
    """sin(a · b) + (2 - a)², with values and gradients in the boxes; no groups."""
    make = Maker()

    def number(role, label, data, grad, *operands):
        lines = [f"data {data} | grad {grad}"]
        return make.node(role, label, *operands, shape=(), lines=lines)

    a = number("input", "a", 3.0, 0.52)
    b = number("input", "b", -2.0, 2.88)
    two = make.node("constant", "2.0", shape=())
    product = number("op", "mul", -6.0, 0.96, a, b)
    sine = number("op", "sin", 0.2794, 1.0, product)
    difference = number("op", "sub", -1.0, -2.0, two, a)
    square = number("op", "** 2", 1.0, 1.0, difference)
    total = number("op", "add", 1.2794, 1.0, sine, square)
    make.node("output", "loss", total, shape=())
    make.scene.notes.append("Numbers are of the first step.")
    return make.scene


def residual(blocks: int = 3) -> Scene:
    """A residual net: blocks of two linear layers with a way around them, data, a loss."""
    make = Maker()
    x = make.node("data", "x", shape=(32, 64))
    target = make.node("data", "target", shape=(32,), dtype="int64")
    make.group("ResidualNet", "ResidualNet")
    x = make.linear(x, "stem")
    make.group("blocks", "Sequential")
    for i in range(blocks):
        make.group(f"blocks.{i}", "Block")
        h = make.node("op", "relu", make.linear(x, f"blocks.{i}.first"))
        x = make.node("op", "add", make.linear(h, f"blocks.{i}.second"), x)
        make.close()
    make.close()
    logits = make.linear(x, "head")
    make.close()
    loss = make.node("op", "cross_entropy", logits, target, shape=())
    make.node("output", "loss", loss, shape=())
    return make.scene


def backward(blocks: int = 6, factor: float = 0.1) -> Scene:
    """The same net's backward view: each block's gradient is ``factor`` of the one behind it."""
    scene = residual(blocks)
    scene.backward = True
    depth: dict[str, int] = {}
    for edge in reversed(scene.edges):
        steps = depth.get(edge.end, 0) + 1
        depth[edge.start] = max(depth.get(edge.start, 0), steps)
        if not edge.data:
            edge.gradient = factor ** (steps / 4)
            edge.derivative = "W" if scene.nodes[edge.end].label == "matmul" else "1"
    for key, node in scene.nodes.items():
        if node.role not in ("data", "constant"):
            node.gradient = factor ** (depth.get(key, 0) / 4)
    return scene


def recurrent(steps: int = 50) -> Scene:
    """Like an LSTM over ``steps`` steps, 20 nodes each, without modules: one weight for all."""
    make = Maker()
    weight = make.node("parameter", "weight_hh", shape=(256, 64))
    bias = make.node("parameter", "bias", shape=(256,))
    h = make.node("data", "h0")
    c = make.node("data", "c0")
    for t in range(steps):
        x = make.node("data", f"x[{t}]")
        both = make.node("op", "cat(dim=1)", x, h, shape=(32, 128))
        gates = make.node("op", "add", make.node("op", "matmul", both, weight), bias)
        parts = [make.node("op", f"chunk[{i}]", gates) for i in range(4)]
        i, f, o = (make.node("op", "sigmoid", part) for part in parts[:3])
        g = make.node("op", "tanh", parts[3])
        kept = make.node("op", "mul", f, c)
        new = make.node("op", "mul", i, g)
        c = make.node("op", "add", kept, new)
        squashed = make.node("op", "tanh", c)
        h = make.node("op", "mul", o, squashed)
        half = make.node("constant", "0.9", shape=())
        h = make.node("op", "mul", h, half)
    make.node("output", "h", make.node("op", "sum()", h, shape=()), shape=())
    return make.scene


def large(groups: int = 100, nodes: int = 200) -> Scene:
    """``groups`` modules in a row with ``nodes`` ops each, and a way around every module."""
    make = Maker()
    x = make.node("input", "x")
    make.group("Tower", "Tower")
    for i in range(groups):
        make.group(f"layers.{i}", "Layer")
        start = x
        for j in range(nodes - 1):
            x = make.node("op", "tanh" if j % 2 else "exp", x)
        x = make.node("op", "add", x, start)
        make.close()
    make.close()
    make.node("output", "y", x)
    return make.scene
