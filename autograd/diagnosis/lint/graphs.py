"""What a graph alone shows to be wrong: softmax twice, labels out of range, units that are dead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from autograd.diagnosis.lint.said import say
from autograd.engine import lines
from autograd.engine.graph import Leaf, node_of, nodes_behind
from autograd.engine.lines import Line
from autograd.engine.variables import models, tensor_name

_LARGEST = 20_000  # nodes that are looked at in one graph
_HARDLY_ANY = 0.9  # of a layer's units are 0: half of them are in a small layer by chance

# What only moves elements, or converts them.
_MOVES = {"Cast", "Clone", "Permute", "Reshape", "Squeeze", "Transpose", "Unsqueeze", "View"}
_AFFINE = {"Linear", "Convolution", "Addmm", "NativeBatchNorm"}

_LOGITS = "Give it the scores as they are, without {}"
_TWICE = {
    "Softmax": _LOGITS.format("softmax: it is in the loss"),
    "Sigmoid": _LOGITS.format("sigmoid: it is in the loss"),
    "LogSoftmax": _LOGITS.format("log_softmax: it is in the loss"),
    "Relu": _LOGITS.format("relu, which cuts off what is below 0"),
}
_WANTED = {
    "CrossEntropy": "cross_entropy: input must be logits, any real scores",
    "BinaryCrossEntropyWithLogits": (
        "binary_cross_entropy_with_logits: input must be logits, any real scores"
    ),
    "NllLoss": "nll_loss: input must be log-probabilities",
}


def nodes_of(outputs: list[Any]) -> Iterator[Any]:
    """The nodes and leaves that ``outputs`` were made from, so many as are looked at."""
    return islice(nodes_behind([tensor._edge for tensor in outputs]), _LARGEST)


def look(outputs: list[Any], strictly: bool = False) -> list[Any]:
    """Say what is wrong in the graph of ``outputs``; its leaves."""
    leaves = []
    for node in nodes_of(outputs):
        if type(node) is Leaf:
            leaves.append(node)
            continue
        check = _CHECKS.get(type(node).__name__)
        if check is not None:
            check(node, strictly)
    return leaves


def _source(node: Any) -> Any:
    """What made the first input, past what only moves elements."""
    source = node_of(node.edges[0])
    while type(source).__name__ in _MOVES:
        source = node_of(source.edges[0])
    return source


def called(op: str) -> str:
    """An op's name as scripts have it: ``log_softmax``."""
    return "".join([("_" if i and c.isupper() else "") + c.lower() for i, c in enumerate(op)])


def at(node: Any) -> tuple[str, Line | None]:
    """Where a node was born, to be put after its name, and the line itself."""
    line = lines.of(node)
    return lines.at(line), line


def _layer(op: str) -> str:
    """The modules that stand for an op, to be put after it: `` (`net.3`)``."""
    wanted = op.lower().replace("_", "")
    found = []
    for model in models():
        for name, module in model.value.named_modules():
            if type(module).__name__.lower() == wanted:
                found.append(f"`{model.path}.{name}`" if name else f"`{model.path}`")
    return f", of the layer {found[0]}," if len(found) == 1 else ""


def _twice(node: Any, strictly: bool) -> None:
    """A loss of logits that is given something else."""
    source = _source(node)
    op = type(source).__name__
    loss = type(node).__name__
    if op not in _TWICE or (op == "LogSoftmax" and not strictly):
        return  # the logarithm of a softmax is what it is, taken twice
    if loss == "BinaryCrossEntropyWithLogits" and op == "LogSoftmax":
        return
    place, line = at(source)
    say(
        (loss, op),
        f"{_WANTED[loss]}; it is given the output of {called(op)}{_layer(called(op))}{place}. "
        f"{_TWICE[op]}.",
        line,
    )


def _binary(node: Any, strictly: bool) -> None:
    """A loss of two classes: what it is given, and the labels."""
    if type(node).__name__ == "BinaryCrossEntropyWithLogits":
        _twice(node, strictly)
    for edge, _, kept in node.plan or ():
        if edge is node.edges[0] and kept:
            labels = np.asarray(kept[-1])
            least, most = float(labels.min(initial=0)), float(labels.max(initial=1))
            if least < 0 or most > 1:
                place, line = at(node)
                call = called(type(node).__name__)
                say(
                    (call, "labels"),
                    f"{call}: labels must be in [0, 1]; they go from {least:g} to {most:g}{place}. "
                    "Write 0 and 1 for the two classes: (y > 0).float(); for more classes use "
                    "cross_entropy.",
                    line,
                )


def _soft(node: Any, strictly: bool) -> None:
    """Log-softmax of what was a softmax already."""
    source = _source(node)
    if type(source).__name__ in ("Softmax", "Sigmoid"):
        _twice_logged(node, source)
    _one_class(node, strictly)


def _twice_logged(node: Any, source: Any) -> None:
    op = called(type(source).__name__)
    place, line = at(source)
    say(
        ("log_softmax", op),
        f"log_softmax: input must be logits, any real scores; it is given the output of {op}"
        f"{_layer(op)}{place}. Leave {op} out: log_softmax, and cross_entropy, take scores.",
        line,
    )


