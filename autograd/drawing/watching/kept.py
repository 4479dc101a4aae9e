"""What a node of the graph keeps until its backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd.engine import versions
from autograd.engine.graph import Freed, Leaf, Node, TensorBase


def kept_bytes(node: Any) -> int | None:
    """The bytes of what a node keeps; None once that is freed.

    >>> import autograd
    >>> y = autograd.ones(5, requires_grad=True).exp()
    >>> kept_bytes(y.grad_fn), y.sum().backward(), kept_bytes(y.grad_fn)
    (20, None, None)
    """
    if type(node.plan) is Freed or not isinstance(node.plan, tuple):
        return None
    owners = {id(owner): owner for owner in map(versions.owner_of, arrays_kept(node))}
    return sum([int(owner.nbytes) for owner in owners.values()])


def arrays_kept(node: Any) -> Iterator[Any]:
    """The arrays that its formulas need, and those that it has noted on itself."""
    needed = [entry[2] for entry in node.plan or () if len(entry) > 2]
    for one in held_in([needed, vars(node)]):
        array = getattr(one, "_data", one)
        if hasattr(array, "nbytes") and hasattr(array, "dtype"):
            yield array


def held_in(value: Any) -> Iterator[Any]:
    """What is in tuples, lists, dicts and plain objects, in order and to any depth."""
    waiting, met = [value], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, (list, tuple, dict)) or _plain(one):
            if id(one) in met:
                continue
            met.add(id(one))
            inside = one if isinstance(one, (list, tuple)) else getattr(one, "__dict__", one)
            waiting += reversed(list(inside.values() if isinstance(inside, dict) else inside))
        else:
            yield one


def _plain(one: Any) -> bool:
    """Whether it is an object of a user's class that may hold tensors."""
    return (
        hasattr(one, "__dict__")
        and not isinstance(one, (TensorBase, Node, Leaf, type))
        and not callable(one)
        and not hasattr(one, "dtype")
    )
