"""Fixed points of an iteration, differentiated without its steps: ``fixed_point``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.core import make_vjp
from autograd.extend import defvjp, primitive
from autograd.numpy.table import plain

__all__ = ["fixed_point"]


@primitive
def fixed_point(
    f: Callable[..., Any], a: Any, x0: Any, distance: Callable[..., Any], tol: float
) -> Any:
    """The x with ``f(a)(x)`` = x, found by iteration from ``x0``; differentiated by ``a``.

    The gradient is that of the implicit function, Σ (∂x)ᵏᵀ g by an iteration of its own (B.
    Christianson 1994, doi:10.1080/10556789408805572): no step is kept. It goes to ``a`` alone.

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
    step = f(a)
    x, ahead = x0, plain(step(x0))
    while distance(x, ahead) > tol:
        x, ahead = ahead, plain(step(ahead))
    return ahead


def _by_a(ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    def backwards(given: Any) -> Any:
        a, x, g = given
        through, _ = make_vjp(lambda x: f(a)(x), x)
        return lambda u: g + through(u)

    def vjp(g: Any) -> Any:
        u = fixed_point(backwards, (a, ans, g), g, distance, tol)
        return make_vjp(lambda a: f(a)(ans), a)[0](u)

    return vjp


defvjp(fixed_point, None, _by_a, None)
