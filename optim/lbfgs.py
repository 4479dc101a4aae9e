"""L-BFGS: Newton's method, with the curvature read off the last steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor, enable_grad, no_grad
from autograd.engine.graph import unwrap, wrap
from autograd.kernels import complexes
from optim.foreach import as_reals, wide
from optim.line_search import Point, strong_wolfe
from optim.optimizer import Optimizer, Params


class LBFGS(Optimizer):
    r"""Steps along :math:`-Hg`, where H, an inverse Hessian, fits the last steps and gradients.

    For smooth functions without noise, of all the data. A step makes up to ``max_iter`` iterations
    and calls the closure at each::

        def closure():
            optimizer.zero_grad()
            loss = f(model(x))
            loss.backward()
            return loss

        optimizer.step(closure)

    :param params: Tensors; there can be one group only.
    :param lr: how far to go along :math:`-Hg`; with a line search, where it looks first.
    :param max_iter: iterations per step.
    :param max_eval: calls of the closure per step; None stands for ``max_iter * 5 // 4``.
    :param tolerance_grad: no element of the gradient above it ends the step.
    :param tolerance_change: nor does one of the parameters, or the loss, change more.
    :param history_size: how many steps H is made of; each is kept as two arrays.
    :param line_search_fn: None, or ``"strong_wolfe"``.
    :raises ValueError: a number outside its range, several groups, an unknown line search.

    Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7; Liu & Nocedal 1989,
    doi:10.1007/BF01589116.

    >>> import autograd
    >>> w = autograd.tensor([2.0, -3.0], requires_grad=True)
    >>> optimizer = LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((w - 1) ** 2 * autograd.tensor([1.0, 10.0])).sum()
    ...     loss.backward()
    ...     return loss
    >>> round(optimizer.step(closure).item(), 4)
    161.0
    >>> bool((w - 1).abs().max() < 1e-5)
    True
    """

    elementwise = False

    def __init__(
        self,
        params: Params,
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if max_eval is None:
            self._counts({"max_iter": max_iter}, "max_iter")
            max_eval = max_iter * 5 // 4
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """As of every optimiser; raises ValueError where there is a group already."""
        if self.param_groups:
            raise ValueError(
                "LBFGS: there must be one parameter group; got a second one. Put all parameters "
                "into one list."
            )
        super().add_param_group(param_group)

    def check(self, group: dict[str, Any]) -> None:
        self._in_range(group, "lr", "tolerance_grad", "tolerance_change")
        self._counts(group, "max_iter", "max_eval", "history_size")
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise ValueError(
                f"LBFGS: line_search_fn must be 'strong_wolfe' or None; got "
                f"{group['line_search_fn']!r:.60}. Others are not here."
            )

    @no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Up to ``max_iter`` iterations; returns what the closure gave first.

        :param closure: computes the loss anew, with gradients, and returns it.
        :raises TypeError: no closure.
        """
        if not callable(closure):
            raise TypeError(
                f"LBFGS.step: closure must be a function that computes the loss; got "
                f"{type(closure).__name__}. It calls zero_grad, backward, and returns the loss."
            )
        (group,) = self.param_groups
        self.check(group)
        params, rate = group["params"], unwrap(group["lr"])
        line_search = group["line_search_fn"] is not None
        entry = self.state[params[0]]
        entry.setdefault("func_evals", 0)
        entry.setdefault("n_iter", 0)
        with enable_grad():
            first = closure()
        loss, g, calls = float(first), gradient_of(params), 1
        entry["func_evals"] += 1
        if not np.max(np.absolute(g), initial=0) > group["tolerance_grad"]:
            return first
        memory = Memory(entry, group["history_size"])

        def evaluate(t: Any) -> Point:
            """The point that is ``t`` along the direction."""
            move(params, t, memory.d)
            with enable_grad():
                value = float(closure())
            gradient = gradient_of(params)
            for p, old in zip(params, start, strict=True):
                p.copy_(old)
            return Point(t, value, gradient, np.dot(gradient, memory.d))

        for iteration in range(1, group["max_iter"] + 1):
            entry["n_iter"] += 1
            begun = entry["n_iter"] > 1
            memory.turn(g, begun)
            before, t = loss, rate
            if not begun:
                t = min(1.0, 1.0 / np.sum(np.absolute(g))) * rate
            memory.t, memory.loss = t, before
            slope = np.dot(g, memory.d)
            if slope > -group["tolerance_change"]:
                break
            looked = 0
            if line_search:
                start = [p.clone() for p in params]
                size, left = np.max(np.absolute(memory.d)), group["max_eval"] - calls
                found, looked = strong_wolfe(
                    evaluate, Point(0, loss, g, slope), t, size, 1e-9, left
                )
                memory.t, loss, g, _ = found
                move(params, memory.t, memory.d)
            else:
                move(params, t, memory.d)
                if iteration < group["max_iter"]:  # else the next step begins with this call
                    with enable_grad():
                        loss = float(closure())
                    g, looked = gradient_of(params), 1
            calls += looked
            entry["func_evals"] += looked
            if (
                calls >= group["max_eval"]
                or np.max(np.absolute(g)) <= group["tolerance_grad"]
                or np.max(np.absolute(memory.d * memory.t)) <= group["tolerance_change"]
                or abs(loss - before) < group["tolerance_change"]
            ):
                break
        memory.keep(entry)
        return first


