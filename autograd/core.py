"""Differentiation itself, under HIPS autograd's names: ``make_vjp``, ``make_jvp``, ``vspace``."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import numpy as np

import autograd.numpy  # noqa: F401  NumPy's functions find ours in its table
from autograd.arrays import dtypes, trees
from autograd.arrays.dialect import inside, recorded, scalar_of, shown
from autograd.engine import backward, duals, observer
from autograd.engine.dispatch import numpys
from autograd.engine.elementwise import cast
from autograd.engine.function import Identity
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Leaf, TensorBase, unwrap, wrap
from autograd.engine.sweep import Way
from autograd.extend import (
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    primitive,
    vspace,
)
from autograd.func import tangents  # noqa: F401  which make ops know duals
from autograd.numpy.depth import opened
from autograd.numpy.noting import Noted, array_of
from autograd.numpy.numpy_boxes import boxes
from autograd.numpy.primitives import described, entered, is_spread
from autograd.tensors.array import Array, as_array, as_tensor

__all__ = [
    "JVPNode", "VJPNode", "VSpace", "backward_pass", "def_linear", "defjvp", "defjvp_argnum",
    "defjvp_argnums", "defvjp", "defvjp_argnum", "defvjp_argnums", "make_jvp", "make_vjp",
    "primitive", "primitive_vjps", "vspace",
]  # fmt: skip


def make_vjp(fun: Callable[..., Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """The function that multiplies a vector by the Jacobian of ``fun`` at x, and the value.

    :param x: an array, a number, or nested tuples, lists and dicts of them.
    :returns: ``vjp``, which takes what is shaped as the value and gives what is shaped as x; and
        the value. For complex numbers ``vjp`` of a holomorphic function multiplies by its
        derivative, unconjugated.
    :raises TypeError: x is an integer, or no number at all.

    >>> from autograd.core import make_vjp
    >>> vjp, value = make_vjp(lambda x: x * x, 3.0)
    >>> float(vjp(1.0)), float(value)
    (6.0, 9.0)
    """
    inputs, spec, out, inner = _traced(fun, x)
    results, form = trees.flatten(out)
    linked = [
        (i, one) for i, one in enumerate(results) if isinstance(one, TensorBase) and one._edge
    ]
    way: Any = None  # to the inputs, past what is outside; found when it is first asked for

    def vjp(g: Any) -> Any:
        nonlocal way
        given = _seeds(g, form, results)
        if observer.listening and duals.carried((*results, *given)):
            asked = {i for i, _ in linked}
            seeds = [_seed_of(given[i], y) if i in asked else None for i, y in enumerate(results)]
            create = inner or opened.depth > 0 or any(map(duals.linked, given))
            found = _pulled(results, [*map(_source, inputs)], seeds, create_graph=create)
            return trees.unflatten([*map(_gradient, found, inputs)], spec)
        create = inner or opened.depth > 0
        for one in given:
            create = create or isinstance(one, TensorBase)
        roots, shared = [], set()
        for i, y in linked:
            seed = _seed(given[i], y._data, create)
            roots.append((y._edge, seed))
            shared.add(id(seed))
        if create and way is None:
            way = Way([one._edge for one in inputs], [y._edge for _, y in linked])
        found = backward.swept(roots, way if create else None, True, create) if roots else {}
        if not create and len(found) > len(inputs):
            _check_closed(found, inputs)
        return trees.unflatten([_result(found, one, create, shared) for one in inputs], spec)

    vjp.independent = not linked  # type: ignore[attr-defined]  # for a warning
    return vjp, out if inner else trees.unflatten([_plain(one) for one in results], form)


def _check_closed(found: Any, inputs: Any) -> None:
    """Raise TypeError where a gradient has come to what is traced outside, in another thread."""
    for edge in found.keys() - {one._edge for one in inputs}:
        outside: Any = edge.tensor() if type(edge) is Leaf else None
        if type(outside) is Array:
            raise TypeError(
                "differentiation: a function must not close over a value that another thread "
                f"traces; this one does, of shape {outside.shape}. Pass it as an argument, or call "
                "in that thread."
            )


def _pulled(outputs: Any, inputs: Any, seeds: Any, *, create_graph: bool, **_: Any) -> Any:
    """The gradients of outputs that may be dual, as tensors; None where there is none."""
    if duals.carried((*outputs, *seeds)):
        return duals.gradients(_pulled, outputs, inputs, seeds, create_graph=create_graph)
    roots = [
        (y._edge, seed if create_graph else seed._data)
        for y, seed in zip(outputs, seeds)
        if seed is not None and isinstance(y, TensorBase) and y._edge is not None
    ]
    edges = [x._edge for x in inputs]
    found = (
        backward.swept(roots, edges if create_graph else None, True, create_graph) if roots else {}
    )
    gradients = [found.get(edge) for edge in edges]
    return [g if g is None or isinstance(g, TensorBase) else wrap(g[()], None) for g in gradients]


def _source(x: Any) -> Any:
    """Of a traced value, dual or not, what it is differentiated by: the fresh tensor in it."""
    while type(x._data) is duals.Dual:
        x = x._data.primal
    return x


def _seed_of(g: Any, y: Any) -> Any:
    """A vector as a tensor of the shape and dtype of a result that may be dual."""
    return _seed(g, duals.values_of(y._data), True)


def _gradient(g: Any, x: Any) -> Any:
    """A gradient, dual or not, as whoever asked for it gets it."""
    if g is None:
        return _shown(np.zeros_like(duals.values_of(x._data)))
    return as_array(g) if g._edge is not None else _shown(backward.own(g._data, set()))


def _shown(data: Any) -> Any:
    """What has no gradient is plain; the samples of a vmap are one value inside, an Array."""
    plain: Any = data
    if isinstance(data, _PLAIN):
        return plain[()]
    if inside(data) is not data:  # a recorder
        return shown(plain)
    return wrap(data, None, Array)


_PLAIN: Any = (np.ndarray, np.generic, Noted)


def make_jvp(fun: Callable[..., Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """The function that multiplies the Jacobian of ``fun`` at x by a vector, in forward mode.

    Each call runs ``fun`` once, on dual numbers (engine/duals.py).

    :returns: ``jvp(v)``, which gives the value and J v; v is shaped as x.
    :raises NotImplementedError: in ``fun`` is a primitive without a forward rule.
    :raises TypeError: x is an integer, or no number at all.
    :raises ValueError: by ``jvp``, v has another form or shape than x.

    >>> from autograd.core import make_jvp
    >>> value, slope = make_jvp(lambda x: x * x, 3.0)(1.0)
    >>> float(value), float(slope)
    (9.0, 6.0)
    """
    leaves, spec = ([x], trees.LEAF) if type(x) in trees.LEAVES else trees.flatten(x)
    primals = [*map(_numbers, leaves)]
    alone = primals[0] if spec is trees.LEAF else None

    def jvp(v: Any) -> tuple[Any, Any]:
        along, form = ([v], spec) if type(v) in trees.LEAVES else trees.flatten(v)
        if len(along) != len(primals):
            raise ValueError(f"jvp: the vector must have the argument's form {spec}; got {form}.")
        shared = {id(one) for one in along} if alone is None else {id(v)}
        with duals.DualLevel() as level:
            if alone is not None:
                out = fun(_moving(level, alone, along[0]))
            else:
                moving = [_moving(level, x, t) for x, t in zip(primals, along)]
                out = fun(trees.unflatten(moving, spec))
            if isinstance(out, TensorBase):
                return _told(out, level, shared)
            results, form = trees.flatten(out)
            pairs = [_told(y, level, shared) for y in results]
        value = trees.unflatten([y for y, _ in pairs], form)
        return value, trees.unflatten([t for _, t in pairs], form)

    return jvp


_FLOATS = frozenset({np.ndarray, np.float64})


def _moving(level: duals.DualLevel, x: Any, t: Any) -> Any:
    """The number x with a derivative along t, which is read and not written."""
    t = np.float64(t) if type(t) is float else t
    if type(x) in _FLOATS and type(t) in _FLOATS and x.dtype is t.dtype and x.shape == t.shape:
        return duals.bare(level, Array, x, t, duals.GIVEN)  # as it nearly always is
    data = x._data if isinstance(x, TensorBase) else x
    shape, dtype = data.shape, data.dtype
    if isinstance(t, TensorBase):
        t = as_array(t)
    else:
        given, t = t, scalar_of(t)
        t = t if hasattr(t, "astype") else np.asarray(t)
        if t.dtype is not dtype:
            _numeric("jvp", t, given)
        if dtypes.complex_valued(t.dtype) and not dtypes.complex_valued(dtype):
            t = t.real
        t = t.astype(dtype)[()]  # in memory of its own
    if t.shape != shape:
        raise ValueError(
            f"jvp: the vector must have the argument's shape {shape}; got {t.shape}. Broadcast it."
        )
    if type(x) in duals.ARRAYS and type(t) in duals.ARRAYS:
        return duals.bare(level, Array, x, t, duals.GIVEN)
    x, t = [one if isinstance(one, TensorBase) else wrap(one, None, Array) for one in (x, t)]
    return duals.given(duals.joined(level, x, cast(t, dtype)))


def _told(y: Any, level: duals.DualLevel, shared: set[int]) -> tuple[Any, Any]:
    """A result and its derivative as whoever is outside gets them: plain where nobody records."""
    if isinstance(y, TensorBase) and type(y._data) is duals.Dual and y._data.level is level:
        value, slope = y._data.own_primal, y._data.own_tangent
        if type(value) in _FLOATS and type(slope) in _FLOATS:  # as they nearly always are
            if slope.base is None and id(slope) not in shared:
                shared.add(id(slope))
                return value, slope
            return value, backward.own(slope, shared)
        if isinstance(value, TensorBase) or isinstance(slope, TensorBase):
            value, slope = duals.parts(y, level)
    else:
        data = unwrap(y) if isinstance(y, (TensorBase, *_PLAIN, float, int, complex)) else 0.0
        value, slope = y, np.zeros_like(data, np.result_type(data, np.float16))
    if isinstance(value, TensorBase):
        value = as_array(value) if value._edge is not None else _shown(value._data)
    if isinstance(slope, TensorBase):
        if slope._edge is not None:
            return value, as_array(slope)
        slope = slope._data
    return value, _shown(backward.own(slope, shared))


def _traced(fun: Callable[..., Any], x: Any) -> tuple[list[Any], Any, Any, bool]:
    """The inputs as ``fun`` saw them, their form, what it gave; whether an outer one records."""
    leaves, spec = trees.flatten(x)
    inner = opened.depth > 0
    for leaf in leaves:
        if isinstance(leaf, TensorBase) and leaf._edge is not None:
            inner = inner or duals.linked(leaf)
    inputs = [_entered(leaf) for leaf in leaves]
    opened.depth += 1
    before, mode.grad = mode.grad, True  # a formula may ask, in a pass that is not recorded
    try:
        return inputs, spec, fun(trees.unflatten(inputs, spec)), inner
    finally:
        mode.grad = before
        opened.depth -= 1


def _entered(leaf: Any) -> Any:
    if boxes and type(unwrap(leaf)) in boxes:
        return entered(leaf)
    data = _numbers(leaf)
    if isinstance(data, TensorBase):
        if type(data._data) is duals.Dual:
            dual = data._data
            return duals.joined(dual.level, _entered(dual.primal), as_array(dual.tangent))
        return as_array(Identity.apply(as_tensor(data)))
    x = wrap(data, None, Array)
    x._edge = Leaf(x)
    return x


def _numbers(leaf: Any) -> Any:
    """What is differentiated by: plain floating-point numbers, or a traced value as it is."""
    if type(leaf) is np.ndarray and leaf.dtype is dtypes.float64:
        return leaf  # as it nearly always is
    if isinstance(leaf, TensorBase) and leaf._edge is not None:
        return as_array(leaf)
    data = leaf._data if isinstance(leaf, TensorBase) else leaf
    if type(data) is float:
        data = np.float64(data)
    if type(data) is np.ndarray and data.dtype is dtypes.float64 or type(data) is np.float64:
        return data
    data = scalar_of(data)
    if inside(data) is not data and dtypes.differentiable(data.dtype):
        return data  # a recorder
    if isinstance(leaf, TensorBase) and not isinstance(data, _PLAIN):
        if dtypes.differentiable(data.dtype):
            return data  # samples of a vmap
    if not isinstance(data, (np.ndarray, Noted)):
        if not isinstance(data, (complex, np.inexact)):
            raise TypeError(
                "differentiation: inputs must be floating-point numbers, arrays, or tuples, lists "
                f"and dicts of them; got {leaf!r} of type {type(leaf).__name__}. Pass a float."
            )
        data = np.asarray(data)[()]
    if isinstance(data, np.ndarray):
        data = np.asarray(data)  # of a subclass its numbers
    if data.dtype.char in "gG":  # long doubles: computed in doubles
        data = data.astype(np.float64 if data.dtype.char == "g" else np.complex128)
    if dtypes.integral(data.dtype) or dtypes.boolean(data.dtype):
        data = data.astype(np.float64)
    elif not dtypes.differentiable(data.dtype):
        raise TypeError(
            f"differentiation: inputs must be arrays of numbers; got dtype {data.dtype}. Pass "
            "floats."
        )
    return data


def _seeds(g: Any, form: Any, results: list[Any]) -> list[Any]:
    given, its = trees.flatten(g)
    if len(given) != len(results):
        raise ValueError(
            f"vjp: the vector must have the value's form {form}; got {its}. Pack it "
            "as the value is."
        )
    return given


def _numeric(call: str, array: Any, given: Any) -> Any:
    if not dtypes.numeric(array.dtype):
        raise TypeError(
            f"{call}: the vector must be an array of numbers; got {described(given)}. Pass floats."
        )
    return array


def _seed(given: Any, like: Any, create: bool) -> Any:
    g = given
    if isinstance(g, TensorBase):
        g = as_tensor(g)
        if g._data.shape != like.shape or g._data.dtype != like.dtype:
            g = (g + wrap(np.zeros_like(like), None)).to(like.dtype)
        return g
    g = array_of(g)
    if g.dtype != like.dtype:
        g = _numeric("vjp", g, given)
        g = (g if dtypes.complex_valued(like.dtype) else g.real).astype(like.dtype)
    if g.shape != like.shape:
        if not is_spread(g.shape, like.shape):
            raise ValueError(
                f"vjp: the vector must have the value's shape {like.shape}; got {g.shape}. "
                "Broadcast it."
            )
        g = np.broadcast_to(g, like.shape).copy()
    if recorded(like) is not None:
        g = np.array(g, like=like)  # gradients are added up in memory: in recorded memory
    return wrap(g[()], None) if create else g[()]


def _result(found: Any, x: Any, create: bool, shared: set[int]) -> Any:
    g = found.get(x._edge)
    if g is None:
        return _shown(np.zeros_like(x._data)) if type(x) is Array else vspace(x._data).zeros()
    if type(x) is not Array:
        return g
    if create:
        return as_array(g) if g._edge is not None else _shown(g._data)
    return _shown(backward.as_gradient(g, x._data, shared))


def _plain(one: Any) -> Any:
    """A result without what was recorded for it: plain, or dual of plain parts."""
    if not isinstance(one, TensorBase) or type(one._data) is not duals.Dual:
        return _shown(one._data) if isinstance(one, TensorBase) else one
    dual = one._data
    parts = [_plain(part) for part in (dual.primal, dual.tangent)]
    parts = [part if isinstance(part, TensorBase) else wrap(part, None, Array) for part in parts]
    return duals.joined(dual.level, *parts)


# -- for programs that walk HIPS autograd's graph themselves ---------------------------------------


class VJPNode:
    """``VJPNode.new_root()`` is where a traced value made by ``tracer.new_box`` begins.

    Nodes of calls are the engine's here.

    :raises NotImplementedError: it is made otherwise.

    >>> from autograd.tracer import new_box
    >>> x = new_box(3.0, 0, VJPNode.new_root())
    >>> float(backward_pass(1.0, (x * x)._node))
    6.0
    """

    def __init__(self, *args: Any) -> None:
        raise NotImplementedError(
            f"{type(self).__name__}: nodes are made by the calls that are traced. Use "
            "autograd.core.make_vjp, make_jvp, or tracer.trace with a Node of your own."
        )

    @classmethod
    def new_root(cls, *args: Any) -> Any:
        """A node that begins a graph."""
        return object.__new__(cls)


class JVPNode(VJPNode):
    """A node of forward mode: here a level of dual numbers stands for it; use ``make_jvp``.

    >>> JVPNode.new_root(1.0)
    Traceback (most recent call last):
    NotImplementedError: JVPNode: nodes are made by the calls that are traced. Use ...
    """

    @classmethod
    def new_root(cls, *args: Any) -> Any:
        """Raises NotImplementedError."""
        return cls(*args)


def backward_pass(g: Any, end_node: Any) -> Any:
    """The gradient where the graph of a value begins, at the one that ``tracer.new_box`` made.

    :param g: the gradient of the value, and
    :param end_node: its ``_node``.
    :raises ValueError: more than one was made.

    >>> from autograd.tracer import new_box
    >>> x = new_box(3.0, 0, VJPNode.new_root())
    >>> y = x * x * x
    >>> float(backward_pass(1.0, y._node))
    27.0
    """
    create = isinstance(g, TensorBase) and g._edge is not None
    g = as_tensor(g) if create else np.asarray(unwrap(g))[()]
    found = backward.swept([(end_node, g)], None, True, create)
    if len(found) != 1:
        raise ValueError(
            f"backward_pass: the graph must begin at one value; it begins at {len(found)}. Use "
            "make_vjp, which takes a tuple of them."
        )
    (d,) = found.values()
    return as_array(d) if create else d


class _Rules(MutableMapping[Any, Any]):
    """The gradients that were told of primitives, as functions (argnums, ans, args, options)."""

    def __getitem__(self, fun: Any) -> Any:
        fun = _primitive(fun)
        if getattr(fun, "known", ()) == ():
            raise KeyError(fun)
        return fun.backward

    def __setitem__(self, fun: Any, maker: Any) -> None:
        defvjp_argnums(fun, maker)

    def __delitem__(self, fun: Any) -> None:
        fun = _primitive(fun)
        fresh: Any = primitive(fun.fun)
        fun.backward, fun.known = fresh.backward, ()

    def __iter__(self) -> Any:
        return iter([fun for fun in numpys.values() if hasattr(fun, "known")])

    def __len__(self) -> int:
        return sum(1 for _ in self)  # a list would ask for our length


def _primitive(fun: Any) -> Any:
    """The primitive that stands for a function, if there is one."""
    plain = getattr(fun, "__wrapped__", fun)
    return fun if hasattr(fun, "known") else numpys.get(plain)


primitive_vjps = _Rules()  # those that were told; NumPy's own functions have theirs in the ops
