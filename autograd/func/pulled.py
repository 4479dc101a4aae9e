"""What a function depends on without being given it, and its vjp as one op, differentiable once.

Implicit and adjoint derivatives need vjps at points that depend, in their turn, on what the
gradients go to. As an op a vjp sees its own arguments and none of their history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.engine import backward
from autograd.engine.context import once_differentiable
from autograd.engine.function import Function
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import Leaf, node_of, wrap


def captured(output: Any, given: Sequence[Any], since: int) -> list[Any]:
    """What ``output`` depends on, but for ``given``, that was there at ``since`` on the clock.

    Leaf tensors, and of what was made of others a tensor of its edge and its shape, for gradients
    to go to.

    >>> import autograd
    >>> from autograd.engine import versions
    >>> w, x = autograd.ones(2, requires_grad=True), autograd.ones(2, requires_grad=True)
    >>> v, since = w.exp(), versions.tick()
    >>> leaf, made = captured(v * x * w, [x], since)
    >>> leaf is w, made.grad_fn is v.grad_fn
    (True, True)
    """
    edges = [] if output._edge is None else [output._edge]
    own = {one._edge for one in given}
    seen, leaves, made = set(edges), [], []
    for edge in edges:  # grows while it is walked
        node = node_of(edge)
        if edge in own:
            continue
        if type(node) is Leaf:
            leaves += [node.tensor()] if node.tensor() is not None else []
        elif node.age > since:  # the clock counts downwards
            made.append(wrap(output._data, edge))
        else:
            below = [one for one in node.edges if one is not None and one not in seen]
            seen.update(below)
            edges += dict.fromkeys(below)
    ones = wrap(np.ones_like(output._data), None)
    slopes = backward.grad(output, made, ones, create_graph=True) if made else ()
    return leaves + [wrap(np.zeros_like(g._data), one._edge) for one, g in zip(made, slopes)]


def pulled(
    func: Callable[..., Any], args: Sequence[Any], hidden: Sequence[Any], a: Any
) -> tuple[Any, ...]:
    """``func(*args)``, and aᵀ times its slopes by each of ``args`` and of the ``hidden`` leaves.

    >>> import autograd
    >>> w, x = autograd.tensor(3.0, requires_grad=True), autograd.tensor(2.0)
    >>> [one.item() for one in pulled(lambda x: w * x, [x], [w], autograd.tensor(1.0))]
    [6.0, 3.0, 2.0]
    """
    return _Pulled.apply(func, len(args), *args, *hidden, a)


class _Pulled(Function):
    @staticmethod
    def forward(ctx: Any, func: Any, count: int, *tensors: Any) -> Any:
        ctx.func, ctx.count = func, count
        ctx.save_for_backward(*tensors)
        out, found, _, _ = _pull(func, count, tensors, False)
        return (out.detach(), *found)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *g: Any) -> Any:
        tensors = ctx.saved_tensors
        out, found, fresh, a = _pull(ctx.func, ctx.count, tensors, True)
        ends = [
            (one, its)
            for one, its in zip((out, *found), g)
            if its is not None and one.requires_grad
        ]
        wanted = [*fresh, *tensors[ctx.count : -1], a]
        slopes = backward.grad(
            [one for one, _ in ends], wanted, [its for _, its in ends], materialize_grads=True
        )
        return (None, None, *slopes)


def _pull(
    func: Any, count: int, tensors: Sequence[Any], record: bool
) -> tuple[Any, Sequence[Any], list[Any], Any]:
    """The result and the vjps, and the fresh leaves that were made for arguments and ``a``."""
    with enable_grad():
        fresh = [one.detach().requires_grad_() for one in tensors[:count]]
        a = tensors[-1].detach().requires_grad_(record)
        out = func(*fresh)
        wanted = [*fresh, *tensors[count:-1]]
        if not out.requires_grad:
            return out, [one.detach() * 0 for one in wanted], fresh, a
        found = backward.grad(out, wanted, a, create_graph=record, materialize_grads=True,
                              retain_graph=True)  # fmt: skip
    return out, found, fresh, a
