"""Initial value problems, y' = f(t, y), with gradients.

The pair of orders 5 and 4 of J. R. Dormand & P. J. Prince 1980, doi:10.1016/0771-050X(80)90013-3,
with the error control and the dense output of E. Hairer, S. P. Nørsett & G. Wanner, *Solving
Ordinary Differential Equations I*, 1993, sections II.4 and II.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.arrays.arguments import count_of
from autograd.arrays.dialect import everywhere
from autograd.arrays.errors import DtypeError, OptionError
from autograd.engine import versions
from autograd.engine.duals import carried
from autograd.engine.elementwise import cast
from autograd.engine.function import Function
from autograd.engine.grad_mode import enable_grad, mode, no_grad
from autograd.engine.graph import TensorBase, wrap
from autograd.engine.places import ShapeError
from autograd.func.pulled import captured, pulled
from autograd.func.vectors import of_all_samples, ravel_like, ravel_state
from autograd.ops.shape.join import stack

__all__ = ["odeint"]

_NODES = (0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
_STAGES = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
_DENSE = (
    -12715105075 / 11282082432, 0, 87487479700 / 32700410799, -10690763975 / 1880347072,
    701980252875 / 199316789632, -1453857185 / 822651844, 69997945 / 29380423,
)  # fmt: skip


class _Combination(Function):
    """y plus the sum of numbers times other vectors: a stage is one node."""

    def forward(self, *xs: Any, weights: tuple[float, ...]) -> Any:
        self.weights = weights
        out = xs[0]
        for x, w in zip(xs[1:], weights):
            out = out + x * w if w else out
        return out

    def backward(self, g: Any) -> Any:
        return (g, *[g * w for w in self.weights])


def odeint(
    func: Callable[[Any, Any], Any],
    y0: Any,
    t: Any,
    *,
    rtol: float = 1e-7,
    atol: float = 1e-9,
    adjoint: bool = False,
    max_steps: int = 100_000,
) -> Any:
    """y at the times ``t``, of y' = ``func(t, y)`` and y = ``y0`` at the first of them.

    Gradients go to ``y0``, to ``t``, and to what ``func`` closes over, a module's parameters, say.
    They are those of the steps that were made, which are recorded. With ``adjoint`` nothing is:
    backwards, the adjoint equation a' = -aᵀ ∂f/∂y is solved beside y' = f to the same tolerances
    (R. T. Q. Chen et al. 2018, arXiv:1806.07366), in memory that does not grow with the steps;
    ``func`` must then use the same tensors at all times. Both ways allow second derivatives.

    Shapes: each tensor (*) of ``y0`` -> (T, *), with T the number of times.

    :param func: a function of a 0-d tensor and of a tree as ``y0`` is, that returns such a tree.
    :param y0: a tensor, or a tree of them.
    :param t: the times (T,), ascending, or descending for a solution backwards.
    :param rtol: what a step may be off, relative to y, and
    :param atol: in any case, in the root of the mean square of all components.
    :param max_steps: how many steps there may be.
    :raises ValueError: the times are not in order, or a tolerance is negative, or both are 0.
    :raises TypeError: ``y0`` is complex, or ``func`` returns something else than a tree like it.
    :raises ShapeError: ``func`` returns other shapes.
    :raises RuntimeError: y' is not finite at the first of the times, or steps became too short
        or too many, as they do near a singularity.

    >>> import autograd
    >>> rate = autograd.tensor(0.5, dtype=autograd.float64, requires_grad=True)
    >>> t = autograd.linspace(0, 2, 3, dtype=autograd.float64)
    >>> y = odeint(lambda t, y: -rate * y, autograd.ones((), dtype=autograd.float64), t)
    >>> y.detach()  # exp(-t / 2)
    tensor([1.0000, 0.6065, 0.3679], dtype=autograd.float64)
    >>> y[-1].backward()
    >>> rate.grad  # -2 exp(-1)
    tensor(-0.7358, dtype=autograd.float64)
    """
    start, unravel = ravel_state("odeint", y0, "y0")
    dtype = start._data.dtype
    given = np.asarray(t._data if isinstance(t, TensorBase) else t)
    if not dtypes.real_valued(given.dtype):
        raise DtypeError(
            f"odeint: t must be real numbers; got {given.dtype}. Write autograd.tensor([0.0, 1.0])."
        )
    times = cast(t, dtype) if isinstance(t, TensorBase) else wrap(np.array(given, dtype), None)
    _check(times._data, rtol, atol)
    max_steps = count_of("odeint", "max_steps", max_steps, 1)

    def slope(t: Any, y: Any) -> Any:
        y = unravel(y)
        return cast(ravel_like("odeint", func(t, y), y, "y0"), dtype)

    how: dict[str, Any] = {"rtol": rtol, "atol": atol, "max_steps": max_steps}
    hidden: list[Any] | None = None
    if adjoint and mode.grad:
        with enable_grad():
            since = versions.tick()
            probe = slope(times[0].detach(), start.detach())
        if not carried([probe]):  # by a tangent of what func closes over: the steps carry it on
            hidden = captured(probe, [], since)
    if hidden is None:
        rows = _solved(slope, start, times, **how)
    else:
        rows = _Adjoint.apply(slope, how, start, times, *hidden)
    return trees.map_leaves(
        lambda *leaves: stack(list(leaves)), *[unravel(row) for row in rows.unbind(0)]
    )


def _check(times: Any, rtol: Any, atol: Any) -> None:
    for name, allowed in (("rtol", rtol), ("atol", atol)):
        if not isinstance(allowed, (int, float, np.number)):
            raise DtypeError(
                f"odeint: {name} must be a number; got {type(allowed).__name__}. Write 1e-7."
            )
    if not (0 <= rtol < math.inf and 0 <= atol < math.inf and rtol + atol > 0):
        raise OptionError(
            f"odeint: rtol and atol must be finite, not negative, and one of them above 0; got "
            f"rtol={rtol}, atol={atol}. Write rtol=1e-7."
        )
    if times.ndim != 1 or not times.size:
        raise ShapeError(
            f"odeint: t must be a vector of times, the first that of y0; got {times.shape}. Write "
            "autograd.tensor([0.0, 1.0])."
        )
    steps = np.diff(times)
    if not np.isfinite(times).all() or not ((steps > 0).all() or (steps < 0).all()):
        raise ValueError(
            "odeint: t must be finite, and ascend throughout or descend throughout; got "
            f"{np.array2string(times, threshold=6)}. Sort it, and leave out what is there twice."
        )


def _solved(
    func: Callable[[Any, Any], Any],
    y: Any,
    times: Any,
    *,
    rtol: float,
    atol: float,
    max_steps: int,
) -> Any:
    """The solution at ``times``, a row each; the lengths of steps are constants to its gradient."""
    plan = times._data.astype(np.float64) - float(times._data[0])
    if len(plan) == 1:
        return stack([y])
    begin, last = times[0], float(plan[-1])
    sign = 1 if last > 0 else -1
    near = np.finfo(y._data.dtype).eps
    rows, at = [y], 0.0
    first = func(begin, y)
    if not everywhere(np.isfinite(first._data)):
        raise RuntimeError(
            f"odeint: y' must be finite; at t = {float(times._data[0]):.6g}, the first of the "
            "times, it is not. Look at y0, and at what func returns there."
        )
    h = sign * min(_first_step(func, begin, y, first, rtol, atol, sign), abs(last))
    for _ in range(max_steps):
        h = sign * min(abs(h), abs(last - at))
        if abs(h) <= 4 * near * max(abs(at), abs(float(times._data[0])), 1e-300):
            raise RuntimeError(
                f"odeint: steps must advance t; at t = {float(times._data[0]) + at:.6g} one of "
                f"{h:.3g} was still too long for rtol={rtol:.3g}, atol={atol:.3g}. Is there a "
                "singularity? Stop before it, or allow a larger error."
            )
        stages = [first]
        for node, weights in zip(_NODES[1:], _STAGES[1:]):
            new = _Combination.apply(y, *stages, weights=tuple([h * w for w in weights]))
            stages.append(func(begin + (at + node * h), new))
        worst = sum(w * k._data for w, k in zip(_ERROR, stages)) * h
        error = _relative(worst, atol + rtol * np.maximum(np.abs(y._data), np.abs(new._data)))
        if error <= 1:
            ahead = at + h if abs(last - at - h) > 4 * near * abs(last) else last
            while len(rows) < len(plan) and sign * (plan[len(rows)] - ahead) <= 0:
                i = len(rows)
                exact = plan[i] == ahead and not times.requires_grad
                rows.append(new if exact else _between(y, new, stages, h, times[i] - begin - at))
            if len(rows) == len(plan):
                return stack(rows)
            at, y, first = ahead, new, stages[-1]
        factor = 10.0 if error == 0 else 0.9 * error**-0.2 if error < math.inf else 0.2
        h *= min(10.0 if error <= 1 else 1.0, max(0.2, factor))
    raise RuntimeError(
        f"odeint: expected at most max_steps={max_steps} steps; t = "
        f"{float(times._data[0]) + at:.6g} is reached. Allow more, or a larger error; where y' is "
        "stiff this method is the wrong one."
    )


def _between(y: Any, new: Any, stages: list[Any], h: float, passed: Any) -> Any:
    """The solution within a step, ``passed`` after its begin: of order 4."""
    theta = passed / h
    change = new - y
    bent = stages[0] * h - change
    dense = _Combination.apply(change * 0, *stages, weights=tuple([h * w for w in _DENSE]))
    inner = change - stages[-1] * h - bent + (1 - theta) * dense
    return y + theta * (change + (1 - theta) * (bent + theta * inner))


def _relative(x: Any, scale: Any) -> float:
    """The root of the mean square of x / scale, 0 / 0 being 0; infinite where it is NaN.

    Inside vmap the largest of all samples: they take the same steps.
    """
    if not x.size:
        return 0.0
    with np.errstate(all="ignore"):
        found = np.sqrt(np.mean(np.square(np.where(x == 0, 0, x / scale))))
    found = float(np.max(of_all_samples(found)))
    return found if found == found else math.inf


def _first_step(
    func: Any, t: Any, y: Any, slope: Any, rtol: float, atol: float, sign: int
) -> float:
    """A length to begin with: Hairer, Nørsett & Wanner, section II.4."""
    scale = atol + rtol * np.abs(y._data)
    size, steep = _relative(y._data, scale), _relative(slope._data, scale)
    if not math.isfinite(size + steep):  # a component that is 0, with atol=0
        return 1e-6
    h = 1e-6 if size < 1e-5 or steep < 1e-5 else 0.01 * size / steep
    with no_grad():
        ahead = func(t + sign * h, y + slope * (sign * h))
    bend = _relative(ahead._data - slope._data, scale) / h
    most = max(steep, bend)
    better = max(1e-6, h * 1e-3) if most <= 1e-15 else (0.01 / most) ** 0.2
    if not better:  # one evaluation was not finite
        return h
    return min(100 * h, better)


class _Adjoint(Function):
    """The solution, with the gradient that the adjoint equation gives."""

    @staticmethod
    def forward(ctx: Any, func: Any, how: dict[str, Any], y: Any, times: Any, *params: Any) -> Any:
        ctx.func, ctx.how = func, how
        with no_grad():
            rows = _solved(func, y.detach(), times.detach(), **how)
        ctx.save_for_backward(rows, times, *params)
        return rows

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        rows, times, *params = ctx.saved_tensors
        func = ctx.func

        def augmented(t: Any, state: Any) -> Any:
            y, a, *_ = state
            slope, _, *found = pulled(func, (t, y), params, a)
            return (slope, *[-one for one in found])

        last = len(rows) - 1
        a, totals = g[last], [one.detach() * 0 for one in params]
        moments: list[Any] = []
        for i in range(last, 0, -1):
            moments.insert(0, (g[i] * func(times[i], rows[i])).sum())
            span = stack([times[i], times[i - 1]])
            found = odeint(augmented, (rows[i], a, *totals), span, **ctx.how)
            a, totals = found[1][1] + g[i - 1], [one[1] for one in found[2:]]
        begin = -((a - g[0]) * func(times[0], rows[0])).sum()
        return (None, None, a, stack([begin, *moments]), *totals)
