"""The rules of tangents.py for arrays alone: an op's forward and formula, run on them as they are.

It is the short way, for what forward mode nearly always meets: primals and tangents are plain
arrays of one dtype, which no graph knows and no other level. A way gives None where an argument is
anything else, or where a forward stops; then the rules in tangents.py take the call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dtypes import complex64, complex128, float32, float64
from autograd.engine import views
from autograd.engine.duals import Dual, bare
from autograd.engine.elementwise import Elementwise
from autograd.engine.faults import FAULTS
from autograd.engine.graph import TensorBase, unwrap
from autograd.engine.guard import Trusted
from autograd.ops.reductions.reduction import Reduction
from autograd.ops.shape.reshape import Reshape, View

Way = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]

_ANY = frozenset({np.ndarray, np.float32, np.float64, np.complex64, np.complex128})
_STOPPED = (*FAULTS, ArithmeticError)


def way_of(op: Any, linear: bool, bilinear: bool) -> Way | None:
    """The short way of an op; None where it has none.

    :param linear: in what it is differentiated by, taken together; or ``bilinear``: in each.
    """
    if type(op.guard) is not Trusted:
        return None
    if bilinear:
        return _bilinear_in_two if len(op.inputs) == 2 else _bilinear
    if linear:
        alone = [*op.formulas] == [0]
        return _linear_in_one if alone and not op.elementwise else None if op.view else _linear
    if op.fused is not None or op.variadic:
        return None
    if op.elementwise and _adapts(op) is _adapts(Elementwise):
        if not op.untyped:
            ways = {1: _elementwise_of_one, 2: _elementwise_of_two}
            return ways.get(len(op.inputs), _elementwise)
    if issubclass(op, Reduction) and [*op.formulas] == [0]:
        return _reduction
    return None


def _adapts(op: Any) -> Any:
    """How an elementwise op brings its inputs to one dtype."""
    return op.of_one_dtype.__func__


def of_tangents(op: Any) -> Any:
    """What a linear op is to tangents, which need not lie in memory as primals do."""
    return Reshape if op is View else op


def _pair(source: Any) -> Any:
    """The arrays of a dual tensor, primal and tangent; None where more than arrays are there."""
    dual = getattr(source, "_data", None)
    if type(dual) is not Dual:
        return None
    x, t = dual.own_primal, dual.own_tangent
    if type(x) in _ANY and type(t) in _ANY:  # as bare() was given them
        return x, t
    for one in (x, t):
        if isinstance(one, TensorBase) and (one._edge is not None or type(one._data) not in _ANY):
            return None
    x, t = unwrap(x), unwrap(t)
    if type(x) not in _ANY or type(t) not in _ANY or x.dtype is not t.dtype:
        return None
    return (x, t) if _is_wide(x.dtype) else None


def _is_wide(dtype: Any) -> bool:
    return dtype is float64 or dtype is float32 or dtype is complex128 or dtype is complex64


def _taken(args: Any, places: Any) -> Any:
    """Of the arguments at ``places``: level, class of results, dtype, primals and tangents.

    None where these are no arrays of one dtype, or another argument is a tensor.
    """
    level = kind = numbers = None
    dtype: Any = None
    primals: list[Any] = [*args]
    tangents: list[Any] = [None] * len(args)
    for i, one in enumerate(args):
        if isinstance(one, TensorBase):
            if i not in places:
                return None
            if kind is None or one._numpys:
                kind = one._results
            x = one._data
            if type(x) is Dual:
                if level is None:
                    level = x.level
                elif x.level is not level:
                    return None
                pair = _pair(one)
                if pair is None:
                    return None
                x, tangents[i] = pair
            elif one._edge is not None or type(x) not in _ANY:
                return None
            primals[i] = x
        elif i not in places:
            continue
        elif type(one) in _ANY:
            x = one
        elif type(one) is float or type(one) is int:
            numbers = True
            continue
        else:
            return None
        if dtype is None:
            dtype = x.dtype
            if not _is_wide(dtype):
                return None
        elif x.dtype is not dtype:
            return None
    if numbers:
        for i in places:
            if type(primals[i]) is float or type(primals[i]) is int:
                primals[i] = dtype.type(primals[i])
    return level, kind, dtype, primals, tangents


def _taken_of_two(x: Any, y: Any) -> Any:
    """:func:`_taken` written out for two: level, class, dtype, primals x and y, their tangents."""
    level: Any = None
    kind = s = t = None
    if isinstance(x, TensorBase):
        kind, data = x._results, x._data
        if type(data) is Dual:
            level, pair = data.level, _pair(x)
            if pair is None:
                return None
            x, s = pair
        elif x._edge is None:
            x = data
    if isinstance(y, TensorBase):
        if kind is None or y._numpys:
            kind = y._results
        data = y._data
        if type(data) is Dual:
            pair = _pair(y)
            if pair is None or level is not None and level is not data.level:
                return None
            level = data.level
            y, t = pair
        elif y._edge is None:
            y = data
    dtype: Any = x.dtype if type(x) in _ANY else getattr(y, "dtype", None)
    if not _is_wide(dtype):
        return None
    if type(x) is float or type(x) is int:
        x = dtype.type(x)
    elif type(x) not in _ANY or x.dtype is not dtype:
        return None
    if type(y) is float or type(y) is int:
        y = dtype.type(y)
    elif type(y) not in _ANY or y.dtype is not dtype:
        return None
    return level, kind, dtype, x, y, s, t


def _holds_tensors(options: dict[str, Any]) -> bool:
    return any([isinstance(one, TensorBase) for one in options.values()])


# -- elementwise ops ------------------------------------------------------------------------------


def _elementwise_of_one(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    source = args[0]
    pair = _pair(source)
    if pair is None or options and _holds_tensors(options):
        return None
    x, t = pair
    dtype = x.dtype
    if dtype is not float64 and dtype is not float32:
        return None
    node, formula = op(), op.formulas[0]
    try:
        out = node.forward(x, **options)
    except _STOPPED:
        return None
    d = formula.plain(node, t, *formula.pick((x, out)))
    if d is None or d.dtype is not dtype or out.dtype is not dtype or d.shape != out.shape:
        return None
    return bare(source._data.level, source._results, out, d)


def _elementwise_of_two(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """:func:`_elementwise` written out for two inputs, as most of the ops in a program are."""
    taken = _taken_of_two(*args)
    if taken is None or options and _holds_tensors(options):
        return None
    level, kind, dtype, x, y, s, t = taken
    if dtype is not float64 and dtype is not float32:
        return None
    node, formulas, total = op(), op.formulas, None
    try:
        out = node.forward(x, y, **options)
    except _STOPPED:
        return None
    shape = out.shape
    for i, moved in ((0, s), (1, t)):
        if moved is not None:
            formula = formulas.get(i)
            if formula is None:
                return None
            if moved.shape != shape:
                moved = np.broadcast_to(moved, shape)
            d = formula.plain(node, moved, *formula.pick((x, y, out)))
            if d is not None:
                total = d if total is None else total + d
    if total is None or total.dtype is not dtype or out.dtype is not dtype or total.shape != shape:
        return None
    return bare(level, kind, out, total)


def _elementwise(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    taken = _taken(args, range(len(args)))
    if taken is None or options and _holds_tensors(options):
        return None
    level, kind, dtype, primals, tangents = taken
    if dtype is not float64 and dtype is not float32:
        return None
    node = op()
    try:
        out = node.forward(*primals, **options)
    except _STOPPED:
        return None
    if out.dtype is not dtype:
        return None
    shape, values, total = out.shape, (*primals, out), None
    for i, t in enumerate(tangents):
        if t is None:
            continue
        formula = op.formulas.get(i)
        if formula is None:
            return None
        if t.shape != shape:
            t = np.broadcast_to(t, shape)
        d = formula.plain(node, t, *formula.pick(values))
        if d is not None:
            total = d if total is None else total + d
    if total is None or total.dtype is not dtype or total.shape != shape:
        return None
    return bare(level, kind, out, total)


# -- linear ones ----------------------------------------------------------------------------------


def _linear_in_one(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    source, *others = args
    pair = _pair(source)
    if pair is None or options and _holds_tensors(options):
        return None
    x, t = pair
    if op.view and type(x) is not np.ndarray:
        return None
    for one in others:
        if isinstance(one, TensorBase):
            return None
    try:
        out = op().forward(x, *others, **options)
        moved = of_tangents(op)().forward(t, *others, **options)
    except _STOPPED:
        return None
    if type(out) is tuple:
        return None
    made = bare(source._data.level, source._results, out, moved)
    if op.view:
        views.link(made, source)
    return made


def _linear(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    places = range(len(args)) if op.variadic or op.fused else op.formulas
    taken = _taken(args, places)
    if taken is None or options and (_holds_tensors(options) or options.get("out") is not None):
        return None
    level, kind, dtype, primals, tangents = taken
    moved = [
        x if i not in places else np.zeros_like(x) if t is None else t
        for i, (x, t) in enumerate(zip(primals, tangents))
    ]
    try:
        out = op().forward(*primals, **options)
        d = op().forward(*moved, **options)
    except _STOPPED:
        return None
    return None if type(out) is tuple else bare(level, kind, out, d)


def _bilinear_in_two(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    taken = _taken_of_two(*args)
    if taken is None or options and _holds_tensors(options):
        return None
    level, kind, _, x, y, s, t = taken
    try:
        out = op().forward(x, y, **options)
        d = None if s is None else op().forward(s, y, **options)
        if t is not None:
            other = op().forward(x, t, **options)
            d = other if d is None else d + other
    except _STOPPED:
        return None
    return bare(level, kind, out, d)


def _bilinear(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    taken = _taken(args, op.formulas)
    if taken is None or options and _holds_tensors(options):
        return None
    level, kind, _, primals, tangents = taken
    total = None
    try:
        out = op().forward(*primals, **options)
        for i, t in enumerate(tangents):
            if t is not None:
                d = op().forward(*primals[:i], t, *primals[i + 1 :], **options)
                total = d if total is None else total + d
    except _STOPPED:
        return None
    return bare(level, kind, out, total)


# -- reductions -----------------------------------------------------------------------------------


def _reduction(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """No element counts for two results: J t is the sum of slopes times t, over the same axes."""
    source, *others = args
    pair = _pair(source)
    if pair is None or options and _holds_tensors(options):
        return None
    x, t = pair
    if x.dtype is not float64 and x.dtype is not float32:
        return None
    others = [one._data if isinstance(one, TensorBase) else one for one in others]
    node, formula = op(), op.formulas[0]
    try:
        out = node.forward(x, *others, **options)
    except _STOPPED:
        return None
    if out.dtype is not x.dtype:
        return None
    node.shapes = (x.shape,)
    slopes = formula.plain(node, np.ones_like(out), *formula.pick((x, *others, out)))
    d = np.add.reduce(slopes * t, axis=options.get("axis"), keepdims=options.get("keepdims", False))
    return bare(source._data.level, source._results, out, d)
