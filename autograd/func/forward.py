"""Derivatives as functions, in forward mode: ``jvp``, ``linearize``.

The function runs once, on dual numbers (engine/duals.py): with every value goes its derivative
along the direction asked for, and nothing is kept for later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.engine import backward, duals
from autograd.engine.graph import Leaf, TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.func import arguments, tangents as rules  # noqa: F401  which make ops know duals
from autograd.func.recording import check_leaf, pull, recorded

__all__ = ["jvp", "linearize"]


def jvp(
    func: Callable[..., Any],
    primals: Any,
    tangents: Any,
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> Any:
    """The value of ``func`` and its derivative along a direction, in one pass.

    Shapes: for an output (*m) and a primal (*n), a tangent (*n) -> (*m).

    :param primals: a tuple of the function's arguments: tensors, or trees of them.
    :param tangents: the direction, as ``primals`` are.
    :param strict: an output that does not depend on the arguments is an error, not zeros.
    :param has_aux: ``func`` returns (output, aux).
    :returns: (output, its derivative), each as ``func`` returns it; with aux behind them.
    :raises TypeError: arguments or outputs are no tensors, or no tuple of them.
    :raises ValueError: tangents are packed otherwise than the primals are.
    :raises ShapeError: a tangent has another shape than its primal.
    :raises RuntimeError: ``strict``, and an output does not depend on the arguments.

    Wengert 1964, doi:10.1145/355586.364791.

    >>> import autograd
    >>> x, direction = autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 10.0])
    >>> jvp(lambda x: x ** 2, (x,), (direction,))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    leaves, directions, spec, numpys = _pairs("jvp", primals, tangents)
    with duals.DualLevel() as level:
        moving = [duals.given(duals.joined(level, x, t)) for x, t in zip(leaves, directions)]
        result, aux = arguments.parted("jvp", func(*trees.unflatten(moving, spec)), has_aux)
        outputs, form = arguments.outputs_of("jvp", result, differentiable=False)
        pairs = [duals.parts(one, level) for one in outputs]
        aux = trees.map_leaves(lambda leaf: duals.parts(leaf, level)[0], aux) if has_aux else None
    if strict and any([t is None for _, t in pairs]):
        raise RuntimeError(
            "jvp: with strict=True every output must depend on the arguments; one does not. Pass "
            "strict=False to get zeros for it."
        )
    values = trees.unflatten([y for y, _ in pairs], form)
    taken = {id(one._data) for one in directions}
    found = [zeros_of(y) if t is None else _own(t, taken) for y, t in pairs]
    derivatives = trees.unflatten(found, form)
    told = (values, derivatives, aux) if has_aux else (values, derivatives)
    return arguments.plain(told, numpys)


def _own(t: Any, taken: set[int]) -> Any:
    """A derivative in memory that is neither a direction's nor another derivative's."""
    if type(t._data) is not np.ndarray:
        return t
    if t._edge is not None:
        return np.copy(t) if id(t._data) in taken else t
    data = backward.own(t._data, taken)
    return t if data is t._data else wrap(data, None, t)


def zeros_of(x: Any) -> Any:
    """Zeros of a tensor's shape, dtype and kind of array."""
    return wrap(np.zeros_like(duals.values_of(x._data)), None, x)


def _pairs(call: str, primals: Any, tangents: Any) -> tuple[list[Any], list[Any], trees.Spec, bool]:
    """The leaves of primals and tangents, checked against each other; whether primals are plain."""
    if type(primals) is not tuple or type(tangents) is not tuple:
        raise TypeError(
            f"{call}: primals and tangents must be tuples, as func(*primals) takes them; got "
            f"{type(primals).__name__} and {type(tangents).__name__}. Write (x,)."
        )
    leaves, spec = trees.flatten(primals)
    directions, its = trees.flatten(tangents)
    (leaves, numpys), (directions, _) = arguments.traced(leaves), arguments.traced(directions)
    if its != spec or not leaves:
        raise ValueError(
            f"{call}: tangents must be packed as the primals are, {spec}, and there must be some; "
            f"got {its}."
        )
    for x, t in zip(leaves, directions):
        check_leaf(call, x)
        if not isinstance(t, TensorBase) or t._data.shape != x._data.shape:
            raise ShapeError(
                f"{call}: a tangent must be a tensor of its primal's shape "
                f"{tuple(x._data.shape)}; got {arguments.described(t)}."
            )
    return leaves, directions, spec, numpys


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of ``func`` and its derivative, a linear function of the direction.

    Shapes: for an output (*m) and a primal (*n), a direction (*n) -> (*m).

    ``func`` runs once; each call of the derivative is one pass over what was recorded.

    :returns: (output, jvp_fn); ``jvp_fn(*tangents)`` takes directions as ``primals`` are.
    :raises TypeError: a primal, or an output, is no tensor of a floating dtype.
    :raises ValueError: by ``jvp_fn``, directions are packed otherwise than the primals are.
    :raises ShapeError: by ``jvp_fn``, a direction has another shape than its primal.

    >>> import autograd
    >>> y, jvp_fn = linearize(lambda x: x ** 2, autograd.tensor([1.0, 2.0]))
    >>> jvp_fn(autograd.tensor([1.0, 0.0])), jvp_fn(autograd.tensor([0.0, 1.0]))
    (tensor([2., 0.]), tensor([0., 4.]))
    """
    leaves, spec = trees.flatten(primals)
    leaves, numpys = arguments.traced(leaves)
    run = recorded("linearize", func, leaves, lambda inputs: (trees.unflatten(inputs, spec), {}))
    outputs, form = arguments.outputs_of("linearize", run.result)
    dummies = [wrap(np.ones_like(duals.values_of(y._data)), None, y) for y in outputs]
    for dummy in dummies:
        dummy._edge = Leaf(dummy)
    back = pull(outputs, run.inputs, dummies, record=True, retain=True)

    def jvp_fn(*tangents: Any) -> Any:
        """The derivative along ``tangents``."""
        directions = _pairs("jvp_fn", primals, tangents)[1]
        record = run.depends(*outputs) or any(map(duals.linked, directions))
        found = trees.unflatten(pull(back, dummies, directions, record, retain=True), form)
        return arguments.plain(found, numpys)

    return arguments.plain(trees.unflatten(map(run.released, outputs), form), numpys), jvp_fn
