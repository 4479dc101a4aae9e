"""The derivative of each op along a direction: what an op gives where its arguments are dual.

Four kinds of rule serve all ops:

* *elementwise*: the Jacobian is diagonal, so the op's own gradient formula, applied to the tangent;
* *linear* in what is differentiated by, or bilinear: the op itself, applied to the tangents;
* *reductions*, where no element counts for two results: the formula again, summed where op reduces;
* anything else: a gradient formula is linear in g, and J t is the gradient of u ↦ J'u along t. Two
  backward passes over the one op give it, right for every op that has a second derivative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import backward, context, duals, static_rules, versions, views
from autograd.engine.elementwise import cast
from autograd.engine.faults import FAULTS
from autograd.engine.formula import all_inputs
from autograd.engine.grad_mode import inference_mode, mode
from autograd.engine.graph import Leaf, TensorBase, foremost, node_of, unwrap, wrap
from autograd.engine.guard import guard_of
from autograd.func import bare
from autograd.func.recording import Recorded, fresh
from autograd.ops.reductions.reduction import Reduction

# Ops that are linear in all that they are differentiated by, taken together
LINEAR = set(
    """
    AddItem AddUp AvgPool Cast CastOfReal Cat Chosen Clone Col2Im Complex Conjugate
    ConjugateTranspose Cumsum Embedding Enter FFT Flip Fold GetItem HandOut HFFT Identity IFFT
    IHFFT Im2Col IRFFT Leave MaskedFill Mean NllLoss OnDiagonal PutItem PutSlice Repeat Resample
    Returned RFFT Roll RowsAdded SetItem SetSlice Spread Stack Stored Sum SumOfRepeats Tile Tril
    Triu Where
    """.split()
)
# ... in each of their inputs, the others being as they are
BILINEAR = {
    *("ConvolutionWeight", "Dot", "Einsum", "MM", "MatMul", "Outer", "PairProducts"),
    "SparseProduct",
}
# ... in x and bias together, and in weight
AFFINE = {"Linear", "Convolution", "ConvolutionTransposed"}
# Their formulas refuse a gradient that depends on phases, which are free
UP_TO_PHASES = {"Eig", "Eigh", "SVD"}


def dual(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """The result of ``op``, a dual tensor or a tuple of them, where one of ``args`` is dual."""
    if "rule_of_tangents" not in op.__dict__:
        short, op.rule_of_tangents = _rules_of(op)
        if short is not None:
            op._heard = staticmethod(short)
            return short(*args, **options)
    rule = op.__dict__["rule_of_tangents"]
    if rule is _static or rule is _in_their_form:
        return _split(op, context.all_inputs(op, args, options), {}, rule)
    if len(args) != len(op.inputs) and not op.variadic:
        args = all_inputs(op, args, options)
    if rule is None:
        return op.apply(*[_without(one) for one in args], **options)
    if rule in (_elementwise, _fused, _reduced) and any([_unusual(one) for one in args]):
        rule = _twice_backward
    return _split(op, args, options, rule)


duals.rule = dual


def _rules_of(op: Any) -> tuple[Any, Any]:
    """The way of arrays alone, or None, and the rule for all else; None: it has no derivative."""
    if not hasattr(op, "formulas") or not op.inputs:  # in PyTorch's form
        return None, _static if hasattr(op, "jvp") else _in_their_form
    if not (op.formulas or op.fused):
        return None, None
    name, one = op.__name__, [*op.formulas] == [0]
    linear = op.view or name in LINEAR
    short = bare.way_of(op, linear, name in BILINEAR)
    if linear:
        return short, _linear
    if name in BILINEAR:
        return short, _bilinear
    if name in AFFINE:
        return short, _affine
    if op.elementwise and op.fused is None:
        return short, _elementwise
    if op.elementwise and len(op.inputs) == 1:
        return short, _fused
    return short, _reduced if issubclass(op, Reduction) and one else _twice_backward


def _split(op: Any, args: tuple[Any, ...], options: dict[str, Any], way: Any) -> Any:
    """The dual results of ``way(op, primals, tangents, options)``: pairs (primal, tangent).

    Formulas are written for Tensors. What op is itself applied to stays of its kind, and a view is
    linked to what it looks at.
    """
    level: Any = duals.newest(args)
    like: Any = foremost(args)
    as_tensors = like._numpys and way is not _linear
    if as_tensors and op.elementwise and not _of_one_dtype(args):
        args = tuple(op.of_one_kind(args))  # by NumPy's rules, which Tensors have not
    primals: list[Any] = []
    tangents: list[Any] = []
    for one in args:
        t = None
        if isinstance(one, TensorBase):
            if type(one._data) is duals.Dual and one._data.level is level:
                one, t = duals.parts(one, level)
            if as_tensors:
                one = wrap(one._data, one._edge)
                t = t if t is None else wrap(t._data, t._edge)
        primals.append(one)
        tangents.append(t)
    found, moved = way(op, primals, tangents, options)
    if not isinstance(found, tuple):
        return _made(op, level, found, moved, args[0], like)
    moved = [None] * len(found) if moved is None else moved
    pairs = zip(found, moved, strict=True)
    return tuple([_made(op, level, y, t, args[0], like) for y, t in pairs])


def _of_one_dtype(args: tuple[Any, ...]) -> bool:
    """Whether tensors and numbers are of one dtype, Python's numbers aside."""
    known = {unwrap(x).dtype if hasattr(unwrap(x), "dtype") else type(x) for x in args}
    return len(known - {float, int}) == 1


