"""Trees of tensors as one vector."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.arrays.batched import Batched
from autograd.arrays.errors import DtypeError
from autograd.engine.duals import values_of
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.ops.shape.join import cat

__all__ = ["ravel"]


def ravel(tree: Any) -> tuple[Any, Callable[[Any], Any]]:
    """All numbers of ``tree`` in one vector, and the function that makes a tree of a vector again.

    Shapes: leaves (*n₁), (*n₂), ... <-> (Σ Π nᵢ,).

    Both can be differentiated. The vector has the dtype that all leaves promote to; ``unravel``
    gives each leaf its own dtype and shape.

    :param tree: tensors, arrays and numbers in tuples, lists and dicts.
    :returns: the vector (n,) and ``unravel``, which takes a tensor or an array (n,).
    :raises TypeError: a leaf is something else.
    :raises ShapeError: ``unravel`` is given another shape.

    >>> import autograd
    >>> flat, unravel = ravel({"w": autograd.ones(2, 2), "b": autograd.zeros(1)})
    >>> flat
    tensor([1., 1., 1., 1., 0.])
    >>> unravel(flat * 2)["w"]
    tensor([[2., 2.],
            [2., 2.]])
    """
    leaves, spec = trees.flatten(tree)
    tensors = [_tensor(leaf) for leaf in leaves]
    forms = [(tuple(one.shape), one._data.dtype) for one in tensors]
    sizes = [int(np.prod(shape)) for shape, _ in forms]
    dtype = dtypes.result_type(*tensors) if tensors else dtypes.get_default_dtype()
    columns = [cast(one, dtype).reshape(-1) for one in tensors]
    flat = cat(columns) if len(columns) > 1 else wrap(np.zeros(0, dtype), None)
    flat = columns[0] if len(columns) == 1 else flat

    def unravel(flat: Any) -> Any:
        """The tree of which the vector ``flat`` is."""
        flat = _tensor(flat)
        if tuple(flat.shape) != (sum(sizes),):
            raise ShapeError(
                f"unravel: expected a vector of {sum(sizes)} numbers, as the tree has; got "
                f"{tuple(flat.shape)}."
            )
        parts, start = [], 0
        for (shape, own), size in zip(forms, sizes):
            parts.append(cast(flat[start : start + size].reshape(shape), own))
            start += size
        return trees.unflatten(parts, spec)

    return flat, unravel


def _tensor(leaf: Any) -> Any:
    if isinstance(leaf, TensorBase):
        return leaf
    array = np.asarray(leaf)
    if not dtypes.numeric(array.dtype):
        raise TypeError(
            f"ravel: leaves must be tensors, arrays or numbers; got {type(leaf).__name__}. Keep it "
            "outside of the tree."
        )
    return wrap(array if isinstance(leaf, np.ndarray) else array.astype(_default(leaf)), None)


def _default(number: Any) -> Any:
    """The dtype of a Python number as a tensor."""
    return dtypes.get_default_dtype() if isinstance(number, float) else np.asarray(number).dtype


def ravel_state(call: str, tree: Any, name: str) -> tuple[Any, Callable[[Any], Any]]:
    """:func:`ravel` of ``call``'s argument ``name``, real numbers, as floating point."""
    flat, unravel = ravel(tree)
    if dtypes.complex_valued(flat._data.dtype):
        raise DtypeError(
            f"{call}: {name} must be real; got {flat.dtype}. Keep real and imaginary parts in a "
            f"tuple: ({name}.real, {name}.imag)."
        )
    if not dtypes.differentiable(flat._data.dtype):
        return ravel(trees.map_leaves(lambda one: cast(_tensor(one), _default(1.0)), tree))
    return flat, unravel


def ravel_like(call: str, tree: Any, like: Any, name: str) -> Any:
    """The vector of ``tree``, which the function given to ``call`` returned, in the order of
    ``like``, its argument ``name``, whose form and shapes it must have."""
    pairs: list[tuple[Any, Any]] = []
    if not _paired(tree, like, pairs):
        raise DtypeError(
            f"{call}: func must return a tree of the form of {name}, "
            f"{trees.flatten(like)[1]}; got {trees.flatten(tree)[1]}. Return an entry for each."
        )
    leaves = []
    for leaf, its in pairs:
        if leaf is None:
            raise DtypeError(
                f"{call}: func must return tensors, as {name} has them; got None. Is there a "
                "return missing?"
            )
        leaves.append(_tensor(leaf))
        if leaves[-1].shape != _tensor(its).shape:
            raise ShapeError(
                f"{call}: func must return the shapes of {name}; got {tuple(leaves[-1].shape)} "
                f"for {tuple(_tensor(its).shape)}. Sum or reshape its result."
            )
    return ravel(leaves)[0]


def _paired(tree: Any, like: Any, found: list[tuple[Any, Any]]) -> bool:
    """Whether the trees have one form, lists being tuples; their leaves are put in ``found``."""
    if isinstance(like, dict):
        same = isinstance(tree, dict) and tree.keys() == like.keys()
        return same and all([_paired(tree[key], like[key], found) for key in like])
    sequences = tuple, list, deque
    if isinstance(like, sequences):
        same = isinstance(tree, sequences) and len(tree) == len(like)
        return same and all([_paired(*both, found) for both in zip(tree, like)])
    found.append((tree, like))
    return not isinstance(tree, (dict, *sequences))


def of_all_samples(x: Any) -> Any:
    """The values of an array, inside vmap of all samples, hidden axes in front; no tangents.

    >>> of_all_samples(np.ones(2))
    array([1., 1.])
    """
    x = values_of(x)
    return of_all_samples(x.data) if isinstance(x, Batched) else x
