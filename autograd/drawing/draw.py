"""draw: the graph as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd.drawing.graph import scene_of
from autograd.drawing.picture import Picture
from autograd.engine.graph import TensorBase

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["draw"]


def draw(
    output: Tensor | Sequence[Tensor], *, params: Any = None, max_nodes: int | None = 1000
) -> Picture:
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
    :returns: a picture. ``.source`` is the DOT text, which needs no Graphviz;
        ``.render("graph.svg")`` (or .png, .pdf) writes a file, ``.pipe("svg")`` returns its bytes;
        ``.scene`` is what it shows, as plain nodes and edges.
    :raises TypeError: ``output`` is no tensor, or ``params`` has no names.
    :raises RuntimeError: an output does not require grad; or, when rendering, there is no Graphviz.
    :raises ValueError: there are more than ``max_nodes`` ops and leaves.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> picture = autograd.draw((x * x).sum(), params={"x": x})
    >>> picture.source.count("leaf0 -> op0")
    2
    """
    return Picture(scene_of(outputs_of(output), names_of(params), max_nodes))


def outputs_of(output: Any) -> list[Any]:
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
        if tensor._edge is None:
            raise RuntimeError(
                f"draw: every output must require grad; output {i}, of shape "
                f"{tuple(tensor._data.shape)}, has no graph. Compute it from a tensor with "
                "requires_grad=True, outside no_grad()."
            )
    return outputs


def names_of(params: Any) -> dict[Any, str]:
    """Names by edge; and by the tensor's id, since a leaf may have been given a new edge."""
    if params is None:
        return {}
    if not isinstance(params, Mapping) and not hasattr(params, "named_parameters"):
        raise TypeError(
            "draw: params must be a module or a dict of tensors by name; got "
            f"{type(params).__name__}. For one tensor w, pass params={{'w': w}}."
        )
    named = params if isinstance(params, Mapping) else dict(params.named_parameters())
    names: dict[Any, str] = {}
    for name, tensor in named.items():
        if not isinstance(tensor, TensorBase):
            raise TypeError(
                f"draw: params must hold tensors; {name!r} is {type(tensor).__name__}. "
                "Leave it out."
            )
        names[id(tensor)] = names[tensor._edge] = str(name)
    return names
