"""Trees: tuples, lists and dicts in each other, with anything else as their leaves.

What a function takes and returns, be it one tensor or a dict of tuples of them, is taken apart into
a list of leaves and the spec of the rest, from which it is put together again.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np


class Spec(NamedTuple):
    """What a tree is without its leaves. Equal specs are trees of the same form."""

    container: Any  # the class of the container; None is a leaf
    fixed: Any  # what else it is made with: a dict's keys, the default of a defaultdict, ...
    children: tuple[Any, ...]  # their specs
    leaves: int  # how many

    def __repr__(self) -> str:
        return repr(unflatten("*" * self.leaves, self))


LEAF = Spec(None, None, (), 1)


def flatten(tree: Any) -> tuple[list[Any], Spec]:
    """The leaves of ``tree``, from left to right, and its spec.

    Tuples (named ones too), lists, deques and dicts (OrderedDict and defaultdict too, each in its
    own order) are taken apart; all else is a leaf, None and classes derived from these as well.

    >>> leaves, spec = flatten({"a": 1, "b": (2, [3])})
    >>> leaves, spec
    ([1, 2, 3], {'a': '*', 'b': ('*', ['*'])})
    """
    if type(tree) in LEAVES or _kind(tree) is None:
        return [tree], LEAF
    leaves: list[Any] = []
    return leaves, _taken_apart(tree, leaves)


def unflatten(leaves: Iterable[Any], spec: Spec) -> Any:
    """The tree of form ``spec`` with these leaves.

    :raises ValueError: there are more leaves, or fewer.

    >>> unflatten([4, 5, 6], flatten({"a": 1, "b": (2, [3])})[1])
    {'a': 4, 'b': (5, [6])}
    """
    leaves = list(leaves)
    if len(leaves) != spec.leaves:
        raise ValueError(
            f"unflatten: the tree must get as many leaves as it has, {spec.leaves}; got "
            f"{len(leaves)}."
        )
    return leaves[0] if spec is LEAF else _put_together(iter(leaves), spec)


def map_leaves(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The tree of ``function(leaf, ...)``, of the leaves of ``tree`` and those of others like it.

    :raises ValueError: another is of another form.

    >>> map_leaves(lambda x, y: x + y, {"a": 1, "b": (2,)}, {"a": 10, "b": (20,)})
    {'a': 11, 'b': (22,)}
    """
    if not others and _kind(tree) is None:
        return function(tree)
    leaves, spec = flatten(tree)
    columns = [leaves]
    for other in others:
        more, its = flatten(other)
        if its != spec:
            raise ValueError(f"map_leaves: trees must be of one form; got {spec} and {its}.")
        columns.append(more)
    return unflatten(map(function, *columns), spec)


def spread(prefix: Any, spec: Spec) -> list[Any] | None:
    """For each leaf of ``spec`` what ``prefix``, a tree of its upper part, says of it.

    None where ``prefix`` is of another form.

    >>> tree = {"a": 1, "b": (2, [3])}
    >>> spread({"a": 0, "b": 1}, flatten(tree)[1]), spread((0, 1), flatten(tree)[1])
    ([0, 1, 1], None)
    """
    found: list[Any] = []
    return found if _spread(prefix, spec, found) else None


def _spread(prefix: Any, spec: Spec, found: list[Any]) -> bool:
    kind = _kind(prefix)
    if kind is None:
        found += [prefix] * spec.leaves
        return True
    children, fixed = parts(kind, prefix)
    if kind is not spec.container or fixed != spec.fixed or len(children) != len(spec.children):
        return False
    return all([_spread(one, its, found) for one, its in zip(children, spec.children)])


#: Classes of what is no container, as leaves nearly always are
LEAVES = frozenset({np.ndarray, np.float64, float, int, bool, str, type(None)})

_SEQUENCES = (tuple, list, deque)
_MAPPINGS = (dict, OrderedDict, defaultdict)


def _kind(tree: Any) -> Any:
    """The class of a container; None for a leaf."""
    kind = type(tree)
    if kind in _SEQUENCES or kind in _MAPPINGS:
        return kind
    return kind if issubclass(kind, tuple) and hasattr(kind, "_fields") else None


def parts(kind: Any, tree: Any) -> tuple[list[Any], Any]:
    """The children of a container, and what it is made with besides them."""
    if kind in _MAPPINGS:
        return list(tree.values()), (tuple(tree), getattr(tree, "default_factory", None))
    return list(tree), tree.maxlen if kind is deque else None


def _taken_apart(tree: Any, leaves: list[Any]) -> Spec:
    kind = _kind(tree)
    if kind is None:
        leaves.append(tree)
        return LEAF
    children, fixed = parts(kind, tree)
    specs = tuple([_taken_apart(one, leaves) for one in children])
    return Spec(kind, fixed, specs, sum([one.leaves for one in specs]))


def _put_together(leaves: Any, spec: Spec) -> Any:
    kind = spec.container
    if kind is None:
        return next(leaves)
    children = [_put_together(leaves, one) for one in spec.children]
    if kind is list:
        return children
    if kind in _MAPPINGS:
        keys, default = spec.fixed
        pairs = zip(keys, children)
        return defaultdict(default, pairs) if kind is defaultdict else kind(pairs)
    if kind is deque:
        return deque(children, spec.fixed)
    return tuple(children) if kind is tuple else kind._make(children)
