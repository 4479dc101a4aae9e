"""Fixed points, x = f(x, θ), and how they move with θ.

The iteration is not recorded. At the fixed point dx = ∂f/∂x dx + ∂f/∂θ dθ, so that the gradient u
that goes on to f(x, θ) is itself a fixed point, of u = g + (∂f/∂x)ᵀ u; and being found by the
same function, it can be differentiated once more. S. Bai, J. Z. Kolter & V. Koltun 2019,
arXiv:1909.01377.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import trees
from autograd.arrays.arguments import count_of
from autograd.arrays.dialect import everywhere
from autograd.arrays.errors import OptionError
from autograd.engine import versions
from autograd.engine.duals import carried, joined, parts
from autograd.engine.function import Function
from autograd.engine.grad_mode import enable_grad, mode, no_grad
from autograd.engine.graph import TensorBase, wrap
from autograd.func.pulled import captured, pulled
from autograd.func.vectors import of_all_samples, ravel_like, ravel_state

__all__ = ["fixed_point"]


def fixed_point(
    func: Callable[..., Any],
    x0: Any,
    *params: Any,
    tol: float = 1e-10,
    max_iterations: int = 1000,
    memory: int = 5,
) -> Any:
    """The x where ``func(x, *params)`` is x, found from ``x0`` on; with two derivatives.

    Shapes: those of ``x0``, which ``func`` keeps.

    The derivatives go to ``params`` and to what ``func`` closes over, not to ``x0``, on which the
    fixed point does not depend.

    :param func: a function of x and ``params``, trees of tensors, that returns what x is.
    :param tol: how far from x its image may be, relative to x: in the root of the mean square; of
        float32, four units at least.
    :param memory: how many steps Anderson's acceleration remembers; 0 iterates plainly.
    :returns: a tree as ``x0`` is.
    :raises ValueError: ``tol``, ``memory`` or ``max_iterations`` is too small.
    :raises TypeError: ``x0`` is complex, or ``func`` returns something else than a tree like it.
    :raises ShapeError: ``func`` returns other shapes.
    :raises RuntimeError: it was not found in ``max_iterations`` steps.

    D. G. Anderson 1965, doi:10.1145/321296.321305.

    >>> import autograd
    >>> a = autograd.tensor(2.0, dtype=autograd.float64, requires_grad=True)
    >>> root = fixed_point(lambda x, a: (x + a / x) / 2, autograd.ones_like(a), a)
    >>> root.backward()
    >>> root.detach(), a.grad  # √2, and 1 / 2√2
    (tensor(1.4142, dtype=autograd.float64), tensor(0.3536, dtype=autograd.float64))
    """
    start, unravel = ravel_state("fixed_point", x0, "x0")
    max_iterations = count_of("fixed_point", "max_iterations", max_iterations, 1)
    memory = count_of("fixed_point", "memory", memory)
    if not 0 <= tol < math.inf:
        raise OptionError(
            f"fixed_point: tol must be finite and not negative; got {tol}. Leave it out for 1e-10."
        )

    def step(x: Any, *params: Any) -> Any:
        x = unravel(x)
        return ravel_like("fixed_point", func(x, *params), x, "x0")

    how = {"tol": tol, "max_iterations": max_iterations, "memory": memory}
    with no_grad():
        seen = step(start.detach(), *params)
    if carried([seen]):
        return unravel(_with_tangent(step, start, params, seen._data.level, how))
    with no_grad():
        found = _iterated(lambda x: step(x, *params), start.detach(), tol, max_iterations, memory)
    if not mode.grad:
        return unravel(found)
    leaves: list[Any] = [one for one in trees.flatten(params)[0] if isinstance(one, TensorBase)]
    active = [one for one in leaves if one.requires_grad]
    with enable_grad():
        fresh = [one.detach().requires_grad_() for one in active]
        stands_for = dict(zip(map(id, active), fresh))
        probe = trees.map_leaves(lambda one: stands_for.get(id(one), one), params)
        since = versions.tick()
        hidden = captured(step(found, *probe), fresh, since)
    if not active and not hidden:
        return unravel(found)

    def of_active(x: Any, *values: Any) -> Any:
        places = dict(zip(map(id, active), values))
        return step(x, *trees.map_leaves(lambda one: places.get(id(one), one), params))

    return unravel(_Implicit.apply(of_active, how, len(active), found, *active, *hidden))


def _with_tangent(step: Any, start: Any, params: Any, level: Any, how: dict[str, Any]) -> Any:
    """x and its tangent u, a fixed point in its turn: u = ∂f/∂x u + ∂f/∂θ dθ."""

    def primal(x: Any) -> Any:
        return parts(step(x, *params), level)[0]

    x = fixed_point(primal, parts(start, level)[0], **how)

    def tangent(u: Any) -> Any:
        found = parts(step(joined(level, x, u), *params), level)[1]
        return u * 0 if found is None else found

    return joined(level, x, fixed_point(tangent, np.zeros_like(x.detach()), **how))


class _Implicit(Function):
    """x, with the gradient of a fixed point; the last of ``params`` are those closed over."""

    @staticmethod
    def forward(ctx: Any, step: Any, how: dict[str, Any], given: int, x: Any, *params: Any) -> Any:
        ctx.step, ctx.how, ctx.given = step, how, given
        out = x.clone()
        ctx.save_for_backward(out, *params)
        return out

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, *params = ctx.saved_tensors
        args, hidden = (x, *params[: ctx.given]), params[ctx.given :]

        def further(u: Any, g: Any, *args: Any) -> Any:
            return g + pulled(ctx.step, args, hidden, u)[1]

        u = fixed_point(further, g.detach(), g, *args, **ctx.how)
        _, _, *slopes = pulled(ctx.step, args, hidden, u)
        return (None, None, None, None, *slopes)


def _iterated(
    step: Callable[[Any], Any], x: Any, tol: float, max_iterations: int, memory: int
) -> Any:
    """x where step(x) is x, by Anderson's acceleration over the last few steps."""
    near = max(tol, 4 * float(np.finfo(x._data.dtype).eps))
    now = x._data
    rests: list[Any] = []
    images: list[Any] = []
    for _ in range(max_iterations):
        image = step(wrap(now, None))._data
        rest = image - now
        if not now.size:
            return wrap(image.copy(), None)
        with np.errstate(over="ignore", invalid="ignore"):
            off, size = (np.sqrt(np.mean(np.square(one))) for one in (rest, image))
        if not everywhere(np.isfinite(off + size)):
            break
        if everywhere(off <= near * np.maximum(size, near)):
            return wrap(image.copy(), None)
        rests, images = [*rests, rest][-memory - 1 :], [*images, image][-memory - 1 :]
        now = _mixed(rests, images) if memory else image
    raise RuntimeError(
        f"fixed_point: x must come to rest within max_iterations={max_iterations} steps; it is "
        f"still {np.max(of_all_samples(off)):.3g} from its image. Start nearer to it, or make func "
        "a contraction, for instance by going only part of the way: (x + func(x)) / 2."
    )


def _mixed(rests: list[Any], images: list[Any]) -> Any:
    """The mean of ``images``, weights summing to 1, whose residuals cancel best.

    Inside vmap the weights are those of all samples together.
    """
    whole = [np.ravel(of_all_samples(one)) for one in rests]
    if len(whole) == 1:
        return images[0]
    changes = np.stack([one - whole[-1] for one in whole[:-1]], axis=1)
    mixed = last = images[-1]
    for weight, one in zip(np.linalg.lstsq(changes, -whole[-1], rcond=1e-8)[0], images):
        mixed = mixed + (one - last) * float(weight)
    return mixed
