"""Differentiation itself, under HIPS autograd's names: ``make_vjp``, ``make_jvp``, ``vspace``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd.numpy  # noqa: F401  NumPy's functions find ours in its table
from autograd.arrays import dtypes, trees
from autograd.engine import backward
from autograd.engine.function import Identity
from autograd.engine.grad_mode import mode
from autograd.engine.graph import Leaf, TensorBase, wrap
from autograd.extend import VSpace, primitive, tracing, vspace
from autograd.tensors.array import Array, as_array, as_tensor

__all__ = ["VSpace", "make_jvp", "make_vjp", "primitive", "vspace"]


primitive_vjps: dict[Any, Any] = {}  # HIPS autograd's table; ours are in the ops themselves


class _Open(threading.local):
    """How many functions are being differentiated in this thread."""

    depth = 0


_open = _Open()


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
    linked = [isinstance(one, TensorBase) and one._edge is not None for one in results]

    def vjp(g: Any) -> Any:
        given = _seeds(g, form, results)
        create = inner or _open.depth > 0 or any([isinstance(one, TensorBase) for one in given])
        roots = [
            (y._edge, _seed(one, y._data, create))
            for y, one, ask in zip(results, given, linked)
            if ask
        ]
        targets = [one._edge for one in inputs] if create else None
        found = backward.swept(roots, targets, True, create) if roots else {}
        shared = {id(one) for _, one in roots}
        return trees.unflatten([_result(found, one, create, shared) for one in inputs], spec)

    vjp.independent = not any(linked)  # type: ignore[attr-defined]  # for a warning
    return vjp, out if inner else trees.unflatten([_plain(one) for one in results], form)


def make_jvp(fun: Callable[..., Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """The function that multiplies the Jacobian of ``fun`` at x by a vector.

    Two backward passes: u ↦ J'u is linear, and its own gradient along v is J v.

    :returns: ``jvp(v)``, which gives the value and J v.
    :raises NotImplementedError: in ``fun`` is a primitive without a forward rule.

    >>> from autograd.core import make_jvp
    >>> value, slope = make_jvp(lambda x: x * x, 3.0)(1.0)
    >>> float(value), float(slope)
    (9.0, 6.0)
    """

    def jvp(v: Any) -> tuple[Any, Any]:
        before, tracing.forward = tracing.forward, True
        try:
            inputs, _, out, inner = _traced(fun, x)
        finally:
            tracing.forward = before
        results, form = trees.flatten(out)
        along = trees.flatten(v)[0]
        create = inner or any([isinstance(one, TensorBase) for one in along])
        roots, weights = [], []
        for y in results:
            weight = None
            if isinstance(y, TensorBase) and y._edge is not None:
                weight = wrap(np.zeros_like(y._data)[()], None)
                weight._edge = Leaf(weight)
                roots.append((y._edge, weight))
            weights.append(weight)
        found = backward.swept(roots, [one._edge for one in inputs], True, True) if roots else {}
        pairs = [
            (found[one._edge]._edge, _seed(to, found[one._edge]._data, create))
            for one, to in zip(inputs, along, strict=True)
            if found.get(one._edge) is not None and found[one._edge]._edge is not None
        ]
        asked = [weight._edge for weight in weights if weight is not None]
        slopes = backward.swept(pairs, asked, True, create) if pairs else {}
        tangents = [
            np.zeros_like(np.asarray(getattr(y, "_data", y), np.float64))[()]
            if weight is None
            else _result(slopes, weight, create, set())
            for y, weight in zip(results, weights)
        ]
        value = out if inner else trees.unflatten([_plain(one) for one in results], form)
        return value, trees.unflatten(tangents, form)

    return jvp


def _traced(fun: Callable[..., Any], x: Any) -> tuple[list[Any], Any, Any, bool]:
    """The inputs as ``fun`` saw them, their form, what it gave; whether an outer one records."""
    leaves, spec = trees.flatten(x)
    inputs = [_entered(leaf) for leaf in leaves]
    inner = _open.depth > 0 or any(
        [isinstance(leaf, TensorBase) and leaf._edge is not None for leaf in leaves]
    )
    _open.depth += 1
    before, mode.grad = mode.grad, True  # a formula may ask, in a pass that is not recorded
    try:
        return inputs, spec, fun(trees.unflatten(inputs, spec)), inner
    finally:
        mode.grad = before
        _open.depth -= 1


def _entered(leaf: Any) -> Any:
    if isinstance(leaf, TensorBase) and leaf._edge is not None:
        return as_array(Identity.apply(as_tensor(leaf)))
    data = leaf._data if isinstance(leaf, TensorBase) else leaf
    if type(data) is float:
        data = np.float64(data)
    elif not isinstance(data, np.ndarray):
        if not isinstance(data, (complex, np.inexact)):
            raise TypeError(
                "differentiation: inputs must be floating-point numbers, arrays, or tuples, lists "
                f"and dicts of them; got {leaf!r} of type {type(leaf).__name__}. Pass a float."
            )
        data = np.asarray(data)[()]
    if data.dtype.char in "gG":  # long doubles: computed in doubles
        data = data.astype(np.float64 if data.dtype.char == "g" else np.complex128)
    if dtypes.integral(data.dtype) or dtypes.boolean(data.dtype):
        data = data.astype(np.float64)
    elif not dtypes.differentiable(data.dtype):
        raise TypeError(
            f"differentiation: inputs must be arrays of numbers; got dtype {data.dtype}. Pass "
            "floats."
        )
    x = wrap(data, None, Array)
    x._edge = Leaf(x)
    return x


def _seeds(g: Any, form: Any, results: list[Any]) -> list[Any]:
    given, its = trees.flatten(g)
    if len(given) != len(results):
        raise ValueError(f"vjp: the vector must have the value's form {form}; got {its}.")
    return given


def _seed(g: Any, like: Any, create: bool) -> Any:
    if isinstance(g, TensorBase):
        g = as_tensor(g)
        if g._data.shape != like.shape or g._data.dtype != like.dtype:
            g = (g + wrap(np.zeros_like(like), None)).to(like.dtype)
        return g
    g = np.asarray(g)
    if g.dtype != like.dtype:
        g = (g if dtypes.complex_valued(like.dtype) else g.real).astype(like.dtype)
    if g.shape != like.shape:
        g = np.broadcast_to(g, like.shape).copy()
    return wrap(g[()], None) if create else g[()]


def _result(found: Any, x: Any, create: bool, shared: set[int]) -> Any:
    g = found.get(x._edge)
    if g is None:
        return np.zeros_like(x._data)[()]
    if create:
        return as_array(g) if g._edge is not None else g._data
    return backward.as_gradient(g, x._data, shared)[()]


def _plain(one: Any) -> Any:
    return one._data if isinstance(one, TensorBase) else one
