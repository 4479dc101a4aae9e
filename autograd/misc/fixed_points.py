"""Fixed points of an iteration, differentiated without its steps: ``fixed_point``.

For tensors there is ``autograd.func.fixed_point``, which finds them faster and has two derivatives;
this one iterates as it is told, and has derivatives of every order, of complex numbers too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.core import VJPNode, make_vjp
from autograd.engine import duals
from autograd.engine.graph import Leaf, TensorBase, nodes_behind
from autograd.extend import defvjp, primitive
from autograd.tensors.array import as_array, as_traced
from autograd.tracer import getval, new_box

__all__ = ["fixed_point"]


def fixed_point(
    f: Callable[..., Any], a: Any, x0: Any, distance: Callable[..., Any], tol: float
) -> Any:
    """The x with ``f(a)(x)`` = x, found by iteration from ``x0``.

    Its gradient goes to ``a`` alone and keeps no step: it is that of ``f`` at x, by a vector that
    is a fixed point in its turn, u = g + (∂f/∂x)ᵀ u (B. Christianson 1994,
    doi:10.1080/10556789408805572). Where ``f`` closes over traced values, the steps are recorded.

    :param f: ``f(a)`` is the function of x that is iterated.
    :param a: what the iteration depends on: an array, or a tuple, list or dict of them.
    :param distance: a function of two successive x, and
    :param tol: what it must not exceed in the end.

    >>> from autograd import grad
    >>> half = lambda a: lambda x: 0.5 * (x + a / x)
    >>> root = lambda a: fixed_point(half, a, 1.0, lambda x, y: abs(x - y), 1e-12)
    >>> round(float(root(2.0)), 6), round(float(grad(root)(2.0)), 6)
    (1.414214, 0.353553)
    """
    found = _iterated(f, a, x0, distance, tol)
    apart = trees.map_leaves(_fresh, a)
    last = trees.flatten(f(apart)(found))[0]
    if duals.carried(last):
        return _with_tangent(f, a, found, distance, tol, duals.newest(last))
    if _closes_over(last, apart):
        x, ahead = x0, f(a)(x0)
        while distance(_plain(x), _plain(ahead)) > tol:
            x, ahead = ahead, f(a)(ahead)
        return ahead
    return _found(f, a, found, distance, tol)


def _iterated(f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    """x, plain."""
    step = f(_plain(a))
    x, ahead = _plain(x0), _plain(step(_plain(x0)))
    while distance(x, ahead) > tol:
        x, ahead = ahead, _plain(step(ahead))
    return ahead


def _fresh(one: Any) -> Any:
    """A traced value as one that begins here."""
    return new_box(one, 0, VJPNode.new_root()) if _is_linked(one) else one


def _is_linked(one: Any) -> bool:
    return isinstance(one, TensorBase) and one._edge is not None and not duals.carried((one,))


def _closes_over(results: list[Any], given: Any) -> bool:
    """Whether traced values lead to results, beside those that were given."""
    own = {one._edge for one in filter(_is_linked, trees.flatten(given)[0])}
    behind = nodes_behind([one._edge for one in results if _is_linked(one)])
    return any([type(node) is Leaf and node not in own for node in behind])


@primitive
def _found(f: Any, a: Any, x: Any, distance: Any, tol: float) -> Any:
    return x


def _by_a(ans: Any, f: Any, a: Any, x: Any, distance: Any, tol: float) -> Any:
    def image(given: Any) -> Any:
        a, x, g = given
        through, _ = make_vjp(lambda x: f(a)(x), x)
        return lambda u: trees.map_leaves(lambda g, d: g + d, g, through(u))

    def vjp(g: Any) -> Any:
        all_of = a, ans, g
        u = _found(image, all_of, _iterated(image, all_of, g, distance, tol), distance, tol)
        return make_vjp(lambda a: f(a)(ans), a)[0](u)

    return vjp


defvjp(_found, None, _by_a, None)


def _with_tangent(f: Any, a: Any, x0: Any, distance: Any, tol: float, level: Any) -> Any:
    """x and its tangent v, a fixed point in its turn: v = ∂f/∂x v + ∂f/∂a da."""

    def primal(a: Any) -> Any:
        return lambda x: trees.map_leaves(lambda y: duals.parts(y, level)[0], f(a)(x))

    def tangent(x: Any) -> Any:
        def image(v: Any) -> Any:
            moving = trees.map_leaves(
                lambda x, v: duals.joined(level, as_traced(x), as_traced(v)), x, v
            )
            slopes = trees.map_leaves(lambda y: duals.parts(y, level)[1], f(a)(moving))
            return trees.map_leaves(lambda x, d: x * 0 if d is None else as_array(d), x, slopes)

        return image

    still = trees.map_leaves(lambda one: duals.parts(one, level)[0], a)
    x = fixed_point(primal, still, x0, distance, tol)
    zeros = trees.map_leaves(lambda x: np.zeros_like(getval(x)), x)
    v = fixed_point(tangent, x, zeros, distance, tol)
    return trees.map_leaves(lambda x, v: duals.joined(level, as_traced(x), as_traced(v)), x, v)


def _plain(value: Any) -> Any:
    return trees.map_leaves(getval, value)
