"""One call of a primitive on traced values: what it gives, and how its gradients go on."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.engine import observer, versions
from autograd.engine.dispatch import numpys
from autograd.engine.graph import Leaf, Node, TensorBase, edges_from, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.engine.sweep import already
from autograd.numpy.numpy_boxes import boxes
from autograd.numpy.numpy_vspaces import vspace
from autograd.tensors.array import Array, as_array, as_tensor
from autograd.tensors.augmented import as_now


def entered(value: Any) -> Any:
    """A value of a class of one's own, or such a traced one, as an argument to differentiate by."""
    x = wrap(unwrap(value), None, boxes[type(unwrap(value))])
    if not is_linked(value):
        x._edge = Leaf(x)
        return x
    node = Called(_same, (value,), {}, [value], [0])
    return node.born([x._data], [True], trees.LEAF)


def _same(x: Any) -> Any:
    return x


_same.backward = lambda asked, ans, args, options: lambda g: [g]  # type: ignore[attr-defined]


class Called(Node):
    """One call of a primitive on traced values."""

    plain = False
    keeps = False
    out: Any  # the leaves of the result, which of them have gradients, and their form

    def __init__(self, call: Any, args: Any, options: Any, inputs: list[Any], owner: list[int]):
        self.call, self.options = call, options
        self.args = as_now(args)
        self.edges = tuple([one._edge for one in inputs])
        self.owner = owner  # of each edge, the position of the argument that it comes from

    def born(self, leaves: list[Any], linked: list[bool], form: Any) -> Any:
        """The result, whose leaves lead here where they have gradients."""
        self.out, self.outputs = (leaves, linked, form), sum(linked)
        of_args = [x._data for x in trees.flatten(self.args)[0] if is_linked(x)]
        kept = [x for x in (*of_args, *leaves) if isinstance(x, (np.ndarray, np.generic))]
        self.plan = ((None, None, tuple(kept)),)  # what must not be changed
        self.age = versions.tick()
        if observer.listening:
            observer.tell("node_born", self)
        return self._result(edges_from(self))

    def _result(self, edges: Any) -> Any:
        leaves, linked, form = self.out
        links = iter(edges)
        made = [
            wrap(v, next(links), boxes.get(type(v), Array)) if its else v
            for v, its in zip(leaves, linked)
        ]
        return trees.unflatten(made, form)

    def name(self) -> str:
        return str(self.call.__name__)

    def carried_out(self, g: Any, create: bool, on_way: Any, last: bool) -> Any:
        leaves, linked, form = self.out
        of = iter(g if self.outputs > 1 else (g,))
        given = []
        for v, its in zip(leaves, linked):
            d = next(of) if its else None
            if its and d is None:
                d = vspace(v).zeros() if type(v) in boxes else np.zeros_like(v)[()]
            given.append(as_array(d) if create else d)
        if create:
            ans, args = self._result(edges_from(self)), self.args
        else:
            ans, args = trees.unflatten(leaves, form), trees.map_leaves(unwrap, self.args)
        asked = {i for e, i in zip(self.edges, self.owner) if on_way is None or e in on_way}
        ordered = sorted(asked)
        way = self.call.backward(ordered, ans, args, self.options)
        found = dict(zip(ordered, way(trees.unflatten(given, form))))
        taken = {i: iter(self._parts(found[i], self.args[i], i)) for i in ordered}
        return tuple(
            [
                (edge, already, (_sent(next(taken[i]), self.call, i, create),))
                for edge, i in zip(self.edges, self.owner)
                if i in taken
            ]
        )

    def _parts(self, d: Any, x: Any, i: int) -> list[Any]:
        """Pairs of a gradient and the traced leaf of an argument that it belongs to."""
        parts: Any = None
        if isinstance(x, dict):
            if isinstance(d, dict) and d.keys() == x.keys():
                parts = [(d[key], x[key]) for key in x]
        elif isinstance(x, (tuple, list)):
            several = isinstance(d, (tuple, list)) or np.ndim(d)  # or rows of an array
            if several and len(d) == len(x):
                parts = [*zip(d, x)]
        else:
            return [(d, x)] if is_linked(x) else []
        if parts is None:
            raise TypeError(
                f"{self.name()}: its gradient by argument {i} must have the argument's form "
                f"{trees.flatten(x)[1]}; got {described(d)}. Return such a one from the vjp."
            )
        return [pair for part, its in parts for pair in self._parts(part, its, i)]


