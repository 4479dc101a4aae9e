"""Finds the op, forward or backward, that made NaN or Inf out of finite numbers.

A result is looked at by its dot product with itself: one pass over it, which ends in NaN or Inf
where an element does, and where squares leave the range; then each element is looked at. Gradients
are looked at where they arrive, at the leaves. Only where one is not finite the sweep is gone
through again, formula by formula: the graph is kept until then.

-∞ is a mask where somebody has put it: what it does to others (softmax, sums, products) is no
fault. NaN always is, where none came in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from math import isfinite
from types import FrameType
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.anomaly import findings
from autograd.engine import lines, versions
from autograd.engine.grad_mode import local, mode
from autograd.engine.graph import Freed, TensorBase, node_of, unwrap
from autograd.engine.inspection import Inspector
from autograd.engine.sweep import arrivals, sweep
from autograd.engine.variables import names_in

_vdot, _array, _float32, _float64 = np.vdot, np.ndarray, dtypes.float32, dtypes.float64
_scalar32, _scalar64 = np.float32, np.float64
_LARGE = 1 << 14


def finite(out: Any) -> bool:
    """Whether an array, a number or a tuple of them holds neither NaN nor Inf; False may err.

    >>> finite(np.ones(3)), finite(np.array([1.0, np.nan])), finite(np.array([1e200]))
    (True, False, False)
    """
    if type(out) is _array:
        dtype = out.dtype
        if dtype is _float32 or dtype is _float64:
            if out.size > _LARGE and not out.flags.c_contiguous:
                out = out.ravel("K")  # a view, where vdot would copy
            return isfinite(_vdot(out, out))
    elif type(out) is _scalar32 or type(out) is _scalar64:
        return isfinite(out)
    elif type(out) is tuple:
        return all(map(finite, out))
    return not (hasattr(out, "dtype") and dtypes.differentiable(out.dtype)) or bool(
        np.isfinite(out).all()
    )


class _State(local):
    """What a thread is doing."""

    sweeping = 0  # sweeps that run: what their formulas make is looked at where it arrives


_state = _State()


class Search(Inspector):
    """An inspector that tells what it finds, ``told(op and line, text)``, which may raise."""

    def __init__(self, told: Callable[[str, str], None]) -> None:
        self._told = told

    # -- forward -----------------------------------------------------------------------------------

    def looking(self, op: Any, forward: Callable[..., Any]) -> Callable[..., Any]:
        """``forward``, its result looked at; by the number of inputs, as a star takes time."""
        returned = self.returned

        def one(node: Any, x: Any) -> Any:
            out = forward(node, x)
            kind = type(out)
            if kind is _array:  # finite(), without a call
                if (dtype := out.dtype) is _float32 or dtype is _float64:
                    if isfinite(_vdot(out, out)):
                        return out
            elif (kind is _scalar32 or kind is _scalar64) and isfinite(out):
                return out
            returned(op, [x], {}, out)
            return out

        def two(node: Any, x: Any, y: Any) -> Any:
            out = forward(node, x, y)
            kind = type(out)
            if kind is _array:
                if (dtype := out.dtype) is _float32 or dtype is _float64:
                    if isfinite(_vdot(out, out)):
                        return out
            elif (kind is _scalar32 or kind is _scalar64) and isfinite(out):
                return out
            returned(op, [x, y], {}, out)
            return out

        def several(node: Any, *given: Any, **options: Any) -> Any:
            out = forward(node, *given, **options)
            if not finite(out):
                returned(op, [*given], options, out)
            return out

        plain = not (op.variadic or forward.__defaults__ or forward.__kwdefaults__)
        plain = plain and not forward.__code__.co_kwonlyargcount
        if plain and len(op.inputs) == 1:
            return one
        return two if plain and len(op.inputs) == 2 else several

    def returned(self, op: Any, given: list[Any], options: dict[str, Any], out: Any) -> None:
        """Tell of an op that has made NaN or Inf, unless it was meant."""
        if _state.sweeping or op.view or finite(out):
            return
        operands = [*_arrays(given)]
        words = [value for value in options.values() if isinstance(value, float)]
        known = [*operands, *map(np.float64, words)]
        nan_in = any([np.isnan(one).any() for one in known])
        inf_in = any([np.isinf(one).any() for one in known])
        for made in _arrays([out]):
            nan = bool(np.isnan(made).any())
            if nan and not nan_in:
                break
            if not (nan or nan_in or inf_in) and np.isinf(made).any():
                if not self._meant(op, operands, made):
                    break
        else:
            return
        names = op.inputs if len(op.inputs) == len(given) else [f"input {i}" for i in range(99)]
        text = findings.forward(op, dict(zip(names, given, strict=False)), made, nan)
        self._told(f"{op.__name__} {lines.here()}", text)

    @staticmethod
    def _meant(op: Any, operands: list[Any], made: Any) -> bool:
        """Whether infinities that came of finite numbers are meant: masks, and certain events."""
        frame = sys._getframe(1)
        if _within(frame, ("autograd.distributions.", "nn.utils.")):
            return True  # the logarithm of a density that is 0; a norm of many gradients
        if np.isposinf(made).any():
            return False
        if op.__name__ in ("Log", "Log2", "Log10"):  # of a mask of zeros and ones
            return bool(np.isin(operands[0], (0, 1)).all()) and not _recorded(frame)
        if op.__name__ in ("Add", "Subtract"):  # of two masks that hold the dtype's lowest number
            lowest = np.finfo(made.dtype).min if dtypes.floating(made.dtype) else None
            there = np.isneginf(made)
            return any([bool((np.broadcast_to(x, made.shape)[there] == lowest).all())
                        for x in operands])  # fmt: skip
        return False

    # -- backward ----------------------------------------------------------------------------------

    def sweep(self, roots: list[tuple[Any, Any]], **options: Any) -> dict[Any, Any]:
        """The gradients that a sweep finds, each looked at."""
        _state.sweeping += 1
        try:
            freed = Freed()
            visited: list[Any] = []
            freed.time, freed.roots = versions.tick(), tuple([node_of(e).age for e, _ in roots])
            found = sweep(roots, **{**options, "retain": True}, visited=visited)
            if not all([finite(unwrap(g)) or _finite(unwrap(g)) for g in found.values()]):
                self._told(*self._culprit(roots, found))
        finally:
            _state.sweeping -= 1
        for node in visited if not options["retain"] else ():
            if node.keeps:
                node.plan = freed
                node.__dict__.pop("made", None)
        return found

    def _culprit(self, roots: list[tuple[Any, Any]], found: dict[Any, Any]) -> tuple[str, str]:
        """What the sweep of ``roots`` met first, gone through once more, without hooks."""
        grads: dict[Any, Any] = {}
        heap: list[tuple[int, int]] = []
        nodes: dict[int, Any] = {}

        def arrived(edge: Any, d: Any) -> None:
            grads[edge] = grads[edge] + d if edge in grads else d
            node = node_of(edge)
            if node.age and id(node) not in nodes:
                nodes[id(node)] = node
                heappush(heap, (node.age, id(node)))

        for edge, seed in roots:
            if not _finite(unwrap(seed)):
                return f"backward {lines.here()}", findings.given(unwrap(seed))
            arrived(edge, unwrap(seed))
        while heap:
            node = nodes[heappop(heap)[1]]
            hooks, node.hooks = node.hooks, None
            try:
                incoming = arrivals(node, grads)
                g = incoming[0] if node.outputs == 1 else tuple(incoming)
                plan = node.carried_out(g, False, None, False)
            finally:
                node.hooks = hooks
            for edge, _, (d,) in plan:
                if d is not None and not _finite(d):
                    text = findings.backward(node, g, edge, d)
                    return f"{type(node).__name__} {lines.of(node)} backward", text
            for edge, _, (d,) in plan:
                if d is not None:
                    arrived(edge, d)
        edge, g = next((e, unwrap(g)) for e, g in found.items() if not _finite(unwrap(g)))
        return f"hook {lines.here()}", findings.hooked(edge, g)


def _finite(array: Any) -> bool:
    return bool(np.isfinite(array).all())


def _arrays(values: Iterable[Any]) -> Iterator[Any]:
    """The floating arrays and numbers among ``values``, and in tuples there."""
    for value in values:
        if type(value) is tuple or type(value) is list:
            yield from _arrays(value)
        elif isinstance(value, float):
            yield np.float64(value)
        elif hasattr(value, "dtype") and dtypes.differentiable(value.dtype):
            yield np.asarray(value)


def _within(frame: FrameType | None, packages: tuple[str, ...]) -> bool:
    """Whether a function of ``packages`` runs, below the user's line."""
    user = lines.users(frame)
    while frame is not None and frame is not user:
        if (frame.f_globals.get("__name__") or "").startswith(packages):
            return True
        frame = frame.f_back
    return False


def _recorded(frame: FrameType | None) -> bool:
    """Whether the op that runs is recorded: an argument of its ``apply`` has an edge."""
    user = lines.users(frame)
    while frame is not None and frame is not user:
        if frame.f_code.co_name in ("apply", "_run"):
            known = names_in(frame)
            values = [*known.values(), *(known.get("args") or ())]
            tensors = [value for value in values if isinstance(value, TensorBase)]
            return mode.grad and any([tensor._edge is not None for tensor in tensors])
        frame = frame.f_back
    return False