def _made(
    op: Any, level: duals.DualLevel, primal: Any, tangent: Any, source: Any, like: Any
) -> Any:
    if not isinstance(primal, TensorBase):
        return primal
    if primal._results is not like._results:
        primal = wrap(primal._data, primal._edge, like)
    if tangent is None or not dtypes.differentiable(primal._data.dtype):
        return primal
    if tangent._results is not like._results:
        tangent = wrap(tangent._data, tangent._edge, like)
    made = duals.joined(level, primal, tangent)
    if isinstance(source, TensorBase):
        opaque = not op.view and guard_of(op).looks_at(
            duals.values_of(primal._data), duals.values_of(source._data)
        )
        if op.view or opaque:
            views.link(made, source, opaque)
    return made


def _without(value: Any) -> Any:
    """A dual tensor's primal, all levels down."""
    while isinstance(value, TensorBase) and type(value._data) is duals.Dual:
        value = duals.parts(value, value._data.level)[0]
    return value


def _unusual(value: Any) -> bool:
    """Whether a value is of a dtype that elementwise formulas alone do not settle."""
    dtype = getattr(unwrap(value), "dtype", None)
    if dtype is dtypes.float64 or dtype is dtypes.float32:
        return False
    return type(value) is complex or (
        dtype is not None and (dtypes.complex_valued(dtype) or dtypes.narrow(dtype))
    )


def _bare(values: Sequence[Any]) -> bool:
    """Whether tensors among ``values`` are arrays alone: nothing will be asked of their graph."""
    for one in values:
        if isinstance(one, TensorBase) and (
            type(one._data) is duals.Dual or (one._edge is not None and mode.grad)
        ):
            return False
    return True


def _zeros(like: Any) -> Any:
    return wrap(np.zeros_like(duals.values_of(like._data)), None, like)


# -- linear ops: the op itself --------------------------------------------------------------------


def _moved(p: Any, t: Any) -> Any:
    """The tangent of an argument; zeros where it has none."""
    if t is not None or p is None:
        return t
    if isinstance(p, TensorBase):
        return _zeros(p)
    return np.zeros_like(p)[()] if hasattr(p, "dtype") else 0


