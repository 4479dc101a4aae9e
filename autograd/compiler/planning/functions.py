"""NumPy's functions as loops and products: what each of them comes to."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.planning.brackets import get, put, scatter
from autograd.compiler.planning.elements import AS_UFUNC, UFUNCS, Body, is_array, loop_dtypes, plain
from autograd.compiler.planning.products import outer, product
from autograd.compiler.planning.reduced import einsum, reduce, reducible
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import IN_PLACE, recorders
from autograd.compiler.tapes.recorder import Call, Recorded
from autograd.engine.versions import owner_of
from autograd.kernels.erf import erf
from autograd.kernels.scatter import scattered


def planner_of(values: Any, call: Call) -> Callable[[], bool] | None:
    """How a call is planned that need not stay a call; None where it must.

    The function that comes back gives False where it finds that it must, and has done nothing.
    """
    function: Any = call.function
    args, options, result = call.args, call.options, call.result
    if function is operator.setitem:
        return lambda: put(values, *args)
    if function is np.copyto and not {*options} - {"casting"}:
        return lambda: put(values, args[0], ..., args[1])
    if function is erf:
        return lambda: _named(values, "erf", args[0], result)
    if function is scattered:
        return lambda: scatter(values, result, *args, **options)
    if hasattr(function, "plain"):
        return None
    if isinstance(result, (tuple, list)):
        made = [*recorders(result)]
        known = all([values.memory.knows(one.inside) for one in made])
        return (lambda: True) if known else None
    if not isinstance(result, Recorded):
        return None
    out = options.get("out")
    if out is not None:
        options = {name: value for name, value in options.items() if name != "out"}
    elif function not in IN_PLACE and values.memory.knows(result.inside):
        return lambda: True  # it looks at what is there
    ufunc = AS_UFUNC.get(function, function)
    if ufunc in (np.matmul, np.dot, np.inner) and not options:
        return lambda: product(values, ufunc, args, result)
    if ufunc in (np.positive, np.conjugate) and not options:
        return lambda: _copy(values, result, args[0])
    if isinstance(ufunc, np.ufunc):
        return (lambda: _element(values, ufunc, args, result)) if not options else None
    if getattr(function, "__name__", "") == "reduce":
        return lambda: reduce(values, function.__self__, result, *args, **options)
    found = _FUNCTIONS.get(function)
    return found and (lambda: found(values, result, *args, **options))


# -- elements --------------------------------------------------------------------------------------


def _element(values: Any, ufunc: Any, operands: Any, result: Any) -> bool:
    """A function of elements."""
    dtypes = loop_dtypes(ufunc, operands)
    if dtypes is None or not plain(result.dtype):
        return False
    if UFUNCS[ufunc] == "power" and type(operands[1]) is Number:
        return False  # NumPy looks at the exponent
    body = Body()
    args = [values.operand(body, one, result.shape, dtypes[0]) for one in operands]
    values.define(result, body, body.element(UFUNCS[ufunc], args, dtypes[1]))
    return True


def _named(values: Any, name: str, x: Any, result: Any) -> bool:
    """A function that NumPy does not have, of the same dtype."""
    if x.dtype != result.dtype or not reducible(x.dtype) or x.dtype.kind != "f":
        return False
    body = Body()
    i = values.operand(body, x, result.shape, x.dtype)
    values.define(result, body, body.put(name, (i,), x.dtype))
    return True


# -- copies --------------------------------------------------------------------------------------


def _copy(values: Any, result: Any, x: Any, *others: Any, **options: Any) -> bool:
    """What has the elements of ``x``, in whatever order of memory and dtype."""
    if type(x) is not np.ndarray and (not isinstance(x, Recorded) or not is_array(x)):
        return False
    return values.hold(result, values.view(x))


def _reduced(ufunc: Any) -> Any:
    """NumPy's function that is a ufunc's reduction, over all axes unless it is told."""

    def reduced(values: Any, result: Any, x: Any, axis: Any = None, **options: Any) -> bool:
        return isinstance(x, Recorded) and reduce(values, ufunc, result, x, axis, **options)

    return reduced


def _reshape(values: Any, result: Any, x: Any, shape: Any = None, order: str = "C") -> bool:
    if order != "C" or not isinstance(x, Recorded) or not plain(x.dtype):
        return False
    return _written_as(values, result, x, x.shape)


def _written_as(values: Any, result: Any, x: Any, shape: Any) -> bool:
    """``result``, which lies in rows, written as if it were of the shape of ``x``."""
    if not result.flags.c_contiguous or type(result.inside) is not np.ndarray:
        return False
    values.copy(values.view(x), values.part(result, result.inside.reshape(shape)))
    return True


def _joined(values: Any, result: Any, arrays: Any, axis: int = 0, **options: Any) -> bool:
    """np.concatenate."""
    if options or axis is None or not all([isinstance(one, Recorded) for one in arrays]):
        return False
    if not plain(result.dtype) or not all([plain(one.dtype) for one in arrays]):
        return False
    begin, axis = 0, axis % result.ndim
    for one in arrays:
        end = begin + one.shape[axis]
        place = (slice(None),) * axis + (slice(begin, end),)
        values.copy(values.view(one), values.part(result, result.inside[place]))
        begin = end
    return True


def _stacked(values: Any, result: Any, arrays: Any, axis: int = 0, **options: Any) -> bool:
    """np.stack."""
    if options or not all([isinstance(one, Recorded) for one in arrays]):
        return False
    if not plain(result.dtype) or not all([plain(one.dtype) for one in arrays]):
        return False
    for i, one in enumerate(arrays):
        place = (slice(None),) * (axis % result.ndim) + (i, ...)
        values.copy(values.view(one), values.part(result, result.inside[place]))
    return True


# -- of nothing ----------------------------------------------------------------------------------


def _filled(value: Any) -> Any:
    def filled(values: Any, result: Any, *args: Any, **options: Any) -> bool:
        if not plain(result.dtype):
            return False
        body = Body()
        values.define(result, body, body.literal(value, result.dtype))
        return True

    return filled


def _full(values: Any, result: Any, like: Any, value: Any, *args: Any, **options: Any) -> bool:
    if not plain(result.dtype) or isinstance(value, (list, tuple, complex)):
        return False
    if np.shape(value) or not plain(getattr(value, "dtype", result.dtype)):
        return False
    body = Body()
    values.define(result, body, values.operand(body, value, result.shape, result.dtype))
    return True


def _number(values: Any, result: Any, value: Any) -> bool:
    """A number of the step as a scalar of NumPy's."""
    if type(value) is not Number:
        return False
    body = Body()
    values.define(result, body, values.operand(body, value, (), result.dtype))
    return True