def _sent(pair: Any, call: Any, i: int, create: bool) -> Any:
    """A gradient of a traced value, paired with it, as the sweep wants it.

    What is broadcast to its shape is the gradient of each element; a complex one of real numbers is
    its real part.
    """
    d, x = pair
    if type(x) in boxes.values():
        return d
    array, like = unwrap(d), x._data
    if not hasattr(array, "dtype") and isinstance(array, (bool, int, float, complex)):
        array = np.asarray(array)
    if not hasattr(array, "dtype") or not dtypes.numeric(array.dtype):
        raise TypeError(
            f"{call.__name__}: its gradient by argument {i} must be an array of numbers of shape "
            f"{like.shape}; got {described(d)}. Return one from the vjp."
        )
    shape = array.shape
    if shape == like.shape and array.dtype == like.dtype:
        if create:
            return as_tensor(d) if isinstance(d, TensorBase) else wrap(array[()], None)
        return array[()]
    t = as_tensor(d) if isinstance(d, TensorBase) else wrap(array, None)
    if dtypes.complex_valued(array.dtype) and not dtypes.complex_valued(like.dtype):
        t = numpys[np.real](t)
    if t._data.dtype != like.dtype:
        t = t.to(like.dtype)
    if shape != like.shape:
        if [n for n in shape if n != 1] == [n for n in like.shape if n != 1]:
            t = numpys[np.reshape](t, like.shape)
        elif is_spread(shape, like.shape):
            t = numpys[np.broadcast_to](t, like.shape)
        else:
            raise ShapeError(
                f"{call.__name__}: its gradient by argument {i} must have the argument's shape "
                f"{like.shape}; got {shape}. Sum over the axes that were broadcast, as "
                "autograd.numpy.numpy_vjps.unbroadcast_f does."
            )
    return t if create else np.array(t._data)[()]


def is_spread(shape: Any, to: Any) -> bool:
    """Whether an array of this shape is broadcast to another."""
    return len(shape) <= len(to) and all([n in (1, m) for n, m in zip(shape[::-1], to[::-1])])


def described(value: Any) -> str:
    if value is None or not hasattr(value, "shape"):
        return f"{value!r:.60} of type {type(value).__name__}" if value is not None else "None"
    return f"{type(value).__name__} of dtype {value.dtype} and shape {tuple(value.shape)}"


def is_linked(x: Any) -> bool:
    return isinstance(x, TensorBase) and x._edge is not None


def number_of_result(leaf: Any, inputs: list[Any], call: Any) -> Any:
    """What a primitive gave as what is traced; None for what has no gradient."""
    if is_linked(leaf):
        raise TypeError(
            f"{call.__name__}: a primitive must be given its traced values as arguments; it closes "
            "over one, whose gradient would be lost. Pass it, and tell its gradient."
        )
    value = unwrap(leaf)
    if type(value) in boxes:
        return value
    if not isinstance(value, (np.ndarray, np.generic, int, float, complex)):
        return None
    array = np.asarray(value)
    if dtypes.integral(array.dtype):
        return array.astype(np.float64)[()]
    if not dtypes.differentiable(array.dtype):
        return None
    if array.ndim and (array.base is not None or any([array is x._data for x in inputs])):
        if any([np.may_share_memory(array, x._data) for x in inputs]):
            array = array.copy()  # what is written into it is not written into an argument
    return array[()]


def numbers_of_results(leaves: list[Any], inputs: list[Any], call: Any) -> list[Any]:
    """:func:`number_of_result` of several; integers beside others are counts or places: plain."""
    found = [number_of_result(leaf, inputs, call) for leaf in leaves]
    whole = [one is not None and _integral(leaf) for leaf, one in zip(leaves, found)]
    if sum(whole) == len([one for one in found if one is not None]):
        return found
    return [None if integral else one for integral, one in zip(whole, found)]


def _integral(value: Any) -> bool:
    value = unwrap(value)
    return type(value) not in boxes and dtypes.integral(np.asarray(value).dtype)


def by_position(call: Any, args: Any, options: Any) -> tuple[Any, Any, bool]:
    """The arguments, with traced keywords by position; whether to run through the function."""
    given = dict(options)
    found = list(args)
    traced = {name for name in given if any(map(is_linked, trees.flatten(given[name])[0]))}
    moved = []
    try:
        places = list(signature(call.fun).parameters.values())[len(args) :]
    except (TypeError, ValueError):  # one of C's
        places = []
    for place in places:
        if traced.isdisjoint(given) or place.kind is not Parameter.POSITIONAL_OR_KEYWORD:
            break
        if place.name not in given and place.default is Parameter.empty:
            break
        if place.name in traced:
            moved.append(len(found))
        found.append(given.pop(place.name, place.default))
    if traced.isdisjoint(given) and all([call.known is None or i in call.known for i in moved]):
        return tuple(found), given, False
    if not any(map(is_linked, trees.flatten(args)[0])):
        return args, options, True
    raise TypeError(
        f"{call.__name__}: traced values must be given to a primitive by position, where their "
        f"gradients were told; got {', '.join(sorted(traced))} by keyword. Pass them by position."
    )
