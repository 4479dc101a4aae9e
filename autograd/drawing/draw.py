"""draw: the graph as a picture."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from autograd.diagnosis.profile.profile import profile as Profile
from autograd.drawing.folding.folding import check_depth, folded, within
from autograd.drawing.reading.captions import Shown
from autograd.drawing.reading.graph import Reading
from autograd.drawing.reading.naming import Called
from autograd.drawing.reading.outputs import made_of, tensors_in
from autograd.drawing.reading.timing import tell_times
from autograd.drawing.showing.difference import difference
from autograd.drawing.showing.gradients import turned
from autograd.drawing.showing.picture import Picture
from autograd.drawing.watching.watching import Notes, notes_under_way, watch
from autograd.engine.graph import TensorBase

__all__ = ["draw"]


def draw(
    what: Any,
    inputs: Any = None,
    *,
    params: Any = None,
    depth: int | None = None,
    view: Literal["forward", "backward"] = "forward",
    values: bool = False,
    statistics: bool = False,
    profile: Profile | None = None,
    before: Picture | None = None,
    watched: watch | None = None,
    max_nodes: int | None = 1000,
) -> Picture:
    """What a computation is made of, as a picture: a notebook shows it, ``render`` writes it.

        autograd.draw(loss)                       the graph of a tensor
        autograd.draw(net, x)                     what a module does, which is run once
        autograd.draw(loss, watched=watched)      what was seen of a run, see autograd.watch

    Rounded boxes are ops, written as in a program (``sum(dim=1)``, ``+ 2``, ``x[:, 0]``), with the
    shape of their result. Square boxes are parameters, ellipses other tensors that require grad,
    dashed ellipses data, dark boxes the outputs. Dashed arrows bring no gradient back. Arrows enter
    an op in the order of its arguments. ``picture.attr(rankdir="LR")`` turns the picture to run
    from left to right.

    A graph keeps no constants, no values, no modules, and no data but what its formulas need:
    ``draw(net, x)`` and :class:`autograd.watch` know all of them. Of a tensor alone it makes no
    difference whether a backward pass has freed the graph, but for the constants that it kept.

    A module is run as it is, in training or evaluation, and left as it was: parameters, buffers
    (as batch norm's statistics), ``.grad`` and the random numbers are put back.

    :param what: a Tensor that requires grad, or a tuple, list or dict of them; of a watched run any
        tensors; or a module, or a function, of ``inputs``.
    :param inputs: what it is called with: a tensor, a tuple of arguments, or a dict of them by
        name.
    :param params: names for tensors: a module, or a dict of tensors by name. Others are called by
        their path in the module that was watched, by their attribute ``x.name``, by the caller's
        variables, or by the line that made them.
    :param depth: how many modules may lie in each other; those that are deeper are one box each,
        and repeats of one make (``× 12``) are drawn once. 0 shows the outermost as one box. A page
        holds all of them, and is unfolded so far at first.
    :param view: "backward" turns the arrows: on each its local derivative, and the root mean square
        of the gradient that comes back along it, as width and colour. The numbers are those of the
        backward pass that was watched, else of one that is made for the picture, from the sum of
        the outputs, and changes no ``.grad``.
    :param values: show the numbers of small tensors, and of their gradients: ``data 2 | grad 6``.
    :param statistics: show mean and standard deviation of values and gradients.
    :param profile: what :class:`autograd.profile` measured of the same program, shown in the boxes:
        time forward and backward, and bytes.
    :param before: the picture of an earlier step of the program, to show what has changed.
    :param watched: what :class:`autograd.watch` has noted; inside of its ``with`` it is used by
        itself.
    :param max_nodes: the most boxes: a larger graph is folded as little as it needs to be, and the
        picture says so; None for any number.
    :returns: a picture. ``.render("graph.svg")`` (or .png, .pdf, .html, .dot) writes a file,
        ``.pipe("svg")`` returns its bytes, ``.html()`` is a page to look around in, ``.source``
        the DOT text, which needs no Graphviz, ``.scene`` what it shows, as plain nodes and edges.
    :raises TypeError: ``what`` is no tensor, ``params`` has no names, ``before`` is no picture, or
        ``watched`` no watch.
    :raises RuntimeError: an output does not require grad; the module raised; a backward view is
        asked for of a graph that was freed; or, when rendering, there is no Graphviz.
    :raises ValueError: ``view``, ``depth`` or ``max_nodes`` is none; the graph has more than
        100,000 ops.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> picture = autograd.draw((x * x).sum(), params={"x": x})
    >>> [node.label for node in picture.scene.nodes.values()]
    ['x', '*', 'sum', 'output']
    """
    _check(params, depth, before, watched, max_nodes)
    called = Called(params, sys._getframe(1))
    shown = Shown(values, statistics, gradients=_is_backward(view))
    notes = watched._notes if watched is not None else notes_under_way()
    if inputs is not None:
        notes = Notes(statistics=True)
        outputs = _without_numbers(tensors_in(made_of(what, inputs, notes)))
    else:
        outputs = tensors_in(_checked(what))
    _check_outputs(outputs, notes is not None)
    reading = Reading(called, notes, shown)
    with _uncollected():
        scene = reading.read(list(outputs.values()), list(outputs))
        if profile is not None:
            tell_times(scene, reading.calls, profile)
        if shown.gradients:
            graphs = [tensor for tensor in outputs.values() if tensor._edge is not None]
            scene = turned(scene, graphs, reading.key_of, params)
        if before is not None:
            scene = difference(before.whole, scene)
        small = scene if depth is None else folded(scene, depth)
        return Picture(within(small, max_nodes), scene, depth)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python does not look for garbage inside, which takes the longer the more boxes there are."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _is_backward(view: str) -> bool:
    if view not in ("forward", "backward"):
        raise ValueError(
            f"draw: view must be 'forward' or 'backward'; got {view!r}. Leave it out for the "
            "values, or pass view='backward' for the gradients."
        )
    return view == "backward"


def _checked(what: Any) -> Any:
    """``what``, where it may hold tensors."""
    if isinstance(what, TensorBase) or isinstance(what, (Sequence, Mapping)):
        if not isinstance(what, (str, bytes)):
            return what
    if callable(what):
        raise TypeError(
            f"draw: a module or a function is run on inputs; got {type(what).__name__} alone. Pass "
            "them: draw(net, x), draw(net, (x, y)) or draw(net, {'x': x})."
        )
    raise TypeError(
        f"draw: what is drawn must be a Tensor or a sequence of them; got {type(what).__name__}. "
        "Pass what the network returned, or its loss."
    )


def _without_numbers(outputs: dict[str, Any]) -> dict[str, Any]:
    """What a model returns without what is no tensor, unless nothing else is there."""
    tensors = {label: one for label, one in outputs.items() if isinstance(one, TensorBase)}
    return tensors or outputs


def _check_outputs(outputs: dict[str, Any], watched: bool) -> None:
    """Raise where an output is no tensor, or has no graph."""
    if not outputs:
        raise ValueError(
            "draw: what is drawn must hold at least one Tensor; it holds none. Pass the loss."
        )
    for label, tensor in outputs.items():
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"draw: every output must be a Tensor; {label} is {type(tensor).__name__}. "
                "Leave it out."
            )
        if tensor._edge is None and not watched:
            raise RuntimeError(
                f"draw: every output must require grad; {label}, of shape "
                f"{tuple(tensor._data.shape)}, has no graph. Compute it from a tensor with "
                "requires_grad=True, outside no_grad(); or in `with autograd.watch():`."
            )


def _check(params: Any, depth: Any, before: Any, watched: Any, max_nodes: Any) -> None:
    """Raise TypeError or ValueError where an option is none."""
    if depth is not None:
        check_depth(depth)  # before a model is run for it
    if max_nodes is not None and (type(max_nodes) is not int or max_nodes < 1):
        raise ValueError(
            f"draw: max_nodes must be a number of boxes, from 1; got {max_nodes!r}. Leave it out "
            "for 1000, or pass None for all."
        )
    if before is not None and not isinstance(before, Picture):
        raise TypeError(
            f"draw: before must be a picture; got {type(before).__name__}. Pass what draw() "
            "returned for an earlier step."
        )
    if watched is not None and not isinstance(watched, watch):
        raise TypeError(
            f"draw: watched must be a watch; got {type(watched).__name__}. Write `with "
            "autograd.watch() as watched:` around the run."
        )
    _check_names(params)


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
