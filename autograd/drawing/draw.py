"""draw: the graph as a picture."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd.drawing.facts import Shown
from autograd.drawing.graph import Reading
from autograd.drawing.naming import Called
from autograd.drawing.picture import Picture
from autograd.drawing.scene import Scene
from autograd.drawing.watching import notes_under_way, watch
from autograd.engine.graph import TensorBase

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["draw"]


def draw(
    what: Tensor | Sequence[Tensor],
    *,
    params: Any = None,
    values: bool = False,
    statistics: bool = False,
    watched: watch | None = None,
    max_nodes: int | None = 1000,
) -> Picture:
    """The graph that made ``what``, as a picture: a notebook shows it, ``render`` writes it.

    Rounded boxes are ops, written as in a program (``sum(dim=1)``, ``+ 2``, ``x[:, 0]``), with the
    shape of their result. Square boxes are parameters, ellipses other tensors that require grad,
    dashed ellipses data, dark boxes the outputs. Arrows enter an op in the order of its arguments.
    ``picture.attr(rankdir="LR")`` turns it to run from left to right.

    A graph keeps no constants, no values and no data but what its formulas need: to see all of
    them, run the program in ``with autograd.watch()``. It makes no difference whether a backward
    pass has freed the graph, but for the constants that it kept.

    :param what: a Tensor that requires grad, or a sequence of them; of a watched run any tensors.
    :param params: names for tensors: a module, or a dict of tensors by name. Others are called by
        their attribute ``x.name``, by the caller's variables, or by the line that made them.
    :param values: show the numbers of small tensors, and of their gradients: ``data 2 | grad 6``.
    :param statistics: show mean and standard deviation of values and gradients.
    :param watched: what :class:`autograd.watch` has noted; inside of its ``with`` it is used by
        itself.
    :param max_nodes: the most ops and leaves that are drawn; None for any number.
    :returns: a picture. ``.source`` is the DOT text, which needs no Graphviz;
        ``.render("graph.svg")`` (or .png, .pdf) writes a file, ``.pipe("svg")`` returns its bytes;
        ``.scene`` is what it shows, as plain nodes and edges.
    :raises TypeError: ``what`` is no tensor, or ``params`` has no names.
    :raises RuntimeError: an output does not require grad; or, when rendering, there is no Graphviz.
    :raises ValueError: there are more than ``max_nodes`` ops and leaves.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> picture = autograd.draw((x * x).sum(), params={"x": x})
    >>> [node.label for node in picture.scene.nodes.values()]
    ['x', '*', 'sum', 'output']
    """
    notes = watched._notes if watched is not None else notes_under_way()
    outputs = outputs_of(what, notes is not None)
    _check_names(params)
    called = Called(params, sys._getframe(1))
    labels = ["output" if len(outputs) == 1 else f"output {i}" for i in range(len(outputs))]
    scene = Reading(called, notes, Shown(values, statistics)).read(outputs, labels)
    _check_size(scene, max_nodes)
    return Picture(scene)


def outputs_of(output: Any, watched: bool) -> list[Any]:
    """The tensors whose graph is drawn."""
    outputs = [output] if isinstance(output, TensorBase) else output
    if not isinstance(outputs, Iterable) or isinstance(outputs, (str, bytes)):
        raise TypeError(
            f"draw: output must be a Tensor or a sequence of them; got {type(output).__name__}. "
            "Pass what the network returned, or its loss."
        )
    outputs = list(outputs)
    if not outputs:
        raise ValueError("draw: output must hold at least one Tensor; it is empty. Pass the loss.")
    for i, tensor in enumerate(outputs):
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"draw: every output must be a Tensor; output {i} is {type(tensor).__name__}. "
                "Leave it out."
            )
        if tensor._edge is None and not watched:
            raise RuntimeError(
                f"draw: every output must require grad; output {i}, of shape "
                f"{tuple(tensor._data.shape)}, has no graph. Compute it from a tensor with "
                "requires_grad=True, outside no_grad()."
            )
    return outputs


def _check_size(scene: Scene, max_nodes: int | None) -> None:
    """Raise ValueError where a scene has too many ops and leaves."""
    size = len([one for one in scene.nodes.values() if one.role in ("op", "parameter", "input")])
    if max_nodes is not None and size > max_nodes:
        raise ValueError(
            f"draw: a graph must have at most max_nodes={max_nodes} ops and leaves, so that it "
            f"can be read; this one has {size}. Draw a part of it (one layer, fewer steps), "
            f"or pass max_nodes={size}."
        )


def _check_names(params: Any) -> None:
    """Raise TypeError where ``params`` has no names."""
    if params is None:
        return
    if not isinstance(params, Mapping) and not hasattr(params, "named_parameters"):
        raise TypeError(
            "draw: params must be a module or a dict of tensors by name; got "
            f"{type(params).__name__}. For one tensor w, pass params={{'w': w}}."
        )
    for name, tensor in params.items() if isinstance(params, Mapping) else ():
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"draw: params must hold tensors; {name!r} is {type(tensor).__name__}. "
                "Leave it out."
            )
