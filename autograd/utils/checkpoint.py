"""Checkpoints: what a function keeps for the backward pass is dropped, and computed again there.

Trading time for memory so: Chen et al. 2016, arXiv:1604.06174.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any

from autograd.engine import observer, versions
from autograd.engine.grad_mode import enable_grad, mode, no_grad
from autograd.engine.graph import Edge, Freed, Leaf, Node, TensorBase, edges_from, node_of, wrap
from autograd.engine.sweep import already, arrivals
from autograd.random.generator import get_rng_state, set_rng_state

__all__ = ["checkpoint", "checkpoint_sequential"]


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    context_fn: Any = None,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """``function(*args, **kwargs)``, whose backward pass calls the function again.

    Between the passes nothing of it is kept but its arguments and its results. Its second call sees
    the random numbers of the first unless ``preserve_rng_state`` is False.

    ``use_reentrant`` makes no difference to gradients, of whichever order, but for what it says in
    PyTorch: if it is not False, keywords are refused (ValueError), and where no tensor among
    ``args`` requires grad, nothing is recorded, and a warning says so. ``context_fn`` and the
    options after it are accepted, and do nothing. Raises RuntimeError, in the backward pass, where
    the function's second call gives results of other shapes.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False).sum().backward()
    >>> bool(x.grad[0] == (x.exp().cos() * x.exp())[0])
    True
    """
    if not mode.grad:
        return function(*args, **kwargs)
    if use_reentrant is None or use_reentrant:
        if kwargs:
            raise ValueError(
                f"checkpoint: keywords need use_reentrant=False; got {', '.join(kwargs)}."
            )
        if not any(one._edge is not None for one in args if isinstance(one, TensorBase)):
            warnings.warn(
                "checkpoint: no argument requires grad, so nothing is recorded. Pass "
                "use_reentrant=False to have the gradients of parameters.",
                stacklevel=2,
            )
            with no_grad():
                return function(*args)
    arrays = tuple([one._data for one in args if isinstance(one, TensorBase)])
    return _Again.begin(lambda: function(*args, **kwargs), preserve_rng_state, arrays)


def checkpoint_sequential(
    functions: Any,
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    **kwargs: Any,
) -> Any:
    """``functions``, one after another, in ``segments`` of which all but the last are checkpoints.

    :param functions: a Sequential or a list of modules or functions of one argument.
    :raises ValueError: for keywords other than ``preserve_rng_state``.

    >>> import autograd
    >>> x = autograd.tensor([0.5], requires_grad=True)
    >>> checkpoint_sequential([autograd.sin, autograd.exp, autograd.sin], 2, x).backward(); x.grad
    tensor([-0.0628])
    """
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError(
            "checkpoint_sequential: the only other option is preserve_rng_state; got "
            f"{', '.join(kwargs)}."
        )
    steps = list(functions.children() if hasattr(functions, "children") else functions)
    length = len(steps) // segments

    def run(some: list[Any]) -> Callable[[Any], Any]:
        def forward(x: Any) -> Any:
            for step in some:
                x = step(x)
            return x

        return forward

    for start in range(0, length * (segments - 1), length or 1):
        input = checkpoint(
            run(steps[start : start + length]),
            input,
            use_reentrant=use_reentrant,
            preserve_rng_state=preserve,
        )
    return run(steps[length * (segments - 1) :])(input)


class _Again(Node):
    """The node of a whole function: it leads where the function's graph led."""

    plain = False
    shapes: list[Any]  # of the results

    def __init__(self, call: Callable[[], Any], preserve: bool) -> None:
        self.call = call
        self.state = get_rng_state() if preserve else None
        self.edges = ()

    @classmethod
    def begin(cls, call: Callable[[], Any], preserve: bool, arrays: tuple[Any, ...]) -> Any:
        """What ``call`` returns, made by this node; ``arrays``, its arguments, must not change."""
        node = cls(call, preserve)
        start = versions.tick()
        result = call()
        inner = [
            one
            for one in _tensors_in(result)
            if one._edge is not None and node_of(one._edge).age < start
        ]
        if not inner:
            return result
        node.shapes = [one._data.shape for one in inner]
        node.edges = tuple(_leads_to([one._edge for one in inner], start))
        node.outputs = len(inner)
        node.age = versions.tick()
        node.plan = ((None, None, arrays),)
        replaced = {
            id(one): wrap(one._data, edge, one)
            for one, edge in zip(inner, edges_from(node), strict=True)
        }
        return _with_tensors(result, replaced)

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        now = None if self.state is None else get_rng_state()
        if self.state is not None:
            set_rng_state(self.state)
        try:
            start = versions.tick()
            with enable_grad():
                result = self.call()
        finally:
            if now is not None:
                set_rng_state(now)
        inner = [
            one
            for one in _tensors_in(result)
            if one._edge is not None and node_of(one._edge).age < start
        ]
        shapes = [one._data.shape for one in inner]
        if shapes != self.shapes:
            raise RuntimeError(
                "checkpoint: the function must do the same when it is called again; its results "
                f"had shapes {self.shapes}, and now {shapes}."
            )
        given = g if self.outputs > 1 else (g,)
        roots = [(one._edge, d) for one, d in zip(inner, given, strict=True) if d is not None]
        found = _swept(roots, start, create)
        return tuple(
            [(edge, already, (d,)) for edge, d in found.items() if on_way is None or edge in on_way]
        )


