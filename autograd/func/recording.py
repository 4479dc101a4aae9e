"""What reverse-mode transforms stand on: inputs of their own, and gradients by these alone.

A function is differentiated by tensors that nobody else has: a fresh leaf over the input's array
or, where the input is itself a recorded result, a fresh node behind it. Its edge is the tag that
tells this derivative from those around it and inside it. Whether the derivative is recorded in its
turn is read off the graph: it is where something outside could ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.engine import backward, versions
from autograd.engine.duals import Dual, all_parts, joined, linked, parts, values_of
from autograd.engine.function import Identity
from autograd.engine.grad_mode import inference_mode, mode
from autograd.engine.graph import Leaf, TensorBase, node_of, nodes_behind, wrap


class Recorded(NamedTuple):
    """A call of a function whose inputs were fresh."""

    result: Any
    inputs: list[Any]  # the fresh tensors
    since: int  # the graph's clock before the call
    outside: bool  # whether results may be recorded for whoever is outside

    def depends(self, *tensors: Any) -> bool:
        """Whether ``tensors`` depend on anything from outside that could ask for a gradient."""
        own = {one._edge for one in self.inputs}
        return self.outside and _reaches_out([*all_parts(tensors)], own, self.since)

    def reaches(self, output: Any, x: Any) -> bool:
        """Whether ``output`` depends on ``x``, one of the inputs."""
        return node_of(x._edge) in nodes_behind([output._edge])

    def released(self, tree: Any) -> Any:
        """``tree`` as whoever is outside gets it: not linked to the fresh inputs alone."""
        return trees.map_leaves(self._released, tree)

    def _released(self, leaf: Any) -> Any:
        if not isinstance(leaf, TensorBase) or not linked(leaf) or self.depends(leaf):
            return leaf
        if type(leaf._data) is Dual:
            level = leaf._data.level
            return joined(level, *map(self._released, parts(leaf, level)))
        return wrap(leaf._data, None, leaf)


def recorded(
    call: str, func: Callable[..., Any], leaves: Sequence[Any], arguments: Callable[..., Any]
) -> Recorded:
    """The result of ``func``, recorded by fresh tensors over ``leaves``.

    ``arguments(tensors)`` is (args, kwargs) with these in their places. Recording is on inside,
    whatever it is outside.
    """
    outside = mode.grad
    since = versions.tick()
    with inference_mode(False):
        pairs = [fresh(call, leaf, outside) for leaf in leaves]
        args, kwargs = arguments([given for given, _ in pairs])
        result = func(*args, **kwargs)
    return Recorded(result, [by for _, by in pairs], since, outside)


def fresh(call: str, x: Any, linked: bool) -> tuple[Any, Any]:
    """A tensor of x's values, linked to x's own graph or not, and what to differentiate by.

    The second is the first, by which nobody else differentiates; its primal, where x is dual.

    :raises TypeError: x is no tensor, or one of integers.
    """
    check_leaf(call, x)
    if type(x._data) is Dual:
        level = x._data.level
        primal, tangent = parts(x, level)
        primal, by = fresh(call, primal, linked)
        return joined(level, primal, tangent), by
    by = _behind(x, linked)
    return by, by


def _behind(x: Any, linked: bool) -> Any:
    tensor = wrap(x._data, None, x)
    tensor._edge = Leaf(tensor)
    if x._edge is None or not linked:
        return tensor
    behind = Identity.apply(x)
    behind._kin = tensor  # a view of a leaf: like that it is not to be changed in place
    return behind


def check_leaf(call: str, x: Any) -> None:
    """Raise TypeError for what cannot be differentiated by."""
    if not isinstance(x, TensorBase):
        raise TypeError(
            f"{call}: what is differentiated by must be tensors; got {type(x).__name__}. Pass "
            "numbers among the other arguments, or make a tensor of them."
        )
    if not dtypes.differentiable(x._data.dtype):
        raise TypeError(
            f"{call}: only floating-point and complex tensors have derivatives; got one of "
            f"{x._data.dtype}. Convert it first: tensor.float()."
        )


def _reaches_out(tensors: Sequence[Any], own: set[Any], since: int) -> bool:
    """Whether a walk down from ``tensors`` comes to anything but what was made for ``own`` leaves.

    A node that is older than the clock ``since`` is somebody else's, and so is a node made for an
    input that was linked.
    """
    for node in nodes_behind([one._edge for one in tensors]):
        if type(node) is Leaf:
            if node not in own:
                return True
        elif node in own or node.age > since:  # the clock counts downwards
            return True
    return False


def pull(
    outputs: Sequence[Any],
    inputs: Sequence[Any],
    seeds: Sequence[Any],
    record: bool,
    retain: bool,
    batched: bool = False,
) -> list[Any]:
    """The gradients of ``outputs``, times ``seeds``, by ``inputs``: zeros where there is none.

    Where they are ``batched``, seeds have a first axis more, and so do the gradients.
    """
    roots = [(out, seed) for out, seed in zip(outputs, seeds) if linked(out)]
    rows = seeds[0]._data.shape[:1] if batched else ()
    if not roots or rows == (0,):
        like = [values_of(x._data) for x in inputs]
        if batched:
            like = [np.broadcast_to(one, (*rows, *one.shape)) for one in like]
        return [wrap(np.zeros_like(one), None, x) for one, x in zip(like, inputs)]
    found = backward.grad(
        [out for out, _ in roots],
        inputs,
        [seed for _, seed in roots],
        retain_graph=retain or record,
        create_graph=record,
        is_grads_batched=batched,
        materialize_grads=True,
    )
    return list(found)
