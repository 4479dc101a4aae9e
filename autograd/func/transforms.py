"""Derivatives as functions, in reverse mode: ``grad``, ``grad_and_value``, ``vjp``::

    def grad(f):
        def gradient(x):
            x = a fresh leaf over x's array
            return the gradient of f(x) by that leaf
        return gradient

They nest: where something outside could ask for a derivative of the result, it is recorded
(recording.py), and gradients are sums over samples where ``vmap`` says so (vmap's levels).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.engine.duals import linked
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.func import arguments
from autograd.func.recording import Recorded, pull, recorded

__all__ = ["grad", "grad_and_value", "vjp"]


def grad(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func``, whose result is a scalar tensor.

    Shapes: of an argument (*n) the gradient (*n).

    :param func: a function of tensors, or of tuples, lists and dicts of them, and of anything else
        among the arguments that are not differentiated by.
    :param argnums: the arguments to differentiate by, by position.
    :param has_aux: ``func`` returns (output, aux), and the gradient comes as (gradient, aux).
    :returns: a function of the same arguments; its result has the form of the argument, or is a
        tuple of such where ``argnums`` is one. It can be differentiated again, or mapped.
    :raises TypeError: the output is no tensor, or what is differentiated by is not all tensors of
        a floating dtype.
    :raises ShapeError: the output is no scalar.

    >>> import autograd
    >>> cube = lambda x: x ** 3
    >>> grad(cube)(autograd.tensor(2.0)), grad(grad(cube))(autograd.tensor(2.0))
    (tensor(12.), tensor(12.))
    """

    @wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        found, _, aux = _gradient("grad", func, argnums, has_aux, args, kwargs)
        return (found, aux) if has_aux else found

    return gradient


def grad_and_value(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of ``func`` and its value; see :func:`grad`.

    Shapes: of an argument (*n) the gradient (*n), and the value (). With ``has_aux`` it gives
    (gradient, (output, aux)).

    :raises TypeError: as for :func:`grad`.
    :raises ShapeError: the output is no scalar.

    >>> import autograd
    >>> grad_and_value(lambda x: x ** 3)(autograd.tensor(2.0))
    (tensor(12.), tensor(8.))
    """

    @wraps(func)
    def gradient_and_value(*args: Any, **kwargs: Any) -> Any:
        found, value, aux = _gradient("grad_and_value", func, argnums, has_aux, args, kwargs)
        return found, ((value, aux) if has_aux else value)

    return gradient_and_value


def _gradient(
    call: str, func: Any, argnums: Any, has_aux: bool, args: Any, kwargs: Any
) -> tuple[Any, Any, Any]:
    """The gradient by the chosen arguments, the value, and aux."""
    chosen = arguments.chosen(call, argnums, args, kwargs)
    run = recorded(call, func, chosen.leaves, chosen.filled)
    value, aux = arguments.parted(call, run.result, has_aux)
    if not isinstance(value, TensorBase):
        raise TypeError(
            f"{call}: the function must return a tensor; it returned {arguments.described(value)}. "
            "With has_aux=True it returns (output, aux)."
        )
    if value._data.shape:
        raise ShapeError(
            f"{call}: the function must return a scalar; it returned a tensor of shape "
            f"{tuple(value._data.shape)}. Sum it, or use func.vjp or func.jacrev."
        )
    record = run.depends(value)
    seed = wrap(np.ones_like(value._data)[()], None, value)
    found = pull([value], run.inputs, [seed], record, retain=record)
    gradient = trees.unflatten(found, chosen.spec)
    told = gradient, run.released(value), run.released(aux) if has_aux else None
    return arguments.plain(told, chosen.numpys)


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """The value of ``func`` and the function that multiplies a vector by its Jacobian.

    Shapes: for an output (*m) and a primal (*n), cotangents (*m) -> (*n).

    :param func: takes ``primals``, trees of tensors; returns a tree of tensors.
    :param has_aux: ``func`` returns (output, aux).
    :returns: (output, vjp_fn), or (output, vjp_fn, aux). ``vjp_fn(cotangents)``, where these are
        as the output is, gives a tuple of gradients as the primals are; it may be called again.
    :raises TypeError: a primal, or an output, is no tensor of a floating dtype.
    :raises ValueError: by ``vjp_fn``, cotangents are packed otherwise than the output is.
    :raises ShapeError: by ``vjp_fn``, a cotangent has another shape than its output.

    >>> import autograd
    >>> y, vjp_fn = vjp(lambda x: x ** 2, autograd.tensor([1.0, 2.0]))
    >>> y, vjp_fn(autograd.tensor([1.0, 10.0]))
    (tensor([1., 4.]), (tensor([ 2., 40.]),))
    """
    leaves, spec = trees.flatten(primals)
    leaves, numpys = arguments.traced(leaves)
    run = recorded("vjp", func, leaves, lambda inputs: (trees.unflatten(inputs, spec), {}))
    result, aux = arguments.parted("vjp", run.result, has_aux)
    outputs, form = arguments.outputs_of("vjp", result)

    def vjp_fn(
        cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None
    ) -> tuple[Any, ...]:
        """The cotangents times the Jacobian, for each primal."""
        seeds = _seeds(cotangents, outputs, form)
        found = pulled(run, outputs, seeds, retain_graph, create_graph)
        gradients: tuple[Any, ...] = arguments.plain(trees.unflatten(found, spec), numpys)
        return gradients

    output = arguments.plain(trees.unflatten(map(run.released, outputs), form), numpys)
    if has_aux:
        return output, vjp_fn, arguments.plain(run.released(aux), numpys)
    return output, vjp_fn


def pulled(
    run: Recorded, outputs: list[Any], seeds: list[Any], retain: bool = True, create: Any = None
) -> list[Any]:
    """The gradients of ``outputs`` by the inputs of ``run``, recorded where it can matter."""
    if create is None:
        asked = any(map(linked, seeds))
        create = mode.grad and (asked or run.depends(*outputs))
    return pull(outputs, run.inputs, seeds, create, retain)


def _seeds(cotangents: Any, outputs: list[Any], form: trees.Spec) -> list[Any]:
    """The leaves of ``cotangents``, checked against the outputs."""
    seeds, spec = trees.flatten(cotangents)
    seeds, _ = arguments.traced(seeds)
    if spec != form:
        raise ValueError(
            f"vjp_fn: cotangents must be packed as the function's outputs are, {form}; got {spec}."
        )
    for seed, out in zip(seeds, outputs):
        if not isinstance(seed, TensorBase) or seed._data.shape != out._data.shape:
            raise ShapeError(
                "vjp_fn: a cotangent must be a tensor of its output's shape "
                f"{tuple(out._data.shape)}; got {arguments.described(seed)}."
            )
    return seeds