def _logged(node: Any, strictly: bool) -> None:
    """A loss of log-probabilities that is given something else."""
    source = _source(node)
    op = type(source).__name__
    if op in ("Softmax", "Sigmoid", "Relu", *_AFFINE):
        place, line = at(source)
        cure = (
            "log_softmax instead of softmax, or cross_entropy of the scores"
            if op == "Softmax"
            else "log_softmax(scores, dim=1), or cross_entropy of the scores"
        )
        say(
            ("nll_loss", op),
            f"{_WANTED['NllLoss']}; it is given the output of {called(op)}{place}. Use {cure}.",
            line,
        )
    elif op == "LogSoftmax" and node_of(node.edges[0]) is source:
        _one_class(source, True)  # of scores (N, C), since the loss takes classes along axis 1


def _one_class(node: Any, strictly: bool) -> None:
    """Softmax over one element is 1, whatever that is; over samples, a mistake mostly."""
    shape, axis = node.shapes[0], getattr(node, "dim", getattr(node, "axis", None))
    if not isinstance(axis, int) or not shape:
        return
    op = called(type(node).__name__)
    place, line = at(node)
    if shape[axis] == 1 and (strictly or (len(shape) == 2 and axis in (1, -1))):
        say(
            (op, "one"),
            f"{op}: the axis must hold more than one score; axis {axis} of shape {tuple(shape)} "
            f"holds one, and its softmax is 1 whatever it is{place}. For two classes use sigmoid, "
            "or binary_cross_entropy_with_logits.",
            line,
        )
    elif strictly and shape[axis] > 1 and len(shape) == 2 and axis % 2 == 0:
        say(
            (op, "batch"),
            f"{op}: classes lie along the second axis of (N, C); of shape {tuple(shape)} axis 0 is "
            f"taken, across samples{place}. Write dim=1.",
            line,
        )


def _each_with_each(node: Any, strictly: bool) -> None:
    """The square, or the size, of a layer's output (N, 1) less targets (N,), which is (N, N)."""
    source = node_of(node.edges[0])
    if type(source).__name__ != "Subtract":
        return
    shapes = [tuple(shape) for shape in getattr(source, "shapes", None) or ()]
    if len(shapes) != 2:
        return  # both had one
    column, row = sorted(shapes, key=len, reverse=True)
    if len(column) != 2 or len(row) != 1 or column != (*row, 1) or row[0] < 2:
        return
    made = [node_of(edge) for edge in source.edges if edge is not None]
    if len(made) != 1 or type(made[0]).__name__ not in (*_AFFINE, "Sigmoid", "Tanh", "Relu"):
        return  # pairs on purpose
    predictions, targets = shapes if source.edges[0] is not None else shapes[::-1]
    cure = "targets.unsqueeze(1), or predictions.squeeze(1)"
    place, line = at(source)
    say(
        "each with each",
        f"subtract: predictions and targets must have one shape; got {predictions} and {targets}, "
        f"and the difference is {row * 2}, each with each{place}. Write {cure}.",
        line,
    )


def _dead(node: Any, strictly: bool) -> None:
    """A layer's rectifier that lets nothing through, or hardly anything."""
    source = _source(node)
    if type(source).__name__ not in _AFFINE or not node.plan:
        return
    kept = node.plan[0][2]
    out = np.asarray(kept[-1]) if kept else np.ones(1)
    if out.ndim < 2 or out.size < 16 or len(out) < 4:
        return  # so few are 0 by chance
    units = out.ndim - 1 if type(source).__name__ == "Linear" else 1
    dead = ~np.any(out > 0, axis=tuple([i for i in range(out.ndim) if i != units]))
    share = float(np.mean(dead))
    if share == 1 or (strictly and share >= _HARDLY_ANY):
        layer = _of_layer(source)
        place, line = at(node)
        how_many = "all" if share == 1 else f"{int(dead.sum())}"
        say(
            ("dead", layer),
            f"relu: units must be above 0 for some sample, or no gradient passes; {how_many} of "
            f"the {dead.size} units behind {layer} are 0 for the whole batch{place}. Look at the "
            "bias and the scale of the weights (nn.init.kaiming_normal_), lower the learning "
            "rate, or use LeakyReLU.",
            line,
        )


def _of_layer(node: Any) -> str:
    """The layer whose parameters an op has, by its path; else the op's name."""
    for edge in node.edges:
        if type(edge) is Leaf:
            name = tensor_name(edge.tensor()) if edge.tensor() is not None else None
            if name is not None:
                return f"`{name.rpartition('.')[0] or name}`"
    return called(type(node).__name__)


_CHECKS: dict[str, Any] = {
    "CrossEntropy": _twice,
    "BinaryCrossEntropyWithLogits": _binary,
    "BinaryCrossEntropy": _binary,
    "NllLoss": _logged,
    "LogSoftmax": _soft,
    "Softmax": _one_class,
    "Relu": _dead,
    "Square": _each_with_each,
    "Absolute": _each_with_each,
}