def _counted(values: Any, result: Any, *args: Any, **options: Any) -> bool:
    """np.arange of integers."""
    if result.dtype.kind not in "iu" or result.size < 2 or any(recorders(args)):
        return False
    values.counted(result, *np.arange(*args, **options)[:2].tolist())
    return True


def _constant(function: Any) -> Any:
    """What depends on sizes alone."""

    def constant(values: Any, result: Any, *args: Any, **options: Any) -> bool:
        array = result.inside
        if any(recorders((args, options))) or values.memory.knows(array):
            return False
        made = function(*args, **options)
        if made.strides != array.strides or not array.flags.owndata:
            return False
        values.memory.fill(values.memory.fresh(array), values.memory.outside(made, "constant"))
        return True

    return constant


def _spread(values: Any, result: Any, x: Any, *args: Any, **options: Any) -> bool:
    """np.broadcast_to of a scalar, which NumPy puts into memory first."""
    owner = owner_of(result.inside)
    if owner.shape != x.shape or not isinstance(x, Recorded) or options:
        return False
    return values.hold(values.part(result, owner), values.view(x))


# -- of several ----------------------------------------------------------------------------------


def _where(values: Any, result: Any, *args: Any) -> bool:
    if len(args) != 3 or not plain(result.dtype) or not is_array(args[0]):
        return False
    body, shape = Body(), result.shape
    mask = values.operand(body, args[0], shape, np.dtype(bool))
    chosen = [values.operand(body, one, shape, result.dtype) for one in args[1:]]
    values.define(result, body, body.put("where", (mask, *chosen), result.dtype))
    return True


def _clip(values: Any, result: Any, x: Any, low: Any, high: Any, **options: Any) -> bool:
    if options or not plain(result.dtype) or not plain(x.dtype):
        return False
    body = Body()
    i = values.operand(body, x, result.shape, result.dtype)
    for name, bound in (("maximum", low), ("minimum", high)):
        if bound is not None:
            j = values.operand(body, bound, result.shape, result.dtype)
            i = body.element(name, [i, j], result.dtype)
    values.define(result, body, i)
    return True


_FUNCTIONS: dict[Any, Any] = {
    operator.getitem: get,
    np.ndarray.astype: _copy, np.ndarray.copy: _copy, np.copy: _copy, np.array: _copy,
    np.asarray: _copy,
    np.reshape: _reshape, np.ravel: _reshape,
    np.concatenate: _joined, np.stack: _stacked,
    np.tri: _constant(np.tri), np.eye: _constant(np.eye), np.linspace: _constant(np.linspace),
    np.broadcast_to: _spread, np.zeros: _filled(0),
 np.ones: _filled(1), np.zeros_like: _filled(0),
    np.ones_like: _filled(1), np.full: _full, np.full_like: _full, np.arange: _counted,
    np.float32: _number, np.float64: _number, np.empty: _filled(0), np.empty_like: _filled(0),
    np.sum: _reduced(np.add), np.max: _reduced(np.maximum), np.min: _reduced(np.minimum),
    np.prod: _reduced(np.multiply), np.where: _where, np.clip: _clip, np.einsum: einsum,
    np.outer: outer,
}  # fmt: skip