def _linear(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    known = range(len(primals)) if op.fused or op.variadic else op.formulas
    pairs = enumerate(zip(primals, tangents, strict=True))
    moved = [_moved(p, t) if i in known else p for i, (p, t) in pairs]
    return op.apply(*primals, **options), bare.of_tangents(op).apply(*moved, **options)


def _bilinear(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    total: Any = None
    for i, t in enumerate(tangents):
        if t is not None:
            term = op.apply(*primals[:i], t, *primals[i + 1 :], **options)
            total = term if total is None else total + term
    return op.apply(*primals, **options), total


def _affine(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    (x, weight, bias), (of_x, of_weight, of_bias) = primals, tangents
    total: Any = None
    if of_x is not None or of_bias is not None:
        total = op.apply(_zeros(x) if of_x is None else of_x, weight, of_bias, **options)
    if of_weight is not None:
        term = op.apply(x, of_weight, None, **options)
        total = term if total is None else total + term
    return op.apply(x, weight, bias, **options), total


# -- elementwise ops: the gradient formula --------------------------------------------------------


def _elementwise(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    if not _bare([*primals, *tangents]):
        return _elementwise_of_tensors(op, primals, tangents, options)
    node, arrays, out = _ran(op, primals, options)
    if node is None or not dtypes.differentiable(out.dtype):
        return op.apply(*primals, **options), None
    total: Any = None
    for i, t in enumerate(tangents):
        if t is not None:
            d = _formula(op, i)(node, _spread(t._data, out), *op.formulas[i].pick((*arrays, out)))
            if d is not None:
                total = d if total is None else total + d
    like = next(p for p, t in zip(primals, tangents) if t is not None)
    return wrap(out, None, like), None if total is None else wrap(_own(total, out), None, like)


def _fused(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    t = tangents[0]
    if type(t._data) is not type(primals[0]._data) or not _bare([*primals, t]):
        return _twice_backward(op, primals, tangents, options)
    with inference_mode(False):  # or forward makes nothing for a backward pass
        node, arrays, out = _ran(op, primals, options)
    if node is None:
        return op.apply(*primals, **options), None
    kept = op.fused.plan(node, arrays, out, options)[0][2]
    given = op.fused.arguments(node, kept, (True,), True)
    d = op.fused.formula(node, _spread(t._data, out), *given)
    d = d[0] if type(d) is tuple else d
    return wrap(out, None, primals[0]), wrap(_own(d, out), None, primals[0])


def _ran(op: Any, primals: list[Any], options: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The node that forward ran on, its arrays and what it returned; None where it raised.

    ``apply`` will raise the same in its own words.
    """
    try:
        arrays = [unwrap(one) for one in op.of_one_kind(tuple(primals))]
        node = op()
        out = node.forward(*arrays, **options)
    except (*FAULTS, ArithmeticError):
        return None, None, None
    return node, arrays, op.guard.output(op, out, arrays)


def _formula(op: Any, position: int) -> Any:
    formula = op.formulas.get(position)
    if formula is None:
        raise RuntimeError(
            f"{op.__name__}: no derivative is defined for {op.inputs[position]}, which has a "
            "tangent. Pass a detached tensor."
        )
    return formula.plain


def _spread(t: Any, out: Any) -> Any:
    """A tangent in the dtype and the shape of the result."""
    t = cast(t, out.dtype)
    return t if t.shape == out.shape else np.broadcast_to(t, out.shape)


def _own(d: Any, out: Any) -> Any:
    """``d`` in the shape of the result, in memory of its own."""
    if d.shape != out.shape:
        d = np.broadcast_to(d, out.shape)
    return d.copy() if getattr(d, "ndim", 0) else d


def _elementwise_of_tensors(
    op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]
) -> Any:
    """The same formulas over tensors: where tangents are recorded, or dual themselves."""
    out = op.apply(*primals, **options)
    if not dtypes.differentiable(out._data.dtype):
        return out, None
    dtype, shape = out._data.dtype, out.shape
    args = [_number(one, dtype) for one in primals]
    if any([one is None for one in args]):
        args = op.of_one_kind(tuple(primals))
    node = _node_behind(op, out, args, options)
    total: Any = None
    for i, t in enumerate(tangents):
        if t is not None:
            t = cast(t, dtype)
            if t.shape != shape:
                t = np.broadcast_to(t, tuple(shape))
            d = _formula(op, i)(node, t, *op.formulas[i].pick((*args, out)))
            if d is not None:
                total = d if total is None else total + d
    if total is not None and total.shape != shape:
        total = np.broadcast_to(total, tuple(shape))
    return out, total


def _number(value: Any, dtype: Any) -> Any:
    """A value of the dtype of a result as formulas have it; None where it must be cast first."""
    if type(value) is float or type(value) is int:
        return dtype.type(value)
    return value if getattr(unwrap(value), "dtype", None) is dtype else None


def _node_behind(op: Any, out: Any, args: Any, options: dict[str, Any]) -> Any:
    """The node of a result, for what forward notes in it; a new one where none was recorded."""
    node = node_of(out._edge) if type(out._data) is not duals.Dual else None
    if type(node) is not op:
        node = op()
        arrays = [duals.values_of(unwrap(one)) for one in args]
        node.shapes = tuple([getattr(one, "shape", ()) for one in arrays])
        node.forward(*arrays, **options)
    return node


# -- reductions: the gradient formula of ones, times the tangent, summed over the same axes -------


def _reduced(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    out = op.apply(*primals, **options)
    t = tangents[0]
    node = _node_behind(op, out, primals, options)
    ones = wrap(np.ones_like(duals.values_of(out._data)), None, out)
    slopes = _formula(op, 0)(node, ones, *op.formulas[0].pick((*primals, out)))
    axis, keep = options.get("axis"), options.get("keepdims", False)
    return out, np.sum(slopes * t, axis=axis, keepdims=keep)


# -- ops that say it themselves -------------------------------------------------------------------


def _static(op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]) -> Any:
    result, moved = static_rules.pushed(op, primals, tangents)
    return result, moved if isinstance(result, tuple) else moved[0]


def _in_their_form(op: Any, primals: Any, tangents: Any, options: Any) -> Any:
    return _twice_backward(op, primals, tangents, options)


# -- all others: the gradient of the gradient -----------------------------------------------------


def _twice_backward(
    op: Any, primals: list[Any], tangents: list[Any], options: dict[str, Any]
) -> Any:
    record = not _bare([*primals, *tangents])
    outside = mode.grad
    since = versions.tick()
    with inference_mode(False):
        pairs = [
            (p, None) if t is None else fresh(op.__name__, p, record)
            for p, t in zip(primals, tangents, strict=True)
        ]
        found = op.apply(*[given for given, _ in pairs], **options)
        several = isinstance(found, tuple)
        outputs = list(found) if several else [found]
        moving = [i for i, y in enumerate(outputs) if duals.linked(y)]
        inputs = [by for _, by in pairs if by is not None]
        of = np.zeros_like if op.__name__ in UP_TO_PHASES else np.ones_like
        dummies = [_dummy(outputs[i], of) for i in moving]
        moved = _pushed(
            [outputs[i] for i in moving],
            inputs,
            dummies,
            [t for t in tangents if t is not None],
            record,
        )
    run = Recorded(found, [*inputs, *dummies], since, outside and record)
    pushed = [None] * len(outputs)
    for i, t in zip(moving, moved, strict=True):
        pushed[i] = None if t is None else run.released(t)
    outputs = [run.released(y) for y in outputs]
    return (tuple(outputs), pushed) if several else (outputs[0], pushed[0])


def _dummy(like: Any, of: Any) -> Any:
    """What stands for a gradient, to differentiate by; its values are of no account."""
    dummy = wrap(of(duals.values_of(like._data)), None, like)
    dummy._edge = Leaf(dummy)
    return dummy


def _pushed(
    outputs: list[Any], inputs: list[Any], dummies: list[Any], tangents: list[Any], record: bool
) -> list[Any]:
    """J t for each output: the gradient, by u, of J'u along t."""
    if not outputs:
        return []
    back = backward.grad(outputs, inputs, dummies, create_graph=True, allow_unused=True)
    pairs = [(g, t) for g, t in zip(back, tangents) if g is not None and duals.linked(g)]
    if not pairs:
        return [None] * len(outputs)
    return list(
        backward.grad(
            [g for g, _ in pairs],
            dummies,
            [t for _, t in pairs],
            create_graph=record,
            allow_unused=True,
        )
    )
