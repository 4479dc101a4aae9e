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
from autograd.engine import backward
from autograd.engine.graph import wrap
from autograd.func import arguments
from autograd.func.recording import recorded

__all__ = ["hessian", "jacrev"]


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
        rows = _rows(outputs, run.inputs, record, chunk_size)
        found = trees.unflatten([trees.unflatten(row, chosen.spec) for row in rows], form)
        return (found, run.released(aux)) if has_aux else found

    return jacobian


def check_chunk(call: str, chunk_size: int | None) -> None:
    """Raise ValueError where there is nothing in a chunk."""
    if chunk_size is not None and chunk_size < 1:
        raise ValueError(f"{call}: chunk_size must be at least 1, or None; got {chunk_size}.")


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


def _rows(
    outputs: list[Any], inputs: list[Any], record: bool, chunk_size: int | None
) -> list[list[Any]]:
    """For each output a list, for each input its block of the Jacobian."""
    total = sum([out._data.size for out in outputs])
    step = chunk_size or max(total, 1)
    parts = []
    for first in range(0, max(total, 1), step):
        seeds = basis(outputs, first, min(total, first + step))
        parts.append(_pulled(outputs, inputs, seeds, record))
    whole = parts[0] if len(parts) == 1 else [np.concatenate(rows) for rows in zip(*parts)]
    blocks, start = [], 0
    for out in outputs:
        stop = start + out._data.size
        shapes = [(*out._data.shape, *x._data.shape) for x in inputs]
        blocks.append([np.reshape(g[start:stop], shape) for g, shape in zip(whole, shapes)])
        start = stop
    return blocks


def _pulled(outputs: list[Any], inputs: list[Any], seeds: list[Any], record: bool) -> list[Any]:
    """The gradients of ``outputs`` by ``inputs`` for each row of ``seeds``."""
    roots = [(out, seed) for out, seed in zip(outputs, seeds) if out._edge is not None]
    rows = len(seeds[0]._data)
    if not roots or not rows:
        zeros = [np.zeros((rows, *x._data.shape), x._data.dtype, like=x._data) for x in inputs]
        return [wrap(zero, None, x) for zero, x in zip(zeros, inputs)]
    return list(
        backward.grad(
            [out for out, _ in roots],
            inputs,
            [seed for _, seed in roots],
            retain_graph=True,
            create_graph=record,
            is_grads_batched=True,
            materialize_grads=True,
        )
    )


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that gives the second derivatives of ``func``.

    Shapes: for an output (*m) and an argument (*n), (*m, *n, *n); for trees, or several arguments,
    a tree of trees of trees, as two Jacobians one over the other give it.

    :raises TypeError: an output, or what is differentiated by, is no tensor of a floating dtype.

    >>> import autograd
    >>> hessian(lambda x: (x ** 3).sum())(autograd.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacrev(jacrev(func, argnums), argnums)