def _leads_to(edges: Iterable[Edge], start: int) -> dict[Edge, None]:
    """The edges by which a graph that began at time ``start`` leads to what was there before."""
    outer: dict[Edge, None] = {}
    seen: set[int] = set()
    waiting = list(edges)
    while waiting:
        edge = waiting.pop()
        node = node_of(edge)
        if type(node) is Leaf or node.age > start:
            outer[edge] = None
        elif id(node) not in seen:
            seen.add(id(node))
            waiting += [one for one in node.edges if one is not None]
    return outer


def _swept(roots: list[tuple[Edge, Any]], start: int, create: bool) -> dict[Edge, Any]:
    """The gradients where a graph that began at time ``start`` leads to what was there before.

    As ``sweep``, but it ends there: what is older is swept by the pass that called us.
    """
    grads: dict[Edge, Any] = {}
    heap: list[tuple[int, Any]] = []
    waiting: set[Any] = set()
    freed = Freed()
    freed.time = start

    def add(edge: Edge, d: Any) -> None:
        node = node_of(edge)
        grads[edge] = grads[edge] + d if edge in grads else d
        if type(node) is not Leaf and node.age < start and node not in waiting:
            waiting.add(node)
            heappush(heap, (node.age, node))

    for edge, d in roots:
        add(edge, d)
    while heap:
        node = heappop(heap)[1]
        incoming = arrivals(node, grads)
        g = incoming[0] if node.outputs == 1 else tuple(incoming)
        if observer.listening:
            observer.tell("formula_runs", node, g)
        found = [(edge, d) for edge, _, (d,) in node.carried_out(g, create, None, not create)]
        if observer.listening:
            observer.tell("formula_ran", node, found)
        for edge, d in found:
            if d is not None:
                add(edge, d)
        if not create:
            node.plan = freed
    return grads


def _tensors_in(value: Any) -> list[Any]:
    """The tensors in nested tuples, lists and dicts, each once."""
    if isinstance(value, TensorBase):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    found = {}
    if isinstance(value, (tuple, list, dict)):
        found = {id(one): one for part in parts for one in _tensors_in(part)}
    return list(found.values())


def _with_tensors(value: Any, replaced: dict[int, Any]) -> Any:
    """``value`` with other tensors in the places of those that ``replaced`` names."""
    if isinstance(value, TensorBase):
        return replaced.get(id(value), value)
    if isinstance(value, dict):
        return type(value)({key: _with_tensors(one, replaced) for key, one in value.items()})
    if isinstance(value, (tuple, list)):
        parts = [_with_tensors(one, replaced) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value
