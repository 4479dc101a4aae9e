"""Brackets: what is read and written at an index."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiler.planning.elements import Body, is_array, plain
from autograd.compiler.planning.layouts import with_axis
from autograd.compiler.tapes.recorder import Recorded

_BASIC = (int, slice, type(None), type(...))


def _basic(index: Any) -> bool:
    return all([type(one) in _BASIC for one in (index if type(index) is tuple else (index,))])


def _seen(array: Any, index: Any) -> Any:
    """A view of what basic brackets show, never a scalar."""
    index = index if type(index) is tuple else (index,)
    return np.asarray(array)[index if any([one is ... for one in index]) else (*index, ...)]


def get(values: Any, result: Any, x: Any, index: Any) -> bool:
    if _basic(index):
        array = x.inside if type(x.inside) is not np.ndarray else _seen(x.inside, index)
        return values.hold(result, values.memory.view(array))
    return _take(values, result, x, index)


def _take(values: Any, result: Any, x: Any, index: Any) -> bool:
    """x[i, j, ...] for integers along each axis, all of which are known to be in range."""
    if type(index) is not tuple or len(index) != x.ndim or not all(map(is_array, index)):
        return False
    if not plain(x.dtype) or any([one.dtype.kind not in "iu" for one in index]):
        return False
    if not all([values.within(*pair) for pair in zip(index, x.shape)]):
        return False
    body, shape, view = Body(), result.shape, values.view(x)
    steps, moving = [0] * len(shape), []
    for one, stride in zip(index, view.access.strides):
        i = values.operand(body, one, shape)
        if body.lines[i].name == "position":
            steps[body.lines[i].args[0]] += stride
        else:
            moving.append((i, stride))
    access = view.access._replace(strides=tuple(steps))
    i = body.put("take", (access, tuple(moving)), x.dtype) if moving else body.load(access)
    values.define(result, body, i)
    return True


def scatter(values: Any, result: Any, x: Any, index: Any, *, shape: Any, **options: Any) -> bool:
    """One number in each row, at an integer that is in range."""
    if type(index) is not tuple or len(index) != 2 or len(shape) != 2 or x.shape != shape[:1]:
        return False
    if not all(map(is_array, index)) or any([one.shape != x.shape for one in index]):
        return False
    if not plain(x.dtype) or not all([values.within(*pair) for pair in zip(index, shape)]):
        return False
    body = Body()
    row, column = [values.operand(body, one, shape[:1]) for one in index]
    if body.lines[row].name != "position" or body.lines[column].dtype.kind not in "iu":
        return False
    body, dtype = Body(), index[1].dtype
    chosen, found = [with_axis(values.view(one), 1) for one in (index[1], x)]
    place = body.put("position", (1,), dtype)
    here = body.element("equal", [place, values.read(body, chosen, shape)], np.dtype(bool))
    args = values.read(body, found, shape), body.literal(0, x.dtype)
    values.define(result, body, body.put("where", (here, *args), x.dtype))
    return True


def put(values: Any, x: Any, index: Any, value: Any) -> bool:
    if not _basic(index) or not plain(x.dtype) or not isinstance(x, Recorded):
        return False
    if isinstance(value, (complex, list, tuple)) or not plain(getattr(value, "dtype", x.dtype)):
        return False
    part = values.part(x, _seen(x.inside, index))
    body = Body()
    values.define(part, body, values.operand(body, value, part.shape, x.dtype))
    return True