class Memory:
    """The direction, and what the next one is made of; a state keeps it under PyTorch's names."""

    def __init__(self, entry: dict[str, Any], size: int) -> None:
        self.size = size
        self.d, self.t, self.g = (unwrap(entry.get(k)) for k in ("d", "t", "prev_flat_grad"))
        self.loss = entry.get("prev_loss")
        self.changes = [unwrap(y) for y in entry.get("old_dirs") or []]  # of the gradient
        self.steps = [unwrap(s) for s in entry.get("old_stps") or []]
        self.scales = [unwrap(r) for r in entry.get("ro") or []]  # 1 / (y · s)
        self.scale = unwrap(entry.get("H_diag", 1))
        self.shares = [unwrap(a) for a in entry.get("al") or []]

    def keep(self, entry: dict[str, Any]) -> None:
        arrays = {"d": self.d, "t": self.t, "old_dirs": self.changes, "old_stps": self.steps}
        numbers = {"ro": self.scales, "H_diag": self.scale, "prev_flat_grad": self.g}
        for name, value in {**arrays, **numbers, "al": self.shares}.items():
            if name != "al" or value:
                entry[name] = [kept(v) for v in value] if type(value) is list else kept(value)
        entry["prev_loss"] = self.loss

    def turn(self, g: Any, begun: bool) -> None:
        """Take in the gradient ``g`` and point to where it says to go."""
        if not begun:
            self.changes, self.steps, self.scales, self.scale = [], [], [], 1
            self.d = -g
        else:
            y, s = g - self.g, self.d * self.t
            ys = np.dot(y, s)
            if ys > 1e-10:
                if len(self.changes) == self.size:
                    del self.changes[:1], self.steps[:1], self.scales[:1]
                self.changes.append(y)
                self.steps.append(s)
                self.scales.append(1.0 / ys)
                self.scale = ys / np.dot(y, y)
            self.d = self.times(-g)
        self.g = g

    def times(self, q: Any) -> Any:
        """H q, by two loops over the steps (Nocedal 1980)."""
        triples = list(zip(self.changes, self.steps, self.scales, strict=True))
        self.shares = [None] * self.size
        for i, (y, s, scale) in reversed(list(enumerate(triples))):
            self.shares[i] = np.dot(s, q) * scale
            q = q - self.shares[i] * y
        q = q * self.scale
        for share, (y, s, scale) in zip(self.shares, triples, strict=False):
            q += (share - np.dot(y, q) * scale) * s
        return q


def kept(value: Any) -> Any:
    """As a state holds it: arrays, and numbers of their dtype, as tensors."""
    return wrap(np.asarray(value), None) if hasattr(value, "dtype") else value


def gradient_of(params: list[Any]) -> Any:
    """All gradients as one array; zeros where there is none."""
    gradients = [np.zeros_like(p._array()) if p.grad is None else p.grad._data for p in params]
    parts = [as_reals(g) for g in gradients]
    dtype = np.result_type(*[wide(part.dtype) for part in parts])
    return np.concatenate([np.reshape(part, -1).astype(dtype) for part in parts])


def move(params: list[Tensor], t: Any, d: Any) -> None:
    """Go ``t`` along ``d``, one array for all parameters."""
    start = 0
    for p in params:
        old = as_reals(p._array())
        step = (t * np.reshape(d[start : start + old.size], old.shape)).astype(old.dtype)
        p.add_(wrap(complexes.of_pairs(step) if p.is_complex() else step, None))
        start += old.size
