"""Arguments of a step that is recorded: each tensor and array comes under a name of its own.

A step may be given a tensor that it also knows from elsewhere (a closure, a global, a buffer). Its
program must tell the two apart: the one is another next time, the other is not. So while the step
is recorded, a stand-in over the same memory takes the place of the argument; what is read through
it is the argument's, all else comes from outside.

A leaf that requires a gradient keeps its place in the graph, and has no stand-in. It is taken for
an argument alone where nothing that the step can reach holds it; else it must be the same each
time.

For an array of NumPy's a recorder is the stand-in: the step's own code computes on it. So is a
Number for a number, where no tensors are about.
"""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Iterable
from operator import is_
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.recorder import Recorded
from autograd.compiler.tapes.recording import settled
from autograd.engine import watches
from autograd.engine.graph import Leaf, TensorBase


class StandIns:
    """Stand-ins for the arrays among ``leaves`` and the tensors that need no gradient, by number.

    ``numbers`` says which of the leaves a tensor stands for, by the ``id`` that it has in the step.

    :param near: what the step can reach.
    :param as_given: there are none for tensors, since the step may tell objects apart.
    :param tape: what gives recorders for arrays of NumPy's, and for numbers.
    :param fixed: the numbers among the leaves that must be the same each time.

    >>> import autograd
    >>> x, w = autograd.ones(2), autograd.ones(2, requires_grad=True)
    >>> stand_ins = StandIns([x, w, 3], [])
    >>> stand_ins.leaves[0] is x, stand_ins.leaves[1] is w, [*stand_ins.numbers.values()]
    (False, True, [0, 1])
    >>> [*StandIns([x, w, 3], [w]).numbers.values()]
    [0]
    """

    def __init__(
        self,
        leaves: list[Any],
        near: list[Any],
        as_given: bool = False,
        tape: Any = None,
        fixed: Iterable[int] = (),
    ) -> None:
        self.given = leaves
        self.arrays = _recorders(leaves, tape.lift) if tape is not None else {}
        if tape is not None:
            tape.of_arrays = bool(self.arrays)
        if tape is not None and not any([_is_of_tensors(one) for one in (*leaves, *near)]):
            numbers = [i for i, leaf in enumerate(leaves) if type(leaf) in (int, float)]
            self.arrays |= {i: tape.argument(leaves[i], i) for i in numbers if i not in fixed}
            tape.of_arrays = tape.of_arrays or bool(numbers)
        may = [i for i, x in enumerate(leaves) if _may(x) and not as_given]
        self.tensors = {i: _stand_in(leaves[i]) for i in may}
        self.numbers = {id(one): i for i, one in self.tensors.items()}
        known = {*map(id, near), *[id(p) for one in near for p in _held(one)]}
        for optimizer in [*watches.optimizers]:
            known |= {id(p) for group in optimizer.param_groups for p in group["params"]}
        for i, x in enumerate(leaves):
            alone = isinstance(x, TensorBase) and id(x) not in known
            if alone and (as_given or type(x._edge) is Leaf):
                self.numbers[id(x)] = i
        self.numbers |= {id(one): i for i, one in self.arrays.items()}
        stand_ins = {**self.tensors, **self.arrays}
        self.leaves = [stand_ins.get(i, leaf) for i, leaf in enumerate(leaves)]
        self._containers: list[tuple[Any, Any, Any]] = []

    def in_place_of(self, tree: Any, spec: Any) -> Any:
        """``tree``, the arguments, with the stand-ins: its lists and dicts are new ones, too."""
        made = trees.unflatten(self.leaves, spec)
        waiting = [(tree, made)]
        while waiting:
            one, other = waiting.pop()
            if isinstance(one, dict):
                self._containers.append((one, other, [*other.items()]))
                waiting += zip(one.values(), other.values())
            elif one is not other and isinstance(one, (tuple, list, deque)):
                self._containers += [] if isinstance(one, tuple) else [(one, other, [*other])]
                waiting += zip(one, other)
        return made

    def given_back(self, tree: Any) -> Any:
        """``tree`` with the arguments in the place of their stand-ins."""
        given = {
            id(one): self.given[i]
            for stand_ins in (self.tensors, self.arrays)
            for i, one in stand_ins.items()
        }
        leaves, spec = trees.flatten(tree)
        if not any([id(one) in given or isinstance(one, (Recorded, Number)) for one in leaves]):
            return tree
        return trees.unflatten([given.get(id(one), settled(one)) for one in leaves], spec)

    def hand_over(self) -> None:
        """Give the arguments what the step has done to their stand-ins."""
        for i, one in self.tensors.items():
            tensor = self.given[i]
            tensor._data, tensor._grad, tensor._kin = one._data, one._grad, one._kin
            tensor._edge = one._edge
            if type(one._edge) is Leaf:
                one._edge.tensor = weakref.ref(tensor)
        back = {id(one): self.given[i] for i, one in self.tensors.items()}
        back.update({id(one): self.given[i] for i, one in self.arrays.items()})
        back.update({id(other): one for one, other, _ in self._containers})
        for one, other, before in self._containers:
            now = [*other.items()] if isinstance(other, dict) else [*other]
            if len(now) != len(before) or not all(map(_same, now, before)):
                one.clear()
                if isinstance(one, dict):
                    one.update({key: back.get(id(value), settled(value)) for key, value in now})
                else:
                    one.extend([back.get(id(value), settled(value)) for value in now])
        self._containers.clear()

    def kept(self, *known: dict[int, Any]) -> bool:
        """Whether somebody keeps a stand-in, besides those who are ``known``: dicts by its id."""
        self.leaves = []
        for i in self.tensors:
            ours = 2 + sum([id(self.tensors[i]) in one for one in known])  # the dict, and the call
            if sys.getrefcount(self.tensors[i]) > ours:
                return True
        return False


def _recorders(leaves: list[Any], lift: Any) -> dict[int, Any]:
    """Recorders over the arrays of NumPy's among ``leaves``, each its own, by number."""
    found: dict[int, Any] = {}
    seen: set[int] = set()
    for i, leaf in enumerate(leaves):
        if type(leaf) is np.ndarray or isinstance(leaf, np.generic):
            again = type(leaf) is np.ndarray and id(leaf) in seen
            found[i] = lift(leaf.view() if again else leaf)
            seen.add(id(leaf))
    return found


def _is_of_tensors(one: Any) -> bool:
    kinds = (TensorBase, *watches.module_kinds)
    return isinstance(one, kinds) or hasattr(type(one), "zero_grad")


def _same(one: Any, other: Any) -> bool:
    """Whether two items are one: a dict's are pairs."""
    if type(one) is tuple and type(other) is tuple and len(one) == len(other):
        return all(map(is_, one, other))
    return one is other


def _held(one: Any) -> list[Any]:
    """The parameters and buffers of a module; nothing of anything else."""
    if isinstance(one, tuple(watches.module_kinds)):
        return [*one.parameters(), *one.buffers()]  # type: ignore[attr-defined]
    return []


def _may(leaf: Any) -> bool:
    return isinstance(leaf, TensorBase) and leaf._whole and leaf._edge is None


def _stand_in(tensor: Any) -> Any:
    one = object.__new__(type(tensor))
    one._data, one._grad, one._kin, one._edge = tensor._data, tensor._grad, tensor._kin, None
    one.__dict__ = tensor.__dict__
    return one
