"""The graph that made outputs: its nodes, their names and shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import Edge, Leaf, TensorBase, node_of
from autograd.engine.views import Overwritten


def outputs_of(output: Any) -> list[Any]:
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


def ops_of(outputs: list[Any], max_nodes: int | None) -> list[Any]:
    """The ops that ``outputs`` were made by, oldest first."""
    order = list(dict.fromkeys(node_of(tensor._edge) for tensor in outputs))
    seen = set(order)
    for node in order:  # grows while it is walked
        for edge in node.edges:
            if edge is not None and node_of(edge) not in seen:
                seen.add(node_of(edge))
                order.append(node_of(edge))
    if max_nodes is not None and len(order) > max_nodes:
        raise ValueError(
            f"draw: a graph must have at most max_nodes={max_nodes} ops and leaves, so that it "
            f"can be read; this one has {len(order)}. Draw a part of it (one layer, fewer steps), "
            f"or pass max_nodes={len(order)}."
        )
    ops = [node for node in order if type(node) is not Leaf]
    return sorted(ops, key=lambda node: node.age, reverse=True)


def shapes_of(outputs: list[Any], ops: list[Any]) -> dict[Edge, tuple[int, ...]]:
    """The shapes of the values that edges stand for, as far as the ops that use them noted them."""
    shapes = {tensor._edge: tuple(tensor.shape) for tensor in outputs}
    for op in reversed(ops):
        taken = getattr(op, "shapes", None)
        if taken is None:  # an elementwise op over inputs of one shape notes nothing
            same = isinstance(op, (Elementwise, Overwritten)) and op in shapes
            taken = [shapes[op] if same else None] * len(op.edges)
        for edge, shape in zip(op.edges, taken, strict=True):
            if edge is not None and shape is not None:
                shapes.setdefault(edge, tuple(shape))
    return shapes
