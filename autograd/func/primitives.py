"""Forward mode through a function whose derivative its author told: ``defjvp`` of extend.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes, trees
from autograd.engine import duals
from autograd.engine.elementwise import cast
from autograd.engine.graph import TensorBase, unwrap
from autograd.tensors.array import Array, as_array, as_traced


def pushed(call: Any, args: tuple[Any, ...], options: dict[str, Any], inputs: list[Any]) -> Any:
    """What the primitive ``call`` gives where some of ``inputs``, leaves of ``args``, are dual.

    Its forward rules see the primals and what it gave for them: plain values, or traced ones where
    an outer derivative is being taken.

    :raises NotImplementedError: an argument with a tangent has no forward rule.
    """
    level: Any = inputs[0]._data.level if len(inputs) == 1 else duals.newest(inputs)
    taken, given, moving = _arrays(args, level) or _values(args, level)
    together = getattr(call, "forward_together", False)
    rules = {}
    for i in moving if not together else ():
        rules[i] = _rule(call, i)
    ans = call.fun(*taken) if given is taken and not options else call(*taken, **options)
    seen = ans if type(ans) in trees.LEAVES else trees.map_leaves(_seen, ans)
    slopes = []
    if together:
        slopes = [call.forward_rules((*moving,), [*moving.values()], seen, given, options)]
    for i, rule in rules.items():
        if rule is not None:
            slopes.append(rule(moving[i], seen, *given, **options))
    if isinstance(ans, (np.ndarray, np.generic, TensorBase)):
        return _joined(call, level, ans, *slopes)
    return trees.map_leaves(lambda y, *parts: _joined(call, level, y, *parts), ans, *slopes)


def _arrays(args: tuple[Any, ...], level: Any) -> Any:
    """The primals, twice, and the tangents by position; None where not all are arrays."""
    taken, moving = [], {}
    for i, arg in enumerate(args):
        if type(arg) not in trees.LEAVES:
            dual = getattr(arg, "_data", None)
            if type(dual) is not duals.Dual or dual.level is not level:
                return None
            arg = dual.own_primal
            if type(arg) not in duals.ARRAYS:
                return None
            moving[i] = dual.own_tangent
        taken.append(arg)
    return taken, taken, moving


def _values(args: tuple[Any, ...], level: Any) -> tuple[list[Any], list[Any], dict[int, Any]]:
    """The primals, as a rule sees them too, and the tangents by position."""
    taken, given, moving = [], [], {}
    for i, arg in enumerate(args):
        if isinstance(arg, TensorBase):
            x, t = duals.parts(arg, level)
            seen, t = _seen(x), t if t is None else _seen(t)
        else:
            x = trees.map_leaves(lambda leaf: duals.parts(leaf, level)[0], arg)
            seen, t = trees.map_leaves(_seen, x), _tangent(arg, level)
        if t is not None:
            moving[i] = t
        taken.append(x)
        given.append(seen)
    return taken, given, moving


def _tangent(arg: Any, level: Any) -> Any:
    """The tangent of an argument, a tree as it is; None where it has none of that level."""
    leaves, form = trees.flatten(arg)
    parts = [duals.parts(leaf, level) for leaf in leaves]
    if all([t is None for _, t in parts]):
        return None
    found = [np.zeros_like(unwrap(x)) if t is None else _seen(t) for x, t in parts]
    return trees.unflatten(found, form)


def _rule(call: Any, i: int) -> Any:
    """The rule of argument i as a function of (tangent, answer, *arguments, **options)."""
    known = getattr(call, "forward_rules", {})
    if callable(known):
        return lambda g, ans, *args, **options: known(i, g, ans, args, options)
    if i not in known:
        told = "has none" if not known else f"has none for argument {i}"
        raise NotImplementedError(
            f"make_jvp: every primitive must have a forward rule; {call.__name__} {told}. "
            "Tell it by autograd.extend.defjvp."
        )
    rule = known[i]
    if type(rule) is str:  # linear: the function itself, of the tangent
        return lambda g, ans, *args, **options: call(*args[:i], g, *args[i + 1 :], **options)
    return rule


def _seen(leaf: Any) -> Any:
    """A leaf as a rule sees it."""
    if not isinstance(leaf, TensorBase):
        return leaf
    return leaf._data if leaf._edge is None else as_array(leaf)


def _joined(call: Any, level: Any, y: Any, *parts: Any) -> Any:
    """A result with the sum of its derivatives."""
    if not parts:
        return y
    total, *others = parts
    for part in others:
        total = total + part
    y = np.float64(y) if type(y) is float else y
    total = np.float64(total) if type(total) is float else total
    if type(y) is type(total) and type(y) in duals.ARRAYS and y.shape == total.shape:
        if y.dtype is total.dtype and duals.is_wide(y.dtype):
            if not y.shape:
                y, total = y[()], total[()]  # type: ignore[index]  # 0-d arrays, too
            return duals.bare(level, Array, y, total)  # as it nearly always is
    values, moved = [duals.array_behind(one) for one in (y, total)]
    if not dtypes.differentiable(values.dtype):
        return y
    if moved.shape != values.shape:
        raise ValueError(
            f"{call.__name__}: a forward rule must give what has the result's shape "
            f"{values.shape}; got {moved.shape}. Mend the rule told by defjvp."
        )
    y, total = as_traced(y), as_traced(total)
    return duals.joined(level, y, cast(total, y._data.dtype))
