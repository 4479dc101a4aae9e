"""The function that is checked: each call of it leaves its inputs alone, and gives the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.diagnosis.gradcheck.numbers import place
from autograd.engine.graph import TensorBase


class Called:
    """A function with its inputs, whose calls are looked at."""

    def __init__(
        self,
        call: str,
        func: Callable[..., Any],
        inputs: list[Any],
        names: dict[int, str],
        nondet_tol: float,
    ) -> None:
        self.call, self.func, self.inputs = call, func, inputs
        self.names, self.nondet_tol = names, nondet_tol

    def __call__(self) -> Any:
        """What the function returns; raises GradcheckError where it has changed an input."""
        tensors = {i: x for i, x in enumerate(self.inputs) if isinstance(x, TensorBase)}
        before = {i: np.array(x._data) for i, x in tensors.items()}
        result = self.func(*self.inputs)
        for i, x in tensors.items():
            after = np.asarray(x._data)
            if after.shape == before[i].shape and np.array_equal(
                after, before[i], equal_nan=dtypes.differentiable(after.dtype)
            ):
                continue
            where = ""
            if after.shape == before[i].shape:
                at = tuple(int(n) for n in np.argwhere(after != before[i])[0])
                where = f" at {place(at)}: it was {before[i][at]:.8g} and is {after[at]:.8g}"
            else:
                where = f": its shape was {before[i].shape} and is {after.shape}"
            if after.shape == before[i].shape and after.ndim and after.flags.writeable:
                x._data[...] = before[i]
            else:
                x._data = before[i] if before[i].ndim else before[i][()]
            raise GradcheckError(
                f"{self.call}: the function must leave its inputs as they are; "
                f"{self.names[i]} was changed in place{where}. Work on a copy: x.clone()."
            )
        return result

    def same_twice(self, what: str, names: str, first: Any, second: Any) -> None:
        """Raises GradcheckError where two runs of ``what`` gave different tensors."""
        if len(first) != len(second):
            raise GradcheckError(
                f"{self.call}: {what} must be deterministic; it gave {len(first)} {names}s, then "
                f"{len(second)}."
            )
        for i, (one, two) in enumerate(zip(first, second, strict=True)):
            if one is None and two is None:
                continue
            a, b = (np.zeros(()) if v is None else np.asarray(v._data) for v in (one, two))
            if a.shape == b.shape and np.array_equal(a, b, equal_nan=True):
                continue
            if a.shape == b.shape and np.all(np.abs(a - b) <= self.nondet_tol):
                continue
            fact = f"shapes {a.shape} and {b.shape}"
            if a.shape == b.shape:
                with np.errstate(invalid="ignore"):
                    apart = np.nan_to_num(np.abs(a - b), nan=np.inf)
                at = tuple(int(n) for n in np.unravel_index(np.argmax(apart), a.shape))
                fact = f"{a[at]:.8g}, then {b[at]:.8g} at {place(at)}"
            differs = GradcheckError(
                f"{self.call}: {what} must give the same twice (nondet_tol={self.nondet_tol:g}); "
                f"{names} {i} was {fact}. Seed or switch off what is random (dropout: eval())."
            )
            differs.random = True
            raise differs


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def differentiable(result: Any) -> list[Any]:
    """The tensors among a function's results that require grad."""
    tensors = [t for t in listed(result) if isinstance(t, TensorBase)]
    if not tensors:
        raise TypeError(
            "gradcheck: func must return a tensor or a tuple of them; got "
            f"{type(result).__name__}. Does it return its result?"
        )
    return [t for t in tensors if t._edge is not None]
