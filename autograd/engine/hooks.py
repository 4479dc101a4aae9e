"""Hooks on tensors and nodes, and the handles that take them out."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any

from autograd.engine.conjugates import through_door
from autograd.engine.graph import Edge, Leaf, Node, TensorBase, node_of, wrap
from autograd.engine.sweep import already


def hooks_of(edge: Edge) -> dict[int, Callable[[Any], Any]]:
    """The hooks on the value that ``edge`` stands for, to be read or added to."""
    node = node_of(edge)
    if node.hooks is None:
        node.hooks = {}
    if type(node) is Leaf:
        return node.hooks
    hooks: dict[int, Any] = node.hooks.setdefault(edge[1] if type(edge) is tuple else 0, {})
    return hooks


_numbers = itertools.count()


class RemovableHandle:
    """What ``register_hook`` returns: ``remove()`` takes the hook out again."""

    def __init__(self, hooks: dict[int, Any]) -> None:
        self.hooks = hooks
        self.id = next(_numbers)  # of its own, so that a second remove() takes out nothing
        self.others: tuple[RemovableHandle, ...] = ()  # which go with it

    def remove(self) -> None:
        """Take the hook out; does nothing the second time."""
        self.hooks.pop(self.id, None)
        for other in self.others:
            other.remove()

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


# -- hooks on nodes -------------------------------------------------------------------------------


def around(node: Node, hook: Callable[..., Any], after: bool) -> RemovableHandle:
    """Let ``hook`` see, and replace, what goes into the backward of ``node``, or what comes out.

    A node that has any is carried out by :func:`_with_hooks`, which the sweep finds in the place of
    its own way to be carried out.
    """
    _check(hook)
    known = node.__dict__.get("_around")
    if known is None:
        known = node.__dict__["_around"] = {False: {}, True: {}}
        if node.hooks is None:
            node.hooks = {}  # which takes the node out of the sweep's plain loop
        this = weakref.ref(node)
        node.__dict__["carried_out"] = lambda g, *how: _with_hooks(this(), g, *how)
    handle = RemovableHandle(known[after])
    known[after][handle.id] = hook
    return handle


def _with_hooks(node: Any, g: Any, create: bool, on_way: Any, last: bool) -> Any:
    """The plan of ``node`` with every gradient computed, and its hooks called around that."""
    before, after = node._around.values()
    g = tuple([_shown(one, create) for one in (g if node.outputs > 1 else (g,))])
    for hook in before.copy().values():
        g = _replaced(hook, hook(g), g)
    given = tuple([_taken(one, create) for one in g])
    way = type(node).carried_out
    plan = list(way(node, given if node.outputs > 1 else given[0], create, on_way, last))
    if not after:
        return tuple(plan)
    made = []
    for edge in node.edges:  # the plan has them in this order, but those left out
        here = plan and plan[0][0] == edge
        made.append(_shown(plan.pop(0)[2][0], create) if here else None)
    found = tuple(made)
    for hook in after.copy().values():
        found = _replaced(hook, hook(found, g), found)
    return tuple(
        (edge, already, (_taken(d, create),))
        for edge, d in zip(node.edges, found)
        if edge is not None and d is not None
    )


def before_leaf(leaf: Leaf, hook: Callable[..., Any]) -> RemovableHandle:
    """Let ``hook`` see, and replace, the gradient that is added to a leaf, in a tuple."""
    _check(hook)
    hooks = hooks_of(leaf)
    handle = RemovableHandle(hooks)
    hooks[handle.id] = lambda g: _replaced(hook, hook((g,)), (g,))[0]
    return handle


def on_leaf(leaf: Leaf, hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook((), (gradient,))`` once the gradient was added to a leaf."""
    _check(hook)
    incoming: list[Any] = [None]
    noting = before_leaf(leaf, lambda g: incoming.__setitem__(0, g[0]))
    if leaf.after is None:
        leaf.after = {}
    handle = RemovableHandle(leaf.after)
    leaf.after[handle.id] = lambda tensor: hook((), (incoming[0],))
    handle.others = (noting,)
    return handle


def _shown(g: Any, create: bool) -> Any:
    """A gradient as hooks see it: a tensor of its own, or None."""
    return through_door(g if g is None or create else wrap(g.copy(), None))


def _taken(g: Any, create: bool) -> Any:
    """A gradient as the sweep wants it, of what hooks were shown, or put in its place."""
    return through_door(g if g is None or create else g._data)


def _replaced(hook: Any, result: Any, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a hook on a node returned, in the place of ``given``; None leaves it."""
    if result is None:
        return given
    result = result if isinstance(result, tuple) else (result,)
    for d, before in zip(result, given):
        fits = isinstance(d, TensorBase) and (
            before is None
            or (d._data.shape == before._data.shape and d._data.dtype == before._data.dtype)
        )
        if not (d is None or fits):
            break
    else:
        if len(result) == len(given):
            return result
    described = [None if one is None else tuple(one._data.shape) for one in given]
    raise RuntimeError(
        f"hook: what a node's hook returns has a tensor of the same shape and dtype, or None, for "
        f"each of {len(given)} gradients, of shapes {described}; "
        f"{getattr(hook, '__name__', hook)} returned {result!r:.60}. Return None to change nothing."
    )


def _check(hook: Any) -> None:
    if not callable(hook):
        raise TypeError(
            f"hook: a hook must be a function; got {type(hook).__name__}. Pass it uncalled."
        )
