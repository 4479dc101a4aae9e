"""Products of matrices, and of stacks of them, as BLAS can do them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.compiler.planning.elements import UFUNCS, Body, is_array, loop_dtypes, plain
from autograd.compiler.planning.layouts import broadcast, rows, turned, with_axis
from autograd.compiler.planning.memory import elements
from autograd.compiler.planning.plan import Access, Buffer, Product, Store, View
from autograd.compiler.planning.reduced import reducible, summed
from autograd.compiler.tapes.recorder import Recorded


def product(values: Any, function: Any, args: Any, result: Any) -> bool:
    """np.matmul, np.dot, np.inner."""
    x, y = args
    if not (is_array(x) and is_array(y) and x.ndim and y.ndim):
        return False
    if function is not np.matmul and max(x.ndim, y.ndim) > 2:
        return False
    if x.ndim == y.ndim == 1:
        return result.dtype.kind == "f" and summed(values, result, [x, y], ["i", "i"], "")
    across = function is np.inner and y.ndim == 2
    right = turned(values.view(y), (1, 0)) if across else values.view(y)
    return _product(values, values.view(x), right, result)


def outer(values: Any, result: Any, x: Any, y: Any) -> bool:
    """np.outer of vectors."""
    dtypes = loop_dtypes(np.multiply, (x, y))
    if dtypes is None or x.ndim != 1 or y.ndim != 1:
        return False
    body = Body()
    operands = with_axis(values.view(x), 1), values.view(y)
    args = [body.cast(values.read(body, one, result.shape), dtypes[0]) for one in operands]
    values.define(result, body, body.element(UFUNCS[np.multiply], args, dtypes[1]))
    return True


def _product(values: Any, x: View, y: View, target: Recorded) -> bool:
    dtype = target.dtype
    if not reducible(dtype) or dtype.kind != "f":
        return False
    if not plain(x.access.buffer.dtype) or not plain(y.access.buffer.dtype):
        return False
    room, whole = values.opened(target.inside)
    layout = elements(target.inside) if whole else rows(target.shape)
    offset = values.memory.view(target.inside).access.offset if whole else 0
    out = View(target.shape, Access(Buffer("planned", 0, dtype), offset, layout))
    if len(y.shape) == 1:
        y, out = with_axis(y, 1), with_axis(out, len(out.shape))
    if len(x.shape) == 1:
        x, out = with_axis(x, 0), with_axis(out, len(out.shape) - 1)
    (*batch, m, n), k = out.shape, x.shape[-1]
    if not _readable(out):
        return False
    if not target.size or not k:
        body = Body()
        values.define(target, body, body.literal(0, dtype))
        return True
    left, right = [_laid(values, one, tuple(batch), dtype) for one in (x, y)]
    to = unit(out)
    versions = [values.memory.versions.get(one.buffer, 0) for one in (left, right)]
    key = "product", out.shape, k, left, right, to[1:], *versions
    made = values.computed(key)
    if made is None:
        made = values.computes(key, room.size if whole else target.size, dtype)
        to = to._replace(buffer=made)
        values.steps.append(Product(tuple(batch), m, n, k, left, right, to))
    if whole:
        values.memory.fill(room, made)
    else:
        values.copy(View(target.shape, Access(made, 0, rows(target.shape))), target)
    return True


def _laid(values: Any, one: View, batch: tuple[int, ...], dtype: Any) -> Access:
    """A stack of matrices as BLAS can read it: itself, or a copy."""
    shape = (*batch, *one.shape[-2:])
    stack = View(shape, broadcast(one, shape))
    if one.access.buffer.dtype == dtype and _readable(stack):
        return unit(stack)
    # what is broadcast is copied once
    few = [n if step else 1 for n, step in zip(batch, stack.access.strides)]
    copied, body = View((*few, *shape[-2:]), stack.access), Body()
    value = body.cast(values.read(body, copied, copied.shape), dtype)
    key = values.key(copied.shape, "laid", body, value)
    made = values.computed(key)
    if made is None:
        made = values.computes(key, math.prod(copied.shape), dtype)
        values.step(copied.shape, body, [Store(value, Access(made, 0, rows(copied.shape)))])
    lies = View(copied.shape, Access(made, 0, rows(copied.shape)))
    return unit(View(shape, broadcast(lies, shape)))


def _readable(matrices: View) -> bool:
    """Whether BLAS can read matrices that lie so."""
    (m, n), (i, j) = matrices.shape[-2:], matrices.access.strides[-2:]
    if m == 1 or n == 1:
        return (n == 1 or j >= 1) and (m == 1 or i >= 1) and (m == n == 1 or 1 in (i, j))
    return (j == 1 and i >= n) or (i == 1 and j >= m)


def unit(matrices: View) -> Access:
    """The access of matrices that BLAS can read, one of the last two strides being 1: an axis of
    one may have any.

    >>> x = Buffer("given", 4, "f4")
    >>> unit(View((4, 1), Access(x, 0, (1, 0)))).strides
    (1, 4)
    """
    (m, n), (*batch, i, j) = matrices.shape[-2:], matrices.access.strides
    if m == 1:
        i = 1 if j != 1 and n > 1 else n
        j = j if n > 1 else 1
    elif n == 1:
        j = 1 if i != 1 else m
    return matrices.access._replace(strides=(*batch, i, j))
