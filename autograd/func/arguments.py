"""Which arguments of a function are differentiated by, and what a function must return.

Where a program is written in ``autograd.numpy``, plain NumPy arrays are differentiated by, too:
inside they are Arrays, and what comes of them is plain again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.arrays.dialect import recorded, shown
from autograd.engine.graph import TensorBase, wrap
from autograd.tensors.array import Array


class Chosen(NamedTuple):
    """The arguments ``argnums`` of a call as a list of leaves, and the way back."""

    leaves: list[Any]
    spec: trees.Spec  # of the chosen argument, or of the tuple of those chosen
    single: bool
    places: tuple[int, ...]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    numpys: bool  # a leaf was a plain NumPy array

    def filled(self, leaves: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The call's arguments with ``leaves`` in the place of those chosen."""
        args = list(self.args)
        tree = trees.unflatten(leaves, self.spec)
        for place, one in zip(self.places, (tree,) if self.single else tree):
            args[place] = one
        return args, self.kwargs


def chosen(call: str, argnums: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Chosen:
    """The arguments that ``argnums``, an int or a tuple of ints, says.

    :raises TypeError: argnums is something else.
    :raises ValueError: there is no such argument, or one is named twice.
    """
    single = type(argnums) is int
    if not single and not (type(argnums) is tuple and all([type(one) is int for one in argnums])):
        raise TypeError(
            f"{call}: argnums must be an int or a tuple of ints; got {argnums!r:.60} of type "
            f"{type(argnums).__name__}."
        )
    asked = (argnums,) if single else argnums
    for one in asked:
        if not -len(args) <= one < len(args):
            raise ValueError(
                f"{call}: argnums must count positional arguments; got {one}, with {len(args)} of "
                "them given. Arguments given by name are not differentiated by."
            )
    places = tuple([one % len(args) for one in asked])
    if not places or len(set(places)) != len(places):
        raise ValueError(f"{call}: argnums must name arguments, each once; got {argnums!r}.")
    tree = args[places[0]] if single else tuple([args[place] for place in places])
    leaves, spec = trees.flatten(tree)
    leaves, numpys = traced(leaves)
    return Chosen(leaves, spec, single, places, args, kwargs, numpys)


def traced(leaves: list[Any]) -> tuple[list[Any], bool]:
    """``leaves`` with Arrays in the place of plain NumPy arrays, and whether there were any."""
    found = [wrap(x, None, Array) if is_plain(x) else x for x in leaves]
    return found, any([x is not one for x, one in zip(found, leaves)])


def plain(tree: Any, numpys: bool) -> Any:
    """``tree`` as whoever passed plain NumPy arrays gets it: with values in the place of Arrays.

    An Array of which something outside could ask for a derivative, or a sample, stays one.
    """
    return trees.map_leaves(_value, tree) if numpys else tree


def is_plain(x: Any) -> bool:
    """Whether a value is a plain array or scalar of NumPy's; one that is recorded is, too."""
    return isinstance(x, (np.ndarray, np.generic)) or recorded(x) is not None


def _value(leaf: Any) -> Any:
    if type(leaf) is Array and leaf._edge is None and is_plain(leaf._data):
        return shown(leaf._data)
    return leaf


def parted(call: str, result: Any, has_aux: bool) -> tuple[Any, Any]:
    """A function's result as (output, aux), where it has aux.

    :raises TypeError: it should be a pair, and is not.
    """
    if not has_aux:
        return result, None
    if not (type(result) is tuple and len(result) == 2):
        raise TypeError(
            f"{call}: with has_aux=True the function must return a tuple (output, aux); it "
            f"returned {described(result)}."
        )
    return result[0], result[1]


def outputs_of(call: str, result: Any, differentiable: bool = True) -> tuple[list[Any], trees.Spec]:
    """The tensors that a function returned, and how they were packed.

    :raises TypeError: one is no tensor or, where it must be ``differentiable``, one of integers.
    """
    leaves, spec = trees.flatten(result)
    if not leaves:
        raise TypeError(f"{call}: the function must return tensors; it returned {result!r:.60}.")
    for one in leaves:
        if not isinstance(one, TensorBase):
            raise TypeError(
                f"{call}: the function must return tensors only; it returned {described(one)}. "
                "Return what else there is as aux, with has_aux=True."
            )
        if differentiable and not dtypes.differentiable(one._data.dtype):
            raise TypeError(
                f"{call}: the function must return floating-point or complex tensors; it returned "
                f"one of {one._data.dtype}. Return that as aux, with has_aux=True."
            )
    return leaves, spec


def described(value: Any) -> str:
    """What something is, in an error: its class, of a tensor its shape."""
    if isinstance(value, TensorBase):
        return f"a tensor of shape {tuple(value._data.shape)}"
    return f"{type(value).__name__}"
