"""Jacobians and Hessians as functions: ``jacrev``, ``jacfwd``, ``hessian``.

A Jacobian is a vjp of each row of an identity matrix, or a jvp of each column: all rows, or all
columns, go through the function at once, as samples of a hidden axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.engine.graph import wrap
from autograd.func import arguments
from autograd.func.forward import jvp
from autograd.func.mapping import check_chunk, vmap
from autograd.func.recording import check_leaf, pull, recorded

__all__ = ["hessian", "jacfwd", "jacrev"]


def jacrev(
    func: Callable[..., Any],
    argnums: int | tuple[int, ...] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``func``, a row at a time, by reverse mode.

    Shapes: for an output (*m) and an argument (*n), (*m, *n); for trees of them a tree as the
    output is, of trees as the argument is.

    :param func: a function of tensors, or trees of them, that returns a tensor or a tree.
    :param argnums: the arguments to differentiate by, by position.
    :param has_aux: ``func`` returns (output, aux), and the Jacobian comes as (jacobian, aux).
    :param chunk_size: how many rows to compute at once; None: all, the fastest, with memory for
        as many backward passes.
    :raises TypeError: an output, or what is differentiated by, is no tensor of a floating dtype.

    >>> import autograd
    >>> jacrev(lambda x: x ** 2)(autograd.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    check_chunk("jacrev", chunk_size)

    @wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        chosen = arguments.chosen("jacrev", argnums, args, kwargs)
        run = recorded("jacrev", func, chosen.leaves, chosen.filled)
        result, aux = arguments.parted("jacrev", run.result, has_aux)
        outputs, form = arguments.outputs_of("jacrev", result)
        record = run.depends(*outputs)
        found = rows(outputs, run.inputs, record, chunk_size)
        tree = trees.unflatten([trees.unflatten(row, chosen.spec) for row in found], form)
        told = (tree, run.released(aux)) if has_aux else tree
        return arguments.plain(told, chosen.numpys)

    return jacobian


def basis(tensors: Sequence[Any], first: int, last: int) -> list[Any]:
    """Rows ``first`` to ``last`` of the identity on all elements of ``tensors``, one after another.

    For each tensor those elements of the rows that are its own, (rows, *its shape).
    """
    found, start = [], 0
    for one in tensors:
        data = one._data
        rows = np.eye(last - first, data.size, first - start, dtype=data.dtype)
        found.append(wrap(np.reshape(rows, (last - first, *data.shape)), None, one))
        start += data.size
    return found


def rows(
    outputs: list[Any], inputs: list[Any], record: bool, chunk_size: int | None
) -> list[list[Any]]:
    """For each output a list, for each input its block of the Jacobian, by reverse mode."""
    total = sum([out._data.size for out in outputs])
    step = chunk_size or max(total, 1)
    parts = []
    for first in range(0, max(total, 1), step):
        seeds = basis(outputs, first, min(total, first + step))
        if len(seeds[0]) == 1:  # an ordinary backward pass
            found = pull(outputs, inputs, [u[0] for u in seeds], record, retain=True)
            parts.append([np.expand_dims(g, 0) for g in found])
        else:
            parts.append(pull(outputs, inputs, seeds, record, retain=True, batched=True))
    whole = parts[0] if len(parts) == 1 else [np.concatenate(one) for one in zip(*parts)]
    blocks, start = [], 0
    for out in outputs:
        stop = start + out._data.size
        shapes = [(*out._data.shape, *x._data.shape) for x in inputs]
        taken = whole if stop - start == total else [g[start:stop] for g in whole]
        blocks.append([np.reshape(g, shape) for g, shape in zip(taken, shapes)])
        start = stop
    return blocks


def jacfwd(
    func: Callable[..., Any],
    argnums: int | tuple[int, ...] = 0,
    has_aux: bool = False,
    *,
    randomness: str = "error",
) -> Callable[..., Any]:
    """The function that gives the Jacobian of ``func``, a column at a time, by forward mode.

    Shapes: for an output (*m) and an argument (*n), (*m, *n), packed as :func:`jacrev` has it;
    faster than that where there are fewer inputs than outputs.

    :param func: a function of tensors, or trees of them, that returns a tensor or a tree.
    :param argnums: the arguments to differentiate by, by position.
    :param has_aux: ``func`` returns (output, aux), and the Jacobian comes as (jacobian, aux).
    :param randomness: what random numbers inside do, see :func:`autograd.func.vmap`.
    :raises TypeError: an output, or what is differentiated by, is no tensor of a floating dtype.

    >>> import autograd
    >>> jacfwd(lambda x: x ** 2)(autograd.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        chosen = arguments.chosen("jacfwd", argnums, args, kwargs)
        seen: list[Any] = []

        def column(*directions: Any) -> Any:
            def call(*leaves: Any) -> Any:
                given, named = chosen.filled(list(leaves))
                result, aux = arguments.parted("jacfwd", func(*given, **named), has_aux)
                outputs, form = arguments.outputs_of("jacfwd", result)
                return tuple(outputs), (form, aux)

            _, derivatives, (form, aux) = jvp(call, tuple(chosen.leaves), directions, has_aux=True)
            seen[:] = [form, aux]
            return derivatives

        for leaf in chosen.leaves:
            check_leaf("jacfwd", leaf)
        columns = basis(chosen.leaves, 0, sum([x._data.size for x in chosen.leaves]))
        found = vmap(column, randomness=randomness)(*columns)
        form, aux = seen
        blocks = [_by_columns(block, chosen.leaves) for block in found]
        tree = trees.unflatten([trees.unflatten(one, chosen.spec) for one in blocks], form)
        return arguments.plain((tree, aux) if has_aux else tree, chosen.numpys)

    return jacobian


def _by_columns(block: Any, inputs: list[Any]) -> list[Any]:
    """The columns of one output, (columns, *m), as its Jacobian by each input, (*m, *n)."""
    found, start = [], 0
    for x in inputs:
        stop = start + x._data.size
        columns = np.moveaxis(block[start:stop], 0, -1)
        found.append(np.reshape(columns, (*columns.shape[:-1], *x._data.shape)))
        start = stop
    return found


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that gives the second derivatives of ``func``.

    Shapes: for an output (*m) and an argument (*n), (*m, *n, *n); for trees, or several arguments,
    a tree of trees of trees. It is ``jacfwd(jacrev(func))``: one backward pass for each element of
    the output, and forward mode over it along all directions at once.

    :raises TypeError: an output, or what is differentiated by, is no tensor of a floating dtype.

    >>> import autograd
    >>> hessian(lambda x: (x ** 3).sum())(autograd.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
