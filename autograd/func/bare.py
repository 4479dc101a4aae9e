"""The rules of tangents.py for arrays alone: an op's forward and formula, run on them as they are.

It is the short way, for what forward mode nearly always meets: primals and tangents are plain
arrays of one dtype, which no graph knows and no other level. Most ops have one that is written out
for their signature (shortest.py); what stands here is for ops of any number of inputs. A way gives
None where an argument is anything else, or where a forward stops; then the rules in tangents.py
take the call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.dtypes import float32, float64
from autograd.engine.duals import ARRAYS, Dual, arrays_of, bare, is_wide
from autograd.engine.elementwise import Elementwise
from autograd.engine.graph import TensorBase
from autograd.engine.guard import Trusted
from autograd.engine.observer import watching
from autograd.func import shortest
from autograd.func.shortest import STOPPED
from autograd.ops.reductions.reduction import Reduction
from autograd.ops.reductions.sums import spread
from autograd.ops.shape.reshape import Reshape, View

Way = Callable[..., Any]


def way_of(op: Any, linear: bool, bilinear: bool) -> Way | None:
    """What an op is applied by while a level is open: its short way; None where it has none.

    :param linear: in what it is differentiated by, taken together; or ``bilinear``: in each.
    """
    if type(op.guard) is not Trusted:
        return None
    if bilinear:
        return shortest.bilinear(op) if len(op.inputs) == 2 else _or_general(op, _bilinear)
    if linear:
        if [*op.formulas] == [0] and not op.elementwise:
            return shortest.linear(op, of_tangents(op))
        return None if op.view else _or_general(op, _linear)
    if op.fused is not None or op.variadic:
        return None
    if op.elementwise and _adapts(op) is _adapts(Elementwise):
        if not op.untyped:
            few = len(op.inputs) < 3
            return shortest.elementwise(op) if few else _or_general(op, _elementwise)
    if issubclass(op, Reduction) and [*op.formulas] == [0]:
        return _or_general(op, _reduction)
    return None


def _adapts(op: Any) -> Any:
    """How an elementwise op brings its inputs to one dtype."""
    return op.of_one_dtype.__func__


def of_tangents(op: Any) -> Any:
    """What a linear op is to tangents, which need not lie in memory as primals do."""
    return Reshape if op is View else op


def _or_general(op: Any, way: Way) -> Way:
    def apply(*args: Any, **options: Any) -> Any:
        found = None if watching() else way(op, args, options)
        return op.general(*args, **options) if found is None else found

    return apply


def _taken(args: Any, places: Any) -> Any:
    """Of the arguments at ``places``: level, class of results, dtype, primals and tangents.

    None where none of them is dual, these are no arrays of one dtype, or another is a tensor.
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
                pair = arrays_of(x)
                if pair is None:
                    return None
                x, tangents[i] = pair
            elif one._edge is not None or type(x) not in ARRAYS:
                return None
            primals[i] = x
        elif i not in places:
            continue
        elif type(one) in ARRAYS:
            x = one
        elif type(one) is float or type(one) is int:
            numbers = True
            continue
        else:
            return None
        if dtype is None:
            dtype = x.dtype
            if not is_wide(dtype):
                return None
        elif x.dtype is not dtype:
            return None
    if level is None:
        return None
    if numbers:
        for i in places:
            if type(primals[i]) is float or type(primals[i]) is int:
                primals[i] = dtype.type(primals[i])
    return level, kind, dtype, primals, tangents


def _holds_tensors(options: dict[str, Any]) -> bool:
    return any([isinstance(one, TensorBase) for one in options.values()])


# -- elementwise ops ------------------------------------------------------------------------------


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
    except STOPPED:
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
            t = spread(t, shape)
        d = formula.plain(node, t, *formula.pick(values))
        if d is not None:
            total = d if total is None else total + d
    if total is None or total.dtype is not dtype or total.shape != shape:
        return None
    return bare(level, kind, out, total)


# -- linear ones ----------------------------------------------------------------------------------


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
    except STOPPED:
        return None
    return None if type(out) is tuple else bare(level, kind, out, d)


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
    except STOPPED:
        return None
    return bare(level, kind, out, total)


# -- reductions -----------------------------------------------------------------------------------


def _reduction(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """No element counts for two results: J t is the sum of slopes times t, over the same axes."""
    source, *others = args
    dual = getattr(source, "_data", None)
    pair = arrays_of(dual) if type(dual) is Dual else None
    if pair is None or options and _holds_tensors(options):
        return None
    x, t = pair
    if x.dtype is not float64 and x.dtype is not float32:
        return None
    others = [one._data if isinstance(one, TensorBase) else one for one in others]
    node, formula = op(), op.formulas[0]
    try:
        out = node.forward(x, *others, **options)
    except STOPPED:
        return None
    if out.dtype is not x.dtype:
        return None
    node.shapes = (x.shape,)
    slopes = formula.plain(node, np.ones(out.shape, out.dtype), *formula.pick((x, *others, out)))
    d = np.add.reduce(slopes * t, axis=options.get("axis"), keepdims=options.get("keepdims", False))
    return bare(source._data.level, source._results, out, d)
