"""``y += v`` and its kin on traced values: what looks at the memory of ``y`` sees the change.

Where nobody else looks, ``y`` becomes the result in memory of its own, so that what was computed
from its old values keeps them. Where somebody does (a view of ``y``, or ``y`` is one), the memory
is written, as ``y[...] = y + v`` would write it; what an op made, and may have kept, is put in
other memory first. An argument of a differentiated function is not changed: the name stands for a
new value, as in HIPS autograd.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.arrays.batched import Batched
from autograd.arrays.dialect import inside
from autograd.engine import duals, versions, views
from autograd.engine.elementwise import cast
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.tensors.inplace import check_memory, overwritten_dual


def augmented(symbol: str, operation: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """The form of ``operation`` that is written ``y symbol= v``; ``symbol`` is "+", say.

    It raises ValueError where the result has another shape than y, TypeError where y's dtype is of
    a lesser kind: NumPy's rules.
    """
    name = f"y {symbol}= value"

    def form(self: Any, other: Any) -> Any:
        if isinstance(self._data, np.generic) or not self.ndim or _is_given(self):
            return operation(self, other)
        family = views.family(self)
        if len(family) == 1 and mode.grad:
            return _replaced(self, _fitting(self, operation(self, other), name))
        before, other = _copied(self), _apart(other, self)
        result = _fitting(self, operation(before, other), name)
        if type(self._data) is duals.Dual or type(result._data) is duals.Dual:
            return overwritten_dual(self, name, result)
        if mode.grad and not versions.was_changed(self._data):
            apart_from_what_is_kept(family)
        check_memory(self._data, name)
        np.copyto(self._data, result._data, casting="unsafe")
        versions.note_part(self._data, ...)
        edges = (self._edge, result._edge, family[0]._edge)
        if mode.grad and any([edge is not None for edge in edges]):
            views.made_by(self, result._edge)
            views.overwritten(self, name)
        return self

    return form


_becoming = augmented("", lambda y, value: value)


def overwrite(y: Any, value: Any) -> None:
    """Write ``value`` all over ``y``, as ``out=y`` does. Raises TypeError for an argument."""
    if np.shape(unwrap(value)) != y.shape or _is_given(y):
        y[...] = value
    else:
        _becoming(y, value)


def _is_given(y: Any) -> bool:
    return views.is_argument(y) or views.is_argument(views.base_of(y))


def _fitting(y: Any, result: Any, name: str) -> Any:
    """The result in y's dtype, which it must fit as it must fit y's shape."""
    dtype = y._data.dtype
    if not isinstance(result, TensorBase):
        result = wrap(duals.array_behind(result), None, y)
    if result._data.shape != y._data.shape:
        raise ShapeError(
            f"{name}: the result must have the shape {tuple(y._data.shape)} of y; it has "
            f"{tuple(result._data.shape)}. Write y = y + value."
        )
    if result._data.dtype == dtype:
        return result
    if not np.can_cast(result._data.dtype, dtype, "same_kind"):
        raise TypeError(
            f"{name}: y of {dtype} cannot hold a result of {result._data.dtype}. Begin with y = "
            f"y.astype({result._data.dtype.name!r})."
        )
    return cast(result, dtype)


def _replaced(y: Any, result: Any) -> Any:
    """``y``, whose memory nobody else looks at, as the result."""
    y._data = result._data
    views.made_by(y, result._edge)
    if type(y._data) is duals.Dual:
        y._data.level.members.append(weakref.ref(y))
    return y


def as_now(tree: Any) -> Any:
    """``tree`` with its traced values as they are now, whatever ``y += v`` makes of them later."""
    return trees.map_leaves(_as_now, tree)


def _as_now(x: Any) -> Any:
    return wrap(x._data, x._edge, x) if isinstance(x, TensorBase) and x._numpys else x


def _copied(x: Any) -> Any:
    return wrap(x._data.copy(), x._edge, x)


def _apart(other: Any, y: Any) -> Any:
    """``other`` as it is now, where it looks at the memory that will be written into."""
    array = unwrap(other)
    if not isinstance(inside(array), np.ndarray) or not array.ndim:
        return other
    if not np.may_share_memory(inside(array), inside(duals.values_of(y._data))):
        return other
    return _copied(other) if isinstance(other, TensorBase) else array.copy()


def apart_from_what_is_kept(family: list[Any]) -> None:
    """Put a base and its views in other memory, before it is written into for the first time.

    What an op made it may have kept, and others of it: they go on to hold the old memory.
    """
    base = family[0]
    if base._edge is None:
        return
    old = _memory(base)
    if type(old) is not np.ndarray or not old.flags.forc:
        return
    new = old.copy("K")  # by the same strides
    line, owner = new.ravel("K"), versions.owner_of(old)
    for one in family[1:]:
        array = _memory(one)
        if versions.owner_of(array) is owner:  # else a reshape that had to copy
            start = versions.address(array) - versions.address(old)
            _put(one, np.ndarray(array.shape, array.dtype, line, start, array.strides))
    _put(base, new)


def _memory(x: Any) -> Any:
    return x._data.data if type(x._data) is Batched else x._data


def _put(x: Any, array: Any) -> None:
    x._data = Batched(array, x._data.levels) if type(x._data) is Batched else array
